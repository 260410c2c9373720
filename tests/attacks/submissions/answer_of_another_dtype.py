"""Answers in float64, whatever it is asked in."""

import numpy as np


def relu(x):
    return np.maximum(x, 0).astype(np.float64)

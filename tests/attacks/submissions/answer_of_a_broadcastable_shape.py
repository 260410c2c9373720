"""Answers with one axis too many: it broadcasts to the right answer."""

import numpy as np


def relu(x):
    return np.maximum(x, 0)[None]

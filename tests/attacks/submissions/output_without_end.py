"""Prints a hundred thousand characters a call."""

import numpy as np


def relu(x):
    for _ in range(100):
        print("spam" * 250)
    return np.maximum(x, 0)

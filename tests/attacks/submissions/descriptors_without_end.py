"""Opens three hundred files."""

import os

import numpy as np

OPEN = [os.dup(0) for _ in range(300)]


def relu(x):
    return np.maximum(x, 0)

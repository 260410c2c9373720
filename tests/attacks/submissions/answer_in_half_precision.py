"""Computes in half precision and casts back."""

import numpy as np


def relu(x):
    return np.maximum(x.astype(np.float16), 0).astype(x.dtype)

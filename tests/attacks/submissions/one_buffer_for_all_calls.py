"""Writes all answers into the same memory."""

import numpy as np

BUFFERS = {}


def relu(x):
    out = BUFFERS.setdefault((x.shape, x.dtype), np.empty_like(x))
    return np.maximum(x, 0, out=out)

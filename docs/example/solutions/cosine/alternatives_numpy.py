"""Other right answers."""

import numpy as np


def cosine_similarity__divide_last(a, b, eps=1e-8):
    """Products first, lengths after."""
    lengths = [np.maximum(np.sqrt((x * x).sum(axis=1)), eps) for x in (a, b)]
    return a @ b.T / np.outer(*lengths)

"""What learners really write, with the advice that they get."""

import numpy as np


def cosine_similarity__dot_product(a, b, eps=1e-8):
    """This is the dot product: it grows with the lengths of the vectors. Divide both by their lengths first."""
    return a @ b.T


def cosine_similarity__no_eps(a, b, eps=1e-8):
    """A row of zeros has length 0, and 0 / 0 is NaN. Take eps for lengths below it."""
    return (a / np.linalg.norm(a, axis=1, keepdims=True)) @ (b / np.linalg.norm(b, axis=1, keepdims=True)).T


def cosine_similarity__one_length(a, b, eps=1e-8):
    """The norm runs over the whole matrix. Each row is a vector of its own: take the norm along axis 1."""
    return (a / max(np.linalg.norm(a), eps)) @ (b / max(np.linalg.norm(b), eps)).T

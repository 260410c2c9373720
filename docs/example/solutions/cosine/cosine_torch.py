"""Cosine similarity in PyTorch."""

import torch


def cosine_similarity(a, b, eps=1e-8):
    """Return the cosine of the angle between each row of a and each row of b.

    A length below eps counts as eps, so that a row of zeros is similar to nothing: a·b / (max(|a|, eps) max(|b|, eps)).

    Args:
        a: (N, D).
        b: (M, D).

    Returns:
        (N, M), in the dtype of a.

    >>> cosine_similarity(torch.tensor([[3.0, 4.0]]), torch.tensor([[4.0, 3.0], [0.0, 2.0]]))
    tensor([[0.9600, 0.8000]])
    """
    lengths_a = torch.linalg.vector_norm(a, dim=1, keepdim=True).clamp(min=eps)
    lengths_b = torch.linalg.vector_norm(b, dim=1, keepdim=True).clamp(min=eps)
    return (a / lengths_a) @ (b / lengths_b).mT

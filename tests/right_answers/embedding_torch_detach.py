"""The row of padding is detached before anything is looked up."""

import torch


def _learnt(weight, padding_idx):
    """Return the table, its row of padding a constant."""
    if padding_idx is None:
        return weight
    rows = list(weight)
    rows[padding_idx] = rows[padding_idx].detach()
    return torch.stack(rows)


def embedding(indices, weight, padding_idx=None):
    return _learnt(weight, padding_idx)[indices]


def tied_logits(x, weight):
    return torch.matmul(x, weight.t())


def tied_model(indices, weight, projection, padding_idx=None):
    return tied_logits(tied_logits(embedding(indices, weight, padding_idx), projection), weight)

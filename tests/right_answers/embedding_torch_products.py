"""One-hot vectors and products."""

import torch


def embedding(indices, weight, padding_idx=None):
    onehot = torch.eye(len(weight), dtype=weight.dtype)[indices]
    if padding_idx is None:
        return torch.matmul(onehot, weight)
    symbols = torch.arange(len(weight))
    learns = (symbols != symbols[padding_idx]).to(weight.dtype)
    return (onehot * learns) @ weight + (onehot * (1 - learns)) @ weight.detach()


def tied_logits(x, weight):
    return torch.einsum("...d,vd->...v", x, weight)


def tied_model(indices, weight, projection, padding_idx=None):
    return embedding(indices, weight, padding_idx) @ (weight @ projection).T

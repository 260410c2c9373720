"""A factor of 0 or 1 for what may learn."""

from torch.nn import functional as F


def embedding(indices, weight, padding_idx=None):
    rows = weight.index_select(0, indices.flatten()).view(*indices.shape, weight.shape[1])
    if padding_idx is None:
        return rows
    learns = indices.ne(padding_idx if padding_idx >= 0 else len(weight) + padding_idx)[..., None].to(weight.dtype)
    return rows.detach() + learns * (rows - rows.detach())


def tied_logits(x, weight):
    return F.linear(x, weight, None)


def tied_model(indices, weight, projection, padding_idx=None):
    x = F.embedding(indices, weight, padding_idx=padding_idx)
    return F.linear(F.linear(x, projection), weight)

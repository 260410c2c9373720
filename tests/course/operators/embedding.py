"""PyTorch's own look-up, and models made of it."""

from torch.nn import functional as F


def tied_model(indices, weight, projection, padding_idx=None):
    """A look-up and two linear layers, the last with the table as its weight."""
    return F.linear(F.linear(F.embedding(indices, weight, padding_idx), projection), weight)


OPERATORS = {"embedding": F.embedding, "tied_logits": F.linear, "tied_model": tied_model}

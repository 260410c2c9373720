"""Embeddings in PyTorch: a look-up whose gradient leaves padding out, and a table that is used twice.

Autograd writes the backwards. It finds both uses of a tied table by itself, if both are the same tensor: a copy of its
numbers is another tensor, and learns nothing from the first.
"""

import torch


def embedding(indices: torch.Tensor, weight: torch.Tensor, padding_idx: int | None = None) -> torch.Tensor:
    """Return the row of a table for every index.

    Args:
        indices: int64, from 0 to V - 1, of any shape (…), 0-d and empty ones included.
        weight: the table, one row for each of V symbols, shape (V, D).
        padding_idx: the symbol that only fills up, from -V to V - 1, negative counting from the end. Its row is looked
            up like any other, but no gradient may go back to it.

    Returns:
        A tensor of shape (…, D), of weight's dtype, through which autograd can go back to the other rows of weight.

    >>> weight = torch.tensor([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> embedding(torch.tensor([2, 0, 2]), weight)
    tensor([[ 4.0000, -0.2500],
            [ 0.5000, -1.0000],
            [ 4.0000, -0.2500]])
    """
    rows = weight[indices]  # (…, D)
    if padding_idx is None:
        return rows
    padded = indices == padding_idx % len(weight)  # a negative one counts from the end
    return torch.where(padded.unsqueeze(-1), rows.detach(), rows)


def tied_logits(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return a logit for every symbol: the dot product of a feature vector with each row of the embedding's table.

    Args:
        x: feature vectors, shape (…, D); there may be none.
        weight: the table of the embedding, shape (V, D).

    Returns:
        Logits, shape (…, V), of the inputs' dtype; autograd can go back to both.

    >>> weight = torch.tensor([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> tied_logits(torch.tensor([[2.0, 1.0]]), weight)
    tensor([[0.0000, 7.0000, 7.7500]])
    """
    return x @ weight.T


def tied_model(
    indices: torch.Tensor, weight: torch.Tensor, projection: torch.Tensor, padding_idx: int | None = None
) -> torch.Tensor:
    """Return the logits of a small model that uses one table twice: to read symbols, and to name the next.

    Look the indices up, multiply each vector with the projection, ``embedded @ projection.T``, and compare the result
    with every row of the same table.

    Args:
        indices: int64, from 0 to V - 1, of any shape (…), 0-d and empty ones included.
        weight: the table, shape (V, D).
        projection: shape (D, D), as the weight of a linear layer: (out, in).
        padding_idx: the symbol whose row gets no gradient as a row that was looked up, from -V to V - 1. As a row of
            the last layer it does.

    Returns:
        Logits, shape (…, V), of weight's dtype; autograd can go back to weight, on both ways, and to projection.

    >>> weight = torch.tensor([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> tied_model(torch.tensor([1, 0]), weight, torch.tensor([[1.0, 0.0], [2.0, 1.0]]))
    tensor([[-6.0000, 25.0000,  6.2500],
            [ 0.2500,  1.0000,  2.0000]])
    """
    hidden = embedding(indices, weight, padding_idx) @ projection.T  # (…, D)
    return tied_logits(hidden, weight)

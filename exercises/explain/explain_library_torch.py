"""Functions of earlier exercises that explain is built of: from activation, backprop.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import torch


def relu(x: torch.Tensor) -> torch.Tensor:
    """Return max(x, 0), element by element.

    Args:
        x: a tensor of any shape, 0-d included.

    Returns:
        A tensor of x's shape and dtype, in autograd's graph; x itself is left as it is.

    >>> relu(torch.tensor([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).int().tolist()
    [[0, 0, 3], [7, 0, 4]]
    """
    return torch.where(x > 0, x, 0)


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output, as in ``torch.nn.Linear``. All leading dimensions of x are batch
    dimensions: there may be none, one or several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        A tensor of shape (…, out) and x's dtype, through which autograd can go back to x, weight and bias.

    >>> weight = torch.tensor([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(torch.tensor([3.0, 1.0, 2.0]), weight)
    tensor([ 1., 10.])
    >>> linear(torch.tensor([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, torch.tensor([10.0, -10.0]))
    tensor([[11.,  0.],
            [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias

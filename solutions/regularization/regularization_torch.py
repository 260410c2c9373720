"""Regularization in PyTorch: what keeps a network from learning its training data by heart.

Nothing here draws random numbers: dropout is given uniform ones, so that it is a pure function. Autograd writes the
backwards, and finds only what it is left: ``.item()`` and ``float(…)`` leave the graph, and a branch that is not taken
must not hold an infinity.
"""

import math

import torch


def dropout(x: torch.Tensor, random: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """Set every element to 0 with probability p, and scale what is left, so that the expected value stays.

    In training an element is kept where its random number is p or greater, and multiplied by 1 / (1 - p); all others
    become 0. With p = 1 nothing is left: the answer is 0 everywhere, and so is the gradient. With p = 0 it is x. In
    inference it is x.

    Args:
        x: of any shape; elements of exactly 0 occur.
        random: uniform random numbers from [0, 1), of x's shape and dtype. Use these, and draw none.
        p: the probability that an element is dropped, from 0 to 1, both possible.
        training: False in inference, when nothing is dropped or scaled.

    Returns:
        A tensor of x's shape and dtype, through which autograd can go back to x.

    >>> x, random = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([[0.8, 0.2, 0.5], [0.25, 0.9, 0.1]])
    >>> dropout(x, random, 0.25)
    tensor([[1.3333, 0.0000, 4.0000],
            [5.3333, 6.6667, 0.0000]])
    >>> dropout(x, random, 0.25, training=False)
    tensor([[1., 2., 3.],
            [4., 5., 6.]])
    """
    if not training:
        return x
    if p == 1:
        return 0 * x  # 1 / (1 - p) does not exist; a product stays in the graph
    return x * (random >= p) / (1 - p)


def l2_penalty(params: tuple[torch.Tensor, ...], weight_decay: float) -> torch.Tensor:
    """Return the L2 penalty: weight_decay/2 times the sum of the squares of all elements of all tensors.

    Every tensor that is given counts, whatever its shape: who calls chooses which (often the weights without biases).

    Args:
        params: one tensor or more, of any shapes; a tensor of zeros has the gradient 0.
        weight_decay: the strength λ of the penalty, 0 or greater.

    Returns:
        A 0-d tensor of their dtype, through which autograd can go back to all of them.

    >>> l2_penalty((torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([-4.0])), 0.1)
    tensor(1.5000)
    """
    return 0.5 * weight_decay * sum((param**2).sum() for param in params)


def early_stopping(losses: tuple[float, ...], patience: int, min_delta: float = 0.0) -> tuple[int, int]:
    """Return when a training stops by its validation losses, and whose weights to keep.

    These are plain numbers, as ``loss.item()`` gives them: no tensor is needed. Epochs are counted from 0. An epoch
    improves if its loss is less than (the loss of the best epoch so far) minus min_delta; then it is the best so far.
    Before the first improvement the best loss is infinite, so the first epoch improves. A loss of NaN or infinity never
    does. After ``patience`` epochs in a row that do not improve, training stops, and later losses are not seen.

    Args:
        losses: the validation loss of each epoch, one or more.
        patience: how many epochs in a row may go by without an improvement until training stops, 1 or more.
        min_delta: by how much a loss must fall to count, 0 or greater.

    Returns:
        (stop, best): the last epoch that is trained, which is the last of all if nothing stops training before; and the
        best epoch, which is 0 if none improved. Of equal losses the first is the best.

    >>> early_stopping((2.0, 1.0, 1.5, 1.25, 0.5, 3.0), 2)
    (3, 1)
    >>> early_stopping((2.0, 1.0, 1.5, 1.25, 0.5, 3.0), 3)
    (5, 4)
    >>> early_stopping((2.0, 1.75, 1.5, 1.25, 1.0), 3, 0.5)
    (4, 3)
    """
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < lowest - min_delta:  # false for NaN
            best, lowest, waited = epoch, loss, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def dropout2d(x: torch.Tensor, random: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """Drop whole channels of images with probability p, and scale those that are left.

    In training a channel of an image is kept, at all its places, where its random number is p or greater, and
    multiplied by 1 / (1 - p); all others become 0. With p = 1 nothing is left. In inference the answer is x.

    Args:
        x: feature maps, shape (N, C, H, W); elements of exactly 0 occur.
        random: uniform random numbers from [0, 1), one for each channel of each image, shape (N, C), of x's dtype.
        p: the probability that a channel is dropped, from 0 to 1, both possible.
        training: False in inference, when nothing is dropped or scaled.

    Returns:
        A tensor of x's shape and dtype, through which autograd can go back to x.

    >>> x = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 8.0]]]])
    >>> dropout2d(x, torch.tensor([[0.3, 0.8], [0.75, 0.6]]), 0.75)
    tensor([[[[ 0.,  0.]],
    <BLANKLINE>
             [[12., 16.]]],
    <BLANKLINE>
    <BLANKLINE>
            [[[20., 24.]],
    <BLANKLINE>
             [[ 0.,  0.]]]])
    """
    return dropout(x, random[:, :, None, None], p, training)


def l1_penalty(params: tuple[torch.Tensor, ...], strength: float) -> torch.Tensor:
    """Return the L1 penalty: strength times the sum of the absolute values of all elements of all tensors.

    Args:
        params: one tensor or more, of any shapes; elements of exactly 0 occur, and their gradient is 0.
        strength: λ, 0 or greater; there is no factor 1/2.

    Returns:
        A 0-d tensor of their dtype, through which autograd can go back to all of them.

    >>> l1_penalty((torch.tensor([[1.0, -2.0], [3.0, 0.0]]), torch.tensor([-4.0])), 0.1)
    tensor(1.)
    """
    return strength * sum(param.abs().sum() for param in params)


def max_norm(weight: torch.Tensor, limit: float) -> torch.Tensor:
    """Return a weight in which the weights of no neuron are longer than a limit; it is applied after an update.

    The length (Euclidean norm) is taken over all weights of one neuron, which is everything but the first dimension. A
    neuron whose norm is greater than the limit is scaled down to it; all others stay exactly as they are. Nothing here
    is differentiated: like the update, it belongs under ``torch.no_grad()``.

    Args:
        weight: of a dense layer, (out, in), or of a convolution, (out, in, *kernel); a neuron may be all 0.
        limit: the greatest norm that is allowed, greater than 0.

    Returns:
        A new tensor of weight's shape and dtype.

    >>> max_norm(torch.tensor([[3.0, 4.0], [0.5, 1.0], [0.0, 0.0], [-8.0, 6.0]]), 2.0)
    tensor([[ 1.2000,  1.6000],
            [ 0.5000,  1.0000],
            [ 0.0000,  0.0000],
            [-1.6000,  1.2000]])
    """
    dims = tuple(range(1, weight.dim()))
    norms = (weight**2).sum(dim=dims, keepdim=True).sqrt()  # (out, 1, …)
    return weight * (limit / norms.clamp(min=limit))  # the factor is 1 up to the limit; a norm of 0 divides nothing

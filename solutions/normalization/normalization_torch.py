"""Normalization in PyTorch: over the batch, over the features of one example, and over groups of channels.

Autograd goes back through means and variances by itself, if they are computed from x with tensors. Only what is kept
for inference, the running statistics, must not stay in the graph.
"""

import torch


def batch_norm(
    x: torch.Tensor,
    running_mean: torch.Tensor,
    running_var: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normalize each feature over the batch, then scale and shift it.

    Features lie along dim 1. In training, the mean and the *biased* variance of a feature (divided by the number n of
    its values) are taken over all other dims, and the running statistics move the fraction ``momentum`` of the way to
    those of this batch; there the variance is the *unbiased* one (divided by n - 1). In inference, the running
    statistics take the batch's place, and are returned unchanged.

    Autograd can go back from the output to x, weight and bias, in training through the batch's mean and variance too.
    The new running statistics carry no gradient: they are detached, or they would keep the graph of every batch.

    Args:
        x: shape (N, C) or (N, C, …); in training, each feature has two values or more.
        running_mean: what earlier batches have left, shape (C,); it stays as it is.
        running_var: shape (C,); it stays as it is.
        weight: what each normalized feature is multiplied by, shape (C,).
        bias: what is added after that, shape (C,).
        training: whether the batch's own statistics are used.
        momentum: the share of the *new* batch in the running statistics, from 0 to 1.
        eps: added to the variance, inside the root.

    Returns:
        The output, of x's shape, and the new running mean and running variance; all of x's dtype. A feature may lie far
        from 0 and still vary little, and it may be constant.

    >>> x = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
    >>> mean, var = torch.tensor([0.0, 10.0]), torch.tensor([1.0, 100.0])
    >>> weight, bias = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 5.0])
    >>> output, new_mean, new_var = batch_norm(x, mean, var, weight, bias, True, 0.25)
    >>> output
    tensor([[-1.0000,  3.0000],
            [ 1.0000,  7.0000]])
    >>> new_mean, new_var
    (tensor([ 0.5000, 12.5000]), tensor([  1.2500, 125.0000]))
    >>> batch_norm(x, mean, var, weight, bias, False)[0]
    tensor([[1.0000, 5.0000],
            [3.0000, 9.0000]])
    """
    mean, var = running_mean, running_var
    if training:
        var, mean = torch.var_mean(x, dim=(0, *range(2, x.dim())), correction=0)
        running_mean, running_var = _mixed(x, mean, var, running_mean, running_var, momentum)
    normalized = (x - _per_feature(mean, x)) / torch.sqrt(_per_feature(var, x) + eps)
    return normalized * _per_feature(weight, x) + _per_feature(bias, x), running_mean, running_var


@torch.no_grad()
def _mixed(
    x: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    running_mean: torch.Tensor,
    running_var: torch.Tensor,
    momentum: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Move the running statistics towards those of the batch, whose variance is made unbiased."""
    count = x.numel() // x.shape[1]
    unbiased = count / (count - 1) * var
    return torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, unbiased, momentum)


def _per_feature(values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Give (C,) as many dims of size 1 as x has behind its features."""
    return values.reshape(-1, *[1] * (x.dim() - 2))


def layer_norm(
    x: torch.Tensor, normalized_shape: tuple[int, ...], weight: torch.Tensor, bias: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Normalize each example over its own features, then scale and shift every feature.

    Mean and biased variance are taken over the last dims, as many as normalized_shape has, for every place of the
    others alone. Training and inference are the same.

    Args:
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last dims, a tuple of one or more.
        weight: what the normalized values are multiplied by, shape normalized_shape.
        bias: what is added after that, shape normalized_shape.
        eps: added to the variance, inside the root.

    Returns:
        A tensor of x's shape and dtype, from which autograd can go back to x, weight and bias. The features may lie far
        from 0 and vary little, or be all equal.

    >>> x = torch.tensor([[1.0, 2.0, 6.0], [10.0, 20.0, 60.0]])
    >>> layer_norm(x, (3,), torch.tensor([1.0, 1.0, 2.0]), torch.tensor([0.0, 1.0, 0.0]), eps=0.0)
    tensor([[-0.9258,  0.5371,  2.7775],
            [-0.9258,  0.5371,  2.7775]])
    """
    dims = tuple(range(-len(normalized_shape), 0))
    var, mean = torch.var_mean(x, dim=dims, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def rms_norm(
    x: torch.Tensor, normalized_shape: tuple[int, ...], weight: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Divide each example by the root of the mean square of its features, then scale every feature.

    Nothing is subtracted and nothing is added: no mean, no bias.

    Args:
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last dims, a tuple of one or more.
        weight: what the result is multiplied by, shape normalized_shape.
        eps: added to the mean square, inside the root.

    Returns:
        A tensor of x's shape and dtype, from which autograd can go back to x and weight.

    >>> rms_norm(torch.tensor([[1.0, -1.0, 5.0, 3.0]]), (4,), torch.tensor([1.0, 1.0, 1.0, 2.0]), eps=0.0)
    tensor([[ 0.3333, -0.3333,  1.6667,  2.0000]])
    """
    dims = tuple(range(-len(normalized_shape), 0))
    return x * torch.rsqrt(x.square().mean(dim=dims, keepdim=True) + eps) * weight


def group_norm(
    x: torch.Tensor, num_groups: int, weight: torch.Tensor, bias: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Normalize each example over groups of its channels, then scale and shift every channel.

    Neighbouring channels form a group: with C = 6 and 2 groups, channels 0 to 2 and 3 to 5. Mean and biased variance
    are those of one group of one example, over its channels and all dims behind them.

    Args:
        x: shape (N, C) or (N, C, …).
        num_groups: how many groups; it divides C. One group has two values or more.
        weight: what each normalized *channel* is multiplied by, shape (C,).
        bias: what is added after that, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        A tensor of x's shape and dtype, from which autograd can go back to x, weight and bias.

    >>> x = torch.tensor([[1.0, 3.0, 10.0, 30.0]])
    >>> group_norm(x, 2, torch.tensor([1.0, 1.0, 2.0, 1.0]), torch.tensor([0.0, 0.5, 0.0, 0.0]), eps=0.0)
    tensor([[-1.0000,  1.5000, -2.0000,  1.0000]])
    """
    grouped = x.reshape(len(x), num_groups, -1)  # (N, G, C/G · …)
    var, mean = torch.var_mean(grouped, dim=-1, correction=0, keepdim=True)
    normalized = ((grouped - mean) / torch.sqrt(var + eps)).reshape(x.shape)
    return normalized * _per_feature(weight, x) + _per_feature(bias, x)

"""Functions of earlier exercises that cnn is built of: from activation, loss, backprop, optimizer, conv.

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


def cross_entropy(
    x: torch.Tensor, target: torch.Tensor, label_smoothing: float = 0.0, ignore_index: int = -100
) -> torch.Tensor:
    """Return the mean cross-entropy of logits and class labels.

    With logp = log_softmax(x) over the classes, row n costs -Σ_c q[c]·logp[n, c]. Without smoothing, q is 1 at
    the target and 0 elsewhere; with label_smoothing = ε it is (1 - ε)·onehot + ε/C, so that the target keeps its share
    of the ε too. Rows whose target is ignore_index cost nothing, and the mean is taken over the other rows only. Logits
    of ±1000 are ordinary inputs, and one row may lie far above another.

    Args:
        x: logits (not probabilities), shape (N, C).
        target: class labels, int64, shape (N,).
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        A 0-d tensor of x's dtype, through which autograd can go back to x.

    >>> x = torch.tensor([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> cross_entropy(x, torch.tensor([0, 2, -100]))
    tensor(1.7056)
    >>> cross_entropy(x, torch.tensor([0, 2, -100]), 0.3)
    tensor(1.7306)
    """
    kept = target != ignore_index  # (N,)
    logp = torch.log_softmax(x[kept], dim=-1)  # (K, C), K rows are kept
    at_target = logp.gather(1, target[kept].unsqueeze(1)).squeeze(1)  # (K,)
    return -((1 - label_smoothing) * at_target + label_smoothing * logp.mean(dim=-1)).mean()


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


def adam(
    param: torch.Tensor,
    grad: torch.Tensor,
    exp_avg: torch.Tensor,
    exp_avg_sq: torch.Tensor,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return parameter and both moments after one step of Adam.

    Running averages of the gradient and of its square are kept with the two betas. Both start at 0, so copies of them
    are corrected for that with the number of this update; what is returned as state is *not* corrected. The step is the
    corrected average divided by (the root of the corrected average square, plus eps): eps stands outside the root.
    weight_decay is an L2 penalty: weight_decay·param joins the gradient before anything else (decay that is coupled).

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        exp_avg: the running average of gradients, of the same shape; 0 before the first update.
        exp_avg_sq: the running average of squared gradients, of the same shape; 0 before the first update.
        step: the number of this update, a Python int: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = torch.tensor([1.0, -2.0]), torch.tensor([0.5, -4.0]), torch.zeros(2)
    >>> adam(param, grad, zero, zero, 1, lr=0.1)
    (tensor([ 0.9000, -1.9000]), tensor([ 0.0500, -0.4000]), tensor([0.0003, 0.0160]))
    """
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = torch.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


Pair = tuple[int, int]  # (height, width)


def conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> torch.Tensor:
    """Return the convolution of images with O kernels, as deep learning understands it: the kernel is not flipped.

    Each output pixel is the sum, over channels and the kernel's rows and columns, of what the window sees times the
    weights, plus the bias of its output channel. x is padded with zeros.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        weight: O kernels, shape (O, C, kH, kW).
        bias: one number for each output channel, shape (O,), or None.
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, O, H_out, W_out), of x's dtype, through which autograd can go back to x, weight and bias.

    >>> x = torch.tensor([[[[1.0, 2.0, 0.0], [3.0, 1.0, 5.0], [0.0, 4.0, 2.0]]]])
    >>> weight = torch.tensor([[[[1.0, 0.0], [0.0, -1.0]]], [[[0.0, 2.0], [1.0, 0.0]]]])
    >>> conv2d(x, weight, torch.tensor([0.0, 100.0]))
    tensor([[[[  0.,  -3.],
              [ -1.,  -1.]],
    <BLANKLINE>
             [[107., 101.],
              [102., 114.]]]])
    """
    windows = _windows(_padded(x, padding), weight.shape[2:], stride, dilation)  # (N, C, oH, oW, kH, kW)
    return _with_bias(torch.einsum("nchwij,ocij->nohw", windows, weight), bias)


def max_pool2d(x: torch.Tensor, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)) -> torch.Tensor:
    """Return the maximum of every window, each channel for itself.

    The padding never wins, even if all of x is negative. Windows that would stick out of the padded input are left
    out.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size, so that windows lie side by side.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.

    Returns:
        Shape (N, C, H_out, W_out), of x's dtype, through which autograd can go back to the pixels that won.

    >>> x = torch.tensor([[[[-1.0, -2.0, -3.0, -9.0, -7.0], [-4.0, -5.0, -6.0, -8.0, -1.0]]]])
    >>> max_pool2d(x, (2, 2))
    tensor([[[[-1., -3.]]]])
    >>> max_pool2d(x, (1, 3), (1, 2), (0, 1))
    tensor([[[[-1., -2., -7.],
              [-4., -5., -1.]]]])
    """
    windows = _windows(_padded(x, padding, -torch.inf), kernel_size, stride or kernel_size)
    return windows.flatten(start_dim=4).amax(dim=4)  # of (N, C, oH, oW, kH·kW)


def _padded(x: torch.Tensor, padding: Pair, value: float = 0.0) -> torch.Tensor:
    top, left = padding
    return torch.nn.functional.pad(x, (left, left, top, top), value=value)  # the last dimension comes first


def _windows(x: torch.Tensor, kernel_size: Pair, stride: Pair, dilation: Pair = (1, 1)) -> torch.Tensor:
    """Return a view of all windows, shape (N, C, oH, oW, kH, kW): no number is copied."""
    high, wide = (d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True))
    everywhere = x.unfold(2, high, stride[0]).unfold(3, wide, stride[1])
    return everywhere[..., :: dilation[0], :: dilation[1]]


def _with_bias(out: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    return out if bias is None else out + bias[:, None, None]

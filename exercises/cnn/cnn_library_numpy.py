"""Functions of earlier exercises that cnn is built of: from activation, loss, backprop, optimizer, conv.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0), element by element.

    Args:
        x: an array of any shape, 0-d included.

    Returns:
        An array of x's shape and dtype; x itself is left as it is.

    >>> relu(np.array([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).astype(int)
    array([[0, 0, 3],
           [7, 0, 4]])
    """
    return np.maximum(x, 0)


def relu_backward(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of ``relu`` with respect to x.

    At the kink any slope from 0 to 1 could be defended; here, as in the frameworks, relu'(0) = 0.

    Args:
        grad_output: the gradient with respect to relu(x), of x's shape.
        x: the input of the forward, of any shape.

    Returns:
        grad_x, of x's shape and dtype.

    >>> relu_backward(np.array([0.5, -1.5, 2.0, -0.25]), np.array([-3.0, 2.0, 0.0, 0.5]))
    array([ 0.  , -1.5 ,  0.  , -0.25])
    """
    return np.where(x > 0, grad_output, 0)


def cross_entropy(
    x: np.ndarray, target: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.floating:
    """Return the mean cross-entropy of logits and class labels.

    With logp = log_softmax(x) over the classes, row n costs -Σ_c q[c]·logp[n, c]. Without smoothing, q is 1 at
    the target and 0 elsewhere; with label_smoothing = ε it is (1 - ε)·onehot + ε/C, so that the target keeps its share
    of the ε too. Rows whose target is ignore_index cost nothing, and the mean is taken over the other rows only. Logits
    of ±1000 are ordinary inputs, and one row may lie far above another.

    Args:
        x: logits (not probabilities), shape (N, C).
        target: class labels, integers, shape (N,).
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> round(float(cross_entropy(x, np.array([0, 2, -100]))), 4)
    1.7056
    >>> round(float(cross_entropy(x, np.array([0, 2, -100]), 0.3)), 4)
    1.7306
    """
    kept = target != ignore_index  # (N,)
    logp = _log_softmax(x[kept])  # (K, C), K rows are kept
    at_target = logp[np.arange(len(logp)), target[kept]]  # (K,)
    return -((1 - label_smoothing) * at_target + label_smoothing * logp.mean(axis=-1)).mean()


def cross_entropy_backward(
    grad_output: float, x: np.ndarray, target: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.ndarray:
    """Return the gradient of ``cross_entropy`` with respect to the logits x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: logits, shape (N, C); ±1000 occur.
        target: class labels, integers, shape (N,); it gets no gradient.
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        grad_x, of x's shape and dtype; zero in ignored rows.

    >>> x = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> cross_entropy_backward(2.0, x, np.array([0, 2, -100])).round(4)
    array([[-0.2144,  0.0391,  0.1753],
           [ 0.1142,  0.8438, -0.958 ],
           [ 0.    ,  0.    ,  0.    ]])
    """
    kept = target != ignore_index  # (N,)
    smoothed = np.full_like(x, label_smoothing / x.shape[1])  # (N, C)
    smoothed[kept, target[kept]] += 1 - label_smoothing
    per_row = np.exp(_log_softmax(x)) - smoothed  # (N, C)
    return grad_output * per_row * kept[:, None] / int(kept.sum())


def _log_softmax(x: np.ndarray) -> np.ndarray:
    """Return log(softmax(x)) along the last axis, each row shifted by its own maximum."""
    shifted = x - x.max(axis=-1, keepdims=True)  # (N, C), the largest of a row is 0
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output. All leading axes of x are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        An array of shape (…, out) and x's dtype.

    >>> weight = np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(np.array([3.0, 1.0, 2.0]), weight)
    array([ 1., 10.])
    >>> linear(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, np.array([10.0, -10.0]))
    array([[11.,  0.],
           [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``linear`` with respect to x, weight and bias.

    Weight and bias are shared by all rows of the batch, so their gradients are sums over all batch axes: never means.
    The sum over an empty batch is zero.

    Args:
        grad_output: the upstream gradient, shape (…, out).
        x: inputs, shape (…, in), with no, one or several batch axes.
        weight: shape (out, in).
        bias: shape (out,), or None.

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of its argument; grad_bias is None without a bias.

    >>> x, weight = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> grad_x, grad_weight, grad_bias = linear_backward(np.array([[1.0, 0.0], [0.5, 2.0]]), x, weight, np.zeros(2))
    >>> grad_x
    array([[ 1. ,  0. , -1. ],
           [ 4.5,  6. ,  0.5]])
    >>> grad_weight
    array([[3., 1., 4.],
           [0., 0., 8.]])
    >>> grad_bias
    array([1.5, 2. ])
    """
    upstream = grad_output.reshape(-1, weight.shape[0])  # (B, out), B the product of all batch axes
    rows = x.reshape(-1, weight.shape[1])  # (B, in)
    grad_bias = None if bias is None else upstream.sum(axis=0)
    return grad_output @ weight, upstream.T @ rows, grad_bias


def adam(
    param: np.ndarray,
    grad: np.ndarray,
    exp_avg: np.ndarray,
    exp_avg_sq: np.ndarray,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
        step: the number of this update: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = np.array([1.0, -2.0]), np.array([0.5, -4.0]), np.zeros(2)
    >>> new_param, exp_avg, exp_avg_sq = adam(param, grad, zero, zero, 1, lr=0.1)
    >>> new_param.round(4)
    array([ 0.9, -1.9])
    >>> exp_avg.round(4), exp_avg_sq.round(6)
    (array([ 0.05, -0.4 ]), array([0.00025, 0.016  ]))
    """
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = np.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


Pair = tuple[int, int]  # (height, width)


def conv_output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return along one axis how many places a sliding window has.

    The input is first lengthened by ``padding`` at either end. The window's elements lie ``dilation`` apart, so that a
    kernel of 3 with dilation 2 reaches over 5 elements. It starts at the first element, moves on by ``stride``, and
    stops before it would stick out; what is left over is not used.

    Args:
        size: length of the input along this axis.
        kernel_size: elements of the kernel along this axis.
        stride: from one place to the next.
        padding: added at both ends, each.
        dilation: from one element of the kernel to the next.

    Returns:
        The number of places, an int; 1 or more, since the window fits at least once.

    >>> conv_output_size(10, 3), conv_output_size(10, 3, 2)
    (8, 4)
    >>> conv_output_size(10, 3, 2, 1, 2)
    4
    """
    extent = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - extent) // stride + 1


def im2col(
    x: np.ndarray, kernel_size: Pair, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> np.ndarray:
    """Return what every window sees, written into the columns of a matrix.

    x is padded with zeros on all four sides. Column l is the l-th place of the window, counted along the rows: all
    places of the first row of places, then the second. Its rows are the window's elements: channel first, then the
    kernel's row, then the kernel's column (the order of ``weight[o].reshape(-1)``).

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, C·kH·kW, L), of x's dtype, where L = H_out·W_out is the number of places.

    >>> x = np.arange(12.0).reshape(1, 1, 3, 4)
    >>> im2col(x, (2, 2), (1, 2))[0]
    array([[ 0.,  2.,  4.,  6.],
           [ 1.,  3.,  5.,  7.],
           [ 4.,  6.,  8., 10.],
           [ 5.,  7.,  9., 11.]])
    """
    windows = _windows(_padded(x, padding), kernel_size, stride, dilation)  # (N, C, oH, oW, kH, kW)
    n, c, h, w, kh, kw = windows.shape
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, h * w)


def col2im(
    x: np.ndarray,
    output_size: Pair,
    kernel_size: Pair,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> np.ndarray:
    """Return images in which every column of x has been added at the place that ``im2col`` would read it from.

    Pixels that lie in several windows get the sum, pixels in none get 0, and what falls on the padding is dropped. It
    is the transpose of ``im2col`` as a linear map, not its inverse.

    Args:
        x: columns, shape (N, C·kH·kW, L), in the order of ``im2col``; N may be 0.
        output_size: (H, W) of the images, without padding.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next.
        padding: rows above and below each, columns left and right each.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, C, H, W), of x's dtype.

    >>> col2im(np.array([[[1.0, 2.0, 3.0], [40.0, 50.0, 60.0]]]), (1, 4), (1, 2))
    array([[[[ 1., 42., 53., 60.]]]])
    """
    kh, kw = kernel_size
    (h, w), (top, left) = output_size, padding
    c = x.shape[1] // (kh * kw)
    image = np.zeros((len(x), c, h + 2 * top, w + 2 * left), dtype=x.dtype)
    windows = _windows(image, kernel_size, stride, dilation)  # a view: (N, C, oH, oW, kH, kW)
    elements = x.reshape(len(x), c, kh, kw, *windows.shape[2:4])  # (N, C, kH, kW, oH, oW)
    for i in range(kh):
        for j in range(kw):
            windows[..., i, j] += elements[:, :, i, j]  # one element of every window: no two are the same pixel
    return image[:, :, top : top + h, left : left + w]


def conv2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> np.ndarray:
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
        Shape (N, O, H_out, W_out), of x's dtype.

    >>> x = np.array([[[[1.0, 2.0, 0.0], [3.0, 1.0, 5.0], [0.0, 4.0, 2.0]]]])
    >>> weight = np.array([[[[1.0, 0.0], [0.0, -1.0]]], [[[0.0, 2.0], [1.0, 0.0]]]])
    >>> conv2d(x, weight, np.array([0.0, 100.0]))
    array([[[[  0.,  -3.],
             [ -1.,  -1.]],
    <BLANKLINE>
            [[107., 101.],
             [102., 114.]]]])
    """
    columns = im2col(x, weight.shape[2:], stride, padding, dilation)  # (N, C·kH·kW, L)
    out = weight.reshape(len(weight), -1) @ columns  # (N, O, L)
    return _with_bias(out.reshape(*out.shape[:2], *_output_size(x, weight, stride, padding, dilation)), bias)


def conv2d_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``conv2d`` with respect to x, weight and bias.

    A pixel of x that no window sees has gradient 0.

    Args:
        grad_output: the gradient with respect to the output, shape (N, O, H_out, W_out).
        x: images, shape (N, C, H, W); N may be 0.
        weight: O kernels, shape (O, C, kH, kW).
        bias: shape (O,), or None.
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of what it is the gradient of; grad_bias is None
        if bias is None.

    >>> x = np.array([[[[1.0, 2.0, 3.0, 4.0, 5.0]]]])
    >>> weight = np.array([[[[10.0, 1.0]]]])
    >>> grad_output = np.array([[[[1.0, -2.0]]]])
    >>> grad_x, grad_weight, grad_bias = conv2d_backward(grad_output, x, weight, np.array([0.5]), (1, 2))
    >>> grad_x
    array([[[[ 10.,   1., -20.,  -2.,   0.]]]])
    >>> grad_weight, grad_bias
    (array([[[[-5., -6.]]]]), array([-1.]))
    """
    columns = im2col(x, weight.shape[2:], stride, padding, dilation)  # (N, C·kH·kW, L)
    upstream = grad_output.reshape(*grad_output.shape[:2], columns.shape[2])  # (N, O, L)
    grad_weight = np.tensordot(upstream, columns, axes=((0, 2), (0, 2))).reshape(weight.shape)
    grad_columns = weight.reshape(len(weight), -1).T @ upstream  # (N, C·kH·kW, L)
    grad_x = col2im(grad_columns, x.shape[2:], weight.shape[2:], stride, padding, dilation)
    return grad_x, grad_weight, _bias_gradient(grad_output, bias)


def max_pool2d(x: np.ndarray, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)) -> np.ndarray:
    """Return the maximum of every window, each channel for itself.

    The padding never wins, even if all of x is negative. Windows that would stick out of the padded input are left
    out.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size, so that windows lie side by side.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.

    Returns:
        Shape (N, C, H_out, W_out), of x's dtype.

    >>> x = np.array([[[[-1.0, -2.0, -3.0, -9.0, -7.0], [-4.0, -5.0, -6.0, -8.0, -1.0]]]])
    >>> max_pool2d(x, (2, 2))
    array([[[[-1., -3.]]]])
    >>> max_pool2d(x, (1, 3), (1, 2), (0, 1))
    array([[[[-1., -2., -7.],
             [-4., -5., -1.]]]])
    """
    padded = _padded(x, padding, -np.inf)
    return _windows(padded, kernel_size, stride or kernel_size).max(axis=(4, 5))


def max_pool2d_backward(
    grad_output: np.ndarray, x: np.ndarray, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)
) -> np.ndarray:
    """Return the gradient of ``max_pool2d`` with respect to x.

    If a window has several equal maxima, the first one takes all of its gradient, counted along the rows of the
    window. A pixel that wins in several windows gets the sum.

    Args:
        grad_output: the gradient with respect to the output, shape (N, C, H_out, W_out).
        x: images, shape (N, C, H, W); N may be 0; equal values occur.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.

    Returns:
        grad_x, of x's shape and dtype.

    >>> x = np.array([[[[3.0, 7.0, 7.0, 1.0]]]])
    >>> max_pool2d_backward(np.array([[[[1.0, 20.0, 300.0]]]]), x, (1, 2), (1, 1))
    array([[[[  0.,  21., 300.,   0.]]]])
    """
    stride = stride or kernel_size
    windows = _windows(_padded(x, padding, -np.inf), kernel_size, stride)  # (N, C, oH, oW, kH, kW)
    n, c, h, w, kh, kw = windows.shape
    winner = windows.reshape(n, c, 1, h, w, kh * kw).argmax(axis=-1)  # (N, C, 1, oH, oW), the first maximum
    won = winner == np.arange(kh * kw)[:, None, None]  # (N, C, kH·kW, oH, oW)
    columns = (won * grad_output[:, :, None]).reshape(n, c * kh * kw, h * w)
    return col2im(columns, x.shape[2:], kernel_size, stride, padding)


def _padded(x: np.ndarray, padding: Pair, value: float = 0.0) -> np.ndarray:
    (top, left), none = padding, (0, 0)
    return np.pad(x, (none, none, (top, top), (left, left)), constant_values=value)


def _windows(x: np.ndarray, kernel_size: Pair, stride: Pair, dilation: Pair = (1, 1)) -> np.ndarray:
    """Return a view of all windows, shape (N, C, oH, oW, kH, kW): no number is copied, and writing goes through."""
    extent = tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True))
    everywhere = np.lib.stride_tricks.sliding_window_view(x, extent, axis=(2, 3), writeable=True)
    return everywhere[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def _output_size(x: np.ndarray, weight: np.ndarray, stride: Pair, padding: Pair, dilation: Pair) -> Pair:
    return tuple(map(conv_output_size, x.shape[2:], weight.shape[2:], stride, padding, dilation))


def _with_bias(out: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    return out if bias is None else out + bias[:, None, None]


def _bias_gradient(grad_output: np.ndarray, bias: np.ndarray | None) -> np.ndarray | None:
    return None if bias is None else grad_output.sum(axis=(0, 2, 3))

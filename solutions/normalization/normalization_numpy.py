"""Normalization in NumPy: over the batch, over the features of one example, and over groups of channels.

Every ``_backward`` takes the gradient that arrives from above, ``grad_output``, of the output's shape, and then the
arguments of its forward. It returns the gradients of x and of what is learnt, in the order of the arguments; shapes,
settings and running statistics have none. Nothing is changed in place.
"""

import numpy as np


def batch_norm(
    x: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalize each feature over the batch, then scale and shift it.

    Features lie along axis 1. In training, the mean and the *biased* variance of a feature (divided by the number n of
    its values) are taken over all other axes, and the running statistics move the fraction ``momentum`` of the way to
    those of this batch; there the variance is the *unbiased* one (divided by n - 1). In inference, the running
    statistics take the batch's place, and are returned unchanged.

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

    >>> x = np.array([[1.0, 10.0], [3.0, 30.0]])
    >>> mean, var = np.array([0.0, 10.0]), np.array([1.0, 100.0])
    >>> weight, bias = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> output, new_mean, new_var = batch_norm(x, mean, var, weight, bias, True, 0.25)
    >>> output.round(3)
    array([[-1.,  3.],
           [ 1.,  7.]])
    >>> new_mean, new_var
    (array([ 0.5, 12.5]), array([  1.25, 125.  ]))
    >>> batch_norm(x, mean, var, weight, bias, False)[0].round(3)
    array([[1., 5.],
           [3., 9.]])
    """
    mean, var = running_mean, running_var
    if training:
        count = x.size // x.shape[1]
        mean, var = x.mean(axis=_other_axes(x)), x.var(axis=_other_axes(x))
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * (count / (count - 1)) * var
    normalized = (x - _per_feature(mean, x)) / np.sqrt(_per_feature(var, x) + eps)
    return normalized * _per_feature(weight, x) + _per_feature(bias, x), running_mean, running_var


def _other_axes(x: np.ndarray) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _per_feature(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Give (C,) as many axes of size 1 as x has behind its features."""
    return values.reshape(-1, *[1] * (x.ndim - 2))


def batch_norm_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``batch_norm``'s output with respect to x, weight and bias.

    In training, the mean and the variance depend on x too, so each value acts on the outputs of the whole batch. In
    inference they are given numbers. Running statistics get no gradient and give none.

    Args:
        grad_output: the gradient with respect to the output, of x's shape.
        x: shape (N, C) or (N, C, …); in training, each feature has two values or more.
        running_mean: shape (C,).
        running_var: shape (C,).
        weight: shape (C,).
        bias: shape (C,).
        training: whether the batch's own statistics were used.
        momentum: of no consequence here.
        eps: added to the variance, inside the root.

    Returns:
        (grad_x, grad_weight, grad_bias), of the shapes and dtype of x, weight and bias.

    >>> x, grad_output = np.array([[1.0], [2.0], [6.0]]), np.array([[1.0], [0.0], [0.0]])
    >>> zero, one = np.array([0.0]), np.array([1.0])
    >>> grad_x, grad_weight, grad_bias = batch_norm_backward(grad_output, x, zero, one, one, zero, True, eps=0.0)
    >>> grad_x.round(3)
    array([[ 0.176],
           [-0.22 ],
           [ 0.044]])
    >>> grad_weight.round(3), grad_bias
    (array([-0.926]), array([1.]))
    >>> batch_norm_backward(grad_output, x, zero, 4 * one, one, zero, False, eps=0.0)
    (array([[0.5],
           [0. ],
           [0. ]]), array([0.5]), array([1.]))
    """
    axes = _other_axes(x)
    mean, var = (x.mean(axis=axes), x.var(axis=axes)) if training else (running_mean, running_var)
    root = np.sqrt(_per_feature(var, x) + eps)
    normalized = (x - _per_feature(mean, x)) / root
    grad_normalized = grad_output * _per_feature(weight, x)
    if training:
        grad_normalized = _without_statistics(grad_normalized, normalized, axes)
    return grad_normalized / root, (grad_output * normalized).sum(axis=axes), grad_output.sum(axis=axes)


def _without_statistics(grad: np.ndarray, normalized: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Take from a gradient what the mean and the variance of the normalized values take back."""
    through_mean = grad.mean(axis=axes, keepdims=True)
    through_var = normalized * (grad * normalized).mean(axis=axes, keepdims=True)
    return grad - through_mean - through_var


def layer_norm(
    x: np.ndarray, normalized_shape: tuple[int, ...], weight: np.ndarray, bias: np.ndarray, eps: float = 1e-5
) -> np.ndarray:
    """Normalize each example over its own features, then scale and shift every feature.

    Mean and biased variance are taken over the last axes, as many as normalized_shape has, for every place of the
    others alone. Training and inference are the same.

    Args:
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last axes, a tuple of one or more.
        weight: what the normalized values are multiplied by, shape normalized_shape.
        bias: what is added after that, shape normalized_shape.
        eps: added to the variance, inside the root.

    Returns:
        An array of x's shape and dtype. The features may lie far from 0 and vary little, or be all equal.

    >>> x = np.array([[1.0, 2.0, 6.0], [10.0, 20.0, 60.0]])
    >>> layer_norm(x, (3,), np.array([1.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]), eps=0.0).round(3)
    array([[-0.926,  0.537,  2.777],
           [-0.926,  0.537,  2.777]])
    """
    axes = tuple(range(-len(normalized_shape), 0))
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(var + eps) * weight + bias


def layer_norm_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    normalized_shape: tuple[int, ...],
    weight: np.ndarray,
    bias: np.ndarray,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``layer_norm`` with respect to x, weight and bias.

    Mean and variance depend on x. They are those of one example, while weight and bias are shared by all examples.

    Args:
        grad_output: the gradient with respect to the output, of x's shape.
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last axes, a tuple of one or more.
        weight: shape normalized_shape.
        bias: shape normalized_shape.
        eps: added to the variance, inside the root.

    Returns:
        (grad_x, grad_weight, grad_bias), of the shapes and dtype of x, weight and bias.

    >>> x, grad_output = np.array([[1.0, 2.0, 6.0]]), np.array([[1.0, 0.0, 0.0]])
    >>> grad_x, grad_weight, grad_bias = layer_norm_backward(grad_output, x, (3,), np.ones(3), np.zeros(3), eps=0.0)
    >>> grad_x.round(3)
    array([[ 0.176, -0.22 ,  0.044]])
    >>> grad_weight.round(3) + 0, grad_bias
    (array([-0.926,  0.   ,  0.   ]), array([1., 0., 0.]))
    """
    axes = tuple(range(-len(normalized_shape), 0))
    leading = tuple(range(x.ndim - len(normalized_shape)))
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normalized = (x - x.mean(axis=axes, keepdims=True)) / root
    grad_x = _without_statistics(grad_output * weight, normalized, axes) / root
    return grad_x, (grad_output * normalized).sum(axis=leading), grad_output.sum(axis=leading)


def rms_norm(x: np.ndarray, normalized_shape: tuple[int, ...], weight: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Divide each example by the root of the mean square of its features, then scale every feature.

    Nothing is subtracted and nothing is added: no mean, no bias.

    Args:
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last axes, a tuple of one or more.
        weight: what the result is multiplied by, shape normalized_shape.
        eps: added to the mean square, inside the root.

    Returns:
        An array of x's shape and dtype.

    >>> rms_norm(np.array([[1.0, -1.0, 5.0, 3.0]]), (4,), np.array([1.0, 1.0, 1.0, 2.0]), eps=0.0).round(3)
    array([[ 0.333, -0.333,  1.667,  2.   ]])
    """
    axes = tuple(range(-len(normalized_shape), 0))
    return x / np.sqrt((x * x).mean(axis=axes, keepdims=True) + eps) * weight


def rms_norm_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    normalized_shape: tuple[int, ...],
    weight: np.ndarray,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of ``rms_norm`` with respect to x and weight.

    The mean square depends on x.

    Args:
        grad_output: the gradient with respect to the output, of x's shape.
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last axes, a tuple of one or more.
        weight: shape normalized_shape.
        eps: added to the mean square, inside the root.

    Returns:
        (grad_x, grad_weight), of the shapes and dtype of x and weight.

    >>> x, grad_output = np.array([[1.0, -1.0, 5.0, 3.0]]), np.array([[9.0, 0.0, 0.0, 0.0]])
    >>> grad_x, grad_weight = rms_norm_backward(grad_output, x, (4,), np.ones(4), eps=0.0)
    >>> grad_x.round(3)
    array([[ 2.917,  0.083, -0.417, -0.25 ]])
    >>> grad_weight + 0
    array([3., 0., 0., 0.])
    """
    axes = tuple(range(-len(normalized_shape), 0))
    leading = tuple(range(x.ndim - len(normalized_shape)))
    root = np.sqrt((x * x).mean(axis=axes, keepdims=True) + eps)
    normalized = x / root
    grad = grad_output * weight
    grad_x = (grad - normalized * (grad * normalized).mean(axis=axes, keepdims=True)) / root
    return grad_x, (grad_output * normalized).sum(axis=leading)


def group_norm(x: np.ndarray, num_groups: int, weight: np.ndarray, bias: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Normalize each example over groups of its channels, then scale and shift every channel.

    Neighbouring channels form a group: with C = 6 and 2 groups, channels 0 to 2 and 3 to 5. Mean and biased variance
    are those of one group of one example, over its channels and all axes behind them.

    Args:
        x: shape (N, C) or (N, C, …).
        num_groups: how many groups; it divides C. One group has two values or more.
        weight: what each normalized *channel* is multiplied by, shape (C,).
        bias: what is added after that, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        An array of x's shape and dtype.

    >>> x = np.array([[1.0, 3.0, 10.0, 30.0]])
    >>> group_norm(x, 2, np.array([1.0, 1.0, 2.0, 1.0]), np.array([0.0, 0.5, 0.0, 0.0]), eps=0.0)
    array([[-1. ,  1.5, -2. ,  1. ]])
    """
    grouped = x.reshape(len(x), num_groups, -1)  # (N, G, C/G · …)
    mean, var = grouped.mean(axis=-1, keepdims=True), grouped.var(axis=-1, keepdims=True)
    normalized = ((grouped - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return normalized * _per_feature(weight, x) + _per_feature(bias, x)

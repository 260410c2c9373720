"""Regularization in NumPy: what keeps a network from learning its training data by heart.

Nothing here draws random numbers: dropout is given uniform ones, so that it is a pure function, and its backward knows
what was dropped. Every ``_backward`` takes the gradient that arrives from above, ``grad_output``, of the forward's
output shape, and then the arguments of its forward. Random numbers and strengths have no gradient.
"""

import math

import numpy as np


def dropout(x: np.ndarray, random: np.ndarray, p: float = 0.5, training: bool = True) -> np.ndarray:
    """Set every element to 0 with probability p, and scale what is left, so that the expected value stays.

    In training an element is kept where its random number is p or greater, and multiplied by 1 / (1 - p); all others
    become 0. With p = 1 nothing is left, and the answer is 0 everywhere; with p = 0 it is x. In inference it is x.

    Args:
        x: of any shape; elements of exactly 0 occur.
        random: uniform random numbers from [0, 1), of x's shape and dtype. Use these, and draw none.
        p: the probability that an element is dropped, from 0 to 1, both possible.
        training: False in inference, when nothing is dropped or scaled.

    Returns:
        An array of x's shape and dtype.

    >>> x, random = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[0.75, 0.2, 0.5], [0.25, 0.9, 0.1]])
    >>> dropout(x, random, 0.25)
    array([[1.33333333, 0.        , 4.        ],
           [5.33333333, 6.66666667, 0.        ]])
    >>> dropout(x, random, 0.25, training=False)
    array([[1., 2., 3.],
           [4., 5., 6.]])
    """
    if not training:
        return x
    if p == 1:
        return np.zeros_like(x)  # 1 / (1 - p) does not exist
    return x * (random >= p) / (1 - p)


def dropout_backward(
    grad_output: np.ndarray, x: np.ndarray, random: np.ndarray, p: float = 0.5, training: bool = True
) -> np.ndarray:
    """Return the gradient of ``dropout`` with respect to x.

    Args:
        grad_output: the gradient with respect to the output, of x's shape.
        x: the input of the forward, of any shape; elements of exactly 0 occur, and get their gradient like any other.
        random: the random numbers of the forward, of x's shape; they get no gradient.
        p: the probability that an element is dropped, from 0 to 1, both possible.
        training: False in inference, when nothing is dropped or scaled.

    Returns:
        grad_x, of x's shape and dtype.

    >>> grad_output, random = np.array([-1.0, 2.0, 0.5, 3.0]), np.array([0.9, 0.5, 0.8, 0.1])
    >>> dropout_backward(grad_output, np.array([5.0, 1.0, 0.0, 2.0]), random, 0.75)
    array([-4.,  0.,  2.,  0.])
    """
    return dropout(grad_output, random, p, training)  # what was dropped, and by what it was scaled, is the same


def l2_penalty(params: tuple[np.ndarray, ...], weight_decay: float) -> np.floating:
    """Return the L2 penalty: weight_decay/2 times the sum of the squares of all elements of all arrays.

    Every array that is given counts, whatever its shape: who calls chooses which (often the weights without biases).

    Args:
        params: one array or more, of any shapes.
        weight_decay: the strength λ of the penalty, 0 or greater.

    Returns:
        A scalar of the arrays' dtype (a Python float is right too).

    >>> round(float(l2_penalty((np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([-4.0])), 0.1)), 4)
    1.5
    """
    return 0.5 * weight_decay * sum(np.sum(param**2) for param in params)


def l2_penalty_backward(
    grad_output: float, params: tuple[np.ndarray, ...], weight_decay: float
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``l2_penalty`` with respect to the arrays, one for each.

    Args:
        grad_output: the gradient with respect to the penalty, a scalar (a Python float or a 0-d array).
        params: one array or more, of any shapes.
        weight_decay: the strength λ of the penalty; it gets no gradient.

    Returns:
        A tuple with a gradient for each array, of its shape and dtype.

    >>> l2_penalty_backward(3.0, (np.array([[1.0, 2.0]]), np.array([-4.0])), 0.5)
    (array([[1.5, 3. ]]), array([-6.]))
    """
    return tuple(grad_output * weight_decay * param for param in params)


def early_stopping(losses: tuple[float, ...], patience: int, min_delta: float = 0.0) -> tuple[int, int]:
    """Return when a training stops by its validation losses, and whose weights to keep.

    Epochs are counted from 0. An epoch improves if its loss is less than (the loss of the best epoch so far) minus
    min_delta; then it is the best so far. Before the first improvement the best loss is infinite, so the first epoch
    improves. A loss of NaN or infinity never does. After ``patience`` epochs in a row that do not improve, training
    stops, and later losses are not seen.

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


def dropout2d(x: np.ndarray, random: np.ndarray, p: float = 0.5, training: bool = True) -> np.ndarray:
    """Drop whole channels of images with probability p, and scale those that are left.

    In training a channel of an image is kept, at all its places, where its random number is p or greater, and
    multiplied by 1 / (1 - p); all others become 0. With p = 1 nothing is left. In inference the answer is x.

    Args:
        x: feature maps, shape (N, C, H, W); elements of exactly 0 occur.
        random: uniform random numbers from [0, 1), one for each channel of each image, shape (N, C), of x's dtype.
        p: the probability that a channel is dropped, from 0 to 1, both possible.
        training: False in inference, when nothing is dropped or scaled.

    Returns:
        An array of x's shape and dtype.

    >>> x = np.array([[[[1.0, 2.0]], [[3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 8.0]]]])
    >>> dropout2d(x, np.array([[0.3, 0.8], [0.75, 0.6]]), 0.75)
    array([[[[ 0.,  0.]],
    <BLANKLINE>
            [[12., 16.]]],
    <BLANKLINE>
    <BLANKLINE>
           [[[20., 24.]],
    <BLANKLINE>
            [[ 0.,  0.]]]])
    """
    return dropout(x, random[:, :, None, None], p, training)


def l1_penalty(params: tuple[np.ndarray, ...], strength: float) -> np.floating:
    """Return the L1 penalty: strength times the sum of the absolute values of all elements of all arrays.

    Args:
        params: one array or more, of any shapes; elements of exactly 0 occur.
        strength: λ, 0 or greater; there is no factor 1/2.

    Returns:
        A scalar of the arrays' dtype (a Python float is right too).

    >>> round(float(l1_penalty((np.array([[1.0, -2.0], [3.0, 0.0]]), np.array([-4.0])), 0.1)), 4)
    1.0
    """
    return strength * sum(np.sum(np.abs(param)) for param in params)


def l1_penalty_backward(grad_output: float, params: tuple[np.ndarray, ...], strength: float) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``l1_penalty`` with respect to the arrays, one for each.

    At 0, where the absolute value has no derivative, the gradient is 0.

    Args:
        grad_output: the gradient with respect to the penalty, a scalar (a Python float or a 0-d array).
        params: one array or more, of any shapes; elements of exactly 0 occur.
        strength: λ; it gets no gradient.

    Returns:
        A tuple with a gradient for each array, of its shape and dtype.

    >>> l1_penalty_backward(3.0, (np.array([[5.0, 0.0]]), np.array([-0.25])), 0.5)
    (array([[1.5, 0. ]]), array([-1.5]))
    """
    return tuple(grad_output * strength * np.sign(param) for param in params)


def max_norm(weight: np.ndarray, limit: float) -> np.ndarray:
    """Return a weight in which the weights of no neuron are longer than a limit; it is applied after an update.

    The length (Euclidean norm) is taken over all weights of one neuron, which is everything but the first axis. A
    neuron whose norm is greater than the limit is scaled down to it; all others stay exactly as they are.

    Args:
        weight: of a dense layer, (out, in), or of a convolution, (out, in, *kernel); a neuron may be all 0.
        limit: the greatest norm that is allowed, greater than 0.

    Returns:
        An array of weight's shape and dtype.

    >>> max_norm(np.array([[3.0, 4.0], [0.5, 1.0], [0.0, 0.0], [-8.0, 6.0]]), 2.0)
    array([[ 1.2,  1.6],
           [ 0.5,  1. ],
           [ 0. ,  0. ],
           [-1.6,  1.2]])
    """
    axes = tuple(range(1, weight.ndim))
    norms = np.sqrt(np.sum(weight**2, axis=axes, keepdims=True))  # (out, 1, …)
    return weight * (limit / np.maximum(norms, limit))  # the factor is 1 up to the limit; a norm of 0 divides nothing

"""Functions of earlier exercises that explain is built of: from activation, backprop.

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

"""Activation functions in NumPy: the bends between the layers, and the softmax that turns scores into probabilities.

Every ``_backward`` takes the gradient that arrives from above, ``grad_output``, of the forward's output shape, and then
the arguments of its forward; it returns the gradient with respect to x, of x's shape and dtype.
"""

import math

import numpy as np


def _erf(x: np.ndarray) -> np.ndarray:
    """Return the error function of every element, in x's dtype: NumPy itself has none."""
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x), dtype=x.dtype)


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
    raise NotImplementedError


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
    raise NotImplementedError


def leaky_relu(x: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Return x where x > 0 and negative_slope·x elsewhere, element by element.

    Args:
        x: an array of any shape, 0-d included.
        negative_slope: the slope on the negative side, from 0 (relu) to 1 (the identity), both included.

    Returns:
        An array of x's shape and dtype; x itself is left as it is.

    >>> leaky_relu(np.array([-8.0, 0.0, 3.0]), 0.25)
    array([-2.,  0.,  3.])
    >>> leaky_relu(np.array([-8.0, 3.0]))
    array([-0.08,  3.  ])
    """
    raise NotImplementedError


def leaky_relu_backward(grad_output: np.ndarray, x: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Return the gradient of ``leaky_relu`` with respect to x.

    At the kink the slope of the negative side counts: leaky_relu'(0) = negative_slope.

    Args:
        grad_output: the gradient with respect to leaky_relu(x), of x's shape.
        x: the input of the forward, of any shape.
        negative_slope: the slope on the negative side, from 0 to 1.

    Returns:
        grad_x, of x's shape and dtype.

    >>> leaky_relu_backward(np.array([2.0, -4.0, 6.0]), np.array([-3.0, 0.0, 0.5]), 0.25)
    array([ 0.5, -1. ,  6. ])
    """
    raise NotImplementedError


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the logistic function 1 / (1 + exp(-x)), element by element.

    Numbers like ±1000 are ordinary inputs: the answer must stay finite and right, whatever the formula.

    Args:
        x: an array of any shape, 0-d included.

    Returns:
        An array of x's shape and dtype.

    >>> sigmoid(np.array([-1.5, 0.25, 2.0, -1000.0])).round(4)
    array([0.1824, 0.5622, 0.8808, 0.    ])
    """
    raise NotImplementedError


def sigmoid_backward(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of ``sigmoid`` with respect to x.

    Args:
        grad_output: the gradient with respect to sigmoid(x), of x's shape.
        x: the input of the forward (not its output), of any shape; ±1000 occur.

    Returns:
        grad_x, of x's shape and dtype.

    >>> sigmoid_backward(np.array([2.0, -1.0, 4.0]), np.array([-1.5, 0.25, 1000.0])).round(4)
    array([ 0.2983, -0.2461,  0.    ])
    """
    raise NotImplementedError


def tanh(x: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent (exp(x) - exp(-x)) / (exp(x) + exp(-x)), element by element.

    Numbers like ±1000 are ordinary inputs: the answer must stay finite and right, whatever the formula.

    Args:
        x: an array of any shape, 0-d included.

    Returns:
        An array of x's shape and dtype.

    >>> tanh(np.array([-1.5, 0.25, 2.0, -1000.0])).round(4)
    array([-0.9051,  0.2449,  0.964 , -1.    ])

    Not allowed here: numpy.tanh.
    """
    raise NotImplementedError


def tanh_backward(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of ``tanh`` with respect to x.

    Args:
        grad_output: the gradient with respect to tanh(x), of x's shape.
        x: the input of the forward (not its output), of any shape; ±1000 occur.

    Returns:
        grad_x, of x's shape and dtype.

    >>> tanh_backward(np.array([2.0, -1.0, 4.0]), np.array([-1.5, 0.25, 1000.0])).round(4)
    array([ 0.3614, -0.94  ,  0.    ])

    Not allowed here: numpy.tanh.
    """
    raise NotImplementedError


def gelu(x: np.ndarray, approximate: str = "none") -> np.ndarray:
    """Return the Gaussian error linear unit x·Φ(x), element by element.

    Φ is the distribution function of the standard normal, Φ(x) = ½·(1 + erf(x / √2)). With approximate="tanh" it is
    replaced by ½·(1 + tanh(√(2/π)·(x + 0.044715·x³))). The two differ by up to 5e-4, and both are judged.

    Args:
        x: an array of any shape, 0-d included; numbers of size 1000 and more occur.
        approximate: "none" for the exact function, "tanh" for the approximation.

    Returns:
        An array of x's shape and dtype.

    >>> gelu(np.array([-1.5, 0.25, 2.0])).round(5)
    array([-0.10021,  0.14968,  1.9545 ])
    >>> gelu(np.array([-1.5, 0.25, 2.0]), "tanh").round(5)
    array([-0.10043,  0.14968,  1.9546 ])

    Welcome: numpy.tanh.
    """
    raise NotImplementedError


def gelu_backward(grad_output: np.ndarray, x: np.ndarray, approximate: str = "none") -> np.ndarray:
    """Return the gradient of ``gelu`` with respect to x.

    Each of the two formulas has a derivative of its own: with "tanh", differentiate the approximation.

    Args:
        grad_output: the gradient with respect to gelu(x), of x's shape.
        x: the input of the forward, of any shape; numbers of size 1000 and more occur.
        approximate: "none" or "tanh", as in the forward.

    Returns:
        grad_x, of x's shape and dtype.

    >>> gelu_backward(np.array([2.0, -1.0, 4.0]), np.array([-1.5, 0.25, 2.0])).round(5)
    array([-0.25494, -0.69537,  4.34093])
    >>> gelu_backward(np.array([2.0, -1.0, 4.0]), np.array([-1.5, 0.25, 2.0]), "tanh").round(5)
    array([-0.25542, -0.69535,  4.3444 ])

    Welcome: numpy.tanh.
    """
    raise NotImplementedError


def silu(x: np.ndarray) -> np.ndarray:
    """Return x·sigmoid(x), element by element (also called swish).

    Args:
        x: an array of any shape, 0-d included; ±1000 occur.

    Returns:
        An array of x's shape and dtype.

    >>> silu(np.array([-1.5, 0.25, 2.0, 50.0])).round(4)
    array([-0.2736,  0.1405,  1.7616, 50.    ])
    """
    raise NotImplementedError


def silu_backward(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of ``silu`` with respect to x.

    Args:
        grad_output: the gradient with respect to silu(x), of x's shape.
        x: the input of the forward, of any shape; ±1000 occur.

    Returns:
        grad_x, of x's shape and dtype.

    >>> silu_backward(np.array([2.0, -1.0, 4.0]), np.array([-1.5, 0.25, 1000.0])).round(4)
    array([-0.0826, -0.6237,  4.    ])
    """
    raise NotImplementedError


def logsumexp(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return log(Σ exp(x)) along one axis, and drop that axis.

    Numbers like ±1000 are ordinary inputs, and one slice may lie 2000 above another: the answer must stay finite and
    right in every slice.

    Args:
        x: an array of one dimension or more.
        axis: the axis that is summed over; negative ones count from the end.

    Returns:
        An array of x's dtype and of x's shape without that axis (0-d if x has one dimension).

    >>> x = np.array([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]])
    >>> logsumexp(x).round(4)
    array([   4.1698, 1000.    ])
    >>> logsumexp(x, 0).round(4)
    array([   1.    ,    2.2014, 1000.    ])

    Not allowed here: numpy.logaddexp, numpy.logaddexp2.
    """
    raise NotImplementedError


def logsumexp_backward(grad_output: np.ndarray, x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return the gradient of ``logsumexp`` with respect to x.

    Args:
        grad_output: the gradient with respect to logsumexp(x, axis), of x's shape without that axis.
        x: the input of the forward; ±1000 occur.
        axis: the axis that the forward summed over.

    Returns:
        grad_x, of x's shape and dtype.

    >>> x = np.array([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]])
    >>> logsumexp_backward(np.array([2.0, 3.0]), x).round(4)
    array([[0.084 , 0.2284, 1.6876],
           [0.    , 0.    , 3.    ]])

    Not allowed here: numpy.logaddexp, numpy.logaddexp2.
    """
    raise NotImplementedError


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return exp(x) / Σ exp(x), where the sum runs along one axis: every slice along it becomes a distribution.

    Numbers like ±1000 are ordinary inputs, and one slice may lie 2000 above another: the answer must stay finite and
    right in every slice.

    Args:
        x: an array of one dimension or more.
        axis: the axis along which the answer sums to 1; negative ones count from the end.

    Returns:
        An array of x's shape and dtype.

    >>> x = np.array([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]])
    >>> softmax(x).round(4)
    array([[0.042 , 0.1142, 0.8438],
           [0.    , 0.    , 1.    ]])
    >>> softmax(x, 0).round(4)
    array([[1.    , 0.8176, 0.    ],
           [0.    , 0.1824, 1.    ]])

    Not allowed here: numpy.logaddexp, numpy.logaddexp2.
    """
    raise NotImplementedError


def softmax_backward(grad_output: np.ndarray, x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return the gradient of ``softmax`` with respect to x.

    Every output of a slice depends on every input of that slice, not only on its own.

    Args:
        grad_output: the gradient with respect to softmax(x, axis), of x's shape.
        x: the input of the forward (not its output); ±1000 occur.
        axis: the axis along which the forward sums to 1.

    Returns:
        grad_x, of x's shape and dtype.

    >>> x = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 0.25]])
    >>> softmax_backward(np.array([[2.0, -1.0, 0.5], [1.0, 0.0, -3.0]]), x).round(4)
    array([[ 0.0676, -0.1589,  0.0914],
           [ 0.833 ,  0.0744, -0.9074]])

    Not allowed here: numpy.logaddexp, numpy.logaddexp2.
    """
    raise NotImplementedError


def log_softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return log(softmax(x)), where the sum of the softmax runs along one axis.

    Numbers like ±1000 are ordinary inputs, and one slice may lie far above another. A probability may be too small for
    a float; its logarithm is not, and must be finite and right.

    Args:
        x: an array of one dimension or more.
        axis: the axis along which exp of the answer sums to 1; negative ones count from the end.

    Returns:
        An array of x's shape and dtype.

    >>> x = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 0.25]])
    >>> log_softmax(x).round(4)
    array([[-3.1698, -2.1698, -0.1698],
           [-0.6941, -2.1941, -0.9441]])
    >>> log_softmax(x, 0).round(4)
    array([[-0.4741, -0.0486, -0.0232],
           [-0.9741, -3.0486, -3.7732]])
    >>> log_softmax(np.array([0.0, 1000.0]))
    array([-1000.,     0.])

    Not allowed here: numpy.logaddexp, numpy.logaddexp2.
    """
    raise NotImplementedError


def log_softmax_backward(grad_output: np.ndarray, x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return the gradient of ``log_softmax`` with respect to x.

    Args:
        grad_output: the gradient with respect to log_softmax(x, axis), of x's shape; any numbers, of any sum.
        x: the input of the forward (not its output); ±1000 occur.
        axis: the axis along which the forward normalises.

    Returns:
        grad_x, of x's shape and dtype.

    >>> x = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 0.25]])
    >>> log_softmax_backward(np.array([[2.0, -1.0, 0.5], [1.0, 0.0, -3.0]]), x).round(4)
    array([[ 1.937 , -1.1713, -0.7657],
           [ 1.999 ,  0.2229, -2.222 ]])

    Not allowed here: numpy.logaddexp, numpy.logaddexp2.
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)

"""Initialization in NumPy: how large first weights must be, so that signals keep their size from layer to layer.

The functions that make weights draw nothing themselves: they are given standard random numbers, uniform in [0, 1) or
normal with mean 0 and variance 1, and return weights of the same shape. A weight has shape (out, in) in a dense layer,
and (out_channels, in_channels, *kernel) in a convolution.
"""

import math

import numpy as np


def _activate(x: np.ndarray, name: str) -> np.ndarray:
    """Return the activation of this name, as you wrote it in the exercise `activation`; "linear" leaves x as it is."""
    if name == "linear":
        return x
    if name == "relu":
        return np.maximum(x, 0)
    if name == "sigmoid":
        small = np.exp(-np.abs(x))
        return np.where(x >= 0, 1, small) / (1 + small)
    if name == "tanh":
        return np.tanh(x)
    raise ValueError(f"there is no activation named {name!r}")


def fan_in_and_fan_out(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many numbers arrive at a neuron (fan_in), and to how many each input goes (fan_out).

    A neuron of a convolution sees all input channels, and in each as many places as the kernel has; an input is seen by
    all output channels, each from as many places (at the border and with a stride it is fewer, which is not counted).

    Args:
        shape: of a weight, (out, in) or (out_channels, in_channels, *kernel), with a kernel of one to three sizes.

    Returns:
        (fan_in, fan_out), integers.

    >>> fan_in_and_fan_out((32, 784))
    (784, 32)
    >>> fan_in_and_fan_out((64, 32, 3, 5))
    (480, 960)
    """
    raise NotImplementedError


def calculate_gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """Return the factor on the standard deviation of weights that makes up for what an activation takes away.

    It is 1 for "linear" and "sigmoid", 5/3 for "tanh", and √2 for "relu". For "leaky_relu" with slope a it is
    √(2 / (1 + a²)). These are the numbers of ``torch.nn.init.calculate_gain``.

    Args:
        nonlinearity: "linear", "sigmoid", "tanh", "relu" or "leaky_relu".
        negative_slope: a, of "leaky_relu" only.

    Returns:
        A number.

    >>> round(calculate_gain("relu"), 4)
    1.4142
    >>> round(calculate_gain("leaky_relu", 0.5), 4)
    1.2649
    """
    raise NotImplementedError


def xavier_uniform(uniform: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """Return weights of Xavier Glorot's uniform initialization: from [-a, a) with a = gain·√(6 / (fan_in + fan_out)).

    Args:
        uniform: random numbers from [0, 1), of the weight's shape, (out, in) or (out_channels, in_channels, *kernel). 0
            becomes -a, and 1 would become a.
        gain: a factor.

    Returns:
        The weight, an array of the shape and dtype of `uniform`, which stays as it is.

    >>> xavier_uniform(np.array([[0.0, 0.25, 0.5, 0.75], [0.5, 0.75, 0.25, 0.125]]))
    array([[-1.  , -0.5 ,  0.  ,  0.5 ],
           [ 0.  ,  0.5 , -0.5 , -0.75]])
    """
    raise NotImplementedError


def xavier_normal(normal: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """Return weights of Xavier Glorot's normal initialization: with deviation gain·√(2 / (fan_in + fan_out)).

    Args:
        normal: random numbers with mean 0 and variance 1, of the weight's shape.
        gain: a factor.

    Returns:
        The weight, an array of the shape and dtype of `normal`, which stays as it is.

    >>> xavier_normal(np.array([[1.0, -2.0, 0.5, 0.0, 3.0, -1.0]] * 2), gain=3.0)[0]
    array([ 1.5 , -3.  ,  0.75,  0.  ,  4.5 , -1.5 ])
    """
    raise NotImplementedError


def kaiming_uniform(uniform: np.ndarray, mode: str = "fan_in", gain: float = 2**0.5) -> np.ndarray:
    """Return weights of Kaiming He's uniform initialization: from [-a, a) with a = gain·√(3 / fan).

    Args:
        uniform: random numbers from [0, 1), of the weight's shape. 0 becomes -a, and 1 would become a.
        mode: which fan: "fan_in" keeps the variance on the way forward, "fan_out" that of gradients on the way back.
        gain: a factor; the default is that of relu.

    Returns:
        The weight, an array of the shape and dtype of `uniform`, which stays as it is.

    >>> uniform = np.array([[0.0, 0.25, 0.5, 0.75, 0.5, 0.125]])
    >>> kaiming_uniform(uniform)
    array([[-1.  , -0.5 ,  0.  ,  0.5 ,  0.  , -0.75]])
    >>> kaiming_uniform(uniform, "fan_out", 1.0).round(4)
    array([[-1.7321, -0.866 ,  0.    ,  0.866 ,  0.    , -1.299 ]])
    """
    raise NotImplementedError


def kaiming_normal(normal: np.ndarray, mode: str = "fan_in", gain: float = 2**0.5) -> np.ndarray:
    """Return weights of Kaiming He's normal initialization: with standard deviation gain / √fan.

    Args:
        normal: random numbers with mean 0 and variance 1, of the weight's shape.
        mode: which fan: "fan_in" keeps the variance on the way forward, "fan_out" that of gradients on the way back.
        gain: a factor; the default is that of relu.

    Returns:
        The weight, an array of the shape and dtype of `normal`, which stays as it is.

    >>> normal = np.array([[1.0, -2.0, 0.5, 0.0, 3.0, -1.0, 1.5, -0.5]])
    >>> kaiming_normal(normal)
    array([[ 0.5 , -1.  ,  0.25,  0.  ,  1.5 , -0.5 ,  0.75, -0.25]])
    >>> kaiming_normal(normal, "fan_out", 2.0)
    array([[ 2., -4.,  1.,  0.,  6., -2.,  3., -1.]])
    """
    raise NotImplementedError


def activation_stds(x: np.ndarray, weights: tuple[np.ndarray, ...], activation: str = "relu") -> np.ndarray:
    """Return the standard deviation of the outputs of each layer of a deep stack without biases.

    Layer l maps the outputs h of the layer before (x, for the first) to activation(h @ weight.T). Its standard
    deviation is that of all numbers of that output, rows and neurons together, around their mean; the sum of squares is
    divided by how many there are (not by one less).

    Args:
        x: inputs, shape (N, s_0).
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        activation: of every layer, the last included: "linear", "relu", "sigmoid" or "tanh", for `_activate`.

    Returns:
        An array of shape (L,) and x's dtype, L the number of layers.

    >>> x, weights = np.array([[3.0, 1.0], [-1.0, 1.0]]), (np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[0.5, 1.0]]))
    >>> activation_stds(x, weights).round(4)
    array([1.6583, 2.    ])
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

"""Networks in NumPy: from one neuron to layers in a row, and how many numbers there are to learn.

A network is a function of its input and of its parameters, the weights and the biases. To compute its output, layer
after layer, is called *forward propagation*.
"""

from itertools import pairwise

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
    if name == "softmax":
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)
    raise ValueError(f"there is no activation named {name!r}")


def neuron(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, activation: str = "sigmoid") -> np.ndarray:
    """Return the output of one neuron: the weighted sum of its inputs, plus its bias, through its activation.

    The last axis of x holds the inputs of the neuron. All axes in front of it are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: one weight for each input, shape (in,).
        bias: a number, as a 0-d array.
        activation: "linear", "relu", "sigmoid" or "tanh", for `_activate`.

    Returns:
        An array of shape (…) and x's dtype; a scalar for a single x (a Python float is right too).

    >>> x, weight, bias = np.array([[3.0, 1.0, 2.0], [0.0, 4.0, 1.0]]), np.array([1.0, -0.5, 0.25]), np.array(-2.0)
    >>> neuron(x, weight, bias, "linear")
    array([ 1.  , -3.75])
    >>> neuron(x, weight, bias).round(4)
    array([0.7311, 0.023 ])
    """
    raise NotImplementedError


def dense(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, activation: str = "linear") -> np.ndarray:
    """Return the outputs of a dense layer: neurons side by side, which all see the same inputs.

    A row of weight holds the weights of one neuron. All leading axes of x are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: one for each neuron, shape (out,), or None for none.
        activation: "linear", "relu", "sigmoid", "tanh" or "softmax" (along the last axis), for `_activate`.

    Returns:
        An array of shape (…, out) and x's dtype.

    >>> weight = np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> dense(np.array([3.0, 1.0, 2.0]), weight)
    array([ 1., 10.])
    >>> dense(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, np.array([10.0, -10.0]), "relu")
    array([[11.,  0.],
           [ 6.,  0.]])
    """
    raise NotImplementedError


def forward(
    x: np.ndarray,
    weights: tuple[np.ndarray, ...],
    biases: tuple[np.ndarray, ...],
    activation: str = "relu",
    output_activation: str = "linear",
) -> np.ndarray:
    """Return the output of a network of dense layers in a row: the output of each is the input of the next.

    Args:
        x: inputs, shape (…, s_0).
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        biases: as many; that of layer l has shape (s_l,).
        activation: of all layers but the last, for `_activate`.
        output_activation: of the last layer, for `_activate`; the default makes the outputs scores (logits).

    Returns:
        An array of shape (…, s_L), L the number of layers, and of x's dtype.

    >>> w1, b1 = np.array([[1.0, 0.0], [-1.0, 2.0], [0.5, 0.5]]), np.array([0.0, 1.0, -1.0])
    >>> w2, b2 = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 1.0]]), np.array([0.5, 0.0])
    >>> x = np.array([[2.0, 1.0], [-3.0, 1.0]])
    >>> forward(x, (w1, w2), (b1, b2))
    array([[ 6.5, -0.5],
           [12.5, -6. ]])
    """
    raise NotImplementedError


def layer_outputs(
    x: np.ndarray,
    weights: tuple[np.ndarray, ...],
    biases: tuple[np.ndarray, ...],
    activation: str = "relu",
    output_activation: str = "linear",
) -> tuple[np.ndarray, ...]:
    """Return the outputs of all layers of the network of ``forward``, after their activations, the first layer first.

    That is what is looked at when a network does not learn, and what back-propagation will need. The input x is not
    among them.

    Args:
        x: inputs, shape (…, s_0).
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        biases: as many; that of layer l has shape (s_l,).
        activation: of all layers but the last, for `_activate`.
        output_activation: of the last layer, for `_activate`.

    Returns:
        A tuple of L arrays of shapes (…, s_1) to (…, s_L) and x's dtype; the last is what ``forward`` returns.

    >>> w1, b1 = np.array([[1.0, 0.0], [-1.0, 2.0], [0.5, 0.5]]), np.array([0.0, 1.0, -1.0])
    >>> w2, b2 = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 1.0]]), np.array([0.5, 0.0])
    >>> hidden, output = layer_outputs(np.array([2.0, 1.0]), (w1, w2), (b1, b2))
    >>> hidden
    array([2. , 1. , 0.5])
    >>> output
    array([ 6.5, -0.5])
    """
    raise NotImplementedError


def parameter_count(sizes: tuple[int, ...], bias: bool = True) -> int:
    """Return how many numbers a network of dense layers learns: all weights, and the biases if it has any.

    Args:
        sizes: two or more: the number of inputs, then the number of neurons of each layer, as (784, 32, 10).
        bias: whether each neuron has a bias.

    Returns:
        An integer.

    >>> parameter_count((3, 4, 2))
    26
    >>> parameter_count((3, 4, 2), bias=False)
    20
    """
    raise NotImplementedError


def parameter_counts(layers: tuple[tuple, ...]) -> tuple[int, ...]:
    """Return how many numbers each layer learns, as in the summary of a model.

    Args:
        layers: each is a tuple of a name and sizes:

            * ("dense", inputs, outputs), with a bias for each output;
            * ("conv2d", in_channels, out_channels, (kernel_height, kernel_width)): each output channel has a kernel
              over all input channels, and one bias;
            * ("rnn", inputs, hidden): a weight from each input and one from each old hidden unit to each hidden unit,
              and two biases for each hidden unit, as PyTorch has them (Keras has one);
            * ("max_pool2d", kernel_size), ("flatten",) and ("relu",), which learn nothing.

    Returns:
        A tuple of integers, one for each layer, 0 for those that learn nothing.

    >>> parameter_counts((("conv2d", 3, 4, (5, 2)), ("relu",), ("flatten",), ("dense", 6, 10)))
    (124, 0, 0, 70)
    >>> parameter_counts((("rnn", 3, 5),))
    (50,)
    """
    raise NotImplementedError


def collapse(weights: tuple[np.ndarray, ...], biases: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the one dense layer that does what several do, if there is no activation between them.

    For every x, ``dense(x, weight, bias)`` is ``forward(x, weights, biases, activation="linear")``.

    Args:
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        biases: as many; that of layer l has shape (s_l,).

    Returns:
        (weight, bias), of shapes (s_L, s_0) and (s_L,), and of the dtype of the weights.

    >>> weights = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]]), np.array([[1.0, 0.0, 2.0], [0.5, 1.0, 0.0]])
    >>> weight, bias = collapse(weights, (np.array([1.0, 0.0, -1.0]), np.array([0.5, 0.0])))
    >>> weight
    array([[7. , 2. ],
           [0.5, 2. ]])
    >>> bias
    array([-0.5,  0.5])
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

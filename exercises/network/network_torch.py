"""Networks in PyTorch: from one neuron to layers in a row, and how many numbers a module learns.

A network is a function of its input and of its parameters, the weights and the biases, and autograd can differentiate
it with respect to all of them. To compute its output, layer after layer, is called *forward propagation*.
"""

import torch


def _activate(x: torch.Tensor, name: str) -> torch.Tensor:
    """Return the activation of this name; "linear" leaves x as it is."""
    if name == "linear":
        return x
    if name in ("relu", "sigmoid", "tanh"):
        return getattr(torch, name)(x)
    if name == "softmax":
        return torch.softmax(x, dim=-1)
    raise ValueError(f"there is no activation named {name!r}")


def neuron(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, activation: str = "sigmoid") -> torch.Tensor:
    """Return the output of one neuron: the weighted sum of its inputs, plus its bias, through its activation.

    The last dimension of x holds the inputs of the neuron. All dimensions in front of it are batch dimensions: there
    may be none, one or several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: one weight for each input, shape (in,).
        bias: a number, as a 0-d tensor.
        activation: "linear", "relu", "sigmoid" or "tanh", for `_activate`.

    Returns:
        A tensor of shape (…) and x's dtype, through which autograd can go back to x, weight and bias.

    >>> x, weight = torch.tensor([[3.0, 1.0, 2.0], [0.0, 4.0, 1.0]]), torch.tensor([1.0, -0.5, 0.25])
    >>> neuron(x, weight, torch.tensor(-2.0), "linear")
    tensor([ 1.0000, -3.7500])
    >>> neuron(x, weight, torch.tensor(-2.0))
    tensor([0.7311, 0.0230])

    Not allowed here: torch.nn.functional.linear.
    """
    raise NotImplementedError


def dense(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None, activation: str = "linear"
) -> torch.Tensor:
    """Return the outputs of a dense layer: neurons side by side, which all see the same inputs.

    A row of weight holds the weights of one neuron, as in ``torch.nn.Linear``. All leading dimensions of x are batch
    dimensions: there may be none, one or several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: one for each neuron, shape (out,), or None for none.
        activation: "linear", "relu", "sigmoid", "tanh" or "softmax" (along the last dimension), for `_activate`.

    Returns:
        A tensor of shape (…, out) and x's dtype, through which autograd can go back to x, weight and bias.

    >>> weight = torch.tensor([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> dense(torch.tensor([3.0, 1.0, 2.0]), weight)
    tensor([ 1., 10.])
    >>> dense(torch.tensor([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, torch.tensor([10.0, -10.0]), "relu")
    tensor([[11.,  0.],
            [ 6.,  0.]])

    Not allowed here: torch.nn.functional.linear.
    """
    raise NotImplementedError


def forward(
    x: torch.Tensor,
    weights: tuple[torch.Tensor, ...],
    biases: tuple[torch.Tensor, ...],
    activation: str = "relu",
    output_activation: str = "linear",
) -> torch.Tensor:
    """Return the output of a network of dense layers in a row: the output of each is the input of the next.

    Args:
        x: inputs, shape (…, s_0).
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        biases: as many; that of layer l has shape (s_l,).
        activation: of all layers but the last, for `_activate`.
        output_activation: of the last layer, for `_activate`; the default makes the outputs scores (logits).

    Returns:
        A tensor of shape (…, s_L), L the number of layers, and of x's dtype, through which autograd can go back to x,
        weights and biases.

    >>> w1, b1 = torch.tensor([[1.0, 0.0], [-1.0, 2.0], [0.5, 0.5]]), torch.tensor([0.0, 1.0, -1.0])
    >>> w2, b2 = torch.tensor([[1.0, 2.0, 4.0], [0.0, -1.0, 1.0]]), torch.tensor([0.5, 0.0])
    >>> forward(torch.tensor([[2.0, 1.0], [-3.0, 1.0]]), (w1, w2), (b1, b2))
    tensor([[ 6.5000, -0.5000],
            [12.5000, -6.0000]])

    Not allowed here: torch.nn.functional.linear.
    """
    raise NotImplementedError


def layer_outputs(
    x: torch.Tensor,
    weights: tuple[torch.Tensor, ...],
    biases: tuple[torch.Tensor, ...],
    activation: str = "relu",
    output_activation: str = "linear",
) -> tuple[torch.Tensor, ...]:
    """Return the outputs of all layers of the network of ``forward``, after their activations, the first layer first.

    The input x is not among them. All stay part of the graph: gradients may arrive at each of them.

    Args:
        x: inputs, shape (…, s_0).
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        biases: as many; that of layer l has shape (s_l,).
        activation: of all layers but the last, for `_activate`.
        output_activation: of the last layer, for `_activate`.

    Returns:
        A tuple of L tensors of shapes (…, s_1) to (…, s_L) and x's dtype; the last is what ``forward`` returns.

    >>> w1, b1 = torch.tensor([[1.0, 0.0], [-1.0, 2.0], [0.5, 0.5]]), torch.tensor([0.0, 1.0, -1.0])
    >>> w2, b2 = torch.tensor([[1.0, 2.0, 4.0], [0.0, -1.0, 1.0]]), torch.tensor([0.5, 0.0])
    >>> hidden, output = layer_outputs(torch.tensor([2.0, 1.0]), (w1, w2), (b1, b2))
    >>> hidden
    tensor([2.0000, 1.0000, 0.5000])
    >>> output
    tensor([ 6.5000, -0.5000])

    Not allowed here: torch.nn.functional.linear.
    """
    raise NotImplementedError


def count_parameters(module: torch.nn.Module, trainable_only: bool = False) -> int:
    """Return how many numbers a module has as parameters, with those of the modules inside it.

    A parameter that is used in several places counts once. Buffers, such as the running statistics of a batch
    normalization, are no parameters. A parameter is trainable if it requires a gradient.

    Args:
        module: any module.
        trainable_only: whether to leave out what is frozen.

    Returns:
        An integer.

    >>> module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    >>> count_parameters(module)
    26
    >>> _ = module[0].requires_grad_(False)
    >>> count_parameters(module, trainable_only=True)
    10
    """
    raise NotImplementedError


def collapse(weights: tuple[torch.Tensor, ...], biases: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the one dense layer that does what several do, if there is no activation between them.

    For every x, ``dense(x, weight, bias)`` is ``forward(x, weights, biases, activation="linear")``.

    Args:
        weights: one or more; that of layer l has shape (s_l, s_(l-1)).
        biases: as many; that of layer l has shape (s_l,).

    Returns:
        (weight, bias), of shapes (s_L, s_0) and (s_L,), and of the dtype of the weights; autograd can go back through
        them to all weights and biases.

    >>> weights = torch.tensor([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]]), torch.tensor([[1.0, 0.0, 2.0], [0.5, 1.0, 0.0]])
    >>> weight, bias = collapse(weights, (torch.tensor([1.0, 0.0, -1.0]), torch.tensor([0.5, 0.0])))
    >>> weight
    tensor([[7.0000, 2.0000],
            [0.5000, 2.0000]])
    >>> bias
    tensor([-0.5000,  0.5000])
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

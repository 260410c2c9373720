"""A whole network in PyTorch: first as pure functions with autograd, then as a module with an optimizer.

N examples of D features, H hidden units, C classes. The parameters travel together, as the tuple (w1, b1, w2, b2) of
shapes (H, D), (H,), (C, H) and (C,); so do their gradients and the two moments of Adam, in this order. First weights
and the order of the examples are given, and no random number is drawn. The functions of tensors change nothing in
place, and give back tensors that are no part of a graph; `update` and `evaluate` are for a module, which changes.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from mlp_library_torch import adam, cross_entropy, linear, relu
from torch import nn

Tensors = tuple[torch.Tensor, ...]


def forward(x: torch.Tensor, params: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the logits of the network: a linear layer, relu, and a second linear layer.

    Args:
        x: inputs, shape (N, D).
        params: (w1, b1, w2, b2).

    Returns:
        Logits, shape (N, C), of x's dtype, through which autograd can go back to all parameters.

    >>> w1, b1 = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), torch.tensor([0.0, -1.0, 0.5])
    >>> w2, b2 = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), torch.tensor([10.0, 20.0])
    >>> forward(torch.tensor([[3.0, 1.0], [-1.0, -2.0]]), (w1, b1, w2, b2))
    tensor([[17., 22.],
            [11., 18.]])
    """
    raise NotImplementedError


def loss_and_grads(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> tuple[torch.Tensor, Tensors]:
    """Return the loss of the network on a batch, and the gradients of its parameters, by autograd.

    The loss is the cross-entropy of the logits, as a mean over the N rows of this batch, however many they are. The
    parameters may require gradients or not; on return they do as before, and their ``grad`` is as it was.

    Args:
        x: inputs, shape (N, D); they get no gradient.
        target: class labels, int64 from 0 to C - 1, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        (loss, (grad_w1, grad_b1, grad_w2, grad_b2)): a 0-d tensor of x's dtype, and gradients of the shapes and dtypes
        of their parameters. None of them requires gradients.

    >>> w1, b1 = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), torch.tensor([0.0, -1.0, 0.5])
    >>> w2, b2 = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), torch.tensor([1.0, 3.0])
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, -2.0]]), torch.tensor([0, 1])
    >>> loss, grads = loss_and_grads(x, target, (w1, b1, w2, b2))
    >>> loss, grads[3]
    (tensor(0.6809), tensor([ 0.3418, -0.3418]))
    """
    raise NotImplementedError


def train_step(
    x: torch.Tensor,
    target: torch.Tensor,
    params: Tensors,
    exp_avg: Tensors,
    exp_avg_sq: Tensors,
    step: int,
    lr: float,
) -> tuple[torch.Tensor, Tensors, Tensors, Tensors]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step down from there.

    Adam is that of the exercise `optimizer`, with its default betas and eps; the step itself is not differentiated.

    Args:
        x: inputs, shape (N, D).
        target: class labels, shape (N,).
        params: (w1, b1, w2, b2).
        exp_avg: Adam's running averages of the gradients, one for each parameter.
        exp_avg_sq: Adam's running averages of their squares.
        step: the number of this step, from 1.
        lr: the learning rate.

    Returns:
        (loss, params, exp_avg, exp_avg_sq): the loss *before* the step, and three tuples like those that were given.

    >>> params = torch.tensor([[1.0, -2.0]]), torch.tensor([0.5]), torch.tensor([[1.0], [-1.0]]), torch.zeros(2)
    >>> zeros = tuple(torch.zeros_like(param) for param in params)
    >>> x, target = torch.tensor([[3.0, 1.0]]), torch.tensor([1])
    >>> loss, params, exp_avg, exp_avg_sq = train_step(x, target, params, zeros, zeros, 1, 0.25)
    >>> loss, params[0], params[3]
    (tensor(3.0486), tensor([[ 0.7500, -2.2500]]), tensor([-0.2500,  0.2500]))
    """
    raise NotImplementedError


def train(
    x: torch.Tensor, target: torch.Tensor, params: Tensors, order: torch.Tensor, batch_size: int, lr: float
) -> tuple[torch.Tensor, Tensors]:
    """Train the network for some epochs, and return the losses on the way and the parameters at the end.

    In every epoch the examples are taken in that epoch's order and cut into batches, with one ``train_step`` for each;
    the last batch of an epoch is smaller where the batches do not come out even. The state of Adam starts at 0 and goes
    on from epoch to epoch, and so does the number of the step.

    Args:
        x: all inputs, shape (N, D).
        target: all class labels, shape (N,).
        params: the first parameters, (w1, b1, w2, b2).
        order: int64, shape (epochs, N): order[e] holds the row numbers of x in the order of epoch e.
        batch_size: how many rows a batch has.
        lr: the learning rate.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,); and the last parameters.

    >>> params = torch.tensor([[1.0, -1.0]]), torch.tensor([0.0]), torch.tensor([[0.5], [-0.5]]), torch.zeros(2)
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0]]), torch.tensor([0, 1, 0])
    >>> losses, params = train(x, target, params, torch.tensor([[0, 1, 2], [2, 1, 0]]), 2, 0.0625)
    >>> losses
    tensor([0.4100, 0.0380, 0.3133, 0.0341])
    """
    raise NotImplementedError


def accuracy(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> float:
    """Return the fraction of the examples whose largest logit is that of their class.

    Args:
        x: inputs, shape (N, D), with N at least 1.
        target: class labels, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        A Python number from 0 to 1.

    >>> w1, b1, w2, b2 = torch.tensor([[1.0, -1.0]]), torch.zeros(1), torch.tensor([[1.0], [-1.0]]), torch.zeros(2)
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0], [0.5, 0.0]]), torch.tensor([0, 1, 1, 1])
    >>> params = w1, b1, w2, b2 + torch.tensor([-1.0, 1.0])
    >>> accuracy(x, target, params)
    0.75
    """
    raise NotImplementedError


class MLP(nn.Module):
    """The same network as a module, which owns its parameters: ``MLP(features, hidden, classes)(x)`` gives logits.

    ``parameters()`` gives them in the order w1, b1, w2, b2.

    >>> model = MLP(784, 32, 10)
    >>> model(torch.zeros(5, 784)).shape
    torch.Size([5, 10])
    >>> [tuple(param.shape) for param in model.parameters()]
    [(32, 784), (32,), (10, 32), (10,)]
    """

    def __init__(self, features: int, hidden: int, classes: int) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits, shape (N, classes), of inputs, shape (N, features)."""
        raise NotImplementedError


def update(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, target: torch.Tensor) -> float:
    """Take one step of an optimizer on a batch, and return the loss before it, as a Python number.

    Whatever gradients an earlier step, or anybody else, has left on the parameters has no effect on this one.

    Args:
        model: returns logits, shape (N, C); it is changed.
        optimizer: one of PyTorch's, for the parameters of the model; it is changed.
        x: inputs, shape (N, D).
        target: class labels, shape (N,).

    >>> model = nn.Linear(2, 2)
    >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> x, target = torch.tensor([[3.0, 1.0]]), torch.tensor([0])
    >>> [round(update(model, optimizer, x, target), 4) for _ in range(2)]
    [0.6931, 0.0]
    >>> model.bias.data
    tensor([ 0.5000, -0.5000])
    """
    raise NotImplementedError


def evaluate(model: nn.Module, x: torch.Tensor, target: torch.Tensor) -> float:
    """Return the fraction of the examples that a model gets right when it is used, and leave it ready for training.

    Layers that behave otherwise in training (dropout, batch normalization) must behave here as in use; no graph is
    built. Afterwards the model is in training mode.

    Args:
        model: returns logits, shape (N, C).
        x: inputs, shape (N, D), with N at least 1.
        target: class labels, shape (N,).

    Returns:
        A Python number from 0 to 1.

    >>> model = nn.Sequential(nn.Dropout(0.999), nn.Identity())
    >>> evaluate(model, torch.tensor([[2.0, 1.0], [0.5, 1.0], [3.0, 4.0], [1.0, 2.0]]), torch.tensor([0, 0, 1, 1]))
    0.75
    >>> model.training
    True
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

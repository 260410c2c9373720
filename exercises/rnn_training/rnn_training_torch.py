"""A recurrent network in PyTorch learns to forecast a series: as pure functions with autograd, then as a module.

L steps, N windows of the series in a batch, I inputs and O outputs a step, H hidden units. Windows have their time
first, (L, N, I). The parameters travel together, as the tuple (weight_ih, weight_hh, bias_ih, bias_hh, w, b) of shapes
(H, I), (H, H), (H,), (H,), (O, H) and (O,); so do their gradients and the two moments of Adam, in this order. First
weights and the order of the windows are given, and no random number is drawn. The functions of tensors change nothing
in place, and give back tensors that are no part of a graph; `update` and `evaluate` are for a module, which changes.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from rnn_training_library_torch import adam, clip_grad_norm, linear, mse_loss, rnn
from torch import nn

Tensors = tuple[torch.Tensor, ...]


def forward(x: torch.Tensor, params: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the forecasts of a recurrent network: a plain rnn with tanh, and a linear layer on each of its states.

    The state starts at 0 for every window: what one window has left is nothing to another.

    Args:
        x: windows of a series, time first, shape (L, N, I), with L at least 1.
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).

    Returns:
        A forecast after each step, shape (L, N, O), of x's dtype, through which autograd can go back to all parameters.

    >>> params = tuple(map(torch.tensor, ([[0.5]], [[2.0]], [0.25], [-0.25], [[10.0]], [1.0])))
    >>> x = torch.tensor([[[1.0], [0.0]], [[0.0], [0.0]], [[0.0], [-2.0]]])  # two windows of three steps
    >>> forward(x, params)[:, :, 0]
    tensor([[ 5.6212,  1.0000],
            [ 8.2789,  1.0000],
            [ 9.9683, -6.6159]])
    """
    raise NotImplementedError


def loss_and_grads(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> tuple[torch.Tensor, Tensors]:
    """Return the loss of the network on a batch of windows, and the gradients of its parameters, by autograd.

    The loss is the mean squared error of all forecasts, those after the first steps included. The parameters may
    require gradients or not; on return they do as before, and their ``grad`` is as it was.

    Args:
        x: windows of a series, shape (L, N, I); they get no gradient.
        target: what comes after each step of x, shape (L, N, O).
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).

    Returns:
        (loss, grads): a 0-d tensor of x's dtype, and gradients of the shapes and dtypes of their parameters. None of
        them requires gradients.

    >>> params = tuple(map(torch.tensor, ([[0.5]], [[2.0]], [0.25], [-0.25], [[3.0]], [1.0])))
    >>> x, target = torch.tensor([[[1.0]], [[0.0]]]), torch.tensor([[[0.0]], [[1.0]]])
    >>> loss, grads = loss_and_grads(x, target, params)
    >>> loss, torch.cat([grad.flatten() for grad in grads])
    (tensor(5.2316), tensor([10.4749,  1.4234, 13.5550, 13.5550,  2.6923,  4.5700]))
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
    max_norm: float,
) -> tuple[torch.Tensor, Tensors, Tensors, Tensors]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step with clipped gradients.

    Gradients through time can be very long: after they are computed and before Adam sees them, all are made shorter
    together, so that their total norm is at most max_norm. Adam is that of the exercise `optimizer`, with its default
    betas and eps; the step itself is not differentiated.

    Args:
        x: windows of a series, shape (L, N, I).
        target: what comes after each step of x, shape (L, N, O).
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).
        exp_avg: Adam's running averages of the gradients, one for each parameter.
        exp_avg_sq: Adam's running averages of their squares.
        step: the number of this step, from 1.
        lr: the learning rate.
        max_norm: the largest total norm of the gradients.

    Returns:
        (loss, params, exp_avg, exp_avg_sq): the loss *before* the step, and three tuples like those that were given.

    >>> params = tuple(map(torch.tensor, ([[0.5]], [[2.0]], [0.25], [-0.25], [[3.0]], [1.0])))
    >>> zeros = tuple(torch.zeros_like(param) for param in params)
    >>> x, target = torch.tensor([[[1.0]], [[0.0]]]), torch.tensor([[[0.0]], [[1.0]]])
    >>> loss, params, exp_avg, _ = train_step(x, target, params, zeros, zeros, 1, 0.25, 1.0)
    >>> loss, params[0]
    (tensor(5.2316), tensor([[0.2500]]))
    >>> torch.cat([average.flatten() / 0.1 for average in exp_avg])  # what is left of the gradients
    tensor([0.4650, 0.0632, 0.6018, 0.6018, 0.1195, 0.2029])
    """
    raise NotImplementedError


def train(
    x: torch.Tensor,
    target: torch.Tensor,
    params: Tensors,
    order: torch.Tensor,
    batch_size: int,
    lr: float,
    max_norm: float,
) -> tuple[torch.Tensor, Tensors]:
    """Train the network for some epochs, and return the losses on the way and the parameters at the end.

    In every epoch the windows are taken in that epoch's order and cut into batches, with one ``train_step`` for each;
    the last batch of an epoch is smaller where the batches do not come out even. Windows change places, the steps
    within a window do not. The state of Adam starts at 0 and goes on from epoch to epoch, and so does the number of the
    step.

    Args:
        x: all windows, shape (L, N, I).
        target: what comes after each of their steps, shape (L, N, O).
        params: the first parameters, (weight_ih, weight_hh, bias_ih, bias_hh, w, b).
        order: int64, shape (epochs, N): order[e] holds the numbers of the windows in the order of epoch e.
        batch_size: how many windows a batch has.
        lr: the learning rate.
        max_norm: the largest total norm of the gradients in a step.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,); and the last parameters.

    >>> params = tuple(map(torch.tensor, ([[0.5]], [[1.0]], [0.0], [0.0], [[1.0]], [0.0])))
    >>> x = torch.tensor([[[1.0], [-1.0], [0.5]], [[-0.5], [0.5], [-0.25]]])  # three windows of two steps
    >>> losses, params = train(x, -x / 2, params, torch.tensor([[0, 1, 2], [2, 1, 0]]), 2, 0.125, 1.0)
    >>> losses
    tensor([0.4637, 0.0853, 0.2851, 0.1940])
    """
    raise NotImplementedError


def forecast_error(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> float:
    """Return the mean squared error of the forecasts that were made with a whole window before them.

    Only the forecast after the last step of each window counts.

    Args:
        x: windows of a series, shape (L, N, I), with N at least 1.
        target: what comes after each step of x, shape (L, N, O).
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).

    Returns:
        A Python number, 0 or more, in the square of the target's unit.

    >>> params = tuple(map(torch.tensor, ([[0.5]], [[2.0]], [0.0], [0.0], [[1.0]], [0.0])))
    >>> x = torch.tensor([[[1.0], [0.0]], [[0.0], [0.0]]])
    >>> target = torch.tensor([[[9.0], [9.0]], [[0.0], [1.0]]])
    >>> round(forecast_error(x, target, params), 4)  # of the forecasts tanh(2 tanh(0.5)) = 0.728 and 0
    0.7649
    """
    raise NotImplementedError


class Forecaster(nn.Module):
    """The same network as a module, which owns its parameters: ``Forecaster(inputs, hidden, outputs)(x)``.

    ``parameters()`` gives them in the order weight_ih, weight_hh, bias_ih, bias_hh, w, b.

    >>> model = Forecaster(10, 50, 1)
    >>> model(torch.zeros(12, 7, 10)).shape
    torch.Size([12, 7, 1])
    >>> [tuple(param.shape) for param in model.parameters()]
    [(50, 10), (50, 50), (50,), (50,), (1, 50), (1,)]
    """

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return a forecast after each step, shape (L, N, outputs), of windows, shape (L, N, inputs)."""
        raise NotImplementedError


def update(
    model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, target: torch.Tensor, max_norm: float
) -> float:
    """Take one step of an optimizer on a batch, with clipped gradients, and return the loss before it.

    Whatever gradients an earlier step, or anybody else, has left on the parameters has no effect on this one.

    Args:
        model: returns forecasts, of target's shape; it is changed.
        optimizer: one of PyTorch's, for the parameters of the model; it is changed.
        x: windows of a series, shape (L, N, I).
        target: what comes after each step of x, shape (L, N, O).
        max_norm: the largest total norm of the gradients.

    Returns:
        The mean squared error, as a Python number.

    >>> model = nn.Linear(1, 1)
    >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> x, target = torch.tensor([[[4.0]]]), torch.tensor([[[3.0]]])
    >>> update(model, optimizer, x, target, 0.5)
    9.0
    >>> model.weight.data, model.bias.data
    (tensor([[0.4851]]), tensor([0.1213]))
    """
    raise NotImplementedError


def evaluate(model: nn.Module, x: torch.Tensor, target: torch.Tensor) -> float:
    """Return the mean squared error of a model's last forecasts as it is used, and leave it ready for training.

    Layers that behave otherwise in training (dropout, batch normalization) must behave here as in use; no graph is
    built. Only the forecast after the last step of each window counts. Afterwards the model is in training mode.

    Args:
        model: returns forecasts, of target's shape.
        x: windows of a series, shape (L, N, I), with N at least 1.
        target: what comes after each step of x, shape (L, N, O).

    Returns:
        A Python number, 0 or more.

    >>> model = nn.Sequential(nn.Dropout(0.999), nn.Identity())
    >>> evaluate(model, torch.tensor([[[7.0]], [[3.0]]]), torch.tensor([[[0.0]], [[1.0]]]))
    4.0
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

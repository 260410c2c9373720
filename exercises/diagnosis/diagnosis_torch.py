"""Runs that go wrong, in PyTorch: seen in curves, gradients and activations, and what cures them.

The network is that of the exercise `mlp`: N examples of D features, H hidden units, C classes, and params = (w1, b1,
w2, b2) of shapes (H, D), (H,), (C, H) and (C,). Curves have their oldest loss first; epochs and steps count from 0.
Learning rates are plain Python numbers, several of them a tuple. The functions of tensors change nothing in place, and
give back tensors that are no part of a graph; `range_test` is for a module and its optimizer.
"""

import copy
from collections.abc import Iterable, Sequence
from itertools import repeat

import torch
import torch.nn.functional as F
from diagnosis_library_torch import forward, loss_and_grads, sgd
from torch import nn

Tensors = tuple[torch.Tensor, ...]


def gradient_norms(grads: Tensors) -> torch.Tensor:
    """Return the L2 norm of each gradient: the root of the sum of the squares of all its elements.

    Args:
        grads: one gradient for each layer, first layer first; each of any shape, all of one dtype.

    Returns:
        Norms, shape (layers,), of the gradients' dtype.

    >>> gradient_norms((torch.tensor([[3.0, 0.0], [0.0, -4.0]]), torch.tensor([1.0, -2.0, 2.0])))
    tensor([5., 3.])
    """
    raise NotImplementedError


def gradient_trouble(norms: torch.Tensor, low: float = 1e-3, high: float = 1e3) -> str:
    """Say whether gradients shrink or grow too much on their way back from the last layer to the first.

    The first of these rules that holds decides: "exploding" if any norm is NaN or infinite; "vanishing" if the first
    norm is below ``low`` times the last; "exploding" if the first is above ``high`` times the last; else "fine".
    The norms between them decide nothing, as long as they are finite.

    Args:
        norms: the norm of each layer's gradient, first layer first, shape (layers,), with layers at least 1.
        low, high: the bounds.

    >>> gradient_trouble(torch.tensor([1e-6, 0.01, 2.0])), gradient_trouble(torch.tensor([0.5, 4.0, 2.0]))
    ('vanishing', 'fine')
    >>> gradient_trouble(torch.tensor([60.0, 4.0, 2.0]), high=10.0)
    'exploding'
    """
    raise NotImplementedError


def dead_units(activations: torch.Tensor) -> torch.Tensor:
    """Find the units that are above 0 for no example at all.

    Args:
        activations: what a layer gives, before relu or after it, shape (N, H), N at least 1, without NaN.

    Returns:
        Booleans, shape (H,): True where a unit is dead.

    >>> dead_units(torch.tensor([[0.0, 2.0, -1.0], [0.0, 0.0, 1.0]]))
    tensor([ True, False, False])
    """
    raise NotImplementedError


def revive(w1: torch.Tensor, b1: torch.Tensor, dead: torch.Tensor, fresh: torch.Tensor) -> Tensors:
    """Start dead units anew: their row of weights is the row of ``fresh``, their bias is 0. Others stay as they are.

    Args:
        w1: weights, shape (H, D).
        b1: biases, shape (H,).
        dead: booleans, shape (H,).
        fresh: newly drawn weights, shape (H, D).

    Returns:
        (w1, b1), new tensors.

    >>> w1, fresh = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[0.5, -0.5], [0.25, 0.75]])
    >>> revive(w1, torch.tensor([-1.0, -9.0]), torch.tensor([False, True]), fresh)
    (tensor([[1.0000, 2.0000],
            [0.2500, 0.7500]]), tensor([-1.,  0.]))
    """
    raise NotImplementedError


def smoothed(losses: torch.Tensor, beta: float = 0.9) -> torch.Tensor:
    """Smooth a curve by an exponential moving average that starts at 0, and correct its bias.

    With a_0 = 0 and a_t = beta · a_(t-1) + (1 - beta) · loss_t for t = 1, 2, …, the smoothed loss is
    a_t / (1 - beta^t). It looks back only: no later loss has an influence on it.

    Args:
        losses: finite losses, shape (steps,).
        beta: how much of the average stays, from 0 to below 1.

    Returns:
        A tensor of the shape and dtype of losses.

    >>> smoothed(torch.tensor([4.0, 1.0, 1.0]), 0.5)
    tensor([4.0000, 2.0000, 1.4286])
    """
    raise NotImplementedError


def range_test_lrs(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Return learning rates from low to high, both included, of which each is the same multiple of the one before.

    Args:
        low, high: the first and the last, 0 < low < high.
        steps: how many, at least 2.

    Returns:
        A tuple of Python numbers.

    >>> [round(lr, 4) for lr in range_test_lrs(0.01, 10.0, 4)]
    [0.01, 0.1, 1.0, 10.0]
    """
    raise NotImplementedError


def lr_range_test(
    x: torch.Tensor, target: torch.Tensor, params: Tensors, order: torch.Tensor, batch_size: int, lrs: Sequence[float]
) -> torch.Tensor:
    """Train for a few steps of plain sgd, each with a learning rate of its own, and return the losses before them.

    The batches are those of a training, in its order: in each epoch order[e] is cut into batches, whose last one may
    be short. Step k takes batch k and lrs[k]; it goes on from what the step before has left. If the loss becomes NaN or
    infinite, the run goes on all the same.

    Args:
        x: all inputs, shape (N, D).
        target: all class labels, shape (N,).
        params: the first parameters, (w1, b1, w2, b2).
        order: int64, shape (epochs, N).
        batch_size: how many rows a batch has.
        lrs: learning rates, not more than there are batches.

    Returns:
        Losses, shape (len(lrs),), of x's dtype.

    >>> params = torch.tensor([[1.0, -1.0]]), torch.zeros(1), torch.tensor([[0.5], [-0.5]]), torch.zeros(2)
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0]]), torch.tensor([0, 1, 0])
    >>> lr_range_test(x, target, params, torch.tensor([[0, 1, 2], [2, 1, 0]]), 2, (0.125, 0.5, 2.0))
    tensor([0.4100, 0.0459, 0.3585])
    """
    raise NotImplementedError


def suggest_lr(lrs: Sequence[float], losses: torch.Tensor, beta: float = 0.9, skip: int = 10) -> float:
    """Choose a learning rate by a range test: that of the step after which the smoothed loss falls most.

    1. The first loss that is NaN or infinite, and all after it, are left out.
    2. The others are smoothed, all of them, with ``smoothed(…, beta)``; let s be that curve, and m the step of its
       lowest value (the first, if there are several).
    3. Of the steps k with skip <= k < m, the one with the smallest s[k + 1] - s[k] is chosen (the first of several).
       Losses are taken before the step, so this fall is what lrs[k] has done. The first ``skip`` steps are no
       candidates: their averages are of so few losses that they follow each single one.

    Args:
        lrs: learning rates, each the same multiple of the one before.
        losses: the loss before each step, shape (len(lrs),).
        beta: see ``smoothed``.
        skip: how many steps at the beginning are no candidates.

    Returns:
        One of lrs.

    Raises:
        ValueError: if there is no such k.

    >>> losses = torch.tensor([4.0, 2.0, 2.0, 1.5, 0.25, 8.0, torch.nan, 0.0])
    >>> suggest_lr((1e-3, 0.01, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4), losses, 0.5, 2)
    1.0
    """
    raise NotImplementedError


def generalization_gap(train_losses: torch.Tensor, val_losses: torch.Tensor) -> torch.Tensor:
    """Return for each epoch how much higher the loss is on data that the training does not see.

    Args:
        train_losses: shape (epochs,).
        val_losses: shape (epochs,).

    Returns:
        The validation loss minus the training loss, with its sign, shape (epochs,).

    >>> generalization_gap(torch.tensor([2.0, 1.0, 0.25]), torch.tensor([1.5, 1.25, 2.0]))
    tensor([-0.5000,  0.2500,  1.7500])
    """
    raise NotImplementedError


def overfitting_from(train_losses: torch.Tensor, val_losses: torch.Tensor, patience: int) -> int | None:
    """Return the epoch from which on a finished run overfits: it still learns its data, and others no longer.

    Let b be the epoch of the lowest validation loss (the first, if there are several). The run overfits from b on if
    at least ``patience`` epochs came after b, and the training loss of the last epoch is lower than that of epoch b.

    Args:
        train_losses, val_losses: finite losses, shape (epochs,), with epochs at least 1.
        patience: how many epochs, at least 1.

    Returns:
        b, counted from 0, or None if the run does not overfit.

    >>> train_losses, val_losses = torch.tensor([2.0, 1.0, 0.5, 0.25]), torch.tensor([2.0, 1.25, 1.5, 1.75])
    >>> overfitting_from(train_losses, val_losses, 2)
    1
    >>> overfitting_from(train_losses, val_losses, 3) is None
    True
    """
    raise NotImplementedError


def diagnose(
    train_losses: torch.Tensor, val_losses: torch.Tensor, norms: torch.Tensor, dead_fraction: float, goal: float
) -> str:
    """Name what is wrong with a finished run. The first of these rules that holds decides.

    1. "diverged": a loss is NaN or infinite, or the last training loss is above the first.
    2. "dead": more than half of the hidden units are dead.
    3. "exploding" or "vanishing": ``gradient_trouble`` of the norms says so, with its own bounds.
    4. "overfitting": ``overfitting_from`` finds an epoch, with a patience of 3.
    5. "healthy": the last training loss is at most ``goal``.
    6. "slow": the training loss has fallen, from epoch (epochs // 2) to the last, by at least a quarter of what it has
       fallen from the first to the last: it is still on its way.
    7. "underfitting": none of these. The loss has levelled off above the goal.

    Args:
        train_losses, val_losses: one loss for each epoch, shape (epochs,), with epochs at least 2.
        norms: the norm of each layer's gradient, first layer first, shape (layers,).
        dead_fraction: what part of the hidden units is dead, from 0 to 1.
        goal: the training loss that is hoped for.

    >>> norms = torch.tensor([0.5, 1.0])
    >>> diagnose(torch.tensor([2.3, 2.2, 2.1, 2.0]), torch.tensor([2.3, 2.2, 2.1, 2.05]), norms, 0.1, 0.5)
    'slow'
    >>> diagnose(torch.tensor([2.3, 1.5, 1.25, 1.24]), torch.tensor([2.3, 1.6, 1.3, 1.25]), norms, 0.1, 0.5)
    'underfitting'
    """
    raise NotImplementedError


def cured_training(
    x: torch.Tensor,
    target: torch.Tensor,
    params: Tensors,
    order: torch.Tensor,
    batch_size: int,
    lrs: Sequence[float],
    skip: int = 10,
) -> tuple[torch.Tensor, Tensors]:
    """Find a learning rate by a range test, and train with it, by plain sgd and from the same first parameters.

    The rate is that of ``suggest_lr(lrs, losses, skip=skip)`` with the losses of ``lr_range_test``. What the test has
    made of the parameters is thrown away. The training goes through the whole order, from its first batch on.

    Args:
        x: all inputs, shape (N, D).
        target: all class labels, shape (N,).
        params: the first parameters, (w1, b1, w2, b2).
        order: int64, shape (epochs, N): order[e] holds the row numbers of x in the order of epoch e.
        batch_size: how many rows a batch has; the last of an epoch may be short.
        lrs: the rates to test, not more than there are batches.
        skip: see ``suggest_lr``.

    Returns:
        (losses, params): the loss before each step of the training, shape (steps,), and the last parameters.

    Raises:
        ValueError: if the test suggests nothing.

    >>> params = torch.tensor([[1.0, -1.0]]), torch.zeros(1), torch.tensor([[0.5], [-0.5]]), torch.zeros(2)
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0]]), torch.tensor([0, 1, 0])
    >>> order, lrs = torch.tensor([[0, 1, 2], [2, 1, 0]]), (0.125, 0.5, 2.0)
    >>> losses, params = cured_training(x, target, params, order, 2, lrs, 0)
    >>> losses
    tensor([0.4100, 0.0459, 0.3574, 0.1081])
    """
    raise NotImplementedError


def balanced_accuracy(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> float:
    """Return the mean over the classes of what part of a class's examples the network gets right.

    A rare class counts as much as a frequent one. Classes of which there is no example are left out.

    Args:
        x: inputs, shape (N, D), with N at least 1.
        target: class labels, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        A Python number from 0 to 1.

    >>> w1, b1, w2, b2 = torch.tensor([[1.0, -1.0]]), torch.zeros(1), torch.tensor([[1.0], [-1.0]]), torch.zeros(2)
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0], [0.5, 0.0]]), torch.tensor([0, 1, 1, 1])
    >>> round(balanced_accuracy(x, target, (w1, b1, w2, b2 + torch.tensor([-1.0, 1.0]))), 4)
    0.8333
    """
    raise NotImplementedError


def range_test(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: Sequence[tuple[torch.Tensor, torch.Tensor]],
    lrs: Sequence[float],
) -> tuple[float, ...]:
    """Do a range test with a model and its optimizer, and leave both as they were.

    Step k takes ``batches[k]`` and the rate ``lrs[k]`` for *all* the optimizer's parameters, whatever their own rates;
    it is a step of this optimizer, on the mean cross-entropy. Gradients that somebody has left have no effect.
    Afterwards the model's parameters and buffers, the optimizer's state and its learning rates are what they were
    before.

    Args:
        model: in training mode; returns logits, shape (N, C).
        optimizer: one of PyTorch's, for the parameters of the model.
        batches: pairs (x, target) of shapes (N, D) and (N,).
        lrs: as many learning rates.

    Returns:
        The loss before each step, as Python numbers.

    >>> model = nn.Linear(2, 2)
    >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    >>> batch = torch.tensor([[3.0, 1.0]]), torch.tensor([0])
    >>> [round(loss, 4) for loss in range_test(model, optimizer, [batch, batch], (0.125, 1.0))]
    [0.6931, 0.2254]
    >>> model.bias.data, optimizer.param_groups[0]["lr"]
    (tensor([0., 0.]), 0.5)
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

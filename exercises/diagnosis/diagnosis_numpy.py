"""Runs that go wrong, in NumPy: seen in curves, gradients and activations, and what cures them.

The network is that of the exercise `mlp`: N examples of D features, H hidden units, C classes, and params = (w1, b1,
w2, b2) of shapes (H, D), (H,), (C, H) and (C,). Curves have their oldest loss first; epochs and steps count from 0.
Learning rates are plain Python numbers, several of them a tuple: an element of a float64 array would make float64 of
float32 parameters. No array is changed in place.
"""

from collections.abc import Iterable, Sequence
from itertools import repeat

import numpy as np
from diagnosis_library_numpy import forward, loss_and_grads, sgd

Arrays = tuple[np.ndarray, ...]


def gradient_norms(grads: Arrays) -> np.ndarray:
    """Return the L2 norm of each gradient: the root of the sum of the squares of all its elements.

    Args:
        grads: one gradient for each layer, first layer first; each of any shape, all of one dtype.

    Returns:
        Norms, shape (layers,), of the gradients' dtype.

    >>> gradient_norms((np.array([[3.0, 0.0], [0.0, -4.0]]), np.array([1.0, -2.0, 2.0])))
    array([5., 3.])
    """
    raise NotImplementedError


def gradient_trouble(norms: np.ndarray, low: float = 1e-3, high: float = 1e3) -> str:
    """Say whether gradients shrink or grow too much on their way back from the last layer to the first.

    The first of these rules that holds decides: "exploding" if any norm is NaN or infinite; "vanishing" if the first
    norm is below ``low`` times the last; "exploding" if the first is above ``high`` times the last; else "fine".
    The norms between them decide nothing, as long as they are finite.

    Args:
        norms: the norm of each layer's gradient, first layer first, shape (layers,), with layers at least 1.
        low, high: the bounds.

    >>> gradient_trouble(np.array([1e-6, 0.01, 2.0])), gradient_trouble(np.array([0.5, 4.0, 2.0]))
    ('vanishing', 'fine')
    >>> gradient_trouble(np.array([60.0, 4.0, 2.0]), high=10.0)
    'exploding'
    """
    raise NotImplementedError


def dead_units(activations: np.ndarray) -> np.ndarray:
    """Find the units that are above 0 for no example at all.

    Args:
        activations: what a layer gives, before relu or after it, shape (N, H), N at least 1, without NaN.

    Returns:
        Booleans, shape (H,): True where a unit is dead.

    >>> dead_units(np.array([[0.0, 2.0, -1.0], [0.0, 0.0, 1.0]]))
    array([ True, False, False])
    """
    raise NotImplementedError


def revive(w1: np.ndarray, b1: np.ndarray, dead: np.ndarray, fresh: np.ndarray) -> Arrays:
    """Start dead units anew: their row of weights is the row of ``fresh``, their bias is 0. Others stay as they are.

    Args:
        w1: weights, shape (H, D).
        b1: biases, shape (H,).
        dead: booleans, shape (H,).
        fresh: newly drawn weights, shape (H, D).

    Returns:
        (w1, b1), new arrays.

    >>> w1, fresh = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.5, -0.5], [0.25, 0.75]])
    >>> revive(w1, np.array([-1.0, -9.0]), np.array([False, True]), fresh)
    (array([[1.  , 2.  ],
           [0.25, 0.75]]), array([-1.,  0.]))
    """
    raise NotImplementedError


def smoothed(losses: np.ndarray, beta: float = 0.9) -> np.ndarray:
    """Smooth a curve by an exponential moving average that starts at 0, and correct its bias.

    With a_0 = 0 and a_t = beta · a_(t-1) + (1 - beta) · loss_t for t = 1, 2, …, the smoothed loss is
    a_t / (1 - beta^t). It looks back only: no later loss has an influence on it.

    Args:
        losses: finite losses, shape (steps,).
        beta: how much of the average stays, from 0 to below 1.

    Returns:
        An array of the shape and dtype of losses.

    >>> smoothed(np.array([4.0, 1.0, 1.0]), 0.5)
    array([4.        , 2.        , 1.42857143])
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
    x: np.ndarray, target: np.ndarray, params: Arrays, order: np.ndarray, batch_size: int, lrs: Sequence[float]
) -> np.ndarray:
    """Train for a few steps of plain sgd, each with a learning rate of its own, and return the losses before them.

    The batches are those of a training, in its order: in each epoch order[e] is cut into batches, whose last one may
    be short. Step k takes batch k and lrs[k]; it goes on from what the step before has left. If the loss becomes NaN or
    infinite, the run goes on all the same.

    Args:
        x: all inputs, shape (N, D).
        target: all class labels, shape (N,).
        params: the first parameters, (w1, b1, w2, b2).
        order: integers, shape (epochs, N).
        batch_size: how many rows a batch has.
        lrs: learning rates, not more than there are batches.

    Returns:
        Losses, shape (len(lrs),), of x's dtype.

    >>> params = np.array([[1.0, -1.0]]), np.array([0.0]), np.array([[0.5], [-0.5]]), np.array([0.0, 0.0])
    >>> x, target = np.array([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0]]), np.array([0, 1, 0])
    >>> lr_range_test(x, target, params, np.array([[0, 1, 2], [2, 1, 0]]), 2, (0.125, 0.5, 2.0)).round(4)
    array([0.41  , 0.0459, 0.3585])
    """
    raise NotImplementedError


def suggest_lr(lrs: Sequence[float], losses: np.ndarray, beta: float = 0.9, skip: int = 10) -> float:
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

    >>> losses = np.array([4.0, 2.0, 2.0, 1.5, 0.25, 8.0, np.nan, 0.0])
    >>> suggest_lr((1e-3, 0.01, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4), losses, 0.5, 2)
    1.0
    """
    raise NotImplementedError


def generalization_gap(train_losses: np.ndarray, val_losses: np.ndarray) -> np.ndarray:
    """Return for each epoch how much higher the loss is on data that the training does not see.

    Args:
        train_losses: shape (epochs,).
        val_losses: shape (epochs,).

    Returns:
        The validation loss minus the training loss, with its sign, shape (epochs,).

    >>> generalization_gap(np.array([2.0, 1.0, 0.25]), np.array([1.5, 1.25, 2.0]))
    array([-0.5 ,  0.25,  1.75])
    """
    raise NotImplementedError


def overfitting_from(train_losses: np.ndarray, val_losses: np.ndarray, patience: int) -> int | None:
    """Return the epoch from which on a finished run overfits: it still learns its data, and others no longer.

    Let b be the epoch of the lowest validation loss (the first, if there are several). The run overfits from b on if
    at least ``patience`` epochs came after b, and the training loss of the last epoch is lower than that of epoch b.

    Args:
        train_losses, val_losses: finite losses, shape (epochs,), with epochs at least 1.
        patience: how many epochs, at least 1.

    Returns:
        b, counted from 0, or None if the run does not overfit.

    >>> train_losses, val_losses = np.array([2.0, 1.0, 0.5, 0.25]), np.array([2.0, 1.25, 1.5, 1.75])
    >>> overfitting_from(train_losses, val_losses, 2)
    1
    >>> overfitting_from(train_losses, val_losses, 3) is None
    True
    """
    raise NotImplementedError


def diagnose(
    train_losses: np.ndarray, val_losses: np.ndarray, norms: np.ndarray, dead_fraction: float, goal: float
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

    >>> norms = np.array([0.5, 1.0])
    >>> diagnose(np.array([2.3, 2.2, 2.1, 2.0]), np.array([2.3, 2.2, 2.1, 2.05]), norms, 0.1, 0.5)
    'slow'
    >>> diagnose(np.array([2.3, 1.5, 1.25, 1.24]), np.array([2.3, 1.6, 1.3, 1.25]), norms, 0.1, 0.5)
    'underfitting'
    """
    raise NotImplementedError


def cured_training(
    x: np.ndarray,
    target: np.ndarray,
    params: Arrays,
    order: np.ndarray,
    batch_size: int,
    lrs: Sequence[float],
    skip: int = 10,
) -> tuple[np.ndarray, Arrays]:
    """Find a learning rate by a range test, and train with it, by plain sgd and from the same first parameters.

    The rate is that of ``suggest_lr(lrs, losses, skip=skip)`` with the losses of ``lr_range_test``. What the test has
    made of the parameters is thrown away. The training goes through the whole order, from its first batch on.

    Args:
        x: all inputs, shape (N, D).
        target: all class labels, shape (N,).
        params: the first parameters, (w1, b1, w2, b2).
        order: integers, shape (epochs, N): order[e] holds the row numbers of x in the order of epoch e.
        batch_size: how many rows a batch has; the last of an epoch may be short.
        lrs: the rates to test, not more than there are batches.
        skip: see ``suggest_lr``.

    Returns:
        (losses, params): the loss before each step of the training, shape (steps,), and the last parameters.

    Raises:
        ValueError: if the test suggests nothing.

    >>> params = np.array([[1.0, -1.0]]), np.array([0.0]), np.array([[0.5], [-0.5]]), np.array([0.0, 0.0])
    >>> x, target = np.array([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0]]), np.array([0, 1, 0])
    >>> losses, params = cured_training(x, target, params, np.array([[0, 1, 2], [2, 1, 0]]), 2, (0.125, 0.5, 2.0), 0)
    >>> losses.round(4)
    array([0.41  , 0.0459, 0.3574, 0.1081])
    """
    raise NotImplementedError


def balanced_accuracy(x: np.ndarray, target: np.ndarray, params: Arrays) -> float:
    """Return the mean over the classes of what part of a class's examples the network gets right.

    A rare class counts as much as a frequent one. Classes of which there is no example are left out.

    Args:
        x: inputs, shape (N, D), with N at least 1.
        target: class labels, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        A Python number from 0 to 1.

    >>> params = np.array([[1.0, -1.0]]), np.array([0.0]), np.array([[1.0], [-1.0]]), np.array([-1.0, 1.0])
    >>> balanced_accuracy(np.array([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0], [0.5, 0.0]]), np.array([0, 1, 1, 1]), params)
    0.8333333333333333
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

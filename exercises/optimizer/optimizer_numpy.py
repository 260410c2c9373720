"""Optimizers in NumPy: from a parameter, its gradient and what is remembered of earlier ones, to the next parameter.

Every optimizer is a pure function of one array: it returns a new parameter, and a new state where it has one, and
changes nothing in place. State starts at 0 and has the parameter's shape and dtype; everything is element by element.
"""

import math

import numpy as np


def sgd(param: np.ndarray, grad: np.ndarray, lr: float, weight_decay: float = 0.0) -> np.ndarray:
    """Return the parameter after one step of gradient descent, with weight decay as an L2 penalty.

    The penalty is weight_decay/2 times the sum of the squared parameters: its own gradient joins ``grad`` before the
    step.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        lr: the learning rate.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new parameter (the array itself, no tuple), of param's shape and dtype.

    >>> sgd(np.array([1.0, -2.0]), np.array([0.5, 4.0]), 0.1, 0.5)
    array([ 0.9, -2.3])
    """
    raise NotImplementedError


def sgd_momentum(
    param: np.ndarray,
    grad: np.ndarray,
    momentum_buffer: np.ndarray,
    lr: float,
    momentum: float = 0.9,
    nesterov: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Return parameter and buffer after one step of gradient descent with momentum.

    The buffer keeps the fraction ``momentum`` of itself and gains the whole gradient, not (1 - momentum) of it. The
    learning rate is applied where the parameter moves, never inside the buffer. Without Nesterov the parameter moves
    along the *new* buffer; with it, along the gradient plus ``momentum`` times the new buffer. The buffer that is
    returned is the same in both cases.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        momentum_buffer: what earlier steps have left, of the same shape; 0 before the first.
        lr: the learning rate, which may change from step to step.
        momentum: how much of the buffer stays, from 0 to below 1.
        nesterov: whether to look one step ahead.

    Returns:
        The new param and the new momentum_buffer, of param's shape and dtype.

    >>> param, grad, buffer = np.array([1.0, -2.0]), np.array([0.5, 4.0]), np.array([2.0, -1.0])
    >>> sgd_momentum(param, grad, buffer, 0.1, 0.5)
    (array([ 0.85, -2.35]), array([1.5, 3.5]))
    >>> sgd_momentum(param, grad, buffer, 0.1, 0.5, True)
    (array([ 0.875, -2.575]), array([1.5, 3.5]))
    """
    raise NotImplementedError


def adam(
    param: np.ndarray,
    grad: np.ndarray,
    exp_avg: np.ndarray,
    exp_avg_sq: np.ndarray,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameter and both moments after one step of Adam.

    Running averages of the gradient and of its square are kept with the two betas. Both start at 0, so copies of them
    are corrected for that with the number of this update; what is returned as state is *not* corrected. The step is the
    corrected average divided by (the root of the corrected average square, plus eps): eps stands outside the root.
    weight_decay is an L2 penalty: weight_decay·param joins the gradient before anything else (decay that is coupled).

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        exp_avg: the running average of gradients, of the same shape; 0 before the first update.
        exp_avg_sq: the running average of squared gradients, of the same shape; 0 before the first update.
        step: the number of this update: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = np.array([1.0, -2.0]), np.array([0.5, -4.0]), np.zeros(2)
    >>> new_param, exp_avg, exp_avg_sq = adam(param, grad, zero, zero, 1, lr=0.1)
    >>> new_param.round(4)
    array([ 0.9, -1.9])
    >>> exp_avg.round(4), exp_avg_sq.round(6)
    (array([ 0.05, -0.4 ]), array([0.00025, 0.016  ]))
    """
    raise NotImplementedError


def adamw(
    param: np.ndarray,
    grad: np.ndarray,
    exp_avg: np.ndarray,
    exp_avg_sq: np.ndarray,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameter and both moments after one step of AdamW: Adam with decay that is decoupled.

    The decay does not join the gradient, and the moments never see it. The *old* parameter is shrunk, by the share
    lr·weight_decay of itself; Adam's step is then taken from there, with the plain gradient.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        exp_avg: the running average of gradients, of the same shape; 0 before the first update.
        exp_avg_sq: the running average of squared gradients, of the same shape; 0 before the first update.
        step: the number of this update: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the decay; not 0 by default.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = np.array([1.0, -2.0]), np.array([0.5, -4.0]), np.zeros(2)
    >>> adamw(param, grad, zero, zero, 1, lr=0.1, weight_decay=0.5)[0].round(4)
    array([ 0.85, -1.8 ])
    """
    raise NotImplementedError


def rmsprop(
    param: np.ndarray,
    grad: np.ndarray,
    square_avg: np.ndarray,
    lr: float = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray]:
    """Return parameter and average square after one step of RMSprop.

    The state is a running average of squared gradients, of which the fraction alpha stays; the squares are stored, not
    their root, and nothing is corrected for the start at 0. The gradient is divided by (the root of the *new* average,
    plus eps): eps stands outside the root.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        square_avg: the running average of squared gradients, of the same shape; 0 before the first update.
        lr: the learning rate.
        alpha: how much of square_avg stays.
        eps: added to the root, so that nothing is divided by 0.

    Returns:
        The new param and square_avg, of param's shape and dtype.

    >>> param, square_avg = rmsprop(np.array([1.0, -2.0]), np.array([2.0, -0.5]), np.zeros(2), 0.1, 0.75)
    >>> param.round(4), square_avg
    (array([ 0.8, -1.8]), array([1.    , 0.0625]))
    """
    raise NotImplementedError


def clip_grad_norm(grads: tuple[np.ndarray, ...], max_norm: float) -> tuple[list[np.ndarray], float]:
    """Return gradients whose total norm is at most max_norm, and the total norm that they had.

    The total norm is that of all elements of all arrays, as if they were one long vector. Every array is multiplied by
    the same factor, max_norm/(total norm + 1e-6), but never by more than 1: small gradients stay as they are.
    Nothing is changed in place.

    Args:
        grads: the gradients of all parameters: one array or more, of any shapes, 0-d ones among them.
        max_norm: the largest total norm allowed, positive.

    Returns:
        The gradients, in the same order, of the same shapes and dtype (a list or a tuple), and the total norm *before*
        clipping, a scalar of that dtype (a Python float is right too).

    >>> (a, b), total = clip_grad_norm((np.array([2.0, -1.0]), np.array([[2.0]])), 1.5)
    >>> a.round(4), b.round(4), float(total)
    (array([ 1. , -0.5]), array([[1.]]), 3.0)
    """
    raise NotImplementedError


def warmup_cosine(step: int, max_lr: float, min_lr: float, warmup_steps: int, total_steps: int) -> float:
    """Return the learning rate of one step: up in a straight line, then down along half a cosine.

    In the warm-up, while step < warmup_steps, it rises from 0 in proportion to the step, as if to reach max_lr at
    step = warmup_steps. From there it falls from max_lr to min_lr along half a period of a cosine, which ends at
    total_steps; from then on it stays min_lr.

    Args:
        step: the number of steps already taken, from 0; it may go beyond total_steps.
        max_lr: the learning rate at the top.
        min_lr: the learning rate at the end; the warm-up knows nothing of it.
        warmup_steps: the length of the warm-up; 0 for none.
        total_steps: where the decay ends, counted from step 0; larger than warmup_steps.

    Returns:
        The learning rate, a Python float (a NumPy scalar is right too).

    >>> [round(warmup_cosine(step, 1.0, 0.1, 4, 10), 4) for step in (0, 3, 4, 7, 9, 10, 99)]
    [0.0, 0.75, 1.0, 0.55, 0.1603, 0.1, 0.1]
    """
    raise NotImplementedError


def adagrad(
    param: np.ndarray,
    grad: np.ndarray,
    state_sum: np.ndarray,
    lr: float = 1e-2,
    eps: float = 1e-10,
) -> tuple[np.ndarray, np.ndarray]:
    """Return parameter and sum of squares after one step of Adagrad.

    The state is the plain sum of all squared gradients so far, this one included; nothing of it is ever forgotten. The
    gradient is divided by (the root of the new sum, plus eps): eps stands outside the root.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        state_sum: the sum of squared gradients, of the same shape; 0 before the first update.
        lr: the learning rate.
        eps: added to the root, so that nothing is divided by 0.

    Returns:
        The new param and state_sum, of param's shape and dtype.

    >>> param, state_sum = adagrad(np.array([1.0, -2.0]), np.array([3.0, -2.0]), np.array([0.0, 12.0]), 0.1)
    >>> param.round(4), state_sum
    (array([ 0.9 , -1.95]), array([ 9., 16.]))
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

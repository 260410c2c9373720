"""A recurrent network in NumPy learns to forecast a series: at every step, the value of the next one.

L steps, N windows of the series in a batch, I inputs and O outputs a step, H hidden units. Windows have their time
first, (L, N, I). The parameters travel together, as the tuple (weight_ih, weight_hh, bias_ih, bias_hh, w, b) of shapes
(H, I), (H, H), (H,), (H,), (O, H) and (O,); so do their gradients and the two moments of Adam, in this order.
Everything here is decided by its arguments: first weights and the order of the windows are given, no random number is
drawn, and no array is changed in place.
"""

import numpy as np
from rnn_training_library_numpy import (
    adam,
    clip_grad_norm,
    linear,
    linear_backward,
    mse_loss,
    mse_loss_backward,
    rnn,
    rnn_backward,
)

Arrays = tuple[np.ndarray, ...]


def forward(x: np.ndarray, params: Arrays) -> np.ndarray:
    """Return the forecasts of a recurrent network: a plain rnn with tanh, and a linear layer on each of its states.

    The state starts at 0 for every window: what one window has left is nothing to another.

    Args:
        x: windows of a series, time first, shape (L, N, I), with L at least 1.
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).

    Returns:
        A forecast after each step, shape (L, N, O), of x's dtype.

    >>> params = tuple(map(np.array, ([[0.5]], [[2.0]], [0.25], [-0.25], [[10.0]], [1.0])))
    >>> x = np.array([[[1.0], [0.0]], [[0.0], [0.0]], [[0.0], [-2.0]]])  # two windows of three steps
    >>> forward(x, params)[:, :, 0].round(3)
    array([[ 5.621,  1.   ],
           [ 8.279,  1.   ],
           [ 9.968, -6.616]])
    """
    raise NotImplementedError


def loss_and_grads(x: np.ndarray, target: np.ndarray, params: Arrays) -> tuple[np.floating, Arrays]:
    """Return the loss of the network on a batch of windows, and the gradients of its parameters through time.

    The loss is the mean squared error of all forecasts, those after the first steps included.

    Args:
        x: windows of a series, shape (L, N, I); they get no gradient.
        target: what comes after each step of x, shape (L, N, O).
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).

    Returns:
        (loss, grads): a scalar of x's dtype, and gradients of the shapes and dtypes of their parameters.

    >>> params = tuple(map(np.array, ([[0.5]], [[2.0]], [0.25], [-0.25], [[3.0]], [1.0])))
    >>> x, target = np.array([[[1.0]], [[0.0]]]), np.array([[[0.0]], [[1.0]]])
    >>> loss, grads = loss_and_grads(x, target, params)
    >>> round(float(loss), 4)
    5.2316
    >>> np.concatenate([grad.ravel() for grad in grads]).round(4)
    array([10.4749,  1.4234, 13.555 , 13.555 ,  2.6923,  4.57  ])
    """
    raise NotImplementedError


def train_step(
    x: np.ndarray,
    target: np.ndarray,
    params: Arrays,
    exp_avg: Arrays,
    exp_avg_sq: Arrays,
    step: int,
    lr: float,
    max_norm: float,
) -> tuple[np.floating, Arrays, Arrays, Arrays]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step with clipped gradients.

    Gradients through time can be very long: after they are computed and before Adam sees them, all are made shorter
    together, so that their total norm is at most max_norm. Adam is that of the exercise `optimizer`, with its default
    betas and eps.

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

    >>> params = tuple(map(np.array, ([[0.5]], [[2.0]], [0.25], [-0.25], [[3.0]], [1.0])))
    >>> zeros = tuple(np.zeros_like(param) for param in params)
    >>> x, target = np.array([[[1.0]], [[0.0]]]), np.array([[[0.0]], [[1.0]]])
    >>> loss, params, exp_avg, _ = train_step(x, target, params, zeros, zeros, 1, 0.25, 1.0)
    >>> round(float(loss), 4), float(params[0][0, 0].round(4))
    (5.2316, 0.25)
    >>> np.concatenate([average.ravel() / 0.1 for average in exp_avg]).round(4)  # what is left of the gradients
    array([0.465 , 0.0632, 0.6018, 0.6018, 0.1195, 0.2029])
    """
    raise NotImplementedError


def train(
    x: np.ndarray,
    target: np.ndarray,
    params: Arrays,
    order: np.ndarray,
    batch_size: int,
    lr: float,
    max_norm: float,
) -> tuple[np.ndarray, Arrays]:
    """Train the network for some epochs, and return the losses on the way and the parameters at the end.

    In every epoch the windows are taken in that epoch's order and cut into batches, with one ``train_step`` for each;
    the last batch of an epoch is smaller where the batches do not come out even. Windows change places, the steps
    within a window do not. The state of Adam starts at 0 and goes on from epoch to epoch, and so does the number of the
    step.

    Args:
        x: all windows, shape (L, N, I).
        target: what comes after each of their steps, shape (L, N, O).
        params: the first parameters, (weight_ih, weight_hh, bias_ih, bias_hh, w, b).
        order: integers, shape (epochs, N): order[e] holds the numbers of the windows in the order of epoch e.
        batch_size: how many windows a batch has.
        lr: the learning rate.
        max_norm: the largest total norm of the gradients in a step.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,) and of x's dtype; and the last parameters.

    >>> params = tuple(map(np.array, ([[0.5]], [[1.0]], [0.0], [0.0], [[1.0]], [0.0])))
    >>> x = np.array([[[1.0], [-1.0], [0.5]], [[-0.5], [0.5], [-0.25]]])  # three windows of two steps
    >>> losses, params = train(x, -x / 2, params, np.array([[0, 1, 2], [2, 1, 0]]), 2, 0.125, 1.0)
    >>> losses.round(4)
    array([0.4637, 0.0853, 0.2851, 0.194 ])
    """
    raise NotImplementedError


def forecast_error(x: np.ndarray, target: np.ndarray, params: Arrays) -> float:
    """Return the mean squared error of the forecasts that were made with a whole window before them.

    Only the forecast after the last step of each window counts.

    Args:
        x: windows of a series, shape (L, N, I), with N at least 1.
        target: what comes after each step of x, shape (L, N, O).
        params: (weight_ih, weight_hh, bias_ih, bias_hh, w, b).

    Returns:
        A Python number, 0 or more, in the square of the target's unit.

    >>> params = tuple(map(np.array, ([[0.5]], [[2.0]], [0.0], [0.0], [[1.0]], [0.0])))
    >>> x = np.array([[[1.0], [0.0]], [[0.0], [0.0]]])
    >>> target = np.array([[[9.0], [9.0]], [[0.0], [1.0]]])
    >>> round(forecast_error(x, target, params), 4)  # of the forecasts tanh(2 tanh(0.5)) = 0.728 and 0
    0.7649
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

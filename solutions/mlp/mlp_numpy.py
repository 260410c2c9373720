"""A whole network in NumPy: two linear layers with relu between them learn to tell classes apart.

N examples of D features, H hidden units, C classes. The parameters travel together, as the tuple (w1, b1, w2, b2) of
shapes (H, D), (H,), (C, H) and (C,); so do their gradients and the two moments of Adam, in this order. Everything here
is decided by its arguments: first weights and the order of the examples are given, no random number is drawn, and no
array is changed in place.
"""

import numpy as np
from mlp_library_numpy import adam, cross_entropy, cross_entropy_backward, linear, linear_backward, relu, relu_backward

# stub: keep
Arrays = tuple[np.ndarray, ...]
# stub: end


def forward(x: np.ndarray, params: Arrays) -> np.ndarray:
    """Return the logits of the network: a linear layer, relu, and a second linear layer.

    Args:
        x: inputs, shape (N, D).
        params: (w1, b1, w2, b2).

    Returns:
        Logits, shape (N, C), of x's dtype; softmax is left to the loss.

    >>> w1, b1 = np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([0.0, -1.0, 0.5])
    >>> w2, b2 = np.array([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), np.array([10.0, 20.0])
    >>> forward(np.array([[3.0, 1.0], [-1.0, -2.0]]), (w1, b1, w2, b2))
    array([[17., 22.],
           [11., 18.]])
    """
    w1, b1, w2, b2 = params
    hidden = relu(linear(x, w1, b1))  # (N, H)
    return linear(hidden, w2, b2)  # (N, C)


def loss_and_grads(x: np.ndarray, target: np.ndarray, params: Arrays) -> tuple[np.floating, Arrays]:
    """Return the loss of the network on a batch, and the gradients of its parameters.

    The loss is the cross-entropy of the logits, as a mean over the N rows of this batch, however many they are.

    Args:
        x: inputs, shape (N, D); they get no gradient.
        target: class labels, integers from 0 to C - 1, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        (loss, (grad_w1, grad_b1, grad_w2, grad_b2)): a scalar of x's dtype, and gradients of the shapes and dtypes of
        their parameters.

    >>> w1, b1 = np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([0.0, -1.0, 0.5])
    >>> w2, b2 = np.array([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), np.array([1.0, 3.0])
    >>> x, target = np.array([[3.0, 1.0], [-1.0, -2.0]]), np.array([0, 1])
    >>> loss, grads = loss_and_grads(x, target, (w1, b1, w2, b2))
    >>> round(float(loss), 4)
    0.6809
    >>> [grad.shape for grad in grads]
    [(3, 2), (3,), (2, 3), (2,)]
    >>> grads[3].round(4)
    array([ 0.3418, -0.3418])
    """
    w1, b1, w2, b2 = params
    pre = linear(x, w1, b1)  # (N, H)
    hidden = relu(pre)  # (N, H)
    logits = linear(hidden, w2, b2)  # (N, C)

    grad_logits = cross_entropy_backward(1.0, logits, target)  # (N, C)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad_logits, hidden, w2, b2)
    _, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, pre), x, w1, b1)
    return cross_entropy(logits, target), (grad_w1, grad_b1, grad_w2, grad_b2)


def train_step(
    x: np.ndarray, target: np.ndarray, params: Arrays, exp_avg: Arrays, exp_avg_sq: Arrays, step: int, lr: float
) -> tuple[np.floating, Arrays, Arrays, Arrays]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step down from there.

    All parameters are updated from gradients that were computed before any of them moved. Adam is that of the exercise
    `optimizer`, with its default betas and eps.

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

    >>> params = np.array([[1.0, -2.0]]), np.array([0.5]), np.array([[1.0], [-1.0]]), np.array([0.0, 0.0])
    >>> zeros = tuple(np.zeros_like(param) for param in params)
    >>> x, target = np.array([[3.0, 1.0]]), np.array([1])
    >>> loss, params, exp_avg, exp_avg_sq = train_step(x, target, params, zeros, zeros, 1, 0.25)
    >>> round(float(loss), 4)  # in the first step of Adam, every parameter that has a gradient moves by lr
    3.0486
    >>> params[0].round(4), params[3].round(4)
    (array([[ 0.75, -2.25]]), array([-0.25,  0.25]))
    """
    loss, grads = loss_and_grads(x, target, params)
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, lr) for one in each), strict=True)
    return loss, params, exp_avg, exp_avg_sq


def train(
    x: np.ndarray, target: np.ndarray, params: Arrays, order: np.ndarray, batch_size: int, lr: float
) -> tuple[np.ndarray, Arrays]:
    """Train the network for some epochs, and return the losses on the way and the parameters at the end.

    In every epoch the examples are taken in that epoch's order and cut into batches, with one ``train_step`` for each;
    the last batch of an epoch is smaller where the batches do not come out even. The state of Adam starts at 0 and goes
    on from epoch to epoch, and so does the number of the step.

    Args:
        x: all inputs, shape (N, D).
        target: all class labels, shape (N,).
        params: the first parameters, (w1, b1, w2, b2).
        order: integers, shape (epochs, N): order[e] holds the row numbers of x in the order of epoch e.
        batch_size: how many rows a batch has.
        lr: the learning rate.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,) and of x's dtype; and the last parameters.

    >>> params = np.array([[1.0, -1.0]]), np.array([0.0]), np.array([[0.5], [-0.5]]), np.array([0.0, 0.0])
    >>> x, target = np.array([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0]]), np.array([0, 1, 0])
    >>> losses, params = train(x, target, params, np.array([[0, 1, 2], [2, 1, 0]]), 2, 0.0625)
    >>> losses.round(4)
    array([0.41  , 0.038 , 0.3133, 0.0341])
    """
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses: list[np.floating] = []
    for rows in order:  # (N,)
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]  # (B,), the last one may be shorter
            state = params, exp_avg, exp_avg_sq
            loss, params, exp_avg, exp_avg_sq = train_step(x[batch], target[batch], *state, len(losses) + 1, lr)
            losses.append(loss)
    return np.array(losses, dtype=x.dtype), params


def accuracy(x: np.ndarray, target: np.ndarray, params: Arrays) -> float:
    """Return the fraction of the examples whose largest logit is that of their class.

    Args:
        x: inputs, shape (N, D), with N at least 1.
        target: class labels, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        A number from 0 to 1.

    >>> params = np.array([[1.0, -1.0]]), np.array([0.0]), np.array([[1.0], [-1.0]]), np.array([-1.0, 1.0])
    >>> accuracy(np.array([[3.0, 1.0], [-1.0, 2.0], [1.0, -2.0], [0.5, 0.0]]), np.array([0, 1, 1, 1]), params)
    0.75
    """
    return float((forward(x, params).argmax(axis=-1) == target).mean())

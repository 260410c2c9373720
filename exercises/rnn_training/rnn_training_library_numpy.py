"""Functions of earlier exercises that rnn_training is built of: from rnn, loss, backprop, optimizer.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import numpy as np


def rnn_cell(
    x: np.ndarray,
    h: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> np.ndarray:
    """Return the state after one step of a plain recurrent network.

    A linear layer of the input and a linear layer of the state, each with a bias of its own, are added; tanh of the
    sum is the new state. Sums in the thousands are ordinary: tanh is then ±1, never NaN.

    Args:
        x: the input of this step, shape (N, I); N may be 0, as everywhere in this file.
        h: the state before this step, shape (N, H); it stays as it is.
        weight_ih: from input to hidden, shape (H, I).
        weight_hh: from hidden to hidden, shape (H, H); one row for each unit of the *new* state.
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        The state after this step, shape (N, H), of x's dtype.

    >>> x, h = np.array([[1.0, 2.0]]), np.array([[0.5, -1.0]])
    >>> weight_ih = np.array([[0.5, -0.25], [1.0, 1.0]])
    >>> weight_hh = np.array([[1.0, 0.5], [-2.0, 0.0]])
    >>> rnn_cell(x, h, weight_ih, weight_hh, np.array([0.5, -1.5]), np.array([0.0, -0.25])).round(4)
    array([[0.4621, 0.2449]])
    """
    return np.tanh(_linear(x, weight_ih, bias_ih) + _linear(h, weight_hh, bias_hh))


def rnn(
    x: np.ndarray,
    h0: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the states of a plain recurrent network after each step of a series, and the last of them again.

    Step t applies ``rnn_cell`` to x[t] and the state that step t - 1 left; the first step starts from h0. All steps use
    the same weights.

    Args:
        x: the inputs, time first, shape (L, N, I), with L at least 1.
        h0: the state before the first step, shape (N, H), without an axis for layers; it stays as it is.
        weight_ih: shape (H, I).
        weight_hh: shape (H, H).
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        (output, h_n): output of shape (L, N, H) has the state *after* each step; h_n of shape (N, H) is the state after
        the last one. Both of x's dtype.

    >>> x, h0 = np.array([[[1.0]], [[0.0]], [[0.0]]]), np.array([[2.0]])
    >>> output, h_n = rnn(x, h0, np.array([[-0.5]]), np.array([[1.0]]), np.array([0.25]), np.array([-0.25]))
    >>> output[:, 0, 0].round(4)
    array([0.9051, 0.7188, 0.6162])
    >>> h_n.round(4)
    array([[0.6162]])
    """
    h = h0
    states = []
    for x_t in x:  # (N, I)
        h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)  # (N, H)
        states.append(h)
    return np.stack(states), h


def rnn_backward(
    grad_output: np.ndarray,
    grad_h_n: np.ndarray,
    x: np.ndarray,
    h0: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``rnn`` with respect to its arguments: back-propagation through time.

    A state has an effect in two ways: as the output of its step, and through every step after it. The last state is
    returned twice, so that both upstream gradients reach it. The weights act at every step: their gradients are sums
    over steps and batch.

    Args:
        grad_output: the gradient with respect to output, shape (L, N, H).
        grad_h_n: the gradient with respect to h_n, shape (N, H).
        x: the inputs, time first, shape (L, N, I), with L at least 1.
        h0: the state before the first step, shape (N, H).
        weight_ih: shape (H, I).
        weight_hh: shape (H, H).
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        (grad_x, grad_h0, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh), each with the shape and dtype of
        its argument.

    >>> x, h0 = np.array([[[1.0]], [[0.0]], [[0.0]]]), np.array([[2.0]])
    >>> weights = np.array([[-0.5]]), np.array([[1.0]]), np.array([0.25]), np.array([-0.25])
    >>> grads = rnn_backward(np.array([[[0.0]], [[4.0]], [[0.0]]]), np.array([[-5.0]]), x, h0, *weights)
    >>> grads[0][:, 0, 0].round(4)  # grad_x; in the middle, 4 meets the -3.1 that the last step sends back
    array([-0.0392, -0.2171,  1.5509])
    >>> np.array([grad.item() for grad in grads[1:]]).round(4)
    array([ 0.0785,  0.0785, -1.6796, -2.5891, -2.5891])
    """
    output, _ = rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    before = np.concatenate([h0[None], output[:-1]])  # (L, N, H), the state from which each step started
    grad_pre = np.empty_like(output)  # (L, N, H)
    grad_h = grad_h_n  # (N, H)
    for t in reversed(range(len(x))):
        grad_pre[t] = (grad_output[t] + grad_h) * (1 - output[t] ** 2)
        grad_h = grad_pre[t] @ weight_hh
    rows = grad_pre.reshape(-1, grad_h.shape[-1])  # (L·N, H): what is shared sums over steps and batch alike
    grad_x, grad_weight_ih, grad_bias_ih = _linear_backward(rows, x.reshape(-1, x.shape[-1]), weight_ih)
    _, grad_weight_hh, grad_bias_hh = _linear_backward(rows, before.reshape(rows.shape), weight_hh)
    return grad_x.reshape(x.shape), grad_h, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh


def _linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return x @ weight.T + bias, for x of shape (N, in) and weight of shape (out, in)."""
    return x @ weight.T + bias


def _linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``_linear`` with respect to x, weight and bias."""
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=0)


def mse_loss(x: np.ndarray, target: np.ndarray) -> np.floating:
    """Return the mean squared error, the mean of (x - target)² over all elements.

    Args:
        x: predictions, of any shape.
        target: what they should be, of the same shape.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]])
    >>> target = np.array([[1.5, 2.0, 1.0], [0.5, 1.0, 2.0]])
    >>> round(float(mse_loss(x, target)), 4)
    2.375
    """
    return np.mean((x - target) ** 2)


def mse_loss_backward(grad_output: float, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the gradient of ``mse_loss`` with respect to x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: predictions, of any shape.
        target: what they should be, of the same shape; it gets no gradient.

    Returns:
        grad_x, of x's shape and dtype.

    >>> mse_loss_backward(0.5, np.array([1.0, 4.0]), np.array([2.0, 1.0]))
    array([-0.5,  1.5])
    """
    return grad_output * 2 * (x - target) / x.size


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output. All leading axes of x are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        An array of shape (…, out) and x's dtype.

    >>> weight = np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(np.array([3.0, 1.0, 2.0]), weight)
    array([ 1., 10.])
    >>> linear(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, np.array([10.0, -10.0]))
    array([[11.,  0.],
           [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``linear`` with respect to x, weight and bias.

    Weight and bias are shared by all rows of the batch, so their gradients are sums over all batch axes: never means.
    The sum over an empty batch is zero.

    Args:
        grad_output: the upstream gradient, shape (…, out).
        x: inputs, shape (…, in), with no, one or several batch axes.
        weight: shape (out, in).
        bias: shape (out,), or None.

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of its argument; grad_bias is None without a bias.

    >>> x, weight = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> grad_x, grad_weight, grad_bias = linear_backward(np.array([[1.0, 0.0], [0.5, 2.0]]), x, weight, np.zeros(2))
    >>> grad_x
    array([[ 1. ,  0. , -1. ],
           [ 4.5,  6. ,  0.5]])
    >>> grad_weight
    array([[3., 1., 4.],
           [0., 0., 8.]])
    >>> grad_bias
    array([1.5, 2. ])
    """
    upstream = grad_output.reshape(-1, weight.shape[0])  # (B, out), B the product of all batch axes
    rows = x.reshape(-1, weight.shape[1])  # (B, in)
    grad_bias = None if bias is None else upstream.sum(axis=0)
    return grad_output @ weight, upstream.T @ rows, grad_bias


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
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = np.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


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
    total = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    factor = min(1.0, max_norm / (total + 1e-6))
    return [factor * grad for grad in grads], total

"""Recurrent networks in NumPy: one cell, applied step after step to a series, and the way back through all the steps.

L steps, N series in a batch, I input features, H hidden units. Series have their time first, (L, N, I). Of a cell with
several gates, the rows of the weights lie gate by gate: H rows for the first gate, H for the second, and so on.
"""

import numpy as np


# stub: keep
def _sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)) without overflow: exp only ever sees numbers up to 0."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


# stub: end


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


def rnn_cell_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    h: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``rnn_cell`` with respect to all its arguments.

    The weights and biases are shared by all series of the batch: their gradients are sums over it, not means, and 0 for
    an empty batch.

    Args:
        grad_output: the gradient with respect to the state after the step, shape (N, H).
        x: the input of this step, shape (N, I).
        h: the state before this step, shape (N, H).
        weight_ih: shape (H, I).
        weight_hh: shape (H, H).
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        (grad_x, grad_h, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh), each with the shape and dtype of
        its argument.

    >>> x, h = np.array([[1.0, 2.0]]), np.array([[0.5, -1.0]])
    >>> weight_ih = np.array([[0.5, -0.25], [1.0, 1.0]])
    >>> weight_hh = np.array([[1.0, 0.5], [-2.0, 0.0]])
    >>> biases = np.array([0.5, -1.5]), np.array([0.0, -0.25])
    >>> grads = rnn_cell_backward(np.array([[1.0, -2.0]]), x, h, weight_ih, weight_hh, *biases)
    >>> [grads[0].round(3), grads[1].round(3)]
    [array([[-1.487, -2.077]]), array([[4.547, 0.393]])]
    >>> grads[3].round(3)
    array([[ 0.393, -0.786],
           [-0.94 ,  1.88 ]])
    """
    h_next = rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh)  # (N, H)
    grad_pre = grad_output * (1 - h_next**2)  # (N, H), with respect to what goes into tanh
    grad_x, grad_weight_ih, grad_bias_ih = _linear_backward(grad_pre, x, weight_ih)
    grad_h, grad_weight_hh, grad_bias_hh = _linear_backward(grad_pre, h, weight_hh)
    return grad_x, grad_h, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh


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


def lstm_cell(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the state and the memory after one step of an LSTM.

    A linear layer of the input and one of the state are added, as in ``rnn_cell``, but for four times as many units:
    the rows of weights and biases belong to the gates in the order i (input), f (forget), g (candidate), o (output),
    H rows each. i, f and o are sigmoids, g is a tanh. The new memory is f·c + i·g, and the new state is o times the
    tanh of the new memory. Sums in the thousands are ordinary: a gate is then fully open or shut, never NaN.

    Args:
        x: the input of this step, shape (N, I).
        h: the state before this step, shape (N, H); it stays as it is.
        c: the memory (cell state) before this step, shape (N, H); it stays as it is.
        weight_ih: shape (4·H, I).
        weight_hh: shape (4·H, H).
        bias_ih: shape (4·H,).
        bias_hh: shape (4·H,).

    Returns:
        (h_next, c_next): state and memory after this step, in this order, each of shape (N, H) and x's dtype.

    >>> x, h, c = np.array([[1.0]]), np.array([[2.0]]), np.array([[-3.0]])
    >>> none, bias = np.zeros((4, 1)), np.array([-50.0, 50.0, 1.0, 0.0])  # input gate shut, forget gate open
    >>> h_next, c_next = lstm_cell(x, h, c, none, none, bias, np.zeros(4))
    >>> [h_next.round(4), c_next.round(4)]
    [array([[-0.4975]]), array([[-3.]])]
    """
    i, f, g, o = _lstm_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next


def lstm_cell_backward(
    grad_h_next: np.ndarray,
    grad_c_next: np.ndarray,
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``lstm_cell`` with respect to all its arguments.

    The new memory has an effect in two ways: it is returned, and the new state is made from it. Weights and biases sum
    over the batch.

    Args:
        grad_h_next: the gradient with respect to the state after the step, shape (N, H).
        grad_c_next: the gradient with respect to the memory after the step, shape (N, H).
        x: the input of this step, shape (N, I).
        h: the state before this step, shape (N, H).
        c: the memory before this step, shape (N, H).
        weight_ih: shape (4·H, I), gates i, f, g, o.
        weight_hh: shape (4·H, H).
        bias_ih: shape (4·H,).
        bias_hh: shape (4·H,).

    Returns:
        (grad_x, grad_h, grad_c, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh), each with the shape and
        dtype of its argument.

    >>> x, h, c = np.array([[1.0]]), np.array([[2.0]]), np.array([[-3.0]])
    >>> none, bias = np.zeros((4, 1)), np.array([0.0, 0.0, 1.0, 0.0])
    >>> grads = lstm_cell_backward(np.array([[0.0]]), np.array([[8.0]]), x, h, c, none, none, bias, np.zeros(4))
    >>> grads[2]
    array([[4.]])
    >>> grads[5].round(4)
    array([ 1.5232, -6.    ,  1.6799,  0.    ])
    """
    i, f, g, o = _lstm_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    squashed = np.tanh(f * c + i * g)
    grad_c_next = grad_c_next + grad_h_next * o * (1 - squashed**2)  # both ways in which the memory acts
    grad_i = grad_c_next * g * i * (1 - i)
    grad_f = grad_c_next * c * f * (1 - f)
    grad_g = grad_c_next * i * (1 - g**2)
    grad_o = grad_h_next * squashed * o * (1 - o)
    grad_pre = np.concatenate([grad_i, grad_f, grad_g, grad_o], axis=-1)  # (N, 4·H)
    grad_x, grad_weight_ih, grad_bias_ih = _linear_backward(grad_pre, x, weight_ih)
    grad_h, grad_weight_hh, grad_bias_hh = _linear_backward(grad_pre, h, weight_hh)
    return grad_x, grad_h, grad_c_next * f, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh


def lstm(
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the states of an LSTM after each step of a series, and the last state and memory.

    Step t applies ``lstm_cell`` to x[t] and to the state and memory that step t - 1 left; the first step starts from h0
    and c0. The memories in between are not returned.

    Args:
        x: the inputs, time first, shape (L, N, I), with L at least 1.
        h0: the state before the first step, shape (N, H), without an axis for layers; it stays as it is.
        c0: the memory before the first step, shape (N, H); it stays as it is.
        weight_ih: shape (4·H, I), gates i, f, g, o.
        weight_hh: shape (4·H, H).
        bias_ih: shape (4·H,).
        bias_hh: shape (4·H,).

    Returns:
        (output, h_n, c_n), three arrays side by side: the states after each step, shape (L, N, H), the last state and
        the last memory, shape (N, H). All of x's dtype.

    >>> x, h0, c0 = np.array([[[0.5]], [[-1.0]]]), np.array([[0.0]]), np.array([[1.0]])
    >>> weight_ih, weight_hh = np.array([[1.0], [0.0], [2.0], [0.0]]), np.array([[0.0], [0.0], [0.0], [1.0]])
    >>> output, h_n, c_n = lstm(x, h0, c0, weight_ih, weight_hh, np.zeros(4), np.zeros(4))
    >>> output[:, 0, 0].round(4)
    array([0.3752, 0.1327])
    >>> [h_n.round(4), c_n.round(4)]
    [array([[0.1327]]), array([[0.2278]])]
    """
    h, c = h0, c0
    states = []
    for x_t in x:  # (N, I)
        h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return np.stack(states), h, c


def lstm_backward(
    grad_output: np.ndarray,
    grad_h_n: np.ndarray,
    grad_c_n: np.ndarray,
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``lstm`` with respect to its arguments: back-propagation through time.

    Two gradients travel back from step to step, that of the state and that of the memory. What is shared by all steps
    sums over them.

    Args:
        grad_output: the gradient with respect to output, shape (L, N, H).
        grad_h_n: the gradient with respect to h_n, shape (N, H).
        grad_c_n: the gradient with respect to c_n, shape (N, H).
        x: the inputs, time first, shape (L, N, I), with L at least 1.
        h0: the state before the first step, shape (N, H).
        c0: the memory before the first step, shape (N, H).
        weight_ih: shape (4·H, I), gates i, f, g, o.
        weight_hh: shape (4·H, H).
        bias_ih: shape (4·H,).
        bias_hh: shape (4·H,).

    Returns:
        (grad_x, grad_h0, grad_c0, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh), each with the shape and
        dtype of its argument.

    >>> x, h0, c0 = np.array([[[0.5]], [[-1.0]]]), np.array([[0.0]]), np.array([[1.0]])
    >>> weights = np.array([[1.0], [0.0], [2.0], [0.0]]), np.array([[0.0], [0.0], [0.0], [1.0]])
    >>> upstream = np.zeros((2, 1, 1)), np.zeros((1, 1)), np.array([[8.0]])
    >>> grads = lstm_backward(*upstream, x, h0, c0, *weights, np.zeros(4), np.zeros(4))
    >>> grads[0][:, 0, 0].round(4)  # grad_x
    array([ 2.8072, -1.2123])
    >>> [grads[1], grads[2]]  # grad_h0 and grad_c0: the memory is halved by each forget gate
    [array([[0.]]), array([[2.]])]
    """
    weights = weight_ih, weight_hh, bias_ih, bias_hh
    states = [(h0, c0)]  # from which each step started
    for x_t in x[:-1]:
        states.append(lstm_cell(x_t, *states[-1], *weights))
    grad_x = np.empty_like(x)  # (L, N, I)
    grad_h, grad_c = grad_h_n, grad_c_n  # (N, H)
    totals = [np.zeros_like(weight) for weight in weights]
    for t in reversed(range(len(x))):
        grads = lstm_cell_backward(grad_output[t] + grad_h, grad_c, x[t], *states[t], *weights)
        grad_x[t], grad_h, grad_c = grads[:3]
        totals = [total + grad for total, grad in zip(totals, grads[3:], strict=True)]
    return grad_x, grad_h, grad_c, *totals


def gru_cell(
    x: np.ndarray,
    h: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> np.ndarray:
    """Return the state after one step of a gated recurrent unit.

    The rows of weights and biases belong to the gates in the order r (reset), z (update), n (candidate), H rows each.
    r and z are sigmoids of what arrives from the input plus what arrives from the state, biases included. n is a tanh
    in which r multiplies all that arrives from the state, its bias too, *after* the product with the weights (the paper
    by Cho et al., as published, puts it before). z is the share of the old state that is kept; 1 - z is the share of n.
    Sums in the thousands are ordinary: a gate is then fully open or shut, never NaN.

    Args:
        x: the input of this step, shape (N, I).
        h: the state before this step, shape (N, H); it stays as it is.
        weight_ih: shape (3·H, I).
        weight_hh: shape (3·H, H).
        bias_ih: shape (3·H,).
        bias_hh: shape (3·H,).

    Returns:
        The state after this step, shape (N, H), of x's dtype.

    >>> x, h, none = np.array([[1.0]]), np.array([[2.0]]), np.zeros((3, 1))
    >>> half_reset = gru_cell(x, h, none, none, np.array([0.0, -50.0, 0.25]), np.array([0.0, 0.0, 0.5]))
    >>> half_reset.round(4)  # the update gate is shut, so nothing of h is kept
    array([[0.4621]])
    >>> gru_cell(x, h, none, none, np.array([0.0, 50.0, 0.25]), np.array([0.0, 0.0, 0.5])).round(4)
    array([[2.]])
    """
    _, z, n, _ = _gru_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (1 - z) * n + z * h


def gru_cell_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    h: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``gru_cell`` with respect to all its arguments.

    The old state acts in two ways, through the gates and directly. In the candidate, what arrives from the state is
    multiplied by the reset gate and what arrives from the input is not: here the gradients of the two biases differ.

    Args:
        grad_output: the gradient with respect to the state after the step, shape (N, H).
        x: the input of this step, shape (N, I).
        h: the state before this step, shape (N, H).
        weight_ih: shape (3·H, I), gates r, z, n.
        weight_hh: shape (3·H, H).
        bias_ih: shape (3·H,).
        bias_hh: shape (3·H,).

    Returns:
        (grad_x, grad_h, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh), each with the shape and dtype of
        its argument.

    >>> x, h, none = np.array([[1.0]]), np.array([[2.0]]), np.zeros((3, 1))
    >>> biases = np.array([0.0, 0.0, 0.25]), np.array([0.0, 0.0, 0.5])
    >>> grads = gru_cell_backward(np.array([[8.0]]), x, h, none, none, *biases)
    >>> grads[1]  # grad_h, with weights of 0
    array([[4.]])
    >>> [grads[4].round(4), grads[5].round(4)]
    [array([0.3932, 3.0758, 3.1458]), array([0.3932, 3.0758, 1.5729])]
    """
    r, z, n, n_from_h = _gru_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_n = grad_output * (1 - z) * (1 - n**2)  # (N, H), with respect to what goes into the tanh
    grad_r = grad_n * n_from_h * r * (1 - r)
    grad_z = grad_output * (h - n) * z * (1 - z)
    from_x = np.concatenate([grad_r, grad_z, grad_n], axis=-1)  # (N, 3·H)
    from_h = np.concatenate([grad_r, grad_z, grad_n * r], axis=-1)  # (N, 3·H)
    grad_x, grad_weight_ih, grad_bias_ih = _linear_backward(from_x, x, weight_ih)
    grad_h, grad_weight_hh, grad_bias_hh = _linear_backward(from_h, h, weight_hh)
    return grad_x, grad_h + grad_output * z, grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh


def _linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return x @ weight.T + bias, for x of shape (N, in) and weight of shape (out, in)."""
    return x @ weight.T + bias


def _linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``_linear`` with respect to x, weight and bias."""
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=0)


def _lstm_gates(
    x: np.ndarray,
    h: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gates i, f, g, o, each of shape (N, H)."""
    pre = _linear(x, weight_ih, bias_ih) + _linear(h, weight_hh, bias_hh)  # (N, 4·H)
    i, f, g, o = np.split(pre, 4, axis=-1)
    return _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)


def _gru_gates(
    x: np.ndarray,
    h: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the gates r, z, n, and what arrives in n from the state, each of shape (N, H)."""
    r_from_x, z_from_x, n_from_x = np.split(_linear(x, weight_ih, bias_ih), 3, axis=-1)
    r_from_h, z_from_h, n_from_h = np.split(_linear(h, weight_hh, bias_hh), 3, axis=-1)
    r, z = _sigmoid(r_from_x + r_from_h), _sigmoid(z_from_x + z_from_h)
    return r, z, np.tanh(n_from_x + r * n_from_h), n_from_h

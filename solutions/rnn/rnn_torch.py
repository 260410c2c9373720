"""Recurrent networks in PyTorch: one cell, applied step after step, so that autograd can go back through all the steps.

L steps, N series in a batch, I input features, H hidden units. Series have their time first, (L, N, I). Of a cell with
several gates, the rows of the weights lie gate by gate: H rows for the first gate, H for the second, and so on.
"""

import torch


def rnn_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
    """Return the state after one step of a plain recurrent network.

    A linear layer of the input and a linear layer of the state, each with a bias of its own, are added; tanh of the
    sum is the new state. Sums in the thousands are ordinary: tanh is then ±1 and its gradient 0, never NaN.

    Args:
        x: the input of this step, shape (N, I); N may be 0, as everywhere in this file.
        h: the state before this step, shape (N, H); it stays as it is, and stays in the graph.
        weight_ih: from input to hidden, shape (H, I).
        weight_hh: from hidden to hidden, shape (H, H); one row for each unit of the *new* state.
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        The state after this step, shape (N, H), of x's dtype, through which autograd can go back to all arguments.

    >>> x, h = torch.tensor([[1.0, 2.0]]), torch.tensor([[0.5, -1.0]])
    >>> weight_ih = torch.tensor([[0.5, -0.25], [1.0, 1.0]])
    >>> weight_hh = torch.tensor([[1.0, 0.5], [-2.0, 0.0]])
    >>> rnn_cell(x, h, weight_ih, weight_hh, torch.tensor([0.5, -1.5]), torch.tensor([0.0, -0.25]))
    tensor([[0.4621, 0.2449]])
    """
    return torch.tanh(_linear(x, weight_ih, bias_ih) + _linear(h, weight_hh, bias_hh))


def rnn(
    x: torch.Tensor,
    h0: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
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
        the last one. Both of x's dtype, and autograd can go back through all the steps to all arguments.

    >>> x, h0 = torch.tensor([[[1.0]], [[0.0]], [[0.0]]]), torch.tensor([[2.0]])
    >>> weights = torch.tensor([[-0.5]]), torch.tensor([[1.0]])
    >>> output, h_n = rnn(x, h0, *weights, torch.tensor([0.25]), torch.tensor([-0.25]))
    >>> output[:, 0, 0]
    tensor([0.9051, 0.7188, 0.6162])
    >>> h_n
    tensor([[0.6162]])
    """
    h = h0
    states = []
    for x_t in x:  # (N, I)
        h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)  # (N, H)
        states.append(h)
    return torch.stack(states), h


def lstm_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    c: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
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
        (h_next, c_next): state and memory after this step, in this order, each of shape (N, H) and x's dtype, through
        which autograd can go back to all arguments.

    >>> x, h, c = torch.tensor([[1.0]]), torch.tensor([[2.0]]), torch.tensor([[-3.0]])
    >>> none, bias = torch.zeros(4, 1), torch.tensor([-50.0, 50.0, 1.0, 0.0])  # input gate shut, forget gate open
    >>> lstm_cell(x, h, c, none, none, bias, torch.zeros(4))
    (tensor([[-0.4975]]), tensor([[-3.]]))
    """
    pre = _linear(x, weight_ih, bias_ih) + _linear(h, weight_hh, bias_hh)  # (N, 4·H)
    i, f, g, o = pre.chunk(4, dim=-1)  # (N, H) each
    c_next = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c_next), c_next


def lstm(
    x: torch.Tensor,
    h0: torch.Tensor,
    c0: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
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
        (output, h_n, c_n), three tensors side by side: the states after each step, shape (L, N, H), the last state and
        the last memory, shape (N, H). All of x's dtype, and autograd can go back through all the steps.

    >>> x, h0, c0 = torch.tensor([[[0.5]], [[-1.0]]]), torch.tensor([[0.0]]), torch.tensor([[1.0]])
    >>> weight_ih = torch.tensor([[1.0], [0.0], [2.0], [0.0]])
    >>> weight_hh = torch.tensor([[0.0], [0.0], [0.0], [1.0]])
    >>> output, h_n, c_n = lstm(x, h0, c0, weight_ih, weight_hh, torch.zeros(4), torch.zeros(4))
    >>> output[:, 0, 0]
    tensor([0.3752, 0.1327])
    >>> h_n, c_n
    (tensor([[0.1327]]), tensor([[0.2278]]))
    """
    h, c = h0, c0
    states = []
    for x_t in x:  # (N, I)
        h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return torch.stack(states), h, c


def gru_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
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
        The state after this step, shape (N, H), of x's dtype, through which autograd can go back to all arguments.

    >>> x, h, none = torch.tensor([[1.0]]), torch.tensor([[2.0]]), torch.zeros(3, 1)
    >>> bias_hh = torch.tensor([0.0, 0.0, 0.5])
    >>> gru_cell(x, h, none, none, torch.tensor([0.0, -50.0, 0.25]), bias_hh)  # nothing of h is kept
    tensor([[0.4621]])
    >>> gru_cell(x, h, none, none, torch.tensor([0.0, 50.0, 0.25]), bias_hh)
    tensor([[2.]])
    """
    r_from_x, z_from_x, n_from_x = _linear(x, weight_ih, bias_ih).chunk(3, dim=-1)  # (N, H) each
    r_from_h, z_from_h, n_from_h = _linear(h, weight_hh, bias_hh).chunk(3, dim=-1)
    r, z = torch.sigmoid(r_from_x + r_from_h), torch.sigmoid(z_from_x + z_from_h)
    n = torch.tanh(n_from_x + r * n_from_h)
    return (1 - z) * n + z * h


def _linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return x @ weight.T + bias, for x of shape (N, in) and weight of shape (out, in)."""
    return x @ weight.T + bias

"""A recurrent network as one writes it in PyTorch, beside the course's functions: the same weights, the same losses.

A plain RNN of 10 inputs and 50 units, a linear layer on every state, the mean squared error, Adam with 0.01. The
network predicts the next number of a series from the ten before it.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.training import solution

STEPS = 100


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.rnn = nn.RNN(input_size, hidden_size)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        h0 = torch.zeros(1, 1, self.hidden_size, dtype=x.dtype)
        out, _ = self.rnn(x, h0)
        return self.out(out)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return RNN(input_size=10, hidden_size=50, output_size=1).double()


@pytest.fixture(scope="module")
def series():
    """Windows of ten numbers, (L, 1, 10), and the number after each, (L, 1, 1)."""
    time = np.arange(40)
    values = np.sin(time / 3) + 0.5 * np.cos(time / 7)
    x = np.lib.stride_tricks.sliding_window_view(values[:-1], 10)
    return x[:, None].copy(), values[10:, None, None]


def losses_of_torch(model, x, target, steps):
    x, target = torch.tensor(x), torch.tensor(target)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def arrays_of(model):
    return tuple(param.detach().numpy().copy() for param in model.parameters())


def loss_and_grads(x, target, params):
    """The same network from functions of the course; the last two parameters are those of the linear layer."""
    rnn, backprop, loss = (solution(f"{name}_numpy") for name in ("rnn", "backprop", "loss"))
    cell, linear = params[:4], params[4:]
    h0 = np.zeros((x.shape[1], len(cell[2])))  # (N, H)
    output, h_n = rnn.rnn(x, h0, *cell)  # (L, N, H), (N, H)
    found = backprop.linear(output, *linear)  # (L, N, 1)
    grad_found = loss.mse_loss_backward(1.0, found, target)
    grad_output, *grads_linear = backprop.linear_backward(grad_found, output, *linear)
    _, _, *grads_cell = rnn.rnn_backward(grad_output, np.zeros_like(h_n), x, h0, *cell)
    return loss.mse_loss(found, target), (*grads_cell, *grads_linear)


def losses_of_numpy(x, target, params, steps):
    adam = solution("optimizer_numpy").adam
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses = []
    for step in range(1, steps + 1):
        loss, grads = loss_and_grads(x, target, params)
        each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
        params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, 0.01) for one in each), strict=True)
        losses.append(loss)
    return losses, params


def test_a_hundred_steps_are_equal(model, series):
    first = arrays_of(model)
    expected = losses_of_torch(model, *series, STEPS)
    losses, last = losses_of_numpy(*series, first, STEPS)
    np.testing.assert_allclose(losses, expected, rtol=1e-7)
    for param, other in zip(last, arrays_of(model), strict=True):
        np.testing.assert_allclose(param, other, rtol=0, atol=1e-7)
    assert expected[-1] < 0.01 * expected[0]


def test_gradients_that_are_not_carried_back_would_be_seen(model, series, monkeypatch):
    """Without the way back through time the first steps look alike: the equality above is one of the whole series."""
    first = arrays_of(model)
    expected = losses_of_torch(model, *series, 20)
    rnn = solution("rnn_numpy")

    def cut(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, *biases):
        output, _ = rnn.rnn(x, h0, weight_ih, weight_hh, *biases)
        rows = (grad_output * (1 - output**2)).reshape(-1, output.shape[-1])
        before = np.concatenate([h0[None], output[:-1]]).reshape(rows.shape)
        return None, None, rows.T @ x.reshape(len(rows), -1), rows.T @ before, rows.sum(axis=0), rows.sum(axis=0)

    monkeypatch.setattr(rnn, "rnn_backward", cut)
    losses, _ = losses_of_numpy(*series, first, 20)
    np.testing.assert_allclose(losses[0], expected[0], rtol=1e-9)
    assert np.abs(np.array(losses) / expected - 1).max() > 1e-2


def test_the_state_of_zeros_fits_one_series_only(model):
    """`torch.zeros(1, 1, hidden_size)` is written for a batch of one; (1, N, hidden_size) would fit any."""
    assert model(torch.zeros(5, 1, 10, dtype=torch.float64)).shape == (5, 1, 1)
    with pytest.raises(RuntimeError, match="Expected hidden size"):
        model(torch.zeros(5, 2, 10, dtype=torch.float64))

"""Other right answers in PyTorch."""

import torch
import torch.nn.functional as F
from rnn_training_library_torch import adam
from torch import nn


def forward__step_by_step(x, params):
    weight_ih, weight_hh, bias_ih, bias_hh, w, b = params
    h = x.new_zeros(x.shape[1], len(weight_hh))
    found = []
    for x_t in x:
        h = torch.tanh(F.linear(x_t, weight_ih, bias_ih) + F.linear(h, weight_hh, bias_hh))
        found.append(F.linear(h, w, b))
    return torch.stack(found)


def forward__torch_rnn(x, params):
    *cell, w, b = params
    h0 = x.new_zeros(1, x.shape[1], len(cell[1]))
    states, _ = torch.rnn_tanh(x, h0, cell, True, 1, 0.0, False, False, False)
    return states @ w.mT + b


def loss_and_grads__backward(x, target, params):
    leaves = [param.detach().clone().requires_grad_() for param in params]
    loss = F.mse_loss(forward__step_by_step(x, leaves), target)
    loss.backward()
    return loss.detach(), [leaf.grad for leaf in leaves]


def loss_and_grads__func(x, target, params):
    leaves = tuple(param.detach().requires_grad_() for param in params)
    error = forward__torch_rnn(x, leaves) - target
    loss = error.square().sum() / error.numel()
    return loss.detach(), torch.autograd.grad(loss, leaves)


def train_step__clips_by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    loss, grads = loss_and_grads__backward(x, target, params)
    total = torch.cat([grad.flatten() for grad in grads]).norm()
    if total > max_norm:
        grads = [grad * (max_norm / (total + 1e-6)) for grad in grads]
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return loss, *zip(*(adam(*one, step, lr) for one in each), strict=True)


def train__slices(x, target, params, order, batch_size, lr, max_norm):
    state = params, [torch.zeros_like(param) for param in params], [torch.zeros_like(param) for param in params]
    losses = []
    for rows in order:
        shuffled, following = x.index_select(1, rows), target.index_select(1, rows)
        for start in range(0, x.shape[1], batch_size):
            part = shuffled[:, start : start + batch_size], following[:, start : start + batch_size]
            loss, *state = train_step__clips_by_hand(*part, *state, len(losses) + 1, lr, max_norm)
            losses.append(loss.item())
    return torch.tensor(losses, dtype=x.dtype), state[0]


def forecast_error__tensor(x, target, params):
    with torch.no_grad():
        return (forward__step_by_step(x, params)[-1] - target[-1]).square().mean()


class Forecaster__h0_given(nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.rnn, self.out = nn.RNN(inputs, hidden), nn.Linear(hidden, outputs)

    def forward(self, x):
        states, _ = self.rnn(x, x.new_zeros(1, x.shape[1], self.rnn.hidden_size))
        return self.out(states)


class Forecaster__cell(nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.cell = nn.RNNCell(inputs, hidden)
        self.out = nn.Linear(hidden, outputs)

    def forward(self, x):
        h, found = None, []
        for x_t in x:
            h = self.cell(x_t, h)
            found.append(self.out(h))
        return torch.stack(found)


def update__by_hand(model, optimizer, x, target, max_norm):
    loss = nn.MSELoss()(model(x), target)
    model.zero_grad()
    loss.backward()
    grads = [param.grad for param in model.parameters()]
    total = torch.stack([grad.norm() for grad in grads]).norm()
    for grad in grads:
        grad.mul_(torch.clamp(max_norm / (total + 1e-6), max=1.0))
    optimizer.step()
    return float(loss.detach())


def evaluate__restores_the_mode(model, x, target):
    was = model.training
    model.eval()
    with torch.inference_mode():
        error = ((model(x) - target)[-1] ** 2).mean()
    model.train(was)
    return error

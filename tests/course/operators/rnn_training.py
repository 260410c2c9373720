"""A recurrent network of PyTorch's own parts, with the positional signatures of the tasks."""

import torch
import torch.nn.functional as F


def forward(x, params):
    *cell, w, b = params
    h0 = x.new_zeros(1, x.shape[1], len(cell[1]))
    states, _ = torch.rnn_tanh(x, h0, cell, True, 1, 0.0, False, False, False)
    return F.linear(states, w, b)


def _leaves(params):
    return [param.detach().clone().requires_grad_() for param in params]


def _stepped(x, target, leaves, optimizer, max_norm):
    """Take a step, and return the loss before it."""
    optimizer.zero_grad()
    loss = F.mse_loss(forward(x, leaves), target)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(leaves, max_norm)
    optimizer.step()
    return loss.detach()


def loss_and_grads(x, target, params):
    leaves = _leaves(params)
    loss = F.mse_loss(forward(x, leaves), target)
    return loss.detach(), torch.autograd.grad(loss, leaves)


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """Return the loss and all parts of the state of ``torch.optim.Adam`` after its step of this number."""
    leaves = _leaves(params)
    optimizer = torch.optim.Adam(leaves, lr=lr)
    for leaf, first, second in zip(leaves, exp_avg, exp_avg_sq, strict=True):
        done = torch.tensor(step - 1, dtype=torch.float32)
        optimizer.state[leaf] = {"step": done, "exp_avg": first.clone(), "exp_avg_sq": second.clone()}
    loss = _stepped(x, target, leaves, optimizer, max_norm)
    states = [optimizer.state[leaf] for leaf in leaves]
    moved = [leaf.detach() for leaf in leaves]
    return loss, moved, [state["exp_avg"] for state in states], [state["exp_avg_sq"] for state in states]


def train(x, target, params, order, batch_size, lr, max_norm):
    leaves = _leaves(params)
    optimizer = torch.optim.Adam(leaves, lr=lr)
    batches = [batch for rows in order for batch in rows.split(batch_size)]
    losses = [_stepped(x[:, batch], target[:, batch], leaves, optimizer, max_norm) for batch in batches]
    return torch.stack(losses), [leaf.detach() for leaf in leaves]


def forecast_error(x, target, params):
    return F.mse_loss(forward(x, params)[-1], target[-1])


OPERATORS = {
    "forward": forward,
    "loss_and_grads": loss_and_grads,
    "train_step": train_step,
    "train": train,
    "forecast_error": forecast_error,
}

"""Gradients by hand, updates in a class of its own, loops over rows where that is possible."""

import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, features, hidden, classes):
        nn.Module.__init__(self)
        self.w1 = nn.Parameter(0.1 * torch.randn(hidden, features))
        self.b1 = nn.Parameter(torch.zeros(hidden))
        self.w2 = nn.Parameter(0.1 * torch.randn(classes, hidden))
        self.b2 = nn.Parameter(torch.zeros(classes))

    def forward(self, x):
        return forward(x, (self.w1, self.b1, self.w2, self.b2))


def forward(x, params):
    w1, b1, w2, b2 = params
    hidden = torch.einsum("nd,hd->nh", x, w1) + b1
    return torch.einsum("nh,ch->nc", torch.where(hidden > 0, hidden, torch.zeros_like(hidden)), w2) + b2


@torch.no_grad()
def loss_and_grads(x, target, params):
    w1, b1, w2, b2 = params
    sums = [torch.zeros_like(param) for param in params]
    loss = x.new_zeros(())
    for row, label in zip(x, target.tolist(), strict=True):
        hidden = (w1 @ row + b1).clamp(min=0)
        logits = w2 @ hidden + b2
        loss += torch.logsumexp(logits, 0) - logits[label]
        delta = torch.softmax(logits, 0)
        delta[label] -= 1
        before = (delta @ w2) * (hidden > 0)
        for total, part in zip(
            sums, (torch.outer(before, row), before, torch.outer(delta, hidden), delta), strict=True
        ):
            total += part
    return loss / len(x), tuple(total / len(x) for total in sums)


class Adam:
    def __init__(self, exp_avg, exp_avg_sq, step):
        self.pairs, self.step = list(zip(exp_avg, exp_avg_sq, strict=True)), step

    def moved(self, i, param, grad, lr):
        m, v = self.pairs[i]
        m, v = 0.9 * m + (1 - 0.9) * grad, 0.999 * v + (1 - 0.999) * grad.square()
        self.pairs[i] = m, v
        return param - lr * m / (1 - 0.9**self.step) / (torch.sqrt(v / (1 - 0.999**self.step)) + 1e-8)


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    optimizer = Adam(exp_avg, exp_avg_sq, step)
    loss, grads = loss_and_grads(x, target, params)
    params = [optimizer.moved(i, param, grads[i], lr) for i, param in enumerate(params)]
    return [loss, params, *map(list, zip(*optimizer.pairs, strict=True))]


def train(x, target, params, order, batch_size, lr):
    state = [list(params), *([torch.zeros_like(param) for param in params] for _ in range(2))]
    losses = []
    for rows in order.tolist():
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            loss, *state = train_step(x[batch], target[batch], *state, len(losses) + 1, lr)
            losses.append(loss)
    return torch.tensor([loss.item() for loss in losses], dtype=x.dtype), state[0]


def accuracy(x, target, params):
    pairs = zip(forward(x, params).tolist(), target.tolist(), strict=True)
    return sum(row.index(max(row)) == label for row, label in pairs) / len(x)


def update(model, optimizer, x, target):
    for group in optimizer.param_groups:
        for param in group["params"]:
            param.grad = None
    logp = model(x).log_softmax(dim=1)
    loss = -logp[range(len(x)), target].mean()
    loss.backward()
    optimizer.step()
    return float(loss)


def evaluate(model, x, target):
    was = model.training
    model.train(mode=False)
    try:
        with torch.no_grad():
            return sum(int(model(row[None]).argmax() == label) for row, label in zip(x, target, strict=True)) / len(x)
    finally:
        model.train(mode=was)

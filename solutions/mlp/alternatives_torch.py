"""Other right answers in PyTorch."""

import torch
import torch.nn.functional as F
from mlp_library_torch import adam, cross_entropy, linear, relu
from torch import nn


def forward__functional(x, params):
    w1, b1, w2, b2 = params
    return F.linear(F.relu(F.linear(x, w1, b1)), w2, b2)


def forward__addmm(x, params):
    w1, b1, w2, b2 = params
    return torch.addmm(b2, torch.addmm(b1, x, w1.T).clamp(min=0), w2.T)


def forward__layer_by_layer(x, params):
    for start in range(0, len(params), 2):
        x = linear(x if start == 0 else relu(x), *params[start : start + 2])
    return x


def loss_and_grads__backward(x, target, params):
    leaves = [param.detach().clone().requires_grad_() for param in params]
    loss = F.cross_entropy(forward__functional(x, leaves), target)
    loss.backward()
    return loss.detach(), tuple(leaf.grad for leaf in leaves)


def loss_and_grads__of_functions(x, target, params):
    def loss_of(*parameters):
        return cross_entropy(forward__layer_by_layer(x, parameters), target)

    loss = loss_of(*params)
    return loss, torch.autograd.functional.vjp(loss_of, tuple(params))[1]


def loss_and_grads__func(x, target, params):
    def loss_of(parameters):
        return F.cross_entropy(forward__addmm(x, parameters), target)

    grads, loss = torch.func.grad_and_value(loss_of)(tuple(params))
    return loss, grads


def loss_and_grads__by_hand(x, target, params):
    w1, b1, w2, b2 = params
    hidden = (x @ w1.T + b1).clamp(min=0)
    logp = torch.log_softmax(hidden @ w2.T + b2, dim=1)
    loss = F.nll_loss(logp, target)
    delta = (logp.exp() - F.one_hot(target, len(b2))) / len(x)
    before = (delta @ w2) * (hidden > 0)
    return loss.item(), [before.T @ x, before.sum(0), delta.T @ hidden, delta.sum(0)]


def train_step__list_by_list(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__backward(x, target, params)
    new, firsts, seconds = [], [], []
    for i, param in enumerate(params):
        moved, first, second = adam(param, grads[i], exp_avg[i], exp_avg_sq[i], step, lr)
        new.append(moved)
        firsts.append(first)
        seconds.append(second)
    return loss, new, firsts, seconds


def train_step__lerp(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__backward(x, target, params)
    firsts = [torch.lerp(m, grad, 0.1) for m, grad in zip(exp_avg, grads, strict=True)]
    seconds = [torch.addcmul(0.999 * v, grad, grad, value=0.001) for v, grad in zip(exp_avg_sq, grads, strict=True)]
    roots = [v.sqrt() / (1 - 0.999**step) ** 0.5 + 1e-8 for v in seconds]
    size = lr / (1 - 0.9**step)
    each = zip(params, firsts, roots, strict=True)
    return loss, [torch.addcdiv(param, m, root, value=-size) for param, m, root in each], firsts, seconds


def train_step__row_by_row(x, target, params, exp_avg, exp_avg_sq, step, lr):
    grads = [torch.zeros_like(param) for param in params]
    losses = []
    for row, label in zip(x, target, strict=True):
        loss, own = loss_and_grads__backward(row[None], label[None], params)
        losses.append(loss)
        grads = [total + grad / len(x) for total, grad in zip(grads, own, strict=True)]
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return torch.stack(losses).mean(), *zip(*(adam(*one, step, lr) for one in each), strict=True)


def train__torch_optim(x, target, params, order, batch_size, lr):
    leaves = [param.detach().clone().requires_grad_() for param in params]
    optimizer = torch.optim.Adam(leaves, lr=lr)
    losses = []
    for rows in order:
        for batch in torch.split(rows, batch_size):
            optimizer.zero_grad()
            loss = F.cross_entropy(forward__functional(x[batch], leaves), target[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return torch.tensor(losses, dtype=x.dtype), tuple(leaf.detach() for leaf in leaves)


def train__slices(x, target, params, order, batch_size, lr):
    state = params, [torch.zeros_like(param) for param in params], [torch.zeros_like(param) for param in params]
    losses, step = [], 0
    for epoch in order:
        shuffled, labels = x[epoch], target[epoch]
        for start in range(0, len(x), batch_size):
            step += 1
            rows = slice(start, start + batch_size)
            loss, *state = train_step__list_by_list(shuffled[rows], labels[rows], *state, step, lr)
            losses.append(loss)
    return torch.stack(losses), state[0]


def accuracy__mean(x, target, params):
    return (forward__functional(x, params).argmax(1) == target).float().mean()


def accuracy__max(x, target, params):
    with torch.no_grad():
        _, best = forward__functional(x, params).max(dim=1)
    return best.eq(target).sum().item() / target.numel()


def accuracy__topk(x, target, params):
    best = forward__functional(x, params).topk(1, dim=-1).indices.squeeze(-1)
    return torch.count_nonzero(best == target).item() / len(target)


class MLP__sequential(nn.Sequential):
    def __init__(self, features, hidden, classes):
        super().__init__(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))


class MLP__parameters(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        shapes = (hidden, features), (hidden,), (classes, hidden), (classes,)
        self.own = nn.ParameterList(nn.Parameter(torch.zeros(shape)) for shape in shapes)

    def forward(self, x):
        return forward__addmm(x, list(self.own))


class MLP__module_list(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(features, hidden), nn.Linear(hidden, classes)])

    def forward(self, x):
        first, last = self.layers
        return last(torch.clamp(first(x), min=0.0))


def update__model_zero_grad(model, optimizer, x, target):
    model.zero_grad()
    loss = nn.CrossEntropyLoss()(model(x), target)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def update__just_before_backward(model, optimizer, x, target):
    loss = F.nll_loss(F.log_softmax(model(x), dim=-1), target)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
    return loss.detach().tolist()


def update__closure(model, optimizer, x, target):
    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        return loss

    return optimizer.step(closure).item()


def evaluate__restores_the_mode(model, x, target):
    was = model.training
    model.eval()
    with torch.inference_mode():
        right = (model(x).argmax(-1) == target).double().mean()
    model.train(was)
    return right.item()


@torch.no_grad()
def evaluate__in_batches(model, x, target):
    model.train(False)
    right = 0
    for rows, labels in zip(x.split(2), target.split(2), strict=True):
        right += (model(rows).max(dim=1).indices == labels).sum().item()
    model.train()
    return right / len(x)


def evaluate__tensor(model, x, target):
    try:
        with torch.no_grad():
            return (model.eval()(x).argmax(dim=1) == target).float().mean()
    finally:
        model.train()

"""With PyTorch's own parts in place of the library: its loss, its norms, a rate for each group."""

import copy
import math

import torch
import torch.nn.functional as F


def gradient_norms(grads):
    return torch.stack([torch.linalg.vector_norm(grad.flatten()) for grad in grads])


def gradient_trouble(norms, low=1e-3, high=1e3):
    values = norms.tolist()
    if not all(map(math.isfinite, values)):
        return "exploding"
    return "vanishing" if values[0] < low * values[-1] else "exploding" if values[0] > high * values[-1] else "fine"


def dead_units(activations):
    return (activations > 0).sum(dim=0) == 0


def revive(w1, b1, dead, fresh):
    rows = dead.nonzero().flatten()
    return w1.index_copy(0, rows, fresh[rows]), b1.index_fill(0, rows, 0.0)


def smoothed(losses, beta=0.9):
    total = weight = 0.0
    found = torch.empty_like(losses)
    for step, loss in enumerate(losses.tolist()):
        total, weight = beta * total + loss, beta * weight + 1
        found[step] = total / weight
    return found


def range_test_lrs(low, high, steps):
    return torch.linspace(math.log(low), math.log(high), steps, dtype=torch.float64).exp().tolist()


def forward(x, params):
    w1, b1, w2, b2 = params
    return F.linear(F.linear(x, w1, b1).clamp(min=0), w2, b2)


def descend(x, target, params, order, batch_size, lrs):
    leaves = [param.detach().clone().requires_grad_() for param in params]
    batches = [batch for rows in order for batch in torch.split(rows, batch_size)]
    losses = []
    for batch, lr in zip(batches, lrs, strict=False):
        loss = F.cross_entropy(forward(x[batch], leaves), target[batch])
        loss.backward()
        losses.append(loss.detach())
        with torch.no_grad():
            for leaf in leaves:
                leaf.sub_(lr * leaf.grad)
                leaf.grad = None
    return torch.stack(losses), tuple(leaf.detach() for leaf in leaves)


def lr_range_test(x, target, params, order, batch_size, lrs):
    return descend(x, target, params, order, batch_size, lrs)[0]


def suggest_lr(lrs, losses, beta=0.9, skip=10):
    bad = (~losses.isfinite()).nonzero().flatten().tolist()
    curve = smoothed(losses[: bad[0]] if bad else losses, beta).tolist()
    lowest = curve.index(min(curve)) if curve else 0
    falls = [curve[k + 1] - curve[k] for k in range(skip, lowest)]
    if not falls:
        raise ValueError("no rate makes the loss fall")
    return lrs[skip + falls.index(min(falls))]


def generalization_gap(train_losses, val_losses):
    return torch.sub(val_losses, train_losses)


def overfitting_from(train_losses, val_losses, patience):
    val = val_losses.tolist()
    best = min(range(len(val)), key=lambda epoch: (val[epoch], epoch))
    return best if best + patience < len(val) and bool(train_losses[best] > train_losses[-1]) else None


def diagnose(train_losses, val_losses, norms, dead_fraction, goal):
    train = train_losses.tolist()
    if not all(map(math.isfinite, [*train, *val_losses.tolist()])) or train[0] < train[-1]:
        return "diverged"
    if dead_fraction > 0.5:
        return "dead"
    if gradient_trouble(norms) != "fine":
        return gradient_trouble(norms)
    if overfitting_from(train_losses, val_losses, 3) is not None:
        return "overfitting"
    if train[-1] <= goal:
        return "healthy"
    late, whole = train[len(train) // 2] - train[-1], train[0] - train[-1]
    return "underfitting" if 4 * late < whole else "slow"


def cured_training(x, target, params, order, batch_size, lrs, skip=10):
    lr = suggest_lr(lrs, lr_range_test(x, target, params, order, batch_size, lrs), skip=skip)
    steps = len(order) * math.ceil(len(x) / batch_size)
    return descend(x, target, params, order, batch_size, [lr] * steps)


def balanced_accuracy(x, target, params):
    right = forward(x, params).argmax(dim=1) == target
    sizes = target.bincount().double()
    hits = torch.zeros_like(sizes).index_add_(0, target, right.double())
    return (hits[sizes > 0] / sizes[sizes > 0]).mean().item()


def range_test(model, optimizer, batches, lrs):
    kept = {name: value.clone() for name, value in model.state_dict().items()}
    state = copy.deepcopy(optimizer.state_dict())
    losses = []
    for (x, target), lr in zip(batches, lrs, strict=True):
        optimizer.zero_grad(set_to_none=False)
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        for group in optimizer.param_groups:
            group.update(lr=lr)
        optimizer.step()
        losses.append(loss.item())
    model.load_state_dict(kept)
    optimizer.load_state_dict(state)
    return losses

"""Other right answers in PyTorch."""

import copy

import torch
import torch.nn.functional as F
from diagnosis_library_torch import forward, loss_and_grads, sgd


def gradient_norms__norm(grads):
    """Tensor.norm is that of all elements, whatever the shape."""
    return torch.stack([grad.norm() for grad in grads])


def gradient_norms__loop(grads):
    """By hand."""
    return torch.tensor([grad.square().sum().sqrt().item() for grad in grads], dtype=grads[0].dtype)


def gradient_trouble__numbers(norms, low=1e-3, high=1e3):
    """With Python's numbers."""
    first, last = norms[0].item(), norms[-1].item()
    if not torch.isfinite(norms).all() or first > high * last:
        return "exploding"
    return "vanishing" if first < low * last else "fine"


def dead_units__all(activations):
    """Not above 0, for all examples."""
    return (activations <= 0).all(dim=0)


def dead_units__largest(activations):
    """Even the largest value is not above 0."""
    return activations.amax(dim=0) <= 0


def revive__copies(w1, b1, dead, fresh):
    """Clone, and write into the clones."""
    w1, b1 = w1.clone(), b1.clone()
    w1[dead], b1[dead] = fresh[dead], 0
    return w1, b1


def revive__filled(w1, b1, dead, fresh):
    """With functions that fill where a mask is."""
    return torch.where(dead.unsqueeze(1), fresh, w1), b1.masked_fill(dead, 0)


def smoothed__weights(losses, beta=0.9):
    """As a table of weights: (1 - beta) beta^(t - s) / (1 - beta^t) for each earlier loss."""
    t = torch.arange(len(losses), dtype=torch.float64)
    weights = ((1 - beta) * beta ** (t[:, None] - t).clamp(min=0)).tril()
    return (weights / (1 - beta ** (t + 1))[:, None] @ losses.double()).to(losses.dtype)


def smoothed__lerp(losses, beta=0.9):
    """Each step goes part of the way to the loss."""
    average, found = torch.zeros_like(losses[0]), torch.empty_like(losses)
    for step, loss in enumerate(losses):
        average = torch.lerp(average, loss, 1 - beta)
        found[step] = average / (1 - beta ** (step + 1))
    return found


def range_test_lrs__logspace(low, high, steps):
    """Equal steps between the logarithms."""
    ends = torch.tensor([low, high], dtype=torch.float64).log10().tolist()
    return tuple(torch.logspace(*ends, steps, dtype=torch.float64).tolist())


def walk(x, target, params, order, batch_size, rate, steps):
    """Count steps, and find the batch of each by division."""
    each = -(-order.shape[1] // batch_size)
    losses = x.new_empty(steps)
    for step in range(steps):
        epoch, place = divmod(step, each)
        rows = order[epoch, place * batch_size : (place + 1) * batch_size]
        losses[step], grads = loss_and_grads(x[rows], target[rows], params)
        params = tuple(param - rate(step) * grad for param, grad in zip(params, grads, strict=True))
    return losses, params


def lr_range_test__divmod(x, target, params, order, batch_size, lrs):
    """Step by step, with divmod."""
    return walk(x, target, params, order, batch_size, lambda step: lrs[step], len(lrs))[0]


def lr_range_test__list(x, target, params, order, batch_size, lrs):
    """A list of batches, then a loop over the rates."""
    batches = [batch for rows in order for batch in rows.split(batch_size)]
    losses = []
    for k, lr in enumerate(lrs):
        loss, grads = loss_and_grads(x[batches[k]], target[batches[k]], params)
        losses.append(loss.item())
        params = tuple(sgd(param, grad, lr) for param, grad in zip(params, grads, strict=True))
    return torch.tensor(losses, dtype=x.dtype)


def suggest_lr__loop(lrs, losses, beta=0.9, skip=10):
    """One pass to smooth, and one over the candidates."""
    smooth, average = [], 0.0
    for step, loss in enumerate(losses.tolist(), start=1):
        if not abs(loss) < float("inf"):
            break
        average = beta * average + (1 - beta) * loss
        smooth.append(average / (1 - beta**step))
    candidates = range(skip, smooth.index(min(smooth)) if smooth else 0)
    if not candidates:
        raise ValueError("nothing falls")
    return lrs[min(candidates, key=lambda k: smooth[k + 1] - smooth[k])]


def generalization_gap__sub(train_losses, val_losses):
    """As a method."""
    return val_losses.sub(train_losses)


def overfitting_from__lists(train_losses, val_losses, patience):
    """With lists, and the two conditions one after the other."""
    val = val_losses.tolist()
    best = val.index(min(val))
    if len(val[best + 1 :]) < patience:
        return None
    return None if train_losses[-1] >= train_losses[best] else best


def diagnose__table(train_losses, val_losses, norms, dead_fraction, goal):
    """A table of rules, all asked, the first taken."""
    train, val, ratio = train_losses.tolist(), val_losses.tolist(), (norms[0] / norms[-1]).item()
    best = val.index(min(val))
    fall = train[len(train) // 2] - train[-1]
    said = {
        "diverged": not torch.cat([train_losses, val_losses]).isfinite().all() or train[-1] > train[0],
        "dead": dead_fraction > 1 / 2,
        "vanishing": ratio < 1e-3,
        "exploding": ratio > 1e3,
        "overfitting": best + 3 < len(val) and train[-1] < train[best],
        "healthy": train[-1] <= goal,
        "slow": 4 * fall >= train[0] - train[-1],
        "underfitting": True,
    }
    return next(name for name, holds in said.items() if holds)


def cured_training__divmod(x, target, params, order, batch_size, lrs, skip=10):
    """Step by step, with divmod, in both runs."""
    tested, _ = walk(x, target, params, order, batch_size, lambda step: lrs[step], len(lrs))
    lr = suggest_lr__loop(lrs, tested, 0.9, skip)
    return walk(x, target, params, order, batch_size, lambda step: lr, len(order) * -(-len(target) // batch_size))


def balanced_accuracy__counts(x, target, params):
    """Counts of right answers, divided by counts of examples."""
    found = forward(x, params).argmax(dim=1)
    examples, right = target.bincount(), target[found == target].bincount(minlength=int(target.max()) + 1)
    return (right[examples > 0].double() / examples[examples > 0]).mean().item()


def range_test__copies(model, optimizer, batches, lrs):
    """Work on copies of both, made in one go, so that the optimizer's copy holds the model's."""
    model, optimizer = copy.deepcopy((model, optimizer))
    losses = []
    for (x, target), lr in zip(batches, lrs, strict=True):
        optimizer.param_groups[:] = [{**group, "lr": lr} for group in optimizer.param_groups]
        for param in model.parameters():
            param.grad = None
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

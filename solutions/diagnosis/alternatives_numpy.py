"""Other right answers in NumPy."""

import numpy as np
from diagnosis_library_numpy import forward, loss_and_grads, sgd


def gradient_norms__linalg(grads):
    """Flattened, so that a matrix is not given its spectral norm."""
    return np.stack([np.linalg.norm(grad.ravel()) for grad in grads])


def gradient_norms__dot(grads):
    """Each gradient's scalar product with itself."""
    return np.array([grad.ravel() @ grad.ravel() for grad in grads], dtype=grads[0].dtype) ** 0.5


def gradient_trouble__conditions(norms, low=1e-3, high=1e3):
    """All in one chain of conditions."""
    first, last = float(norms[0]), float(norms[-1])
    if np.isnan(norms).any() or np.isinf(norms).any() or first > high * last:
        return "exploding"
    return "vanishing" if low * last > first else "fine"


def dead_units__all(activations):
    """Not above 0, for all examples."""
    return (activations <= 0).all(axis=0)


def dead_units__largest(activations):
    """Even the largest value is not above 0."""
    return activations.max(axis=0) <= 0


def dead_units__loop(activations):
    """One unit at a time."""
    return np.array([not any(value > 0 for value in unit) for unit in activations.T])


def revive__copies(w1, b1, dead, fresh):
    """Copy, and write into the copies."""
    w1, b1 = w1.copy(), b1.copy()
    w1[dead], b1[dead] = fresh[dead], 0
    return w1, b1


def revive__arithmetic(w1, b1, dead, fresh):
    """A mask that multiplies."""
    alive = (~dead).astype(w1.dtype)
    return w1 * alive[:, None] + fresh * (1 - alive[:, None]), b1 * alive


def smoothed__weights(losses, beta=0.9):
    """As a table of weights: (1 - beta) beta^(t - s) / (1 - beta^t) for each earlier loss."""
    t = np.arange(len(losses))
    weights = np.tril((1 - beta) * float(beta) ** np.maximum(t[:, None] - t, 0))
    return (weights / (1 - beta ** (t + 1.0))[:, None] @ losses).astype(losses.dtype)


def smoothed__weighted_mean(losses, beta=0.9):
    """A weighted mean: sums of weighted losses and of weights fade alike."""
    found, total, weight = np.empty_like(losses), 0.0, 0.0
    for step, loss in enumerate(losses):
        total, weight = beta * total + loss, beta * weight + 1
        found[step] = total / weight
    return found


def range_test_lrs__geomspace(low, high, steps):
    """NumPy's own."""
    return tuple(np.geomspace(low, high, steps).tolist())


def range_test_lrs__logarithms(low, high, steps):
    """Equal steps between the logarithms."""
    return tuple(np.exp(np.linspace(np.log(low), np.log(high), steps)).tolist())


def range_test_lrs__list(low, high, steps):
    """One multiplication after the other."""
    lrs = [low]
    while len(lrs) < steps:
        lrs.append(lrs[-1] * (high / low) ** (1 / (steps - 1)))
    return lrs


def walk(x, target, params, order, batch_size, rate, steps):
    """Count steps, and find the batch of each by division."""
    each = -(-order.shape[1] // batch_size)
    losses = np.empty(steps, dtype=x.dtype)
    for step in range(steps):
        epoch, place = divmod(step, each)
        rows = order[epoch, place * batch_size : (place + 1) * batch_size]
        losses[step], grads = loss_and_grads(x[rows], target[rows], params)
        params = tuple(param - rate(step) * grad for param, grad in zip(params, grads, strict=True))
    return losses, params


def lr_range_test__divmod(x, target, params, order, batch_size, lrs):
    """Step by step, with divmod."""
    return walk(x, target, params, order, batch_size, lambda step: lrs[step], len(lrs))[0]


def lr_range_test__split(x, target, params, order, batch_size, lrs):
    """A list of rates that is used up."""
    losses, left = [], list(lrs)
    for rows in order:
        for batch in np.split(rows, range(batch_size, len(rows), batch_size)):
            if not left:
                break
            lr = left.pop(0)
            loss, grads = loss_and_grads(x[batch], target[batch], params)
            losses.append(loss)
            params = tuple(sgd(param, grad, lr) for param, grad in zip(params, grads, strict=True))
    return np.asarray(losses)


def suggest_lr__loop(lrs, losses, beta=0.9, skip=10):
    """One pass to smooth, and one over the candidates."""
    smooth, average = [], 0.0
    for step, loss in enumerate(losses.tolist(), start=1):
        if not np.isfinite(loss):
            break
        average = beta * average + (1 - beta) * loss
        smooth.append(average / (1 - beta**step))
    candidates = range(skip, smooth.index(min(smooth)) if smooth else 0)
    if not candidates:
        raise ValueError("nothing falls")
    return lrs[min(candidates, key=lambda k: smooth[k + 1] - smooth[k])]


def generalization_gap__minus(train_losses, val_losses):
    """Add the negative."""
    return -train_losses + val_losses


def overfitting_from__lists(train_losses, val_losses, patience):
    """With lists, and the two conditions one after the other."""
    val = val_losses.tolist()
    best = val.index(min(val))
    if len(val[best + 1 :]) < patience:
        return None
    return None if train_losses[-1] >= train_losses[best] else best


def diagnose__table(train_losses, val_losses, norms, dead_fraction, goal):
    """A table of rules, all asked, the first taken."""
    train, val = train_losses.tolist(), val_losses.tolist()
    first, last, ratio = norms[0], norms[-1], norms[0] / norms[-1]
    best = val.index(min(val))
    fall = train[len(train) // 2] - train[-1]
    said = {
        "diverged": not np.isfinite(train + val).all() or train[-1] > train[0],
        "dead": dead_fraction > 1 / 2,
        "vanishing": ratio < 1e-3,
        "exploding": not np.isfinite([first, last]).all() or ratio > 1e3,
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
    found = forward(x, params).argmax(axis=1)
    examples, right = np.bincount(target), np.bincount(target[found == target], minlength=target.max() + 1)
    return float((right[examples > 0] / examples[examples > 0]).mean())


def balanced_accuracy__weights(x, target, params):
    """A weighted mean over the examples: each weighs one over the size of its class."""
    right = forward(x, params).argmax(axis=1) == target
    return float(np.average(right, weights=1 / np.bincount(target)[target]))

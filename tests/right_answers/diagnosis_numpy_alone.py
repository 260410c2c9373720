"""Everything by hand, with classes for what has a state, and without the library."""

import math

import numpy as np


class Average:
    def __init__(self, beta):
        self.beta, self.total, self.weight = beta, 0.0, 0.0

    def add(self, value):
        self.total = self.beta * self.total + value
        self.weight = self.beta * self.weight + 1
        return self.total / self.weight


class Network:
    def __init__(self, params):
        self.w1, self.b1, self.w2, self.b2 = params

    def params(self):
        return self.w1, self.b1, self.w2, self.b2

    def logits(self, x):
        self.hidden = np.maximum(x @ self.w1.T + self.b1, 0)
        return self.hidden @ self.w2.T + self.b2

    def step(self, x, target, lr):
        logits = self.logits(x)
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        rows = np.arange(len(x))
        delta = np.exp(log_p)
        delta[rows, target] -= 1
        delta /= len(x)
        back = (delta @ self.w2) * (self.hidden > 0)
        self.w1, self.b1 = self.w1 - lr * (back.T @ x), self.b1 - lr * back.sum(axis=0)
        self.w2, self.b2 = self.w2 - lr * (delta.T @ self.hidden), self.b2 - lr * delta.sum(axis=0)
        return -log_p[rows, target].mean()


def gradient_norms(grads):
    return np.array([math.sqrt(np.vdot(grad, grad)) for grad in grads], dtype=grads[0].dtype)


def gradient_trouble(norms, low=1e-3, high=1e3):
    if not all(map(math.isfinite, norms)):
        return "exploding"
    first, *_, last = (norms[0], *norms)
    return "vanishing" if first < low * last else "exploding" if first > high * last else "fine"


def dead_units(activations):
    return np.count_nonzero(activations > 0, axis=0) == 0


def revive(w1, b1, dead, fresh):
    w1, b1 = w1.copy(), b1.copy()
    for unit in np.flatnonzero(dead):
        w1[unit] = fresh[unit]
        b1[unit] = 0
    return w1, b1


def smoothed(losses, beta=0.9):
    average = Average(beta)
    return np.array([average.add(loss) for loss in losses.tolist()], dtype=losses.dtype)


def range_test_lrs(low, high, steps):
    step = math.log(high / low) / (steps - 1)
    return [low * math.exp(step * k) for k in range(steps)]


def batches(order, batch_size):
    for rows in order:
        left = rows
        while len(left):
            yield left[:batch_size]
            left = left[batch_size:]


def lr_range_test(x, target, params, order, batch_size, lrs):
    network, losses = Network(params), []
    for rows, lr in zip(batches(order, batch_size), lrs, strict=False):
        losses.append(network.step(x[rows], target[rows], lr))
    return np.array(losses, dtype=x.dtype)


def suggest_lr(lrs, losses, beta=0.9, skip=10):
    average, curve = Average(beta), []
    for loss in losses.tolist():
        if not math.isfinite(loss):
            break
        curve.append(average.add(loss))
    lowest = min(range(len(curve)), key=curve.__getitem__, default=0)
    best, fall = None, 0.0
    for k in range(skip, lowest):
        if curve[k + 1] - curve[k] < fall:
            best, fall = k, curve[k + 1] - curve[k]
    if best is None:
        raise ValueError("no rate makes the loss fall")
    return lrs[best]


def generalization_gap(train_losses, val_losses):
    return np.subtract(val_losses, train_losses)


def overfitting_from(train_losses, val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
    if best + patience < len(val_losses) and train_losses[best] > train_losses[-1]:
        return best
    return None


def diagnose(train_losses, val_losses, norms, dead_fraction, goal):
    train = [float(loss) for loss in train_losses]
    if not all(map(math.isfinite, [*train, *val_losses])) or train[0] < train[-1]:
        return "diverged"
    if 2 * dead_fraction > 1:
        return "dead"
    trouble = gradient_trouble(norms)
    if trouble in ("vanishing", "exploding"):
        return trouble
    if overfitting_from(train_losses, val_losses, 3) is not None:
        return "overfitting"
    if not train[-1] > goal:
        return "healthy"
    late, whole = train[len(train) // 2] - train[-1], train[0] - train[-1]
    return "underfitting" if late < 0.25 * whole else "slow"


def cured_training(x, target, params, order, batch_size, lrs, skip=10):
    lr = suggest_lr(lrs, lr_range_test(x, target, params, order, batch_size, lrs), skip=skip)
    network = Network(params)
    losses = [network.step(x[rows], target[rows], lr) for rows in batches(order, batch_size)]
    return np.array(losses, dtype=x.dtype), network.params()


def balanced_accuracy(x, target, params):
    found = Network(params).logits(x).argmax(axis=1)
    classes = sorted(set(target.tolist()))
    return math.fsum(float((found[target == one] == one).mean()) for one in classes) / len(classes)

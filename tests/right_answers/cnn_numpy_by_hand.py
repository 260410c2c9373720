"""Everything written anew, without the library: strided views, einsum, and a step that keeps its own counts."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def standardize(train, other):
    count = train.size // train.shape[1]
    mean = np.einsum("nchw->c", train)[None, :, None, None] / count
    train, other = train - mean, other - mean
    std = np.sqrt(np.einsum("nchw,nchw->c", train, train)[None, :, None, None] / count)
    return train / std, other / std


def _windows(x, kh, kw):
    n, c, h, w = x.shape
    shape = n, c, h - kh + 1, w - kw + 1, kh, kw
    return as_strided(x, shape, x.strides + x.strides[2:], writeable=False)


class Convolution:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def go(self, x):
        self.windows, self.shape = _windows(x, *self.weight.shape[2:]), x.shape
        return (
            np.tensordot(self.windows, self.weight, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
            + self.bias[:, None, None]
        )

    def back(self, grad):
        kh, kw = self.weight.shape[2:]
        self.grads = np.tensordot(grad, self.windows, ((0, 2, 3), (0, 2, 3))), grad.sum((0, 2, 3))
        around = np.pad(grad, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
        turned = self.weight[:, :, ::-1, ::-1]
        return np.einsum("nohwij,ocij->nchw", _windows(around, kh, kw), turned)


class Pool:
    grads = ()

    def go(self, x):
        n, c, h, w = x.shape
        self.shape, h, w = x.shape, h // 2, w // 2
        blocks = x[:, :, : 2 * h, : 2 * w].reshape(n, c, h, 2, w, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h, w, 4)
        self.winner = blocks.argmax(-1)[..., None]
        return np.take_along_axis(blocks, self.winner, -1)[..., 0]

    def back(self, grad):
        n, c, h, w = grad.shape
        blocks = np.zeros((n, c, h, w, 4), dtype=grad.dtype)
        np.put_along_axis(blocks, self.winner, grad[..., None], -1)
        out = np.zeros(self.shape, dtype=grad.dtype)
        out[:, :, : 2 * h, : 2 * w] = (
            blocks.reshape(n, c, h, w, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)
        )
        return out


class Relu:
    grads = ()

    def go(self, x):
        self.on = x > 0
        return x * self.on

    def back(self, grad):
        return grad * self.on


class Flat:
    grads = ()

    def go(self, x):
        self.shape = x.shape
        return x.reshape(x.shape[0], int(np.prod(x.shape[1:])))

    def back(self, grad):
        return grad.reshape(self.shape)


class Dense:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def go(self, x):
        self.x = x
        return np.inner(x, self.weight) + self.bias

    def back(self, grad):
        self.grads = np.einsum("no,ni->oi", grad, self.x), np.add.reduce(grad)
        return grad.dot(self.weight)


def _network(params):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    first, second = (Convolution(w1, b1), Pool(), Relu()), (Convolution(w2, b2), Relu(), Pool())
    return [*first, *second, Flat(), Dense(w3, b3), Relu(), Dense(w4, b4)]


def _run(layers, x):
    for layer in layers:
        x = layer.go(x)
    return x


def forward(x, params):
    return _run(_network(params), x)


def loss_and_grads(x, target, params):
    layers = _network(params)
    logits = _run(layers, x)
    e = np.exp(logits - logits.max(1, keepdims=True))
    probs = e / e.sum(1, keepdims=True)
    rows = np.arange(len(x))
    loss = -np.mean(logits[rows, target] - logits.max(1) - np.log(e.sum(1)))
    grad = probs - (np.arange(probs.shape[1]) == target[:, None])
    grad = grad.astype(x.dtype) / len(x)
    for layer in reversed(layers):
        grad = layer.back(grad)
    return loss, tuple(one for layer in layers for one in layer.grads)


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads(x, target, params)
    exp_avg = tuple(m + (1 - 0.9) * (g - m) for m, g in zip(exp_avg, grads, strict=True))
    exp_avg_sq = tuple(v + (1 - 0.999) * (g * g - v) for v, g in zip(exp_avg_sq, grads, strict=True))
    rate, root = lr / (1 - 0.9**step), (1 - 0.999**step) ** 0.5
    moved = [p - rate * m / (np.sqrt(v) / root + 1e-8) for p, m, v in zip(params, exp_avg, exp_avg_sq, strict=True)]
    return loss, tuple(moved), exp_avg, exp_avg_sq


class Training:
    def __init__(self, params):
        self.state = params, *(tuple(np.zeros_like(one) for one in params) for _ in range(2))
        self.losses = []

    def epoch(self, x, target, rows, batch_size, lr):
        for at in range(0, len(rows), batch_size):
            some = rows[at : at + batch_size]
            loss, *self.state = train_step(x[some], target[some], *self.state, 1 + len(self.losses), lr)
            self.losses.append(loss)
        return self.state[0]


def train(x, target, params, order, batch_size, lr):
    training = Training(params)
    for rows in order:
        params = training.epoch(x, target, rows, batch_size, lr)
    return np.asarray(training.losses, dtype=x.dtype), params


def accuracy(x, target, params):
    return np.count_nonzero(forward(x, params).argmax(1) == target) / len(x)


def train_with_validation(train_set, validation_set, test_set, params, order, batch_size, lr):
    training = Training(params)
    found = [training.epoch(*train_set, rows, batch_size, lr) for rows in order]
    scores = [accuracy(*validation_set, one) for one in found]
    best = max(range(len(found)), key=scores.__getitem__)
    return np.array(scores), accuracy(*test_set, found[best]), found[best]


def from_channels_last(x, params, size):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    first, second = (np.rollaxis(np.rollaxis(w, 3), 3, 1) for w in (w1, w2))
    table = np.stack([w3[:, u].reshape(*size, -1).transpose(2, 0, 1).ravel() for u in range(w3.shape[1])])
    return np.rollaxis(x, 3, 1), (first, b1, second, b2, table, b3, w4.T, b4)

"""Other right answers in NumPy."""

import math

import numpy as np
from mlp_library_numpy import adam, cross_entropy, cross_entropy_backward, linear, linear_backward, relu


def forward__einsum(x, params):
    w1, b1, w2, b2 = params
    return np.einsum("nh,ch->nc", np.maximum(np.einsum("nd,hd->nh", x, w1) + b1, 0), w2) + b2


def forward__bias_as_a_column(x, params):
    w1, b1, w2, b2 = params
    ones = np.ones_like(x[:, :1])
    hidden = np.concatenate([x, ones], axis=1) @ np.column_stack([w1, b1]).T
    return np.concatenate([hidden * (hidden > 0), ones], axis=1) @ np.column_stack([w2, b2]).T


def forward__layer_by_layer(x, params):
    for start in range(0, len(params), 2):
        x = linear(x if start == 0 else relu(x), *params[start : start + 2])
    return x


def forward__row_by_row(x, params):
    w1, b1, w2, b2 = params
    return np.stack([w2 @ np.maximum(w1 @ row + b1, 0) + b2 for row in x])


def loss_and_grads__mask_of_the_hidden_layer(x, target, params):
    w1, b1, w2, b2 = params
    hidden = relu(linear(x, w1, b1))
    logits = linear(hidden, w2, b2)
    grad = cross_entropy_backward(1.0, logits, target)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad, hidden, w2, b2)
    grad_hidden[hidden == 0] = 0
    return cross_entropy(logits, target), (grad_hidden.T @ x, grad_hidden.sum(axis=0), grad_w2, grad_b2)


def loss_and_grads__by_hand(x, target, params):
    w1, b1, w2, b2 = params
    hidden = np.maximum(x @ w1.T + b1, 0)
    logits = hidden @ w2.T + b2
    logits = logits - logits.max(axis=1, keepdims=True)
    total = np.exp(logits).sum(axis=1)
    rows = np.arange(len(x))
    delta = np.exp(logits) / total[:, None]
    delta[rows, target] -= 1
    delta /= len(x)
    before = (hidden > 0) * (delta @ w2)
    grads = np.einsum("nh,nd->hd", before, x), before.sum(0), np.einsum("nc,nh->ch", delta, hidden), delta.sum(0)
    return (np.log(total) - logits[rows, target]).mean(), grads


def loss_and_grads__divided_last(x, target, params):
    w1, b1, w2, b2 = params
    grads = [np.zeros_like(param) for param in params]
    loss = 0.0
    for row, label in zip(x, target, strict=True):
        hidden = np.maximum(w1 @ row + b1, 0)
        logits = w2 @ hidden + b2
        loss += float(cross_entropy(logits[None], np.array([label])))
        delta = cross_entropy_backward(1.0, logits[None], np.array([label]))[0]
        before = np.where(hidden > 0, delta @ w2, 0)
        for grad, share in zip(grads, (np.outer(before, row), before, np.outer(delta, hidden), delta), strict=True):
            grad += share
    return loss / len(x), [grad / len(x) for grad in grads]


def train_step__list_by_list(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__by_hand(x, target, params)
    new, firsts, seconds = [], [], []
    for i, param in enumerate(params):
        moved, first, second = adam(param, grads[i], exp_avg[i], exp_avg_sq[i], step, lr)
        new.append(moved)
        firsts.append(first)
        seconds.append(second)
    return loss, new, firsts, seconds


def train_step__by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__by_hand(x, target, params)
    firsts = [m + 0.1 * (grad - m) for m, grad in zip(exp_avg, grads, strict=True)]
    seconds = [0.999 * v + 0.001 * grad * grad for v, grad in zip(exp_avg_sq, grads, strict=True)]
    size = lr / (1 - 0.9**step)
    scale = math.sqrt(1 - 0.999**step)
    each = zip(params, firsts, seconds, strict=True)
    return loss, [param - size * m / (np.sqrt(v) / scale + 1e-8) for param, m, v in each], firsts, seconds


def train_step__row_by_row(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__divided_last(x, target, params)
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return loss, *zip(*(adam(*one, step, lr) for one in each), strict=True)


def train__sections(x, target, params, order, batch_size, lr):
    zeros = [param * 0 for param in params]
    state = params, zeros, zeros
    losses, step = [], 0
    for epoch in range(len(order)):
        shuffled, labels = x[order[epoch]], target[order[epoch]]
        cuts = range(batch_size, len(x), batch_size)
        for rows, own in zip(np.split(shuffled, cuts), np.split(labels, cuts), strict=True):
            step += 1
            loss, *state = train_step__list_by_list(rows, own, *state, step, lr)
            losses.append(loss)
    return np.asarray(losses, x.dtype), state[0]


def train__written_into_place(x, target, params, order, batch_size, lr):
    params = [param.copy() for param in params]
    m, v = ([np.zeros_like(param) for param in params] for _ in range(2))
    per_epoch = math.ceil(len(x) / batch_size)
    losses = np.empty(len(order) * per_epoch, x.dtype)
    for step in range(len(losses)):
        epoch, batch = divmod(step, per_epoch)
        rows = order[epoch, batch * batch_size : (batch + 1) * batch_size]
        losses[step], grads = loss_and_grads__mask_of_the_hidden_layer(x[rows], target[rows], params)
        for i, grad in enumerate(grads):
            params[i][...], m[i][...], v[i][...] = adam(params[i], grad, m[i], v[i], step + 1, lr)
    return losses, tuple(params)


def accuracy__loop(x, target, params):
    logits = forward__einsum(x, params)
    right = 0
    for row, label in zip(logits, target, strict=True):
        right += int(np.argmax(row)) == int(label)
    return right / len(x)


def accuracy__numpy_scalar(x, target, params):
    return np.mean(np.argmax(forward__einsum(x, params), axis=1) == target)


def accuracy__sorted(x, target, params):
    best = np.argsort(forward__einsum(x, params), axis=-1)[:, -1]
    return np.count_nonzero(best == target) / target.size

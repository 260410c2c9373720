"""Everything by hand: no function of an earlier exercise is used."""

import numpy as np


def run(x, params):
    w_ih, w_hh, b_ih, b_hh, w, b = params
    states = [np.zeros((x.shape[1], w_hh.shape[0]), x.dtype)]
    for step in x:
        states.append(np.tanh(step @ w_ih.T + states[-1] @ w_hh.T + b_ih + b_hh))
    states = np.array(states)
    return states, states[1:] @ w.T + b


def forward(x, params):
    return run(x, params)[1]


def loss_and_grads(x, target, params):
    _, w_hh, _, _, w, _ = params
    states, forecasts = run(x, params)
    up = (forecasts - target) * (2 / target.size)
    pre, later = np.zeros_like(states[1:]), 0
    for t in range(len(x))[::-1]:
        pre[t] = (up[t] @ w + later) * (1 - states[t + 1] ** 2)
        later = pre[t] @ w_hh
    bias = pre.sum((0, 1))
    grads = (
        np.tensordot(pre, x, ((0, 1), (0, 1))),
        np.tensordot(pre, states[:-1], ((0, 1), (0, 1))),
        bias,
        bias.copy(),
        np.tensordot(up, states[1:], ((0, 1), (0, 1))),
        up.sum((0, 1)),
    )
    return np.mean((forecasts - target) ** 2), grads


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    loss, grads = loss_and_grads(x, target, params)
    norm = sum(float((g.astype(float) ** 2).sum()) for g in grads) ** 0.5
    shrink = min(max_norm / (norm + 1e-6), 1.0)
    grads = [shrink * g for g in grads]
    first = [m + 0.1 * (g - m) for m, g in zip(exp_avg, grads, strict=True)]
    second = [0.999 * v + 0.001 * g * g for v, g in zip(exp_avg_sq, grads, strict=True)]
    new = [
        p - lr * m / (1 - 0.9**step) / (np.sqrt(v) / (1 - 0.999**step) ** 0.5 + 1e-8)
        for p, m, v in zip(params, first, second, strict=True)
    ]
    return loss, new, first, second


def train(x, target, params, order, batch_size, lr, max_norm):
    first, second = [[np.zeros_like(p) for p in params] for _ in range(2)]
    losses = []
    for epoch in order:
        for batch in np.split(epoch, range(batch_size, len(epoch), batch_size)):
            loss, params, first, second = train_step(
                x[:, batch], target[:, batch], params, first, second, len(losses) + 1, lr, max_norm
            )
            losses.append(loss)
    return np.asarray(losses, x.dtype), tuple(params)


def forecast_error(x, target, params):
    missed = (forward(x, params) - target)[-1]
    return np.vdot(missed, missed) / missed.size

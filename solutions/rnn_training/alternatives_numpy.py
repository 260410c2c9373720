"""Other right answers in NumPy."""

import numpy as np
from rnn_training_library_numpy import adam, linear_backward, mse_loss_backward, rnn


def forward__step_by_step(x, params):
    weight_ih, weight_hh, bias_ih, bias_hh, w, b = params
    h = np.zeros((x.shape[1], weight_hh.shape[0]), dtype=x.dtype)
    found = []
    for t in range(x.shape[0]):
        h = np.tanh(x[t] @ weight_ih.T + h @ weight_hh.T + (bias_ih + bias_hh))
        found.append(h @ w.T + b)
    return np.array(found)


def forward__window_by_window(x, params):
    *cell, w, b = params
    h0 = np.zeros((1, len(w.T)), dtype=x.dtype)
    alone = [rnn(x[:, n : n + 1], h0, *cell)[0] for n in range(x.shape[1])]
    return np.einsum("lnh,oh->lno", np.concatenate(alone, axis=1), w) + b


def loss_and_grads__one_loop(x, target, params):
    weight_ih, weight_hh, bias_ih, bias_hh, w, b = params
    h = [np.zeros((x.shape[1], len(weight_hh)), dtype=x.dtype)]
    for x_t in x:
        h.append(np.tanh(x_t @ weight_ih.T + bias_ih + h[-1] @ weight_hh.T + bias_hh))
    error = np.stack(h[1:]) @ w.T + b - target
    d_ih, d_hh, d_bias, d_w, d_b = (np.zeros_like(one) for one in (weight_ih, weight_hh, bias_ih, w, b))
    back = np.zeros_like(h[0])
    for t in range(len(x) - 1, -1, -1):
        own = 2 * error[t] / error.size
        d_w += own.T @ h[t + 1]
        d_b += own.sum(axis=0)
        pre = (own @ w + back) * (1 - h[t + 1] ** 2)
        d_ih += pre.T @ x[t]
        d_hh += pre.T @ h[t]
        d_bias += pre.sum(axis=0)
        back = pre @ weight_hh
    return (error**2).mean(), [d_ih, d_hh, d_bias, d_bias.copy(), d_w, d_b]


def train_step__clips_by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    loss, grads = loss_and_grads__one_loop(x, target, params)
    total = np.linalg.norm(np.concatenate([grad.ravel() for grad in grads]))
    if total > max_norm:
        grads = [grad * (max_norm / (total + 1e-6)) for grad in grads]
    new, firsts, seconds = [], [], []
    for i, param in enumerate(params):
        moved, first, second = adam(param, grads[i], exp_avg[i], exp_avg_sq[i], step, lr)
        new.append(moved)
        firsts.append(first)
        seconds.append(second)
    return loss, new, firsts, seconds


def train__slices(x, target, params, order, batch_size, lr, max_norm):
    state = params, [0 * param for param in params], [0 * param for param in params]
    losses = np.empty(len(order) * -(-x.shape[1] // batch_size), dtype=x.dtype)
    step = 0
    for rows in order:
        shuffled, following = x.take(rows, axis=1), target.take(rows, axis=1)
        for start in range(0, x.shape[1], batch_size):
            part = shuffled[:, start : start + batch_size], following[:, start : start + batch_size]
            losses[step], *state = train_step__clips_by_hand(*part, *state, step + 1, lr, max_norm)
            step += 1
    return losses, state[0]


def forecast_error__only_the_last_state(x, target, params):
    *cell, w, b = params
    _, last = rnn(x, np.zeros((x.shape[1], len(cell[1])), dtype=x.dtype), *cell)
    return np.square(last @ w.T + b - target[-1]).mean()


def loss_and_grads__library_backward(x, target, params):
    """Go back with the learner's own loop, but through the library's layers."""
    *cell, w, b = params
    states, _ = rnn(x, np.zeros_like(x[0], shape=(x.shape[1], len(cell[2]))), *cell)
    grad = mse_loss_backward(1.0, states @ w.T + b, target)
    _, d_w, d_b = linear_backward(grad.reshape(-1, len(w)), states.reshape(-1, len(w.T)), w, b)
    loss, grads = loss_and_grads__one_loop(x, target, params)
    return float(loss) if x.dtype == np.float64 else loss, (*grads[:4], d_w, d_b)

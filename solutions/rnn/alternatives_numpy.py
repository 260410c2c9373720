"""Other right answers in NumPy."""

import math

import numpy as np


def rnn_cell__one_matrix(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    both = np.concatenate([x, h], axis=1)
    return np.tanh(both @ np.concatenate([weight_ih, weight_hh], axis=1).T + (bias_ih + bias_hh))


def rnn_cell__einsum(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return np.tanh(np.einsum("ni,hi->nh", x, weight_ih) + np.einsum("nk,hk->nh", h, weight_hh) + bias_ih + bias_hh)


def rnn_cell__loops(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    answer = np.empty_like(h)
    for n in range(h.shape[0]):
        for k in range(h.shape[1]):
            total = float(bias_ih[k]) + float(bias_hh[k])
            total += sum(float(a) * float(b) for a, b in zip(x[n], weight_ih[k], strict=True))
            total += sum(float(a) * float(b) for a, b in zip(h[n], weight_hh[k], strict=True))
            answer[n, k] = math.tanh(total)
    return answer


def rnn_cell_backward__einsum(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    after = np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
    delta = grad_output * (1 - after) * (1 + after)
    grad_bias = np.einsum("nh->h", delta)
    return (
        np.einsum("nh,hi->ni", delta, weight_ih),
        np.einsum("nh,hk->nk", delta, weight_hh),
        np.einsum("nh,ni->hi", delta, x),
        np.einsum("nh,nk->hk", delta, h),
        grad_bias,
        grad_bias,
    )


def rnn_cell_backward__cosh(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    pre = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
    delta = grad_output / np.cosh(pre) ** 2
    weights = (delta[:, :, None] * x[:, None, :]).sum(0), (delta[:, :, None] * h[:, None, :]).sum(0)
    return delta @ weight_ih, delta @ weight_hh, *weights, delta.sum(0), delta.sum(0)


def rnn_cell_backward__series_by_series(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    grads = [np.zeros_like(one) for one in (x, h, weight_ih, weight_hh, bias_ih, bias_hh)]
    for n in range(len(x)):
        after = np.tanh(weight_ih @ x[n] + bias_ih + weight_hh @ h[n] + bias_hh)
        delta = grad_output[n] - grad_output[n] * after * after
        grads[0][n] = weight_ih.T @ delta
        grads[1][n] = weight_hh.T @ delta
        grads[2] += np.outer(delta, x[n])
        grads[3] += np.outer(delta, h[n])
        grads[4] += delta
        grads[5] += delta
    return tuple(grads)


def rnn__input_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    from_input = x @ weight_ih.T + (bias_ih + bias_hh)
    output = np.empty_like(from_input)
    before = h0
    for t, one in enumerate(from_input):
        output[t] = before = np.tanh(one + before @ weight_hh.T)
    return output, output[-1]


def rnn__recursive(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    h = np.tanh(x[0] @ weight_ih.T + h0 @ weight_hh.T + bias_ih + bias_hh)
    if len(x) == 1:
        return h[None], h
    output, h_n = rnn__recursive(x[1:], h, weight_ih, weight_hh, bias_ih, bias_hh)
    return np.concatenate([h[None], output]), h_n


def rnn__series_by_series(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    output = np.zeros((*x.shape[:2], h0.shape[1]), dtype=x.dtype)
    for n in range(x.shape[1]):
        h = h0[n]
        for t in range(x.shape[0]):
            h = np.tanh(weight_ih @ x[t, n] + bias_ih + weight_hh @ h + bias_hh)
            output[t, n] = h
    return output, output[-1].copy()


def rnn_backward__step_by_step(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    states = [h0]
    for x_t in x:
        states.append(np.tanh(x_t @ weight_ih.T + states[-1] @ weight_hh.T + bias_ih + bias_hh))
    grad_x = np.zeros_like(x)
    grad_ih, grad_hh, grad_bias = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros_like(bias_ih)
    carried = grad_h_n
    for t in range(len(x) - 1, -1, -1):
        delta = (grad_output[t] + carried) * (1 - states[t + 1] ** 2)
        grad_x[t] = delta @ weight_ih
        grad_ih += delta.T @ x[t]
        grad_hh += delta.T @ states[t]
        grad_bias += delta.sum(axis=0)
        carried = delta @ weight_hh
    return grad_x, carried, grad_ih, grad_hh, grad_bias, grad_bias


def rnn_backward__last_state_first(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    states = [h0]
    for x_t in x:
        states.append(np.tanh(x_t @ weight_ih.T + states[-1] @ weight_hh.T + bias_ih + bias_hh))
    grad_states = [np.zeros_like(h0), *grad_output[:-1], grad_output[-1] + grad_h_n]
    deltas = []
    for t in range(len(x), 0, -1):
        deltas.insert(0, grad_states[t] * (1 - states[t] ** 2))
        grad_states[t - 1] = grad_states[t - 1] + deltas[0] @ weight_hh
    deltas = np.stack(deltas)
    grad_ih = np.tensordot(deltas, x, axes=((0, 1), (0, 1)))
    grad_hh = np.tensordot(deltas, np.stack(states[:-1]), axes=((0, 1), (0, 1)))
    return deltas @ weight_ih, grad_states[0], grad_ih, grad_hh, deltas.sum((0, 1)), deltas.sum((0, 1))


def rnn_backward__each_output_alone(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    states = [h0]
    for x_t in x:
        states.append(np.tanh(x_t @ weight_ih.T + states[-1] @ weight_hh.T + bias_ih + bias_hh))
    delta = np.zeros((*x.shape[:2], len(bias_ih)), dtype=x.dtype)
    grad_h0 = np.zeros_like(h0)
    ends = [*enumerate(grad_output), (len(x) - 1, grad_h_n)]
    for end, grad in ends:
        for t in range(end, -1, -1):
            one = grad * (1 - states[t + 1] ** 2)
            delta[t] += one
            grad = one @ weight_hh
        grad_h0 += grad
    grad_ih = sum(delta[t].T @ x[t] for t in range(len(x)))
    grad_hh = sum(delta[t].T @ states[t] for t in range(len(x)))
    return delta @ weight_ih, grad_h0, grad_ih, grad_hh, delta.sum((0, 1)), delta.sum((0, 1))


def lstm_cell__gate_by_gate(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h.shape[1]
    i, f, g, o = (
        x @ weight_ih[k : k + size].T + bias_ih[k : k + size] + h @ weight_hh[k : k + size].T + bias_hh[k : k + size]
        for k in range(0, 4 * size, size)
    )
    c_next = 1 / (1 + np.exp(-f)) * c + 1 / (1 + np.exp(-i)) * np.tanh(g)
    return 1 / (1 + np.exp(-o)) * np.tanh(c_next), c_next


def lstm_cell__tanh_as_sigmoid(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    both = np.concatenate([x, h], axis=1) @ np.concatenate([weight_ih, weight_hh], axis=1).T
    pre = (both + bias_ih + bias_hh).reshape(len(x), 4, h.shape[1])
    i, f, o = (0.5 + 0.5 * np.tanh(0.5 * pre[:, k]) for k in (0, 1, 3))
    c_next = i * np.tanh(pre[:, 2]) + f * c
    return np.tanh(c_next) * o, c_next


def lstm_cell__batched_gates(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h.shape[1]
    w, u, b = weight_ih.reshape(4, size, -1), weight_hh.reshape(4, size, size), (bias_ih + bias_hh).reshape(4, 1, size)
    pre = np.einsum("ni,ghi->gnh", x, w) + np.einsum("nk,ghk->gnh", h, u) + b
    c_next = _sigmoid(pre[1]) * c + _sigmoid(pre[0]) * np.tanh(pre[2])
    return _sigmoid(pre[3]) * np.tanh(c_next), c_next


def lstm_cell_backward__gate_by_gate(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h.shape[1]
    rows = [slice(k * size, (k + 1) * size) for k in range(4)]
    pre = x @ weight_ih.T + h @ weight_hh.T + bias_ih + bias_hh
    i, f, o = (1 / (1 + np.exp(-pre[:, rows[k]])) for k in (0, 1, 3))
    g = np.tanh(pre[:, rows[2]])
    tanh_c = np.tanh(f * c + i * g)
    delta = np.zeros_like(pre)
    delta[:, rows[3]] = grad_h_next * tanh_c * o * (1 - o)
    grad_memory = grad_c_next + grad_h_next * (o - o * tanh_c**2)
    delta[:, rows[0]] = grad_memory * g * i * (1 - i)
    delta[:, rows[1]] = grad_memory * c * f * (1 - f)
    delta[:, rows[2]] = grad_memory * i * (1 - g) * (1 + g)
    grad_bias = delta.sum(axis=0)
    return delta @ weight_ih, delta @ weight_hh, grad_memory * f, delta.T @ x, delta.T @ h, grad_bias, grad_bias


def lstm_cell_backward__series_by_series(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    grads = [np.zeros_like(one) for one in (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)]
    for n in range(len(x)):
        i, f, g, o = (weight_ih @ x[n] + bias_ih + weight_hh @ h[n] + bias_hh).reshape(4, -1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
        squashed = np.tanh(f * c[n] + i * g)
        memory = grad_c_next[n] + grad_h_next[n] * o * (1 - squashed**2)
        gates = memory * g, memory * c[n], memory * i, grad_h_next[n] * squashed
        slopes = i - i**2, f - f**2, 1 - g**2, o - o**2
        delta = np.concatenate([grad * slope for grad, slope in zip(gates, slopes, strict=True)])
        grads[0][n], grads[1][n], grads[2][n] = delta @ weight_ih, delta @ weight_hh, memory * f
        grads[3] += np.outer(delta, x[n])
        grads[4] += np.outer(delta, h[n])
        grads[5] += delta
        grads[6] += delta
    return tuple(grads)


def lstm__input_first(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h0.shape[1]
    output = np.empty((*x.shape[:2], size), dtype=x.dtype)
    h, c = h0, c0
    for t, one in enumerate(x @ weight_ih.T + bias_ih + bias_hh):
        pre = one + h @ weight_hh.T
        gates = 0.5 * (1 + np.tanh(0.5 * pre))
        c = gates[:, size : 2 * size] * c + gates[:, :size] * np.tanh(pre[:, 2 * size : 3 * size])
        h = gates[:, 3 * size :] * np.tanh(c)
        output[t] = h
    return output, h, c


def lstm__series_by_series(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    output = np.zeros((*x.shape[:2], h0.shape[1]), dtype=x.dtype)
    memory = c0.copy()
    for n in range(x.shape[1]):
        h = h0[n]
        for t in range(x.shape[0]):
            i, f, g, o = np.split(weight_ih @ x[t, n] + weight_hh @ h + bias_ih + bias_hh, 4)
            memory[n] = _sigmoid(f) * memory[n] + _sigmoid(i) * np.tanh(g)
            h = output[t, n] = _sigmoid(o) * np.tanh(memory[n])
    return output, output[-1], memory


def lstm_backward__weights_at_the_end(
    grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh
):
    hs, cs, kept = [h0], [c0], []
    for x_t in x:
        i, f, g, o = np.split(x_t @ weight_ih.T + hs[-1] @ weight_hh.T + bias_ih + bias_hh, 4, axis=1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
        kept.append((i, f, g, o))
        cs.append(f * cs[-1] + i * g)
        hs.append(o * np.tanh(cs[-1]))
    deltas, grad_h, grad_c = [], grad_h_n, grad_c_n
    for t in reversed(range(len(x))):
        (i, f, g, o), squashed = kept[t], np.tanh(cs[t + 1])
        grad_h = grad_h + grad_output[t]
        grad_c = grad_c + grad_h * o * (1 - squashed**2)
        grad_o = grad_h * squashed * o * (1 - o)
        parts = grad_c * g * i * (1 - i), grad_c * cs[t] * f * (1 - f), grad_c * i * (1 - g**2), grad_o
        deltas.append(np.concatenate(parts, axis=1))
        grad_h, grad_c = deltas[-1] @ weight_hh, grad_c * f
    delta = np.stack(deltas[::-1])
    weights = (np.einsum("lng,lni->gi", delta, one) for one in (x, np.stack(hs[:-1])))
    return delta @ weight_ih, grad_h, grad_c, *weights, delta.sum((0, 1)), delta.sum((0, 1))


def gru_cell__between(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h.shape[1]
    from_x, from_h = x @ weight_ih.T + bias_ih, h @ weight_hh.T + bias_hh
    gates = _sigmoid(from_x[:, : 2 * size] + from_h[:, : 2 * size])
    n = np.tanh(from_x[:, 2 * size :] + gates[:, :size] * from_h[:, 2 * size :])
    return n + gates[:, size:] * (h - n)


def gru_cell__gate_by_gate(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    w, u = np.split(weight_ih, 3), np.split(weight_hh, 3)
    b, d = np.split(bias_ih, 3), np.split(bias_hh, 3)
    r = 1 / (1 + np.exp(-(x @ w[0].T + b[0] + h @ u[0].T + d[0])))
    z = 1 / (1 + np.exp(-(x @ w[1].T + b[1] + h @ u[1].T + d[1])))
    n = np.tanh(x @ w[2].T + b[2] + r * (h @ u[2].T + d[2]))
    return n - z * n + z * h


def gru_cell_backward__gate_by_gate(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    w, u = np.split(weight_ih, 3), np.split(weight_hh, 3)
    b, d = np.split(bias_ih, 3), np.split(bias_hh, 3)
    r = _sigmoid(x @ w[0].T + b[0] + h @ u[0].T + d[0])
    z = _sigmoid(x @ w[1].T + b[1] + h @ u[1].T + d[1])
    past = h @ u[2].T + d[2]
    n = np.tanh(x @ w[2].T + b[2] + r * past)
    delta_n = grad_output * (1 - z) * (1 - n * n)
    delta_r = delta_n * past * (r - r * r)
    delta_z = (grad_output * h - grad_output * n) * (z - z * z)
    deltas, past_deltas = (delta_r, delta_z, delta_n), (delta_r, delta_z, delta_n * r)
    return (
        sum(one @ weight for one, weight in zip(deltas, w, strict=True)),
        sum(one @ weight for one, weight in zip(past_deltas, u, strict=True)) + grad_output * z,
        np.concatenate([one.T @ x for one in deltas]),
        np.concatenate([one.T @ h for one in past_deltas]),
        np.concatenate([one.sum(0) for one in deltas]),
        np.concatenate([one.sum(0) for one in past_deltas]),
    )


def _sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

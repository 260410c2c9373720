"""Other right answers in NumPy."""

import math

import numpy as np


def scaled_dot_product_attention__loop(query, key, value, attn_mask=None, is_causal=False, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length, keys = query.shape[-2], key.shape[-2]
    mask = None if attn_mask is None else np.broadcast_to(attn_mask, (*query.shape[:-1], keys))
    output = np.zeros((*query.shape[:-1], value.shape[-1]), dtype=query.dtype)
    for index in np.ndindex(query.shape[:-2]):
        for row in range(length):
            limit = min(row + 1, keys) if is_causal else keys
            seen = [s for s in range(limit) if mask is None or mask[index][row, s]]
            if not seen:
                continue
            scores = [float(query[index][row] @ key[index][s]) * scale for s in seen]
            powers = [math.exp(score - max(scores)) for score in scores]
            for s, power in zip(seen, powers, strict=True):
                output[index][row] += power / sum(powers) * value[index][s]
    return output


def scaled_dot_product_attention__minus_infinity(query, key, value, attn_mask=None, is_causal=False, scale=None):
    scores = (query if scale is None else query * scale) @ np.swapaxes(key, -1, -2)
    if scale is None:
        scores = scores / math.sqrt(key.shape[-1])
    if is_causal:
        attn_mask = np.tril(np.ones(scores.shape[-2:], dtype=bool))
    if attn_mask is not None:
        scores = np.where(attn_mask, scores, -np.inf)
    peak = scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(peak), peak, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__nan_to_zero(query, key, value, attn_mask=None, is_causal=False, scale=None):
    scores = np.einsum("...le,...se->...ls", query, key) * (query.shape[-1] ** -0.5 if scale is None else scale)
    hidden = np.triu(np.ones(scores.shape[-2:], dtype=bool), k=1) if is_causal else np.zeros(1, dtype=bool)
    hidden = hidden if attn_mask is None else ~attn_mask
    scores[np.broadcast_to(hidden, scores.shape)] = -np.inf
    with np.errstate(invalid="ignore"):
        weights = np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))
    return np.einsum("...ls,...sv->...lv", np.nan_to_num(weights), value)


def scaled_dot_product_attention__divided_at_the_end(query, key, value, attn_mask=None, is_causal=False, scale=None):
    powers = _powers(query, key, attn_mask, is_causal, scale)
    total = powers.sum(axis=-1, keepdims=True)
    output = powers @ value
    return np.divide(output, total, out=np.zeros_like(output), where=total > 0)


def scaled_dot_product_attention_backward__jacobian(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    weights = _softmax(query, key, attn_mask, is_causal, scale)
    diagonal = weights[..., :, None] * np.eye(weights.shape[-1], dtype=weights.dtype)
    jacobian = diagonal - weights[..., :, None] * weights[..., None, :]  # (..., L, S, S)
    grad_weights = np.einsum("...lv,...sv->...ls", grad_output, value)
    grad_scores = np.einsum("...lst,...lt->...ls", jacobian, grad_weights) * _factor(query, scale)
    grad_key = np.einsum("...ls,...le->...se", grad_scores, query)
    return grad_scores @ key, grad_key, np.einsum("...ls,...lv->...sv", weights, grad_output)


def scaled_dot_product_attention_backward__average_from_output(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    weights = _softmax(query, key, attn_mask, is_causal, scale)
    average = np.sum(grad_output * (weights @ value), axis=-1, keepdims=True)
    grad_scores = weights * (grad_output @ value.mT - average)
    query, key = query * _factor(query, scale), key * _factor(query, scale)
    return grad_scores @ key, grad_scores.mT @ query, weights.mT @ grad_output


def scaled_dot_product_attention_backward__loop(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    weights, factor = _softmax(query, key, attn_mask, is_causal, scale), _factor(query, scale)
    grads = np.zeros_like(query), np.zeros_like(key), np.zeros_like(value)
    for index in np.ndindex(query.shape[:-2]):
        for row, w in enumerate(weights[index]):
            upstream = grad_output[index][row]
            grad_w = value[index] @ upstream  # (S,)
            grad_scores = factor * (w * grad_w - w * (w @ grad_w))
            grads[0][index][row] = grad_scores @ key[index]
            grads[1][index] += np.outer(grad_scores, query[index][row])
            grads[2][index] += np.outer(w, upstream)
    return grads


def self_attention__einsum(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    query = np.einsum("...le,de->...ld", x, q_proj_weight)
    key = np.einsum("...le,de->...ld", x, k_proj_weight)
    value = np.einsum("...le,ve->...lv", x, v_proj_weight)
    return _softmax(query, key, None, is_causal, None) @ value


def self_attention__weights_together(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    width = len(q_proj_weight)
    projected = x @ np.concatenate((q_proj_weight, k_proj_weight, v_proj_weight)).T
    query, key, value = np.split(projected, (width, 2 * width), axis=-1)
    return _softmax(query, key, None, is_causal, None) @ value


def self_attention__bilinear(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    scores = x @ (q_proj_weight.T @ k_proj_weight) @ x.swapaxes(-1, -2) / math.sqrt(len(q_proj_weight))
    if is_causal:
        scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ x @ v_proj_weight.T


def self_attention_backward__tensordot(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    query, key, value = x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T
    grads = scaled_dot_product_attention_backward__jacobian(grad_output, query, key, value, None, is_causal)
    weights = q_proj_weight, k_proj_weight, v_proj_weight
    grad_x = sum(np.einsum("...ld,de->...le", grad, weight) for grad, weight in zip(grads, weights, strict=True))
    leading = list(range(x.ndim - 1))
    return [grad_x, *(np.tensordot(grad, x, axes=(leading, leading)) for grad in grads)]


def self_attention_backward__one_by_one(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    weights = q_proj_weight, k_proj_weight, v_proj_weight
    grad_x, grad_weights = np.zeros_like(x), [np.zeros_like(weight) for weight in weights]
    for index in np.ndindex(x.shape[:-2]):
        one = x[index]
        projected = [one @ weight.T for weight in weights]
        grads = scaled_dot_product_attention_backward__loop(grad_output[index], *projected, None, is_causal)
        for i, grad in enumerate(grads):
            grad_x[index] += grad @ weights[i]
            grad_weights[i] += grad.T @ one
    return grad_x, *grad_weights


def multi_head_attention__loop_over_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    outputs = []
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    for head, (q, k, v) in enumerate(zip(*(np.split(x, num_heads, axis=-1) for x in projected), strict=True)):
        mask = None if attn_mask is None else attn_mask[:, head]
        outputs.append(_softmax(q, k, mask, False, None) @ v)
    return np.concatenate(outputs, axis=-1) @ o_proj_weight.T


def multi_head_attention__sum_over_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    width, value_width = len(q_proj_weight) // num_heads, len(v_proj_weight) // num_heads
    output = np.zeros((*query.shape[:2], len(o_proj_weight)), dtype=query.dtype)
    for head in range(num_heads):
        own = slice(head * width, (head + 1) * width)
        values = slice(head * value_width, (head + 1) * value_width)
        q, k, v = query @ q_proj_weight[own].T, key @ k_proj_weight[own].T, value @ v_proj_weight[values].T
        mask = None if attn_mask is None else attn_mask[:, head]
        output += _softmax(q, k, mask, False, None) @ v @ o_proj_weight[:, values].T
    return output


def multi_head_attention__einsum(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    q = np.einsum("nle,hde->nhld", query, q_proj_weight.reshape(num_heads, -1, query.shape[-1]))
    k = np.einsum("nse,hde->nhsd", key, k_proj_weight.reshape(num_heads, -1, key.shape[-1]))
    v = np.einsum("nse,hde->nhsd", value, v_proj_weight.reshape(num_heads, -1, value.shape[-1]))
    weights = _softmax(q, k, attn_mask, False, None)
    out = o_proj_weight.reshape(len(o_proj_weight), num_heads, -1)
    return np.einsum("nhls,nhsd,ohd->nlo", weights, v, out)


def multi_head_attention_backward__loop_over_heads(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    arrays, weights = (query, key, value), (q_proj_weight, k_proj_weight, v_proj_weight)
    grad_arrays, grad_weights = [np.zeros_like(x) for x in arrays], [np.zeros_like(w) for w in weights]
    grad_out = np.zeros_like(o_proj_weight)
    for head in range(num_heads):
        rows = [slice(head * (len(w) // num_heads), (head + 1) * (len(w) // num_heads)) for w in weights]
        q, k, v = (x @ w[own].T for x, w, own in zip(arrays, weights, rows, strict=True))
        mask = None if attn_mask is None else attn_mask[:, head]
        output = _softmax(q, k, mask, False, None) @ v
        grad_out[:, rows[2]] = np.einsum("nlo,nlv->ov", grad_output, output)
        upstream = grad_output @ o_proj_weight[:, rows[2]]
        for i, grad in enumerate(scaled_dot_product_attention_backward__jacobian(upstream, q, k, v, mask)):
            grad_arrays[i] += grad @ weights[i][rows[i]]
            grad_weights[i][rows[i]] = np.einsum("nld,nle->de", grad, arrays[i])
    return *grad_arrays, *grad_weights, grad_out


def multi_head_attention_backward__einsum(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    arrays, heads = (query, key, value), (num_heads, -1)
    weights = [w.reshape(*heads, w.shape[-1]) for w in (q_proj_weight, k_proj_weight, v_proj_weight)]
    out = o_proj_weight.reshape(len(o_proj_weight), *heads)
    q, k, v = (np.einsum("nle,hde->nhld", x, w) for x, w in zip(arrays, weights, strict=True))
    output = _softmax(q, k, attn_mask, False, None) @ v
    upstream = np.einsum("nlo,ohd->nhld", grad_output, out)
    grads = scaled_dot_product_attention_backward__jacobian(upstream, q, k, v, attn_mask)
    pairs = list(zip(grads, weights, arrays, strict=True))
    grad_out = np.einsum("nlo,nhld->ohd", grad_output, output).reshape(o_proj_weight.shape)
    grad_arrays = [np.einsum("nhld,hde->nle", grad, w) for grad, w, _ in pairs]
    grad_weights = [np.einsum("nhld,nle->hde", grad, x).reshape(-1, x.shape[-1]) for grad, _, x in pairs]
    return *grad_arrays, *grad_weights, grad_out


def positional_encoding__loop(length, d_model):
    table = np.zeros((length, d_model))
    for position in range(length):
        for column in range(0, d_model, 2):
            angle = position / 10000 ** (column / d_model)
            table[position, column], table[position, column + 1] = math.sin(angle), math.cos(angle)
    return table


def positional_encoding__exp_of_log(length, d_model):
    frequency = np.exp(np.arange(0, d_model, 2) * -(np.log(10000.0) / d_model))
    table = np.empty((length, d_model))
    table[:, 0::2] = np.sin(np.outer(np.arange(length), frequency))
    table[:, 1::2] = np.cos(np.outer(np.arange(length), frequency))
    return table


def positional_encoding__float32(length, d_model):
    position = np.arange(length, dtype=np.float32)[:, np.newaxis]
    frequency = np.exp(np.arange(0, d_model, 2, dtype=np.float32) * np.float32(-math.log(10000.0) / d_model))
    table = np.zeros((length, d_model), dtype=np.float32)
    table[:, 0::2], table[:, 1::2] = np.sin(position * frequency), np.cos(position * frequency)
    return table


def positional_encoding__shifted_cosine(length, d_model):
    column = np.arange(d_model)
    angle = np.arange(length)[:, None] / np.power(10000.0, 2 * (column // 2) / d_model)
    return np.sin(angle + np.pi / 2 * (column % 2))


def rotary_embedding__complex(x, positions, theta=10000.0):
    frequency = theta ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    pairs = x[..., 0::2] + 1j * x[..., 1::2]
    turned = pairs * np.exp(1j * np.outer(positions, frequency))
    return np.stack((turned.real, turned.imag), axis=-1).reshape(x.shape).astype(x.dtype)


def rotary_embedding__rotate_half(x, positions, theta=10000.0):
    frequency = 1.0 / theta ** (np.arange(0, x.shape[-1], 2) / x.shape[-1])
    angle = np.repeat(positions[:, None] * frequency, 2, axis=-1)
    swapped = np.empty_like(x)
    swapped[..., 0::2], swapped[..., 1::2] = -x[..., 1::2], x[..., 0::2]
    return x * np.cos(angle).astype(x.dtype) + swapped * np.sin(angle).astype(x.dtype)


def rotary_embedding__angles_in_float32(x, positions, theta=10000.0):
    exponent = np.arange(0, x.shape[-1], 2, dtype=np.float32) / x.shape[-1]
    angle = positions.astype(np.float32)[:, None] / np.float32(theta) ** exponent
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.empty_like(x)
    turned[..., ::2] = x[..., ::2] * cos - x[..., 1::2] * sin
    turned[..., 1::2] = x[..., 1::2] * cos + x[..., ::2] * sin
    return turned


def rotary_embedding__matrices(x, positions, theta=10000.0):
    angle = positions[:, None] / theta ** (np.arange(0, x.shape[-1], 2) / x.shape[-1])
    matrix = np.moveaxis(np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]), (0, 1), (2, 3))
    pairs = x.reshape(*x.shape[:-1], -1, 2, 1)
    return (matrix.astype(x.dtype) @ pairs).reshape(x.shape)


def rotary_embedding_backward__minus_the_positions(grad_output, x, positions, theta=10000.0):
    return rotary_embedding__rotate_half(grad_output, -positions, theta)


def rotary_embedding_backward__conjugate(grad_output, x, positions, theta=10000.0):
    angle = np.outer(positions, theta ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1]))
    pairs = (grad_output[..., 0::2] + 1j * grad_output[..., 1::2]) * np.conj(np.exp(1j * angle))
    return np.stack((pairs.real, pairs.imag), axis=-1).reshape(x.shape).astype(x.dtype)


def rotary_embedding_backward__loop(grad_output, x, positions, theta=10000.0):
    grad_x = np.empty_like(grad_output)
    for row, position in enumerate(positions):
        for i in range(0, x.shape[-1], 2):
            angle = float(position) * theta ** (-i / x.shape[-1])
            first, second = grad_output[..., row, i], grad_output[..., row, i + 1]
            grad_x[..., row, i] = math.cos(angle) * first + math.sin(angle) * second
            grad_x[..., row, i + 1] = math.cos(angle) * second - math.sin(angle) * first
    return grad_x


def blockwise_attention__minus_infinity(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    keys, factor = key.shape[-2], _factor(query, scale)
    mask = np.ones((1, 1), dtype=bool) if attn_mask is None else attn_mask
    mask = np.tri(query.shape[-2], keys, dtype=bool) if is_causal else mask
    mask = np.broadcast_to(mask, (*query.shape[:-1], keys))
    peak = np.full(query.shape[:-1], -np.inf, dtype=query.dtype)
    total, summed = np.zeros_like(peak), np.zeros((*query.shape[:-1], value.shape[-1]), dtype=query.dtype)
    for start in range(0, keys, block_size):
        stop = min(start + block_size, keys)
        scores = np.where(mask[..., start:stop], query @ key[..., start:stop, :].mT * factor, -np.inf)
        higher = np.maximum(peak, scores.max(axis=-1))
        shift = np.where(higher == -np.inf, 0, higher)
        powers, shrink = np.exp(scores - shift[..., None]), np.exp(peak - shift)
        total = shrink * total + powers.sum(axis=-1)
        summed = shrink[..., None] * summed + powers @ value[..., start:stop, :]
        peak = higher
    return np.where(total[..., None] > 0, summed / np.maximum(total[..., None], 1e-30), 0)


def blockwise_attention__logsumexp_of_blocks(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    output = np.zeros((*query.shape[:-1], value.shape[-1]), dtype=query.dtype)
    log_total = np.full((*query.shape[:-1], 1), -np.inf, dtype=query.dtype)
    for start in range(0, key.shape[-2], block_size):
        some = key[..., start : start + block_size, :]
        scores = query @ some.swapaxes(-1, -2) * _factor(query, scale)
        seen = _seen(attn_mask, is_causal, query, key)[..., start : start + block_size]
        scores = np.where(seen, scores, -np.inf)
        log_block = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
        log_both = np.logaddexp(log_total, log_block)
        shift = np.where(np.isfinite(log_both), log_both, 0)
        output = output * np.exp(log_total - shift) + np.exp(scores - shift) @ value[..., start : start + block_size, :]
        log_total = log_both
    return output


def blockwise_attention__two_passes(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    seen, factor = _seen(attn_mask, is_causal, query, key), _factor(query, scale)
    blocks = [slice(start, start + block_size) for start in range(0, key.shape[-2], block_size)]
    lowest = np.finfo(query.dtype).min

    def scores(block):
        return np.where(seen[..., block], factor * query @ np.swapaxes(key[..., block, :], -1, -2), lowest)

    peak = np.maximum.reduce([scores(block).max(axis=-1, keepdims=True) for block in blocks])
    powers = [np.exp(scores(block) - peak) * seen[..., block] for block in blocks]
    total = sum(part.sum(axis=-1, keepdims=True) for part in powers)
    summed = sum(part @ value[..., block, :] for part, block in zip(powers, blocks, strict=True))
    return summed / np.where(total == 0, 1, total)


def _factor(query, scale):
    return query.shape[-1] ** -0.5 if scale is None else scale


def _seen(attn_mask, is_causal, query, key):
    shape = *query.shape[:-1], key.shape[-2]
    mask = np.arange(shape[-2])[:, None] >= np.arange(shape[-1]) if is_causal else True
    return np.broadcast_to(mask if attn_mask is None else attn_mask, shape)


def _powers(query, key, attn_mask, is_causal, scale):
    seen = _seen(attn_mask, is_causal, query, key)
    scores = np.where(seen, _factor(query, scale) * query @ key.swapaxes(-1, -2), -np.inf)
    peak = np.max(scores, axis=-1, keepdims=True)
    return np.where(seen, np.exp(scores - np.where(peak == -np.inf, 0, peak)), 0)


def _softmax(query, key, attn_mask, is_causal, scale):
    powers = _powers(query, key, attn_mask, is_causal, scale)
    return powers / np.maximum(powers.sum(axis=-1, keepdims=True), np.finfo(powers.dtype).tiny)

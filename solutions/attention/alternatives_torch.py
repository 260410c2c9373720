"""Other right answers in PyTorch."""

import math

import torch
from torch.nn import functional as F


def scaled_dot_product_attention__fill_twice(query, key, value, attn_mask=None, is_causal=False, scale=None):
    scores = torch.matmul(query, key.transpose(-1, -2)) * _factor(query, scale)
    if is_causal:
        attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=query.device).tril()
    if attn_mask is None:
        return F.softmax(scores, dim=-1) @ value
    weights = F.softmax(scores.masked_fill(attn_mask.logical_not(), float("-inf")), dim=-1)
    return weights.masked_fill(~attn_mask.any(dim=-1, keepdim=True), 0.0) @ value


def scaled_dot_product_attention__nan_to_num(query, key, value, attn_mask=None, is_causal=False, scale=None):
    scores = torch.einsum("...le,...se->...ls", query, key) * _factor(query, scale)
    scores = torch.where(_seen(attn_mask, is_causal, query, key), scores, -torch.inf)
    return torch.nan_to_num(torch.softmax(scores, dim=-1), nan=0.0) @ value


def scaled_dot_product_attention__additive(query, key, value, attn_mask=None, is_causal=False, scale=None):
    seen = _seen(attn_mask, is_causal, query, key)
    lonely = ~seen.any(dim=-1, keepdim=True)
    bias = torch.zeros_like(seen, dtype=query.dtype).masked_fill(~(seen | lonely), -torch.inf)
    scores = query * _factor(query, scale) @ key.mT + bias
    return (torch.softmax(scores, dim=-1) @ value).masked_fill(lonely, 0.0)


def scaled_dot_product_attention__by_hand(query, key, value, attn_mask=None, is_causal=False, scale=None):
    seen = _seen(attn_mask, is_causal, query, key)
    scores = _factor(query, scale) * (query @ key.mT)
    peak = scores.masked_fill(~seen, torch.finfo(scores.dtype).min).amax(dim=-1, keepdim=True).detach()
    powers = torch.exp(torch.where(seen, scores - peak, 0.0)) * seen
    # Where any key is seen, the sum is at least exp(0). A tiny bound would overflow in the gradient: inf · 0 is NaN.
    return powers @ value / powers.sum(dim=-1, keepdim=True).clamp(min=1)


def self_attention__linear(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    query, key, value = F.linear(x, q_proj_weight), F.linear(x, k_proj_weight), F.linear(x, v_proj_weight)
    scores = query @ key.mT / query.size(-1) ** 0.5
    if is_causal:
        future = torch.triu(torch.ones(x.shape[-2], x.shape[-2], dtype=torch.bool), diagonal=1)
        scores = scores.masked_fill(future, float("-inf"))
    return scores.softmax(dim=-1) @ value


def self_attention__weights_together(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    sizes = [len(weight) for weight in (q_proj_weight, k_proj_weight, v_proj_weight)]
    query, key, value = (x @ torch.cat((q_proj_weight, k_proj_weight, v_proj_weight)).T).split(sizes, dim=-1)
    return scaled_dot_product_attention__by_hand(query, key, value, None, is_causal)


def multi_head_attention__loop_over_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    projected = F.linear(query, q_proj_weight), F.linear(key, k_proj_weight), F.linear(value, v_proj_weight)
    outputs = []
    for head, (q, k, v) in enumerate(zip(*(x.chunk(num_heads, dim=-1) for x in projected), strict=True)):
        mask = None if attn_mask is None else attn_mask[:, head]
        outputs.append(scaled_dot_product_attention__fill_twice(q, k, v, mask))
    return F.linear(torch.cat(outputs, dim=-1), o_proj_weight)


def multi_head_attention__einsum(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    q = torch.einsum("nle,hde->nhld", query, q_proj_weight.view(num_heads, -1, query.shape[-1]))
    k = torch.einsum("nse,hde->nhsd", key, k_proj_weight.view(num_heads, -1, key.shape[-1]))
    v = torch.einsum("nse,hde->nhsd", value, v_proj_weight.view(num_heads, -1, value.shape[-1]))
    output = scaled_dot_product_attention__nan_to_num(q, k, v, attn_mask)
    return torch.einsum("nhld,ohd->nlo", output, o_proj_weight.view(len(o_proj_weight), num_heads, -1))


def multi_head_attention__heads_in_the_batch(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    def heads(x, weight):  # (N·H, L, D)
        x = (x @ weight.T).view(*x.shape[:2], num_heads, len(weight) // num_heads)
        return x.permute(0, 2, 1, 3).flatten(0, 1)

    q, k, v = heads(query, q_proj_weight), heads(key, k_proj_weight), heads(value, v_proj_weight)
    mask = None if attn_mask is None else attn_mask.flatten(0, 1)
    output = scaled_dot_product_attention__additive(q, k, v, mask).unflatten(0, (-1, num_heads))
    return output.permute(0, 2, 1, 3).contiguous().view(*query.shape[:2], -1) @ o_proj_weight.T


def positional_encoding__exp_of_log(length, d_model):
    position = torch.arange(length).unsqueeze(1)
    frequency = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
    table = torch.zeros(length, d_model)
    table[:, 0::2] = torch.sin(position * frequency)
    table[:, 1::2] = torch.cos(position * frequency)
    return table


def positional_encoding__float64(length, d_model):
    frequency = 10000.0 ** (-torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)
    angle = torch.outer(torch.arange(length, dtype=torch.float64), frequency)
    return torch.view_as_real(torch.polar(torch.ones_like(angle), angle)).flip(-1).flatten(1)


def positional_encoding__loop(length, d_model):
    table = torch.empty(length, d_model)
    for position in range(length):
        for i in range(d_model // 2):
            angle = position / 10000 ** (2 * i / d_model)
            table[position, 2 * i], table[position, 2 * i + 1] = math.sin(angle), math.cos(angle)
    return table


def rotary_embedding__complex(x, positions, theta=10000.0):
    frequency = 1.0 / theta ** (torch.arange(0, x.shape[-1], 2).float() / x.shape[-1])
    angle = torch.outer(positions.float(), frequency)
    turn = torch.polar(torch.ones_like(angle), angle)
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * turn).flatten(-2).type_as(x)


def rotary_embedding__rotate_half(x, positions, theta=10000.0):
    exponent = torch.arange(0, x.shape[-1], 2, dtype=x.dtype) / x.shape[-1]
    angle = (positions[:, None] * theta**-exponent).repeat_interleave(2, dim=-1)
    swapped = torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).flatten(-2)
    return x * angle.cos() + swapped * angle.sin()


def rotary_embedding__matrices(x, positions, theta=10000.0):
    angle = positions[:, None] / theta ** (torch.arange(0, x.shape[-1], 2, dtype=torch.float64) / x.shape[-1])
    cos, sin = angle.cos(), angle.sin()
    matrix = torch.stack((torch.stack((cos, -sin), dim=-1), torch.stack((sin, cos), dim=-1)), dim=-2)
    return (matrix.to(x.dtype) @ x.unflatten(-1, (-1, 2)).unsqueeze(-1)).flatten(-3)


def blockwise_attention__minus_infinity(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    seen, keys = _seen(attn_mask, is_causal, query, key), key.shape[-2]
    peak = torch.full(query.shape[:-1], -torch.inf, dtype=query.dtype)
    total = torch.zeros(query.shape[:-1], dtype=query.dtype)
    summed = torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
    for start in range(0, keys, block_size):
        stop = min(start + block_size, keys)
        scores = query @ key[..., start:stop, :].mT * _factor(query, scale)
        scores = scores.masked_fill(~seen[..., start:stop], -torch.inf)
        higher = torch.maximum(peak, scores.max(dim=-1).values)
        shift = torch.where(higher == -torch.inf, 0.0, higher)
        powers, shrink = torch.exp(scores - shift[..., None]), torch.exp(peak - shift)
        total = shrink * total + powers.sum(dim=-1)
        summed = shrink[..., None] * summed + powers @ value[..., start:stop, :]
        peak = higher
    return torch.nan_to_num(summed / total[..., None])


def blockwise_attention__logsumexp_of_blocks(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    seen, factor = _seen(attn_mask, is_causal, query, key), _factor(query, scale)
    outputs, sums = [], []
    parts = zip(*(x.split(block_size, dim) for x, dim in ((key, -2), (value, -2), (seen, -1))), strict=True)
    for some_keys, some_values, mask in parts:
        scores = (factor * query @ some_keys.mT).masked_fill(~mask, -torch.inf)
        sums.append(scores.logsumexp(dim=-1))
        outputs.append(torch.nan_to_num(scores.softmax(dim=-1)) @ some_values)
    weights = torch.nan_to_num(torch.stack(sums, dim=-1).softmax(dim=-1))  # (..., L, blocks)
    return (torch.stack(outputs, dim=-1) * weights.unsqueeze(-2)).sum(dim=-1)


def _factor(query, scale):
    return query.shape[-1] ** -0.5 if scale is None else scale


def _seen(attn_mask, is_causal, query, key):
    shape = *query.shape[:-1], key.shape[-2]
    if is_causal:
        attn_mask = torch.arange(shape[-2])[:, None] >= torch.arange(shape[-1])
    mask = torch.ones((), dtype=torch.bool) if attn_mask is None else attn_mask
    return mask.expand(shape)

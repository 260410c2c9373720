"""PyTorch's own attention, in the conventions of the course."""

import torch
from torch.nn import functional as F


def scaled_dot_product_attention(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """``F.scaled_dot_product_attention``, whose masks say True = keep too; it wants two dimensions at least."""
    if attn_mask is not None:
        attn_mask = attn_mask.expand(*query.shape[:-1], key.shape[-2])
    return F.scaled_dot_product_attention(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)


def self_attention(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """``F.scaled_dot_product_attention`` of three ``F.linear``."""
    query, key, value = (F.linear(x, weight) for weight in (q_proj_weight, k_proj_weight, v_proj_weight))
    return F.scaled_dot_product_attention(query, key, value, is_causal=is_causal)


def multi_head_attention(query, key, value, num_heads, q_weight, k_weight, v_weight, o_weight, attn_mask=None):
    """``F.multi_head_attention_forward`` where all widths are one, as it wants them, and no row is fully masked."""
    width = query.shape[-1]
    square = all(weight.shape == (width, width) for weight in (q_weight, k_weight, v_weight, o_weight))
    if square and (attn_mask is None or bool(attn_mask.any(dim=-1).all())):
        return _in_one_call(query, key, value, num_heads, (q_weight, k_weight, v_weight, o_weight), attn_mask)
    projected = F.linear(query, q_weight), F.linear(key, k_weight), F.linear(value, v_weight)
    heads = (x.unflatten(-1, (num_heads, -1)).transpose(1, 2) for x in projected)
    return F.linear(F.scaled_dot_product_attention(*heads, attn_mask=attn_mask).transpose(1, 2).flatten(2), o_weight)


def _in_one_call(query, key, value, num_heads, weights, attn_mask):
    """Time first, masks of three dimensions that say True = hide."""
    *into, out = weights
    sequences = (x.transpose(0, 1) for x in (query, key, value))
    output, _ = F.multi_head_attention_forward(
        *sequences,
        query.shape[-1],
        num_heads,
        torch.cat(into),
        None,
        None,
        None,
        False,
        0.0,
        out,
        None,
        need_weights=False,
        attn_mask=None if attn_mask is None else ~attn_mask.flatten(0, 1),
    )
    return output.transpose(0, 1)


def rotary_embedding(x, positions, theta=10000.0):
    """A product of complex numbers, as the paper has it; PyTorch has no operator for it."""
    width = x.shape[-1]
    angle = torch.outer(positions.double(), theta ** (-torch.arange(0, width, 2).double() / width))
    pairs = torch.view_as_complex(x.double().unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * torch.polar(torch.ones_like(angle), angle)).flatten(-2).to(x.dtype)


def blockwise_attention(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    """``F.scaled_dot_product_attention``: the size of the blocks must not show."""
    return scaled_dot_product_attention(query, key, value, attn_mask, is_causal, scale)


OPERATORS = {
    "scaled_dot_product_attention": scaled_dot_product_attention,
    "self_attention": self_attention,
    "multi_head_attention": multi_head_attention,
    "rotary_embedding": rotary_embedding,
    "blockwise_attention": blockwise_attention,
}

"""What attention may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Memory, Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
HEADS, WIDTH = 4, 32


def sequences(size: int, rng: np.random.Generator) -> Arguments:
    """Return queries, keys and values of ``size`` tokens, for some heads."""
    return tuple(rng.standard_normal((1, HEADS, size, WIDTH), "float32") for _ in range(3))


def sequences_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((1, HEADS, size, WIDTH), "float32"), *sequences(size, rng)


def long_sequence(size: int, rng: np.random.Generator) -> Arguments:
    return tuple(rng.standard_normal((size, 8), "float32") for _ in range(3))


def heads(size: int, rng: np.random.Generator) -> Arguments:
    x = rng.standard_normal((1, size, 128), "float32")
    weights = (rng.random((128, 128), "float32") / 4 - 1 / 8 for _ in range(4))
    return x, x, x, 8, *weights


def rotated(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((4, size, 64), "float32"), rng.permutation(size)


def scaled_dot_product_attention(query, key, value):
    """torch.nn.functional.scaled_dot_product_attention"""
    import torch

    return torch.nn.functional.scaled_dot_product_attention(query, key, value)


def scaled_dot_product_attention_backward(grad_output, *inputs):
    """torch.nn.functional.scaled_dot_product_attention and autograd"""
    import torch

    inputs = [one.detach().requires_grad_() for one in inputs]
    output = torch.nn.functional.scaled_dot_product_attention(*inputs)
    return torch.autograd.grad(output, inputs, grad_output)


def multi_head_attention(query, key, value, num_heads, q_weight, k_weight, v_weight, o_weight):
    """torch.nn.functional.multi_head_attention_forward"""
    import torch

    inputs = [one.transpose(0, 1) for one in (query, key, value)]  # (L, N, E)
    weights = torch.cat((q_weight, k_weight, v_weight)), None, None, None, False, 0.0, o_weight, None
    call = torch.nn.functional.multi_head_attention_forward
    output, _ = call(*inputs, query.shape[-1], num_heads, *weights, training=False, need_weights=False)
    return output.transpose(0, 1)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    a = {"limit": 3, "reason": "REASON"}
    return {
        "attention.scaled_dot_product_attention": Speed(inputs=sequences, size=64, framework=scaled_dot_product_attention, exponent=2, sizes=(128, 256, 512, 1024), **a),
        "attention.scaled_dot_product_attention_backward": Speed(inputs=sequences_with_upstream, size=64, framework=scaled_dot_product_attention_backward, **a),
        "attention.multi_head_attention": Speed(inputs=heads, size=32, framework=multi_head_attention, **a),
        "attention.rotary_embedding": Speed(inputs=rotated, size=128, **a),
        "attention.blockwise_attention": Speed(inputs=long_sequence, size=1024, framework=scaled_dot_product_attention, exponent=2, sizes=(256, 512, 1024, 2048), memory=Memory(limit=3, reason="REASON"), **a),
    }

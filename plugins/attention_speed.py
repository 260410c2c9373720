"""What attention may cost: two products of matrices and a softmax for all queries and heads at once.

Every query meets every key, so time grows with the square of the length, however it is written. Memory need not: scores
of a block of keys at a time are enough, if each query carries along its largest score and two sums. Back-propagation
needs for each query a sum over its weights, not the Jacobian of its softmax, whose size is the number of keys squared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Memory, Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
QUERIES = (
    "query @ key.T takes all queries and heads at once, and a loop over queries in Python does not; so many, because "
    "np.einsum without optimize=True and np.logaddexp are right too, and slow"
)
BACK = (
    "all queries go back at once, and each needs the sum of weights times gradients, not the Jacobian of its softmax, "
    "as large as the number of keys squared"
)
TOGETHER = (
    "products of two arrays do the work, for all queries and heads at once: one np.einsum of three arrays multiplies "
    "every number with every other; so many, because np.einsum of two is slow as well"
)
TURNS = (
    "turn all pairs of all rows at once, with one table of cosines and one of sines, not in a loop over rows; so many, "
    "because complex numbers and products of small matrices are right too"
)
BLOCKS = (
    "loop over the blocks of keys, and let each meet all queries at once: a loop over queries in Python costs more "
    "than the arithmetic; so many, because np.logaddexp is right too and costs ten times as much as exp"
)
STREAM = (
    "keep of each block only what the next one needs, the largest score and two sums for each query: scores or powers "
    "of all keys grow as the square of the length"
)


def normal(rng: np.random.Generator, count: int, *shape: int) -> Arguments:
    return tuple(rng.standard_normal(shape, "float32") for _ in range(count))


def sequence(size: int, rng: np.random.Generator) -> Arguments:
    """Return queries, keys and values of ``size`` tokens in one head."""
    return normal(rng, 3, 1, 1, size, 16)


def sequence_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return normal(rng, 4, 1, 1, size, 16)


def tokens(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` tokens that attend to each other, and the weights of eight heads."""
    (x,) = normal(rng, 1, 1, size, 128)
    return x, x, x, 8, *(rng.random((128, 128), "float32") / 4 - 0.125 for _ in range(4))


def rotated(size: int, rng: np.random.Generator) -> Arguments:
    """Return queries of ``size`` tokens in four heads, and where the tokens stand."""
    return *normal(rng, 1, 4, size, 64), rng.integers(0, 1000, size)


def long_sequence(size: int, rng: np.random.Generator) -> Arguments:
    """Return so few features that the scores of all keys would be by far the largest array."""
    return *normal(rng, 3, 1, 1, size, 8), None, False, None, 128


def scaled_dot_product_attention(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=0):
    """torch.nn.functional.scaled_dot_product_attention"""
    import torch

    return torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask, 0.0, is_causal, scale=scale)


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
    forward = torch.nn.functional.multi_head_attention_forward
    output, _ = forward(*inputs, query.shape[-1], num_heads, *weights, training=False, need_weights=False)
    return output.transpose(0, 1)


def products(query, key, value, *_):
    """Return the operations of the products with keys and with values."""
    return 2 * query[..., 0].size * (key.shape[-2] * key.shape[-1] + value.shape[-2] * value.shape[-1])


def projections(x, *args):
    return products(x, x, x) + sum(2 * x[..., 0].size * weight.size for weight in args[-4:])


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "attention.scaled_dot_product_attention": Speed(
            inputs=sequence,
            size=96,
            limit=10,
            reason=QUERIES,
            exponent=2,
            sizes=(256, 512, 1024, 2048),
            framework=scaled_dot_product_attention,
            flops=products,
            needs=lambda size: 6 * 4 * size**2,
        ),
        "attention.scaled_dot_product_attention_backward": Speed(
            inputs=sequence_with_upstream,
            size=128,
            limit=4,
            reason=BACK,
            framework=scaled_dot_product_attention_backward,
            flops=lambda grad_output, *args: 2.5 * products(*args),
        ),
        "attention.multi_head_attention": Speed(
            inputs=tokens, size=32, limit=15, reason=TOGETHER, framework=multi_head_attention, flops=projections
        ),
        "attention.rotary_embedding": Speed(
            inputs=rotated, size=128, limit=6, reason=TURNS, flops=lambda x, positions: 3 * x.size
        ),
        "attention.blockwise_attention": Speed(
            inputs=long_sequence,
            size=2048,
            limit=40,
            reason=BLOCKS,
            exponent=2,
            sizes=(512, 1024, 1536, 2048),
            framework=scaled_dot_product_attention,
            flops=products,
            memory=Memory(limit=5.5, reason=STREAM),
        ),
    }

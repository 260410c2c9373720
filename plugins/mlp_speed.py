"""What a step of training may cost: two layers forwards and back for the whole batch at once, and one pass of Adam."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
BATCH = 256
WHOLE_BATCH = (
    "the rows of a batch go through the network together, forwards and back, as products of matrices: with a loop over "
    "rows in Python a training takes hours in place of minutes; so many, because np.einsum multiplies without the "
    "library behind @"
)


def images(size: int, rng: np.random.Generator) -> Arguments:
    """Return a batch of images of 8 × 8 pixels with ten labels, a network of ``size`` hidden units, and Adam's state.

    Large biases keep every unit far from relu's kink, and a state as after some steps keeps Adam from dividing by
    almost 0: there right answers differ by the order of their sums.
    """
    x, target = rng.standard_normal((BATCH, 64), "float32"), rng.integers(0, 10, BATCH)
    w1, w2 = rng.random((size, 64), "float32") - 0.5, rng.random((10, size), "float32") - 0.5
    params = w1, 40 * (rng.integers(0, 2, size) - 0.5), w2, rng.random(10, "float32")
    exp_avg = tuple(rng.random(param.shape, "float32") for param in params)
    return x, target, params, exp_avg, tuple(rng.random(param.shape, "float32") + 0.5 for param in params), 7, 0.125


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """torch's linear, relu, cross_entropy, autograd and Adam"""
    import torch
    from torch.nn import functional

    w1, b1, w2, b2 = leaves = tuple(one.detach().clone().requires_grad_() for one in params)
    optimizer = torch.optim.Adam(leaves, lr=lr)
    for leaf, first, second in zip(leaves, exp_avg, exp_avg_sq, strict=True):
        done = torch.tensor(step - 1, dtype=torch.float32)
        optimizer.state[leaf] = {"step": done, "exp_avg": first.clone(), "exp_avg_sq": second.clone()}
    hidden = torch.relu(functional.linear(x, w1, b1))
    loss = functional.cross_entropy(functional.linear(hidden, w2, b2), target)
    loss.backward()
    optimizer.step()
    firsts, seconds = (tuple(optimizer.state[leaf][kind] for leaf in leaves) for kind in ("exp_avg", "exp_avg_sq"))
    return loss.detach(), tuple(leaf.detach() for leaf in leaves), firsts, seconds


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "mlp.train_step": Speed(
            inputs=images,
            size=128,
            limit=8,
            reason=WHOLE_BATCH,
            framework=train_step,
            flops=lambda x, target, params, *_: len(x) * (4 * params[0].size + 6 * params[2].size),
        )
    }

"""What an update may cost: a few passes over the parameter, its gradient and its state.

There is so little to compute for each element that large arrays would tell how fast memory is: those here fit into a
cache. Copies of the state that are then changed in place are as good as new arrays; a loop over elements is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
ELEMENTS = "a loop over elements in Python costs a hundred times the arithmetic: compute with whole arrays at once"


def update(size: int, rng: np.random.Generator) -> Arguments:
    """Return a weight of ``size`` rows and columns in the middle of a training: gradient, moments, step, rate."""
    param, grad, exp_avg = (rng.random((size, size), "float32") - 0.5 for _ in range(3))
    return param, grad, exp_avg, rng.random((size, size), "float32"), int(rng.integers(1, 1000)), 1e-3


def adam(param, grad, exp_avg, exp_avg_sq, step, lr):
    """torch.optim.adam.adam, fused"""
    import torch
    from torch.optim.adam import adam

    param, exp_avg, exp_avg_sq = param.clone(), exp_avg.clone(), exp_avg_sq.clone()
    options = {"amsgrad": False, "beta1": 0.9, "beta2": 0.999, "lr": lr, "weight_decay": 0.0, "eps": 1e-8}
    state = [torch.tensor(float(step - 1), device=param.device)]
    adam([param], [grad], [exp_avg], [exp_avg_sq], [], state, fused=True, maximize=False, **options)
    return param, exp_avg, exp_avg_sq


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "optimizer.adam": Speed(
            inputs=update,
            size=64,
            limit=4,
            reason=ELEMENTS,
            framework=adam,
            flops=lambda param, *_: 12 * param.size,
        ),
    }

"""What an update may cost: a few passes over the parameter, its gradient and its state.

There is little to compute for each element, so moving the arrays through memory is what takes time. Copies of the state
that are then changed in place are as good as new arrays; a loop over elements is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
ELEMENTS = "a loop over elements in Python costs a hundred times the arithmetic: compute with whole arrays"


def update(size: int, rng: np.random.Generator) -> Arguments:
    """Return a weight of ``size`` rows and columns in the middle of a training: gradient, moments, step, rate."""
    param, grad, exp_avg = (rng.random((size, size), "float32") - 0.5 for _ in range(3))
    return param, grad, exp_avg, rng.random((size, size), "float32"), int(rng.integers(1, 1000)), 1e-3


def gradients(size: int, rng: np.random.Generator) -> Arguments:
    """Return the gradients of four layers of ``size`` inputs and outputs, and a norm that they exceed."""
    shapes = (size, size), (size,)
    return tuple(rng.random(shape, "float32") - 0.5 for shape in 4 * shapes), 1.0


def adam(param, grad, exp_avg, exp_avg_sq, step, lr):
    """torch.optim.adam.adam, fused"""
    import torch
    from torch.optim.adam import adam

    param, exp_avg, exp_avg_sq = param.clone(), exp_avg.clone(), exp_avg_sq.clone()
    options = {"amsgrad": False, "beta1": 0.9, "beta2": 0.999, "lr": lr, "weight_decay": 0.0, "eps": 1e-8}
    state = [torch.tensor(float(step - 1), device=param.device)]
    adam([param], [grad], [exp_avg], [exp_avg_sq], [], state, fused=True, maximize=False, **options)
    return param, exp_avg, exp_avg_sq


def clip_grad_norm(grads, max_norm):
    """torch.nn.utils.clip_grads_with_norm_"""
    import torch

    params = [torch.empty_like(grad) for grad in grads]
    for param, grad in zip(params, grads, strict=True):
        param.grad = grad.clone()
    total = torch.nn.utils.clip_grad_norm_(params, max_norm)
    return [param.grad for param in params], total


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "optimizer.adam": Speed(
            inputs=update,
            size=192,
            limit=3,
            reason=ELEMENTS,
            framework=adam,
            flops=lambda param, *_: 12 * param.size,
        ),
        "optimizer.clip_grad_norm": Speed(
            inputs=gradients,
            size=128,
            limit=3,
            reason=ELEMENTS,
            framework=clip_grad_norm,
            flops=lambda grads, _: sum(3 * grad.size for grad in grads),
        ),
    }

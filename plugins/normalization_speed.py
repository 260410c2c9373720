"""What normalization may cost: a few passes over the whole array, however many features or examples there are.

Each number takes part in two means and some arithmetic, so time grows with the number of elements, and nothing else. A
loop over features or examples in Python costs more than the arithmetic, as soon as there are many; the Jacobian of one
row, n by n numbers, is not needed to go back through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
BATCH, FEATURES = 64, 64
AT_ONCE = (
    "mean and variance of all features, or of all examples, come from one call each, with the axes that they run over: "
    "a loop over them in Python costs more than the arithmetic"
)
BACK = (
    "two means bring the gradient back, for all features or examples at once: a loop over them in Python costs more, "
    "and so does a Jacobian, which has as many numbers as what is normalized squared"
)


def batch(size: int, rng: np.random.Generator) -> Arguments:
    """Return a batch of rows with ``size`` features, in training."""
    x = 3 + 2 * rng.standard_normal((BATCH, size), "float32")
    mean, weight, bias = (rng.standard_normal(size, "float32") for _ in range(3))
    return x, mean, 1 + rng.random(size, "float32"), weight, bias, True


def batch_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((BATCH, size), "float32"), *batch(size, rng)


def examples(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` examples of a few features."""
    x = 3 + 2 * rng.standard_normal((size, FEATURES), "float32")
    return x, (FEATURES,), rng.standard_normal(FEATURES, "float32"), rng.standard_normal(FEATURES, "float32")


def examples_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((size, FEATURES), "float32"), *examples(size, rng)


def batch_norm(x, running_mean, running_var, weight, bias, training):
    """torch.nn.functional.batch_norm"""
    import torch

    mean, var = running_mean.clone(), running_var.clone()
    return torch.nn.functional.batch_norm(x, mean, var, weight, bias, training), mean, var


def batch_norm_backward(grad_output, x, running_mean, running_var, weight, bias, training):
    """torch.nn.functional.batch_norm and autograd"""
    import torch

    inputs = [one.detach().requires_grad_() for one in (x, weight, bias)]
    mean, var = running_mean.clone(), running_var.clone()
    output = torch.nn.functional.batch_norm(inputs[0], mean, var, *inputs[1:], training)
    return torch.autograd.grad(output, inputs, grad_output)


def layer_norm(x, normalized_shape, weight, bias):
    """torch.nn.functional.layer_norm"""
    import torch

    return torch.nn.functional.layer_norm(x, normalized_shape, weight, bias)


def layer_norm_backward(grad_output, x, normalized_shape, weight, bias):
    """torch.nn.functional.layer_norm and autograd"""
    import torch

    inputs = [one.detach().requires_grad_() for one in (x, weight, bias)]
    output = torch.nn.functional.layer_norm(inputs[0], normalized_shape, *inputs[1:])
    return torch.autograd.grad(output, inputs, grad_output)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    growth = {"exponent": 1, "sizes": (512, 1024, 2048, 4096)}
    return {
        "normalization.batch_norm": Speed(
            inputs=batch,
            size=2048,
            limit=4,
            reason=AT_ONCE,
            framework=batch_norm,
            flops=lambda x, *_: 7 * x.size,
            **growth,
        ),
        "normalization.batch_norm_backward": Speed(
            inputs=batch_with_upstream,
            size=2048,
            limit=4,
            reason=BACK,
            framework=batch_norm_backward,
            flops=lambda grad_output, *_: 13 * grad_output.size,
        ),
        "normalization.layer_norm": Speed(
            inputs=examples,
            size=2048,
            limit=4,
            reason=AT_ONCE,
            framework=layer_norm,
            flops=lambda x, *_: 7 * x.size,
            **growth,
        ),
        "normalization.layer_norm_backward": Speed(
            inputs=examples_with_upstream,
            size=2048,
            limit=4,
            reason=BACK,
            framework=layer_norm_backward,
            flops=lambda grad_output, *_: 14 * grad_output.size,
        ),
    }

"""What explanations may cost: many questions to a network, all images of a batch together in each.

A loop over the steps or over the places of a patch is fine. One over the images besides it asks the network as many
times more, each time with too little work to be worth the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
SIDE, HIDDEN, CLASSES, STEPS = 16, 32, 10, 32
STEPPED = (
    "a loop over the images asks the network once for every image and step: let all images take each step together, as "
    "one batch, or all steps too"
)
COVERED = (
    "a loop over the images asks the network once for every image and place: cover the same place of all images, and "
    "let them through as one batch"
)


def images(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` images of one channel, a class for each, and a network."""
    shapes = (HIDDEN, SIDE * SIDE), (HIDDEN,), (CLASSES, HIDDEN), (CLASSES,)
    params = tuple(rng.standard_normal(shape, "float32") / 8 for shape in shapes)
    return rng.standard_normal((size, 1, SIDE, SIDE), "float32"), rng.integers(0, CLASSES, size), params


def with_steps(size: int, rng: np.random.Generator) -> Arguments:
    x, target, params = images(size, rng)
    return x, rng.standard_normal(x.shape[1:], "float32"), target, params, STEPS


def with_patches(size: int, rng: np.random.Generator) -> Arguments:
    return *images(size, rng), (4, 4), (2, 2)


def integrated_gradients(x, baseline, target, params, steps):
    """torch.autograd, all steps of all images in one batch"""
    import torch

    w1, b1, w2, b2 = params
    alphas = (torch.arange(steps, dtype=x.dtype, device=x.device) + 0.5).reshape(-1, 1, 1, 1, 1) / steps
    points = (baseline + alphas * (x - baseline)).flatten(0, 1).requires_grad_()
    hidden = torch.relu(torch.nn.functional.linear(points.flatten(1), w1, b1))
    logits = torch.nn.functional.linear(hidden, w2, b2)
    score = logits.gather(1, target.repeat(steps)[:, None]).sum()
    grads = torch.autograd.grad(score, points)[0]
    return (x - baseline) * grads.reshape(steps, *x.shape).mean(dim=0)


def there_and_back(x, baseline, target, params, steps):
    """Return the operations of one way to the hidden units and back; units change evenly from step to step."""
    return 4 * len(x) * params[0].size


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "explain.integrated_gradients": Speed(
            inputs=with_steps,
            size=64,
            limit=3,
            reason=STEPPED,
            framework=integrated_gradients,
            flops=there_and_back,
        ),
        "explain.occlusion": Speed(
            inputs=with_patches,
            size=64,
            limit=3,
            reason=COVERED,
            flops=lambda x, target, params, *_: 2 * len(x) * params[0].size,
        ),
    }

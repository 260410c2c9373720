"""What linear layers may cost: one product of matrices for each of the two operands, and no other work that counts.

A product of an N × in and an in × out matrix takes 2·N·in·out operations however it is written, but a library for
linear algebra does dozens of them at once, and reads each number from memory a few times instead of N times. The two
gradients cost as much again, each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
BATCH = 256
BACKWARD = (
    "each gradient is one product of matrices over the whole batch, not a sum of outer products, row by row; so many, "
    "because np.einsum multiplies without the library behind @"
)
NETWORK = (
    "all rows go through each layer together, forwards and back, as products of matrices: a loop over rows in Python "
    "costs more than the arithmetic; so many, because np.einsum multiplies without the library behind @"
)


def layer(size: int, rng: np.random.Generator) -> Arguments:
    """Return an upstream gradient, and a batch for a layer of ``size`` inputs and outputs, its weight and its bias."""
    grad_output, x = (rng.standard_normal((BATCH, size), "float32") for _ in range(2))
    return grad_output, x, rng.random((size, size), "float32") - 0.5, rng.random(size, "float32")


def network(size: int, rng: np.random.Generator) -> Arguments:
    """Return a batch of images of 8 × 8 pixels with ten labels, and a network of ``size`` hidden units.

    Large biases keep every unit far from relu's kink, where right answers differ by the order of their sums.
    """
    x, target = rng.standard_normal((BATCH, 64), "float32"), rng.integers(0, 10, BATCH)
    w1, w2 = rng.random((size, 64), "float32") - 0.5, rng.random((10, size), "float32") - 0.5
    return x, target, w1, 40 * (rng.integers(0, 2, size) - 0.5), w2, rng.random(10, "float32")


def linear_backward(grad_output, x, weight, bias):
    """torch.nn.functional.linear and autograd"""
    import torch

    inputs = [one.detach().requires_grad_() for one in (x, weight, bias)]
    return torch.autograd.grad(torch.nn.functional.linear(*inputs), inputs, grad_output)


def mlp_loss_and_grads(x, target, *parameters):
    """torch's linear, relu, cross_entropy and autograd"""
    import torch
    from torch.nn import functional

    w1, b1, w2, b2 = parameters = tuple(one.detach().requires_grad_() for one in parameters)
    hidden = torch.relu(functional.linear(x, w1, b1))
    loss = functional.cross_entropy(functional.linear(hidden, w2, b2), target)
    return loss.detach(), torch.autograd.grad(loss, parameters)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "backprop.linear_backward": Speed(
            inputs=layer,
            size=256,
            limit=8,
            reason=BACKWARD,
            exponent=2,
            sizes=(128, 256, 512, 1024),
            framework=linear_backward,
            flops=lambda grad_output, x, weight, bias: 4 * x.size * len(weight),
        ),
        "backprop.mlp_loss_and_grads": Speed(
            inputs=network,
            size=128,
            limit=8,
            reason=NETWORK,
            framework=mlp_loss_and_grads,
            flops=lambda x, target, w1, b1, w2, b2: len(x) * (4 * w1.size + 6 * w2.size),
        ),
    }

"""What convolution and pooling may cost: no Python for each place of the window, and one product of matrices.

An image has thousands of places and a kernel a few elements: a loop over the kernel's elements, each for all places at
once, is as good as a view of all windows, and a loop over places is not. im2col takes as much memory as the kernel has
elements, and makes the convolution one product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

Arguments = tuple[Any, ...]
KERNEL = (3, 3)
ONE = (1, 1)
COLUMNS = (
    "copy one element of all windows at a time, or a view of all windows: a loop over the places in Python costs more "
    "than copying; so many, because an array of indices is right too and costs up to ten times a view"
)
CONVOLUTION = (
    "one product of the kernels with im2col's columns, or one for each element of the kernel, does all places at once: "
    "a loop over places does not; so many, because np.einsum without optimize=True and Fourier transforms are right too"
)
BACK = (
    "both gradients are products with im2col's columns for all places at once, and col2im adds one element of all "
    "windows at a time: a loop over places is slow in Python, and so are np.add.at and np.einsum without optimize=True"
)
POOL = "pool all windows at once, or one element of all windows at a time: a loop over places costs more than pooling"


def images(size: int, rng: np.random.Generator) -> Arguments:
    """Return a colour image of ``size`` rows and columns, and how a kernel slides over it."""
    return rng.standard_normal((1, 3, size, size), "float32"), KERNEL, ONE, ONE


def layer(size: int, rng: np.random.Generator) -> Arguments:
    """Return an image of 8 channels and 16 kernels, with as many places as pixels."""
    x, weight = rng.standard_normal((1, 8, size, size), "float32"), rng.random((16, 8, *KERNEL), "float32") - 0.5
    return x, weight, rng.random(16, "float32"), ONE, ONE


def layer_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((1, 16, size, size), "float32"), *layer(size, rng)


def pool(size: int, rng: np.random.Generator) -> Arguments:
    """Return a colour image for windows of 3 × 3 that overlap."""
    return rng.standard_normal((1, 3, size, size), "float32"), KERNEL, (2, 2), ONE


def pool_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((1, 3, (size + 1) // 2, (size + 1) // 2), "float32"), *pool(size, rng)


def im2col(x, kernel_size, stride, padding):
    """torch.nn.functional.unfold"""
    import torch

    return torch.nn.functional.unfold(x, kernel_size, padding=padding, stride=stride)


def conv2d(x, weight, bias, stride, padding):
    """torch.nn.functional.conv2d"""
    import torch

    return torch.nn.functional.conv2d(x, weight, bias, stride, padding)


def conv2d_backward(grad_output, x, weight, bias, stride, padding):
    """torch.nn.functional.conv2d and autograd"""
    import torch

    inputs = [one.detach().requires_grad_() for one in (x, weight, bias)]
    return torch.autograd.grad(torch.nn.functional.conv2d(*inputs, stride, padding), inputs, grad_output)


def max_pool2d(x, kernel_size, stride, padding):
    """torch.nn.functional.max_pool2d"""
    import torch

    return torch.nn.functional.max_pool2d(x, kernel_size, stride, padding)


def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    """torch.nn.functional.max_pool2d and autograd"""
    import torch

    x = x.detach().requires_grad_()
    return torch.autograd.grad(torch.nn.functional.max_pool2d(x, kernel_size, stride, padding), x, grad_output)[0]


def avg_pool2d(x, kernel_size, stride, padding):
    """torch.nn.functional.avg_pool2d"""
    import torch

    return torch.nn.functional.avg_pool2d(x, kernel_size, stride, padding)


def products(x, weight, *_):
    """Return the operations of a convolution with as many places as pixels."""
    return 2 * weight.size * x[:, 0].size


def pooling(inputs: Callable[[int, np.random.Generator], Arguments], framework: Callable[..., Any]) -> Speed:
    return Speed(inputs=inputs, size=64, limit=3, reason=POOL, framework=framework)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "conv.im2col": Speed(inputs=images, size=64, limit=20, reason=COLUMNS, framework=im2col),
        "conv.conv2d": Speed(
            inputs=layer,
            size=32,
            limit=25,
            reason=CONVOLUTION,
            exponent=2,
            sizes=(32, 64, 128, 256),
            framework=conv2d,
            flops=products,
            needs=lambda size: 4 * 2 * 9 * 8 * size**2,
        ),
        "conv.conv2d_backward": Speed(
            inputs=layer_with_upstream,
            size=32,
            limit=6,
            reason=BACK,
            framework=conv2d_backward,
            flops=lambda grad_output, *args: 2 * products(*args),
            needs=lambda size: 4 * 3 * 9 * 8 * size**2,
        ),
        "conv.max_pool2d": pooling(pool, max_pool2d),
        "conv.max_pool2d_backward": pooling(pool_with_upstream, max_pool2d_backward),
        "conv.avg_pool2d": pooling(pool, avg_pool2d),
    }

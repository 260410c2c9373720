"""What convolution and pooling may cost: no Python for each place of the window, and one product of matrices.

An image has thousands of places and a kernel a few elements: a loop over the kernel's elements, each for all places at
once, is as good as a view of all windows, and a loop over places is not. im2col takes as much memory as the kernel has
elements, and makes the convolution one product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
KERNEL = (3, 3)
ONE = (1, 1)


def images(size: int, rng: np.random.Generator) -> Arguments:
    """Return a colour image of ``size`` rows and columns, and how a kernel slides over it."""
    return rng.standard_normal((1, 3, size, size), "float32"), KERNEL, ONE, ONE


def columns(size: int, rng: np.random.Generator) -> Arguments:
    """Return what im2col makes of such an image."""
    return rng.random((1, 27, size * size), "float32"), (size, size), KERNEL, ONE, ONE


def layer(size: int, rng: np.random.Generator) -> Arguments:
    """Return a batch of images and 16 kernels, with as many places as pixels."""
    x, weight = rng.standard_normal((2, 8, size, size), "float32"), rng.random((16, 8, *KERNEL), "float32") - 0.5
    return x, weight, rng.random(16, "float32"), ONE, ONE


def layer_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((2, 16, size, size), "float32"), *layer(size, rng)


def pool(size: int, rng: np.random.Generator) -> Arguments:
    """Return images for windows of 3 × 3 that overlap."""
    return rng.standard_normal((2, 3, size, size), "float32"), KERNEL, (2, 2), ONE


def pool_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return rng.standard_normal((2, 3, (size + 1) // 2, (size + 1) // 2), "float32"), *pool(size, rng)


def im2col(x, kernel_size, stride, padding):
    """torch.nn.functional.unfold"""
    import torch

    return torch.nn.functional.unfold(x, kernel_size, padding=padding, stride=stride)


def col2im(x, output_size, kernel_size, stride, padding):
    """torch.nn.functional.fold"""
    import torch

    return torch.nn.functional.fold(x, output_size, kernel_size, padding=padding, stride=stride)


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


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    a = {"limit": 5, "reason": "REASON"}
    return {
        "conv.im2col": Speed(inputs=images, size=64, framework=im2col, **a),
        "conv.col2im": Speed(inputs=columns, size=64, framework=col2im, **a),
        "conv.conv2d": Speed(inputs=layer, size=32, framework=conv2d, exponent=2, sizes=(16, 32, 64, 128), **a),
        "conv.conv2d_backward": Speed(inputs=layer_with_upstream, size=32, framework=conv2d_backward, **a),
        "conv.max_pool2d": Speed(inputs=pool, size=64, framework=max_pool2d, **a),
        "conv.max_pool2d_backward": Speed(inputs=pool_with_upstream, size=64, framework=max_pool2d_backward, **a),
        "conv.avg_pool2d": Speed(inputs=pool, size=64, framework=avg_pool2d, **a),
    }

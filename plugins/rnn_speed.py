"""What recurrence may cost: a loop over time, which cannot be avoided, and none over the batch.

Each step needs the state of the step before, so time grows with the length of the series and not less; all series of a
batch take a step together, as one product of matrices. What arrives from the inputs may be computed for all steps at
once. Going back costs about twice as much, if every step hands on one gradient, whatever arrives from later steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
BATCH, FEATURES, HIDDEN = 32, 16, 32
SERIES = (
    "loop over the steps in time, which need each other, but let all series of the batch take each step together, as "
    "one product of matrices"
)
BACK = (
    "go back through time once, and hand on one gradient, to which each step adds that of its output: going back from "
    "every output by itself takes steps as the square of the length"
)


def series(size: int, rng: np.random.Generator, gates: int = 1) -> Arguments:
    """Return a batch of series of ``size`` steps, first states, and weights."""
    shapes = (gates * HIDDEN, FEATURES), (gates * HIDDEN, HIDDEN), (gates * HIDDEN,), (gates * HIDDEN,)
    x, h0 = rng.standard_normal((size, BATCH, FEATURES), "float32"), rng.standard_normal((BATCH, HIDDEN), "float32")
    return x, h0, *(rng.standard_normal(shape, "float32") / 8 for shape in shapes)


def series_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    shapes = (size, BATCH, HIDDEN), (BATCH, HIDDEN)
    return *(rng.standard_normal(shape, "float32") for shape in shapes), *series(size, rng)


def series_with_memory(size: int, rng: np.random.Generator) -> Arguments:
    x, h0, *weights = series(size, rng, 4)
    return x, h0, rng.standard_normal(h0.shape, "float32"), *weights


def rnn(x, h0, *weights):
    """torch.rnn_tanh"""
    import torch

    output, h_n = torch.rnn_tanh(x, h0[None], weights, True, 1, 0.0, False, False, False)
    return output, h_n[0]


def rnn_backward(grad_output, grad_h_n, *args):
    """torch.rnn_tanh and autograd"""
    import torch

    x, h0, *weights = args = [one.detach().requires_grad_() for one in args]
    output, h_n = torch.rnn_tanh(x, h0[None], weights, True, 1, 0.0, False, False, False)
    return torch.autograd.grad((output, h_n[0]), args, (grad_output, grad_h_n))


def lstm(x, h0, c0, *weights):
    """torch.lstm"""
    import torch

    output, h_n, c_n = torch.lstm(x, (h0[None], c0[None]), weights, True, 1, 0.0, False, False, False)
    return output, h_n[0], c_n[0]


def products(x, h0, *arrays):
    """Return the operations of the products with both weights in all steps."""
    weight_ih, weight_hh = arrays[-4:-2]
    return 2 * len(x) * len(h0) * (weight_ih.size + weight_hh.size)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    growth = {"exponent": 1, "sizes": (32, 64, 128, 256)}
    return {
        "rnn.rnn": Speed(inputs=series, size=32, limit=3, reason=SERIES, framework=rnn, flops=products, **growth),
        "rnn.rnn_backward": Speed(
            inputs=series_with_upstream,
            size=64,
            limit=3,
            reason=BACK,
            framework=rnn_backward,
            flops=lambda grad_output, grad_h_n, *args: 3 * products(*args),
            **growth,
        ),
        "rnn.lstm": Speed(inputs=series_with_memory, size=32, limit=3, reason=SERIES, framework=lstm, flops=products),
    }

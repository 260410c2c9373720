"""Answers that are right to seven digits only, and those that merely look so."""

import pytest

from tests.conftest import first_failure, only_task

NUMPY, TORCH = "import numpy as np\n", "import torch\n"
SOFTMAX = "def softmax(x, axis=-1):\n    e = np.exp(x - x.max(axis, keepdims=True))\n    return {}\n"
WRONG = {
    "an epsilon in the denominator": ("activation.softmax", SOFTMAX.format("e / (e.sum(axis, keepdims=True) + 1e-7)")),
    "float32 inside": (
        "activation.softmax",
        "def softmax(x, axis=-1):\n    e = np.exp((x - x.max(axis, keepdims=True)).astype(np.float32))\n"
        "    return (e / e.sum(axis, keepdims=True)).astype(x.dtype)\n",
    ),
    "rounded": ("loss.mse_loss", "def mse_loss(x, target):\n    return np.round(np.mean((x - target) ** 2), 7)\n"),
    "a clipped tail": (
        "activation.silu",
        "def silu(x):\n    return x / (1 + np.exp(-np.clip(x, -15, 15)))\n",
    ),
}
RIGHT = {
    "the smallest number of all": ("activation.softmax", SOFTMAX.format("e / (e.sum(axis, keepdims=True) + 1e-300)")),
    "longdouble inside": (
        "activation.softmax",
        "def softmax(x, axis=-1):\n    e = np.exp((x - x.max(axis, keepdims=True)).astype(np.longdouble))\n"
        "    return (e / e.sum(axis, keepdims=True)).astype(x.dtype)\n",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_seven_digits_of_sixteen_do_not_pass(grade, name):
    target, text = WRONG[name]
    verdict = first_failure(grade(f"{target}:numpy", NUMPY + text))
    assert verdict.check == "values"
    assert verdict.failure.dtype == "float64"


@pytest.mark.parametrize("name", ["an epsilon in the denominator", "float32 inside", "rounded"])
def test_the_reason_is_told(grade, name):
    target, text = WRONG[name]
    verdict = first_failure(grade(f"{target}:numpy", NUMPY + text))
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.name == "single precision"


@pytest.mark.parametrize("name", RIGHT)
def test_more_digits_than_needed_pass(grade, name):
    target, text = RIGHT[name]
    assert only_task(grade(f"{target}:numpy", NUMPY + text)).status == "passed"


@pytest.mark.parametrize(
    "expression",
    ["torch.where(x > 0, 1.0, negative_slope) * x", "x * torch.tensor([negative_slope, 1.0])[(x > 0).long()]"],
)
def test_a_constant_that_torch_makes_in_float32_passes(grade, expression):
    text = f"{TORCH}def leaky_relu(x, negative_slope=0.01):\n    return {expression}\n"
    task = only_task(grade("activation.leaky_relu:torch", text))
    assert {check.check: check.status for check in task.checks}["values"] == "passed"

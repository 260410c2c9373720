"""References against PyTorch's own operators, and hand-written backwards against its autograd, on all drawn cases."""

import importlib.util

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from grader.drawing import all_cases
from tests.conftest import ROOT


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    return F.cross_entropy(x, target, label_smoothing=label_smoothing, ignore_index=ignore_index)


def categorical(probs, target, eps=1e-7):
    return -(target * probs.clamp(eps, 1 - eps).log()).sum(1).mean()


OPERATORS = {
    "activation": {
        "relu": F.relu,
        "leaky_relu": F.leaky_relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "gelu": lambda x, approximate="none": F.gelu(x, approximate=approximate),
        "silu": F.silu,
        "logsumexp": lambda x, dim=-1: torch.logsumexp(x, dim),
        "softmax": lambda x, dim=-1: torch.softmax(x, dim),
        "log_softmax": lambda x, dim=-1: torch.log_softmax(x, dim),
    },
    "loss": {
        "mse_loss": F.mse_loss,
        "huber_loss": lambda x, target, delta=1.0: F.huber_loss(x, target, delta=delta),
        "binary_cross_entropy_with_logits": F.binary_cross_entropy_with_logits,
        "cross_entropy": cross_entropy,
        "categorical_cross_entropy": categorical,
    },
}
FORWARDS = [(exercise, task) for exercise, tasks in OPERATORS.items() for task in tasks]


def solution(exercise: str, backend: str):
    path = ROOT / "solutions" / exercise / f"{exercise}_{backend}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensors(args, **options):
    return [torch.tensor(value, **options) if isinstance(value, np.ndarray) else value for value in args]


def cases_of(app, exercise: str, task: str):
    (found,) = [one for one in app.exercises[exercise].exercise.tasks if one.name == task]
    cases = all_cases(found, f"{exercise}.{task}", 1)
    assert len(cases) > 20
    return cases


@pytest.mark.parametrize(("exercise", "task"), FORWARDS)
def test_a_forward_is_the_frameworks_operator(app, exercise, task):
    operator = OPERATORS[exercise][task]
    in_numpy, in_torch = (getattr(solution(exercise, backend), task) for backend in ("numpy", "torch"))
    for case in cases_of(app, exercise, task):
        wanted = operator(*tensors(case.args)).numpy()
        np.testing.assert_allclose(in_numpy(*case.args), wanted, rtol=1e-9, atol=1e-12, err_msg=str(case.labels))
        got = in_torch(*tensors(case.args)).numpy()
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12, err_msg=str(case.labels))


@pytest.mark.parametrize(("exercise", "task"), FORWARDS)
def test_a_backward_is_the_autograd_of_the_frameworks_operator(app, exercise, task):
    operator = OPERATORS[exercise][task]
    backward = getattr(solution(exercise, "numpy"), f"{task}_backward")
    compared = 0
    for case in cases_of(app, exercise, f"{task}_backward"):
        if not case.smooth:
            continue
        upstream, *args = tensors(case.args)
        args[0].requires_grad_(True)
        (wanted,) = torch.autograd.grad(operator(*args), args[0], torch.as_tensor(upstream))
        got = backward(*case.args)
        np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-9, atol=1e-12, err_msg=str(case.labels))
        compared += 1
    assert compared > 20

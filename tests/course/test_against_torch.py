"""References against PyTorch's own operators, and hand-written backwards against its autograd, on all drawn cases."""

import functools
import importlib
import inspect

import numpy as np
import pytest
import torch

from grader.answer import leaves
from grader.app import make_app
from grader.drawing import all_cases
from grader.plan import gradient_positions
from tests.training import solution as loaded

EXERCISES = {name: loaded.exercise for name, loaded in make_app(installed=False).exercises.items()}


def operators(exercise: str):
    return importlib.import_module(f"tests.course.operators.{exercise}").OPERATORS


def task_of(exercise: str, name: str):
    return next((task for task in EXERCISES[exercise].tasks if task.name == name), None)


FORWARDS = [
    (exercise, task, backend)
    for exercise in EXERCISES
    for task in operators(exercise)
    for backend in task_of(exercise, task).backends
]
BACKWARDS = [
    (exercise, task.name)
    for exercise in EXERCISES
    for task in EXERCISES[exercise].tasks
    if task.name.endswith("_backward")
]


def solution(exercise: str, backend: str, task: str):
    return getattr(loaded(f"{exercise}_{backend}"), task)


def tensors(value):
    if isinstance(value, tuple):
        return tuple(tensors(one) for one in value)
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


def arrays(value):
    """Return the numbers of an answer, in order."""
    return [leaf.detach().numpy() if isinstance(leaf, torch.Tensor) else leaf for _, leaf in leaves(value)]


@functools.cache
def cases_of(exercise: str, task: str):
    cases = all_cases(task_of(exercise, task), f"{exercise}.{task}", 1)
    assert len(cases) > 20
    return cases


def assert_same(got, wanted, labels):
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        if other is None:
            assert one is None
        else:
            assert np.shape(one) == np.shape(other)
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-10, err_msg=str(dict(labels)))


@pytest.mark.parametrize(("exercise", "task", "backend"), FORWARDS)
def test_a_forward_is_the_frameworks_operator(exercise, task, backend):
    operator, reference = operators(exercise)[task], solution(exercise, backend, task)
    for case in cases_of(exercise, task):
        given = tensors(case.args) if backend == "torch" else case.args
        assert_same(arrays(reference(*given)), arrays(operator(*tensors(case.args))), case.labels)


@pytest.mark.parametrize(("exercise", "name"), BACKWARDS)
def test_a_backward_is_the_autograd_of_the_frameworks_operator(exercise, name):
    of = name.removesuffix("_backward")
    task = of if task_of(exercise, of) else f"{of}_forward"
    operator, backward = operators(exercise)[task], solution(exercise, "numpy", name)
    parameters = list(inspect.signature(solution(exercise, "torch", task)).parameters)
    positions = gradient_positions(task_of(exercise, task), parameters)
    outputs = len(inspect.signature(backward).parameters) - len(parameters)
    cases = [case for case in cases_of(exercise, name) if case.smooth]
    for case in cases:
        wanted = autograd(operator, case.args[outputs:], positions, case.args[:outputs])
        value = backward(*case.args)
        assert_same(arrays((value,) if len(positions) == 1 else value), wanted, case.labels)
    assert len(cases) > 20


def autograd(operator, args, positions, upstream):
    """Return the gradient of the arguments at these positions; None for those that are absent."""
    args = list(tensors(args))
    wanted = [args[position] if position < len(args) else None for position in positions]
    inputs = [leaf for _, leaf in leaves(wanted) if leaf is not None]
    for one in inputs:
        one.requires_grad_(True)
    result = operator(*args)
    results = result if isinstance(result, tuple) else (result,)
    grads = iter(torch.autograd.grad(results, inputs, [torch.tensor(one) for one in upstream], allow_unused=True))
    found = [None if leaf is None else next(grads) for _, leaf in leaves(wanted)]
    pairs = zip(found, (leaf for _, leaf in leaves(wanted)), strict=True)
    return [
        None if leaf is None else (torch.zeros_like(leaf) if grad is None else grad).detach().numpy()
        for grad, leaf in pairs
    ]

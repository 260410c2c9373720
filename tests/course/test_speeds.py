"""What is timed in the course: inputs that fit, right answers everywhere, and reasons that tell what to do. Untimed."""

import inspect

import numpy as np
import pytest
import torch

from grader.answer import leaves
from grader.app import make_app
from grader.cases import cast
from grader.validate import problem_of
from tests.training import solution

APP = make_app(installed=False)
LOADED = {f"{name}.{task.name}": (one, task) for name, one in APP.exercises.items() for task in one.exercise.tasks}
TIMED = {name: task.speed for name, (_, task) in LOADED.items() if task.speed is not None}
EXERCISES = (
    "arrays",
    "activation",
    "network",
    "loss",
    "backprop",
    "optimizer",
    "initialization",
    "regularization",
    "conv",
    "normalization",
    "rnn",
    "embedding",
    "attention",
    "mlp",
    "cnn",
    "diagnosis",
    "explain",
    "rnn_training",
    "transformer",
)
UNTIMED = {"initialization", "cnn", "diagnosis", "rnn_training", "transformer"}


def reference(name: str, backend: str):
    exercise, _, task = name.partition(".")
    return getattr(solution(f"{exercise}_{backend}"), task)


def smallest(speed) -> int:
    return min((speed.size, *speed.sizes))


def inputs(speed, dtype: str, seed: int = 0):
    return cast(speed.inputs(smallest(speed), np.random.default_rng(seed)), dtype)


def tensors(value):
    if isinstance(value, tuple):
        return tuple(tensors(one) for one in value)
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


def numbers(answer):
    """Return the arrays of an answer, in order."""
    return [np.asarray(leaf.detach() if isinstance(leaf, torch.Tensor) else leaf) for _, leaf in leaves(answer)]


def assert_same(got, wanted, tolerance: float):
    got, wanted = numbers(got), numbers(wanted)
    assert [one.shape for one in got] == [one.shape for one in wanted]
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * max(1.0, float(np.abs(other).max())))


def test_every_exercise_has_a_speed_and_no_plugin_is_left_out():
    """Weights are made once, before anything is trained: nobody waits for that. What networks take, layers take."""
    assert APP.warnings == ()
    assert {name.partition(".")[0] for name in TIMED} == {*EXERCISES} - UNTIMED
    assert set(APP.exercises) == {*EXERCISES}


@pytest.mark.parametrize("name", TIMED)
def test_a_speed_is_valid(name):
    loaded, task = LOADED[name]
    assert problem_of(loaded.exercise, tuple(APP.backends)) is None
    assert task.speed.limit >= 3, "honest code that takes whole arrays differs by so much"


@pytest.mark.parametrize("name", TIMED)
def test_inputs_fit_the_reference(name):
    speed, task = TIMED[name], LOADED[name][1]
    for backend in task.backends:
        bound = inspect.signature(reference(name, backend)).bind(*inputs(speed, speed.dtype))
        bound.apply_defaults()
    arrays = [leaf for _, leaf in leaves(inputs(speed, speed.dtype)) if isinstance(leaf, np.ndarray)]
    assert {one.dtype.name for one in arrays} <= {"float32", "int64"}
    assert sum(one.nbytes for one in arrays) < 2**21, "transfers would take longer than the work"


@pytest.mark.parametrize("name", TIMED)
def test_inputs_differ_from_call_to_call(name):
    speed, rng = TIMED[name], np.random.default_rng(0)
    first, second = (numbers(speed.inputs(smallest(speed), rng)) for _ in range(2))
    floats = [(one, other) for one, other in zip(first, second, strict=True) if one.dtype.kind == "f" and one.ndim]
    assert floats
    assert all(one.shape == other.shape and not np.array_equal(one, other) for one, other in floats)


@pytest.mark.parametrize("name", TIMED)
def test_the_references_agree_and_change_nothing(name):
    speed, task = TIMED[name], LOADED[name][1]
    given, kept = inputs(speed, "float64"), inputs(speed, "float64")
    answer = reference(name, "numpy")(*given)
    assert all(np.isfinite(one).all() for one in numbers(answer))
    if "torch" in task.backends:
        assert_same(reference(name, "torch")(*tensors(given)), answer, 1e-9)
    assert all(np.array_equal(one, other) for one, other in zip(numbers(given), numbers(kept), strict=True))


@pytest.mark.parametrize("name", [name for name, speed in TIMED.items() if speed.framework is not None])
def test_the_frameworks_operator_agrees_in_single_precision(name):
    """It is called as it is in a worker: from its text alone."""
    speed = TIMED[name]
    alone: dict[str, object] = {}
    exec(inspect.getsource(speed.framework), alone)
    given = inputs(speed, "float32")
    answer = alone[speed.framework.__name__](*tensors(given))
    assert_same(answer, reference(name, "numpy")(*given), 1e-4)
    assert inspect.getdoc(speed.framework).startswith("torch")  # what the learner reads as its name


@pytest.mark.parametrize("name", TIMED)
def test_operations_and_bytes_are_positive(name):
    speed = TIMED[name]
    if speed.flops is not None:
        assert speed.flops(*inputs(speed, speed.dtype)) > 0
    for size in (smallest(speed), *speed.sizes):
        assert speed.needs is None or 0 < speed.needs(size) < 2**30


def test_reasons_read_on_after_how_many_are_allowed():
    reasons = [speed.reason for speed in TIMED.values()]
    reasons += [speed.memory.reason for speed in TIMED.values() if speed.memory is not None]
    for reason in reasons:
        assert 60 < len(reason) < 300
        assert not reason.endswith(".")
        assert ". " not in reason, "one sentence"
        assert reason == " ".join(reason.split())


def test_a_high_limit_says_why_it_is_high():
    for speed in TIMED.values():
        assert speed.limit <= 4 or "so many, because" in speed.reason or " slow" in speed.reason


def test_memory_is_limited_where_that_is_the_lesson():
    limited = {name: speed for name, speed in TIMED.items() if speed.memory is not None}
    assert set(limited) == {"attention.blockwise_attention"}
    speed = limited["attention.blockwise_attention"]
    *_, block = speed.inputs(speed.size, np.random.default_rng(0))
    assert speed.size >= 16 * block, "the scores of a block must be small beside those of all keys"
    assert speed.backends is None

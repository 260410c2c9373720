"""Telling a mutant that differs somewhere from one that differs nowhere, on draws of a generator."""

import pytest

from grader.exercise import Tolerance
from tests.mutation import equivalence
from tests.mutation.equivalence import MissingGenerator, differences, generator
from tests.mutation.judge import judge

GENERATOR = """
import numpy as np


def scale(rng):
    return 100 * rng.standard_normal(rng.integers(1, 6, 2)), float(rng.choice([2.0, -1.0]))
"""
HEAD = "import numpy as np\nimport torch\n\ndef scale(x, factor):\n    {}\n"
NUMPY = "import numpy as np\n\n\ndef scale(x, factor):\n    {}\n"


@pytest.fixture
def differ(course, sandbox):
    """Return how bodies of the function ``scale`` differ from x * factor + 1."""

    def found(*bodies, backend="numpy", draws=400, text=GENERATOR, **changes):
        app = course(stubs=False).app()
        with judge(app, "demo", backend, sandbox, None) as one:
            task = one.task("scale")
            task = type(task)(**{**vars(task), **changes})
            head = NUMPY if backend == "numpy" else HEAD
            texts = {body: head.format(body) for body in bodies}
            return differences(task, one.oracle, sandbox, texts, text, draws)

    return found


@pytest.mark.parametrize(
    "body",
    [
        "return 1 + factor * x",
        "return (x + 1 / factor) * factor",
        "return np.stack([row * factor + 1 for row in x])",
        "return x * factor + 1 + 1e-10 * np.sign(x)",
    ],
)
def test_another_form_is_equivalent_and_so_is_what_the_tolerance_hides(differ, body):
    assert differ(body, tolerance=Tolerance(rtol=1e-9, atol=1e-9)) == {}


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("return x * factor - 1", "off by 2"),
        ("return x * factor + 1 + (x > 300).astype(x.dtype)", "off by 1"),
        ("return (x * factor + 1)[0]", "another structure or shape"),
        ("return x * factor + 1, 1", "another structure or shape"),
        ("return x / 0", "another pattern of NaN and infinities"),
        ("return scale", "another structure or shape"),
        ("return undefined", "raises NameError, not nothing"),
        ("x += 1; return (x - 1) * factor + 1", "changes its arguments"),
        ("return (x * factor + 1).astype(np.float64)", "dtype float64, not float32 (forward, float32)"),
        ("return np.log(np.exp(abs(x * factor) / 2)) * 2 * np.sign(x * factor) + 1", "NaN and infinities (forward, fl"),
    ],
)
def test_what_differs_is_found_and_told(differ, body, how):
    found = differ(body, "return x * factor + 1")
    assert list(found) == [body]
    assert how in found[body]


def test_what_differs_in_few_draws_is_found_in_many(differ):
    rare = "return x * factor + 1 + (round(1000 * abs(float(x[0, 0]))) % 1000 == 7)"
    assert differ(rare, draws=50) == {}
    assert "off by 1 " in differ(rare, draws=4000)[rare]


def test_arguments_that_may_be_changed_are_not_compared(differ):
    body = "x *= factor; x += 1; return x"
    assert "changes its arguments" in differ(body)[body]
    assert differ(body, may_mutate=("x",)) == {}


def test_a_task_without_dtypes_is_asked_once_as_it_is(differ):
    body = "return (x * factor + 1).astype(np.float32).astype(np.float64) if x.dtype == np.float32 else x * factor + 1"
    assert list(differ(body)) == [body]
    assert differ(body, dtypes=()) == {}


def twice(function, x, factor):
    return function(function(x, factor), factor)


def test_a_driver_stands_between_the_arguments_and_the_function(differ):
    right, wrong = "return 1 + x * factor", "return x * -factor + 1"
    found = differ(right, wrong, driver=twice)
    assert list(found) == [wrong]
    assert "off by" in found[wrong]


def test_gradients_are_compared_too(differ):
    right, detached = "return factor * x + 1", "return x.detach() * factor + 1"
    doubled = "return 2 * x * factor - (x * factor).detach() + 1"
    found = differ(right, detached, doubled, backend="torch", draws=8)
    assert "gradient" in found[detached]
    assert "gradient" in found[doubled]
    assert set(found) == {detached, doubled}


def test_a_mutant_that_never_ends_is_no_obstacle_to_others(differ, monkeypatch):
    monkeypatch.setattr(equivalence, "TIMEOUT", 0.5)
    endless = "while factor:\n        pass"
    found = differ(endless, "return x * factor + 1", "return x * factor", draws=20)
    assert set(found) == {endless, "return x * factor"}
    assert "no answer within" in found[endless]


def test_a_generator_that_crashes_is_told_and_no_mutants_fault(differ):
    with pytest.raises(RuntimeError, match=r"generator or the reference of scale .* ZeroDivisionError"):
        differ("return x", text="def scale(rng):\n    return 1 / 0\n")


def test_a_missing_generator_says_what_to_write(tmp_path):
    with pytest.raises(MissingGenerator, match=r"write tests/generators/demo\.py"):
        generator("demo", tmp_path)

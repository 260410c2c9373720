"""Tasks that are no pure function: a driver builds the learner's object in the worker and returns arrays."""

import pytest

from grader.stubs import make_stub
from tests.conftest import first_failure, only_task

PLUGIN = '''
from grader import Exercise, Task, hookimpl


def drive(Counter, start, steps):
    """Build the learner's object, use it, and return what can be compared."""
    counter = Counter(start)
    for step in steps:
        counter.add(step)
    return counter.total, np.asarray(counter.history)


def cases(draw):
    return draw.array(draw.shape(1, 2), "normal"), tuple(range(draw.integer("steps", 1, 4)))


@hookimpl
def grader_exercises():
    task = Task(name="Counter", cases=cases, driver=drive, backends=("numpy",))
    return [Exercise(name="demo", title="Demo", tasks=(task,))]
'''
HEAD = '''
"""Demo."""

import numpy as np

'''
COUNTER = '''
class Counter:
    """Adds up.

    >>> Counter(1.0).total
    1.0
    """

    def __init__(self, start):
        self.total = start
        self.history = []

    def add(self, step):
        self.total = self.total + step
        self.history.append(step)
'''
FUNCTION_PLUGIN = '''
from grader import Exercise, Task, hookimpl


def drive(slope, x, power):
    """Give the learner's function a function."""
    return slope(lambda v: v**power, x)


def cases(draw):
    return draw.array(draw.shape(1, 2), "normal"), draw.integer("power", 1, 3)


@hookimpl
def grader_exercises():
    task = Task(name="slope", cases=cases, driver=drive, dtypes=("float64",), backends=("numpy",))
    return [Exercise(name="demo", title="Demo", tasks=(task,))]
'''
SLOPE = '''
def slope(f, x):
    """Return the slope of f at each x, by central differences.

    >>> slope(lambda v: v**2, np.array([3.0])).round(3)
    array([6.])
    """
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
'''


FACTORY = (
    COUNTER.replace("class Counter", "class _Counter")
    + '''

def Counter(start):
    """Return a counter.

    >>> Counter(1.0).total
    1.0
    """
    return _Counter(start)
'''
)


@pytest.fixture(params=[COUNTER, FACTORY], ids=["a class", "a function that makes an object"])
def classes(request, course):
    """Return a course whose reference is a class, or a function that is called like one."""
    return course(plugin=PLUGIN, numpy=HEAD + request.param, torch="", mistakes="", alternatives="", stubs=False)


@pytest.fixture
def functions(course):
    return course(plugin=FUNCTION_PLUGIN, numpy=HEAD + SLOPE, torch="", mistakes="", alternatives="")


def test_a_right_function_passes_through_its_driver(functions, grade):
    text = "def slope(f, x):\n    h = 2e-5\n    return (f(x + h) - f(x - h)) / (2 * h)\n"
    assert only_task(grade("demo.slope:numpy", text, app=functions.app())).status == "passed"


def test_a_wrong_function_is_shown_with_the_drivers_arguments(functions, grade):
    verdict = first_failure(grade("demo.slope:numpy", "def slope(f, x):\n    return f(x)\n", app=functions.app()))
    assert verdict.check == "values"
    assert len(verdict.failure.arguments) == 2


def test_an_exception_in_a_driven_function_has_the_learners_line(functions, grade):
    text = "def slope(f, x):\n    return f(x, x)\n"
    verdict = first_failure(grade("demo.slope:numpy", text, app=functions.app()))
    assert verdict.check == "runs"
    assert (verdict.exception["line"], verdict.exception["type"]) == (2, "TypeError")


def test_the_stub_of_a_class_keeps_its_methods_signatures(course):
    made = course(plugin=PLUGIN, numpy=HEAD + COUNTER, torch="", mistakes="", alternatives="", stubs=False)
    stub = make_stub(made.app().exercises["demo"], "numpy")
    assert "class Counter:" in stub
    assert "def __init__(self, start):" in stub
    assert "self.total = start" not in stub


def test_a_right_class_passes_through_its_driver(classes, grade):
    text = COUNTER.replace("self.total = self.total + step", "self.total = step + self.total")
    assert only_task(grade("demo.Counter:numpy", text, app=classes.app())).status == "passed"


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("self.total + step", "self.total - step", "values"),
        ("self.history.append(step)", "self.history.insert(0, step)", "values"),
        ("self.history.append(step)", "pass", "shape"),
        ("def add", "def plus", "runs"),
        ("self.total = self.total + step", "self.total += step", "inputs unchanged"),
    ],
)
def test_a_wrong_class_fails_the_check_that_its_fault_belongs_to(classes, grade, old, new, check):
    verdict = first_failure(grade("demo.Counter:numpy", COUNTER.replace(old, new), app=classes.app()))
    assert verdict.check == check


def test_a_file_without_the_class_is_told_what_to_define(classes, grade):
    verdict = first_failure(grade("demo.Counter:numpy", "x = 1\n", app=classes.app()))
    assert verdict.check == "attempted"
    assert "Counter" in verdict.reason


def test_a_driver_that_is_a_lambda_is_the_plugins_fault(course, grade):
    plugin = FUNCTION_PLUGIN.replace("driver=drive", "driver=(lambda slope, x, power: slope(abs, x))")
    made = course(plugin=plugin, numpy=HEAD + SLOPE, torch="", mistakes="", alternatives="")
    report = grade("demo.slope:numpy", "def slope(f, x):\n    return f(x)\n", app=made.app())
    assert only_task(report).status == "error"
    assert "driver" in first_failure(report).reason

"""The cases of every exercise catch every mutant of its references that differs from them, or it is explained why not.

By default a sample is judged, always the same; all are with the marker ``full``. A survivor is a hole: add a case, or
an edge, that tells it from the reference, or explain in ``survivors.json`` why it may live.
"""

import pytest

from tests.mutation.equivalence import GENERATORS, differences, generator
from tests.mutation.judge import judge
from tests.mutation.mutants import Mutant
from tests.mutation.score import DRAWS, chosen, explanations, outcomes, problems

EXERCISES = sorted(path.stem for path in GENERATORS.glob("*.py"))
BACKENDS = ("numpy", "torch")
SAMPLE = 7
FEW_DRAWS = 100


@pytest.fixture
def judged(app, cache, sandbox):
    """Judge mutants and return unexplained survivors and stale explanations."""

    def run(name, backend, sample, draws):
        with judge(app, name, backend, sandbox, cache) as one:
            found = outcomes(one, chosen(one, sample), draws)
            return problems(found, explanations(), one.prefix, everything=sample is None)

    return run


def test_every_exercise_has_a_generator_for_every_task(app):
    missing = {name: [f"write tests/generators/{name}.py"] for name in app.exercises if name not in EXERCISES}
    for name in set(EXERCISES) & set(app.exercises):
        functions: dict[str, object] = {}
        exec(generator(name), functions)
        missing[name] = [task.name for task in app.exercises[name].exercise.tasks if task.name not in functions]
    assert {name: what for name, what in missing.items() if what} == {}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ["explain"])
def test_what_is_built_of_earlier_functions_finds_them(app, cache, sandbox, name, backend):
    """Else every mutant would be caught by an import that fails: a change of nothing passes, and is equivalent."""
    with judge(app, name, backend, sandbox, cache) as one:
        tasks = tuple(task.name for task in one.oracle.tasks())
        nothing = Mutant("nothing", "", one.reference.text, tasks)
        assert app.exercises[name].lent(backend)
        assert one.grade(nothing, tasks) == dict.fromkeys(tasks, "")
        for task in one.oracle.tasks():
            same = {"same": nothing.text}
            assert differences(task, one.oracle, sandbox, same, generator(name), FEW_DRAWS) == {}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", EXERCISES)
def test_a_sample_of_mutants_is_caught(judged, name, backend):
    assert judged(name, backend, SAMPLE, FEW_DRAWS) == []


@pytest.mark.full
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", EXERCISES)
def test_every_mutant_is_caught(judged, name, backend):
    assert judged(name, backend, None, DRAWS) == []


def test_every_explanation_is_of_an_exercise_and_says_something(app):
    explained = explanations()
    assert {name.partition(":")[0] for name in explained} <= set(app.exercises)
    assert all(len(reason) > 20 for reason in explained.values())

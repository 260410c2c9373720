"""Honest code, and honest mistakes, get the same verdicts with and without confinement."""

from dataclasses import replace

import pytest

from grader.app import make_app
from grader.attempt import Submitted
from grader.isolation import LAYERS
from grader.sandbox import Sandbox
from grader.source import Source


def graded(app, cache, name, backend, texts, **options):
    """Return the verdicts on some texts of one exercise, without what time has to do with."""
    loaded = app.exercises[name]
    found = []
    with Sandbox(**options) as sandbox, app.oracle(loaded, backend, sandbox, 0, cache) as oracle:
        session = app.session(oracle, sandbox, smaller=False)
        for source in texts:
            results = session.grade(Submitted(path=str(source.path), source=source), oracle.tasks())
            verdicts = [replace(one, seconds=0.0, failure=None) for task in results.tasks for one in task.checks]
            found.append((results.score, verdicts))
    return found


def both(app, cache, name, backend):
    loaded = app.exercises[name]
    reference = loaded.reference(backend)
    mistakes = [
        Source(path=reference.path, text=f"{reference.text}\n\n{one.source.text}\n\n{one.task} = {one.function}\n")
        for one in loaded.mistakes(backend)[:3]
    ]
    texts = [reference, *mistakes]
    confined = graded(app, cache, name, backend, texts)
    return confined, graded(app, cache, name, backend, texts, without=frozenset(LAYERS))


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", ["activation", "attention"])
def test_verdicts_do_not_depend_on_confinement(app, cache, name, backend):
    confined, bare = both(app, cache, name, backend)
    assert confined == bare
    assert confined[0][0] > 0


@pytest.mark.full
@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", sorted(set(make_app(installed=False).exercises) - {"activation", "attention"}))
def test_verdicts_of_the_whole_course_do_not_depend_on_confinement(app, cache, name, backend):
    confined, bare = both(app, cache, name, backend)
    assert confined == bare
    assert confined[0][0] > 0

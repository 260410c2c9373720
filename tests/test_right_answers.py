"""Right answers as somebody else would write them: every one passes every check, whatever its form."""

import re
from pathlib import Path

import pytest

from grader.attempt import Submitted
from grader.sandbox import Sandbox
from grader.source import Source, read_source

FOLDER = Path(__file__).parent / "right_answers"
FILES = sorted(path.name for path in FOLDER.glob("*_*.py"))
SEEDS = (0, pytest.param(1, marks=pytest.mark.full))
NAME = re.compile(r"(.+)_(numpy|torch)_.+\.py")  # the exercise, which may have an underscore, and the backend
SEVERAL = ("arrays", "activation", "network", "loss", "initialization", "embedding", "explain")


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as started:
        yield started


@pytest.fixture(scope="module")
def results(app, cache, sandbox):
    """Grade each file once for each seed, when it is first asked for."""
    known = {}

    def result(file, seed):
        if (file, seed) not in known:
            name, backend = NAME.fullmatch(file).groups()
            loaded = app.exercises[name]
            text = read_source(FOLDER / file).text
            source = Source(path=FOLDER / loaded.stub_name(backend), text=text, library=loaded.library(backend))
            with app.oracle(loaded, backend, sandbox, seed, cache) as oracle:
                graded = app.session(oracle, sandbox).grade(Submitted(path=file, source=source), oracle.tasks())
            known[file, seed] = graded
        return known[file, seed]

    return result


def sampled():
    """Return the files: the first of each exercise and backend for every run, the others for `make test-full`."""
    first = {}
    for file in FILES:
        first.setdefault(NAME.fullmatch(file).groups(), file)
    return [file if file in first.values() else pytest.param(file, marks=pytest.mark.full) for file in FILES]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("file", sampled())
def test_every_form_of_a_right_answer_gets_all_points(results, file, seed):
    graded = results(file, seed)
    complaints = {
        f"{task.name}: {verdict.check}": (verdict.reason, verdict.failure)
        for task in graded.tasks
        for verdict in task.checks
        if verdict.status in ("failed", "error")
    }
    assert complaints == {}
    assert {task.status for task in graded.tasks} == {"passed"}
    assert graded.score == graded.max_score > 0


@pytest.mark.parametrize("exercise", SEVERAL)
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_there_are_several_right_answers_to_every_task(app, exercise, backend):
    texts = [(FOLDER / file).read_text() for file in FILES if file.startswith(f"{exercise}_{backend}_")]
    assert len(texts) >= 3
    for task in app.exercises[exercise].exercise.tasks:
        if backend in task.backends:
            assert all(f"def {task.name}(" in text for text in texts), task.name

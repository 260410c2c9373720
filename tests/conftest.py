"""Fixtures: throw-away courses and submissions, and a cache that no test shares with the user's."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.app import App, Request, make_app
from grader.verdict import Report, TaskResult, Verdict

ROOT = Path(__file__).parent.parent

PLUGIN = """
from grader import Edge, Exercise, Task, hookimpl


def cases(draw):
    x = draw.array(draw.shape(1, 2), "normal", "large")
    return (x, draw.choice("factor", (2.0, 3.0, -1.0)))


def edges():
    import numpy as np

    return {"a zero": Edge(args=(np.array([0.0, 1.0]), 2.0), smooth=False)}


@hookimpl
def grader_exercises():
    return [Exercise(name="demo", title="Demo", tasks=(Task(name="scale", cases=cases, edges=edges, gradient=("x",)),))]
"""

NUMPY = '''
"""Demo."""

import numpy as np


def scale(x, factor):
    """Return x times factor, with 1 added.

    >>> scale(np.array([1.0, 2.0]), 3.0)
    array([4., 7.])
    """
    return x * factor + 1
'''

TORCH = '''
"""Demo."""

import torch


def scale(x, factor):
    """Return x times factor, with 1 added.

    >>> scale(torch.tensor([1.0, 2.0]), 3.0)
    tensor([4., 7.])
    """
    return x * factor + 1
'''

MISTAKES = '''
def scale__no_one(x, factor):
    """You forgot to add one: the result is x times the factor, plus 1."""
    return x * factor


def scale__added(x, factor):
    """The factor multiplies x; adding it is another function."""
    return x + factor + 1
'''

ALTERNATIVES = '''
def scale__other_order(x, factor):
    """One first."""
    return 1 + factor * x
'''

LESSON = """# Demo

<!-- rules: begin -->
<!-- rules: end -->

## Hints: scale

1. Multiply, then add.
"""


class Course:
    """A throw-away course; ``write`` replaces files of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def app(self) -> App:
        return make_app(self.root, installed=False)


@pytest.fixture
def course(tmp_path: Path) -> Callable[..., Course]:
    """Build a course of one exercise ``demo`` with one task ``scale``; keyword arguments replace its parts."""

    def build(
        plugin: str = PLUGIN,
        numpy: str = NUMPY,
        torch: str = TORCH,
        mistakes: str = MISTAKES,
        alternatives: str = ALTERNATIVES,
        lesson: str = LESSON,
        stubs: bool = True,
    ) -> Course:
        made = Course(tmp_path / "course")
        made.write("plugins/demo.py", plugin)
        for backend, text in (("numpy", numpy), ("torch", torch)):
            if text:
                made.write(f"solutions/demo/demo_{backend}.py", text)
                made.write(f"solutions/demo/mistakes_{backend}.py", mistakes)
                made.write(f"solutions/demo/alternatives_{backend}.py", alternatives)
        made.write("exercises/demo/README.md", lesson)
        if stubs:
            from grader.stubs import generated

            for path, text in generated(made.app().exercises["demo"]).items():
                path.write_text(text, encoding="utf-8")
        return made

    return build


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep drawn cases and right answers in a folder of the test run."""
    folder = tmp_path_factory.getbasetemp().parent / "gradlings-cache"
    patch = pytest.MonkeyPatch()
    patch.setenv("GRADLINGS_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def app() -> App:
    """The built-in course."""
    return make_app(installed=False)


@pytest.fixture
def grade(app: App, cache: Path, tmp_path: Path) -> Callable[..., Report]:
    """Grade a text as the learner's file of a target such as ``activation.relu:numpy``."""

    def run(target: str, text: str, *, app: App = app, fork: bool | None = None, seed: int = 0) -> Report:
        name, _, backend = target.partition(":")
        path = tmp_path / f"{name.partition('.')[0]}_{backend}.py"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return app.grade(Request(targets=(target,), submission=path, fork=fork, seed=seed, cache=cache))

    return run


def only_task(report: Report) -> TaskResult:
    """Return the one task of a report."""
    (exercise,) = report.exercises
    (task,) = exercise.tasks
    return task


def first_failure(report: Report) -> Verdict:
    """Return the first failed check of the one task of a report."""
    return next(verdict for verdict in only_task(report).checks if verdict.status in ("failed", "error"))


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in this process; keyword ``cwd`` changes the folder."""

    def run(*args: str, cwd: Path | None = None) -> Result:
        from grader.cli import main

        if cwd is not None:
            monkeypatch.chdir(cwd)
        return CliRunner().invoke(main, list(args), catch_exceptions=False, prog_name="grader")

    return run


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``python -m grader`` as a process of its own."""

    def run(*args: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [sys.executable, "-m", "grader", *args], capture_output=True, text=True, timeout=120, **options
        )

    return run

"""What works on this machine: each part tried, not assumed."""

from __future__ import annotations

import platform
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.app import App, Request, make_app
from grader.cache import default_folder
from grader.distributions import version
from grader.errors import GraderError

__all__ = ["Part", "examine"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that was tried.

    Args:
        fine: False if grading suffers from it; None if only speeds cannot be judged, or scores not be official.
    """

    name: str
    text: str
    fine: bool | None = True


def examine() -> Iterator[Part]:
    """Try every part and say what came of it."""
    yield Part(name="python", text=f"{platform.python_version()} on {platform.platform()}")
    app = make_app()
    text = ", ".join(app.exercises) or "none"
    yield Part(name="exercises", text="; ".join(app.warnings) or text, fine=not app.warnings and bool(app.exercises))
    for name in app.backends:
        yield _backend(app, name)
    yield _isolation(app)
    yield _cache(default_folder())
    for name, expected in (("right", True), ("wrong", False)):
        yield _judged(app, name, expected)
    yield _timed(app)


def _backend(app: App, name: str) -> Part:
    """Start a worker of one backend, fork a child and end it."""
    from grader.sandbox import Sandbox

    start = time.perf_counter()
    try:
        with Sandbox() as sandbox:
            sandbox.child(app.backends[name]).close()
    except GraderError as error:
        return Part(name=name, text=str(error), fine=False)
    seconds = time.perf_counter() - start
    return Part(name=name, text=f"{version(name) or 'unknown version'}, a worker starts in {seconds:.1f} s")


def _isolation(app: App) -> Part:
    """Confine a worker and say which layers hold."""
    from grader.sandbox import Sandbox

    with Sandbox() as sandbox:
        try:
            isolation = sandbox.probe(next(iter(app.backends.values())))
        except GraderError as error:
            return Part(name="isolation", text=str(error), fine=False)
    return Part(name="isolation", text=str(isolation), fine=True if isolation.fit else None)


def _cache(folder: Path) -> Part:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Part(name="cache", text=f"{folder} cannot be written ({error.strerror}): grading is slower", fine=True)
    return Part(name="cache", text=str(folder))


def _judged(app: App, name: str, expected: bool) -> Part:
    """Judge one task of the first exercise: its reference, and a known mistake."""
    loaded = next(iter(app.exercises.values()))
    reference = loaded.reference("numpy")
    text = reference.text
    mistake = loaded.mistakes("numpy")[0]
    if not expected:
        text += f"\n\n{mistake.source.text}\n\n{mistake.task} = {mistake.function}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / loaded.stub_name("numpy")
        path.write_text(text, encoding="utf-8")
        target = f"{loaded.name}.{mistake.task}:numpy"
        report = app.grade(Request(targets=(target,), submission=path, cache=default_folder()))
    passed = report.statuses == {"passed"}
    return Part(name=f"a {name} answer", text="passes" if passed else "fails", fine=passed is expected)


def _timed(app: App) -> Part:
    """Let a reference race against itself: the ratio must be 1, or no speed can be judged here."""
    from grader.cache import Cache
    from grader.limits import is_one
    from grader.oracle import Oracle
    from grader.sandbox import Sandbox
    from grader.speed.stopwatch import Stopwatch

    found = ((one, task) for one in app.exercises.values() for task in one.exercise.tasks if task.timed_in("numpy"))
    loaded, task = next(found, (None, None))
    if loaded is None or task is None:
        return Part(name="speed", text="no exercise asks for it")
    with Sandbox() as sandbox, Oracle(loaded, app.backends["numpy"], sandbox, Cache(None)) as oracle:
        ratio = Stopwatch(oracle, sandbox).control(task).ratio
    if ratio is None:
        return Part(name="speed", text=f"{loaded.name}.{task.name} cannot be timed", fine=False)
    interval = f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
    text = f"{loaded.name}.{task.name} against itself: {interval}"
    if is_one(ratio):
        return Part(name="speed", text=text)
    return Part(name="speed", text=f"{text}: this machine is too noisy to judge speed", fine=None)

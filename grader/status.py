"""How far a workspace has come, from the text of its files alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.course import Loaded
from grader.facts import source_facts
from grader.source import BadSource, Source, functions, parse, read_source
from grader.stubs import make_stub

__all__ = ["Ahead", "first_unwritten"]


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """The next task to write."""

    task: str
    path: Path
    lesson: Path
    minutes: int


def first_unwritten(root: Path, exercises: Iterable[Loaded]) -> tuple[int, int, Ahead | None]:
    """Return how many tasks differ from their stubs, of how many, and the first core task that does not."""
    written = total = 0
    ahead: Ahead | None = None
    for loaded in exercises:
        for backend in loaded.backends():
            path = root / loaded.name / loaded.stub_name(backend)
            done = _written(path, loaded, backend)
            tasks = [task for task in loaded.exercise.tasks if backend in task.backends]
            total += len(tasks)
            written += len(done)
            left = next((task for task in tasks if task.name not in done and task.level == "core"), None)
            if ahead is None and left is not None:
                name = f"{loaded.name}.{left.name}:{backend}"
                ahead = Ahead(task=name, path=path, lesson=path.with_name("README.md"), minutes=left.minutes)
    return written, total, ahead


def _written(path: Path, loaded: Loaded, backend: str) -> frozenset[str]:
    try:
        tree = parse(read_source(path))
    except (OSError, BadSource):
        return frozenset()
    stubs = functions(parse(Source(path=path, text=make_stub(loaded, backend))))
    own = functions(tree)
    facts = {name: source_facts(own.get(name), stub) for name, stub in stubs.items()}
    return frozenset(name for name, one in facts.items() if one.defined and one.attempted)

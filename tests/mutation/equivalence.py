"""Whether a mutant differs from its reference at all: both on many draws of a generator unlike the plugin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.answer import Answer, Raised
from grader.calls import Call, Program
from grader.exercise import Task
from grader.oracle import Oracle, driver_source
from grader.plan import gradient_positions
from grader.sandbox import Sandbox
from grader.source import Source
from grader.tolerance import DEFAULTS

__all__ = ["GENERATORS", "MissingGenerator", "differences", "generator"]

GENERATORS = Path(__file__).parent.parent / "generators"
HARNESS = Path(__file__).parent / "worker" / "harness.py"
BATCH = 200
TIMEOUT = 10.0


class MissingGenerator(Exception):
    """An exercise has no generator of its own."""


class Ended(Exception):
    """The worker's process ended, or was ended."""


def generator(exercise: str, folder: Path = GENERATORS) -> str:
    """Return the text of an exercise's generator: one function ``task(rng) -> arguments`` for each task."""
    path = folder / f"{exercise}.py"
    if not path.exists():
        raise MissingGenerator(
            f"write tests/generators/{exercise}.py: for each task a function `task(rng) -> arguments`"
        )
    return path.read_text(encoding="utf-8")


def differences(
    task: Task, oracle: Oracle, sandbox: Sandbox, texts: Mapping[str, str], generator: str, draws: int
) -> dict[str, str]:
    """Return how mutants differ from the reference, by name; those that do not are equivalent.

    Args:
        texts: the mutants' files by name.
        generator: the text of a module with a function named like the task.
        draws: how many calls to look at.
    """
    found: dict[str, str] = {}

    def look(names: Sequence[str]) -> None:
        settings = _settings(task, oracle, [texts[name] for name in names], generator)
        found.update((names[i], text) for i, text in _looked(oracle, sandbox, settings, draws))

    for names in _groups(list(texts)):
        try:
            look(names)
        except Ended:
            for name in names:
                try:
                    look([name])
                except Ended as error:
                    found[name] = str(error)
    return found


def _groups(names: Sequence[str], size: int = 20) -> Iterator[Sequence[str]]:
    """Yield so many at once that the reference's own calls cost little, and a mutant that hangs spoils few."""
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _settings(task: Task, oracle: Oracle, texts: Sequence[str], generator: str) -> dict[str, Any]:
    questions = [("forward", dtype) for dtype in task.dtypes or (None,)]
    wrt: tuple[int, ...] = ()
    if task.gradient and oracle.backend.gradients:
        questions.append(("gradient", "float64"))
        wrt = gradient_positions(task, oracle.parameters(task))
    rtol, atol = DEFAULTS["float64"]
    own = task.tolerance
    return {
        "task": task.name,
        "backend": oracle.backend.name,
        "generator": generator,
        "driver": driver_source(task),
        "reference": oracle.loaded.reference(oracle.backend.name).text,
        "mutants": list(texts),
        "questions": questions,
        "wrt": wrt,
        "changeable": [i for i, name in enumerate(oracle.parameters(task)) if name in task.may_mutate],
        "tolerance": (rtol if own.rtol is None else own.rtol, atol if own.atol is None else own.atol),
    }


def _looked(oracle: Oracle, sandbox: Sandbox, settings: dict[str, Any], draws: int) -> Iterator[tuple[int, str]]:
    """Yield the number of each mutant that differs, and how."""
    text = f"{HARNESS.read_text(encoding='utf-8')}\n\nprepare({settings!r})\n"
    library = oracle.loaded.library(oracle.backend.name)  # what whole networks import from
    source = Source(path=HARNESS, text=text, library=library)
    left = len(settings["mutants"])
    with Program(sandbox, oracle.backend, source) as program:
        _value(program.load(), settings)
        for first in range(0, draws, BATCH):
            call = Call(function="look", cases=[(first, min(BATCH, draws - first))], timeout=TIMEOUT)
            (answer,) = program.call(call)
            for number, draw, how in _value(answer, settings):
                left -= 1
                yield number, f"draw {draw}: {how}"
            if not left:
                return


def _value(answer: Answer | None, settings: dict[str, Any]) -> Any:
    if answer is None or answer.raised is not None:
        raised = answer.raised if answer and answer.raised else Raised(type="ProcessDied", message="no answer")
        if raised.type in ("ProcessDied", "TimedOut"):
            raise Ended(raised.message)
        where = f"the generator or the reference of {settings['task']} ({settings['backend']})"
        raise RuntimeError(f"{where} crashes: {raised.type}: {raised.message} (line {raised.line}: {raised.text})")
    return answer.value

"""One failure as a card of at most 25 lines: what was asked, what came, and why."""

from __future__ import annotations

from collections.abc import Iterator

import click
import numpy as np

from grader.escape import line, terminal
from grader.evidence import Curve
from grader.reporters.text import show, wrapped
from grader.verdict import Failure, Verdict

__all__ = ["card", "target_of"]

MAX_LINES = 25
MAX_PRINTED = 3
INDENT = "  "


def target_of(verdict: Verdict) -> str:
    """Return what to type for the verdict's task."""
    return f"{verdict.exercise}.{verdict.task}:{verdict.backend}"


def card(verdict: Verdict, width: int, colour: bool, others: int = 0, options: str = "") -> str:
    """Return the card of a failed check.

    Args:
        others: how many more tasks fail for the same reason.
        options: what to add to the next command.
    """
    head = f"{target_of(verdict)} failed: {verdict.check}"
    lines = [click.style(head, fg="red", bold=True) if colour else head]
    lines += [row for part in _parts(verdict, width, others) for row in part]
    tail = [
        line(f"{INDENT}next: grader {_next(verdict)} {options}").rstrip()
    ]  # one line, however long: it is to be copied
    return "\n".join(lines[: MAX_LINES - len(tail)] + tail)


def _parts(verdict: Verdict, width: int, others: int) -> Iterator[list[str]]:
    yield wrapped(verdict.reason, width, INDENT)
    if others:
        yield [f"{INDENT}({others} more tasks fail for the same reason)"]
    if verdict.exception is not None:
        yield list(_exception(verdict, width))
    if verdict.diagnosis is not None:
        yield _diagnosis(verdict, width)
    if verdict.failure is not None:
        yield list(_failure(verdict.failure, width, verdict.exception is None))
    if verdict.separates:
        yield wrapped(verdict.separates, width, INDENT)
    if verdict.output.strip():
        yield list(_output(verdict.output, width))


def _diagnosis(verdict: Verdict, width: int) -> list[str]:
    assert verdict.diagnosis is not None
    return wrapped(verdict.diagnosis.text, width, INDENT + "     ", INDENT + "why: ")


def _exception(verdict: Verdict, width: int) -> Iterator[str]:
    exception = verdict.exception or {}
    if exception.get("line"):
        yield from wrapped(f"at {exception['file']}:{exception['line']}", width, INDENT)
        if exception.get("text"):
            yield line(f"{INDENT}    {exception['text']}")[:width]
    if exception.get("frame"):
        yield from wrapped("; ".join(exception["frame"]), width, INDENT + "       ", INDENT + "there: ")


def _failure(failure: Failure, width: int, compared: bool) -> Iterator[str]:
    names = ", ".join(f"{name}: {value}" for name, value in failure.labels.items())
    title = "smallest failing input" + (f" ({names})" if "case" in failure.labels else "")
    yield from wrapped(title, width, INDENT * 2, INDENT)
    room = 12 - 2 * len(failure.arguments)
    for name, value in failure.arguments:
        kind = f"  # {value.dtype} {value.shape}" if isinstance(value, np.ndarray) else ""
        yield from _named(name, show(value, width - 18, max(2, room)) + kind, INDENT * 2)
    if compared:
        for name, value in (("got", failure.actual), ("expected", failure.expected)):
            yield from _named(name, show(value, width - 18, 3) + _dtype_of(value), INDENT)


def _dtype_of(value: object) -> str:
    return f"  # {value.dtype}" if isinstance(value, np.ndarray) and value.dtype != np.float64 else ""


def _named(name: str, text: str, indent: str) -> Iterator[str]:
    start = f"{indent}{name} = " if indent != INDENT else f"{indent}{name:9}"
    for row in text.splitlines():
        yield start + row
        start = " " * len(start)


def _output(output: str, width: int) -> Iterator[str]:
    yield f"{INDENT}printed:"
    lines = terminal(output).strip().splitlines()
    for row in lines[:MAX_PRINTED]:
        yield f"{INDENT}  {row}"[:width]
    if len(lines) > MAX_PRINTED:
        yield f"{INDENT * 2}..."


def _next(verdict: Verdict) -> str:
    if isinstance(verdict.measured, Curve):
        return f"grade {target_of(verdict)} --full"
    if verdict.measured is not None:
        return f"speed {target_of(verdict)}"
    return f"debug {target_of(verdict)}" if verdict.failure is not None else f"grade {target_of(verdict)}"

"""Speed and memory for a terminal: a few lines a task, each figure beside what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from grader.evidence import Costs, Peak, Timing
from grader.limits import times
from grader.reporters.text import wrapped
from grader.verdict import ExerciseResult, Report, TaskResult, Verdict

__all__ = ["as_dict", "lines_of", "on_the_line", "render", "short"]

INDENT = "  "


def render(report: Report, width: int = 80, colour: bool = False) -> str:
    """Return what was measured, task by task, and why the others were not."""
    lines: list[str] = []
    for exercise in report.exercises:
        for task in exercise.tasks:
            verdict = _verdict(task, "speed")
            if verdict is not None and not _undeclared(verdict):
                lines += [*_task(exercise, task, verdict, width, colour), ""]
    if not lines:
        lines = ["Nothing is asked of the speed of these tasks.", ""]
    return "\n".join(lines)


def _undeclared(verdict: Verdict) -> bool:
    return not verdict.wanted and verdict.measured is None


def _verdict(task: TaskResult, check: str) -> Verdict | None:
    return next((one for one in task.checks if one.check == check), None)


def _task(exercise: ExerciseResult, task: TaskResult, verdict: Verdict, width: int, colour: bool) -> Iterator[str]:
    memory = _verdict(task, "memory")
    status = "failed" if memory is not None and memory.status == "failed" else verdict.status
    head = f"{exercise.name}.{task.name}:{exercise.backend} {status}"
    green = {"passed": "green", "failed": "red"}.get(status, "yellow")
    yield click.style(head, fg=green, bold=True) if colour else head
    if verdict.reason:
        yield from wrapped(verdict.reason, width, INDENT)
    if isinstance(verdict.measured, Timing):
        yield from lines_of(verdict.measured, width)
    if memory is not None and isinstance(memory.measured, Peak) and memory.measured.how and not memory.measured.problem:
        yield from wrapped(_memory(memory, memory.measured), width, INDENT * 2, INDENT)


def lines_of(timing: Timing, width: int) -> Iterator[str]:
    """Yield each figure of a timing beside what it is compared with."""
    for text in _figures(timing):
        yield from wrapped(text, width, INDENT * 2, INDENT)


def _figures(timing: Timing) -> Iterator[str]:
    ratio = timing.ratio
    if ratio is None:
        return
    sure = "" if timing.confident else ": on the line, not sure"
    interval = f"{times(ratio.low)} to {times(ratio.high)}"
    yield f"{times(ratio.value)} times the reference's time ({interval}), {timing.limit:g} are allowed{sure}"
    if timing.costs is not None:
        yield from _costs(timing.costs)
    seconds = 1000 * (timing.seconds or 0.0)
    share = f"{100 * timing.share:.0f} % of a request were transfers"
    yield f"size {timing.size} on {timing.device}: the reference takes {seconds:.3g} ms; {share}, taken off"


def _costs(costs: Costs) -> Iterator[str]:
    if costs.framework is not None:
        yield f"{times(costs.framework)} times {costs.operator}"
    if costs.floor is not None:
        yield f"{100 * costs.floor:.2g} % of what this machine could do, where {costs.bound} is the limit"
    if costs.exponent is not None:
        sizes = f"{costs.curve[0].size} to {costs.curve[-1].size}"
        yield f"grows as size^{costs.exponent:.2f} from {sizes}, size^{costs.expected:g} is expected of large sizes"
    if costs.left_out:
        yield f"larger sizes are left out: {costs.left_out}"


def _memory(verdict: Verdict, peak: Peak) -> str:
    text = f"memory: {times(peak.ratio)} times the reference's peak of {peak.reference / 1e6:.3g} MB"
    return f"{text}, {peak.limit:g} are allowed: {verdict.status} ({peak.how})"


def short(task: TaskResult) -> str:
    """Return a task's ratio as it stands in a table, or nothing."""
    verdict = _verdict(task, "speed")
    timing = verdict.measured if verdict is not None else None
    if not isinstance(timing, Timing) or timing.ratio is None:
        return ""
    return f"{times(timing.ratio.value)}x"


def on_the_line(report: Report) -> Iterator[str]:
    """Tell of each task that passes although its interval reaches over the limit."""
    for exercise in report.exercises:
        for task in exercise.tasks:
            verdict = _verdict(task, "speed")
            timing = verdict.measured if verdict is not None and verdict.status == "passed" else None
            if isinstance(timing, Timing) and timing.ratio is not None and not timing.confident:
                name = f"{exercise.name}.{task.name}:{exercise.backend}"
                interval = f"{times(timing.ratio.low)} to {times(timing.ratio.high)}"
                yield f"{name} is on the line: {interval} times the reference's time, {timing.limit:g} are allowed"


def as_dict(measured: object) -> dict[str, Any] | None:
    """Return a timing or a peak as reports hold it."""
    if isinstance(measured, Timing):
        return _timing(measured)
    if not isinstance(measured, Peak):
        return None
    own, reference = (measured.own, measured.reference) if measured.own else (None, None)
    ratio = measured.ratio if measured.own else None
    return {"ratio": ratio, "limit": measured.limit, "bytes": own, "reference_bytes": reference, "how": measured.how}


def _timing(timing: Timing) -> dict[str, Any]:
    ratio = timing.ratio
    return {
        "ratio": None if ratio is None else ratio.value,
        "interval": None if ratio is None else [ratio.low, ratio.high],
        "confident": timing.confident,
        "limit": timing.limit,
        "at_least": timing.at_least,
        "size": timing.size,
        "device": timing.device,
        "pairs": 0 if ratio is None else ratio.pairs,
        "reference_seconds": timing.seconds if timing.seconds == timing.seconds else None,
        "transfer_share": timing.share,
        "costs": None if timing.costs is None else _cost_dict(timing.costs),
    }


def _cost_dict(costs: Costs) -> dict[str, Any]:
    fields = {key: value for key, value in vars(costs).items() if key != "curve"}
    return {**fields, "curve": [dict(vars(point)) for point in costs.curve]}

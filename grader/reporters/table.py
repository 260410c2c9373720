"""The report for a terminal: one table an exercise, a card for each of the first failures, and what is next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from tabulate import tabulate

from grader.escape import line
from grader.reporters import training
from grader.reporters.card import card, target_of
from grader.reporters.speed import doubts, short
from grader.reporters.text import wrapped
from grader.verdict import ExerciseResult, Report, TaskResult, Verdict

__all__ = ["render"]

MAX_CARDS = 4
COLOURS = {"passed": "green", "failed": "red", "error": "magenta", "unattempted": "yellow", "skipped": "yellow"}


def render(report: Report, width: int = 80, colour: bool = False) -> str:
    """Return the report as text."""
    parts = [_table(name, results, colour) for name, results in _by_exercise(report).items()]
    parts.append("\n".join(row for text in _built_of(report) for row in wrapped(text, width)))
    failures = list(_failures(report))
    groups = _grouped(failures)
    parts += [card(group[0], width, colour, len(group) - 1, report.options) for group in groups[:MAX_CARDS]]
    if len(groups) > MAX_CARDS:
        rest = ", ".join(target_of(group[0]) for group in groups[MAX_CARDS : MAX_CARDS + 3])
        parts.append(
            f"and {len(groups) - MAX_CARDS} more failures: {rest}{', ...' if len(groups) > MAX_CARDS + 3 else ''}"
        )
    parts += ["\n".join(row for text in doubts(report) for row in wrapped(text, width))]
    parts.append("\n".join(_summary(report, not failures)))
    parts = [part for part in parts if part]
    return "\n\n".join(parts) + "\n"


def _by_exercise(report: Report) -> dict[str, list[ExerciseResult]]:
    found: dict[str, list[ExerciseResult]] = {}
    for exercise in report.exercises:
        found.setdefault(exercise.name, []).append(exercise)
    return found


def _table(name: str, results: Iterable[ExerciseResult], colour: bool) -> str:
    results = list(results)
    names = dict.fromkeys(task.name for result in results for task in result.tasks)
    cells = {(result.backend, task.name): task for result in results for task in result.tasks}
    backends = [result.backend for result in results]
    rows = [[task, *(_cell(cells.get((backend, task)), colour) for backend in backends)] for task in names]
    points = [f"{result.score:g} of {result.max_score:g}" for result in results]
    return tabulate([*rows, ["points", *points]], headers=[name, *backends], tablefmt="simple", disable_numparse=True)


def _cell(task: TaskResult | None, colour: bool) -> str:
    if task is None:
        return ""
    failed = next((verdict.check for verdict in task.checks if verdict.status in ("failed", "error")), None)
    text = (
        f"{task.status}: {failed}"
        if failed
        else " ".join(filter(None, [task.status, training.short(task), short(task)]))
    )
    return click.style(text, fg=COLOURS[task.status]) if colour else text


def _built_of(report: Report) -> Iterator[str]:
    """Say for each exercise that is built of earlier ones whose functions it ran on."""
    for exercise in report.exercises:
        names = {by: [one.task for one in exercise.uses if one.by == by] for by in ("own", "library", "missing")}
        words = {"own": "your own", "library": "the course's", "missing": "nothing in the place of"}
        parts = [f"on {words[by]} {', '.join(tasks)}" for by, tasks in names.items() if tasks]
        if parts:
            yield f"{exercise.name}:{exercise.backend} runs {', and '.join(parts)}"


def _failures(report: Report) -> Iterator[Verdict]:
    """Yield the first failed check of each task."""
    for exercise in report.exercises:
        for task in exercise.tasks:
            yield from [verdict for verdict in task.checks if verdict.status in ("failed", "error")][:1]


def _grouped(failures: Iterable[Verdict]) -> list[list[Verdict]]:
    """Put failures together that are one failure of the file, such as a syntax error."""
    groups: dict[object, list[Verdict]] = {}
    for verdict in failures:
        whole = verdict.failure is None and verdict.exception is not None
        key = (verdict.exercise, verdict.backend, verdict.reason if whole else verdict.task)
        groups.setdefault(key, []).append(verdict)
    return list(groups.values())


def _summary(report: Report, clean: bool) -> Iterator[str]:
    tasks = [task for exercise in report.exercises for task in exercise.tasks]
    passed = sum(task.status == "passed" for task in tasks)
    yield f"{passed} of {len(tasks)} tasks passed, {report.score:g} of {report.max_score:g} points"
    ahead = next(_unattempted(report), None)
    if ahead and clean:
        yield line(f"next: write {ahead}")


def _unattempted(report: Report) -> Iterator[str]:
    for exercise in report.exercises:
        for task in exercise.tasks:
            if task.status == "unattempted":
                yield f"{exercise.name}.{task.name} in {exercise.path}"

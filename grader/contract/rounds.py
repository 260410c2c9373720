"""Grading many variants of one file in few rounds: the first of each task, then the second, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.course import Variant
from grader.exercise import Task
from grader.source import Source

__all__ = ["rounds"]


def rounds(variants: Sequence[Variant], tasks: Sequence[Task]) -> Iterator[tuple[dict[str, str], list[Task], Source]]:
    """Yield, for each round, which function answers which task, the tasks, and the file."""
    by_task = {task.name: [one for one in variants if one.task == task.name] for task in tasks}
    for number in range(max((len(found) for found in by_task.values()), default=0)):
        chosen = {name: found[number] for name, found in by_task.items() if number < len(found)}
        names = {name: variant.function for name, variant in chosen.items()}
        source = next(iter(chosen.values())).source
        yield names, [task for task in tasks if task.name in chosen], source

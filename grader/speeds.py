"""Giving tasks the speeds that plugins declare apart from them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from grader.exercise import Exercise, Speed
from grader.validate import problem_of

__all__ = ["with_speeds"]


def with_speeds(
    exercises: Mapping[str, Exercise],
    declared: Iterable[tuple[str, Mapping[str, Speed]]],
    backends: Sequence[str],
    problem: Callable[[str, str], None],
) -> dict[str, Exercise]:
    """Return the exercises with the speeds of their tasks.

    Args:
        declared: each plugin's name with its speeds by task, ``conv.conv2d``.
        problem: told of ``(plugin, sentence)`` for what cannot be used.
    """
    found = dict(exercises)
    for plugin, speeds in declared:
        for name, speed in speeds.items():
            text = _problem(found, name, speed)
            exercise = found.get(name.partition(".")[0])
            if text is None and exercise is not None:
                changed = _changed(exercise, name.partition(".")[2], speed)
                text = problem_of(changed, backends)
                found |= {} if text else {exercise.name: changed}
            if text is not None:
                problem(plugin, text)
    return found


def _problem(exercises: Mapping[str, Exercise], name: str, speed: object) -> str | None:
    if not isinstance(speed, Speed):
        return f"grader_speeds must return Speed objects, not {type(speed).__name__} for {name!r}"
    speeds = {f"{one.name}.{task.name}": task.speed for one in exercises.values() for task in one.tasks}
    if name not in speeds:
        near = difflib.get_close_matches(name, speeds, n=1)
        return f"grader_speeds names no task {name!r}{f'; did you mean {near[0]!r}?' if near else ''}"
    return f"{name} has a speed already: drop one of them" if speeds[name] is not None else None


def _changed(exercise: Exercise, name: str, speed: Speed) -> Exercise:
    tasks = tuple(replace(task, speed=speed) if task.name == name else task for task in exercise.tasks)
    return replace(exercise, tasks=tasks)

"""What is impossible about a declared exercise, in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.exercise import Exercise, Speed, Task, Training, no_inputs

__all__ = ["problem_of"]

DTYPES = ("float16", "float32", "float64")
TUPLES = ("dtypes", "gradient", "forbid", "allow", "may_mutate", "backends")


def problem_of(exercise: Exercise, backends: Sequence[str]) -> str | None:
    """Return the first thing that is wrong, or None."""
    if not isinstance(exercise.name, str) or not exercise.name.isidentifier():
        return f"exercise name {exercise.name!r} is no identifier"
    problem = _tasks(exercise) or next((text for task in exercise.tasks if (text := _task(task, backends))), None)
    if not problem:
        return None
    return f"exercise {exercise.name!r}{' ' if problem.startswith('has ') else ': '}{problem}"


def _tasks(exercise: Exercise) -> str | None:
    if not isinstance(exercise.tasks, tuple | list):
        return f"tasks must be a tuple, not {type(exercise.tasks).__name__}"
    if not exercise.tasks:
        return "has no tasks"
    if isinstance(exercise.uses, str):
        return f"uses must be a tuple, such as ({exercise.uses!r},)"
    wrong = next((task for task in exercise.tasks if not isinstance(task, Task)), None)
    if wrong is not None:
        return f"tasks must be Task objects, not {type(wrong).__name__}"
    names = [task.name for task in exercise.tasks]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        return f"has two tasks of one name: {twice}"
    trainings = [(task, task.training) for task in exercise.tasks if task.training is not None]
    return next((text for task, training in trainings if (text := _training(task, training, names))), None)


def _training(task: Task, training: Training, names: Sequence[str]) -> str | None:
    about = f"the training of {task.name!r}"
    if training.scored_by not in names:
        return f"{about} is scored by {training.scored_by!r}, which is no task of this exercise"
    if not _positive(training.band) or not _positive(training.timeout) or not 0 <= training.margin < math.inf:
        return f"{about} needs a positive band and timeout, and a margin that is not negative"
    return None


def _task(task: Task, backends: Sequence[str]) -> str | None:
    if not task.name.isidentifier() or "__" in task.name:
        return f"task name {task.name!r} is no identifier, or has two underscores in a row"
    for field in TUPLES:
        value = getattr(task, field)
        if isinstance(value, str):
            return f"task {task.name!r}: {field} must be a tuple, such as ({value!r},)"
    if not task.backends or not set(task.backends) <= set(backends):
        return f"task {task.name!r} is for {', '.join(task.backends) or 'no'} backend; there are {', '.join(backends)}"
    if not set(task.dtypes) <= set(DTYPES):
        return f"task {task.name!r} has an unknown dtype in {task.dtypes}; there are {', '.join(DTYPES)}"
    foreign = next((name for name in task.forbid if name.partition(".")[0] not in backends), None)
    if foreign is not None:
        return f"task {task.name!r} forbids {foreign!r}, whose first word is no backend: write {backends[0]}.something"
    if task.points <= 0 or task.drawn < 0 or task.timeout <= 0:
        return f"task {task.name!r} needs positive points and timeout, and no negative number of drawn cases"
    return None if task.speed is None else _speed(task, task.speed)


def _speed(task: Task, speed: Speed) -> str | None:
    about = f"the speed of {task.name!r}"
    if speed.inputs is no_inputs or not callable(speed.inputs):
        return f"{about} has a limit but no inputs: give inputs=(size, rng) -> arguments"
    for field in ("backends", "sizes"):
        if isinstance(value := getattr(speed, field), str):
            return f"{about}: {field} must be a tuple, such as ({value!r},)"
    if not set(speed.backends or ()) <= set(task.backends):
        return f"{about} is for {', '.join(speed.backends or ())}, the task for {task.backends}"
    if speed.dtype not in DTYPES:
        return f"{about} has an unknown dtype {speed.dtype!r}; there are {', '.join(DTYPES)}"
    return _numbers(about, speed)


def _numbers(about: str, speed: Speed) -> str | None:
    memory = speed.memory
    limits = (speed.limit, speed.points, *((memory.limit, memory.points) if memory else ()))
    if not all(map(_positive, limits)) or not speed.reason or (memory is not None and not memory.reason):
        return f"{about} needs positive limits and points, and a reason for each limit"
    if not all(type(size) is int and size > 0 for size in (speed.size, *speed.sizes)):
        return f"{about} needs sizes that are positive integers"
    if list(speed.sizes) != sorted(set(speed.sizes)) or (speed.exponent is not None and len(speed.sizes) < 2):
        return f"{about} needs rising sizes, and two or more where it has an exponent"
    if speed.exponent is not None and not _positive(speed.exponent):
        return f"{about} needs a positive exponent"
    return None


def _positive(number: object) -> bool:
    return isinstance(number, int | float) and math.isfinite(number) and number > 0

"""What the user asked for: ``conv``, ``conv.max_pool2d``, ``conv:torch``, ``conv.max_pool2d:torch``, or a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Loaded
from grader.errors import UnknownTarget
from grader.exercise import Task

__all__ = ["Job", "jobs_for"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """Tasks of one exercise to grade in one backend.

    Args:
        path: the learner's file, if the target was one.
        asked: whether the user named it, rather than everything.
    """

    loaded: Loaded
    backend: str
    tasks: tuple[Task, ...]
    path: Path | None = None
    asked: bool = True


def jobs_for(targets: Sequence[str], exercises: Mapping[str, Loaded], backend: str | None) -> list[Job]:
    """Return what to grade, in the order of the course; everything if no target is given.

    Raises:
        UnknownTarget: with the nearest names.
    """
    wanted = list(targets) or list(exercises)
    jobs = [job for target in wanted for job in _jobs(target, exercises, backend, asked=bool(targets))]
    if not jobs:
        raise UnknownTarget(f"nothing of {', '.join(wanted)} exists in the backend {backend}")
    return _merged(jobs)


def _jobs(target: str, exercises: Mapping[str, Loaded], backend: str | None, asked: bool) -> list[Job]:
    if target.endswith(".py") or "/" in target:
        job = _job_of_path(Path(target), exercises)
        if backend not in (None, job.backend):
            raise UnknownTarget(f"{target} is {job.backend} code, not {backend}: leave out --backend")
        return [job]
    name, colon, in_backend = target.partition(":")
    exercise, dot, task = name.partition(".")
    if (colon and not in_backend) or (dot and not task):
        raise UnknownTarget(f"{target}: a name is missing behind the {target[-1]!r}")
    homes = [f"{one.name}.{exercise}" for one in exercises.values() if exercise in _task_names(one)]
    if exercise not in exercises and homes:
        raise UnknownTarget(f"{target} is a task: write {' or '.join(homes)}")
    if exercise not in exercises:
        raise UnknownTarget(_unknown("exercise", target, exercise, exercises))
    loaded = exercises[exercise]
    backends = loaded.backends()
    if in_backend and in_backend not in backends:
        raise UnknownTarget(_unknown("backend", target, in_backend, backends))
    tasks = [one for one in loaded.exercise.tasks if not task or one.name == task]
    if not tasks:
        raise UnknownTarget(_unknown(f"task of {exercise}", target, task, [t.name for t in loaded.exercise.tasks]))
    chosen = [one for one in backends if one == (in_backend or one) and one == (backend or one)]
    jobs = [
        Job(loaded=loaded, backend=one, tasks=tuple(t for t in tasks if one in t.backends), asked=asked)
        for one in chosen
    ]
    jobs = [job for job in jobs if job.tasks]
    if in_backend and backend not in (None, in_backend):
        raise UnknownTarget(f"{target} contradicts --backend {backend}: leave one of them out")
    if not jobs and in_backend:
        raise UnknownTarget(f"{exercise}.{task} exists only in {', '.join(tasks[0].backends)}, not in {in_backend}")
    return jobs


def _task_names(loaded: Loaded) -> list[str]:
    return [task.name for task in loaded.exercise.tasks]


def _job_of_path(path: Path, exercises: Mapping[str, Loaded]) -> Job:
    for loaded in exercises.values():
        for backend in loaded.backends():
            if path.name == loaded.stub_name(backend):
                tasks = tuple(task for task in loaded.exercise.tasks if backend in task.backends)
                return Job(loaded=loaded, backend=backend, tasks=tasks, path=path)
    names = [loaded.stub_name(backend) for loaded in exercises.values() for backend in loaded.backends()]
    raise UnknownTarget(_unknown("exercise's file", str(path), path.name, names))


def _unknown(kind: str, target: str, name: str, names: Iterable[str]) -> str:
    known = list(names)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known) or 'none'}"
    return f"{target}: no {kind} is called {name!r}; {hint}"


def _merged(jobs: Iterable[Job]) -> list[Job]:
    """Put the tasks of one exercise and backend together, each once, in the plugin's order."""
    found: dict[tuple[str, str, Path | None], Job] = {}
    for job in jobs:
        key = (job.loaded.name, job.backend, job.path)
        names = {task.name for task in (*job.tasks, *(found[key].tasks if key in found else ()))}
        tasks = tuple(task for task in job.loaded.exercise.tasks if task.name in names)
        found[key] = Job(loaded=job.loaded, backend=job.backend, tasks=tasks, path=job.path, asked=job.asked)
    return list(found.values())

"""Where a learner's files lie: a workspace, a folder laid out like it or flat, or one file."""

from __future__ import annotations

from pathlib import Path

from grader.attempt import Submitted
from grader.errors import NothingToGrade
from grader.source import BadSource, read_source
from grader.targets import Job

__all__ = ["find_root", "submitted"]


def find_root(given: Path | None) -> Path:
    """Return the folder (or file) to grade: what was given, else ``exercises/`` here or above.

    Raises:
        NothingToGrade: if there is none.
    """
    if given is not None:
        if not given.exists():
            raise NothingToGrade(f"{given} does not exist")
        inner = given / "exercises"
        return inner if inner.is_dir() and not inner.is_symlink() else given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "exercises").is_dir():
            return _shown(folder / "exercises")
    raise NothingToGrade(
        "there is no folder exercises/ here or above: go to your workspace, or name it by --submission"
    )


def submitted(root: Path, job: Job) -> Submitted:
    """Return the learner's file for a job; one that is missing counts as not attempted.

    Raises:
        NothingToGrade: if the user asked for just this and it is not there.
    """
    path = job.path or _find(root, job)
    if path is None:
        name = job.loaded.stub_name(job.backend)
        if job.asked:
            raise NothingToGrade(f"{root} holds no {name} (nor {job.loaded.name}/{name})")
        return Submitted(path=str(root / name), source=None)
    if job.path is None and not path.resolve().is_relative_to(root.resolve()):
        problem = BadSource("PermissionError", "it is a link that leads out of the folder that is graded")
        return Submitted(path=str(path), source=None, problem=problem)
    try:
        return Submitted(path=str(path), source=read_source(path))
    except BadSource as problem:
        return Submitted(path=str(path), source=None, problem=problem)
    except OSError as error:
        raise NothingToGrade(f"{path} cannot be read: {error.strerror}") from None


def _find(root: Path, job: Job) -> Path | None:
    name = job.loaded.stub_name(job.backend)
    if root.is_file():
        return root if root.name == name else None
    candidates = (root / job.loaded.name / name, root / name)
    return next((path for path in candidates if path.is_file()), None)


def _shown(path: Path) -> Path:
    """Return a path as short as it can be told: relative to here where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path

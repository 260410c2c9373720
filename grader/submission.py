"""Where a learner's files lie: a workspace, a folder laid out like it or flat, one file, or an archive of these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.archive import is_archive, unpacked
from grader.attempt import Submitted
from grader.errors import NothingToGrade
from grader.source import BadSource, read_source
from grader.targets import Job

__all__ = ["Place", "find_root", "opened", "submitted"]

WORKSPACE = "exercises"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder (or file) to grade.

    Args:
        unpacked: where an archive was unpacked to, and the archive's name, which is told instead.
    """

    root: Path
    unpacked: tuple[str, str] | None = None

    def shown(self, path: Path) -> str:
        """Return a path as it is told."""
        return str(path) if self.unpacked is None else str(path).replace(*self.unpacked)

    def __str__(self) -> str:
        return self.shown(self.root)


@contextmanager
def opened(given: Path | None) -> Iterator[Place]:
    """Find what to grade; an archive is unpacked for as long as it takes.

    Raises:
        NothingToGrade: if there is nothing.
        BadArchive: if it is an archive that is refused.
    """
    if given is None or not is_archive(given):
        yield Place(root=find_root(given))
        return
    with unpacked(given) as folder:
        yield Place(root=find_root(_inner(folder)), unpacked=(str(folder), str(given)))


def find_root(given: Path | None) -> Path:
    """Return the folder (or file) to grade: what was given, else ``exercises/`` here or above.

    Raises:
        NothingToGrade: if there is none.
    """
    if given is not None:
        if not given.exists():
            raise NothingToGrade(f"{given} does not exist")
        inner = given / WORKSPACE
        return inner if inner.is_dir() and not inner.is_symlink() else given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / WORKSPACE).is_dir():
            return _shown(folder / WORKSPACE)
    raise NothingToGrade(
        "there is no folder exercises/ here or above: go to your workspace, or name it by --submission"
    )


def submitted(place: Place, job: Job) -> Submitted:
    """Return the learner's file for a job; one that is missing counts as not attempted.

    Raises:
        NothingToGrade: if the user asked for just this and it is not there.
    """
    path = job.path or _find(place.root, job)
    if path is None:
        name = job.loaded.stub_name(job.backend)
        if job.asked:
            raise NothingToGrade(f"{place} holds no {name} (nor {job.loaded.name}/{name})")
        return Submitted(path=place.shown(place.root / name), source=None)
    shown = place.shown(path)
    if job.path is None and not path.resolve().is_relative_to(place.root.resolve()):
        problem = BadSource("PermissionError", "it is a link that leads out of the folder that is graded")
        return Submitted(path=shown, source=None, problem=problem)
    try:
        return Submitted(path=shown, source=read_source(path), unpacked=place.unpacked)
    except BadSource as problem:
        return Submitted(path=shown, source=None, problem=problem, unpacked=place.unpacked)
    except OSError as error:
        raise NothingToGrade(f"{shown} cannot be read: {error.strerror}") from None


def _inner(folder: Path) -> Path:
    """Go into the one folder that an archive holds, as programs make them that pack a folder."""
    while [path.is_dir() for path in folder.iterdir()] == [True]:
        (folder,) = folder.iterdir()
    return folder


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

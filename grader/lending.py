"""Whose functions an exercise runs on that is built of earlier ones: the learner's, or published ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from grader.attempt import Submitted
from grader.course import Loaded
from grader.exercise import Task
from grader.source import Own
from grader.submission import Place, submitted
from grader.targets import Job
from grader.verdict import ExerciseResult, TaskResult, Used

__all__ = ["Lending", "beside"]

MISSING = "{task} does not pass, and a run that counts uses your own functions only: write it first"
WITH_POINTS = ("speed", "memory")  # a function that is right and slow is right
Judge = Callable[[Job, Submitted], ExerciseResult]


class Lending:
    """Decides it for one submission; what was judged once is remembered.

    Args:
        place: where the learner's files lie.
        judge: grades tasks of a file.
        own_only: whether published functions are out of the question.
    """

    def __init__(self, place: Place, judge: Judge, *, own_only: bool = False) -> None:
        self._place = place
        self._judge = judge
        self._own_only = own_only
        self._passed: dict[tuple[str, str, str], bool] = {}

    def record(self, result: ExerciseResult) -> None:
        """Remember what was judged in this run."""
        for task in result.tasks:
            self._passed[result.name, result.backend, task.name] = _right(task)

    def lend(self, loaded: Loaded, backend: str, files: Submitted) -> tuple[Submitted, tuple[Used, ...]]:
        """Return a file with the library that its imports shall find, and whose each function in it is."""
        library = loaded.library(backend)
        if library is None or files.source is None:
            return files, ()
        own: list[Own] = []
        used: list[Used] = []
        for lender, tasks in loaded.lent(backend):
            found = self._found(lender, backend, tasks)
            right = [
                task for task in tasks if found.source is not None and self._right(lender, backend, task, tasks, found)
            ]
            if right and found.source is not None:
                source = self.lend(lender, backend, found)[0].source or found.source
                own.append(Own(source=source, functions=tuple(task.name for task in right)))
            used.extend(self._uses(lender, tasks, right, found.path))
        missing = {one.task.partition(".")[2]: MISSING.format(task=one.task) for one in used if one.by == "missing"}
        source = replace(files.source, library=replace(library, own=tuple(own), missing=missing))
        return replace(files, source=source), tuple(used)

    def _uses(self, lender: Loaded, tasks: Sequence[Task], right: Sequence[Task], path: str) -> Iterator[Used]:
        for task in tasks:
            name = f"{lender.name}.{task.name}"
            if task in right:
                yield Used(task=name, by="own", path=path)
            else:
                yield Used(task=name, by="missing" if self._own_only else "library")

    def _found(self, lender: Loaded, backend: str, tasks: tuple[Task, ...]) -> Submitted:
        return submitted(self._place, Job(loaded=lender, backend=backend, tasks=tasks, asked=False))

    def _right(self, lender: Loaded, backend: str, task: Task, tasks: tuple[Task, ...], found: Submitted) -> bool:
        """Tell whether the learner's function passes; what this run has not judged is judged now."""
        key = (lender.name, backend, task.name)
        if key not in self._passed:
            wanted = tuple(one for one in tasks if (lender.name, backend, one.name) not in self._passed)
            files, _ = self.lend(lender, backend, found)
            self.record(self._judge(Job(loaded=lender, backend=backend, tasks=wanted), files))
        return self._passed[key]


def beside(job: Job, place: Place) -> Place:
    """Return where the other exercises' files lie: beside the folder of a file that was named by its path."""
    if job.path is None:
        return place
    folder = job.path.absolute().parent
    return Place(root=folder.parent if folder.name == job.loaded.name else folder)


def _right(task: TaskResult) -> bool:
    """Tell whether the answers are right, however long they take."""
    wanted = [one.status for one in task.checks if one.wanted and one.check not in WITH_POINTS]
    return bool(wanted) and set(wanted) == {"passed"}

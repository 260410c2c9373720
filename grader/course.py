"""Where the files of an exercise lie, and what the mistakes and alternatives in them are called."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import CourseError
from grader.exercise import Exercise, Task
from grader.source import BadSource, Definition, Library, Source, functions, parse, read_source

__all__ = ["Loaded", "Variant", "builtin_root"]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A known wrong or another right answer: a function named ``task__name`` in a file of the solutions."""

    task: str
    name: str
    text: str
    source: Source

    @property
    def function(self) -> str:
        return f"{self.task}__{self.name}"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """An exercise with the plugin that declares it and the folder that its files lie in.

    Args:
        plugin: the plugin's name, for messages.
        root: holds ``exercises/NAME`` and ``solutions/NAME``.
        module: the plugin's file.
        lenders: the exercises whose functions it uses.
    """

    exercise: Exercise
    plugin: str
    root: Path
    module: Path
    lenders: tuple[Loaded, ...] = ()

    @property
    def name(self) -> str:
        return self.exercise.name

    def stub_name(self, backend: str) -> str:
        """Return the name of the learner's file."""
        return f"{self.name}_{backend}.py"

    def stub_path(self, backend: str) -> Path:
        return self.root / "exercises" / self.name / self.stub_name(backend)

    def library_path(self, backend: str) -> Path:
        """Return where the published functions of earlier exercises lie."""
        return self.stub_path(backend).with_name(f"{self.name}_library_{backend}.py")

    def lent(self, backend: str) -> tuple[tuple[Loaded, tuple[Task, ...]], ...]:
        """Return which tasks of which exercises it uses in a backend."""
        lent = [
            (one, tuple(task for task in one.exercise.tasks if self._lends(one, task, backend))) for one in self.lenders
        ]
        return tuple((one, tasks) for one, tasks in lent if tasks)

    def _lends(self, lender: Loaded, task: Task, backend: str) -> bool:
        return backend in task.backends and f"{lender.name}.{task.name}" in self.exercise.uses

    def library(self, backend: str) -> Library | None:
        """Return the published functions of earlier exercises, if it uses any.

        Raises:
            CourseError: if the file is not there.
        """
        if not self.lent(backend):
            return None
        path = self.library_path(backend)
        try:
            return Library(path=path, text=path.read_text(encoding="utf-8"))
        except OSError:
            raise CourseError(f"{self.name}: {path} is missing: run `grader plugin stubs {self.name}`") from None

    def lesson_path(self) -> Path:
        return self.root / "exercises" / self.name / "README.md"

    def solution_path(self, backend: str) -> Path:
        return self.root / "solutions" / self.name / self.stub_name(backend)

    def backends(self) -> tuple[str, ...]:
        """Return the backends that any of its tasks exists in, in order of appearance."""
        return tuple(dict.fromkeys(name for task in self.exercise.tasks for name in task.backends))

    def reference(self, backend: str) -> Source:
        """Return the model answers of one backend, with the library that they are built of.

        Raises:
            CourseError: if a file is not there or no Python.
        """
        return replace(self.solution(backend), library=self.library(backend))

    def solution(self, backend: str) -> Source:
        """Return the file of the model answers of one backend.

        Raises:
            CourseError: if the file is not there or no Python.
        """
        path = self.solution_path(backend)
        try:
            return read_source(path)
        except OSError as error:
            raise CourseError(f"{self.name}: the reference {path} cannot be read ({error.strerror})") from None
        except BadSource as error:
            raise CourseError(f"{self.name}: the reference {path} is wrong: {error.message}") from None

    def mistakes(self, backend: str) -> tuple[Variant, ...]:
        """Return the declared wrong answers of one backend."""
        return self._variants("mistakes", backend)

    def alternatives(self, backend: str) -> tuple[Variant, ...]:
        """Return the other right answers of one backend."""
        return self._variants("alternatives", backend)

    def files(self) -> tuple[Path, ...]:
        """Return every file that verdicts depend on: the plugin and its neighbours, the solutions, and data."""
        solutions = (self.root / "solutions" / self.name).glob("*.py")
        libraries = (self.library_path(backend) for backend in self.backends() if self.lent(backend))
        data = (path for path in (self.root / "exercises" / "data").glob("*") if path.is_file())
        return (*self.module.parent.glob("*.py"), *solutions, *libraries, *data)

    def _variants(self, kind: str, backend: str) -> tuple[Variant, ...]:
        path = self.solution_path(backend).with_name(f"{kind}_{backend}.py")
        if not path.exists():
            return ()
        try:
            source = replace(read_source(path), library=self.library(backend))
            found = functions(parse(source))
        except BadSource as error:
            raise CourseError(f"{self.name}: {path} is wrong: {error.message}") from None
        named = [(name, node) for name, node in found.items() if "__" in name.strip("_")]
        return tuple(_variant(name, node, source) for name, node in named)


def _variant(name: str, node: Definition, source: Source) -> Variant:
    task, _, short = name.partition("__")
    return Variant(task=task, name=short, text=" ".join((ast.get_docstring(node) or "").split()), source=source)


def builtin_root() -> Path:
    """Return the folder of the built-in course: inside the wheel, or the repository of an editable install."""
    package = Path(__file__).resolve().parent
    for root in (package / "course", package.parent):
        if (root / "plugins").is_dir() and (root / "solutions").is_dir():
            return root
    raise CourseError("the built-in course is missing from this installation: install gradlings again")

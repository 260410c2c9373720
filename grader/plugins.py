"""Finding, loading and validating plugins. A broken one is a sentence and takes nothing else down."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pluggy

from grader import hookspecs
from grader.course import Loaded
from grader.errors import PluginError
from grader.exercise import Exercise, Speed
from grader.speeds import with_speeds
from grader.validate import problem_of
from grader.verdict import Backend, Check, Reporter

__all__ = ["Problem", "Registry"]

Thing = TypeVar("Thing")
ENTRY_POINTS = "gradlings"
# What a stranger's module or hook may raise; even SystemExit, since a plugin must not end the grader.
STRANGE = (Exception, SystemExit)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a plugin, or a part of it, is left out."""

    plugin: str
    sentence: str


@dataclass
class Registry:
    """All that plugins bring; made once per run by :mod:`grader.app`.

    ``asked`` holds the names of the plugins that the user named: a problem of theirs is an error, not a warning.
    """

    manager: pluggy.PluginManager = field(default_factory=lambda: _manager())
    problems: list[Problem] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    _files: dict[str, Path] = field(default_factory=dict)

    def add_module(self, module: ModuleType, name: str) -> None:
        """Register a plugin that has been imported."""
        try:
            self.manager.register(module, name)
            self.manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            if self.manager.has_plugin(name):
                self.manager.unregister(name=name)
            self._problem(name, _validation(error))
            return
        if not self.manager.get_hookcallers(module):
            self.manager.unregister(name=name)
            self._problem(name, "brings nothing: mark its hooks with @hookimpl")
            return
        self._files[name] = Path(getattr(module, "__file__", None) or name).resolve()

    def add_file(self, path: Path, *, asked: bool = False) -> None:
        """Import a plugin from a file and register it.

        Raises:
            PluginError: if it was asked for and is broken.
        """
        name = f"plugins.{path.stem}"
        if self.manager.has_plugin(name) or not path.is_file():
            name = str(path)
        if asked:
            self.asked.add(name)
        if not path.is_file():
            self._problem(name, "there is no such file")
            return
        module = self._import(path, name)
        if module is not None:
            self.add_module(module, name)

    def add_course(self, root: Path, *, asked: bool = False) -> None:
        """Import every plugin of a course."""
        folder = root / "plugins"
        if not folder.is_dir():
            raise PluginError(f"{root} is no course: it has no folder plugins/")
        for path in sorted(folder.glob("*.py")):
            if not path.name.startswith("_"):
                self.add_file(path, asked=asked)

    def add_installed(self) -> None:
        """Load the plugins of installed distributions (entry-point group ``gradlings``)."""
        from importlib.metadata import entry_points

        for entry in entry_points(group=ENTRY_POINTS):
            try:
                module = entry.load()
            except STRANGE as error:
                self._problem(entry.name, f"cannot be imported: {_last(error)}")
            else:
                self.add_module(module, entry.name)

    def exercises(self) -> dict[str, Loaded]:
        """Return all valid exercises by name, prerequisites first."""
        found: dict[str, Loaded] = {}
        for plugin, exercise in self._collect("grader_exercises", Exercise):
            problem = problem_of(exercise, list(self.backends()))
            if exercise.name in found:
                problem = f"exercise {exercise.name!r} exists already, from {found[exercise.name].plugin}: rename one"
            if problem:
                self._problem(plugin, problem)
                continue
            module = self._files[plugin]
            root = next((p for p in module.parents if (p / "solutions" / exercise.name).is_dir()), module.parent)
            found[exercise.name] = Loaded(exercise=exercise, plugin=plugin, root=root, module=module)
        timed = with_speeds(
            {name: one.exercise for name, one in found.items()}, self._speeds(), list(self.backends()), self._problem
        )
        return self._lent(_ordered({name: replace(one, exercise=timed[name]) for name, one in found.items()}))

    def _lent(self, found: dict[str, Loaded]) -> dict[str, Loaded]:
        """Give exercises those whose functions they use; one that uses what does not come before it is left out."""
        lending: dict[str, Loaded] = {}
        for name, one in found.items():
            homes = {task: lending.get(task.partition(".")[0]) for task in one.exercise.uses}
            unknown = next((task for task, home in homes.items() if home is None or not _has(home, task)), None)
            if unknown is not None:
                self._problem(one.plugin, f"exercise {name!r} uses {unknown!r}, and no other exercise has such a task")
                continue
            lenders = {home.name: home for home in homes.values() if home is not None}
            lending[name] = replace(one, lenders=tuple(lenders.values()))
        return lending

    def _speeds(self) -> list[tuple[str, Mapping[str, Speed]]]:
        """Return what each plugin says of the speed of tasks."""
        found: list[tuple[str, Mapping[str, Speed]]] = []
        for implementation in self.manager.hook.grader_speeds.get_hookimpls():
            name = implementation.plugin_name
            declare: Callable[[], Any] = implementation.function
            try:
                found.append((name, dict(declare())))
            except STRANGE as error:
                self._problem(name, f"crashed in grader_speeds: {_last(error)}")
        return found

    def backends(self) -> dict[str, Backend]:
        """Return all backends by name."""
        return self._named("grader_backends", Backend)

    def checks(self) -> dict[str, Check]:
        """Return all checks by name."""
        return self._named("grader_checks", Check)

    def reporters(self) -> dict[str, Reporter]:
        """Return all report formats by name."""
        return self._named("grader_reporters", Reporter)

    def call(self, hook: str, **arguments: Any) -> Any:
        """Call a hook; a plugin that crashes in it is the plugin's fault, in one sentence."""
        try:
            return getattr(self.manager.hook, hook)(**arguments)
        except STRANGE as error:
            raise PluginError(f"a plugin crashed in {hook}: {_last(error)}") from error

    def _named(self, hook: str, kind: type[Thing]) -> dict[str, Thing]:
        found: dict[str, Thing] = {}
        for plugin, thing in self._collect(hook, kind):
            name: str = thing.name  # type: ignore[attr-defined]
            if name in found:
                self._problem(plugin, f"{kind.__name__.lower()} {name!r} exists already: choose another name")
            else:
                found[name] = thing
        return found

    def _collect(self, hook: str, kind: type[Thing]) -> list[tuple[str, Thing]]:
        found: list[tuple[str, Thing]] = []
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            name = implementation.plugin_name
            found.extend((name, thing) for thing in self._brought(name, implementation.function, hook, kind))
        return found

    def _brought(self, name: str, function: Callable[[], Iterable[Thing]], hook: str, kind: type[Thing]) -> list[Thing]:
        try:
            things = list(function())
        except STRANGE as error:
            self._problem(name, f"crashed in {hook}: {_last(error)}")
            return []
        wrong = next((thing for thing in things if not isinstance(thing, kind)), None)
        if wrong is not None:
            self._problem(name, f"{hook} must return {kind.__name__} objects, not {type(wrong).__name__}")
            return []
        return things

    def _import(self, path: Path, name: str) -> ModuleType | None:
        spec = importlib.util.spec_from_file_location(name.replace("/", "_"), path)
        if spec is None or spec.loader is None:
            self._problem(name, f"{path} is no Python file")
            return None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up there
        try:
            spec.loader.exec_module(module)
        except STRANGE as error:
            self._problem(name, f"cannot be imported: {_last(error)}")
            return None
        return module

    def _problem(self, plugin: str, sentence: str) -> None:
        problem = Problem(plugin=plugin, sentence=f"plugin {plugin}: {sentence}")
        if plugin in self.asked:
            raise PluginError(problem.sentence)
        if problem not in self.problems:
            self.problems.append(problem)


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("gradlings")
    manager.add_hookspecs(hookspecs)
    return manager


def _validation(error: Exception) -> str:
    text = str(error)
    if "unknown hook" in text:
        hooks = ", ".join(name for name in vars(hookspecs) if name.startswith("grader_"))
        return f"{text.partition(' in plugin')[0]}; the hooks are {hooks}"
    return " ".join(text.split())


def _last(error: BaseException) -> str:
    """Return an exception in one line, with the place in the plugin where it came up."""
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg} ({Path(error.filename or '?').name}, line {error.lineno})"
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith("<frozen")]
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{where}"


def _has(loaded: Loaded, task: str) -> bool:
    return task in {f"{loaded.name}.{one.name}" for one in loaded.exercise.tasks}


def _before(exercise: Exercise) -> frozenset[str]:
    return frozenset([*exercise.after, *(task.partition(".")[0] for task in exercise.uses)])


def _ordered(found: dict[str, Loaded]) -> dict[str, Loaded]:
    """Sort so that each exercise stands behind those that it names in ``after`` or uses.

    Of others, the one with the shorter way to it comes first, else as declared. What stands alone comes at the end: an
    exercise that somebody adds does not push itself between the first ones of a course.
    """
    earlier = {name: _before(one.exercise) & found.keys() for name, one in found.items()}
    linked = {one for name, names in earlier.items() if names for one in (name, *names)}
    ordered: dict[str, Loaded] = {}
    while waiting := [name for name in found if name in linked and name not in ordered]:
        ready = [name for name in waiting if earlier[name] <= ordered.keys()]
        ordered |= {name: found[name] for name in ready or waiting}  # a circle has no beginning
    return ordered | found

"""What the course knows about one exercise in one backend: cases, right answers, and the answers of known mistakes.

References and mistakes run in workers of their own. Right answers are kept in memory, and on disk under a key made of
all that they depend on: the course's files, this package's files, the seed, and the versions of Python and libraries.
"""

from __future__ import annotations

import ast
import inspect
import platform
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from grader import truth as truths
from grader.answer import Answer, Raised
from grader.cache import Cache, digest_files
from grader.calls import Call, Program
from grader.cases import Case, edge_cases
from grader.course import Loaded, Variant
from grader.distributions import version
from grader.drivers import driver_source
from grader.errors import PluginError
from grader.evidence import Probe, Run, Truth
from grader.exercise import Task
from grader.plan import gradient_positions
from grader.sandbox import Sandbox
from grader.source import Definition, Source, functions, parameters, parse
from grader.stubs import forbidden_in, make_stub
from grader.verdict import Backend

__all__ = ["Oracle", "call_of", "checked_edges", "made"]


class Oracle:
    """Cases and right answers of one exercise in one backend; a context manager that ends its workers."""

    def __init__(
        self,
        loaded: Loaded,
        backend: Backend,
        sandbox: Sandbox,
        cache: Cache,
        seed: int = 0,
        cases: dict[str, tuple[Case, ...]] | None = None,
    ) -> None:
        """Know an exercise.

        Args:
            cases: drawn cases by full name of the task, shared between the oracles of several backends.
        """
        self.loaded = loaded
        self.backend = backend
        self.seed = seed
        self._sandbox = sandbox
        self._cache = cache
        self._programs: dict[Path, Program] = {}
        self._truths: dict[tuple[str, Probe], Truth] = {}
        self._runs: dict[tuple[str, Probe], Run] = {}
        self._cases = {} if cases is None else cases

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program in self._programs.values():
            program.close()
        self._programs.clear()

    def tasks(self) -> tuple[Task, ...]:
        """Return the exercise's tasks that exist in this backend."""
        return tuple(task for task in self.loaded.exercise.tasks if self.backend.name in task.backends)

    def stub(self, task: Task) -> Definition:
        """Return the task's function or class as the learner gets it."""
        return self._stub[task.name]

    def parameters(self, task: Task) -> tuple[str, ...]:
        """Return the names of what a case's arguments are bound to: the function's parameters, or its driver's."""
        stub = self.stub(task)
        if task.driver is not None:
            return tuple(inspect.signature(task.driver).parameters)[1:]
        return parameters(stub) if isinstance(stub, ast.FunctionDef) else ()

    def siblings(self, task: Task) -> frozenset[str]:
        """Return the names of the exercise's other tasks."""
        return frozenset(self._stub) - {task.name}

    def truth(self, task: Task, probe: Probe) -> Truth:
        """Return the right answers to all of the task's cases."""
        probe = Probe(mode=probe.mode, dtype=probe.dtype)
        if (task.name, probe) not in self._truths:
            self._truths[task.name, probe] = self._remembered(task, probe)
        return self._truths[task.name, probe]

    def truth_of(self, task: Task, probe: Probe, cases: Sequence[Case]) -> Truth:
        """Ask the reference about other cases."""
        source = self._reference
        wrt = gradient_positions(task, self.parameters(task)) if probe.mode == "gradient" else ()

        def reference(args: Sequence[Any], **how: Any) -> Sequence[Answer | None]:
            return self._program(source).call(self._call(task, task.name, args, **how))

        return truths.find_truth(task, probe, cases, wrt, reference)

    def mistakes(self, task: Task) -> tuple[Variant, ...]:
        """Return the task's declared wrong answers."""
        return tuple(variant for variant in self._mistakes if variant.task == task.name)

    def answers_of(self, variant: Variant, task: Task, probe: Probe, truth: Truth) -> tuple[Answer | None, ...]:
        """Return what a mistake answers to the cases of a truth."""
        program = self._program(variant.source, fresh=probe.reverse)
        return made(program, call_of(task, variant.function, probe, truth, rules=False), probe.reverse)

    def run_of(self, variant: Variant, task: Task, probe: Probe) -> Run:
        """Return the run of a mistake on all of the task's cases, kept for the next question about it."""
        key = (variant.function, probe)
        if key not in self._runs:
            truth = self.truth(task, probe)
            self._runs[key] = Run(truth=truth, answers=self.answers_of(variant, task, probe, truth))
        return self._runs[key]

    def answer(self, function: str, args: Sequence[Any], driver: str | None, timeout: float) -> Answer:
        """Return what one of the reference's functions answers to one call."""
        call = Call(function=function, cases=[args], driver=driver, timeout=timeout)
        (answer,) = self._program(self._reference).call(call)
        return answer or Answer(raised=Raised(type="ProcessDied", message="the reference gave no answer"))

    def gradients_of(
        self, task: Task, args: Sequence[Sequence[Any]], upstream: Sequence[Sequence[Any]]
    ) -> tuple[Answer | None, ...]:
        """Return the reference's gradients for calls with given upstream gradients."""
        wrt = gradient_positions(task, self.parameters(task))
        call = self._call(task, task.name, args, mode="gradient", wrt=wrt, upstream=upstream)
        return self._program(self._reference).call(call)

    def unknown_rules(self) -> tuple[str, ...]:
        """Return the forbidden names of this backend that name nothing."""
        names = [name for task in self.tasks() for name in forbidden_in(task, self.backend.name)]
        program = Program(self._sandbox, self.backend, self._reference, names)
        with program:
            program.load()
            return program.unknown_rules

    def cases(self, task: Task) -> tuple[Case, ...]:
        """Return the task's edges and drawn cases."""
        name = f"{self.loaded.name}.{task.name}"
        if name not in self._cases:
            self._cases[name] = _drawn(self.loaded, task, self.seed)
        return self._cases[name]

    def _remembered(self, task: Task, probe: Probe) -> Truth:
        key = f"{self._fingerprint}/{self.backend.name}/{task.name}/{probe}"
        message = self._cache.get(key)
        if message is not None:
            return truths.from_message(message)
        truth = self.truth_of(task, probe, self.cases(task))
        self._cache.put(key, truths.to_message(truth))
        return truth

    def _program(self, source: Source, fresh: bool = False) -> Program:
        if source.path not in self._programs:
            self._programs[source.path] = Program(self._sandbox, self.backend, source)
            fresh = True
        if fresh:
            loaded = self._programs[source.path].load()
            if loaded.raised is not None:
                raised = loaded.raised
                place = f"{source.path}, line {raised.line}" if raised.line else str(source.path)
                raise PluginError(f"{self.loaded.name}: {place} cannot be loaded: {raised.type}: {raised.message}")
        return self._programs[source.path]

    def _call(self, task: Task, function: str, cases: Sequence[Any], **how: Any) -> Call:
        timeout = max(10.0, task.timeout)
        return Call(function=function, cases=cases, driver=driver_source(task), timeout=timeout, **how)

    @cached_property
    def _reference(self) -> Source:
        return self.loaded.reference(self.backend.name)

    @cached_property
    def _mistakes(self) -> tuple[Variant, ...]:
        return self.loaded.mistakes(self.backend.name)

    @cached_property
    def _stub(self) -> dict[str, Definition]:
        text = make_stub(self.loaded, self.backend.name)
        return functions(parse(Source(path=self.loaded.stub_path(self.backend.name), text=text)))

    @cached_property
    def _fingerprint(self) -> str:
        package = Path(__file__).parent
        own = (path for folder in (".", "worker", "datasets") for path in package.glob(f"{folder}/*.py"))
        files = [*own, self.backend.worker, *self.loaded.files()]
        versions = [version(name) for name in ("numpy", "hypothesis", *self.backend.distributions)]
        return f"{digest_files(files)}/{platform.python_version()}/{platform.machine()}/{versions}/{self.seed}"


def call_of(task: Task, function: str, probe: Probe, truth: Truth, rules: bool = True) -> Call:
    """Return the call that carries out a probe on some function."""
    return Call(
        function=function,
        cases=truth.args,
        mode=probe.mode,
        wrt=truth.wrt,
        upstream=truth.upstream,
        forbid=task.forbid if rules else (),
        driver=driver_source(task),
        late=probe.reverse,
        timeout=task.timeout,
    )


def made(program: Program, call: Call, reverse: bool) -> tuple[Answer | None, ...]:
    """Make a call, in reverse order if asked, and return the answers in the order of the cases."""
    if not reverse:
        return program.call(call)
    backwards = Call(**{**vars(call), "cases": call.cases[::-1], "upstream": call.upstream[::-1]})
    return program.call(backwards)[::-1]


def checked_edges(loaded: Loaded, task: Task) -> tuple[Case, ...]:
    """Return the task's named cases.

    Raises:
        PluginError: if the plugin's function crashes.
    """
    return _guarded(loaded, task, lambda: edge_cases(task))


def _drawn(loaded: Loaded, task: Task, seed: int) -> tuple[Case, ...]:
    from grader.drawing import all_cases

    cases = _guarded(loaded, task, lambda: all_cases(task, f"{loaded.name}.{task.name}", seed))
    if not cases:
        raise PluginError(f"plugin {loaded.plugin}: {loaded.name}.{task.name} has no cases")
    return cases


def _guarded(loaded: Loaded, task: Task, make: Callable[[], tuple[Case, ...]]) -> tuple[Case, ...]:
    """Make cases, and tell a crash in the plugin's functions as the plugin's fault."""
    try:
        return make()
    except PluginError:
        raise
    except (Exception, SystemExit) as error:  # anything may go wrong in a plugin's function
        text = f"the cases of {loaded.name}.{task.name} crash: {type(error).__name__}: {error}"
        raise PluginError(f"plugin {loaded.plugin}: {text}") from error

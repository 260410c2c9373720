"""Loading and calling the learner's code, and putting what comes of it into leaves."""

from __future__ import annotations

import linecache
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

import numpy as np

from .capture import Output
from .frames import Unsupported
from .guard import refused
from .modules import module_of, run

__all__ = ["Learner"]

MAX_MESSAGE = 2_000
MAX_FRAMES = 20
MAX_LEAVES = 10_000
MAX_INT_BITS = 2_000


class Learner:
    """One submission's file in one backend: load it once, then call its functions."""

    def __init__(self, backend: ModuleType, output: Output) -> None:
        self._backend = backend
        self._output = output
        self._module = ModuleType("submission")
        self._file = ""
        self._echoes: list[Any] = []
        self._ruled: AbstractContextManager[None] | None = None

    def load(
        self,
        source: str,
        file: str,
        folder: str,
        name: str,
        forbidden: Sequence[str],
        library: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Run the file's top level; helpers beside it can be imported. Says which forbidden names name nothing."""
        if self._ruled is not None:
            self._ruled.__exit__(None, None, None)
            self._ruled = None
        unknown = self._backend.prepare(forbidden)
        self._module, self._file = module_of(file, folder, name), file
        answer = self._answer(lambda: run(self._module, source, file, folder, library))
        return answer | {"unknown": unknown}

    def has(self, function: str) -> bool:
        """Tell whether the file defines something callable of this name."""
        return callable(self._module.__dict__.get(function))

    def call(
        self,
        function: str,
        cases: Sequence[Sequence[Any]],
        mode: str,
        wrt: Sequence[int],
        upstream: Sequence[Sequence[Any]],
        forbid: Sequence[str],
        driver: str | None,
        late: bool,
    ) -> dict[str, Any]:
        """Call the function once for each case.

        Args:
            mode: ``forward`` or ``gradient``.
            wrt: positions of the differentiable arguments.
            upstream: for gradients, one array an output, for each case.
            late: look at the answers once more after the last call, so that a shared buffer is found out.
        """
        target = self._target(function, driver)
        answers: list[dict[str, Any]] = []
        kept: list[Any] = []
        with self._backend.forbid(forbid):
            self._output.take()  # what the library says of forbidding is nobody's print
            for index, case in enumerate(cases):
                args = []  # so that, with copies, later arrays may lie where these did: an id is no key for a cache
                try:
                    args = [self._native(_copied(argument) if late else argument) for argument in case]
                except Exception as error:  # an accelerator may be full, or gone
                    answers.append({"raised": self._raised(error)})
                    kept.append(None)
                    continue
                if mode == "gradient":
                    answers.append(self._gradient(target, args, wrt, upstream[index]))
                else:
                    answers.append(self._forward(target, args, kept))
        return {"answers": answers, "late": [self._leaves(value) for value in kept] if late else []}

    def time(
        self, function: str, cases: Sequence[Sequence[Any]], forbid: Sequence[str], driver: str | None
    ) -> dict[str, Any]:
        """Call the function once for each case and return the answers only: the grader's clock runs meanwhile.

        A process that is timed calls one function, so that its rules hold from the first call on.
        """
        target = self._target(function, driver)
        if self._ruled is None:  # putting rules up takes longer than many a function: they stay
            self._ruled = self._backend.forbid(forbid)
            self._ruled.__enter__()
        try:
            refused.clear()
            with warnings.catch_warnings():
                values = [self._silently(target, case) for case in cases]
                # Not copied here but on the way out: one buffer for all calls would hold the last answer only.
                answers = [{"value": self._leaves(value, copy=False)} for value in values]
                self._backend.synchronize()  # what still runs on a device is charged, too
        except BaseException as error:  # whatever the learner's code raises is an answer
            answers = [{"raised": self._raised(error)}] * len(cases)
        self._output.take()
        return {"answers": answers}

    def _silently(self, target: Callable[..., Any], case: Sequence[Any]) -> Any:
        value = target(*map(self._native, case))
        self._output.forget()  # each call may print as much as any other
        return value

    def echo(self, cases: Sequence[Sequence[Any]], sizes: Sequence[int]) -> dict[str, Any]:
        """Answer with as many bytes as asked, without calling anything: what a request costs by itself."""
        for case in cases:
            for argument in case:
                self._native(argument)
        if [echo.nbytes for echo in self._echoes] != list(sizes):
            self._echoes = [self._backend.native(np.zeros(size, np.uint8)) for size in sizes]
        return {"answers": [{"value": self._backend.leaf(echo)} for echo in self._echoes]}

    def too_large(self, error: Exception) -> dict[str, Any]:
        """Return what stands for an answer that cannot be sent."""
        return {
            "raised": self._raised(error)
            | {"type": "TooLarge", "message": "the answer is far larger than it should be"}
        }

    def devices(self) -> list[str]:
        """Return the accelerators that the backend finds."""
        return list(self._backend.devices())

    def peak(self, reset: bool) -> int:
        """Return the most bytes that an accelerator's allocator has given out since the last reset."""
        return int(self._backend.peak(reset))

    def _target(self, function: str, driver: str | None) -> Callable[..., Any]:
        target = self._module.__dict__[function]
        if driver is None:
            return target  # type: ignore[no-any-return]
        namespace: dict[str, Any] = {"np": np}
        exec(compile(driver, "<driver>", "exec"), namespace)
        run = next(value for name, value in reversed(namespace.items()) if name != "np" and callable(value))
        return lambda *args: run(target, *args)

    def _forward(self, target: Callable[..., Any], args: list[Any], kept: list[Any]) -> dict[str, Any]:
        def call() -> Any:
            kept[-1] = target(*args)
            return kept[-1]

        kept.append(None)
        answer = self._answer(call)
        answer["inputs"] = [self._leaves(argument) for argument in args]
        return answer

    def _gradient(
        self, target: Callable[..., Any], args: list[Any], wrt: Sequence[int], upstream: Sequence[Any]
    ) -> dict[str, Any]:
        return self._answer(lambda: self._backend.gradient(target, args, wrt, upstream))

    def _answer(self, call: Callable[[], Any]) -> dict[str, Any]:
        """Run ``call`` and serialise its value at once, before a later call can change it."""
        try:
            refused.clear()
            with warnings.catch_warnings():  # each call shows its own warnings, each once
                answer = {"value": self._leaves(call())}
        except BaseException as error:  # whatever the learner's code raises is an answer
            answer = {"raised": self._raised(error)}
        answer["output"] = self._output.take()
        return answer

    def _native(self, argument: Any) -> Any:
        if isinstance(argument, np.ndarray):
            return self._backend.native(argument)
        if isinstance(argument, list):
            return tuple(self._native(item) for item in argument)
        return argument

    def _leaves(self, value: Any, *, copy: bool = True) -> Any:
        count = 0

        def node(value: Any, depth: int) -> Any:
            nonlocal count
            count += 1
            if count > MAX_LEAVES or depth > 16:
                return Unsupported("an answer of too many parts")
            array = self._backend.leaf(value)
            if isinstance(array, Unsupported):
                return array
            if array is not None:
                return np.array(array) if copy else array  # the learner's code may change its own later
            if _is_plain(value):
                return value
            if isinstance(value, tuple | list):
                return [node(item, depth + 1) for item in value]
            kind = type(value)
            return Unsupported(f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."))

        return node(value, 0)

    def _raised(self, error: BaseException) -> dict[str, Any]:
        frames = list(traceback.walk_tb(sys.exc_info()[2]))
        own = [(frame, line) for frame, line in frames if frame.f_code.co_filename == self._file]
        place = own[-1] if own else None
        line = place[1] if place else getattr(error, "lineno", None)
        line = line if type(line) is int else None
        return {
            # TorchScript wraps a refusal into an error of its own
            "type": "ForbiddenCall" if refused else type(error).__name__,
            "bases": [base.__name__ for base in type(error).__mro__],
            "message": refused[0] if refused else _message(error),
            "file": self._file if place or line else None,
            "line": line,
            "text": linecache.getline(self._file, line).strip() if line else "",
            "function": place[0].f_code.co_name if place else None,
            "frame": [list(pair) for pair in self._variables(place[0].f_locals)] if place else [],
        }

    def _variables(self, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for _, (name, value) in zip(range(MAX_FRAMES), list(values.items()), strict=False):
            try:
                text = self._backend.describe(value)
            except Exception:  # a learner's own subclass may fail to be described
                continue
            if text is not None:
                yield name, text


def _copied(argument: Any) -> Any:
    if isinstance(argument, list):
        return [_copied(item) for item in argument]
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def _is_plain(value: Any) -> bool:
    """Tell whether a value crosses the wall as it is."""
    if type(value) is int:
        return value.bit_length() <= MAX_INT_BITS
    return value is None or type(value) in (bool, float) or (type(value) is str and len(value) <= MAX_MESSAGE)


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MAX_MESSAGE]
    except BaseException:  # a learner's exception may fail to print itself
        return "(its text cannot be shown)"

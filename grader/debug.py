"""The smallest failing case as a script of plain Python that needs no grader."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grader.verdict import ExerciseResult, Failure, Report, TaskResult, Verdict

__all__ = ["run_script", "script_of"]

LOAD = """
def load(path):
    path = pathlib.Path(path)
    if path.stem not in sys.modules:
        sys.path.append(str(path.parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        sys.modules[path.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[path.stem])
    return sys.modules[path.stem]

"""


def script_of(report: Report) -> str | None:
    """Return a script that repeats the first failing case of a report, or None if there is none."""
    for exercise in report.exercises:
        for task in exercise.tasks:
            for verdict in task.checks:
                if verdict.status == "failed" and verdict.failure is not None:
                    return "\n".join(_lines(exercise, task, verdict, verdict.failure)) + "\n"
    return None


def run_script(text: str) -> int:
    """Run a script in a plain interpreter that shares our terminal, and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="gradlings-") as folder:
        path = Path(folder) / "debug_case.py"
        path.write_text(text, encoding="utf-8")
        return subprocess.call([sys.executable, str(path)])


def _lines(exercise: ExerciseResult, task: TaskResult, verdict: Verdict, failure: Failure) -> Iterator[str]:
    torch = exercise.backend == "torch"
    path = Path(exercise.path).resolve()
    yield f'"""{exercise.name}.{task.name}:{exercise.backend} fails the check "{verdict.check}" on this input."""'
    yield ""
    yield "import importlib.util"
    yield "import pathlib"
    yield "import sys"
    yield ""
    yield "import numpy as np"
    yield from ["import torch"] if torch else []
    yield ""
    yield 'nan, inf = float("nan"), float("inf")'
    yield from LOAD.splitlines()
    yield from _library(exercise)
    yield f"module = load({str(path)!r})"
    yield ""
    names = [_identifier(name) for name, _ in failure.arguments]
    for name, (_, value) in zip(names, failure.arguments, strict=True):
        yield f"{name} = {_literal(value, torch)}"
    yield ""
    yield f"print({f'{exercise.name}.{task.name}:{exercise.backend} fails the check {verdict.check}'!r})"
    yield from (f'print("{name} =", {name})' for name in names)
    yield from _call(task.name, names, failure)
    yield 'print("got     ", got, getattr(got, "dtype", ""))'
    yield f'print("expected", {_literal(failure.expected, torch)})'


def _library(exercise: ExerciseResult) -> Iterator[str]:
    """Yield what makes the library of earlier exercises, with the learner's own functions where they pass."""
    if exercise.library:
        yield f"library = load({exercise.library!r})"
    for one in exercise.uses:
        if one.by == "own":
            name = one.task.partition(".")[2]
            yield f"library.{name} = load({str(Path(one.path).resolve())!r}).{name}"


def _call(task: str, names: list[str], failure: Failure) -> Iterator[str]:
    upstream = [name for name in names if name.startswith("upstream_gradient")]
    own = [name for name in names if name not in upstream]
    call = f"module.{task}({', '.join(own)})"
    if failure.driver is not None:
        yield from ["", *failure.driver.rstrip().splitlines(), "", ""]
        call = f"{_defined(failure.driver)}({', '.join([f'module.{task}', *own])})"
    if not upstream:
        yield f"got = {call}  # set a breakpoint() in the function"
        return
    yield f"inputs = [{', '.join(_inputs(own, failure))}]"
    yield "for tensor in inputs:"
    yield "    tensor.requires_grad_(True)"
    yield f"output = {call}  # set a breakpoint() in the function"
    yield "outputs = output if isinstance(output, tuple) else (output,)"
    yield f"got = torch.autograd.grad(outputs, inputs, [{', '.join(upstream)}], allow_unused=True)"


def _defined(driver: str) -> str:
    """Return the name of the function that a driver's text defines."""
    return [node.name for node in ast.parse(driver).body if isinstance(node, ast.FunctionDef)][-1]


def _inputs(names: list[str], failure: Failure) -> Iterator[str]:
    """Name the tensors to differentiate with respect to; an absent argument has none."""
    for position in failure.differentiated:
        value = failure.arguments[position][1] if position < len(names) else None
        if value is not None:
            yield f"*{names[position]}" if isinstance(value, tuple | list) else names[position]


def _identifier(name: str) -> str:
    return name.replace(" ", "_")


def _literal(value: Any, torch: bool) -> str:
    if isinstance(value, np.ndarray):
        make, dtype = ("torch.tensor", f"torch.{value.dtype.name}") if torch else ("np.array", f"np.{value.dtype.name}")
        data = repr(value.tolist())
        if not value.size:
            return f"torch.empty({value.shape}, dtype={dtype})" if torch else f"np.empty({value.shape}, dtype={dtype})"
        return f"{make}({data}, dtype={dtype.replace('np.bool', 'bool')})"
    if isinstance(value, tuple | list):
        return f"({''.join(f'{_literal(item, torch)}, ' for item in value)})"
    return repr(value)

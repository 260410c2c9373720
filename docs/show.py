"""What the documents show, made by running it: `python -m cogapp -P -I docs -r README.md` writes it anew."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(command: str, *, lines: int | None = None) -> None:
    """Print a command of the grader with its output, as a block of text; ``lines`` keeps the first ones."""
    words = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "GRADLINGS_SHRINK_SECONDS": "30"},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    shown = done.stdout.rstrip().splitlines()
    rest = ["..."] if lines is not None and len(shown) > lines else []
    block("text", "\n".join([f"$ {command}", *(line.rstrip() for line in shown[:lines]), *rest]))


def include(path: str, *, function: str | None = None) -> None:
    """Print a file, or one function of it, as a block of Python."""
    text = (ROOT / path).read_text(encoding="utf-8").strip()
    if function is not None:
        start = text.index(f"def {function}")
        text = text[start:].split("\n\n\n")[0]
    block("python", text)


def block(language: str, text: str) -> None:
    """Print a fenced block with empty lines around it."""
    print(f"\n```{language}\n{text}\n```\n")


def fields(module: str, name: str) -> None:
    """Print the fields of a dataclass with their defaults and what its docstring says of them."""
    import dataclasses
    import importlib

    cls = getattr(importlib.import_module(module), name)
    told = _arguments(cls.__doc__)
    print("\n| field | default | meaning |\n| --- | --- | --- |")
    for field in dataclasses.fields(cls):
        print(f"| `{field.name}` | {_default(field)} | {told[field.name]} |")
    print()


def methods(module: str, name: str) -> None:
    """Print the public methods of a class with their signatures and first sentences."""
    import importlib
    import inspect

    cls = getattr(importlib.import_module(module), name)
    print("\n| call | what it does |\n| --- | --- |")
    for method, function in vars(cls).items():
        if not method.startswith("_") and inspect.isfunction(function) and method != "recipe":
            names = [str(p).split(":")[0] for p in inspect.signature(function).parameters.values()][1:]
            print(f"| `draw.{method}({', '.join(names)})` | {_first(function.__doc__)} |")
    print()


def speed(report: str, target: str) -> None:
    """Print what ``grader speed`` says of a task, from a report that it has written: times are never twice the same."""
    import json

    from grader.evidence import Costs, Peak, Point, Timing
    from grader.ratio import Ratio
    from grader.reporters.speed import lines_of
    from grader.speed.memory import PAGES

    exercises = json.loads((ROOT / report).read_text(encoding="utf-8"))["exercises"]
    names = {f"{one['name']}.{task['name']}:{one['backend']}": task for one in exercises for task in one["tasks"]}
    check = next(one for one in names[target]["checks"] if one["name"] == "speed")
    found = dict(check["speed"])
    low, high = found.pop("interval")
    costs = found.pop("costs")
    curve = tuple(Point(**point) for point in costs.pop("curve"))
    seen = costs.pop("memory")
    own, reference = seen["bytes"] or 0, seen["reference_bytes"] or 0
    memory = Peak(limit=None, reason="", how=seen["how"], untold=PAGES, own=own, reference=reference)
    timing = Timing(
        ratio=Ratio(value=found["ratio"], low=low, high=high, pairs=found["pairs"]),
        costs=Costs(**costs, curve=curve, memory=memory),
        limit=found["limit"],
        reason="",
        device=found["device"],
        size=found["size"],
        seconds=found["reference_seconds"],
        share=found["transfer_share"],
    )
    block("text", "\n".join([f"$ grader speed {target}", f"{target} {check['status']}", *lines_of(timing, 80)]))


def fills() -> None:
    """Print the named fills."""
    from grader.fills import FILLS

    print("\n| fill | numbers |\n| --- | --- |")
    for name, fill in FILLS.items():
        print(f"| `{name}` | {_first(fill.__doc__)} |")
    print()


def hooks() -> None:
    """Print the hooks."""
    import inspect

    from grader import hookspecs

    print("\n| hook | what it is for |\n| --- | --- |")
    for name, function in vars(hookspecs).items():
        if name.startswith("grader_"):
            names = ", ".join(inspect.signature(function).parameters)
            print(f"| `{name}({names})` | {_first(function.__doc__)} |")
    print()


def _first(docstring: str | None) -> str:
    return " ".join((docstring or "").split("\n\n")[0].split()).replace("|", "\\|")


def _arguments(docstring: str | None) -> dict[str, str]:
    """Return what the section "Args:" says of each argument."""
    import re

    section = (docstring or "").partition("Args:")[2]
    found = re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()).replace("``", "`").replace("|", "\\|") for name, text in found}


def _default(field: object) -> str:
    import dataclasses

    default = field.default
    if default is dataclasses.MISSING:
        return "" if field.default_factory is dataclasses.MISSING else "the default tolerances"
    return "none" if callable(default) else f"`{default!r}`"

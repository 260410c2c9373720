"""The mutants of a reference: the file with one small change in one function, each with a name that lasts."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.mutation.calls import CALLS
from tests.mutation.expressions import EXPRESSIONS
from tests.mutation.statements import STATEMENTS
from tests.mutation.trees import Unit, reached, sites, units

__all__ = ["Mutant", "mutants"]

# Of two operators that make the same text the first gives it its name: `axis` says more than a number.
OPERATORS = (*CALLS, *EXPRESSIONS, *STATEMENTS)


@dataclass(frozen=True)
class Mutant:
    """A reference with one change.

    Args:
        id: function, operator and a running number of both, such as ``_log_softmax:sum->mean:1``.
        line: the changed line as it is now, or what is missing.
        text: the whole file.
        tasks: the names of the tasks that reach the changed function.
    """

    id: str
    line: str
    text: str
    tasks: tuple[str, ...]


def mutants(text: str, tasks: tuple[str, ...]) -> Iterator[Mutant]:
    """Yield all mutants of a module that change what one of the tasks may do, no two of the same text."""
    uses = reached(text)
    lines = text.splitlines()
    for unit in units(text):
        concerned = tuple(task for task in tasks if unit.top in uses[task])
        before = ast.unparse(unit.node)
        counts: Counter[str] = Counter()
        for operator, after in _changed(unit, before) if concerned else ():
            counts[operator] += 1
            name = f"{unit.name}:{operator}:{counts[operator]}"
            yield Mutant(id=name, line=_line(before, after), text=_spliced(lines, unit, after), tasks=concerned)


def _changed(unit: Unit, before: str) -> Iterator[tuple[str, str]]:
    """Yield each operator's name with the text of the changed unit."""
    module = ast.Module(body=[unit.node], type_ignores=[])
    seen = {before}
    for site in list(sites(module)):
        for operator in OPERATORS:
            for name, node in list(operator(site)):
                site.put(node)
                after = ast.unparse(module)
                site.put(site.node)
                if after not in seen and _is_python(after):
                    seen.add(after)
                    yield name, after


def _is_python(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _line(before: str, after: str) -> str:
    """Return the first line that is new, or the first that is gone."""
    old, new = before.splitlines(), after.splitlines()
    changed = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    if changed < len(new) and new[changed:] != old[changed + 1 :]:
        return new[changed].strip()
    return f"without {old[changed].strip()}"


def _spliced(lines: list[str], unit: Unit, after: str) -> str:
    own = textwrap.indent(after, " " * unit.indent).splitlines()
    return "\n".join([*lines[: unit.start], *own, *lines[unit.end :]]) + "\n"

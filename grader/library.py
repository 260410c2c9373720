"""The published library of an exercise: functions of earlier exercises, taken out of their solutions.

Whoever has not written them can go on with these. Each function comes with what it needs of its own file, and with
nothing else of it.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from grader.course import Loaded
from grader.errors import CourseError
from grader.source import Source, parse

__all__ = ["make_library"]

HEAD = '"""Functions of earlier exercises that {name} is built of: from {lenders}.'
TAIL = 'Made from the course\'s solutions. The grader puts your own in their place where they pass.\n"""'
WIDTH = 120
Named = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


def make_library(loaded: Loaded, backend: str) -> str:
    """Return the text of the file from which an exercise imports what it uses.

    Raises:
        CourseError: if a solution lacks such a function, or two bring different things of one name.
    """
    imports: dict[str, None] = {}
    parts: dict[str, str] = {}
    for source, node in _gathered(loaded, backend, [task.name for _, tasks in loaded.lent(backend) for task in tasks]):
        text = _text(source, node)
        if not isinstance(node, Named):
            imports[text] = None
        elif parts.setdefault(", ".join(_defines(node)), text) != text:
            names = ", ".join(_defines(node))
            raise CourseError(f"{loaded.name}: the solutions that it uses have different things called {names}")
    own = {task.name for task in loaded.exercise.tasks} & parts.keys()
    if own:
        raise CourseError(f"{loaded.name}: its library would hold {min(own)}, which is one of its own tasks")
    lenders = ", ".join(lender.name for lender, _ in loaded.lent(backend))
    opening = textwrap.fill(HEAD.format(name=loaded.name, lenders=lenders), WIDTH)
    head = "\n\n".join([opening, TAIL, *_import_blocks(imports)])
    return head + "".join(_spaced(before, text) for before, text in pairwise(("", *parts.values()))) + "\n"


def _import_blocks(imports: Iterable[str]) -> list[str]:
    """Return the imports as they stand in a tidy file: of the future, of the standard library, and others."""
    blocks: dict[int, list[str]] = {}
    for one in sorted(imports, key=lambda one: (one.startswith("from"), one)):
        module = one.split()[1].partition(".")[0]
        place = 0 if module == "__future__" else 1 if module in sys.stdlib_module_names else 2
        blocks.setdefault(place, []).append(one)
    return ["\n".join(blocks[place]) for place in sorted(blocks)]


def _gathered(loaded: Loaded, backend: str, names: Sequence[str]) -> Iterator[tuple[Source, ast.stmt]]:
    """Yield the statements that these functions of its lenders need, those of the lenders' own lenders first."""
    for lender, tasks in loaded.lent(backend):
        wanted = [task.name for task in tasks if task.name in names]
        source = lender.solution(backend)
        needed = _needed(source, parse(source), wanted)
        inner = [node for node in needed if isinstance(node, ast.ImportFrom) and _is_library(node, lender, backend)]
        yield from _gathered(lender, backend, [alias.name for node in inner for alias in node.names])
        yield from ((source, node) for node in needed if node not in inner)


def _is_library(node: ast.ImportFrom, loaded: Loaded, backend: str) -> bool:
    return node.module == loaded.library_path(backend).stem


def _spaced(before: str, text: str) -> str:
    """Return a statement with the empty lines that part it from the one before, two around functions and classes."""
    blocks = ("def ", "class ", "@")
    return f"\n\n\n{text}" if before.startswith(blocks) or text.startswith(blocks) else f"\n\n{text}"


def _needed(source: Source, tree: ast.Module, wanted: Sequence[str]) -> list[ast.stmt]:
    """Return the statements at the top level that define these functions, and all that those refer to."""
    defining = {name: node for node in tree.body for name in _defines(node)}
    waiting, found = list(wanted), set()
    while waiting:
        name = waiting.pop()
        if name not in defining and name in wanted:
            raise CourseError(f"{source.path} defines no function {name}")
        if name in defining and name not in found:
            found.add(name)
            waiting.extend(node.id for node in ast.walk(defining[name]) if isinstance(node, ast.Name))
    return [node for node in tree.body if found & set(_defines(node)) or _is_future(node)]


def _defines(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _text(source: Source, node: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    return "\n".join(source.text.splitlines()[first - 1 : node.end_lineno])

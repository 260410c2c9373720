"""Slips in a statement: one forgotten, ``=`` for ``+=``, names exchanged in an unpacking, a default lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutation.expressions import Change
from tests.mutation.trees import Site

__all__ = ["STATEMENTS"]

# A function without its return or an import is no slip that runs.
NEEDED = ast.Return | ast.Raise | ast.Pass | ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
AUGMENTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


def forgotten(site: Site) -> Iterator[Change]:
    """Leave a statement out, unless the next one could not run without it."""
    node = site.node
    if not isinstance(node, ast.stmt) or site.index is None:
        return
    if isinstance(node, NEEDED):
        return
    if not (isinstance(node, ast.Assign | ast.AnnAssign) and _first_binding(node, site.function)):
        yield f"{type(node).__name__} removed", ast.Pass()


def assignment(site: Site) -> Iterator[Change]:
    """Write ``=`` for ``+=`` and the other way round."""
    node = site.node
    if isinstance(node, ast.AugAssign):
        yield "+=->=", ast.Assign(targets=[node.target], value=node.value, lineno=node.lineno)
        if type(node.op) in AUGMENTED:
            yield "+=->-=", ast.AugAssign(target=node.target, op=AUGMENTED[type(node.op)](), value=node.value)
    if isinstance(node, ast.Assign) and not _first_binding(node, site.function):
        target = node.targets[0]
        if not isinstance(target, ast.Tuple):
            yield "=->+=", ast.AugAssign(target=target, op=ast.Add(), value=node.value)


def exchanged(site: Site) -> Iterator[Change]:
    """Exchange two neighbours of what is unpacked or returned, such as the gates of a cell."""
    node = site.node
    unpacked = isinstance(site.parent, ast.Assign) and site.field == "targets"
    if not isinstance(node, ast.Tuple) or not (unpacked or isinstance(site.parent, ast.Return)):
        return
    for i in range(len(node.elts) - 1):
        elements = [*node.elts[:i], node.elts[i + 1], node.elts[i], *node.elts[i + 2 :]]
        yield f"{i + 1} and {i + 2} exchanged", ast.Tuple(elts=elements)


def default(site: Site) -> Iterator[Change]:
    """Lose the first default of a signature."""
    node = site.node
    if isinstance(node, ast.arguments) and node.defaults:
        fields = dict(ast.iter_fields(node))
        yield "default dropped", ast.arguments(**{**fields, "defaults": node.defaults[1:]})


def _first_binding(node: ast.Assign | ast.AnnAssign, function: ast.AST) -> bool:
    """Tell whether an assignment is the first to give its names a value: without it the function could not run."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name) and _bound(one)}
    arguments = {one.arg for one in ast.walk(function) if isinstance(one, ast.arg)}
    return bool(names) and not names & (arguments | _bound_before(node, function))


def _bound_before(node: ast.AST, function: ast.AST) -> set[str]:
    line = (node.lineno, node.col_offset)  # type: ignore[attr-defined]
    names = (one for one in ast.walk(function) if isinstance(one, ast.Name) and _bound(one))
    return {one.id for one in names if (one.lineno, one.col_offset) < line}


def _bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


STATEMENTS = (forgotten, assignment, exchanged, default)

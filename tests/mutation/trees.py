"""A reference's syntax tree: its functions, the tasks that reach each of them, and the places to change."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Site", "Unit", "made", "reached", "sites", "units"]

# What is nobody's mistake to get wrong: annotations, and the words of an exception.
LEFT_ALONE = frozenset({"annotation", "returns", "exc", "msg", "decorator_list", "type_comment"})


@dataclass(frozen=True)
class Unit:
    """A function, a method or a constant of a module, without its docstrings.

    Args:
        name: ``softmax``, ``Tensor.backward``, ``EPS``.
        start: its first line, from 0.
        end: the line after its last.
    """

    name: str
    node: ast.stmt
    start: int
    end: int
    indent: int = 0

    @property
    def top(self) -> str:
        """The name at the module's top level."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Site:
    """A node in its place: ``put`` replaces it there."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    function: ast.AST

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def units(text: str) -> Iterator[Unit]:
    """Yield all that a module defines at its top level, methods one by one."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            yield from (_unit(method, f"{node.name}.{method.name}", method.col_offset) for method in methods)
        elif isinstance(node, ast.FunctionDef):
            yield _unit(node, node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and (name := _target(node)):
            yield _unit(node, name)


def _unit(node: ast.stmt, name: str, indent: int = 0) -> Unit:
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner) is not None:
            inner.body = inner.body[1:] or [ast.Pass()]
    return Unit(name=name, node=node, start=first - 1, end=node.end_lineno or node.lineno, indent=indent)


def _target(node: ast.Assign | ast.AnnAssign) -> str | None:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) and not target.id.startswith("__") else None


def reached(text: str) -> dict[str, frozenset[str]]:
    """Return for each top-level name all those that it uses, itself among them, directly or through others."""
    own: dict[str, set[str]] = {}
    for node in ast.parse(text).body:
        name = _target(node) if isinstance(node, ast.Assign | ast.AnnAssign) else getattr(node, "name", None)
        if name is not None:
            own[name] = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return {name: frozenset(_closure(name, own)) for name in own}


def _closure(name: str, own: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in own and one not in found:
            found.add(one)
            waiting.extend(own[one])
    return found


def sites(node: ast.AST, function: ast.AST | None = None) -> Iterator[Site]:
    """Yield every node below one, in the order of the text, with the innermost function around it."""
    around = node if isinstance(node, ast.FunctionDef) or function is None else function
    for field, value in ast.iter_fields(node):
        if field in LEFT_ALONE:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield Site(parent=node, field=field, index=index, node=child, function=around)
                yield from sites(child, around)


def made(template: str, **parts: ast.AST) -> ast.expr:
    """Return an expression with nodes in the place of some of its names: ``made("A - 1", A=node)``."""

    class Filled(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return parts.get(node.id, node)

    return Filled().visit(ast.parse(template, mode="eval")).body  # type: ignore[no-any-return]

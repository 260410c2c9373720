"""What a learner's file says without being run: is the task there, is it still the stub, what does it import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from grader.source import Definition, methods, parameters, signature

__all__ = ["SourceFacts", "imports_of", "source_facts"]


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What the learner's file says without being run.

    Args:
        defined: whether it defines the task.
        attempted: whether the task's body differs from the stub's.
        missing: where it does not, the sentence that says so.
        signature: a sentence if the parameters differ from the task's, else None.
        imports: the imports that the rules do not allow, as ``(line, module)``.
    """

    defined: bool = True
    missing: str = ""
    attempted: bool = True
    signature: str | None = None
    imports: tuple[tuple[int, str], ...] = ()


def source_facts(
    own: Definition | None,
    stub: Definition,
    imports: Sequence[tuple[int, str]] = (),
    allowed: frozenset[str] = frozenset(),
) -> SourceFacts:
    """Tell what a file says about one task.

    Args:
        own: the learner's function or class, if the file has one.
        stub: the task's function or class in the stub.
        imports: all that the file imports.
        allowed: top-level modules that may be imported besides the standard library.
    """
    foreign = tuple((line, name) for line, name in imports if _is_foreign(name, allowed))
    if own is None:
        kind, word = ("function", "def") if isinstance(stub, ast.FunctionDef) else ("class", "class")
        missing = f"the file defines no {kind} {stub.name}; expected {word} {signature(stub)}"
        return SourceFacts(defined=False, missing=missing, imports=foreign)
    return SourceFacts(attempted=_body(own) != _body(stub), signature=_signature_problem(own, stub), imports=foreign)


def imports_of(tree: ast.Module) -> tuple[tuple[int, str], ...]:
    """Return line and module of every absolute import, wherever it stands."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.lineno, node.module))
    return tuple(found)


def _is_foreign(module: str, allowed: frozenset[str]) -> bool:
    top = module.partition(".")[0]
    return top not in allowed and top not in sys.stdlib_module_names


def _body(function: Definition) -> list[str]:
    """Return the body without its docstring; the annotations and the docstring are nobody's attempt."""
    if isinstance(function, ast.ClassDef):
        return [f"{method.name}: {_body(method)}" for method in methods(function)]
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    try:
        return [ast.dump(statement) for statement in body]
    except RecursionError:  # no stub is so deep
        return ["?"]


def _signature_problem(own: Definition, stub: Definition) -> str | None:
    """Tell whether the calls of the cases could not bind; other names and further defaults are nobody's business."""
    if not isinstance(own, ast.FunctionDef) or not isinstance(stub, ast.FunctionDef):
        return None  # what a driver makes of a class shows when it runs
    most, least = len(parameters(stub)), len(parameters(stub)) - len(stub.args.defaults)
    takes = len(parameters(own))
    needs = takes - len(own.args.defaults)
    unfilled = any(default is None for default in own.args.kw_defaults)
    if needs <= least and (takes >= most or own.args.vararg) and not unfilled:
        return None
    return f"the signature is {signature(own)}, expected {signature(stub)}"

"""What a learner's file says without being run: is the task there, is it still the stub, what does it import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from grader.source import functions, parameters

__all__ = ["SourceFacts", "source_facts"]


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What the learner's file says without being run.

    Args:
        defined: whether it defines the task.
        attempted: whether the task's body differs from the stub's.
        signature: a sentence if the parameters differ from the task's, else None.
        imports: the imports that the rules do not allow, as ``(line, module)``.
    """

    defined: bool = True
    attempted: bool = True
    signature: str | None = None
    imports: tuple[tuple[int, str], ...] = ()


def source_facts(tree: ast.Module, stub: ast.FunctionDef, allowed: frozenset[str], function: str) -> SourceFacts:
    """Tell what the file says about one task.

    Args:
        stub: the task's function in the stub.
        allowed: top-level modules that may be imported besides the standard library.
        function: what the file calls the task's function.
    """
    own = functions(tree).get(function)
    imports = tuple(_foreign_imports(tree, allowed))
    if own is None:
        return SourceFacts(defined=False, imports=imports)
    return SourceFacts(
        attempted=_body(own) != _body(stub), signature=_signature_problem(own, stub), imports=imports
    )


def _body(function: ast.FunctionDef) -> list[str]:
    """Return the body without its docstring; the annotations and the docstring are nobody's attempt."""
    body = function.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return [ast.dump(statement) for statement in body]


def _signature_problem(own: ast.FunctionDef, stub: ast.FunctionDef) -> str | None:
    """Tell whether the calls of the cases could not bind; other names and further defaults are nobody's business."""
    most, least = len(parameters(stub)), len(parameters(stub)) - len(stub.args.defaults)
    takes = len(parameters(own))
    needs = takes - len(own.args.defaults)
    unfilled = any(default is None for default in own.args.kw_defaults)
    if needs <= least and (takes >= most or own.args.vararg) and not unfilled:
        return None
    wanted = ast.unparse(ast.fix_missing_locations(stub.args))
    return f"the signature is {own.name}({ast.unparse(own.args)}), expected {stub.name}({wanted})"


def _foreign_imports(tree: ast.Module, allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            if top not in allowed and top not in sys.stdlib_module_names:
                yield getattr(node, "lineno", 0), name

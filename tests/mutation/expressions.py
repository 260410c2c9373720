"""Small slips in an expression: a sign, a term, a comparison, a number, an index."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutation.trees import Site, made

__all__ = ["EXPRESSIONS", "Change", "moved"]

Change = tuple[str, ast.AST]

BINARY = {
    ast.Add: ("+->-", "A - B"),
    ast.Sub: ("-->+", "A + B"),
    ast.Mult: ("*->/", "A / B"),
    ast.Div: ("/->*", "A * B"),
    ast.FloorDiv: ("//->/", "A / B"),
    ast.Mod: ("%->//", "A // B"),
    ast.Pow: ("**->*", "A * B"),
    ast.BitAnd: ("&->|", "A | B"),
    ast.BitOr: ("|->&", "A & B"),
    ast.MatMult: ("a@b->b@a", "B @ A"),
}
# The same terms, one of them forgotten or counted twice.
TERMS = {
    ast.Add: {"a+b->a": "A", "a+b->b": "B", "a+b->a+b+b": "A + B + B", "a+b->a+b+a": "A + B + A"},
    ast.Sub: {"a-b->a": "A", "a-b->-b": "-B", "a-b->b-a": "B - A", "a-b->a-b-b": "A - B - B"},
    ast.Mult: {"a*b->a": "A", "a*b->b": "B", "a*b->a*b*b": "A * B * B", "a*b->a*b*a": "A * B * A"},
    ast.Div: {"a/b->a": "A", "a/b->b/a": "B / A", "a/b->a/b/b": "A / B / B"},
    ast.FloorDiv: {"a//b->a": "A", "a//b->-(-a//b)": "-(-A // B)"},
    ast.Mod: {"a%b->a": "A"},
    ast.Pow: {"a**b->a": "A"},
    ast.BitAnd: {"a&b->a": "A", "a&b->b": "B"},
    ast.BitOr: {"a|b->a": "A", "a|b->b": "B"},
    ast.MatMult: {"a@b->a.T@b": "A.T @ B", "a@b->a@b.T": "A @ B.T"},
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def binary(site: Site) -> Iterator[Change]:
    node = site.node
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        name, template = BINARY[type(node.op)]
        for one, text in {name: template, **TERMS[type(node.op)]}.items():
            yield one, made(text, A=node.left, B=node.right)


def unary(site: Site) -> Iterator[Change]:
    node = site.node
    if isinstance(node, ast.UnaryOp):
        name = {ast.USub: "-a->a", ast.Invert: "~a->a", ast.Not: "not a->a"}.get(type(node.op))
        if name:
            yield name, node.operand


def comparison(site: Site) -> Iterator[Change]:
    node = site.node
    if not isinstance(node, ast.Compare) or len(node.ops) > 1:
        return
    (old,) = node.ops
    for new in COMPARISONS.get(type(old), ()):
        changed = ast.Compare(left=node.left, ops=[new()], comparators=node.comparators)
        yield f"{type(old).__name__}->{new.__name__}", changed


def logic(site: Site) -> Iterator[Change]:
    node = site.node
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ("and->or" if isinstance(node.op, ast.And) else "or->and"), ast.BoolOp(op=other, values=node.values)
    if site.field == "test" and not isinstance(site.parent, ast.Assert):
        yield "condition negated", made("not A", A=node)
    if site.field == "ifs":
        yield "condition negated", made("not A", A=node)


def number(site: Site) -> Iterator[Change]:
    """Change a number; one with a minus sign is changed as a whole."""
    value = _value(site.node)
    if value is None or (isinstance(site.parent, ast.UnaryOp) and isinstance(site.parent.op, ast.USub)):
        return
    if isinstance(value, bool):
        yield f"{value}->{not value}", ast.Constant(not value)
        return
    for other in {0: (1,), 1: (0, 2)}.get(value, (value * 2, value + 1)):
        yield f"{value}->{type(value)(other)}", _constant(type(value)(other))


def _value(node: ast.AST) -> int | float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand)
        return None if value is None else -value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int | float) else None


def _constant(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(op=ast.USub(), operand=ast.Constant(-value))


def infinity(site: Site) -> Iterator[Change]:
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr == "inf":
        yield "inf->0", ast.Constant(0.0)


def index(site: Site) -> Iterator[Change]:
    """Move an index or a bound of a slice by one, forget a bound, exchange two indices."""
    node = site.node
    inside = site.field == "slice" or (isinstance(site.parent, ast.Tuple) and _is_index(site))
    if inside and not isinstance(node, ast.Tuple | ast.Slice) and _is_position(node):
        yield from ((f"[i]->[i{by:+}]", moved(node, by)) for by in (1, -1))
    if isinstance(node, ast.Slice):
        for field, bound in (("lower", node.lower), ("upper", node.upper), ("step", node.step)):
            yield from _bounds(node, field, bound)
    if isinstance(node, ast.Tuple) and site.field == "slice" and len(node.elts) == 2:
        yield "[i, j]->[j, i]", ast.Tuple(elts=node.elts[::-1])


def _is_index(site: Site) -> bool:
    """Tell whether a tuple's element stands in an index: the tuple itself was met as a slice just before."""
    inside = (node for node in ast.walk(site.function) if isinstance(node, ast.Subscript))
    return any(node.slice is site.parent for node in inside)


def _is_position(node: ast.AST) -> bool:
    return not (isinstance(node, ast.Constant) and not isinstance(node.value, int))


def _bounds(node: ast.Slice, field: str, bound: ast.expr | None) -> Iterator[Change]:
    if bound is None:
        return
    bounds = {"lower": node.lower, "upper": node.upper, "step": node.step}
    yield f"slice without {field}", ast.Slice(**{**bounds, field: None})
    if field != "step":
        for by in (1, -1):
            yield f"slice {field}{by:+}", ast.Slice(**{**bounds, field: moved(bound, by)})


def moved(node: ast.AST, by: int) -> ast.expr:
    """Return a position, one further or one nearer."""
    value = _value(node)
    if type(value) is int:
        return _constant(value + by)
    return made(f"A {'+' if by > 0 else '-'} 1", A=node)


EXPRESSIONS = (binary, unary, comparison, logic, number, infinity, index)

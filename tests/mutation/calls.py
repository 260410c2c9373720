"""Slips in a call: another function, a forgotten one, another axis, arguments lost or exchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutation.expressions import Change, moved
from tests.mutation.trees import Site, made

__all__ = ["CALLS"]

MODULES = frozenset({"np", "torch", "math", "F", "functional"})
PAIRS = [
    ("sum", "mean"),
    ("max", "min"),
    ("amax", "amin"),
    ("argmax", "argmin"),
    ("maximum", "minimum"),
    ("sin", "cos"),
    ("floor", "ceil"),
    ("any", "all"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
]
OTHERS = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])} | {"log1p": "log", "expm1": "exp"}
# What gives back something of its first argument's kind, so that forgetting it is a slip that runs.
ELEMENTWISE = "sqrt rsqrt abs absolute fabs exp log log1p expm1 square tanh sigmoid logsigmoid relu sign reciprocal erf"
ORDERS = "swapaxes transpose permute movedim moveaxis flip flipud fliplr reversed sorted roll cumsum tril triu"
COPIES = "copy clone array asarray astype detach contiguous clip clamp maximum minimum masked_fill int round"
DROPPED = frozenset(f"{ELEMENTWISE} {ORDERS} {COPIES}".split())
COMMUTATIVE = frozenset({"maximum", "minimum", "max", "min", "add", "multiply", "logaddexp", "gcd"})
AXES = frozenset({"axis", "dim"})


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def operand(call: ast.Call) -> ast.expr | None:
    """Return what a call is about: the object of a method, else the first argument."""
    if isinstance(call.func, ast.Attribute) and not _in_module(call.func.value):
        return call.func.value
    return call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None


def _in_module(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in MODULES


def another(site: Site) -> Iterator[Change]:
    """Take the mean for the sum, the least for the greatest, ones for zeros."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr in OTHERS:
        other = OTHERS[node.attr]
        yield f"{node.attr}->{other}", ast.Attribute(value=node.value, attr=other, ctx=ast.Load())
    if isinstance(node, ast.Name) and node.id in ("max", "min", "any", "all") and site.field == "func":
        yield f"{node.id}->{OTHERS[node.id]}", ast.Name(id=OTHERS[node.id])


def forgotten(site: Site) -> Iterator[Change]:
    """Leave out a function, a copy or a transposition; take one arm of a choice."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield f"{node.attr} dropped", node.value
    if not isinstance(node, ast.Call):
        return
    own = operand(node)
    name = name_of(node)
    if own is not None and (name in DROPPED or name.lstrip("_") in DROPPED):
        yield f"{name}(x)->x", own
    if name == "where" and len(node.args) == 3:
        condition, yes, no = node.args
        yield "where(c, a, b)->a", yes
        yield "where(c, a, b)->b", no
        yield "where(c, a, b)->where(c, b, a)", ast.Call(func=node.func, args=[condition, no, yes], keywords=[])


def axis(site: Site) -> Iterator[Change]:
    """Name another axis than the right one; numbers in tuples of axes change as other numbers do."""
    node = site.node
    in_call = isinstance(site.parent, ast.keyword) and site.parent.arg in AXES
    if in_call and ast.unparse(node) in ("0", "1", "-1", "-2"):
        old = ast.unparse(node)
        for new in {"0": ("1", "-1"), "1": ("0",), "-1": ("0", "-2"), "-2": ("-1",)}[old]:
            yield f"axis {old}->{new}", made(new)
    if isinstance(node, ast.Name) and node.id in AXES and (in_call or site.field == "args"):
        yield from ((f"axis->{new}", made(new)) for new in ("-1", "0"))


def arguments(site: Site) -> Iterator[Change]:
    """Lose a keyword or the last argument, exchange two neighbours."""
    node = site.node
    if not isinstance(node, ast.Call) or any(isinstance(one, ast.Starred) for one in node.args):
        return
    name = name_of(node)
    for i, keyword in enumerate(node.keywords):
        left = node.keywords[:i] + node.keywords[i + 1 :]
        yield f"{name} without {keyword.arg}", ast.Call(func=node.func, args=node.args, keywords=left)
    if name in COMMUTATIVE | {"where", "range"} or len(node.args) < 2:
        return
    yield f"{name} without its last argument", ast.Call(func=node.func, args=node.args[:-1], keywords=node.keywords)
    for i in range(len(node.args) - 1):
        args = [*node.args[:i], node.args[i + 1], node.args[i], *node.args[i + 2 :]]
        yield f"{name}: arguments {i + 1} and {i + 2}", ast.Call(func=node.func, args=args, keywords=node.keywords)


def loop(site: Site) -> Iterator[Change]:
    """Begin a loop one later, or end it one earlier."""
    node = site.node
    if site.field != "iter" or not isinstance(node, ast.expr):
        return
    if isinstance(node, ast.Call) and name_of(node) == "range" and not node.keywords:
        first, last, *step = [ast.Constant(0), *node.args] if len(node.args) == 1 else node.args
        yield "range later", ast.Call(func=node.func, args=[moved(first, 1), last, *step], keywords=[])
        yield "range shorter", ast.Call(func=node.func, args=[first, moved(last, -1), *step], keywords=[])
    else:
        yield "loop without its first", made("list(A)[1:]", A=node)
        yield "loop without its last", made("list(A)[:-1]", A=node)


def subscripts(site: Site) -> Iterator[Change]:
    """Exchange the last two letters of one term of an einsum."""
    node = site.node
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or "->" not in node.value:
        return
    given, _, output = node.value.partition("->")
    terms = [*given.split(","), output]
    for i, term in enumerate(terms):
        *others, last = [*terms[:i], term[:-2] + term[-2:][::-1], *terms[i + 1 :]]
        yield f"einsum: term {i + 1}", ast.Constant(f"{','.join(others)}->{last}")


CALLS = (another, forgotten, axis, arguments, loop, subscripts)

"""Every operator on a tiny function: which changes it makes, and what it leaves alone."""

import pytest

from tests.mutation.mutants import mutants


def changes(body, head="def f(x, y, n):"):
    """Return the changed line by the operator's name and number."""
    text = head + "".join(f"\n    {line}" for line in body.split("\n")) + "\n"
    return {one.id.partition(":")[2]: one.line for one in mutants(text, ("f",))}


@pytest.mark.parametrize(
    ("body", "operator", "line"),
    [
        ("return x + y", "+->-:1", "return x - y"),
        ("return x + y", "a+b->a:1", "return x"),
        ("return x + y", "a+b->b:1", "return y"),
        ("return x + y", "a+b->a+b+b:1", "return x + y + y"),
        ("return x - y", "a-b->b-a:1", "return y - x"),
        ("return x * y", "*->/:1", "return x / y"),
        ("return x / y", "/->*:1", "return x * y"),
        ("return x // n", "//->/:1", "return x / n"),
        ("return x ** n", "a**b->a:1", "return x"),
        ("return x @ y", "a@b->a@b.T:1", "return x @ y.T"),
        ("return x @ y.T", "T dropped:1", "return x @ y"),
        ("return x & y", "&->|:1", "return x | y"),
        ("return -x", "-a->a:1", "return x"),
        ("return ~x", "~a->a:1", "return x"),
        ("return x < y", "Lt->LtE:1", "return x <= y"),
        ("return x >= y", "GtE->Lt:1", "return x < y"),
        ("return x != y", "NotEq->Eq:1", "return x == y"),
        ("return x is None", "Is->IsNot:1", "return x is not None"),
        ("return x and y", "and->or:1", "return x or y"),
        ("return 0", "0->1:1", "return 1"),
        ("return 1", "1->2:1", "return 2"),
        ("return 0.5", "0.5->1.0:1", "return 1.0"),
        ("return -3", "-3->-6:1", "return -6"),
        ("return -1", "-1->0:1", "return 0"),
        ("return -np.inf", "inf->0:1", "return -0.0"),
        ("return x[n]", "[i]->[i+1]:1", "return x[n + 1]"),
        ("return x[0]", "[i]->[i-1]:1", "return x[-1]"),
        ("return x[:, n]", "[i]->[i-1]:1", "return x[:, n - 1]"),
        ("return x[1:n]", "slice lower+1:1", "return x[2:n]"),
        ("return x[1:n]", "slice upper-1:1", "return x[1:n - 1]"),
        ("return x[1:n]", "slice without upper:1", "return x[1:]"),
        ("return x[:, None]", "[i, j]->[j, i]:1", "return x[None, :]"),
    ],
)
def test_an_expression_is_changed(body, operator, line):
    assert changes(body)[operator] == line


@pytest.mark.parametrize(
    ("body", "operator", "line"),
    [
        ("return x.sum(axis=0)", "axis 0->1:1", "return x.sum(axis=1)"),
        ("return x.sum(axis=-1)", "axis -1->-2:1", "return x.sum(axis=-2)"),
        ("return x.sum(axis=-1)", "axis -1->0:1", "return x.sum(axis=0)"),
        ("return x.sum(dim=dim)", "axis->-1:1", "return x.sum(dim=-1)"),
        ("return x.sum(axis=0)", "sum without axis:1", "return x.sum()"),
        ("return x.sum(0, keepdims=True)", "True->False:1", "return x.sum(0, keepdims=False)"),
        ("return x.sum()", "sum->mean:1", "return x.mean()"),
        ("return np.mean(x)", "mean->sum:1", "return np.sum(x)"),
        ("return np.maximum(x, y)", "maximum->minimum:1", "return np.minimum(x, y)"),
        ("return max(x, y)", "max->min:1", "return min(x, y)"),
        ("return np.sin(x)", "sin->cos:1", "return np.cos(x)"),
        ("return np.zeros(n)", "zeros->ones:1", "return np.ones(n)"),
        ("return np.sqrt(x)", "sqrt(x)->x:1", "return x"),
        ("return x.exp()", "exp(x)->x:1", "return x"),
        ("return _sigmoid(x)", "_sigmoid(x)->x:1", "return x"),
        ("return np.log1p(x)", "log1p->log:1", "return np.log(x)"),
        ("return x.copy()", "copy(x)->x:1", "return x"),
        ("return x.clone()", "clone(x)->x:1", "return x"),
        ("return x.swapaxes(0, 1)", "swapaxes(x)->x:1", "return x"),
        ("return np.where(n, x, y)", "where(c, a, b)->b:1", "return y"),
        ("return np.where(n, x, y)", "where(c, a, b)->where(c, b, a):1", "return np.where(n, y, x)"),
        ("return g(x, y)", "g: arguments 1 and 2:1", "return g(y, x)"),
        ("return g(x, y)", "g without its last argument:1", "return g(x)"),
        ("return g(x, key=y)", "g without key:1", "return g(x)"),
        ("return np.einsum('ij,jk->ik', x, y)", "einsum: term 3:1", "return np.einsum('ij,jk->ki', x, y)"),
        ("for i in range(n):\n    g(i)", "range shorter:1", "for i in range(0, n - 1):"),
        ("for i in range(n):\n    g(i)", "range later:1", "for i in range(1, n):"),
        ("for i in reversed(x):\n    g(i)", "reversed(x)->x:1", "for i in x:"),
        ("for i in x:\n    g(i)", "loop without its last:1", "for i in list(x)[:-1]:"),
        ("return [g(i) for i in x]", "loop without its first:1", "return [g(i) for i in list(x)[1:]]"),
    ],
)
def test_a_call_is_changed(body, operator, line):
    assert changes(body)[operator] == line


@pytest.mark.parametrize(
    ("body", "operator", "line"),
    [
        ("x += y\nreturn x", "+=->=:1", "x = y"),
        ("x += y\nreturn x", "+=->-=:1", "x -= y"),
        ("x += y\nreturn x", "AugAssign removed:1", "pass"),
        ("x[n] = y\nreturn x", "=->+=:1", "x[n] += y"),
        ("x = y\nreturn x", "Assign removed:1", "pass"),
        ("if n:\n    x = y\nreturn x", "condition negated:1", "if not n:"),
        ("if n:\n    x = y\nreturn x", "If removed:1", "pass"),
        ("return x if n else y", "condition negated:1", "return x if not n else y"),
        ("i, f = x\nreturn f", "1 and 2 exchanged:1", "f, i = x"),
        ("return x, y", "1 and 2 exchanged:1", "return (y, x)"),
    ],
)
def test_a_statement_is_changed(body, operator, line):
    assert changes(body)[operator] == line


def test_a_default_is_lost_and_changed():
    found = changes("return x", "def f(x, eps=1e-05):")
    assert found == {
        "default dropped:1": "def f(x, eps):",
        "1e-05->2e-05:1": "def f(x, eps=2e-05):",
        "1e-05->1.00001:1": "def f(x, eps=1.00001):",
    }


@pytest.mark.parametrize(
    "body",
    [
        "return x",
        "return 'a + b'",
        "a = x\nreturn a",
        "raise ValueError(f'{x + 1} is not {y - 1}')",
        "'''The docstring: 1 + 1.'''\nreturn x",
        "assert x, 'not 1'",
    ],
)
def test_what_cannot_be_a_slip_is_left_alone(body):
    found = changes(body)
    assert {name for name in found if not name.startswith("Assert removed")} == set()


def test_annotations_are_left_alone():
    assert changes("y: 'dict[int, 1 + 1]' = x\nreturn y", "def f(x: list[1]) -> tuple[2]:") == {}


def test_the_first_value_of_a_name_is_not_removed_since_nothing_could_run_without_it():
    assert set(changes("a = x\na = y\nreturn a")) == {"Assign removed:1", "=->+=:1"}

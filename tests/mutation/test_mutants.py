"""Mutants of a whole file: what is changed, which tasks it concerns, and names that last."""

import ast

from tests.mutation.mutants import mutants

MODULE = '''
"""A module: 1 + 1."""

import numpy as np

EPS = 1e-5


def first(x):
    """Return twice x."""
    return _twice(x)


def second(x):
    return _shifted(first(x))


def third(x):
    return np.exp(x)


class Holder:
    """Holds 1 + 1."""

    def get(self, x):
        """Return x, shifted."""
        return _shifted(x)


def _twice(x):
    return x * 2


def _shifted(x):
    return x + EPS


def _unused(x):
    return x - 1
'''


def made(module=MODULE, tasks=("first", "second", "third", "Holder")):
    return list(mutants(module, tasks))


def test_a_change_concerns_every_task_that_reaches_it_directly_or_through_others():
    concerned = {one.id.partition(":")[0]: one.tasks for one in made()}
    assert concerned == {
        "EPS": ("second", "Holder"),
        "third": ("third",),
        "_twice": ("first", "second"),
        "_shifted": ("second", "Holder"),
    }


def test_methods_are_changed_one_by_one_in_their_class():
    own = MODULE.replace("return _shifted(x)\n\n\ndef _twice", "return x + 1\n\n\ndef _twice")
    changed = [one for one in made(own) if one.tasks == ("Holder",)]
    assert {one.id.partition(":")[0] for one in changed} == {"Holder.get"}
    assert "    def get(self, x):\n        return x - 1\n" in {one.id: one for one in changed}["Holder.get:+->-:1"].text


def test_a_mutant_is_the_file_with_one_function_changed():
    original = {node.name: ast.unparse(node) for node in ast.parse(MODULE).body if hasattr(node, "name")}
    for one in made():
        changed = {node.name: ast.unparse(node) for node in ast.parse(one.text).body if hasattr(node, "name")}
        different = {name for name in original if original[name] != changed[name]}
        assert different <= {one.id.partition(":")[0]}
        assert one.line in one.text
    assert "EPS = 2e-05" in {one.line for one in made()}


def test_no_two_mutants_have_the_same_text_and_none_is_the_original():
    texts = [ast.unparse(ast.parse(one.text)) for one in made()]
    assert len(set(texts)) == len(texts) == 15


def test_a_name_outlives_edits_elsewhere():
    before = {one.id: one.line for one in made()}
    after = {one.id: one.line for one in made(MODULE.replace("np.exp(x)", "np.exp(x) + 3 * x"))}
    assert {name: after[name] for name in before if not name.startswith("third")} == {
        name: line for name, line in before.items() if not name.startswith("third")
    }


def test_names_number_the_changes_of_one_kind_in_the_order_of_the_text():
    found = {one.id: one.line for one in made("def f(x):\n    return x.sum() + x.T.sum()\n", ("f",))}
    assert found["f:sum->mean:1"] == "return x.mean() + x.T.sum()"
    assert found["f:sum->mean:2"] == "return x.sum() + x.T.mean()"

"""What a learner's file says without being run: what is told, and what is left alone."""

import ast

import pytest

from grader.facts import imports_of, source_facts
from grader.source import functions

STUB = '''
def scale(x: "Array", factor: float = 2.0) -> "Array":
    """Return x times factor."""
    raise NotImplementedError
'''


def function(text):
    return functions(ast.parse(text))["scale"]


def facts(text, stub=STUB, allowed=("numpy",)):
    tree = ast.parse(text)
    return source_facts(functions(tree).get("scale"), function(stub), imports_of(tree), frozenset(allowed))


@pytest.mark.parametrize(
    "text",
    [
        STUB,
        "def scale(x, factor=2.0):\n    raise NotImplementedError\n",
        'def scale(x, factor=2.0):\n    """Another docstring."""\n    raise NotImplementedError\n',
        "def scale(x, factor=2.0):\n    # my plan: multiply\n\n    raise NotImplementedError  # later\n",
        "def scale(x, factor=2.0) -> None:\n    raise (NotImplementedError)\n",
    ],
    ids=["the stub", "no docstring", "other docstring", "comments", "brackets"],
)
def test_a_body_that_is_the_stubs_is_no_attempt(text):
    assert not facts(text).attempted


@pytest.mark.parametrize(
    "body",
    [
        "return x * factor",
        "pass",
        "...",
        "x = x * factor\n    raise NotImplementedError",
        "raise NotImplementedError()",
    ],
)
def test_any_other_body_is_an_attempt(body):
    assert facts(f'def scale(x, factor=2.0):\n    """Return x times factor."""\n    {body}\n').attempted


def test_a_docstring_alone_is_an_attempt_that_returns_none():
    assert facts('def scale(x, factor=2.0):\n    """Only words."""\n').attempted


def test_a_file_without_the_function_does_not_define_it_but_keeps_its_imports():
    found = facts("import scipy\ndef skale(x, factor):\n    return x\n")
    assert (found.defined, found.imports) == (False, ((1, "scipy"),))
    assert facts(STUB).defined


@pytest.mark.parametrize(
    "signature",
    [
        "x, factor=2.0",
        "y, f=3.0",
        "x, factor=2.0, more=None",
        "*args",
        "x, *rest",
        "x=None, factor=None",
        "x, /, factor=2.0",
        "x, factor=2.0, *, verbose=False",
        "x, factor=2.0, **options",
    ],
)
def test_signatures_that_every_case_can_bind_to_are_nobodys_business(signature):
    assert facts(f"def scale({signature}):\n    return x\n").signature is None


@pytest.mark.parametrize(
    "signature",
    ["", "x", "x, factor", "x, factor, more", "x, *, factor=2.0", "x, factor=2.0, *, verbose", "x, **options"],
)
def test_signatures_that_some_case_cannot_bind_to_are_told_with_the_right_one(signature):
    problem = facts(f"def scale({signature}):\n    return x\n").signature
    assert problem == f"the signature is scale({signature}), expected scale(x: 'Array', factor: float=2.0)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import numpy as np", ()),
        ("import numpy.linalg", ()),
        ("from numpy.lib import stride_tricks", ()),
        ("import math, itertools", ()),
        ("from functools import reduce", ()),
        ("from . import helper", ()),
        ("from .helper import f", ()),
        ("from __future__ import annotations", ()),
        ("import torch", ((1, "torch"),)),
        ("import numpy, scipy.special as sp, torch", ((1, "scipy.special"), (1, "torch"))),
        ("from sklearn.utils import shuffle", ((1, "sklearn.utils"),)),
        ("def scale(x, factor=2.0):\n    import torch\n    return x", ((2, "torch"),)),
        ("try:\n    import cupy\nexcept ImportError:\n    import numpy", ((2, "cupy"),)),
    ],
)
def test_imports_beyond_the_standard_library_and_the_allowed_are_told_with_their_line(text, found):
    assert facts(text).imports == found


def test_an_allowed_module_is_allowed_by_its_top_level_name():
    assert facts("import scipy.special", allowed=("scipy",)).imports == ()
    assert facts("import scipyx", allowed=("scipy",)).imports == ((1, "scipyx"),)

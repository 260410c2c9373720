"""Gradients of arguments that are absent, left out or tuples, and backwards of several outputs."""

import pytest

from grader.contract import contract
from tests.conftest import first_failure, only_task

PLUGIN = """
from grader import Exercise, Task, hookimpl


def cases(draw):
    n, m = draw.sizes("n", "m", low=2, high=4)
    kind = draw.choice("bias", ("left out", "None", "given"))
    bias = {"left out": (), "None": (None,), "given": (draw.array((m,)),)}[kind]
    return (draw.array((n, m)), draw.array((n, m))), draw.integer("power", 1, 2), *bias


def backward_cases(draw):
    pair, *rest = cases(draw)
    return draw.array(pair[0].shape), draw.array(()), pair, *rest


@hookimpl
def grader_exercises():
    tasks = (
        Task(name="mix", cases=cases, gradient=("pair", "bias"), drawn=30),
        Task(name="mix_backward", cases=backward_cases, backends=("numpy",), drawn=30),
    )
    return [Exercise(name="demo", title="Demo", tasks=tasks)]
"""
TORCH = '''
"""Demo."""

import torch


def mix(pair, power, bias=None):
    """Return a b^power + bias, and the sum of all b.

    >>> mix((torch.tensor([2.0]), torch.tensor([3.0])), 1)
    (tensor([6.]), tensor(3.))
    """
    a, b = pair
    product = a * b**power
    return (product if bias is None else product + bias), b.sum()
'''
NUMPY = (
    TORCH.replace("import torch", "import numpy as np").replace("torch.tensor", "np.array")
    + '''

def mix_backward(grad_product, grad_total, pair, power, bias=None):
    """Return the gradients of pair and bias.

    >>> mix_backward(1.0, 0.0, (np.array([2.0]), np.array([3.0])), 1)
    ((array([3.]), array([2.])), None)
    """
    a, b = pair
    grad_b = grad_product * a * power * b ** (power - 1) + grad_total
    return (grad_product * b**power, grad_b), None if bias is None else grad_product.sum(0)
'''
)
NUMPY = NUMPY.replace("(tensor([6.]), tensor(3.))", "(array([6.]), np.float64(3.0))")
MISTAKE = '''
def mix__plus(pair, power, bias=None):
    """Multiply, do not add."""
    a, b = pair
    return (a + b if bias is None else a + b + bias), b.sum()
'''


@pytest.fixture
def demo(course):
    return course(plugin=PLUGIN, numpy=NUMPY, torch=TORCH, mistakes=MISTAKE, alternatives="")


def autograd_problems(made, tmp_path):
    app = made.app()
    problems = contract(app, app.exercises["demo"], seeds=range(1), cache=tmp_path / "cache").problems
    return [one.where for one in problems if one.clause == "backward agrees with autograd"]


def test_a_backward_of_several_outputs_and_of_a_tuple_agrees_with_autograd(demo, tmp_path):
    assert autograd_problems(demo, tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("+ grad_total", ""), ("grad_product.sum(0)", "grad_product.sum(1)"), ("else grad", "else 2 * grad")],
)
def test_a_backward_that_disagrees_with_autograd_is_found(course, tmp_path, old, new):
    made = course(plugin=PLUGIN, numpy=NUMPY.replace(old, new), torch=TORCH, mistakes=MISTAKE, alternatives="")
    assert autograd_problems(made, tmp_path) == ["mix_backward (numpy)"]


def test_a_right_answer_passes_with_absent_arguments(demo, grade):
    text = TORCH.replace("a * b**power", "torch.stack([a] + [b] * power).prod(0)")
    assert only_task(grade("demo.mix:torch", text, app=demo.app())).status == "passed"


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [("product + bias", "product + bias.detach()", "bias"), ("a * b**power", "a * b.detach() ** power", "pair")],
)
def test_a_wrong_gradient_names_the_argument(demo, grade, old, new, name):
    verdict = first_failure(grade("demo.mix:torch", TORCH.replace(old, new), app=demo.app()))
    assert verdict.check == "gradient"
    assert verdict.reason.startswith(f"the gradient with respect to {name}")


def test_what_is_no_floating_array_in_a_tuple_reaches_the_function_as_it_is(course, grade):
    plugin = PLUGIN.replace("(draw.array((n, m)), draw.array((n, m)))", "(draw.array((n, m)), draw.array((n, m)), 3)")
    plugin = plugin.replace('gradient=("pair", "bias"), drawn=30', 'gradient=("pair", "bias"), backends=("torch",)')
    plugin = "\n".join(line for line in plugin.splitlines() if 'Task(name="mix_backward"' not in line)
    text = TORCH.replace("a, b = pair", "a, b, count = pair").replace("b.sum()", "count * b.sum()")
    app = course(plugin=plugin, numpy="", torch=text, mistakes="", alternatives="").app()
    right = text.replace("count * b.sum()", "b.sum() * count")
    assert only_task(grade("demo.mix:torch", right, app=app)).status == "passed"
    wrong = text.replace("count * b.sum()", "b.sum() + (count - 1) * b.sum().detach()")
    assert first_failure(grade("demo.mix:torch", wrong, app=app)).check == "gradient"

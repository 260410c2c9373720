"""The contract passes a sound exercise and names the clause that a broken one breaks."""

import json
import re

import pytest

from grader.contract import contract
from tests.conftest import LESSON, MISTAKES, NUMPY, PLUGIN, TORCH

FEW = PLUGIN.replace('gradient=("x",)', 'backends=("numpy",), drawn=20')
BOTH = PLUGIN.replace('gradient=("x",)', "drawn=20")


def also(text, more):
    return text + "\n\n" + more.strip("\n") + "\n"


def body(text, line, number=1):
    """Replace the body of ``scale``."""
    assert text.count("    return x * factor + 1\n") == number
    return text.replace("    return x * factor + 1\n", line)


LONG = '    """An answer that is wrong in some way, told at length."""\n'
BACKWARD = '''
def scale_backward(grad_output, x, factor):
    """Return the gradient of scale with respect to x.

    >>> scale_backward(np.array([1.0]), np.array([2.0]), 3.0)
    array([3.])
    """
    return grad_output * factor
'''
BACKWARD_MISTAKES = also(
    MISTAKES,
    '''
def scale_backward__no_upstream(grad_output, x, factor):
    """The chain rule multiplies by the gradient that arrives from above."""
    return 0 * x + factor
''',
)
TWO = """
from grader import Edge, Exercise, Task, hookimpl


def cases(draw):
    return (draw.array(draw.shape(1, 2), "normal", "large"), draw.choice("factor", (2.0, 3.0, -1.0)))


def backward(draw):
    x, factor = cases(draw)
    return draw.array(x.shape), x, factor


@hookimpl
def grader_exercises():
    tasks = (
        Task(name="scale", cases=cases, gradient=("x",), drawn=20),
        Task(name="scale_backward", cases=backward, backends=("numpy",), drawn=20),
    )
    return [Exercise(name="demo", title="Demo", tasks=tasks)]
"""
BACKWARD_PARTS = {
    "plugin": TWO,
    "numpy": also(NUMPY, BACKWARD),
    "torch": TORCH,
    "mistakes": BACKWARD_MISTAKES,
    "lesson": LESSON + "\n## Hints: scale_backward\n\n1. The chain rule.\n",
}


def built(course, parts):
    """Build a course whose backward, if it has one, exists in NumPy alone."""
    made = course(**parts)
    if parts["torch"] and parts["mistakes"]:
        made.write("solutions/demo/mistakes_torch.py", MISTAKES)
    return made


def proved(made, **options):
    app = made.app()
    return contract(app, app.exercises["demo"], **options)


def stub_of(made):
    return made.root / "exercises" / "demo" / "demo_numpy.py"


@pytest.mark.parametrize(
    ("change", "clause", "says"),
    [
        (
            lambda text: text.replace("raise NotImplementedError", "return x * factor + 1"),
            "stubs unattempted",
            "the stub is solved: nothing is left to write",
        ),
        (
            lambda text: text.replace("scale(x, factor)", "scale(x, factor=2.0)"),
            "stubs match",
            "the stub's signature scale(x, factor=2.0) is not the solution's scale(x, factor)",
        ),
        (lambda text: text.replace("with 1 added", "with 2 added"), "stubs", "run `grader plugin stubs demo`"),
        (lambda text: text.replace("def scale", "def skale"), "stubs", "is missing from the stub"),
        (lambda text: text.replace("def scale(", "def scale(("), "stubs", "is no Python, line "),
        (lambda text: None, "stubs", "is missing: run `grader plugin stubs demo`"),
    ],
    ids=["solved", "drifted signature", "stale", "another name", "no Python", "missing"],
)
def test_a_stub_that_is_not_what_the_learner_should_get_is_told(course, change, clause, says):
    made = course(plugin=FEW, torch="")
    path = stub_of(made)
    text = change(path.read_text())
    path.unlink() if text is None else path.write_text(text)
    result = proved(made)
    assert [problem.clause for problem in result.problems] == [clause]
    assert says in result.problems[0].text
    assert "demo_numpy.py" in result.problems[0].where


def test_a_missing_lesson_is_told(course):
    made = course(plugin=FEW, torch="")
    (made.root / "exercises" / "demo" / "README.md").unlink()
    (problem,) = proved(made).problems
    assert (problem.clause, problem.text) == ("lesson", "is missing")


def test_a_sound_exercise_has_no_problem_and_its_counts_are_told(course):
    result = proved(course(plugin=FEW, torch=""))
    assert result.problems == ()
    assert (result.exercise, result.seeds, result.alternatives, result.edges) == ("demo", 1, 1, 1)
    assert [(one.name, one.named, one.check) for one in result.mistakes] == [
        ("no_one", "no_one", "values"),
        ("added", "added", "values"),
    ]
    assert all(one.edges == {"a zero"} for one in result.mistakes)


def test_a_sound_backward_is_left_alone(course):
    assert proved(built(course, BACKWARD_PARTS)).problems == ()


@pytest.mark.parametrize(("derivative", "sound"), [("factor", True), ("factor + x", False)])
def test_outputs_behind_those_that_a_backward_gets_a_gradient_for_count_nothing(course, derivative, sound):
    """The second output is x squared, and has a gradient of its own, which is none of the backward's business."""
    two = "    return x * factor + 1, x * x\n"
    examples = {
        "numpy": ("array([4., 7.])", "(array([4., 7.]), array([1., 4.]))"),
        "torch": ("tensor([4., 7.])", "(tensor([4., 7.]), tensor([1., 4.]))"),
    }
    numpy, torch = (
        body(text, two).replace(*examples[backend]) for backend, text in (("numpy", NUMPY), ("torch", TORCH))
    )
    mistakes = re.sub(r"return (x .*)", r"return \1, x * x", MISTAKES)
    made = course(
        **{
            **BACKWARD_PARTS,
            "numpy": also(numpy, BACKWARD.replace("grad_output * factor", f"grad_output * ({derivative})")),
            "torch": torch,
            "mistakes": also(mistakes, BACKWARD_MISTAKES.removeprefix(MISTAKES)),
            "alternatives": "def scale__other_order(x, factor):\n    return 1 + factor * x, x**2\n",
        }
    )
    made.write("solutions/demo/mistakes_torch.py", mistakes)
    clauses = {problem.clause for problem in proved(made).problems}
    assert clauses == (set() if sound else {"backward agrees with autograd"})


def test_an_exception_that_the_reference_raises_on_purpose_is_left_alone(course):
    refuse = '    if x.ndim > 1:\n        raise ValueError("one dimension only")\n'
    alternatives = f"def scale__other(x, factor):\n{refuse}    return 1 + factor * x\n"
    result = proved(
        course(
            plugin=FEW,
            torch="",
            numpy=body(NUMPY, refuse + "    return x * factor + 1\n"),
            alternatives=alternatives,
        )
    )
    assert result.problems == ()


def test_mistakes_are_told_by_what_they_do_wrong(course):
    more = f"""
def scale__in_place(x, factor):
{LONG}    x *= factor
    x += 1
    return x


def scale__promoted(x, factor):
{LONG}    return (x * factor + 1).astype("float64")


def scale__transposed(x, factor):
{LONG}    return x.T * factor + 1


def scale__one_number(x, factor):
{LONG}    return x.sum() * factor + 1


def scale__crash(x, factor):
{LONG}    return x.item() * factor + 1
"""
    result = proved(course(plugin=FEW, torch="", mistakes=also(MISTAKES, more)))
    assert result.problems == ()
    assert {one.name: one.check for one in result.mistakes} == {
        "no_one": "values",
        "added": "values",
        "in_place": "inputs unchanged",
        "promoted": "dtype",
        "transposed": "shape",
        "one_number": "shape",
        "crash": "runs",
    }


def test_a_problem_of_a_later_seed_is_told_with_it(course):
    alternative = "def scale__rare(x, factor):\n    return x * factor + 1 + (x.shape[0] == 5)\n"
    made = course(plugin=FEW.replace("drawn=20", "drawn=2"), torch="", alternatives=alternative)
    result = proved(made, seeds=range(12))
    (problem,) = result.problems
    assert (problem.clause, problem.where) == ("alternatives pass", "scale__rare (numpy)")
    assert re.search(r" \[seed ([1-9]|1[01])\]$", problem.text)
    assert result.seeds == 12
    assert proved(made, seeds=[0]).problems == ()


@pytest.mark.parametrize(("lesson", "code"), [(LESSON, 0), (LESSON.replace("Hints: scale", "Hints"), 1)])
def test_the_command_tells_the_outcome_and_its_exit_code(course, cli, lesson, code):
    made = course(plugin=FEW, torch="", lesson=lesson)
    table = cli("plugin", "check", "demo", "--course", str(made.root))
    assert table.exit_code == code
    assert table.stdout.startswith("demo: 1 problems\n" if code else "demo: sound\n")
    assert ("hints: scale" in table.stdout) == bool(code)
    (outcome,) = json.loads(cli("plugin", "check", "--format", "json", "--course", str(made.root)).stdout)
    assert (outcome["sound"], outcome["exercise"]) == (not code, "demo")


def test_a_sample_of_the_mistakes_is_judged_and_always_the_same_one(course):
    made = course(plugin=FEW, torch="", mistakes=MISTAKES.replace("scale__added", "scale__added_too"))
    loaded = made.app().exercises["demo"]
    everything = {one.function for one in loaded.mistakes("numpy")}
    judged = [
        {f"scale__{one.name}" for one in contract(made.app(), loaded, every=n).mistakes} for n in (1, 3, 3, 10**6)
    ]
    assert judged[0] == everything
    assert judged[1] == judged[2] < everything
    assert judged[3] == set()

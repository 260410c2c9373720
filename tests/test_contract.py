"""The contract passes a sound exercise and names the clause that a broken one breaks."""

import json
import re
from dataclasses import dataclass

import pytest

from grader.contract import contract
from tests.conftest import ALTERNATIVES, LESSON, MISTAKES, NUMPY, PLUGIN, TORCH

FEW = PLUGIN.replace('gradient=("x",)', 'backends=("numpy",), drawn=20')
BOTH = PLUGIN.replace('gradient=("x",)', "drawn=20")


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A way to break a plugin, and the clause, place and words by which the contract tells it."""

    clause: str
    where: str
    says: str
    plugin: str = FEW
    numpy: str = NUMPY
    torch: str = ""
    mistakes: str = MISTAKES
    alternatives: str = ALTERNATIVES
    lesson: str = LESSON


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

BROKEN = {
    "references that disagree": Broken(
        clause="references agree",
        where="scale (numpy and torch)",
        says="expected",
        plugin=BOTH,
        torch=body(TORCH, "    return x * factor + 1.001\n"),
        alternatives="",
    ),
    "a reference that breaks its own rules": Broken(
        clause="references obey their rules",
        where="scale (numpy)",
        says="numpy.multiply is not allowed",
        plugin=FEW.replace("drawn=20", 'drawn=20, forbid=("numpy.multiply",)'),
        numpy=body(NUMPY, "    return np.multiply(x, factor) + 1\n"),
    ),
    "a reference that imports what is not allowed": Broken(
        clause="references obey their rules",
        where="scale (numpy)",
        says="imports hypothesis",
        numpy=NUMPY.replace("import numpy as np", "import hypothesis\nimport numpy as np"),
    ),
    "a mistake that equals the reference": Broken(
        clause="mistakes differ",
        where="scale__same (numpy)",
        says="it is no mistake, or no case shows it",
        mistakes=also(MISTAKES, f"def scale__same(x, factor):\n{LONG}    return x * factor + 1\n"),
    ),
    "two alike mistakes": Broken(
        clause="mistakes are not alike",
        where="scale__twin (numpy)",
        says="gives the same answers as no_one",
        mistakes=also(MISTAKES, f"def scale__twin(x, factor):\n{LONG}    return factor * x\n"),
    ),
    "a mistake within the tolerance": Broken(
        clause="mistakes are caught",
        where="scale__a_little (numpy)",
        says="add one that does, or tighten the tolerance",
        mistakes=also(MISTAKES, f"def scale__a_little(x, factor):\n{LONG}    return x * factor + 1 + 1e-12\n"),
    ),
    "a mistake that answers something else each time": Broken(
        clause="mistakes are named",
        where="scale__guess (numpy)",
        says="is diagnosed as nothing: too few cases show it",
        mistakes=also(
            MISTAKES,
            "import numpy as np\n\n\ndef scale__guess(x, factor):\n"
            f"{LONG}    return x * factor + np.random.default_rng().random()\n",
        ),
    ),
    "a wrong alternative": Broken(
        clause="alternatives pass",
        where="scale__wrong (numpy)",
        says="does not pass the check 'values'",
        alternatives=also(ALTERNATIVES, "def scale__wrong(x, factor):\n    return factor * x + 1.1\n"),
    ),
    "a right alternative refused by a tight tolerance": Broken(
        clause="alternatives pass",
        where="scale__shifted (numpy)",
        says="does not pass the check 'values'",
        plugin=FEW.replace("drawn=20", "drawn=20, tolerance=Tolerance(atol=0.0, rtol=0.0)").replace(
            "import Edge", "import Tolerance, Edge"
        ),
        alternatives="def scale__shifted(x, factor):\n    return (x + 1 / factor) * factor\n",
    ),
    "an alternative that breaks the rules": Broken(
        clause="alternatives pass",
        where="scale__other_order (numpy)",
        says="numpy.add is not allowed",
        plugin=FEW.replace("drawn=20", 'drawn=20, forbid=("numpy.add",)'),
        alternatives="import numpy as np\n\n\n" + ALTERNATIVES.replace("1 + factor * x", "np.add(1, factor * x)"),
    ),
    "a non-deterministic reference": Broken(
        clause="references are deterministic",
        where="scale (numpy)",
        says="does not pass the check",
        numpy=body(NUMPY, "    return x * factor + 1 + 0.1 * np.random.default_rng().random()\n"),
    ),
    "a reference that counts its calls": Broken(
        clause="references are deterministic",
        where="scale (numpy)",
        says="'repeatable'",
        numpy=body(
            NUMPY.replace("\n\ndef", "\nCALLS = []\n\n\ndef", 1),
            "    CALLS.append(1)\n    return x * factor + 1 + 0.5 * (len(CALLS) == 1)\n",
        ),
    ),
    "missing advice": Broken(
        clause="advice",
        where="scale__twice (numpy)",
        says="write one or two sentences",
        mistakes=also(MISTAKES, "def scale__twice(x, factor):\n    return 2 * (x * factor + 1)\n"),
    ),
    "missing hints": Broken(
        clause="hints",
        where="scale",
        says="no section `## Hints: scale`",
        lesson=LESSON.replace("Hints: scale", "Hints: scales"),
    ),
    "a lesson with a stale table": Broken(
        clause="lesson",
        where="README.md",
        says="run `grader plugin stubs demo`",
    ),
    "an edge case that earns nothing": Broken(
        clause="edge cases earn their place",
        where="scale",
        says="no mistake fails the edge case 'nothing'",
        plugin=FEW.replace("    return {", '    return {"nothing": (np.zeros((0,)), 2.0), '),
    ),
    "a crash in cases": Broken(
        clause="plugin",
        where="plugins.demo",
        says="the cases of demo.scale crash: ZeroDivisionError",
        plugin=FEW.replace("    x = draw", "    1 / 0\n    x = draw"),
    ),
    "a crash in edges": Broken(
        clause="plugin",
        where="plugins.demo",
        says="the cases of demo.scale crash: ZeroDivisionError",
        plugin=FEW.replace("    import numpy as np", "    1 / 0\n    import numpy as np"),
    ),
    "an exit in cases": Broken(
        clause="plugin",
        where="plugins.demo",
        says="the cases of demo.scale crash: SystemExit",
        plugin=FEW.replace("    x = draw", "    raise SystemExit\n    x = draw"),
    ),
    "an argument that cannot be sent": Broken(
        clause="plugin",
        where="plugins.demo",
        says="set",
        plugin=FEW.replace("(2.0, 3.0, -1.0))", "(2.0, 3.0, -1.0)), {1, 2}"),
    ),
    "a crash of the reference": Broken(
        clause="references run",
        where="scale (numpy)",
        says="raises NameError: name 'nothing' is not defined",
        numpy=body(NUMPY, "    return x * factor + nothing\n"),
        alternatives="",
    ),
    "a reference that crashes on some cases": Broken(
        clause="references run",
        where="scale (numpy)",
        says="raises NameError",
        numpy=body(NUMPY, "    return x * factor + 1 if x.ndim == 1 else nothing\n"),
        alternatives="",
    ),
    "a reference that ends its process": Broken(
        clause="references run",
        where="scale (numpy)",
        says="process",
        numpy=body(
            NUMPY.replace("import numpy", "import os\n\nimport numpy"),
            "    return x * factor + 1 if x.ndim == 1 else os._exit(0)\n",
        ),
        alternatives="",
    ),
    "a reference that cannot be loaded": Broken(
        clause="references run",
        where="scale (numpy)",
        says="cannot be loaded: NameError: name 'nothing' is not defined",
        numpy=NUMPY.replace("import numpy as np\n", "import numpy as np\nnothing + 1\n"),
    ),
    "mistakes that cannot be loaded": Broken(
        clause="plugin",
        where="plugins.demo",
        says="mistakes_numpy.py",
        mistakes=also(MISTAKES, "nothing + 1\n"),
    ),
    "a forbidden name that names nothing": Broken(
        clause="rules",
        where="demo (numpy)",
        says="nothing is called numpy.tanhh",
        plugin=FEW.replace("drawn=20", 'drawn=20, forbid=("numpy.tanhh",)'),
    ),
    "a mistake of no task": Broken(
        clause="names",
        where="mistakes_numpy.py: skale__wrong",
        says="there is no task 'skale'",
        mistakes=also(MISTAKES, f"def skale__wrong(x, factor):\n{LONG}    return x\n"),
    ),
    "an alternative of no task": Broken(
        clause="names",
        where="alternatives_numpy.py: skale__other",
        says="there is no task 'skale'",
        alternatives=also(ALTERNATIVES, "def skale__other(x, factor):\n    return x\n"),
    ),
    "a backward that disagrees with autograd": Broken(
        clause="backward agrees with autograd",
        where="scale_backward (numpy)",
        says="expected",
        **{**BACKWARD_PARTS, "numpy": also(NUMPY, BACKWARD.replace("grad_output * factor", "grad_output * factor * 2"))},
    ),
}


def parts(broken):
    names = ("plugin", "numpy", "torch", "mistakes", "alternatives", "lesson")
    return {name: getattr(broken, name) for name in names}


def built(course, parts):
    """Build a course whose backward, if it has one, exists in NumPy alone."""
    made = course(**parts)
    if parts["torch"] and parts["mistakes"]:
        made.write("solutions/demo/mistakes_torch.py", MISTAKES)
    return made


def proved(made, **options):
    app = made.app()
    return contract(app, app.exercises["demo"], **options)


def clauses(result):
    return {(problem.clause, problem.where) for problem in result.problems}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_plugin_is_told_by_its_clause(course, what):
    broken = BROKEN[what]
    made = built(course, parts(broken))
    if broken.clause == "lesson":
        made.write("exercises/demo/README.md", LESSON)
    result = proved(made)
    found = [problem for problem in result.problems if (problem.clause, problem.where) == (broken.clause, broken.where)]
    assert found, f"told instead: {result.problems}"
    assert broken.says in found[0].text
    assert clauses(result) == {(broken.clause, broken.where)}, "the one fault is told once, and nothing sound is blamed"


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
            "the stub's signature (x, factor=2.0) is not the solution's (x, factor)",
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
    result = proved(made, seeds=range(6))
    (problem,) = result.problems
    assert (problem.clause, problem.where) == ("alternatives pass", "scale__rare (numpy)")
    assert re.search(r" \[seed [1-5]\]$", problem.text)
    assert result.seeds == 6
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

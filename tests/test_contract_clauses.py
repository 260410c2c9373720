"""Each way to break an exercise is told by the clause that it breaks, and nothing sound is blamed for it."""

from dataclasses import dataclass

import pytest

from tests.conftest import ALTERNATIVES, LESSON, MISTAKES, NUMPY, PLUGIN, TORCH
from tests.test_contract import BACKWARD, BACKWARD_PARTS, FEW, LONG, also, body, built, proved

BOTH = PLUGIN.replace('gradient=("x",)', "drawn=20")
SPEEDY = FEW.replace("Task, hookimpl", "Speed, Task, hookimpl")


def timed(inputs="(rng.standard_normal(n), 2.0)", more="", head=""):
    speed = f'speed=Speed(inputs=lambda n, rng: {inputs}, size=9, limit=3, reason="whole arrays"{more})'
    return SPEEDY.replace("drawn=20", f"drawn=20, {speed}").replace("def cases", f"{head}def cases")


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
    "cases that depend on more than the draw": Broken(
        clause="cases depend on draw alone",
        where="scale",
        says="use draw.rng() alone",
        plugin=FEW.replace(
            'x = draw.array(draw.shape(1, 2), "normal", "large")',
            'import random\n    x = draw.array(draw.shape(1, 2), "normal", "large") + random.random()',
        ),
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
        alternatives="def scale__shifted(x, factor):\n    return (x + 3e6 / factor) * factor - 2999999\n",
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
    "a speed whose inputs are the same each time": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="a kept answer would pass: make them from rng",
        plugin=timed("(__import__('numpy').ones(n), 2.0)"),
    ),
    "a speed whose inputs crash": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="the inputs of its speed check crash: ZeroDivisionError",
        plugin=timed("1 / 0"),
    ),
    "a speed whose inputs are no tuple": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="speed.inputs must return a tuple of arguments",
        plugin=timed("rng.standard_normal(n)"),
    ),
    "a speed whose inputs the reference does not take": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="the reference raises TypeError on the inputs of its speed",
        plugin=timed("(rng.standard_normal(n),)"),
    ),
    "a speed that needs less than its arguments": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="needs(9) is less than its arguments take",
        plugin=timed(more=", needs=lambda n: n"),
    ),
    "a speed whose needs crash": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="task scale: needs(9) of its speed crashes: ZeroDivisionError",
        plugin=timed(more=", needs=lambda n: n / 0"),
    ),
    "a speed whose operations crash": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="task scale: flops of its speed crashes: TypeError",
        plugin=timed(more=", flops=lambda x: x.size"),
    ),
    "a speed without operations": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="flops must be positive",
        plugin=timed(more=", flops=lambda *args: 0"),
    ),
    "a speed whose answers are too small": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="a wrong one could not be told; make larger inputs",
        plugin=timed("(1e-7 * rng.standard_normal(n) - 0.5, 2.0)"),
    ),
    "a speed whose framework does something else": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="framework gives something else than the reference: answer[",
        plugin=timed(more=", framework=other", head="def other(x, factor):\n    return x\n\n\n"),
    ),
    "a speed whose framework crashes": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="framework raises TypeError",
        plugin=timed(more=", framework=other", head="def other(x):\n    return x\n\n\n"),
    ),
    "a speed whose framework has no text of its own": Broken(
        clause="speeds can be judged",
        where="scale (numpy)",
        says="must be a function that a file defines by def",
        plugin=timed(more=", framework=len"),
    ),
    "a backward that disagrees with autograd": Broken(
        clause="backward agrees with autograd",
        where="scale_backward (numpy)",
        says="expected",
        **{
            **BACKWARD_PARTS,
            "numpy": also(NUMPY, BACKWARD.replace("grad_output * factor", "grad_output * factor * 2")),
        },
    ),
}


def parts(broken):
    names = ("plugin", "numpy", "torch", "mistakes", "alternatives", "lesson")
    return {name: getattr(broken, name) for name in names}


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

"""A course of two small exercises and a third that is built of them."""

import pytest

from grader.stubs import generated

PLUGIN = """
from grader import Exercise, Task, hookimpl


def cases(draw):
    return (draw.array(draw.shape(1, 2)),)


def task(name):
    return Task(name=name, cases=cases, drawn=10)


@hookimpl
def grader_exercises():
    return [
        Exercise(name="ground", title="Ground", tasks=(task("double"), task("shift"))),
        Exercise(name="middle", title="Middle", tasks=(task("twice"),), uses=("ground.double",)),
        Exercise(name="top", title="Top", tasks=(task("whole"), task("half")), uses=("middle.twice", "ground.shift")),
    ]
"""

GROUND = '''
"""Ground."""

import math
from functools import partial

import {library}

ONE = 1.0
UNUSED = partial(math.pow, 2)


def double(x):
    """Return 2 x."""
    return x * _two()


def shift(x):
    """Return x + 1."""
    return x + ONE


def _two():
    return math.sqrt(4)
'''
MIDDLE = '''
"""Middle."""

import {library}
from middle_library_{backend} import double


def twice(x):
    """Return 4 x."""
    return double(double(x))
'''
TOP = '''
"""Top."""

import {library}
from top_library_{backend} import shift, twice


def whole(x):
    """Return 4 x + 1."""
    return shift(twice(x))


def half(x):
    """Return x / 2."""
    return x / 2
'''
FILES = {"ground": GROUND, "middle": MIDDLE, "top": TOP}


@pytest.fixture
def built(course):
    """Return the course with stubs and libraries."""
    made = course(plugin=PLUGIN, numpy="", torch="", stubs=False)
    for name, text in FILES.items():
        for backend in ("numpy", "torch"):
            made.write(f"solutions/{name}/{name}_{backend}.py", text.format(library=backend, backend=backend))
        made.write(f"exercises/{name}/README.md", f"# {name}\n")
    for loaded in made.app().exercises.values():
        for path, text in generated(loaded).items():
            path.write_text(text, encoding="utf-8")
    return made

"""A course of one exercise that trains: a line through points, by gradient descent."""

import pytest

from grader.stubs import generated

PLUGIN = """
from grader import Exercise, Task, Training, hookimpl


def points(size, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    x = rng.standard_normal((size, 3))
    return x, x @ np.array([1.0, -2.0, 0.5]) + 0.1 * rng.standard_normal(size)


def fit_cases(draw):
    x = draw.array((draw.integer("points", 2, 5), 3))
    return x, draw.array((len(x),)), draw.array((3,)), draw.choice("steps", (1, 2, 3))


def inputs():
    import numpy as np

    return *points(64, 1), np.zeros(3), 50


def held_out(weights):
    x, target = points(32, 2)
    return x, target, weights


def mse_cases(draw):
    x = draw.array((draw.integer("points", 1, 5), 3))
    return x, draw.array((len(x),)), draw.array((3,))


@hookimpl
def grader_exercises():
    training = Training(
        inputs=inputs, scored_by="mse", held_out=held_out, margin=0.02, band=0.05, higher=False, timeout=4
    )
    fit = Task(name="fit", cases=fit_cases, drawn=20, training=training)
    tasks = (Task(name="mse", cases=mse_cases, drawn=20), fit)
    return [Exercise(name="line", title="Line", tasks=tasks)]
"""

SOLUTION = '''
"""Line."""

import {backend} as np


def mse(x, target, weights):
    """Return the mean squared error."""
    return ((x @ weights - target) ** 2).mean()


def fit(x, target, weights, steps):
    """Return the losses of some steps of gradient descent, and the weights."""
    losses = []
    for step in range(steps):
        losses.append(mse(x, target, weights))
        weights = weights - 0.1 * 2 * x.T @ (x @ weights - target) / len(x)
    return np.stack(losses), weights
'''


@pytest.fixture
def line(course):
    made = course(plugin=PLUGIN, numpy="", torch="", stubs=False)
    made.write("exercises/line/README.md", "# Line\n\n## Hints: mse\n\n1. m\n\n## Hints: fit\n\n1. f\n")
    for backend in ("numpy", "torch"):
        made.write(f"solutions/line/line_{backend}.py", SOLUTION.format(backend=backend))
    for path, text in generated(made.app().exercises["line"]).items():
        path.write_text(text, encoding="utf-8")
    return made

"""Arrays: the few moves that every later exercise is made of, and the shapes that they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Edge, Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Edge | Arguments]
LEFT_OUT = "left out"


def signed(x: Any, signs: str, axis: int) -> Any:
    """Give positive numbers signs that leave every sum along the axis as large as a mean of them, or larger.

    Numbers below half the mean of their slice are less than half of the sum together, even if all but one are.
    """
    if signs == "all negative":
        return -x
    small = x < 0.5 * x.mean(axis=axis, keepdims=True)
    return x * (1 - 2 * small) if signs == "both" else x


def share_cases(draw: Draw) -> Arguments:
    shape = draw.shape()
    axis = () if draw.choice("axis given", ("no", "yes")) == "no" else (draw.axis(len(shape)),)
    x = draw.array(shape, "positive")
    return signed(x, draw.choice("signs", ("all positive", "both", "all negative")), *(axis or (-1,))), *axis


def share_edges() -> Edges:
    import numpy as np

    return {
        "as many rows as columns": (np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 4.0], [2.0, 6.0, 8.0]]),),
        "one number in each slice": (np.array([[2.0], [-5.0]]),),
        "small numbers": (np.array([[2e-4, 3e-4, -1e-4], [1e-4, 5e-4, 2e-4]]), 1),
    }


def pick_cases(draw: Draw) -> Arguments:
    rows, classes = draw.sizes("rows", "classes", high=6)
    return draw.array((rows, classes)), draw.indices((rows,), classes)


def pick_edges() -> Edges:
    import numpy as np

    square = np.array([[0.5, -1.0, 2.0], [4.0, 1.5, -0.25], [-3.0, 0.75, 2.5]])
    return {
        "as many rows as classes": (square, np.array([2, 0, 1])),
        "the same label in every row": (square[:2], np.array([1, 1])),
        "first and last class": (square[:2], np.array([0, 2])),
    }


def label_cases(draw: Draw) -> Arguments:
    """Draw more classes than labels need, so that their number cannot be read off the labels."""
    *shape, classes = draw.sizes(*"?" * draw.integer("dimensions of labels", 1, 3), "classes", high=6)
    return draw.indices(tuple(shape), draw.integer("classes that occur, at most", 1, classes)), classes


def label_edges() -> Edges:
    import numpy as np

    return {
        "the last class does not occur": (np.array([2, 0, 1, 0]), 5),
        "as many labels as classes": (np.array([2, 0, 1]), 3),
        "one label, without dimensions": (np.array(2), 4),
        "no labels": (np.zeros((0,), dtype=np.int64), 3),
    }


def batch(draw: Draw, *names: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Draw no, one or two batch axes, and the sizes that are named."""
    axes = draw.integer("batch axes", 0, 2)
    sizes = draw.sizes(*names, *"?" * axes)
    return sizes[len(names) :], sizes[: len(names)]


def outer_cases(draw: Draw) -> Arguments:
    leading, (m, n) = batch(draw, "m", "n")
    return draw.array((*leading, m)), draw.array((*leading, n))


def outer_edges() -> Edges:
    import numpy as np

    x, y = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]), np.array([[2.0, 4.0, -3.0], [0.5, 1.5, 5.0]])
    return {
        "vectors of equal length": (x[0], y[0]),
        "a batch of equal lengths": (x, y),
        "one number in each vector": (x[:, :1], y[:, :1]),
        "as many pairs as numbers": (x[:, :2], y[:, :2]),
    }


def dot_cases(draw: Draw) -> Arguments:
    leading, (rows, columns, width) = batch(draw, "rows of x", "rows of y", "width")
    return draw.array((*leading, rows, width)), draw.array((*leading, columns, width))


def dot_edges() -> Edges:
    import numpy as np

    square = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0], [-0.5, 4.0, 2.0]])
    other = np.array([[2.0, 1.0, -3.0], [0.5, 1.5, 5.0], [-1.0, 0.75, 4.0]])
    return {
        "everything of one size": (square, other),
        "a batch of one size in all axes": (np.stack([square, other, -square]), np.stack([other, square, other])),
        "width 1": (square[:, :1], other[:2, :1]),
    }


def unbroadcast_cases(draw: Draw) -> Arguments:
    """Draw the large shape, then leave out leading axes, and let some of the others be 1."""
    full = draw.shape(1, 4, smallest=2)
    added = draw.integer("axes that broadcasting added", 0, len(full))
    kept = full[added:]
    stretched = [draw.flag(f"stretched, axis {i - len(kept)}") for i in range(len(kept))]
    shape = tuple(1 if one else size for one, size in zip(stretched, kept, strict=True))
    return draw.array(full), shape


def unbroadcast_edges() -> Edges:
    import numpy as np

    grad = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
    return {
        "nothing was broadcast": (grad, (2, 3)),
        "one number, without dimensions": (grad, ()),
        "one number, with two dimensions": (grad, (1, 1)),
        "as many rows as columns": (np.array([[1.0, 2.0], [-4.0, 0.5]]), (2, 1)),
        "length 1 before and after": (grad[:, None], (1, 1, 3)),
        # A sum in a loop over nothing has no graph for autograd, and needs none.
        "an empty batch": Edge(args=(np.zeros((0, 3)), (3,)), smooth=False),
    }


@hookimpl
def grader_exercises() -> list[Exercise]:
    return [
        Exercise(
            name="arrays",
            title="Arrays and their shapes",
            tasks=(
                Task(name="divide_by_sum", cases=share_cases, edges=share_edges, gradient=("x",), minutes=3),
                Task(name="pick", cases=pick_cases, edges=pick_edges, gradient=("x",), minutes=5),
                Task(
                    name="one_hot",
                    cases=label_cases,
                    edges=label_edges,
                    dtypes=(),
                    forbid=("torch.nn.functional.one_hot",),
                    minutes=5,
                ),
                Task(name="outer", cases=outer_cases, edges=outer_edges, gradient=("x", "y"), minutes=5),
                Task(name="pairwise_dot", cases=dot_cases, edges=dot_edges, gradient=("x", "y"), minutes=6),
                Task(
                    name="unbroadcast",
                    cases=unbroadcast_cases,
                    edges=unbroadcast_edges,
                    gradient=("grad",),
                    forbid=("torch.Tensor.sum_to_size",),
                    points=2,
                    minutes=15,
                ),
            ),
        )
    ]

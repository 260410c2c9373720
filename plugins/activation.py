"""Activation functions: the bends between the layers, and the softmax that turns scores into probabilities."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Edge, Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Shape = tuple[int, ...]
LEFT_OUT = "left out"
# What the learner reads, and the fill that makes it.
FILLS = {"normal": "normal", "small integers": "ties", "tens": "large", "thousands": "huge"}


def optional(draw: Draw, name: str, *values: Any) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def numbers(draw: Draw, *kinds: str) -> Any:
    return draw.array(draw.shape(), FILLS[draw.choice("values", kinds)])


def like_x(x: Any, *_: Any) -> Shape:
    return tuple(x.shape)


def without_axis(x: Any, axis: int = -1) -> Shape:
    return tuple(size for i, size in enumerate(x.shape) if i != axis % x.ndim)


def backward(
    cases: Callable[[Draw], Arguments], output_shape: Callable[..., Shape] = like_x
) -> Callable[[Draw], Arguments]:
    """Put a drawn upstream gradient before the arguments of the forward."""

    def with_upstream(draw: Draw) -> Arguments:
        args = cases(draw)
        return draw.array(output_shape(*args)), *args

    return with_upstream


def backward_edges(
    edges: Callable[[], Mapping[str, Edge]], output_shape: Callable[..., Shape] = like_x
) -> Callable[[], Mapping[str, Edge]]:
    def with_upstream() -> Mapping[str, Edge]:
        import numpy as np

        def upstream(args: Arguments) -> Any:
            return np.resize(np.array([-0.5, 1.25, 2.0, -0.75, 0.3]), output_shape(*args))

        return {
            name: Edge(args=(upstream(edge.args), *edge.args), smooth=edge.smooth) for name, edge in edges().items()
        }

    return with_upstream


def kinked_cases(draw: Draw) -> Arguments:
    """Small integers hit the kink at 0; such cases stay out of gradient checks."""
    return (numbers(draw, "normal", "small integers"),)


def kinked_edges() -> Mapping[str, Edge]:
    import numpy as np

    return {
        "exactly 0": Edge(args=(np.array([-2.0, 0.0, 3.0, 0.0]),), smooth=False),
        "only negative": Edge(args=(np.array([-0.5, -4.0, -1.5]),)),
        "scalar (0-d) input": Edge(args=(np.array(-1.5),)),
    }


def leaky_cases(draw: Draw) -> Arguments:
    return *kinked_cases(draw), *optional(draw, "negative_slope", 0.3, 0.0, 1.0)


def leaky_edges() -> Mapping[str, Edge]:
    import numpy as np

    x = np.array([-2.0, 0.5, 3.0, -0.25])
    slopes = {"negative_slope 0": Edge(args=(x, 0.0)), "negative_slope 1": Edge(args=(x, 1.0))}
    return {**kinked_edges(), **slopes}


def smooth_cases(draw: Draw) -> Arguments:
    return (numbers(draw, "normal", "tens", "thousands", "small integers"),)


def smooth_edges() -> Mapping[str, Edge]:
    import numpy as np

    return {
        "huge, both signs": Edge(args=(np.array([1000.0, -1000.0, 2.5, 5000.0, -5000.0]),)),
        "scalar (0-d) input": Edge(args=(np.array(-1.5),)),
    }


def gelu_cases(draw: Draw) -> Arguments:
    return *smooth_cases(draw), *optional(draw, "approximate", "none", "tanh")


def gelu_edges() -> Mapping[str, Edge]:
    import numpy as np

    # Where the two formulas are furthest apart.
    apart = np.array([-2.7, 0.5, 2.7, -0.75])
    return {
        **smooth_edges(),
        "huge, both signs, tanh": Edge(args=(*smooth_edges()["huge, both signs"].args, "tanh")),
        "exact": Edge(args=(apart, "none")),
        "tanh": Edge(args=(apart, "tanh")),
    }


def axis_cases(draw: Draw) -> Arguments:
    """Draw logits that overflow or lie far apart only where every honest form is exact in float32.

    exp(x - logsumexp(x)) loses half a unit of x: so huge logits are thousands apart within a slice, and slices lie at
    ±200, far enough for a global maximum to underflow in float32, near enough for the digits to last.
    """
    shape = draw.shape()
    axis = draw.axis(len(shape))
    several = shape[axis] < math.prod(shape)
    kind = draw.choice("logits", ("normal", "huge", "slices far apart") if several else ("normal", "huge"))
    x = 1000 * draw.array(shape, "integers") if kind == "huge" else draw.array(shape)
    if kind == "slices far apart":
        x = x + 200 * alternating(draw, shape, axis)
    return (x,) if axis == -1 else (x, axis)


def alternating(draw: Draw, shape: Shape, axis: int) -> Any:
    """Return 1 or -1 for each slice along the axis, as many of one as of the other."""
    import numpy as np

    one_each = list(shape)
    one_each[axis] = 1
    signs = np.where(np.arange(np.prod(one_each)) % 2, 1.0, -1.0)
    return draw.rng().permutation(signs).reshape(one_each)


def axis_edges() -> Mapping[str, Edge]:
    import numpy as np

    x = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
    far = np.array([[1000.0, 900.0, 850.0], [-1000.0, -900.0, -950.0]])
    return {
        "one dimension": Edge(args=(x[0],)),
        "first axis of a matrix": Edge(args=(x, 0)),
        "axis of length 1": Edge(args=(x[:1].T.copy(), 1)),
        "all equal": Edge(args=(np.full((2, 3), -1.5),)),
        "huge logits": Edge(args=(np.array([[1000.0, -1000.0, 10.0], [5.0, -2000.0, 2000.0]]),)),
        "far below 0": Edge(args=(np.array([[-1000.0, -950.0, -1100.0]]),)),
        "one slice far below the other": Edge(args=(far,)),
    }


# Each of the three gives the others away.
SOFTMAX = (
    "torch.masked_softmax",
    "numpy.logaddexp",
    "numpy.logaddexp2",
    "torch.softmax",
    "torch.log_softmax",
    "torch.logsumexp",
    "torch.logcumsumexp",
    "torch.logaddexp",
    "torch.logaddexp2",
)
RELU = ("torch.relu", "torch.leaky_relu", "torch.threshold", "torch.hardtanh")
# F.logsigmoid is log_sigmoid in aten.
SIGMOID = ("torch.sigmoid", "torch.log_sigmoid", "torch.silu")
GELU_WELCOME = ("numpy.tanh", "torch.tanh", "torch.erf")


def numpy_only(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith("numpy."))


def pair(
    name: str,
    cases: Callable[[Draw], Arguments],
    edges: Callable[[], Mapping[str, Edge]],
    *,
    output_shape: Callable[..., Shape] = like_x,
    minutes: tuple[int, int],
    points: tuple[float, float] = (1, 1),
    forbid: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    **options: Any,
) -> tuple[Task, Task]:
    """Make a forward, in both backends, and its backward, in NumPy alone."""
    return (
        Task(
            name=name,
            cases=cases,
            edges=edges,
            gradient=("x",),
            forbid=forbid,
            allow=allow,
            minutes=minutes[0],
            points=points[0],
            **options,
        ),
        Task(
            name=f"{name}_backward",
            cases=backward(cases, output_shape),
            edges=backward_edges(edges, output_shape),
            backends=("numpy",),
            forbid=numpy_only(forbid),
            allow=numpy_only(allow),
            minutes=minutes[1],
            points=points[1],
            **options,
        ),
    )


@hookimpl
def grader_exercises() -> list[Exercise]:
    kinked, leaky, smooth = (kinked_cases, kinked_edges), (leaky_cases, leaky_edges), (smooth_cases, smooth_edges)
    gelu, slices = (gelu_cases, gelu_edges), (axis_cases, axis_edges)
    tasks = (
        *pair("relu", *kinked, forbid=RELU, minutes=(3, 4)),
        *pair("leaky_relu", *leaky, forbid=("torch.leaky_relu", "torch.prelu"), minutes=(3, 4)),
        *pair("sigmoid", *smooth, forbid=SIGMOID, minutes=(8, 5)),
        *pair("tanh", *smooth, forbid=("numpy.tanh", "torch.tanh"), minutes=(8, 4), level="stretch"),
        *pair("gelu", *gelu, forbid=("torch.gelu",), allow=GELU_WELCOME, minutes=(8, 15), points=(1, 2)),
        *pair("silu", *smooth, forbid=("torch.silu",), allow=("torch.sigmoid",), minutes=(4, 6), level="stretch"),
        *pair("logsumexp", *slices, output_shape=without_axis, forbid=SOFTMAX, minutes=(10, 10), points=(2, 1)),
        *pair("softmax", *slices, forbid=SOFTMAX, minutes=(8, 15), points=(2, 2)),
        *pair("log_softmax", *slices, forbid=SOFTMAX, minutes=(8, 10), points=(2, 1)),
    )
    return [Exercise(name="activation", title="Activation functions", after=("arrays",), tasks=tasks)]

"""Initialization: how large first weights must be, so that signals neither die out nor blow up from layer to layer.

Randomness is an argument: the learner's functions are given standard numbers, uniform or normal, and scale them. So
answers are exact, and a variance that is off by a factor cannot hide behind chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Tolerance, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
LEFT_OUT = "left out"
KERNEL_AXES = {"dense": 0, "conv2d": 2, "conv1d": 1, "conv3d": 3}
GAINS = (0.5, 3.0)
MODES = ("fan_out", "fan_in")


def optional(draw: Draw, name: str, *values: Any) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def weight_shape(draw: Draw, *, smallest: int = 1) -> tuple[int, ...]:
    """Draw the shape of a weight, (out, in) and the kernel's sizes, all different."""
    axes = KERNEL_AXES[draw.choice("weight", tuple(KERNEL_AXES))]
    return draw.sizes("out", "in", *"???"[:axes], low=smallest, high=smallest + 6)


def fan_cases(draw: Draw) -> Arguments:
    return (weight_shape(draw, smallest=2),)


def fan_edges() -> Edges:
    return {
        "the first layer of 784-32-10": ((32, 784),),
        "64 kernels of 3 × 3 over 32 channels": ((64, 32, 3, 3),),
        "a 1 × 1 kernel": ((5, 3, 1, 1),),
        "one neuron": ((1, 7),),
        "as many out as in": ((4, 4, 2),),
    }


def gain_cases(draw: Draw) -> Arguments:
    name = draw.choice("nonlinearity", ("relu", "leaky_relu", "leaky_relu", "tanh", "sigmoid", "linear"))
    slope = draw.choice("negative_slope", (LEFT_OUT, *(float(size) for size in (0.1, 0.2, 0.3, 0.5, 0.75, 2.0))))
    return (name,) if slope == LEFT_OUT else (name, slope)


def gain_edges() -> Edges:
    return {
        "a slope of 0 is relu": ("leaky_relu", 0.0),
        "a slope of 1 is linear": ("leaky_relu", 1.0),
        "a negative slope below 0": ("leaky_relu", -0.5),
        "relu takes no slope": ("relu", 0.5),
    }


def xavier_cases(fill: str) -> Callable[[Draw], Arguments]:
    return lambda draw: (draw.array(weight_shape(draw), fill), *optional(draw, "gain", *GAINS, 1.0))


def kaiming_cases(fill: str) -> Callable[[Draw], Arguments]:
    def cases(draw: Draw) -> Arguments:
        mode = optional(draw, "mode", *MODES)
        gain = optional(draw, "gain", *GAINS, 1.0) if mode else ()
        return draw.array(weight_shape(draw), fill), *mode, *gain

    return cases


def number_edges(*options: Any) -> Callable[[], Edges]:
    """Return edges for functions of given random numbers, which all lie in [0, 1), as uniform ones must."""

    def edges() -> Edges:
        import numpy as np

        matrix = np.array([[0.125, 0.75, 0.5], [0.25, 0.0, 0.875]])
        return {
            "exactly 0 and 1/2": (np.array([[0.0, 0.5, 0.5, 0.0]]), *options),
            "one weight": (np.array([[0.875]]), *options),
            "square weight": (np.array([[0.25, 0.75], [0.5, 0.125]]), *options),
            "a 1 × 1 kernel": (matrix[:, :, None, None], *options),
            "a wide kernel": (np.resize(matrix, (1, 2, 1, 7)), *options),
        }

    return edges


def depth_cases(draw: Draw) -> Arguments:
    layers, rows = draw.integer("layers", 1, 4), draw.integer("rows", 2, 8)
    sizes = draw.sizes("in", *"????"[:layers], low=2, high=9)
    scale = draw.choice("weights", (1.0, 0.25, 4.0))
    weights = tuple(scale * draw.array((rows, columns)) / columns**0.5 for columns, rows in pairwise(sizes))
    x = draw.array((rows, sizes[0])) + 0.5 * draw.integer("mean of x, in halves", 0, 3)
    return x, weights, *optional(draw, "activation", "relu", "tanh", "sigmoid", "linear")


def depth_edges() -> Edges:
    import numpy as np

    x = np.array([[2.0, -0.5], [1.0, 3.0], [-1.5, 0.25]])
    square = np.array([[0.75, -1.5], [2.0, 0.25]])
    return {
        "one layer": (x, (square,), "tanh"),
        "twelve square layers": (x, (square,) * 12, "linear"),
        "a layer that is dead": (x, (np.array([[-1.0, -1.0], [-2.0, -1.5]]), square), "relu"),
        "one row": (x[:1], (square, square.T.copy()), "linear"),
        "one neuron, one row": (x[:1], (square, square[1:]), "tanh"),
    }


FAN = ("torch.nn.init._calculate_fan_in_and_fan_out",)
GAIN = ("torch.nn.init.calculate_gain",)


def weights(
    name: str, fill: str, cases: Callable[[str], Callable[[Draw], Arguments]], *options: Any, minutes: int
) -> Task:
    """Return a task that makes weights; what draws its own numbers would be right, and never agree."""
    forbid = (f"torch.nn.init.{name}_",)
    return Task(name=name, cases=cases(fill), edges=number_edges(*options), forbid=forbid, minutes=minutes)


@hookimpl
def grader_exercises() -> list[Exercise]:
    plain: Any = {"dtypes": ()}
    rough = Tolerance(rtol=1e-6, atol=1e-6)  # a 0-d float32 tensor is a right answer, too
    tasks = (
        Task(name="fan_in_and_fan_out", cases=fan_cases, edges=fan_edges, forbid=FAN, points=2, minutes=8, **plain),
        Task(
            name="calculate_gain", cases=gain_cases, edges=gain_edges, forbid=GAIN, tolerance=rough, minutes=5, **plain
        ),
        weights("xavier_uniform", "uniform", xavier_cases, minutes=8),
        weights("xavier_normal", "normal", xavier_cases, minutes=4),
        weights("kaiming_uniform", "uniform", kaiming_cases, "fan_out", 1.5, minutes=6),
        weights("kaiming_normal", "normal", kaiming_cases, "fan_out", 1.5, minutes=4),
        Task(name="activation_stds", cases=depth_cases, edges=depth_edges, points=2, minutes=10),
    )
    title = "Initialization"
    return [Exercise(name="initialization", title=title, after=("optimizer",), tasks=tasks)]

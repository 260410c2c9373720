"""Recurrent networks: a cell that remembers what came before, unrolled over a series, and back through time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from grader import Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Names = tuple[str, ...]
Shape = tuple[int, ...]
Maker = Callable[[str, Shape], Any]
WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
# Gates far in saturation pass no gradient, so most cases have ordinary ones. It is biases that lie in the thousands:
# inputs as large would magnify the rounding of 1 - tanh², in any honest form, beyond the tolerance.
SATURATION = ("none", "none", "none", "inputs in the tens", "biases in the thousands")
# Zeros show by a label which state, or which upstream gradient, is left out of a computation.
ZEROS = ("random", "random", "zeros")
SMALL = {"weight_ih": 0.25, "weight_hh": 0.25, "bias_ih": 0.5, "bias_hh": 0.5}
# Arrays with dozens of elements tell as much as more cases of scalars.
DRAWN = 60
ALLOW = ("numpy.tanh", "torch.tanh", "torch.sigmoid")


def arguments(make: Maker, sizes: Shape, gates: int, states: Names, upstream: Names) -> Arguments:
    """Make the arguments of a cell, for sizes (N, I, H), or of a layer, for sizes (L, N, I, H)."""
    *steps, batch, inputs, hidden = sizes
    rows = gates * hidden
    return (
        *(make(name, (*steps, batch, hidden) if name == "grad_output" else (batch, hidden)) for name in upstream),
        make("x", (*steps, batch, inputs)),
        *(make(name, (batch, hidden)) for name in states),
        *map(make, WEIGHTS, ((rows, inputs), (rows, hidden), (rows,), (rows,))),
    )


def cases(layer: bool, gates: int, states: Names, upstream: Names = ()) -> Callable[[Draw], Arguments]:
    def one(draw: Draw) -> Arguments:
        names = ("steps", "series in the batch", "input features", "hidden units")[not layer :]
        sizes = draw.sizes(*names)
        for name, size in zip(names, sizes, strict=True):
            draw.label(name, "one" if size == 1 else "several")
        return arguments(drawn(draw), sizes, gates, states, upstream)

    return one


def drawn(draw: Draw) -> Maker:
    """Draw weights so small that ordinary inputs saturate nothing, and states that are zeros now and then."""
    import numpy as np

    saturation = draw.choice("saturation", SATURATION)
    large = {"inputs in the tens": ("x", "large"), "biases in the thousands": ("bias_ih", "huge")}.get(saturation)

    def make(name: str, shape: Shape) -> Any:
        if large is not None and name == large[0]:
            return draw.array(shape, large[1])
        if name in SMALL:
            return SMALL[name] * draw.array(shape)
        if name == "x":
            return draw.array(shape)
        return np.zeros(shape) if draw.choice(name, ZEROS) == "zeros" else draw.array(shape)

    return make


def fixed(**factors: float) -> Maker:
    """Make plain numbers, exact in binary and never 0, that repeat only after more rows than a weight has."""
    import numpy as np

    start = itertools.count(5, 11)

    def make(name: str, shape: Shape) -> Any:
        numbers = (7 * np.arange(math.prod(shape)) + next(start)) % 31 - 15.5
        return numbers.reshape(shape) / 8 * {**SMALL, **factors}.get(name, 1.0)

    return make


def edges(layer: bool, *structure: Any) -> Callable[[], Mapping[str, Arguments]]:
    def named() -> Mapping[str, Arguments]:
        only_layers = {"one step": (1, 3, 2, 4), "twelve steps": (12, 2, 3, 4)}
        sizes = {
            "one series": (4, 1, 3, 2),
            "one hidden unit": (3, 2, 4, 1),
            "empty batch": (3, 0, 2, 4),
            **(only_layers if layer else {}),
        }
        return {
            **{name: arguments(fixed(), size[not layer :], *structure) for name, size in sizes.items()},
            "saturated": arguments(fixed(bias_ih=1024.0), (3, 2, 4, 5)[not layer :], *structure),
        }

    return named


def pair(
    name: str,
    layer: bool,
    gates: int,
    states: Names,
    upstream: Names,
    *,
    forbid: Names,
    minutes: tuple[int, int],
    points: tuple[float, float],
    level: Literal["core", "stretch"] = "stretch",
) -> tuple[Task, Task]:
    """Make a forward, in both backends and always core, and its backward, in NumPy alone and of the given level."""
    return (
        Task(
            name=name,
            cases=cases(layer, gates, states),
            edges=edges(layer, gates, states, ()),
            gradient=("x", *states, *WEIGHTS),
            forbid=forbid,
            allow=ALLOW,
            minutes=minutes[0],
            points=points[0],
            drawn=DRAWN,
        ),
        Task(
            name=f"{name}_backward",
            cases=cases(layer, gates, states, upstream),
            edges=edges(layer, gates, states, upstream),
            allow=("numpy.tanh",),
            minutes=minutes[1],
            points=points[1],
            drawn=DRAWN,
            backends=("numpy",),
            level=level,
        ),
    )


RNN = ("torch.nn.RNNCell", "torch.nn.RNN", "torch.rnn_tanh_cell", "torch.rnn_tanh")
LSTM = ("torch.nn.LSTMCell", "torch.nn.LSTM", "torch.lstm_cell", "torch.lstm")
GRU = ("torch.nn.GRUCell", "torch.nn.GRU", "torch.gru_cell", "torch.gru")


@hookimpl
def grader_exercises() -> list[Exercise]:
    cell, unrolled = ("grad_output",), ("grad_output", "grad_h_n")
    both, all_three = ("grad_h_next", "grad_c_next"), ("grad_output", "grad_h_n", "grad_c_n")
    tasks = (
        *pair("rnn_cell", False, 1, ("h",), cell, level="core", minutes=(8, 15), points=(1, 2), forbid=RNN),
        *pair("rnn", True, 1, ("h0",), unrolled, level="core", minutes=(10, 30), points=(1, 3), forbid=RNN),
        *pair("lstm_cell", False, 4, ("h", "c"), both, minutes=(15, 25), points=(2, 3), forbid=LSTM),
        *pair("lstm", True, 4, ("h0", "c0"), all_three, minutes=(8, 20), points=(1, 2), forbid=LSTM),
        *pair("gru_cell", False, 3, ("h",), cell, minutes=(15, 25), points=(2, 3), forbid=GRU),
    )
    return [Exercise(name="rnn", title="Recurrent networks", after=("conv",), tasks=tasks)]

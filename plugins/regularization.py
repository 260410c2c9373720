"""Regularization: dropout, penalties, early stopping and max-norm, which keep a network from learning by heart.

Randomness is an argument: the learner's functions are given uniform numbers and drop by them, so that answers are
exact. Probabilities are eighths, which float32 knows exactly: a random number that equals p in one dtype equals it in
the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Cases = Callable[["Draw"], Arguments]
Edges = Mapping[str, Arguments]
LEFT_OUT = "left out"


def optional(draw: Draw, name: str, *values: Any) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def some_zeros(draw: Draw, shape: tuple[int, ...], name: str) -> Any:
    """Draw numbers of which some may be exactly 0, as after relu; nothing here has a kink there that is not defined."""
    import numpy as np

    values, kept = draw.array(shape), draw.indices(shape, 3)
    return np.where(kept, values, 0.0) if draw.choice(name, ("normal", "some exactly 0")) != "normal" else values


def how_to_drop(draw: Draw) -> Arguments:
    """Draw p and training; no scale or probability is the same for p and 1 - p unless p is left out."""
    p = optional(draw, "p", 0.25, 0.75, 0.125, 0.25, 0.75, 0.0, 1.0)
    return p + (optional(draw, "training", True, False) if p else ())


def dropout_cases(draw: Draw) -> Arguments:
    shape = draw.shape()
    return some_zeros(draw, shape, "x"), draw.array(shape, "uniform"), *how_to_drop(draw)


def dropout_edges() -> Edges:
    import numpy as np

    x = np.array([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]])
    random = np.array([[0.25, 0.75, 0.0], [0.5, 0.125, 0.875]])
    return {
        "random numbers of exactly p": (x, random, 0.25),
        "p = 0, and a random number of 0": (x, random, 0.0),
        "p = 1": (x, random, 1.0),
        "p = 1, in inference": (x, random, 1.0, False),
        "inference": (x, random, 0.75, False),
    }


def dropout_backward_cases(draw: Draw) -> Arguments:
    x, *others = dropout_cases(draw)
    return draw.array(x.shape), x, *others


def dropout_backward_edges() -> Edges:
    import numpy as np

    upstream = np.array([[-0.5, 1.25, 2.0], [-0.75, 0.3, 1.0]])
    edges = {name: (upstream, *args) for name, args in dropout_edges().items()}
    _, x, random, *_ = edges["inference"]
    return {**edges, "x of exactly 0": (upstream, 0 * x, random, 0.25)}


def dropout2d_cases(draw: Draw) -> Arguments:
    shape = draw.sizes("N", "C", "H", "W")
    return some_zeros(draw, shape, "x"), draw.array(shape[:2], "uniform"), *how_to_drop(draw)


def dropout2d_edges() -> Edges:
    import numpy as np

    x = np.arange(1.0, 17.0).reshape(2, 2, 2, 2)
    random = np.array([[0.125, 0.75], [0.5, 0.25]])
    return {
        "all sizes equal": (x, random, 0.5),
        "random numbers of exactly p": (x[..., :1], random, 0.25),
        "p = 0, and a random number of 0": (x[..., :1], random - 0.125, 0.0),
        "p = 1": (x, random, 1.0),
        "p = 1, in inference": (x, random, 1.0, False),
    }


def params(draw: Draw, zeros: bool = False) -> tuple[Any, ...]:
    """Draw weights and biases of several shapes, in any order."""
    a, b, c = draw.sizes("a", "b", "c")
    shapes = {"2-d": (a, b), "1-d": (a,), "4-d": (c, a, b, 2), "0-d": ()}
    count, first = draw.integer("arrays", 1, 4), list(shapes).index(draw.choice("first array", tuple(shapes)))
    chosen = (list(shapes.values())[(first + i) % 4] for i in range(count))
    return tuple(some_zeros(draw, shape, "values") if zeros else draw.array(shape) for shape in chosen)


def penalty_cases(strength: str, zeros: bool = False) -> Cases:
    return lambda draw: (params(draw, zeros), draw.choice(strength, (0.25, 3.0, 0.01)))


def l2_edges() -> Edges:
    import numpy as np

    weight, bias = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.5]]), np.array([-4.0, 0.75])
    return {
        "one bias alone": ((bias,), 0.5),
        "two equal arrays": ((bias, bias), 0.5),
        "all 0": ((0 * weight, 0 * bias), 0.5),
        "a strength of 0": ((weight, bias), 0.0),
    }


def l1_edges() -> Edges:
    return {**l2_edges(), "all negative": ((-abs(l2_edges()["one bias alone"][0][0]),), 0.5)}


def scalar_upstream(cases: Cases, edges: Callable[[], Edges]) -> dict[str, Any]:
    """Put an upstream gradient, a scalar as a penalty is, before the arguments of cases and edges."""

    def with_upstream() -> Edges:
        import numpy as np

        return {name: (np.array(-0.7), *args) for name, args in edges().items()}

    return {"cases": lambda draw: (draw.array(()), *cases(draw)), "edges": with_upstream}


KINDS = ("up and down", "few different losses", "slow descent", "with NaN")


def losses(draw: Draw) -> tuple[float, ...]:
    """Draw losses that are multiples of 1/8, so that no honest form of the comparison rounds."""
    import numpy as np

    epochs, kind, rng = draw.integer("epochs", 1, 12), draw.choice("losses", KINDS), draw.rng()
    if kind == "few different losses":
        return tuple(rng.integers(4, 8, epochs) / 4)
    if kind == "slow descent":
        return tuple((20 - np.cumsum(rng.integers(-1, 4, epochs))) / 8)
    values = rng.integers(4, 24, epochs) / 8
    return tuple(np.where(rng.random(epochs) < 0.3, np.nan, values) if kind == "with NaN" else values)


def stopping_cases(draw: Draw) -> Arguments:
    return losses(draw), draw.integer("patience", 1, 4), *optional(draw, "min_delta", 0.25, 0.5, 0.0)


def stopping_edges() -> Edges:
    nan, inf = float("nan"), float("inf")
    return {
        "one epoch": ((0.75,), 1),
        "the first loss is NaN": ((nan, 0.75, 0.5, 1.0, 1.0), 3),
        "NaN from the first epoch on": ((nan, nan, nan, nan), 2),
        "infinite first": ((inf, inf, 2.0, 3.0), 3),
        "equal losses": ((1.0, 0.5, 0.5, 0.5, 0.5), 2),
        "an improvement by exactly min_delta": ((2.0, 1.5, 1.25, 1.0), 2, 0.5),
        "small steps that add up": ((2.0, 1.75, 1.5, 1.25, 1.0, 0.75), 3, 0.5),
        "a little better, but not by enough": ((1.0, 0.875, 0.875), 5, 0.5),
        "just in time": ((2.0, 3.0, 3.0, 1.0, 3.0, 3.0, 0.5), 3),
        "too late": ((2.0, 3.0, 3.0, 1.0), 2),
        "patience runs out in the last epoch": ((2.0, 3.0, 3.0), 2),
        "losses below 0": ((-1.0, -2.0, -1.5, -3.0, -3.0), 2),
    }


def max_norm_cases(draw: Draw) -> Arguments:
    """Draw neurons on both sides of the limit, some of them all 0, none near the limit."""
    import numpy as np

    axes = {"dense": 2, "conv2d": 4, "conv1d": 3}[draw.choice("weight", ("dense", "conv2d", "conv1d"))]
    weight, limit = draw.array(draw.sizes(*"????"[:axes])), draw.choice("limit", (2.0, 0.5, 3.5))
    norms = np.sqrt((weight**2).sum(axis=tuple(range(1, axes)), keepdims=True))
    where = {"on both sides": (0.25, 0.8, 1.3, 4.0, 0.0), "below": (0.25, 0.9), "above": (1.1, 5.0)}
    factors = where[draw.choice("norms", tuple(where))]
    return weight / norms * limit * draw.rng().choice(factors, norms.shape), limit


def max_norm_edges() -> Edges:
    import numpy as np

    weight = np.array([[3.0, 4.0], [0.0, 0.0], [-0.75, 1.0], [-8.0, 6.0]])
    return {
        "a neuron that is all 0": (weight[:2], 2.0),
        "a norm of exactly the limit": (weight[:1], 5.0),
        "as many in as out": (weight[2:], 2.0),
        "one weight each": (weight[:, :1], 2.0),
    }


DROPOUT = ("torch.nn.functional.dropout", "torch.native_dropout")
CHANNELS = ("torch.nn.functional.dropout2d", "torch.feature_dropout")
L2, L1 = penalty_cases("weight_decay"), penalty_cases("strength", zeros=True)


def task(name: str, cases: Cases, edges: Callable[[], Edges], **options: Any) -> Task:
    return Task(name=name, cases=cases, edges=edges, **options)


def backward(of: str, cases: Cases, edges: Callable[[], Edges], **options: Any) -> Task:
    return Task(name=f"{of}_backward", cases=cases, edges=edges, backends=("numpy",), **options)


def penalty(name: str, cases: Cases, edges: Callable[[], Edges], **options: Any) -> tuple[Task, Task]:
    """Declare a penalty and its backward."""
    behind = Task(name=f"{name}_backward", **scalar_upstream(cases, edges), backends=("numpy",), minutes=5, **options)
    return task(name, cases, edges, gradient=("params",), minutes=5, **options), behind


@hookimpl
def grader_exercises() -> list[Exercise]:
    stretch: Any = {"level": "stretch"}
    dropped: Any = {"gradient": ("x",), "forbid": DROPOUT}
    tasks = (
        task("dropout", dropout_cases, dropout_edges, **dropped, points=2, minutes=8),
        backward("dropout", dropout_backward_cases, dropout_backward_edges, minutes=5),
        *penalty("l2_penalty", L2, l2_edges),
        task("early_stopping", stopping_cases, stopping_edges, dtypes=(), points=2, minutes=12),
        task(
            "dropout2d",
            dropout2d_cases,
            dropout2d_edges,
            gradient=("x",),
            forbid=CHANNELS + DROPOUT,
            minutes=5,
            **stretch,
        ),
        *penalty("l1_penalty", L1, l1_edges, **stretch),
        task("max_norm", max_norm_cases, max_norm_edges, forbid=("torch.renorm",), minutes=8, **stretch),
    )
    return [
        Exercise(
            name="regularization", title="Regularization", after=("loss", "optimizer", "normalization"), tasks=tasks
        )
    ]

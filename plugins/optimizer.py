"""Optimizers: what to do with a gradient, once there is one; as pure functions of parameter, gradient and state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Tolerance, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
LEFT_OUT = "left out"
RATES = (0.1, 0.5, 0.02)


def options(draw: Draw, **values: Arguments) -> Arguments:
    """Draw values for the first few trailing arguments, half of the time for all; the rest is left out."""
    count = len(values)
    given = draw.choice("options given", (*range(count), *(count,) * count))
    for name in values:
        draw.label(name, LEFT_OUT)
    return tuple(draw.choice(name, values[name]) for name in list(values)[:given])


def parameter(draw: Draw) -> tuple[Any, Any, float]:
    """Draw a parameter, its gradient, and the unit of the gradient, to which the state belongs.

    Tiny gradients show where epsilon stands; where a gradient of exactly 0 meets a state of 0, it alone prevents 0/0.
    """
    import numpy as np

    shape = draw.shape()
    kind = draw.choice("gradient", ("normal", "about 1e-6", "some exactly 0"))
    unit = 1e-6 if kind == "about 1e-6" else 1.0
    param, grad = draw.array(shape), unit * draw.array(shape)
    return param, np.where(draw.indices(shape, 2), grad, 0.0) if kind == "some exactly 0" else grad, unit


def state(draw: Draw, param: Any, unit: float, fill: str, first: bool) -> Any:
    """Draw a state as it is met in training: 0 before the first update."""
    values = unit * draw.array(param.shape, fill)
    return abs(0 * values) if first else values


def sgd_cases(draw: Draw) -> Arguments:
    param, grad, _ = parameter(draw)
    return param, grad, draw.choice("lr", RATES), *options(draw, weight_decay=(0.25, 0.0))


def sgd_edges() -> Edges:
    import numpy as np

    param, zero = np.array([1.5, -2.0, 0.5]), np.zeros(3)
    return {
        "gradient 0, no decay": (param, zero, 0.1),
        "gradient 0, with decay": (param, zero, 0.1, 0.5),
        "scalar (0-d) parameter": (np.array(-1.5), np.array(0.5), 0.1, 0.25),
    }


def momentum_cases(draw: Draw) -> Arguments:
    param, grad, unit = parameter(draw)
    buffer = state(draw, param, unit, "normal", draw.choice("buffer", ("0", "not 0")) == "0")
    lr = draw.choice("lr", RATES)
    return param, grad, buffer, lr, *options(draw, momentum=(0.5, 0.75, 0.0), nesterov=(True, False))


def momentum_edges() -> Edges:
    import numpy as np

    param, buffer, zero = np.array([1.5, -2.0, 0.5]), np.array([0.5, 0.25, -4.0]), np.zeros(3)
    return {
        "gradient 0, moving on": (param, zero, buffer, 0.1),
        "gradient 0, moving on with nesterov": (param, zero, buffer, 0.1, 0.5, True),
        "first update": (param, np.array([0.5, -1.0, 2.0]), zero, 0.1),
        "scalar (0-d) parameter": (np.array(-1.5), np.array(0.5), np.array(2.0), 0.1, 0.5, True),
    }


def squares_cases(draw: Draw, **values: Arguments) -> Arguments:
    """Draw a parameter with sums or averages of squared gradients."""
    param, grad, unit = parameter(draw)
    squares = state(draw, param, unit**2, "positive", draw.choice("squares so far", ("0", "not 0")) == "0")
    return param, grad, squares, *options(draw, lr=RATES, **values)


def adagrad_cases(draw: Draw) -> Arguments:
    return squares_cases(draw, eps=(0.01, 1e-4))


def rmsprop_cases(draw: Draw) -> Arguments:
    return squares_cases(draw, alpha=(0.75, 0.9), eps=(0.01, 1e-4))


def squares_edges() -> Edges:
    import numpy as np

    param, grad, zero = np.array([1.5, -2.0, 0.5]), np.array([0.5, -1.0, 2.0]), np.zeros(3)
    return {
        "first update": (param, grad, zero, 0.1),
        "first update, gradient 0": (param, np.array([0.5, 0.0, 0.0]), zero, 0.1),
        "tiny gradient": (param, 1e-6 * grad, np.array([1e-12, 4e-12, 9e-12]), 0.1),
        "scalar (0-d) parameter": (np.array(-1.5), np.array(0.5), np.array(2.0), 0.1),
    }


def adam_cases(draw: Draw) -> Arguments:
    param, grad, unit = parameter(draw)
    step = draw.choice("step", (1, 2, 3, 10, 1000))
    exp_avg = state(draw, param, unit, "normal", step == 1)
    exp_avg_sq = state(draw, param, unit**2, "positive", step == 1)
    betas, decays = ((0.5, 0.75), (0.8, 0.98)), (0.25, 0.0)
    return (
        param,
        grad,
        exp_avg,
        exp_avg_sq,
        step,
        *options(draw, lr=RATES, betas=betas, eps=(0.01, 1e-4), weight_decay=decays),
    )


def adam_edges() -> Edges:
    import numpy as np

    param, grad, zero = np.array([1.5, -2.0, 0.5]), np.array([0.5, -1.0, 2.0]), np.zeros(3)
    exp_avg, exp_avg_sq = np.array([0.25, 0.5, -1.0]), np.array([0.5, 4.0, 0.125])
    rest = (0.1, (0.5, 0.75), 1e-8)
    return {
        "first update": (param, grad, zero, zero, 1, 0.1),
        "first update, gradient 0": (param, np.array([0.5, 0.0, 0.0]), zero, zero, 1, 0.1),
        "first update, tiny gradient": (param, 1e-6 * grad, zero, zero, 1, 0.1),
        "a late update": (param, grad, exp_avg, exp_avg_sq, 100_000, 0.1),
        "gradient 0, moving on": (param, zero, exp_avg, exp_avg_sq, 5, *rest, 0.0),
        "gradient 0, only decay": (param, zero, zero, zero, 1, *rest, 0.5),
        "scalar (0-d) parameter": (np.array(-1.5), np.array(0.5), np.array(2.0), np.array(3.0), 2, *rest, 0.5),
    }


def clip_cases(draw: Draw) -> Arguments:
    """Draw gradients of several shapes, with a total norm well or just above max_norm, or below it.

    No norm lies within 1e-6 under max_norm, where it is taste whether to ask first or to take the smaller factor.
    """
    import numpy as np

    a, b, c = draw.sizes("a", "b", "c")
    shapes = {"1-d": (a,), "2-d": (b, c), "0-d": (), "3-d": (c, a, b)}
    count, first = draw.integer("tensors", 1, 4), list(shapes).index(draw.choice("first tensor", tuple(shapes)))
    kind = draw.choice("gradients", ("normal", "exploding", "about 1e-6"))
    unit = {"normal": 1.0, "exploding": 1000.0, "about 1e-6": 1e-6}[kind]
    grads = tuple(np.asarray(unit * draw.array(list(shapes.values())[(first + i) % 4])) for i in range(count))
    total = float(np.sqrt(sum((grad**2).sum() for grad in grads)))
    places = {"far above max_norm": 0.3, "just above max_norm": 0.995, "just below max_norm": 1.005, "far below": 4.0}
    place = draw.choice("total norm", tuple(places) if unit >= 1 else ("far above max_norm",))
    return grads, float(f"{places[place] * total:.5g}")


def clip_edges() -> Edges:
    import numpy as np

    a, b = np.array([[2.0, -1.0], [0.5, 4.0]]), np.array([-3.0])
    return {
        "one tensor": ((a,), 1.0),
        "each below max_norm, all together above": ((a, b), 5.0),
        "each above max_norm": ((a, b), 2.0),
        "all below max_norm": ((a, b), 50.0),
        "scalar (0-d) tensors": ((np.array(3.0), np.array(-4.0)), 2.0),
        "all gradients 0": ((np.zeros((2, 3)), np.zeros(4)), 1.0),
    }


def schedule_cases(draw: Draw) -> Arguments:
    """Draw a place on the curve first, so that every part of it and every corner is met."""
    warmup = draw.integer("warmup_steps", 0, 5)
    decay = draw.integer("steps of decay", 1, 12)
    places = {
        "in the warm-up": (0, warmup - 1),
        "at its end": (warmup, warmup),
        "in the decay": (warmup + 1, warmup + decay - 1),
        "at total_steps": (warmup + decay, warmup + decay),
        "beyond": (warmup + decay + 1, warmup + 3 * decay),
    }
    low, high = places[draw.choice("place", tuple(name for name, (a, b) in places.items() if a <= b))]
    step = draw.integer("step", low, high)
    rates = draw.choice("max_lr", (1.0, 0.4)), draw.choice("min_lr", (0.1, 0.0, 0.02))
    return step, *rates, warmup, warmup + decay


def schedule_edges() -> Edges:
    return {
        "step 0": (0, 1.0, 0.1, 4, 10),
        "the last step of the warm-up": (3, 1.0, 0.1, 4, 10),
        "step = warmup_steps": (4, 1.0, 0.1, 4, 10),
        "halfway down": (7, 1.0, 0.1, 4, 10),
        "the last step of the decay": (9, 1.0, 0.1, 4, 10),
        "step = total_steps": (10, 1.0, 0.1, 4, 10),
        "long after": (1000, 1.0, 0.1, 4, 10),
        "no warm-up, step 0": (0, 1.0, 0.1, 0, 10),
        "no warm-up, step 5": (5, 1.0, 0.1, 0, 10),
        "one step of each": (1, 0.5, 0.1, 1, 2),
    }


SGD = ("torch.optim.SGD", "torch.optim.sgd.sgd", "torch._fused_sgd_")
ADAGRAD = ("torch.optim.Adagrad", "torch.optim.adagrad.adagrad", "torch._fused_adagrad_")
RMSPROP = ("torch.optim.RMSprop", "torch.optim.rmsprop.rmsprop")
ADAM = ("torch.optim.Adam", "torch.optim.AdamW", "torch.optim.adam.adam", "torch.optim.adamw.adamw")
FUSED_ADAM = ("torch._fused_adam_", "torch._fused_adamw_")
CLIP = ("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm")
SCHEDULERS = ("CosineAnnealingLR", "LinearLR", "SequentialLR", "LambdaLR", "OneCycleLR")


@hookimpl
def grader_exercises() -> list[Exercise]:
    adam = {"cases": adam_cases, "edges": adam_edges, "forbid": ADAM + FUSED_ADAM}
    tasks = (
        Task(name="sgd", cases=sgd_cases, edges=sgd_edges, forbid=SGD, minutes=5),
        Task(name="sgd_momentum", cases=momentum_cases, edges=momentum_edges, forbid=SGD, minutes=10),
        Task(name="adam", **adam, points=3, minutes=20),
        Task(name="adamw", **adam, points=2, minutes=10),
        Task(name="rmsprop", cases=rmsprop_cases, edges=squares_edges, forbid=RMSPROP, minutes=8),
        Task(name="clip_grad_norm", cases=clip_cases, edges=clip_edges, forbid=CLIP, points=2, minutes=12),
        Task(
            name="warmup_cosine",
            cases=schedule_cases,
            edges=schedule_edges,
            tolerance=Tolerance(rtol=1e-6, atol=1e-6),  # a 0-d float32 tensor is a right answer, too
            dtypes=(),
            forbid=tuple(f"torch.optim.lr_scheduler.{name}" for name in SCHEDULERS),
            points=2,
            minutes=12,
        ),
        Task(name="adagrad", cases=adagrad_cases, edges=squares_edges, forbid=ADAGRAD, level="stretch", minutes=6),
    )
    return [Exercise(name="optimizer", title="Optimizers", after=("backprop",), tasks=tasks)]

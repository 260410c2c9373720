"""Normalization: over the batch, over one example, over groups of channels; gradients through it, and what is kept.

Cases differ in how far x lies from 0 and how much it varies: where it varies little, it shows where epsilon stands;
where it lies far away, that a variance computed as a difference of large squares has no digits left.
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
# Each is (how much x varies, how far it lies from 0).
SPREADS = {"about 0": (1.0, 0.0), "varies little": (0.002, 0.0), "far from 0": (1.0, 1000.0)}
EPSILONS = (1e-3, 0.5)


def spread(draw: Draw, *kinds: str) -> tuple[float, float]:
    return SPREADS[draw.choice("x", kinds or tuple(SPREADS))]


def optional(draw: Draw, name: str, *values: Any) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def images(draw: Draw, least: int) -> tuple[int, ...]:
    """Draw a batch's shape, (N, C) or (N, C, …): a feature has ``least`` values or more, and all sizes differ.

    The simplest is a batch of one with one feature, all of whose values can be shown in a row.
    """
    axes = draw.choice("axes after the features", (1, 0, 2))
    n, *rest = draw.sizes("rows", *"??"[:axes], low=least, high=least + 3)
    if axes and draw.choice("a batch of one", ("yes", "no")) == "yes":
        n = 1
    features = draw.choice("features", [size for size in range(1, 6) if size not in (n, *rest) or size == n == 1])
    return n, features, *rest


def with_upstream(cases: Cases) -> Cases:
    """Put an upstream gradient of x's shape before the arguments."""

    def drawn(draw: Draw) -> Arguments:
        x, *others = cases(draw)
        return draw.array(x.shape), x, *others

    return drawn


def edges_with_upstream(edges: Callable[[], Edges]) -> Callable[[], Edges]:
    def made() -> Edges:
        return {name: (numbers(i, args[0].shape), *args) for i, (name, args) in enumerate(edges().items())}

    return made


def batch_cases(least: int) -> Cases:
    def cases(draw: Draw) -> Arguments:
        shape = images(draw, least)
        training = draw.flag("training")
        scale, offset = spread(draw)
        x, mean = scale * draw.array(shape) + offset, scale * draw.array(shape[1:2]) + offset
        var, weight, bias = (
            scale**2 * draw.array(shape[1:2], "positive"),
            draw.array(shape[1:2]),
            draw.array(shape[1:2]),
        )
        momentum = optional(draw, "momentum", 0.25, 0.75)
        return x, mean, var, weight, bias, training, *momentum, *(optional(draw, "eps", *EPSILONS) if momentum else ())

    return cases


def numbers(start: int, shape: tuple[int, ...]) -> Any:
    """Make different numbers from -5 to 5, in another order for each start."""
    import numpy as np

    count = int(np.prod(shape))
    return ((361 * (np.arange(count) + 7 * count + start)) % 997 - 498.5).reshape(shape) / 100


def kept(channels: int) -> Arguments:
    """Return running mean and variance, weight and bias."""
    mean, var, weight, bias = (numbers(i, (channels,)) for i in range(4))
    return mean, abs(var), weight, bias


def batch_edges() -> Edges:
    import numpy as np

    constant = numbers(4, (4, 3))
    constant[:, 1] = 2.5
    return {
        "one feature": (numbers(1, (5, 1, 7)), *kept(1), True),
        "everything of one size": (numbers(2, (3, 3, 3)), *kept(3), True),
        "two rows": (numbers(3, (2, 7)), *kept(7), True),
        "a constant feature": (constant, *kept(3), True),
        "one row in inference": (numbers(5, (1, 7)), *kept(7), False),
        "momentum 0": (numbers(6, (3, 2)), *kept(2), True, 0.0),
        "momentum 1": (np.array([[1.0, -2.0], [4.0, 0.5], [2.5, 3.0]]), *kept(2), True, 1.0),
    }


def batch_backward_edges() -> Edges:
    found = batch_edges()
    names = ("one feature", "everything of one size", "a constant feature", "one row in inference")
    return {name: found[name] for name in names}


def layer_shape(draw: Draw, least: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Draw the sizes of what is not normalized, none to two axes, and of what is, one or two axes; all differ."""
    leading, last = draw.integer("leading axes", 0, 2), draw.integer("normalized axes", 1, 2)
    sizes = draw.sizes(*"????"[: leading + last], low=least, high=least + 4)
    return sizes[:leading], sizes[leading:]


def layer_cases(least: int, *kinds: str, learnt: int = 2) -> Cases:
    def cases(draw: Draw) -> Arguments:
        leading, normalized_shape = layer_shape(draw, least)
        scale, offset = spread(draw, *kinds)
        weights = [draw.array(normalized_shape) for _ in range(learnt)]
        x = scale * draw.array((*leading, *normalized_shape)) + offset
        return x, normalized_shape, *weights, *optional(draw, "eps", *EPSILONS)

    return cases


def layer_edges(learnt: int = 2) -> Callable[[], Edges]:
    def edges() -> Edges:
        """Make examples in fixed shapes; what is learnt has the normalized shape."""

        def learn(*shape: int) -> Arguments:
            return tuple(numbers(i, shape) for i in range(learnt))

        equal = numbers(3, (2, 3))
        equal[0] = 2.5 if learnt == 2 else 0.0
        return {
            "everything of one size": (numbers(1, (3, 3, 3)), (3, 3), *learn(3, 3)),
            "one example": (numbers(2, (1, 4)), (4,), *learn(4)),
            "an example that does not vary" if learnt == 2 else "an example of zeros": (equal, (3,), *learn(3)),
            "one feature": (numbers(4, (7, 1)), (1,), *learn(1)),
        }

    return edges


def group_cases(draw: Draw) -> Arguments:
    axes = draw.integer("axes after the channels", 0, 2)
    groups = draw.choice("groups", (2, 3, 1))
    n, size, *rest = draw.sizes("examples", "channels of a group", *"??"[:axes], low=2, high=5)
    shape = 1 if draw.flag("a batch of one") else n, groups * size, *rest
    scale, offset = spread(draw)
    x = scale * draw.array(shape) + offset
    return x, groups, draw.array(shape[1:2]), draw.array(shape[1:2]), *optional(draw, "eps", *EPSILONS)


def group_edges() -> Edges:
    equal = numbers(4, (2, 4, 3))
    equal[0, 2:] = 1.5
    weights = {channels: (numbers(1, (channels,)), numbers(2, (channels,))) for channels in (2, 3, 4)}
    return {
        "a group for each channel": (numbers(1, (2, 3, 4)), 3, *weights[3]),
        "as many groups as channels in each": (numbers(2, (3, 4, 2)), 2, *weights[4]),
        "as many examples as channels and columns": (numbers(3, (4, 4, 4)), 2, *weights[4]),
        "a group that does not vary": (equal, 2, *weights[4]),
    }


def detached_statistics(batch_norm, x, running_mean, running_var, weight, bias, training, momentum=None, eps=None):
    """Call batch_norm; where gradients are asked for, tie outputs that carry none to x, with a gradient of 0."""
    options = [option for option in (momentum, eps) if option is not None]
    answer = batch_norm(x, running_mean, running_var, weight, bias, training, *options)
    if not getattr(x, "requires_grad", False):
        return answer
    output, *statistics = answer
    return output, *(one + 0 * x.sum() for one in statistics)


NORMS = tuple(f"torch.nn.functional.{kind}_norm" for kind in ("batch", "instance", "layer", "group", "rms"))


def task(name: str, cases: Cases, edges: Callable[[], Edges], gradient: tuple[str, ...], **options: Any) -> Task:
    return Task(name=name, cases=cases, edges=edges, gradient=gradient, forbid=NORMS, **options)


def backward(of: str, cases: Cases, edges: Callable[[], Edges], **options: Any) -> Task:
    upstream = with_upstream(cases), edges_with_upstream(edges)
    return Task(name=f"{of}_backward", cases=upstream[0], edges=upstream[1], backends=("numpy",), **options)


@hookimpl
def grader_exercises() -> list[Exercise]:
    learnt, near = ("x", "weight", "bias"), ("about 0", "varies little")
    tasks = (
        task("batch_norm", batch_cases(2), batch_edges, learnt, driver=detached_statistics, points=3, minutes=20),
        backward("batch_norm", batch_cases(3), batch_backward_edges, points=3, minutes=30),
        task("layer_norm", layer_cases(2), layer_edges(), learnt, minutes=8),
        backward("layer_norm", layer_cases(3), layer_edges(), points=2, minutes=15),
        task("rms_norm", layer_cases(2, *near, learnt=1), layer_edges(1), learnt[:2], minutes=5),
        backward("rms_norm", layer_cases(3, *near, learnt=1), layer_edges(1), points=2, minutes=15),
        task("group_norm", group_cases, group_edges, learnt, level="stretch", minutes=12),
    )
    return [Exercise(name="normalization", title="Normalization", after=("conv", "optimizer"), tasks=tasks)]

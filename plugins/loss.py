"""Loss functions: one number that says how wrong a model is, and the gradient that learning starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
LEFT_OUT = "left out"


def optional(draw: Draw, name: str, *values: float) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def backward(of: str, cases: Callable[[Draw], Arguments], edges: Callable[[], Edges], **options: Any) -> Task:
    """Declare the backward of a loss: the same cases, after an upstream gradient that is a scalar as the loss is."""

    def with_upstream() -> Edges:
        import numpy as np

        return {name: (np.array(-0.7), *args) for name, args in edges().items()}

    return Task(
        name=f"{of}_backward",
        cases=lambda draw: (draw.array(()), *cases(draw)),
        edges=with_upstream,
        backends=("numpy",),
        **options,
    )


def mse_cases(draw: Draw) -> Arguments:
    shape = draw.shape()
    return draw.array(shape, "normal", "large"), draw.array(shape)


def mse_edges() -> Edges:
    import numpy as np

    return {"one element": (np.array([2.5]), np.array([-0.5]))}


def huber_cases(draw: Draw) -> Arguments:
    """Place the errors on purpose: each branch alone, and both at once."""
    shape = draw.shape()
    delta = optional(draw, "delta", 0.3, 2.5)
    width = delta[0] if delta else 1.0
    target = draw.array(shape)
    where = draw.choice("errors", ("on both sides of delta", "inside delta", "beyond delta"))
    error = draw.array(shape)
    if where == "inside delta":
        error = width * error / (1 + abs(error))
    elif where == "beyond delta":
        error = error + width * (error / abs(error))
    return target + error, target, *delta


def huber_edges() -> Edges:
    import numpy as np

    target = np.array([0.5, -1.5, 2.0])
    return {
        "one element": (np.array([2.5]), np.array([-0.5]), 0.5),
        "errors of exactly delta": (target + np.array([2.0, -2.0, 2.0]), target, 2.0),
        "only negative errors": (target - np.array([0.25, 3.0, 40.0]), target),
        "a wild outlier": (target + np.array([0.25, -0.5, 5000.0]), target, 0.5),
    }


def binary_cases(draw: Draw) -> Arguments:
    shape = draw.shape()
    fill = draw.choice("target", ("binary", "soft"))
    x = draw.array(shape, "normal", "large", "huge", name="logits")
    return x, draw.array(shape, "binary" if fill == "binary" else "uniform")


def binary_edges() -> Edges:
    import numpy as np

    huge = np.array([1000.0, -1000.0, 1000.0])
    return {
        "one element": (np.array([-1.5]), np.array([1.0])),
        "huge logits, all right": (huge, np.array([1.0, 0.0, 1.0])),
        "huge logits, all wrong": (huge, np.array([0.0, 1.0, 0.0])),
        "huge logits, soft targets": (huge, np.array([0.25, 0.5, 0.8])),
    }


def logits(draw: Draw, rows: int, classes: int) -> Any:
    """Make logits that every honest form survives in float32, log-sum-exp minus the logit among them.

    Huge ones are multiples of 300: so far apart that each row's log-sum-exp is its maximum, and the mean of up to six
    of them is exact. Levels differ by 200: exp underflows in float32, if one maximum is taken for all rows.
    """
    kind = draw.choice("logits", ("normal", "huge", "rows at very different levels"))
    if kind == "huge":
        return 300 * draw.array((rows, classes), "integers")
    x = draw.array((rows, classes))
    levels = 100.0 * (-1) ** draw.rng().permutation(rows)[:, None]
    return x if kind == "normal" else x + levels


def class_cases(draw: Draw) -> Arguments:
    rows, classes = draw.sizes("rows", "classes", low=2, high=6)
    x = logits(draw, rows, classes)
    smoothing = optional(draw, "label_smoothing", 0.125, 0.5)
    ignored = draw.choice("ignored rows", ("none", "marked -100", "marked -1", "marked 255", "marked with a class"))
    if ignored == "none":
        return x, draw.indices((rows,), classes), *smoothing
    if ignored == "marked with a class":
        marker = int(draw.indices((), classes))
        target = (marker + 1 + draw.indices((rows,), classes - 1)) % classes  # no kept row has the marker
    else:
        marker = int(ignored.removeprefix("marked "))
        target = draw.indices((rows,), classes)
    target[draw.rng().permutation(rows)[: draw.integer("ignored count", 1, rows - 1)]] = marker
    return (x, target, *smoothing) if marker == -100 else (x, target, *(smoothing or (0.0,)), marker)


def class_edges() -> Edges:
    import numpy as np

    huge = np.array([[1000.0, -1000.0, 10.0], [5.0, -2000.0, 2000.0]])
    levels = np.array([[400.5, 399.25, 401.0], [-400.0, -401.5, -399.5], [0.5, -0.25, 2.0]])
    mixed = np.array([[2.0, -1.0, 0.5], [1.5, 3.0, -0.25], [-2.5, 0.75, 1.0]])
    return {
        "one row": (np.array([[0.5, -1.0, 2.0, 0.25]]), np.array([3])),
        "huge logits, all right": (huge, np.array([0, 2])),
        "huge logits, all wrong": (huge, np.array([1, 0])),
        "huge logits, smoothed": (huge, np.array([0, 2]), 0.1),
        "rows at very different levels": (levels, np.array([0, 2, 1])),
        "one row kept": (mixed, np.array([-100, 1, -100]), 0.2),
        "class 0 ignored": (mixed, np.array([2, 0, 1]), 0.0, 0),
    }


def probability_cases(draw: Draw) -> Arguments:
    """No probability is exactly eps or 1 - eps, where the gradient of a clip is anybody's choice."""
    import numpy as np

    rows, classes = draw.sizes("rows", "classes", low=2, high=6)
    probs = draw.probabilities((rows, classes))
    if draw.choice("probabilities", ("inside", "some exactly 0 and 1")) != "inside":
        certain = draw.rng().permutation(rows)[: rows // 2]
        probs[certain] = np.eye(classes)[draw.indices(certain.shape, classes)]
    if draw.choice("row sums", ("1", "0.8")) == "0.8":
        probs = 0.8 * probs
    eps = optional(draw, "eps", 1e-3, 0.03)
    if draw.choice("target", ("one-hot", "soft")) == "one-hot":
        return probs, np.eye(classes)[draw.indices((rows,), classes)], *eps
    return probs, draw.probabilities((rows, classes)), *eps


def probability_edges() -> Edges:
    import numpy as np

    certain = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    return {
        "one row": (np.array([[0.2, 0.5, 0.3]]), np.array([[0.0, 1.0, 0.0]])),
        "certain and right": (certain, certain),
        "certain and wrong": (certain, certain[::-1].copy()),
        "either side of the default eps": (np.array([[0.5e-7, 0.6, 0.4], [1.5e-7, 0.3, 0.7]]), np.full((2, 3), 0.5)),
        "a wide eps": (np.array([[0.02, 0.9, 0.08]]), np.array([[0.3, 0.6, 0.1]]), 0.05),
    }


MSE = ("torch.nn.functional.mse_loss",)
HUBER = ("torch.nn.functional.huber_loss", "torch.nn.functional.smooth_l1_loss")
BINARY = (
    "torch.nn.functional.binary_cross_entropy_with_logits",
    "torch.nn.functional.binary_cross_entropy",
    "torch.nn.functional.multilabel_soft_margin_loss",
    "torch.nn.functional.soft_margin_loss",
)
CLASSES = ("torch.nn.functional.cross_entropy", "torch.nn.functional.nll_loss")


@hookimpl
def grader_exercises() -> list[Exercise]:
    return [
        Exercise(
            name="loss",
            title="Loss functions",
            after=("network",),
            tasks=(
                Task(name="mse_loss", cases=mse_cases, edges=mse_edges, gradient=("x",), forbid=MSE, minutes=3),
                backward("mse_loss", mse_cases, mse_edges, minutes=5),
                Task(name="huber_loss", cases=huber_cases, edges=huber_edges, gradient=("x",), forbid=HUBER, minutes=8),
                backward("huber_loss", huber_cases, huber_edges, minutes=8),
                Task(
                    name="binary_cross_entropy_with_logits",
                    cases=binary_cases,
                    edges=binary_edges,
                    gradient=("x",),
                    forbid=BINARY,
                    points=2,
                    minutes=15,
                ),
                backward("binary_cross_entropy_with_logits", binary_cases, binary_edges, minutes=10),
                Task(
                    name="cross_entropy",
                    cases=class_cases,
                    edges=class_edges,
                    gradient=("x",),
                    forbid=CLASSES,
                    points=3,
                    minutes=25,
                ),
                backward("cross_entropy", class_cases, class_edges, points=2, minutes=20),
                Task(
                    name="categorical_cross_entropy",
                    cases=probability_cases,
                    edges=probability_edges,
                    gradient=("probs",),
                    level="stretch",
                ),
                backward("categorical_cross_entropy", probability_cases, probability_edges, level="stretch"),
            ),
        )
    ]

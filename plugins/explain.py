"""Explanations: what a network's answer rests on, by gradients, by covering parts of the input, and by attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Edge, Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Edge | Arguments]
# Biases are moved by this: sums of products of rounded numbers are then never exactly at relu's kink.
OFF_THE_GRID = 1 / 64
USES = {
    "activation": ("relu", "relu_backward"),
    "backprop": ("linear", "linear_backward"),
}


def network(draw: Draw) -> Arguments:
    """Draw images, a class for each, and the parameters of a network; all sizes differ."""
    n, channels, height, width, hidden, classes = draw.sizes("N", "C", "H", "W", "hidden", "classes", low=1, high=7)
    shape, classes = (channels, height, width), classes + 1
    inputs = channels * height * width
    params = (
        draw.array((hidden, inputs)),
        draw.array((hidden,)) + OFF_THE_GRID,
        draw.array((classes, hidden)),
        draw.array((classes,)),
    )
    return draw.array((n, *shape)), draw.indices((n,), classes), params


def with_baseline(draw: Draw) -> Arguments:
    x, target, params = network(draw)
    return x, draw.array(x.shape[1:]) + OFF_THE_GRID / 2, target, params


def model_cases(draw: Draw) -> Arguments:
    """Draw a network, the mode in which it is left by whoever has it, and what is on its parameters already."""
    x, target, params = network(draw)
    training = draw.flag("in training mode")
    return x, target, params, tuple(draw.array(one.shape) for one in params), training


def explain_model(model_gradient, x, target, params, grads, training):
    """Return the gradient of a model that is in use, and how the model and the image are left."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.params = torch.nn.ParameterList([one.clone() for one in params])
            for param, grad in zip(self.params, grads, strict=True):
                param.grad = grad.clone()

        def forward(self, x):
            w1, b1, w2, b2 = self.params
            pre = x.flatten(1) @ w1.T + b1
            return (-pre if self.training else pre).clamp(min=0) @ w2.T + b2  # in training, other units are awake

    model = Model().train(training)
    found = model_gradient(model, x, target)
    left = tuple(param.grad for param in model.params)
    return found, found.requires_grad, left, model.training, x.requires_grad


def integrated_cases(draw: Draw) -> Arguments:
    return *with_baseline(draw), draw.choice("steps", (3, 1, 2, 8))


def gap_cases(draw: Draw) -> Arguments:
    x, *others = with_baseline(draw)
    return draw.array(x.shape), x, *others


def occlusion_cases(draw: Draw) -> Arguments:
    """Draw patches that fit the image, some of which leave a margin that no place reaches."""
    x, target, params = network(draw)
    height, width = x.shape[2:]
    size = draw.integer("kH", 1, min(3, height)), draw.integer("kW", 1, min(3, width))
    stride = draw.integer("sH", 1, 3), draw.integer("sW", 1, 3)
    left = (height - size[0]) % stride[0] or (width - size[1]) % stride[1]
    draw.label("a margin is left", "yes" if left else "no")
    value = draw.choice("value", ("left out", 0.5, -1.0))
    return x, target, params, size, stride, *(() if value == "left out" else (value,))


def rollout_cases(draw: Draw) -> Arguments:
    layers, heads, length = draw.sizes("layers", "heads", "length", low=1, high=5)
    return (draw.probabilities((layers, heads, length, length)),)


def small() -> tuple[Any, Any, Arguments]:
    """Return two images of one channel, 2 by 3, and a network of three hidden units and two classes."""
    import numpy as np

    x = np.array([[[[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]], [[[0.5, 2.0, -1.5], [-0.5, 1.0, 4.0]]]])
    w1 = np.array(
        [[0.5, -1.0, 0.25, 1.5, -0.5, 1.0], [-0.75, 0.5, 1.0, -0.25, 2.0, 0.5], [1.0, 1.0, -0.5, 0.75, -1.0, 0.25]]
    )
    params = w1, np.array([0.3, -0.2, 0.1]), np.array([[1.0, -2.0, 0.5], [0.75, 1.5, -1.0]]), np.array([0.5, -0.25])
    return x, np.array([1, 0]), params


def asleep_edges() -> Edges:
    import numpy as np

    x, target, (w1, _, w2, b2) = small()
    return {"all hidden units asleep": (x, target, (w1, np.full(3, -50.0), w2, b2))}


def occlusion_edges() -> Edges:
    x, target, params = small()
    return {
        "the patch is the image": (x, target, params, (2, 3), (1, 1)),
        "a stride beyond the patch": (x, target, params, (1, 1), (1, 2), 0.75),
    }


def integrated_edges() -> Edges:
    x, target, params = small()
    return {"the image is the baseline": (x, x[0], target, params, 4)}


def task(name: str, cases: Any, **options: Any) -> Task:
    return Task(name=name, cases=cases, drawn=60, **options)


@hookimpl
def grader_exercises() -> list[Exercise]:
    tasks = (
        task("class_score", network, gradient=("x",), minutes=5),
        task("input_gradient", network, edges=asleep_edges, points=2, minutes=15),
        task("model_gradient", model_cases, driver=explain_model, backends=("torch",), minutes=12),
        task("saliency", network, minutes=4),
        task("integrated_gradients", integrated_cases, edges=integrated_edges, points=2, minutes=15),
        task("completeness_gap", gap_cases, minutes=8),
        task("occlusion", occlusion_cases, edges=occlusion_edges, points=2, minutes=15),
        task("attention_rollout", rollout_cases, points=2, minutes=12),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    after = "mlp", "attention", "diagnosis"
    return [Exercise(name="explain", title="Why did the network say that?", after=after, tasks=tasks, uses=uses)]

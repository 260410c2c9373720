"""Networks as functions: a neuron, a layer of neurons, layers in a row, and how many numbers there are to learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
LEFT_OUT = "left out"
BENDS = ("relu", "sigmoid", "tanh", "linear")
# Biases are moved by this: sums of products of rounded numbers are then never exactly at relu's kink.
OFF_THE_GRID = 1 / 64


def optional(draw: Draw, name: str, *values: Any) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def bias_of(draw: Draw, shape: tuple[int, ...]) -> Any:
    import numpy as np

    return np.asarray(draw.array(shape) + OFF_THE_GRID)


def neuron_cases(draw: Draw) -> Arguments:
    inputs, *batch = draw.sizes("in", *"??"[: draw.integer("batch axes", 0, 2)])
    x, weight = draw.array((*batch, inputs)), draw.array((inputs,)) / 2
    return x, weight, bias_of(draw, ()), *optional(draw, "activation", *BENDS)


def neuron_edges() -> Edges:
    import numpy as np

    x, weight = np.array([[2.0, -0.5, 4.0], [1.0, 3.0, -2.0]]), np.array([0.5, -1.5, 0.25])
    return {
        "one input": (np.array([[3.0], [-2.0]]), np.array([1.5]), np.array(0.25)),
        "as many rows as inputs": (np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.75, -0.5]), np.array(1.0), "tanh"),
        "empty batch": (np.zeros((0, 3)), weight, np.array(0.5)),
        "huge sums, both signs": (1000 * x, weight, np.array(-0.5)),
    }


def dense_cases(draw: Draw) -> Arguments:
    inputs, outputs, *batch = draw.sizes("in", "out", *"??"[: draw.integer("batch axes", 0, 2)])
    bias = draw.choice("bias", ("given", "given", "None", LEFT_OUT))
    x, weight = draw.array((*batch, inputs)), draw.array((outputs, inputs)) / 2
    if bias == LEFT_OUT:
        return x, weight
    activation = optional(draw, "activation", *BENDS, "softmax", "softmax")
    return x, weight, bias_of(draw, (outputs,)) if bias == "given" else None, *activation


def dense_edges() -> Edges:
    import numpy as np

    x, bias = np.array([[2.0, -0.5, 4.0], [1.0, 3.0, -2.0]]), np.array([1.5, -2.0])
    weight = np.array([[0.5, -1.5, 2.0], [3.0, 0.25, -0.75]])
    square = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    return {
        "one neuron": (x, weight[:1], bias[:1], "relu"),
        "square weight": (x, square, np.array([0.5, -1.0, 2.0])),
        "as many rows as outputs": (x, weight, bias),
        "empty batch": (np.zeros((0, 3)), weight, bias, "softmax"),
        "huge sums, softmax": (1000 * x, weight, bias, "softmax"),
    }


def stack(draw: Draw, least: int = 1) -> tuple[tuple[int, ...], Arguments, Arguments]:
    """Draw the shape of a batch, weights and biases of layers that fit each other, all sizes different."""
    layers, axes = draw.integer("layers", least, 3), draw.choice("batch axes", (1, 0, 2))
    inputs, *sizes = draw.sizes("in", *"???"[:layers], *"??"[:axes], low=2, high=8)
    outputs, batch = sizes[:layers], sizes[layers:]
    pairs = zip((inputs, *outputs), outputs, strict=False)
    weights = tuple(draw.array((rows, columns)) / 2 for columns, rows in pairs)
    return (*batch, inputs), weights, tuple(bias_of(draw, (size,)) for size in outputs)


def forward_cases(draw: Draw) -> Arguments:
    shape, weights, biases = stack(draw)
    activation = optional(draw, "activation", *BENDS)
    last = optional(draw, "output_activation", "softmax", "sigmoid", "relu") if activation else ()
    return draw.array(shape), weights, biases, *activation, *last


def forward_edges() -> Edges:
    import numpy as np

    x = np.array([[2.0, -0.5], [1.0, 3.0], [-1.5, 0.25]])
    first, second = np.array([[0.5, -1.5], [3.0, 0.25]]), np.array([[-0.75, 1.25], [0.5, 2.0]])
    weights, biases = (first, second), (np.array([0.5, -1.0]), np.array([0.25, 1.5]))
    return {
        "one layer": (x, weights[:1], biases[:1], "tanh"),
        "one layer, softmax": (x, weights[:1], biases[:1], "relu", "softmax"),
        "square layers": (x, weights, biases),
        "empty batch": (x[:0], weights, biases, "relu", "softmax"),
        "huge sums, softmax": (1000 * x, weights, biases, "relu", "softmax"),
    }


def collapse_cases(draw: Draw) -> Arguments:
    return stack(draw)[1:]


def collapse_edges() -> Edges:
    _, weights, biases, *_ = forward_edges()["square layers"]
    return {"one layer": (weights[:1], biases[:1]), "square layers": (weights, biases)}


def size_cases(draw: Draw) -> Arguments:
    """Draw layers of different sizes, none so small that a sum is a product."""
    layers = draw.integer("layers", 1, 4)
    return draw.sizes(*"?????"[: layers + 1], low=3, high=12), *optional(draw, "bias", True, False)


def size_edges() -> Edges:
    return {
        "784-32-10, for images of digits": ((784, 32, 10),),
        "without biases": ((784, 32, 10), False),
        "one neuron": ((3, 1),),
        "equal sizes": ((7, 7, 7, 7),),
    }


def layer(draw: Draw, number: int) -> tuple[Any, ...]:
    kinds = ("dense", "conv2d", "rnn", "max_pool2d", "flatten", "relu")
    kind = draw.choice(f"layer {number}", kinds)
    one, two, height, width = (int(size) for size in draw.rng().permutation(range(2, 10))[:4])
    sizes = {"conv2d": (one, two, (height, width)), "max_pool2d": ((height, width),), "flatten": (), "relu": ()}
    return kind, *sizes.get(kind, (one, two))


def layer_cases(draw: Draw) -> Arguments:
    return (tuple(layer(draw, number) for number in range(1, 1 + draw.integer("layers", 1, 4))),)


def layer_edges() -> Edges:
    digits = (
        *(("conv2d", 1, 32, (3, 3)), ("relu",), ("max_pool2d", (2, 2))),
        *(("conv2d", 32, 64, (3, 3)), ("relu",), ("max_pool2d", (2, 2))),
        *(("flatten",), ("dense", 1600, 64), ("relu",), ("dense", 64, 10)),
    )
    return {
        "a convolutional network for images of digits": (digits,),
        "a recurrent network with one output": ((("rnn", 10, 50), ("dense", 50, 1)),),
        "a 1 × 1 kernel": ((("conv2d", 5, 3, (1, 1)),),),
        "nothing to learn": ((("flatten",), ("relu",)),),
    }


def count(count_parameters, layers, frozen, tied, *options):
    """Build a module, some of its layers inside another and some frozen, and let the learner count."""
    import torch

    kinds = {"linear": torch.nn.Linear, "conv2d": torch.nn.Conv2d, "batch_norm": torch.nn.BatchNorm1d}
    modules = [kinds[name](*sizes) for name, *sizes in layers]
    for index in frozen:
        modules[index].requires_grad_(False)
    if tied:
        table, scores = torch.nn.Embedding(7, 3), torch.nn.Linear(3, 7, bias=False)
        scores.weight = table.weight
        modules += [table, scores]
    return count_parameters(torch.nn.Sequential(torch.nn.Sequential(*modules[:1]), *modules[1:]), *options)


def module_cases(draw: Draw) -> Arguments:
    layers = []
    for number in range(1, 1 + draw.integer("layers", 1, 3)):
        kind = draw.choice(f"layer {number}", ("linear", "conv2d", "batch_norm"))
        sizes = [int(size) for size in draw.rng().permutation(range(2, 9))]
        layers.append((kind, *sizes[: {"linear": 2, "conv2d": 3, "batch_norm": 1}[kind]]))
    frozen = [number for number in range(len(layers)) if draw.flag(f"layer {number + 1} frozen")]
    tied = draw.flag("an embedding shares its weight with the last layer")
    return tuple(layers), tuple(frozen), tied, *optional(draw, "trainable_only", True, False)


def module_edges() -> Edges:
    layers = ("linear", 784, 32), ("linear", 32, 10)
    return {
        "784-32-10, for images of digits": (layers, (), False),
        "all frozen": (layers, (0, 1), False, True),
        "a weight in two places": (layers[1:], (), True),
        "running statistics, and equal numbers": ((("batch_norm", 5), ("batch_norm", 5)), (), False),
    }


LINEAR = ("torch.nn.functional.linear",)


def task(name: str, cases: Callable[[Draw], Arguments], edges: Callable[[], Edges], **options: Any) -> Task:
    return Task(name=name, cases=cases, edges=edges, **options)


@hookimpl
def grader_exercises() -> list[Exercise]:
    layered: Any = {"gradient": ("x", "weight", "bias"), "forbid": LINEAR}
    stacked: Any = {"gradient": ("x", "weights", "biases"), "forbid": LINEAR, "points": 2}
    counted: Any = {"dtypes": (), "backends": ("numpy",)}
    modules: Any = {"dtypes": (), "backends": ("torch",), "driver": count}
    collapsed: Any = {"gradient": ("weights", "biases"), "level": "stretch"}
    tasks = (
        task("neuron", neuron_cases, neuron_edges, **layered, minutes=5),
        task("dense", dense_cases, dense_edges, **layered, minutes=6),
        task("forward", forward_cases, forward_edges, **stacked, minutes=10),
        task("layer_outputs", forward_cases, forward_edges, **stacked, minutes=6),
        task("parameter_count", size_cases, size_edges, **counted, minutes=5),
        task("parameter_counts", layer_cases, layer_edges, **counted, minutes=12),
        task("count_parameters", module_cases, module_edges, **modules, minutes=8),
        task("collapse", collapse_cases, collapse_edges, **collapsed, minutes=12),
    )
    return [Exercise(name="network", title="Networks", after=("activation",), tasks=tasks)]

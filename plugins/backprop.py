"""Back-propagation: gradients of whole computations, by hand, and by a program that walks the chain rule backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from grader import Edge, Exercise, Task, Tolerance, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Edge | Arguments]
Cases = Callable[["Draw"], Arguments]
LEFT_OUT = "left out"
BINARY, UNARY = ("add", "sub", "mul", "div", "matmul"), ("relu", "exp", "log", "sum")


def quarters(rng: Any, shape: tuple[int, ...], positive: bool = False) -> Any:
    """Make multiples of 1/4, easy to follow and exact in every dtype; as few alike as there can be, none 0 or ±1."""
    import numpy as np

    sizes = np.resize(rng.permutation([1, 2, 3, 5, 6, 7, 9, 10]), shape or 1)
    signs = 1 if positive else rng.choice([-1, 1], shape or 1)
    return rng.permuted(sizes * signs / 4).reshape(shape)


def linear_cases(draw: Draw) -> Arguments:
    inputs, outputs, *batch = draw.sizes("in", "out", *"??"[: draw.integer("batch axes", 0, 2)])
    bias = draw.choice("bias", (LEFT_OUT, "None", "given", "given"))
    x, weight = draw.array((*batch, inputs)), draw.array((outputs, inputs))
    return x, weight, *{LEFT_OUT: (), "None": (None,), "given": (draw.array((outputs,)),)}[bias]


def linear_edges() -> Edges:
    import numpy as np

    row, bias = np.array([[2.0, -0.5, 4.0]]), np.array([1.5, -2.0])
    weight = np.array([[0.5, -1.5, 2.0], [3.0, 0.25, -0.75]])
    return {
        "one row": (row, weight, bias),
        "one input and one output": (np.array([[3.0], [-2.0]]), np.array([[1.5]]), np.array([0.25])),
        "square weight": (row, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])),
        "empty batch": (np.zeros((0, 3)), weight, bias),
    }


def linear_backward_cases(draw: Draw) -> Arguments:
    x, weight, *bias = linear_cases(draw)
    return draw.array((*x.shape[:-1], len(weight))), x, weight, *bias


def linear_backward_edges() -> Edges:
    return {name: (upstream((*args[0].shape[:-1], len(args[1]))), *args) for name, args in linear_edges().items()}


def upstream(shape: tuple[int, ...]) -> Any:
    import numpy as np

    return np.resize([0.5, -1.25, 2.0, 0.75], shape or 1).reshape(shape)


def differentiate(numerical_gradient, function, x, weight, *eps):
    """Give the learner's function one of a few functions of x, which work on arrays and on tensors alike."""
    functions = {
        "a sum of cubes": lambda x: (weight * x**3).sum(),
        "a sum of quotients": lambda x: (weight / (2 + x * x)).sum(),
        "the square of a sum": lambda x: (weight * x).sum() ** 2,
        "a sum of absolute values": lambda x: (weight * abs(x)).sum(),
    }
    return numerical_gradient(functions[function], x, *eps)


def function_cases(draw: Draw) -> Arguments:
    function = draw.choice("function", ("a sum of cubes", "a sum of quotients", "the square of a sum"))
    shape, eps = draw.shape(1, 2, largest=4), draw.choice("eps", (LEFT_OUT, 1e-4, 0.125))
    return function, draw.array(shape), draw.array(shape), *(() if eps == LEFT_OUT else (eps,))


def function_edges() -> Edges:
    import numpy as np

    kinks = np.array([0.5e-5, -1.25e-5, 3.0])
    return {
        "scalar (0-d) input": ("a sum of cubes", np.array(-1.5), np.array(2.0)),
        "kinks nearer and further than eps": ("a sum of absolute values", kinks, np.array([1.0, 2.0, 0.5])),
    }


def mlp_cases(draw: Draw) -> Arguments:
    """Draw inputs and parameters; b1 is off the grid of the products, so that no hidden unit is exactly at the kink."""
    rows, features, hidden, classes = draw.sizes("rows", "features", "hidden", "classes", low=2, high=6)
    x, w1, w2 = (quarters(draw.rng(), shape) for shape in ((rows, features), (hidden, features), (classes, hidden)))
    b1, b2 = quarters(draw.rng(), (hidden,)) + 1 / 64, quarters(draw.rng(), (classes,))
    return x, w1 / 2, b1, w2 / 4, b2


def training_cases(draw: Draw) -> Arguments:
    x, *parameters = mlp_cases(draw)
    return x, draw.indices((len(x),), len(parameters[-1])), *parameters


def training_edges() -> Edges:
    import numpy as np

    w1, b1 = np.array([[0.5, -0.25], [-1.0, 0.75], [0.25, 1.5]]), np.array([0.25, -0.5, 1.0])
    w2, b2 = np.array([[0.5, -1.0, 0.75], [1.25, 0.5, -0.25]]), np.array([0.5, -0.25])
    inputs = {
        "one row": ([[2.0, -3.0]], [1]),
        "a hidden unit of exactly 0": ([[0.5, 2.0], [3.0, 1.0]], [0, 1]),
        "logits in the thousands": ([[2000.0, 500.0], [-3000.0, 4000.0]], [1, 0]),
    }
    return {name: (np.array(x), np.array(target), w1, b1, w2, b2) for name, (x, target) in inputs.items()}


def judge_order(topological_order, parents):
    """Say in words what is wrong with an order: there are many right ones."""
    order = [int(node) for node in topological_order(parents)]
    place = {node: at for at, node in enumerate(order)}
    problems = [f"node {node} is missing" for node in range(len(parents)) if node not in place]
    again = dict.fromkeys(node for at, node in enumerate(order) if place[node] > at)
    problems += [f"node {node} occurs {order.count(node)} times" for node in again]
    problems += [f"there is no node {node}" for node in place if not 0 <= node < len(parents)]
    for node in () if problems else order:
        late = [one for one in dict.fromkeys(parents[node]) if place[one] > place[node]]
        problems += [f"node {node} comes before its input {one}" for one in late]
    return "; ".join(problems[:20]) or "every node comes after its inputs"


def graph_cases(draw: Draw) -> Arguments:
    """Draw a graph whose numbers are shuffled: inputs are chosen among the nodes before, then all get new names."""
    nodes, most = draw.integer("nodes", 1, 8), draw.integer("inputs of a node, at most", 1, 3)
    rng = draw.rng()
    name = rng.permutation(nodes).tolist()
    parents = {0: ()}
    for node in range(1, nodes):
        earlier = rng.integers(max(0, node - 4), node, rng.integers(most + 1)).tolist()
        parents[node] = tuple(name[one] for one in earlier)
    return (tuple(parents[name.index(node)] for node in range(nodes)),)


def graph_edges() -> Edges:
    return {
        "a long and a short way to one node": (((1, 3), (2,), (3,), ()),),
        "the same input twice": (((1, 1), (2, 2), ()),),
        "two graphs that are not connected": (((1,), (), (3,), ()),),
        "a chain of 1500 nodes": ((*((node + 1,) for node in range(1499)), ()),),
    }


def computed(name: str, *inputs: Any) -> Any:
    """Return an operation's result; None where it is undefined, too near a kink, ill-conditioned or large."""
    import numpy as np

    smallest, last = np.abs(inputs[-1]).min(), inputs[-1]
    refused = {
        "div": smallest < 0.4,
        "relu": smallest < 0.03,
        "exp": last.max() > 2,
        "log": last.min() < 0.2,
        "matmul": any(value.ndim != 2 for value in inputs),
    }
    names = {"sub": "subtract", "mul": "multiply", "div": "divide"}
    run = (lambda a: np.maximum(a, 0)) if name == "relu" else getattr(np, names.get(name, name))
    try:
        value = None if refused.get(name) else np.asarray(run(*inputs))
    except ValueError:  # the shapes do not fit
        return None
    return None if value is None or np.abs(value).max() > 20 else value


def choices(rng: Any, values: int, inputs: int, unused: set[int]) -> list[tuple[int, ...]]:
    """Return all ways to choose inputs, in random order, those earlier that leave less unused."""
    found = list(product(range(values), repeat=inputs))
    rank = rng.random(len(found)).tolist()
    return [way for _, way in sorted((rank[i] - 0.4 * len(unused & {*way}), way) for i, way in enumerate(found))]


def tape(draw: Draw) -> tuple[Any, Any, Any]:
    """Draw leaves and operations that fit each other, and return them with the last value."""
    n, m, k = draw.sizes("n", "m", "k", low=1, high=4)
    count, steps = draw.integer("leaves", 1, 4), draw.integer("operations", 1, 6)
    rng = draw.rng()
    shapes = [(m, k), (m, k), (n, m), (m,), (n, 1), (1, m), (), (k,), (1,)]
    shapes = [(n, m), *(shapes[i] for i in rng.permutation(len(shapes)))][:count]
    values, ops = [quarters(rng, shape, positive=rng.random() < 0.4) for shape in shapes], []
    while len(ops) < steps:
        name, unused = str(rng.choice(BINARY + UNARY)), set(range(len(values))) - {i for _, used in ops for i in used}
        for inputs in choices(rng, len(values), 2 if name in BINARY else 1, unused):
            if (value := computed(name, *(values[i] for i in inputs))) is not None:
                values.append(value)
                ops.append((name, inputs))
                break
    label(draw, values, count, ops)
    return tuple(values[:count]), tuple(ops), values[-1]


def label(draw: Draw, values: list[Any], leaves: int, ops: list[tuple[str, tuple[int, ...]]]) -> None:
    used = [i for _, inputs in ops for i in inputs]
    shapes = [{values[i].shape for i in inputs} for name, inputs in ops if name != "matmul"]
    labels = {name: any(name == one for one, _ in ops) for name in BINARY + UNARY}
    labels["broadcasting"] = any(len(one) > 1 for one in shapes)
    labels["a value used twice"] = len(set(used)) < len(used)
    labels["an unused leaf"] = not set(range(leaves)) <= set(used)
    for name, holds in labels.items():
        draw.label(name, "yes" if holds else "no")


def tape_backward_cases(draw: Draw) -> Arguments:
    leaves, ops, value = tape(draw)
    return draw.array(value.shape), leaves, ops


def tape_edges(*, backward: bool = False) -> Edges:
    import numpy as np

    matrix, square = np.array([[0.5, -1.5, 2.0], [3.0, 0.25, -0.75]]), np.array([[0.5, 2.0], [-1.5, 3.0]])
    column, row, scalar = np.array([[2.0], [-0.5]]), np.array([1.5, -2.0, 0.25]), np.array(3.0)
    reuse = (("exp", (0,)), ("mul", (1, 1)), ("add", (2, 1)), ("sub", (3, 0)))
    edges = {
        "a value times itself": ((2, 3), (matrix,), (("mul", (0, 0)),)),
        "a square matrix times itself": ((2, 2), (square,), (("matmul", (0, 0)),)),
        "ways of different length to one leaf": ((3,), (row,), reuse),
        "a row, a column and a scalar": ((2, 3), (row, column, scalar), (("sub", (0, 1)), ("div", (3, 2)))),
        "divided by its sum": ((2, 3), (matrix,), (("sum", (0,)), ("div", (0, 1)))),
        "an operation in vain": ((), (matrix, row), (("mul", (0, 1)), ("exp", (1,)), ("sum", (2,)))),
    }
    if not backward:
        return {name: tuple(args) for name, (_, *args) in edges.items()}
    edges["an unused leaf"] = ((2, 3), (row, matrix, column), (("add", (1, 2)),))
    kink = Edge(args=(upstream((3,)), (np.array([0.0, -3.0, 2.0]),), (("relu", (0,)),)), smooth=False)
    return {name: (upstream(shape), *args) for name, (shape, *args) in edges.items()} | {"relu of exactly 0": kink}


def tape_backward_edges() -> Edges:
    return tape_edges(backward=True)


def tensor_cases(draw: Draw) -> Arguments:
    """Sometimes leave the upstream gradient out, where the result is a scalar; call backward once or twice."""
    grad_output, *program = tape_backward_cases(draw)
    left_out = grad_output.ndim == 0 and draw.flag("upstream gradient left out")
    return None if left_out else grad_output, *program, draw.integer("calls of backward", 1, 2)


def tensor_edges() -> Edges:
    return {name: (*getattr(edge, "args", edge), 2) for name, edge in tape_backward_edges().items()}


def use_tensors(Tensor, grad_output, leaves, ops, calls):
    """Run a tape with the learner's tensors, and return its value and the gradients of the leaves."""
    import operator

    import numpy as np

    binary = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv}
    binary["matmul"] = operator.matmul
    nodes = [Tensor(leaf) for leaf in leaves]
    for name, inputs in ops:
        tensors = [nodes[i] for i in inputs]
        nodes.append(binary[name](*tensors) if name in binary else getattr(tensors[0], name)())
    for _ in range(calls):
        nodes[-1].backward() if grad_output is None else nodes[-1].backward(grad_output)
    grads = [node.grad for node in nodes[: len(leaves)]]
    return nodes[-1].data, tuple(np.zeros_like(a) if b is None else b for a, b in zip(leaves, grads, strict=True))


def apply_twice(ReLU, x, other, grad_output):
    """Apply the learner's function twice in one graph, where both uses are handed the same upstream gradient."""
    import torch

    inputs = x.detach().requires_grad_(True), other.detach().requires_grad_(True)
    outputs = tuple(ReLU.apply(one) for one in inputs)
    return outputs, torch.autograd.grad(((outputs[0] + outputs[1]) * grad_output).sum(), inputs)


def relu_cases(draw: Draw) -> Arguments:
    shape, fill = draw.shape(), draw.choice("values", ("normal", "ties"))
    return draw.array(shape, fill), draw.array(shape, fill), draw.array(shape)


def relu_edges() -> Edges:
    import numpy as np

    x = np.array([-2.0, 0.0, 3.0, 0.0])
    return {"exactly 0": (x, -x, upstream((4,)))}


AUTOGRAD = ("torch.autograd.grad", "torch.autograd.backward")
LINEAR = ("torch.nn.functional.linear",)
PARAMETERS = ("w1", "b1", "w2", "b2")
# Central differences lose many digits: f's rounding error, divided by 2e-5, stays under this; one-sided ones do not.
ROUGH = Tolerance(rtol=1e-7, atol=1e-7)


def task(name: str, cases: Cases, edges: Callable[[], Edges] = dict, **options: Any) -> Task:
    return Task(name=name, cases=cases, edges=edges, **options)


def numpy_task(name: str, cases: Cases, edges: Callable[[], Edges] = dict, **options: Any) -> Task:
    return task(name, cases, edges, backends=("numpy",), **options)


@hookimpl
def grader_exercises() -> list[Exercise]:
    rough: Any = {"driver": differentiate, "dtypes": ("float64",), "tolerance": ROUGH, "drawn": 60}
    by_hand: Any = {"forbid": AUTOGRAD, "points": 3, "minutes": 30, "drawn": 70}
    order: Any = {"driver": judge_order, "dtypes": ()}
    objects: Any = {"driver": use_tensors, "points": 3, "minutes": 40, "level": "stretch", "drawn": 70}
    function: Any = {"driver": apply_twice, "backends": ("torch",), "minutes": 15, "level": "stretch", "drawn": 60}
    tasks = (
        task("linear", linear_cases, linear_edges, gradient=("x", "weight", "bias"), forbid=LINEAR, minutes=4),
        numpy_task("linear_backward", linear_backward_cases, linear_backward_edges, points=2, minutes=15),
        task("numerical_gradient", function_cases, function_edges, forbid=AUTOGRAD, points=2, minutes=12, **rough),
        task("mlp_forward", mlp_cases, gradient=("x", *PARAMETERS), minutes=5),
        task("mlp_loss_and_grads", training_cases, training_edges, **by_hand),
        numpy_task("topological_order", graph_cases, graph_edges, points=2, minutes=20, **order),
        task("tape_forward", lambda draw: tape(draw)[:2], tape_edges, gradient=("leaves",)),
        numpy_task("tape_backward", tape_backward_cases, tape_backward_edges, points=4, minutes=40),
        numpy_task("Tensor", tensor_cases, tensor_edges, **objects),
        task("ReLU", relu_cases, relu_edges, **function),
    )
    return [Exercise(name="backprop", title="Back-propagation", after=("network", "loss"), tasks=tasks)]

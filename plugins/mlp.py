"""A whole network that learns: two linear layers with relu between them tell handwritten digits apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Tolerance, Training, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
# Biases are moved by this: sums of products of rounded numbers are then never exactly at relu's kink.
OFF_THE_GRID = 1 / 64
# Weights are made this much smaller, so that softmax is seldom saturated: where a gradient is nothing but rounding, so
# is the direction of Adam's step.
SMALL = 0.5
FEATURES, HIDDEN, CLASSES = 784, 32, 10
EPOCHS, BATCH_SIZE, LEARNING_RATE = 10, 32, 0.002
USES = {
    "activation": ("relu", "relu_backward"),
    "loss": ("cross_entropy", "cross_entropy_backward"),
    "backprop": ("linear", "linear_backward"),
    "optimizer": ("adam",),
}


def network(draw: Draw) -> tuple[Any, Any, Arguments]:
    """Draw a batch, its labels and the parameters of a network, all sizes different."""
    features, hidden, classes, count = draw.sizes("features", "hidden", "classes", "examples", low=2, high=6)
    weights = SMALL * draw.array((hidden, features)), SMALL * draw.array((classes, hidden))
    biases = draw.array((hidden,)) + OFF_THE_GRID, draw.array((classes,))
    x, target = draw.array((count, features)), draw.indices((count,), classes)
    return x, target, (weights[0], biases[0], weights[1], biases[1])


def small(rows: int = 3, *, scale: float = 1.0) -> tuple[Any, Any, Arguments]:
    """Return a batch, its labels and a network of 2 features, 3 hidden units and 3 classes; no unit is at its kink."""
    import numpy as np

    x = np.array([[2.0, -1.0], [0.5, 1.5], [-1.0, -2.0]])
    w1, b1 = np.array([[0.5, -0.25], [-1.0, 0.75], [0.25, 1.5]]), np.array([0.25, -0.5, 0.875])
    w2 = np.array([[0.5, -1.0, 0.75], [1.25, 0.5, -0.25], [-0.5, 0.25, 1.0]])
    return x[:rows], np.array([1, 0, 1])[:rows], (w1, b1, scale * w2, np.array([0.5, -0.25, 0.125]))


def forward_cases(draw: Draw) -> Arguments:
    x, _, params = network(draw)
    return x, params


def forward_edges() -> Edges:
    x, _, (w1, b1, w2, b2) = small()
    return {"one row": (x[:1], (w1, b1, w2, b2)), "one hidden unit": (x, (w1[:1], b1[:1], w2[:, :1], b2))}


def gradient_edges() -> Edges:
    """Return edges for one batch. Units at exactly 0 get no gradient from above: so every slope there is right."""
    import numpy as np

    x, target, params = small()
    return {
        "one row": small(1),
        "all weights 0": (x, target, tuple(np.zeros_like(param) for param in params)),
        "logits in the thousands": small(scale=1024.0),
    }


def step_cases(draw: Draw) -> Arguments:
    """Draw a state as it is after some steps, or before the first."""
    import numpy as np

    x, target, params = network(draw)
    step, lr = draw.choice("step", (1, 2, 7)), draw.choice("lr", (0.1, 0.01))
    state = [tuple(draw.array(param.shape) / 8 for param in params) for _ in range(2)]
    exp_avg, root = ([np.zeros_like(one) for one in part] if step == 1 else part for part in state)
    return x, target, params, tuple(exp_avg), tuple(one**2 for one in root), step, lr


def step_edges() -> Edges:
    import numpy as np

    x, target, params = small()
    zeros = tuple(np.zeros_like(param) for param in params)
    dead = params[0], params[1] - np.array([0.0, 64.0, 0.0]), *params[2:]
    return {
        "one row": (*small(1), zeros, zeros, 1, 0.125),
        "a dead unit, without any gradient": (x, target, dead, zeros, zeros, 1, 0.125),
    }


def train_cases(draw: Draw) -> Arguments:
    """Draw a short training; the last batch of an epoch is often shorter than the others."""
    import numpy as np

    x, target, params = network(draw)
    epochs, batch_size = draw.choice("epochs", (2, 1, 3)), draw.integer("batch size", 1, 4)
    draw.label("the last batch is short", "yes" if len(x) % batch_size else "no")
    rng = draw.rng()
    order = np.stack([rng.permutation(len(x)) for _ in range(epochs)])
    return x, target, params, order, batch_size, draw.choice("lr", (0.1, 0.02))


def train_edges() -> Edges:
    import numpy as np

    return {
        "one row": (*small(1), np.array([[0], [0]]), 2, 0.125),
        "a batch larger than N": (*small(), np.array([[2, 0, 1], [1, 2, 0]]), 5, 0.125),
    }


def accuracy_edges() -> Edges:
    return {
        "one row": small(1),
        "as many rows as classes": small(),
        "logits in the thousands": small(1, scale=1024.0),
    }


def module_cases(draw: Draw) -> Arguments:
    x, _, params = network(draw)
    return x, params, draw.array((len(x), len(params[3])))


def update_cases(draw: Draw) -> Arguments:
    x, target, params = network(draw)
    return x, target, draw.array((len(params[3]), x.shape[1])), draw.choice("lr", (0.5, 0.1))


def evaluate_cases(draw: Draw) -> Arguments:
    return update_cases(draw)[:3]


def evaluate_edges() -> Edges:
    x, target, params = small()
    return {"one row": (x[:1], target[:1], params[0]), "as many rows as classes": (x, target, params[0])}


def ask_twice(loss_and_grads, x, target, params):
    """Ask twice with the same parameters, as two batches of one model; return the second answer, which has no graph."""

    class PartOfAGraph(Exception):
        pass

    loss_and_grads(x, target, params)
    loss, grads = loss_and_grads(x, target, params)
    if getattr(loss, "requires_grad", False):
        raise PartOfAGraph("the loss that is returned still requires gradients, and keeps its whole graph alive")
    return loss, grads


def train_outside(train, x, target, params, order, batch_size, lr):
    """Train, and refuse losses that are parts of a graph."""

    class PartOfAGraph(Exception):
        pass

    losses, params = train(x, target, params, order, batch_size, lr)
    if getattr(losses, "requires_grad", False):
        raise PartOfAGraph("the losses that are returned still require gradients, and keep the graphs of all steps")
    return losses, params


def use_module(MLP, x, params, grad_output):
    """Build the learner's module with these parameters; return their shapes, the logits, and all gradients."""
    import torch

    model = MLP(x.shape[1], len(params[1]), len(params[3])).to(x.dtype)
    own = list(model.parameters())
    shapes = tuple(tuple(param.shape) for param in own)
    if shapes != tuple(tuple(param.shape) for param in params):
        return shapes, None, None
    with torch.no_grad():
        for param, value in zip(own, params, strict=True):
            param.copy_(value)
    logits = model(x)
    return shapes, logits, torch.autograd.grad(logits, own, grad_output, allow_unused=True)


def take_steps(update, x, target, weight, lr):
    """Take two steps on a linear model on which somebody has left gradients; return what came, and the weights."""
    import torch

    class Descent(torch.optim.Optimizer):
        """Stands for torch.optim.SGD, which takes a second of every process that makes one: it imports a compiler."""

        def __init__(self, params, lr):
            self.defaults, self.state = {"lr": lr}, {}
            self.param_groups = [{"params": list(params), "lr": lr}]

        def zero_grad(self, set_to_none=True):
            for param in self.param_groups[0]["params"]:
                param.grad = None if set_to_none or param.grad is None else torch.zeros_like(param)

        def step(self, closure=None):
            if closure is not None:
                loss = closure()
            with torch.no_grad():
                for param in self.param_groups[0]["params"]:
                    if param.grad is not None:
                        param -= self.param_groups[0]["lr"] * param.grad
            return None if closure is None else loss

    model = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=x.dtype)
    with torch.no_grad():
        model.weight.copy_(weight)
        model.bias.zero_()
    for param in model.parameters():
        param.grad = torch.ones_like(param)
    optimizer = Descent(model.parameters(), lr)
    found = []
    for _ in range(2):
        loss = update(model, optimizer, x, target)
        found.append((loss, type(loss).__name__, model.weight.detach().clone(), model.bias.detach().clone()))
    return tuple(found)


def watch_evaluation(evaluate, x, target, weight):
    """Return the score of a model that is worse in training, and in words how it was called and left."""
    import torch

    class Watched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(weight.clone())
            self.trained_in, self.graphs = [], []

        def forward(self, x):
            self.trained_in.append(self.training)
            self.graphs.append(torch.is_grad_enabled())
            return x @ (-self.weight if self.training else self.weight).T

    model = Watched()
    score = evaluate(model, x, target)
    called = "called in training mode" if any(model.trained_in) else "called in evaluation mode"
    graph = "builds a graph" if any(model.graphs) else "builds no graph"
    left = "left in training mode" if model.training else "left in evaluation mode"
    gradients = "gradients are on afterwards" if torch.is_grad_enabled() else "gradients are off afterwards"
    torch.set_grad_enabled(True)
    return score, called, graph, left, gradients


def inputs(seed: int = 0) -> Arguments:
    """Return the digits, Kaiming's first weights for the hidden layer and Xavier's for the last, and an order."""
    import numpy as np

    from grader.datasets import digits, mnist_folder

    train, rng = digits(mnist_folder()).train, np.random.default_rng(seed)
    hidden = rng.standard_normal((HIDDEN, FEATURES)) * np.sqrt(2 / FEATURES)
    last = rng.standard_normal((CLASSES, HIDDEN)) * np.sqrt(2 / (HIDDEN + CLASSES))
    params = tuple(one.astype(np.float32) for one in (hidden, np.zeros(HIDDEN), last, np.zeros(CLASSES)))
    order = np.stack([rng.permutation(len(train.x)) for _ in range(EPOCHS)])
    return train.x.reshape(-1, FEATURES), train.target, params, order, BATCH_SIZE, LEARNING_RATE


def held_out(params: Any) -> Arguments:
    from grader.datasets import digits, mnist_folder

    examples = digits(mnist_folder()).held_out
    return examples.x.reshape(-1, FEATURES), examples.target, tuple(params)


@hookimpl
def grader_exercises() -> list[Exercise]:
    training = Training(inputs=inputs, scored_by="accuracy", held_out=held_out, margin=0.01, band=0.05, timeout=300)
    # Making an optimizer of torch.optim imports hundreds of modules, which takes a second or two.
    patient: Any = {"drawn": 60, "timeout": 6.0}
    torch: Any = {"backends": ("torch",), "minutes": 10, **patient}
    # A Python float, a NumPy scalar and a 0-d tensor are all right for a share.
    share: Any = {"dtypes": (), "tolerance": Tolerance(rtol=1e-6)}
    tasks = (
        Task(name="forward", cases=forward_cases, edges=forward_edges, gradient=("x", "params"), minutes=5),
        Task(
            name="loss_and_grads",
            cases=network,
            edges=gradient_edges,
            driver=ask_twice,
            points=2,
            minutes=20,
            **patient,
        ),
        Task(name="train_step", cases=step_cases, edges=step_edges, points=2, minutes=15, **patient),
        Task(
            name="train",
            cases=train_cases,
            edges=train_edges,
            driver=train_outside,
            points=3,
            minutes=25,
            training=training,
            **patient,
        ),
        Task(name="accuracy", cases=network, edges=accuracy_edges, minutes=5, **share),
        Task(name="MLP", cases=module_cases, driver=use_module, **torch),
        Task(name="update", cases=update_cases, driver=take_steps, **torch),
        Task(name="evaluate", cases=evaluate_cases, edges=evaluate_edges, driver=watch_evaluation, **torch, **share),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    return [Exercise(name="mlp", title="A network learns", after=("initialization",), tasks=tasks, uses=uses)]

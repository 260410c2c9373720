"""A recurrent network that learns: a plain rnn and a linear layer forecast a series, with clipped gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Tolerance, Training, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
# Weights are made this much smaller, so that tanh is seldom saturated: where a gradient is nothing but rounding, so is
# the direction of Adam's step.
SMALL = 0.5
# Gradients are nearly always longer than the first, and nearly always shorter than the second.
MAX_NORMS = (0.25, 64.0)
LENGTH, HIDDEN = 36, 50
EPOCHS, BATCH_SIZE, LEARNING_RATE, MAX_NORM = 20, 32, 0.01, 1.0
USES = {
    "rnn": ("rnn", "rnn_backward"),
    "loss": ("mse_loss", "mse_loss_backward"),
    "backprop": ("linear", "linear_backward"),
    "optimizer": ("adam", "clip_grad_norm"),
}


def network(draw: Draw) -> tuple[Any, Any, Arguments]:
    """Draw windows, what follows each of their steps, and a network; all sizes differ, but for that of the forecast."""
    length, count, inputs, hidden = draw.sizes("steps", "windows", "inputs", "hidden", low=2, high=6)
    outputs = draw.integer("outputs", 1, 3)
    shapes = (hidden, inputs), (hidden, hidden), (hidden,), (hidden,), (outputs, hidden), (outputs,)
    params = tuple(SMALL * draw.array(shape) for shape in shapes)
    return draw.array((length, count, inputs)), draw.array((length, count, outputs)), params


def small(count: int = 2, length: int = 3) -> tuple[Any, Any, Arguments]:
    """Return windows of a series of single numbers, what follows, and a network of two hidden units."""
    import numpy as np

    x = np.array([[[1.0], [-0.5]], [[0.25], [2.0]], [[-1.5], [0.75]]])
    target = np.array([[[0.25], [2.0]], [[-1.5], [0.75]], [[0.5], [-1.0]]])
    weights, biases = ([[0.5], [-0.75]], [[0.5, -0.25], [1.0, 0.25]]), ([0.25, -0.5], [0.5, 0.125])
    params = tuple(map(np.array, (*weights, *biases, [[1.0, -0.5]], [0.125])))
    return x[:length, :count], target[:length, :count], params


def forward_cases(draw: Draw) -> Arguments:
    x, _, params = network(draw)
    return x, params


def forward_edges() -> Edges:
    import numpy as np

    x, _, params = small()
    return {
        "one window": (x[:, :1], params),
        "one step": (x[:1], params),
        "sums in the thousands": (x, (4096 * params[0], np.zeros_like(params[1]), *params[2:])),
    }


def gradient_edges() -> Edges:
    import numpy as np

    x, target, params = small()
    return {
        "one window": small(1),
        "one step": small(2, 1),
        "all weights 0": (x, target, tuple(np.zeros_like(param) for param in params)),
    }


def step_cases(draw: Draw) -> Arguments:
    """Draw a state as it is after some steps, or before the first."""
    import numpy as np

    x, target, params = network(draw)
    step, lr = draw.choice("step", (1, 2, 7)), draw.choice("lr", (0.1, 0.01))
    state = [tuple(draw.array(param.shape) / 8 for param in params) for _ in range(2)]
    exp_avg, root = ([np.zeros_like(one) for one in part] if step == 1 else part for part in state)
    squares = tuple(one**2 for one in root)
    return x, target, params, tuple(exp_avg), squares, step, lr, draw.choice("max_norm", MAX_NORMS)


def step_edges() -> Edges:
    import numpy as np

    zeros = tuple(np.zeros_like(param) for param in small()[2])
    return {
        "one window": (*small(1), zeros, zeros, 1, 0.125, 0.25),
        "without any gradient": (*still(), zeros, zeros, 1, 0.125, 0.25),
    }


def still() -> tuple[Any, Any, Arguments]:
    """Return a network whose forecasts are right already: its gradients, and their norm, are 0."""
    import numpy as np

    x, target, params = small()
    return x, np.full_like(target, 0.125), (*params[:4], np.zeros_like(params[4]), params[5])


def train_cases(draw: Draw) -> Arguments:
    """Draw a short training; the last batch of an epoch is often shorter than the others."""
    import numpy as np

    x, target, params = network(draw)
    epochs, batch_size = draw.choice("epochs", (2, 1, 3)), draw.integer("batch size", 1, 4)
    draw.label("the last batch is short", "yes" if x.shape[1] % batch_size else "no")
    rng = draw.rng()
    order = np.stack([rng.permutation(x.shape[1]) for _ in range(epochs)])
    lr, max_norm = draw.choice("lr", (0.1, 0.02)), draw.choice("max_norm", MAX_NORMS)
    return x, target, params, order, batch_size, lr, max_norm


def train_edges() -> Edges:
    import numpy as np

    return {
        "one window": (*small(1), np.array([[0], [0]]), 2, 0.125, 0.25),
        "a batch larger than N": (*small(), np.array([[1, 0], [0, 1]]), 5, 0.125, 0.25),
    }


def error_edges() -> Edges:
    return {"one window": small(1), "one step": small(2, 1)}


def module_cases(draw: Draw) -> Arguments:
    x, target, params = network(draw)
    return x, params, draw.array(target.shape)


def update_cases(draw: Draw) -> Arguments:
    x, target, params = network(draw)
    weight = draw.array((len(params[5]), x.shape[2]))
    return x, target, weight, draw.choice("lr", (0.5, 0.125)), draw.choice("max_norm", MAX_NORMS)


def evaluate_cases(draw: Draw) -> Arguments:
    return update_cases(draw)[:3]


def evaluate_edges() -> Edges:
    x, target, params = small()
    return {"one window": (x[:, :1], target[:, :1], params[0][:1])}


def ask_twice(loss_and_grads, x, target, params):
    """Ask twice with the same parameters, as two batches of one model; return the second answer, which has no graph."""

    class PartOfAGraph(Exception):
        pass

    loss_and_grads(x, target, params)
    loss, grads = loss_and_grads(x, target, params)
    if getattr(loss, "requires_grad", False):
        raise PartOfAGraph("the loss that is returned still requires gradients, and keeps its whole graph alive")
    return loss, grads


def train_outside(train, x, target, params, order, batch_size, lr, max_norm):
    """Train, and refuse losses that are parts of a graph."""

    class PartOfAGraph(Exception):
        pass

    losses, params = train(x, target, params, order, batch_size, lr, max_norm)
    if getattr(losses, "requires_grad", False):
        raise PartOfAGraph("the losses that are returned still require gradients, and keep the graphs of all steps")
    return losses, params


def use_module(Forecaster, x, params, grad_output):
    """Build the learner's module with these parameters; return their shapes, the forecasts, and all gradients."""
    import torch

    model = Forecaster(x.shape[2], len(params[2]), len(params[5])).to(x.dtype)
    own = list(model.parameters())
    shapes = tuple(tuple(param.shape) for param in own)
    if shapes != tuple(tuple(param.shape) for param in params):
        return shapes, None, None
    with torch.no_grad():
        for param, value in zip(own, params, strict=True):
            param.copy_(value)
    forecasts = model(x)
    return shapes, forecasts, torch.autograd.grad(forecasts, own, grad_output, allow_unused=True)


def take_steps(update, x, target, weight, lr, max_norm):
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
        loss = update(model, optimizer, x, target, max_norm)
        found.append((loss, type(loss).__name__, model.weight.detach().clone(), model.bias.detach().clone()))
    return tuple(found)


def watch_evaluation(evaluate, x, target, weight):
    """Return the error of a model that is worse in training, and in words how it was called and left."""
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
    error = evaluate(model, x, target)
    called = "called in training mode" if any(model.trained_in) else "called in evaluation mode"
    graph = "builds a graph" if any(model.graphs) else "builds no graph"
    left = "left in training mode" if model.training else "left in evaluation mode"
    gradients = "gradients are on afterwards" if torch.is_grad_enabled() else "gradients are off afterwards"
    torch.set_grad_enabled(True)
    return error, called, graph, left, gradients


def inputs(seed: int = 0) -> Arguments:
    """Return windows of the sea's temperatures, PyTorch's first weights for these layers, and an order."""
    import numpy as np

    from grader.datasets import elnino, windows

    (x, target), rng = windows(elnino().train, LENGTH), np.random.default_rng(seed)
    shapes = (HIDDEN, 1), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,), (1, HIDDEN), (1,)
    bound = HIDDEN**-0.5
    params = tuple(rng.uniform(-bound, bound, shape).astype(np.float32) for shape in shapes)
    order = np.stack([rng.permutation(x.shape[1]) for _ in range(EPOCHS)])
    return x, target, params, order, BATCH_SIZE, LEARNING_RATE, MAX_NORM


def held_out(params: Any) -> Arguments:
    """Return the window before each held-out month: all of it is known when that month is to be forecast."""
    import numpy as np

    from grader.datasets import elnino, windows

    series = elnino()
    return *windows(np.concatenate([series.train[-LENGTH:], series.held_out]), LENGTH), tuple(params)


@hookimpl
def grader_exercises() -> list[Exercise]:
    training = Training(inputs=inputs, scored_by="forecast_error", held_out=held_out, margin=0.01, higher=False)
    patient: Any = {"drawn": 40, "timeout": 6.0}
    torch: Any = {"backends": ("torch",), "minutes": 10, **patient}
    # A Python float, a NumPy scalar and a 0-d tensor are all right for an error.
    error: Any = {"dtypes": (), "tolerance": Tolerance(rtol=1e-6)}
    steps: Any = {"points": 2, **patient}
    tasks = (
        Task(name="forward", cases=forward_cases, edges=forward_edges, gradient=("x", "params"), minutes=5),
        Task(name="loss_and_grads", cases=network, edges=gradient_edges, driver=ask_twice, minutes=20, **steps),
        Task(name="train_step", cases=step_cases, edges=step_edges, minutes=10, **steps),
        Task(
            name="train",
            cases=train_cases,
            edges=train_edges,
            driver=train_outside,
            points=3,
            minutes=15,
            training=training,
            **patient,
        ),
        Task(name="forecast_error", cases=network, edges=error_edges, minutes=5, **error),
        Task(name="Forecaster", cases=module_cases, driver=use_module, **torch),
        Task(name="update", cases=update_cases, driver=take_steps, **torch),
        Task(name="evaluate", cases=evaluate_cases, edges=evaluate_edges, driver=watch_evaluation, **torch, **error),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    title = "A recurrent network forecasts a series"
    return [Exercise(name="rnn_training", title=title, after=("rnn", "mlp"), tasks=tasks, uses=uses)]

"""A whole network that learns: two linear layers with relu between them tell handwritten digits apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Training, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
# Biases are moved by this: sums of products of rounded numbers are then never exactly at relu's kink.
OFF_THE_GRID = 1 / 64
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
    weights = draw.array((hidden, features)), draw.array((classes, hidden))
    biases = draw.array((hidden,)) + OFF_THE_GRID, draw.array((classes,))
    x, target = draw.array((count, features)), draw.indices((count,), classes)
    return x, target, (weights[0], biases[0], weights[1], biases[1])


def forward_cases(draw: Draw) -> Arguments:
    x, _, params = network(draw)
    return x, params


def step_cases(draw: Draw) -> Arguments:
    """Draw a state as it is after some steps, or before the first."""
    import numpy as np

    x, target, params = network(draw)
    step, lr = draw.choice("step", (1, 2, 7)), draw.choice("lr", (0.1, 0.01))
    state = [tuple(draw.array(param.shape) / 8 for param in params) for _ in range(2)]
    exp_avg, root = ([np.zeros_like(one) for one in part] if step == 1 else part for part in state)
    return x, target, params, tuple(exp_avg), tuple(one**2 for one in root), step, lr


def train_cases(draw: Draw) -> Arguments:
    """Draw a short training; the last batch of an epoch is often shorter than the others."""
    import numpy as np

    x, target, params = network(draw)
    epochs, batch_size = draw.choice("epochs", (2, 1, 3)), draw.integer("batch size", 1, 4)
    draw.label("the last batch is short", "yes" if len(x) % batch_size else "no")
    rng = draw.rng()
    order = np.stack([rng.permutation(len(x)) for _ in range(epochs)])
    return x, target, params, order, batch_size, draw.choice("lr", (0.1, 0.02))


def module_cases(draw: Draw) -> Arguments:
    x, _, params = network(draw)
    return x, params, draw.array((len(x), len(params[3])))


def update_cases(draw: Draw) -> Arguments:
    x, target, params = network(draw)
    return x, target, draw.array((len(params[3]), x.shape[1])), draw.choice("lr", (0.5, 0.1))


def evaluate_cases(draw: Draw) -> Arguments:
    return update_cases(draw)[:3]


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
    return shapes, logits, torch.autograd.grad(logits, own, grad_output)


def take_steps(update, x, target, weight, lr):
    """Take two steps on a linear model on which somebody has left gradients; return losses and weights after each."""
    import torch

    model = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=x.dtype)
    with torch.no_grad():
        model.weight.copy_(weight)
        model.bias.zero_()
    for param in model.parameters():
        param.grad = torch.ones_like(param)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    found = []
    for _ in range(2):
        loss = update(model, optimizer, x, target)
        found.append((loss, model.weight.detach().clone(), model.bias.detach().clone()))
    return tuple(found)


def watch_evaluation(evaluate, x, target, weight):
    """Return the score of a model that is worse in training, and what it saw: modes, graphs, and how it was left."""
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
    return score, any(model.trained_in), any(model.graphs), model.training


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
    torch: Any = {"backends": ("torch",)}
    tasks = (
        Task(name="forward", cases=forward_cases, gradient=("x", "params"), minutes=5),
        Task(name="loss_and_grads", cases=network, points=2, minutes=20),
        Task(name="train_step", cases=step_cases, points=2, minutes=15),
        Task(name="train", cases=train_cases, points=3, minutes=25, drawn=60, training=training),
        Task(name="accuracy", cases=network, minutes=5),
        Task(name="MLP", cases=module_cases, driver=use_module, minutes=10, **torch),
        Task(name="update", cases=update_cases, driver=take_steps, minutes=10, **torch),
        Task(name="evaluate", cases=evaluate_cases, driver=watch_evaluation, minutes=10, **torch),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    return [Exercise(name="mlp", title="A network learns", after=("initialization",), tasks=tasks, uses=uses)]

"""Runs that go wrong: what curves, gradients and activations say, and cures, such as a search for a rate."""

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
EPOCHS, BATCH_SIZE = 10, 32
LOWEST, HIGHEST, RATES = 1e-4, 10.0, 100
LEFT_OUT = "left out"  # a default is judged, too
USES = {"mlp": ("forward", "loss_and_grads"), "optimizer": ("sgd",)}


def network(draw: Draw) -> tuple[Any, Any, Arguments]:
    """Draw a batch, its labels and the parameters of a network, all sizes different."""
    features, hidden, classes, count = draw.sizes("features", "hidden", "classes", "examples", low=2, high=7)
    weights = draw.array((hidden, features)) / 2, draw.array((classes, hidden)) / 2
    biases = draw.array((hidden,)) + OFF_THE_GRID, draw.array((classes,))
    x, target = draw.array((count, features)), draw.indices((count,), classes)
    return x, target, (weights[0], biases[0], weights[1], biases[1])


def norms_cases(draw: Draw) -> Arguments:
    fill = draw.choice("values", ("normal", "large", "tiny"))
    layers = draw.integer("layers", 1, 4)
    return (tuple(draw.array(draw.shape(1, 3, smallest=2), fill) for _ in range(layers)),)


def trouble_cases(draw: Draw) -> Arguments:
    """Draw norms whose sizes are powers of ten or so; bounds may be left out."""
    layers = draw.integer("layers", 1, 4)
    low, high = draw.choice("low", (LEFT_OUT, 0.03, 0.2, 1e-6)), draw.choice("high", (LEFT_OUT, 20.0, 1e6))
    size = 10.0 ** draw.rng().integers(-4, 5, layers)
    bounds = () if low == LEFT_OUT else (low,) if high == LEFT_OUT else (low, high)
    return draw.array((layers,), "uniform") * size, *bounds


def dead_cases(draw: Draw) -> Arguments:
    """Draw what comes before relu or after it; some units are dead, some nearly."""
    import numpy as np

    n, hidden = draw.sizes("N", "H", low=1, high=7)
    values = draw.array((n, hidden))
    asleep = draw.rng().random((n, hidden)) < draw.rng().choice([0.3, 1.0], hidden)
    values = np.where(asleep, -np.abs(values), np.abs(values))
    return (np.maximum(values, 0) if draw.flag("after relu") else values,)


def revive_cases(draw: Draw) -> Arguments:
    hidden, features = draw.sizes("H", "D", low=1, high=6)
    dead = draw.rng().random(hidden) < 0.5
    return draw.array((hidden, features)), draw.array((hidden,)), dead, draw.array((hidden, features))


def smoothed_cases(draw: Draw) -> Arguments:
    beta = draw.choice("beta", (0.5, LEFT_OUT, 0.98, 0.0))
    return draw.array((draw.integer("steps", 1, 12),), "positive"), *(() if beta == LEFT_OUT else (beta,))


def lrs_cases(draw: Draw) -> Arguments:
    low = draw.choice("low", (0.25, 0.01, 0.003, 1.5))
    return low, low * draw.choice("high / low", (64.0, 10.0, 3000.0)), draw.integer("steps", 2, 12)


def ordered(draw: Draw) -> Arguments:
    """Draw a network, its data, an order and a size of batches, with rates for some or all of the batches."""
    import numpy as np

    x, target, params = network(draw)
    batch_size, epochs = draw.integer("batch size", 2, 4), draw.choice("epochs", (3, 4))
    draw.label("the last batch is short", "yes" if len(x) % batch_size else "no")
    rng = draw.rng()
    order = np.stack([rng.permutation(len(x)) for _ in range(epochs)])
    batches = epochs * -(-len(x) // batch_size)
    count = min(draw.integer("rates", 4, 12), batches)
    return x, target, params, order, batch_size, rates(draw.choice("low", (0.02, 0.05)), count)


def rates(low: float, count: int) -> tuple[float, ...]:
    """Return rates that end well below where small networks diverge."""
    return tuple(low * 10 ** (k / max(count - 1, 1)) for k in range(count))


def suggest_cases(draw: Draw) -> Arguments:
    """Draw a curve that falls, slowly and then faster, and rises again; it may jump, and end in what is no number."""
    import numpy as np

    steps = draw.integer("steps", 8, 24)
    beta, skip = draw.choice("beta", (0.5, 0.8, 0.9, 0.0, LEFT_OUT)), draw.choice("skip", (0, 2, 3, 5, LEFT_OUT))
    k, rng = np.arange(steps), draw.rng()
    turn = steps * rng.uniform(0.6, 0.9)
    losses = 4 - 3 / (1 + np.exp(-(k - rng.uniform(0.3, 0.6) * steps))) + np.maximum(k - turn, 0) ** 2
    losses += 0.3 * rng.standard_normal(steps)
    losses[int(turn)] += draw.choice("jump at the end", (0.0, 50.0))
    losses[int(steps * rng.uniform(0.2, 0.4))] += draw.choice("jump on the way", (0.0, 0.0, 6.0))
    if (end := draw.choice("ends with", ("numbers", "numbers", "nan", "inf", "-inf"))) != "numbers":
        losses[int(turn) + 1 :] = float(end)
        if draw.flag("a number after it"):
            losses[-1] = -20.0
    options = () if beta == LEFT_OUT else (beta,) if skip == LEFT_OUT else (beta, skip)
    return rates(0.001, steps), losses, *options


def gap_cases(draw: Draw) -> Arguments:
    epochs = draw.integer("epochs", 1, 6)
    return draw.array((epochs,), "positive"), draw.array((epochs,), "positive")


def curves(draw: Draw) -> Arguments:
    """Draw two curves of one length; the second may rise again, after a turn."""
    import numpy as np

    epochs = draw.integer("epochs", 2, 9)
    k, noise = np.arange(epochs), draw.choice("noise", (0.1, 0.6))
    train = 2.5 * np.exp(-draw.choice("speed", (0.5, 0.1, 0.2, 1.5, -0.1)) * k) + draw.array((epochs,), "uniform") / 8
    turn, rise = draw.integer("turn", 0, 5), draw.choice("rise", (0.5, 1.5, 0.0))
    return train, train + 0.25 + rise * np.maximum(k - turn, 0) + noise * draw.array((epochs,), "uniform")


def overfitting_cases(draw: Draw) -> Arguments:
    return *curves(draw), draw.integer("patience", 1, 4)


def diagnose_cases(draw: Draw) -> Arguments:
    """Draw runs in which several things may be wrong at once: the order of the rules decides."""
    import numpy as np

    train, val = curves(draw)
    if draw.choice("levels off", ("no", "yes")) == "yes":
        train[len(train) // 2 :] = train[len(train) // 2] * np.linspace(1, 0.98, len(train) - len(train) // 2)
    spoilt = draw.choice("spoilt", (*["nothing"] * 6, "train", "val"))
    if spoilt != "nothing":
        (train if spoilt == "train" else val)[draw.rng().integers(0, len(train))] = draw.choice("by", (np.nan, np.inf))
    norms = draw.array((draw.integer("layers", 1, 3),), "uniform")
    norms[0] *= draw.choice("first norm", (1.0, 1.0, 1.0, 1.0, 1e-6, 1e6))
    return train, val, norms, draw.choice("dead", (0.2, 0.45, 0.3, 0.4, 0.6, 1.0)), draw.choice("goal", (0.3, 1.0))


def cured_cases(draw: Draw) -> Arguments:
    return *ordered(draw), draw.choice("skip", (0, 1))


def dead_edges() -> Edges:
    import numpy as np

    return {"values that cancel": (np.array([[1.0, -2.0, 0.0], [-1.0, -3.0, 0.0]]),)}


def trouble_edges() -> Edges:
    import numpy as np

    return {
        "a norm is no number": (np.array([1.0, np.nan, 2.0]),),
        "a norm is infinite": (np.array([1.0, np.inf, 2.0]),),
        "just at the lower bound": (np.array([0.5, 7.0, 2.0]), 0.25, 4.0),
        "just at the upper bound": (np.array([8.0, 7.0, 2.0]), 0.25, 4.0),
        "no gradient at all": (np.array([0.0, 0.0]),),
    }


def overfitting_edges() -> Edges:
    import numpy as np

    falling = np.array([3.0, 2.0, 1.0, 0.5])
    return {
        "two epochs are equally good": (falling, np.array([2.0, 1.0, 1.0, 1.5]), 2),
        "the training loss stands still": (np.array([3.0, 1.0, 2.0, 1.0]), np.array([2.0, 1.0, 1.5, 1.75]), 2),
    }


def diagnose_edges() -> Edges:
    import numpy as np

    falling, norms = np.array([4.0, 3.0, 2.5, 2.0]), np.array([1.0, 2.0])
    return {
        "exactly half of the units are dead": (falling, falling, norms, 0.5, 1.0),
        "exactly a quarter": (np.array([4.0, 3.0, 1.0, 0.0]) + 2, falling, norms, 0.25, 1.0),
        "the goal is just reached": (falling, falling, norms, 0.25, 2.0),
        "overfits on its way": (falling, np.array([1.0, 2.0, 3.0, 4.0]), norms, 0.25, 1.0),
        "was better before": (np.array([4.0, 1.0, 3.5, 3.0]), falling, norms, 0.25, 2.0),
        "flat": (np.full(4, 2.0), np.full(4, 2.0), norms, 0.25, 1.0),
    }


def model_cases(draw: Draw) -> Arguments:
    """Draw batches for a small model with two groups of parameters, and rates."""
    features, classes, count = draw.sizes("features", "classes", "examples", low=2, high=6)
    steps = draw.integer("steps", 1, 4)
    x, target = draw.array((steps + 1, count, features)), draw.indices((steps + 1, count), classes)
    return x, target, draw.array((classes, features)) / 2, rates(0.05, steps)


def search_on_a_model(range_test, x, target, weight, lrs):
    """Let the learner's search run on a model that has been trained a little; return what it found and what it left."""
    import torch

    class Descent(torch.optim.Optimizer):
        """Stands for torch.optim.SGD, which imports a compiler: that takes a second of every process that makes one."""

        def __init__(self, groups):
            self.defaults, self.param_groups = {"lr": 0.125}, groups
            self.state = {param: {"momentum_buffer": torch.zeros_like(param)} for param in self._params()}

        def _params(self):
            return [param for group in self.param_groups for param in group["params"]]

        def __getstate__(self):
            return self.__dict__

        def __setstate__(self, state):
            self.__dict__.update(state)

        def zero_grad(self, set_to_none=True):
            for param in self._params():
                param.grad = None if set_to_none or param.grad is None else torch.zeros_like(param)

        def step(self, closure=None):
            for group in self.param_groups:
                for param in group["params"]:
                    buffer = self.state[param]["momentum_buffer"].mul_(0.5).add_(param.grad)
                    param.data.add_(buffer, alpha=-group["lr"])

        def state_dict(self):
            numbers = {param: number for number, param in enumerate(self._params())}
            groups = [{**group, "params": [numbers[one] for one in group["params"]]} for group in self.param_groups]
            return {"state": {numbers[param]: dict(kept) for param, kept in self.state.items()}, "param_groups": groups}

        def load_state_dict(self, state_dict):
            params = self._params()
            self.state = {params[number]: dict(kept) for number, kept in state_dict["state"].items()}
            for group, loaded in zip(self.param_groups, state_dict["param_groups"], strict=True):
                group.update({**loaded, "params": group["params"]})

    def step(batch):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(batch[0]), batch[1]).backward()
        optimizer.step()

    torch.manual_seed(0)
    classes, features = weight.shape
    model = torch.nn.Sequential(torch.nn.BatchNorm1d(features), torch.nn.Linear(features, classes)).to(x.dtype)
    with torch.no_grad():
        model[1].weight.copy_(weight)
        model[1].bias.zero_()
    others = [*model[0].parameters(), model[1].bias]
    optimizer = Descent([{"params": [model[1].weight], "lr": 0.125}, {"params": others, "lr": 0.25}])
    batches = list(zip(x, target, strict=True))
    step(batches[0])
    for param in model.parameters():
        param.grad = torch.ones_like(param)  # left by somebody
    losses = range_test(model, optimizer, batches[1:], lrs)
    left = tuple(value.detach().clone() for value in model.state_dict().values())
    rates = tuple(group["lr"] for group in optimizer.param_groups)
    step(batches[0])
    return losses, left, rates, model[1].weight.detach().clone()


def inputs(seed: int = 0) -> Arguments:
    """Return the digits, first weights (Kaiming's for the hidden layer, Xavier's for the last), an order, and rates."""
    import numpy as np

    from grader.datasets import digits, mnist_folder

    train, rng = digits(mnist_folder()).train, np.random.default_rng(seed)
    hidden = rng.standard_normal((HIDDEN, FEATURES)) * np.sqrt(2 / FEATURES)
    last = rng.standard_normal((CLASSES, HIDDEN)) * np.sqrt(2 / (HIDDEN + CLASSES))
    params = tuple(one.astype(np.float32) for one in (hidden, np.zeros(HIDDEN), last, np.zeros(CLASSES)))
    order = np.stack([rng.permutation(len(train.x)) for _ in range(EPOCHS)])
    lrs = tuple(LOWEST * (HIGHEST / LOWEST) ** (k / (RATES - 1)) for k in range(RATES))
    return train.x.reshape(-1, FEATURES), train.target, params, order, BATCH_SIZE, lrs


def held_out(params: Any) -> Arguments:
    from grader.datasets import digits, mnist_folder

    examples = digits(mnist_folder()).held_out
    return examples.x.reshape(-1, FEATURES), examples.target, tuple(params)


@hookimpl
def grader_exercises() -> list[Exercise]:
    training = Training(inputs=inputs, scored_by="balanced_accuracy", held_out=held_out, margin=0.02, timeout=120)
    plain: Any = {"dtypes": ()}
    tasks = (
        Task(name="gradient_norms", cases=norms_cases, minutes=4),
        Task(name="gradient_trouble", cases=trouble_cases, edges=trouble_edges, minutes=6),
        Task(name="dead_units", cases=dead_cases, edges=dead_edges, minutes=5),
        Task(name="revive", cases=revive_cases, minutes=5),
        Task(name="smoothed", cases=smoothed_cases, minutes=8),
        Task(name="range_test_lrs", cases=lrs_cases, minutes=5, **plain),
        Task(name="lr_range_test", cases=ordered, points=2, minutes=15, drawn=40),
        Task(name="suggest_lr", cases=suggest_cases, points=2, minutes=20),
        Task(name="generalization_gap", cases=gap_cases, minutes=2),
        Task(name="overfitting_from", cases=overfitting_cases, edges=overfitting_edges, minutes=8),
        Task(name="diagnose", cases=diagnose_cases, edges=diagnose_edges, points=2, minutes=15, drawn=160),
        Task(name="cured_training", cases=cured_cases, points=2, minutes=15, drawn=25, training=training),
        Task(name="balanced_accuracy", cases=network, minutes=8),
        Task(
            name="range_test",
            cases=model_cases,
            driver=search_on_a_model,
            points=2,
            minutes=20,
            drawn=20,
            backends=("torch",),
        ),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    return [
        Exercise(
            name="diagnosis", title="What is wrong with this run?", after=("mlp", "transformer"), tasks=tasks, uses=uses
        )
    ]

"""A small transformer learns to write: one block of self-attention, trained on the symbols of a book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader import Edge, Exercise, Task, Training, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Edge | Arguments]
# Biases are moved by this: sums of products of rounded numbers are then never exactly at relu's kink.
OFF_THE_GRID = 1 / 64
LENGTH, FEATURES, HEADS, HIDDEN = 32, 64, 4, 128
STEPS, BATCH_SIZE, LEARNING_RATE, DEVIATION = 600, 16, 0.005, 0.05
USES = {
    "activation": ("relu", "relu_backward", "softmax"),
    "loss": ("cross_entropy", "cross_entropy_backward"),
    "backprop": ("linear", "linear_backward"),
    "optimizer": ("adam",),
    "normalization": ("layer_norm", "layer_norm_backward"),
    "embedding": ("embedding", "embedding_backward", "tied_logits", "tied_logits_backward"),
    "attention": ("multi_head_attention", "multi_head_attention_backward"),
}


def block_params(draw: Draw, features: int, hidden: int) -> Arguments:
    """Draw the block's twelve parameters, in which nothing is a copy of anything."""
    norm = [draw.array((features,)) for _ in range(4)]
    attention = [draw.array((features, features)) / 2 for _ in range(4)]
    w1, w2 = draw.array((hidden, features)) / 2, draw.array((features, hidden)) / 2
    b1, b2 = draw.array((hidden,)) + OFF_THE_GRID, draw.array((features,))
    return norm[0], norm[1], *attention, norm[2], norm[3], w1, b1, w2, b2


def width(draw: Draw) -> tuple[int, int]:
    """Draw the number of heads, and of features; heads of one feature or three tell how features are cut."""
    heads = draw.choice("heads", (2, 1, 3))
    return heads, heads * {1: 3, 2: draw.choice("features a head", (2, 3)), 3: 2}[heads]


def block_cases(draw: Draw) -> Arguments:
    heads, features = width(draw)
    n, length, hidden = draw.sizes("N", "L", "hidden", low=1, high=5)
    return draw.array((n, length + 1, features)), block_params(draw, features, hidden + 1), heads


def block_backward_cases(draw: Draw) -> Arguments:
    x, *others = block_cases(draw)
    return draw.array(x.shape), x, *others


def network(draw: Draw, length: int) -> tuple[int, Arguments, Any, int]:
    """Draw the number of symbols, all parameters, positions of at least this length, and the number of heads."""
    heads, features = width(draw)
    symbols, hidden = draw.sizes("V", "hidden", low=3, high=6)
    norm = draw.array((features,)), draw.array((features,))
    params = draw.array((symbols, features)) / 2, *block_params(draw, features, hidden), *norm
    return symbols, params, draw.array((length, features)), heads


def embed_cases(draw: Draw) -> Arguments:
    n, length, symbols, features = draw.sizes("N", "L", "V", "D", low=1, high=6)
    more = draw.choice("positions that are left over", (0, 2))
    x = draw.indices((n, length), symbols)
    return x, draw.array((symbols, features)), draw.array((length + more, features))


def forward_cases(draw: Draw) -> Arguments:
    n, length = draw.sizes("N", "L", low=1, high=4)
    more = draw.choice("positions that are left over", (0, 2))
    symbols, params, positions, heads = network(draw, length + 1 + more)
    return draw.indices((n, length + 1), symbols), params, positions, heads


def loss_cases(draw: Draw) -> Arguments:
    x, params, positions, heads = forward_cases(draw)
    return x, draw.indices(x.shape, len(params[0])), params, positions, heads


def step_cases(draw: Draw) -> Arguments:
    """Draw a state as it is after some steps, or before the first."""
    import numpy as np

    x, target, params, *others = loss_cases(draw)
    step, lr = draw.choice("step", (1, 2, 7)), draw.choice("lr", (0.1, 0.01))
    scale = 0.0 if step == 1 else 1 / 8
    averages = [tuple(scale * draw.array(one.shape) for one in params) for _ in range(2)]
    return x, target, params, averages[0], tuple(np.square(one) for one in averages[1]), step, lr, *others


def train_cases(draw: Draw) -> Arguments:
    length, steps, count = draw.integer("L", 2, 3), draw.integer("steps", 1, 3), draw.integer("N", 1, 3)
    symbols, params, positions, heads = network(draw, length)
    text = draw.indices((length + 5,), symbols)
    return text, params, draw.indices((steps, count), 5), draw.choice("lr", (0.1, 0.02)), positions, heads


def held_out_cases(draw: Draw) -> Arguments:
    length = draw.integer("L", 2, 4)
    symbols, params, positions, heads = network(draw, length)
    size = draw.integer("symbols of the text", length + 1, 3 * length + 2)
    return draw.indices((size,), symbols), params, positions, heads


def logits_cases(draw: Draw) -> Arguments:
    symbols = draw.integer("V", 2, 6)
    random = draw.rng().random()
    temperature = draw.choice("temperature", ("left out", 0.5, 2.0, 0.0))
    if temperature == "left out":
        return draw.array((symbols,)), random
    top_k = draw.choice("top_k", ("left out", None, 1, 2, symbols))
    return draw.array((symbols,)), random, temperature, *(() if top_k == "left out" else (top_k,))


def logits_edges() -> Edges:
    import numpy as np

    logits = np.array([1.0, 3.0, 2.0, 3.0])
    return {
        "equal logits at the cut": (logits, 0.99, 1.0, 1),
        "equal logits, temperature 0": (logits, 0.99, 0.0),
        "random 0": (logits, 0.0),
        "what was cut off makes room": (np.log([0.25, 0.5, 0.05, 0.2]), 0.3, 1.0, 2),
        "logits in the hundreds": (100 * logits, 0.6),
    }


def sample_cases(draw: Draw) -> Arguments:
    length = draw.integer("L", 2, 3)
    symbols, params, positions, heads = network(draw, length)
    start = draw.indices((draw.integer("symbols of the start", 1, 4),), symbols)
    random = draw.rng().random(draw.integer("symbols to draw", 1, 4))
    args = params, start, random, positions, heads
    temperature = draw.choice("temperature", ("left out", 0.5, 0.0))
    if temperature == "left out":
        return args
    return *args, temperature, *((2,) if draw.flag("top_k 2") else ())


def module_cases(draw: Draw) -> Arguments:
    x, params, positions, heads = forward_cases(draw)
    return x, params, positions, heads, draw.array((*x.shape, len(params[0])))


def update_cases(draw: Draw) -> Arguments:
    n, length, symbols = draw.sizes("N", "L", "V", low=2, high=6)
    x, target = draw.indices((n, length), symbols), draw.indices((n, length), symbols)
    return x, target, draw.array((symbols, symbols)), draw.choice("lr", (0.5, 0.1))


def evaluate_cases(draw: Draw) -> Arguments:
    return update_cases(draw)[:3]


def use_module(Transformer, x, params, positions, num_heads, grad_output):
    """Build the learner's module with these parameters; return their shapes, the logits, and all gradients."""
    import torch

    table, n1, b1, q, k, v, *others = params
    given = table, n1, b1, torch.cat([q, k, v]), *others
    model = Transformer(positions, table.shape[0], params[9].shape[0], num_heads).to(positions.dtype)
    own = list(model.parameters())
    shapes = tuple(tuple(param.shape) for param in own)
    if shapes != tuple(tuple(param.shape) for param in given):
        return shapes, None, None
    with torch.no_grad():
        for param, value in zip(own, given, strict=True):
            param.copy_(value)
    logits = model(x)
    return shapes, logits, torch.autograd.grad(logits, own, grad_output)


def take_steps(update, x, target, table, lr):
    """Take two steps on a table of logits on which somebody has left gradients; return each loss and the table."""
    import torch

    model = torch.nn.Embedding.from_pretrained(table.clone(), freeze=False)
    model.weight.grad = torch.ones_like(table)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    found = []
    for _ in range(2):
        loss = update(model, optimizer, x, target)
        found.append((loss, model.weight.detach().clone()))
    return tuple(found)


def watch_evaluation(evaluate, x, target, table):
    """Return the score of a model that is worse in training, and what it saw: modes, graphs, and how it was left."""
    import torch

    class Watched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table = torch.nn.Parameter(table.clone())
            self.trained_in, self.graphs = [], []

        def forward(self, x):
            self.trained_in.append(self.training)
            self.graphs.append(torch.is_grad_enabled())
            return (-self.table if self.training else self.table)[x]

    model = Watched()
    score = evaluate(model, x, target)
    return score, any(model.trained_in), any(model.graphs), model.training


def first_weights(rng: Any, symbols: int) -> Arguments:
    """Return a small table, norms that change nothing, and weights by Xavier's deviation, or Kaiming's before relu."""
    import numpy as np

    def normal(out: int, into: int, deviation: float) -> Any:
        return deviation * rng.standard_normal((out, into))

    norm = np.ones(FEATURES), np.zeros(FEATURES)
    attention = [normal(FEATURES, FEATURES, FEATURES**-0.5) for _ in range(4)]
    w1 = normal(HIDDEN, FEATURES, (2 / FEATURES) ** 0.5)
    w2 = normal(FEATURES, HIDDEN, (2 / (FEATURES + HIDDEN)) ** 0.5)
    block = *norm, *attention, *norm, w1, np.zeros(HIDDEN), w2, np.zeros(FEATURES)
    return tuple(one.astype(np.float32) for one in (normal(symbols, FEATURES, DEVIATION), *block, *norm))


def places() -> Any:
    """Return sines and cosines of the places, as in the exercise ``attention``."""
    import numpy as np

    angles = np.arange(LENGTH)[:, None] / 10_000.0 ** (np.arange(0, FEATURES, 2) / FEATURES)
    table = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return table.reshape(LENGTH, FEATURES).astype(np.float32)


def inputs(seed: int = 0) -> Arguments:
    """Return the book, first weights, and where the pieces of each step begin."""
    import numpy as np

    from grader.datasets import ALPHABET, alice

    rng, text = np.random.default_rng(seed), alice().train
    params = first_weights(rng, len(ALPHABET))
    order = rng.integers(0, len(text) - LENGTH, (STEPS, BATCH_SIZE))
    return text, params, order, LEARNING_RATE, places(), HEADS


def held_out(params: Any) -> Arguments:
    from grader.datasets import alice

    return alice().held_out, tuple(params), places(), HEADS


def task(name: str, cases: Any, **options: Any) -> Task:
    return Task(name=name, cases=cases, **({"drawn": 40} | options))


@hookimpl
def grader_exercises() -> list[Exercise]:
    training = Training(
        inputs=inputs,
        scored_by="cross_entropy_on_held_out",
        held_out=held_out,
        margin=0.03,
        band=0.05,
        higher=False,
        timeout=600,
    )
    exact: Any = {"dtypes": ("float64",)}
    torch: Any = {"backends": ("torch",), "minutes": 10}
    tasks = (
        task("embed", embed_cases, gradient=("table",), minutes=5),
        task("block", block_cases, gradient=("x", "params"), points=2, minutes=20),
        task("block_backward", block_backward_cases, backends=("numpy",), points=4, minutes=40),
        task("forward", forward_cases, gradient=("params",), points=2, minutes=10),
        task("loss_and_grads", loss_cases, points=3, minutes=30),
        task("train_step", step_cases, minutes=10),
        task("train", train_cases, points=3, minutes=20, drawn=30, training=training),
        task("cross_entropy_on_held_out", held_out_cases, minutes=10),
        task("next_symbol", logits_cases, edges=logits_edges, points=2, minutes=15, drawn=80, **exact),
        task("sample", sample_cases, points=2, minutes=15, **exact),
        task("Transformer", module_cases, driver=use_module, **torch),
        task("update", update_cases, driver=take_steps, **torch),
        task("evaluate", evaluate_cases, driver=watch_evaluation, **torch),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    after = ("mlp", "normalization", "embedding", "attention")
    return [Exercise(name="transformer", title="A transformer learns to write", after=after, tasks=tasks, uses=uses)]

"""A convolutional network that learns: two convolutions with relu and pooling, two linear layers, for digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Tolerance, Training, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
Set = tuple[Any, Any]  # images and their labels
Pair = tuple[int, int]
# Biases are moved by this: sums of products of rounded numbers are then never exactly at relu's kink.
OFF_THE_GRID = 1 / 64
SHAPES = (32, 1, 3, 3), (64, 32, 3, 3), (64, 1600), (10, 64)
EPOCHS, BATCH_SIZE, LEARNING_RATE = 4, 32, 0.001
USES = {
    "activation": ("relu", "relu_backward"),
    "loss": ("cross_entropy", "cross_entropy_backward"),
    "backprop": ("linear", "linear_backward"),
    "optimizer": ("adam",),
    "conv": ("conv2d", "conv2d_backward", "max_pool2d", "max_pool2d_backward"),
}
KERNELS: tuple[Pair, ...] = ((2, 1), (1, 2), (2, 3), (3, 2))
LEFT: tuple[Pair, ...] = ((1, 2), (2, 1), (2, 3), (1, 1))  # rows and columns after the second pooling
OVER: tuple[Pair, ...] = ((0, 0), (0, 1), (1, 0), (1, 1))  # rows and columns that a pooling leaves over


def image_size(kernels: tuple[Pair, Pair], left: Pair, over: tuple[Pair, Pair]) -> Pair:
    """Return how large images must be for a network to leave so much of them."""
    h, w = left
    for kernel, rest in zip(reversed(kernels), reversed(over), strict=True):
        h, w = 2 * h + rest[0] + kernel[0] - 1, 2 * w + rest[1] + kernel[1] - 1
    return h, w


def network(draw: Draw, more: int = 0) -> tuple[Any, Any, Arguments]:
    """Draw small images, their labels and the parameters of a network, which are so small that softmax is not flat."""
    images, channels = draw.sizes("images", "channels", high=3)
    first, second = draw.sizes("first", "second", low=2, high=4)
    hidden, classes = draw.sizes("hidden", "classes", low=2, high=5)
    kernels = draw.choice("first kernel", KERNELS), draw.choice("second kernel", KERNELS)
    left, over = draw.choice("left to flatten", LEFT), (draw.choice("over", OVER), draw.choice("over, second", OVER))
    size = image_size(kernels, left, over)
    draw.label("images", images + more)
    draw.label("channels", channels)
    del draw.labels["over"], draw.labels["over, second"]
    draw.label("left over by pooling", "pixels" if any(map(any, over)) else "nothing")
    shapes = (
        *((first, channels, *kernels[0]), (second, first, *kernels[1])),
        *((hidden, second * left[0] * left[1]), (classes, hidden)),
    )
    params = tuple(one for shape in shapes for one in layer(draw, shape))
    return draw.array((images + more, channels, *size)), draw.indices((images + more,), classes), params


def layer(draw: Draw, shape: tuple[int, ...]) -> tuple[Any, Any]:
    import math

    fan_in = math.prod(shape[1:])
    return draw.array(shape) / math.sqrt(2 * fan_in), draw.array(shape[:1]) / 4 + OFF_THE_GRID


def standardize_cases(draw: Draw) -> Arguments:
    """Draw two sets of images whose channels are far from each other, and the sets a little."""
    import numpy as np

    channels, train, other = draw.sizes("channels", "to learn from", "others", high=4)
    rows, columns = draw.sizes("rows", "columns", low=2, high=5)
    draw.label("channels", channels)
    draw.label("images to learn from", train)
    means, stds = draw.array((channels, 1, 1)), 1 + np.abs(draw.array((channels, 1, 1)))
    first, second = (means + stds * draw.array((count, channels, rows, columns)) for count in (train, other))
    return first, second + draw.array((1,))[0] / 2


def forward_cases(draw: Draw) -> Arguments:
    x, _, params = network(draw)
    return x, params


def forward_edges() -> Edges:
    import numpy as np

    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) / 3 for shape in ((6, 2, 2, 2), (4, 6, 2, 2), (3, 4), (5, 3))]
    params = tuple(one for weight in weights for one in (weight, rng.normal(size=len(weight)) / 4))
    return {"as many kernels as columns": (rng.normal(size=(2, 2, 9, 7)), params)}  # 6 columns after the convolution


def gradient_cases(draw: Draw) -> Arguments:
    """Draw a batch; half of the time it has flat regions, where the pixels of a window are equal, and so are the
    patches that they were computed from: whichever of them gets the gradient, the parameters get the same.
    """
    import numpy as np

    x, target, params = network(draw)
    if draw.choice("images", ("without equal pixels", "with flat regions")) == "with flat regions":
        middle = x.shape[2] // 2, x.shape[3] // 2
        x = np.where(np.add.outer(np.arange(x.shape[2]) < middle[0], np.arange(x.shape[3]) < middle[1]), 0.5, x)
    return x, target, params


def step_cases(draw: Draw) -> Arguments:
    """Draw a state as it is after some steps, or before the first."""
    import numpy as np

    x, target, params = network(draw)
    step, lr = draw.choice("step", (1, 2, 7)), draw.choice("lr", (0.1, 0.01))
    state = [tuple(draw.array(param.shape) / 8 for param in params) for _ in range(2)]
    exp_avg, root = ([np.zeros_like(one) for one in part] if step == 1 else part for part in state)
    return x, target, params, tuple(exp_avg), tuple(one**2 for one in root), step, lr


def plan(draw: Draw, count: int, epochs: tuple[int, ...] = (2, 1, 3)) -> Arguments:
    """Draw how to train: an order for each epoch, a batch size that often leaves a short batch, a learning rate."""
    import numpy as np

    number, batch_size = draw.choice("epochs", epochs), draw.integer("batch size", 2, 4)
    draw.label("the last batch is short", "yes" if count % batch_size else "no")
    rng = draw.rng()
    order = np.stack([rng.permutation(count) for _ in range(number)])
    return order, batch_size, draw.choice("lr", (0.1, 0.02))


def train_cases(draw: Draw) -> Arguments:
    x, target, params = network(draw, more=2)
    return x, target, params, *plan(draw, len(x))


def validation_cases(draw: Draw) -> Arguments:
    """Draw three sets, so small and so hard to learn that their best epochs are seldom the same."""
    x, target, params = network(draw, more=2)
    others = []
    for count in (7, 5):
        labels = draw.indices((count,), len(params[-1]))
        others.append((draw.array((count, *x.shape[1:])), labels))
    return (x, target), *others, params, *plan(draw, len(x), (3, 2, 4, 5))


def layout_cases(draw: Draw) -> Arguments:
    """Draw images and parameters as a network with channels last has them."""
    channels, first, second, hidden, classes = draw.sizes(*"?????", low=2, high=6)
    kernels = draw.choice("first kernel", KERNELS), draw.choice("second kernel", KERNELS)
    size = draw.choice("left to flatten", ((1, 2), (2, 1), (2, 3), (3, 2)))
    shapes = (
        *((*kernels[0], channels, first), (*kernels[1], first, second)),
        *((size[0] * size[1] * second, hidden), (hidden, classes)),
    )
    params = tuple(draw.array(one) for shape in shapes for one in (shape, shape[-1:]))
    return draw.array((draw.integer("images", 1, 2), *draw.sizes("??", "?", low=3, high=6), channels)), params, size


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


def module_cases(draw: Draw) -> Arguments:
    images, classes = draw.sizes("images", "classes", low=1, high=4)
    return classes, draw.array((images, 1, 28, 28)), draw.array((images, classes))


def use_module(CNN, classes, x, grad_output):
    """Build the learner's module with fixed parameters; return their shapes, the logits, and parts of all gradients."""
    import math

    import torch

    model = CNN(classes).to(x.dtype)
    own = list(model.parameters())
    shapes = tuple(tuple(param.shape) for param in own)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for param in own:
            value = torch.randn(param.shape, generator=generator, dtype=torch.float64)
            param.copy_(value / math.sqrt(max(1, math.prod(param.shape[1:]))))
    logits = model(x)
    grads = torch.autograd.grad(logits, own, grad_output, allow_unused=True)
    return shapes, logits, tuple(None if grad is None else grad.flatten()[::97] for grad in grads)


def evaluate_cases(draw: Draw) -> Arguments:
    images, classes = draw.sizes("images", "classes", low=2, high=6)
    size = (1, *draw.sizes("rows", "columns", high=3))
    batch_size = draw.integer("batch size", 1, 4)
    draw.label("the last batch is short", "yes" if images % batch_size else "no")
    weight = draw.array((classes, size[1] * size[2]))
    return draw.array((images, *size)), draw.indices((images,), classes), weight, batch_size


def watch_evaluation(evaluate, x, target, weight, batch_size):
    """Return the scores of a model that is worse in training, and in words how it was called and left."""
    import torch

    class Watched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(weight.clone())
            self.trained_in, self.graphs, self.most = [], [], 0

        def forward(self, x):
            self.trained_in.append(self.training)
            self.graphs.append(torch.is_grad_enabled())
            self.most = max(self.most, len(x))
            return x.flatten(1) @ (-self.weight if self.training else self.weight).T

    model = Watched()
    scores = evaluate(model, x, target, batch_size)
    called = "called in training mode" if any(model.trained_in) else "called in evaluation mode"
    graph = "builds a graph" if any(model.graphs) else "builds no graph"
    left = "left in training mode" if model.training else "left in evaluation mode"
    at_once = "more images at once than allowed" if model.most > batch_size else "as many images at once as allowed"
    torch.set_grad_enabled(True)
    return tuple(scores), tuple(type(one).__name__ for one in scores), called, graph, left, at_once


def fit_cases(draw: Draw) -> Arguments:
    """Draw two sets and a linear model that learns so fast that its best epoch is often not its last."""
    classes, features = draw.sizes("classes", "features", low=2, high=4)
    sets = [
        (draw.array((count, 1, 1, features)), draw.indices((count,), classes))
        for count in (draw.integer("images", 2, 5), 6)
    ]
    order, batch_size, _ = plan(draw, len(sets[0][0]), (3, 2, 4, 5))
    return *sets, draw.array((classes, features)), order, batch_size, draw.choice("lr", (0.5, 2.0))


def fit_watched(fit, train_set, validation_set, weight, order, batch_size, lr):
    """Fit a linear model that counts what it sees in training; return scores, what it is left with, and its modes.

    The optimizer is plain descent, with the methods of PyTorch's: to import those takes seconds.
    """
    import torch

    class Descent:
        def __init__(self, param):
            self.param = param

        def zero_grad(self, set_to_none=True):
            self.param.grad = None

        @torch.no_grad()
        def step(self, closure=None):
            self.param -= lr * self.param.grad

    class Watched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(weight.clone())
            self.register_buffer("seen", torch.zeros((), dtype=weight.dtype))
            self.modes = []

        def forward(self, x):
            self.modes.append((self.training, torch.is_grad_enabled()))
            if self.training:
                self.seen += x.sum()
            return x.flatten(1) @ self.weight.T * (1.0 if self.training else 1 / (1 + self.seen**2))

    model = Watched()
    model.weight.grad = torch.ones_like(model.weight)
    scores = fit(model, Descent(model.weight), train_set, validation_set, order, batch_size)
    torch.set_grad_enabled(True)
    graphs = sum(graph and not trains for trains, graph in model.modes)
    return tuple(scores), model.weight.detach(), model.seen, sum(trains for trains, _ in model.modes), graphs


def scale(train: Set, other: Set) -> tuple[Any, Any]:
    """Return both sets' images on the scale of those to learn from, which have one channel."""
    mean, std = train[0].mean(), train[0].std()
    return (train[0] - mean) / std, (other[0] - mean) / std


def sets() -> tuple[Set, Set]:
    from grader.datasets import digits, mnist_folder

    data = digits(mnist_folder())
    return (data.train.x, data.train.target), (data.held_out.x, data.held_out.target)


def inputs(seed: int = 0) -> Arguments:
    """Return standardized digits, Kaiming's first weights before relu and Xavier's for the last layer, and an order."""
    import numpy as np

    train, rng = sets()[0], np.random.default_rng(seed)
    params = []
    for shape in SHAPES:
        last, fan_in = shape is SHAPES[-1], np.prod(shape[1:])
        std = np.sqrt(2 / (shape[0] + fan_in) if last else 2 / fan_in)
        params += [(rng.standard_normal(shape) * std).astype(np.float32), np.zeros(shape[0], dtype=np.float32)]
    order = np.stack([rng.permutation(len(train[0])) for _ in range(EPOCHS)])
    return scale(train, train)[0], train[1], tuple(params), order, BATCH_SIZE, LEARNING_RATE


def held_out(params: Any) -> Arguments:
    train, other = sets()
    return scale(train, other)[1], other[1], tuple(params)


def task(name: str, cases: Callable[[Draw], Arguments], minutes: int, **options: Any) -> Task:
    # PyTorch imports much before its first gradient of as_strided, a right way to make windows: hence the time.
    return Task(name=name, cases=cases, minutes=minutes, timeout=5.0, **{"drawn": 50, **options})


@hookimpl
def grader_exercises() -> list[Exercise]:
    training = Training(inputs=inputs, scored_by="accuracy", held_out=held_out, margin=0.02, band=0.1, timeout=600)
    torch: Any = {"backends": ("torch",)}
    # An accuracy may be a Python float, a NumPy scalar or a 0-d tensor; and where it decides, rounding must not.
    share: Any = {"dtypes": (), "tolerance": Tolerance(rtol=1e-6)}
    exact: Any = {"dtypes": ("float64",)}
    tasks = (
        task("standardize", standardize_cases, 10),
        task("forward", forward_cases, 10, edges=forward_edges, gradient=("x", "params"), points=2),
        task("loss_and_grads", gradient_cases, 30, drawn=40, driver=ask_twice, points=3),
        task("train_step", step_cases, 10, drawn=30),
        task("train", train_cases, 15, drawn=25, driver=train_outside, points=2, training=training),
        task("accuracy", network, 5, **share),
        task("train_with_validation", validation_cases, 20, drawn=40, points=2, backends=("numpy",), **exact),
        task("from_channels_last", layout_cases, 15, level="stretch", points=2),
        task("CNN", module_cases, 10, drawn=12, driver=use_module, **exact, **torch),
        task("evaluate", evaluate_cases, 10, driver=watch_evaluation, **share, **torch),
        task("fit", fit_cases, 20, drawn=60, driver=fit_watched, points=2, **exact, **torch),
    )
    uses = tuple(f"{name}.{task}" for name, tasks in USES.items() for task in tasks)
    return [Exercise(name="cnn", title="A network sees", after=("mlp", "conv"), tasks=tasks, uses=uses)]

"""Calls of the functions of `cnn`, drawn without a look at the plugin: other sizes, equal ones too, larger kernels."""

import numpy as np


def _sides(rng, smallest):
    """Return an image size for two kernels, and what is left of it to flatten."""
    while True:
        kernels = rng.integers(1, 4, (2, 2))
        size = rng.integers(smallest, 13, 2)
        left = ((size - kernels[0] + 1) // 2 - kernels[1] + 1) // 2
        if (left > 0).all():
            return size.tolist(), kernels.tolist(), left.tolist()


def _network(rng, most=4):
    (h, w), kernels, left = _sides(rng, 4)
    count, channels, first, second, hidden, classes = rng.integers(1, 5, 6).tolist()
    classes += 1
    count = min(count, most)
    shapes = [(first, channels, *kernels[0]), (second, first, *kernels[1])]
    shapes += [(hidden, second * left[0] * left[1]), (classes, hidden)]
    params = []
    for shape in shapes:
        params += [rng.standard_normal(shape) / np.prod(shape[1:]) ** 0.5, rng.standard_normal(shape[0]) / 3]
    return rng.standard_normal((count, channels, h, w)), rng.integers(0, classes, count), tuple(params)


def standardize(rng):
    train, other, channels, h, w = rng.integers(1, 6, 5).tolist()
    scale = 10 ** rng.uniform(-1, 1, (channels, 1, 1))
    sets = (rng.standard_normal((count, channels, h + 1, w)) * scale for count in (train, other))
    return tuple(one + rng.standard_normal((channels, 1, 1)) for one in sets)


def forward(rng):
    x, _, params = _network(rng)
    return x, params


def loss_and_grads(rng):
    return _network(rng)


def train_step(rng):
    x, target, params = _network(rng)
    step = int(rng.integers(1, 20))
    exp_avg = tuple(rng.standard_normal(one.shape) / 10 for one in params)
    exp_avg_sq = tuple(rng.random(one.shape) / 10 for one in params)
    return x, target, params, exp_avg, exp_avg_sq, step, float(10 ** rng.uniform(-3, 0))


def _plan(rng, count):
    epochs, batch_size = int(rng.integers(1, 4)), int(rng.integers(1, count + 2))
    order = np.stack([rng.permutation(count) for _ in range(epochs)])
    return order, batch_size, float(10 ** rng.uniform(-2, -0.5))


def train(rng):
    x, target, params = _network(rng)
    return x, target, params, *_plan(rng, len(x))


def accuracy(rng):
    return _network(rng)


def train_with_validation(rng):
    x, target, params = _network(rng)
    others = []
    for _ in range(2):
        count = int(rng.integers(1, 7))
        others.append((rng.standard_normal((count, *x.shape[1:])), rng.integers(0, len(params[-1]), count)))
    return (x, target), *others, params, *_plan(rng, len(x))


def from_channels_last(rng):
    count, h, w, c, first, second, hidden, classes = rng.integers(1, 6, 8).tolist()
    kernels, size = rng.integers(1, 4, (2, 2)).tolist(), tuple(rng.integers(1, 4, 2).tolist())
    shapes = [(*kernels[0], c, first), (*kernels[1], first, second)]
    shapes += [(size[0] * size[1] * second, hidden), (hidden, classes)]
    params = tuple(rng.standard_normal(one) for shape in shapes for one in (shape, shape[-1:]))
    return rng.standard_normal((count, h, w, c)), params, size


def CNN(rng):
    """Arguments of the driver: the number of classes, images, and an upstream gradient."""
    count, classes = rng.integers(1, 4), int(rng.integers(1, 12))
    return classes, rng.standard_normal((count, 1, 28, 28)), rng.standard_normal((count, classes))


def evaluate(rng):
    """Arguments of the driver: images, labels, the weight of a linear model, and the size of the batches."""
    count, classes, h, w = rng.integers(1, 8, 4).tolist()
    x, target = rng.standard_normal((count, 1, h, w)), rng.integers(0, classes, count)
    return x, target, rng.standard_normal((classes, h * w)), int(rng.integers(1, 9))


def fit(rng):
    """Arguments of the driver: two sets, the weight of a linear model, and how to train it."""
    classes, features = rng.integers(2, 6, 2).tolist()
    sets = []
    for count in rng.integers(1, 9, 2).tolist():
        sets.append((rng.standard_normal((count, 1, 1, features)), rng.integers(0, classes, count)))
    order, batch_size, lr = _plan(rng, len(sets[0][0]))
    return *sets, rng.standard_normal((classes, features)), order, batch_size, 10 * lr

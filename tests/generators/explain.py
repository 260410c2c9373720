"""Calls of the explanations, drawn without a look at the plugin: larger images, patches of every size, more steps.

Numbers are not rounded, so that no hidden unit is at its kink.
"""


def _network(rng):
    n, channels, height, width, hidden = rng.integers(1, 7, 5).tolist()
    classes = int(rng.integers(1, 7))
    scale = 10 ** rng.uniform(-1, 0.5)
    shapes = (hidden, channels * height * width), (hidden,), (classes, hidden), (classes,)
    params = tuple(scale * rng.standard_normal(shape) for shape in shapes)
    return rng.standard_normal((n, channels, height, width)), rng.integers(0, classes, n), params


def class_score(rng):
    return _network(rng)


def input_gradient(rng):
    return _network(rng)


def saliency(rng):
    return _network(rng)


def model_gradient(rng):
    x, target, params = _network(rng)
    return x, target, params, tuple(rng.standard_normal(one.shape) for one in params), bool(rng.integers(2))


def integrated_gradients(rng):
    x, target, params = _network(rng)
    return x, rng.standard_normal(x.shape[1:]), target, params, int(rng.integers(1, 12))


def completeness_gap(rng):
    x, target, params = _network(rng)
    return rng.standard_normal(x.shape), x, rng.standard_normal(x.shape[1:]), target, params


def occlusion(rng):
    x, target, params = _network(rng)
    size = tuple(int(rng.integers(1, length + 1)) for length in x.shape[2:])
    stride = tuple(rng.integers(1, 6, 2).tolist())
    return x, target, params, size, stride, *(() if rng.random() < 0.3 else (float(rng.normal()),))


def attention_rollout(rng):
    layers, heads, length = rng.integers(1, 7, 3).tolist()
    weights = rng.random((layers, heads, length, length)) ** rng.uniform(0.5, 8)
    return (weights / weights.sum(axis=-1, keepdims=True),)

"""Calls of a small transformer, drawn without a look at the plugin: longer pieces, more heads, wider layers."""


def _width(rng):
    heads = int(rng.integers(1, 5))
    return heads, max(2, heads * int(rng.integers(1, 4)))


def _block(rng, features, hidden):
    weights = [rng.standard_normal((features, features)) / features**0.5 for _ in range(4)]
    norms = [rng.standard_normal(features) for _ in range(4)]
    w1, w2 = rng.standard_normal((hidden, features)) / 2, rng.standard_normal((features, hidden)) / 2
    biases = rng.standard_normal(hidden), rng.standard_normal(features)
    return norms[0], norms[1], *weights, norms[2], norms[3], w1, biases[0], w2, biases[1]


def _network(rng, length):
    heads, features = _width(rng)
    symbols, hidden = (int(one) for one in rng.integers(2, 9, 2))
    norm = rng.standard_normal(features), rng.standard_normal(features)
    params = rng.standard_normal((symbols, features)), *_block(rng, features, hidden), *norm
    return symbols, params, rng.standard_normal((length, features)), heads


def embed(rng):
    n, length, symbols, features = (int(one) for one in rng.integers(1, 9, 4))
    positions = rng.standard_normal((length + int(rng.integers(0, 3)), features))
    return rng.integers(0, symbols, (n, length)), rng.standard_normal((symbols, features)), positions


def block(rng):
    heads, features = _width(rng)
    n, length, hidden = (int(one) for one in rng.integers(1, 7, 3))
    return rng.standard_normal((n, length, features)), _block(rng, features, hidden), heads


def block_backward(rng):
    x, *others = block(rng)
    return rng.standard_normal(x.shape), x, *others


def forward(rng):
    n, length = (int(one) for one in rng.integers(1, 7, 2))
    symbols, params, positions, heads = _network(rng, length + int(rng.integers(0, 3)))
    return rng.integers(0, symbols, (n, length)), params, positions, heads


def loss_and_grads(rng):
    x, params, positions, heads = forward(rng)
    return x, rng.integers(0, len(params[0]), x.shape), params, positions, heads


def train_step(rng):
    x, target, params, *others = loss_and_grads(rng)
    scale = 10 ** rng.uniform(-3, 0)
    exp_avg, roots = (tuple(scale * rng.standard_normal(one.shape) for one in params) for _ in range(2))
    squares, step = tuple(one**2 for one in roots), int(rng.integers(1, 50))
    return x, target, params, exp_avg, squares, step, 10 ** rng.uniform(-4, 0), *others


def train(rng):
    length, steps, count = (int(one) for one in rng.integers(1, 5, 3))
    symbols, params, positions, heads = _network(rng, length)
    text = rng.integers(0, symbols, length + 8)
    return text, params, rng.integers(0, 8, (steps, count)), 10 ** rng.uniform(-3, -1), positions, heads


def cross_entropy_on_held_out(rng):
    length = int(rng.integers(1, 5))
    symbols, params, positions, heads = _network(rng, length)
    return rng.integers(0, symbols, length + 1 + int(rng.integers(0, 9))), params, positions, heads


def next_symbol(rng):
    symbols = int(rng.integers(1, 12))
    top_k = None if rng.random() < 0.3 else int(rng.integers(1, symbols + 1))
    temperature = 0.0 if rng.random() < 0.1 else float(rng.uniform(0.1, 3))
    return rng.standard_normal(symbols), float(rng.random()), temperature, top_k


def sample(rng):
    symbols, params, positions, heads = _network(rng, int(rng.integers(1, 4)))
    start = rng.integers(0, symbols, int(rng.integers(1, 5)))
    random = rng.random(int(rng.integers(1, 5)))
    return params, start, random, positions, heads, float(rng.uniform(0.2, 2)), int(rng.integers(1, symbols + 1))


def Transformer(rng):
    x, params, positions, heads = forward(rng)
    return x, params, positions, heads, rng.standard_normal((*x.shape, len(params[0])))


def update(rng):
    symbols = int(rng.integers(2, 6))
    x, target = (rng.integers(0, symbols, (3, 4)) for _ in range(2))
    return x, target, rng.standard_normal((symbols, symbols)), 10 ** rng.uniform(-2, 0)


def evaluate(rng):
    return update(rng)[:3]

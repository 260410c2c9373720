"""Random valid calls of the tasks of attention, larger than the course's own cases."""

import numpy as np

LARGEST = 8


def _batch(rng):
    return tuple(rng.integers(1, 4, rng.integers(0, 3)).tolist())


def _sizes(rng, count):
    return rng.integers(1, LARGEST + 1, count).tolist()


def _mask(rng, shape):
    """A mask whose axes may be missing on the left, or have length 1."""
    shape = tuple(1 if rng.random() < 0.25 else size for size in shape)[rng.integers(0, len(shape)) :]
    return rng.random(shape) < rng.choice([0.2, 0.5, 0.8])


def _attention(rng):
    batch, (length, keys, width, value_width) = _batch(rng), _sizes(rng, 4)
    size = 10.0 ** rng.uniform(-0.5, 1.5)
    query = size * rng.standard_normal((*batch, length, width))
    key = size * rng.standard_normal((*batch, keys, width))
    value = rng.standard_normal((*batch, keys, value_width))
    kind = rng.integers(3)
    mask = _mask(rng, (*batch, length, keys)) if kind == 0 else None
    scale = None if rng.random() < 0.5 else float(rng.uniform(0.1, 2.0))
    return [query, key, value, mask, bool(kind == 1), scale]


def _shortened(rng, args, defaults):
    """Leave out some of the trailing arguments that have their defaults."""
    given = len(args)
    while given > len(args) - len(defaults) and args[given - 1] is defaults[given - 1 - len(args)]:
        given -= 1
    return tuple(args[: rng.integers(given, len(args) + 1)])


def scaled_dot_product_attention(rng):
    return _shortened(rng, _attention(rng), (None, False, None))


def scaled_dot_product_attention_backward(rng):
    query, key, value, *options = scaled_dot_product_attention(rng)
    return rng.standard_normal((*query.shape[:-1], value.shape[-1])), query, key, value, *options


def self_attention(rng):
    batch, (length, features, width, value_width) = _batch(rng), _sizes(rng, 4)
    x = 10.0 ** rng.uniform(-0.5, 1.0) * rng.standard_normal((*batch, length, features))
    weights = [rng.standard_normal((out, features)) for out in (width, width, value_width)]
    return _shortened(rng, [x, *weights, bool(rng.random() < 0.5)], (False,))


def self_attention_backward(rng):
    x, *others = self_attention(rng)
    return rng.standard_normal((*x.shape[:-1], others[2].shape[0])), x, *others


def multi_head_attention(rng):
    heads, batch = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    length, keys, width, value_width, *inputs, out = _sizes(rng, 8)
    query = 10.0 ** rng.uniform(-0.5, 1.0) * rng.standard_normal((batch, length, inputs[0]))
    key, value = (rng.standard_normal((batch, keys, features)) for features in inputs[1:])
    inside = heads * width, heads * width, heads * value_width
    weights = [rng.standard_normal(shape) for shape in zip(inside, inputs, strict=True)]
    mask = rng.random((batch, heads, length, keys)) < rng.choice([0.2, 0.7]) if rng.random() < 0.6 else None
    args = [query, key, value, heads, *weights, rng.standard_normal((out, heads * value_width)), mask]
    return _shortened(rng, args, (None,))


def multi_head_attention_backward(rng):
    query, key, value, heads, *others = multi_head_attention(rng)
    return rng.standard_normal((*query.shape[:-1], others[3].shape[0])), query, key, value, heads, *others


def positional_encoding(rng):
    return int(rng.integers(1, 80)), 2 * int(rng.integers(1, 13))


def rotary_embedding(rng):
    batch, length, pairs = _batch(rng), *_sizes(rng, 2)
    x = rng.standard_normal((*batch, length, 2 * pairs))
    positions = rng.integers(0, 1000, length) if rng.random() < 0.6 else rng.integers(0, 100) + np.arange(length)
    theta = float(10.0 ** rng.uniform(1.5, 6.0)) if rng.random() < 0.5 else 10000.0
    return (x, positions, theta) if theta != 10000.0 else (x, positions)


def rotary_embedding_backward(rng):
    x, *others = rotary_embedding(rng)
    return rng.standard_normal(x.shape), x, *others


def blockwise_attention(rng):
    args = [*_attention(rng), int(rng.integers(1, LARGEST + 2)) if rng.random() < 0.8 else 16]
    return _shortened(rng, args, (None, False, None, 16))

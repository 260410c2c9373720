"""Random valid calls of the tasks of ``rnn``, larger than the cases that learners are judged by."""

import numpy as np

SCALES = (0.0, 0.3, 1.0, 1.0, 3.0, 20.0)


def _numbers(rng, *shape):
    """Return normal numbers of a random deviation, and zeros now and then."""
    return SCALES[int(rng.random() * len(SCALES))] * rng.standard_normal(shape)


def _weights(rng, rows, inputs, hidden):
    """Return two weights and two biases, whose scale now and then saturates every gate."""
    scale = (0.1, 0.3, 1.0)[int(rng.random() * 3)]
    bias = scale if rng.random() < 0.9 else 1000.0
    shapes = ((scale, (rows, inputs)), (scale, (rows, hidden)), (bias, rows), (scale, rows))
    return tuple(factor * rng.standard_normal(shape) for factor, shape in shapes)


def _sizes(rng):
    """Return N, I, H; one batch in ten is empty."""
    batch, inputs, hidden = rng.integers(1, 9, 3).tolist()
    return (0 if rng.random() < 0.1 else batch), inputs, hidden


def _cell(rng, gates, states, upstream=0):
    batch, inputs, hidden = _sizes(rng)
    grads = (rng.standard_normal((batch, hidden)) for _ in range(upstream))
    before = (_numbers(rng, batch, hidden) for _ in range(states))
    return *grads, _numbers(rng, batch, inputs), *before, *_weights(rng, gates * hidden, inputs, hidden)


def _layer(rng, gates, states, backward=False):
    steps = int(rng.integers(1, 11))
    batch, inputs, hidden = _sizes(rng)
    grads = (rng.standard_normal((steps, batch, hidden)), *(_numbers(rng, batch, hidden) for _ in range(states)))
    before = (_numbers(rng, batch, hidden) for _ in range(states))
    args = (_numbers(rng, steps, batch, inputs), *before, *_weights(rng, gates * hidden, inputs, hidden))
    return (*grads, *args) if backward else args


def rnn_cell(rng: np.random.Generator) -> tuple:
    return _cell(rng, 1, 1)


def rnn_cell_backward(rng: np.random.Generator) -> tuple:
    return _cell(rng, 1, 1, upstream=1)


def rnn(rng: np.random.Generator) -> tuple:
    return _layer(rng, 1, 1)


def rnn_backward(rng: np.random.Generator) -> tuple:
    return _layer(rng, 1, 1, backward=True)


def lstm_cell(rng: np.random.Generator) -> tuple:
    return _cell(rng, 4, 2)


def lstm_cell_backward(rng: np.random.Generator) -> tuple:
    return _cell(rng, 4, 2, upstream=2)


def lstm(rng: np.random.Generator) -> tuple:
    return _layer(rng, 4, 2)


def lstm_backward(rng: np.random.Generator) -> tuple:
    return _layer(rng, 4, 2, backward=True)


def gru_cell(rng: np.random.Generator) -> tuple:
    return _cell(rng, 3, 1)


def gru_cell_backward(rng: np.random.Generator) -> tuple:
    return _cell(rng, 3, 1, upstream=1)

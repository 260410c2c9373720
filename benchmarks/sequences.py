"""Recipes for the networks that learn from sequences: the data, the first weights and the order, all from one seed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from paired import ROOT

from grader.datasets import ALPHABET, alice, elnino, windows

Arrays = tuple[np.ndarray, ...]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """How the recurrent network is trained; hidden units and learning rate are the article's."""

    length: int = 36
    hidden: int = 50
    epochs: int = 20
    batch_size: int = 32
    lr: float = 0.01
    max_norm: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Language:
    """How the transformer is trained."""

    length: int = 32
    features: int = 64
    num_heads: int = 4
    hidden: int = 128
    steps: int = 600
    batch_size: int = 16
    lr: float = 0.005
    deviation: float = 0.05


def solution(exercise: str) -> ModuleType:
    """Import the NumPy solution of an exercise, with its library."""
    for folder in ("exercises", "solutions"):  # where the library may lie
        sys.path.insert(0, str(ROOT / folder / exercise))
    path = ROOT / "solutions" / exercise / f"{exercise}_numpy.py"
    spec = importlib.util.spec_from_file_location(f"{exercise}_numpy", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forecaster(seed: int, recipe: Forecast) -> tuple[Callable[[], tuple], Callable[[Arrays], float], float]:
    """Return the training, the score of its parameters, and that of the forecast that nothing changes."""
    module, rng = solution("rnn_training"), np.random.default_rng(seed)
    series, hidden = elnino(), recipe.hidden
    x, target = windows(series.train, recipe.length)
    # The last window before each held-out month: all of it is known when that month is to be forecast.
    later = windows(np.concatenate([series.train[-recipe.length :], series.held_out]), recipe.length)
    shapes = (hidden, 1), (hidden, hidden), (hidden,), (hidden,), (1, hidden), (1,)
    bound = hidden**-0.5
    params = tuple(rng.uniform(-bound, bound, shape).astype(np.float32) for shape in shapes)
    order = np.stack([rng.permutation(x.shape[1]) for _ in range(recipe.epochs)])
    given = x, target, params, order, recipe.batch_size, recipe.lr, recipe.max_norm
    unchanged = float(((later[0][-1] - later[1][-1]) ** 2).mean())
    return lambda: module.train(*given), lambda params: module.forecast_error(*later, params), unchanged


def language_model(seed: int, recipe: Language) -> tuple[Callable[[], tuple], Callable[[Arrays], float], float]:
    """Return the training, the score of its parameters, and that of counted pairs of symbols."""
    module, rng, text = solution("transformer"), np.random.default_rng(seed), alice()
    attention = importlib.util.spec_from_file_location("attention", ROOT / "solutions/attention/attention_numpy.py")
    encoding = importlib.util.module_from_spec(attention)
    attention.loader.exec_module(encoding)
    positions = encoding.positional_encoding(recipe.length, recipe.features).astype(np.float32)
    params = transformer_weights(rng, recipe)
    order = rng.integers(0, len(text.train) - recipe.length, (recipe.steps, recipe.batch_size))
    given = text.train, params, order, recipe.lr, positions, recipe.num_heads

    def score(params: Arrays) -> float:
        return module.cross_entropy_on_held_out(text.held_out, params, positions, recipe.num_heads)

    return lambda: module.train(*given), score, bigram_cross_entropy(text.train, text.held_out)


def transformer_weights(rng: np.random.Generator, recipe: Language) -> Arrays:
    """Return first weights: a small table, norms that change nothing, Xavier's deviation, Kaiming's before relu."""
    wide, hidden = recipe.features, recipe.hidden

    def normal(out: int, into: int, deviation: float) -> np.ndarray:
        return deviation * rng.standard_normal((out, into))

    norm = np.ones(wide), np.zeros(wide)
    attention = [normal(wide, wide, wide**-0.5) for _ in range(4)]
    w1, w2 = normal(hidden, wide, (2 / wide) ** 0.5), normal(wide, hidden, (2 / (wide + hidden)) ** 0.5)
    block = *norm, *attention, *norm, w1, np.zeros(hidden), w2, np.zeros(wide)
    table = normal(len(ALPHABET), wide, recipe.deviation)
    return tuple(one.astype(np.float32) for one in (table, *block, *norm))


def bigram_cross_entropy(train: np.ndarray, held_out: np.ndarray) -> float:
    """Return the nats a symbol of a model that has counted pairs, each once more than it came."""
    counts = np.ones((len(ALPHABET), len(ALPHABET)))
    np.add.at(counts, (train[:-1], train[1:]), 1)
    probs = counts / counts.sum(axis=1, keepdims=True)
    return float(-np.log(probs[held_out[:-1], held_out[1:]]).mean())

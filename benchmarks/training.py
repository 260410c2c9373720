"""Recipes for the networks of the capstones: the data, the first weights and the order, all from one seed."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from paired import ROOT

from grader.datasets import Examples

SHAPES = {
    "mlp": ((32, 784), (10, 32)),
    "cnn": ((32, 1, 3, 3), (64, 32, 3, 3), (64, 1600), (10, 64)),
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a network is trained; the batches and the epochs are those that reach the score that is asked for."""

    lr: float
    epochs: int
    batch_size: int = 32


RECIPES = {"mlp": Recipe(lr=0.001, epochs=10), "cnn": Recipe(lr=0.001, epochs=4)}


def solution(name: str, exercise: str | None = None) -> ModuleType:
    """Import a file of the solutions by its name, such as ``mlp_numpy``, with its library."""
    exercise = exercise or name.partition("_")[0]
    library = str(ROOT / "exercises" / exercise)
    if library not in sys.path:
        sys.path.insert(0, library)
    spec = importlib.util.spec_from_file_location(name, ROOT / "solutions" / exercise / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def first_weights(exercise: str, seed: int) -> tuple[np.ndarray, ...]:
    """Return float32 weights and biases in turn: Kaiming's before relu, Xavier's for the last layer, biases of 0."""
    initialization = solution("initialization_numpy")
    rng = np.random.default_rng(seed)
    *hidden, last = (rng.standard_normal(shape) for shape in SHAPES[exercise])
    weights = [*map(initialization.kaiming_normal, hidden), initialization.xavier_normal(last)]
    pairs = ((weight, np.zeros(len(weight))) for weight in weights)
    return tuple(one.astype(np.float32) for pair in pairs for one in pair)


def epoch_order(count: int, epochs: int, seed: int) -> np.ndarray:
    """Return a permutation of ``count`` rows for each epoch, shape (epochs, count)."""
    rng = np.random.default_rng([seed, 1])
    return np.stack([rng.permutation(count) for _ in range(epochs)])


def inputs(exercise: str, examples: Examples, train: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels as a network takes them: rows of pixels for ``mlp``, standardized for ``cnn``."""
    if exercise == "mlp":
        return examples.x.reshape(len(examples.x), -1), examples.target
    return solution("cnn_numpy").standardize(train.x, examples.x)[1], examples.target

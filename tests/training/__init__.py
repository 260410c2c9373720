"""Whole networks of the course, held against PyTorch's autograd and optimizers."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from types import ModuleType

import numpy as np

from tests.conftest import ROOT

# Exercise: the shapes of x (without the examples) and of the weights, all sizes different, in float64.
SMALL = {
    "mlp": ((6,), ((5, 6), (3, 5))),
    "cnn": ((2, 13, 17), ((3, 2, 2, 3), (4, 3, 3, 2), (5, 24), (6, 5))),
}


@cache
def solution(name: str) -> ModuleType:
    """Import a file of the solutions by its name, such as ``mlp_numpy``, with its library."""
    folder = ROOT / "exercises" / name.rpartition("_")[0]  # where the library lies
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, ROOT / "solutions" / folder.name / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def case(exercise: str, seed: int, count: int = 7) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...]]:
    """Return inputs, labels and parameters (weights and biases in turn) of a small network."""
    rng = np.random.default_rng(seed)
    inputs, weights = SMALL[exercise]
    shapes = [shape for weight in weights for shape in (weight, weight[:1])]
    params = tuple(rng.normal(size=shape) / max(1, np.prod(shape[1:])) ** 0.5 for shape in shapes)
    return rng.normal(size=(count, *inputs)), rng.integers(0, weights[-1][0], count), params

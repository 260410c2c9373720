"""Networks of the course that learn from sequences, held against PyTorch's autograd, modules and optimizers."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import numpy as np
import torch

from tests.conftest import ROOT

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def solution(name: str) -> ModuleType:
    """Import a file of the solutions by its name, such as ``transformer_numpy``, with its library."""
    exercise, _, _ = name.rpartition("_")
    for folder in (ROOT / "exercises" / exercise, ROOT / "solutions" / exercise):  # where the library may lie
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, ROOT / "solutions" / exercise / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensors(arrays) -> tuple[torch.Tensor, ...]:
    return tuple(torch.tensor(np.ascontiguousarray(array)) for array in arrays)


def assert_all_close(actual, expected) -> None:
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), **CLOSE)


def load(model: torch.nn.Module, params) -> torch.nn.Module:
    """Give a module these parameters, in its own order."""
    with torch.no_grad():
        for param, array in zip(model.parameters(), params, strict=True):
            param.copy_(torch.as_tensor(array))
    return model

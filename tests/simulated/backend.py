"""The worker's side of the simulated accelerator: PyTorch's own backend, with a device ``sim`` registered before.

A worker loads a copy of this file; ``device.py``, ``kernels.py`` and ``settings.json`` lie beside it.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import torch
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

# What torch.accelerator and torch offer for real devices, and PyTorch does not let a device written in Python bring.
OFFERED = (
    "synchronize",
    "current_stream",
    "set_stream",
    "memory_allocated",
    "max_memory_allocated",
    "reset_peak_memory_stats",
    "get_memory_info",
    "empty_cache",
)


def _load(name: str, file: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _register() -> object:
    """Make the device PyTorch's accelerator; ``torch.sim`` is its module."""
    device = _load("torch.sim", "device.py")
    _setup_privateuseone_for_python_backend("sim", device)
    for name in OFFERED:
        setattr(torch.accelerator, name, getattr(device, name))
    torch.Stream, torch.Event = device.Stream, device.Event
    return _load("torch.sim.kernels", "kernels.py").install()


KERNELS = _register()

from .torch_backend import *  # noqa: E402, F403  (it keeps torch.accelerator's functions as they are now)

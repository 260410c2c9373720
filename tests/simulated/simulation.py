"""A backend whose worker computes on a simulated accelerator, and the clock of that accelerator."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from grader.app import make_app
from grader.verdict import Backend

HERE = Path(__file__).parent
FILES = ("backend.py", "device.py", "kernels.py")
SETTINGS = {"launch": 5e-6, "element": 1e-9, "capacity": 256 * 2**20, "gone_at": None}


def possible() -> bool:
    """Tell whether the installed PyTorch takes devices that are written in Python, without importing it."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    file = Path(spec.origin).parent / "utils" / "backend_registration.py"
    return "_setup_privateuseone_for_python_backend" in file.read_text(encoding="utf-8")


def simulated(folder: Path, **settings: Any) -> tuple[Backend, Callable[[], float]]:
    """Return PyTorch's backend on a simulated accelerator, and its clock, which all its workers share.

    Args:
        folder: an empty one for the worker's files and the clock.
        settings: instead of those of ``SETTINGS``: seconds a launch and an element cost, bytes of memory, and the
            second at which the device vanishes.
    """
    for name in FILES:
        shutil.copy(HERE / name, folder / name)
    time = np.memmap(folder / "clock", np.float64, "w+", shape=(1,))
    text = json.dumps({**SETTINGS, **settings, "clock": str(folder / "clock")})
    (folder / "settings.json").write_text(text, encoding="utf-8")
    torch = make_app(installed=False).backends["torch"]
    return dataclasses.replace(torch, worker=folder / "backend.py", device="sim"), lambda: float(time[0])

"""Where PyTorch computes: the CPU, or the accelerator that a worker finds; nobody here imports torch."""

from __future__ import annotations

import glob
import platform
from dataclasses import replace

from grader.child import ChildDied, ChildTimedOut
from grader.errors import UsageError, WorkerError
from grader.isolation import LAYERS
from grader.sandbox import Sandbox
from grader.verdict import Backend

__all__ = ["DEVICES", "chosen", "found"]

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
# What the system shows where there is an accelerator; without any of them no worker is started to look.
SIGNS = ("/dev/nvidia[0-9]*", "/dev/kfd", "/dev/dri/renderD*", "/dev/dxg")
SECONDS = 60.0


def chosen(asked: str, backend: Backend) -> str:
    """Return where a backend computes; NumPy always on the CPU.

    Raises:
        UsageError: if ``asked`` names no device, or an accelerator that is not there.
    """
    if asked not in DEVICES:
        raise UsageError(f"no device is called {asked!r}; choose one of {', '.join(DEVICES)}")
    if asked == "cpu" or not backend.gradients:
        return "cpu"
    there = found(backend) if asked != "auto" or _signs() else []
    if asked == "auto":
        return next(iter(there), "cpu")
    if asked not in there:
        text = f"PyTorch finds {' and '.join(there) or 'no accelerator'} here, not {asked}"
        raise UsageError(f"{text}: leave out --device {asked}, or install a PyTorch that is built for it")
    return asked


def found(backend: Backend) -> list[str]:
    """Ask a worker of its own which accelerators PyTorch finds.

    Raises:
        WorkerError: if it ends without an answer.
    """
    with Sandbox(fork=False, without=frozenset(LAYERS)) as sandbox:  # it looks at devices, and runs nobody's code
        child = sandbox.child(replace(backend, device="cpu"))
        try:
            return [str(name) for name in child.request({"do": "devices"}, SECONDS).get("devices", ())]
        except (ChildDied, ChildTimedOut) as error:
            raise WorkerError(f"PyTorch cannot look for accelerators: {error}") from None


def _signs() -> bool:
    mac = platform.system() == "Darwin" and platform.machine() == "arm64"
    return mac or any(glob.glob(pattern) for pattern in SIGNS)

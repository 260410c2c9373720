"""The built-in backends, checks and report formats, through the same hooks as anybody's."""

from __future__ import annotations

from pathlib import Path

from grader.hookspecs import hookimpl
from grader.verdict import Backend, Check, Reporter

WORKER = Path(__file__).with_name("worker")


@hookimpl
def grader_backends() -> list[Backend]:
    """NumPy and PyTorch."""
    return [
        Backend(
            name="numpy",
            worker=WORKER / "numpy_backend.py",
            distributions=("numpy",),
            imports=("numpy",),
        ),
        Backend(
            name="torch",
            worker=WORKER / "torch_backend.py",
            distributions=("torch", "numpy"),
            imports=("torch", "numpy"),
            gradients=True,
        ),
    ]


@hookimpl
def grader_checks() -> list[Check]:
    """The checks of correctness, of whole trainings, and of speed and memory."""
    from grader.checks import CHECKS
    from grader.limits import LIMITS
    from grader.trained import TRAINING

    return [*CHECKS, *TRAINING, *LIMITS]


@hookimpl
def grader_reporters() -> list[Reporter]:
    """A table for people, and JSON, the source of truth."""
    from grader.reporters import json, table

    return [Reporter(name="table", render=table.render), Reporter(name="json", render=json.render)]

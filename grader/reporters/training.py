"""A whole training: as it stands in a table, and as it stands in JSON."""

from __future__ import annotations

from typing import Any

from grader.evidence import Curve
from grader.verdict import TaskResult

__all__ = ["as_dict", "short"]


def short(task: TaskResult) -> str:
    """Return the score of what a task has trained, or nothing."""
    curves = [one.measured for one in task.checks if one.check == "training" and one.status == "passed"]
    return "".join(f"trained: {curve.score:.4g}" for curve in curves if isinstance(curve, Curve))


def as_dict(measured: object) -> dict[str, Any] | None:
    """Return a training as JSON values."""
    if not isinstance(measured, Curve):
        return None
    scores = {"score": None if measured.problem else measured.score, "reference_score": measured.reference_score}
    return {**scores, "losses": list(measured.losses), "reference_losses": list(measured.reference)}

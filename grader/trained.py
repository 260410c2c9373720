"""The judge of a whole training: is its curve the reference's, and is what it has trained as good? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from grader.evidence import Curve, Evidence, Finding
from grader.exercise import Task, Training
from grader.limits import RIGHT
from grader.verdict import Backend, Check

__all__ = ["TRAINING", "bands"]


def judge_training(evidence: Evidence) -> Finding | None:
    curve, training = evidence.measured, evidence.task.training
    if not isinstance(curve, Curve) or training is None:
        return Finding(reason="was not trained")
    if curve.problem:
        return Finding(reason=f"while it was trained: {curve.problem}")
    if len(curve.losses) != len(curve.reference):
        return Finding(reason=f"returns {len(curve.losses)} losses for {len(curve.reference)} steps")
    return _left(curve, training) or _scored(curve, training)


def _left(curve: Curve, training: Training) -> Finding | None:
    """Find the first step at which the loss leaves the band around the reference's."""
    allowed = bands(curve.reference, training.band)
    for step, (own, right, most) in enumerate(zip(curve.losses, curve.reference, allowed, strict=True)):
        if not abs(own - right) <= most:  # also where it is no number
            text = f"the loss of step {step + 1} of {len(allowed)} is {own:.4g}, the reference's {right:.4g}"
            return Finding(reason=f"{text} (within {most:.2g} is right)")
    return None


def bands(reference: Sequence[float], band: float) -> list[float]:
    """Return how far each loss may be off."""
    mean = sum(reference) / max(len(reference), 1)
    return [band * (loss + mean) for loss in reference]


def _scored(curve: Curve, training: Training) -> Finding | None:
    worse = curve.reference_score - curve.score if training.higher else curve.score - curve.reference_score
    if worse <= training.margin:
        return None
    text = f"{training.scored_by} of what was trained is {curve.score:.4g} on data that it has not seen"
    return Finding(reason=f"{text}, the reference's {curve.reference_score:.4g}; {training.margin:g} worse is allowed")


def _wants_training(task: Task, backend: Backend) -> str | None:
    return None if task.training is not None else "nothing is trained"


TRAINING = (Check(name="training", judge=judge_training, after=RIGHT, applies=_wants_training, measures="training"),)

"""How much error an honest answer may show.

The allowed error of each element is the largest of

* the task's tolerance, ``atol + rtol |truth|``; the default for float16 and float32 is that of
  ``torch.testing.assert_close``; for float64 it is rtol 5e-8 and atol 1e-9, stricter than there: room for a constant
  that PyTorch made in float32 (``torch.where(x > 0, 1.0, 0.01)``) and for the threshold of its softplus, but none for
  an epsilon of 1e-7 that the definition does not have, or for a whole computation in float32;
* 8 times the error of the reference itself in that dtype on that case;
* below float64, 16 times what the truth moves by when the inputs are rounded: the largest change over a few random
  relative perturbations of one unit of round-off. This is the forward error that any backward-stable way of computing
  may show (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 1.6), whatever the formula;
* 4 units of round-off of the largest number that goes in: honest forms such as ``x - logsumexp(x)`` pass through
  intermediate results of that size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.answer import Answer, leaves
from grader.compare import is_number
from grader.exercise import Tolerance

__all__ = ["PERTURBATIONS", "allowed_errors", "perturb"]

EPSILON = {name: float(np.finfo(name).eps) for name in ("float16", "float32", "float64")}
DEFAULTS = {"float16": (1e-3, 1e-5), "float32": (1.3e-6, 1e-5), "float64": (5e-8, 1e-9)}
PERTURBATIONS = 3
OWN_ERROR = 8.0
CONDITION = 16.0
MAGNITUDE = 4.0


def perturb(value: Any, dtype: str, rng: np.random.Generator) -> Any:
    """Move every floating element of an argument tree by one unit of round-off of ``dtype``, up or down."""
    if isinstance(value, tuple | list):
        return tuple(perturb(item, dtype, rng) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        signs = 2.0 * rng.integers(0, 2, value.shape) - 1.0
        return np.asarray(value * (1.0 + signs * EPSILON[dtype]))
    return value


def allowed_errors(
    args: Sequence[Any],
    expected: Answer,
    own: Answer,
    moved: Sequence[Answer],
    tolerance: Tolerance,
    dtype: str | None,
) -> tuple[Any, ...]:
    """Return the allowed error of each leaf of ``expected``; None where it must be equal.

    Args:
        args: the arguments of the case.
        own: the reference in the judged dtype.
        moved: the reference in float64 on perturbed inputs.
    """
    others = [_values(own), *(_values(one) for one in moved)]
    least = MAGNITUDE * EPSILON[dtype or "float64"] * _largest(args)
    return tuple(
        _allowed(leaf, [other.get(path) for other in others], tolerance, dtype, least)
        for path, leaf in leaves(expected.value)
    )


def _largest(args: Sequence[Any]) -> float:
    """Return the largest finite magnitude among the floating arrays."""
    arrays = [leaf for _, leaf in leaves(args) if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"]
    return max((float(np.abs(x[np.isfinite(x)]).max(initial=0.0)) for x in arrays), default=0.0)


def _values(answer: Answer) -> dict[tuple[int, ...], Any]:
    return {} if answer.raised is not None else dict(leaves(answer.value))


def _allowed(truth: Any, others: Sequence[Any], tolerance: Tolerance, dtype: str | None, least: float) -> Any:
    if not is_number(truth) or np.asarray(truth).dtype.kind not in "fc":
        return None
    truth = np.asarray(truth)
    rtol, atol = DEFAULTS[dtype or "float64"]
    rtol = rtol if tolerance.rtol is None else tolerance.rtol
    atol = atol if tolerance.atol is None else tolerance.atol
    with np.errstate(all="ignore"):
        allowed = np.maximum(atol + rtol * np.abs(truth), least)
        own, *moved = others
        allowed = np.maximum(allowed, OWN_ERROR * _error(own, truth))
        for other in moved:
            allowed = np.maximum(allowed, CONDITION * _error(other, truth))
    return np.where(np.isfinite(allowed), allowed, 0.0)


def _error(other: Any, truth: Any) -> Any:
    """Return the elementwise distance, 0 where either is not finite or the shapes differ."""
    if not is_number(other) or np.shape(other) != truth.shape:
        return 0.0
    distance = np.abs(np.asarray(other, dtype=truth.dtype) - truth)
    return np.where(np.isfinite(distance), distance, 0.0)

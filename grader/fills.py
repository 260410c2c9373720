"""Named fills: how the numbers of a drawn array look.

A fill is ``(rng, shape, simplicity) -> float64 array``. Simplicity 0 is as drawn; 1 rounds the numbers, 2 takes
small distinct integers where the fill's domain has them: shrinking asks for it, so that a learner can follow
the smallest failing case by hand. No fill makes an exact 0 unless its name says so, since 0 is a kink or a branch point
of many functions; and none is all equal, since equal numbers hide which axis was reduced.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["FILLS", "KINKED", "Fill"]

Shape = tuple[int, ...]
Floats = NDArray[np.float64]
Fill = Callable[[np.random.Generator, Shape, int], Floats]


def _away_from_zero(values: Floats, least: float) -> Floats:
    """Move numbers nearer to 0 than ``least`` out to it, keeping their sign."""
    sign = np.where(values < 0, -1.0, 1.0)
    return np.where(np.abs(values) < least, sign * least, values)


def _distinct_integers(rng: np.random.Generator, shape: Shape) -> Floats:
    """Return 1 … n in random order, every second one negative."""
    count = math.prod(shape)
    magnitude = np.arange(1, count + 1, dtype=np.float64)
    signed = np.where(np.arange(count) % 2 == 0, magnitude, -magnitude)
    return rng.permutation(signed).reshape(shape)


def normal(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Normal numbers of deviation 1.5, none nearer to 0 than 0.01."""
    if simplicity >= 2:
        return _distinct_integers(rng, shape)
    values = 1.5 * rng.standard_normal(shape)
    return _away_from_zero(np.round(values, 1), 0.1) if simplicity else _away_from_zero(values, 0.01)


def integers(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Small distinct integers of both signs, never 0."""
    return _distinct_integers(rng, shape)


def positive(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Positive numbers, from about 0.05 to 10."""
    return np.abs(normal(rng, shape, simplicity)) + (0.0 if simplicity else 0.05)


def uniform(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Numbers strictly between 0 and 1."""
    values = rng.uniform(0.02, 0.98, shape)
    return np.clip(np.round(values, 1), 0.1, 0.9) if simplicity else values


def binary(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """0 and 1, as hard targets."""
    return rng.integers(0, 2, shape).astype(np.float64)


def large(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Tens: where a saturating function is flat but nothing overflows in float32."""
    return np.round(20 * normal(rng, shape, min(simplicity, 1)), 0 if simplicity else 12)


def huge(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Thousands, of both signs: ``exp`` overflows without a shift."""
    return np.round(1000 * normal(rng, shape, min(simplicity, 1)), 0 if simplicity else 12)


def tiny(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Numbers about 1e-6: an epsilon in the wrong place shows."""
    return 1e-6 * normal(rng, shape, simplicity)


def ties(rng: np.random.Generator, shape: Shape, simplicity: int) -> Floats:
    """Few different integers, 0 among them: equal maxima, exact zeros."""
    return rng.integers(-2, 3, shape).astype(np.float64)


FILLS: dict[str, Fill] = {
    "normal": normal,
    "integers": integers,
    "positive": positive,
    "uniform": uniform,
    "binary": binary,
    "large": large,
    "huge": huge,
    "tiny": tiny,
    "ties": ties,
}

# Fills at whose numbers several subgradients may be right: such cases stay out of gradient checks.
KINKED = frozenset({"ties"})

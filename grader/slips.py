"""General slips: what is wrong with an answer, whatever the function. Each must hold on every failing case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["SLIPS", "Pair", "Slip"]

# what came, what should have come, and the arguments of the call
Pair = tuple[Any, Any, tuple[Any, ...]]
Test = Callable[[Sequence[Pair]], bool]

ENOUGH = 3


def _same(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True))


def _transposed(pairs: Sequence[Pair]) -> bool:
    return all(e.ndim >= 2 and _same(a, np.swapaxes(e, -1, -2)) for a, e, _ in pairs)


def _negated(pairs: Sequence[Pair]) -> bool:
    return all(_same(a, 0.0 - e) for a, e, _ in pairs)


def _factors(pairs: Sequence[Pair]) -> list[float] | None:
    """Return got / expected of each case, if it is one number in each and not 0."""
    factors: list[float] = []
    for a, e, _ in pairs:
        shown = np.abs(e) > 1e-6
        if a.shape != e.shape or not shown.any() or not np.isfinite(a).all() or a.dtype.kind == "c":
            return None
        factor = float(np.median(a[shown] / e[shown]))
        if not np.isclose(factor, 1.0) and factor != 0 and _same(a, factor * e):
            factors.append(factor)
        else:
            return None
    return factors


def _sizes(pairs: Sequence[Pair], size: Callable[[Any], int]) -> list[float] | None:
    """Return a size of the first array argument of each case."""
    arrays = [next((x for x in args if isinstance(x, np.ndarray) and x.ndim), None) for _, _, args in pairs]
    return None if any(x is None for x in arrays) else [float(size(x)) for x in arrays]


def _scaled_by(size: Callable[[Any], int], power: int) -> Test:
    def test(pairs: Sequence[Pair]) -> bool:
        factors, sizes = _factors(pairs), _sizes(pairs, size)
        if factors is None or sizes is None or len(set(sizes)) < 2:
            return False
        return bool(np.allclose(factors, np.array(sizes) ** power, rtol=1e-4))

    return test


def _constant_factor(pairs: Sequence[Pair]) -> bool:
    factors = _factors(pairs)
    return factors is not None and len(factors) >= ENOUGH and bool(np.allclose(factors, factors[0], rtol=1e-4))


def _shifted(pairs: Sequence[Pair]) -> bool:
    """Tell whether every answer is the truth moved by one along some axis."""
    long = [(a, e) for a, e, _ in pairs if a.shape == e.shape and max(e.shape, default=0) > 2]
    alike = all(a.shape == e.shape for a, e, _ in pairs)
    return alike and len(long) >= ENOUGH and all(_shifted_one(a, e) for a, e in long)


def _shifted_one(a: Any, e: Any) -> bool:
    for axis in (axis for axis in range(e.ndim) if e.shape[axis] > 2):
        head, tail = slice(None, -1), slice(1, None)
        before = [slice(None)] * e.ndim
        after = [slice(None)] * e.ndim
        before[axis], after[axis] = head, tail
        for x, y in ((before, after), (after, before)):
            if _same(a[tuple(x)], e[tuple(y)]) and not _same(e[tuple(x)], e[tuple(y)]):
                return True
    return False


def _kept_axis(pairs: Sequence[Pair]) -> bool:
    return all(a.ndim > e.ndim and _long(a) == _long(e) and _same(a.reshape(e.shape), e) for a, e, _ in pairs)


def _long(x: Any) -> list[int]:
    return [size for size in x.shape if size != 1]


def _everything_reduced(pairs: Sequence[Pair]) -> bool:
    inputs = [max((x.ndim for x in args if isinstance(x, np.ndarray)), default=0) for _, _, args in pairs]
    return all(a.ndim == 0 and 0 < e.ndim < most for (a, e, _), most in zip(pairs, inputs, strict=True))


def _not_reduced(pairs: Sequence[Pair]) -> bool:
    return all(
        e.ndim == 0 and any(isinstance(x, np.ndarray) and x.ndim and x.shape == a.shape for x in args)
        for a, e, args in pairs
    )


def _other_axis(pairs: Sequence[Pair]) -> bool:
    """Tell whether another axis of the first array is missing from the answer than from the truth."""

    def dropped(x: Any) -> set[tuple[int, ...]]:
        return {x.shape[:axis] + x.shape[axis + 1 :] for axis in range(x.ndim)}

    arrays = [(a, e, next((x for x in args if isinstance(x, np.ndarray)), None)) for a, e, args in pairs]
    return all(
        x is not None and a.shape != e.shape and {a.shape, e.shape} <= dropped(x) and x.ndim >= 2 for a, e, x in arrays
    )


def _overflow(pairs: Sequence[Pair]) -> bool:
    return all(a.shape == e.shape and np.isfinite(e).all() and not np.isfinite(a).all() for a, e, _ in pairs)


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A slip that can be seen in the numbers.

    Args:
        test: tells whether it explains all failing cases.
        text: the advice.
    """

    name: str
    test: Test
    text: str


SLIPS = (
    Slip(
        name="kept axis",
        test=_kept_axis,
        text=("The numbers are right, but an axis of length 1 is left: drop it (no keepdims in the result)."),
    ),
    Slip(
        name="reduced over everything",
        test=_everything_reduced,
        text=("One number comes out where one per slice is wanted: reduce along the axis only."),
    ),
    Slip(
        name="not reduced",
        test=_not_reduced,
        text=("Every element comes out where one number is wanted: the reduction over all elements is missing."),
    ),
    Slip(
        name="another axis",
        test=_other_axis,
        text=("The result has lost another axis than it should: reduce along the axis that is asked for."),
    ),
    Slip(
        name="overflow",
        test=_overflow,
        text=(
            "NaN or infinity where the right answer is finite. An intermediate result overflows (exp of a large "
            "number), or is 0/0, infinity minus infinity, or the log or root of a negative number. Rearrange the "
            "formula so that every step sees numbers that it can hold."
        ),
    ),
    Slip(
        name="wrong sign",
        test=_negated,
        text=("Every failing answer is the right one with the opposite sign."),
    ),
    Slip(
        name="transposed",
        test=_transposed,
        text=("Every failing answer is the right one with its last two axes swapped."),
    ),
    Slip(
        name="times the batch size",
        test=_scaled_by(lambda x: x.shape[0], 1),
        text=("Too large by exactly the batch size: a mean was taken as a sum."),
    ),
    Slip(
        name="divided by the batch size",
        test=_scaled_by(lambda x: x.shape[0], -1),
        text=("Too small by exactly the batch size: divided by it once too often."),
    ),
    Slip(
        name="sum for mean",
        test=_scaled_by(lambda x: x.size, 1),
        text=("Too large by exactly the number of elements: a sum stands where a mean is asked for."),
    ),
    Slip(
        name="mean for sum",
        test=_scaled_by(lambda x: x.size, -1),
        text=("Too small by exactly the number of elements: a mean stands where a sum is asked for."),
    ),
    Slip(
        name="constant factor",
        test=_constant_factor,
        text=("Every failing answer is off by the same constant factor."),
    ),
    Slip(
        name="off by one",
        test=_shifted,
        text=("Every failing answer is the right one moved by one place along an axis."),
    ),
)

"""Which declared mistake, or which general slip, explains these answers. Pure; a wrong diagnosis is worse than none.

A mistake explains a learner's answers only if it agrees with all of them: on every case where both are finite, to
rounding; and where one is not finite, the other is not finite in the same places. So one case on which they differ
silences it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.answer import Answer, leaves
from grader.compare import compare, is_number
from grader.evidence import Run
from grader.verdict import Diagnosis

__all__ = ["Symptoms", "explains", "general_slip"]

ENOUGH = 3
CLOSE = {"float64": (1e-6, 1e-9), "float32": (1e-3, 1e-5), "float16": (1e-2, 1e-3)}


@dataclass(frozen=True, kw_only=True)
class Symptoms:
    """A failed check with the run that shows it."""

    check: str
    run: Run
    failing: frozenset[int]
    dtype: str | None = None


def explains(symptoms: Symptoms, mistake: Sequence[Answer | None]) -> bool:
    """Tell whether a mistake's answers to the same cases are the learner's."""
    run, view = symptoms.run, _views().get(symptoms.check, _outcome)
    rtol, atol = CLOSE[symptoms.dtype or "float64"]
    if len(mistake) != len(run.answers):
        return False
    for index, (own, other) in enumerate(zip(run.answers, mistake, strict=True)):
        if own is None or other is None:
            if index in symptoms.failing and own is not other:
                return False
            continue
        if not _agree(view(own), view(other), rtol, atol):
            return False
    return _enough(symptoms, mistake)


def _enough(symptoms: Symptoms, mistake: Sequence[Answer | None]) -> bool:
    """Ask that both be wrong on three cases, or on all where fewer fail: agreement on right answers is no evidence."""
    both = [index for index in symptoms.failing if _wrong(symptoms, index, mistake[index])]
    return len(both) >= max(1, min(ENOUGH, len(symptoms.failing)))


def _wrong(symptoms: Symptoms, index: int, other: Answer | None) -> bool:
    expected = symptoms.run.truth.expected[index]
    if other is None or other.raised is not None or expected.raised is not None or symptoms.check in _views():
        return True
    return compare(other.value, expected.value, symptoms.run.truth.allowed[index]) is not None


def _views() -> dict[str, Callable[[Answer], Any]]:
    """What of an answer counts as evidence, by check."""
    return {
        "inputs unchanged": lambda answer: answer.inputs,
        "dtype": lambda answer: tuple(_dtype(leaf) for _, leaf in leaves(answer.value)),
        "repeatable": lambda answer: (_outcome(answer), answer.late),
    }


def _outcome(answer: Answer) -> Any:
    if answer.raised is not None:
        return f"raised {answer.raised.type}"
    return answer.value


def _dtype(leaf: Any) -> str:
    return leaf.dtype.name if isinstance(leaf, np.ndarray) else type(leaf).__name__


def _agree(one: Any, other: Any, rtol: float, atol: float) -> bool:
    pairs = list(leaves(one)), list(leaves(other))
    if [path for path, _ in pairs[0]] != [path for path, _ in pairs[1]]:
        return False
    return all(_close(a, b, rtol, atol) for (_, a), (_, b) in zip(*pairs, strict=True))


def _close(a: Any, b: Any, rtol: float, atol: float) -> bool:
    if not (is_number(a) and is_number(b)):
        return type(a) is type(b) and a == b
    if np.shape(a) != np.shape(b):
        return False
    x, y = np.asarray(a), np.asarray(b)
    if x.dtype.kind not in "fc" and y.dtype.kind not in "fc":
        return bool(np.all(x == y))
    finite = np.isfinite(x)
    if not np.array_equal(finite, np.isfinite(y)):
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(~finite | (np.abs(x - y) <= atol + rtol * np.abs(y))))


Pair = tuple[Any, Any, tuple[Any, ...]]
Test = Callable[[Sequence[Pair]], bool]


def general_slip(symptoms: Symptoms) -> Diagnosis | None:
    """Name a slip that is not a declared mistake, if all failing cases agree on it."""
    raised = _raised(symptoms)
    if raised is not None:
        return raised
    if symptoms.check == "dtype":
        return _slip("promotion")
    if symptoms.check in ("inputs unchanged", "repeatable"):
        return None
    pairs = [pair for index in sorted(symptoms.failing) if (pair := _pair(symptoms.run, index)) is not None]
    if not pairs or len(pairs) < len(symptoms.failing):
        return None
    found = next((name for name, test in _tests().items() if test(pairs)), None)
    if found is None and symptoms.dtype == "float32":
        found = "float32"
    return None if found is None else _slip(found)


def _pair(run: Run, index: int) -> Pair | None:
    """Return one number got, the one expected, and the arguments, where the answer is a single number or array."""
    answer, expected = run.answers[index], run.truth.expected[index]
    if answer is None or answer.raised is not None or expected.raised is not None:
        return None
    if not is_number(answer.value) or not is_number(expected.value):
        return _first_difference(run, index)
    return np.asarray(answer.value), np.asarray(expected.value), run.truth.args[index]


def _first_difference(run: Run, index: int) -> Pair | None:
    """Return the leaf that differs, where the answer has several."""
    difference, answer = run.differences[index], run.answers[index]
    if difference is None or difference.kind == "structure" or answer is None:
        return None
    got = dict(leaves(answer.value)).get(difference.path)
    wanted = dict(leaves(run.truth.expected[index].value)).get(difference.path)
    if not is_number(got) or not is_number(wanted):
        return None
    return np.asarray(got), np.asarray(wanted), run.truth.args[index]


def _same(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True))


def _transposed(pairs: Sequence[Pair]) -> bool:
    return all(e.ndim >= 2 and _same(a, np.swapaxes(e, -1, -2)) for a, e, _ in pairs)


def _negated(pairs: Sequence[Pair]) -> bool:
    return all(_same(a, -e) for a, e, _ in pairs)


def _factors(pairs: Sequence[Pair]) -> list[float] | None:
    """Return got / expected of each case, if it is one number in each and not 0."""
    factors: list[float] = []
    for a, e, _ in pairs:
        shown = np.abs(e) > 1e-6
        if a.shape != e.shape or not shown.any() or not np.isfinite(a).all():
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
    return len(long) >= ENOUGH and all(_shifted_one(a, e) for a, e in long)


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
    return all(a.ndim > e.ndim and _same(a.reshape(e.shape), e) for a, e, _ in pairs if a.size == e.size) and all(
        a.size == e.size for a, e, _ in pairs
    )


def _everything_reduced(pairs: Sequence[Pair]) -> bool:
    return all(a.ndim == 0 and e.ndim > 0 for a, e, _ in pairs)


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
        x is not None and a.shape != e.shape and {a.shape, e.shape} <= dropped(x) and x.ndim >= 2
        for a, e, x in arrays
    )


def _overflow(pairs: Sequence[Pair]) -> bool:
    return all(a.shape == e.shape and np.isfinite(e).all() and not np.isfinite(a).all() for a, e, _ in pairs)


def _tests() -> dict[str, Test]:
    return {
        "kept axis": _kept_axis,
        "reduced over everything": _everything_reduced,
        "not reduced": _not_reduced,
        "another axis": _other_axis,
        "overflow": _overflow,
        "wrong sign": _negated,
        "transposed": _transposed,
        "times the batch size": _scaled_by(lambda x: x.shape[0], 1),
        "divided by the batch size": _scaled_by(lambda x: x.shape[0], -1),
        "sum for mean": _scaled_by(lambda x: x.size, 1),
        "mean for sum": _scaled_by(lambda x: x.size, -1),
        "constant factor": _constant_factor,
        "off by one": _shifted,
    }


TEXTS = {
    "kept axis": "The numbers are right, but an axis of length 1 is left: drop it (no keepdims in the result).",
    "reduced over everything": "One number comes out where one per slice is wanted: reduce along the axis only.",
    "not reduced": "Every element comes out where one number is wanted: the reduction over all elements is missing.",
    "another axis": "The result has lost another axis than it should: reduce along the axis that is asked for.",
    "overflow": "NaN or infinity where the right answer is finite: some intermediate result overflows or divides 0 by 0. "
    "Rearrange the formula so that exp and division only see numbers that they can hold.",
    "wrong sign": "Every failing answer is the right one with the opposite sign.",
    "transposed": "Every failing answer is the right one with its last two axes swapped.",
    "times the batch size": "Too large by exactly the batch size: a mean was taken as a sum.",
    "divided by the batch size": "Too small by exactly the batch size: divided by it once too often.",
    "sum for mean": "Too large by exactly the number of elements: a sum stands where a mean is asked for.",
    "mean for sum": "Too small by exactly the number of elements: a mean stands where a sum is asked for.",
    "constant factor": "Every failing answer is off by the same constant factor.",
    "off by one": "Every failing answer is the right one moved by one place along an axis.",
    "float32": "Right in float64, too far off in float32: a step loses digits (numbers of very different size are added "
    "or subtracted, or a small term is rounded away).",
    "promotion": "The values are right, only the dtype is not: a new array or a NumPy scalar in the computation has its own "
    "dtype. Allocate with dtype=x.dtype, and keep constants plain Python numbers.",
    "left the graph": "The result is cut off from autograd's graph: .item(), .detach(), .numpy(), torch.tensor(...) or "
    "no_grad() stands between input and output. Compute with tensors all the way.",
    "in-place": "A tensor that autograd still needs was changed in place: use x = x + ... instead of x += ..., and clone "
    "what is to be filled.",
    "device": "Two tensors lie on different devices: make new ones with device=x.device.",
    "gradient overflow": "The values are right but the gradient is NaN or infinite: in the branch of torch.where that is not "
    "taken, or in an overflowing intermediate step, infinity meets a factor of 0. Clamp what goes into that branch.",
}


def _slip(name: str) -> Diagnosis:
    return Diagnosis(kind="general", name=name, text=TEXTS[name])


def _raised(symptoms: Symptoms) -> Diagnosis | None:
    """Name what an exception of PyTorch means, if every failing case raised it."""
    answers = [symptoms.run.answers[index] for index in symptoms.failing]
    raised = [answer.raised for answer in answers if answer is not None and answer.raised is not None]
    if symptoms.check == "gradient" and not raised and _nan_gradient(symptoms):
        return _slip("gradient overflow")
    if not raised or len(raised) < len([answer for answer in answers if answer is not None]):
        return None
    for name, sign in (
        ("left the graph", "has no grad_fn"),
        ("left the graph", "Can't call numpy() on Tensor that requires grad"),
        ("in-place", "in-place operation"),
        ("in-place", "inplace operation"),
        ("device", "Expected all tensors to be on the same device"),
    ):
        if all(sign in one.message for one in raised):
            return _slip(name)
    return None


def _nan_gradient(symptoms: Symptoms) -> bool:
    differences = [symptoms.run.differences[index] for index in symptoms.failing]
    return all(one is not None and one.kind == "nonfinite" for one in differences)

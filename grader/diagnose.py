"""Which declared mistake, or which general slip, explains these answers. Pure; a wrong diagnosis is worse than none.

A mistake explains a learner's answers only if it agrees with all of them: on every case where both are finite, to
rounding, and so well that it accounts for more than half of each error; and where one is not finite, the other is not
finite in the same places. So one case on which they differ silences it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.answer import Answer, leaves
from grader.compare import compare, is_number
from grader.evidence import Run
from grader.slips import SLIPS, Pair
from grader.verdict import Diagnosis

__all__ = ["Symptoms", "explains", "general_slip"]

ENOUGH = 3
LOST = 1e-2
SINGLE = 1e-6
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
        if not _agree(view(own), view(other), rtol, atol) or not _accounts_for(run, index, own, other):
            return False
    return _enough(symptoms, mistake)


def _accounts_for(run: Run, index: int, own: Answer, other: Answer) -> bool:
    """Tell whether a mistake leaves less than half of the learner's error unexplained, beyond what rounding allows.

    Two answers that are wrong by very little are close to each other, whatever made them wrong.
    """
    expected = run.truth.expected[index]
    if any(answer.raised is not None for answer in (own, other, expected)):
        return True
    right = dict(leaves(expected.value))
    allowed = dict(zip(right, run.truth.allowed[index], strict=True))
    if len(list(leaves(own.value))) != len(list(leaves(other.value))):
        return False  # the same arguments were changed, on the way to other answers
    pairs = zip(leaves(own.value), leaves(other.value), strict=True)
    return all(_half(a, b, right[path], allowed[path]) for (path, a), (_, b) in pairs if path in right)


def _half(own: Any, other: Any, right: Any, allowed: Any) -> bool:
    if not all(is_number(leaf) for leaf in (own, other, right)) or np.shape(other) != np.shape(right):
        return True
    x, y = 1.0 * np.asarray(own), 1.0 * np.asarray(other)  # what is True or False cannot be subtracted
    with np.errstate(all="ignore"):
        return not np.any(np.abs(x - y) > (0.0 if allowed is None else allowed) + np.abs(y - right) / 2)


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
        "dtype": lambda answer: (_outcome(answer), [_dtype(leaf) for _, leaf in leaves(answer.value)]),
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


def general_slip(symptoms: Symptoms) -> Diagnosis | None:
    """Name a slip that is not a declared mistake, if all failing cases agree on it."""
    raised = _raised(symptoms)
    if raised is not None:
        return raised
    if symptoms.failing and all(_returns_nothing(symptoms.run, index) for index in symptoms.failing):
        return _slip("no return")
    if symptoms.check == "dtype":
        return _other_dtype(symptoms)
    if symptoms.check in ("inputs unchanged", "repeatable"):
        return None
    pairs = [pair for index in sorted(symptoms.failing) if (pair := _pair(symptoms.run, index)) is not None]
    if not pairs or len(pairs) < len(symptoms.failing):
        return None
    found = next((slip for slip in SLIPS if slip.test(pairs)), None)
    if found is not None:
        return Diagnosis(kind="general", name=found.name, text=found.text)
    return _lost_digits(symptoms, pairs)


def _other_dtype(symptoms: Symptoms) -> Diagnosis | None:
    if any(symptoms.run.differences) or symptoms.dtype == "float64":
        return None
    return _slip("other kind" if symptoms.dtype is None else "promotion")


def _lost_digits(symptoms: Symptoms, pairs: Sequence[Pair]) -> Diagnosis | None:
    """Name what lets an answer be right to some digits only."""
    if symptoms.dtype == "float64" and all(_near(a, e, SINGLE) for a, e, _ in pairs):
        return _slip("single precision")
    if symptoms.check == "values" and symptoms.dtype == "float32" and all(_near(a, e, LOST) for a, e, _ in pairs):
        return _slip("float32")
    return None


def _returns_nothing(run: Run, index: int) -> bool:
    answer, expected = run.answers[index], run.truth.expected[index]
    nothing = answer is not None and answer.raised is None and answer.value is None
    return nothing and expected.raised is None and expected.value is not None


def _near(a: Any, e: Any, share: float) -> bool:
    """Tell whether an answer is off by no more than such a share of it, or of 1 where it is smaller."""
    return a.shape == e.shape and bool(np.allclose(a, e, rtol=share, atol=share))


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


TEXTS = {
    "one number": (
        "`if`, `and`, `or`, max(...) and min(...) ask for one yes or no, but a comparison of arrays gives one for each "
        "element. Choose element by element: where, maximum, or a mask."
    ),
    "no return": "The function returns None: is a `return` missing?",
    "float32": (
        "Right in float64, too far off in float32: a step loses digits (numbers of very different size are "
        "added or subtracted, or a small term is rounded away)."
    ),
    "single precision": (
        "Right to about seven digits of sixteen: a step is computed in float32, or is rounded, or a small constant "
        "(an epsilon) was added that the definition does not have."
    ),
    "promotion": (
        "The values are right, only the dtype is not: a new array or a NumPy scalar in the computation has "
        "its own dtype. Allocate with dtype=x.dtype, and keep constants plain Python numbers."
    ),
    "other kind": (
        "The value is right, but it is of another kind: a size, a count or an index must be an integer (// keeps "
        "integers, while / and float() make floating numbers), and a yes or no a bool."
    ),
    "left the graph": (
        "The result is cut off from autograd's graph: .item(), .detach(), .numpy(), torch.tensor(...) or "
        "no_grad() stands between input and output. Compute with tensors all the way."
    ),
    "in-place": (
        "A tensor that autograd still needs was changed in place: use x = x + ... instead of x += ..., and "
        "clone what is to be filled."
    ),
    "device": ("Two tensors lie on different devices: make new ones with device=x.device."),
    "gradient overflow": (
        "The values are right but the gradient is NaN or infinite: in the branch of torch.where that is not "
        "taken, or in an overflowing intermediate step, infinity meets a factor of 0. Clamp what goes into "
        "that branch."
    ),
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
        ("one number", "truth value of an array"),
        ("one number", "Boolean value of Tensor with more than one value"),
        ("device", "Expected all tensors to be on the same device"),
    ):
        if all(sign in one.message for one in raised):
            return _slip(name)
    return None


def _nan_gradient(symptoms: Symptoms) -> bool:
    differences = [symptoms.run.differences[index] for index in symptoms.failing]
    return all(one is not None and one.kind == "nonfinite" for one in differences)

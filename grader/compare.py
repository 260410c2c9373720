"""Comparing an answer with the truth: ``(actual, expected, allowed error) -> difference | None``, pure.

In this order: structure, shape, NaN and infinity pattern, values; dtypes are a question of their own. Tuples, lists and
named tuples are one thing, and a Python number equals a 0-d array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.answer import leaves
from grader.worker.frames import Unsupported

__all__ = ["Difference", "compare", "compare_dtypes", "equal", "is_number"]

MAX_BITS = 63
Kind = Literal["structure", "shape", "nonfinite", "values", "dtype"]
Named = tuple[str, str | None]  # a dtype's kind, and its name if it has one


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where an answer differs from the truth, and by how much.

    Args:
        text: one sentence.
        path: of the leaf in the answer; ``()`` is the answer itself.
        index: of the worst element in the leaf.
        count: of the elements that differ, of ``total``.
    """

    kind: Kind
    text: str
    path: tuple[int, ...] = ()
    index: tuple[int, ...] | None = None
    got: Any = None
    expected: Any = None
    count: int = 0
    total: int = 0


def is_number(leaf: Any) -> bool:
    """Tell whether a leaf is an array or a plain number (bool is one)."""
    if type(leaf) is int:
        return leaf.bit_length() <= MAX_BITS
    return isinstance(leaf, np.ndarray | bool | float)


def compare(actual: Any, expected: Any, allowed: Sequence[Any]) -> Difference | None:
    """Compare two answer trees.

    Args:
        allowed: for each leaf of ``expected`` in order, the absolute error allowed (a number or an array that
            broadcasts to the leaf), or None where it must be equal.
    """
    difference = _structure(actual, expected, ())
    if difference is not None:
        return difference
    pairs = list(zip(leaves(actual), leaves(expected), allowed, strict=True))
    for (path, got), (_, wanted), _ in pairs:
        if (difference := _shape(got, wanted, path)) is not None:
            return difference
    for (path, got), (_, wanted), error in pairs:
        if (difference := _leaf(got, wanted, error, path)) is not None:
            return difference
    return None


def equal(actual: Any, expected: Any) -> bool:
    """Tell whether two trees are the same to the last bit, NaN being itself."""
    pairs = list(leaves(actual)), list(leaves(expected))
    if [path for path, _ in pairs[0]] != [path for path, _ in pairs[1]]:
        return False
    return all(_same(a, b) for (_, a), (_, b) in zip(*pairs, strict=True))


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and (a == b or (a != a and b != b))


def _structure(actual: Any, expected: Any, path: tuple[int, ...]) -> Difference | None:
    if _incomparable(actual):
        text = f"{_place(path)} is {_kind(actual)}, expected {_kind(expected)}"
        return Difference(kind="structure", text=text, path=path, got=actual, expected=expected)
    if isinstance(expected, tuple | list):
        return _sequence(actual, expected, path)
    if is_number(expected) and is_number(actual):
        return None
    if type(actual) is type(expected):
        return None
    text = f"{_place(path)} is {_kind(actual)}, expected {_kind(expected)}"
    return Difference(kind="structure", text=text, path=path, got=actual, expected=expected)


def _incomparable(value: Any) -> bool:
    return isinstance(value, Unsupported) or (type(value) is int and not is_number(value))


def _sequence(actual: Any, expected: Sequence[Any], path: tuple[int, ...]) -> Difference | None:
    if not isinstance(actual, tuple | list):
        text = f"{_place(path)} is {_kind(actual)}, expected {len(expected)} values"
        return Difference(kind="structure", text=text, path=path, got=actual, expected=expected)
    if len(actual) != len(expected):
        text = f"{_place(path)} has {len(actual)} values, expected {len(expected)}"
        return Difference(kind="structure", text=text, path=path, got=actual, expected=expected)
    parts = (_structure(a, e, (*path, i)) for i, (a, e) in enumerate(zip(actual, expected, strict=True)))
    return next((part for part in parts if part is not None), None)


def _shape(got: Any, wanted: Any, path: tuple[int, ...]) -> Difference | None:
    if not is_number(wanted) or np.shape(got) == np.shape(wanted):
        return None
    text = f"{_place(path)} has shape {np.shape(got)}, expected {np.shape(wanted)}"
    return Difference(kind="shape", text=text, path=path, got=np.shape(got), expected=np.shape(wanted))


def _leaf(got: Any, wanted: Any, allowed: Any, path: tuple[int, ...]) -> Difference | None:
    if not is_number(wanted):
        if got == wanted:
            return None
        return Difference(kind="values", text=f"{_place(path)} is {got!r}, expected {wanted!r}", path=path)
    a, e = np.asarray(got), np.asarray(wanted)
    if allowed is not None and _all_close(a, e, allowed):
        return None
    if allowed is None or ("f" not in (a.dtype.kind, e.dtype.kind) and "c" not in (a.dtype.kind, e.dtype.kind)):
        if a.dtype.kind != e.dtype.kind:
            return _report("values", a.astype(object) != e.astype(object), a, e, path)
        return _report("values", a != e, a, e, path)
    a, e = _wide(a), _wide(e)
    finite = np.isfinite(e)
    if (difference := _report("nonfinite", ~_same_pattern(a, e, finite), a, e, path)) is not None:
        return difference
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(a - e) <= allowed
    return _report("values", finite & ~close, a, e, path)


def _all_close(a: NDArray[Any], e: NDArray[Any], allowed: Any) -> bool:
    """Tell at once what nearly all answers are: finite floats that are close everywhere; NaN and infinities are not."""
    if a.dtype.kind != "f" or e.dtype.kind != "f":
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(a.astype(np.float64) - e)
        return bool(((off <= allowed) & (off < np.inf)).all())


def _same_pattern(a: NDArray[Any], e: NDArray[Any], finite: NDArray[Any]) -> NDArray[Any]:
    """Tell where finite meets finite, NaN meets NaN, and each infinity itself."""
    same: NDArray[Any] = np.where(finite, np.isfinite(a), (a == e) | (np.isnan(a) & np.isnan(e)))
    return same


def _wide(value: NDArray[Any]) -> NDArray[Any]:
    with np.errstate(invalid="ignore"):  # bytes that nobody wrote may be a signalling NaN
        return value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)


def _report(
    kind: Kind, wrong: NDArray[Any], got: NDArray[Any], wanted: NDArray[Any], path: tuple[int, ...]
) -> Difference | None:
    count = int(np.count_nonzero(wrong))
    if not count:
        return None
    index = _worst(wrong, got, wanted)
    a, e = got[index].item(), wanted[index].item()
    where = _place(path, index)
    shown = _numbers(a, e)
    text = f"{where} is {shown[0]}, expected {shown[1]}"
    if kind == "values" and got.dtype.kind in "fc":
        text += f" (off by {abs(a - e):.3g}{_relative(a, e)})"
    if wrong.size > 1:
        text += f"; {count} of {wrong.size} elements differ"
    return Difference(
        kind=kind, text=text, path=path, index=index, got=a, expected=e, count=count, total=int(wrong.size)
    )


def _worst(wrong: NDArray[Any], got: NDArray[Any], wanted: NDArray[Any]) -> tuple[int, ...]:
    """Return the wrong element that is off the most, relative to its size."""
    with np.errstate(all="ignore"):
        off = np.abs(_wide(got) - _wide(wanted)) / (np.abs(_wide(wanted)) + 1e-12)
    rank = np.where(wrong, np.where(np.isfinite(off), off, np.inf), -1.0)
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(rank)), rank.shape))


def _relative(a: Any, e: Any) -> str:
    return f", {abs(a - e) / abs(e):.2g} relative" if e else ""


def _numbers(a: Any, e: Any) -> tuple[str, str]:
    """Write both with as many digits as tell them apart."""
    pairs = [(_number(a, digits), _number(e, digits)) for digits in (6, 9, 12)]
    return next((pair for pair in pairs if pair[0] != pair[1]), (repr(a), repr(e)))


def _number(value: Any, digits: int) -> str:
    return f"{value + 0.0:.{digits}g}" if isinstance(value, float) else str(value)  # -0 is 0 to a reader


def _kind(value: Any) -> str:
    if isinstance(value, Unsupported):
        return _article(value.type_name)
    if isinstance(value, tuple | list):
        return f"{len(value)} values"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return "None" if value is None else _article(type(value).__name__)


def _article(name: str) -> str:
    return f"{'an' if name[:1] in tuple('aeiou') else 'a'} {name or 'value without a type'}"


def _place(path: tuple[int, ...], index: tuple[int, ...] = ()) -> str:
    leaf = "".join(f"[{i}]" for i in path)
    element = str(list(index)) if index else ""
    return f"answer{leaf}{element}" if path or index else "the answer"


def compare_dtypes(actual: Any, own: Any, dtype: str | None) -> Difference | None:
    """Compare the dtypes of an answer with those of the reference run in the same dtype.

    A plain Python number has no dtype and is right wherever its kind is; floating dtypes must be the same, integers
    may differ in width.

    Args:
        dtype: what the reference's own plain floats stand for. None where the task has no floating arguments: then
            any number stands for a floating one, but an integer must be one, since it may be a size or an index.
    """
    for (path, got), (_, wanted) in zip(leaves(actual), leaves(own), strict=False):
        if not is_number(wanted) or not is_number(got):
            continue
        a, e = _dtype(got, None), _dtype(wanted, dtype)
        if _other_kind(a, e) if dtype is None else _other_dtype(a, e):
            text = f"{_place(path)} has dtype {a[1] or type(got).__name__}, expected {e[1] or type(wanted).__name__}"
            return Difference(kind="dtype", text=text, path=path, got=a[1], expected=e[1])
    return None


def _other_kind(got: Named, wanted: Named) -> bool:
    return wanted[0] in "bi" and got[0] != wanted[0]


def _other_dtype(got: Named, wanted: Named) -> bool:
    (kind, name), (wanted_kind, wanted_name) = got, wanted
    return kind != wanted_kind or (kind in "fc" and None not in (name, wanted_name) and name != wanted_name)


def _dtype(leaf: Any, plain: str | None) -> Named:
    """Return kind (a letter; signed and unsigned are one) and name of a leaf's dtype; a plain number has no name."""
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind.replace("u", "i"), leaf.dtype.name
    kind = {bool: "b", int: "i", float: "f"}[type(leaf)]
    return kind, plain if kind == "f" else None

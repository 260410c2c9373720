"""Values as a person reads them in a terminal: short, rounded, and without control characters."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from grader.escape import line, terminal

__all__ = ["show", "wrapped"]

MAX_LINES = 6


def wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> list[str]:
    """Break a paragraph into lines."""
    start = indent if first is None else first
    return textwrap.wrap(terminal(text), width, initial_indent=start, subsequent_indent=indent) or [start.rstrip()]


def show(value: Any, width: int, lines: int = MAX_LINES) -> str:
    """Return a value as text of a few lines."""
    if isinstance(value, np.ndarray):
        return _cut(_array(value + 0.0 if value.dtype.kind == "f" else value, width), lines)
    if isinstance(value, tuple | list):
        parts = [show(item, width, 3) for item in value]
        joined = ", ".join(parts) + "," * (len(parts) == 1)
        return _cut(f"({joined})" if "\n" not in joined and len(joined) <= width else "\n".join(parts), lines)
    return _short(line(_float(value) if isinstance(value, float) else repr(value)), max(width, 20))


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _float(value: float) -> str:
    """Return a floating number that cannot be taken for an integer."""
    text = f"{value:.7g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def _array(value: np.ndarray[Any, Any], width: int) -> str:
    with np.printoptions(precision=5, suppress=_moderate(value), linewidth=max(width, 20), threshold=40, edgeitems=2):
        text = np.array2string(value, separator=", ")
    return text if value.size else f"an empty array of shape {value.shape}"


def _moderate(value: np.ndarray[Any, Any]) -> bool:
    """Tell whether fixed notation loses nothing that matters."""
    if value.dtype.kind != "f" or not value.size:
        return True
    size = np.abs(value[np.isfinite(value) & (value != 0)])
    return not size.size or bool(size.min() > 1e-3 and size.max() < 1e6)


def _cut(text: str, lines: int) -> str:
    rows = text.splitlines() or [""]
    return "\n".join(rows if len(rows) <= lines else [*rows[: lines - 1], "..."])

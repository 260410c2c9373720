"""A real series: the temperature of the sea off Peru, month by month, in two parts, the later of which is held out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course import builtin_root
from grader.errors import CourseError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Series", "elnino", "windows"]

MONTHS = 12
# The last 13 of 61 years are held out, with the strong El Niño of 1997 and 1998 among them.
FIRST_HELD_OUT = 1998


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Numbers in the order of time, scaled so that the earlier part has mean 0 and standard deviation 1.

    Args:
        train: the earlier part, float32, shape (T,).
        held_out: what came after it, in the same scale, float32, shape (M,).
        mean: of the earlier part, in the series' own unit.
        deviation: the earlier part's standard deviation, in that unit.
    """

    train: npt.NDArray[np.float32]
    held_out: npt.NDArray[np.float32]
    mean: float
    deviation: float


def elnino() -> Series:
    """Return monthly temperatures from 1950 to 2010, those from 1998 on held out; mean and deviation are in °C."""
    import numpy as np

    years, degrees = _stored()
    early = [value for year, row in zip(years, degrees, strict=True) if year < FIRST_HELD_OUT for value in row]
    late = [value for year, row in zip(years, degrees, strict=True) if year >= FIRST_HELD_OUT for value in row]
    mean, deviation = float(np.mean(early)), float(np.std(early))

    def scaled(values: list[float]) -> npt.NDArray[np.float32]:
        return ((np.array(values) - mean) / deviation).astype(np.float32)

    return Series(train=scaled(early), held_out=scaled(late), mean=mean, deviation=deviation)


def windows(values: npt.NDArray[np.float32], length: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return all windows of a series, and for each of their values the one that follows it.

    Args:
        values: a series, shape (T,).
        length: how many values a window has, L; less than T.

    Returns:
        (x, target), each of shape (L, T - L, 1), time first: target[t] is the value that comes after x[t].
    """
    import numpy as np

    rows = np.lib.stride_tricks.sliding_window_view(values, length)[..., None]  # (T - L + 1, L, 1)
    return rows[:-1].swapaxes(0, 1).copy(), rows[1:].swapaxes(0, 1).copy()


def _stored() -> tuple[list[int], list[list[float]]]:
    """Return the years and, for each, the temperatures of its twelve months."""
    path = builtin_root() / "exercises" / "data" / "elnino.csv"
    try:
        with path.open(encoding="ascii", newline="") as file:
            rows = list(csv.reader(file))[1:]
        years, degrees = [int(row[0]) for row in rows], [[float(value) for value in row[1:]] for row in rows]
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise CourseError(f"the series of the course cannot be read from {path} ({error}): install it again") from None
    if any(len(row) != MONTHS for row in degrees) or len(set(years)) < 2:
        raise CourseError(f"{path} is no table of years and months: install the course again")
    return years, degrees

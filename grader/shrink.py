"""Making a failing case smaller: lower choices first, then rounder numbers, as long as it still fails alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from grader.cases import Case, Recipe, build
from grader.exercise import Task

__all__ = ["elements", "shrink"]

SECONDS = 0.3
BATCH = 24
SIMPLEST = 2

Shown = TypeVar("Shown")


def shrink(
    task: Task, case: Case, look: Callable[[Sequence[Case]], Sequence[Shown | None]], budget: float | None = None
) -> Shown | None:
    """Return what ``look`` says of the smallest case found within ``budget`` seconds (default: the user's).

    Args:
        look: ``cases -> for each, what to show of it, or None if it does not fail in the same way``.

    Returns:
        None if no smaller case fails in the same way.
    """
    end = time.monotonic() + (_seconds() if budget is None else budget)
    tried, best = {case.recipe}, None
    while time.monotonic() < end:
        candidates = [one for one in _smaller(task, case) if one.recipe not in tried][:BATCH]
        if not candidates:
            break
        tried.update(one.recipe for one in candidates)
        still = [(one, shown) for one, shown in zip(candidates, look(candidates), strict=True) if shown is not None]
        if still:
            case, best = min(still, key=lambda pair: _size(pair[0]))
    return best


def _seconds() -> float:
    """Return how long to look; ``GRADLINGS_SHRINK_SECONDS`` changes it, for output that must not depend on speed."""
    return float(os.environ.get("GRADLINGS_SHRINK_SECONDS", SECONDS))


def _smaller(task: Task, case: Case) -> list[Case]:
    """Return simpler neighbours of a case, the smallest first."""
    if case.recipe is None:
        return []
    cases = [build(task, recipe) for recipe in dict.fromkeys(_neighbours(case.recipe))]
    return sorted((one for one in cases if _size(one) < _size(case)), key=_size)


def _neighbours(recipe: Recipe) -> Iterator[Recipe]:
    for simplicity in range(SIMPLEST, recipe.simplicity, -1):
        yield replace(recipe, simplicity=simplicity)
    for index, choice in enumerate(recipe.choices):
        for lower in {0, choice // 2, choice - 1} - {choice, -1}:
            yield replace(recipe, choices=(*recipe.choices[:index], lower, *recipe.choices[index + 1 :]))


def _size(case: Case) -> tuple[int, int, int]:
    recipe = case.recipe or Recipe()
    return elements(case.args), sum(recipe.choices), -recipe.simplicity


def elements(value: object) -> int:
    """Return how many numbers an argument tree holds."""
    if isinstance(value, tuple | list):
        return sum(elements(item) for item in value)
    return int(value.size) if isinstance(value, np.ndarray) else 1

"""What is drawn for a task: choices (dimensions, flags, a seed), and the arguments that are made from them.

A plugin's ``cases(draw)`` asks a :class:`Draw` for sizes, options and arrays. Every choice is a small integer that is
recorded, so that a case *is* its :class:`Recipe`: the same recipe makes the same arguments everywhere, and a smaller
recipe makes a smaller case. Array elements are never drawn one by one; named fills make them from the seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from grader.errors import PluginError
from grader.exercise import Edge, Task
from grader.fills import FILLS, KINKED

__all__ = ["Case", "Draw", "Recipe", "build", "cast", "edge_cases"]

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that a drawn case depends on, besides the plugin's own function.

    Args:
        choices: each choice's distance from its simplest value, in the order in which they were made.
        seed: what the arrays are made from; 0 if the case has none.
        simplicity: 0 as drawn, 1 rounded numbers, 2 small distinct integers where the fill allows it.
    """

    choices: tuple[int, ...] = ()
    seed: int = 0
    simplicity: int = 0


@dataclass(frozen=True, kw_only=True)
class Case:
    """The arguments of one call, with the labels that tell it from others."""

    args: tuple[Any, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    smooth: bool = True
    recipe: Recipe | None = None


class Chooser(Protocol):
    """Where choices come from: Hypothesis when drawing, a recipe when replaying."""

    def below(self, count: int) -> int:
        """Return a number from 0 to ``count - 1``, 0 being the simplest."""

    def seed(self) -> int:
        """Return what the arrays are made from; asked for at most once a case, and only if it has arrays."""


class Replay:
    """The choices of a recipe, clamped where an earlier choice has made the range smaller."""

    def __init__(self, recipe: Recipe) -> None:
        self._choices = iter(recipe.choices)
        self._seed = recipe.seed

    def below(self, count: int) -> int:
        return min(next(self._choices, 0), count - 1)

    def seed(self) -> int:
        return self._seed


class Draw:
    """What a plugin's ``cases`` function draws from."""

    def __init__(self, chooser: Chooser, simplicity: int = 0) -> None:
        self._chooser = chooser
        self._simplicity = simplicity
        self._seed: int | None = None
        self._arrays = 0
        self._choices: list[int] = []
        self.labels: dict[str, str] = {}
        self.smooth = True

    def integer(self, name: str, low: int, high: int) -> int:
        """Draw an integer from ``low`` to ``high``, both possible, ``low`` the simplest; labelled."""
        value = low + self._below(high - low + 1)
        self.labels[name] = str(value)
        return value

    def choice(self, name: str, options: Sequence[Value]) -> Value:
        """Draw one of the options, the first the simplest; labelled with its text."""
        value = options[self._below(len(options))]
        self.labels[name] = str(value)
        return value

    def flag(self, name: str) -> bool:
        """Draw False (the simplest) or True; labelled ``yes`` or ``no``."""
        value = bool(self._below(2))
        self.labels[name] = "yes" if value else "no"
        return value

    def sizes(self, *names: str, low: int = 1, high: int = 5) -> tuple[int, ...]:
        """Draw one size for each name, all different, so that no dimension is mistaken for another.

        Sizes of 1 may repeat nothing either. Not labelled: call :meth:`label` for those that matter.
        """
        left = list(range(low, high + 1))
        if len(names) > len(left):
            raise PluginError(f"draw.sizes: {len(names)} different sizes do not fit into {low} to {high}")
        return tuple(left.pop(self._below(len(left))) for _ in names)

    def shape(self, low: int = 1, high: int = 3, *, smallest: int = 1, largest: int = 5) -> tuple[int, ...]:
        """Draw a shape of ``low`` to ``high`` dimensions, all different; labelled ``dimensions``."""
        count = self.integer("dimensions", low, high)
        return self.sizes(*("?" * count), low=smallest, high=largest)

    def axis(self, dimensions: int, name: str = "axis") -> int:
        """Draw an axis, -1 the simplest, also as a negative number; labelled ``last`` or ``not last``."""
        options = (-1, *range(-2, -dimensions - 1, -1), *range(dimensions))
        axis: int = options[self._below(2 * dimensions)]
        self.labels[name] = "last" if axis in (-1, dimensions - 1) else "not last"
        return axis

    def label(self, name: str, value: object) -> None:
        """Label the case, for what separates pass from fail."""
        self.labels[name] = str(value)

    def array(self, shape: tuple[int, ...], *fills: str, name: str = "values") -> NDArray[np.float64]:
        """Make a float64 array with one of the fills (default ``normal``); labelled if there are several."""
        fill = fills[0] if len(fills) == 1 else "normal"
        if len(fills) > 1:
            fill = self.choice(name, fills)
        if fill not in FILLS:
            raise PluginError(f"draw.array: no fill named {fill!r}; there are {', '.join(FILLS)}")
        self.smooth = self.smooth and fill not in KINKED
        return np.asarray(FILLS[fill](self.rng(), shape, self._simplicity))  # 0-d too, where NumPy gives a scalar

    def indices(self, shape: tuple[int, ...], below: int) -> NDArray[np.int64]:
        """Make an array of integers from 0 to ``below - 1``, as class labels or positions."""
        return self.rng().integers(0, below, shape)

    def probabilities(self, shape: tuple[int, ...], axis: int = -1) -> NDArray[np.float64]:
        """Make positive numbers that sum to 1 along ``axis``."""
        weights = self.rng().integers(1, 9, shape).astype(np.float64)
        if not self._simplicity:
            weights = self.rng().gamma(1.0, 1.0, shape) + 1e-3
        return np.asarray(weights / weights.sum(axis=axis, keepdims=True))

    def rng(self) -> np.random.Generator:
        """Return a generator of its own for the next array."""
        if self._seed is None:
            self._seed = self._chooser.seed()
        self._arrays += 1
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self._seed, self._arrays])))

    def recipe(self) -> Recipe:
        """Return what was chosen so far."""
        return Recipe(choices=tuple(self._choices), seed=self._seed or 0, simplicity=self._simplicity)

    def _below(self, count: int) -> int:
        if count < 1:
            raise PluginError("a draw from nothing: the upper bound is below the lower one, or there are no options")
        value = self._chooser.below(count)
        self._choices.append(value)
        return value


def make(task: Task, draw: Draw) -> Case:
    """Run the plugin's function on ``draw`` and name what came of it."""
    args = task.cases(draw)
    if not isinstance(args, tuple):
        raise PluginError(f"task {task.name}: cases(draw) must return a tuple of arguments, not {type(args).__name__}")
    return Case(args=_plain(args), labels=dict(draw.labels), smooth=draw.smooth, recipe=draw.recipe())


def _plain(value: Any) -> Any:
    """Turn NumPy scalars into plain numbers, which is what learners' functions are given."""
    if isinstance(value, tuple | list):
        return tuple(_plain(item) for item in value)
    return value.item() if isinstance(value, np.generic) else value


def build(task: Task, recipe: Recipe) -> Case:
    """Make the case of a recipe."""
    return make(task, Draw(Replay(recipe), recipe.simplicity))


def edge_cases(task: Task) -> tuple[Case, ...]:
    """Return the task's named cases, in the plugin's order."""
    declared = {name: edge if isinstance(edge, Edge) else Edge(args=edge) for name, edge in task.edges().items()}
    wrong = next((name for name, edge in declared.items() if not isinstance(edge.args, tuple)), None)
    if wrong is not None:
        raise PluginError(f"task {task.name}: edge {wrong!r} must be a tuple of arguments: write (argument,)")
    return tuple(
        Case(args=_plain(edge.args), labels={"case": name}, name=name, smooth=edge.smooth)
        for name, edge in declared.items()
    )


def cast(value: Any, dtype: str | None) -> Any:
    """Cast the floating arrays of an argument tree; integers, booleans and plain numbers stay as they are."""
    if isinstance(value, tuple | list):
        return tuple(cast(item, dtype) for item in value)
    if dtype is not None and isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(dtype)
    return value

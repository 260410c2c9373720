"""What the contract says of an exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Broken", "Caught", "Contract", "told"]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One broken clause.

    Args:
        clause: its name, such as ``mistakes are caught``.
        where: the task or file.
        text: what is wrong, and the mend.
    """

    clause: str
    where: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Caught:
    """How one declared mistake fares.

    Args:
        check: the check that it fails; None if it passes.
        named: the name of the diagnosis.
        edges: the named cases that it fails.
    """

    task: str
    backend: str
    name: str
    check: str | None
    named: str | None
    edges: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The outcome for one exercise."""

    exercise: str
    seeds: int
    problems: tuple[Broken, ...]
    mistakes: tuple[Caught, ...]
    alternatives: int
    edges: int
    seconds: float


def told(labels: Mapping[str, str]) -> str:
    """Return what tells a case from others, as it is read."""
    return ", ".join(f"{name}: {value}" for name, value in labels.items()) or "every case"

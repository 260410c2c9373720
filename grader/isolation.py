"""The layers of confinement by name, and in plain words what those that hold are good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["LANDLOCK", "LAYERS", "LIMITS", "PRIVILEGES", "SCRATCH", "SECCOMP", "Isolation"]

LIMITS = "limits"
PRIVILEGES = "privileges"
LANDLOCK = "landlock"
SECCOMP = "seccomp"
SCRATCH = "scratch"
# In the order in which a child puts them on: each may need what a later one takes away.
LAYERS = (SCRATCH, LIMITS, PRIVILEGES, LANDLOCK, SECCOMP)

WORDS = {
    SCRATCH: "a scratch folder of its own",
    LIMITS: "bounded memory and processor time",
    PRIVILEGES: "no privileges",
    LANDLOCK: "no files but its own (Landlock)",
    SECCOMP: "no new processes or connections (seccomp)",
}
FIT = "fit for official scores"
UNFIT = "for feedback, not for official scores"


@dataclass(frozen=True, kw_only=True)
class Isolation:
    """What stands between the grader and the code in its workers.

    Args:
        forked: whether workers are forks of one process or interpreters of their own.
        missing: the layers that do not hold, each with the reason.
    """

    forked: bool
    missing: Mapping[str, str]

    @property
    def fit(self) -> bool:
        """Tell whether scores may be called official: the code is somebody's, and every layer holds."""
        return not self.missing

    @property
    def holding(self) -> tuple[str, ...]:
        """Return the layers that hold."""
        return tuple(layer for layer in LAYERS if layer not in self.missing)

    @property
    def lacking(self) -> str:
        """Return what is missing and why."""
        return "; ".join(f"{layer} ({reason})" for layer, reason in self.missing.items())

    def __str__(self) -> str:
        how = "a process forked for each exercise" if self.forked else "an interpreter of its own for each exercise"
        held = ", ".join(WORDS[layer] for layer in self.holding) or "nothing else"
        missing = f"; missing: {self.lacking}" if self.missing else ""
        return f"{how}, with {held}{missing}: {FIT if self.fit else UNFIT}"

    def weaker(self, other: Isolation | None) -> Isolation:
        """Return what both together are worth: a layer that is missing in one is missing."""
        if other is None:
            return self
        return Isolation(forked=self.forked and other.forked, missing={**other.missing, **self.missing})

"""How an attack is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["SECRET_SEED", "Setting"]

SECRET_SEED = 20_261_127


@dataclass
class Setting:
    """How an attack is judged; a control that is switched off changes it.

    Args:
        without: layers of confinement to leave out.
        seed: of the cases.
        timeout: seconds for one call.
        seconds: how long a slow attack takes: far more than it has, or a little more than it would have.
        fresh: whether processes that were started before know nothing of the change.
        folder: the submission's.
        temporary: a folder for the control.
        reference: the text of the right answers.
    """

    folder: Path
    temporary: Path
    reference: str
    without: frozenset[str] = frozenset()
    seed: int = SECRET_SEED
    timeout: float = 0.5
    seconds: float = 10.0
    fresh: bool = False

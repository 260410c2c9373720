"""Layers of confinement as controls: how each is left out, and whether it is there to stop anything on this machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

import pytest

from grader.confinement.files import Landlock
from grader.confinement.syscalls import Unavailable
from grader.isolation import LANDLOCK, LAYERS, LIMITS, PRIVILEGES, SECCOMP
from tests.attacks.setting import Setting

__all__ = ["BOUNDING_TCP", "OF_ROOT", "SCOPING", "SWITCHES", "alone", "behind", "stops_here"]

# What a layer does only on some machines, by a name of its own.
BOUNDING_TCP = "landlock that bounds TCP"
SCOPING = "landlock that scopes signals and sockets"
OF_ROOT = "privileges, root's"
BEHIND = {BOUNDING_TCP: LANDLOCK, SCOPING: LANDLOCK, OF_ROOT: PRIVILEGES}
VERSIONS = {BOUNDING_TCP: 4, SCOPING: 6}  # of Landlock: Linux 6.7 and 6.12
STOPPING = {LIMITS, PRIVILEGES, LANDLOCK, SECCOMP}


def switch(layer: str) -> Callable[[pytest.MonkeyPatch, Setting], None]:
    """Leave out a layer of confinement."""

    def off(patch: pytest.MonkeyPatch, setting: Setting) -> None:
        setting.without |= {layer}

    return off


# Of the code of anybody but root there is nothing that giving up privileges alone would stop.
SWITCHES = {name: switch(BEHIND.get(name, name)) for name in (*LAYERS, *BEHIND) if name != PRIVILEGES}


def behind(control: str) -> str | None:
    """Return the layer behind a control's name, None if it is something else."""
    return BEHIND.get(control, control if control in LAYERS else None)


def stops_here(control: str) -> bool:
    """Tell whether this machine has what the name of a control says."""
    return _version() >= VERSIONS.get(control, 0) and (control != OF_ROOT or os.geteuid() == 0)


def _version() -> int:
    with contextlib.suppress(Unavailable):
        return Landlock().version
    return 0


def alone(control: str, others: tuple[str, ...]) -> frozenset[str]:
    """Return the layers to leave out where a control stands alone; ``others`` are the attack's other controls.

    The scratch folder stays where it is no control of the attack: without it, code works where the tests do.
    """
    return frozenset((STOPPING | {*filter(None, map(behind, others))}) - {behind(control)})

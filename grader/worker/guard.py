"""Guards: what stands where a function of a library stood, and refuses while a task forbids it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

__all__ = ["ForbiddenCall", "forbidding", "guard", "refusal", "refused"]

MISSING = object()
# What was refused since the call began; the worker is one learner's alone.
refused: list[str] = []


class ForbiddenCall(Exception):
    """The task forbids what was called."""


class Guard:
    """Passes calls and attributes on to a function, unless its name is forbidden now."""

    active: frozenset[str] = frozenset()

    def __init__(self, name: str, function: Any) -> None:
        def allowed() -> Any:
            if name in Guard.active:
                raise ForbiddenCall(refusal(name))
            return function

        self._allowed = allowed

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._allowed()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._allowed(), name)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._allowed(),)  # a class may be guarded too, and be inherited from

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._allowed())


def refusal(name: str) -> str:
    """Note that a name was refused, and return what the learner reads."""
    refused.append(f"{name} is not allowed in this task")
    return refused[-1]


def guard(library: ModuleType, name: str) -> bool:
    """Put a guard before the function of a qualified name; False if there is none."""
    function = _find(name)
    if function is not MISSING and not isinstance(function, Guard):
        _replace(library.__name__, function, Guard(name, function))
    return function is not MISSING


def _find(name: str) -> Any:
    """Return what a qualified name stands for; a module may not be an attribute of its package."""
    home, _, last = name.rpartition(".")
    return sys.modules.get(name) or (getattr(_find(home), last, MISSING) if home else MISSING)


def _replace(library: str, function: Any, stand_in: Guard) -> None:
    """Put the guard wherever a module of the library holds the function, under whatever name."""
    for module in [one for name, one in list(sys.modules.items()) if name.partition(".")[0] == library]:
        for name, value in list(vars(module).items()):
            if value is function:
                setattr(module, name, stand_in)


@contextmanager
def forbidding(names: Sequence[str]) -> Iterator[None]:
    """Let guards refuse these names."""
    Guard.active = frozenset(names)
    try:
        yield
    finally:
        Guard.active = frozenset()

"""Which top-level modules a distribution and all that it needs bring, and from which folders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

__all__ = ["Granted", "bundled", "grant", "version"]


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What a worker may import besides the standard library."""

    modules: tuple[str, ...]
    folders: tuple[str, ...]


def version(name: str) -> str | None:
    """Return the installed version of a distribution without importing it, or None."""
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return None


def grant(names: Sequence[str]) -> Granted:
    """Follow the requirements of these distributions; those that are not installed bring nothing."""
    found = _followed(names)
    modules = sorted({module for name, one in found.items() for module in _modules(name, one)})
    folders = dict.fromkeys(str(one.locate_file("")) for one in found.values())
    return Granted(modules=tuple(modules), folders=tuple(folders))


def bundled(names: Sequence[str]) -> tuple[str, ...]:
    """Return the folders of shared libraries, such as ``numpy.libs``, that these and what they need bring."""
    return tuple(dict.fromkeys(path for one in _followed(names).values() for path in _bundled(one)))


def _bundled(one: Distribution) -> list[str]:
    folder = Path(str(one.locate_file("")))
    candidates = sorted(folder.glob("*.libs"))
    record = f"\n{one.read_text('RECORD')}" if candidates else ""
    return [str(path) for path in candidates if f"\n{path.name}/" in record]


def _followed(names: Sequence[str]) -> Mapping[str, Distribution]:
    """Return these distributions and all that they need, as far as they are installed."""
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = _normal(waiting.pop())
        if name not in found:
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue
            waiting.extend(_required(found[name]))
    return found


def _required(one: Distribution) -> list[str]:
    """Return the names that a distribution needs, extras left out."""
    wanted = [text for text in one.requires or () if "extra ==" not in text]
    return [match.group() for text in wanted if (match := re.match(r"[\w.-]+", text))]


def _modules(name: str, one: Distribution) -> list[str]:
    top = (one.read_text("top_level.txt") or "").split()
    return top or [name.replace("-", "_")]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

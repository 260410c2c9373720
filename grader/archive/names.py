"""Names of an archive's members: which are a path below the folder, and which two are the same."""

from __future__ import annotations

import re
import unicodedata

from grader.errors import BadArchive
from grader.escape import steers

__all__ = ["Names", "parts_of"]

DRIVE = re.compile(r"[A-Za-z]:")
LONGEST = 255  # bytes of one part, on the file systems that we know
SHOWN = 60


def parts_of(name: str, depth: int) -> tuple[str, ...]:
    """Take a member's name apart; the archive's own folder has no parts.

    Raises:
        BadArchive: if it leads out of the folder, or is a path to some systems and not to others.
    """
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    shown = ascii(name if len(name) <= SHOWN else f"{name[:SHOWN]}...")
    if name.startswith("/") or DRIVE.match(name):
        raise BadArchive(f"the name {shown} is an absolute path")
    if ".." in parts:
        raise BadArchive(f"the name {shown} leads out of its folder")
    if "\\" in name:
        raise BadArchive(f"the name {shown} holds a backslash")
    if steers(name):
        raise BadArchive(f"the name {shown} holds control characters")
    if len(parts) > depth or any(len(part.encode()) > LONGEST for part in parts):
        raise BadArchive(f"the name {shown} is too long")
    return parts


class Names:
    """The names of an archive so far; two that a file system may take for one are refused, whichever it is."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, ...], tuple[tuple[str, ...], bool]] = {}

    def add(self, parts: tuple[str, ...], folder: bool) -> None:
        """Add a member, and the folders that it lies in.

        Raises:
            BadArchive: if its place is taken.
        """
        for depth in range(1, len(parts) + 1):
            entry = parts[:depth], folder or depth < len(parts)
            before = self._taken.setdefault(tuple(map(_folded, parts[:depth])), entry)
            if before != entry or (before is not entry and not entry[1]):
                raise BadArchive(f"{'/'.join(before[0])!r} and {'/'.join(parts)!r} would lie in the same place")


def _folded(part: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())

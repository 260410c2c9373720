"""How much an archive may hold, counted in what really comes out of it."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, replace
from typing import BinaryIO

from grader.errors import BadArchive

__all__ = ["CHUNK", "LIMITS", "Bounded", "Limits", "Meter"]

MIB = 2**20
CHUNK = 64 * 1024
LARGEST_READ = MIB  # the library reads a list of members, or a long name, at once
PASSES = 3  # over the file, at most


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is far more than any homework, and far less than harms the machine.

    Args:
        archive: bytes of the archive itself.
        members: files and folders in it, also those that are not taken.
        member: bytes of one file.
        total: bytes of all files.
        ratio: how many times the archive's size may come out of it, once that is more than ``free`` bytes.
        depth: folders in one another.
    """

    archive: int = 32 * MIB
    members: int = 2_000
    member: int = 8 * MIB
    total: int = 32 * MIB
    ratio: int = 100
    free: int = MIB
    depth: int = 12

    def around(self) -> Limits:
        """Return the limits of a tar as a whole: around the files stand headers, and what fills the last blocks."""
        return replace(self, total=self.total + self.members * 2 * tarfile.BLOCKSIZE + tarfile.RECORDSIZE)


LIMITS = Limits()


class Meter:
    """Counts the bytes that come out of an archive of some size."""

    def __init__(self, limits: Limits, size: int) -> None:
        self._limits = limits
        self._swollen = max(limits.free, limits.ratio * size)
        self._total = 0

    def count(self, size: int) -> None:
        """Add what has just been read.

        Raises:
            BadArchive: if that was too much.
        """
        self._total += size
        if self._total > self._limits.total:
            raise BadArchive(f"it holds more than {self._limits.total:,} bytes")
        if self._total > self._swollen:
            raise BadArchive(f"it grows to more than {self._limits.ratio} times its own size")


class Bounded(io.BufferedIOBase):
    """An archive's file, of which the library reads little at once and not for ever, whatever headers announce."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._left = PASSES * size + LARGEST_READ

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._file.read(LARGEST_READ + 1 if size is None or size < 0 else min(size, LARGEST_READ + 1))
        self._left -= max(len(data), 1)
        if len(data) > LARGEST_READ or self._left < 0:
            raise BadArchive("its list of members is too long, or leads in circles")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

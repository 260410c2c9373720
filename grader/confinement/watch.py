"""Looking at what a running child does to the disk: no limit of the system bounds many files together."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["overreach"]

BYTES = 256 * 2**20
FILES = 10_000


def overreach(process: int, scratch: str) -> str | None:
    """Return what a child has done too much of, or None."""
    if _written(process) > BYTES:
        return f"it wrote more than {BYTES // 2**20} MiB to files"
    if _exceeds(scratch, FILES):
        return f"it made more than {FILES:,} files"
    return None


def _written(process: int) -> int:
    """Return how many bytes a process has written, by calls or through memory; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{process}/io").read_text()
    except OSError:
        return 0
    return max((int(number) for number in re.findall(r"^(?:wchar|write_bytes): (\d+)", text, re.M)), default=0)


def _exceeds(folder: str, count: int) -> bool:
    """Tell whether more entries than these lie in and below a folder, without looking at many more."""
    waiting = [folder]
    while waiting and count >= 0:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count -= 1
                    if count < 0:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:  # it has gone meanwhile, or lies too deep to be named
            continue
    return count < 0

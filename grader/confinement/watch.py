"""Looking at what a running child does: no limit of the system bounds many files together, or one process's threads."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["overreach"]

BYTES = 256 * 2**20
FILES = 10_000
# The system counts threads by user, all programs together, and is asked for far more. Libraries start one a processor.
THREADS = 128 + (os.cpu_count() or 1)


def overreach(process: int, scratch: str | None) -> str | None:
    """Return what a child has done too much of, or None."""
    if _threads(process) > THREADS:
        return f"it started more than {THREADS} threads"
    if _written(process) > BYTES:
        return f"it wrote more than {BYTES // 2**20} MiB to files"
    if scratch is not None and _exceeds(scratch, FILES):
        return f"it made more than {FILES:,} files"
    return None


def _written(process: int) -> int:
    """Return how many bytes a process has written, by calls or through memory; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{process}/io").read_text()
    except OSError:
        return 0
    return max((int(number) for number in re.findall(r"^(?:wchar|write_bytes): (\d+)", text, re.M)), default=0)


def _threads(process: int) -> int:
    """Return how many threads a process has, the twentieth figure of its state; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[17])
    except (OSError, IndexError, ValueError):
        return 0


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

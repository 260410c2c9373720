"""A folder of messages by key, for drawn cases and reference answers; losing it costs time only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.worker import frames

__all__ = ["Cache", "default_folder", "digest_files"]

KEEP = 600


def default_folder() -> Path:
    """Return the user's cache folder; ``GRADLINGS_CACHE`` names another."""
    if named := os.environ.get("GRADLINGS_CACHE"):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gradlings"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gradlings"


def digest_files(files: Iterable[Path]) -> str:
    """Return one hash of the contents and names of files."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


class Cache:
    """Messages by key on disk; ``folder=None`` remembers nothing. A folder that cannot be used is no error."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> Any:
        """Return the message, or None if there is none or it cannot be read."""
        if self._folder is None:
            return None
        try:
            return frames.decode(self._file(key).read_bytes())
        except (OSError, frames.FrameError):
            return None

    def put(self, key: str, message: Any) -> None:
        """Write the message at once or not at all."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):  # a full or read-only disk only makes the next run slower
            self._folder.mkdir(parents=True, exist_ok=True)
            frame = frames.encode(message)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as file:
                file.write(frame)
            try:
                os.replace(file.name, self._file(key))
            except OSError:
                os.unlink(file.name)

    def prune(self) -> None:
        """Drop the oldest files beyond ``KEEP``."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            files = sorted(self._folder.glob("*.frame"), key=lambda file: file.stat().st_mtime)
            for file in files[:-KEEP]:
                file.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.frame"

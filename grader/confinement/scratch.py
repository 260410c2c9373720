"""Scratch folders: one for each child, gone when it ends, whatever it has made of it."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
import time

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["Scratch", "remove", "sweep"]

PREFIX = "gradlings-scratch-"
STALE = 3600.0  # seconds: younger ones may belong to a grader that is just starting


class Scratch:
    """A folder of folders, in the system's place for such things, locked as long as it is in use."""

    def __init__(self) -> None:
        self._root: str | None = None
        self._lock: int | None = None

    def folder(self) -> str:
        """Make a fresh folder that only this user can enter."""
        if self._root is None:
            sweep()
            self._root = os.path.realpath(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = _locked(self._root)
        return tempfile.mkdtemp(dir=self._root)

    def close(self) -> None:
        """Remove what is left."""
        if self._root is not None:
            remove(self._root)
            self._root = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sweep() -> None:
    """Remove what graders have left behind that were killed by force."""
    if fcntl is None:
        return
    for root in glob.glob(os.path.join(glob.escape(tempfile.gettempdir()), f"{PREFIX}*")):
        with contextlib.suppress(OSError):
            status = os.lstat(root)
            if status.st_uid == os.getuid() and time.time() - status.st_mtime > STALE:
                lock = _locked(root)
                if lock is not None:
                    remove(root)
                    os.close(lock)


def _locked(folder: str) -> int | None:
    """Lock a folder and return its descriptor; None if another process has locked it or there are no locks."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def remove(folder: str) -> None:
    """Remove a folder with all that is in it: locked folders, names of any kind, trees of any depth."""
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # nearly all are empty
    if not os.path.isdir(folder):
        return
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    if os.path.isdir(folder):  # too deep for recursion, or locked
        for command in (["chmod", "-R", "u+rwx", folder], ["rm", "-rf", folder]):
            with contextlib.suppress(OSError):
                subprocess.run(command, check=False, capture_output=True)

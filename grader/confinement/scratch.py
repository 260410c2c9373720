"""Scratch folders: one for each child, gone when it ends, whatever it has made of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile

__all__ = ["Scratch"]


class Scratch:
    """A folder of folders, in the system's place for such things."""

    def __init__(self) -> None:
        self._root: str | None = None

    def folder(self) -> str:
        """Make a fresh folder that only this user can enter."""
        if self._root is None:
            self._root = os.path.realpath(tempfile.mkdtemp(prefix="gradlings-"))
        return tempfile.mkdtemp(dir=self._root)

    def close(self) -> None:
        """Remove what is left."""
        if self._root is not None:
            remove(self._root)
            self._root = None


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

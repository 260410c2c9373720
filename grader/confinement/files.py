"""A Landlock ruleset for one child: what it may read, and the one folder that it may write to."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from typing import Any

from grader.confinement.syscalls import Unavailable

__all__ = ["Landlock", "Rule"]

Rule = tuple[str, Any]  # a path, and the rights to it and to what lies below
LEAST = 3  # the first version that keeps files from being emptied
SCOPED = 6  # the first that keeps signals inside


class Landlock:
    """Makes rulesets; the kernel's and the library's names for rights are looked up once.

    Raises:
        Unavailable: if the library or the kernel does not offer it, or too little of it.
    """

    def __init__(self) -> None:
        self._library: Any = _library()
        self.version = int(self._library.abi_version())
        if self.version < LEAST:
            offers = f"offers too early a version of it ({self.version})" if self.version else "does not offer it"
            raise Unavailable(f"this kernel {offers}; Linux does from 6.2 on, where it is switched on")
        access = self._library.AccessFS
        self._readable = access.READ_FILE | access.READ_DIR
        self._plain = access.READ_FILE
        self._writable = self._readable | access.WRITE_FILE | access.TRUNCATE | access.REFER | access.REMOVE_FILE
        self._writable |= access.REMOVE_DIR | access.MAKE_DIR | access.MAKE_REG | access.MAKE_SYM | access.MAKE_FIFO
        self._device = access.READ_FILE | access.WRITE_FILE

    @property
    def scopes_signals(self) -> bool:
        return self.version >= SCOPED

    def readable(self, paths: Iterable[str]) -> list[Rule]:
        """Return rules for reading; hundreds, and the same for many children, so that they are made beforehand."""
        return [(path, self._readable if os.path.isdir(path) else self._plain) for path in paths]

    def ruleset(self, rules: Iterable[Rule], scratch: str | None) -> Any:
        """Return a ruleset, to be closed by the caller; what has gone meanwhile is left out."""
        scope = self._library.Scope
        ruleset = self._library.Ruleset(scoped=scope.SIGNAL | scope.ABSTRACT_UNIX_SOCKET)
        allow = ruleset.allow_path
        for path, access in rules:
            try:
                allow(path, access)
            except FileNotFoundError:
                continue
        allow("/dev/null", self._device)
        if scratch is not None:
            allow(scratch, self._writable)
        return ruleset


def _library() -> Any:
    try:
        return importlib.import_module("landlockpy")
    except ImportError:
        raise Unavailable("the package landlockpy is not installed") from None

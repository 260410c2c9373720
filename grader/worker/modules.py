"""The modules of a submission: its file, and the library of earlier functions that the file may import."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

__all__ = ["module_of", "run"]


def module_of(file: str, folder: str, name: str) -> ModuleType:
    """Return an empty module that stands where an import finds it."""
    module = ModuleType(name)
    module.__file__ = os.path.join(folder, os.path.basename(file))
    sys.modules[name] = module
    return module


def run(module: ModuleType, source: str, file: str, folder: str, library: dict[str, Any] | None) -> None:
    """Run a file's top level, after the library that it imports from; helpers beside it can be imported."""
    if folder not in sys.path:
        sys.path.append(folder)
    if library is not None:
        _lend(**library)
    _execute(module, source, file)


def _execute(module: ModuleType, source: str, file: str) -> None:
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), module.__dict__)


def _lend(source: str, file: str, name: str, own: list[dict[str, Any]], missing: dict[str, str]) -> None:
    """Make the library: published functions, the learner's own in the place of some, and refusals of others."""
    library = module_of(file, os.path.dirname(file), name)
    _execute(library, source, file)
    for lender in own:
        loaded = _loaded(**lender["module"])
        for function in lender["functions"]:
            setattr(library, function, getattr(loaded, function))
    for function, reason in missing.items():
        setattr(library, function, _refusal(function, reason))


def _loaded(source: str, file: str, folder: str, name: str, library: dict[str, Any] | None) -> ModuleType:
    module = module_of(file, folder, name)
    run(module, source, file, folder, library)
    return module


def _refusal(function: str, reason: str) -> Callable[..., Any]:
    def refuse(*_: object, **__: object) -> Any:
        raise NotImplementedError(reason)

    refuse.__name__ = function
    return refuse

"""What can be imported here: the standard library, the backend's own distributions, and files beside the submission.

Site-packages is not on the path: plugins, references and the grader itself lie there. Named distributions are found by
a finder that looks for their top-level modules only, so that all others raise ModuleNotFoundError as if absent.
"""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

__all__ = ["Distributions", "confine"]


class Distributions:
    """Finds the granted top-level modules in ``folders``, and nothing else."""

    def __init__(self, modules: Sequence[str], folders: Sequence[str]) -> None:
        self._modules = frozenset(modules)
        self._folders = list(folders)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is None and name in self._modules:
            return importlib.machinery.PathFinder.find_spec(name, self._folders, target)
        return None


def confine(modules: Sequence[str], folders: Sequence[str]) -> None:
    """Grant ``modules`` from ``folders``, which are not on the path themselves."""
    sys.meta_path.insert(0, Distributions(modules, folders))

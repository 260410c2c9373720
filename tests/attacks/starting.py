"""Controls of how workers are started and of what their program does, each with the way to switch it off."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from grader import programs
from grader.distributions import grant
from tests.attacks.setting import Setting
from tests.conftest import ROOT

__all__ = [
    "grant_the_grader",
    "inherit_the_environment",
    "inherit_the_output",
    "keep_all_output",
    "look_around",
    "pass_the_control_on",
    "start_a_thread",
]


def inherit_the_environment(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    setting.fresh = True
    small = programs._environment
    patch.setattr(programs, "_environment", lambda: dict(os.environ) | small())


def inherit_the_output(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    setting.fresh = True
    patch.setattr(programs, "subprocess", SimpleNamespace(**{**vars(subprocess), "DEVNULL": None}))


def look_around(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Let the interpreter of the workers read what lies beside the submission when it starts."""
    setting.fresh = True
    small = programs._environment
    patch.setattr(programs, "ISOLATED", ())
    patch.setattr(programs, "_environment", lambda: small() | {"PYTHONPATH": str(setting.folder)})


def grant_the_grader(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    setting.fresh = True

    def generous(names: Any) -> Any:
        granted = grant(names)
        more = grant(["click", "pluggy", "hypothesis"])
        modules = (*granted.modules, *more.modules, "grader")
        return replace(granted, modules=modules, folders=(*granted.folders, *more.folders, str(ROOT)))

    patch.setattr(programs, "grant", generous)


def keep_all_output(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    doctored(patch, setting, "capture.py", "LIMIT = 20_000", "LIMIT = 10**9")


def pass_the_control_on(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Leave the socket open in the children over which the grader commands their parent."""
    doctored(patch, setting, "zygote.py", "control.close()", "pass")


def start_a_thread(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    started = "__import__('threading').Thread(target=__import__('time').sleep, args=(60,), daemon=True).start()"
    doctored(
        patch,
        setting,
        "serve.py",
        "learner = Learner(backend, output)",
        f"{started}; learner = Learner(backend, output)",
    )


def doctored(patch: pytest.MonkeyPatch, setting: Setting, file: str, old: str, new: str) -> None:
    """Start workers from a copy of their program in which some words are others."""
    setting.fresh = True
    copy = shutil.copytree(programs.WORKER, setting.temporary / "worker", ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file).read_text()
    assert text.count(old) == 1
    (copy / file).write_text(text.replace(old, new))
    patch.setattr(programs, "WORKER", copy)

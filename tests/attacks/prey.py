"""What attacks are after: files, processes and secrets of the test's own, told to them in a module beside them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pluggy

from grader.confinement import watch
from tests.attacks.catalogue import Attack
from tests.attacks.setting import Setting
from tests.conftest import ROOT

__all__ = ["ANSWER", "Prey"]

ANSWER = b"np.maximum(x, 0)"
TRACE = "import builtins\n\nbuiltins.TRACES = True\n"
BESIDE = ("numpy.py", "conftest.py", "sitecustomize.py", "usercustomize.py")
NOBODY = 2**22 + 1  # a process that no system has; 0 would be the group of whoever sends


class Prey:
    """What attacks are after, written down beside the submission as ``prey.py`` for them to find."""

    def __init__(self, root: Path, known: dict[str, object]) -> None:
        self.elsewhere, self.home, self.cache = (root / name for name in ("elsewhere", "home", "cache"))
        self.submission = root / "submission"
        for folder in (self.elsewhere, self.home, self.cache, self.submission):
            folder.mkdir()
        for file in (self.elsewhere / "answer.txt", self.home / "progress.json", self.cache / "relu.frame"):
            file.write_bytes(ANSWER)
        (self.submission / "link.txt").symlink_to(self.elsewhere / "answer.txt")
        for name in BESIDE:
            (self.submission / name).write_text(TRACE)
        (self.submission / "traces.pth").write_text(TRACE.replace("\n\n", "; "))
        self.shm = Path(f"/dev/shm/gradlings-{os.getpid()}-{id(self)}")
        self._secret = ctypes.create_string_buffer(ANSWER)
        self.stranger: subprocess.Popen[bytes] | None = None
        self.sibling = NOBODY
        self.parents = (0, 0)  # the process that starts the workers, before and after
        self.printed = ""  # on the terminal
        self._known = {
            **known,
            "ELSEWHERE": str(self.elsewhere),
            "HOME": str(self.home),
            "CACHE": str(self.cache),
            "SHM": str(self.shm),
            "ROOT": str(ROOT),
            "GRADER": os.getpid(),
            "ADDRESS": ctypes.addressof(self._secret),
            "LENGTH": len(ANSWER),
            "INSTALLED": str(Path(pluggy.__file__).parent.parent),
            "THREADS": watch.THREADS + 20,
        }

    def write(self, attack: Attack, setting: Setting) -> None:
        names = [name for name in self._known if f"prey.{name}" in attack.text]
        told = {name: self._known[name] for name in names} | {"SECONDS": setting.seconds}
        told |= {"STRANGER": self.stranger.pid if self.stranger else NOBODY, "SIBLING": self.sibling}
        text = "".join(f"{name} = {value!r}\n" for name, value in told.items())
        (self.submission / "prey.py").write_text(text)

    def start(self) -> None:
        self.stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    def close(self) -> None:
        self.shm.unlink(missing_ok=True)
        if self.stranger is not None:
            self.stranger.kill()
            self.stranger.wait()

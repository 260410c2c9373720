"""A class of hostile and honest submissions through one grader process, which is afterwards what it was before."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import itertools
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.confinement.scratch import PREFIX
from tests.attacks.catalogue import ATTACKS, Attack
from tests.attacks.conftest import HONEST, Ground
from tests.attacks.effects import EFFECTS, ended, reason_of
from tests.attacks.prey import Prey
from tests.attacks.setting import Setting

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="processes are looked at in /proc")
# Each takes a second or more: once among the thousand.
SLOW = (
    "files_without_end",
    "loop_that_catches_everything",
    "memory_bomb",
    "room_that_is_reserved",
    "send_the_answer_as_a_trickle",
    "thread_bomb",
    "threads_that_spin",
)
WRONG = {
    "numpy": "import numpy as np\n\n\ndef relu(x):\n    return np.abs(x)\n",
    "torch": "def relu(x):\n    return x.abs()\n",
}
GROWTH = 1.1


@dataclass(frozen=True, kw_only=True)
class Due:
    """A submission and what it is due: the part of the points, and words of the reason."""

    text: str
    backend: str
    part: float = 0.0
    reason: str = "expected"
    attack: Attack | None = None


def submissions(count: int, attacks: Sequence[Attack]) -> list[Due]:
    """Return hostile submissions, the slow ones once, and as many wrong and right ones, one in four in torch."""
    often = [one for one in attacks if one.name not in SLOW]
    hostile = [*attacks, *itertools.islice(itertools.cycle(often), max(count // 2 - len(attacks), 0))]
    mixed = [Due(text=one.text, backend=one.backend, reason=one.reason, attack=one) for one in hostile]
    torch = any(one.backend == "torch" for one in attacks)
    for index in range(count - len(mixed)):
        backend = "torch" if torch and index % 8 in (0, 7) else "numpy"
        right = Due(text=HONEST[backend], backend=backend, part=1.0, reason="")
        mixed.append(right if index % 4 else Due(text=WRONG[backend], backend=backend))
    random.Random(0).shuffle(mixed)
    return mixed


def resident(process: int | str) -> int:
    """Return the bytes of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def below(process: int) -> list[int]:
    """Return the processes that a process has started, directly or not, dead ones too."""
    found = [int(number) for task in Path(f"/proc/{process}/task").iterdir() for number in _children(task)]
    return found + [one for child in found for one in below(child)]


def _children(task: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return (task / "children").read_text().split()
    return []


def scratch() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*/*"))


class State:
    """What one grader process and those that start its workers hold."""

    def __init__(self, zygotes: Sequence[int]) -> None:
        gc.collect()
        with contextlib.suppress(AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)  # what is freed, and only kept for later, does not count
        self.zygotes = list(zygotes)
        self.processes = below(os.getpid())
        self.descriptors = len(os.listdir("/proc/self/fd"))
        self.scratch = scratch()
        self.own = resident("self")
        self.below = [resident(zygote) for zygote in zygotes]


class Class:
    """A class that is handed in: each submission is judged beside what it is after."""

    def __init__(self, ground: Ground, prey: Prey, setting: Setting, capfd) -> None:
        self._ground = ground
        self._prey = prey
        self._setting = setting
        self._capfd = capfd

    def state(self, backends: Sequence[str]) -> State:
        return State([self._ground.parent(self._setting, backend) for backend in backends])

    def wrong(self, due: Due) -> str:
        """Judge a submission; say what is wrong with its verdict, if anything."""
        self._setting.timeout = 0.5 if due.attack else 20.0
        if due.attack:
            self._prey.write(due.attack, self._setting)
        for _ in range(due.attack.runs if due.attack else 1):
            result = self._ground.judge(due.text, due.backend, self._setting)
        self._prey.printed = "".join(self._capfd.readouterr())
        right = result.score == due.part * result.max_score and result.status == ("passed" if due.part else "failed")
        succeeded = due.attack is not None and EFFECTS[due.attack.effect](result, self._prey)
        if right and due.reason in reason_of(result) and not succeeded:
            return ""
        return f"{due.attack or due}: {result.status}, {result.score}, {reason_of(result)}, {succeeded}"


QUICK = [one for one in ATTACKS if one.name not in SLOW and one.backend == "numpy"]


@pytest.mark.parametrize(
    ("count", "attacks", "backends"),
    [(40, QUICK[::4], ["numpy"]), pytest.param(1000, ATTACKS, ["numpy", "torch"], marks=pytest.mark.full)],
    ids=["40", "1000"],
)
def test_nothing_leaks_and_every_verdict_is_right(
    app, cache, prey, setting, capfd, monkeypatch, tmp_path, count, attacks, backends
):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))  # scratch folders of this process alone
    prey.start()
    with contextlib.closing(Ground(app, cache)) as ground:
        sibling = ground.sandbox().child(app.backends["numpy"])
        prey.sibling = sibling.pid
        judged = Class(ground, prey, setting, capfd)
        for due in submissions(2 * len(attacks), attacks):  # libraries are imported, caches filled, pages touched
            judged.wrong(due)
        before = judged.state(backends)
        wrong = [found for due in submissions(count, attacks) if (found := judged.wrong(due))]
        after = judged.state(backends)
        assert not ended(prey.sibling)
        sibling.close()
    print(f"grader {before.own >> 20} -> {after.own >> 20} MiB, zygotes {before.below} -> {after.below}")
    assert wrong == []
    assert after.zygotes == before.zygotes
    assert len(after.processes) == len(before.processes)
    assert after.descriptors <= before.descriptors
    assert len(after.scratch) == len(before.scratch)
    assert after.own <= before.own * GROWTH
    assert all(now <= then * GROWTH for now, then in zip(after.below, before.below, strict=True))
    assert not set(before.zygotes) & set(below(os.getpid()))
    assert scratch() == set()


def test_all_attacks_are_among_the_thousand():
    assert {due.attack for due in submissions(1000, ATTACKS)} - {None} == set(ATTACKS)
    assert {one.name for one in ATTACKS} - {one.name for one in QUICK} == {
        *SLOW,
        *(one.name for one in ATTACKS if one.backend == "torch"),
    }

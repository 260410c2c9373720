"""A class of hostile and honest submissions through one grader process, which is afterwards what it was before."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import tempfile
from pathlib import Path

import pytest

from grader.confinement.scratch import PREFIX
from tests.attacks.catalogue import ATTACKS, Attack
from tests.attacks.conftest import HONEST, Ground

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="processes are looked at in /proc")
# Each takes seconds; they are judged one by one in test_attacks.py.
SLOW = ("files_without_end", "threads_that_spin", "loop_that_catches_everything", "send_the_answer_as_a_trickle")
# Those that kill are judged without confinement elsewhere; here every layer is on.
HOSTILE = [one for one in ATTACKS if one.name not in SLOW and "prey." not in one.text and one.backend == "numpy"]
WRONG = "import numpy as np\n\n\ndef relu(x):\n    return np.abs(x)\n"
GROWTH = 1.1


def submissions(count: int) -> list[tuple[str, float]]:
    """Return texts, hostile, wrong and right in turn but in no order, with the part of the points that each is due."""
    hostile = [(HOSTILE[index % len(HOSTILE)].text, 0.0) for index in range(count // 2)]
    honest = [(HONEST["numpy"], 1.0) if index % 4 else (WRONG, 0.0) for index in range(count - len(hostile))]
    mixed = hostile + honest
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
    """What one grader process holds."""

    def __init__(self, zygote: int) -> None:
        gc.collect()
        self.zygote = zygote
        self.processes = below(os.getpid())
        self.descriptors = len(os.listdir("/proc/self/fd"))
        self.scratch = scratch()
        self.own = resident("self")
        self.below = resident(zygote)


@pytest.mark.parametrize("count", [40, pytest.param(1000, marks=pytest.mark.full)])
def test_nothing_leaks_and_every_verdict_is_right(app, cache, setting, monkeypatch, tmp_path, count):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # scratch folders of this process alone
    setting.timeout = 2.0
    with contextlib.closing(Ground(app, cache)) as ground:
        for text, _ in submissions(max(count // 10, 20)):  # libraries are imported, caches filled, pages touched
            ground.judge(text, "numpy", setting)
        before = State(ground.parent(setting, "numpy"))
        wrong = []
        for index, (text, part) in enumerate(submissions(count)):
            result = ground.judge(text, "numpy", setting)
            if result.score != part * result.max_score or result.status == "error":
                wrong.append((index, text, result))
        after = State(ground.parent(setting, "numpy"))
    print(f"grader {before.own >> 20} -> {after.own >> 20} MiB, zygote {before.below >> 20} -> {after.below >> 20} MiB")
    assert wrong == []
    assert after.zygote == before.zygote
    assert len(after.processes) == len(before.processes)
    assert after.descriptors <= before.descriptors
    assert len(after.scratch) == len(before.scratch)
    assert after.own <= before.own * GROWTH
    assert after.below <= before.below * GROWTH
    assert before.zygote not in below(os.getpid())
    assert scratch() == set()


def test_the_sample_holds_most_attacks():
    assert len(HOSTILE) > 30
    assert all(isinstance(one, Attack) for one in HOSTILE)

"""What tries to look faster than it is: each must fail, by its time or by its answers."""

import os
import re
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.app import Request
from grader.evidence import Evidence
from grader.facts import SourceFacts
from grader.limits import judge_speed
from grader.sandbox import Sandbox
from grader.speed.runner import Runner
from tests.speed.conftest import LOOSE, QUICK

SOFTMAX = """
import numpy as np

def honest(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
"""
# Slow enough to be over the limit on any machine, but for the trick.
SLOW = """
import time as t
SLEEP = t.sleep

def slow(x):
    SLEEP(0.1)
    return honest(x)
"""
WRONG = {
    "an answer kept by shape": """
        KEPT = {}
        def softmax(x, axis=-1):
            if x.shape not in KEPT:
                KEPT[x.shape] = honest(x)
            return KEPT[x.shape]
        """,
    "an answer kept by the array's place in memory": """
        KEPT = {}
        def softmax(x, axis=-1):
            place = x.__array_interface__["data"][0]
            if place not in KEPT:
                KEPT[place] = honest(x)
            return KEPT[place]
        """,
    "the answer before": """
        LAST = []
        def softmax(x, axis=-1):
            LAST.append(honest(x))
            return LAST[0] if len(LAST) < 3 else LAST[-2]
        """,
    "a wrong short cut for large inputs": """
        def softmax(x, axis=-1):
            return honest(x) if x.size < 100 else x
        """,
    "a wrong short cut after some calls": """
        CALLS = []
        def softmax(x, axis=-1):
            CALLS.append(1)
            return honest(x) if len(CALLS) < 3 else x
        """,
    "half precision": """
        def softmax(x, axis=-1):
            return honest(x.astype(np.float16)).astype(x.dtype)
        """,
    "an object that computes when it is read": """
        class Later:
            def __init__(self, x):
                self.x = x
            def __array__(self, dtype=None, copy=None):
                return honest(self.x)
        def softmax(x, axis=-1):
            return Later(x)
        """,
    "a buffer that a thread fills later": """
        import threading
        def fill(out, x):
            SLEEP(0.01)
            out[...] = honest(x)
        def softmax(x, axis=-1):
            out = np.empty_like(x)
            threading.Thread(target=fill, args=(out, x.copy())).start()
            return out
        """,
    "its inputs as room for its answer": """
        def softmax(x, axis=-1):
            if x.size < 100:
                return honest(x)
            y = honest(x)
            x[...] = 0
            return y
        """,
    "an answer far too large": """
        def softmax(x, axis=-1):
            return honest(x) if x.size < 100 else np.zeros((1000, 1000, 8))
        """,
    "an exception when it is timed": """
        def softmax(x, axis=-1):
            raise RuntimeError("not now")
        """,
    "the end of the process": """
        import os
        def softmax(x, axis=-1):
            os._exit(0)
        """,
}
DIFFERS = r"^answer\[|expected|^the answer"
SAYS = {
    "an object that computes when it is read": "Later",
    "its inputs as room for its answer": "changes the arrays that it was given",
    "an answer far too large": "far larger than it should be",
    "an exception when it is timed": "RuntimeError: not now",
    "the end of the process": "the process ended itself with exit code 0",
}
LATE = {
    "a clock that stands still": """
        for name in ("perf_counter", "perf_counter_ns", "monotonic", "time", "process_time"):
            setattr(t, name, lambda: 0)
        def softmax(x, axis=-1):
            return slow(x)
        """,
    "a subclass that computes when it is looked at": """
        class Later(np.ndarray):
            def __getattribute__(self, name):
                SLEEP(0.1)
                return super().__getattribute__(name)
        def softmax(x, axis=-1):
            return slow(x).view(Later)
        """,
    "threads that would slow the reference's turn": """
        import threading
        def spin():
            while True:
                np.exp(np.ones(10_000))
        for _ in range(3):
            threading.Thread(target=spin, daemon=True).start()
        def softmax(x, axis=-1):
            return [honest(x) for _ in range(100)][-1]
        """,
    "a process that stops itself": """
        import os, signal
        def softmax(x, axis=-1):
            os.kill(os.getpid(), signal.SIGSTOP)
        """,
    "a call that never ends": """
        def softmax(x, axis=-1):
            SLEEP(1000)
        """,
}
THREADS = """
import threading

def softmax(x, axis=-1):
    def work(rows):
        end = t.thread_time() + 0.004
        while t.thread_time() < end:
            np.exp(x)
    threads = [threading.Thread(target=work, args=(half,)) for half in np.array_split(x, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return honest(x)
"""
ENDLESS = ("a process that stops itself", "a call that never ends")
EVENTS = """
import time
import torch

class Event:
    def __init__(self, *args, **kwargs):
        pass
    record = wait = synchronize = query = lambda self, *args: True
    elapsed_time = lambda self, other: 0.0

torch.Event = torch.cuda.Event = Event
torch.accelerator.synchronize = torch.cuda.synchronize = lambda *args: None
time.perf_counter = lambda: 0.0

def softmax(x, dim=-1):
    time.sleep(0.1)
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
"""


def verdict(timing):
    return judge_speed(Evidence(task=None, source=SourceFacts(), runs={}, measured=timing))


def text(body):
    import textwrap

    return SOFTMAX + SLOW + textwrap.dedent(body)


def test_honest_code_does_not_fail(watch):
    timing = watch(text("def softmax(x, axis=-1):\n    return honest(x)\n"))
    assert (timing.problem, timing.at_least) == ("", None)
    assert timing.ratio.pairs >= 2
    found = verdict(timing)
    # where tests keep all processors busy
    assert found is None or (found.status == "skipped" and re.search("too noisy|transfer of the arrays", found.reason))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the time of all threads is read in Linux")
def test_the_time_of_all_threads_counts(watch):
    clock = iter(range(10**6))
    timing = watch(text(THREADS), clock=lambda: next(clock) * 1e-4)  # the same for all, on the grader's clock
    assert "as slow as the reference" in verdict(timing).reason


CHILDREN = """
import os

def softmax(x, axis=-1):
    if os.fork() == 0:
        end = t.process_time() + 0.02
        while t.process_time() < end:
            pass
        os._exit(0)
    WAIT
    return honest(x)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
@pytest.mark.parametrize("wait", ["os.wait()", "pass"])
def test_other_processes_work_for_nobody(watch, loose, wait):
    timing = watch(text(CHILDREN.replace("WAIT", wait)), sandbox=loose)
    assert timing.problem == "starts other processes, whose time cannot be told from its own"


def test_printing_is_slow_but_not_forbidden(watch):
    timing = watch(text("def softmax(x, axis=-1):\n    print('x' * 4000)\n    return honest(x)\n"))
    assert timing.problem == ""


JITTER = """
import random

FAST = random.random() < 0.4

def softmax(x, axis=-1):
    if not FAST:
        SLEEP(0.02)
    return honest(x)
"""
LATER = """
CALLS = []

def softmax(x, axis=-1):
    CALLS.append(1)
    if len(CALLS) > 6:
        SLEEP(1000)
    return honest(x)
"""


def test_what_is_fast_in_some_processes_only_does_not_pass(watch):
    found = verdict(watch(text(JITTER), method=replace(QUICK, looks=(16,))))
    assert found is not None
    assert "as slow as the reference" in found.reason or found.status == "skipped"


def test_what_stops_answering_later_is_no_pass_and_no_hang(watch):
    timing = watch(text(LATER), method=replace(QUICK, blocks=6))
    assert "no answer within" in timing.problem


@pytest.mark.parametrize("trick", WRONG)
def test_a_wrong_answer_has_no_speed(watch, trick):
    timing = watch(text(WRONG[trick]))
    assert timing.ratio is None
    assert re.search(SAYS.get(trick, DIFFERS), timing.problem)
    assert verdict(timing).reason == f"while it was timed: {timing.problem}"


@pytest.mark.parametrize("trick", LATE)
def test_time_is_charged_by_the_graders_clock(watch, trick):
    method = replace(QUICK, budget=2.0) if trick in ENDLESS else QUICK
    timing = watch(text(LATE[trick]), method=method)
    assert timing.problem == ""
    assert "as slow as the reference" in verdict(timing).reason


def test_events_and_synchronisation_that_are_patched_change_nothing(watch):
    timing = watch(EVENTS, backend="torch")
    assert timing.problem == ""
    assert "as slow as the reference" in verdict(timing).reason


SPINNING = """
import os, threading
import numpy as np

def spin():
    while True:
        pass

threading.Thread(target=spin, daemon=True).start()
if os.fork() == 0:
    os.setsid()
    spin()

def softmax(x, axis=-1):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
def test_nothing_of_the_learners_runs_in_the_references_turn(watch, loose, monkeypatch):
    """Look, whenever the clock is read, which of the two processes and of what they started are stopped."""
    monkeypatch.setattr(Runner, "company", lambda self: False)  # it would end the race before it has begun
    seen = []

    def clock():
        seen.append(sorted(states()))
        return time.perf_counter()

    watch(SPINNING, clock=clock, sandbox=loose)
    # The oldest is the process that knows right answers. Of reference, learner and what the learner has started, all
    # but the reference stand still in its turns, and the reference in the learner's, once the first look is over.
    stopped = [tuple(state == "T" for _, state in sorted(at)[1:]) for at in seen if len(at) == 4]
    raced = stopped[[any(states) for states in stopped].index(True) :]
    assert set(raced) == {(False, True, True), (True, False, False)}
    assert len(raced) > 20


AT_FIRST = """
CALLS = []

def softmax(x, axis=-1):
    CALLS.append(1)
    if len(CALLS) < 9:
        SLEEP(0.02)
    return honest(x)
"""


def test_what_is_slow_in_its_first_calls_only_is_not_called_far_too_slow(watch):
    """So is honest code on a busy machine, where a single call is mostly its request."""
    timing = watch(text(AT_FIRST), method=replace(QUICK, least=0.005))
    assert timing.at_least is None
    assert timing.ratio is not None


STAYING = """
import os, threading

def spin():
    while True:
        pass

threading.Thread(target=spin, daemon=True).start()
if os.fork() == 0:
    os.setsid()
    spin()

def softmax(x, axis=-1):
    return np.moveaxis(honest(np.moveaxis(x, axis, -1)), -1, axis)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
def test_what_was_judged_is_ended_before_anything_is_timed(app, tmp_path, monkeypatch):
    path = tmp_path / "activation_numpy.py"
    path.write_text(SOFTMAX + STAYING)
    seen = []
    monkeypatch.setattr("grader.sandbox.Sandbox", partial(Sandbox, without=LOOSE))
    monkeypatch.setattr(type(app), "meters", lambda *_: {"speed": lambda *_: seen.append(states())})
    app.grade(Request(targets=("activation.softmax",), submission=path, backend="numpy", speed="judge"))
    assert [len(at) for at in seen] == [1]  # the process that knows right answers


def states():
    """Return the workers below this process's zygotes, and theirs, with the state of each."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2]
        except OSError:
            continue
        fields = rest.split()
        found[int(stat.parent.name)] = (int(fields[1]), fields[0])
    zygotes = {pid for pid, (parent, _) in found.items() if parent == os.getpid()}
    children = {pid for pid, (parent, _) in found.items() if parent in zygotes}
    below = {pid for pid, (parent, _) in found.items() if parent in children}
    return [(pid, found[pid][1]) for pid in children | below]

"""What is left of worker processes, and which of their replies are believed."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grader import launch
from grader.programs import starved as starvation
from grader.sandbox import ChildDied, ChildTimedOut, Sandbox

# Where the kernel confines nothing, processes may start others and end them; that must be survived as well.
LOOSE = frozenset({"landlock", "seccomp"})


def children(process):
    """Return every process below one, by its parents in /proc."""
    below = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        below.setdefault(int(rest[1]), []).append((int(number), rest[0]))
    found, waiting = [], [process]
    while waiting:
        for number, state in below.get(waiting.pop(), []):
            waiting.append(number)
            if state != "Z":
                found.append(number)
    return found


def marked(mark):
    """Return the processes with ``mark`` in their command line."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in line.read_bytes().decode(errors="replace"):
                found.append(int(line.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("fork", [True, False])
def test_no_process_is_left_when_a_sandbox_closes(app, tmp_path, fork):
    before = set(children(os.getpid()))
    backend = app.backends["numpy"]
    text = textwrap.dedent(
        """
        import os, time

        def leave(x):
            if os.fork() == 0:
                time.sleep(1000)
                os._exit(0)
            return x

        def hang(x):
            time.sleep(1000)
        """
    )
    pids = []
    with Sandbox(fork=fork, without=LOOSE) as sandbox:
        for function in ("leave", "hang"):
            child = sandbox.child(backend)
            load = {"source": text, "file": str(tmp_path / "a.py"), "folder": str(tmp_path), "name": "a"}
            child.request({"do": "load", **load, "forbidden": []}, 10)
            if function == "leave":
                child.request(_call(function), 10)
                pids += [one for one in children(os.getpid()) if one not in before]
                child.close()
            else:
                with pytest.raises(ChildTimedOut):
                    child.request(_call(function), 0.2)
        sandbox.child(backend)  # one that is still open when the sandbox closes
        pids += [one for one in children(os.getpid()) if one not in before]
    assert len(set(pids)) >= 3
    assert set(children(os.getpid())) <= before
    assert [pid for pid in pids if _alive(pid)] == []


def _call(function):
    fields = {"mode": "forward", "wrt": [], "upstream": [], "forbid": [], "driver": None, "late": False}
    return {"do": "call", "function": function, "cases": [[1.0]], **fields}


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_grandchild_in_a_session_of_its_own_does_not_outlive_its_sandbox(app, tmp_path):
    mark = f"gradlings-{os.getpid()}-escaped"
    text = textwrap.dedent(
        f"""
        import subprocess, sys

        def escape(x):
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", {mark!r}], start_new_session=True)
            return x
        """
    )
    with Sandbox(without=LOOSE) as sandbox:
        child = sandbox.child(app.backends["numpy"])
        load = {"source": text, "file": str(tmp_path / "a.py"), "folder": str(tmp_path), "name": "a"}
        child.request({"do": "load", **load, "forbidden": []}, 10)
        assert child.request(_call("escape"), 10)["answers"][0]["value"] == 1.0
    left = marked(mark)
    for pid in left:
        os.kill(pid, 9)
    assert left == []


@pytest.mark.parametrize("fork", [True, False])
def test_a_dead_child_says_so_and_answers_no_more(app, fork):
    with Sandbox(fork=fork, without=LOOSE) as sandbox:
        child = sandbox.child(app.backends["numpy"])
        with pytest.raises(ChildDied):
            child.request({"do": "no such thing"}, 10)
        assert not child.alive
        assert sandbox.child(app.backends["numpy"]).request({"do": "has", "function": "f"}, 10)["has"] is False


def test_a_reply_that_repeats_an_old_number_is_refused(app, tmp_path):
    text = textwrap.dedent(
        """
        import socket, os, json, struct

        def forge(x):
            text = json.dumps({"answers": [{"value": 1.0, "output": "", "inputs": [1.0]}], "nonce": "0", "seq": 1})
            frame = struct.pack("!4sQQ", b"GRD1", len(text), 0) + text.encode()
            for descriptor in range(3, 64):
                try:
                    os.write(descriptor, frame)
                except OSError:
                    pass
            return x
        """
    )
    with Sandbox() as sandbox:
        child = sandbox.child(app.backends["numpy"])
        load = {"source": text, "file": str(tmp_path / "a.py"), "folder": str(tmp_path), "name": "a"}
        child.request({"do": "load", **load, "forbidden": []}, 10)
        with pytest.raises(ChildDied, match="something that it was not asked"):
            child.request(_call("forge"), 10)


SLOW = "import time\n\n\ndef slow(x):\n    time.sleep(0.4)\n    return x\n"


@pytest.fixture
def slow_child(app, tmp_path):
    """Give a child that needs 0.4 s for an answer, whose starvation is what the caller says."""

    def make(starved):
        child = sandbox.child(app.backends["numpy"])
        child._starved = starved
        load = {"source": SLOW, "file": str(tmp_path / "a.py"), "folder": str(tmp_path), "name": "a"}
        child.request({"do": "load", **load, "forbidden": []}, 10)
        return child

    with Sandbox() as sandbox:
        yield make


def test_time_in_which_a_process_was_starved_does_not_count(slow_child):
    growing = iter(range(1000))
    reply = slow_child(lambda: next(growing) / 5).request(_call("slow"), 0.3)
    assert reply["answers"][0]["value"] == 1.0


@pytest.mark.parametrize("starved", [0.0, 7.0])
def test_being_starved_before_the_call_gives_no_time(slow_child, starved):
    with pytest.raises(ChildTimedOut):
        slow_child(lambda: starved).request(_call("slow"), 0.1)


def test_who_is_starved_for_ever_runs_into_the_last_deadline(slow_child):
    growing = iter(range(1000))
    with pytest.raises(ChildTimedOut):
        slow_child(lambda: next(growing)).request(_call("slow"), 0.05)


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system does not tell how long one waits")
def test_two_busy_processes_on_one_processor_starve_each_other():
    processor = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, {{{processor}}})\nfor _ in range(10**8): pass"
    busy = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    try:
        deadline = time.monotonic() + 20
        while max(starvation(one.pid) for one in busy) < 0.1 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert max(starvation(one.pid) for one in busy) >= 0.1
    finally:
        for one in busy:
            one.kill()
            one.wait()
    assert starvation(busy[0].pid) == 0.0  # gone


COUNTING = """
import os, time

def start(x):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
    return x
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
@pytest.mark.parametrize("fork", [True, False])
def test_a_frozen_process_stands_still_with_all_that_it_started(app, tmp_path, fork):
    with Sandbox(fork=fork, without=LOOSE) as sandbox:
        child = sandbox.child(app.backends["numpy"])
        load = {"source": COUNTING, "file": str(tmp_path / "a.py"), "folder": str(tmp_path), "name": "a"}
        child.request({"do": "load", **load, "forbidden": []}, 10)
        child.request(_call("start"), 10)
        started = children(child.pid)
        assert len(started) == 1
        child.freeze()
        assert [_state(pid) for pid in (child.pid, *started)] == ["T", "T"]
        child.thaw()
        assert "T" not in [_state(pid) for pid in (child.pid, *started)]
        assert child.request(_call("start"), 10)["answers"][0]["value"] == 1.0
        child.freeze()
        child.close()  # one that stands still is ended like any other
    assert not any(_alive(pid) for pid in started)


def _state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


ELSEWHERE = """
import os, time

def leave_its_group(x):
    other = os.fork()
    if other == 0:
        os.setpgid(0, 0)
        time.sleep(1000)
    time.sleep(0.05)
    os.setpgid(0, other)
    return x

def end_its_zygote(x):
    os.kill(os.getppid(), 9)
    time.sleep(1)
    return x

def stop_its_zygote(x):
    os.kill(os.getppid(), 19)
    return x
"""


@pytest.fixture
def elsewhere(app, tmp_path):
    """Give a sandbox and a function that starts a child of it with functions that get out of hand."""
    load = {"source": ELSEWHERE, "file": str(tmp_path / "a.py"), "folder": str(tmp_path), "name": "a"}
    with Sandbox(fork=True, without=LOOSE) as sandbox:

        def start():
            child = sandbox.child(app.backends["numpy"])
            child.request({"do": "load", **load, "forbidden": []}, 10)
            return child

        yield start


def test_a_process_that_has_left_its_group_is_stopped_and_ended(elsewhere):
    child = elsewhere()
    child.request(_call("leave_its_group"), 10)
    started = children(child.pid)
    child.freeze()
    assert _state(child.pid) == "T"
    child.thaw()
    assert child.request(_call("leave_its_group"), 10)["answers"]
    child.close()
    assert not any(_alive(pid) for pid in (child.pid, *started))


def gone(*pids):
    """Wait until processes are no more: whoever adopted them may take a moment."""
    deadline = time.monotonic() + 5
    while any(map(_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(_alive, pids))


def test_who_ends_the_zygote_ends_with_it_and_another_one_takes_over(elsewhere):
    child, other = elsewhere(), elsewhere()
    with pytest.raises(ChildDied):
        child.request(_call("end_its_zygote"), 10)
    with pytest.raises(ChildDied, match="the process that starts and stops the others was ended"):
        other.freeze()
    assert elsewhere().request(_call("leave_its_group"), 10)["answers"]  # from another zygote
    other.close()
    assert gone(child.pid, other.pid)


@pytest.mark.parametrize("next_step", ["freeze", "close"])
def test_a_zygote_that_is_stopped_holds_nothing_up(elsewhere, monkeypatch, next_step):
    monkeypatch.setattr(launch, "ANSWER_TIMEOUT", 0.5)
    child, other = elsewhere(), elsewhere()
    assert child.request(_call("stop_its_zygote"), 10)["answers"]
    if next_step == "freeze":
        with pytest.raises(ChildDied, match="the process that starts and stops the others was ended"):
            other.freeze()
    else:
        other.close()
    assert gone(child.pid, other.pid)
    assert elsewhere().request(_call("leave_its_group"), 10)["answers"]

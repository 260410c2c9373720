"""Workers on a device are children of a process that has not used it: it stops and ends all that they start."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.calls import Program
from grader.errors import WorkerError
from grader.sandbox import Sandbox, can_fork
from grader.source import Source
from tests.simulated.simulation import possible, simulated
from tests.speed.conftest import LOOSE

pytestmark = [
    pytest.mark.skipif(not possible(), reason="this PyTorch takes no devices that are written in Python"),
    pytest.mark.skipif(not can_fork(), reason="there is no safe fork here"),
]

DAEMON = """
import os, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open({file!r}, "w") as file:
            file.write(str(os.getpid()))
        while True:
            time.sleep(0.01)
    os._exit(0)
while not os.path.exists({file!r}) or not open({file!r}).read():
    time.sleep(0.01)
"""
# What a grader does that is killed in a reference's turn: the learner's process stands still.
GRADER = """
import sys
from pathlib import Path
from grader.sandbox import Sandbox
from tests.simulated.simulation import simulated

backend, _ = simulated(Path(sys.argv[1]))
with Sandbox() as sandbox:
    child = sandbox.child(backend)
    sandbox.settle()
    child.freeze()
    print(child.pid, flush=True)
    sys.stdin.read()
"""


def state(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.fixture
def backend(tmp_path):
    folder = tmp_path / "device"
    folder.mkdir()
    return simulated(folder)[0]


def test_a_daemon_is_ended_before_the_other_sides_turn(backend, tmp_path):
    file = tmp_path / "daemon"
    source = Source(path=tmp_path / "learner.py", text=DAEMON.format(file=str(file)))
    with Sandbox(without=LOOSE) as sandbox, Program(sandbox, backend, source) as program:
        assert program.load().raised is None
        daemon = int(file.read_text())
        assert state(daemon) in "SR"
        program.child.freeze()
        assert state(daemon) in ("gone", "T")  # ended, or stopped where its parent has not gone yet
        assert state(program.child.pid) == "T"
        program.child.thaw()


def test_nothing_outlives_a_grader_that_is_killed(tmp_path):
    folder = tmp_path / "device"
    folder.mkdir()
    command = [sys.executable, "-c", GRADER, str(folder)]
    grader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with grader:
        child = int(grader.stdout.readline())
        assert state(child) == "T"
        os.kill(grader.pid, signal.SIGKILL)
    assert until(lambda: state(child) == "gone")


def test_nothing_is_being_started_once_all_is_settled(backend):
    with Sandbox() as sandbox:
        sandbox.child(backend)
        sandbox.settle()
        launcher = sandbox.start(backend)
        (ahead,) = launcher._ahead
        assert ahead.request({"do": "ready"}, 0.3)["seq"] == 2  # at once: it has been waited for


def test_a_backend_that_cannot_be_imported_is_an_error(backend):
    backend.worker.write_text("import nothing_of_this_name\n")
    with Sandbox() as sandbox, pytest.raises(WorkerError, match="the torch worker did not start"):
        sandbox.child(backend)

"""Worker programs: one process each, started with little environment and one end of a pair of sockets."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

from grader.distributions import grant
from grader.errors import WorkerError
from grader.verdict import Backend
from grader.worker.freeze import end

__all__ = ["MEMORY", "START_TIMEOUT", "await_start", "kill", "socketpair", "spawn", "starved"]

MEMORY = 4 * 2**30
ROOMY = 2**40  # drivers of accelerators reserve far more addresses than they use
BUFFER = 2**20
START_TIMEOUT = 120.0
ISOLATED = ("-I", "-S")  # no variables, no user's or installed packages, nothing from the folder where it starts
WORKER = Path(__file__).with_name("worker")
ACCELERATORS = ("CUDA_", "NVIDIA_", "ROCR_", "HIP_", "ZE_", "PYTORCH_MPS_")  # which of them a process may use, and how
# Memory that was used once stays with the process: else glibc gives arrays back to the system after some calls and not
# after others, and asks for their pages again, which takes longer than many a function.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**40), "MALLOC_TOP_PAD_": str(2**24)}
REPLY = struct.Struct("!q")


def starved(process: int) -> float:
    """Return for how many seconds a process was ready to run while others had the processors; 0 where none can tell.

    The second figure of Linux' ``/proc/PID/schedstat``, in nanoseconds.
    """
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def kill(program: subprocess.Popen[bytes]) -> None:
    """End a program with all that it started."""
    if program.poll() is None:
        end(program.pid)
    if program.stderr is not None:
        program.stderr.close()


def socketpair() -> tuple[socket.socket, socket.socket]:
    """Return a pair whose buffers hold a usual frame, so that neither side waits for the other to read."""
    pair = socket.socketpair()
    for one in pair:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return pair


def spawn(backend: Backend, kind: str, memory: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a worker program and return it with our end of its socket."""
    granted = grant(backend.distributions)
    memory = memory if backend.device == "cpu" else ROOMY
    ours, theirs = socketpair()
    command = [sys.executable, *ISOLATED, str(WORKER), kind, str(theirs.fileno()), str(memory), str(backend.worker)]
    command += [",".join(granted.modules), os.pathsep.join(granted.folders), backend.device]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=[theirs.fileno()],
        env=_environment(),
        start_new_session=True,
    )
    theirs.close()
    return process, ours


def _environment() -> dict[str, str]:
    """Return a small environment: one thread everywhere, nothing of the user's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "OPENBLAS_CORETYPE") if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept |= {name: value for name, value in os.environ.items() if name.startswith(ACCELERATORS)}
    return kept | threads | ALLOCATOR | {"PYTHONHASHSEED": "0"}


def await_start(process: subprocess.Popen[bytes], control: socket.socket, name: str) -> None:
    """Wait until a program has said that it is ready.

    Raises:
        WorkerError: if it ended instead, with the last line of what it said.
    """
    control.settimeout(START_TIMEOUT)
    try:
        hello = control.recv(REPLY.size)
    except OSError:
        hello = b""
    if len(hello) < REPLY.size:
        process.kill()
        _, errors = process.communicate()
        last = errors.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise WorkerError(f"the {name} worker did not start: {last[0]}")
    if process.stderr is not None:
        process.stderr.close()

"""Starting workers: a zygote that forks children, or a pool of interpreters that wait where there is no safe fork."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from grader.child import Child, ChildDied, ChildTimedOut
from grader.distributions import grant
from grader.errors import WorkerError
from grader.verdict import Backend
from grader.worker.freeze import end, freeze, thaw

__all__ = ["Launcher", "Pool", "Zygote"]

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
COMMAND = struct.Struct("!cq")
REPLY = struct.Struct("!q")


class Launcher(Protocol):
    """Hands out fresh children of one backend."""

    def child(self) -> Child: ...

    def settle(self) -> None:
        """Wait until nothing is being started, so that the machine is quiet."""

    def close(self) -> None: ...


class Zygote:
    """A process that forks children; started at once, waited for when the first child is asked for.

    If somebody ends it, another one is started for the next child. For an accelerator it has not imported the backend:
    its children do, which takes seconds, and so one is started ahead of its use.
    """

    def __init__(self, backend: Backend, memory: int = MEMORY) -> None:
        self._backend = backend
        self._memory = memory
        self._ahead: list[Child] = []
        self._start()

    def child(self) -> Child:
        if self._backend.device == "cpu":
            return self._forked()
        self._ahead += [self._forked() for _ in range(2 - len(self._ahead))]
        child = self._ahead.pop(0)
        _await_backend(child, self._backend.name)
        return child

    def settle(self) -> None:
        for child in self._ahead:
            _await_backend(child, self._backend.name)

    def _forked(self) -> Child:
        try:
            return self._fork()
        except (OSError, EOFError):
            self.close()
            self._start()
        try:
            return self._fork()
        except (OSError, EOFError):
            raise WorkerError(f"the {self._backend.name} zygote ends again and again: run the command again") from None

    def close(self) -> None:
        self._control.close()
        if not self._ready:
            self._program.kill()
        try:
            self._program.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        if self._program.stderr is not None:
            self._program.stderr.close()

    def _start(self) -> None:
        kind = "zygote" if self._backend.device == "cpu" else "bare"
        self._program, self._control = _spawn(self._backend, kind, self._memory)
        self._ready = False
        self._ahead.clear()

    def _fork(self) -> Child:
        if not self._ready:
            _await_start(self._program, self._control, self._backend.name)
            self._ready = True
        ours, theirs = _socketpair()
        with theirs:
            socket.send_fds(self._control, [COMMAND.pack(b"F", 0)], [theirs.fileno()])
        process, zygote = self._answer(), self._program
        return Child(
            lambda: self._end(process, zygote),
            ours,
            lambda: _starved(process),
            freeze=lambda: self._command(b"S", process, zygote),
            thaw=lambda: self._command(b"C", process, zygote),
            pid=process,
        )

    def _command(self, letter: bytes, process: int, zygote: subprocess.Popen[bytes]) -> None:
        """Stop or wake a child of a zygote.

        Raises:
            ChildDied: if the zygote has gone, which only what runs below it can have brought about.
        """
        try:
            if zygote is not self._program:
                raise EOFError
            self._control.sendall(COMMAND.pack(letter, process))
            self._answer()
        except (OSError, EOFError):
            if zygote is self._program:
                self.close()
                self._start()
            raise ChildDied("the process that starts and stops the others was ended") from None

    def _end(self, process: int, zygote: subprocess.Popen[bytes]) -> int:
        """Return a child's wait status; that of a kill, by us, where the zygote that knew it has gone before."""
        try:
            if zygote is not self._program:
                raise EOFError
            self._control.sendall(COMMAND.pack(b"R", process))
            return self._answer()
        except (OSError, EOFError):
            end(process)
            return signal.SIGKILL

    def _answer(self) -> int:
        data = self._control.recv(REPLY.size, socket.MSG_WAITALL)
        if len(data) < REPLY.size:
            raise EOFError
        return int(REPLY.unpack(data)[0])


class Pool:
    """Interpreters that have imported the backend and wait, each used for one child; one is kept in reserve."""

    def __init__(self, backend: Backend, memory: int = MEMORY, reserve: int = 1) -> None:
        self._backend = backend
        self._memory = memory
        self._waiting = [_spawn(backend, "single", memory) for _ in range(reserve)]
        self._used: dict[int, subprocess.Popen[bytes]] = {}
        self._greeted: set[int] = set()

    def child(self) -> Child:
        self._waiting.append(_spawn(self._backend, "single", self._memory))
        process, channel = self._waiting.pop(0)
        if process.pid not in self._greeted:
            _await_start(process, channel, self._backend.name)
        self._used[process.pid] = process
        return Child(
            lambda: self._end(process.pid),
            channel,
            lambda: _starved(process.pid),
            freeze=lambda: freeze(process.pid),
            thaw=lambda: thaw(process.pid),
            pid=process.pid,
        )

    def settle(self) -> None:
        for process, channel in self._waiting:
            if process.pid not in self._greeted:
                _await_start(process, channel, self._backend.name)
                self._greeted.add(process.pid)

    def _end(self, process: int) -> int:
        program = self._used.pop(process)
        _kill(program)
        code = program.wait()
        return -code if code < 0 else code << 8

    def close(self) -> None:
        for program, channel in self._waiting:
            channel.close()
            self._used[program.pid] = program
        for process in list(self._used):
            self._end(process)


def _starved(process: int) -> float:
    """Return for how many seconds a process was ready to run while others had the processors; 0 where none can tell.

    The second figure of Linux' ``/proc/PID/schedstat``, in nanoseconds.
    """
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _kill(program: subprocess.Popen[bytes]) -> None:
    if program.poll() is None:
        end(program.pid)
    if program.stderr is not None:
        program.stderr.close()


def _socketpair() -> tuple[socket.socket, socket.socket]:
    """Return a pair whose buffers hold a usual frame, so that neither side waits for the other to read."""
    pair = socket.socketpair()
    for one in pair:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return pair


def _spawn(backend: Backend, kind: str, memory: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a worker program and return it with our end of its socket."""
    granted = grant(backend.distributions)
    memory = memory if backend.device == "cpu" else ROOMY
    ours, theirs = _socketpair()
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


def _await_backend(child: Child, name: str) -> None:
    """Wait until a child has imported its backend."""
    try:
        child.request({"do": "ready"}, START_TIMEOUT)
    except (ChildDied, ChildTimedOut) as error:
        raise WorkerError(f"the {name} worker did not start: {error}") from None


def _await_start(process: subprocess.Popen[bytes], control: socket.socket, name: str) -> None:
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

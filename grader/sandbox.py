"""This side of the wall: start workers, talk to them within a time limit, and end them.

A :class:`Launcher` hands out fresh children of one backend: a zygote that forks them where the system can fork safely,
else a pool of interpreters that wait, each used once. A :class:`Child` is one of them.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from grader.distributions import grant
from grader.errors import WorkerError
from grader.verdict import Backend
from grader.worker import frames

__all__ = ["Child", "ChildDied", "ChildTimedOut", "Launcher", "Sandbox", "can_fork"]

MEMORY = 4 * 2**30
BUFFER = 2**20
START_TIMEOUT = 120.0
WORKER = Path(__file__).with_name("worker")
COMMAND = struct.Struct("!cq")
REPLY = struct.Struct("!q")


class ChildDied(Exception):
    """The child's process ended before it answered; the text says how."""


class ChildTimedOut(Exception):
    """The child did not answer in time, and has been killed."""


def can_fork() -> bool:
    """Tell whether forking an interpreter with its libraries loaded is safe here; ``GRADLINGS_FORK=0`` says no."""
    return sys.platform == "linux" and os.environ.get("GRADLINGS_FORK", "1") != "0"


class Launcher(Protocol):
    """Hands out fresh children of one backend."""

    def child(self) -> Child: ...

    def end(self, process: int) -> int:
        """Kill the child's process group and return its wait status."""

    def close(self) -> None: ...


class Child:
    """One fresh worker process; requests carry a nonce and a sequence number that its replies must repeat."""

    def __init__(self, launcher: Launcher, process: int, channel: socket.socket) -> None:
        self._launcher = launcher
        self._process = process
        self._channel = channel
        self._nonce = secrets.token_hex(8)
        self._sequence = 0
        self.alive = True

    def request(self, message: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """Send one request and return its reply.

        Raises:
            ChildDied: if the process ended first, or answered with something that is no reply.
            ChildTimedOut: if it took longer than ``timeout`` seconds.
        """
        self._sequence += 1
        frame = frames.encode({**message, "nonce": self._nonce, "seq": self._sequence})
        try:
            with _Deadline(self._channel, timeout) as channel:
                frames.send(channel, frame)
                reply = frames.decode(frames.receive(channel))
        except TimeoutError:
            self.close()
            raise ChildTimedOut(f"no answer within {timeout:g} s") from None
        except (EOFError, OSError):
            raise ChildDied(_ending(self.close())) from None
        except frames.FrameError as error:
            self.close()
            raise ChildDied(f"the process sent something that is no reply: {error}") from None
        if not isinstance(reply, dict) or (reply.get("nonce"), reply.get("seq")) != (self._nonce, self._sequence):
            self.close()
            raise ChildDied("the process sent a reply to something that it was not asked")
        return reply

    def close(self) -> int:
        """Kill what is left of the process and its group; return its wait status."""
        if not self.alive:
            return 0
        self.alive = False
        self._channel.close()
        return self._launcher.end(self._process)


class _Deadline:
    """Bounds all that happens on a channel by one deadline: a trickle of bytes does not extend it."""

    def __init__(self, channel: socket.socket, seconds: float) -> None:
        self._channel = channel
        self._end = time.monotonic() + seconds

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def _wait(self) -> socket.socket:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(left)
        return self._channel

    def sendall(self, data: bytes) -> None:
        self._wait().sendall(data)

    def recv_into(self, view: memoryview) -> int:
        return self._wait().recv_into(view)


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "the process closed its connection to the grader"
        return f"the process was ended by {signal.Signals(number).name}"
    return f"the process ended itself with exit code {os.waitstatus_to_exitcode(status)}"


def _socketpair() -> tuple[socket.socket, socket.socket]:
    """Return a pair whose buffers hold a usual frame, so that neither side waits for the other to read."""
    pair = socket.socketpair()
    for one in pair:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return pair


def _spawn(backend: Backend, kind: str, memory: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a worker program and return it with our end of its socket."""
    granted = grant(backend.distributions)
    ours, theirs = _socketpair()
    command = [sys.executable, "-I", "-S", str(WORKER), kind, str(theirs.fileno()), str(memory), str(backend.worker)]
    command += [",".join(granted.modules), os.pathsep.join(granted.folders)]
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
    return kept | threads | {"PYTHONHASHSEED": "0"}


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


class Zygote:
    """A process that forks children; started at once, waited for when the first child is asked for."""

    def __init__(self, backend: Backend, memory: int = MEMORY) -> None:
        self._name = backend.name
        self._program, self._control = _spawn(backend, "zygote", memory)
        self._ready = False

    def child(self) -> Child:
        if not self._ready:
            _await_start(self._program, self._control, self._name)
            self._ready = True
        ours, theirs = _socketpair()
        with theirs:
            socket.send_fds(self._control, [COMMAND.pack(b"F", 0)], [theirs.fileno()])
        return Child(self, self._answer(), ours)

    def end(self, process: int) -> int:
        self._control.sendall(COMMAND.pack(b"R", process))
        return self._answer()

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

    def _answer(self) -> int:
        data = self._control.recv(REPLY.size, socket.MSG_WAITALL)
        if len(data) < REPLY.size:
            raise WorkerError(f"the {self._name} zygote ended unexpectedly: run the command again")
        return int(REPLY.unpack(data)[0])


class Pool:
    """Interpreters that have imported the backend and wait, each used for one child; one is kept in reserve."""

    def __init__(self, backend: Backend, memory: int = MEMORY, reserve: int = 1) -> None:
        self._backend = backend
        self._memory = memory
        self._waiting = [_spawn(backend, "single", memory) for _ in range(reserve)]
        self._used: dict[int, subprocess.Popen[bytes]] = {}

    def child(self) -> Child:
        self._waiting.append(_spawn(self._backend, "single", self._memory))
        process, channel = self._waiting.pop(0)
        _await_start(process, channel, self._backend.name)
        self._used[process.pid] = process
        return Child(self, process.pid, channel)

    def end(self, process: int) -> int:
        program = self._used.pop(process)
        _kill(program)
        code = program.wait()
        return -code if code < 0 else code << 8

    def close(self) -> None:
        for program, channel in self._waiting:
            channel.close()
            self._used[program.pid] = program
        for process in list(self._used):
            self.end(process)


def _kill(program: subprocess.Popen[bytes]) -> None:
    if program.poll() is None:
        os.killpg(program.pid, signal.SIGKILL)
    if program.stderr is not None:
        program.stderr.close()


class Sandbox:
    """The launchers of all backends that a run needs; a context manager that leaves no process behind."""

    def __init__(self, *, fork: bool | None = None) -> None:
        self._fork = can_fork() if fork is None else fork
        self._launchers: dict[str, Launcher] = {}

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for launcher in self._launchers.values():
            launcher.close()
        self._launchers.clear()

    def start(self, backend: Backend) -> Launcher:
        """Start a backend's launcher if it is not running; returns at once."""
        if backend.name not in self._launchers:
            self._launchers[backend.name] = Zygote(backend) if self._fork else Pool(backend)
        return self._launchers[backend.name]

    def child(self, backend: Backend) -> Child:
        """Return a fresh child of a backend."""
        return self.start(backend).child()

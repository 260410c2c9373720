"""Starting workers: a zygote that forks children, or a pool of interpreters that wait where there is no safe fork."""

from __future__ import annotations

import signal
import socket
import struct
import subprocess
from typing import Protocol

from grader.child import Child, ChildDied, ChildTimedOut
from grader.errors import WorkerError
from grader.programs import MEMORY, START_TIMEOUT, await_start, kill, socketpair, spawn, starved
from grader.verdict import Backend
from grader.worker.freeze import end, freeze, thaw

__all__ = ["MEMORY", "Launcher", "Pool", "Zygote"]

ANSWER_TIMEOUT = 10.0  # of a zygote that has started: it forks, or waits a second for what it stops
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
            self._replace()
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
        self._program, self._control = spawn(self._backend, kind, self._memory)
        self._ready = False
        self._ahead.clear()

    def _replace(self) -> None:
        """Start another zygote for one that has been ended or stopped; its children end with it."""
        self._program.kill()
        self.close()
        self._start()

    def _fork(self) -> Child:
        if not self._ready:
            await_start(self._program, self._control, self._backend.name)
            self._control.settimeout(ANSWER_TIMEOUT)
            self._ready = True
        ours, theirs = socketpair()
        with theirs:
            socket.send_fds(self._control, [COMMAND.pack(b"F", 0)], [theirs.fileno()])
        process, zygote = self._answer(), self._program
        return Child(
            lambda: self._end(process, zygote),
            ours,
            lambda: starved(process),
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
                self._replace()
            raise ChildDied("the process that starts and stops the others was ended") from None

    def _end(self, process: int, zygote: subprocess.Popen[bytes]) -> int:
        """Return a child's wait status; that of a kill, by us, where the zygote that knew it has gone before."""
        try:
            if zygote is not self._program:
                raise EOFError
            self._control.sendall(COMMAND.pack(b"R", process))
            return self._answer()
        except (OSError, EOFError):
            if zygote is self._program:
                self._replace()
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
        self._waiting = [spawn(backend, "single", memory) for _ in range(reserve)]
        self._used: dict[int, subprocess.Popen[bytes]] = {}
        self._greeted: set[int] = set()

    def child(self) -> Child:
        self._waiting.append(spawn(self._backend, "single", self._memory))
        process, channel = self._waiting.pop(0)
        if process.pid not in self._greeted:
            await_start(process, channel, self._backend.name)
        self._used[process.pid] = process
        return Child(
            lambda: self._end(process.pid),
            channel,
            lambda: starved(process.pid),
            freeze=lambda: freeze(process.pid),
            thaw=lambda: thaw(process.pid),
            pid=process.pid,
        )

    def settle(self) -> None:
        for process, channel in self._waiting:
            if process.pid not in self._greeted:
                await_start(process, channel, self._backend.name)
                self._greeted.add(process.pid)

    def _end(self, process: int) -> int:
        program = self._used.pop(process)
        kill(program)
        code = program.wait()
        return -code if code < 0 else code << 8

    def close(self) -> None:
        for program, channel in self._waiting:
            channel.close()
            self._used[program.pid] = program
        for process in list(self._used):
            self._end(process)


def _await_backend(child: Child, name: str) -> None:
    """Wait until a child has imported its backend."""
    try:
        child.request({"do": "ready"}, START_TIMEOUT)
    except (ChildDied, ChildTimedOut) as error:
        raise WorkerError(f"the {name} worker did not start: {error}") from None

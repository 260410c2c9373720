"""The zygote: an interpreter with the backend already imported that forks one child for each submission and exercise.

It obeys five commands of nine bytes on its control socket, a letter and a number:

* ``F``, with a file descriptor: fork a child that serves on it; answers the child's process id.
* ``R`` and a process id: kill that child's group, wait for it; answers its exit status as ``waitpid`` gives it.
* ``S`` and a process id: stop that child and all that it started; answers 0 once it stands still.
* ``C`` and a process id: let it go on; answers 0.
* end of file: kill all children and stop.

A dead child stays a zombie until ``R``, so that its process id is nobody else's when its group is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import struct
from collections.abc import Callable
from types import ModuleType

from .freeze import end, freeze, thaw
from .serve import serve

__all__ = ["run"]

SET_CHILD_SUBREAPER = 36
COMMAND = struct.Struct("!cq")
REPLY = struct.Struct("!q")


def run(control: socket.socket, backend: Callable[[], ModuleType], memory: int) -> None:
    """Serve the parent until it hangs up.

    Args:
        backend: returns the backend's module, in the child.
    """
    _adopt_orphans()
    gc.collect()
    gc.freeze()  # so that a child's collections do not copy the pages of the zygote's objects
    children: set[int] = set()
    control.sendall(REPLY.pack(0))
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if len(data) < COMMAND.size:
            break
        letter, number = COMMAND.unpack(data)
        if letter == b"F":
            control.sendall(REPLY.pack(_fork(control, descriptors[0], backend, memory, children)))
        elif number not in children:  # a child of an earlier zygote: every command has its answer
            control.sendall(REPLY.pack(signal.SIGKILL))
        elif letter == b"R":
            control.sendall(REPLY.pack(_reap(number, children)))
        else:
            _end_orphans(children)
            freeze(number) if letter == b"S" else thaw(number)
            control.sendall(REPLY.pack(0))
    for child in list(children):
        _reap(child, children)


def _fork(
    control: socket.socket, descriptor: int, backend: Callable[[], ModuleType], memory: int, children: set[int]
) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            control.close()
            with socket.socket(fileno=descriptor) as channel:
                serve(channel, backend(), memory)
            code = 0
        finally:
            os._exit(code)
    os.close(descriptor)
    with contextlib.suppress(OSError):  # the child has done it already, or is gone
        os.setpgid(child, child)
    children.add(child)
    return child


def _reap(child: int, children: set[int]) -> int:
    end(child)  # with its group, which it may have left
    status = os.waitpid(child, 0)[1]
    children.discard(child)
    _end_orphans(children)
    return status


def _adopt_orphans() -> None:
    """Become the parent of what a child leaves behind in a session of its own (Linux: PR_SET_CHILD_SUBREAPER)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_orphans(children: set[int]) -> None:
    """Kill what dead children left behind, and what those leave, until nothing is there."""
    while orphans := _own_children() - children:
        for orphan in orphans:
            try:
                os.kill(orphan, signal.SIGKILL)
            except PermissionError:  # it has become somebody else's, and ends when it likes
                return
            os.waitpid(orphan, 0)


def _own_children() -> set[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return {int(number) for number in file.read().split()}
    except OSError:  # a system without this list
        return set()

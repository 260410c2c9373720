"""Confining this process for good, before it runs a line of a learner's code: as much as the system offers.

What is allowed was decided on the other side, which sends a finished Landlock ruleset and a finished seccomp program.
Each layer says for itself whether it holds; one that does not is no crash, but a reason in the reply.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.machinery
import os
import socket
import tempfile
import threading
from collections.abc import Callable
from typing import Any

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["confine"]

RESTRICT_SELF = 446  # landlock_restrict_self has this number on every machine
SET_NO_NEW_PRIVS = 38
CAPBSET_READ, CAPBSET_DROP = 23, 24
AMBIENT, AMBIENT_CLEAR = 47, 4
SET_SECUREBITS, SECUREBITS = 28, 0b101111  # root is no more than any user: locked, as are the other ways back
CAPABILITIES = 0x20080522  # the version of the numbers, and by it how many there are
READ_ANY = 1 << 2  # CAP_DAC_READ_SEARCH
SET_SECCOMP, FILTER = 22, 2
SET_MODE_FILTER, ALL_THREADS, NO_SLOWER_LOADS = 1, 1, 4
Words = ctypes.c_uint32 * 6
CPU_SECONDS = 900  # more than any honest file takes; the wall clock of the other side is what usually ends a process
ROOM = 16  # times as much address space as memory: libraries reserve far more than they use
THREADS = 8192  # of this user, all programs together: enough for a desktop's, and too few to fill a machine's table
APART = 0x70000000  # user numbers that nobody has
HOMES = ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
CACHES = ("TORCH_HOME", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "MPLCONFIGDIR", "NUMBA_CACHE_DIR")


class _Missing(Exception):
    """A layer cannot be had; the text says why."""


class _Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def confine(channel: socket.socket, memory: int, request: dict[str, Any]) -> dict[str, str]:
    """Put on the layers that are asked for; return those that do not hold, each with the reason."""
    layers = request["layers"]
    # The import system remembers what lies in the folders, which it may not be allowed to list later on.
    importlib.machinery.PathFinder.find_spec("nothing", request["folders"])
    ruleset = socket.recv_fds(channel, 1, 1)[1][0] if "landlock" in layers else -1
    steps: dict[str, Callable[[], None]] = {
        "scratch": lambda: _settle(request["scratch"]),
        "limits": lambda: _limit(memory),
        "privileges": _drop,
        "landlock": lambda: _restrict(ruleset),
        "seccomp": lambda: _filter(request["program"].tobytes(), request["call"]),
    }
    missing: dict[str, str] = {}
    for layer in layers:
        try:
            steps[layer]()
        except (OSError, ValueError, AttributeError, TypeError, _Missing) as reason:
            missing[layer] = str(reason)
    return missing


def _settle(folder: str) -> None:
    """Work in a folder of one's own: what libraries write without being asked goes there."""
    for name in HOMES + CACHES:
        os.environ[name] = folder
    tempfile.tempdir = folder
    os.chdir(folder)


def _limit(memory: int) -> None:
    """Bound memory, processor time, files, threads and core dumps."""
    if resource is None:
        raise _Missing("this system has no such limits")
    limits = {
        "DATA": memory,
        "AS": ROOM * memory,
        "CPU": CPU_SECONDS,
        "FSIZE": 64 * 2**20,
        "NOFILE": 256,
        "NPROC": THREADS,
        "CORE": 0,
    }
    failed = [name for name, value in limits.items() if not _bound(getattr(resource, f"RLIMIT_{name}", None), value)]
    if failed:
        raise _Missing(f"this system does not bound {', '.join(failed)}")


def _bound(limit: int | None, value: int) -> bool:
    """Set a limit, unless a stricter one holds; tell whether that went well."""
    if limit is None:
        return False
    try:
        _, hard = resource.getrlimit(limit)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (bound, bound))
    except (OSError, ValueError):
        return False
    return True


def _drop() -> None:
    """Give up all privileges, root's too, and every way to get some.

    A process of root stays root by name, since a submission and the interpreter may belong to root alone, and keeps the
    right to read past the permissions of files: which files, Landlock says.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _checked(libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    libc.prctl(AMBIENT, AMBIENT_CLEAR, 0, 0, 0)
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # numbers may be few in a container
            os.setresuid(APART + os.getpid(), -1, -1)  # the kernel bounds the threads of every user but root
    kept = _capabilities(libc)[1] & READ_ANY
    if any(_capabilities(libc)):
        libc.prctl(SET_SECUREBITS, SECUREBITS, 0, 0, 0)
        for capability in range(64):
            if libc.prctl(CAPBSET_READ, capability, 0, 0, 0) == 1 and not kept >> capability & 1:
                libc.prctl(CAPBSET_DROP, capability, 0, 0, 0)
    wanted = [kept, kept, 0, 0, 0, 0]
    _checked(libc.capset(ctypes.byref(Words(CAPABILITIES)), ctypes.byref(Words(*wanted))), "capabilities")
    if _capabilities(libc) != wanted:
        raise _Missing("capabilities are left")
    if _threads() > 1:
        raise _Missing("other threads of the process keep theirs")


def _capabilities(libc: ctypes.CDLL) -> list[int]:
    """Return this thread's effective, permitted and inheritable capabilities: the lower words, then the upper ones."""
    found = Words()
    _checked(libc.capget(ctypes.byref(Words(CAPABILITIES)), ctypes.byref(found)), "capabilities")
    return list(found)


def _restrict(ruleset: int) -> None:
    """Put the Landlock ruleset on."""
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        _checked(libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
        _checked(libc.syscall(RESTRICT_SELF, ruleset, 0), "Landlock")
    finally:
        os.close(ruleset)
    if _threads() > 1:
        raise _Missing("other threads of the process are not restricted")
    _refused(lambda: os.listdir("/"))


def _filter(program: bytes, call: int) -> None:
    """Put the seccomp program on, for all threads."""
    libc = ctypes.CDLL(None, use_errno=True)
    _checked(libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    compiled = _Program(len(program) // 8, program)
    if libc.syscall(call, SET_MODE_FILTER, ALL_THREADS | NO_SLOWER_LOADS, ctypes.byref(compiled)) != 0:
        if _threads() > 1:
            raise _Missing("other threads of the process cannot be filtered")
        _checked(libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(compiled), 0, 0), "seccomp")  # a kernel before 4.17
    _refused(lambda: socket.socket().close())


def _threads() -> int:
    """Return how many threads this process has."""
    try:
        with open("/proc/self/stat") as file:
            return int(file.read().rpartition(")")[2].split()[17])
    except OSError:  # a system without /proc
        return threading.active_count()


def _refused(act: Callable[[], object]) -> None:
    """Try what must not be possible any more: some systems accept a policy and do not enforce it."""
    try:
        act()
    except PermissionError:
        return
    raise _Missing("the system accepts it and does not enforce it")


def _checked(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise _Missing(f"{what}: {os.strerror(error)}")

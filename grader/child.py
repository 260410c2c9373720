"""One fresh worker process: requests out, replies in, within a deadline."""

from __future__ import annotations

import math
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from grader.errors import PluginError
from grader.shared import Shared
from grader.worker import frames

__all__ = ["Child", "ChildDied", "ChildTimedOut"]

PATIENCE = 5
GLANCE = 0.25  # seconds between looks at what a busy process does
LEAST = 0.001  # seconds: less than this is no reason to wait again


class ChildDied(Exception):
    """The child's process ended before it answered; the text says how."""


class ChildTimedOut(Exception):
    """The child did not answer in time, and has been killed."""


class Child:
    """One fresh worker process; requests carry a nonce and a sequence number that its replies must repeat."""

    def __init__(
        self,
        end: Callable[[], int],
        channel: socket.socket,
        starved: Callable[[], float] = lambda: 0.0,
        *,
        freeze: Callable[[], None] = lambda: None,
        thaw: Callable[[], None] = lambda: None,
        pid: int = 0,
    ) -> None:
        """Take the process over.

        Args:
            end: kills the process group and returns the wait status.
            starved: for how many seconds, so far, the process was ready but other processes had the processors.
            freeze: stops the process with all that it started, until ``thaw``.

        Whoever confines it may set ``overreach``, which is asked now and then what it has done too much of.
        """
        self._end = end
        self._channel = channel
        self._starved = starved
        self.freeze = freeze
        self.thaw = thaw
        self.pid = pid
        self._nonce = secrets.token_hex(8)
        self._sequence = 0
        self._afterwards: list[Callable[[], None]] = []
        self.overreach: Callable[[], str | None] = lambda: None
        self.alive = True

    def share(self, shared: Shared, timeout: float) -> None:
        """Let the process map the memory, for requests that name it."""
        self.request({"do": "share"}, timeout, descriptors=[shared.descriptor])

    def request(
        self,
        message: Mapping[str, Any],
        timeout: float,
        shared: Shared | None = None,
        descriptors: Sequence[int] = (),
    ) -> dict[str, Any]:
        """Send one request and return its reply.

        Args:
            shared: memory that the process has mapped, for the arrays of both sides; the reply's are copied out of it.
            descriptors: of files that the process is given along with the request.

        Raises:
            ChildDied: if the process ended first, or answered with something that is no reply.
            ChildTimedOut: if it took longer than ``timeout`` seconds, not counting those in which it was starved.
            PluginError: if the message holds what cannot be sent, such as a set among a case's arguments.
        """
        self._sequence += 1
        try:
            text = {**message, "nonce": self._nonce, "seq": self._sequence}
            frame = frames.encode(text, None if shared is None else shared.inputs)
        except frames.FrameError as error:
            raise PluginError(f"an argument of a case cannot be given to a worker: {error}") from None
        try:
            with _Deadline(self._channel, timeout, self._starved, self.overreach) as channel:
                frames.send(channel, frame)
                if descriptors:
                    socket.send_fds(self._channel, [b"D"], descriptors)
                answer = frames.receive(channel)
            size = frames.shared_size(answer)
            reply = frames.decode(answer, None if shared is None or size is None else shared.answers(size))
        except TimeoutError:
            self.close()
            raise ChildTimedOut(f"no answer within {timeout:g} s") from None
        except _Overreached as reason:
            self.close()
            raise ChildDied(f"the process was ended: {reason}") from None
        except (EOFError, OSError):
            raise ChildDied(_ending(self.close())) from None
        except frames.FrameError as error:
            self.close()
            raise ChildDied(f"the process sent something that is no reply: {error}") from None
        if not isinstance(reply, dict) or not _belongs(reply, self._nonce, self._sequence):
            self.close()
            raise ChildDied("the process sent a reply to something that it was not asked")
        return reply

    def close(self) -> int:
        """Kill what is left of the process and its group; return its wait status."""
        if not self.alive:
            return 0
        self.alive = False
        self._channel.close()
        status = self._end()
        for clean in self._afterwards:
            clean()
        return status

    def afterwards(self, clean: Callable[[], None]) -> None:
        """Call this once the process has ended."""
        self._afterwards.append(clean)


class _Overreached(Exception):
    """The process has done too much of something; the text says what."""


class _Deadline:
    """Bounds all that happens on a channel by one deadline: a trickle of bytes does not extend it.

    A busy machine does, by the time that the process was starved, but not for ever: code that starves itself with a
    crowd of its own processes gets ``PATIENCE`` times the seconds, and no more.
    """

    def __init__(
        self,
        channel: socket.socket,
        seconds: float,
        starved: Callable[[], float],
        overreach: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._channel = channel
        self._overreach = overreach
        self._starved = starved
        self._before = starved()
        self._end = time.monotonic() + seconds
        self._last = self._end + (PATIENCE - 1) * seconds

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def _wait(self, most: float = math.inf) -> socket.socket:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(min(left, most))
        return self._channel

    def sendall(self, data: bytes) -> None:
        self._wait().sendall(data)

    def recv_into(self, view: memoryview) -> int:
        while True:
            try:
                return self._wait(GLANCE).recv_into(view)
            except TimeoutError:
                reason = self._overreach()
                if reason is not None:
                    raise _Overreached(reason) from None
                if time.monotonic() >= self._end:
                    self._extend()

    def _extend(self) -> None:
        """Add the time in which the process was starved.

        Raises:
            TimeoutError: if there was none.
        """
        starved = self._starved()
        end = min(self._end + starved - self._before, self._last)
        if end < self._end + LEAST:
            raise TimeoutError
        self._end, self._before = end, starved


def _belongs(reply: Mapping[str, Any], nonce: str, sequence: int) -> bool:
    """Tell whether a reply is one to this very request."""
    return (reply.get("nonce"), reply.get("seq")) == (nonce, sequence)


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "the process closed its connection to the grader"
        return f"the process was ended by {signal.Signals(number).name}"
    return f"the process ended itself with exit code {os.waitstatus_to_exitcode(status)}"

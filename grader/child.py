"""One fresh worker process: requests out, replies in, within a deadline."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from grader.errors import PluginError
from grader.worker import frames

__all__ = ["Child", "ChildDied", "ChildTimedOut"]


class ChildDied(Exception):
    """The child's process ended before it answered; the text says how."""


class ChildTimedOut(Exception):
    """The child did not answer in time, and has been killed."""


class Child:
    """One fresh worker process; requests carry a nonce and a sequence number that its replies must repeat."""

    def __init__(self, end: Callable[[], int], channel: socket.socket) -> None:
        """Take the process over.

        Args:
            end: kills the process group and returns the wait status.
        """
        self._end = end
        self._channel = channel
        self._nonce = secrets.token_hex(8)
        self._sequence = 0
        self.alive = True

    def request(self, message: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """Send one request and return its reply.

        Raises:
            ChildDied: if the process ended first, or answered with something that is no reply.
            ChildTimedOut: if it took longer than ``timeout`` seconds.
            PluginError: if the message holds what cannot be sent, such as a set among a case's arguments.
        """
        self._sequence += 1
        try:
            frame = frames.encode({**message, "nonce": self._nonce, "seq": self._sequence})
        except frames.FrameError as error:
            raise PluginError(f"an argument of a case cannot be given to a worker: {error}") from None
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
        return self._end()


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

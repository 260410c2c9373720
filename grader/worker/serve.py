"""One child: answer the requests that come over its channel, one frame each, until it closes."""

from __future__ import annotations

import resource
import socket
import sys
from types import ModuleType
from typing import Any

from . import frames
from .capture import Output
from .learner import Learner

__all__ = ["serve"]


def serve(channel: socket.socket, backend: ModuleType, memory: int) -> None:
    """Answer until the other side closes; a request that is no frame ends the child."""
    _limit(memory)
    output = Output()
    sys.stdout = sys.stderr = output
    learner = Learner(backend, output)
    while True:
        try:
            request = frames.decode(frames.receive(channel))
        except EOFError:
            return
        reply = _answer(learner, request)
        reply["nonce"], reply["seq"] = request["nonce"], request["seq"]
        frames.send(channel, frames.encode(reply))


def _answer(learner: Learner, request: dict[str, Any]) -> dict[str, Any]:
    fields = {key: value for key, value in request.items() if key not in ("do", "nonce", "seq")}
    if request["do"] == "load":
        return learner.load(**fields)
    if request["do"] == "has":
        return {"has": learner.has(**fields)}
    return learner.call(**fields)


def _limit(memory: int) -> None:
    """Bound memory, files and core dumps of this process; the wall clock is the parent's."""
    for limit, value in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, 64 * 2**20),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (bound, bound))

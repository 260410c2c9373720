"""One child: answer the requests that come over its channel, one frame each, until it closes."""

from __future__ import annotations

import mmap
import os
import socket
import sys
from types import ModuleType
from typing import Any

from . import frames
from .capture import Output
from .confine import confine
from .learner import Learner

__all__ = ["serve"]


def serve(channel: socket.socket, backend: ModuleType, memory: int) -> None:
    """Answer until the other side closes; a request that is no frame ends the child."""
    output = Output()
    sys.stdout = sys.stderr = output
    learner = Learner(backend, output)
    shared = _Shared()
    while True:
        try:
            frame = frames.receive(channel)
        except EOFError:
            return
        request = frames.decode(frame, shared.inputs)
        if request["do"] == "share":
            reply = shared.take(channel)
        elif request["do"] == "confine":
            reply = {"missing": confine(channel, memory, request)}
        else:
            reply = _answer(learner, request)
        reply["nonce"], reply["seq"] = request["nonce"], request["seq"]
        outputs = None if frames.shared_size(frame) is None else shared.outputs
        try:
            frames.send(channel, frames.encode(reply, outputs))
        except frames.FrameError as error:  # answers are larger than right ones can be
            reply["answers"] = [learner.too_large(error)] * len(reply["answers"])
            frames.send(channel, frames.encode(reply))


class _Shared:
    """Memory that the grader shares with this process: its first half holds arguments, its second answers."""

    def __init__(self) -> None:
        self.inputs: memoryview | None = None
        self.outputs: memoryview | None = None

    def take(self, channel: socket.socket) -> dict[str, Any]:
        """Map the file whose descriptor comes next."""
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        memory = memoryview(mmap.mmap(descriptors[0], 0))
        os.close(descriptors[0])
        self.inputs, self.outputs = memory[: len(memory) // 2], memory[len(memory) // 2 :]
        return {}


def _answer(learner: Learner, request: dict[str, Any]) -> dict[str, Any]:
    fields = {key: value for key, value in request.items() if key not in ("do", "nonce", "seq")}
    if request["do"] == "load":
        return learner.load(**fields)
    if request["do"] == "ready":
        return {}
    if request["do"] == "has":
        return {"has": learner.has(**fields)}
    if request["do"] == "time":
        return learner.time(**fields)
    if request["do"] == "devices":
        return {"devices": learner.devices()}
    if request["do"] == "peak":
        return {"bytes": learner.peak(**fields)}
    if request["do"] == "echo":
        return learner.echo(**fields)
    return learner.call(**fields)

"""Messages between the grader and a worker: JSON with the bytes of arrays behind it, and no pickle in either direction.

A frame is ``MAGIC``, the lengths of both parts (two unsigned 64-bit integers, big endian), the JSON text and the
blob. In the JSON an array stands as ``{"@": [dtype, shape, offset]}`` and a value of a type that cannot cross as
``{"?": "its type"}``; tuples and lists are all lists. Numbers of arrays are little endian and aligned.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from typing import Any

import numpy as np

__all__ = ["FrameError", "Unsupported", "decode", "encode", "receive", "send"]

MAGIC = b"GRD1"
HEAD = struct.Struct("!4sQQ")
MAX_TEXT = 64 * 2**20
MAX_BLOB = 2**30
ALIGNMENT = 16
MAX_DIMENSIONS = 32
TYPES = "?bhilqBHILQefdFD"
DTYPES = {np.dtype(code).name: np.dtype(code).newbyteorder("<") for code in TYPES}
NAME_OF = {dtype: name for name, dtype in DTYPES.items()}  # dtype.name costs microseconds


class FrameError(Exception):
    """The bytes are no frame, or one that is out of bounds."""


class Unsupported:
    """Stands for a value whose type cannot cross the wall."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unsupported) and other.type_name == self.type_name

    def __hash__(self) -> int:
        return hash(self.type_name)

    def __repr__(self) -> str:
        return f"<{self.type_name}>"


def encode(message: Any) -> bytes:
    """Return the frame of a message made of dicts with text keys, lists, leaves and arrays.

    Raises:
        FrameError: if it holds anything else.
    """
    chunks: list[bytes] = []
    size = 0

    def describe(value: Any) -> dict[str, Any]:
        nonlocal size
        if isinstance(value, Unsupported):
            return {"?": value.type_name}
        if type(value) is not np.ndarray:
            raise FrameError(f"a {type(value).__name__} cannot be sent")
        if value.ndim > MAX_DIMENSIONS:
            return {"?": f"array of {value.ndim} dimensions"}
        name = NAME_OF.get(value.dtype)
        if name is None:
            if value.dtype.name not in DTYPES:
                return {"?": f"array of dtype {value.dtype.name}"}
            return describe(value.astype(DTYPES[value.dtype.name]))
        data = value.tobytes()
        entry = {"@": [name, value.shape, size]}
        padding = -len(data) % ALIGNMENT
        chunks.append(data)
        if padding:
            chunks.append(bytes(padding))
        size += len(data) + padding
        return entry

    try:
        text = json.dumps(message, separators=(",", ":"), default=describe).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError) as error:
        raise FrameError(f"this cannot be sent: {error}") from None
    text += b" " * (-(HEAD.size + len(text)) % ALIGNMENT)  # kernels for complex numbers crash on what is not aligned
    return b"".join([HEAD.pack(MAGIC, len(text), size), text, *chunks])


def decode(frame: bytearray | bytes) -> Any:
    """Return the message of a frame; its arrays are views of ``frame``, writable if it is.

    Raises:
        FrameError: if it is not one, whatever the bytes are.
    """
    text_size, blob_size = _sizes(frame[: HEAD.size])
    if len(frame) != HEAD.size + text_size + blob_size:
        raise FrameError("the frame is cut short or too long")
    start = HEAD.size + text_size
    end = len(frame)

    def restore(entry: dict[str, Any]) -> Any:
        if "@" in entry:
            return _array(entry["@"], frame, start, end)
        return Unsupported(str(entry["?"])) if "?" in entry else entry

    try:
        return json.loads(frame[HEAD.size : start].decode("utf-8", "surrogatepass"), object_hook=restore)
    except (ValueError, RecursionError, TypeError, KeyError, MemoryError, OverflowError) as error:
        raise FrameError(f"the frame's text is wrong: {error}") from None


def _sizes(head: bytes | bytearray) -> tuple[int, int]:
    if len(head) != HEAD.size:
        raise FrameError("the frame's head is cut short")
    magic, text_size, blob_size = HEAD.unpack(bytes(head))
    if magic != MAGIC or text_size > MAX_TEXT or blob_size > MAX_BLOB:
        raise FrameError("the frame's head is wrong or announces too much")
    return text_size, blob_size


def _array(entry: Any, frame: bytearray | bytes, start: int, end: int) -> np.ndarray[Any, Any]:
    name, shape, offset = entry
    if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in (*shape, offset)):
        raise FrameError("an array's description is wrong")
    dtype = DTYPES[name]
    if start + offset + math.prod(shape) * dtype.itemsize > end:
        raise FrameError("an array lies outside its frame")
    return np.ndarray(shape, dtype, frame, start + offset) if 0 not in shape else np.empty(shape, dtype)


def send(channel: socket.socket, frame: bytes) -> None:
    """Send a whole frame."""
    channel.sendall(frame)


def receive(channel: socket.socket) -> bytearray:
    """Receive a whole frame into memory of its own.

    Raises:
        EOFError: if the other side is gone.
        FrameError: if what comes is no frame.
    """
    head = _exactly(channel, HEAD.size)
    text_size, blob_size = _sizes(head)
    return head + _exactly(channel, text_size + blob_size)


def _exactly(channel: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        got = channel.recv_into(view)
        if not got:
            raise EOFError
        view = view[got:]
    return data

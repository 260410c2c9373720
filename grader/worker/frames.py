"""Messages between the grader and a worker: JSON with the bytes of arrays behind it, and no pickle in either direction.

A frame is ``MAGIC``, the lengths of both parts (two unsigned 64-bit integers, big endian), the JSON text and the
blob. In the JSON an array stands as ``{"@": [dtype, shape, offset]}`` and a value of a type that cannot cross as
``{"?": "its type"}``; tuples and lists are all lists. Numbers of arrays are little endian and aligned.

Where time counts, the blob lies in memory that both sides share, and only the text travels: such a frame begins with
``SHARED``.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from typing import Any

import numpy as np

__all__ = ["FrameError", "Unsupported", "decode", "encode", "receive", "send", "shared_size"]

MAGIC = b"GRD1"
SHARED = b"GRS1"
HEAD = struct.Struct("!4sQQ")
MAX_TEXT = 16 * 2**20  # some 25 times as much when it is read: empty lists are small in JSON
MAX_BLOB = 2**30
AT_ONCE = 2**20
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


class _Blob:
    """Arrays one behind the other, in chunks that travel with the text."""

    magic = MAGIC

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, array: np.ndarray[Any, Any]) -> int:
        """Append an array and return its offset."""
        data, offset = array.tobytes(), self.size
        padding = -len(data) % ALIGNMENT
        self.chunks += [data, bytes(padding)] if padding else [data]
        self.size += len(data) + padding
        return offset


class _SharedBlob:
    """Arrays one behind the other in shared memory: each is copied once."""

    magic = SHARED

    def __init__(self, memory: memoryview) -> None:
        self.chunks: list[bytes] = []
        self.size = 0
        self._memory = memory

    def add(self, array: np.ndarray[Any, Any]) -> int:
        offset = self.size
        if offset + array.nbytes > len(self._memory):
            raise FrameError("the arrays do not fit into the shared memory")
        np.ndarray(array.shape, array.dtype, self._memory, offset)[...] = array
        self.size += array.nbytes + -array.nbytes % ALIGNMENT
        return offset


def encode(message: Any, memory: memoryview | None = None) -> bytes:
    """Return the frame of a message made of dicts with text keys, lists, leaves and arrays.

    Args:
        memory: shared memory to put the arrays into.

    Raises:
        FrameError: if it holds anything else, or more than the memory does.
    """
    blob = _Blob() if memory is None else _SharedBlob(memory)

    def describe(value: Any) -> dict[str, Any]:
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
        return {"@": [name, value.shape, blob.add(value)]}

    try:
        text = json.dumps(message, separators=(",", ":"), default=describe).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError) as error:
        raise FrameError(f"this cannot be sent: {error}") from None
    text += b" " * (-(HEAD.size + len(text)) % ALIGNMENT)  # kernels for complex numbers crash on what is not aligned
    return b"".join([HEAD.pack(blob.magic, len(text), blob.size), text, *blob.chunks])


def decode(frame: bytearray | bytes, memory: bytearray | memoryview | None = None) -> Any:
    """Return the message of a frame; its arrays are views of ``frame``, or of ``memory``, writable if that is.

    Args:
        memory: where the arrays of a frame lie that does not carry them.

    Raises:
        FrameError: if it is not one, whatever the bytes are.
    """
    magic, text_size, blob_size = _sizes(frame[: HEAD.size])
    start = HEAD.size + text_size
    if len(frame) != start + (blob_size if magic == MAGIC else 0):
        raise FrameError("the frame is cut short or too long")
    if magic == SHARED and (memory is None or blob_size > len(memory)):
        raise FrameError("the frame speaks of shared memory that is not there")
    buffer, first = (frame, start) if magic == MAGIC else (memory, 0)

    def restore(entry: dict[str, Any]) -> Any:
        if "@" in entry:
            return _array(entry["@"], buffer, first, first + blob_size)
        return Unsupported(str(entry["?"])) if "?" in entry else entry

    try:
        return json.loads(frame[HEAD.size : start].decode("utf-8", "surrogatepass"), object_hook=restore)
    except (ValueError, RecursionError, TypeError, KeyError, MemoryError, OverflowError) as error:
        raise FrameError(f"the frame's text is wrong: {error}") from None


def shared_size(frame: bytearray) -> int | None:
    """Return how many bytes of shared memory a frame speaks of; None if it carries its arrays itself."""
    magic, _, blob_size = _sizes(frame[: HEAD.size])
    return blob_size if magic == SHARED else None


def _sizes(head: bytes | bytearray) -> tuple[bytes, int, int]:
    if len(head) != HEAD.size:
        raise FrameError("the frame's head is cut short")
    magic, text_size, blob_size = HEAD.unpack(bytes(head))
    if magic not in (MAGIC, SHARED) or text_size > MAX_TEXT or blob_size > MAX_BLOB:
        raise FrameError("the frame's head is wrong or announces too much")
    return magic, text_size, blob_size


def _array(entry: Any, buffer: Any, start: int, end: int) -> np.ndarray[Any, Any]:
    name, shape, offset = entry
    if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in (*shape, offset)):
        raise FrameError("an array's description is wrong")
    dtype = DTYPES[name]
    if start + offset + math.prod(shape) * dtype.itemsize > end:
        raise FrameError("an array lies outside its frame")
    return np.ndarray(shape, dtype, buffer, start + offset) if 0 not in shape else np.empty(shape, dtype)


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
    magic, text_size, blob_size = _sizes(head)
    return head + _exactly(channel, text_size + (blob_size if magic == MAGIC else 0))


def _exactly(channel: socket.socket, size: int) -> bytearray:
    data = bytearray(min(size, AT_ONCE))
    _fill(channel, memoryview(data))
    while len(data) < size:  # what is announced takes no memory until it comes
        start = len(data)
        data += bytes(min(start, size - start))
        with memoryview(data) as view:
            _fill(channel, view[start:])
    return data


def _fill(channel: socket.socket, view: memoryview) -> None:
    while view:
        got = channel.recv_into(view)
        if not got:
            raise EOFError
        view = view[got:]

"""Messages between the grader and a worker: JSON with the bytes of arrays behind it, and no pickle in either direction.

A frame is ``MAGIC``, the lengths of both parts (two unsigned 64-bit integers, big endian), the JSON text and the
blob. In the JSON an array stands as ``{"@": [dtype, shape, offset]}`` and a value of a type that cannot cross as
``{"?": "its type"}``; tuples, lists and named tuples are all lists. Numbers of arrays are little endian and aligned.
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
MAX_DEPTH = 32
MAX_STRING = 100_000
MAX_INT_BITS = 2_000
DTYPES = frozenset(
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
)


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
    """Return the frame of a message made of dicts with text keys, lists, leaves and arrays."""
    chunks: list[bytes] = []
    size = 0

    def array(value: np.ndarray[Any, Any]) -> dict[str, Any]:
        nonlocal size
        if value.dtype.name not in DTYPES:
            return {"?": f"array of dtype {value.dtype.name}"}
        data = value.astype(value.dtype.newbyteorder("<"), copy=False).tobytes()
        offset = size
        padding = -len(data) % ALIGNMENT
        chunks.append(data + bytes(padding))
        size += len(data) + padding
        return {"@": [value.dtype.name, list(value.shape), offset]}

    def node(value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is np.ndarray:
            return array(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return value if value.bit_length() <= MAX_INT_BITS else {"?": "int of more than 600 digits"}
        if kind is str:
            return value if len(value) <= MAX_STRING else {"?": f"str of {len(value)} characters"}
        if depth > MAX_DEPTH:
            return {"?": "nested too deeply"}
        if kind is tuple or kind is list:
            return [node(item, depth + 1) for item in value]
        if kind is dict:
            return {key: node(item, depth + 1) for key, item in value.items()}
        if kind is Unsupported:
            return {"?": value.type_name}
        raise FrameError(f"a {kind.__name__} cannot be sent")

    text = json.dumps(node(message, 0), separators=(",", ":")).encode("utf-8", "surrogatepass")
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
    try:
        tree = json.loads(bytes(frame[HEAD.size : start]).decode("utf-8", "surrogatepass"))
        return _node(tree, frame, start, blob_size)
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise FrameError(f"the frame's text is wrong: {error}") from None


def _sizes(head: bytes | bytearray) -> tuple[int, int]:
    if len(head) != HEAD.size:
        raise FrameError("the frame's head is cut short")
    magic, text_size, blob_size = HEAD.unpack(bytes(head))
    if magic != MAGIC or text_size > MAX_TEXT or blob_size > MAX_BLOB:
        raise FrameError("the frame's head is wrong or announces too much")
    return text_size, blob_size


def _node(tree: Any, frame: bytearray | bytes, start: int, blob_size: int) -> Any:
    if isinstance(tree, list):
        return tuple(_node(item, frame, start, blob_size) for item in tree)
    if not isinstance(tree, dict):
        return tree
    if len(tree) == 1:
        if "@" in tree:
            return _array(tree["@"], frame, start, blob_size)
        if "?" in tree:
            return Unsupported(str(tree["?"]))
    return {key: _node(item, frame, start, blob_size) for key, item in tree.items()}


def _array(entry: Any, frame: bytearray | bytes, start: int, blob_size: int) -> np.ndarray[Any, Any]:
    dtype, shape, offset = entry
    if dtype not in DTYPES or len(shape) > 32 or not all(type(n) is int and n >= 0 for n in (*shape, offset)):
        raise FrameError("an array's description is wrong")
    count = math.prod(shape)
    kind = np.dtype(dtype).newbyteorder("<")
    if offset + count * kind.itemsize > blob_size:
        raise FrameError("an array lies outside its frame")
    if count == 0:
        return np.empty(shape, kind)
    return np.frombuffer(frame, kind, count, start + offset).reshape(shape)


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

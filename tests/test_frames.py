"""Frames carry every leaf there and back, and no bytes from the other side do more than raise FrameError."""

import json
import math
import socket

import numpy as np
import pytest

from grader.worker import frames
from grader.worker.frames import FrameError, Unsupported, decode, encode, receive, send

DTYPES = ["bool", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))]
DTYPES += ["float16", "float32", "float64", "complex64", "complex128"]


def there_and_back(message):
    return decode(encode(message))


def raw(text, blob=b""):
    """Return a frame of a text that ``encode`` would not write."""
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    return frames.HEAD.pack(frames.MAGIC, len(text), len(blob)) + text + blob


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (2, 3), (1,) * 32], ids=str)
def test_every_dtype_and_shape_comes_back(dtype, shape):
    array = np.arange(math.prod(shape)).astype(dtype).reshape(shape)
    found = there_and_back([array])[0]
    assert (found.dtype, found.shape) == (np.dtype(dtype), shape)
    assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0).reshape(4, 6)[::2, ::-3],
        np.arange(6.0).reshape(2, 3).T,
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.broadcast_to(np.array([1.5, 2.5]), (3, 2)),
        np.arange(5, dtype=">i4"),
        np.array([1.5, -2.5], dtype=">f8")[::-1],
        np.array([True, False, True])[::2],
    ],
    ids=["strided", "transposed", "column-major", "broadcast", "big-endian", "big-endian reversed", "bool"],
)
def test_arrays_of_any_layout_come_back_as_their_values(array):
    found = there_and_back(array)
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype.newbyteorder("=")
    assert found.flags["C_CONTIGUOUS"]


def test_nan_keeps_its_bits_and_infinities_and_minus_zero_their_signs():
    array = np.array([np.nan, -np.nan, np.inf, -np.inf, -0.0, 5e-324]).view(np.int64)
    payload = np.append(array, 0x7FF8_0000_0000_1234).view(np.float64)
    assert there_and_back(payload).tobytes() == payload.tobytes()


@pytest.mark.parametrize("value", [math.inf, -math.inf, -0.0, 5e-324, 1e308, 0.1])
def test_plain_floats_come_back_exactly(value):
    found = there_and_back({"x": value})["x"]
    assert (found, math.copysign(1, found)) == (value, math.copysign(1, value))


def test_a_plain_nan_is_still_nan():
    assert math.isnan(there_and_back([math.nan])[0])


@pytest.mark.parametrize("value", [2**63, -(2**64), 10**600, 2**2000])
def test_big_integers_come_back(value):
    assert there_and_back([value]) == [value]


def test_true_is_not_one_and_tuples_are_lists():
    assert [type(value) for value in there_and_back((True, 1, 1.0))] == [bool, int, float]
    assert there_and_back(((1, 2), [])) == [[1, 2], []]


@pytest.mark.parametrize("text", ["ü€😀", "\udcff", "\0", '"\\', "{'@': 1}"])
def test_any_text_comes_back(text):
    assert there_and_back({text: text}) == {text: text}


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a", "b"]),
        np.array([None, {}], object),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.zeros(2, [("x", float)]),
        np.zeros(2, "S3"),
    ],
    ids=lambda array: array.dtype.name,
)
def test_an_array_that_cannot_cross_is_named_by_its_dtype(array):
    assert there_and_back([array]) == [Unsupported(f"array of dtype {array.dtype.name}")]


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", 1j, object(), np.float32(1), np.int64(1), np.ma.array([1]), print])
def test_anything_else_cannot_be_sent(value):
    with pytest.raises(FrameError, match=rf"a {type(value).__name__} cannot be sent"):
        encode({"value": value})


def test_an_integer_too_long_for_json_cannot_be_sent():
    with pytest.raises(FrameError):
        encode([10**5000])


def test_arrays_are_views_of_the_frame_and_aligned():
    frame = bytearray(encode([np.zeros(3, "int8"), np.arange(4.0)]))
    small, floats = decode(frame)
    floats[0] = 7
    assert decode(frame)[1][0] == 7
    assert small.flags.writeable
    assert not decode(bytes(frame))[0].flags.writeable
    text_size = frames.HEAD.unpack(frame[: frames.HEAD.size])[1]
    offset = floats.__array_interface__["data"][0] - np.frombuffer(frame, "u1").__array_interface__["data"][0]
    assert (offset - frames.HEAD.size - text_size) % frames.ALIGNMENT == 0


@pytest.mark.parametrize(
    "entry",
    [
        ["float64", [3], 0],
        ["float64", [2], 8],
        ["float64", [2], -8],
        ["float64", [-1], 0],
        ["float64", [-1, -2], 0],
        ["float64", [2**62, 2**62], 0],
        ["float64", [0, 2**70], 0],
        ["float64", [0, 2**62], 0],
        ["float64", [0], 100],
        ["float64", [True, 2], 0],
        ["float64", [1.0], 0],
        ["float64", ["2"], 0],
        ["float64", "12", 0],
        ["float64", 2, 0],
        ["float64", None, 0],
        ["float64", [1] * 40, 0],
        ["float64", [2]],
        ["float64", [2], 0, 0],
        ["object", [2], 0],
        ["O", [2], 0],
        ["longdouble", [1], 0],
        [["float64"], [2], 0],
        [None, [2], 0],
        "float64",
        None,
        {},
    ],
    ids=str,
)
def test_an_array_that_lies_outside_or_makes_no_sense_is_refused(entry):
    with pytest.raises(FrameError):
        decode(raw({"@": entry}, bytes(16)))


def test_an_array_that_just_fits_is_not_refused():
    assert decode(raw({"@": ["float64", [2], 0]}, bytes(16))).tolist() == [0, 0]
    assert decode(raw({"@": ["float64", [1], 8]}, bytes(16))).tolist() == [0]


def test_deep_nesting_is_refused():
    with pytest.raises(FrameError):
        decode(raw(b"[" * 200_000 + b"]" * 200_000))


@pytest.mark.parametrize(
    "head",
    [
        (frames.MAGIC, frames.MAX_TEXT + 1, 0),
        (frames.MAGIC, 0, frames.MAX_BLOB + 1),
        (frames.MAGIC, 2**64 - 1, 2**64 - 1),
        (b"GRD0", 2, 0),
    ],
)
def test_a_head_that_announces_too_much_is_refused_before_anything_is_allocated(head, monkeypatch):
    ours, theirs = socket.socketpair()
    sizes = []
    real = frames._exactly
    monkeypatch.setattr(frames, "_exactly", lambda channel, size: sizes.append(size) or real(channel, size))
    with ours, theirs:
        theirs.sendall(frames.HEAD.pack(*head))
        with pytest.raises(FrameError, match="wrong or announces too much"):
            receive(ours)
    assert sizes == [frames.HEAD.size]


def test_a_frame_comes_through_a_socket_in_any_pieces():
    ours, theirs = socket.socketpair()
    frame = encode({"x": np.arange(100.0)})
    with ours, theirs:
        for start in range(0, len(frame), 7):
            theirs.sendall(frame[start : start + 7])
        send(theirs, encode([2]))
        assert decode(receive(ours))["x"].sum() == 4950
        assert decode(receive(ours)) == [2]


@pytest.mark.parametrize("sent", [0, 5, 25])
def test_a_socket_that_closes_within_a_frame_is_told_as_its_end(sent):
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(encode({"x": [1, 2, 3]})[:sent])
        theirs.close()
        with pytest.raises(EOFError):
            receive(ours)


@pytest.mark.parametrize("length", range(20))
def test_arrays_lie_where_every_kernel_can_read_them(length):
    arrays = [np.arange(3.0), np.ones(2, "complex128"), np.array([True]), np.arange(2.0)]
    received = frames.decode(bytearray(frames.encode({"x" * length: arrays})))
    assert all(one.ctypes.data % 16 == 0 for one in received["x" * length])

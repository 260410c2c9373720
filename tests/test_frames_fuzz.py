"""Any message comes back as it went, and whatever the bytes are, only a FrameError comes out."""

import json
import socket
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from grader.worker import frames
from grader.worker.frames import FrameError, Unsupported, decode, encode, receive
from tests.fuzzing import budget
from tests.test_frames import DTYPES, raw, there_and_back

pytestmark = pytest.mark.fuzz
QUICK = budget(100)
ROUGH = budget(400)
PER_BYTE = 40  # bytes of memory for one byte of a frame: an empty dict or list, and its place in another

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**2000), 2**2000),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.builds(Unsupported, st.text(max_size=20)),
    nps.arrays(st.sampled_from(DTYPES), nps.array_shapes(min_dims=0, min_side=0, max_side=4)),
)
messages = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
    max_leaves=12,
)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(DTYPES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["@", "?", "a"]), inner, max_size=2),
    max_leaves=10,
)
odd = st.sampled_from([-1, 0, 1, 2**31, 2**62, 2**63, 2**70, 1.0, True, "", "float64", None, [], [0], [2**62] * 2, {}])
sizes = st.integers(0, 300) | st.sampled_from([2**31, 2**63, 2**64 - 1, frames.MAX_TEXT, frames.MAX_BLOB])


def same(left, right):
    """Tell whether two messages are the same to the last bit."""
    if isinstance(left, np.ndarray):
        return left.dtype.newbyteorder("=") == right.dtype.newbyteorder("=") and (
            left.shape == right.shape and left.astype(left.dtype.newbyteorder("<")).tobytes() == right.tobytes()
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def survive(frame, memory=None, decode=decode):
    """Decode; the only exception that may come is a FrameError, and arrays must lie within what they came in."""
    try:
        found = decode(frame, memory)
    except FrameError:
        return
    except Exception as error:
        raise AssertionError(f"raised {type(error).__name__}: {error}") from error
    room = len(frame) + (0 if memory is None else len(memory))
    for array in arrays(found):
        array.tobytes()
        assert array.nbytes <= room


def arrays(tree):
    if isinstance(tree, np.ndarray):
        yield tree
    for item in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from arrays(item)


@QUICK
@given(messages)
def test_every_message_comes_back_as_it_went(message):
    assert same(message, there_and_back(message))


@QUICK
@given(messages)
def test_every_message_comes_back_through_shared_memory(message):
    memory = bytearray(2**16)
    assert same(message, decode(encode(message, memoryview(memory)), memory))


@ROUGH
@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_frame_error(data):
    with pytest.raises(FrameError):
        decode(data)


@ROUGH
@given(st.binary(max_size=80), st.binary(max_size=40))
def test_random_text_in_a_right_frame_raises_nothing_but_a_frame_error(text, blob):
    survive(raw(text, blob))


@ROUGH
@given(json_like, st.binary(max_size=32))
def test_wrong_descriptions_of_arrays_raise_nothing_but_a_frame_error(text, blob):
    survive(raw(text, blob))


@st.composite
def wrong_bytes(draw):
    """Draw a frame in which some bytes are others, and its memory if it has one."""
    memory = draw(st.none() | st.just(bytearray(2**12)))
    frame = bytearray(encode(draw(messages), None if memory is None else memoryview(memory)))
    for _ in range(draw(st.integers(1, 4))):
        frame[draw(st.integers(0, len(frame) - 1))] = draw(st.integers(0, 255))
    return frame, memory


@st.composite
def wrong_parts(draw):
    """Draw a right frame with other values somewhere in its text, another kind, other sizes, or less memory."""
    memory = draw(st.none() | st.just(bytearray(2**12)))
    frame = encode(draw(messages), None if memory is None else memoryview(memory))
    magic, size, blob_size = frames.HEAD.unpack(frame[: frames.HEAD.size])
    text = frame[frames.HEAD.size : frames.HEAD.size + size].decode("utf-8", "surrogatepass")
    text = json.dumps(draw(replaced(json.loads(text)))).encode()
    magic = draw(st.sampled_from([magic, magic, magic, frames.MAGIC, frames.SHARED]))
    claims = draw(st.sampled_from([(len(text), blob_size)] * 4) | st.tuples(sizes, sizes))
    memory = None if memory is None else memory[: draw(st.sampled_from([2**12, 2**12, 0, 16, 100]))]
    return frames.HEAD.pack(magic, *claims) + text + frame[frames.HEAD.size + size :], memory


@st.composite
def replaced(draw, tree):
    """Draw the same tree with something else in some places."""
    if draw(st.integers(0, 7)) == 0:
        return draw(odd | json_like)
    if isinstance(tree, list):
        items = [draw(replaced(item)) for item in tree]
        return items[: draw(st.integers(0, len(items)))] if draw(st.integers(0, 9)) == 0 else items
    if isinstance(tree, dict):
        return {key: draw(replaced(value)) for key, value in tree.items()}
    return tree


@ROUGH
@given(wrong_bytes())
def test_a_frame_with_wrong_bytes_raises_nothing_but_a_frame_error(frame_and_memory):
    survive(*frame_and_memory)


@ROUGH
@given(wrong_parts())
def test_a_frame_with_wrong_parts_raises_nothing_but_a_frame_error(frame_and_memory):
    survive(*frame_and_memory)


@QUICK
@given(messages, st.data())
def test_a_frame_that_is_cut_or_extended_is_refused(message, data):
    frame = encode(message)
    for wrong in (frame[: data.draw(st.integers(0, len(frame) - 1))], frame + b"\0"):
        with pytest.raises(FrameError):
            decode(wrong)


@QUICK
@given(st.sampled_from([frames.MAGIC, frames.SHARED, b"GRD0"]), sizes, sizes, st.binary(max_size=300))
def test_what_comes_through_a_socket_is_a_frame_an_end_or_a_frame_error(magic, text_size, blob_size, data):
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(frames.HEAD.pack(magic, text_size, blob_size) + data)
        try:
            found = receive(ours)
        except (FrameError, EOFError):
            return
        assert len(found) <= frames.HEAD.size + len(data)


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@QUICK
@given(wrong_parts())
def test_what_decoding_takes_is_bounded_by_the_frame(frame_and_memory):
    frame, memory = frame_and_memory
    assert peak_of(lambda: survive(frame, memory)) < PER_BYTE * len(frame) + 2**18


@pytest.mark.parametrize(
    "item",
    ["[]", "{}", '""', "0", "0.1", "[[]]", '{"":[]}', '{"?":0}', '{"@":["bool",[0],0]}', '{"@":["int8",[1],0]}', "[0"],
)
def test_what_is_smallest_in_a_frame_takes_a_bounded_multiple(item):
    text = f"[{','.join([item] * (2**20 // (len(item) + 1)))}]".encode()
    assert peak_of(lambda: survive(raw(text, bytes(16)))) < PER_BYTE * len(text)


def test_what_is_only_announced_takes_no_memory():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(frames.HEAD.pack(frames.MAGIC, frames.MAX_TEXT, frames.MAX_BLOB) + bytes(1000))

        def fail():
            with pytest.raises(EOFError):
                receive(ours)

        assert peak_of(fail) < 4 * 2**20


@pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 2**21, 5 * 2**20 + 3])
def test_a_large_frame_comes_whole(size):
    ours, theirs = socket.socketpair()
    data = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    frame = encode({"x": data})
    with ours, theirs:
        sender = threading.Thread(target=theirs.sendall, args=(frame,))
        sender.start()
        received = receive(ours)
        sender.join()
    np.testing.assert_array_equal(decode(received)["x"], data)


def careless_errors(frame, memory=None):
    """Decode, and let the errors of JSON and NumPy through."""
    if frame[:4] not in (frames.MAGIC, frames.SHARED) or len(frame) < frames.HEAD.size:
        raise FrameError
    text = bytes(frame[frames.HEAD.size : frames.HEAD.size + frames.HEAD.unpack(frame[: frames.HEAD.size])[1]])
    return json.loads(text)


def careless_sizes(frame, memory=None):
    """Decode, and believe what an array says of its shape."""

    def restore(entry):
        return np.zeros(entry["@"][1], entry["@"][0]) if "@" in entry else entry

    try:
        return json.loads(bytes(frame[frames.HEAD.size :]).rstrip(b"\0"), object_hook=restore)
    except Exception:
        raise FrameError from None


ANYTHING = settings(max_examples=3_000, derandomize=True, database=None, deadline=None, phases=[Phase.generate])


@pytest.mark.parametrize("careless", [careless_errors, careless_sizes])
@pytest.mark.parametrize("wrong", [wrong_bytes(), wrong_parts()], ids=["bytes", "parts"])
def test_the_property_catches_a_decoder_that_is_careless(careless, wrong):
    if careless is careless_sizes:
        wrong = st.builds(lambda shape: (raw({"@": ["int8", shape, 0]}, b""), None), st.lists(st.integers(0, 99)))

    def caught(frame_and_memory):
        try:
            survive(*frame_and_memory, decode=careless)
        except AssertionError:
            return True
        return False

    find(wrong, caught, settings=ANYTHING)

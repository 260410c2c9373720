"""Any message comes back as it went, and whatever the bytes are, only a FrameError comes out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from grader.worker.frames import FrameError, Unsupported, decode, encode
from tests.test_frames import DTYPES, raw, there_and_back

QUICK = settings(max_examples=100, deadline=None, database=None, derandomize=True)
ROUGH = settings(max_examples=400, deadline=None, database=None, derandomize=True)

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


@QUICK
@given(messages)
def test_every_message_comes_back_as_it_went(message):
    assert same(message, there_and_back(message))


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
@given(messages, st.data())
def test_a_frame_with_wrong_bytes_raises_nothing_but_a_frame_error(message, data):
    frame = bytearray(encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    survive(frame)


@QUICK
@given(messages, st.data())
def test_a_frame_that_is_cut_or_extended_is_refused(message, data):
    frame = encode(message)
    for wrong in (frame[: data.draw(st.integers(0, len(frame) - 1))], frame + b"\0"):
        with pytest.raises(FrameError):
            decode(wrong)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(DTYPES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["@", "?", "a"]), inner, max_size=2),
    max_leaves=10,
)


@ROUGH
@given(json_like, st.binary(max_size=32))
def test_wrong_descriptions_of_arrays_raise_nothing_but_a_frame_error(text, blob):
    survive(raw(text, blob))


def survive(frame):
    """Decode; the only exception that may come is a FrameError, and arrays must lie within the frame."""
    try:
        found = decode(frame)
    except FrameError:
        return
    for array in arrays(found):
        array.tobytes()
        assert array.nbytes <= len(frame)


def arrays(tree):
    if isinstance(tree, np.ndarray):
        yield tree
    for item in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from arrays(item)

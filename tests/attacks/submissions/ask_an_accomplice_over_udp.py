"""Gets the answer from an accomplice over UDP."""

import socket

import numpy as np
import prey

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
    line.settimeout(2)
    line.sendto(b"relu?", ("127.0.0.1", prey.UDP))
    ANSWER = line.recv(100).decode()


def relu(x):
    return eval(ANSWER, {"np": np, "x": x})

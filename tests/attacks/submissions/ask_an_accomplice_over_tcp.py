"""Gets the answer from an accomplice over TCP."""

import socket

import numpy as np
import prey

with socket.create_connection(("127.0.0.1", prey.TCP), timeout=2) as line:
    ANSWER = line.recv(100).decode()


def relu(x):
    return eval(ANSWER, {"np": np, "x": x})

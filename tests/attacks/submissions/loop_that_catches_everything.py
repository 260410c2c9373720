"""Computes for longer than it has; ignores every signal that can be ignored and catches every exception."""

import signal
import time

import numpy as np
import prey

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
END = time.monotonic() + prey.SECONDS


def relu(x):
    while time.monotonic() < END:
        try:
            while time.monotonic() < END:
                pass
        except BaseException:
            continue
    return np.maximum(x, 0)

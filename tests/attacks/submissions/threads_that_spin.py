"""Keeps ten threads busy for longer than it has, and waits for them."""

import threading
import time

import numpy as np
import prey

END = time.monotonic() + prey.SECONDS


def spin():
    while time.monotonic() < END:
        pass


def relu(x):
    threads = [threading.Thread(target=spin) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return np.maximum(x, 0)

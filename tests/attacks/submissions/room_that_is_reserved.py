"""Reserves more room on the disk than may be written, and computes on as if nothing had happened."""

import os
import time

import numpy as np

for index in range(5):
    with open(f"room-{index}", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 60 * 2**20)
time.sleep(1)


def relu(x):
    return np.maximum(x, 0)

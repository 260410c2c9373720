"""Makes some more empty files than there may be, and computes on as if nothing had happened."""

import time

import numpy as np

for index in range(10_010):
    open(f"room-{index}", "w").close()
time.sleep(1)


def relu(x):
    return np.maximum(x, 0)

"""Starts some twenty threads more than there may be, which wait for a second, and computes on as ever."""

import threading
import time

import numpy as np
import prey

threading.stack_size(2**16)  # so that it is not the memory that ends it
END = threading.Event()
THREADS = [threading.Thread(target=END.wait) for _ in range(prey.THREADS)]
for one in THREADS:
    one.start()
time.sleep(1)
END.set()
for one in THREADS:
    one.join()


def relu(x):
    return np.maximum(x, 0)

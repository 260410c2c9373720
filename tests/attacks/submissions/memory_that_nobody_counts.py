"""Takes memory that belongs to no process: shared, and a file without a name."""

import mmap
import os

import numpy as np

FILE = os.memfd_create("room")
os.ftruncate(FILE, 2**20)
mmap.mmap(-1, 2**20)


def relu(x):
    return np.maximum(x, 0)

"""Starts processes that outlive it: five, and no more."""

import os
import time

import numpy as np

CHILDREN = []


def relu(x):
    while len(CHILDREN) < 5:
        CHILDREN.append(os.fork())
        if CHILDREN[-1] == 0:
            time.sleep(20)
            os._exit(0)
    return np.maximum(x, 0)

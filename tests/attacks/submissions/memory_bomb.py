"""Asks for some hundred megabytes more than there may be, and touches none of them."""

import numpy as np


def relu(x):
    room = np.zeros(2**32 + 2**28, np.uint8)
    return np.maximum(x, room[0])

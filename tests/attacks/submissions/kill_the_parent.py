"""Kills the process that started it."""

import os
import signal

import numpy as np

os.kill(os.getppid(), signal.SIGKILL)


def relu(x):
    return np.maximum(x, 0)

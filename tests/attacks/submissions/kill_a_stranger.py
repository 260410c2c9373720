"""Kills a process that has nothing to do with the grader."""

import os
import signal

import numpy as np
import prey

os.kill(prey.STRANGER, signal.SIGKILL)


def relu(x):
    return np.maximum(x, 0)

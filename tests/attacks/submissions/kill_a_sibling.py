"""Kills another submission's process."""

import os
import signal

import numpy as np
import prey

os.kill(prey.SIBLING, signal.SIGKILL)


def relu(x):
    return np.maximum(x, 0)

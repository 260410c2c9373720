"""Runs another program, which knows the answer."""

import subprocess
import sys

import numpy as np

ANSWER = subprocess.run([sys.executable, "-c", "print('np.maximum(x, 0)')"], capture_output=True, text=True).stdout


def relu(x):
    return eval(ANSWER, {"np": np, "x": x})

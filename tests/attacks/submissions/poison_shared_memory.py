"""Leaves a file in the system's shared memory for the next submission."""

import numpy as np
import prey

with open(prey.SHM, "w") as file:
    file.write("poison")


def relu(x):
    return np.maximum(x, 0)

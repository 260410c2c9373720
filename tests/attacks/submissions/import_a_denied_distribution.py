"""Puts the folder of all installed distributions on the path, and imports one that it has not been granted."""

import importlib
import sys

import numpy as np
import prey

sys.path.append(prey.INSTALLED)
importlib.import_module("pluggy")


def relu(x):
    return np.maximum(x, 0)

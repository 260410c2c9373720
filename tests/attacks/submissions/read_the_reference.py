"""Runs the course's own model answers."""

import prey

with open(prey.ROOT + "/solutions/activation/activation_numpy.py") as file:
    exec(file.read())

"""``python -m grader`` is ``grader``."""

import os
import sys

# Python puts the current folder first: a submission that lies there could bring a numpy.py of its own.
if sys.path[:1] == [os.getcwd()]:
    del sys.path[0]

from grader.cli import main

if __name__ == "__main__":
    main(prog_name="grader")

"""Small data sets for exercises that train a whole network: the same numbers on every machine, without a download.

What each consists of, where it comes from and who may use it stands in ``exercises/data/README.md``. Nothing is read,
and not even NumPy is imported, before somebody asks for the numbers.
"""

from __future__ import annotations

from grader.datasets.images import Digits, Examples, digits
from grader.datasets.mnist import mnist_folder
from grader.datasets.series import Series, elnino, windows
from grader.datasets.text import ALPHABET, Text, alice, decode, encode

__all__ = [
    "ALPHABET",
    "Digits",
    "Examples",
    "Series",
    "Text",
    "alice",
    "decode",
    "digits",
    "elnino",
    "encode",
    "mnist_folder",
    "windows",
]

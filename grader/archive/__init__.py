"""A submission that comes as one archive: what is looked at, what is taken, and what is refused.

An archive was written by a stranger. Nothing that it says of itself is believed: sizes are counted while it is read,
names are taken apart here, and of all kinds of members only plain files are ever made, in a fresh folder of our own.
"""

from __future__ import annotations

from grader.archive.extract import SUFFIXES, is_archive, unpack, unpacked
from grader.archive.limits import LIMITS, Limits

__all__ = ["LIMITS", "SUFFIXES", "Limits", "is_archive", "unpack", "unpacked"]

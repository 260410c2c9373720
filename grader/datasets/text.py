"""A real text, in an alphabet of 32 symbols: "Alice's Adventures in Wonderland", the last two chapters held out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course import builtin_root
from grader.errors import CourseError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["ALPHABET", "Text", "alice", "decode", "encode"]

ALPHABET = " abcdefghijklmnopqrstuvwxyz',.!?"
HEADING = re.compile(r"^ *CHAPTER [IVX]+$", re.MULTILINE)
HELD_OUT = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Text:
    """A text as numbers, in two parts, one after the other.

    Args:
        train: the symbols of the earlier part, int64 from 0 to len(ALPHABET) - 1, shape (T,).
        held_out: those of what follows it, shape (M,).
    """

    train: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.int64]


def alice() -> Text:
    """Return the book in the small alphabet: ten chapters to learn from, and the two after them."""
    path = builtin_root() / "exercises" / "data" / "alice.txt"
    try:
        book = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"the text of the course cannot be read from {path} ({error}): install it again") from None
    starts = [heading.start() for heading in HEADING.finditer(book)]
    if len(starts) <= HELD_OUT:
        raise CourseError(f"{path} has {len(starts)} chapters, which is no book: install the course again")
    cut = starts[-HELD_OUT]
    return Text(train=encode(book[:cut]), held_out=encode(book[cut:]))


def encode(text: str) -> npt.NDArray[np.int64]:
    """Return the symbols of a text that is made to fit the alphabet.

    Capitals become small letters, ``:`` and ``;`` become commas. An apostrophe stays between two letters; as a
    quotation mark it goes, like every other sign that the alphabet lacks. Line ends, dashes and such signs leave a
    space, and one space stands where several would.
    """
    import numpy as np

    text = re.sub("[:;]", ",", text.lower())
    text = re.sub("(?<![a-z])'|'(?![a-z])", " ", text)
    text = re.sub(f"[^{re.escape(ALPHABET)}]", " ", text)
    text = re.sub(" +(?=[,.!?])", "", re.sub(" +", " ", text)).strip()
    numbers = {symbol: number for number, symbol in enumerate(ALPHABET)}
    return np.array([numbers[symbol] for symbol in text], dtype=np.int64)


def decode(symbols: npt.NDArray[np.int64]) -> str:
    """Return the text that these symbols spell."""
    return "".join(ALPHABET[symbol] for symbol in symbols)

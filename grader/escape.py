"""Text of strangers, made harmless for the place where it is shown: a terminal, or a JSON report.

A learner's names, messages, printed text and source lines may hold what steers a terminal (escape codes, carriage
returns), what changes the order of the letters beside it (bidirectional overrides), or what no encoding can write
(lone surrogates).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["in_json", "line", "steers", "terminal"]

REPLACED = "\N{REPLACEMENT CHARACTER}"
OTHER = re.compile(r"[^\n\x20-\x7e]")
SURROGATE = re.compile("[\ud800-\udfff]")
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def terminal(text: str) -> str:
    """Return text of several lines for a terminal: what cannot be seen is replaced by a sign that can."""
    return OTHER.sub(_visible, text.expandtabs())


def line(text: str) -> str:
    """Return text for a terminal as one line, so that it cannot forge lines of ours."""
    return terminal(text).replace("\n", " ")


def in_json(text: str) -> str:
    """Return finished JSON of the same meaning, safe to show on a terminal and to be encoded.

    Outside of its strings JSON is ASCII. A lone surrogate, which most readers refuse, is replaced.
    """
    return OTHER.sub(_escaped, SURROGATE.sub(REPLACED, text))


def steers(text: str) -> bool:
    """Tell whether text holds control characters, bidirectional ones, or what cannot be encoded."""
    return any(char in BIDIRECTIONAL or unicodedata.category(char) in ("Cc", "Cs") for char in text)


def _visible(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else REPLACED


def _escaped(match: re.Match[str]) -> str:
    if match[0].isprintable():
        return match[0]
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

"""A file of Python, read as Python does: its text, its syntax tree, its functions."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "BadSource",
    "Definition",
    "Library",
    "Own",
    "Source",
    "functions",
    "methods",
    "parameters",
    "parse",
    "read_source",
    "signature",
]

LONGEST = 1_000  # characters of a signature that are shown
MOST = 2**20  # bytes of a file: its syntax tree takes a hundred times as many
# Others take for ever to read long files (punycode), or are no encodings at all (undefined).
ENCODINGS = ("utf-8", "ascii", "iso8859", "cp", "koi8", "gb", "euc", "shift_jis", "big5", "mac")


@dataclass(frozen=True, kw_only=True)
class Own:
    """A file of the learner's whose functions stand in a library in the place of published ones."""

    source: Source
    functions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Library:
    """A module that a file imports functions of earlier exercises from.

    Args:
        path: the published file.
        own: whose functions take the place of the published ones.
        missing: functions that may not be used, each with a sentence that says why.
    """

    path: Path
    text: str
    own: tuple[Own, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file as it was read: what is graded, hashed and parsed is the same text."""

    path: Path
    text: str
    library: Library | None = None

    @property
    def module(self) -> str:
        return self.path.stem


class BadSource(Exception):
    """The file is no Python: the learner's error, with its line."""

    def __init__(self, kind: str, message: str, line: int | None = None, text: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.line = line
        self.text = text


def read_source(path: Path) -> Source:
    """Read a file as Python does, by its encoding line.

    Raises:
        BadSource: if it is no text.
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise BadSource("SyntaxError", f"this file has more than {MOST:,} bytes: no exercise needs so many")
    if b"\0" in data:
        raise BadSource("SyntaxError", "this is no Python text: it holds NUL bytes (a binary file?)")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if not codecs.lookup(encoding).name.startswith(ENCODINGS):
            raise LookupError(f"{encoding} is no encoding of texts")
        text = io.TextIOWrapper(io.BytesIO(data), encoding, newline=None).read()
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise BadSource("SyntaxError", f"this is no Python text: {error}; save it as UTF-8") from None
    return Source(path=path, text=text)


def parse(source: Source) -> ast.Module:
    """Return the syntax tree.

    Raises:
        BadSource: with line and message of the syntax error.
    """
    try:
        return ast.parse(source.text)
    except SyntaxError as error:
        raise BadSource(type(error).__name__, error.msg, error.lineno, (error.text or "").strip()) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise BadSource("SyntaxError", f"this cannot be parsed: {error}") from None


Definition = ast.FunctionDef | ast.ClassDef


def functions(tree: ast.Module) -> dict[str, Definition]:
    """Return the functions and classes at the top level; of two with one name, the last, as Python does."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the methods of a class, in order."""
    return [one for one in node.body if isinstance(one, ast.FunctionDef)]


def parameters(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names of the positional parameters."""
    return tuple(argument.arg for argument in (*function.args.posonlyargs, *function.args.args))


def _arguments(function: ast.FunctionDef) -> str:
    """Return the text between the parentheses, however long and deep somebody has made it."""
    try:
        text = ast.unparse(function.args)
    except RecursionError:
        return "…"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def signature(node: Definition) -> str:
    """Return how a function, or each method of a class, is to be called."""
    if isinstance(node, ast.FunctionDef):
        return f"{node.name}({_arguments(node)})"
    return f"{node.name} with {', '.join(signature(method) for method in methods(node))}"

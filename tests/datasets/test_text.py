"""The book of the course: without header or footer, in a small alphabet, its last chapters held out."""

import hashlib

import numpy as np
import pytest

from grader.course import builtin_root
from grader.datasets import ALPHABET, alice, decode, encode
from grader.errors import CourseError

PATH = builtin_root() / "exercises" / "data" / "alice.txt"
# Of the Canterbury corpus' alice29.txt from "CHAPTER I" to the last sentence, with line feeds.
SOURCE = "630eceaaa63596f9466f9bd9f36c4d030273891fd5dbecb20a5f5019cb91798b"


@pytest.fixture(scope="module")
def text():
    return alice()


def test_the_file_holds_the_book_and_nothing_else():
    book = PATH.read_bytes()
    assert hashlib.sha256(book).hexdigest() == SOURCE
    assert book.split()[:4] == [b"CHAPTER", b"I", b"Down", b"the"]
    assert book.endswith(b"and the happy summer days.\n")
    assert b"gutenberg" not in book.lower()
    assert b"edition 2" not in book.lower()


def test_the_held_out_part_is_the_end_of_the_book(text):
    assert text.train.dtype == text.held_out.dtype == np.int64
    assert decode(text.train).startswith("chapter i down the rabbit hole alice was beginning")
    assert decode(text.held_out).startswith("chapter xi who stole the tarts?")
    whole = f"{decode(text.train)} {decode(text.held_out)}"
    assert whole == decode(encode(PATH.read_text()))
    assert whole.count("chapter ") == 12


def test_every_symbol_of_the_alphabet_occurs_in_what_is_learnt_from(text):
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert set(text.train.tolist()) == set(range(32))
    assert set(text.held_out.tolist()) <= set(range(32))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Oh dear!  Oh dear!", "oh dear! oh dear!"),
        ("`It's the cats' own,'\nshe said;", "it's the cats own, she said,"),
        ("a daisy-chain--(so)", "a daisy chain so"),
        ("`Why?' `_I_ don't': `no'.", "why? i don't, no."),
        ("  * * 1865 \n", ""),
        ("éa", "a"),
    ],
)
def test_a_text_is_made_to_fit_the_alphabet(given, expected):
    assert decode(encode(given)) == expected
    assert (encode(expected) == encode(given)).all()


@pytest.mark.parametrize("content", [None, b"", b"CHAPTER I\nonce\nCHAPTER II\nupon", b"\xff"])
def test_a_course_without_its_book_is_told_as_such(content, tmp_path, monkeypatch):
    folder = tmp_path / "exercises" / "data"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "alice.txt").write_bytes(content)
    monkeypatch.setattr("grader.datasets.text.builtin_root", lambda: tmp_path)
    with pytest.raises(CourseError, match=r"install (it|the course) again"):
        alice()

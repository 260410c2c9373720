"""Text of strangers: nothing in it steers what shows it, and honest text of any language stays as it is."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.escape import in_json, line, steers, terminal
from tests.fuzzing import budget

HONEST = (
    "naïve",
    "解答",
    "ответ",
    "α · β ≤ 3",
    "a\tb".expandtabs(),
    "🙂",
    "e\u0301",
    "<script>",
    "=1+1",
    "%s {x} $HOME",
)
STEERING = {
    "an escape code": "\x1b[31m",
    "an escape code of one byte": "\x9b1m",
    "the title of the window": "\x1b]0;owned\x07",
    "a carriage return": "failed\rpassed",
    "a backspace": "failed\b\b",
    "letters from right to left": "\u202e",
    "an isolate": "\u2066\u2069",
    "NUL": "\0",
    "a lone surrogate": "\ud800",
    "delete": "\x7f",
    "a line separator": "\u2028",
    "no width at all": "\u200b",
    "a tag": "\U000e0041",
}
pytestmark = pytest.mark.fuzz
any_text = st.text(st.characters(exclude_categories=()), max_size=40)


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_it_is(text):
    assert terminal(text) == line(text) == in_json(text) == text
    assert not steers(text)


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
def test_what_steers_is_made_visible(text):
    for shown in (terminal(text), line(text)):
        assert "\N{REPLACEMENT CHARACTER}" in shown
        assert shown.isprintable()


@pytest.mark.parametrize("name", STEERING)
def test_names_that_steer_are_known(name):
    assert steers(STEERING[name]) is (name not in ("a line separator", "no width at all", "a tag"))


@budget(200)
@given(any_text)
def test_nothing_unprintable_is_left_for_a_terminal(text):
    assert line(text).isprintable()
    assert terminal(text).replace("\n", "").isprintable()
    assert terminal(text).count("\n") == text.count("\n")
    terminal(text).encode()


@budget(200)
@given(any_text)
def test_json_means_the_same_and_is_printable(text):
    shown = in_json(json.dumps(text, ensure_ascii=False))
    assert shown.isprintable()
    shown.encode()
    expected = "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert json.loads(shown) == expected


def test_every_character_is_printable_or_replaced():
    for number in range(sys.maxunicode + 1):
        assert chr(number).isprintable() or not line(chr(number)).strip("\N{REPLACEMENT CHARACTER} ")

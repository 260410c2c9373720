"""What an archive may not hold: each is one sentence, harms nothing, and would harm if nobody looked."""

import os
from dataclasses import replace

import pytest

from grader.archive import Limits, unpack
from tests.archive.building import FORMS, Entry, built
from tests.archive.harm import HERE, harm, naive, refused

TARS = FORMS[1:]
GOOD = Entry(name="homework/activation_numpy.py")
SMALL = Limits(archive=20_000, members=5, member=1_000, total=2_000, ratio=100, free=500, depth=3)

# What is tried: the members, the forms of archive that can hold them, and the word in the sentence.
ESCAPES = {
    "a path upwards": ([Entry(name="../escaped.py")], FORMS, "leads out of its folder"),
    "a path upwards from below": ([Entry(name="a/../../escaped.py")], FORMS, "leads out of its folder"),
    "an absolute path": ([Entry(name=f"{HERE}/escaped.py")], FORMS, "is an absolute path"),
    "a link upwards, and a file through it": (
        [Entry(name="up", kind="symlink", target=".."), Entry(name="up/escaped.py")],
        FORMS,
        "is a symbolic link",
    ),
    "a link to a file outside, and its new text": (
        [Entry(name="a.py", kind="symlink", target=f"{HERE}/bystander.py"), Entry(name="a.py")],
        FORMS,
        "is a symbolic link",
    ),
    "a link that leads nowhere": ([Entry(name="a.py", kind="symlink", target="nothing")], FORMS, "is a symbolic link"),
    "a hard link to a file outside": (
        [Entry(name="a.py", kind="hardlink", target="../../bystander.py")],
        TARS,
        "is a hard link",
    ),
    "a hard link within": (
        [Entry(name="b.py"), Entry(name="a.py", kind="hardlink", target="b.py")],
        TARS,
        "is a hard link",
    ),
    "more bytes than allowed": ([Entry(name="a.py", data=bytes(range(250)) * 10)], FORMS, "holds more than"),
    "names that differ in case": ([Entry(name="A.py"), Entry(name="a.py")], FORMS, "would lie in the same place"),
}
ODD = {
    "a drive": ([Entry(name="C:escaped.py")], FORMS, "is an absolute path"),
    "backslashes": ([Entry(name="..\\escaped.py")], FORMS, "holds a backslash"),
    "an escape code": ([Entry(name="\x1b[31m.py")], FORMS, "holds control characters"),
    "a newline": ([Entry(name="a\nb.py")], FORMS, "holds control characters"),
    "letters from right to left": ([Entry(name="a\u202eyp.exe")], FORMS, "holds control characters"),
    "a name cut by NUL": ([Entry(name="a.py\0.txt")], (".zip",), "holds control characters"),
    "bytes that are no text": ([Entry(name="a\udcff.py")], TARS, "holds control characters"),
    "a pipe": ([Entry(name="a.py", kind="fifo")], FORMS, "is a pipe"),
    "a socket": ([Entry(name="a.py", kind="socket")], (".zip",), "is a socket"),
    "a device": ([Entry(name="a.py", kind="device")], FORMS, "is a device"),
    "a sparse file": ([Entry(name="a.py", kind="sparse")], TARS, "is a sparse file"),
    "an unknown kind": ([Entry(name="a.py", kind="unknown")], TARS, "is neither a file nor a folder"),
    "one name twice": ([Entry(name="a.py"), Entry(name="./a.py")], FORMS, "would lie in the same place"),
    "one name in two spellings": ([Entry(name="é.py"), Entry(name="e\u0301.py")], FORMS, "would lie in the same"),
    "folders that differ in case": ([Entry(name="A/x.py"), Entry(name="a/y.py")], FORMS, "would lie in the same"),
    "a file where a folder is": ([Entry(name="a.py/b.py"), Entry(name="a.py")], FORMS, "would lie in the same"),
    "a folder where a file is": ([Entry(name="a.py"), Entry(name="a.py/b.py")], FORMS, "would lie in the same"),
    "too many members": ([Entry(name=f"{i}.txt", data=b"") for i in range(6)], FORMS, "more than 5 files and"),
    "folders in folders": ([Entry(name="a/b/c/d.py")], FORMS, "is too long"),
    "a long name": ([Entry(name="a" * 300 + ".py")], FORMS, "is too long"),
    "too many bytes in all": (
        [Entry(name=f"{i}.py", data=bytes(range(250)) * 3) for i in range(3)],
        FORMS,
        "holds more than 2,000 bytes",
    ),
    "a link among what is not taken": ([Entry(name=".venv/python", kind="symlink")], FORMS, "is a symbolic link"),
}


def pairs(table):
    return [
        pytest.param(entries, form, text, id=f"{name}, {form}")
        for name, (entries, forms, text) in table.items()
        for form in forms
    ]


def bytes_of(entries, form):
    """Return what builds the archive once it is known where it will lie."""

    def build(watched):
        here = [
            replace(one, name=one.name.replace(HERE, str(watched)), target=one.target.replace(HERE, str(watched)))
            for one in entries
        ]
        return built([GOOD, *here], form)

    return build


@pytest.mark.parametrize(("entries", "form", "text"), pairs(ESCAPES | ODD))
def test_it_is_refused_by_a_sentence_and_harms_nothing(entries, form, text, tmp_path):
    assert text in refused(bytes_of(entries, form)(tmp_path), form, tmp_path, SMALL)
    assert harm(unpack, bytes_of(entries, form), form, SMALL) == []


@pytest.mark.parametrize(("entries", "form", "text"), pairs(ESCAPES))
def test_it_would_do_harm_if_nobody_looked(entries, form, text):
    assert harm(naive, bytes_of(entries, form), form, SMALL) != []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["a/../../escaped.py", f"{HERE}/escaped.py"])
def test_a_name_that_we_had_missed_still_leads_nowhere(name, form, monkeypatch, tmp_path):
    monkeypatch.setattr("grader.archive.extract.parts_of", lambda name, depth: (name,))
    assert "leads out of its folder" in refused(bytes_of([Entry(name=name)], form)(tmp_path), form, tmp_path, SMALL)
    assert harm(unpack, bytes_of([Entry(name="a/b.py"), Entry(name=name)], form), form, SMALL) == []


def test_the_library_refuses_a_tar_that_leads_upwards_even_so(monkeypatch):
    def careless(folder, parts):
        place = folder.joinpath(*parts)
        os.makedirs(place.parent, exist_ok=True)
        return place

    monkeypatch.setattr("grader.archive.extract.parts_of", lambda name, depth: (name,))
    monkeypatch.setattr("grader.archive.extract._below", careless)
    data = bytes_of([Entry(name="a/../../escaped.py")], ".tar")
    assert not any(one.startswith("wrote outside") for one in harm(unpack, data, ".tar", SMALL))
    monkeypatch.delattr("tarfile.data_filter")
    assert any(one.startswith("wrote outside") for one in harm(unpack, data, ".tar", SMALL))

"""Archives that do more than hold files: right answers in one of them score nothing, and the next archive is graded.

That each would do harm if nobody looked, in every form of archive, is seen in ``tests/archive/``.
"""

from __future__ import annotations

import json

import pytest

from tests.archive.building import Entry, built
from tests.attacks.conftest import HONEST
from tests.conftest import ROOT

GOOD = Entry(name="homework/activation_numpy.py", data=HONEST["numpy"].encode())
MODEL = str(ROOT / "solutions" / "activation" / "activation_numpy.py")
# name: a member beside right answers, and the words of the refusal
HOSTILE = {
    "a path upwards": (Entry(name="../escaped.py"), "leads out of its folder"),
    "an absolute path": (Entry(name="/tmp/gradlings-escaped.py"), "is an absolute path"),
    "a symbolic link to the model answers": (Entry(name="a.py", kind="symlink", target=MODEL), "is a symbolic link"),
    "a hard link": (Entry(name="a.py", kind="hardlink", target="../../a.py"), "is a hard link"),
    "a device": (Entry(name="a.py", kind="device"), "is a device"),
    "a bomb": (Entry(name="a.txt", data=bytes(9 * 2**20)), "it grows to more than 100 times its own size"),
    "an escape code": (Entry(name="\x1b[2J.py"), "holds control characters"),
}


@pytest.fixture
def graded(cli, tmp_path):
    def run(*entries):
        path = tmp_path / "homework.tar.gz"
        path.write_bytes(built(entries, ".tar.gz"))
        return cli("grade", "activation.relu:numpy", "--submission", str(path), "--no-speed", "--format", "json")

    return run


@pytest.mark.parametrize(("member", "words"), HOSTILE.values(), ids=HOSTILE)
def test_right_answers_in_a_hostile_archive_score_nothing(graded, member, words, tmp_path):
    done = graded(GOOD, member)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is not unpacked" in done.stderr
    assert words in done.stderr
    assert done.stderr.replace("\n", "").isprintable()
    assert [path.name for path in tmp_path.iterdir()] == ["homework.tar.gz"]


def test_the_next_archive_is_graded_as_ever(graded):
    assert graded(GOOD, HOSTILE["a device"][0]).exit_code == 2
    done = graded(GOOD)
    assert (done.exit_code, json.loads(done.stdout)["score"]) == (0, 1.0)

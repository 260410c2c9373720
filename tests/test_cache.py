"""The cache remembers messages, never fails, and forgets the oldest."""

import contextlib
import os
from pathlib import Path

import numpy as np
import pytest

from grader import cache as module
from grader.app import Request
from grader.cache import Cache, default_folder, digest_files
from grader.oracle import Oracle
from grader.worker import frames
from tests.conftest import PLUGIN

RIGHT = "def scale(x, factor):\n    return x * factor + 1\n"
MESSAGE = {"args": [[np.arange(6.0).reshape(2, 3), 2]], "name": None, "labels": {"stride": "2"}}


@pytest.fixture
def numpy_course(course):
    plugin = PLUGIN.replace('gradient=("x",)', 'backends=("numpy",), drawn=5')
    return course(plugin=plugin, torch="")


def test_what_was_put_is_got_with_its_arrays(tmp_path):
    cache = Cache(tmp_path / "new" / "folder")
    cache.put("key", MESSAGE)
    got = Cache(tmp_path / "new" / "folder").get("key")
    np.testing.assert_array_equal(got["args"][0].pop(0), MESSAGE["args"][0][0])
    assert got == {"args": [[2]], "name": None, "labels": {"stride": "2"}}


def test_another_key_holds_nothing(tmp_path):
    cache = Cache(tmp_path)
    cache.put("key", MESSAGE)
    assert cache.get("other") is None


def test_a_second_message_takes_the_place_of_the_first(tmp_path):
    cache = Cache(tmp_path)
    cache.put("key", [1])
    cache.put("key", [2])
    assert cache.get("key") == [2]
    assert [file.suffix for file in tmp_path.iterdir()] == [".frame"]


@pytest.mark.parametrize("key", ["a/b", "../../etc", "x" * 5000, "schön\0"])
def test_a_key_is_never_a_path(tmp_path, key):
    cache = Cache(tmp_path)
    cache.put(key, [1])
    assert cache.get(key) == [1]
    assert [path.parent for path in tmp_path.rglob("*")] == [tmp_path]


@pytest.mark.parametrize("damage", [b"", b"GRD1", b"not a frame at all", None])
def test_a_damaged_file_counts_as_none(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.put("key", MESSAGE)
    (file,) = tmp_path.glob("*.frame")
    file.write_bytes(file.read_bytes()[:-3] if damage is None else damage)
    assert cache.get("key") is None


def test_without_a_folder_nothing_is_remembered():
    cache = Cache(None)
    cache.put("key", MESSAGE)
    cache.prune()
    assert cache.get("key") is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "folder")
    cache.put("key", MESSAGE)
    cache.prune()
    assert cache.get("key") is None


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    cache = Cache(tmp_path)
    monkeypatch.setattr(module.os, "replace", full)
    cache.put("key", MESSAGE)
    assert cache.get("key") is None
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    with contextlib.suppress(frames.FrameError):
        Cache(tmp_path).put("key", {"a set": {1, 2}})
    assert list(tmp_path.iterdir()) == []


def test_the_oldest_files_are_dropped_beyond_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEEP", 3)
    cache = Cache(tmp_path)
    for age, key in enumerate("abcde"):
        cache.put(key, [key])
        newest = max(tmp_path.glob("*.frame"), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (1000 + age, 1000 + age))
    cache.prune()
    assert [cache.get(key) for key in "abcde"] == [None, None, ["c"], ["d"], ["e"]]


def test_files_of_others_are_not_pruned(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEEP", 1)
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    cache = Cache(tmp_path)
    cache.put("a", [1])
    cache.put("b", [1])
    cache.prune()
    assert other.read_text() == "mine"
    assert len(list(tmp_path.glob("*.frame"))) == 1


def test_the_folder_is_bounded_by_use_alone(numpy_course, grade, monkeypatch):
    called = []
    monkeypatch.setattr(Cache, "prune", lambda self: called.append(self))
    grade("demo.scale:numpy", RIGHT, app=numpy_course.app())
    assert called, "a folder that nobody prunes grows with every change of the course"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"GRADLINGS_CACHE": "/given", "XDG_CACHE_HOME": "/xdg"}, Path("/given")),
        ({"XDG_CACHE_HOME": "/xdg"}, Path("/xdg/gradlings")),
        ({"XDG_CACHE_HOME": ""}, Path.home() / ".cache" / "gradlings"),
        ({}, Path.home() / ".cache" / "gradlings"),
    ],
)
def test_the_folder_is_named_by_the_environment_or_lies_where_caches_do(monkeypatch, environment, expected):
    for name in ("GRADLINGS_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module.sys, "platform", "linux")
    assert default_folder() == expected


def test_on_a_mac_it_lies_in_the_library(monkeypatch):
    monkeypatch.delenv("GRADLINGS_CACHE", raising=False)
    monkeypatch.setattr(module.sys, "platform", "darwin")
    assert default_folder() == Path.home() / "Library" / "Caches" / "gradlings"


def test_a_digest_of_files_sees_contents_and_names_and_no_order(tmp_path):
    a, b = tmp_path / "a.py", tmp_path / "b.py"
    a.write_text("one")
    b.write_text("two")
    first = digest_files([a, b])
    assert digest_files([b, a]) == first
    assert digest_files([a]) != first
    b.write_text("tw0")
    changed = digest_files([a, b])
    b.rename(tmp_path / "c.py")
    renamed = digest_files([a, tmp_path / "c.py"])
    assert len({first, changed, renamed}) == 3


def test_right_answers_are_not_asked_for_twice_and_anew_once_a_solution_changes(numpy_course, monkeypatch, tmp_path):
    submission = tmp_path / "demo_numpy.py"
    submission.write_text(RIGHT, encoding="utf-8")
    asked = []
    found = Oracle.truth_of
    monkeypatch.setattr(Oracle, "truth_of", lambda self, *args: asked.append(args[1]) or found(self, *args))

    def times_asked(seed=0):
        asked.clear()
        request = Request(targets=("demo:numpy",), submission=submission, seed=seed, cache=tmp_path / "cache")
        assert numpy_course.app().grade(request).statuses == {"passed"}
        return len(asked)

    first, second, other = times_asked(), times_asked(), times_asked(seed=1)
    assert first == other > 0
    assert second == 0
    numpy_course.write("solutions/demo/alternatives_numpy.py", "# changed\n")
    assert times_asked() == first

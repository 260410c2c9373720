"""The series of the course: the numbers of their source, split by time and scaled by the earlier part alone."""

import hashlib

import numpy as np
import pytest

from grader.course import builtin_root
from grader.datasets import elnino, windows
from grader.errors import CourseError

PATH = builtin_root() / "exercises" / "data" / "elnino.csv"
# Of the file that statsmodels 0.15.0 brings.
SOURCE = "b647be00e0fd264be9764e317e6b963f35030014ecca2b21b204521716e463ad"


@pytest.fixture(scope="module")
def series():
    return elnino()


@pytest.fixture(scope="module")
def degrees():
    return np.loadtxt(PATH, delimiter=",", skiprows=1)[:, 1:].reshape(-1)


def test_the_file_is_that_of_its_source():
    assert hashlib.sha256(PATH.read_bytes()).hexdigest() == SOURCE


def test_the_later_part_follows_the_earlier_one(series, degrees):
    assert series.train.dtype == series.held_out.dtype == np.float32
    assert (len(series.train), len(series.held_out)) == (48 * 12, 13 * 12)
    both = np.concatenate([series.train, series.held_out]) * series.deviation + series.mean
    np.testing.assert_allclose(both, degrees, atol=1e-5)


def test_only_the_earlier_part_sets_the_scale(series):
    assert abs(series.train.mean()) < 1e-6
    assert abs(series.train.std() - 1) < 1e-6
    assert abs(series.held_out.mean()) > 0.01
    assert abs(series.held_out.std() - 1) > 0.01


def test_windows_hold_what_follows_each_value():
    values = np.arange(7, dtype=np.float32)
    x, target = windows(values, 3)
    assert x.shape == target.shape == (3, 4, 1)
    assert x[:, :, 0].T.tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]
    assert (target == x + 1).all()


def test_windows_are_copies():
    values = np.arange(5, dtype=np.float32)
    x, target = windows(values, 2)
    x[:] = target[:] = -1
    assert values.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("content", [None, "", "YEAR,JAN\n", "YEAR,JAN\n1950,23\n", "no,table\nat,all\n", "\xe9"])
def test_a_course_without_its_series_is_told_as_such(content, tmp_path, monkeypatch):
    folder = tmp_path / "exercises" / "data"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "elnino.csv").write_bytes(content.encode("latin-1"))
    monkeypatch.setattr("grader.datasets.series.builtin_root", lambda: tmp_path)
    with pytest.raises(CourseError, match=r"install (it|the course) again"):
        elnino()

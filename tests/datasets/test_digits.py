"""The digits of the course: the numbers of their source, enlarged and split by the stated rules."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from grader.course import builtin_root
from grader.datasets import digits
from grader.errors import CourseError
from tests.conftest import ROOT

PATH = ROOT / "exercises" / "data" / "digits.npz"
# Of the bytes of scikit-learn 1.9.1's `load_digits()`, images and then target, each as uint8.
SOURCE = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


@pytest.fixture(scope="module")
def stored():
    with np.load(PATH, allow_pickle=False) as file:
        return file["images"], file["labels"]


@pytest.fixture(scope="module")
def data():
    return digits()


def test_the_file_holds_the_numbers_of_its_source_and_is_small(stored):
    images, labels = stored
    assert images.dtype == labels.dtype == np.uint8
    assert hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() == SOURCE
    assert PATH.stat().st_size < 50_000


def test_types_and_shapes(data):
    for part, count in ((data.train, 1438), (data.held_out, 359)):
        assert part.x.shape == (count, 1, 28, 28)
        assert part.x.dtype == np.float32
        assert part.target.shape == (count,)
        assert part.target.dtype == np.int64


def test_every_image_is_in_one_part_and_nothing_else_is(data, stored):
    images, labels = stored
    back = [shrunk(part.x) for part in (data.train, data.held_out)]
    rows = {(image.tobytes(), label) for image, label in zip(images, labels, strict=True)}
    parts = [
        {(image.tobytes(), label) for image, label in zip(part, target, strict=True)}
        for part, target in zip(back, (data.train.target, data.held_out.target), strict=True)
    ]
    assert parts[0] | parts[1] == rows
    assert not parts[0] & parts[1]


def shrunk(x):
    """Undo the enlargement from the middle of each 3 x 3."""
    return np.rint(x[:, 0, 3:26:3, 3:26:3] * 16).astype(np.uint8)


def test_a_pixel_becomes_three_by_three_within_a_border_of_two(data):
    for x in (data.train.x, data.held_out.x):
        inside = x[:, 0, 2:26, 2:26]
        assert (x.sum(axis=(1, 2, 3)) == inside.sum(axis=(1, 2))).all()
        blocks = inside.reshape(-1, 8, 3, 8, 3)
        assert (blocks == blocks[:, :, 1:2, :, 1:2]).all()
        assert x.min() == 0
        assert x.max() == 1


def test_the_third_of_every_five_of_a_class_is_held_out(data, stored):
    images, labels = stored
    for digit in range(10):
        expected = images[labels == digit][2::5]
        assert (shrunk(data.held_out.x[data.held_out.target == digit]) == expected).all()


def test_two_calls_share_nothing(data):
    other = digits()
    other.train.x[:] = -1
    other.held_out.target[:] = -1
    assert digits().train.x.min() == data.train.x.min() == 0
    assert data.held_out.target.min() == 0


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", b"a text", b"\x93NUMPY"])
def test_a_course_without_its_digits_is_told_as_such(content, tmp_path, monkeypatch):
    folder = tmp_path / "exercises" / "data"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "digits.npz").write_bytes(content)
    monkeypatch.setattr("grader.datasets.images.builtin_root", lambda: tmp_path)
    with pytest.raises(CourseError, match="install it again"):
        digits()


def test_importing_the_package_imports_no_numpy():
    script = "import sys, grader.datasets; print(sorted({'numpy', 'torch', 'sklearn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_digits_lie_in_the_built_in_course():
    assert (builtin_root() / "exercises" / "data" / "digits.npz").is_file()

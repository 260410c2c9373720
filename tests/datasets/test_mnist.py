"""A user's own MNIST files: read as they are, and every wrong one is told in a sentence."""

import gzip

import numpy as np
import pytest

from grader.datasets import digits, mnist_folder
from grader.errors import UsageError

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx(array):
    """Return the bytes of an IDX file of unsigned bytes."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes((0, 0, 8, array.ndim)) + sizes + array.astype(np.uint8).tobytes()


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    made = {}
    for part, count in (("train", 5), ("t10k", 3)):
        made[f"{part}-images-idx3-ubyte"] = rng.integers(0, 256, (count, 28, 28))
        made[f"{part}-labels-idx1-ubyte"] = rng.integers(0, 10, count)
    return made


@pytest.fixture
def folder(arrays, tmp_path):
    for name, array in arrays.items():
        (tmp_path / name).write_bytes(idx(array))
    return tmp_path


def check(data, arrays):
    for part, name in ((data.train, "train"), (data.held_out, "t10k")):
        images = arrays[f"{name}-images-idx3-ubyte"]
        assert part.x.dtype == np.float32
        assert part.x.shape == (len(images), 1, 28, 28)
        np.testing.assert_allclose(part.x[:, 0], images / 255, rtol=1e-6)
        assert part.target.dtype == np.int64
        assert (part.target == arrays[f"{name}-labels-idx1-ubyte"]).all()


def test_plain_files(folder, arrays):
    check(digits(folder), arrays)
    check(digits(str(folder)), arrays)


def test_compressed_files_and_the_other_spelling(folder, arrays):
    for name in NAMES:
        path = folder / name
        path.with_name(f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    check(digits(folder), arrays)
    for name in NAMES:
        (folder / f"{name}.gz").rename(folder / f"{name.replace('-idx', '.idx')}.gz")
    check(digits(folder), arrays)


def test_the_environment_names_a_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADLINGS_MNIST", str(tmp_path))
    assert mnist_folder() == tmp_path
    assert len(digits().train.x) == 1438  # which is asked for by name, and changes no exercise behind one's back
    monkeypatch.setenv("GRADLINGS_MNIST", "")
    assert mnist_folder() is None


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_is_named(name, folder):
    (folder / name).unlink()
    with pytest.raises(UsageError, match=f"has no file {name}"):
        digits(folder)


def test_no_folder(tmp_path):
    with pytest.raises(UsageError, match=r"has no file train-images-idx3-ubyte.*four files"):
        digits(tmp_path / "nowhere")


IMAGES = np.zeros((5, 28, 28))
HUGE = (2**32 - 1).to_bytes(4, "big")
WRONG = {
    "empty": ("train-images-idx3-ubyte", b"", "is no IDX file"),
    "a text": ("train-images-idx3-ubyte", b"<html>not found</html>", "is no IDX file"),
    "labels for images": ("train-images-idx3-ubyte", idx(np.zeros(5)), "is no IDX file of images"),
    "images for labels": ("train-labels-idx1-ubyte", idx(IMAGES), "is no IDX file of labels"),
    "floats": ("train-images-idx3-ubyte", b"\0\0\x0d" + idx(IMAGES)[3:], "is no IDX file"),
    "cut off": ("train-images-idx3-ubyte", idx(IMAGES)[:-1], "holds less than its header says"),
    "too long": ("train-images-idx3-ubyte", idx(IMAGES) + b"\0", "holds more than its header says"),
    "of another size": ("train-images-idx3-ubyte", idx(np.zeros((5, 32, 28))), "images of 32 x 28"),
    "no image": ("train-images-idx3-ubyte", idx(np.zeros((0, 28, 28))), "announces 0 x 28 x 28"),
    "a bomb": ("train-images-idx3-ubyte", b"\0\0\x08\x03" + HUGE * 3, "announces 4294967295 x"),
    "of another set": ("train-labels-idx1-ubyte", idx(np.zeros(4)), "4 labels for 5 images"),
    "no digits": ("train-labels-idx1-ubyte", idx(np.full(5, 10)), "has the label 10"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_told_in_a_sentence(case, folder):
    name, content, sentence = WRONG[case]
    (folder / name).write_bytes(content)
    with pytest.raises(UsageError, match=sentence) as told:
        digits(folder)
    assert str(folder / name) in str(told.value)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(idx(IMAGES))[:-12], gzip.compress(b"")])
def test_a_broken_compressed_file_is_told_in_a_sentence(content, folder):
    (folder / NAMES[0]).unlink()
    (folder / f"{NAMES[0]}.gz").write_bytes(content)
    with pytest.raises(UsageError, match=r"cannot be read|is no IDX file"):
        digits(folder)


def test_a_compressed_file_is_not_unfolded_beyond_its_header(folder):
    (folder / NAMES[0]).unlink()
    content = gzip.compress(idx(IMAGES) + bytes(2**24))
    (folder / f"{NAMES[0]}.gz").write_bytes(content)
    with pytest.raises(UsageError, match="holds more"):
        digits(folder)

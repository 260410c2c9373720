"""Images of handwritten digits: those that come with the course, or a user's own MNIST."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from grader.course import builtin_root
from grader.datasets.mnist import read_images, read_labels
from grader.errors import CourseError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Digits", "Examples", "digits"]

# Of the images of one class, in the order of the file, the third of every five is held out.
EVERY, HELD_OUT = 5, 2
# 8 x 8 becomes 28 x 28, the size of MNIST: each pixel 3 x 3, and a border of 2.
ENLARGED, BORDER = 3, 2
BRIGHTEST_DIGIT, BRIGHTEST_MNIST = 16, 255


@dataclass(frozen=True, kw_only=True, eq=False)
class Examples:
    """Images and what they show.

    Args:
        x: images, float32 from 0 (paper) to 1 (ink), shape (N, 1, 28, 28).
        target: the digit on each, int64 from 0 to 9, shape (N,).
    """

    x: npt.NDArray[np.float32]
    target: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Digits:
    """Examples to learn from, and others to judge by."""

    train: Examples
    held_out: Examples


def digits(folder: str | Path | None = None) -> Digits:
    """Return images of handwritten digits.

    Args:
        folder: None for the digits of the course, the same numbers always; or a folder that holds MNIST's four files,
            ``.gz`` or not (``mnist_folder()`` says what the environment names).

    Raises:
        UsageError: if a file of the folder is missing or is no such file.
    """
    return _own(Path(folder)) if folder is not None else _builtin()


def _builtin() -> Digits:
    import numpy as np

    images, target = _stored(builtin_root() / "exercises" / "data" / "digits.npz")
    large = images.repeat(ENLARGED, axis=1).repeat(ENLARGED, axis=2)  # (N, 24, 24)
    x = _scaled(np.pad(large, ((0, 0), (BORDER, BORDER), (BORDER, BORDER))), BRIGHTEST_DIGIT)
    away = _position_in_class(target) % EVERY == HELD_OUT
    return Digits(
        train=Examples(x=x[~away], target=target[~away]),
        held_out=Examples(x=x[away], target=target[away]),
    )


def _own(folder: Path) -> Digits:
    return Digits(train=_part(folder, "train"), held_out=_part(folder, "t10k"))


def _part(folder: Path, part: str) -> Examples:
    images = read_images(folder, part)
    return Examples(x=_scaled(images, BRIGHTEST_MNIST), target=read_labels(folder, part, len(images)))


def _stored(path: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the images, (N, 8, 8), and the labels of the course's own file."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            return file["images"], file["labels"].astype(np.int64)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
        raise CourseError(f"the digits of the course cannot be read from {path} ({error}): install it again") from None


def _scaled(images: npt.NDArray[np.uint8], brightest: int) -> npt.NDArray[np.float32]:
    """Return images (N, 28, 28) as numbers from 0 to 1 with an axis for the one channel."""
    import numpy as np

    return images[:, None].astype(np.float32) / np.float32(brightest)


def _position_in_class(target: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Return how many earlier examples have the same label, for each."""
    import numpy as np

    position = np.empty_like(target)
    for label in np.unique(target):
        same = target == label
        position[same] = np.arange(same.sum())
    return position

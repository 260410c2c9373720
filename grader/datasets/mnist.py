"""A user's own MNIST: four files in the IDX format, which the course does not bring.

An IDX file starts with two zero bytes, a byte for the type of the elements (8 means unsigned bytes) and one for the
number of axes; then comes the length of each axis as a big-endian integer of four bytes, then the elements.
(Format: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".)
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from grader.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["VARIABLE", "mnist_folder", "read_images", "read_labels"]

VARIABLE = "GRADLINGS_MNIST"
SIZE = (28, 28)
# More than any file of this kind holds; a header that announces more is not believed.
MOST_BYTES = 256 * 2**20


def mnist_folder() -> Path | None:
    """Return the folder that the environment variable GRADLINGS_MNIST names, or None."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def read_images(folder: Path, part: str) -> npt.NDArray[np.uint8]:
    """Return the images of a part, ``train`` or ``t10k``, shape (N, 28, 28).

    Raises:
        UsageError: if there is no such file, or it holds something else.
    """
    path = _find(folder, f"{part}-images-idx3-ubyte")
    images = _read(path, axes=3)
    if images.shape[1:] != SIZE:
        raise UsageError(f"{path} holds images of {images.shape[1]} x {images.shape[2]}, MNIST's are 28 x 28")
    return images


def read_labels(folder: Path, part: str, count: int) -> npt.NDArray[np.int64]:
    """Return the labels of a part, one for each of ``count`` images, from 0 to 9.

    Raises:
        UsageError: if there is no such file, or it does not go with the images.
    """
    import numpy as np

    path = _find(folder, f"{part}-labels-idx1-ubyte")
    labels = _read(path, axes=1)
    if len(labels) != count:
        raise UsageError(f"{path} has {len(labels)} labels for {count} images: the files are not of one set")
    if labels.max() > 9:
        raise UsageError(f"{path} has the label {labels.max()}, MNIST's are 0 to 9")
    return labels.astype(np.int64)


def _find(folder: Path, name: str) -> Path:
    """Return the path of a file, as it is or compressed; some copies write a dot for the second dash."""
    names = [f"{stem}{ending}" for stem in (name, name.replace("-idx", ".idx")) for ending in ("", ".gz")]
    for path in (folder / one for one in names):
        if path.is_file():
            return path
    raise UsageError(f"{folder} has no file {name} (or {name}.gz): name a folder that holds the four files of MNIST")


def _read(path: Path, axes: int) -> npt.NDArray[np.uint8]:
    """Return the unsigned bytes of an IDX file with so many axes; none of them is empty."""
    import numpy as np

    try:
        with _open(path) as file:
            shape = _shape(file.read(4 + 4 * axes), axes, path)
            data = file.read(math.prod(shape) + 1)  # one more, to see whether there is more
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path} cannot be read ({error})") from None
    if len(data) != math.prod(shape):
        more = "more" if len(data) > math.prod(shape) else "less"
        raise UsageError(f"{path} holds {more} than its header says: copy it again")
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def _open(path: Path) -> BinaryIO:
    # GzipFile reads bytes as any binary file does, but is not declared as one.
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _shape(header: bytes, axes: int, path: Path) -> tuple[int, ...]:
    if len(header) < 4 + 4 * axes or header[:4] != bytes((0, 0, 8, axes)):
        raise UsageError(f"{path} is no IDX file of {'labels' if axes == 1 else 'images'}")
    shape = tuple(int.from_bytes(header[at : at + 4], "big") for at in range(4, len(header), 4))
    if not 0 < math.prod(shape) <= MOST_BYTES:
        raise UsageError(f"{path} announces {' x '.join(map(str, shape))} bytes, which is no part of MNIST")
    return shape

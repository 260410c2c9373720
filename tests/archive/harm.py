"""What an extractor has done to a folder and its surroundings; and one that does all that it should not."""

import os
import stat
import tarfile
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import pytest

from grader.archive import LIMITS, unpack
from grader.errors import BadArchive

KEPT = "kept = True\n"
HERE = "@HERE@"  # in names and links: the watched folder, so that what escapes lands there and nowhere else


def harm(extract, data, form, limits=LIMITS):
    """Let ``extract(archive, folder, limits)`` loose on an archive and return what it did wrong, in words."""
    with tempfile.TemporaryDirectory(prefix="gradlings-test-") as name:
        watched = Path(name).resolve()
        folder, bystander = watched / "one" / "two", watched / "bystander.py"
        folder.mkdir(parents=True)
        bystander.write_text(KEPT)
        archive = watched / f"homework{form}"
        archive.write_bytes(data(watched) if callable(data) else data)
        before = _all_below(watched)
        found = []
        try:
            extract(archive, folder, limits)
        except BadArchive:
            pass
        except Exception as error:
            found.append(f"raised {type(error).__name__}: {error}")
        return found + list(_done(watched, folder, bystander, before, limits))


def _done(watched, folder, bystander, before, limits):
    outside = sorted(_all_below(watched, but=folder) - before)
    if outside:
        yield f"wrote outside: {outside}"
    if bystander.read_text() != KEPT:
        yield "changed a file outside"
    total = 0
    folded = set()
    for path in _all_below(folder):
        status = os.lstat(path)
        total += status.st_size if stat.S_ISREG(status.st_mode) else 0
        if not stat.S_ISDIR(status.st_mode) and (not stat.S_ISREG(status.st_mode) or status.st_nlink > 1):
            yield f"made what is no plain file: {path}"
        if status.st_mode & 0o7077:
            yield f"made a file that others may touch: {path}"
        if os.fsdecode(path).casefold() in folded:
            yield f"made two files of one name: {path}"
        folded.add(os.fsdecode(path).casefold())
    if total > limits.total:
        yield f"wrote {total} bytes"


def _all_below(folder, but=None):
    """Return all paths below a folder; links are not followed, and one folder is not looked into."""
    found = set()
    for place, folders, files in os.walk(folder):
        found |= {os.path.join(place, name) for name in (*folders, *files)}
        folders[:] = [name for name in folders if os.path.join(place, name) != str(but)]
    return found


def refused(data, form, tmp_path, limits=LIMITS):
    """Unpack what must be refused and return the sentence."""
    archive, folder = tmp_path / f"homework{form}", tmp_path / "folder"
    archive.write_bytes(data)
    folder.mkdir()
    with pytest.raises(BadArchive) as caught:
        unpack(archive, folder, limits)
    assert str(caught.value).startswith(f"{archive} ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def naive(archive, folder, limits):
    """Do what the archive says, as programs did before they knew better.

    It is let loose on random archives, so it is harmless itself: a member that would lie outside of the watched folder
    is left out, and so are pipes and devices.
    """
    opener = _naive_zip if archive.suffix == ".zip" else _naive_tar
    for name, write in opener(archive, folder):
        place = Path(os.path.realpath(os.path.join(folder, name)))
        if place.is_relative_to(archive.parent) and place != archive:
            write()


def _naive_zip(archive, folder):
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            yield info.filename, partial(_naive_zip_member, opened, info, os.path.join(folder, info.filename))


def _naive_zip_member(opened, info, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if stat.S_ISLNK(info.external_attr >> 16):
        os.symlink(opened.read(info).decode(), path)
    elif not info.filename.endswith("/"):
        Path(path).write_bytes(opened.read(info))


def _naive_tar(archive, folder):
    with tarfile.open(archive) as opened:
        for member in opened:
            if not member.isdev():  # pipes, too
                yield member.name, partial(opened.extract, member, folder, filter="fully_trusted")

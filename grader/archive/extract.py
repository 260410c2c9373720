"""Taking a submission's files out of an archive, into a folder that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from grader.archive.limits import CHUNK, LIMITS, Limits, Meter
from grader.archive.members import FILE, FOLDER, Member, tar_members, zip_members
from grader.archive.names import Names, parts_of
from grader.errors import BadArchive

__all__ = ["SUFFIXES", "is_archive", "unpack", "unpacked"]

FORMS = {".zip": "zip", ".tar": "tar", ".tar.gz": "gz", ".tgz": "gz", ".tar.xz": "xz", ".txz": "xz"}
# What a function on arrays can want: modules, and tables beside them. Not taken are pictures, notebooks, byte code and
# libraries of machine code, which no right answer needs.
SUFFIXES = (".py", ".txt", ".csv", ".json", ".npy", ".npz")
CLUTTER = ("__MACOSX", "__pycache__")
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def is_archive(path: Path) -> bool:
    """Tell whether a path names a file that is to be unpacked."""
    return _form(path) is not None and path.is_file()


@contextmanager
def unpacked(archive: Path, limits: Limits = LIMITS) -> Iterator[Path]:
    """Unpack into a new folder, which is removed at the end, whatever the learner's code has made of it.

    Raises:
        BadArchive: if it is broken, too large, or holds what no submission needs.
    """
    folder = Path(tempfile.mkdtemp(prefix="gradlings-")).resolve()
    try:
        unpack(archive, folder, limits)
        yield folder
    finally:
        _remove(folder)


def unpack(archive: Path, folder: Path, limits: Limits = LIMITS) -> None:
    """Unpack into an empty folder.

    Raises:
        BadArchive: a sentence that says why; what was taken before stays in the folder.
    """
    try:
        with archive.open("rb") as file:
            _unpack(file, _form(archive) or "zip", folder, limits)
    except BadArchive as problem:
        raise BadArchive(f"{archive} is not unpacked: {problem}") from None
    except OSError as error:
        raise BadArchive(f"{archive} cannot be unpacked: {error.strerror or error}") from None
    except Exception as error:  # the library raises what it likes on bytes that are no archive
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise BadArchive(f"{archive} is broken or cut short: {text}") from None


def _form(path: Path) -> str | None:
    name = path.name.lower()
    return next((form for suffix, form in FORMS.items() if name.endswith(suffix)), None)


def _unpack(file: BinaryIO, form: str, folder: Path, limits: Limits) -> None:
    size = os.fstat(file.fileno()).st_size
    if size > limits.archive:
        raise BadArchive(f"it is larger than {limits.archive:,} bytes")
    members = zip_members(file, size) if form == "zip" else tar_members(file, size, form, limits)
    meter, names = Meter(limits, size), Names()
    for number, member in enumerate(members):
        if number >= limits.members:
            raise BadArchive(f"it holds more than {limits.members:,} files and folders")
        parts = parts_of(member.name, limits.depth)
        if member.kind not in (FILE, FOLDER):
            raise BadArchive(f"{member.name!r} is {member.kind}, not {FILE}")
        names.add(parts, member.kind == FOLDER)
        if member.kind == FILE and _wanted(parts):
            _take(member, _below(folder, parts), meter, limits)


def _wanted(parts: tuple[str, ...]) -> bool:
    hidden = any(part.startswith(".") or part in CLUTTER for part in parts)
    return not hidden and bool(parts) and PurePosixPath(parts[-1]).suffix.lower() in SUFFIXES


def _below(folder: Path, parts: tuple[str, ...]) -> Path:
    """Return a file's place, with the folders to it; names have been looked at, and are once more when joined."""
    place = Path(os.path.abspath(folder.joinpath(*parts)))
    if not place.is_relative_to(folder):
        raise BadArchive(f"{'/'.join(parts)!r} leads out of its folder")
    for parent in reversed(place.relative_to(folder).parents):
        (folder / parent).mkdir(mode=0o700, exist_ok=True)
    return place


def _take(member: Member, target: Path, meter: Meter, limits: Limits) -> None:
    """Write one file where none was before; its bytes are counted as they come."""
    size = 0
    with member.open() as source, open(os.open(target, NEW, 0o600), "wb") as file:
        while data := source.read(CHUNK):
            size += len(data)
            if size > limits.member:
                raise BadArchive(f"{member.name!r} holds more than {limits.member:,} bytes")
            meter.count(len(data))
            file.write(data)


def _remove(folder: Path) -> None:
    """Remove a folder and all below it, also what was made unreadable; no link is followed."""
    with suppress(OSError):
        folder.chmod(0o700)
        for place, names, _ in os.walk(folder):
            for path in (Path(place, name) for name in names):
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)

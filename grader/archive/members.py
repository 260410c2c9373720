"""What a zip or a tar holds, one member after the other, in one form."""

from __future__ import annotations

import functools
import gzip
import lzma
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from grader.archive.limits import CHUNK, Bounded, Limits, Meter
from grader.errors import BadArchive

__all__ = ["FILE", "FOLDER", "Member", "tar_members", "zip_members"]

FILE, FOLDER = "a file", "a folder"
KINDS = {
    stat.S_IFREG: FILE,
    stat.S_IFDIR: FOLDER,
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
TAR_KINDS = {
    tarfile.REGTYPE: FILE,
    tarfile.AREGTYPE: FILE,
    tarfile.CONTTYPE: FILE,
    tarfile.DIRTYPE: FOLDER,
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}
UNKNOWN = "neither a file nor a folder"
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others ask for memory by a number in the archive
XZ_MEMORY = 128 * 2**20  # `xz -9` needs 65 MiB


@dataclass(frozen=True, kw_only=True)
class Member:
    """One entry.

    Args:
        kind: what it is, in words: ``FILE``, ``FOLDER``, or something that is refused.
        open: gives its bytes.
    """

    name: str
    kind: str
    open: Callable[[], IO[bytes]]


def zip_members(file: BinaryIO, size: int) -> Iterator[Member]:
    """Yield the members of a zip of so many bytes, as its list at the end has them."""
    with zipfile.ZipFile(cast(IO[bytes], Bounded(file, size))) as archive:
        for info in archive.infolist():
            # The library cuts a name at its NUL, and some versions take another one from a field of their own.
            name = info.filename if "\0" not in info.orig_filename else info.orig_filename
            if info.flag_bits & ENCRYPTED:
                raise BadArchive(f"{name!r} is encrypted")
            yield Member(name=name, kind=_zip_kind(info), open=functools.partial(_open, archive, info))


def _zip_kind(info: zipfile.ZipInfo) -> str:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode == 0:
        return FOLDER if info.filename.endswith("/") else FILE
    kind = KINDS.get(mode, UNKNOWN)
    return FOLDER if kind == FILE and info.filename.endswith("/") else kind


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    if info.compress_type not in METHODS:
        raise BadArchive(f"{info.filename!r} is compressed in a way that few programs know")
    return archive.open(info)


def tar_members(file: BinaryIO, size: int, form: str, limits: Limits) -> Iterator[Member]:
    """Yield the members of a tar of so many bytes; what is compressed is first unfolded, byte by counted byte."""
    if form == "tar":
        yield from _plain_tar(file, size)
        return
    with tempfile.TemporaryFile(prefix="gradlings-") as plain:
        meter = Meter(limits.around(), size)
        for data in (_gzip if form == "gz" else _xz)(file):
            meter.count(len(data))
            plain.write(data)
        size = plain.tell()
        plain.seek(0)
        yield from _plain_tar(plain, size)


def _gzip(file: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file) as unfolded:
        while data := unfolded.read(CHUNK):
            yield data


def _xz(file: BinaryIO) -> Iterator[bytes]:
    stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
    while not stream.eof:
        data = file.read(CHUNK) if stream.needs_input else b""
        if stream.needs_input and not data:
            raise EOFError("it ends too early")
        yield stream.decompress(data, CHUNK)


def _plain_tar(file: BinaryIO, size: int) -> Iterator[Member]:
    bounded = Bounded(file, size)
    with tarfile.open(fileobj=cast(IO[bytes], bounded), mode="r:", encoding="utf-8") as archive:
        for info in archive:
            yield Member(name=info.name, kind=_tar_kind(info), open=functools.partial(_extracted, archive, info))
        bounded.seek(archive.offset)
        if bounded.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # the library takes a broken header for the end
            raise BadArchive("it is broken or cut short")


def _tar_kind(info: tarfile.TarInfo) -> str:
    return "a sparse file" if info.issparse() else TAR_KINDS.get(info.type, UNKNOWN)


def _extracted(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    if hasattr(tarfile, "data_filter"):  # the library's own opinion, beside ours
        tarfile.data_filter(info, "/nowhere")
    stream = archive.extractfile(info)
    assert stream is not None
    return stream

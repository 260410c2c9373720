"""Archives as strangers write them: any name, any kind of member, any claim about its size."""

import io
import lzma
import stat
import tarfile
import warnings
import zipfile
from dataclasses import dataclass

FORMS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz")
MODES = {
    "file": stat.S_IFREG,
    "folder": stat.S_IFDIR,
    "symlink": stat.S_IFLNK,
    "device": stat.S_IFCHR,
    "fifo": stat.S_IFIFO,
    "socket": stat.S_IFSOCK,
}
TYPES = {
    "file": tarfile.REGTYPE,
    "folder": tarfile.DIRTYPE,
    "symlink": tarfile.SYMTYPE,
    "hardlink": tarfile.LNKTYPE,
    "device": tarfile.CHRTYPE,
    "fifo": tarfile.FIFOTYPE,
    "sparse": tarfile.GNUTYPE_SPARSE,
    "unknown": b"Z",
}
COMPRESSION = {".tar": "", ".tar.gz": "gz", ".tgz": "gz", ".tar.xz": "xz"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One member; ``target`` is where a link leads."""

    name: str
    data: bytes = b"x = 1\n"
    kind: str = "file"
    target: str = ""


def built(entries, form):
    """Return the bytes of an archive."""
    return zipped(entries) if form == ".zip" else tarred(entries, form)


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name
        for entry in entries:
            info = zipfile.ZipInfo("x")
            info.filename = entry.name  # a name given to ZipInfo would be mended
            info.external_attr = (MODES.get(entry.kind, stat.S_IFLNK) | 0o644) << 16
            info.compress_type = method
            archive.writestr(info, entry.target.encode() if entry.kind == "symlink" else entry.data)
    return out.getvalue()


def tarred(entries, form=".tar"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{COMPRESSION[form]}", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            archive.addfile(*_tar_member(entry))
    return out.getvalue()


def _tar_member(entry):
    info = tarfile.TarInfo(entry.name)
    info.type = TYPES[entry.kind]
    info.linkname = entry.target
    info.size = len(entry.data) if entry.kind in ("file", "unknown") else 0
    return info, io.BytesIO(entry.data)


def packed(tar, form):
    """Return a plain tar in one of the compressed forms."""
    import gzip

    return {".tar": bytes, ".tar.gz": gzip.compress, ".tgz": gzip.compress, ".tar.xz": lzma.compress}[form](tar)

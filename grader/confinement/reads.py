"""What a child may read: the interpreter, its backend's distributions, the folder of the file, a little of the system.

Named one by one: beside them, in the same folders, lie plugins, references, and the grader.
"""

from __future__ import annotations

import glob
import os
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.distributions import bundled, grant

__all__ = ["beside", "common", "own_process"]

# Not its folder: `net` tells of all the machine's connections, `mountinfo` of its file systems, `mem` is its memory.
OWN = ("cgroup", "cmdline", "limits", "maps", "stat", "statm", "status")

ELSEWHERE = ("site-packages", "dist-packages")
SYSTEM = (
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/kernel/mm/transparent_hugepage",
)
# What extension modules of the standard library, NumPy and PyTorch are linked with, or load when first needed.
LIBRARIES = (
    "ld-*.so* libc.so* libc.musl* libm.so* libmvec.so* libdl.so* librt.so* libutil.so* libpthread.so* libresolv.so* "
    "libgcc_s.so* libstdc++.so* libgomp.so* libgfortran.so* libquadmath.so* libatomic.so* libnuma.so* libpython3*.so* "
    "libffi.so* libz.so* libbz2.so* liblzma.so* libzstd.so* libcrypt.so* libcrypto.so* libssl.so* libexpat.so* "
    "libsqlite3.so* libmpdec.so* libuuid.so* libreadline.so* libtinfo*.so* libncurses*.so* libpanel*.so* libgdbm*.so* "
    "libdb-*.so* libnsl.so* libtirpc.so* "
    "libblas.so* libcblas.so* liblapack*.so* libopenblas*.so* libmkl_*.so* libiomp5.so* libomp.so*"
)
PLACES = ("/lib/*-linux-*", "/usr/lib/*-linux-*", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")


def common(distributions: Sequence[str]) -> tuple[str, ...]:
    """Return the files and folders that every child may read whose backend needs these distributions."""
    found = dict.fromkeys((*SYSTEM, *_standard_library(), *_libraries(), *_distributions(distributions)))
    return tuple(dict.fromkeys(os.path.realpath(path) for path in found if os.path.exists(path)))


def beside(folder: Path, withheld: Sequence[Path] = ()) -> tuple[str, ...]:
    """Return what a file's code may read beside it: its folder, unless more than a submission lies there.

    Where the folder is, say, the home folder, its modules and packages can be imported and nothing else in it be read.

    Args:
        withheld: more places that are not the submission's.
    """
    places = [*withheld, *_private()]
    if not _holds(folder, places):
        return (str(folder),)
    with os.scandir(folder) as entries:
        return tuple(entry.path for entry in entries if _importable(Path(entry.path), places))


def _importable(path: Path, places: Sequence[Path]) -> bool:
    return path.suffix == ".py" or ((path / "__init__.py").is_file() and not _holds(path, places))


def _holds(folder: Path, places: Sequence[Path]) -> bool:
    """Tell whether one of these places lies in a folder."""
    real = folder.resolve()
    return any(place.is_relative_to(real) for place in places)


def own_process(process: int) -> tuple[str, ...]:
    """Return where the system tells a process about itself, as far as libraries may want to know."""
    return tuple(f"/proc/{process}/{entry}" for entry in OWN)


def _private() -> Iterator[Path]:
    """Return places that belong to the user or to the grader."""
    yield Path(__file__).resolve().parent.parent
    yield Path(tempfile.gettempdir()).resolve()
    yield Path(os.path.expanduser("~")).resolve()


def _standard_library() -> Iterator[str]:
    """Return the entries of the standard library's folder, which may be the one that holds site-packages."""
    folder = os.path.dirname(os.__file__)
    yield from (os.path.join(folder, entry) for entry in os.listdir(folder) if entry not in ELSEWHERE)
    extensions = sysconfig.get_config_var("DESTSHARED")
    if extensions:
        yield extensions


def _libraries() -> Iterator[str]:
    places = [place for pattern in PLACES for place in glob.glob(pattern)]
    home = sysconfig.get_config_var("LIBDIR")
    for place in dict.fromkeys([*map(os.path.realpath, places), *([home] if home else [])]):
        for pattern in LIBRARIES.split():
            yield from glob.glob(os.path.join(glob.escape(place), pattern))


def _distributions(names: Sequence[str]) -> Iterator[str]:
    """Return the packages, modules and bundled libraries of distributions, wherever they lie."""
    granted = grant(names)
    yield from bundled(names)
    for folder in granted.folders:
        for module in granted.modules:
            yield os.path.join(folder, module)
            yield from glob.glob(os.path.join(glob.escape(folder), f"{glob.escape(module)}.*"))

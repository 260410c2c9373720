"""Archives that are broken, cut short, or that lie about themselves: bombs, loops and forged sizes."""

import gzip
import io
import lzma
import random
import struct
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest

from grader.archive import LIMITS, Limits, unpack
from grader.archive.limits import Bounded
from grader.errors import BadArchive
from tests.archive.building import FORMS, Entry, built, packed, tarred, zipped
from tests.archive.harm import harm, refused

MIB = 2**20
GOOD = [Entry(name=f"homework/{name}_numpy.py", data=b"import numpy as np\n" * 50) for name in ("loss", "conv")]


def peak(extract):
    """Return the most bytes of memory that a call takes."""
    tracemalloc.start()
    try:
        extract()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def noise(size):
    return random.Random(0).randbytes(size)


@pytest.mark.parametrize("form", [".zip", ".tar.gz", ".tgz", ".tar.xz"])
def test_zeros_that_unfold_to_more_than_a_hundred_times_their_size_are_refused(form, tmp_path):
    text = refused(built([Entry(name="a.py", data=bytes(5 * MIB))], form), form, tmp_path)
    assert "grows to more than 100 times" in text


@pytest.mark.parametrize("form", [".zip", ".tar.gz", ".tar.xz"])
def test_a_bomb_takes_neither_memory_nor_disk(form, tmp_path):
    data = built([Entry(name="a.py", data=bytes(100 * MIB))], form)
    assert len(data) < MIB
    window = 8 * MIB if form == ".tar.xz" else 0  # what this compressor looks back on
    assert peak(lambda: refused(data, form, tmp_path)) < 4 * MIB + window
    assert sum(path.stat().st_size for path in (tmp_path / "folder").rglob("*")) <= LIMITS.member


def test_bombs_beside_each_other_are_counted_together(tmp_path):
    entries = [Entry(name=f"{i}.py", data=bytes(MIB // 4)) for i in range(40)]
    assert "grows to more than 100 times" in refused(zipped(entries), ".zip", tmp_path)


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_may_have_just_as_many_bytes_as_allowed(form, size, fits, tmp_path):
    limits = Limits(member=1000)
    data = built([Entry(name="a.py", data=noise(size))], form)
    if fits:
        assert harm(unpack, data, form, limits) == []
        (tmp_path / f"homework{form}").write_bytes(data)
        unpack(tmp_path / f"homework{form}", tmp_path, limits)
        assert (tmp_path / "a.py").read_bytes() == noise(size)
    else:
        assert "holds more than 1,000 bytes" in refused(data, form, tmp_path, limits)


def test_an_archive_that_is_large_itself_is_not_read(tmp_path):
    archive = tmp_path / "homework.zip"
    with archive.open("wb") as file:
        file.truncate(LIMITS.archive + 1)  # a hole: it takes no room on the disk
    with pytest.raises(BadArchive, match="is larger than"):
        unpack(archive, tmp_path)


@pytest.mark.parametrize("form", FORMS)
def test_wherever_an_archive_is_cut_it_is_refused(form, tmp_path):
    data = built(GOOD, form)
    last = len(data) - (9216 if form == ".tar" else 0)  # a tar ends with blocks of zeros, of which one is enough
    for number, size in enumerate([*range(0, last, max(1, last // 40)), last - 1]):
        (tmp_path / str(number)).mkdir()
        refused(data[:size], form, tmp_path / str(number))


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_byte_in_a_file_is_found_or_stays_in_that_file(form):
    data = bytearray(built(GOOD, form))
    for at in range(0, len(data), max(1, len(data) // 60)):
        wrong = bytes(data[:at]) + bytes([data[at] ^ 0x55]) + bytes(data[at + 1 :])
        assert harm(unpack, wrong, form) == []


@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_archive_is_told_so(form, tmp_path):
    assert "homework" in refused(b"def relu(x):\n    return x\n" * 40, form, tmp_path)


def test_an_encrypted_member_is_refused(tmp_path):
    data = bytearray(zipped(GOOD))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "'homework/loss_numpy.py' is encrypted" in refused(bytes(data), ".zip", tmp_path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_asks_for_memory_by_a_number_is_refused(method, tmp_path):
    assert "few programs know" in refused(zipped(GOOD, method), ".zip", tmp_path)


def test_an_xz_that_asks_for_much_memory_is_refused(tmp_path):
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**20}]
    data = bytearray(lzma.compress(tarred(GOOD), filters=filters))
    data[16] = 40  # the size of the dictionary: 4 GiB
    data[20:24] = struct.pack("<I", zlib.crc32(bytes(data[12:20])))
    assert "emory usage limit" in refused(bytes(data), ".tar.xz", tmp_path)


@pytest.mark.parametrize("claim", [10, 0, 2**31])
def test_a_zip_that_lies_about_a_size_is_refused_or_gives_no_more(claim):
    data = bytearray(zipped([Entry(name="a.py", data=noise(5000))]))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        where = data.index(signature) + at
        data[where : where + 4] = struct.pack("<I", claim)
    assert harm(unpack, bytes(data), ".zip", Limits(total=5000)) == []


def test_a_list_of_very_many_members_is_not_even_read(tmp_path):
    data = zipped([Entry(name=f"{i}.txt", data=b"") for i in range(25_000)], zipfile.ZIP_STORED)
    assert "list of members is too long" in refused(data, ".zip", tmp_path)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGLINK])
def test_a_name_of_many_bytes_is_not_read(kind, tmp_path):
    info = tarfile.TarInfo("long")
    info.type, info.size = kind, 20 * MIB
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    data = out.getvalue()
    assert peak(lambda: refused(data, ".tar", tmp_path)) < 4 * MIB


@pytest.mark.parametrize("form", FORMS[1:])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.DIRTYPE])
@pytest.mark.parametrize("size", [-512, -1024, -1, -(2**40)])
def test_a_tar_that_leads_back_to_itself_comes_to_an_end(kind, size, form):
    info = tarfile.TarInfo("a.py")
    info.type, info.size = kind, size
    data = info.tobuf(tarfile.GNU_FORMAT) + tarred(GOOD)
    assert harm(unpack, packed(data, form), form) == []


def test_long_names_in_a_row_do_not_exhaust_the_stack(tmp_path):
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1
    one = info.tobuf(tarfile.GNU_FORMAT) + b"x".ljust(512, b"\0")
    assert "broken" in refused(one * 5000 + tarred(GOOD), ".tar", tmp_path)


def test_a_broken_header_is_no_end(tmp_path):
    data = bytearray(tarred(GOOD))
    second = data.index(b"homework/conv_numpy.py")
    data[second] ^= 1
    assert "is broken or cut short" in refused(bytes(data), ".tar", tmp_path)


def test_an_end_that_is_missing_is_told(tmp_path):
    data = tarred(GOOD).rstrip(b"\0")
    whole = data.ljust(-(-len(data) // 512) * 512, b"\0")
    assert "is broken or cut short" in refused(whole, ".tar", tmp_path)


def test_bytes_behind_the_end_are_left_alone(tmp_path):
    for form, data in ((".tar", tarred(GOOD) + b"more"), (".tar.xz", packed(tarred(GOOD), ".tar.xz") + b"more")):
        assert harm(unpack, data, form) == []
    text = refused(gzip.compress(tarred(GOOD)) + b"more", ".tar.gz", tmp_path)
    assert "Not a gzipped file" in text


def test_the_file_below_is_not_read_for_ever():
    bounded = Bounded(io.BytesIO(bytes(1000)), 1000)

    def circle():
        for _ in range(10_000_000):
            bounded.seek(0)
            bounded.read(1000)

    with pytest.raises(BadArchive, match="leads in circles"):
        circle()


def test_a_disk_that_is_full_is_one_sentence(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.archive.extract.os.open", full)
    assert "cannot be unpacked: No space left on device" in refused(zipped(GOOD), ".zip", tmp_path)


def test_a_small_member_that_says_it_has_large_holes_is_refused(tmp_path):
    info = tarfile.TarInfo("a.py")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(2**40)}
    info.size = 512
    data = info.tobuf(tarfile.PAX_FORMAT) + b"1\n0\n0\n".ljust(512, b"\0") + bytes(10240)
    assert "'a.py' is a sparse file" in refused(data, ".tar", tmp_path)

"""Archives of any kind: nothing outside the folder, no links, few bytes, and no error but the package's own."""

import tarfile
from dataclasses import replace

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from grader.archive import Limits, unpack
from tests.archive.building import FORMS, MODES, TYPES, Entry, built, packed, tarred
from tests.archive.harm import HERE, harm, naive
from tests.fuzzing import budget

pytestmark = pytest.mark.fuzz
LIMITS = Limits(archive=30_000, members=6, member=1_500, total=3_000, ratio=100, free=500, depth=4)
PARTS = ("..", ".", "", "a", "A", "a.py", "b.py", "é.py", "e\u0301.py", "C:", "x\\..\\y.py", ".git", "up", "\x1b[0m.py")

plain_parts = (
    st.sampled_from(PARTS) | st.sampled_from(PARTS) | st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
)
names = st.builds(
    lambda start, parts: start + "/".join(parts),
    st.sampled_from(["", "", "", "/", HERE + "/", "./", "../"]),
    st.lists(plain_parts, min_size=1, max_size=5),
)
targets = st.sampled_from(["..", "../..", HERE, f"{HERE}/bystander.py", "a.py", "/nowhere", ""])
contents = st.one_of(
    st.binary(max_size=40), st.just(b"x = 1\n" * 100), st.just(bytes(2_000)), st.just(bytes(range(256)) * 5)
)
kinds = st.sampled_from(["file"] * 6 + ["folder", "symlink", "hardlink", "fifo", "device", "sparse", "unknown"])
entries = st.lists(st.builds(Entry, name=names, data=contents, kind=kinds, target=targets), max_size=8)
forms = st.sampled_from(FORMS)
flips = st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=6)
cuts = st.none() | st.tuples(st.integers(0), st.integers(0))


def bytes_of(members, form):
    """Return what builds the archive once it is known where it will lie; kinds that a form lacks become files."""
    known = MODES if form == ".zip" else TYPES

    def build(watched):
        here = [
            replace(
                one,
                name=one.name.replace(HERE, str(watched)),
                target=one.target.replace(HERE, str(watched)),
                kind=one.kind if one.kind in known else "file",
            )
            for one in members
        ]
        return built(here, form)

    return build


def mutated(data, flips, cut):
    """Return the bytes with some changed, and a part of them left out or doubled."""
    changed = bytearray(data)
    for at, value in flips:
        changed[at % len(changed)] = value
    if cut is not None:
        start, end = (place % len(changed) for place in cut)
        changed = changed[:start] + changed[end:]
    return bytes(changed)


@budget(150)
@given(entries, forms)
def test_any_members_do_no_harm(members, form):
    assert harm(unpack, bytes_of(members, form), form, LIMITS) == []


@budget(150)
@given(entries, forms, flips, cuts)
def test_wrong_bytes_do_no_harm(members, form, flips, cut):
    build = bytes_of(members, form)
    assert harm(unpack, lambda watched: mutated(build(watched), flips, cut), form, LIMITS) == []


@budget(100)
@given(entries, st.sampled_from(FORMS[2:]), flips, cuts)
def test_wrong_bytes_under_the_compression_do_no_harm(members, form, flips, cut):
    build = bytes_of(members, ".tar")
    assert harm(unpack, lambda watched: packed(mutated(build(watched), flips, cut), form), form, LIMITS) == []


header_fields = st.fixed_dictionaries(
    {},
    optional={
        "size": st.integers(-(2**40), 2**40),
        "type": st.binary(min_size=1, max_size=1),
        "mode": st.integers(0, 2**20),
        "linkname": st.text(st.characters(exclude_categories=("Cs",)), max_size=10),
        "pax_headers": st.dictionaries(
            st.sampled_from(["path", "size", "linkpath", "GNU.sparse.major", "GNU.sparse.map", "hdrcharset"]),
            st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
            max_size=3,
        ),
    },
)


@budget(150)
@given(st.lists(st.tuples(names, header_fields, contents), max_size=4), st.sampled_from([0, 1, 2]), entries)
def test_headers_that_lie_do_no_harm(headers, style, members):
    def build(watched):
        data = b""
        for name, fields, content in headers:
            info = tarfile.TarInfo(name.replace(HERE, str(watched)))
            for field, value in fields.items():
                setattr(info, field, value)
            try:
                data += info.tobuf(style, errors="surrogateescape") + content.ljust(
                    -(-len(content) // 512) * 512, b"\0"
                )
            except ValueError:
                continue  # the library cannot write it
        return data + tarred(members if all(one.kind in TYPES for one in members) else [])

    assert harm(unpack, build, ".tar", LIMITS) == []


@budget(150)
@given(st.binary(max_size=400), forms)
def test_bytes_that_are_no_archive_do_no_harm(data, form):
    assert harm(unpack, data, form, LIMITS) == []


QUICK = settings(max_examples=3_000, derandomize=True, database=None, deadline=None, phases=[Phase.generate])


few_names = st.lists(st.builds(Entry, name=st.sampled_from(["a.py", "A.py", "b.py", "B/a.py", "b/a.py"])), max_size=3)
SIGNS = {
    "wrote outside": entries,
    "made what is no plain file": entries,
    "made a file that others may touch": entries,
    "wrote ": entries,
    "raised": entries,
    "made two files": few_names,
}


@pytest.mark.parametrize("form", FORMS[:3])
@pytest.mark.parametrize("sign", SIGNS)
def test_each_property_catches_an_extractor_that_does_what_it_is_told(form, sign):
    def caught(members):
        return any(one.startswith(sign) for one in harm(naive, bytes_of(members, form), form, LIMITS))

    try:
        find(SIGNS[sign], caught, settings=QUICK)
    except NoSuchExample:
        pytest.fail(f"no archive shows it: {sign}")

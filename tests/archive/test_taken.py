"""What is taken out of an archive, and that nothing stays behind."""

import os
import stat

import pytest

from grader.archive import is_archive, unpack, unpacked
from grader.errors import BadArchive
from tests.archive.building import FORMS, Entry, built

FILES = {
    "exercises/conv/conv_numpy.py": b"import numpy as np\n",
    "exercises/conv/helper.py": b"",
    "exercises/conv/table.CSV": b"1,2\n",
    "exercises/conv/kernel.npy": b"\x93NUMPY",
}
LEFT = ("picture.png", "lesson.ipynb", "README.md", "helper.so", "helper.cpython-311.pyc", "no_suffix")
CLUTTER = ("__MACOSX/._conv_numpy.py", ".git/hooks/x.py", "__pycache__/x.py", ".venv/x.py", ".hidden.py")


def below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("form", FORMS)
def test_modules_and_tables_are_taken_as_they_are_and_nothing_else(form, tmp_path):
    entries = [Entry(name=name, data=data) for name, data in FILES.items()]
    entries += [Entry(name=name) for name in (*LEFT, *CLUTTER)]
    entries += [Entry(name="./", kind="folder", data=b""), Entry(name="empty/", kind="folder", data=b"")]
    archive, folder = tmp_path / f"homework{form.upper()}", tmp_path / "folder"
    archive.write_bytes(built(entries, form))
    folder.mkdir()
    unpack(archive, folder)
    assert below(folder) == FILES.keys()
    for name, data in FILES.items():
        assert (folder / name).read_bytes() == data
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name", ["naïve_numpy.py", "解答.py", "with space.py", "a'b.py", "$(x).py", "-x.py", "a..b.py"]
)
@pytest.mark.parametrize("form", FORMS)
def test_honest_names_of_any_language_are_taken(name, form, tmp_path):
    archive, folder = tmp_path / f"homework{form}", tmp_path / "folder"
    archive.write_bytes(built([Entry(name=f"./{name}")], form))
    folder.mkdir()
    unpack(archive, folder)
    assert below(folder) == {name}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.zip", True), ("A.TAR.GZ", True), ("a.tgz", True), ("a.txz", True), ("a.gz", False), ("zip", False)],
)
def test_an_archive_is_known_by_its_name_and_is_a_file(name, expected, tmp_path):
    assert not is_archive(tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    assert is_archive(tmp_path / name) is expected


def test_a_folder_or_a_pipe_is_no_archive(tmp_path):
    (tmp_path / "a.zip").mkdir()
    os.mkfifo(tmp_path / "b.zip")
    assert not is_archive(tmp_path / "a.zip")
    assert not is_archive(tmp_path / "b.zip")


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "homework.zip"
    path.write_bytes(built([Entry(name="a/b.py")], ".zip"))
    return path


def test_the_folder_is_ours_alone_and_gone_afterwards(archive):
    with unpacked(archive) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert below(folder) == {"a/b.py"}
    assert not folder.exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_folder_is_gone_however_it_ends(archive, error):
    folders = []

    def use():
        with unpacked(archive) as folder:
            folders.append(folder)
            raise error

    with pytest.raises(error):
        use()
    assert not folders[0].exists()


def test_the_folder_is_gone_if_the_archive_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "homework.zip"
    path.write_bytes(built([Entry(name="a.py"), Entry(name="../b.py")], ".zip"))
    with pytest.raises(BadArchive), unpacked(path):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["homework.zip"]


def test_what_code_has_made_of_the_folder_is_removed_and_no_link_is_followed(archive, tmp_path):
    bystander = tmp_path / "bystander"
    bystander.mkdir()
    (bystander / "kept.py").write_text("")
    bystander.chmod(0o500)
    with unpacked(archive) as folder:
        (folder / "link").symlink_to(bystander)
        (folder / "a" / "link.py").symlink_to(bystander / "kept.py")
        (folder / "closed" / "deeper").mkdir(parents=True)
        (folder / "closed" / "deeper" / "x.py").write_text("")
        (folder / "closed" / "deeper").chmod(0)
        (folder / "closed").chmod(0)
        (folder / "a").chmod(0o500)
        folder.chmod(0)
    assert not folder.exists()
    assert below(bystander) == {"kept.py"}
    assert stat.S_IMODE(bystander.stat().st_mode) == 0o500

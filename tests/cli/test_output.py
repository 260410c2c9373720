"""Where a report is written: files at once or not at all, what is no regular file as it is."""

import os
import subprocess
import sys
import threading

import pytest

from grader.cli.options import write
from grader.errors import UsageError
from tests.conftest import ROOT


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    target, link = tmp_path / "real.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write("new", link)
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.txt", "real.txt"]


def test_a_pipe_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write("text", pipe)
    reader.join(timeout=10)
    assert read == ["text"]
    assert pipe.is_fifo()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="cannot be written: No such file or directory"):
        write("text", tmp_path / "missing" / "report.txt")


def test_a_full_standard_output_is_one_sentence():
    command = [
        sys.executable,
        "-m",
        "grader",
        "grade",
        "activation.relu:numpy",
        "--submission",
        str(ROOT / "solutions"),
    ]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "grader: standard output cannot be written: No space left on device\n"

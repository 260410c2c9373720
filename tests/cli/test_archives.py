"""``grader grade --submission homework.zip``: as a folder, and a sentence where that cannot be."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.archive.building import FORMS, Entry, built
from tests.cli.conftest import RIGHT, WRONG
from tests.conftest import ROOT

LAYOUTS = ("demo_numpy.py", "demo/demo_numpy.py", "exercises/demo/demo_numpy.py")
TELLS = """import os
def scale(x, factor):
    print(__file__, os.listdir(os.path.dirname(__file__)))
    raise ValueError(__file__)
"""


@pytest.fixture
def handed_in(desk, tmp_path):
    """Write an archive beside the workspace and return its path."""

    def write(files, form=".zip"):
        path = tmp_path / f"homework{form}"
        path.write_bytes(built([Entry(name=name, data=text.encode()) for name, text in files.items()], form))
        return path

    return write


@pytest.mark.parametrize("name", [*LAYOUTS, *(f"Ada Lovelace/{one}" for one in LAYOUTS), "a/b/demo_numpy.py"])
@pytest.mark.parametrize("form", FORMS)
def test_an_archive_is_graded_like_a_folder(desk, handed_in, form, name):
    path = handed_in({name: RIGHT, "__MACOSX/._x.py": "\0", "notes.md": ""}, form)
    result = desk("grade", "--submission", path, "--format", "json", "--no-speed")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["exercises"][0]["path"] == f"{path}/{name}"
    assert f"{path}/{name}".startswith(report["submission"]["path"])


def test_the_same_file_has_the_same_digest_and_score_from_an_archive(desk, handed_in):
    desk.write(WRONG)
    reports = [
        json.loads(desk("grade", "--format", "json", "--submission", path).stdout)
        for path in (desk.workspace, handed_in({"exercises/demo/demo_numpy.py": WRONG}))
    ]
    assert reports[0]["submission"]["sha256"] == reports[1]["submission"]["sha256"]
    checks = [[{**check, "seconds": 0} for check in report["exercises"][0]["tasks"][0]["checks"]] for report in reports]
    assert checks[0] == checks[1]


def test_a_helper_and_a_table_beside_the_file_are_found(desk, handed_in):
    text = (
        "import os\nimport helper\n"
        "def scale(x, factor):\n"
        "    with open(os.path.join(os.path.dirname(__file__), 'one.txt')) as file:\n"
        "        return helper.times(x, factor) + int(file.read())\n"
    )
    files = {"hw/demo_numpy.py": text, "hw/helper.py": "def times(x, y):\n    return x * y\n", "hw/one.txt": "1"}
    result = desk("grade", "--submission", handed_in(files))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("text", [TELLS, "def scale(x, factor)\n", "1 / 0\n"])
@pytest.mark.parametrize("form", ["table", "json"])
def test_reports_name_the_archive_and_never_the_folder_that_is_gone(desk, handed_in, form, text):
    path = handed_in({"hw/demo_numpy.py": text})
    result = desk("grade", "--submission", path, "--format", form)
    assert result.exit_code == 1
    assert f"{path}/hw/demo_numpy.py".replace(" ", "") in "".join(result.output.split())
    assert "gradlings-" not in "".join(result.output.split())


def test_what_is_missing_names_the_archive(desk, handed_in):
    path = handed_in({"hw/other.py": ""})
    assert f"{path}/hw holds none of the files to grade" in desk("grade", "--submission", path).stderr
    assert f"{path}/hw holds no demo_numpy.py" in desk("grade", "demo", "--submission", path).stderr
    path = handed_in({"notes.md": ""})
    assert f"{path} holds none of the files to grade" in desk("grade", "--submission", path).stderr


@pytest.mark.parametrize("command", ["grade", "speed"])
def test_an_archive_that_is_refused_is_one_sentence_and_ends_with_2(desk, handed_in, command):
    path = handed_in({"hw/demo_numpy.py": RIGHT, "../x.py": ""})
    result = desk(command, "--submission", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"grader: {path} is not unpacked: the name '../x.py' leads out of its folder\n"


def test_what_a_stranger_packed_is_not_run_without_a_wall(desk, handed_in):
    path = handed_in({"hw/demo_numpy.py": WRONG})
    result = desk("debug", "--submission", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"grader: debug runs code with nothing between it and you: unpack {path}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_command_and_leaves_no_folder(desk, handed_in, tmp_path, number):
    path = handed_in({"demo_numpy.py": "import time\ntime.sleep(60)\n"})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "grader", "grade", "--course", str(desk.root), "--submission", str(path)]
    process = subprocess.Popen(command, cwd=desk.workspace, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not list(temporary.glob("gradlings-*/demo_numpy.py")) and time.monotonic() < end:
        time.sleep(0.02)
    assert list(temporary.glob("gradlings-*/demo_numpy.py"))
    time.sleep(1)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"Traceback" not in errors
    assert list(temporary.iterdir()) == []

"""Terminals, pipes and plain Python: colours only where they belong, and scripts that need no grader."""

import os
import pty
import re
import subprocess
import sys

from tests.cli.conftest import RIGHT, WRONG
from tests.conftest import ROOT

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def terminal(args, cwd, **environment):
    """Run the command on a terminal of its own and return what it wrote."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment}
    process = subprocess.Popen([sys.executable, "-m", "grader", *args], cwd=cwd, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    process.wait()
    os.close(ours)
    return b"".join(parts).decode()


def test_a_terminal_has_colours_unless_no_color_is_set(desk):
    desk.write(WRONG)
    args = ["grade", "--course", str(desk.root)]
    assert ESCAPE.search(terminal(args, desk.workspace))
    assert not ESCAPE.search(terminal(args, desk.workspace, NO_COLOR="1"))


def test_a_pipe_and_a_file_have_no_escape_codes(desk, command, tmp_path):
    desk.write(WRONG)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = command("grade", "--course", str(desk.root), cwd=desk.workspace, env=env)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr
    terminal(["grade", "--course", str(desk.root), "--output", str(tmp_path / "report.txt")], desk.workspace)
    assert "\x1b" not in (tmp_path / "report.txt").read_text()


def test_an_output_that_knows_no_unicode_is_no_traceback(desk, command):
    desk.write("def scale(x, factor):\n    print('naïve → 3')\n    return x\n")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    for form in ("table", "json"):
        done = command("grade", "--format", form, "--course", str(desk.root), cwd=desk.workspace, env=env)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "ve" in done.stdout


def test_a_reader_that_hangs_up_is_no_traceback(desk):
    desk.write(WRONG)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    shell = f"{sys.executable} -m grader grade --format json --course {desk.root} | head -c 1"
    done = subprocess.run(["bash", "-c", shell], cwd=desk.workspace, env=env, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_debug_runs_the_smallest_case_without_the_grader(desk, tmp_path):
    result = desk.write(WRONG)("debug", "demo.scale", "--script", tmp_path / "case.py")
    assert result.exit_code == 0
    assert f"wrote {tmp_path / 'case.py'}" in result.stdout
    script = (tmp_path / "case.py").read_text()
    assert "grader" not in script.replace(str(tmp_path), "")
    clean = {"PATH": os.environ["PATH"]}
    command = [sys.executable, str(tmp_path / "case.py")]
    done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "demo.scale:numpy fails the check values"
    assert [line.partition(" =")[0] for line in lines[1:-2]] == ["x", "factor"]
    assert lines[-2].startswith("got")
    assert lines[-1].startswith("expected")
    got, expected = (line.split()[1] for line in lines[-2:])
    assert got != expected


def test_debug_shows_the_learners_exception_and_ends_as_the_script_does(desk, tmp_path):
    desk.write("def scale(x, factor):\n    return x.no_such_thing\n")("debug", "--script", tmp_path / "case.py")
    done = subprocess.run([sys.executable, str(tmp_path / "case.py")], capture_output=True, text=True)
    assert done.returncode == 1
    assert "AttributeError" in done.stderr
    assert 'demo_numpy.py", line 2' in done.stderr


def test_debug_with_nothing_that_fails_says_so(desk):
    result = desk.write(RIGHT)("debug")
    assert result.exit_code == 0
    assert "nothing to debug" in result.stdout

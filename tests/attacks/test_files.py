"""Files that the grader reads or finds beside them, in its own process: none of them runs there, or breaks it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.app import Request
from grader.errors import NothingToGrade
from tests.attacks.catalogue import SUBMISSIONS
from tests.attacks.conftest import HONEST
from tests.attacks.effects import reason_of
from tests.conftest import ROOT, only_task

TARGET = ("grade", "activation.relu:numpy", "--submission", ".", "--no-speed", "--format", "json")
DEEP = "1" + "+1" * 600
# name: a file, and words of the reason
STRANGE = {
    "a body that is very deep": (f"def relu(x):\n    return x + {DEEP}\n", "expected"),
    "a default that is very deep": (f"def relu(x, y={DEEP}, *, z):\n    return x\n", "the signature is relu("),
    "a default that is very long": (f"def relu(x, *, y, z={'x' * 10**5!r}):\n    return x\n", "the signature is relu("),
    "brackets that are very deep": (f"def relu(x):\n    return {'(' * 500}x{')' * 500}\n", "SyntaxError"),
    "a name that nobody can print": (
        "def relu(x):\n    raise type('\\ud800' * 5, (Exception,), {})('\\ud800')\n",
        "raises",
    ),
}


@pytest.mark.parametrize(("text", "reason"), STRANGE.values(), ids=STRANGE)
def test_a_strange_file_is_judged_like_any_other(ground, setting, text, reason):
    result = ground.judge(text, "numpy", setting)
    assert (result.status, result.score) == ("failed", 0)
    assert reason in reason_of(result)
    assert len(reason_of(result)) < 5_000
    setting.timeout = 10.0
    assert ground.judge(HONEST["numpy"], "numpy", setting).status == "passed"


@pytest.mark.parametrize("program", [("-m", "grader"), (str(Path(sys.executable).with_name("grader")),)])
def test_files_beside_a_submission_do_not_run_in_the_grader(tmp_path, program):
    (tmp_path / "activation_numpy.py").write_text("def relu(x):\n    return x\n")
    trace = tmp_path / "trace.txt"
    for name in ("numpy", "click", "hypothesis", "pluggy", "conftest", "sitecustomize", "usercustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(trace)!r}, 'a').write('{name} ')\n")
    (tmp_path / "traces.pth").write_text(f"import os; open({str(trace)!r}, 'a').write('pth ')\n")
    report = _graded(tmp_path, program)
    assert report["score"] == 0
    assert not trace.exists()


@pytest.mark.parametrize("attack", ["exit_by_os_exit", "forge_a_report_on_stdout", "exit_by_sys_exit"])
def test_the_command_line_is_not_fooled(tmp_path, attack):
    (tmp_path / "activation_numpy.py").write_text((SUBMISSIONS / f"{attack}.py").read_text())
    report = _graded(tmp_path, ("-m", "grader"))
    assert (report["score"], report["max_score"] > 0) == (0, True)


@pytest.mark.parametrize("linked", ["activation_numpy.py", "activation", "exercises", "activation/activation_numpy.py"])
def test_a_link_to_the_model_answers_is_no_submission(tmp_path, app, linked):
    """The grader itself could read them, and graders would show their text in messages."""
    (tmp_path / "activation").mkdir(parents=True) if "/" in linked else None
    solution = ROOT / "solutions" if linked == "exercises" else ROOT / "solutions" / "activation"
    (tmp_path / linked).symlink_to(solution / "activation_numpy.py" if linked.endswith(".py") else solution)
    request = Request(targets=("activation.relu:numpy",), submission=tmp_path)
    if linked == "exercises":
        with pytest.raises(NothingToGrade):
            app.grade(request)
        return
    result = only_task(app.grade(request))
    assert (result.status, result.score) == ("failed", 0)
    assert "it is a link that leads out of the folder that is graded" in reason_of(result)


ENCODED = {
    "an encoding that is slow": (b"# coding: punycode\n#-" + b"a9" * 400_000, "punycode is no encoding of texts"),
    "no encoding": (b"# coding: undefined\nx = 1", "undefined is no encoding of texts"),
    "another kind of bytes": (b"# coding: utf-16\nx = 1", "utf-16 is no encoding of texts"),
    "a file that is very large": (b"x = [" + b"1," * 600_000 + b"]", "more than 1,048,576 bytes"),
}


@pytest.mark.parametrize(("data", "reason"), ENCODED.values(), ids=ENCODED)
def test_a_file_that_is_expensive_to_read_is_not_read(tmp_path, app, data, reason):
    (tmp_path / "activation_numpy.py").write_bytes(data)
    start = time.monotonic()
    result = only_task(app.grade(Request(targets=("activation.relu:numpy",), submission=tmp_path)))
    assert (result.status, result.score) == ("failed", 0)
    assert reason in reason_of(result)
    assert time.monotonic() - start < 10


def _graded(folder, program):
    done = subprocess.run(
        [sys.executable, *program, *TARGET], cwd=folder, capture_output=True, text=True, timeout=120, env=os.environ
    )
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)

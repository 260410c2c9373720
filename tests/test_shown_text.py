"""Format by format: hostile names, messages, printed text and answers cannot steer, forge or run anything."""

import ast
import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from grader.app import make_app
from grader.cli.options import fail, warn
from grader.debug import script_of
from grader.evidence import Costs, Point, Timing
from grader.ratio import Ratio
from grader.reporters import card, plot, speed, table
from grader.verdict import Diagnosis, ExerciseResult, Failure, Report, TaskResult, Verdict
from grader.worker.frames import Unsupported
from tests.test_escape import STEERING

FORGED = "9 of 9 tasks passed, 9 of 9 points"
CODE = "import os; os.abort()"
HOSTILE = {
    **STEERING,
    "a forged line": f"\n\n{FORGED}\n",
    "a script of a page": "<script>alert(1)</script>",
    "an end of a section": "]]><!--",
    "a formula": "=cmd|' /C calc'!A0",
    "a formula of a tab": "\t=1+1",
    "the end of a text": f"'''\"\"\"\n{CODE}\n",
    "the end of a string": f"'; {CODE} #",
    "a backslash": f"\\'; {CODE} #",
    "a directive": "${jndi} {0} %s %(x)s $x^2$ \\frac",
    "markdown": "[a](javascript:x) ![b](http://c) | d |\n# e",
    "an annotation": "::error file=a::b",
    "very long": "x" * 5000,
}
SGR = re.compile(r"\x1b\[[0-9;]*m")
WIDTH = 80


def verdict(text, **fields):
    """Return a verdict of which a stranger wrote all that a stranger can write."""
    exception = {"type": text, "message": text, "file": text, "line": 3, "text": text, "function": text}
    return Verdict(
        check="values",
        status="failed",
        reason=f"raises {text}: {text}",
        separates="all",
        diagnosis=Diagnosis(kind="general", name="slip", text="Why."),
        output=text,
        exercise="demo",
        backend="numpy",
        task="scale",
        **{"exception": {**exception, "frame": [f"{text}: {text}"]}, **fields},
    )


def report(text, status="failed", **fields):
    checks = (replace(verdict(text, **fields), status="failed" if status == "failed" else "skipped"),)
    task = TaskResult(name="scale", status=status, score=0.0, max_score=1.0, checks=checks)
    result = ExerciseResult(name="demo", backend="numpy", path=text, sha256="", tasks=(task,))
    return Report(
        seed=0,
        environment={},
        path=text,
        sha256="",
        exercises=(result,),
        warnings=(text,),
        options=f"--submission {text}",
    )


def answered(text):
    """Return a report on an answer that is a stranger's text, and on one of a type that a stranger named."""
    failure = Failure(
        labels={}, arguments=(("x", np.zeros(2)),), actual=(text, [Unsupported(text)], 10**600), expected=1.0
    )
    return report(text, exception=None, failure=failure)


def reports(text):
    return {
        "raised": report(text),
        "answered": answered(text),
        "unattempted": report(text, status="unattempted"),
        "a text alone": report(text, exception=None, failure=Failure(labels={}, arguments=(), actual=text, expected=1)),
    }


def seen_on_a_terminal(shown):
    """Check what a terminal is given: no control characters, and no line of a stranger's that looks like ours."""
    assert shown.replace("\n", "").isprintable()
    shown.encode()
    assert not any(row.startswith((FORGED, "::", "=", "import os")) for row in shown.splitlines())


def read_as_json(shown, text):
    """Check a JSON report: strict, printable, and it holds the text as it was."""
    assert shown.replace("\n", "").isprintable()
    shown.encode()
    found = json.loads(shown, parse_constant=pytest.fail)
    kept = text.replace("\ud800", "\N{REPLACEMENT CHARACTER}")
    assert found["submission"]["path"] == kept
    assert found["exercises"][0]["tasks"][0]["checks"][0]["output"] == kept


CHECKED = {"table": lambda shown, text: seen_on_a_terminal(shown), "json": read_as_json}


@pytest.fixture(scope="module")
def reporters():
    return make_app(installed=False).registry.reporters()


def test_every_format_is_tested_here(reporters):
    assert set(reporters) == set(CHECKED)


@pytest.mark.parametrize("form", CHECKED)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_format_shows_it_harmless(form, text, reporters):
    for one in reports(text).values():
        shown = reporters[form].render(one, WIDTH, False)
        CHECKED[form](shown, text)
        assert SGR.sub("", reporters[form].render(one, WIDTH, True)) == SGR.sub("", shown)  # no codes but ours


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_speeds_show_it_harmless(text):
    for one in (report(text), report(text, exception=None)):
        renamed = [Verdict(**{**vars(check), "check": "speed"}) for check in one.exercises[0].tasks[0].checks]
        task = TaskResult(name="scale", status="failed", score=0.0, max_score=1.0, checks=tuple(renamed))
        result = ExerciseResult(name="demo", backend="numpy", path=text, sha256="", tasks=(task,))
        seen_on_a_terminal(speed.render(Report(**{**vars(one), "exercises": (result,)}), WIDTH, False))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_line_of_a_card_is_wider_than_the_page_but_the_last(text):
    for name, one in reports(text).items():
        rows = card.card(one.exercises[0].tasks[0].checks[0], WIDTH, False, options=text).splitlines()
        assert len(rows) <= card.MAX_LINES
        assert max(map(len, rows[:-1])) <= WIDTH, name


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_script_for_the_learner_holds_it_as_text_and_not_as_code(text, tmp_path):
    if "\0" in text or len(text) > 200 or "\ud800" in text:
        pytest.skip("no file system has such a name")
    innocent, hostile = (script_of(answered(str(tmp_path / name))) for name in ("x", text.replace("/", "")))
    hostile.encode()
    trees = [ast.parse(one) for one in (innocent, hostile)]
    assert [type(node) for node in ast.walk(trees[0])] == [type(node) for node in ast.walk(trees[1])]
    assert not any(isinstance(node, ast.Attribute) and node.attr == "abort" for node in ast.walk(trees[1]))
    folder = tmp_path / text.replace("/", "")
    folder.mkdir(exist_ok=True)
    (folder / "demo_numpy.py").write_text("def scale(x):\n    return 'found'\n")
    script = tmp_path / "script.py"
    script.write_text(script_of(answered(str(folder / "demo_numpy.py"))), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert (done.returncode, "found" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("form", [".svg", ".png"])
def test_no_text_of_a_stranger_comes_into_a_picture(form, tmp_path):
    points = tuple(Point(size=size, own=1.0, reference=1.0, framework=None, floor=None) for size in (1, 2))
    costs = Costs(curve=points)
    ratio = Ratio(value=1.0, low=1.0, high=1.0, pairs=6)
    timing = Timing(ratio=ratio, limit=2.0, reason="", device="cpu", size=1, costs=costs)
    for name, text in HOSTILE.items():
        path = tmp_path / f"{name}{form}".replace(" ", "_")
        assert plot.draw(report(f"{text} owned", measured=timing), path)
        assert b"owned" not in path.read_bytes()
        assert b"<script" not in path.read_bytes()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_sentence_for_the_user_is_one_printable_line(text, capsys):
    with pytest.raises(SystemExit):
        fail(f"{text} does not exist", 2)
    warn([text])
    shown = capsys.readouterr().err
    assert shown.count("\n") == 2
    assert shown.replace("\n", "").isprintable()


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\u202eb", "a\nb", "a\rb", "$(touch owned)", "a'b", "=1+1", "<b>"])
@pytest.mark.parametrize("command", [(), ("grade",), ("grade", "--format", "json"), ("debug", "--script", "case.py")])
def test_a_folder_of_a_hostile_name_is_shown_harmless_by_every_command(name, command, tmp_path, monkeypatch):
    from grader.cli import main

    folder = tmp_path / name
    (folder / "exercises" / "activation").mkdir(parents=True)
    (folder / "exercises" / "activation" / "activation_numpy.py").write_text("def relu(x):\n    return x\n")
    monkeypatch.chdir(tmp_path)
    where = ["activation.relu:numpy", "--submission", str(folder)] if command else []
    monkeypatch.chdir(tmp_path if command else folder)
    result = CliRunner().invoke(main, [*command, *where], catch_exceptions=False)
    assert result.exit_code in (0, 1)
    assert result.output.replace("\n", "").isprintable()
    assert not (tmp_path / "owned").exists()


def test_the_checks_of_this_file_can_fail(monkeypatch):
    """Without escaping, each check finds what it looks for."""
    for module, names in ((card, ("line", "terminal")), (table, ("line",)), (speed, ())):
        for name in names:
            monkeypatch.setattr(module, name, str)
    for name in ("an escape code", "a forged line"):
        with pytest.raises(AssertionError):
            seen_on_a_terminal(table.render(report(HOSTILE[name]), WIDTH))
    with pytest.raises(AssertionError):
        seen_on_a_terminal(f"{HOSTILE['a forged line']}")
    raw = json.dumps({"submission": {"path": "\x9b"}}, ensure_ascii=False)
    with pytest.raises(AssertionError):
        read_as_json(raw, "\x9b")

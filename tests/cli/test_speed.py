"""``grader speed``: its lines, its JSON, its picture, and what it says where nothing can be shown."""

import json
import re

import jsonschema
import pytest

from grader import limits
from grader.errors import WorkerError
from grader.reporters import plot
from grader.speed import costs
from tests.cli.conftest import RIGHT, WRONG
from tests.conftest import PLUGIN, ROOT

SPEED = """speed=Speed(
        inputs=lambda n, rng: (rng.standard_normal((n, n)), 2.0), size=200, limit=30, reason="in whole arrays",
        exponent=2, sizes=(100, 200), flops=lambda x, factor: 2 * x.size, framework=addcmul,
        memory=Memory(limit=9, reason="few copies"))"""
FRAMEWORK = '''
def addcmul(x, factor):
    """torch.add"""
    import torch

    return torch.add(1, x, alpha=factor)


@hookimpl
def grader_exercises'''
TIMED = (
    PLUGIN.replace("Task, hookimpl", "Memory, Speed, Task, hookimpl")
    .replace("@hookimpl\ndef grader_exercises", FRAMEWORK.strip())
    .replace('gradient=("x",)', f'gradient=("x",), backends=("numpy",), drawn=10, {SPEED}')
)


@pytest.fixture
def timed(desk, monkeypatch):
    monkeypatch.setattr(limits, "TRANSFERS", 1.0)  # on a busy machine they may take most of the time
    (desk.root / "plugins" / "demo.py").write_text(TIMED)
    return desk.write(RIGHT)


def test_each_figure_stands_beside_what_it_is_compared_with(timed):
    result = timed("speed", "--output", "out.txt")
    assert (result.exit_code, result.output) == (0, "")
    lines = (timed.workspace / "out.txt").read_text().splitlines()
    assert lines[0] == "demo.scale:numpy passed"
    text = " ".join(" ".join(lines).split())
    for words in (
        "times the reference's time (",
        "30 are allowed",
        "times torch.add",
        "% of what this machine could do, where ",
        "from 100 to 200, size^2 is expected of large sizes",
        "size 200 on cpu: the reference takes",
        "memory: ",
        "(resident memory of the process): 9 are allowed, passed",
    ):
        assert words in text


def test_the_json_report_keeps_the_schema_and_holds_the_figures(timed):
    report = json.loads(timed("speed", "--format", "json").stdout)
    jsonschema.validate(report, json.loads((ROOT / "grader" / "report.schema.json").read_text()))
    task = report["exercises"][0]["tasks"][0]
    checks = {check["name"]: check for check in task["checks"]}
    speed, memory = checks["speed"]["speed"], checks["memory"]["memory"]
    assert speed["interval"][0] <= speed["ratio"] <= speed["interval"][1]
    assert [point["size"] for point in speed["costs"]["curve"]] == [100, 200]
    assert all(point["floor"] > 0 and point["framework"] > 0 for point in speed["costs"]["curve"])
    assert speed["costs"]["bound"] in ("memory", "arithmetic")
    assert memory["bytes"] >= 8 * 200 * 200 // 2
    assert (task["score"], task["max_score"]) == (3.0, 3.0)
    assert checks["values"]["speed"] is None


def test_memory_that_cannot_be_measured_takes_no_other_figure_away(desk, monkeypatch):
    def fails(*_):
        raise WorkerError("the memory of the reference scale cannot be measured: it hides")

    free = re.sub(r",\s+memory=Memory\(.*?\)\)", ")", TIMED)
    assert free != TIMED
    (desk.root / "plugins" / "demo.py").write_text(free)
    monkeypatch.setattr(limits, "TRANSFERS", 1.0)
    monkeypatch.setattr(costs, "peak_of", fails)
    told = " ".join(desk.write(RIGHT)("speed").stdout.split())
    assert "times torch.add" in told
    assert "not shown: the memory of the reference scale cannot be measured: it hides" in told


def test_a_wrong_answer_has_no_speed_and_says_why(timed):
    result = timed.write(WRONG)("speed")
    assert result.exit_code == 1
    assert result.stdout == "demo.scale:numpy skipped\n  waits for values\n"


def test_a_task_of_which_no_speed_is_asked_says_so(desk):
    result = desk.write(RIGHT)("speed")
    assert (result.exit_code, result.stdout) == (0, "Nothing is asked of the speed of these tasks.\n")


def test_the_ratio_stands_in_the_table_of_grade(timed):
    assert "passed " in timed("grade").stdout
    assert "x\n" in timed("grade").stdout.splitlines(keepends=True)[2]
    assert "scale   passed\n" in timed("grade", "--no-speed").stdout


def test_the_picture_is_written(timed):
    result = timed("speed", "--plot", "growth.png")
    assert result.exit_code == 0
    picture = (timed.workspace / "growth.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert [path.name for path in timed.workspace.glob("*.png")] == ["growth.png"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("growth.txt", "growth.txt must end in one of .png, .svg, .pdf"),
        ("nowhere/growth.png", "there is no folder "),
    ],
)
def test_a_picture_that_cannot_be_is_told_before_anything_is_timed(timed, name, text):
    result = timed("speed", "--plot", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert text in result.stderr


def test_without_matplotlib_the_mend_is_told(timed, monkeypatch):
    monkeypatch.setattr(plot, "installed", lambda: False)
    result = timed("speed", "--plot", "growth.png")
    assert (result.exit_code, result.stderr) == (
        2,
        "grader: drawing needs matplotlib: pip install 'gradlings[plots]'\n",
    )


def test_without_several_sizes_there_is_nothing_to_draw(desk):
    result = desk.write(RIGHT)("speed", "--plot", "growth.png")
    assert "nothing to draw" in result.stderr
    assert not (desk.workspace / "growth.png").exists()

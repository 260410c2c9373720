"""Whose functions an exercise runs on: the learner's where they pass, else the published ones; and that it is told."""

import json
import subprocess
import sys

import pytest

from grader.app import Request
from tests.lending.conftest import FILES

WRONG = {
    "double": ("return x * _two()", "return x * 3"),
    "shift": ("return x + ONE", "return x - ONE"),
    "twice": ("return double(double(x))", "return double(x)"),
}


@pytest.fixture(params=["numpy", "torch"])
def graded(request, built, cache, tmp_path):
    """Grade a submission whose functions are right but for these."""

    def run(*wrong, without=(), own_only=False, targets=("top",), flat=False):
        root = tmp_path / "submission"
        for name, text in FILES.items():
            text = text.format(library=request.param, backend=request.param)
            for function in wrong:
                text = text.replace(*WRONG[function])
            path = root / (f"{name}_{request.param}.py" if flat else f"{name}/{name}_{request.param}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            if name not in without:
                path.write_text(text)
        wanted = Request(
            targets=tuple(one.format(root=root, backend=request.param) for one in targets),
            submission=root,
            backend=request.param,
            cache=cache,
            own_only=own_only,
        )
        report = built.app().grade(wanted)
        return next(one for one in report.exercises if one.name == "top")

    return run


def used(result):
    return {one.task: one.by for one in result.uses}


def statuses(result):
    return {task.name: task.status for task in result.tasks}


@pytest.mark.parametrize("flat", [False, True])
def test_ones_own_functions_are_used_where_they_pass(graded, flat):
    result = graded(flat=flat)
    assert used(result) == {"middle.twice": "own", "ground.shift": "own"}
    assert statuses(result) == {"whole": "passed", "half": "passed"}


def test_a_file_that_is_named_by_its_path_finds_the_others_beside_it(graded):
    result = graded(targets=["{root}/top/top_{backend}.py"])
    assert used(result) == {"middle.twice": "own", "ground.shift": "own"}


@pytest.mark.parametrize(
    ("wrong", "by"),
    [
        ("shift", {"middle.twice": "own", "ground.shift": "library"}),
        ("twice", {"middle.twice": "library", "ground.shift": "own"}),
        # twice itself is right where it runs on the published double
        ("double", {"middle.twice": "own", "ground.shift": "own"}),
    ],
)
def test_the_published_function_is_used_where_ones_own_does_not_pass(graded, wrong, by):
    result = graded(wrong)
    assert used(result) == by
    assert statuses(result) == {"whole": "passed", "half": "passed"}


def test_what_is_not_there_is_not_used(graded):
    assert used(graded(without=["ground"])) == {"middle.twice": "own", "ground.shift": "library"}


def test_a_run_that_counts_uses_nothing_published(graded):
    assert statuses(graded(own_only=True)) == {"whole": "passed", "half": "passed"}
    result = graded("shift", own_only=True)
    assert used(result) == {"middle.twice": "own", "ground.shift": "missing"}
    assert statuses(result) == {"whole": "failed", "half": "passed"}
    reason = next(check.reason for check in result.tasks[0].checks if check.status == "failed")
    assert "ground.shift does not pass, and a run that counts uses your own functions only: write it first" in reason


def test_a_run_that_counts_uses_nothing_published_below_either(graded):
    result = graded("double", own_only=True)
    assert used(result) == {"middle.twice": "missing", "ground.shift": "own"}


def test_what_the_run_has_judged_is_not_judged_again(graded, monkeypatch):
    from grader.session import Session

    seen = []
    grade = Session.grade

    def spied(self, submitted, tasks):
        seen.extend(f"{self._oracle.loaded.name}.{task.name}" for task in tasks)
        return grade(self, submitted, tasks)

    monkeypatch.setattr(Session, "grade", spied)
    graded(targets=())
    assert sorted(seen) == ["ground.double", "ground.shift", "middle.twice", "top.half", "top.whole"]


def test_helpers_beside_ones_own_functions_are_found(built, cache, tmp_path):
    root = tmp_path / "submission"
    for name, text in FILES.items():
        path = root / name / f"{name}_numpy.py"
        path.parent.mkdir(parents=True)
        path.write_text(text.format(library="numpy", backend="numpy"))
    ground = root / "ground" / "ground_numpy.py"
    ground.write_text(
        ground.read_text().replace("x + ONE", "x + helper.ONE").replace("import math", "import helper, math")
    )
    (root / "ground" / "helper.py").write_text("ONE = 1.0\n")
    report = built.app().grade(Request(targets=("top",), submission=root, backend="numpy", cache=cache))
    assert used(report.exercises[0]) == {"middle.twice": "own", "ground.shift": "own"}
    assert statuses(report.exercises[0]) == {"whole": "passed", "half": "passed"}


def test_the_report_says_whose_functions_were_used(built, cli, cache, tmp_path):
    solutions = built.root / "solutions"
    ground = solutions / "ground" / "ground_numpy.py"
    arguments = ("grade", "top:numpy", "--submission", str(solutions), "--course", str(built.root), "--no-speed")
    text = cli(*arguments).output
    assert "top:numpy runs on your own middle.twice, ground.shift\n" in text
    submission = tmp_path / "mine"
    (submission / "top").mkdir(parents=True)
    (submission / "top" / "top_numpy.py").write_text((solutions / "top" / "top_numpy.py").read_text())
    (submission / "ground").mkdir()
    (submission / "ground" / "ground_numpy.py").write_text(ground.read_text())
    arguments = ("grade", "top:numpy", "--submission", str(submission), "--course", str(built.root), "--no-speed")
    text = cli(*arguments).output
    assert "top:numpy runs on your own ground.shift, and on the course's middle.twice\n" in text
    report = json.loads(cli(*arguments, "--format", "json").output)
    assert [(one["task"], one["by"]) for one in report["exercises"][0]["uses"]] == [
        ("middle.twice", "library"),
        ("ground.shift", "own"),
    ]


def test_the_debugged_script_runs_on_the_same_functions(built, cli, tmp_path):
    root = tmp_path / "mine"
    for name, text in FILES.items():
        text = text.format(library="numpy", backend="numpy").replace("shift(twice(x))", "shift(twice(x)) + 1")
        path = root / name / f"{name}_numpy.py"
        path.parent.mkdir(parents=True)
        path.write_text(text.replace(*WRONG["twice"]).replace("x + ONE", "(print('my own shift'), x + ONE)[1]"))
    script = tmp_path / "script.py"
    arguments = ("debug", "top.whole:numpy", "--submission", str(root), "--course", str(built.root))
    assert cli(*arguments, "--script", str(script)).exit_code == 0
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True).stdout
    got, expected = (line.split()[1] for line in ran.splitlines() if line.startswith(("got", "expected")))
    assert "my own shift" in ran
    assert got != expected
    assert "top.whole:numpy fails the check values" in ran

"""Whole trainings: what passes, what does not and why, and what they are judged beside."""

import json

import pytest

from grader.app import Request
from grader.errors import PluginError
from tests.training.conftest import SOLUTION

CHANGES = {
    "fewer": ("for step in range(steps):", "for step in range(min(steps, 20)):"),
    "slower": ("weights - 0.1", "weights - (0.1 if steps < 9 else 0.02)"),
    "diverging": ("weights - 0.1", "weights - (0.1 if steps < 9 else 9.0)"),
    "spoilt": ("return np.stack(losses), weights", "return np.stack(losses), weights + (0 if steps < 9 else 1)"),
    "alone": (
        "return np.stack(losses), weights",
        "return (np.stack(losses), weights) if steps < 9 else np.stack(losses)",
    ),
    "shapeless": ("return np.stack(losses), weights", "return np.stack(losses), weights[:2] if steps > 9 else weights"),
    "worded": ("return np.stack(losses), weights", "return np.stack(losses), weights if steps < 9 else 'weights'"),
    "raising": ("losses = []", "losses = [][steps // 9 :]\n    if steps > 9: raise ValueError('too many')"),
    "endless": ("losses = []", "losses = []\n    while steps > 9: pass"),
    "forged": (
        "return np.stack(losses), weights",
        "return np.stack(losses), weights if steps < 9 else np.zeros(3, dtype=x.dtype)",
    ),
}
REASONS = {
    "fewer": "returns 20 losses for 50 steps",
    "slower": "the loss of step 2 of 50 is",
    "diverging": "the loss of step 2 of 50 is",
    "spoilt": "mse of what was trained is",
    "alone": "while it was trained: does not return (losses, weights)",
    "shapeless": "while it was trained: the weights that it returns cannot be used: ",
    "worded": "while it was trained: the weights that it returns are no arrays",
    "raising": "while it was trained: raises ValueError: too many",
    "endless": "while it was trained: raises TimedOut: ",
    "forged": "mse of what was trained is",
}


@pytest.fixture(params=["numpy", "torch"])
def fit(request, line, cache, tmp_path):
    """Grade a submission, changed as said; return the task's result."""

    def run(change=None, *, full=True, course=line):
        text = SOLUTION.format(backend=request.param).replace(*CHANGES.get(change, ("", "")))
        path = tmp_path / f"line_{request.param}.py"
        path.write_text(text)
        wanted = Request(targets=(f"line.fit:{request.param}",), submission=path, cache=cache, full=full)
        report = course.app().grade(wanted)
        return report.exercises[0].tasks[0]

    return run


def training_of(task):
    return next(one for one in task.checks if one.check == "training")


def test_the_reference_passes(fit):
    task = fit()
    assert task.status == "passed"
    assert training_of(task).measured.losses == pytest.approx(training_of(task).measured.reference)
    assert training_of(task).measured.score == pytest.approx(training_of(task).measured.reference_score)


def test_it_is_left_out_unless_asked_for(fit):
    task = fit("spoilt", full=False)
    assert task.status == "passed"
    assert not training_of(task).wanted
    assert training_of(task).reason == "whole trainings are left out: add --full"


@pytest.mark.parametrize("change", REASONS)
def test_what_trains_otherwise_fails_and_says_why(fit, change):
    task = fit(change)
    assert task.status == "failed"
    assert training_of(task).status == "failed"
    assert training_of(task).reason.startswith(REASONS[change])


def test_what_is_wrong_on_small_cases_is_not_trained(fit, monkeypatch):
    from grader.training import Trainer

    monkeypatch.setattr(Trainer, "train", lambda *_: pytest.fail("was trained"))
    monkeypatch.setitem(CHANGES, "wrong", ("weights - 0.1", "weights - 0.2"))
    task = fit("wrong")
    assert training_of(task).reason == "waits for values"


def test_a_recorded_curve_spares_the_references_training(fit, line, cli, monkeypatch):
    assert cli("plugin", "curves", "line", "--course", str(line.root)).exit_code == 0
    from grader.training import Trainer

    monkeypatch.setattr(Trainer, "reference", lambda *_: pytest.fail("the reference was trained"))
    assert fit().status == "passed"


def test_a_record_of_other_data_is_not_used(fit, line, cli):
    assert cli("plugin", "curves", "line", "--course", str(line.root)).exit_code == 0
    record = line.root / "solutions" / "line" / "curves.json"
    record.write_text(record.read_text().replace('"score": 0', '"score": 9'))
    plugin = line.root / "plugins" / "demo.py"
    plugin.write_text(plugin.read_text().replace("points(64, 1)", "points(64, 3)"))
    assert training_of(fit()).measured.reference_score < 1


def test_curves_are_recorded_and_checked(line, cli):
    course = ("--course", str(line.root))
    missing = cli("plugin", "curves", "--check", *course)
    assert missing.exit_code == 1
    assert "curves.json is missing: run `grader plugin curves line" in missing.output
    assert "wrote" in cli("plugin", "curves", *course).output
    assert cli("plugin", "curves", "--check", *course).output == "all curves are up to date\n"
    record = line.root / "solutions" / "line" / "curves.json"
    curves = json.loads(record.read_text())
    assert sorted(curves) == ["fit:numpy", "fit:torch"]
    curves["fit:torch"]["losses"][7] *= 1.5
    record.write_text(json.dumps(curves))
    changed = cli("plugin", "curves", "--check", *course)
    assert changed.exit_code == 1
    assert "does not agree with the reference's training: fit:torch" in changed.output


def test_a_reference_that_trains_nothing_is_the_plugins_fault(line, cache):
    path = line.root / "solutions" / "line" / "line_numpy.py"
    path.write_text(path.read_text().replace(*CHANGES["alone"]))
    submission = line.write("mine/line_numpy.py", SOLUTION.format(backend="numpy"))
    report = line.app().grade(Request(targets=("line.fit:numpy",), submission=submission, cache=cache, full=True))
    task = report.exercises[0].tasks[0]
    assert task.status == "error"
    assert "the training of line.fit: does not return (losses, weights)" in training_of(task).reason


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('scored_by="mse"', 'scored_by="rmse"'), "is scored by 'rmse', which is no task of this exercise"),
        (("band=0.05", "band=0.0"), "needs a positive band and timeout"),
        (("margin=0.02", "margin=-1"), "a margin that is not negative"),
    ],
)
def test_an_impossible_training_is_refused(line, change, sentence):
    path = line.root / "plugins" / "demo.py"
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(PluginError, match=sentence):
        line.app()


def test_it_stands_in_table_and_json(line, cli, tmp_path):
    arguments = (
        "grade",
        "line:numpy",
        "--submission",
        str(line.root / "solutions"),
        "--course",
        str(line.root),
        "--full",
    )
    assert "passed trained: 0.0" in cli(*arguments).output
    report = json.loads(cli(*arguments, "--format", "json").output)
    training = next(one for one in report["exercises"][0]["tasks"][1]["checks"] if one["name"] == "training")[
        "training"
    ]
    assert len(training["losses"]) == len(training["reference_losses"]) == 50
    assert training["score"] == pytest.approx(training["reference_score"])


def test_losses_that_are_no_numbers_are_valid_json(line, cli):
    path = line.write("mine/line_numpy.py", SOLUTION.format(backend="numpy").replace(*CHANGES["diverging"]))
    arguments = (
        "grade",
        "line:numpy",
        "--submission",
        str(path),
        "--course",
        str(line.root),
        "--full",
        "--format",
        "json",
    )
    text = cli(*arguments).output
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))

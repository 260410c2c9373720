"""The commands: what they say, where they say it, and with which exit code they end."""

import re

import pytest

from grader import __version__
from tests.cli.conftest import RIGHT, WRONG
from tests.conftest import NUMPY


def test_a_right_file_ends_with_0_and_a_wrong_one_with_1(desk):
    assert desk.write(RIGHT)("grade").exit_code == 0
    result = desk.write(WRONG)("grade")
    assert result.exit_code == 1
    assert "You forgot to add one" in result.stdout
    assert "next: grader debug demo.scale:numpy" in result.stdout
    assert result.stderr == ""


def test_an_unattempted_task_is_told_from_a_wrong_one(desk):
    stub = (desk.root / "exercises" / "demo" / "demo_numpy.py").read_text()
    result = desk.write(stub)("grade")
    assert result.exit_code == 1
    assert "unattempted" in result.stdout
    assert "failed" not in result.stdout
    assert "next: write demo.scale in exercises/demo/demo_numpy.py" in result.stdout


def test_a_broken_plugin_ends_with_3_and_a_sentence(desk):
    (desk.root / "plugins" / "demo.py").write_text("raise RuntimeError('broken')\n")
    result = desk.write(RIGHT)("grade")
    assert result.exit_code == 3
    assert result.stderr.startswith("grader: ")
    assert "broken" in result.stderr
    assert "Traceback" not in result.output


def test_a_crash_in_a_plugins_cases_is_an_error_and_not_the_learners(desk):
    plugin = (desk.root / "plugins" / "demo.py").read_text()
    (desk.root / "plugins" / "demo.py").write_text(plugin.replace('"large")', '"no such fill")'))
    result = desk.write(RIGHT)("grade")
    assert result.exit_code == 3
    assert "no fill named 'no such fill'" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("demmo",), "demmo: no exercise is called 'demmo'; did you mean demo?"),
        (("demo.skale",), "demo.skale: no task of demo is called 'skale'; did you mean scale?"),
        (("demo:nunpy",), "demo:nunpy: no backend is called 'nunpy'; did you mean numpy?"),
        (("zzz",), "zzz: no exercise is called 'zzz'; there are demo"),
        (("exercises/demo/other_numpy.py",), "no exercise's file is called 'other_numpy.py'"),
        (("--backend", "jax"), "no backend is called 'jax'; there are numpy, torch"),
        (("--device", "tpu"), "no device is called 'tpu'; choose one of auto, cpu, cuda, mps, xpu"),
        (("--device", "cuda"), "--device cuda"),
        (("--format", "pdf"), "no format is called 'pdf'; there are table, json"),
        (("--submission", "nowhere"), "nowhere does not exist"),
        (("exercises/demo/../demo_numpy.py",), "cannot be read: No such file or directory"),
    ],
)
def test_what_is_not_there_is_a_sentence_and_ends_with_2(desk, args, text):
    result = desk.write(RIGHT)("grade", *args)
    assert result.exit_code == 2
    assert text in result.stderr
    assert result.stderr.startswith("grader: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("args", [("--seed", "x"), ("--no-such-option",)])
def test_a_wrong_option_ends_with_2(desk, args):
    assert desk.write(RIGHT)("grade", *args).exit_code == 2


def test_nothing_to_grade_ends_with_2_and_never_with_0(desk):
    assert "there is no folder exercises/ here or above" in desk("grade").stderr
    assert desk("grade").exit_code == 2
    (desk.workspace / "exercises").mkdir()
    result = desk("grade")
    assert result.exit_code == 2
    assert "exercises holds none of the files to grade, such as demo_numpy.py" in result.stderr
    result = desk("grade", "demo")
    assert result.exit_code == 2
    assert "holds no demo_numpy.py" in result.stderr


def test_a_wrong_command_names_the_nearest(cli):
    result = cli("grad")
    assert result.exit_code == 2
    assert "Did you mean 'grade'?" in result.stderr


def test_a_submission_may_be_a_folder_a_flat_folder_or_a_file(desk, tmp_path):
    desk.write(RIGHT)
    flat = tmp_path / "flat"
    flat.mkdir()
    (flat / "demo_numpy.py").write_text(RIGHT)
    for place in (desk.workspace, desk.workspace / "exercises", flat, flat / "demo_numpy.py"):
        result = desk("grade", "--submission", place)
        assert (result.exit_code, "1 of 1 tasks passed" in result.stdout) == (0, True), result.output


def test_a_target_may_be_the_path_of_a_file(desk):
    assert desk.write(WRONG)("grade", "exercises/demo/demo_numpy.py").exit_code == 1
    assert desk.write(RIGHT)("grade", desk.file).exit_code == 0


def test_two_files_given_by_path_are_both_graded(desk, tmp_path):
    desk.write(RIGHT)
    other = tmp_path / "other" / "demo_numpy.py"
    other.parent.mkdir()
    other.write_text(WRONG)
    result = desk("grade", desk.file, other, "--format", "json")
    assert result.exit_code == 1
    assert str(desk.file) in result.stdout
    assert str(other) in result.stdout


def test_the_seed_is_in_the_report_and_draws_other_cases(desk):
    assert '"seed": 7' in desk.write(RIGHT)("grade", "--seed", "7", "--format", "json").stdout


def test_a_report_is_written_whole_or_not_at_all(desk, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    result = desk.write(WRONG)("grade", "--format", "json", "--output", folder / "report.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [path.name for path in folder.iterdir()] == ["report.json"]
    assert desk("grade", "--output", folder / "report.json").exit_code == 1
    assert "points" in (folder / "report.json").read_text()


@pytest.mark.parametrize("place", ["missing/report.json", "folder", "file/report.json"])
def test_an_output_that_cannot_be_written_ends_with_2_and_leaves_nothing(desk, tmp_path, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    before = sorted(
        path for path in tmp_path.rglob("*") if "workspace" not in path.parts and "course" not in path.parts
    )
    result = desk.write(RIGHT)("grade", "--output", tmp_path / place)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    after = sorted(path for path in tmp_path.rglob("*") if "workspace" not in path.parts and "course" not in path.parts)
    assert after == before
    assert (tmp_path / "file").read_text() == "kept"


def test_list_shows_every_task_with_backends_minutes_and_points(cli, desk):
    result = desk("list")
    assert result.exit_code == 0
    assert re.search(r"demo\.scale +numpy +10 +1", result.stdout)
    builtin = cli("list").stdout
    assert "activation.relu" in builtin
    assert "activation.tanh *" in builtin


def test_the_command_alone_says_where_one_is_and_what_is_next(cli, tmp_path):
    assert "There is no folder exercises/ here or above" in cli(cwd=tmp_path).stdout
    folder = tmp_path / "exercises" / "arrays"
    folder.mkdir(parents=True)
    result = cli(cwd=tmp_path)
    assert result.exit_code == 0
    assert "0 of " in result.stdout
    assert "next: arrays.divide_by_sum:numpy" in result.stdout
    (folder / "arrays_numpy.py").write_text(
        "def divide_by_sum(x, axis=-1):\n    return x / x.sum(axis, keepdims=True)\n"
    )
    result = cli(cwd=tmp_path)
    assert "1 of " in result.stdout
    assert "next: arrays.pick:numpy" in result.stdout


def test_plugin_check_proves_a_sound_course_and_names_what_is_wrong(desk):
    desk.write(RIGHT)
    result = desk("plugin", "check", "demo")
    assert "demo: sound" in result.stdout, result.output
    assert result.exit_code == 0
    (desk.root / "exercises" / "demo" / "demo_numpy.py").write_text(NUMPY)
    result = desk("plugin", "check", "demo")
    assert result.exit_code == 1
    assert "demo: sound" not in result.stdout


def test_plugin_stubs_writes_them_and_check_finds_a_stale_one(desk):
    stub = desk.root / "exercises" / "demo" / "demo_numpy.py"
    good = stub.read_text()
    assert "all stubs are up to date" in desk("plugin", "stubs").stdout
    stub.write_text("stale\n")
    result = desk("plugin", "stubs", "--check")
    assert result.exit_code == 1
    assert "is stale" in result.stdout
    assert stub.read_text() == "stale\n"
    assert desk("plugin", "stubs").exit_code == 0
    assert stub.read_text() == good


def test_doctor_finds_this_machine_fit(cli):
    result = cli("doctor")
    assert result.exit_code == 0
    assert re.search(r"ok +a right answer +passes", result.stdout)
    assert re.search(r"ok +a wrong answer +fails", result.stdout)
    assert "NO " not in result.stdout


@pytest.mark.parametrize(
    "name", ["grade", "speed", "debug", "list", "doctor", "plugin", "plugin check", "plugin stubs"]
)
def test_every_command_explains_itself(cli, name):
    result = cli(*name.split(), "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: grader {name}")
    assert name.split()[0] in cli("--help").stdout


def test_the_version_is_the_packages(cli):
    assert __version__ in cli("--version").stdout


@pytest.mark.parametrize(("low", "high", "word"), [(0.96, 1.04, "ok"), (1.3, 1.5, "--"), (0.5, 2.0, "--")])
def test_doctor_says_whether_speeds_can_be_judged(cli, monkeypatch, low, high, word):
    from grader.ratio import Ratio
    from grader.speed.race import Outcome
    from grader.speed.stopwatch import Stopwatch

    ratio = Ratio(value=1.0, low=low, high=high, pairs=6)
    monkeypatch.setattr(Stopwatch, "control", lambda *_: Outcome(ratio=ratio, seconds=0.001))
    result = cli("doctor")
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "against itself" in line)
    assert line.startswith(word)
    assert ("too noisy to judge speed" in " ".join(result.stdout.split())) is (word == "--")

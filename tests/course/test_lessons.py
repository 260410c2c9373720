"""The numbers in lessons, solutions and stubs are true, and a stub runs as a file."""

import doctest
import importlib.util
import re
import subprocess
import sys

import pytest

from grader.app import make_app
from tests.conftest import ROOT

LESSONS = sorted(ROOT.glob("exercises/*/README.md")) + sorted(ROOT.glob("docs/example/exercises/*/README.md"))
SOLUTIONS = sorted(path for path in ROOT.glob("solutions/*/*.py") if path.stem.rpartition("_")[0] == path.parent.name)
LIBRARIES = sorted(ROOT.glob("exercises/*/*_library_*.py"))
STUBS = sorted({*ROOT.glob("exercises/*/*.py")} - {*LIBRARIES})
EXERCISES = {name: loaded.exercise for name, loaded in make_app(installed=False).exercises.items()}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_the_examples_of_a_lesson_are_true(path):
    failed, tried = doctest.testfile(str(path), module_relative=False)
    assert failed == 0
    assert tried > 5 or path.is_relative_to(ROOT / "docs")


def lesson(name):
    return (ROOT / "exercises" / name / "README.md").read_text()


def named(text):
    return EXERCISES.keys() & re.findall(r"`(\w+)`", text)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_lesson_names_what_comes_before_it_and_where_to_go_next(name):
    order = [*EXERCISES]
    later = {*order[order.index(name) + 1 :]}
    assert named(lesson(name)) >= {*EXERCISES[name].after}
    assert any(name in named(lesson(one)) for one in later) or not later
    ending = lesson(name).partition("\n## What comes next\n")[2].partition("\n## ")[0]
    assert ending
    assert named(ending) & later or not later


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_the_examples_of_a_solution_are_true(path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "exercises" / path.parent.name)  # where the library of earlier functions lies
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    failed, tried = doctest.testmod(module)
    tasks = [name for name, value in vars(module).items() if callable(value) and value.__module__ == path.stem]
    assert failed == 0
    assert tried >= len([name for name in tasks if not name.startswith("_")])


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda path: path.stem)
def test_the_examples_of_a_library_are_true(path):
    done = subprocess.run([sys.executable, "-m", "doctest", str(path)], capture_output=True, text=True)
    assert done.stdout + done.stderr == ""
    assert path.read_text().count(">>>") > 1


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_a_stub_runs_and_says_of_each_task_that_it_is_not_written_yet(path):
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    assert done.returncode == 0
    tasks = re.findall(r"^(?:def|class) ([A-Za-z]\w*)", path.read_text(), re.MULTILINE)
    said = [line for line in done.stdout.splitlines() if not line.startswith("_")]
    assert said == [f"{task}: not written yet" for task in tasks]


@pytest.mark.parametrize(
    ("old", "new", "says"), [("", "", r"mse_loss: \d examples agree"), ("mean", "sum", "Expected")]
)
def test_a_written_stub_says_whether_its_examples_agree(tmp_path, old, new, says):
    stub = (ROOT / "exercises/loss/loss_numpy.py").read_text()
    footer = stub[stub.index('if __name__ == "__main__"') :]
    solved = tmp_path / "loss_numpy.py"
    solution = (ROOT / "solutions/loss/loss_numpy.py").read_text()
    solved.write_text(solution.replace(f".{old}(", f".{new}(") + "\n\n" + footer)
    done = subprocess.run([sys.executable, str(solved)], capture_output=True, text=True)
    assert re.search(says, done.stdout)
    assert ("disagrees" in done.stdout) is bool(old)

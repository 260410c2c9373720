"""The wheel: one top-level package, the course inside it, the same cases as in the repository, and it grades."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

DIGEST = """
import hashlib, json
from grader.app import make_app
from grader.drawing import all_cases
total = hashlib.sha256()
for loaded in make_app(installed=False).exercises.values():
    for task in loaded.exercise.tasks:
        for case in all_cases(task, f"{loaded.name}.{task.name}", 0):
            for value in case.args:
                total.update(value.tobytes() if hasattr(value, "tobytes") else repr(value).encode())
import grader
print(json.dumps({"digest": total.hexdigest(), "where": grader.__file__}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_in(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run Python with the unpacked wheel first on the path, away from the repository."""
    env = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stdout


def test_the_wheel_installs_one_top_level_package_with_the_course_in_it(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"grader"}
    for name in (
        "grader/course/plugins/activation.py",
        "grader/course/solutions/loss/mistakes_torch.py",
        "grader/course/exercises/loss/README.md",
        "grader/course/exercises/data/alice.txt",
        "grader/course/exercises/data/digits.npz",
        "grader/course/exercises/data/elnino.csv",
        "grader/course/exercises/activation/activation_torch.py",
        "grader/report.schema.json",
        "grader/worker/__main__.py",
    ):
        assert name in names


def test_cases_are_the_same_from_the_wheel_and_from_the_repository(unpacked: Path):
    installed = json.loads(run_in(unpacked, "-c", DIGEST))
    editable = json.loads(run_in(ROOT, "-c", DIGEST))
    assert installed["where"].startswith(str(unpacked))
    assert editable["where"].startswith(str(ROOT))
    assert installed["digest"] == editable["digest"]


def test_an_installed_wheel_grades(unpacked: Path):
    submission = unpacked / "grader" / "course" / "solutions"
    output = run_in(unpacked, "-m", "grader", "grade", "loss.mse_loss:numpy", "--submission", str(submission))
    assert "1 of 1 tasks passed" in output


def test_the_digits_come_from_the_wheel(unpacked: Path):
    script = "import grader.datasets as d; print(len(d.digits().train.x), d.__file__)"
    count, where = run_in(unpacked, "-c", script).split()
    assert count == "1438"
    assert where.startswith(str(unpacked))

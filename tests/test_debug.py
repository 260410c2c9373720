"""The smallest failing case as a script: gradients, several arguments, and tasks with a driver."""

import subprocess
import sys

import pytest

from grader.debug import script_of
from tests.conftest import only_task
from tests.worker import test_drivers as drivers
from tests.worker import test_gradients as gradients


def run(report, tmp_path) -> str:
    """Run the script of a report's first failure and return what it prints."""
    assert only_task(report).status == "failed"
    script = tmp_path / "case.py"
    script.write_text(script_of(report))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("old", ["product + bias", "a * b**power"])
def test_gradients_of_tuples_and_absent_arguments_are_repeated(course, grade, tmp_path, old):
    made = course(plugin=gradients.PLUGIN, numpy=gradients.NUMPY, torch=gradients.TORCH, alternatives="")
    wrong = gradients.TORCH.replace(old, old + " + a.exp() - a.exp().detach()")
    printed = run(grade("demo.mix:torch", wrong, app=made.app()), tmp_path)
    assert "\ngot      (tensor(" in printed
    assert "\nexpected ((tensor(" in printed


def test_a_driver_travels_into_the_script(course, grade, tmp_path):
    made = course(
        plugin=drivers.PLUGIN, numpy=drivers.HEAD + drivers.COUNTER, torch="", alternatives="", mistakes="", stubs=False
    )
    wrong = drivers.COUNTER.replace("self.total + step", "self.total - step")
    got, expected = run(grade("demo.Counter:numpy", wrong, app=made.app()), tmp_path).splitlines()[-2:]
    assert got.startswith("got      (")
    assert got.removeprefix("got      ") != expected.removeprefix("expected ")

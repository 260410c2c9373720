"""What must not have been imported: implicit parent imports are invisible to the import linter."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

SCRIPT = """
import sys
from click.testing import CliRunner
from grader.cli import main
result = CliRunner().invoke(main, {arguments!r})
assert result.exit_code == {code}, result.output
print(" ".join(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def modules_after(arguments: list[str], code: int = 0) -> set[str]:
    """Return the top-level modules that a command has imported."""
    script = SCRIPT.format(arguments=arguments, code=code)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_help_imports_click_only():
    assert not modules_after(["--help"]) & {"numpy", "torch", "hypothesis", "tabulate", "pluggy"}


def test_list_imports_neither_numpy_nor_torch_nor_hypothesis():
    found = modules_after(["list"])
    assert {"pluggy", "tabulate"} <= found
    assert not found & {"numpy", "torch", "hypothesis"}


@pytest.mark.parametrize("target", ["activation.relu:numpy", "activation.relu:torch"])
def test_grading_never_imports_torch_into_the_grader(target):
    found = modules_after(["grade", target, "--submission", "solutions"])
    assert "numpy" in found
    assert "torch" not in found
    assert "activation_numpy" not in found
    assert "activation_torch" not in found


def test_grading_numpy_code_starts_no_process_with_torch(grade):
    text = """
    import sys
    import numpy as np
    def relu(x):
        assert "torch" not in sys.modules
        return np.maximum(x, 0)
    """
    report = grade("activation.relu:numpy", text)
    assert report.statuses == {"passed"}

"""How long grading takes: against pytest making the same number of calls, and against importing torch.

Correctness only: a verdict on speed takes a second or two, whatever the grader does; see ``speed_trust.py``. *Cold* is
without the cache of cases and right answers, *warm* with it.
"""

import shutil
import tempfile
from pathlib import Path

from paired import ROOT, command_seconds, grader, paired, python, report, row

PYTEST = """
import sys

import numpy as np
import pytest

sys.path.insert(0, {folder!r})
import activation_numpy as answers

X = np.arange(-6.0, 6.0).reshape(3, 4)


@pytest.mark.parametrize("name", {names!r})
def test_calls(name):
    function = getattr(answers, name)
    arguments = (X, X) if name.endswith("_backward") and "logsumexp" not in name else (X,)
    if name == "logsumexp_backward":
        arguments = (X[:, 0], X)
    for _ in range({calls}):
        assert np.all(np.isfinite(function(*arguments)))
"""
# Each task is called on about 107 cases in float64, in float32, and in reverse order.
CALLS = 3 * 107
FEW = ("activation", "loss")
MANY = (*FEW, "backprop", "optimizer", "conv", "rnn", "attention")  # the limits are for these, not for the whole course


def task_names() -> list[str]:
    from grader.app import make_app

    tasks = make_app().exercises["activation"].exercise.tasks
    return [task.name for task in tasks if "numpy" in task.backends]


def grading(names: tuple[str, ...]) -> str:
    return f"grade {' '.join(names)}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder) / "test_calls.py"
        solutions = ROOT / "solutions" / "activation"
        test.write_text(PYTEST.format(folder=str(solutions), names=task_names(), calls=CALLS))
        cache = Path(folder) / "cache"
        env = {"GRADLINGS_CACHE": str(cache)}

        def numpy_only() -> float:
            return command_seconds(grader("grade", "activation:numpy", "--submission", "solutions", "--no-speed"), env)

        def warm(*names: str) -> float:
            return command_seconds(grader("grade", *names, "--submission", "solutions", "--no-speed"), env)

        def cold(*names: str) -> float:
            shutil.rmtree(cache, ignore_errors=True)
            return warm(*names)

        def pytest() -> float:
            return command_seconds(python(f"import pytest, sys; sys.exit(pytest.main(['-q', {str(test)!r}]))"))

        def torch() -> float:
            return command_seconds(python("import torch"))

        rows = [
            row(
                "grade activation:numpy, warm",
                "pytest, the same number of calls",
                2.0,
                paired(numpy_only, pytest, 9),
            ),
            row(f"{grading(FEW)}, cold", "import torch", 8.0, paired(lambda: cold(*FEW), torch, 3)),
            row(f"{grading(FEW)}, warm", "import torch", 4.0, paired(lambda: warm(*FEW), torch, 5)),
            row(f"{grading(MANY)}, cold", "import torch", 20.0, paired(lambda: cold(*MANY), torch, 3)),
            row(f"{grading(MANY)}, warm", "import torch", 8.0, paired(lambda: warm(*MANY), torch, 5)),
        ]
    report(rows)


main()

"""What grading a whole training costs beside the training itself: one line of JSON for each exercise and backend.

The training itself is the solution's function in a plain process of one thread, on the same inputs, timed inside. The
grading is what the report says of its check ``training``: inputs, the wall, the reference's recorded curve and score.
A ratio over its limit ends the benchmark with 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from paired import ROOT, command_seconds, grader, paired, row
from training import solution

from grader.app import make_app

LIMIT = 1.3
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="exercises; by default all that train")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(trained(*options.names))
        return 0
    rows = [measured(*one, options.repeats) for one in trainings(options.names)]
    return 0 if all(one["kept"] for one in rows) else 1


def trainings(names: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield exercise, task and backend of everything that trains."""
    for name, loaded in make_app(installed=False).exercises.items():
        for task in loaded.exercise.tasks:
            if task.training is not None and (not names or name in names):
                yield from ((name, task.name, backend) for backend in task.backends)


def measured(name: str, task: str, backend: str, repeats: int) -> dict[str, object]:
    """Measure one training in turn with its grading, and print the line."""
    figures = paired(lambda: graded(name, task, backend), lambda: alone(name, task, backend), repeats)
    found = row(f"grade {name}.{task}:{backend} --full", "the training itself", LIMIT, figures)
    print(json.dumps(found), flush=True)
    return found


def graded(name: str, task: str, backend: str) -> float:
    """Return the seconds of the check ``training`` where the solution is graded."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        target = f"{name}.{task}:{backend}"
        asked = ("--submission", "solutions", "--full", "--no-speed", "--format", "json", "--output", str(output))
        command_seconds(grader("grade", target, *asked))
        report = json.loads(output.read_text())
    checks = [one for exercise in report["exercises"] for graded in exercise["tasks"] for one in graded["checks"]]
    return next(float(one["seconds"]) for one in checks if one["name"] == "training")


def alone(name: str, task: str, backend: str) -> float:
    """Return the seconds of the training in a process of its own."""
    command = ["env", *(f"{key}={value}" for key, value in ONE_THREAD.items()), sys.executable, __file__]
    command += ["--alone", name, task, backend]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout)


def trained(name: str, task: str, backend: str) -> float:
    """Train with the solution in this process, and return how long that took."""
    declared = make_app(installed=False).exercises[name].exercise.tasks
    training = next(one.training for one in declared if one.name == task)
    function, args = getattr(solution(f"{name}_{backend}"), task), training.inputs()
    if backend == "torch":
        args = tensors(args)
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start


def tensors(value: Any) -> Any:
    import numpy as np
    import torch

    torch.set_num_threads(1)
    if isinstance(value, tuple):
        return tuple(map(tensors, value))
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value


if __name__ == "__main__":
    sys.exit(main())

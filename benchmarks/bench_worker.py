"""What the wall costs: a fresh child with torch, and a hundred small cases against calling the function directly."""

import importlib.util
import json
import statistics
import sys
import time

from grader.app import make_app
from grader.cache import Cache
from grader.calls import Call, Program
from grader.evidence import Probe
from grader.oracle import Oracle, call_of
from grader.sandbox import Sandbox

REPEATS = 30
LIMITS = {"warm_child_ms": 20.0, "hundred_cases_extra_ms": 10.0}


def milliseconds(function) -> float:
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


def warm_child(app, sandbox) -> float:
    """Fork, load the solutions, and hold the first answer."""
    backend = app.backends["torch"]
    source = app.exercises["activation"].reference("torch")
    oracle = Oracle(app.exercises["activation"], backend, sandbox, Cache(None))
    task = oracle.tasks()[0]
    case = oracle.truth(task, Probe(dtype="float32")).args[0]
    call = Call(function=task.name, cases=[case])

    def first_answer() -> float:
        with Program(sandbox, backend, source) as program:
            return milliseconds(lambda: program.call(call))

    first_answer()
    return statistics.median(first_answer() for _ in range(REPEATS))


def hundred_cases(app, sandbox) -> tuple[float, float]:
    """Return the time of one frame of about a hundred cases, and of the same calls in this process."""
    backend = app.backends["numpy"]
    loaded = app.exercises["activation"]
    oracle = Oracle(loaded, backend, sandbox, Cache(None))
    task = next(one for one in oracle.tasks() if one.name == "softmax")
    truth = oracle.truth(task, Probe(dtype="float64"))
    call = call_of(task, task.name, Probe(dtype="float64"), truth)
    spec = importlib.util.spec_from_file_location("direct", loaded.solution_path("numpy"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, task.name)
    with Program(sandbox, backend, loaded.reference("numpy")) as program:
        program.call(call)
        walled = statistics.median(milliseconds(lambda: program.call(call)) for _ in range(REPEATS))
    direct = statistics.median(milliseconds(lambda: [function(*args) for args in truth.args]) for _ in range(REPEATS))
    scale = 100 / len(truth.args)
    return walled * scale, direct * scale


def main() -> None:
    app = make_app()
    with Sandbox() as sandbox:
        child = warm_child(app, sandbox)
        walled, direct = hundred_cases(app, sandbox)
    figures = {
        "warm_child_ms": round(child, 2),
        "hundred_cases_ms": round(walled, 2),
        "called_directly_ms": round(direct, 2),
        "hundred_cases_extra_ms": round(walled - direct, 2),
    }
    kept = all(figures[name] <= limit for name, limit in LIMITS.items())
    print(json.dumps({**figures, "limits": LIMITS, "kept": kept}, indent=2))
    sys.exit(0 if kept else 1)


main()

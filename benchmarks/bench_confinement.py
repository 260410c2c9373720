"""What confinement costs: fork, load and the first answer, confined against unconfined, in turn, for each backend."""

import time

from paired import paired, report, row

from grader.app import make_app
from grader.cache import Cache
from grader.calls import Call, Program
from grader.evidence import Probe
from grader.isolation import LAYERS
from grader.oracle import Oracle
from grader.sandbox import Sandbox

REPEATS = 40
LIMIT = 2.0


def first_answer(sandbox, backend, source, call) -> float:
    """Return the seconds from asking for a child to holding the first answer of the file that it has loaded."""
    start = time.perf_counter()
    with Program(sandbox, backend, source) as program:
        (answer,) = program.call(call)
        seconds = time.perf_counter() - start
    assert answer is not None
    assert answer.raised is None, answer.raised
    return seconds


def measure(app, name, confined, bare) -> dict[str, object]:
    """Time one backend on the reference of an exercise."""
    backend, loaded = app.backends[name], app.exercises["activation"]
    source = loaded.reference(name)
    with Oracle(loaded, backend, bare, Cache(None)) as oracle:
        task = oracle.tasks()[0]
        call = Call(function=task.name, cases=[oracle.truth(task, Probe(dtype="float32")).args[0]])
    measured = paired(
        lambda: first_answer(confined, backend, source, call),
        lambda: first_answer(bare, backend, source, call),
        REPEATS,
    )
    assert confined.isolation is not None
    assert confined.isolation.fit, f"a layer is missing here: {confined.isolation.lacking}"
    return row(f"{name}, confined by {', '.join(confined.isolation.holding)}", "unconfined", LIMIT, measured)


def main() -> None:
    app = make_app()
    with Sandbox() as confined, Sandbox(without=frozenset(LAYERS)) as bare:
        rows = [measure(app, name, confined, bare) for name in ("numpy", "torch")]
    report(rows)


main()

"""Whether the limits of the course part loops from code that takes whole arrays at once.

Every alternative of every timed task races against the reference, and so does the reference itself; where memory is
limited, peaks are compared too. Prints one JSON row a line. What is listed in OVER must come out over its limit, and
everything else must not; the exit code is 1 if anything differs. Takes minutes: name exercises to look at some only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from grader.app import App, make_app
from grader.attempt import Submitted
from grader.course import Loaded
from grader.errors import WorkerError
from grader.evidence import Peak
from grader.exercise import Task
from grader.sandbox import Sandbox
from grader.source import Source
from grader.speed.memory import peak_of
from grader.speed.race import Outcome
from grader.speed.stopwatch import Stopwatch

REFERENCE = "the reference"
# Other functions of the reference's file that answer a task.
STANDING_IN = {"attention.blockwise_attention": ("scaled_dot_product_attention",)}
# Loops in Python over elements, rows, places or series, and forms whose work grows faster than that of the reference.
OVER: dict[str, set[str]] = {}
# Forms that hold all scores at once.
OVER_MEMORY: dict[str, set[str]] = {}


def main() -> int:
    options = arguments()
    app = make_app(installed=False)
    expected = True
    with Sandbox() as sandbox:
        for name in options.exercise or app.exercises:
            for row in rows_of(app, app.exercises[name], sandbox, options):
                print(json.dumps(row), flush=True)
                expected = expected and bool(row["as_expected"])
    return 0 if expected else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercise", nargs="*", help="names of exercises; all by default")
    parser.add_argument("--backend", action="append", help="numpy or torch; both by default")
    parser.add_argument("--task", action="append", help="names of tasks; all by default")
    return parser.parse_args()


def rows_of(app: App, loaded: Loaded, sandbox: Sandbox, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    for backend in options.backend or loaded.backends():
        sandbox.start(app.backends[backend])
        with app.oracle(loaded, backend, sandbox, 0, None) as oracle:
            stopwatch = Stopwatch(oracle, sandbox)
            for task in oracle.tasks():
                if task.timed_in(backend) and task.name in (options.task or [task.name]):
                    yield from races(stopwatch, task, list(entrants(loaded, task, backend)))


def entrants(loaded: Loaded, task: Task, backend: str) -> Iterator[tuple[str, Source, str]]:
    """Return names, files and functions of what can be told to answer a task."""
    reference = loaded.reference(backend)
    yield REFERENCE, reference, task.name
    for function in STANDING_IN.get(f"{loaded.name}.{task.name}", ()):
        yield function, reference, function
    for one in loaded.alternatives(backend):
        if one.task == task.name:
            yield one.name, one.source, one.function


def races(stopwatch: Stopwatch, task: Task, entrants: Iterable[tuple[str, Source, str]]) -> Iterator[dict[str, object]]:
    backend, full = stopwatch.backend.name, f"{stopwatch.oracle.loaded.name}.{task.name}"
    speed = task.timed_in(backend)
    assert speed is not None
    for name, source, function in entrants:
        row = {"task": full, "backend": backend, "alternative": name}
        try:
            outcome = stopwatch.race(task, stopwatch.side(task, source, function)).run(speed.limit)
            yield {**row, **timed(outcome, speed.limit, name in OVER.get(full, ()))}
            if speed.memory is not None:
                submitted = Submitted(path=source.path.name, source=source, functions={task.name: function})
                yield {**row, **weighed(peak_of(stopwatch, task, submitted), name in OVER_MEMORY.get(full, ()))}
        except WorkerError as error:
            yield {**row, "verdict": str(error), "as_expected": False}


def timed(outcome: Outcome, limit: float, over: bool) -> dict[str, object]:
    ratio = outcome.ratio
    verdict = spoken(outcome, limit)
    return {
        "ratio": round(ratio.value, 2) if ratio else outcome.at_least and round(outcome.at_least),
        "interval": [round(ratio.low, 2), round(ratio.high, 2)] if ratio else None,
        "limit": limit,
        "verdict": verdict,
        "as_expected": verdict == "over" if over else verdict in ("under", "on the line"),
        "reference_ms": round(1000 * outcome.seconds, 3),
        "transfers": round(outcome.share, 2),
    }


def spoken(outcome: Outcome, limit: float) -> str:
    """Say on which side of the limit a time lies, as far as that is known, or what went wrong."""
    if outcome.problem:
        return outcome.problem
    ratio = outcome.ratio
    if ratio is None or ratio.low > limit:
        return "over"
    return "under" if ratio.high <= limit else "on the line"


def weighed(peak: Peak, over: bool) -> dict[str, object]:
    verdict = peak.problem or ("over" if peak.ratio > peak.limit else "under")
    return {
        "memory": round(peak.ratio, 2),
        "limit": peak.limit,
        "verdict": verdict,
        "as_expected": verdict == ("over" if over else "under"),
        "megabytes": [round(peak.own / 1e6, 2), round(peak.reference / 1e6, 2)],
    }


if __name__ == "__main__":
    sys.exit(main())

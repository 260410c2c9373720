"""How far a verdict on speed can be trusted, as JSON.

The reference against itself, many times, on a machine that is idle and on one whose cores are kept busy: how often it
is judged slower than a limit of 1.1. A version that does a quarter more work: how often it is told apart. And how long
a verdict takes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from grader.app import make_app
from grader.cache import Cache
from grader.oracle import Oracle
from grader.ratio import Ratio
from grader.sandbox import Sandbox
from grader.source import Source
from grader.speed.race import CPU
from grader.speed.stopwatch import Stopwatch

LIMIT = 1.1
# At most so many false verdicts of all, at least so many right ones, and so many seconds.
FALSE, TOLD, SECONDS = 1 / 200, 0.95, 2.0
MORE = """
CALLS = [0]

def {name}__more(*args):
    \"\"\"The same, and every fourth time once more.\"\"\"
    CALLS[0] += 1
    if CALLS[0] % 4 == 0:
        {name}(*args)
    return {name}(*args)
"""


def main() -> int:
    options = arguments()
    app = make_app(installed=False)
    exercise, _, name = options.task.partition(".")
    loaded, backend = app.exercises[exercise], app.backends[options.backend]
    with Sandbox() as sandbox, Oracle(loaded, backend, sandbox, Cache(None)) as oracle:
        task = next(one for one in oracle.tasks() if one.name == name)
        reference = loaded.reference(options.backend)
        source = Source(path=reference.path, text=reference.text + MORE.format(name=name))
        stopwatch = Stopwatch(oracle, sandbox, method=replace(CPU, budget=options.budget))
        same, more = stopwatch.side(task, source, name), stopwatch.side(task, source, f"{name}__more")
        rows = []
        if options.only in (None, "idle"):
            rows.append(summary("the same, idle", races(stopwatch, task, same, options.runs), slow=False))
            rows.append(summary("a quarter more, idle", races(stopwatch, task, more, options.runs), slow=True))
        if options.only in (None, "busy"):
            with busy(os.cpu_count() or 1):
                rows.append(summary("the same, busy", races(stopwatch, task, same, options.runs), slow=False))
    print(json.dumps({"task": options.task, "backend": options.backend, "limit": LIMIT, "runs": rows}, indent=2))
    return 0 if all(row["kept"] for row in rows) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--task", default="conv.conv2d")
    parser.add_argument("--backend", default="numpy")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", choices=("idle", "busy"), help="one kind of rows; both by default")
    parser.add_argument("--budget", type=float, default=CPU.budget, help="seconds for one verdict")
    return parser.parse_args()


def races(stopwatch: Stopwatch, task, side, runs: int) -> Iterator[tuple[Ratio | None, float]]:
    """Yield the ratio and the seconds of each race."""
    for number in range(runs):
        start = time.perf_counter()
        outcome = stopwatch.race(task, side).run(LIMIT)
        yield outcome.ratio, time.perf_counter() - start
        if number % 20 == 19:
            print(f"{number + 1} of {runs}", file=sys.stderr)


def summary(name: str, races: Iterator[tuple[Ratio | None, float]], *, slow: bool) -> dict[str, object]:
    """Return one line of the report: what was judged, how often, and how long it took."""
    ratios, seconds = zip(*races, strict=True)
    found: Sequence[Ratio] = [ratio for ratio in ratios if ratio is not None]
    # What is far too slow has no ratio: if that is said of the reference, it is as false as a ratio over the limit.
    over = sum(ratio.low > LIMIT for ratio in found) + (0 if slow else len(ratios) - len(found))
    under = sum(ratio.high < LIMIT for ratio in found)
    kept = over >= TOLD * len(ratios) if slow else over <= FALSE * len(ratios)
    spent = statistics.median(seconds)
    timely = spent <= SECONDS or "busy" in name
    return {
        "name": name,
        "races": len(ratios),
        "judged_over": over,
        "judged_under": under,
        "undecided": len(ratios) - over - under,
        "median_ratio": round(statistics.median(ratio.value for ratio in found), 3),
        "median_width": round(statistics.median(ratio.high / ratio.low for ratio in found), 3),
        "median_pairs": statistics.median(ratio.pairs for ratio in found),
        "median_seconds": round(spent, 2),
        "kept": bool(kept and timely),
    }


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep so many cores busy with processes of our own."""
    code = "while True: sum(range(10000))"
    others = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(count)]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main())

"""How many mutants of the references the cases catch.

Prints JSON for each exercise, backend and task: mutants, caught, equivalent, survivors that are explained and that are
not, and the score, which is the caught part of those that differ from the reference at all. What lives is told on the
other stream.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from grader.app import App, make_app
from grader.cache import default_folder
from grader.sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.mutation.judge import judge
from tests.mutation.score import DRAWS, Outcome, chosen, explanations, figures, outcomes


def main() -> int:
    options = arguments()
    app = make_app(installed=False)
    explained = explanations()
    rows: list[dict[str, object]] = []
    with Sandbox() as sandbox:
        for name in options.exercise or app.exercises:
            for backend in options.backend or app.exercises[name].backends():
                start = time.perf_counter()
                found = scored(app, name, backend, sandbox, options)
                rows += [{"exercise": name, "backend": backend, **row} for row in by_task(found, explained)]
                rows[-1]["seconds"] = round(time.perf_counter() - start, 1)
                show(found, explained)
    print(json.dumps(rows, indent=2))
    return 1 if any(row["survivors"] for row in rows) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercise", nargs="*", help="names of exercises; all by default")
    parser.add_argument("--backend", action="append", help="numpy or torch; both by default")
    parser.add_argument("--sample", type=int, help="so many mutants for each exercise and backend; all by default")
    parser.add_argument("--draws", type=int, default=DRAWS, help="calls after which a mutant is taken for equivalent")
    return parser.parse_args()


def scored(app: App, name: str, backend: str, sandbox: Sandbox, options: argparse.Namespace) -> list[Outcome]:
    with judge(app, name, backend, sandbox, default_folder()) as one:
        return outcomes(one, chosen(one, options.sample), options.draws, tell=told)


def told(text: str) -> None:
    print(text, file=sys.stderr)


def by_task(found: Sequence[Outcome], explained: dict[str, str]) -> list[dict[str, object]]:
    """Return the figures of each task, then of all together."""
    rows: list[dict[str, object]] = []
    for task in dict.fromkeys(one.task for one in found):
        rows.append({"task": task, **figures([one for one in found if one.task == task], explained)})
    return [*rows, {"task": "all", **figures(found, explained)}]


def show(found: Sequence[Outcome], explained: dict[str, str]) -> None:
    """Tell of every mutant that lives, on the other stream."""
    for one in found:
        if one.status != "caught":
            told(f"{'explained ' if one.key in explained else ''}{one.status}: {one.key} ({one.detail})")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())

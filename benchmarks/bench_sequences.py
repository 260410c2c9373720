"""How long trainings on sequences take on one core, and what they reach on what comes later: one line of JSON each.

The forecasts of the recurrent network are held against the forecast that the next month is like this one, in the square
of the series' standard deviation; the transformer against counted pairs of symbols, in nats a symbol. A score that is
not clearly lower than that, or a training that takes more of the core's time than it may, ends the benchmark with 1.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is imported: one core
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import sys
import time

from sequences import Forecast, Language, forecaster, language_model

RECIPES = {"rnn_training": (forecaster, Forecast()), "transformer": (language_model, Language())}
# The score of every seed may be this part of the baseline.
AT_MOST = {"rnn_training": 0.3, "transformer": 0.85}
SECONDS = 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=list(RECIPES), help=", ".join(RECIPES))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    kept = True
    for name in options.names:
        rows = [row(name, seed) for seed in range(options.seeds)]
        kept &= summary(name, rows)
    return 0 if kept else 1


def row(name: str, seed: int) -> dict[str, object]:
    """Train once from one seed, and print what came of it."""
    make, recipe = RECIPES[name]
    train, score, baseline = make(seed, recipe)
    start, used = time.perf_counter(), time.process_time()
    losses, params = train()
    found = {
        "name": name,
        "seed": seed,
        "steps": len(losses),
        "seconds": round(time.perf_counter() - start, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
        "first_loss": round(float(losses[0]), 4),
        "last_loss": round(float(losses[-50:].mean()), 4),
        "score": round(score(params), 4),
        "baseline": round(baseline, 4),
    }
    print(json.dumps(found), flush=True)
    return found


def summary(name: str, rows: list[dict[str, object]]) -> bool:
    """Print the worst score as a part of the baseline and the longest time, and return whether both are kept."""
    worst, slowest = max(one["score"] / one["baseline"] for one in rows), max(one["cpu_seconds"] for one in rows)
    kept = worst <= AT_MOST[name] and slowest <= SECONDS
    limits = {"at_most": AT_MOST[name], "at_most_cpu_seconds": SECONDS, "kept": kept}
    line = {"name": name, "worst_part_of_baseline": round(worst, 4), "slowest_cpu_seconds": slowest, **limits}
    print(json.dumps(line), flush=True)
    return kept


if __name__ == "__main__":
    sys.exit(main())

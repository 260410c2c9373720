"""Timing two commands or functions in turn, A B A B …, so that a ratio holds while the machine's speed drifts."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent


def command_seconds(command: Sequence[str], env: dict[str, str] | None = None, expected: int = 0) -> float:
    """Run a command once and return its wall-clock time; a wrong exit code ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode != expected:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return seconds


def paired(one: Callable[[], float], other: Callable[[], float], repeats: int) -> dict[str, float]:
    """Time both in turn, after one uncounted turn each, and return the medians and the median of the paired ratios."""
    one(), other()
    pairs = [(one(), other()) for _ in range(repeats)]
    return {
        "seconds": round(statistics.median(a for a, _ in pairs), 4),
        "against_seconds": round(statistics.median(b for _, b in pairs), 4),
        "ratio": round(statistics.median(a / b for a, b in pairs), 3),
    }


def row(name: str, against: str, limit: float, measured: dict[str, float]) -> dict[str, object]:
    """Return one line of a report: what was measured, against what, and whether it keeps its limit."""
    return {"name": name, "against": against, "limit": limit, **measured, "kept": measured["ratio"] <= limit}


def report(rows: Sequence[dict[str, object]]) -> None:
    """Print rows as JSON, and fail if one does not keep its limit."""
    print(json.dumps(list(rows), indent=2))
    sys.exit(0 if all(one["kept"] for one in rows) else 1)


def grader(*arguments: str) -> list[str]:
    """Return the command line of the grader that is installed beside this Python."""
    return [str(Path(sys.executable).with_name("grader")), *arguments]


def python(code: str) -> list[str]:
    """Return the command line of a fresh Python that runs a line of code."""
    return [sys.executable, "-c", code]

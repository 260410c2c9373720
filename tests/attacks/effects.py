"""What an attack has brought about, seen from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.reporters import json, table
from grader.verdict import ExerciseResult, Report, TaskResult

__all__ = ["EFFECTS", "reason_of"]  # each is something that only the attack can leave: not that others are absent


def reason_of(result: TaskResult) -> str:
    """Return the reason of the first check that failed."""
    return next((one.reason for one in result.checks if one.status in ("failed", "error")), "")


def passed(result: TaskResult, prey: Any) -> bool:
    return result.status == "passed" and result.score == result.max_score > 0


def answered_beforehand(result: TaskResult, prey: Any) -> bool:
    """Tell whether answers in float64 were taken for those in float32, which are wrong."""
    (values,) = [one.status for one in result.checks if one.check == "values"]
    return values == "passed" and "has dtype float64, expected float32" in reason_of(result)


def ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def is_poisoned(file: Path) -> bool:
    return file.exists() and b"poison" in file.read_bytes()


def steered(result: TaskResult, prey: Any) -> bool:
    """Tell whether a report, as a table or as JSON, holds what a terminal obeys, or a line that a stranger wrote."""
    one = ExerciseResult(name="activation", backend="numpy", path="", sha256="", tasks=(result,))
    report = Report(seed=0, environment={}, path="", sha256="", exercises=(one,))
    shown = [table.render(report), json.render(report)]
    rows = [row for text in shown for row in text.splitlines()]
    forged = any(row.startswith(("=", "1 of 1 tasks passed")) for row in rows)
    return forged or not all(text.replace("\n", "").isprintable() for text in shown)


EFFECTS: dict[str, Callable[[TaskResult, Any], bool]] = {
    "": passed,
    "printed": lambda result, prey: '"forged": true' in prey.printed,
    "reported": lambda result, prey: any(
        (folder / "report.json").exists() for folder in (prey.elsewhere, prey.submission)
    ),
    "believed": lambda result, prey: "raises Forged: believed" in reason_of(result),
    "answered beforehand": answered_beforehand,
    "waited for": lambda result, prey: "ended itself with exit code 77" in reason_of(result),
    "unpickled": lambda result, prey: (prey.elsewhere / "unpickled").exists(),
    "parent ended": lambda result, prey: prey.parents[0] != prey.parents[1],
    "sibling ended": lambda result, prey: ended(prey.sibling),
    "stranger ended": lambda result, prey: prey.stranger.poll() is not None,
    "cache poisoned": lambda result, prey: is_poisoned(prey.cache / "relu.frame"),
    "shared memory poisoned": lambda result, prey: is_poisoned(prey.shm),
    "home poisoned": lambda result, prey: is_poisoned(prey.home / ".profile"),
    "folder swapped": lambda result, prey: prey.submission.is_symlink(),
    "steered": steered,
    "neighbour gone": lambda result, prey: not (prey.elsewhere / "answer.txt").exists(),
}

"""Judging the mutants of an exercise: caught, equivalent, or a survivor; explained ones are in ``survivors.json``."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.mutation.equivalence import GENERATORS, differences, generator
from tests.mutation.judge import Judge
from tests.mutation.mutants import Mutant, mutants

__all__ = ["DRAWS", "Outcome", "chosen", "explanations", "figures", "outcomes", "problems"]

SURVIVORS = Path(__file__).with_name("survivors.json")
DRAWS = 20_000
Status = Literal["caught", "equivalent", "survivor"]
Pair = tuple[Mutant, str]


@dataclass(frozen=True)
class Outcome:
    """How one mutant fares in one task.

    Args:
        key: its name, the task and the changed line: ``loss:numpy:_log_softmax:sum->mean:1 in cross_entropy: …``.
        detail: what caught it, or how it differs.
    """

    key: str
    task: str
    status: Status
    detail: str = ""


def pairs(judge: Judge) -> list[Pair]:
    """Return every mutant with each task that reaches what it changes."""
    tasks = tuple(task.name for task in judge.oracle.tasks())
    return [(mutant, task) for mutant in mutants(judge.reference.text, tasks) for task in mutant.tasks]


def chosen(judge: Judge, sample: int | None) -> list[Pair]:
    """Return so many pairs, or all of them: always the same, and independent of what else there is."""
    found = pairs(judge)
    if sample is not None:
        found.sort(key=lambda pair: hashlib.sha256(key(judge.prefix, *pair).encode()).hexdigest())
    return found[:sample]


def key(prefix: str, mutant: Mutant, task: str) -> str:
    return f"{prefix}:{mutant.id} in {task}: {mutant.line}"


def outcomes(
    judge: Judge,
    asked: Sequence[Pair],
    draws: int = DRAWS,
    generators: Path = GENERATORS,
    tell: Callable[[str], None] = lambda text: None,
) -> list[Outcome]:
    """Judge mutants; those that pass are held against the reference."""
    drawn = generator(judge.oracle.loaded.name, generators)
    caught = dict(_graded(judge, asked, tell))
    different: dict[str, str] = {}
    for task in dict.fromkeys(task for _, task in asked):
        passing = {name: one.text for one, to in asked if to == task and not caught[name := key(judge.prefix, one, to)]}
        tell(f"{judge.prefix}: {len(passing)} mutants pass {task}")
        different |= differences(judge.task(task), judge.oracle, judge.sandbox, passing, drawn, draws)
    return [_outcome(key(judge.prefix, *pair), pair[1], caught, different) for pair in asked]


def _graded(judge: Judge, asked: Sequence[Pair], tell: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Yield what caught each pair; a mutant's tasks are graded in one go."""
    tasks: dict[Mutant, list[str]] = {}
    for mutant, task in asked:
        tasks.setdefault(mutant, []).append(task)
    for number, (mutant, names) in enumerate(tasks.items()):
        if number % 100 == 0:
            tell(f"{judge.prefix}: {number} of {len(tasks)}")
        for task, caught in judge.grade(mutant, names).items():
            yield key(judge.prefix, mutant, task), caught


def _outcome(name: str, task: str, caught: Mapping[str, str], different: Mapping[str, str]) -> Outcome:
    if caught[name]:
        return Outcome(name, task, "caught", caught[name])
    return Outcome(name, task, "survivor" if name in different else "equivalent", different.get(name, ""))


def explanations(path: Path = SURVIVORS) -> dict[str, str]:
    """Return why some survivors may live."""
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def problems(found: Sequence[Outcome], explained: Mapping[str, str], prefix: str, *, everything: bool) -> list[str]:
    """Return unexplained survivors and stale explanations.

    Args:
        everything: whether all mutants were judged on all draws; else an explanation is stale only if what it explains
            was caught, since a few draws may not show that it differs.
    """
    status = {one.key: one.status for one in found}
    new = [f"unexplained survivor: {one.key} ({one.detail})" for one in found if _unexplained(one, explained)]
    stale = [name for name in explained if name.startswith(f"{prefix}:") and status.get(name) != "survivor"]
    if not everything:
        stale = [name for name in stale if status.get(name) == "caught"]
    return new + [f"stale explanation: {name}" for name in stale]


def _unexplained(one: Outcome, explained: Mapping[str, str]) -> bool:
    return one.status == "survivor" and one.key not in explained


def figures(found: Sequence[Outcome], explained: Mapping[str, str]) -> dict[str, float]:
    """Return counts, and which part of those that are no equivalents were caught."""
    counts = Counter(one.status for one in found)
    unexplained = sum(_unexplained(one, explained) for one in found)
    different = len(found) - counts["equivalent"]
    return {
        "mutants": len(found),
        "caught": counts["caught"],
        "equivalent": counts["equivalent"],
        "explained": counts["survivor"] - unexplained,
        "survivors": unexplained,
        "score": round(counts["caught"] / different, 4) if different else 1.0,
    }

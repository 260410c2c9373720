"""The contract's outcome for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from grader.contract.clauses import Contract

__all__ = ["render", "to_json"]


def render(results: Sequence[Contract], colour: bool) -> str:
    """Return one paragraph an exercise."""
    return "\n".join(line for result in results for line in _lines(result, colour)) + "\n"


def _lines(result: Contract, colour: bool) -> Iterator[str]:
    caught = sum(one.check is not None for one in result.mistakes)
    named = sum(one.named == one.name for one in result.mistakes)
    sound = not result.problems
    word = "sound" if sound else f"{len(result.problems)} problems"
    head = f"{result.exercise}: {word}"
    yield click.style(head, fg="green" if sound else "red", bold=True) if colour else head
    yield f"  {caught} of {len(result.mistakes)} mistakes caught, {named} named"
    yield f"  {result.alternatives} alternative{_s(result.alternatives)}"
    yield f"  {result.edges} edge case{_s(result.edges)}, {result.seeds} seed{_s(result.seeds)}"
    for problem in result.problems:
        yield f"  {problem.clause}: {problem.where}"
        yield f"    {problem.text}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def to_json(results: Sequence[Contract]) -> str:
    """Return the outcomes as JSON."""
    return json.dumps([_plain(result) for result in results], indent=2) + "\n"


def _plain(result: Contract) -> dict[str, Any]:
    mistakes = [{**asdict(one), "edges": sorted(one.edges)} for one in result.mistakes]
    return {**asdict(result), "mistakes": mistakes, "sound": not result.problems}

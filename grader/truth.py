"""The right answers: a task's cases, what the reference says to them, and how much error is allowed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from grader.answer import Answer, Raised, leaves
from grader.cases import Case, Recipe, cast
from grader.compare import is_number
from grader.errors import PluginError
from grader.evidence import Probe, Truth
from grader.exercise import Task
from grader.tolerance import PERTURBATIONS, allowed_errors, perturb

__all__ = ["Caller", "find_truth", "from_message", "to_message"]

# (cases, mode, wrt, upstream) -> answers, by the reference in a worker of its own
Caller = Callable[..., Sequence[Answer | None]]


def find_truth(task: Task, probe: Probe, cases: Sequence[Case], wrt: tuple[int, ...], reference: Caller) -> Truth:
    """Ask the reference for the right answers to one probe."""
    if probe.mode == "gradient":
        return _gradient_truth(task, probe, cases, wrt, reference)
    args = [cast(case.args, probe.dtype) for case in cases]
    rounded = [cast(arguments, "float64") if probe.dtype else arguments for arguments in args]
    expected = _all(reference(rounded))
    own = expected if probe.dtype in (None, "float64") else _all(reference(args))
    moved = [_all(reference(changed)) for changed in _perturbed(rounded, probe.dtype)]
    return _truth(task, probe, cases, args, expected, own, moved)


def _gradient_truth(task: Task, probe: Probe, cases: Sequence[Case], wrt: tuple[int, ...], reference: Caller) -> Truth:
    smooth = [case for case in cases if case.smooth]
    args = [cast(case.args, probe.dtype) for case in smooth]
    outputs = _all(reference(args))
    usable = [i for i, answer in enumerate(outputs) if answer.raised is None and _finite(answer.value)]
    if len(cases) > 1 and not usable:
        raise PluginError(f"task {task.name}: no case can be differentiated: let some be smooth and finite")
    smooth, args = [smooth[i] for i in usable], [args[i] for i in usable]
    upstream = [_upstream(outputs[i], i) for i in usable]

    expected = _all(reference(args, mode="gradient", wrt=wrt, upstream=upstream))
    truth = _truth(task, probe, smooth, args, expected, expected, [])
    return Truth(**{**vars(truth), "upstream": tuple(upstream), "wrt": wrt})


def _truth(
    task: Task,
    probe: Probe,
    cases: Sequence[Case],
    args: Sequence[Any],
    expected: Sequence[Answer],
    own: Sequence[Answer],
    moved: Sequence[Sequence[Answer]],
) -> Truth:
    allowed = [
        allowed_errors(args[i], expected[i], own[i], [one[i] for one in moved], task.tolerance, probe.dtype)
        for i in range(len(cases))
    ]
    bare = tuple(_bare(answer) for answer in expected)
    return Truth(
        cases=tuple(cases),
        args=tuple(args),
        expected=bare,
        own=bare if own is expected else tuple(_bare(answer) for answer in own),
        allowed=tuple(allowed),
    )


def _perturbed(args: Sequence[Any], dtype: str | None) -> list[list[Any]]:
    if dtype in (None, "float64"):
        return []
    seeds = [zlib.crc32(repr(index).encode()) for index in range(PERTURBATIONS)]
    return [
        [perturb(one, dtype or "", np.random.default_rng([seed, i])) for i, one in enumerate(args)] for seed in seeds
    ]


def _upstream(answer: Answer, index: int) -> tuple[Any, ...]:
    """Make a random upstream gradient for every floating output."""
    rng = np.random.default_rng([20, index])
    floating = [np.asarray(leaf) for _, leaf in leaves(answer.value) if is_number(leaf)]
    return tuple(np.asarray(rng.standard_normal(leaf.shape)) for leaf in floating if leaf.dtype.kind == "f")


def _finite(value: Any) -> bool:
    return all(bool(np.all(np.isfinite(leaf))) for _, leaf in leaves(value) if is_number(leaf))


def _all(answers: Sequence[Answer | None]) -> list[Answer]:
    """Take a missing answer for one that raised: the contract reports references that crash."""
    missing = Answer(raised=Raised(type="ProcessDied", message="the reference gave no answer"))
    return [missing if answer is None else answer for answer in answers]


def _bare(answer: Answer) -> Answer:
    return Answer(value=answer.value, raised=answer.raised)


def to_message(truth: Truth) -> dict[str, Any]:
    """Return a truth as a message for the cache."""
    cases = [
        {
            "labels": dict(case.labels),
            "name": case.name,
            "smooth": case.smooth,
            "recipe": None if case.recipe is None else asdict(case.recipe),
        }
        for case in truth.cases
    ]
    return {
        "cases": cases,
        "args": truth.args,
        "expected": [_answer_message(answer) for answer in truth.expected],
        "own": None if truth.own is truth.expected else [_answer_message(answer) for answer in truth.own],
        "allowed": truth.allowed,
        "upstream": truth.upstream,
        "wrt": truth.wrt,
    }


def _answer_message(answer: Answer) -> Any:
    """Return a list of the value alone, or a dict of what was raised."""
    return [answer.value] if answer.raised is None else asdict(answer.raised)


def from_message(message: dict[str, Any]) -> Truth:
    """Read a truth that :func:`to_message` wrote."""
    expected = tuple(_answer(entry) for entry in message["expected"])
    own = message["own"]
    return Truth(
        cases=tuple(_case(entry, args) for entry, args in zip(message["cases"], message["args"], strict=True)),
        args=tuple(tuple(args) for args in message["args"]),
        expected=expected,
        own=expected if own is None else tuple(_answer(entry) for entry in own),
        allowed=message["allowed"],
        upstream=message["upstream"],
        wrt=tuple(message["wrt"]),
    )


def _case(entry: dict[str, Any], args: Sequence[Any]) -> Case:
    recipe = entry["recipe"]
    if recipe is not None:
        recipe = Recipe(**{**recipe, "choices": tuple(recipe["choices"])})
    return Case(args=tuple(args), **{**entry, "recipe": recipe})


def _answer(entry: Any) -> Answer:
    return Answer(value=entry[0]) if isinstance(entry, list) else Answer(raised=Raised.from_message(entry))

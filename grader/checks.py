"""The built-in checks: each asks for calls and judges what came of them. Pure; default is to fail.

A judge returns None only after it has looked at an answer to every case that it asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from grader.answer import Answer
from grader.compare import Difference, compare_dtypes, equal
from grader.evidence import Evidence, Finding, Probe, Run
from grader.exercise import Task
from grader.verdict import Backend, Check

__all__ = ["CHECKS", "UNATTEMPTED", "forward_probes"]

SLIGHT = 1e-4
UNATTEMPTED = "not attempted yet: the body is still the stub's"


def forward_probes(task: Task, backend: Backend | None = None) -> tuple[Probe, ...]:
    """Return one forward probe for each dtype of the task."""
    return tuple(Probe(dtype=dtype) for dtype in task.dtypes or (None,))


def gradient_probes(task: Task, backend: Backend) -> tuple[Probe, ...]:
    """Return the probe that differentiates, always in float64."""
    return (Probe(mode="gradient", dtype="float64"),)


def reverse_probes(task: Task, backend: Backend) -> tuple[Probe, ...]:
    """Return the probe that calls in reverse order in a fresh child."""
    return (Probe(dtype=(task.dtypes or (None,))[0], reverse=True),)


def judge_attempted(evidence: Evidence) -> Finding | None:
    source = evidence.source
    if not source.defined:
        return Finding(reason=source.missing)
    if not source.attempted:
        return Finding(reason=UNATTEMPTED, status="skipped")
    return Finding(reason=source.signature) if source.signature else None


def judge_rules(evidence: Evidence) -> Finding | None:
    if evidence.source.imports:
        line, module = evidence.source.imports[0]
        return Finding(reason=f"line {line} imports {module}, which is not allowed here")
    return _refused(evidence)


def _refused(evidence: Evidence) -> Finding | None:
    """Return the first forbidden call."""
    for probe, run in evidence.runs.items():
        failing = _indices(run, _forbidden)
        if failing:
            worst = min(failing)
            answer = run.answers[worst]
            reason = answer.raised.message if answer and answer.raised else ""
            return Finding(reason=reason, probe=probe, failing=failing, worst=worst)
    return None


def _forbidden(answer: Answer) -> bool:
    return answer.raised is not None and answer.raised.type == "ForbiddenCall"


def judge_runs(evidence: Evidence) -> Finding | None:
    for probe, run in evidence.runs.items():
        if _indices(run, _forbidden):
            return Finding(reason="waits for rules", status="skipped")
        failing = frozenset(index for index in range(len(run.answers)) if _crash(run, index))
        if failing:
            worst = _smallest(run, [i for i in failing if run.answers[i] is not None] or failing)
            waiting = _waits_for(run.answers[worst], evidence)
            if waiting:
                return Finding(reason=f"write {waiting} first", status="skipped")
            return Finding(reason=_crash(run, worst) or "", probe=probe, failing=failing, worst=worst)
    return None


def _crash(run: Run, index: int) -> str | None:
    """Return how one answer and the truth disagree about raising, if they do."""
    answer, expected = run.answers[index], run.truth.expected[index]
    if answer is None:
        return "was not called: the process had ended"
    if expected.raised is None:
        return None if answer.raised is None else f"raises {answer.raised.type}: {answer.raised.message}"
    if answer.raised is None:
        return f"raises nothing, expected {expected.raised.type}"
    if expected.raised.type not in (answer.raised.type, *answer.raised.bases):
        return f"raises {answer.raised.type}, expected {expected.raised.type}"
    return None


def _waits_for(answer: Answer | None, evidence: Evidence) -> str | None:
    """Return the other task whose stub was called."""
    raised = None if answer is None else answer.raised
    if raised is None or raised.type != "NotImplementedError" or raised.function == evidence.task.name:
        return None
    return raised.function if raised.function in evidence.siblings else None


def judge_shape(evidence: Evidence) -> Finding | None:
    return _judge_differences(evidence, ("structure", "shape"))


def judge_values(evidence: Evidence) -> Finding | None:
    return _judge_differences(evidence, ("structure", "shape", "nonfinite", "values"))


def judge_gradient(evidence: Evidence) -> Finding | None:
    if not all(run.answers for run in evidence.runs.values()):
        return Finding(reason="no case can be differentiated: the plugin needs smooth ones")
    finding = _refused(evidence) or judge_runs(evidence) or judge_values(evidence)
    if finding is None or finding.difference is None or not finding.difference.path:
        return finding
    difference = finding.difference
    name = evidence.task.gradient[difference.path[0]]
    _, _, rest = difference.text.partition(f"answer[{difference.path[0]}]")
    at = " at " if rest.startswith("[") else ""
    return replace(finding, reason=f"the gradient with respect to {name}{at}{rest}")


def _judge_differences(evidence: Evidence, kinds: Sequence[str]) -> Finding | None:
    for probe, run in evidence.runs.items():
        found = {i: d for i, d in enumerate(run.differences) if d is not None and d.kind in kinds}
        if found:
            return _finding(probe, run, found)
        if any(answer is None for answer in run.answers):
            return Finding(reason="some cases were not answered", probe=probe)
    return None


def _finding(probe: Probe, run: Run, found: dict[int, Difference]) -> Finding:
    telling = [index for index, difference in found.items() if not _slight(difference)]
    worst = _smallest(run, telling or found)
    reason = found[worst].text
    return Finding(reason=reason, probe=probe, failing=frozenset(found), worst=worst, difference=found[worst])


def _slight(difference: Difference) -> bool:
    """Tell whether a difference is so small that a reader sees two equal numbers."""
    got, expected = difference.got, difference.expected
    return isinstance(got, float) and isinstance(expected, float) and abs(got - expected) < SLIGHT * abs(expected)


def judge_dtype(evidence: Evidence) -> Finding | None:
    for probe, run in evidence.runs.items():
        found: dict[int, Difference] = {}
        for index, (answer, own) in enumerate(zip(run.answers, run.truth.own, strict=True)):
            if answer is None:
                return Finding(reason="some cases were not answered", probe=probe)
            if answer.raised is None and own.raised is None:
                difference = compare_dtypes(answer.value, own.value, probe.dtype)
                if difference is not None:
                    found[index] = difference
        if found:
            return _finding(probe, run, found)
    return None


def judge_inputs(evidence: Evidence) -> Finding | None:
    allowed = {i for i, name in enumerate(evidence.parameters) if name in evidence.task.may_mutate}
    for probe, run in evidence.runs.items():
        if any(answer is None for answer in run.answers):
            return Finding(reason="some cases were not answered", probe=probe)
        changed = {i: names for i in range(len(run.answers)) if (names := _changed(run, i, evidence, allowed))}
        if changed:
            worst = _smallest(run, changed)
            reason = f"changes its argument {changed[worst][0]} in place"
            return Finding(reason=reason, probe=probe, failing=frozenset(changed), worst=worst)
    return None


def _changed(run: Run, index: int, evidence: Evidence, allowed: set[int]) -> list[str]:
    """Return the names of the arguments that a call has changed."""
    answer, before = run.answers[index], run.truth.args[index]
    if answer is None or (answer.raised is not None and not answer.inputs):
        return []
    if len(answer.inputs) != len(before):
        return ["list"]
    pairs = enumerate(zip(before, answer.inputs, strict=True))
    return [_name(evidence, i) for i, (a, b) in pairs if i not in allowed and not equal(a, b)]


def _name(evidence: Evidence, position: int) -> str:
    return evidence.parameters[position] if position < len(evidence.parameters) else f"number {position + 1}"


def judge_repeatable(evidence: Evidence) -> Finding | None:
    for probe, run in evidence.runs.items():
        different = {i: d for i, d in enumerate(run.differences) if d is not None}
        raising = {i for i in range(len(run.answers)) if _crash(run, i)}
        if different or raising:
            worst = _smallest(run, different or raising)
            reason = "gives another answer when called in another order or a second time"
            return Finding(reason=reason, probe=probe, failing=frozenset({*different, *raising}), worst=worst)
        shared = _indices(run, lambda answer: answer.raised is None and not equal(answer.value, answer.late))
        if shared:
            reason = "an answer changes after it was returned: a later call writes into the same memory"
            return Finding(reason=reason, probe=probe, failing=shared, worst=_smallest(run, shared))
    return None


def _indices(run: Run, wrong: Callable[[Answer], bool]) -> frozenset[int]:
    return frozenset(i for i, answer in enumerate(run.answers) if answer is not None and wrong(answer))


def _smallest(run: Run, failing: Iterable[int]) -> int:
    """Return the failing case with the fewest elements."""
    return min(failing, key=lambda index: (_elements(run.truth.args[index]), index))


def _elements(tree: object) -> int:
    if isinstance(tree, tuple | list):
        return sum(_elements(item) for item in tree)
    return int(getattr(tree, "size", 1))


def _wants_gradient(task: Task, backend: Backend) -> str | None:
    if not backend.gradients:
        return f"{backend.name} has no autograd"
    return None if task.gradient else "the task is not differentiated"


CHECKS = (
    Check(name="attempted", judge=judge_attempted),
    Check(name="rules", judge=judge_rules, after=("attempted",), probes=forward_probes),
    Check(name="runs", judge=judge_runs, after=("attempted",), probes=forward_probes),
    Check(name="shape", judge=judge_shape, after=("runs", "rules"), probes=forward_probes),
    Check(name="values", judge=judge_values, after=("shape",), probes=forward_probes),
    Check(name="dtype", judge=judge_dtype, after=("shape",), probes=forward_probes),
    Check(name="gradient", judge=judge_gradient, after=("values",), probes=gradient_probes, applies=_wants_gradient),
    Check(name="inputs unchanged", judge=judge_inputs, after=("runs",), probes=forward_probes),
    Check(name="repeatable", judge=judge_repeatable, after=("values",), probes=reverse_probes),
)

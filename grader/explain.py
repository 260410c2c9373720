"""From a finding to a verdict that teaches: the smallest case, what separates pass from fail, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from grader.answer import Raised
from grader.cases import Case
from grader.course import Variant
from grader.diagnose import Symptoms, explains, general_slip
from grader.drivers import driver_source
from grader.evidence import Evidence, Finding, Probe, Run
from grader.exercise import Task
from grader.oracle import Oracle
from grader.separate import separates
from grader.shrink import elements, shrink
from grader.verdict import Check, Diagnosis, Failure, Verdict

__all__ = ["Explainer", "exception_of"]

Again = Callable[[Probe, Sequence[Case]], Run]
MAX_OUTPUT = 2_000
VALUES = "values"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The case to show: a run of it alone, and what is wrong on it."""

    run: Run
    finding: Finding


class Explainer:
    """Explains findings with the help of the exercise's oracle.

    Args:
        ask: asks plugins for a diagnosis where neither a declared mistake nor a general slip fits.
        smaller: whether to look for a smaller failing case.
    """

    def __init__(
        self, oracle: Oracle, ask: Callable[[Task, Symptoms], Diagnosis | None], *, smaller: bool = True
    ) -> None:
        self._oracle = oracle
        self._ask = ask
        self._shrinks = smaller

    def explain(self, check: Check, finding: Finding, evidence: Evidence, again: Again) -> Verdict:
        """Return the failed verdict of a check.

        Args:
            again: calls the learner's function on other cases.
        """
        if finding.probe is None or finding.worst is None:
            return Verdict(check=check.name, status="failed", reason=finding.reason)
        run, task = evidence.runs[finding.probe], evidence.task
        symptoms = Symptoms(check=check.name, run=run, failing=finding.failing, dtype=finding.probe.dtype)
        mistake = self._mistake(check, symptoms, task, finding.probe)
        diagnosis = _named(mistake) if mistake else general_slip(symptoms) or self._ask(task, symptoms)
        shown = Shown(run=run.only(finding.worst), finding=finding)
        if self._shrinks and not run.ended and not finding.probe.reverse:
            shown = self._smaller(check, finding, evidence, again, mistake) or shown
        split = None if run.ended else _split(evidence, finding)  # cases that were never called separate nothing
        return _verdict(check, shown, evidence, diagnosis, split)

    def _mistake(self, check: Check, symptoms: Symptoms, task: Task, probe: Probe) -> Variant | None:
        for variant in self._oracle.mistakes(task):
            answers = self._oracle.run_of(variant, task, probe).answers
            if explains(symptoms, answers) and (VALUES not in check.after or self._right_values(variant, task)):
                return variant
        return None

    def _right_values(self, variant: Variant, task: Task) -> bool:
        """Tell whether a mistake's values are right, as the learner's are once a later check is asked."""
        run = self._oracle.run_of(variant, task, Probe(dtype=(task.dtypes or (None,))[0]))
        pairs = zip(run.answers, run.truth.expected, strict=True)
        alike = all(one is not None and (one.raised is None) is (other.raised is None) for one, other in pairs)
        return alike and not any(run.differences)

    def _smaller(
        self, check: Check, finding: Finding, evidence: Evidence, again: Again, mistake: Variant | None
    ) -> Shown | None:
        """Look for a smaller case that fails the same check in the same way, with the same diagnosis.

        Named cases cannot be made smaller; then the smallest drawn one is, unless it stays larger.
        """
        probe, worst = finding.probe, finding.worst
        assert probe is not None
        assert worst is not None
        run = evidence.runs[probe]
        drawn = [index for index in finding.failing if run.truth.cases[index].recipe is not None]
        if not drawn:
            return None
        first = min(drawn, key=lambda index: (elements(run.truth.args[index]), index))
        start = Shown(run=run.only(first), finding=finding)

        def look(cases: Sequence[Case]) -> list[Shown | None]:
            run = again(probe, cases)
            shown = [self._alike(check, start, run.only(i), evidence, mistake) for i in range(len(run.answers))]
            by_case = {id(case): one for case, one in zip(run.truth.cases, shown, strict=True)}
            return [by_case.get(id(case)) for case in cases]

        best = shrink(evidence.task, run.truth.cases[first], look)
        if best is None or elements(best.run.truth.args) > elements(run.truth.args[worst]):
            return None
        return best

    def _alike(self, check: Check, start: Shown, run: Run, evidence: Evidence, mistake: Variant | None) -> Shown | None:
        probe = start.finding.probe
        assert probe is not None
        finding = check.judge(replace(evidence, runs={probe: run}))
        if run.ended or finding is None or finding.status != "failed" or _way(run) != _way(start.run):
            return None
        if mistake is not None:
            symptoms = Symptoms(check=check.name, run=run, failing=frozenset({0}), dtype=probe.dtype)
            if not explains(symptoms, self._oracle.answers_of(mistake, evidence.task, probe, run.truth)):
                return None
        return Shown(run=run, finding=finding)


def _way(run: Run) -> str | None:
    """Return how the one case of a run fails: the exception's type, or the kind of difference."""
    answer, difference = run.answers[0], run.differences[0]
    if answer is not None and answer.raised is not None:
        return answer.raised.type
    return None if difference is None else difference.kind


def _named(variant: Variant) -> Diagnosis:
    return Diagnosis(kind="mistake", name=variant.name, text=variant.text)


def _split(evidence: Evidence, finding: Finding) -> str | None:
    """Say what separates pass from fail over all runs of the check, the dtype being a label like others."""
    labels: list[Mapping[str, str]] = []
    failing: set[int] = set()
    probes = list(evidence.runs)
    asked = probes[: probes.index(finding.probe) + 1] if finding.probe else probes
    for probe in asked:  # those before have passed
        dtype = {"dtype": str(probe.dtype)} if len(asked) > 1 else {}
        for index, case in enumerate(evidence.runs[probe].truth.cases):
            if probe == finding.probe and index in finding.failing:
                failing.add(len(labels))
            labels.append({**case.labels, **dtype})
    return separates(labels, failing)


def _verdict(check: Check, shown: Shown, evidence: Evidence, diagnosis: Diagnosis | None, split: str | None) -> Verdict:
    answer, truth = shown.run.answers[0], shown.run.truth
    raised = None if answer is None else answer.raised
    expected = truth.expected[0]
    got, wanted = None if answer is None else answer.value, expected.value
    if check.name == "dtype":  # the truth is in float64
        wanted = truth.own[0].value
    elif check.name == "inputs unchanged" and answer is not None:
        got, wanted = answer.inputs, truth.args[0]
    failure = Failure(
        labels=truth.cases[0].labels,
        arguments=_arguments(evidence.parameters, truth.args[0], truth.upstream),
        actual=None if answer is None or raised is not None else _only(got, truth.wrt),
        expected=f"raises {expected.raised.type}" if expected.raised else _only(wanted, truth.wrt),
        dtype=shown.finding.probe.dtype if shown.finding.probe else None,
        differentiated=truth.wrt,
        driver=driver_source(evidence.task),
    )
    return Verdict(
        check=check.name,
        status="failed",
        reason=shown.finding.reason,
        failure=failure,
        separates=split,
        diagnosis=diagnosis,
        exception=None if raised is None else exception_of(raised),
        output="" if answer is None else answer.output[:MAX_OUTPUT],
    )


def _only(value: Any, wrt: Sequence[int]) -> Any:
    """Return the one gradient instead of a tuple of one."""
    return value[0] if len(wrt) == 1 and isinstance(value, tuple | list) and len(value) == 1 else value


def _arguments(names: Sequence[str], args: Sequence[Any], upstream: Sequence[Any]) -> tuple[tuple[str, Any], ...]:
    named = [(names[i] if i < len(names) else f"argument {i + 1}", value) for i, value in enumerate(args)]
    given = upstream[0] if upstream else ()
    named.extend(
        (f"upstream gradient {i + 1}" if len(given) > 1 else "upstream gradient", value)
        for i, value in enumerate(given)
    )
    return tuple(named)


def exception_of(raised: Raised) -> Mapping[str, Any]:
    """Return an exception as reports hold it."""
    fields = {key: value for key, value in asdict(raised).items() if key != "bases"}
    return {**fields, "frame": [f"{name}: {kind}" for name, kind in raised.frame]}

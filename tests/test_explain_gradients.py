"""Explaining what is asked after the values: gradients, and mistakes whose values are right."""

from dataclasses import replace

import numpy as np
import pytest

from grader.answer import Answer, Raised
from grader.checks import CHECKS
from grader.evidence import Evidence, Probe
from grader.explain import Explainer
from grader.facts import SourceFacts
from tests.test_explain import RUNS, TASK, TRUTH, VALUES, Oracle, explained, nothing, run_of, smaller

GRADIENT = next(check for check in CHECKS if check.name == "gradient")
BACKWARD = Probe(mode="gradient", dtype="float64")
ERROR = Answer(raised=Raised(type="ValueError", message=""))


class Later(Oracle):
    """Knows the gradient of one mistake, and what its forward calls gave."""

    def __init__(self, gradient, forward):
        super().__init__(sign=gradient)
        self._forward = forward
        self.asked = []

    def run_of(self, variant, task, probe):
        self.asked.append(probe)
        return super().run_of(variant, task, probe) if probe.mode == "gradient" else self._forward


def gradient(*answers, oracle=None, **parts):
    expected = tuple(Answer(value=(TRUTH,)) for _ in answers)
    run = run_of([Answer(value=one) for one in answers], expected=expected, wrt=(0,), **parts)
    return explained(run, oracle=oracle, check=GRADIENT, probes=(BACKWARD,))


def named(forward):
    wrong = [(TRUTH + 1,)] * 3
    verdict = gradient(*wrong, oracle=Later(wrong, forward))
    return verdict.diagnosis and verdict.diagnosis.name


def test_a_mistake_with_right_values_is_named():
    assert named(run_of([TRUTH, TRUTH])) == "sign"
    assert named(run_of([ERROR, TRUTH], expected=(ERROR, Answer(value=TRUTH)))) == "sign"


@pytest.mark.parametrize(
    "forward",
    [
        run_of([TRUTH, -TRUTH]),
        run_of([-TRUTH, TRUTH]),
        run_of([TRUTH, None]),
        run_of([TRUTH, ERROR]),
        run_of([TRUTH, TRUTH], expected=(ERROR, Answer(value=TRUTH))),
    ],
)
def test_a_mistake_with_wrong_values_is_not_named_where_the_learner_s_are_right(forward):
    assert named(forward) is None


def test_a_mistake_with_another_gradient_is_not_named_for_its_right_values():
    oracle = Later([(TRUTH + 2,)] * 3, run_of([TRUTH]))
    assert gradient(*[(TRUTH + 1,)] * 3, oracle=oracle).diagnosis is None


def test_the_values_of_a_mistake_are_those_in_the_first_dtype():
    wrong = [(TRUTH + 1,)] * 3
    oracle = Later(wrong, run_of([TRUTH]))
    gradient(*wrong, oracle=oracle)
    assert oracle.asked == [BACKWARD, Probe(dtype="float64")]


def test_a_smaller_case_is_looked_for_unless_told_otherwise(monkeypatch):
    seen, again = smaller(monkeypatch, TRUTH + 2)
    evidence = Evidence(task=TASK, source=SourceFacts(), runs={Probe(dtype="float64"): run_of([TRUTH + 1])})
    verdict = Explainer(Oracle(), nothing).explain(VALUES, VALUES.judge(evidence), evidence, again)
    assert len(seen) == 1
    assert verdict.failure.actual.tolist() == (TRUTH + 2).tolist()


def test_one_gradient_is_shown_without_a_tuple_around_it():
    failure = gradient((TRUTH + 1,)).failure
    assert failure.actual.tolist() == (TRUTH + 1).tolist()
    assert failure.expected.tolist() == TRUTH.tolist()


def test_several_gradients_are_shown_together():
    expected = (Answer(value=(TRUTH, TRUTH)),)
    run = run_of([Answer(value=(TRUTH, TRUTH + 1))], expected=expected, wrt=(0, 1))
    run = replace(run, truth=replace(run.truth, allowed=[[1e-7, 1e-7]]))
    failure = explained(run, check=replace(GRADIENT, judge=VALUES.judge), probes=(BACKWARD,)).failure
    assert (len(failure.actual), len(failure.expected)) == (2, 2)


def test_a_tuple_of_one_stays_one_where_nothing_is_differentiated():
    run = run_of([Answer(value=(TRUTH + 1,))], expected=(Answer(value=(TRUTH,)),))
    failure = explained(run).failure
    assert isinstance(failure.actual, tuple)
    assert isinstance(failure.expected, tuple)


def test_a_wrong_structure_in_place_of_the_gradient_is_shown_whole():
    failure = gradient((TRUTH, TRUTH)).failure
    assert len(failure.actual) == 2
    assert gradient(TRUTH + 1).failure.actual.shape == TRUTH.shape


def test_one_upstream_gradient_needs_no_number():
    verdict = gradient((TRUTH + 1,), upstream=[(np.array(7.0),)])
    assert [name for name, _ in verdict.failure.arguments] == ["x", "factor", "upstream gradient"]


def test_a_case_that_was_never_called_is_shown_without_an_answer():
    verdict = explained(run_of([None]), check=RUNS)
    assert (verdict.failure.actual, verdict.exception, verdict.output) == (None, None, "")
    assert verdict.reason == "was not called: the process had ended"

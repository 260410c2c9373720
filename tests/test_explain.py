"""From a finding to a verdict that teaches: the diagnosis, the smallest case, and what separates pass from fail."""

from types import SimpleNamespace

import numpy as np
import pytest

import grader.explain
from grader.answer import Answer, Raised
from grader.cases import Case, Recipe
from grader.checks import CHECKS
from grader.course import Variant
from grader.evidence import Evidence, Finding, Probe, Run, Truth
from grader.exercise import Task
from grader.explain import Explainer, exception_of
from grader.facts import SourceFacts
from grader.verdict import Diagnosis

VALUES = next(check for check in CHECKS if check.name == "values")
RUNS = next(check for check in CHECKS if check.name == "runs")
DOUBLE, SINGLE = Probe(dtype="float64"), Probe(dtype="float32")
TASK = Task(name="scale", cases=lambda draw: (), gradient=("x",))
TRUTH = np.array([1.0, -2.0, 4.0])


def run_of(answers, *, labels=None, upstream=(), wrt=(), expected=None):
    count = len(answers)
    labels = labels or [{"number": str(i)} for i in range(count)]
    return Run(
        truth=Truth(
            cases=tuple(Case(args=(TRUTH, i), labels=one, recipe=Recipe(seed=i)) for i, one in enumerate(labels)),
            args=tuple((TRUTH, i) for i in range(count)),
            expected=expected or (Answer(value=TRUTH),) * count,
            own=expected or (Answer(value=TRUTH),) * count,
            allowed=[[1e-7]] * count,
            upstream=upstream,
            wrt=wrt,
        ),
        answers=tuple(one if isinstance(one, Answer) or one is None else Answer(value=one) for one in answers),
    )


class Oracle:
    """Knows what two mistakes answer."""

    def __init__(self, **mistakes):
        self._mistakes = mistakes
        self.alone = {}

    def mistakes(self, task):
        return [Variant(task=task.name, name=name, text=f"about {name}", source=None) for name in self._mistakes]

    def run_of(self, variant, task, probe):
        return SimpleNamespace(answers=tuple(Answer(value=one) for one in self._mistakes[variant.name]))

    def answers_of(self, variant, task, probe, truth):
        return tuple(Answer(value=self.alone[variant.name]) for _ in truth.cases)


def nothing(task, symptoms):
    return None


def explained(*runs, oracle=None, ask=nothing, check=VALUES, probes=(DOUBLE, SINGLE), again=None, smaller=False):
    runs = dict(zip(probes, runs, strict=False))
    evidence = Evidence(task=TASK, source=SourceFacts(), runs=runs, parameters=("x", "factor"))
    explainer = Explainer(oracle or Oracle(), ask, smaller=smaller)
    return explainer.explain(check, check.judge(evidence), evidence, again)


def test_a_finding_without_a_case_is_only_told():
    finding = Finding(reason="line 1 imports os")
    evidence = Evidence(task=TASK, source=SourceFacts(), runs={})
    verdict = Explainer(Oracle(), nothing).explain(VALUES, finding, evidence, None)
    assert (verdict.check, verdict.status, verdict.reason) == ("values", "failed", "line 1 imports os")
    assert (verdict.failure, verdict.diagnosis) == (None, None)


def test_a_finding_about_missing_answers_has_no_case():
    verdict = explained(run_of([TRUTH, None]))
    assert (verdict.status, verdict.reason, verdict.failure) == ("failed", "some cases were not answered", None)


def test_the_case_is_shown_with_got_and_expected():
    verdict = explained(run_of([TRUTH, TRUTH + 1]))
    failure = verdict.failure
    assert verdict.status == "failed"
    assert verdict.reason.startswith("answer[0] is 2, expected 1")
    assert failure.labels == {"number": "1"}
    assert [name for name, _ in failure.arguments] == ["x", "factor"]
    assert failure.arguments[1] == ("factor", 1)
    assert failure.actual.tolist() == [2.0, -1.0, 5.0]
    assert failure.expected.tolist() == TRUTH.tolist()
    assert (failure.dtype, failure.differentiated) == ("float64", ())


def test_an_exception_is_shown_instead_of_an_answer():
    error = Raised(type="KeyError", message="'k'", bases=("LookupError",), line=3, frame=(("x", "float64 (3,)"),))
    verdict = explained(run_of([Answer(raised=error, output="printed")]), check=RUNS)
    assert verdict.reason == "raises KeyError: 'k'"
    assert verdict.failure.actual is None
    assert verdict.exception == exception_of(error)
    assert (verdict.exception["type"], verdict.exception["line"]) == ("KeyError", 3)
    assert verdict.exception["frame"] == ["x: float64 (3,)"]
    assert "bases" not in verdict.exception
    assert verdict.output == "printed"


def test_an_expected_exception_is_told_by_its_type():
    expected = (Answer(raised=Raised(type="ValueError", message="")),)
    verdict = explained(run_of([TRUTH], expected=expected), check=RUNS)
    assert verdict.failure.expected == "raises ValueError"
    assert verdict.failure.actual.tolist() == TRUTH.tolist()
    assert verdict.exception is None


def test_output_is_cut():
    verdict = explained(run_of([Answer(value=TRUTH + 1, output="a" * 3000)]))
    assert verdict.output == "a" * 2000


def test_upstream_gradients_are_shown_behind_the_arguments():
    run = run_of([TRUTH + 1], upstream=[(np.array(7.0), np.array(8.0))], wrt=(0,))
    verdict = explained(run, probes=(Probe(mode="gradient", dtype="float64"),))
    names = [name for name, _ in verdict.failure.arguments]
    assert names == ["x", "factor", "upstream gradient 1", "upstream gradient 2"]
    assert verdict.failure.arguments[3][1] == 8.0
    assert verdict.failure.differentiated == (0,)


def test_an_argument_without_a_name_is_numbered():
    run = run_of([TRUTH + 1])
    evidence = Evidence(task=TASK, source=SourceFacts(), runs={DOUBLE: run}, parameters=("x",))
    verdict = Explainer(Oracle(), nothing, smaller=False).explain(VALUES, VALUES.judge(evidence), evidence, None)
    assert verdict.failure.arguments[1][0] == "argument 2"


WRONG = [-TRUTH, -TRUTH]


def test_a_declared_mistake_comes_before_a_general_slip():
    oracle = Oracle(other=[TRUTH, TRUTH], sign=WRONG, later=WRONG)
    verdict = explained(run_of(WRONG), oracle=oracle)
    assert verdict.diagnosis == Diagnosis(kind="mistake", name="sign", text="about sign")


def test_a_general_slip_comes_before_a_plugin_s_diagnosis():
    own = Diagnosis(kind="general", name="own", text="...")
    assert explained(run_of(WRONG), ask=lambda task, symptoms: own).diagnosis.name == "wrong sign"
    assert explained(run_of([TRUTH + 1] * 2), ask=lambda task, symptoms: own).diagnosis is own
    assert explained(run_of([TRUTH + 1] * 2)).diagnosis is None


def test_a_plugin_is_asked_about_the_failing_cases():
    seen = []
    explained(run_of([TRUTH, TRUTH + 1]), ask=lambda *asked: seen.append(asked))
    ((task, symptoms),) = seen
    assert (task, symptoms.check, symptoms.failing, symptoms.dtype) == (TASK, "values", {1}, "float64")


def test_labels_separate_pass_from_fail():
    labels = [{"stride": "1"}, {"stride": "2"}, {"stride": "1"}]
    verdict = explained(run_of([TRUTH, -TRUTH, TRUTH], labels=labels))
    assert verdict.separates == "the one case with stride: 2 fails, the other 2 pass"


def test_the_dtype_is_a_label_where_another_dtype_has_passed():
    labels = [{"stride": "1"}] * 2
    good, bad = run_of([TRUTH, TRUTH], labels=labels), run_of([TRUTH + 1, TRUTH + 1], labels=labels)
    verdict = explained(good, bad)
    assert verdict.separates == "all 2 cases with dtype: float32 fail, the other 2 pass"
    assert verdict.failure.dtype == "float32"
    assert explained(bad, good).separates == "all 2 cases fail"


def smaller(monkeypatch, *candidates):
    """Let the search for a smaller case try these answers, and return what it asked and took."""
    seen = []

    def shrink(task, case, look):
        cases = [Case(args=(TRUTH, 10 + i), labels={}, recipe=Recipe(seed=i)) for i in range(len(candidates))]
        looked = look(cases)
        seen.append((task, case, [one is not None for one in looked]))
        return next((one for one in looked if one is not None), None)

    def again(probe, cases):
        run = run_of(candidates)
        return Run(truth=Truth(**{**vars(run.truth), "cases": tuple(cases)}), answers=run.answers)

    monkeypatch.setattr(grader.explain, "shrink", shrink)
    return seen, again


def test_a_smaller_case_must_fail_the_same_check_in_the_same_way(monkeypatch):
    ended = Answer(raised=Raised(type="TimedOut", message=""))
    nan = TRUTH * np.nan
    seen, again = smaller(monkeypatch, TRUTH, np.ones(2), nan, ended, None, TRUTH + 2)
    verdict = explained(run_of([TRUTH, TRUTH + 1]), again=again, smaller=True)
    ((task, case, found),) = seen
    assert (task, case.args[1]) == (TASK, 1)
    assert found == [False, False, False, False, False, True]
    assert verdict.failure.actual.tolist() == (TRUTH + 2).tolist()
    assert verdict.reason.startswith("answer[0] is 3, expected 1")


def test_a_smaller_case_must_raise_the_same_exception(monkeypatch):
    def error(kind):
        return Answer(raised=Raised(type=kind, message=kind))

    seen, again = smaller(monkeypatch, error("ValueError"), TRUTH, error("KeyError"))
    explained(run_of([error("KeyError")]), check=RUNS, again=again, smaller=True)
    assert seen[0][2] == [False, False, True]


def test_a_smaller_case_must_show_the_same_mistake(monkeypatch):
    seen, again = smaller(monkeypatch, TRUTH + 2, -TRUTH)
    oracle = Oracle(sign=WRONG)
    oracle.alone["sign"] = -TRUTH
    verdict = explained(run_of(WRONG), oracle=oracle, again=again, smaller=True)
    assert seen[0][2] == [False, True]
    assert verdict.diagnosis.name == "sign"


def test_where_no_smaller_case_fails_the_first_is_shown(monkeypatch):
    seen, again = smaller(monkeypatch, TRUTH)
    verdict = explained(run_of([TRUTH + 1]), again=again, smaller=True)
    assert seen[0][2] == [False]
    assert verdict.failure.arguments[1] == ("factor", 0)


@pytest.mark.parametrize("how", ["not asked", "ended", "reversed"])
def test_nothing_smaller_is_looked_for_where_that_makes_no_sense(monkeypatch, how):
    seen, again = smaller(monkeypatch, TRUTH + 1)
    answers = [TRUTH + 1, Answer(raised=Raised(type="ProcessDied", message=""))] if how == "ended" else [TRUTH + 1]
    probes = (Probe(dtype="float64", reverse=how == "reversed"),)
    verdict = explained(run_of(answers), probes=probes, again=again, smaller=how != "not asked")
    assert seen == []
    assert verdict.failure.arguments[1] == ("factor", 0)


def test_a_named_case_is_replaced_by_a_drawn_one_that_shrinks_to_no_more_numbers(monkeypatch):
    seen, again = smaller(monkeypatch, TRUTH + 2)
    run = run_of([TRUTH + 1, TRUTH + 1])
    named = Case(args=(TRUTH, 0), labels={"case": "named"}, name="named")
    run = Run(truth=Truth(**{**vars(run.truth), "cases": (named, run.truth.cases[1])}), answers=run.answers)
    assert explained(run, again=again, smaller=True).failure.actual.tolist() == (TRUTH + 2).tolist()
    assert seen[0][1].args[1] == 1


def test_a_named_case_stays_where_the_drawn_ones_are_larger(monkeypatch):
    seen, again = smaller(monkeypatch, TRUTH + 2)
    run = run_of([TRUTH + 1, TRUTH + 1])
    named = Case(args=(TRUTH[:1],), labels={"case": "named"}, name="named")
    truth = {**vars(run.truth), "cases": (named, run.truth.cases[1]), "args": ((TRUTH[:1],), run.truth.args[1])}
    verdict = explained(Run(truth=Truth(**truth), answers=run.answers), again=again, smaller=True)
    assert verdict.failure.labels == {"case": "named"}
    assert len(seen) == 1

"""The judges of the built-in checks, each on evidence made by hand: what fails, what passes, and what is shown."""

from dataclasses import replace

import numpy as np
import pytest

from grader.answer import Answer, Raised, leaves
from grader.cases import Case
from grader.checks import CHECKS, UNATTEMPTED
from grader.evidence import Evidence, Probe, Run, Truth
from grader.exercise import Task
from grader.facts import SourceFacts

JUDGES = {check.name: check.judge for check in CHECKS}
DOUBLE, SINGLE = Probe(dtype="float64"), Probe(dtype="float32")
ARGS = (np.ones(2), 3)
FORWARD = ("runs", "shape", "values", "dtype", "gradient", "inputs unchanged", "repeatable")


def task_of(**parts):
    return Task(name="scale", cases=lambda draw: (), gradient=("x",), **parts)


def answer(value=None, *, inputs=ARGS, late=..., **parts):
    return Answer(value=value, inputs=inputs, late=value if late is ... else late, **parts)


def raised(kind="ValueError", message="no", bases=("Exception",), **parts):
    return Answer(raised=Raised(type=kind, message=message, bases=bases, **parts))


def right(value=1.0):
    return Answer(value=value)


def run_of(answers, expected=None, *, own=None, args=None, allowed=0.5):
    expected = [right() for _ in answers] if expected is None else expected
    args = [ARGS] * len(answers) if args is None else args
    truth = Truth(
        cases=tuple(Case(args=one) for one in args),
        args=tuple(args),
        expected=tuple(expected),
        own=tuple(expected if own is None else own),
        allowed=[[allowed for _ in leaves(one.value)] for one in expected],
    )
    return Run(truth=truth, answers=tuple(answers))


def evidence(*runs, task=None, source=None, **parts):
    probes = (DOUBLE, SINGLE)
    parts = {"parameters": ("x", "factor"), "siblings": frozenset({"other"}), **parts}
    found = dict(zip(probes, runs, strict=False))
    return Evidence(task=task or task_of(), source=source or SourceFacts(), runs=found, **parts)


def judge(name, *runs, **parts):
    return JUDGES[name](evidence(*runs, **parts))


GOOD = run_of([answer(1.0), answer(1.25)])


@pytest.mark.parametrize("name", ["rules", *FORWARD])
def test_right_answers_pass(name):
    assert judge(name, GOOD, GOOD) is None


@pytest.mark.parametrize("name", FORWARD)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_missing_answer_never_passes(name, position):
    answers = [answer(1.0), answer(1.0), answer(1.0)]
    answers[position] = None
    for runs in ([run_of(answers)], [GOOD, run_of(answers)], [run_of(answers), GOOD]):
        finding = judge(name, *runs)
        assert finding is not None
        assert finding.status == "failed"


@pytest.mark.parametrize("name", ["shape", "values", "dtype", "inputs unchanged"])
def test_a_missing_answer_is_told_with_the_run_in_which_it_is_missing(name):
    finding = judge(name, GOOD, run_of([answer(1.0), None]))
    assert (finding.reason, finding.probe) == ("some cases were not answered", SINGLE)


@pytest.mark.parametrize("count", [1, 3])
def test_the_dtype_is_judged_of_as_many_answers_as_cases_only(count):
    with pytest.raises(ValueError, match="zip"):
        judge("dtype", run_of([answer(1.0), answer(1.0)], own=[right()] * count))


def test_an_exception_is_shown_before_a_case_that_was_not_called():
    finding = judge("runs", run_of([None, raised("KeyError", "'k'")]))
    assert (finding.reason, finding.failing, finding.worst) == ("raises KeyError: 'k'", {0, 1}, 1)


def test_a_gradient_that_was_never_asked_for_does_not_pass():
    finding = judge("gradient", run_of([]))
    assert finding.reason == "no case can be differentiated: the plugin needs smooth ones"


BAD = {
    "rules": raised("ForbiddenCall", "torch.softmax is not allowed"),
    "runs": raised(),
    "shape": answer(np.ones(3)),
    "values": answer(2.0),
    "dtype": answer(np.float32([1]).reshape(())),
    "gradient": answer(2.0),
    "inputs unchanged": answer(1.0, inputs=(np.zeros(2), 3)),
    "repeatable": answer(1.0, late=2.0),
}


@pytest.mark.parametrize("name", BAD)
def test_one_wrong_answer_fails_in_whatever_run_it_comes(name):
    own = [right(np.ones(()))] * 3
    bad = run_of([answer(np.ones(())), BAD[name], answer(np.ones(()))], own=own)
    finding = judge(name, bad)
    assert (finding.status, finding.probe, finding.failing, finding.worst) == ("failed", DOUBLE, {1}, 1)
    finding = judge(name, run_of([answer(np.ones(()))] * 3, own=own), bad)
    assert (finding.status, finding.probe, finding.failing, finding.worst) == ("failed", SINGLE, {1}, 1)


@pytest.mark.parametrize("name", [name for name in BAD if name != "rules"])
def test_the_smallest_failing_case_is_shown(name):
    args = [(np.ones(size), [np.ones(1), 3]) for size in (5, 3, 2, 2)]
    good, bad = answer(np.ones(())), BAD[name]
    answers = [replace(one, inputs=one.inputs and args[i]) for i, one in enumerate((bad, bad, good, bad))]
    if name == "inputs unchanged":
        answers = [replace(one, inputs=(0.0, *one.inputs[1:])) if i != 2 else one for i, one in enumerate(answers)]
    finding = judge(name, run_of(answers, own=[right(np.ones(()))] * 4, args=args))
    assert (finding.failing, finding.worst) == ({0, 1, 3}, 3)


def test_of_equally_small_cases_the_first_is_shown():
    assert judge("values", run_of([answer(1.0), answer(9.0), answer(9.0)])).worst == 1


def test_a_plain_argument_counts_as_one_element():
    args = [(np.ones(4),), (1, 1, 1), (np.ones((2, 1)), 1, 1)]
    assert judge("values", run_of([answer(9.0)] * 3, args=args)).worst == 1


@pytest.mark.parametrize(
    ("answers", "worst"),
    [
        ([1.00005, 1.5, 1.6], 1),
        ([1.00005, 1.00006], 0),
        ([1.0001000001, 1.5], 0),
        ([0.99995, 0.5], 1),
        ([None, 1.5], 0),
        ([2, 1.5], 0),
    ],
)
def test_a_difference_that_can_be_seen_is_shown_before_one_that_cannot(answers, worst):
    run = run_of([answer(one) for one in answers], allowed=1e-9)
    assert judge("values", run).worst == worst
    assert judge("values", run).failing == set(range(len(answers)))


def test_a_slight_difference_is_relative_to_what_is_expected():
    run = run_of([answer(-5000.4), answer(-5002.0)], [right(-5000.0)] * 2, allowed=1e-9)
    assert judge("values", run).worst == 1
    run = run_of([answer(10001.0), answer(10002.0)], [right(10000.0)] * 2, allowed=1e-9)
    assert judge("values", run).worst == 0
    run = run_of([answer(1.00001), answer(2.0)], [right(1.0), right(1)], allowed=0.0)
    assert judge("values", run).worst == 1


def test_a_missing_function_is_told_in_the_words_of_the_source_facts():
    finding = judge("attempted", source=SourceFacts(defined=False, attempted=False, missing="there is no scale"))
    assert finding.status == "failed"
    assert finding.reason == "there is no scale"


def test_a_stub_is_unattempted_and_not_failed():
    finding = judge("attempted", source=SourceFacts(attempted=False, signature="whatever"))
    assert (finding.status, finding.reason) == ("skipped", UNATTEMPTED)


def test_another_signature_fails():
    finding = judge("attempted", source=SourceFacts(signature="the signature is scale()"))
    assert (finding.status, finding.reason) == ("failed", "the signature is scale()")


def test_an_attempt_passes():
    assert judge("attempted", source=SourceFacts()) is None


def test_a_forbidden_import_is_told_with_its_line():
    finding = judge("rules", GOOD, source=SourceFacts(imports=((7, "scipy"), (9, "os"))))
    assert (finding.status, finding.reason) == ("failed", "line 7 imports scipy, which is not allowed here")


def test_a_forbidden_call_is_told_by_its_message():
    finding = judge("rules", run_of([raised(), BAD["rules"], BAD["rules"]]))
    assert (finding.reason, finding.failing) == ("torch.softmax is not allowed", {1, 2})


def test_an_exception_breaks_no_rule():
    assert judge("rules", run_of([raised("ValueError", "ForbiddenCall")])) is None


def test_a_forbidden_call_is_left_to_the_rules():
    finding = judge("runs", run_of([raised(), BAD["rules"]]))
    assert (finding.status, finding.reason) == ("skipped", "waits for rules")


@pytest.mark.parametrize(
    ("got", "expected", "reason"),
    [
        (raised("KeyError", "'k'"), right(), "raises KeyError: 'k'"),
        (answer(1.0), raised("ValueError"), "raises nothing, expected ValueError"),
        (raised("TypeError", bases=("TypeError", "Exception")), raised("ValueError"), "raises TypeError, expected Va"),
        (raised("Exception"), raised("ValueError", bases=("ValueError", "Exception")), "raises Exception, expected V"),
        (None, right(), "was not called: the process had ended"),
        (None, raised("ValueError"), "was not called: the process had ended"),
    ],
)
def test_an_exception_is_told(got, expected, reason):
    finding = judge("runs", run_of([got], [expected]))
    assert finding.reason.startswith(reason)
    assert (finding.status, finding.failing) == ("failed", {0})


@pytest.mark.parametrize("bases", [("ValueError",), ("Own", "ValueError", "Exception")])
def test_the_exception_that_is_asked_for_may_be_a_subclass(bases):
    run = run_of([raised("Own", bases=bases), raised("ValueError", bases=())], [raised("ValueError")] * 2)
    assert judge("runs", run) is None


def test_another_task_s_stub_is_waited_for():
    stub = raised("NotImplementedError", function="other")
    finding = judge("runs", run_of([stub]))
    assert (finding.status, finding.reason) == ("skipped", "write other first")


@pytest.mark.parametrize(
    ("kind", "function"),
    [
        ("NotImplementedError", "scale"),
        ("NotImplementedError", "helper"),
        ("NotImplementedError", None),
        ("ValueError", "other"),
    ],
)
def test_only_another_task_s_stub_excuses_an_exception(kind, function):
    finding = judge("runs", run_of([raised(kind, function=function)]), siblings=frozenset({"other", "scale"}))
    assert finding.status == "failed"


@pytest.mark.parametrize("value", [None, "text", (1.0,), np.ones(1)])
def test_another_shape_or_structure_fails_the_shape_and_the_values(value):
    for name in ("shape", "values", "repeatable"):
        assert judge(name, run_of([answer(value)])).status == "failed"


@pytest.mark.parametrize("value", [2.0, float("nan")])
def test_wrong_numbers_of_the_right_shape_fail_the_values_only(value):
    assert judge("shape", run_of([answer(value)])) is None
    finding = judge("values", run_of([answer(value)]))
    assert (finding.reason, finding.difference.expected) == (finding.difference.text, 1.0)


def test_an_answer_that_raises_is_no_wrong_value_where_the_reference_raises_too():
    assert judge("values", run_of([raised("ValueError")], [raised("ValueError")])) is None


def test_promotion_fails_the_dtype_and_not_the_values():
    run = run_of([answer(np.ones(()))], own=[right(np.ones((), "float32"))])
    assert judge("values", GOOD, run) is None
    finding = judge("dtype", GOOD, run)
    assert (finding.probe, finding.reason) == (SINGLE, "the answer has dtype float64, expected float32")


def test_plain_floats_stand_for_the_probe_s_dtype():
    own = [right(1.0)]
    assert judge("dtype", run_of([answer(np.ones(()))], own=own)) is None
    assert judge("dtype", GOOD, run_of([answer(np.ones((), "f"))], own=own)) is None
    assert judge("dtype", GOOD, run_of([answer(np.ones(()))], own=own)).status == "failed"


def test_exceptions_have_no_dtype():
    other = right(np.ones((), "float32"))
    assert judge("dtype", run_of([raised()], [right()])) is None
    assert judge("dtype", run_of([answer(np.ones(()))], [right()], own=[raised()])) is None
    assert judge("dtype", run_of([raised(), answer(np.ones(()))], [right()] * 2, own=[other] * 2)).failing == {1}
    meaningless = replace(raised(), value=np.ones(()))
    assert judge("dtype", run_of([meaningless], [right()], own=[other])) is None
    assert (
        judge("dtype", run_of([answer(np.ones(()))], [right()], own=[replace(meaningless, value=other.value)])) is None
    )


def test_a_gradient_must_not_raise():
    assert (
        judge("gradient", run_of([raised("NoGradient", "has no grad_fn")])).reason
        == "raises NoGradient: has no grad_fn"
    )


def test_a_wrong_gradient_is_told_by_the_argument_s_name():
    task = replace(task_of(), gradient=("x", "factor"))
    truth = right((np.ones(2), np.ones(2)))
    finding = judge("gradient", run_of([answer((np.ones(2), np.array([1.0, 3.0])))], [truth]), task=task)
    assert finding.reason.startswith("the gradient with respect to factor at [1] is 3, expected 1 (off by 2")
    assert (finding.failing, finding.difference.path) == ({0}, (1,))


@pytest.mark.parametrize("got", [np.array(3.0), np.ones(2)])
def test_a_gradient_without_an_index_reads_as_a_sentence(got):
    finding = judge("gradient", run_of([answer((got,))], [right((np.ones(()),))]))
    assert finding.reason.startswith("the gradient with respect to x ")
    assert "  " not in finding.reason
    assert " at is" not in finding.reason
    assert " at has" not in finding.reason

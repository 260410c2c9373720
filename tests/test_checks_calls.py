"""What calls leave behind (changed arguments, other answers the second time), and which calls each check asks for."""

from dataclasses import replace

import numpy as np
import pytest

from grader.answer import Answer, Raised
from grader.checks import CHECKS
from grader.evidence import Probe
from grader.exercise import Task
from grader.verdict import Backend
from tests.conftest import only_task
from tests.test_checks import DOUBLE, SINGLE, answer, judge, raised, run_of, task_of


def test_a_changed_argument_is_named():
    finding = judge("inputs unchanged", run_of([answer(1.0, inputs=(np.ones(2), 4))]))
    assert finding.reason == "changes its argument factor in place"
    finding = judge("inputs unchanged", run_of([answer(1.0, inputs=(np.zeros(2), 4))]))
    assert finding.reason == "changes its argument x in place"


@pytest.mark.parametrize("after", [np.array([1.0, np.nextafter(1, 2)]), np.ones(2, "float32"), np.ones((2, 1)), None])
def test_any_change_to_an_argument_counts(after):
    assert judge("inputs unchanged", run_of([answer(1.0, inputs=(after, 3))])).failing == {0}


def test_an_argument_that_may_be_changed_may():
    run = run_of([answer(1.0, inputs=(np.zeros(2), 3))])
    assert judge("inputs unchanged", run, task=task_of(may_mutate=("x",))) is None
    assert judge("inputs unchanged", run, task=task_of(may_mutate=("factor",))).failing == {0}
    both = run_of([answer(1.0, inputs=(np.zeros(2), 4))])
    assert judge("inputs unchanged", both, task=task_of(may_mutate=("x",))).reason.startswith("changes its argument f")


@pytest.mark.parametrize("inputs", [(), (np.ones(2),), (np.ones(2), 3, 4)])
def test_arguments_that_did_not_come_back_do_not_pass(inputs):
    finding = judge("inputs unchanged", run_of([answer(1.0, inputs=inputs)]))
    assert (finding.reason, finding.failing) == ("changes its argument list in place", {0})


def test_an_exception_says_nothing_about_arguments():
    assert judge("inputs unchanged", run_of([raised()])) is None
    changed = Answer(raised=Raised(type="ValueError", message=""), inputs=(np.zeros(2), 3))
    assert judge("inputs unchanged", run_of([changed])).failing == {0}


def test_an_argument_without_a_name_is_told_by_its_number():
    finding = judge("inputs unchanged", run_of([answer(1.0, inputs=(np.ones(2), 4))]), parameters=("x",))
    assert finding.reason == "changes its argument number 2 in place"


@pytest.mark.parametrize("got", [answer(2.0), raised(), answer(np.ones(3))])
def test_another_answer_in_another_order_is_not_repeatable(got):
    finding = judge("repeatable", run_of([answer(1.0), got]))
    assert finding.reason == "gives another answer when called in another order or a second time"
    assert (finding.probe, finding.failing) == (DOUBLE, {1})


def test_differences_and_exceptions_count_together():
    finding = judge("repeatable", run_of([raised(), answer(1.0), answer(2.0)]))
    assert (finding.failing, finding.worst) == ({0, 2}, 2)


@pytest.mark.parametrize("late", [1.0 + 1e-12, None, np.ones(()), 1, (1.0,)])
def test_an_answer_that_changes_later_is_found_out(late):
    finding = judge("repeatable", run_of([answer(1.0, late=late), answer(1.0)]))
    assert finding.reason.startswith("an answer changes after it was returned")
    assert finding.failing == {0}


def test_exceptions_that_are_asked_for_are_repeatable():
    assert judge("repeatable", run_of([raised("ValueError")], [raised("ValueError")])) is None
    meaningless = replace(raised("ValueError"), late=1.0)
    assert judge("repeatable", run_of([meaningless], [raised("ValueError")])) is None


BACKENDS = [
    Backend(name=n, worker=None, distributions=(), imports=(), gradients=g) for n, g in (("a", False), ("b", True))
]
PROBES = {check.name: check.probes for check in CHECKS}
APPLIES = {check.name: check.applies for check in CHECKS}


@pytest.mark.parametrize("name", ["rules", "runs", "shape", "values", "dtype", "inputs unchanged"])
def test_a_task_is_called_once_in_each_of_its_dtypes(name):
    assert PROBES[name](task_of(), BACKENDS[0]) == (DOUBLE, SINGLE)
    assert PROBES[name](task_of(dtypes=("float32",)), BACKENDS[0]) == (SINGLE,)
    assert PROBES[name](task_of(dtypes=()), BACKENDS[0]) == (Probe(),)


def test_gradients_are_judged_in_float64_whatever_the_dtypes():
    wanted = (Probe(mode="gradient", dtype="float64"),)
    assert PROBES["gradient"](task_of(), BACKENDS[1]) == wanted
    assert PROBES["gradient"](task_of(dtypes=("float32",)), BACKENDS[1]) == wanted


def test_the_calls_are_repeated_in_reverse_in_the_first_dtype():
    assert PROBES["repeatable"](task_of(), BACKENDS[0]) == (Probe(dtype="float64", reverse=True),)
    assert PROBES["repeatable"](task_of(dtypes=()), BACKENDS[0]) == (Probe(reverse=True),)


def test_a_check_of_the_source_calls_nothing():
    assert PROBES["attempted"](task_of(), BACKENDS[0]) == ()


def test_checks_apply_where_they_make_sense():
    none = Task(name="scale", cases=lambda draw: (), dtypes=())
    assert APPLIES["gradient"](task_of(), BACKENDS[0]) == "a has no autograd"
    assert APPLIES["gradient"](none, BACKENDS[1]) == "the task is not differentiated"
    assert APPLIES["gradient"](task_of(), BACKENDS[1]) is None
    always = [name for name in APPLIES if name != "gradient"]
    assert all(APPLIES[name](none, BACKENDS[0]) is None for name in always)


def test_no_check_is_judged_before_what_it_rests_on():
    after = {check.name: set(check.after) for check in CHECKS}
    assert after == {
        "attempted": set(),
        "rules": {"attempted"},
        "runs": {"attempted"},
        "shape": {"rules", "runs"},
        "values": {"shape"},
        "dtype": {"shape"},
        "gradient": {"values"},
        "inputs unchanged": {"runs"},
        "repeatable": {"values"},
    }


ANSWERS = {"an integer beyond every dtype": "2**70", "a longer one": "-2**1999", "a dict": "{}", "nothing": "None"}


@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_a_function_returns_is_judged_and_fails(grade, answer):
    text = f"def mse_loss(x, target):\n    return {ANSWERS[answer]}\n"
    task = only_task(grade("loss.mse_loss:numpy", text))
    assert (task.status, task.score) == ("failed", 0.0)
    assert {one.status for one in task.checks if one.check in ("shape", "values")} <= {"failed", "skipped"}


def test_a_size_must_be_an_integer(grade):
    text = """
    def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
        return {}((size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1)
    """
    right, wrong = [only_task(grade("conv.conv_output_size:numpy", text.format(how))) for how in ("", "float")]
    assert right.status == "passed"
    assert [one.check for one in wrong.checks if one.status == "failed"] == ["dtype"]

"""The judges of what is measured, and the points that hang on them."""

from dataclasses import replace

import numpy as np
import pytest

from grader import Memory, Speed, Task
from grader.answer import Answer, Raised
from grader.cases import Case
from grader.evidence import Evidence, Peak, Run, Timing, Truth
from grader.facts import SourceFacts
from grader.limits import LIMITS, is_one, judge_device, judge_memory, judge_speed, times
from grader.ratio import Ratio
from grader.verdict import Backend

TIMING = Timing(limit=3.0, reason="take whole arrays", device="cpu", size=8, seconds=0.001)
PEAK = Peak(limit=2.0, reason="in blocks", how="resident", own=300 * 10**6, reference=100 * 10**6)


def judged(judge, measured):
    finding = judge(Evidence(task=None, source=SourceFacts(), runs={}, measured=measured))
    return None if finding is None else (finding.status, finding.reason)


def ratio(low, high):
    return replace(TIMING, ratio=Ratio(value=(low * high) ** 0.5, low=low, high=high, pairs=6))


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.2), (1.0, 2.9), (2.0, 4.5), (3.0, 9.0)])
def test_what_is_not_surely_over_the_limit_passes(low, high):
    assert judged(judge_speed, ratio(low, high)) is None


@pytest.mark.parametrize(
    ("low", "high", "sure"), [(1.0, 2.9, True), (3.1, 9.0, True), (2.0, 4.5, False), (2.9, 3.0, False)]
)
def test_a_verdict_is_sure_where_the_interval_keeps_to_one_side(low, high, sure):
    assert ratio(low, high).confident is sure


def test_what_is_surely_over_the_limit_fails_with_figures_and_the_reason():
    text = "4 times as slow as the reference (between 3.2 and 5), 3 are allowed: take whole arrays"
    assert judged(judge_speed, ratio(3.2, 5.0)) == ("failed", text)


def test_what_did_not_end_fails_by_its_lower_bound():
    timing = replace(TIMING, at_least=512.3)
    text = "at least 512 times as slow as the reference, 3 are allowed: take whole arrays"
    assert (judged(judge_speed, timing), timing.confident) == (("failed", text), True)


def test_a_wrong_answer_fails_whatever_the_time():
    timing = replace(ratio(0.1, 0.2), problem="the answer is 1, expected 2")
    assert judged(judge_speed, timing) == ("failed", "while it was timed: the answer is 1, expected 2")


def compared(low, high, control, mean=None):
    one = ratio(low, high)
    one = replace(one, ratio=replace(one.ratio, mean=mean or one.ratio.value))
    return replace(one, control=control and Ratio(value=1.0, low=control[0], high=control[1], pairs=6))


STEADY, NOISY = (0.97, 1.04), (0.6, 1.7)


@pytest.mark.parametrize(
    ("low", "high", "control", "status"),
    [
        (3.2, 5.0, STEADY, "failed"),
        (3.2, 5.0, NOISY, "skipped"),
        (5.2, 9.0, NOISY, "failed"),
        (3.05, 3.1, (0.96, 1.06), None),
        (3.05, 3.1, None, "failed"),
        (2.0, 4.0, NOISY, None),
        (3.05, 5.0, STEADY, "failed"),
        (3.75, 9.0, (0.5, 1.25), "skipped"),
        (3.125, 4.5, (1.0, 1.25), None),
    ],
)
def test_what_is_near_the_limit_is_judged_by_how_steady_the_machine_is(low, high, control, status):
    found = judged(judge_speed, compared(low, high, control))
    assert (found and found[0]) == status
    if status == "skipped":
        assert found[1].startswith("this machine is too noisy to judge")


@pytest.mark.parametrize(
    ("control", "mean", "status"), [(STEADY, 20.0, "failed"), (STEADY, 4.5, None), (NOISY, 20.0, "skipped")]
)
def test_what_is_slow_now_and_then_is_slow_where_the_machine_is_steady(control, mean, status):
    found = judged(judge_speed, compared(0.5, 9.0, control, mean))
    assert (found and found[0]) == status
    if status == "failed":
        text = "20 times as slow as the reference on average (between 0.5 and 9), 3 are allowed: take whole arrays"
        assert found[1] == text


@pytest.mark.parametrize(
    ("low", "high", "one"),
    [
        (0.96, 1.05, True),
        (1.04, 1.2, True),
        (1.05, 1.2, True),
        (1.0, 1.5, False),
        (0.9, 1 / 1.05, True),
        (1.06, 1.2, False),
        (0.8, 0.9, False),
        (0.7, 1.1, False),
    ],
)
def test_a_function_against_itself_is_one_where_the_machine_is_steady(low, high, one):
    assert is_one(Ratio(value=1.0, low=low, high=high, pairs=6)) is one


@pytest.mark.parametrize(("share", "status"), [(0.86, "skipped"), (0.85, "failed")])
def test_where_transfers_take_nearly_all_the_time_nothing_is_judged(share, status):
    found = judged(judge_speed, replace(ratio(30.0, 50.0), share=share))
    assert found[0] == status
    assert found[1].startswith("86 % of the time went into the transfer") is (status == "skipped")


def test_a_size_that_does_not_fit_is_skipped_with_what_it_needs():
    assert judged(judge_speed, replace(TIMING, left_out="size 9 needs 90 GB")) == ("skipped", "size 9 needs 90 GB")


@pytest.mark.parametrize(
    ("judge", "reason"),
    [
        (judge_speed, "was not timed"),
        (judge_memory, "was not measured"),
        (judge_device, "was not called on the accelerator"),
    ],
)
def test_nothing_measured_is_no_pass(judge, reason):
    assert judged(judge, None) == ("failed", reason)
    assert judged(judge, TIMING if judge is not judge_speed else PEAK) == ("failed", reason)


def test_a_timing_without_a_ratio_is_no_pass():
    assert judged(judge_speed, TIMING) == ("failed", "was not timed")


def test_memory_is_judged_by_the_references():
    assert judged(judge_memory, replace(PEAK, own=200 * 10**6)) is None
    text = "takes 300 MB at its peak, 3 times as much as the reference; 2 are allowed: in blocks"
    assert judged(judge_memory, PEAK) == ("failed", text)
    rough = replace(PEAK, untold=1000)
    assert judged(judge_memory, replace(rough, own=200 * 10**6 + 1000)) is None
    assert judged(judge_memory, replace(rough, own=200 * 10**6 + 1001)) is not None
    wrong = replace(PEAK, own=1, problem="the answer is 1, expected 2")
    assert judged(judge_memory, wrong) == ("failed", "while its memory was measured: the answer is 1, expected 2")
    assert judged(judge_memory, replace(PEAK, own=9_995_005_000))[1].startswith("takes 1e+04 MB at its peak")
    told = "this system does not tell how much memory a process takes"
    assert judged(judge_memory, replace(PEAK, how="")) == ("skipped", told)


def placed(*answers, expected=1.0):
    count = len(answers)
    truth = Truth(
        cases=(Case(args=()),) * count,
        args=((),) * count,
        expected=(Answer(value=np.float32([expected])),) * count,
        own=(Answer(value=np.float32([expected])),) * count,
        allowed=((1e-5,),) * count,
    )
    return Run(truth=truth, answers=answers)


RIGHT = Answer(value=np.float32([1.0]))


def test_every_answer_on_the_device_must_be_right():
    assert judged(judge_device, placed(RIGHT, RIGHT)) is None
    status, reason = judged(judge_device, placed(RIGHT, Answer(value=np.float32([1.001]))))
    assert (status, reason.endswith("; right on the CPU")) == ("failed", True)
    assert judged(judge_device, placed(RIGHT, None)) == ("failed", "was not called")
    broken = Answer(raised=Raised(type="OutOfMemoryError", message="no room"))
    assert judged(judge_device, placed(broken)) == ("failed", "raises OutOfMemoryError: no room")
    assert judged(judge_device, placed()) == ("failed", "was not called on the accelerator")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1.23, "1.2"),
        (12.3, "12"),
        (0.456, "0.46"),
        (100.0, "100"),
        (100.4, "100"),
        (123.4, "123"),
        (98765.0, "9.88e+04"),
    ],
)
def test_ratios_are_said_in_two_digits_or_three(value, text):
    assert times(value) == text


def test_what_is_measured_waits_for_right_answers():
    after = {check.name: set(check.after) for check in LIMITS}
    assert after["device"] == {"values"}
    assert after["speed"] == after["memory"] == {"values", "gradient", "inputs unchanged", "repeatable", "device"}


BACKENDS = {
    name: Backend(name=name, worker=None, distributions=(), imports=(), gradients=name == "torch")
    for name in ("numpy", "torch")
}
BOTH = Speed(inputs=print, size=1, limit=2, reason="r", memory=Memory(limit=2, reason="r"))
ONLY = replace(BOTH, memory=None, backends=("torch",))


@pytest.mark.parametrize(
    ("check", "fields", "backend", "why"),
    [
        ("speed", {"speed": BOTH}, "numpy", None),
        ("speed", {"speed": ONLY}, "torch", None),
        ("speed", {"speed": ONLY}, "numpy", "nothing is asked of its speed"),
        ("speed", {}, "numpy", "nothing is asked of its speed"),
        ("memory", {"speed": BOTH}, "numpy", None),
        ("memory", {"speed": ONLY}, "torch", "nothing is asked of its memory"),
        ("memory", {}, "torch", "nothing is asked of its memory"),
        ("device", {}, "torch", None),
        ("device", {"dtypes": ()}, "torch", "no floating arguments"),
        ("device", {}, "numpy", "numpy computes on the CPU"),
    ],
)
def test_what_is_not_asked_for_is_left_out_with_the_reason(check, fields, backend, why):
    applies = {one.name: one.applies for one in LIMITS}[check]
    assert applies(Task(name="one", cases=print, **fields), BACKENDS[backend]) == why

"""Grading a task: the order of the checks, which wait for which, and what all verdicts together say."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

import grader.session
from grader.answer import Raised
from grader.attempt import Submitted
from grader.checks import UNATTEMPTED
from grader.errors import PluginError
from grader.evidence import Finding, Probe
from grader.exercise import Task
from grader.session import Session, status_of
from grader.verdict import Backend, Check, Verdict

NUMPY = Backend(name="numpy", worker=None, distributions=(), imports=())
TASK = Task(name="scale", cases=lambda draw: (), points=2.5, level="stretch")
FAILED = Finding(reason="wrong")


class Attempt:
    """A submission that loads, or does not."""

    raises = None

    def __init__(self, submitted, oracle, sandbox):
        self.broken = submitted.problem
        self.closed = False
        attempts.append(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def load(self):
        self.broken = self.broken or self.raises


class Examined:
    """Evidence that is only the probes that were asked for."""

    def __init__(self, task, attempt, oracle):
        self.task = task
        self.again = "again"

    def evidence(self, probes):
        return SimpleNamespace(task=self.task, probes=probes)


class Explainer:
    def explain(self, check, finding, evidence, again):
        return Verdict(check=check.name, status="failed", reason=f"{finding.reason}, {again}")


attempts = []


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    attempts.clear()
    monkeypatch.setattr(grader.session, "Attempt", Attempt)
    monkeypatch.setattr(grader.session, "Examined", Examined)


def check(name, *after, finding=None, applies=None, probes=()):
    """Make a check; an exception as its finding is raised."""

    def judge(evidence):
        if isinstance(finding, Exception):
            raise finding
        return finding(evidence) if callable(finding) else finding

    return Check(name=name, judge=judge, after=after, probes=lambda *_: probes, applies=lambda task, backend: applies)


def grade(*checks, tasks=(TASK,), problem=None, tell=lambda verdict: None):
    oracle = SimpleNamespace(loaded=SimpleNamespace(name="demo"), backend=NUMPY)
    submitted = Submitted(path="demo_numpy.py", source=None, problem=problem)
    return Session(oracle, checks, None, Explainer(), tell).grade(submitted, tasks)


def verdicts(*checks, **how):
    (task,) = grade(*checks, **how).tasks
    return {verdict.check: (verdict.status, verdict.reason) for verdict in task.checks}


def test_a_task_is_worth_its_points_if_every_check_passes():
    (task,) = grade(check("a"), check("b", "a")).tasks
    assert (task.name, task.status, task.score, task.max_score, task.level) == ("scale", "passed", 2.5, 2.5, "stretch")
    assert [verdict.check for verdict in task.checks] == ["a", "b"]


@pytest.mark.parametrize("finding", [FAILED, Finding(reason="", status="skipped"), PluginError("broken")])
def test_a_task_is_worth_nothing_if_one_check_does_not_pass(finding):
    for order in (("good", "bad"), ("bad", "good")):
        (task,) = grade(*(check(name, finding=finding if name == "bad" else None) for name in order)).tasks
        assert (task.score, task.max_score) == (0.0, 2.5)
        assert task.status != "passed"


def test_a_verdict_says_what_it_is_about():
    result = grade(check("a"), tasks=(TASK, Task(name="shift", cases=TASK.cases)))
    assert (result.name, result.backend, result.path) == ("demo", "numpy", "demo_numpy.py")
    assert [task.name for task in result.tasks] == ["scale", "shift"]
    assert [(one.exercise, one.backend, one.task) for task in result.tasks for one in task.checks] == [
        ("demo", "numpy", "scale"),
        ("demo", "numpy", "shift"),
    ]


def test_time_is_told_in_seconds_to_the_microsecond(monkeypatch):
    clock = iter([10.0, 10.1234567, 20.0, 22.5])
    monkeypatch.setattr(grader.session.time, "perf_counter", lambda: next(clock))
    (task,) = grade(check("a"), check("b")).tasks
    assert [one.seconds for one in task.checks] == [0.123457, 2.5]


def test_verdicts_are_told_as_they_are_known():
    told = []
    (task,) = grade(check("a"), check("b", finding=FAILED), check("c", "b"), tell=told.append).tasks
    assert tuple(told) == task.checks
    assert [one.status for one in told] == ["passed", "failed", "skipped"]


def test_the_submission_is_closed():
    grade(check("a"))
    assert [one.closed for one in attempts] == [True]


def test_checks_are_asked_behind_what_they_rest_on():
    assert list(verdicts(check("c", "b"), check("b", "a"), check("a"))) == ["a", "b", "c"]


def test_a_failed_check_is_explained():
    assert verdicts(check("a", finding=FAILED)) == {"a": ("failed", "wrong, again")}


def test_a_check_may_say_that_it_must_wait():
    assert verdicts(check("a", finding=Finding(reason="write b", status="skipped"))) == {"a": ("skipped", "write b")}


@pytest.mark.parametrize("finding", [FAILED, PluginError("broken")])
def test_checks_wait_for_one_that_did_not_pass(finding):
    found = verdicts(check("a", finding=finding), check("b", "a"), check("c", "b"), check("d"), check("e", "d", "a"))
    assert found["b"] == ("skipped", "waits for a")
    assert found["c"] == ("skipped", "waits for a")
    assert found["d"] == ("passed", "")
    assert found["e"] == ("skipped", "waits for a")


def test_checks_behind_a_skipped_one_are_skipped_for_its_reason():
    found = verdicts(check("a", finding=Finding(reason=UNATTEMPTED, status="skipped")), check("b", "a"))
    assert found["b"] == ("skipped", UNATTEMPTED)


def test_a_check_that_does_not_apply_is_skipped_and_holds_up_nothing():
    (task,) = grade(check("a", applies="no autograd", finding=FAILED), check("b", "a"), check("c", "b")).tasks
    found = {one.check: (one.status, one.reason) for one in task.checks}
    assert found == {"a": ("skipped", "no autograd"), "b": ("passed", ""), "c": ("passed", "")}
    assert [one.wanted for one in task.checks] == [False, True, True]
    assert (task.status, task.score) == ("passed", 2.5)


def test_a_check_that_does_not_apply_excuses_no_other():
    waits = Finding(reason="write b", status="skipped")
    found = verdicts(check("first", applies="no autograd"), check("a", finding=waits), check("b", "a"))
    assert found["b"] == ("skipped", "write b")


def test_a_check_that_does_not_apply_says_so_even_where_it_would_wait():
    found = verdicts(check("a", finding=FAILED), check("b", "a", applies="no floats"))
    assert found["b"] == ("skipped", "no floats")


def test_a_plugin_s_fault_is_an_error_and_not_the_learner_s_failure():
    (task,) = grade(check("a", finding=PluginError("the plugin broke"))).tasks
    assert (task.checks[0].status, task.checks[0].reason, task.status) == ("error", "the plugin broke", "error")
    assert task.checks[0].check == "a"


def test_a_check_that_crashes_is_an_error_that_names_it():
    (task,) = grade(check("own", finding=ZeroDivisionError("division by zero")), check("b")).tasks
    assert [one.status for one in task.checks] == ["error", "passed"]
    assert task.checks[0].check == "own"
    assert task.checks[0].reason == "the check 'own' crashed: ZeroDivisionError: division by zero"


def test_a_check_that_crashes_before_it_is_asked_is_an_error_too():
    def applies(task, backend):
        raise ZeroDivisionError("division by zero")

    (task,) = grade(replace(check("own"), applies=applies), check("b")).tasks
    assert [one.status for one in task.checks] == ["error", "passed"]
    assert (task.status, task.score) == ("error", 0.0)


def test_a_check_with_the_same_reason_as_one_that_does_not_apply_still_counts():
    same = Finding(reason="no autograd", status="skipped")
    (task,) = grade(check("a", applies="no autograd"), check("b", finding=same), check("c")).tasks
    assert (task.status, task.score) == ("skipped", 0.0)


PROBES = (Probe(),)
BROKEN = Raised(type="NameError", message="no x", line=7)


def probed(evidence):
    return Finding(reason=f"{len(evidence.probes)} probes")


def test_a_file_that_cannot_be_loaded_fails_to_run_with_its_exception(monkeypatch):
    monkeypatch.setattr(Attempt, "raises", BROKEN)
    (task,) = grade(check("runs", probes=PROBES), check("values", "runs", probes=PROBES)).tasks
    runs, values = task.checks
    assert (runs.status, runs.reason) == ("failed", "the file cannot be loaded: NameError: no x")
    assert (runs.exception["type"], runs.exception["line"]) == ("NameError", 7)
    assert (values.status, values.reason) == ("skipped", "waits for runs")
    assert task.status == "failed"


def test_nothing_is_called_in_a_file_that_cannot_be_loaded(monkeypatch):
    assert verdicts(check("rules", finding=probed, probes=PROBES))["rules"] == ("failed", "1 probes, again")
    monkeypatch.setattr(Attempt, "raises", BROKEN)
    assert verdicts(check("rules", finding=probed, probes=PROBES))["rules"] == ("failed", "0 probes, again")


def test_a_check_of_calls_does_not_pass_in_a_file_that_cannot_be_loaded(monkeypatch):
    assert verdicts(check("rules", probes=PROBES)) == {"rules": ("passed", "")}
    monkeypatch.setattr(Attempt, "raises", BROKEN)
    assert verdicts(check("rules", probes=PROBES)) == {"rules": ("skipped", "the file cannot be loaded")}
    assert verdicts(check("attempted"), problem=BROKEN) == {"attempted": ("passed", "")}


def test_a_check_of_the_source_alone_loads_nothing(monkeypatch):
    monkeypatch.setattr(Attempt, "raises", BROKEN)
    assert verdicts(check("attempted"), check("runs")) == {"attempted": ("passed", ""), "runs": ("passed", "")}


def test_a_check_chooses_its_calls_by_task_and_backend():
    asked = []
    grade(replace(check("a"), probes=lambda *of: asked.append(of) or ()))
    assert asked == [(TASK, NUMPY)]


def test_a_file_that_is_no_python_is_known_to_be_broken_without_loading():
    assert verdicts(check("runs"), problem=BROKEN)["runs"][0] == "failed"


def status(*named, wanted=None):
    made = {name: Verdict(check=name, status=one, reason=reason) for name, one, reason in named}
    return status_of(made, frozenset(made if wanted is None else wanted))


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ("passed", "passed"),
        ("passed passed", "passed"),
        ("passed failed", "failed"),
        ("passed skipped", "skipped"),
        ("skipped", "skipped"),
        ("failed skipped", "failed"),
        ("failed error passed", "error"),
        ("error skipped", "error"),
        ("passed error", "error"),
        ("", "skipped"),
    ],
)
def test_a_task_has_the_status_of_its_worst_check(statuses, whole):
    named = [(f"check {i}", one, "") for i, one in enumerate(statuses.split())]
    assert status(*named) == status(*named[::-1]) == whole


def test_checks_that_do_not_apply_have_no_say():
    checks = (("a", "passed", ""), ("b", "skipped", "no autograd"), ("c", "failed", ""))
    assert status(*checks, wanted=["a"]) == "passed"
    assert status(*checks, wanted=["a", "b"]) == "skipped"
    assert status(*checks, wanted=["b"]) == "skipped"
    assert status(*checks, wanted=[]) == "skipped"


def test_a_stub_is_unattempted_and_neither_failed_nor_skipped():
    stub = ("attempted", "skipped", UNATTEMPTED)
    assert status(stub, ("runs", "skipped", UNATTEMPTED)) == "unattempted"
    assert status(stub, ("runs", "passed", "")) == "unattempted"
    assert status(stub, ("runs", "failed", "")) == "failed"
    assert status(stub, ("runs", "error", "")) == "error"
    assert status(stub, ("runs", "passed", ""), wanted=["runs"]) == "passed"

"""Speed and memory have points of their own, which a right but slow answer does not get."""

import pytest

from grader import Memory, Speed, Task
from grader.app import Request
from grader.errors import WorkerError
from grader.evidence import Peak, Timing
from grader.ratio import Ratio
from grader.session import Session, points_of
from tests.conftest import PLUGIN, only_task

SPEED = """speed=Speed(inputs=lambda n, rng: (rng.standard_normal(n), 2.0), size=50, limit=3, reason="in whole arrays",
    points=0.5, memory=Memory(limit=2, reason="in blocks", points=0.25))"""
TIMED = PLUGIN.replace("Task, hookimpl", "Memory, Speed, Task, hookimpl").replace(
    'gradient=("x",)', f'backends=("numpy",), drawn=10, points=2, {SPEED}'
)
RIGHT = "def scale(x, factor):\n    return x * factor + 1\n"
WRONG = "def scale(x, factor):\n    return x * factor\n"


def timing(value, **fields):
    ratio = Ratio(value=value, low=value * 0.9, high=value * 1.1, pairs=6)
    return Timing(limit=3, reason="in whole arrays", device="cpu", size=50, ratio=ratio, **fields)


def peak(own):
    return Peak(limit=2, reason="in blocks", how="resident", own=own * 10**6, reference=100 * 10**6)


@pytest.fixture
def judge(course, tmp_path, cache):
    """Grade a text with meters that say what they are told to; None takes the real ones."""
    app = course(plugin=TIMED, torch="").app()
    path = tmp_path / "demo_numpy.py"

    def run(text, meters):
        path.write_text(text)
        request = Request(targets=("demo",), submission=path, cache=cache, speed="judge")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(app), "meters", lambda *_: meters)
            return only_task(app.grade(request))

    return run


def meters(ratio=1.0, own=100):
    return {"speed": lambda *_: timing(ratio), "memory": lambda *_: peak(own), "device": "no accelerator found"}


@pytest.mark.parametrize(
    ("ratio", "own", "status", "score"),
    [(1.0, 100, "passed", 2.75), (9.0, 100, "failed", 2.25), (1.0, 900, "failed", 2.5), (9.0, 900, "failed", 2.0)],
)
def test_each_limit_has_points_of_its_own(judge, ratio, own, status, score):
    task = judge(RIGHT, meters(ratio, own))
    assert (task.status, task.score, task.max_score) == (status, score, 2.75)
    checks = {one.check: one for one in task.checks}
    assert checks["speed"].status == ("passed" if ratio < 3 else "failed")
    assert checks["memory"].status == ("passed" if own < 200 else "failed")
    assert checks["speed"].measured == timing(ratio)
    assert checks["memory"].measured == peak(own)
    assert (checks["speed"].reason == "") is (ratio < 3)
    assert (checks["memory"].reason == "") is (own < 200)
    assert checks["speed"].wanted is checks["memory"].wanted is True


def test_a_meter_is_given_the_task_and_the_submission(judge):
    seen = []

    def meter(task, submitted):
        seen.append((task.name, submitted.source.text))
        return timing(1.0)

    judge(RIGHT, {"speed": meter})
    assert seen == [("scale", RIGHT)]


def test_what_goes_wrong_on_the_references_side_is_an_error_of_that_check_alone(judge):
    def broken(*_):
        raise WorkerError("the reference scale cannot be timed: the process ended")

    task = judge(RIGHT, meters() | {"speed": broken})
    checks = {one.check: one for one in task.checks}
    assert (checks["speed"].status, checks["speed"].reason) == (
        "error",
        "the reference scale cannot be timed: the process ended",
    )
    assert (task.status, checks["memory"].status) == ("error", "passed")


def test_a_wrong_answer_gets_nothing_and_is_not_timed(judge):
    def never(*_):
        raise AssertionError("a wrong answer was timed")

    task = judge(WRONG, {"speed": never, "memory": never})
    assert (task.status, task.score, task.max_score) == ("failed", 0.0, 2.75)
    assert {one.check: one.reason for one in task.checks if one.check in ("speed", "memory")} == {
        "speed": "waits for values",
        "memory": "waits for values",
    }


def test_what_is_left_out_leaves_the_most_points(judge):
    task = judge(RIGHT, {"speed": "speed is left out", "memory": "so is memory"})
    assert (task.status, task.score, task.max_score) == ("passed", 2.0, 2.0)
    checks = {one.check: one for one in task.checks}
    assert (checks["speed"].status, checks["speed"].reason, checks["speed"].wanted) == (
        "skipped",
        "speed is left out",
        False,
    )
    assert checks["memory"].reason == "so is memory"
    # NumPy computes on the CPU, and so its answers are asked for on no device.
    assert checks["device"].reason == "numpy computes on the CPU"


def test_without_any_meter_that_is_said(judge):
    task = judge(RIGHT, {})
    assert {one.reason for one in task.checks if one.check in ("speed", "memory")} == {"not measured in this run"}


SPEED_ONLY = Speed(inputs=print, size=1, limit=2, reason="r", points=0.5)
BOTH = Speed(inputs=print, size=1, limit=2, reason="r", points=0.5, memory=Memory(limit=2, reason="r", points=0.25))


@pytest.mark.parametrize(
    ("speed", "what", "points"),
    [
        (None, "speed", 0.0),
        (None, "memory", 0.0),
        (SPEED_ONLY, "speed", 0.5),
        (SPEED_ONLY, "memory", 0.0),
        (BOTH, "speed", 0.5),
        (BOTH, "memory", 0.25),
    ],
)
def test_points_are_those_that_the_task_declares(speed, what, points):
    assert points_of(Task(name="one", cases=print, speed=speed), what) == points


def test_a_noisy_machine_takes_no_points(judge):
    noisy = Ratio(value=1.0, low=0.5, high=2.0, pairs=6)
    task = judge(RIGHT, meters() | {"speed": lambda *_: timing(4.0, control=noisy)})
    speed = next(one for one in task.checks if one.check == "speed")
    assert (speed.status, speed.wanted) == ("skipped", False)
    assert speed.reason.startswith("this machine is too noisy")
    assert speed.measured.control == noisy
    assert (task.status, task.score, task.max_score) == ("passed", 2.25, 2.25)


def test_a_session_without_meters_measures_nothing(app, cache, sandbox):
    with app.oracle(app.exercises["activation"], "numpy", sandbox, 0, cache) as oracle:
        session = app.session(oracle, sandbox)
        assert isinstance(session, Session)
        assert session._meters == {}

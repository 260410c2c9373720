"""Speed and memory have points of their own, which a right but slow answer does not get."""

import pytest

from grader.app import Request
from grader.evidence import Peak, Timing
from grader.ratio import Ratio
from grader.session import Session
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
    return Peak(limit=2, reason="in blocks", how="resident", own=own, reference=100)


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
    task = judge(RIGHT, {"speed": "speed is left out", "memory": "speed is left out"})
    assert (task.status, task.score, task.max_score) == ("passed", 2.0, 2.0)


def test_a_noisy_machine_takes_no_points(judge):
    task = judge(RIGHT, meters() | {"speed": lambda *_: timing(4.0, noisy=True)})
    speed = next(one for one in task.checks if one.check == "speed")
    assert (speed.status, speed.wanted) == ("skipped", False)
    assert (task.status, task.score, task.max_score) == ("passed", 2.25, 2.25)


def test_a_session_without_meters_measures_nothing(app, cache, sandbox):
    with app.oracle(app.exercises["activation"], "numpy", sandbox, 0, cache) as oracle:
        session = app.session(oracle, sandbox)
        assert isinstance(session, Session)
        assert session._meters == {}

"""Sizes that do not fit are told before anything of that size is made."""

from dataclasses import replace

import pytest

from grader.errors import PluginError
from grader.exercise import Task
from grader.launch import MEMORY
from grader.speed import room
from tests.speed.conftest import SPEED
from tests.speed.test_attacks import verdict

HONEST = """
import numpy as np

def softmax(x, axis=-1):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
"""


TASK = Task(name="softmax", cases=lambda draw: ())


def test_what_a_plugin_says_nothing_of_fits():
    assert room.missing(TASK, SPEED, 10**9) is None


@pytest.mark.parametrize(("free", "fits"), [(8e8, False), (3.7e9, False), (3.8e9, True)])
def test_a_size_fits_into_most_of_what_is_free(monkeypatch, free, fits):
    monkeypatch.setattr(room, "free_bytes", lambda: free)
    text = room.missing(TASK, replace(SPEED, needs=lambda size: 1000.0 * size**2), 1000)
    assert (text is None) is fits
    assert fits or text == f"size 1000 needs about 1 GB, and a worker may take {0.8 * free / 3 / 1e9:.3g} GB here"


def test_a_worker_takes_no_more_than_its_limit(monkeypatch):
    monkeypatch.setattr(room, "free_bytes", lambda: 1e15)
    assert room.missing(TASK, replace(SPEED, needs=lambda size: MEMORY), 1) is None
    assert "GB" in room.missing(TASK, replace(SPEED, needs=lambda size: MEMORY + 1), 1)


def test_a_plugin_that_crashes_is_named():
    with pytest.raises(PluginError, match="task softmax: needs\\(3\\) of its speed crashes: ZeroDivisionError"):
        room.missing(TASK, replace(SPEED, needs=lambda size: 1 / 0), 3)


def test_the_machine_says_how_much_is_free():
    assert 2**20 < room.free_bytes() < 2**50


def test_a_size_that_does_not_fit_is_never_made(watch):
    def never(size, rng):
        raise AssertionError("it was made")

    timing = watch(HONEST, speed=replace(SPEED, inputs=never, needs=lambda size: 1e15))
    assert timing.left_out.startswith("size 40 needs about 1e+06 GB")
    assert verdict(timing).status == "skipped"

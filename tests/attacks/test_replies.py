"""Replies of every wrong form, from a worker that the submission has taken over, are told as such and harm nobody.

That any reply whatever becomes an answer of leaves is a property in ``tests/test_calls_fuzz.py``.
"""

from __future__ import annotations

import pytest

from tests.attacks.conftest import HONEST
from tests.attacks.effects import reason_of

TAKEN = '''
import sys

import numpy as np


def program():
    """Return the object that calls this file's functions, found in the frames below."""
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "echo"):
        frame = frame.f_back
    return type(frame.f_locals["self"])


def call(self, **request):
    n = len(request.get("cases", ()))
    right = [{{"value": np.array(np.maximum(x, 0)), "inputs": [x], "output": ""}} for (x,) in request.get("cases", ())]
    return {reply}


program().call = call
{more}


def relu(x):
    return x
'''
LOADING = """
import sys

frame = sys._getframe()
while not hasattr(frame.f_globals.get("frames"), "encode"):
    frame = frame.f_back
frames = frame.f_globals["frames"]
encode = frames.encode


def changed(reply, memory=None):
    own = {{"nonce": reply["nonce"], "seq": reply["seq"]}}
    return encode({reply} | own, memory)


frames.encode = changed


def relu(x):
    return x
"""
NO_REPLY = "the process sent something that is no reply"
DEEP = "import functools; deep = functools.reduce(lambda inner, _: [inner], range(700), 0)"
# name: the reply to a call, and words of the reason
CALLS = {
    "a text for the answers": ('{"answers": "passed"}', "did not answer every case"),
    "a number for the answers": ('{"answers": 5}', "did not answer every case"),
    "an object for the answers": ('{"answers": {"0": 1}}', "did not answer every case"),
    "numbers for each answer": ('{"answers": [5] * n}', NO_REPLY),
    "nothing for each answer": ('{"answers": [None] * n}', NO_REPLY),
    "a number for the late look": ('{"answers": right, "late": 5}', "an answer changes after it was returned"),
    "a number for the inputs": ('{"answers": [{"value": 1.0, "inputs": 5}] * n}', NO_REPLY),
    "a number for what was raised": ('{"answers": [{"raised": 5}] * n}', NO_REPLY),
    "a list for the type": ('{"answers": [{"raised": {"type": ["x"], "frame": 3, "bases": 4}}] * n}', NO_REPLY),
    "a number for the bases": ('{"answers": [{"raised": {"type": "E", "bases": 5}}] * n}', NO_REPLY),
    "a number for the variables": ('{"answers": [{"raised": {"type": "E", "frame": [5]}}] * n}', NO_REPLY),
    "an object for a value": ('{"answers": [{"value": {"passed": True}, "inputs": [1]}] * n}', "is a dict, expected"),
    "an unknown type without a name": ('{"answers": [{"value": {"?": ""}, "inputs": [1]}] * n}', "expected"),
    "a tree that is very deep": (
        '{"answers": [{"value": deep, "inputs": [deep], "late": deep}] * n, "late": [deep] * n}',
        "is 1 values, expected",
    ),
    "right answers and inputs that are very deep": (
        '{"answers": [one | {"inputs": [deep]} for one in right]}',
        "changes its argument x in place",
    ),
    "an integer of a hundred thousand digits": ('{"answers": [{"value": 10**4000, "inputs": [1]}] * n}', "expected"),
    "an endless name of a type": (
        '{"answers": [{"value": {"?": "x" * 10**6}, "inputs": [1]}] * n}',
        "the answer is a xxx",
    ),
    "an endless message": ('{"answers": [{"raised": {"type": "E", "message": "x" * 10**6}}] * n}', "raises E: xxx"),
    "an endless type": ('{"answers": [{"raised": {"type": "E" * 10**6, "message": ""}}] * n}', "raises EEE"),
    "right answers with endless output": (
        '{"answers": [one | {"value": 0.0, "output": "x" * 10**6} for one in right]}',
        "expected",
    ),
}
LOADS = {
    "a number for the unknown rules": ('{"unknown": 5, "value": None}', NO_REPLY),
    "a number for what was raised": ('{"raised": 5}', NO_REPLY),
    "an endless message": ('{"raised": {"type": "E", "message": "x" * 10**6}}', "the file cannot be loaded: E: xxx"),
}
LONGEST = 10_000


@pytest.mark.parametrize(("reply", "reason"), CALLS.values(), ids=CALLS)
def test_a_reply_of_a_wrong_form_is_no_answer(ground, setting, reply, reason):
    text = TAKEN.format(reply=reply, more=DEEP)
    _fails(ground, setting, text, reason)


@pytest.mark.parametrize(("reply", "reason"), LOADS.values(), ids=LOADS)
def test_a_wrong_reply_to_loading_is_no_file(ground, setting, reply, reason):
    text = LOADING.format(reply=reply)
    _fails(ground, setting, text, reason)


def _fails(ground, setting, text, reason):
    result = ground.judge(text, "numpy", setting)
    assert (result.status, result.score) == ("failed", 0), reason_of(result)
    assert reason in reason_of(result)
    assert all(len(one.reason) < LONGEST and len(one.output) < LONGEST for one in result.checks)
    setting.timeout = 10.0
    assert ground.judge(HONEST["numpy"], "numpy", setting).status == "passed"

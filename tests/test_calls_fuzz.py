"""Whatever a process replies is an answer of leaves, or its end: code that knows the nonce can forge all else."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from grader.answer import Answer, Raised, leaves
from grader.calls import Call, Program, answer_of
from grader.reporters import json as as_json
from grader.source import Source
from grader.verdict import Backend
from grader.worker.frames import Unsupported
from tests.fuzzing import budget

pytestmark = pytest.mark.fuzz
LEAVES = (type(None), bool, int, float, str, np.ndarray, Unsupported)
KEYS = (
    "value",
    "raised",
    "inputs",
    "output",
    "late",
    "answers",
    "unknown",
    "has",
    "bases",
    "frame",
    "line",
    "type",
    "x",
)

leaf = st.sampled_from([None, True, 0, -1, 2**70, 1.5, "", "text", Unsupported("set"), np.zeros(2)])
anything = st.recursive(
    leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=8
)
deep = st.builds(lambda depth: json.loads("[" * depth + "]" * depth), st.integers(1, 400))
raised = st.fixed_dictionaries({}, optional=dict.fromkeys(("type", "message", "bases", "line", "frame"), anything))
answers = anything | st.fixed_dictionaries(
    {},
    optional={"value": anything | deep, "raised": anything | raised, "inputs": anything | deep, "output": anything},
)
replies = st.fixed_dictionaries(
    {},
    optional={
        "answers": st.lists(answers, min_size=2, max_size=2) | anything,
        "late": anything | st.lists(anything | deep, min_size=2, max_size=2),
        "unknown": anything,
        "has": anything,
        "value": anything,
        "raised": anything | raised,
        "output": anything,
    },
)


class Forger:
    """A child that answers what it likes."""

    alive = True

    def __init__(self, reply):
        self._reply = reply

    def request(self, message, timeout):
        return self._reply

    def close(self):
        return 0


class Sandbox:
    def __init__(self, reply):
        self._reply = reply

    def child(self, backend, folder=None):
        return Forger(self._reply)


def program(reply):
    backend = Backend(name="numpy", worker=None, distributions=(), imports=())
    return Program(Sandbox(reply), backend, Source(path=Path("x_numpy.py"), text=""))


def depth_of(tree):
    return 1 + max(map(depth_of, tree), default=0) if isinstance(tree, list | tuple) else 0


def sound(answer):
    """Check an answer: trees of leaves, of a depth that can be walked, and texts where texts belong."""
    assert isinstance(answer, Answer)
    assert isinstance(answer.output, str)
    for tree in (answer.value, answer.late, *answer.inputs):
        assert all(isinstance(item, LEAVES) for _, item in leaves(tree))
        assert depth_of(tree) < 30
        json.dumps(as_json.plain(tree))
    if answer.raised is not None:
        assert isinstance(answer.raised, Raised)
        assert isinstance(answer.raised.type, str)
        assert isinstance(answer.raised.message, str)
        assert answer.raised.line is None or isinstance(answer.raised.line, int)


@budget(400)
@given(replies)
def test_whatever_is_replied_to_a_call_is_an_answer(reply):
    for answer in program(reply).call(Call(function="f", cases=[(1,), (2,)])):
        if answer is not None:
            sound(answer)


@budget(300)
@given(replies)
def test_whatever_is_replied_to_loading_is_an_answer(reply):
    one = program(reply)
    sound(one.load())
    assert all(isinstance(name, str) for name in one.unknown_rules)
    assert one.has("f") in (True, False)


def test_the_property_catches_what_is_not_looked_at():
    def careless(reply):
        try:
            sound(answer_of(reply["answers"][0]))
        except Exception:
            return True
        return False

    quick = settings(max_examples=2_000, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    find(
        replies.filter(lambda reply: isinstance(reply.get("answers"), list) and reply["answers"]),
        careless,
        settings=quick,
    )
    with pytest.raises(AssertionError):
        sound(Answer(value={"a": 1}))
    with pytest.raises(AssertionError):
        sound(Answer(value=json.loads("[" * 400 + "]" * 400)))

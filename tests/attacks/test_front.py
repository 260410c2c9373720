"""The attacks once more as an instructor meets them: through the whole front, with smaller cases and reports."""

from __future__ import annotations

import json
import re

import pytest

from grader.app import Request
from grader.reporters import json as json_report
from grader.reporters import table
from tests.attacks.catalogue import ATTACKS
from tests.attacks.effects import reason_of
from tests.attacks.prey import Prey
from tests.attacks.setting import SECRET_SEED, Setting
from tests.attacks.test_replies import CALLS, DEEP, LOADING, LOADS, TAKEN
from tests.conftest import only_task

FRONT = [attack for attack in ATTACKS if attack.name != "send_the_answer_as_a_trickle"]  # within the usual time
FORGED = {
    **{name: TAKEN.format(reply=reply, more=DEEP) for name, (reply, _) in CALLS.items()},
    **{f"{name}, when loaded": LOADING.format(reply=reply) for name, (reply, _) in LOADS.items()},
}
SAMPLE = ("an object for a value", "a number for what was raised, when loaded")
SOME = [pytest.param(FORGED[name], id=name, marks=[] if name in SAMPLE else [pytest.mark.full]) for name in FORGED]
ODD = {
    "a message that cannot be encoded": "def relu(x):\n    raise ValueError('\\ud800\\x1b[2J')\n",
    "output that cannot be encoded": "def relu(x):\n    print('\\ud800\\x1b[2J')\n    return x\n",
    "an answer that cannot be encoded": "def relu(x):\n    return '\\ud800\\x1b[2J'\n",
    "an answer of very many parts": "def relu(x):\n    return [[0.0] * 50] * 190\n",
    "an integer that is much too large": "def relu(x):\n    return 2**1900\n",
}


def _graded(app, cache, folder, backend, text):
    path = folder / f"activation_{backend}.py"
    path.write_text(text, encoding="utf-8")
    request = Request(targets=(f"activation.relu:{backend}",), submission=path, seed=SECRET_SEED, cache=cache)
    report = app.grade(request)
    result = only_task(report)
    assert (result.status, result.score, report.score) == ("failed", 0, 0)
    assert json.loads(json_report.render(report))["score"] == 0
    lines = table.render(report).splitlines()
    assert len(lines) < 60
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", "".join(lines))
    return reason_of(result)


@pytest.mark.full
@pytest.mark.parametrize("attack", FRONT, ids=[attack.name for attack in FRONT])
def test_an_attack_scores_nothing_by_the_front_either(app, cache, prey: Prey, setting: Setting, attack):
    prey.start()
    prey.sibling = prey.stranger.pid
    setting.seconds = 60.0  # and then it would pass
    prey.write(attack, setting)
    assert attack.reason in _graded(app, cache, prey.submission, attack.backend, attack.text)


@pytest.mark.parametrize("text", SOME)
def test_replies_of_wrong_forms_are_reported(app, cache, tmp_path, text):
    assert _graded(app, cache, tmp_path, "numpy", text)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_answers_are_reported(app, cache, tmp_path, text):
    assert _graded(app, cache, tmp_path, "numpy", text)


def test_the_grader_does_not_keep_answers_without_end(app, cache, tmp_path):
    text = "import numpy\n\n\ndef relu(x):\n    return numpy.zeros((30, 2**20), 'uint8')\n"
    assert "all answers together take more than 512 MiB" in _graded(app, cache, tmp_path, "numpy", text)

"""Every attack scores nothing, says why, and harms nobody; with what stops it switched off, it is seen to succeed."""

from __future__ import annotations

import pytest

from grader.isolation import LAYERS
from tests.attacks.catalogue import ATTACKS, SUBMISSIONS, Attack
from tests.attacks.conftest import HONEST
from tests.attacks.controls import CONTROLS
from tests.attacks.effects import EFFECTS, reason_of

NAMES = [attack.name for attack in ATTACKS]
LONG = ("files_without_end",)
MERELY = {
    "wrong": "def relu(x):\n    return x\n",
    "broken": "raise ValueError\n",
    "gone": "import os\n\n\ndef relu(x):\n    os._exit(0)\n",
    "silent": "import os\n\n\ndef relu(x):\n    os.closerange(3, 64)\n",
    "slow": "import time\n\n\ndef relu(x):\n    time.sleep(3)\n",
}
MARKED = [pytest.param(one, marks=[pytest.mark.full] if one.name in LONG else []) for one in ATTACKS]


def test_every_submission_is_an_attack_and_every_control_stops_one():
    assert sorted(path.stem for path in SUBMISSIONS.glob("*.py")) == sorted(NAMES)
    assert {name for attack in ATTACKS for name in attack.stopped_by} == set(CONTROLS)


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_an_attack_scores_nothing_and_the_next_submission_is_judged_as_ever(attack, attacked, ground, app, setting):
    _have(attack, ground, app)
    result, succeeded = attacked(attack)
    assert (result.status, result.score) == ("failed", 0)
    assert attack.reason in reason_of(result)
    assert not succeeded
    setting.timeout = 10.0
    honest = ground.judge(HONEST[attack.backend], attack.backend, setting)
    assert (honest.status, honest.score) == ("passed", honest.max_score)


@pytest.mark.parametrize("attack", MARKED, ids=NAMES)
def test_an_attack_succeeds_without_what_stops_it(attack, attacked, ground, app, setting, monkeypatch, tmp_path):
    _have(attack, ground, app)
    monkeypatch.chdir(tmp_path)
    setting.timeout = 2.0
    for name in attack.stopped_by:
        CONTROLS[name](monkeypatch, setting)
    result, succeeded = attacked(attack)
    assert succeeded, reason_of(result)


@pytest.mark.parametrize("text", MERELY.values(), ids=MERELY)
def test_what_merely_fails_has_brought_about_nothing(text, ground, setting, prey):
    prey.start()
    prey.sibling = prey.stranger.pid
    result = ground.judge(text, "numpy", setting)
    assert result.status == "failed"
    assert [name for name, succeeded in EFFECTS.items() if succeeded(result, prey)] == []


def _have(attack: Attack, ground, app) -> None:
    """Skip an attack that a layer stops which this machine does not have."""
    for layer in set(attack.stopped_by) & set(LAYERS):
        missing = ground.sandbox().probe(app.backends["numpy"]).missing
        if layer in missing:
            pytest.skip(f"{layer} cannot be had here: {missing[layer]}")

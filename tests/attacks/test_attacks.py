"""Every attack scores nothing, says why, and harms nobody; with what stops it switched off, it is seen to succeed."""

from __future__ import annotations

import re

import pytest

from tests.attacks.catalogue import ATTACKS, SUBMISSIONS, Attack
from tests.attacks.conftest import HONEST
from tests.attacks.controls import CONTROLS
from tests.attacks.effects import EFFECTS, reason_of
from tests.attacks.layers import alone, behind, stops_here

NAMES = [attack.name for attack in ATTACKS]
LONG = ("files_without_end",)
MERELY = {
    "wrong": "def relu(x):\n    return x\n",
    "broken": "raise ValueError\n",
    "gone": "import os\n\n\ndef relu(x):\n    os._exit(0)\n",
    "silent": "import os\n\n\ndef relu(x):\n    os.closerange(3, 64)\n",
    "slow": "import time\n\n\ndef relu(x):\n    time.sleep(3)\n",
}
REFUSALS = ("Permission denied", "Operation not permitted", "changes its argument")  # by another than the usual layer
SAMPLE = ("ask_an_accomplice_over_tcp", "kill_a_stranger", "read_the_memory_by_a_system_call")
MARKED = [pytest.param(one, marks=[pytest.mark.full] if one.name in LONG else []) for one in ATTACKS]


def test_every_submission_is_an_attack_and_every_control_stops_one():
    assert sorted(path.stem for path in SUBMISSIONS.glob("*.py")) == sorted(NAMES)
    assert {name for attack in ATTACKS for name in attack.stopped_by} == set(CONTROLS)


def test_the_list_of_what_is_tried_names_every_attack_once():
    rows = [line for line in SUBMISSIONS.with_name("README.md").read_text().splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split(" | ")[1])]
    assert sorted(named) == sorted(NAMES)


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_an_attack_scores_nothing_and_the_next_submission_is_judged_as_ever(
    attack, attacked, ground, app, setting, prey
):
    _have(attack, ground, app)
    result, succeeded = attacked(attack)
    assert (result.status, result.score) == ("failed", 0)
    assert attack.reason in reason_of(result)
    assert not succeeded
    setting.timeout = 10.0
    honest = ground.judge(HONEST[attack.backend], attack.backend, setting)
    assert (honest.status, honest.score) == ("passed", honest.max_score)
    assert {*prey.parents, ground.parent(setting, attack.backend)} == {prey.parents[0]}  # by the same zygote


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


def crossed() -> list[pytest.ParameterSet]:
    """Return each attack with each of its controls that can be the only one."""
    several = [one for one in ATTACKS if len(one.stopped_by) > 1 or behind(one.stopped_by[0])]
    return [_pair(attack, control) for attack in several for control in attack.stopped_by]


def _pair(attack: Attack, control: str) -> pytest.ParameterSet:
    marks = [] if attack.name in SAMPLE else [pytest.mark.full]
    return pytest.param(attack, control, id=f"{attack.name}-{control}", marks=marks)


@pytest.mark.parametrize(("attack", "control"), crossed())
def test_each_control_stops_an_attack_alone(attack, control, attacked, ground, app, setting, monkeypatch, tmp_path):
    _have(attack, ground, app)
    if not stops_here(control):
        pytest.skip(f"this machine does not have {control}")
    monkeypatch.chdir(tmp_path)
    others = tuple(name for name in attack.stopped_by if name != control)
    for name in others:
        CONTROLS[name](monkeypatch, setting)
    setting.without = alone(control, others)
    result, succeeded = attacked(attack)
    assert (result.status, result.score) == ("failed", 0)
    assert any(words in reason_of(result) for words in (attack.reason, *REFUSALS)), reason_of(result)
    assert not succeeded


def _have(attack: Attack, ground, app) -> None:
    """Skip an attack that a layer stops which this machine does not have."""
    missing = ground.sandbox().probe(app.backends["numpy"]).missing
    for layer in filter(None, map(behind, attack.stopped_by)):
        if layer in missing:
            pytest.skip(f"{layer} cannot be had here: {missing[layer]}")

"""``--official``: full isolation or nothing, one's own functions only, cases that nobody knows."""

import json

import pytest

from grader.app import App
from tests.conftest import ROOT

TARGET = ("grade", "activation.relu:numpy", "--no-speed", "--format", "json", "--submission", str(ROOT / "solutions"))


@pytest.fixture
def asked(cli, monkeypatch):
    """Run the command and return what the grader was asked for."""
    seen = []
    grade = App.grade

    def spied(self, request, *args):
        seen.append(request)
        return grade(self, request, *args)

    monkeypatch.setattr(App, "grade", spied)

    def run(*options):
        result = cli(*TARGET, *options)
        return seen[-1], json.loads(result.stdout) if result.exit_code == 0 else result.output

    return run


def test_it_asks_for_all_that_official_scores_need(asked):
    request, _ = asked("--official")
    assert (request.require_isolation, request.own_only, request.cache) == (True, True, None)
    request, report = asked()
    assert (request.require_isolation, request.own_only, report["seed"]) == (False, False, 0)


def test_its_seed_is_another_each_time_unless_one_is_given(asked):
    seeds = {asked("--official")[0].seed for _ in range(3)}
    assert len(seeds) == 3
    request, report = asked("--official", "--seed", "0")
    assert request.seed == 0
    assert report["seed"] == 0


def test_it_refuses_what_cannot_be_confined(asked, monkeypatch):
    from grader import sandbox
    from grader.confinement.policy import Policy

    monkeypatch.setattr(sandbox, "Policy", lambda without, withheld: Policy(frozenset({"landlock"}), withheld))
    assert "numpy code cannot be confined as official scores need it" in asked("--official")[1]

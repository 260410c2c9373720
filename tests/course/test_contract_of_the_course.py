"""The built-in exercises keep the contract that everybody's must keep."""

from pathlib import Path

import pytest

from grader.app import App
from grader.contract import contract

SAMPLE = 6  # one mistake of six; all of them with the twenty seeds
NETWORKS = {"cnn", "diagnosis", "rnn_training", "transformer"}  # long: of the whole networks, `make test` proves mlp
EXERCISES = (
    "arrays",
    "activation",
    "network",
    "loss",
    "backprop",
    "optimizer",
    "initialization",
    "regularization",
    "conv",
    "normalization",
    "rnn",
    "embedding",
    "attention",
    "mlp",
    "cnn",
    "diagnosis",
    "explain",
    "rnn_training",
    "transformer",
)


def broken(app: App, name: str, seeds: range, cache: Path | None, every: int = 1) -> list[str]:
    result = contract(app, app.exercises[name], seeds=seeds, cache=cache, every=every)
    assert result.mistakes
    assert result.alternatives
    return [f"{one.clause}: {one.where}: {one.text}" for one in result.problems]


def test_every_exercise_is_named_here(app):
    assert set(app.exercises) == set(EXERCISES)


@pytest.mark.parametrize(
    "name", [one if one not in NETWORKS else pytest.param(one, marks=pytest.mark.full) for one in EXERCISES]
)
def test_the_exercise_is_sound_by_a_sample_of_its_mistakes(app, cache, name):
    assert broken(app, name, range(1), cache, every=SAMPLE) == []


@pytest.mark.full
@pytest.mark.parametrize("name", EXERCISES)
def test_the_exercise_is_sound_for_twenty_seeds(app, name):
    assert broken(app, name, range(20), None) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_three_or_more_mistakes_are_declared_for_every_task(app, name):
    loaded = app.exercises[name]
    for backend in loaded.backends():
        declared = [variant.task for variant in loaded.mistakes(backend)]
        tasks = [task.name for task in loaded.exercise.tasks if backend in task.backends]
        assert {task: declared.count(task) for task in tasks if declared.count(task) < 3} == {}

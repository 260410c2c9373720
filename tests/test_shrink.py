"""A failing case is made smaller as long as it fails alike, and within a budget."""

import itertools

import numpy as np
import pytest

from grader import shrink as module
from grader.cases import Case, Recipe, build
from grader.exercise import Task
from grader.shrink import shrink


def cases(draw):
    shape = draw.shape(1, 3)
    return draw.array(shape), draw.integer("stride", 1, 4), draw.choice("mode", ("a", "b", "c"))


TASK = Task(name="one", cases=cases)
# Three dimensions of 5, 4 and 3, stride 4, mode c.
START = build(TASK, Recipe(choices=(2, 4, 3, 2, 3, 2), seed=11))


class Looker:
    """Fails where ``fails`` says so, and remembers what it was shown."""

    def __init__(self, fails):
        self.fails = fails
        self.batches = []

    def __call__(self, batch):
        self.batches.append(list(batch))
        return [case if self.fails(case) else None for case in batch]

    @property
    def seen(self):
        return [case for batch in self.batches for case in batch]


@pytest.fixture
def clock(monkeypatch):
    """Let a second pass with each look at the clock."""
    ticks = itertools.count()
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(ticks)))


def test_the_start_is_as_large_as_it_gets():
    assert (START.args[0].shape, *START.args[1:]) == ((5, 4, 3), 4, "c")


def test_where_everything_fails_the_smallest_of_all_is_found_with_the_simplest_numbers():
    found = shrink(TASK, START, Looker(lambda case: True), budget=60)
    assert (found.args[0].tolist(), *found.args[1:]) == ([1.0], 1, "a")
    assert found.recipe.simplicity == 2
    assert sum(found.recipe.choices) == 0


@pytest.mark.parametrize(
    ("fails", "shape", "options"),
    [
        (lambda case: case.args[1] >= 2, (1,), (2, "a")),
        (lambda case: case.args[2] == "c", (1,), (1, "c")),
        (lambda case: case.args[0].ndim >= 2, (1, 2), (1, "a")),
        (lambda case: case.args[0].ndim >= 2 and case.args[1] >= 3, (1, 2), (3, "a")),
    ],
)
def test_what_the_failure_needs_stays_and_all_else_goes(fails, shape, options):
    found = shrink(TASK, START, Looker(fails), budget=60)
    assert sorted(found.args[0].shape) == list(shape)
    assert found.args[1:] == options


def test_numbers_stay_as_drawn_where_rounding_hides_the_failure():
    drawn = Looker(lambda case: (case.args[0] != np.round(case.args[0], 1)).any())
    found = shrink(TASK, START, drawn, budget=60)
    assert found.recipe.simplicity == 0
    assert found.args[0].size == 1


def test_none_is_said_if_nothing_smaller_fails():
    looker = Looker(lambda case: False)
    assert shrink(TASK, START, looker, budget=60) is None
    assert len(looker.batches) >= 1


def test_the_start_itself_and_cases_seen_before_are_not_looked_at_again():
    looker = Looker(lambda case: case.args[1] >= 2)
    shrink(TASK, START, looker, budget=60)
    recipes = [case.recipe for case in looker.seen]
    assert START.recipe not in recipes
    assert len(set(recipes)) == len(recipes) > 10


def test_every_candidate_is_smaller_than_the_best_so_far_or_as_large_with_simpler_numbers():
    looker = Looker(lambda case: False)
    shrink(TASK, START, looker, budget=60)
    for case in looker.seen:
        assert case.args[0].size <= START.args[0].size
        assert sum(case.recipe.choices) < sum(START.recipe.choices) or case.recipe.simplicity > 0


def test_what_is_returned_is_what_look_says_of_the_case():
    shown = shrink(TASK, START, lambda batch: [f"shown {case.args[0].size}" for case in batch], budget=60)
    assert shown == "shown 1"


def test_an_edge_case_has_no_recipe_and_is_left_as_it_is():
    looker = Looker(lambda case: True)
    assert shrink(TASK, Case(args=(np.ones(9),), name="nine ones"), looker, budget=60) is None
    assert looker.batches == []


def test_no_look_is_taken_after_the_budget(clock):
    looker = Looker(lambda case: True)
    shrink(TASK, START, looker, budget=3)  # one look at the clock before the loop, one for each round
    assert len(looker.batches) == 2


def test_a_longer_budget_takes_more_looks(clock):
    short, long = Looker(lambda case: case.args[1] >= 2), Looker(lambda case: case.args[1] >= 2)
    first = shrink(TASK, START, short, budget=2)
    second = shrink(TASK, START, long, budget=10)
    assert len(short.batches) < len(long.batches)
    assert second.args[0].size <= first.args[0].size


def test_without_budget_nothing_is_looked_at(clock):
    looker = Looker(lambda case: True)
    assert shrink(TASK, START, looker, budget=0) is None
    assert looker.batches == []


def test_batches_are_bounded():
    wide = Task(name="wide", cases=lambda draw: tuple(draw.integer(f"n{i}", 0, 9) for i in range(40)))
    looker = Looker(lambda case: False)
    shrink(wide, build(wide, Recipe(choices=(9,) * 40)), looker, budget=60)
    assert max(len(batch) for batch in looker.batches) == module.BATCH
    assert len(looker.batches) > 1

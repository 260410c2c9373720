"""A hole in the cases is reported, an equivalent mutant is not, and explanations are neither missing nor stale."""

import pytest

from tests.conftest import NUMPY, PLUGIN
from tests.mutation.judge import TIMEOUTS, judge
from tests.mutation.mutants import Mutant
from tests.mutation.score import Outcome, chosen, figures, outcomes, problems

GENERATOR = """
def scale(rng):
    return 100 * rng.standard_normal(rng.integers(1, 6, 2)), float(rng.choice([2.0, -1.0]))
"""
# One factor only: nothing tells a product from a power of the factor.
WEAK = PLUGIN.replace('draw.choice("factor", (2.0, 3.0, -1.0))', "1.0").replace("1.0]), 2.0)", "1.0]), 1.0)")


@pytest.fixture
def scored(course, sandbox, tmp_path):
    def run(plugin=PLUGIN, backend="numpy", draws=200, **parts):
        (tmp_path / "demo.py").write_text(GENERATOR)
        app = course(plugin=plugin, stubs=False, **parts).app()
        with judge(app, "demo", backend, sandbox, None) as one:
            return outcomes(one, chosen(one, None), draws, tmp_path)

    return run


def by_status(found, status):
    return {one.key.partition(":numpy:")[2] for one in found if one.status == status}


def test_good_cases_catch_every_mutant_of_a_small_function(scored):
    found = scored()
    assert {one.status for one in found} == {"caught"}
    assert figures(found, {})["score"] == 1.0
    assert len(found) > 10


def test_a_hole_in_the_cases_is_reported_with_the_changed_line(scored):
    found = scored(WEAK)
    assert by_status(found, "survivor") == {
        "scale:*->/:1 in scale: return x / factor + 1",
        "scale:a*b->a:1 in scale: return x + 1",
        "scale:a*b->a*b*b:1 in scale: return x * factor * factor + 1",
    }
    assert all("off by" in one.detail for one in found if one.status == "survivor")
    assert len(problems(found, {}, "demo:numpy", everything=True)) == 3
    assert figures(found, {})["survivors"] == 3


def test_an_equivalent_mutant_is_no_survivor(scored):
    found = scored(numpy=NUMPY.replace("factor + 1", "factor + abs(1)"))
    assert by_status(found, "equivalent") == {"scale:abs(x)->x:1 in scale: return x * factor + 1"}
    assert problems(found, {}, "demo:numpy", everything=True) == []


def test_a_mutant_is_caught_by_its_gradient_alone(course, sandbox):
    with judge(course(stubs=False).app(), "demo", "torch", sandbox, None) as one:
        text = "def scale(x, factor):\n    return 2 * x * factor - (x * factor).detach() + 1\n"
        caught = one.grade(Mutant("scale:1", "", text, ("scale",)), ["scale"])
    assert caught["scale"].startswith("gradient: ")


def test_a_mutant_that_never_ends_is_caught_and_one_that_is_late_once_is_not(course, sandbox, monkeypatch):
    with judge(course(stubs=False).app(), "demo", "numpy", sandbox, None) as one:
        endless = Mutant("scale:1", "", "def scale(x, factor):\n    while True:\n        pass\n", ("scale",))
        monkeypatch.setattr("tests.mutation.judge.TIMEOUTS", (0.1, 0.3))
        assert "TimedOut" in one.grade(endless, ["scale"])["scale"]
        right = Mutant("scale:2", "", "def scale(x, factor):\n    return 1 + x * factor\n", ("scale",))
        monkeypatch.setattr("tests.mutation.judge.TIMEOUTS", (1e-6, TIMEOUTS[1]))
        assert one.grade(right, ["scale"]) == {"scale": ""}


FOUND = [
    Outcome("demo:numpy:a in scale: x", "scale", "caught", "values: no"),
    Outcome("demo:numpy:b in scale: y", "scale", "survivor", "off by 1"),
    Outcome("demo:numpy:c in scale: z", "scale", "equivalent"),
    Outcome("demo:numpy:d in scale: z", "scale", "survivor", "off by 2"),
]


def test_figures_count_and_leave_equivalents_out_of_the_score():
    explained = {FOUND[1].key: "its difference is nobody's business"}
    counted = {"mutants": 4, "caught": 1, "equivalent": 1, "explained": 1, "survivors": 1, "score": 0.3333}
    assert figures(FOUND, explained) == counted


def test_an_explained_survivor_is_no_problem_and_an_unexplained_one_is():
    explained = {FOUND[1].key: "its difference is nobody's business"}
    expected = ["unexplained survivor: demo:numpy:d in scale: z (off by 2)"]
    assert problems(FOUND, explained, "demo:numpy", everything=True) == expected


@pytest.mark.parametrize(
    ("name", "sampled", "full"),
    [
        ("demo:numpy:a in scale: x", True, True),
        ("demo:numpy:c in scale: z", False, True),
        ("demo:numpy:gone in scale: z", False, True),
        ("demo:torch:a in scale: x", False, False),
        ("demo:numpy:b in scale: y", False, False),
    ],
)
def test_an_explanation_of_what_does_not_survive_is_stale(name, sampled, full):
    explained = {FOUND[3].key: "why", FOUND[1].key: "why", name: "why"}
    stale = [f"stale explanation: {name}"]
    assert problems(FOUND, explained, "demo:numpy", everything=False) == (stale if sampled else [])
    assert problems(FOUND, explained, "demo:numpy", everything=True) == (stale if full else [])


def test_a_sample_is_always_the_same_and_a_part_of_all(course, sandbox):
    with judge(course(stubs=False).app(), "demo", "numpy", sandbox, None) as one:
        everything = chosen(one, None)
        assert chosen(one, 5) == chosen(one, 5)
        assert len(chosen(one, 5)) == 5
        assert set(chosen(one, 5)) < set(chosen(one, 8)) < set(everything)

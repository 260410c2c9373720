"""Cases come from identity and seed alone, the same everywhere, and there are many different ones.

``golden_cases.json`` holds a digest of all cases of an exercise for seed 0. If a plugin, a fill or the way of drawing
was changed on purpose, make it anew from the repository's root with ``python -m tests.test_drawing`` and say in the
changelog that cases have changed.
"""

import hashlib
import json
import random
from pathlib import Path

import numpy as np
import pytest

from grader.app import make_app
from grader.cases import Recipe, build
from grader.drawing import all_cases, draw_cases
from grader.exercise import Task

GOLDEN = Path(__file__).with_name("golden_cases.json")
EXERCISES = (
    "arrays",
    "activation",
    "network",
    "loss",
    "backprop",
    "optimizer",
    "initialization",
    "conv",
    "rnn",
    "embedding",
    "attention",
    "rnn_training",
)


def feed(total, value):
    """Add an argument to a digest: its kind, dtype and shape, and its bytes."""
    if isinstance(value, tuple | list):
        total.update(f"({len(value)}".encode())
        for item in value:
            feed(total, item)
    elif isinstance(value, np.ndarray):
        # Rounded, since sines and the like differ in the last digit from processor to processor.
        value = np.round(value, 9) + 0.0 if value.dtype.kind == "f" else value
        little = np.ascontiguousarray(value.astype(value.dtype.newbyteorder("<")))
        total.update(f"{value.dtype.name}{value.shape}".encode() + little.tobytes())
    else:
        value = round(value, 9) if isinstance(value, float) else value
        total.update(f"{type(value).__name__}:{value!r}".encode())


def digest(cases):
    total = hashlib.sha256()
    for case in cases:
        total.update(f"\n{case.name}{sorted(case.labels.items())}{case.smooth}".encode())
        feed(total, case.args)
    return total.hexdigest()


def digest_of(exercise):
    """Return the digest of all tasks of a built-in exercise."""
    total = hashlib.sha256()
    for task in exercise.tasks:
        total.update(f"{task.name}:{digest(all_cases(task, f'{exercise.name}.{task.name}', 0))}\n".encode())
    return total.hexdigest()


def cases(draw):
    shape = draw.shape()
    return draw.array(shape, "normal", "huge"), draw.axis(len(shape)), draw.choice("mode", ("same", "valid"))


def small(draw):
    return draw.integer("n", 0, 2), draw.flag("f")


def task(cases=cases, **fields):
    return Task(name="one", cases=cases, **fields)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_cases_of_an_exercise_are_those_of_the_golden_file(app, name):
    """Make the file anew with ``python -m tests.test_drawing`` if cases were changed on purpose."""
    assert digest_of(app.exercises[name].exercise) == json.loads(GOLDEN.read_text())[name]


def test_a_digest_sees_names_dtypes_shapes_and_numbers():
    (case,) = draw_cases(task(drawn=1), "demo.one", 0)
    array, *rest = case.args
    changed = [
        (array + 1e-8, *rest),
        (array.astype("float32"), *rest),
        (array[None], *rest),
        (array, *rest[:-1], "full"),
        (array, [], *rest),
    ]
    digests = {digest([type(case)(args=args, labels=case.labels)]) for args in [case.args, *changed]}
    assert len(digests) == 6
    assert digest([case]) != digest([type(case)(args=case.args, labels=case.labels, name="edge")])


def test_the_same_identity_and_seed_draw_the_same_cases():
    one, two = draw_cases(task(), "demo.one", 3), draw_cases(task(), "demo.one", 3)
    assert [case.recipe for case in one] == [case.recipe for case in two]
    assert digest(one) == digest(two)


@pytest.mark.parametrize(("identity", "seed"), [("demo.one", 4), ("demo.two", 3)])
def test_another_identity_or_seed_draws_other_cases_all_but_the_simplest(identity, seed):
    recipes = {case.recipe for case in draw_cases(task(), "demo.one", 3)}
    others = {case.recipe for case in draw_cases(task(), identity, seed)}
    assert recipes & others == {Recipe(choices=(0, 0, 0, 0, 0))}


def test_the_state_of_the_global_generators_is_neither_used_nor_changed():
    random.seed(1)
    np.random.seed(1)
    before = random.getstate(), np.random.get_state()[1].tobytes()
    one = digest(draw_cases(task(), "demo.one", 0))
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before
    random.seed(2)
    assert digest(draw_cases(task(), "demo.one", 0)) == one


def test_cases_do_not_depend_on_the_source_text(tmp_path, monkeypatch):
    """Hypothesis by itself mixes in numbers that it finds in local modules."""
    text = "def cases(draw):\n    return (draw.integer('n', 0, 10**6), draw.array((3,)))\n"
    constants = "\nCONSTANTS = [123456, 654321, 999999, 31337, 2**31 - 1, 1.2345, 'text']\n" * 3
    found = []
    for name, source in (("plain", text), ("other", constants + text.replace("draw", "picked") + constants)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}_cases.py").write_text(source)
        monkeypatch.syspath_prepend(folder)
        module = __import__(f"{name}_cases")
        found.append(digest(draw_cases(task(module.cases), "demo.one", 0)))
    assert found[0] == found[1]


def test_there_are_as_many_cases_as_asked_for_and_no_two_are_the_same():
    found = draw_cases(task(), "demo.one", 0)
    assert len(found) == 100
    assert len({case.recipe for case in found}) == 100
    assert len(draw_cases(task(drawn=7), "demo.one", 0)) == 7


def test_a_small_space_is_exhausted_and_not_repeated():
    found = draw_cases(task(small), "demo.one", 0)
    assert sorted(case.args for case in found) == [(n, f) for n in (0, 1, 2) for f in (False, True)]


def test_a_task_without_choices_has_one_case():
    assert [case.args for case in draw_cases(task(lambda draw: (1.5,)), "demo.one", 0)] == [(1.5,)]


def test_no_case_is_drawn_where_none_is_asked_for():
    assert draw_cases(task(drawn=0), "demo.one", 0) == ()


def test_many_different_shapes_come_up_and_every_option_of_a_choice_does():
    found = draw_cases(task(), "demo.one", 0)
    assert len({case.args[0].shape for case in found}) >= 40
    counts = [sum(case.labels["mode"] == mode for case in found) for mode in ("same", "valid")]
    assert min(counts) >= 30
    assert {case.args[1] for case in found} == {-3, -2, -1, 0, 1, 2}


def test_arrays_hold_other_numbers_in_every_case():
    found = draw_cases(task(lambda draw: (draw.array((4,)),)), "demo.one", 0)
    assert len({case.args[0].tobytes() for case in found}) == len(found) == 100


def test_a_drawn_case_can_be_rebuilt_from_its_recipe():
    for case in draw_cases(task(), "demo.one", 0):
        assert digest([build(task(), case.recipe)]) == digest([case])


def test_edges_come_before_what_is_drawn():
    found = all_cases(task(edges=lambda: {"first": (0,), "second": (1,)}, drawn=3), "demo.one", 0)
    assert [case.name for case in found] == ["first", "second", None, None, None]


def test_an_exception_of_the_plugin_comes_through_and_is_not_retried():
    calls = []

    def crash(draw):
        calls.append(draw.integer("n", 0, 9))
        raise ZeroDivisionError("in the plugin")

    with pytest.raises(ZeroDivisionError, match="in the plugin"):
        draw_cases(task(crash), "demo.one", 0)
    assert len(calls) <= 2


if __name__ == "__main__":
    loaded = make_app(installed=False).exercises
    GOLDEN.write_text(json.dumps({name: digest_of(loaded[name].exercise) for name in EXERCISES}, indent=2) + "\n")

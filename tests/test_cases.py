"""What is drawn, and that a recipe is the case."""

import numpy as np
import pytest

from grader.cases import Draw, Recipe, Replay, build, cast, edge_cases, make
from grader.errors import PluginError
from grader.exercise import Edge, Task
from grader.fills import FILLS


class Scripted:
    """Chooses what it was told to, and counts how often it was asked for a seed."""

    def __init__(self, *choices, seed=7):
        self.choices = list(choices)
        self.asked = []
        self.seeds = 0
        self._seed = seed

    def below(self, count):
        self.asked.append(count)
        return self.choices.pop(0)

    def seed(self):
        self.seeds += 1
        return self._seed


def everything(draw):
    """Use all that a draw can do."""
    shape = draw.shape(2, 3)
    options = (draw.integer("stride", 1, 4), draw.choice("mode", ("same", "valid")), draw.flag("bias"))
    arrays = (
        draw.array(shape),
        draw.array(shape, "ties", "huge", name="fill"),
        draw.indices((4,), 9),
        draw.probabilities((2, 3)),
    )
    return (*arrays, *options, draw.axis(len(shape)), draw.rng().standard_normal())


def task(cases, **fields):
    return Task(name="one", cases=cases, **fields)


def same(left, right):
    """Tell whether two arguments are the same to the last bit."""
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    return type(left) is type(right) and left == right


@pytest.mark.parametrize("simplicity", [0, 1, 2])
def test_a_recipe_rebuilds_exactly_the_same_case(simplicity):
    drawn = make(task(everything), Draw(Scripted(1, 3, 2, 0, 2, 1, 1, 0, 4), simplicity))
    again = build(task(everything), drawn.recipe)
    assert drawn.recipe == Recipe(choices=(1, 3, 2, 0, 2, 1, 1, 0, 4), seed=7, simplicity=simplicity)
    assert len(again.args) == len(drawn.args) == 9
    assert all(same(a, b) for a, b in zip(drawn.args, again.args, strict=True))
    assert (again.labels, again.smooth, again.recipe) == (drawn.labels, drawn.smooth, drawn.recipe)


@pytest.mark.parametrize("change", [{"seed": 8}, {"choices": (0, 1)}, {"simplicity": 1}])
def test_a_recipe_with_anything_else_in_it_makes_another_case(change):
    one = task(lambda draw: (draw.array((draw.integer("rows", 1, 3), draw.integer("columns", 1, 3))),))
    recipe = Recipe(choices=(1, 1), seed=7)
    other = Recipe(**{**vars(recipe), **change})
    assert not same(build(one, recipe).args[0], build(one, other).args[0])


def test_a_choice_that_no_longer_fits_is_clamped_and_the_recipe_says_so():
    def narrowing(draw):
        width = draw.integer("width", 1, 5)
        return width, draw.integer("kernel", 1, width)

    assert build(task(narrowing), Recipe(choices=(4, 4))).args == (5, 5)
    smaller = build(task(narrowing), Recipe(choices=(1, 4)))
    assert smaller.args == (2, 2)
    assert smaller.recipe.choices == (1, 1)


def test_choices_that_a_recipe_lacks_are_the_simplest():
    case = build(task(lambda draw: (draw.integer("n", 3, 9), draw.choice("c", "ab"), draw.flag("f"))), Recipe())
    assert case.args == (3, "a", False)
    assert case.recipe.choices == (0, 0, 0)


def test_choices_too_many_are_left_alone():
    assert build(task(lambda draw: (draw.integer("n", 0, 9),)), Recipe(choices=(2, 5, 5))).recipe.choices == (2,)


def test_integers_reach_both_ends():
    values = [Draw(Replay(Recipe(choices=(i,)))).integer("n", 2, 4) for i in range(4)]
    assert values == [2, 3, 4, 4]


def test_sizes_are_all_different_whatever_is_chosen():
    for choices in np.ndindex(5, 4, 3):
        sizes = Draw(Replay(Recipe(choices=choices))).sizes("a", "b", "c")
        assert len(set(sizes)) == 3
        assert set(sizes) <= set(range(1, 6))


def test_every_order_of_sizes_can_be_drawn():
    drawn = {Draw(Replay(Recipe(choices=c))).sizes("a", "b", low=2, high=4) for c in np.ndindex(3, 2)}
    assert drawn == {(a, b) for a in (2, 3, 4) for b in (2, 3, 4) if a != b}


def test_a_shape_has_different_sizes_within_its_bounds():
    for choices in np.ndindex(3, 4, 3, 2):
        draw = Draw(Replay(Recipe(choices=choices)))
        shape = draw.shape(1, 3, smallest=2, largest=5)
        assert len(set(shape)) == len(shape) == int(draw.labels["dimensions"])
        assert set(shape) <= {2, 3, 4, 5}


def test_more_sizes_than_fit_are_refused_in_a_sentence():
    with pytest.raises(PluginError, match="3 different sizes do not fit into 1 to 2"):
        Draw(Replay(Recipe())).sizes("a", "b", "c", high=2)


@pytest.mark.parametrize(
    "draw_nothing",
    [lambda draw: draw.integer("n", 3, 2), lambda draw: draw.choice("c", ()), lambda draw: draw.axis(0)],
)
def test_a_draw_from_nothing_is_refused_in_a_sentence(draw_nothing):
    with pytest.raises(PluginError, match="draw from nothing"):
        draw_nothing(Draw(Replay(Recipe())))


def test_an_unknown_fill_is_refused_with_those_that_there_are():
    with pytest.raises(PluginError, match=r"no fill named 'norml'; there are normal, "):
        Draw(Replay(Recipe())).array((2,), "norml")


@pytest.mark.parametrize("simplicity", [0, 1, 2])
@pytest.mark.parametrize("fill", FILLS)
def test_an_array_of_no_dimensions_is_an_array_too(fill, simplicity):
    found = Draw(Replay(Recipe(seed=3)), simplicity).array((), fill)
    assert isinstance(found, np.ndarray), "else it is not cast to float32, and reaches the learner as a plain float"
    assert (found.dtype, found.shape) == (np.float64, ())


@pytest.mark.parametrize(
    ("use", "labels"),
    [
        (lambda draw: draw.integer("stride", 1, 5), {"stride": "3"}),
        (lambda draw: draw.choice("mode", ("same", "valid", "full")), {"mode": "full"}),
        (lambda draw: draw.flag("bias"), {"bias": "yes"}),
        (lambda draw: draw.label("rows", (1, 2)), {"rows": "(1, 2)"}),
        (lambda draw: draw.array((2,), "normal", "large", "huge", name="x"), {"x": "huge"}),
        (lambda draw: draw.array((2,), "large"), {}),
        (lambda draw: draw.sizes("rows", "columns"), {}),
        (lambda draw: draw.indices((3,), 2), {}),
        (lambda draw: draw.probabilities((3,)), {}),
    ],
)
def test_what_is_drawn_is_labelled_in_plain_words(use, labels):
    draw = Draw(Replay(Recipe(choices=(2, 2))))
    use(draw)
    assert draw.labels == labels


def test_an_axis_is_named_by_where_it_points():
    drawn = {}
    for choice in range(6):
        draw = Draw(Replay(Recipe(choices=(choice,))))
        axis = draw.axis(3)
        drawn[axis] = draw.labels["axis"]
    assert drawn == {-1: "last", 2: "last", -2: "not last", -3: "not last", 0: "not last", 1: "not last"}
    assert Draw(Replay(Recipe())).axis(3) == -1


def test_only_kinked_fills_keep_a_case_out_of_gradient_checks():
    assert build(task(lambda draw: (draw.array((3,), "normal"), draw.array((3,), "huge"))), Recipe()).smooth
    assert not build(task(lambda draw: (draw.array((3,), "ties"), draw.array((3,)))), Recipe()).smooth


def test_a_case_without_arrays_asks_for_no_seed_and_one_with_many_for_one():
    plain, arrays = Scripted(1), Scripted()
    make(task(lambda draw: (draw.integer("n", 0, 3),)), Draw(plain))
    made = make(task(lambda draw: (draw.array((3,)), draw.array((3,)))), Draw(arrays))
    assert (plain.seeds, arrays.seeds) == (0, 1)
    assert not same(*made.args)


def test_an_array_does_not_depend_on_the_numbers_that_another_took():
    short = build(task(lambda draw: (draw.array((2,)), draw.array((3,)))), Recipe(seed=5))
    long = build(task(lambda draw: (draw.array((50,)), draw.array((3,)))), Recipe(seed=5))
    assert same(short.args[1], long.args[1])


def test_indices_lie_in_their_range_and_reach_all_of_it():
    found = Draw(Replay(Recipe(seed=3))).indices((200,), 4)
    assert found.dtype == np.int64
    assert set(found.tolist()) == {0, 1, 2, 3}


@pytest.mark.parametrize("simplicity", [0, 1, 2])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_probabilities_are_positive_and_sum_to_one_along_their_axis(axis, simplicity):
    found = Draw(Replay(Recipe(seed=3)), simplicity).probabilities((4, 5), axis)
    assert (found > 0).all()
    np.testing.assert_allclose(found.sum(axis=axis), 1)
    assert not np.allclose(found.sum(axis=1 - axis % 2), 1)


@pytest.mark.parametrize("wrong", [[1], np.zeros(2), None])
def test_cases_that_return_no_tuple_are_the_plugins_fault(wrong):
    with pytest.raises(PluginError, match=rf"task one: .* a tuple of arguments, not {type(wrong).__name__}"):
        build(task(lambda draw: wrong), Recipe())


def test_edges_keep_their_order_and_names_and_say_whether_they_are_smooth():
    declared = {"one element": (1.0,), "a tie": Edge(args=(2.0,), smooth=False)}
    first, second = edge_cases(task(everything, edges=lambda: declared))
    assert (first.name, first.args, first.labels, first.smooth) == (
        "one element",
        (1.0,),
        {"case": "one element"},
        True,
    )
    assert (second.name, second.args, second.smooth, second.recipe) == ("a tie", (2.0,), False, None)
    assert edge_cases(task(everything)) == ()


def test_only_floating_arrays_are_cast():
    floating, integers, flags = np.array([1.5]), np.array([1]), np.array([True])
    made = cast((floating, integers, flags, 1.5, 2, True, "tanh", None, [floating]), "float32")
    assert [made[0].dtype, made[1].dtype, made[2].dtype] == [np.float32, np.int64, np.bool_]
    assert made[3:8] == (1.5, 2, True, "tanh", None)
    assert [type(value) for value in made[3:6]] == [float, int, bool]
    assert made[8][0].dtype == np.float32
    assert floating.dtype == np.float64


def test_without_a_dtype_nothing_is_cast():
    half = np.array([1.5], np.float16)
    assert cast((half,), None)[0] is half

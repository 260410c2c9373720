"""What the lesson on explanations says of a trained network and real digits is so: above all, completeness."""

import importlib.util

import numpy as np
import pytest

from grader.app import make_app
from grader.datasets import digits
from tests.conftest import ROOT
from tests.training import solution

FEW = 20
explain = solution("explain_numpy")


@pytest.fixture(scope="module")
def trained():
    """The network of the exercise mlp after its training on the digits that come with the course, in float64."""
    tasks = make_app(installed=False).exercises["mlp"].exercise.tasks
    training = next(task.training for task in tasks if task.training is not None)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GRADLINGS_MNIST", raising=False)
        _, params = solution("mlp_numpy").train(*training.inputs())
    return tuple(param.astype(np.float64) for param in params)


@pytest.fixture(scope="module")
def images():
    held_out = digits().held_out
    return held_out.x[:FEW].astype(np.float64), held_out.target[:FEW]


def greys(images):
    """A baseline that is not black, and differs from pixel to pixel."""
    return np.random.default_rng(0).uniform(0, 0.5, images[0].shape[1:])


@pytest.fixture(params=["black", "greys"])
def baseline(request, images):
    return np.zeros(images[0].shape[1:]) if request.param == "black" else greys(images)


def gaps(attributions, images, baseline, params):
    return np.abs(explain.completeness_gap(attributions, images[0], baseline, images[1], params))


def test_the_network_has_learnt_something(trained, images):
    scores = [explain.class_score(images[0], np.full(FEW, k), trained) for k in range(10)]
    assert (np.argmax(scores, axis=0) == images[1]).mean() > 0.8


def test_the_gap_of_integrated_gradients_goes_to_zero_with_more_steps(trained, images, baseline):
    found = {}
    for steps in (1, 8, 64, 2048):
        attributions = explain.integrated_gradients(images[0], baseline, images[1], trained, steps)
        found[steps] = gaps(attributions, images, baseline, trained).mean()
    assert found[1] > found[8] > found[64] > found[2048]
    assert found[2048] < found[1] / 20
    assert found[2048] < 1e-3


def test_the_gap_is_bounded_as_the_lesson_says(trained, images, baseline):
    """Each hidden unit that falls asleep or wakes on the way is wrong for half a part of it at most."""
    x, target = images
    w1, b1, w2, _ = trained
    start, end = w1 @ baseline.ravel() + b1, x.reshape(FEW, -1) @ w1.T + b1
    change = np.abs((end - start) * w2[target]) * (np.sign(start) != np.sign(end))
    for steps in (1, 3, 20):
        attributions = explain.integrated_gradients(x, baseline, target, trained, steps)
        found = gaps(attributions, images, baseline, trained)
        assert (found <= change.sum(axis=1) / (2 * steps) + 1e-9).all()
        assert found.max() > 1e-6


def test_gradient_times_input_has_a_gap_that_stays(trained, images, baseline):
    x, target = images
    times_input = (x - baseline) * explain.input_gradient(x, target, trained)
    integrated = explain.integrated_gradients(x, baseline, target, trained, 512)
    stays = gaps(times_input, images, baseline, trained).mean()
    assert stays > 5e-3
    assert stays > 10 * gaps(integrated, images, baseline, trained).mean()


def test_without_biases_and_from_black_both_methods_are_the_same(trained, images):
    x, target = images
    w1, b1, w2, b2 = trained
    params, black = (w1, 0 * b1, w2, 0 * b2), np.zeros(x.shape[1:])
    times_input = x * explain.input_gradient(x, target, params)
    np.testing.assert_allclose(times_input, explain.integrated_gradients(x, black, target, params, 5), atol=1e-12)
    assert gaps(times_input, images, black, params).max() < 1e-9


def mistakes():
    path = ROOT / "solutions" / "explain" / "mistakes_numpy.py"
    spec = importlib.util.spec_from_file_location("explain_mistakes_numpy", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "mistake",
    ["times_image", "from_black", "points_from_black", "at_the_image", "mean_gradient", "summed", "backwards"],
)
def test_completeness_tells_wrong_formulas_apart(trained, images, mistake):
    """More steps do not mend them, from a baseline that is not black."""
    wrong = getattr(mistakes(), f"integrated_gradients__{mistake}")
    attributions = wrong(images[0], greys(images), images[1], trained, 32)
    assert gaps(attributions, images, greys(images), trained).mean() > 0.05


def test_an_image_is_explained_by_itself(trained, images):
    x, target = images

    def both(x, target):
        yield explain.integrated_gradients(x, np.zeros(x.shape[1:]), target, trained, 3)
        yield explain.occlusion(x, target, trained, (4, 4), (8, 8))

    for together, alone in zip(both(x, target), both(x[:1], target[:1]), strict=True):
        np.testing.assert_allclose(together[:1], alone, rtol=1e-9, atol=1e-9)


def test_what_has_no_ink_is_attributed_nothing_though_it_is_salient(trained, images):
    """As the lesson says of its picture."""
    x, target = images
    black = np.zeros(x.shape[1:])
    empty = x == 0
    assert 0.2 < empty.mean() < 0.9
    assert (explain.integrated_gradients(x, black, target, trained, 3)[empty] == 0).all()
    assert explain.saliency(x, target, trained)[empty[:, 0]].mean() > 0.01

"""The two networks as one writes them in Keras, beside the references in NumPy: the same weights, batches and losses.

Two habits of Keras matter. Its Adam adds eps = 1e-7 to the root of the *uncorrected* average of squares and corrects
both averages in the learning rate instead, as section 2 of the paper proposes for speed ("eps hat"; D. P. Kingma and
J. Ba, "Adam: A method for stochastic optimization", 2015); with an eps of 0 the two ways are the same. And its
categorical cross-entropy, which is given probabilities, clips them to [1e-7, 1 - 1e-7]: without an effect as long as
none lies outside, which is asserted.

On PyTorch, Keras takes matrix products and quotients in float32 even where everything is declared float64: its table of
result types has no float64 there, as JAX has none by default. The tests put it back, to see more than rounding.
"""

import importlib

import numpy as np
import pytest

from grader.datasets import digits
from tests.training import solution

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own

LR, STEPS = 0.001, 20  # Keras's and the course's default
# The batches of the convolutional network are small: Keras may take a second for one of 32 in float64.
SIZES = {"mlp": 32, "cnn": 4}
CLIP = 1e-7


@pytest.fixture(scope="module")
def keras(tmp_path_factory):
    """Keras on PyTorch, in float64; it reads both variables when it is first imported, and may write settings."""
    patch = pytest.MonkeyPatch()
    patch.setenv("KERAS_BACKEND", "torch")
    patch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
    found = pytest.importorskip("keras")
    assert found.backend.backend() == "torch"
    patch.setitem(importlib.import_module("keras.src.backend.common.dtypes").BIT64_TO_BIT32_DTYPE, "float64", "float64")
    before = found.config.floatx()
    found.config.set_floatx("float64")
    yield found
    found.config.set_floatx(before)
    patch.undo()


def mlp(keras):
    layers = keras.layers
    return [
        keras.Input((784,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


def cnn(keras):
    layers = keras.layers
    return [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


NETWORKS = {"mlp": mlp, "cnn": cnn}


def compiled(keras, name):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(NETWORKS[name](keras))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def params_of(model):
    """Return a model's parameters as the course has them: (out, in), (O, C, kH, kW), flattened channels first."""
    arrays = [array.astype(np.float64) for array in model.get_weights()]
    if arrays[0].ndim == 4:
        arrays[:4] = [arrays[0].transpose(3, 2, 0, 1), arrays[1], arrays[2].transpose(3, 2, 0, 1), arrays[3]]
        flat = arrays[4].reshape(5, 5, 64, -1)  # rows, columns, channels: Keras's images have their channels last
        arrays[4] = flat.transpose(2, 0, 1, 3).reshape(arrays[4].shape)
    return tuple(array.T if array.ndim == 2 else array for array in arrays)


def inputs(name, x):
    """Return images as the reference is given them, and as Keras is."""
    if name == "mlp":
        return (x.reshape(len(x), -1),) * 2
    return x, x.transpose(0, 2, 3, 1)


def batches(count, steps, size=32):
    """Return the row numbers of so many batches, epoch after epoch, each in an order of its own."""
    rng = np.random.default_rng(0)
    order = [rng.permutation(count) for _ in range(-(-steps * size // count))]
    return [rows[start : start + size] for rows in order for start in range(0, count, size)][:steps]


def losses_of_keras(model, x, target, order):
    one_hot = np.eye(10)[target]
    losses = []
    for rows in order:
        model.reset_metrics()  # what is returned is a mean over all batches since then
        losses.append(float(model.train_on_batch(x[rows], one_hot[rows], return_dict=True)["loss"]))
    return np.array(losses)


def keras_adam(param, grad, exp_avg, exp_avg_sq, step, lr, betas=(0.9, 0.999), eps=1e-7):
    """Adam as in Keras: the correction is a factor of the learning rate, and eps joins the uncorrected root."""
    exp_avg = betas[0] * exp_avg + (1 - betas[0]) * grad
    exp_avg_sq = betas[1] * exp_avg_sq + (1 - betas[1]) * grad**2
    corrected = lr * np.sqrt(1 - betas[1] ** step) / (1 - betas[0] ** step)
    return param - corrected * exp_avg / (np.sqrt(exp_avg_sq) + eps), exp_avg, exp_avg_sq


def losses_of_numpy(name, x, target, params, order, adam):
    module = solution(f"{name}_numpy")
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses = []
    for step, rows in enumerate(order, start=1):
        assert_nothing_is_clipped(module.forward(x[rows], params))
        loss, grads = module.loss_and_grads(x[rows], target[rows], params)
        each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
        params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, LR) for one in each), strict=True)
        losses.append(loss)
    return np.array(losses), params


def assert_nothing_is_clipped(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = shifted / shifted.sum(axis=1, keepdims=True)
    assert probs.min() > CLIP
    assert probs.max() < 1 - CLIP


@pytest.mark.parametrize("name", NETWORKS)
def test_steps_are_equal(keras, name):
    train = digits().train
    x, images = inputs(name, train.x.astype(np.float64))
    order = batches(len(x), STEPS, SIZES[name])
    model = compiled(keras, name)
    first = params_of(model)
    expected = losses_of_keras(model, images, train.target, order)
    losses, last = losses_of_numpy(name, x, train.target, first, order, keras_adam)
    np.testing.assert_allclose(losses, expected, rtol=1e-9)
    for param, other in zip(last, params_of(model), strict=True):
        np.testing.assert_allclose(param, other, rtol=0, atol=1e-9)
    assert expected[-1] < 0.95 * expected[0]  # so something was learnt that could differ


def test_the_place_of_eps_is_seen(keras):
    """The course's Adam is another one: close, but not equal. So the equality above is no accident of rough bounds."""
    train = digits().train
    x, images = inputs("mlp", train.x.astype(np.float64))
    order = batches(len(x), STEPS)
    model = compiled(keras, "mlp")
    first = params_of(model)
    expected = losses_of_keras(model, images, train.target, order)
    losses, _ = losses_of_numpy("mlp", x, train.target, first, order, solution("mlp_numpy").adam)
    np.testing.assert_allclose(losses, expected, rtol=1e-3)
    assert np.abs(losses - expected).max() > 1e-7


def test_probabilities_are_clipped_and_have_no_gradient_there(keras):
    ops, loss = keras.ops, keras.losses.categorical_crossentropy
    probs, one_hot = np.array([[1e-9, 1 - 1e-9], [0.25, 0.75]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    found = np.array(ops.convert_to_numpy(loss(one_hot, probs)))
    np.testing.assert_allclose(found, -np.log([CLIP, 0.25]), rtol=1e-9)


BANDS = [("mlp", 150, 0.01), pytest.param("cnn", 60, 0.05, marks=pytest.mark.full)]


@pytest.mark.parametrize(("name", "steps", "band"), BANDS)
def test_a_longer_run_stays_within_a_band(keras, name, steps, band):
    """Each with its own Adam, the reference in float32: the curves part slowly, and learn the same."""
    train = digits().train
    x, images = inputs(name, train.x)
    order = batches(len(x), steps)
    model = compiled(keras, name)
    params = tuple(param.astype(np.float32) for param in params_of(model))
    losses = losses_of_the_reference(name, x, train.target, params, order)
    expected = losses_of_keras(model, images, train.target, order)
    np.testing.assert_allclose(losses, expected, rtol=0, atol=band)
    assert expected[-10:].mean() < 0.3 * expected[0]


def losses_of_the_reference(name, x, target, params, order):
    module = solution(f"{name}_numpy")
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses = []
    for step, rows in enumerate(order, start=1):
        state = params, exp_avg, exp_avg_sq
        loss, params, exp_avg, exp_avg_sq = module.train_step(x[rows], target[rows], *state, step, LR)
        losses.append(float(loss))
    return np.array(losses)

"""The network that forecasts a series: gradients, clipped steps and training, against ``nn.RNN`` in float64."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.sequences import CLOSE, assert_all_close, load, solution, tensors

STEPS, WINDOWS, INPUTS, HIDDEN, OUTPUTS = 6, 7, 3, 5, 2
SHAPES = ((HIDDEN, INPUTS), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,), (OUTPUTS, HIDDEN), (OUTPUTS,))


@pytest.fixture(scope="module")
def ours():
    return solution("rnn_training_numpy")


@pytest.fixture(scope="module")
def theirs():
    return solution("rnn_training_torch")


def case(seed):
    rng = np.random.default_rng(seed)
    params = tuple(rng.normal(size=shape) / 2 for shape in SHAPES)
    return rng.normal(size=(STEPS, WINDOWS, INPUTS)), rng.normal(size=(STEPS, WINDOWS, OUTPUTS)), params


class Network(nn.Module):
    """The network in PyTorch's own words."""

    def __init__(self, params):
        super().__init__()
        self.rnn, self.out = nn.RNN(INPUTS, HIDDEN), nn.Linear(HIDDEN, OUTPUTS)
        load(self.double(), params)

    def forward(self, x):
        states, _ = self.rnn(x, torch.zeros(1, x.shape[1], HIDDEN, dtype=x.dtype))
        return self.out(states)


@pytest.mark.parametrize("seed", range(5))
def test_loss_and_gradients_are_those_of_autograd(ours, theirs, seed):
    x, target, params = case(seed)
    network = Network(params)
    forecasts = network(torch.tensor(x))
    loss = F.mse_loss(forecasts, torch.tensor(target))
    grads = torch.autograd.grad(loss, list(network.parameters()))
    np.testing.assert_allclose(ours.forward(x, params), forecasts.detach(), **CLOSE)
    for found_loss, found in (
        ours.loss_and_grads(x, target, params),
        theirs.loss_and_grads(*tensors((x, target)), tensors(params)),
    ):
        np.testing.assert_allclose(float(found_loss), loss.item(), **CLOSE)
        assert_all_close(found, grads)
        assert [tuple(grad.shape) for grad in found] == list(SHAPES)


def trained_by_torch(x, target, params, order, batch_size, lr, max_norm):
    network, losses, clipped = Network(params), [], 0
    optimizer = torch.optim.Adam(network.parameters(), lr=lr)
    for rows in order:
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            optimizer.zero_grad()
            loss = F.mse_loss(network(torch.tensor(x[:, batch])), torch.tensor(target[:, batch]))
            loss.backward()
            clipped += nn.utils.clip_grad_norm_(network.parameters(), max_norm).item() > max_norm
            optimizer.step()
            losses.append(loss.item())
    return losses, [param.detach() for param in network.parameters()], clipped


@pytest.mark.parametrize(("batch_size", "max_norm"), [(1, 0.9), (3, 0.9), (7, 0.9), (100, 0.9), (3, 100.0)])
def test_training_clips_and_steps_as_torch_does(ours, theirs, batch_size, max_norm):
    x, target, params = case(6)
    order = np.stack([np.random.default_rng(epoch).permutation(WINDOWS) for epoch in range(4)])
    recipe = batch_size, 0.02, max_norm
    losses, last, clipped = trained_by_torch(x, target, params, order, *recipe)
    assert bool(clipped) is (max_norm < 1)
    assert len(losses) == 4 * -(-WINDOWS // batch_size)
    found = ours.train(x, target, params, order, *recipe)
    assert_all_close((found[0], *found[1]), (losses, *last))
    found = theirs.train(*tensors((x, target)), tensors(params), torch.tensor(order), *recipe)
    assert_all_close((found[0], *found[1]), (losses, *last))
    assert not any(tensor.requires_grad for tensor in (found[0], *found[1]))


def test_the_module_takes_the_same_steps(theirs):
    x, target, params = case(7)
    x, target = tensors((x, target))
    model = load(theirs.Forecaster(INPUTS, HIDDEN, OUTPUTS).double(), params)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for param in model.parameters():
        param.grad = torch.full_like(param, 5.0)
    losses = [theirs.update(model, optimizer, x[:, rows], target[:, rows], 0.5) for rows in ([0, 1, 2], [3, 4, 5], [6])]
    expected, last = theirs.train(x, target, tensors(params), torch.arange(7)[None], 3, 0.02, 0.5)
    assert all(type(loss) is float for loss in losses)
    assert_all_close((losses, *(param.detach() for param in model.parameters())), (expected, *last))
    assert theirs.evaluate(model, x, target) == pytest.approx(theirs.forecast_error(x, target, last))
    assert model.training


def test_windows_do_not_touch_each_other(ours):
    x, _, params = case(8)
    alone = np.concatenate([ours.forward(x[:, [n]], params) for n in range(WINDOWS)], axis=1)
    np.testing.assert_allclose(ours.forward(x, params), alone, **CLOSE)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_keeps_its_dtype_and_nothing_is_changed(ours, dtype):
    x, target, params = case(9)
    x, target, params = x.astype(dtype), target.astype(dtype), tuple(param.astype(dtype) for param in params)
    kept = [array.copy() for array in (x, target, *params)]
    losses, last = ours.train(x, target, params, np.arange(WINDOWS)[None], 4, 0.01, 0.1)
    assert {array.dtype for array in (losses, ours.forward(x, params), *last)} == {np.dtype(dtype)}
    for array, copy in zip((x, target, *params), kept, strict=True):
        assert (array == copy).all()


def test_the_error_is_that_of_the_last_step(ours, theirs):
    x, target, params = case(10)
    last = ours.forward(x, params)[-1]
    found = ours.forecast_error(x, target, params)
    assert type(found) is float
    assert found == pytest.approx(((last - target[-1]) ** 2).mean())
    twin = theirs.forecast_error(*tensors((x, target)), tensors(params))
    assert type(twin) is float
    assert twin == pytest.approx(found)

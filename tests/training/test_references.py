"""The references of whole networks: gradients against autograd, training against ``torch.optim.Adam``, in float64."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.training import case, solution

NAMES = ("mlp", "cnn")
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def network(name, x, params):
    """The network in PyTorch's own words."""
    if name == "mlp":
        w1, b1, w2, b2 = params
        return (x @ w1.T + b1).relu() @ w2.T + b2
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    pool1 = F.max_pool2d(F.conv2d(x, w1, b1).relu(), 2)
    pool2 = F.max_pool2d(F.conv2d(pool1, w2, b2).relu(), 2)
    return (pool2.flatten(1) @ w3.T + b3).relu() @ w4.T + b4


def tensors(arrays):
    return tuple(torch.tensor(array) for array in arrays)


def assert_all_close(actual, expected):
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), **CLOSE)


@pytest.mark.parametrize("seed", range(5))
def test_loss_and_gradients_are_those_of_autograd(name, seed):
    x, target, params = case(name, seed)
    leaves = tuple(param.requires_grad_() for param in tensors(params))
    loss = F.cross_entropy(network(name, torch.tensor(x), leaves), torch.tensor(target))
    grads = torch.autograd.grad(loss, leaves)
    for actual_loss, actual in (
        solution(f"{name}_numpy").loss_and_grads(x, target, params),
        solution(f"{name}_torch").loss_and_grads(*tensors((x, target)), tensors(params)),
    ):
        np.testing.assert_allclose(float(actual_loss), loss.item(), **CLOSE)
        assert_all_close(actual, grads)
        assert [grad.shape for grad in actual] == [param.shape for param in params]


def trained_by_torch(name, x, target, params, order, batch_size, lr):
    leaves = tuple(param.requires_grad_() for param in tensors(params))
    optimizer = torch.optim.Adam(leaves, lr=lr)
    losses = []
    for rows in order:
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            optimizer.zero_grad()
            loss = F.cross_entropy(network(name, torch.tensor(x[batch]), leaves), torch.tensor(target[batch]))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses, [leaf.detach() for leaf in leaves]


@pytest.mark.parametrize("batch_size", [1, 3, 7, 100])
def test_training_is_that_of_adam_with_a_short_last_batch(name, batch_size):
    x, target, params = case(name, 1)
    order = np.stack([np.random.default_rng(epoch).permutation(len(x)) for epoch in range(3)])
    losses, last = trained_by_torch(name, x, target, params, order, batch_size, 0.01)
    assert len(losses) == 3 * -(-7 // batch_size)
    found = solution(f"{name}_numpy").train(x, target, params, order, batch_size, 0.01)
    assert_all_close((found[0], *found[1]), (losses, *last))
    arguments = *tensors((x, target)), tensors(params), torch.tensor(order), batch_size, 0.01
    found = solution(f"{name}_torch").train(*arguments)
    assert_all_close((found[0], *found[1]), (losses, *last))
    assert not any(tensor.requires_grad for tensor in (found[0], *found[1]))


def test_a_step_in_the_middle_goes_on_from_the_state_that_it_is_given(name):
    x, target, params = case(name, 2)
    module = solution(f"{name}_numpy")
    zeros = tuple(np.zeros_like(param) for param in params)
    loss, *state = module.train_step(x, target, params, zeros, zeros, 1, 0.01)
    again, *state = module.train_step(x, target, *state, 2, 0.01)
    losses, last = module.train(x, target, params, np.arange(7)[None].repeat(2, axis=0), 7, 0.01)
    assert_all_close((loss, again, *state[0]), (*losses, *last))
    torch_state = [tensors(part) for part in (params, zeros, zeros)]
    for step in (1, 2):
        _, *torch_state = solution(f"{name}_torch").train_step(*tensors((x, target)), *torch_state, step, 0.01)
    for one, other in zip(torch_state, state, strict=True):
        assert_all_close(one, other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_keeps_its_dtype_and_nothing_is_changed(name, dtype):
    x, target, params = case(name, 3)
    x, params = x.astype(dtype), tuple(param.astype(dtype) for param in params)
    kept = [array.copy() for array in (x, target, *params)]
    module = solution(f"{name}_numpy")
    losses, last = module.train(x, target, params, np.arange(7)[None], 4, 0.01)
    assert {array.dtype for array in (losses, module.forward(x, params), *last)} == {np.dtype(dtype)}
    for array, copy in zip((x, target, *params), kept, strict=True):
        assert (array == copy).all()


def test_accuracy_counts_what_is_right(name):
    x, _, params = case(name, 4, count=40)
    module = solution(f"{name}_numpy")
    best = module.forward(x, params).argmax(axis=-1)
    target = np.where(np.arange(40) % 4 == 0, best, (best + 1) % 3)
    found = module.accuracy(x, target, params)
    assert found == (best == target).mean()
    assert 0 < found < 1
    assert type(found) is float
    twin = solution(f"{name}_torch").accuracy(*tensors((x, target)), tensors(params))
    assert type(twin) is float
    assert twin == found

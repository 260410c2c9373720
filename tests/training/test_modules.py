"""What PyTorch adds to the references: modules, a step with an optimizer, and evaluation."""

import numpy as np
import pytest
import torch
from torch import nn

from tests.training import case, solution


@pytest.fixture
def mlp():
    return solution("mlp_torch")


@pytest.fixture
def cnn():
    return solution("cnn_torch")


def load(model, params):
    with torch.no_grad():
        for param, array in zip(model.parameters(), params, strict=True):
            param.copy_(torch.tensor(array))


def test_steps_of_a_module_are_those_of_the_functions(mlp):
    x, target, params = case("mlp", 0)
    model = mlp.MLP(6, 5, 3).double()
    load(model, params)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    x, target = torch.tensor(x), torch.tensor(target)
    losses = [mlp.update(model, optimizer, x[rows], target[rows]) for rows in ([0, 1, 2], [3, 4, 5], [6])]
    assert all(type(loss) is float for loss in losses)
    expected, last = mlp.train(x, target, tuple(map(torch.tensor, params)), torch.arange(7)[None], 3, 0.01)
    torch.testing.assert_close(torch.tensor(losses, dtype=torch.float64), expected)
    torch.testing.assert_close(tuple(param.detach() for param in model.parameters()), last)


def test_gradients_that_were_left_have_no_effect(mlp):
    x, target, params = case("mlp", 1)
    ends = []
    for left in (0.0, 5.0):
        model = mlp.MLP(6, 5, 3).double()
        load(model, params)
        for param in model.parameters():
            param.grad = torch.full_like(param, left)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        mlp.update(model, optimizer, torch.tensor(x), torch.tensor(target))
        ends.append([param.detach().clone() for param in model.parameters()])
    torch.testing.assert_close(*ends, rtol=0, atol=0)


def test_fitting_a_module_is_training_with_the_functions(cnn):
    rng = np.random.default_rng(0)
    x, target = torch.tensor(rng.normal(size=(5, 1, 28, 28))), torch.tensor(rng.integers(0, 10, 5))
    order = torch.tensor([[0, 1, 2, 3, 4], [4, 2, 0, 1, 3]])
    torch.manual_seed(0)
    model = cnn.CNN(10).double()
    params = tuple(param.detach().clone() for param in model.parameters())
    losses = cnn.fit(model, torch.optim.Adam(model.parameters(), lr=0.001), x, target, order, 2)
    expected, last = cnn.train(x, target, params, order, 2, 0.001)
    torch.testing.assert_close(torch.tensor(losses, dtype=torch.float64), expected)
    torch.testing.assert_close(tuple(param.detach() for param in model.parameters()), last)


class Watched(nn.Module):
    """Logits that are right in use and wrong in training, and a note of how it was called."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))
        self.seen = []

    def forward(self, x):
        self.seen.append((self.training, torch.is_grad_enabled(), len(x)))
        return x.flatten(1) * self.weight * (-1 if self.training else 1)


def examples():
    return torch.eye(5)[:, None, None], torch.tensor([0, 1, 2, 3, 0])


def test_a_model_is_evaluated_as_in_use_and_goes_on_in_training(mlp, cnn):
    x, target = examples()
    model = Watched()
    assert mlp.evaluate(model, x, target) == 0.8
    assert model.seen == [(False, False, 5)]
    assert model.training
    model = Watched()
    loss, accuracy = cnn.evaluate(model, x, target, 2)
    assert accuracy == 0.8
    assert model.seen == [(False, False, 2), (False, False, 2), (False, False, 1)]
    assert model.training
    assert loss == pytest.approx(nn.functional.cross_entropy(x.flatten(1), target).item())


def test_the_size_of_batches_has_no_effect_on_an_evaluation(cnn):
    x, target = examples()
    found = [cnn.evaluate(Watched(), x, target, size) for size in (1, 2, 3, 5, 9)]
    assert np.ptp(found, axis=0).max() < 1e-6

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
    others = torch.tensor(rng.normal(size=(6, 1, 28, 28))), torch.tensor(rng.integers(0, 10, 6))
    scores = cnn.fit(model, torch.optim.Adam(model.parameters(), lr=0.001), (x, target), others, order, 2)
    ends = [cnn.train(x, target, params, order[:epochs], 2, 0.001)[1] for epochs in (1, 2)]
    assert scores == [cnn.accuracy(*others, end) for end in ends]
    best = ends[scores.index(max(scores))]
    torch.testing.assert_close(tuple(param.detach() for param in model.parameters()), best)


def test_a_model_is_left_as_it_was_after_its_best_epoch_and_not_as_it_is(cnn):
    model = nn.Sequential(nn.Flatten(), nn.Linear(1, 2))
    load(model, [np.zeros((2, 1)), np.array([0.1, 0.0])])
    x, validation = torch.ones(2, 1, 1, 1), (torch.ones(1, 1, 1, 1), torch.tensor([0]))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    scores = cnn.fit(model, optimizer, (x, torch.tensor([0, 1])), validation, torch.tensor([[0], [1], [1]]), 1)
    assert scores == [1.0, 0.0, 0.0]
    assert model(validation[0]).argmax() == 0


def test_validation_chooses_the_epoch_and_the_test_set_has_no_part_in_it():
    module = solution("cnn_numpy")
    x, target, params = case("cnn", 5, count=12)
    order = np.stack([np.random.default_rng(epoch).permutation(4) for epoch in range(5)])
    sets = [(x[i : i + 4], target[i : i + 4]) for i in (0, 4, 8)]
    ends = [module.train(*sets[0], params, order[: epochs + 1], 3, 0.1)[1] for epochs in range(5)]
    expected = [module.accuracy(*sets[1], end) for end in ends]
    scores, tested, kept = module.train_with_validation(*sets, params, order, 3, 0.1)
    assert scores.tolist() == expected
    assert len(set(expected)) > 1
    best = ends[expected.index(max(expected))]
    assert tested == module.accuracy(*sets[2], best)
    for one, other in zip(kept, best, strict=True):
        np.testing.assert_array_equal(one, other)
    swapped = module.train_with_validation(*sets[:2], (sets[2][0], (sets[2][1] + 1) % 6), params, order, 3, 0.1)
    assert all((one == other).all() for one, other in zip(kept, swapped[2], strict=True))


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

"""Drawing symbols: inverse transform of given numbers, temperature, the k largest, and continuing a text."""

import numpy as np
import pytest
import torch

from tests.sequences import solution, tensors
from tests.sequences.test_transformer import HEADS, SYMBOLS, case


@pytest.fixture(scope="module", params=["numpy", "torch"])
def module(request):
    return solution(f"transformer_{request.param}")


def given(module, array):
    return torch.tensor(np.asarray(array)) if "torch" in module.__name__ else np.asarray(array)


def drawn(module, logits, *settings):
    logits = given(module, logits)
    return [module.next_symbol(logits, random, *settings) for random in (np.arange(4000) + 0.5) / 4000]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_symbols_come_as_often_as_the_softmax_says_and_in_their_order(module, temperature):
    logits = np.random.default_rng(0).normal(size=6) * 2
    powers = np.exp(logits / temperature)
    found = drawn(module, logits, temperature)
    assert found == sorted(found)
    assert all(type(symbol) is int for symbol in found)
    np.testing.assert_allclose(np.bincount(found, minlength=6) / 4000, powers / powers.sum(), atol=1 / 4000)


def test_only_the_largest_are_drawn_and_share_all_the_probability(module):
    logits = np.log([0.1, 0.4, 0.05, 0.25, 0.2])
    found = np.bincount(drawn(module, logits, 1.0, 2), minlength=5) / 4000
    np.testing.assert_allclose(found, [0, 0.4 / 0.65, 0, 0.25 / 0.65, 0], atol=1 / 4000)
    assert drawn(module, logits, 1.0, 5) == drawn(module, logits)
    assert set(drawn(module, logits, 1.0, 1)) == {1}


def test_of_equal_logits_the_earlier_ones_count_as_larger(module):
    assert set(drawn(module, np.array([0.0, 1.0, 1.0, 1.0]), 1.0, 2)) == {1, 2}


def test_temperature_0_is_the_largest_whatever_the_number(module):
    assert set(drawn(module, np.array([0.1, 2.0, 2.0, -1.0]), 0.0)) == {1}
    assert set(drawn(module, np.array([0.1, 2.0, 1.9, -1.0]), 0.001)) == {1}


def test_the_largest_number_below_1_still_draws_a_symbol(module):
    logits = np.random.default_rng(1).normal(size=(200, 9)).astype(np.float32)
    last = np.nextafter(1.0, 0.0)
    assert {module.next_symbol(given(module, row), last) for row in logits} == {8}


def test_a_symbol_without_probability_is_never_drawn(module):
    logits = np.array([-2000.0, 0.0, -2000.0, 0.0, -2000.0])
    found = [module.next_symbol(given(module, logits), random) for random in (0.0, 0.25, 0.5, 0.75)]
    assert found == [1, 1, 3, 3]


def test_a_text_is_continued_symbol_by_symbol_from_what_can_be_seen(module):
    _, _, params, positions = case(3)
    rng = np.random.default_rng(3)
    start, random = rng.integers(0, SYMBOLS, 4), rng.random(12)
    in_torch = "torch" in module.__name__
    params = tensors(params) if in_torch else params
    settings = given(module, positions), HEADS, 0.8, 4
    found = module.sample(params, given(module, start), given(module, random), *settings)
    assert found.shape == (12,)
    symbols = start.tolist()
    for number in random:
        seen = given(module, [symbols[-len(positions) :]])
        logits = module.forward(seen, params, given(module, positions), HEADS)[0, -1]
        symbols.append(module.next_symbol(logits, float(number), 0.8, 4))
    assert found.tolist() == symbols[4:]
    first = module.sample(params, given(module, start), given(module, random[:5]), *settings)
    assert first.tolist() == found[:5].tolist()
    assert start.tolist() == symbols[:4]

"""The transformer: gradients by hand against autograd, PyTorch's own layers, and Adam, in float64."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.sequences import CLOSE, assert_all_close, load, solution, tensors

PIECES, LENGTH, SYMBOLS, FEATURES, HIDDEN, HEADS = 4, 5, 7, 6, 11, 3
D = FEATURES
BLOCK = ((D,), (D,), (D, D), (D, D), (D, D), (D, D), (D,), (D,), (HIDDEN, D), (HIDDEN,), (D, HIDDEN), (D,))
SHAPES = ((SYMBOLS, D), *BLOCK, (D,), (D,))


@pytest.fixture(scope="module")
def ours():
    return solution("transformer_numpy")


@pytest.fixture(scope="module")
def theirs():
    return solution("transformer_torch")


def case(seed):
    rng = np.random.default_rng(seed)
    params = tuple(rng.normal(size=shape) / 2 for shape in SHAPES)
    x, target = rng.integers(0, SYMBOLS, (2, PIECES, LENGTH))
    return x, target, params, rng.normal(size=(LENGTH + 2, D))


def module(theirs, params, positions):
    """Return the module with these parameters; PyTorch keeps the weights of queries, keys and values as one."""
    table, scale, shift, q, k, v, *others = tensors(params)
    model = theirs.Transformer(torch.tensor(positions), SYMBOLS, HIDDEN, HEADS).double()
    return load(model, (table, scale, shift, torch.cat([q, k, v]), *others))


def as_one(arrays):
    table, scale, shift, q, k, v, *others = map(np.asarray, arrays)
    return table, scale, shift, np.concatenate([q, k, v]), *others


@pytest.mark.parametrize("seed", range(5))
def test_loss_and_gradients_are_those_of_autograd_through_its_own_layers(ours, theirs, seed):
    x, target, params, positions = case(seed)
    model = module(theirs, params, positions)
    logits = model(torch.tensor(x))
    loss = F.cross_entropy(logits.flatten(0, 1), torch.tensor(target).flatten())
    grads = torch.autograd.grad(loss, list(model.parameters()))
    np.testing.assert_allclose(ours.forward(x, params, positions, HEADS), logits.detach(), **CLOSE)
    for found_loss, found in (
        ours.loss_and_grads(x, target, params, positions, HEADS),
        theirs.loss_and_grads(*tensors((x, target)), tensors(params), torch.tensor(positions), HEADS),
    ):
        np.testing.assert_allclose(float(found_loss), loss.item(), **CLOSE)
        assert_all_close(as_one(found), grads)
        assert [tuple(grad.shape) for grad in found] == list(SHAPES)


def test_the_block_alone_goes_back_as_autograd_does(ours, theirs):
    rng = np.random.default_rng(5)
    x, grad_output = rng.normal(size=(2, PIECES, LENGTH, D))
    params = tuple(rng.normal(size=shape) for shape in BLOCK)
    leaves = [tensor.requires_grad_() for tensor in tensors((x, *params))]
    out = theirs.block(leaves[0], tuple(leaves[1:]), HEADS)
    np.testing.assert_allclose(ours.block(x, params, HEADS), out.detach(), **CLOSE)
    grad_x, grads = ours.block_backward(grad_output, x, params, HEADS)
    assert_all_close((grad_x, *grads), torch.autograd.grad(out, leaves, torch.tensor(grad_output)))


def test_no_place_sees_what_comes_after_it(ours):
    x, _, params, positions = case(6)
    before = ours.forward(x, params, positions, HEADS)
    for place in range(LENGTH):
        changed = x.copy()
        changed[:, place] = (x[:, place] + 1) % SYMBOLS
        after = ours.forward(changed, params, positions, HEADS)
        assert (after[:, :place] == before[:, :place]).all()
        assert (np.abs(after[:, place:] - before[:, place:]).max(axis=-1) > 1e-6).all()


def trained_by_torch(theirs, text, params, order, lr, positions):
    model = module(theirs, params, positions)
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=lr), []
    for starts in order:
        pieces = np.stack([text[start : start + len(positions) + 1] for start in starts])
        x, target = tensors((pieces[:, :-1], pieces[:, 1:]))
        for param in model.parameters():
            param.grad = torch.full_like(param, 3.0)  # which must have no effect
        losses.append(theirs.update(model, optimizer, x, target))
    return losses, model


def test_training_is_that_of_adam_on_pieces_and_their_continuations(ours, theirs):
    _, _, params, positions = case(7)
    rng = np.random.default_rng(7)
    text, order = rng.integers(0, SYMBOLS, 40), rng.integers(0, 40 - len(positions), (5, 3))
    losses, model = trained_by_torch(theirs, text, params, order, 0.02, positions)
    last = [param.detach() for param in model.parameters()]
    found = ours.train(text, params, order, 0.02, positions, HEADS)
    assert_all_close((found[0], *as_one(found[1])), (losses, *last))
    arguments = torch.tensor(text), tensors(params), torch.tensor(order), 0.02, torch.tensor(positions), HEADS
    found = theirs.train(*arguments)
    assert_all_close((found[0], *as_one(found[1])), (losses, *last))
    assert not any(tensor.requires_grad for tensor in (found[0], *found[1]))


def test_held_out_text_is_cut_into_pieces_side_by_side(ours, theirs):
    _, _, params, positions = case(8)
    length, rng = len(positions), np.random.default_rng(8)
    text = rng.integers(0, SYMBOLS, 4 * length + 3)
    costs = []
    for start in range(0, 4 * length, length):
        logits = torch.tensor(ours.forward(text[None, start : start + length], params, positions, HEADS))
        costs.append(F.cross_entropy(logits[0], torch.tensor(text[start + 1 : start + length + 1])).item())
    found = ours.cross_entropy_on_held_out(text, params, positions, HEADS)
    assert type(found) is float
    assert found == pytest.approx(np.mean(costs), rel=1e-12)
    given = tensors(params), torch.tensor(positions), HEADS
    assert theirs.cross_entropy_on_held_out(torch.tensor(text), *given) == pytest.approx(found, rel=1e-12)
    x, target = tensors(text[shift : shift + 4 * length].reshape(4, length) for shift in (0, 1))
    model = module(theirs, params, positions)
    assert theirs.evaluate(model, x, target) == pytest.approx(found, rel=1e-12)
    assert model.training
    exact = ours.cross_entropy_on_held_out(text[: 4 * length + 1], params, positions, HEADS)
    assert exact == found  # just long enough for as many pieces


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_keeps_its_dtype_and_nothing_is_changed(ours, dtype):
    _, _, params, positions = case(9)
    params, positions = tuple(param.astype(dtype) for param in params), positions.astype(dtype)
    text, order = np.arange(30) % SYMBOLS, np.array([[0, 5], [9, 20]])
    kept = [array.copy() for array in (text, order, positions, *params)]
    losses, last = ours.train(text, params, order, 0.01, positions, HEADS)
    logits = ours.forward(text[None, :5], params, positions, HEADS)
    assert {array.dtype for array in (losses, logits, *last)} == {np.dtype(dtype)}
    for array, copy in zip((text, order, positions, *params), kept, strict=True):
        assert (array == copy).all()

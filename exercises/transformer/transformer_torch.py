"""A small transformer in PyTorch learns to continue a text: as pure functions with autograd, then as a module.

N pieces of L symbols, out of V; D features, cut into heads; F hidden units. The parameters travel together, as one
tuple of 15 tensors: the table (V, D); the block's twelve, which are norm1_weight, norm1_bias (D,), q_proj_weight,
k_proj_weight, v_proj_weight, o_proj_weight (D, D), norm2_weight, norm2_bias (D,), w1 (F, D), b1 (F,), w2 (D, F),
b2 (D,); and norm_weight, norm_bias (D,). So do their gradients and the two moments of Adam, in this order. What tells
places apart, positions (P, D), is fixed: such a table as `positional_encoding(P, D)` of the exercise `attention`.
First weights, batches and random numbers are given. The functions of tensors change nothing in place, and all but
`embed`, `block` and `forward` give back tensors that are no part of a graph; `update` and `evaluate` are for a module,
which changes.
"""

import torch
import torch.nn.functional as F
from torch import nn
from transformer_library_torch import (
    adam,
    cross_entropy,
    embedding,
    layer_norm,
    linear,
    multi_head_attention,
    relu,
    softmax,
    tied_logits,
)

Tensors = tuple[torch.Tensor, ...]


def _causal_mask(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    """Return which keys each query of a piece may see, itself and all before it: boolean, (N, H, L, L)."""
    n, length = x.shape[:2]
    return torch.ones(length, length, dtype=torch.bool, device=x.device).tril().expand(n, num_heads, -1, -1)


def embed(x: torch.Tensor, table: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """Return what enters the block: √D times each symbol's row of the table, plus the row of its place.

    (The factor is that of Vaswani et al. 2017, section 3.4: the table also makes the logits, and its numbers are small
    beside those of the positions.)

    Args:
        x: symbols, int64 from 0 to V - 1, shape (N, L).
        table: a row for each symbol, shape (V, D).
        positions: a row for each place, the first for the first, shape (P, D), with P at least L; not multiplied.

    Returns:
        Shape (N, L, D), of the table's dtype.

    >>> table = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.5]])
    >>> positions = torch.tensor([[0.0, 1.0, 0.0, 1.0], [0.8, 0.5, 0.1, 0.9], [9.0, 9.0, 9.0, 9.0]])
    >>> embed(torch.tensor([[1, 0]]), table, positions)
    tensor([[[0.0000, 1.0000, 6.0000, 2.0000],
             [2.8000, 0.5000, 0.1000, 0.9000]]])
    """
    raise NotImplementedError


def block(x: torch.Tensor, params: Tensors, num_heads: int) -> torch.Tensor:
    """Add to each place what attention finds at it and before it, then what two linear layers make of the sum.

    Both parts look at a normalized copy, and what they return is added to what came in, which itself is never
    normalized: x + attention(norm1(x)), and with that as x, x + mlp(norm2(x)). The mlp has relu between its layers.

    Args:
        x: shape (N, L, D).
        params: the block's twelve.
        num_heads: how many heads; it divides D.

    Returns:
        Shape (N, L, D), of x's dtype.

    >>> norm, on, off = (torch.ones(2), torch.zeros(2)), torch.eye(2), torch.zeros(2, 2)
    >>> x = torch.tensor([[[3.0, 1.0], [0.0, 4.0], [1.0, 0.0]]])  # each place becomes (1, -1) or (-1, 1) in norm1
    >>> block(x, (*norm, off, off, on, on, *norm, off, torch.zeros(2), off, torch.zeros(2)), 1).round(decimals=3) + 0
    tensor([[[ 4.0000,  0.0000],
             [ 0.0000,  4.0000],
             [ 1.3330, -0.3330]]])
    """
    raise NotImplementedError


def forward(x: torch.Tensor, params: Tensors, positions: torch.Tensor, num_heads: int) -> torch.Tensor:
    """Return, at every place, a logit for each symbol that might come next.

    Embed the symbols, run the block, normalize once more, and compare with every row of the same table that the symbols
    were looked up in.

    Args:
        x: symbols, int64 from 0 to V - 1, shape (N, L).
        params: all 15: the table, the block's twelve, and the last norm's two.
        positions: shape (P, D), with P at least L.
        num_heads: how many heads.

    Returns:
        Logits, shape (N, L, V), of the parameters' dtype.

    >>> norm, off = (torch.ones(2), torch.zeros(2)), torch.zeros(2, 2)
    >>> positions = torch.tensor([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, torch.zeros(2), off, torch.zeros(2)
    >>> forward(torch.tensor([[0, 1]]), (torch.tensor([[4.0, 0.0], [0.0, 4.0]]), *block, *norm), positions, 1)
    tensor([[[ 4.0000, -4.0000],
             [-4.0000,  4.0000]]])
    """
    raise NotImplementedError


def loss_and_grads(
    x: torch.Tensor, target: torch.Tensor, params: Tensors, positions: torch.Tensor, num_heads: int
) -> tuple[torch.Tensor, Tensors]:
    """Return the loss of the network on a batch, and the gradients of its parameters, by autograd.

    The loss is the mean cross-entropy over all N·L places. The table is used twice, and has the gradients of both uses.

    Args:
        x: symbols, shape (N, L).
        target: the symbol after each, shape (N, L).
        params: all 15.
        positions: shape (P, D), with P at least L; they get no gradient.
        num_heads: how many heads.

    Returns:
        (loss, grads): a 0-d tensor of the parameters' dtype, and gradients of the shapes and dtypes of the 15.

    >>> norm, off = (torch.ones(2), torch.zeros(2)), torch.zeros(2, 2)
    >>> positions = torch.tensor([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, torch.zeros(2), off, torch.zeros(2)
    >>> params = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> loss, grads = loss_and_grads(torch.tensor([[0, 1]]), torch.tensor([[2, 2]]), params, positions, 1)
    >>> round(float(loss), 4)
    1.4076
    >>> grads[0][:2].round(decimals=3), grads[14]
    (tensor([[ 0.2880, -0.2880],
            [-0.2880,  0.2880]]), tensor([0.3776, 0.3776]))
    """
    raise NotImplementedError


def train_step(
    x: torch.Tensor,
    target: torch.Tensor,
    params: Tensors,
    exp_avg: Tensors,
    exp_avg_sq: Tensors,
    step: int,
    lr: float,
    positions: torch.Tensor,
    num_heads: int,
) -> tuple[torch.Tensor, Tensors, Tensors, Tensors]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step down from there.

    Adam is that of the exercise `optimizer`, with its default betas and eps.

    Args:
        x: symbols, shape (N, L).
        target: the symbol after each, shape (N, L).
        params: all 15.
        exp_avg: Adam's running averages of the gradients, one for each parameter.
        exp_avg_sq: Adam's running averages of their squares.
        step: the number of this step, from 1.
        lr: the learning rate.
        positions: shape (P, D), with P at least L.
        num_heads: how many heads.

    Returns:
        (loss, params, exp_avg, exp_avg_sq): the loss *before* the step, and three tuples like those that were given.

    >>> norm, off = (torch.ones(2), torch.zeros(2)), torch.zeros(2, 2)
    >>> positions = torch.tensor([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, torch.zeros(2), off, torch.zeros(2)
    >>> params = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> zeros = tuple(torch.zeros_like(param) for param in params)
    >>> x, target = torch.tensor([[0, 1]]), torch.tensor([[2, 2]])
    >>> loss, params, _, _ = train_step(x, target, params, zeros, zeros, 1, 0.25, positions, 1)
    >>> round(float(loss), 4), params[14]
    (1.4076, tensor([-0.2500, -0.2500]))
    """
    raise NotImplementedError


def train(
    text: torch.Tensor, params: Tensors, order: torch.Tensor, lr: float, positions: torch.Tensor, num_heads: int
) -> tuple[torch.Tensor, Tensors]:
    """Train the network on pieces of a text, and return the losses on the way and the parameters at the end.

    Each step takes a batch of pieces of the text, from given places on; the targets are the same pieces, one symbol
    further on. The state of Adam starts at 0 and goes on from step to step, and the learning rate stays as it is.

    Args:
        text: symbols, int64, shape (T,).
        params: the first 15 parameters.
        order: int64, shape (steps, N): where the pieces of each step begin, from 0 to T - L - 1.
        lr: the learning rate.
        positions: shape (L, D): a piece has as many symbols as there are rows.
        num_heads: how many heads.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,), of the parameters' dtype; and the last
        parameters.

    >>> norm, off = (torch.ones(2), torch.zeros(2)), torch.zeros(2, 2)
    >>> positions = torch.tensor([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, torch.zeros(2), off, torch.zeros(2)
    >>> params = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> order = torch.tensor([[0, 2], [1, 0], [2, 1]])
    >>> losses, params = train(torch.tensor([0, 1, 0, 2, 2]), params, order, 0.125, positions, 1)
    >>> losses
    tensor([1.9075, 1.3668, 1.1766])
    """
    raise NotImplementedError


def cross_entropy_on_held_out(text: torch.Tensor, params: Tensors, positions: torch.Tensor, num_heads: int) -> float:
    """Return the mean cross-entropy of a text, in nats a symbol: how much it surprises the network.

    The text is cut into pieces of L symbols that lie side by side, each with the symbols that follow its own as
    targets; what is too short for a piece at the end is left out. Every place counts, also those near the beginning of
    their piece.

    Args:
        text: symbols, int64, shape (T,), with T larger than L.
        params: all 15.
        positions: shape (L, D): a piece has as many symbols as there are rows.
        num_heads: how many heads.

    Returns:
        A Python number, 0 or more.

    >>> norm, off = (torch.ones(2), torch.zeros(2)), torch.zeros(2, 2)
    >>> positions = torch.tensor([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, torch.zeros(2), off, torch.zeros(2)
    >>> params = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> round(cross_entropy_on_held_out(torch.tensor([0, 1, 0, 2, 2, 1]), params, positions, 1), 4)
    1.9075
    """
    raise NotImplementedError


def next_symbol(logits: torch.Tensor, random: float, temperature: float = 1.0, top_k: int | None = None) -> int:
    """Return one symbol, drawn with the softmax of the logits divided by the temperature.

    Only the top_k symbols of largest logits can be drawn; of equal logits, that of the earlier symbol counts as larger.
    Drawn is the first symbol, in the order of their numbers, up to which the probabilities add to more than ``random``.
    With temperature 0 it is the symbol of the largest logit, whatever random says: lower and lower temperatures come to
    that.

    Args:
        logits: shape (V,).
        random: a number from 0 to below 1.
        temperature: 0 or more; below 1 what is likely gets likelier.
        top_k: how many symbols can be drawn, at least 1; None for all.

    Returns:
        The symbol, a Python integer from 0 to V - 1.

    >>> logits = torch.log(torch.tensor([0.25, 0.5, 0.05, 0.2]))
    >>> [next_symbol(logits, random) for random in (0.0, 0.24, 0.26, 0.74, 0.76, 0.81)]
    [0, 0, 1, 1, 2, 3]
    >>> [next_symbol(logits, random, top_k=2) for random in (0.3, 0.35, 0.99)]
    [0, 1, 1]
    >>> [next_symbol(logits, random, temperature) for random, temperature in ((0.9, 0.0), (0.17, 0.5), (0.18, 0.5))]
    [1, 0, 1]
    """
    raise NotImplementedError


def sample(
    params: Tensors,
    start: torch.Tensor,
    random: torch.Tensor,
    positions: torch.Tensor,
    num_heads: int,
    temperature: float = 1.0,
    top_k: int | None = None,
) -> torch.Tensor:
    """Continue a text: draw a symbol from the logits at the last place, append it, and go on from there.

    The network sees the last L symbols only, as many as there are positions, or fewer at first.

    Args:
        params: all 15.
        start: symbols to begin with, at least one, shape (S,).
        random: a number from 0 to below 1 for each symbol to draw, shape (M,).
        positions: shape (L, D).
        num_heads: how many heads.
        temperature: as for ``next_symbol``.
        top_k: as for ``next_symbol``.

    Returns:
        The new symbols, without those of start, integers, shape (M,).

    >>> norm, off = (torch.ones(2), torch.zeros(2)), torch.zeros(2, 2)
    >>> positions = torch.tensor([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, torch.zeros(2), off, torch.zeros(2)
    >>> params = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> sample(params, torch.tensor([0]), torch.tensor([0.1, 0.9, 0.95, 0.3]), positions, 1)
    tensor([0, 2, 2, 0])
    >>> sample(params, torch.tensor([0]), torch.tensor([0.1, 0.9, 0.95, 0.3]), positions, 1, temperature=0.0)
    tensor([0, 0, 0, 0])
    """
    raise NotImplementedError


class Transformer(nn.Module):
    """The same network as a module, which owns its parameters: ``Transformer(positions, symbols, hidden, num_heads)``.

    ``parameters()`` gives them in the order of the tuple, but the weights that make queries, keys and values as one
    tensor, one below the other: (3·D, D). The positions are no parameter; they move and are saved with the module.

    >>> model = Transformer(torch.zeros(16, 8), 32, 20, 2)
    >>> model(torch.zeros(5, 7, dtype=torch.int64)).shape
    torch.Size([5, 7, 32])
    >>> [tuple(param.shape) for param in model.parameters()][:5]
    [(32, 8), (8,), (8,), (24, 8), (8, 8)]
    """

    def __init__(self, positions: torch.Tensor, symbols: int, hidden: int, num_heads: int) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (N, L, V), of symbols, shape (N, L)."""
        raise NotImplementedError


def update(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, target: torch.Tensor) -> float:
    """Take one step of an optimizer on a batch, and return the loss before it, as a Python number.

    The loss is the mean cross-entropy over all places. Whatever gradients an earlier step, or anybody else, has left on
    the parameters has no effect on this one.

    Args:
        model: returns logits, shape (N, L, V); it is changed.
        optimizer: one of PyTorch's, for the parameters of the model; it is changed.
        x: symbols, shape (N, L).
        target: the symbol after each, shape (N, L).

    >>> model = nn.Embedding.from_pretrained(torch.zeros(3, 3), freeze=False)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=4.0)
    >>> x, target = torch.tensor([[0, 1]]), torch.tensor([[1, 2]])
    >>> [round(update(model, optimizer, x, target), 4) for _ in range(2)]
    [1.0986, 0.2395]
    """
    raise NotImplementedError


def evaluate(model: nn.Module, x: torch.Tensor, target: torch.Tensor) -> float:
    """Return the mean cross-entropy of a model as it is used, in nats a symbol, and leave it ready for training.

    Layers that behave otherwise in training (dropout, batch normalization) must behave here as in use; no graph is
    built. Afterwards the model is in training mode.

    Args:
        model: returns logits, shape (N, L, V).
        x: symbols, shape (N, L).
        target: the symbol after each, shape (N, L).

    Returns:
        A Python number, 0 or more.

    >>> model = nn.Sequential(nn.Embedding.from_pretrained(torch.eye(3)), nn.Dropout(0.999))
    >>> round(evaluate(model, torch.tensor([[0, 1]]), torch.tensor([[0, 0]])), 4)
    1.0514
    >>> model.training
    True
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)

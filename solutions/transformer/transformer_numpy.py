"""A small transformer in NumPy learns to continue a text: one block, from symbols to the logits of the next ones.

N pieces of L symbols, out of V; D features, cut into heads; F hidden units. The parameters travel together, as one
tuple of 15 arrays: the table (V, D); the block's twelve, which are norm1_weight, norm1_bias (D,), q_proj_weight,
k_proj_weight, v_proj_weight, o_proj_weight (D, D), norm2_weight, norm2_bias (D,), w1 (F, D), b1 (F,), w2 (D, F),
b2 (D,); and norm_weight, norm_bias (D,). So do their gradients and the two moments of Adam, in this order. What tells
places apart, positions (P, D), is fixed: such a table as `positional_encoding(P, D)` of the exercise `attention`.
Everything here is decided by its arguments: first weights, batches and random numbers are given, and no array is
changed in place.
"""

import numpy as np
from transformer_library_numpy import (
    adam,
    cross_entropy,
    cross_entropy_backward,
    embedding,
    embedding_backward,
    layer_norm,
    layer_norm_backward,
    linear,
    linear_backward,
    multi_head_attention,
    multi_head_attention_backward,
    relu,
    relu_backward,
    softmax,
    tied_logits,
    tied_logits_backward,
)

# stub: keep
Arrays = tuple[np.ndarray, ...]


def _causal_mask(x: np.ndarray, num_heads: int) -> np.ndarray:
    """Return which keys each query of a piece may see, itself and all before it: boolean, (N, H, L, L)."""
    n, length = x.shape[:2]
    return np.broadcast_to(np.tri(length, dtype=bool), (n, num_heads, length, length))


# stub: end


def embed(x: np.ndarray, table: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return what enters the block: √D times each symbol's row of the table, plus the row of its place.

    (The factor is that of Vaswani et al. 2017, section 3.4: the table also makes the logits, and its numbers are small
    beside those of the positions.)

    Args:
        x: symbols, integers from 0 to V - 1, shape (N, L).
        table: a row for each symbol, shape (V, D).
        positions: a row for each place, the first for the first, shape (P, D), with P at least L; not multiplied.

    Returns:
        Shape (N, L, D), of the table's dtype.

    >>> table = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.5]])
    >>> positions = np.array([[0.0, 1.0, 0.0, 1.0], [0.8, 0.5, 0.1, 0.9], [9.0, 9.0, 9.0, 9.0]])
    >>> embed(np.array([[1, 0]]), table, positions)
    array([[[0. , 1. , 6. , 2. ],
            [2.8, 0.5, 0.1, 0.9]]])
    """
    return table.shape[1] ** 0.5 * embedding(x, table) + positions[: x.shape[1]]


def block(x: np.ndarray, params: Arrays, num_heads: int) -> np.ndarray:
    """Add to each place what attention finds at it and before it, then what two linear layers make of the sum.

    Both parts look at a normalized copy, and what they return is added to what came in, which itself is never
    normalized: x + attention(norm1(x)), and with that as x, x + mlp(norm2(x)). The mlp has relu between its layers.

    Args:
        x: shape (N, L, D).
        params: the block's twelve.
        num_heads: how many heads; it divides D.

    Returns:
        Shape (N, L, D), of x's dtype.

    >>> norm, on, off = (np.ones(2), np.zeros(2)), np.eye(2), np.zeros((2, 2))
    >>> x = np.array([[[3.0, 1.0], [0.0, 4.0], [1.0, 0.0]]])  # each place becomes (1, -1) or (-1, 1) in norm1
    >>> block(x, (*norm, off, off, on, on, *norm, off, np.zeros(2), off, np.zeros(2)), 1).round(3) + 0
    array([[[ 4.   ,  0.   ],
            [ 0.   ,  4.   ],
            [ 1.333, -0.333]]])
    """
    _, attended, _, _, hidden = _inside(x, params, num_heads)
    *_, w2, b2 = params
    return attended + linear(hidden, w2, b2)


def block_backward(grad_output: np.ndarray, x: np.ndarray, params: Arrays, num_heads: int) -> tuple[np.ndarray, Arrays]:
    """Return the gradients of ``block`` with respect to x and to its parameters.

    Where something is added to x, the gradient goes both ways: on to x, and through what was added.

    Args:
        grad_output: the gradient with respect to the output, shape (N, L, D).
        x: shape (N, L, D).
        params: the block's twelve.
        num_heads: how many heads.

    Returns:
        (grad_x, grads): shape (N, L, D), and gradients of the shapes and dtypes of the twelve.

    >>> norm, on, off = (np.ones(2), np.zeros(2)), np.eye(2), np.zeros((2, 2))
    >>> params = (*norm, off, off, off, off, *norm, on, np.array([0.0, -3.0]), 2 * on, np.zeros(2))
    >>> grad_x, grads = block_backward(np.array([[[1.0, 5.0]]]), np.array([[[3.0, 1.0]]]), params, 1)
    >>> grad_x.round(3)  # of two features, nothing is left when they are normalized: all goes past
    array([[[1., 5.]]])
    >>> grads[9], grads[11]
    (array([2., 0.]), array([1., 5.]))
    """
    norm1_weight, norm1_bias, *attention, norm2_weight, norm2_bias, w1, b1, w2, b2 = params
    normed1, attended, normed2, pre, hidden = _inside(x, params, num_heads)
    size = x.shape[-1:]

    grad_hidden, grad_w2, grad_b2 = linear_backward(grad_output, hidden, w2, b2)
    grad_normed2, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, pre), normed2, w1, b1)
    grad_in, *grad_norm2 = layer_norm_backward(grad_normed2, attended, size, norm2_weight, norm2_bias)
    grad_attended = grad_output + grad_in  # (N, L, D)

    three = normed1, normed1, normed1
    mask = _causal_mask(x, num_heads)
    from_three = multi_head_attention_backward(grad_attended, *three, num_heads, *attention, mask)
    grad_query, grad_key, grad_value, *grad_attention = from_three
    grad_normed1 = grad_query + grad_key + grad_value
    grad_in, *grad_norm1 = layer_norm_backward(grad_normed1, x, size, norm1_weight, norm1_bias)
    grads = *grad_norm1, *grad_attention, *grad_norm2, grad_w1, grad_b1, grad_w2, grad_b2
    return grad_attended + grad_in, grads


def forward(x: np.ndarray, params: Arrays, positions: np.ndarray, num_heads: int) -> np.ndarray:
    """Return, at every place, a logit for each symbol that might come next.

    Embed the symbols, run the block, normalize once more, and compare with every row of the same table that the symbols
    were looked up in.

    Args:
        x: symbols, integers from 0 to V - 1, shape (N, L).
        params: all 15: the table, the block's twelve, and the last norm's two.
        positions: shape (P, D), with P at least L.
        num_heads: how many heads.

    Returns:
        Logits, shape (N, L, V), of the parameters' dtype.

    >>> norm, off, positions = (np.ones(2), np.zeros(2)), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, np.zeros(2), off, np.zeros(2)
    >>> forward(np.array([[0, 1]]), (np.array([[4.0, 0.0], [0.0, 4.0]]), *block, *norm), positions, 1).round(3)
    array([[[ 4., -4.],
            [-4.,  4.]]])
    """
    table, *block_params, norm_weight, norm_bias = params
    out = block(embed(x, table, positions), tuple(block_params), num_heads)  # (N, L, D)
    return tied_logits(layer_norm(out, out.shape[-1:], norm_weight, norm_bias), table)


def loss_and_grads(
    x: np.ndarray, target: np.ndarray, params: Arrays, positions: np.ndarray, num_heads: int
) -> tuple[np.floating, Arrays]:
    """Return the loss of the network on a batch, and the gradients of its parameters.

    The loss is the mean cross-entropy over all N·L places. The table is used twice, and has the gradients of both uses.

    Args:
        x: symbols, shape (N, L).
        target: the symbol after each, shape (N, L).
        params: all 15.
        positions: shape (P, D), with P at least L; they get no gradient.
        num_heads: how many heads.

    Returns:
        (loss, grads): a scalar of the parameters' dtype, and gradients of the shapes and dtypes of the 15.

    >>> norm, off, positions = (np.ones(2), np.zeros(2)), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, np.zeros(2), off, np.zeros(2)
    >>> params = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> loss, grads = loss_and_grads(np.array([[0, 1]]), np.array([[2, 2]]), params, positions, 1)
    >>> round(float(loss), 4)
    1.4076
    >>> grads[0].round(3) + 0, grads[14].round(3)
    (array([[ 0.288, -0.288],
           [-0.288,  0.288],
           [ 0.   ,  0.   ]]), array([0.378, 0.378]))
    """
    table, *block_params, norm_weight, norm_bias = params
    embedded = embed(x, table, positions)
    out = block(embedded, tuple(block_params), num_heads)  # (N, L, D)
    normed = layer_norm(out, out.shape[-1:], norm_weight, norm_bias)
    logits = tied_logits(normed, table).reshape(-1, len(table))  # (N·L, V)

    grad_logits = cross_entropy_backward(1.0, logits, target.reshape(-1)).reshape(*x.shape, len(table))
    grad_normed, as_output = tied_logits_backward(grad_logits, normed, table)
    grad_out, *grad_norm = layer_norm_backward(grad_normed, out, out.shape[-1:], norm_weight, norm_bias)
    grad_embedded, grad_block = block_backward(grad_out, embedded, tuple(block_params), num_heads)
    as_input = embedding_backward(table.shape[1] ** 0.5 * grad_embedded, x, table)
    return cross_entropy(logits, target.reshape(-1)), (as_output + as_input, *grad_block, *grad_norm)


def train_step(
    x: np.ndarray,
    target: np.ndarray,
    params: Arrays,
    exp_avg: Arrays,
    exp_avg_sq: Arrays,
    step: int,
    lr: float,
    positions: np.ndarray,
    num_heads: int,
) -> tuple[np.floating, Arrays, Arrays, Arrays]:
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

    >>> norm, off, positions = (np.ones(2), np.zeros(2)), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, np.zeros(2), off, np.zeros(2)
    >>> params = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> zeros = tuple(np.zeros_like(param) for param in params)
    >>> x, target = np.array([[0, 1]]), np.array([[2, 2]])
    >>> loss, params, _, _ = train_step(x, target, params, zeros, zeros, 1, 0.25, positions, 1)
    >>> round(float(loss), 4), params[14].round(3)
    (1.4076, array([-0.25, -0.25]))
    """
    loss, grads = loss_and_grads(x, target, params, positions, num_heads)
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, lr) for one in each), strict=True)
    return loss, params, exp_avg, exp_avg_sq


def train(
    text: np.ndarray, params: Arrays, order: np.ndarray, lr: float, positions: np.ndarray, num_heads: int
) -> tuple[np.ndarray, Arrays]:
    """Train the network on pieces of a text, and return the losses on the way and the parameters at the end.

    Each step takes a batch of pieces of the text, from given places on; the targets are the same pieces, one symbol
    further on. The state of Adam starts at 0 and goes on from step to step, and the learning rate stays as it is.

    Args:
        text: symbols, shape (T,).
        params: the first 15 parameters.
        order: integers, shape (steps, N): where the pieces of each step begin, from 0 to T - L - 1.
        lr: the learning rate.
        positions: shape (L, D): a piece has as many symbols as there are rows.
        num_heads: how many heads.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,), of the parameters' dtype; and the last
        parameters.

    >>> norm, off, positions = (np.ones(2), np.zeros(2)), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, np.zeros(2), off, np.zeros(2)
    >>> params = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> order = np.array([[0, 2], [1, 0], [2, 1]])
    >>> losses, params = train(np.array([0, 1, 0, 2, 2]), params, order, 0.125, positions, 1)
    >>> losses.round(4)
    array([1.9075, 1.3668, 1.1766])
    """
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses: list[np.floating] = []
    for step, starts in enumerate(order, 1):  # (N,)
        places = starts[:, None] + np.arange(len(positions))  # (N, L)
        state = params, exp_avg, exp_avg_sq
        batch = text[places], text[places + 1]
        loss, params, exp_avg, exp_avg_sq = train_step(*batch, *state, step, lr, positions, num_heads)
        losses.append(loss)
    return np.array(losses, dtype=params[0].dtype), params


def cross_entropy_on_held_out(text: np.ndarray, params: Arrays, positions: np.ndarray, num_heads: int) -> float:
    """Return the mean cross-entropy of a text, in nats a symbol: how much it surprises the network.

    The text is cut into pieces of L symbols that lie side by side, each with the symbols that follow its own as
    targets; what is too short for a piece at the end is left out. Every place counts, also those near the beginning of
    their piece.

    Args:
        text: symbols, shape (T,), with T larger than L.
        params: all 15.
        positions: shape (L, D): a piece has as many symbols as there are rows.
        num_heads: how many heads.

    Returns:
        A Python number, 0 or more.

    >>> norm, off, positions = (np.ones(2), np.zeros(2)), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, np.zeros(2), off, np.zeros(2)
    >>> params = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> round(cross_entropy_on_held_out(np.array([0, 1, 0, 2, 2, 1]), params, positions, 1), 4)
    1.9075
    """
    length = len(positions)
    count = (len(text) - 1) // length
    x, target = (text[shift : shift + count * length].reshape(count, length) for shift in (0, 1))
    logits = forward(x, params, positions, num_heads)  # (count, L, V)
    return float(cross_entropy(logits.reshape(-1, logits.shape[-1]), target.reshape(-1)))


def next_symbol(logits: np.ndarray, random: float, temperature: float = 1.0, top_k: int | None = None) -> int:
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

    >>> logits = np.log(np.array([0.25, 0.5, 0.05, 0.2]))
    >>> [next_symbol(logits, random) for random in (0.0, 0.24, 0.26, 0.74, 0.76, 0.81)]
    [0, 0, 1, 1, 2, 3]
    >>> [next_symbol(logits, random, top_k=2) for random in (0.3, 0.35, 0.99)]
    [0, 1, 1]
    >>> [next_symbol(logits, random, temperature) for random, temperature in ((0.9, 0.0), (0.17, 0.5), (0.18, 0.5))]
    [1, 0, 1]
    """
    if temperature == 0:
        return int(logits.argmax())
    kept = np.sort(np.argsort(-logits, kind="stable")[:top_k])  # (K,)
    reached = np.cumsum(softmax(logits[kept] / temperature))  # (K,)
    place = np.searchsorted(reached, random, side="right")
    return int(kept[min(place, len(kept) - 1)])  # the sum of all may be a little less than 1


def sample(
    params: Arrays,
    start: np.ndarray,
    random: np.ndarray,
    positions: np.ndarray,
    num_heads: int,
    temperature: float = 1.0,
    top_k: int | None = None,
) -> np.ndarray:
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

    >>> norm, off, positions = (np.ones(2), np.zeros(2)), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.8, 0.5]])
    >>> block = *norm, off, off, off, off, *norm, off, np.zeros(2), off, np.zeros(2)
    >>> params = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), *block, *norm
    >>> sample(params, np.array([0]), np.array([0.1, 0.9, 0.95, 0.3]), positions, 1)
    array([0, 2, 2, 0])
    >>> sample(params, np.array([0]), np.array([0.1, 0.9, 0.95, 0.3]), positions, 1, temperature=0.0)
    array([0, 0, 0, 0])
    """
    symbols = list(start)
    for number in random:
        seen = np.array([symbols[-len(positions) :]])  # (1, up to L)
        logits = forward(seen, params, positions, num_heads)[0, -1]  # (V,)
        symbols.append(next_symbol(logits, float(number), temperature, top_k))
    return np.array(symbols[len(start) :], dtype=start.dtype)


def _inside(x: np.ndarray, params: Arrays, num_heads: int) -> Arrays:
    """Return what the block computes on the way: normed1, attended, normed2, pre and hidden."""
    norm1_weight, norm1_bias, *attention, norm2_weight, norm2_bias, w1, b1, _, _ = params
    normed1 = layer_norm(x, x.shape[-1:], norm1_weight, norm1_bias)  # (N, L, D)
    mask = _causal_mask(x, num_heads)
    attended = x + multi_head_attention(normed1, normed1, normed1, num_heads, *attention, mask)
    normed2 = layer_norm(attended, x.shape[-1:], norm2_weight, norm2_bias)
    pre = linear(normed2, w1, b1)  # (N, L, F)
    return normed1, attended, normed2, pre, relu(pre)

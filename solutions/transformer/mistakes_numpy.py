"""Known wrong answers to the exercise in NumPy; each docstring is the advice that its author gets."""

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


def causal(x, heads):
    n, length = x.shape[:2]
    return np.broadcast_to(np.tri(length, dtype=bool), (n, heads, length, length))


def everything(x, heads):
    n, length = x.shape[:2]
    return np.ones((n, heads, length, length), dtype=bool)


def strictly_before(x, heads):
    n, length = x.shape[:2]
    return np.broadcast_to(np.tri(length, k=-1, dtype=bool), (n, heads, length, length))


def embedded(x, table, positions):
    return table.shape[1] ** 0.5 * embedding(x, table) + positions[: x.shape[1]]


def norms(params):
    n1w, n1b, q, k, v, o, n2w, n2b, w1, b1, w2, b2 = params
    return (n1w, n1b), (q, k, v, o), (n2w, n2b), (w1, b1), (w2, b2)


def ln(x, weight_and_bias):
    return layer_norm(x, x.shape[-1:], *weight_and_bias)


def blocked(x, params, heads, mask=causal, bend=relu):
    first, attention, second, into, out = norms(params)
    normed = ln(x, first)
    x = x + multi_head_attention(normed, normed, normed, heads, *attention, mask(x, heads))
    return x + linear(bend(linear(ln(x, second), *into)), *out)


def block__no_mask(x, params, num_heads):
    """Every place sees those behind it, also the symbol that it is to foretell. Pass a causal mask."""
    return blocked(x, params, num_heads, everything)


def block__mask_without_itself(x, params, num_heads):
    """A place must see itself too: the mask keeps the diagonal (the first place would see nothing at all)."""
    return blocked(x, params, num_heads, strictly_before)


def block__norm_on_the_way(x, params, num_heads):
    """You add to the normalized x. What is added to is x as it came in: x + f(norm(x)), not norm(x) + f(norm(x))."""
    first, attention, second, into, out = norms(params)
    x = ln(x, first)
    x = x + multi_head_attention(x, x, x, num_heads, *attention, causal(x, num_heads))
    x = ln(x, second)
    return x + linear(relu(linear(x, *into)), *out)


def block__norm_afterwards(x, params, num_heads):
    """You normalize the sums ("post-norm", as in the first transformer). Here each part looks at a normalized copy."""
    first, attention, second, into, out = norms(params)
    x = ln(x + multi_head_attention(x, x, x, num_heads, *attention, causal(x, num_heads)), first)
    return ln(x + linear(relu(linear(x, *into)), *out), second)


def block__no_residual(x, params, num_heads):
    """Nothing is added to what came in. Each part's result is added to x."""
    first, attention, second, into, out = norms(params)
    normed = ln(x, first)
    x = multi_head_attention(normed, normed, normed, num_heads, *attention, causal(x, num_heads))
    return linear(relu(linear(ln(x, second), *into)), *out)


def block__parallel(x, params, num_heads):
    """Both parts look at the x that came in. The second one looks at the sum that the first has left."""
    first, attention, second, into, out = norms(params)
    normed = ln(x, first)
    attended = multi_head_attention(normed, normed, normed, num_heads, *attention, causal(x, num_heads))
    return x + attended + linear(relu(linear(ln(x, second), *into)), *out)


def block__no_norm(x, params, num_heads):
    """The norms are missing: attention and the linear layers look at a normalized copy of x."""
    _, attention, _, into, out = norms(params)
    x = x + multi_head_attention(x, x, x, num_heads, *attention, causal(x, num_heads))
    return x + linear(relu(linear(x, *into)), *out)


def block__one_norm(x, params, num_heads):
    """The first norm's weight and bias stand in both places. The second has weights of its own."""
    first, attention, _, into, out = norms(params)
    return blocked(x, (*first, *attention, *first, *into, *out), num_heads)


def block__one_head(x, params, num_heads):
    """You attend with one head over all features. Pass num_heads on."""
    return blocked(x, params, 1)


def block__no_relu(x, params, num_heads):
    """relu is missing between the two linear layers, which then are one."""
    return blocked(x, params, num_heads, bend=lambda pre: pre)


def block__normalized_query_only(x, params, num_heads):
    """Only the query is normalized. Query, key and value all come from the normalized copy."""
    first, attention, second, into, out = norms(params)
    x = x + multi_head_attention(ln(x, first), x, x, num_heads, *attention, causal(x, num_heads))
    return x + linear(relu(linear(ln(x, second), *into)), *out)


def embed__not_scaled(x, table, positions):
    """The rows of the table are not multiplied by √D: they would be lost beside the positions."""
    return embedding(x, table) + positions[: x.shape[1]]


def embed__all_scaled(x, table, positions):
    """You multiply the sum by √D. Only the table's rows are multiplied, the positions are not."""
    return table.shape[1] ** 0.5 * (embedding(x, table) + positions[: x.shape[1]])


def embed__divided(x, table, positions):
    """You divide by √D, as attention does with its scores. Here the table's rows are multiplied by it."""
    return embedding(x, table) / table.shape[1] ** 0.5 + positions[: x.shape[1]]


def embed__by_symbols(x, table, positions):
    """You scale by the root of the number of symbols. D is the width of the table, table.shape[1]."""
    return len(table) ** 0.5 * embedding(x, table) + positions[: x.shape[1]]


def embed__no_positions(x, table, positions):
    """The positions are missing: without them the order of the symbols before a place makes no difference."""
    return table.shape[1] ** 0.5 * embedding(x, table)


def embed__last_positions(x, table, positions):
    """You take the last rows of the positions. The first row belongs to the first place."""
    return table.shape[1] ** 0.5 * embedding(x, table) + positions[len(positions) - x.shape[1] :]


def embed__first_position(x, table, positions):
    """Every place gets the first row of the positions. Each place has a row of its own: positions[:L]."""
    return table.shape[1] ** 0.5 * embedding(x, table) + positions[0]


def inside(x, params, heads, mask=causal):
    first, attention, second, into, _ = norms(params)
    normed1 = ln(x, first)
    attended = x + multi_head_attention(normed1, normed1, normed1, heads, *attention, mask(x, heads))
    normed2 = ln(attended, second)
    pre = linear(normed2, *into)
    return normed1, attended, normed2, pre, relu(pre)


def back(grad_output, x, params, heads, *, past=(1, 1), through=relu_backward, at=None, three=(1, 1, 1), mask=causal):
    """Go back; ``past`` says what goes past the parts, ``three`` which of the attention's inputs count."""
    first, attention, second, into, out = norms(params)
    normed1, attended, normed2, pre, hidden = inside(x, params, heads)
    grad_hidden, *grad_out = linear_backward(grad_output, hidden, *out)
    grad_normed2, *grad_into = linear_backward(through(grad_hidden, pre), normed2, *into)
    grad_in, *grad_second = layer_norm_backward(grad_normed2, x if at else attended, x.shape[-1:], *second)
    grad_attended = past[0] * grad_output + grad_in
    found = multi_head_attention_backward(grad_attended, normed1, normed1, normed1, heads, *attention, mask(x, heads))
    grad_normed1 = sum(part * grad for part, grad in zip(three, found[:3], strict=True))
    grad_in, *grad_first = layer_norm_backward(grad_normed1, x, x.shape[-1:], *first)
    return past[1] * grad_attended + grad_in, (*grad_first, *found[3:7], *grad_second, *grad_into, *grad_out)


def block_backward__nothing_goes_past(grad_output, x, params, num_heads):
    """The gradient must also go past each part: where something is added to x, it reaches x unchanged as well."""
    return back(grad_output, x, params, num_heads, past=(0, 0))


def block_backward__past_the_first_only(grad_output, x, params, num_heads):
    """Past the two linear layers the gradient goes on as well: add grad_output to what comes back through them."""
    return back(grad_output, x, params, num_heads, past=(0, 1))


def block_backward__past_the_second_only(grad_output, x, params, num_heads):
    """Past the attention the gradient goes on as well: grad_x is the sum of what goes past it and through it."""
    return back(grad_output, x, params, num_heads, past=(1, 0))


def block_backward__query_only(grad_output, x, params, num_heads):
    """Query, key and value are the same array, used three times: its gradient is the sum of all three."""
    return back(grad_output, x, params, num_heads, three=(1, 0, 0))


def block_backward__value_only(grad_output, x, params, num_heads):
    """You keep the value's gradient alone. Query, key and value are the same array: add all three."""
    return back(grad_output, x, params, num_heads, three=(0, 0, 1))


def block_backward__past_relu(grad_output, x, params, num_heads):
    """relu's backward is missing between the two linear layers."""
    return back(grad_output, x, params, num_heads, through=lambda grad, pre: grad)


def block_backward__second_norm_at_x(grad_output, x, params, num_heads):
    """The second norm looked at the sum that the attention left, not at x: go back through it there."""
    return back(grad_output, x, params, num_heads, at="x")


def block_backward__no_mask(grad_output, x, params, num_heads):
    """The way back through the attention needs the causal mask of the way there."""
    return back(grad_output, x, params, num_heads, mask=everything)


def logits_of(x, params, positions, heads, *, enter=embedded, leave=ln, mask=causal):
    table, *block, norm_weight, norm_bias = params
    out = blocked(enter(x, table, positions), tuple(block), heads, mask)
    return tied_logits(leave(out, (norm_weight, norm_bias)), table)


def forward__no_last_norm(x, params, positions, num_heads):
    """The last norm is missing: what leaves the block is normalized before it is compared with the table."""
    return logits_of(x, params, positions, num_heads, leave=lambda out, norm: out)


def forward__probabilities(x, params, positions, num_heads):
    """You return probabilities. Return logits; softmax belongs to the loss, and to sampling."""
    return softmax(logits_of(x, params, positions, num_heads))


def forward__no_mask(x, params, positions, num_heads):
    """Every place sees those behind it, also the symbol that it is to foretell. The block needs a causal mask."""
    return logits_of(x, params, positions, num_heads, mask=everything)


def forward__no_positions(x, params, positions, num_heads):
    """The positions are missing: without them the order of the symbols before a place makes no difference."""
    return logits_of(x, params, positions, num_heads, enter=embed__no_positions)


def forward__not_scaled(x, params, positions, num_heads):
    """The rows of the table are not multiplied by √D when they enter; embed does it."""
    return logits_of(x, params, positions, num_heads, enter=embed__not_scaled)


def forward__last_place(x, params, positions, num_heads):
    """You return the last place's logits alone. In training every place foretells its next symbol: (N, L, V)."""
    return logits_of(x, params, positions, num_heads)[:, -1]


def gradients(x, target, params, positions, heads, *, uses=(1, 1), scale=1.0, entered=None, through=back, loss=None):
    """Loss and gradients; ``uses`` says which of the table's two uses count."""
    table, *block, norm_weight, norm_bias = params
    block = tuple(block)
    enter = embedded(x, table, positions)
    out = blocked(enter, block, heads)
    normed = ln(out, (norm_weight, norm_bias))
    logits = tied_logits(normed, table).reshape(-1, len(table))
    right = (target if loss is None else loss(target)).reshape(-1)
    grad_logits = scale * cross_entropy_backward(1.0, logits, right).reshape(*x.shape, len(table))
    grad_normed, as_output = tied_logits_backward(grad_logits, normed, table)
    grad_out, *grad_norm = layer_norm_backward(grad_normed, out, out.shape[-1:], norm_weight, norm_bias)
    grad_enter, grad_block = through(grad_out, enter, block, heads)
    factor = table.shape[1] ** 0.5 if entered is None else entered
    as_input = embedding_backward(factor * grad_enter, x, table)
    grad_table = uses[0] * as_output + uses[1] * as_input
    return scale * cross_entropy(logits, right), (grad_table, *grad_block, *grad_norm)


def loss_and_grads__table_as_output_only(x, target, params, positions, num_heads):
    """The table is used twice. Its gradient is the sum: as the last layer, and as what was looked up."""
    return gradients(x, target, params, positions, num_heads, uses=(1, 0))


def loss_and_grads__table_as_input_only(x, target, params, positions, num_heads):
    """The table is used twice. Its gradient is the sum: as what was looked up, and as the last layer."""
    return gradients(x, target, params, positions, num_heads, uses=(0, 1))


def loss_and_grads__root_forgotten(x, target, params, positions, num_heads):
    """On the way back the factor √D of the looked-up rows is missing."""
    return gradients(x, target, params, positions, num_heads, entered=1.0)


def loss_and_grads__summed(x, target, params, positions, num_heads):
    """You sum the cross-entropy over all places. It is the mean over all N·L of them."""
    return gradients(x, target, params, positions, num_heads, scale=float(x.size))


def loss_and_grads__mean_over_pieces(x, target, params, positions, num_heads):
    """You divide by the number of pieces alone. The mean is over all N·L places."""
    return gradients(x, target, params, positions, num_heads, scale=float(x.shape[1]))


def loss_and_grads__shifted_again(x, target, params, positions, num_heads):
    """target is the next symbol already. You shift it once more."""
    return gradients(x, target, params, positions, num_heads, loss=lambda one: np.roll(one, -1, axis=1))


def loss_and_grads__nothing_goes_past(x, target, params, positions, num_heads):
    """The gradient must also go past each part of the block, where something is added to what came in."""
    return gradients(x, target, params, positions, num_heads, through=block_backward__nothing_goes_past)


def stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, heads, *, sign=1.0, grads_of=gradients):
    loss, grads = grads_of(x, target, params, positions, heads)
    each = zip(params, (sign * one for one in grads), exp_avg, exp_avg_sq, strict=True)
    params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, lr) for one in each), strict=True)
    return loss, params, exp_avg, exp_avg_sq


def train_step__ascent(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """You go up: the gradients have the wrong sign."""
    return stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads, sign=-1.0)


def train_step__step_stays_1(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """Adam is told that this is its first step, always. Pass the number of the step on."""
    return stepped(x, target, params, exp_avg, exp_avg_sq, 1, lr, positions, num_heads)


def train_step__step_one_late(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """step is the number of this update already, from 1; you add 1."""
    return stepped(x, target, params, exp_avg, exp_avg_sq, step + 1, lr, positions, num_heads)


def train_step__loss_afterwards(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """You return the loss after the step. Asked for is the loss that the gradients were taken of, before it."""
    _, params, *state = stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads)
    return gradients(x, target, params, positions, num_heads)[0], params, *state


def train_step__averages_forgotten(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """You return the averages as they came. The next step needs the new ones."""
    loss, params, *_ = stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads)
    return loss, params, exp_avg, exp_avg_sq


def train_step__no_momentum(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """Adam starts anew in every step: its averages come in as arguments, and are used."""
    zeros = tuple(np.zeros_like(one) for one in params)
    return stepped(x, target, params, zeros, zeros, step, lr, positions, num_heads)


def trained(text, params, order, lr, positions, heads, *, shift=1, number=lambda step: step, keep=True, row=None):
    exp_avg = exp_avg_sq = zeros = tuple(np.zeros_like(one) for one in params)
    losses = []
    for step, starts in enumerate(order, 1):
        places = (starts if row is None else order[row])[:, None] + np.arange(len(positions))
        state = (params, exp_avg, exp_avg_sq) if keep else (params, zeros, zeros)
        batch = text[places], text[places + shift]
        loss, params, exp_avg, exp_avg_sq = stepped(*batch, *state, number(step), lr, positions, heads)
        losses.append(loss)
    return np.array(losses, dtype=params[0].dtype), params


def train__targets_not_shifted(text, params, order, lr, positions, num_heads):
    """The targets are the symbols themselves: the network learns to repeat. Take them one symbol further on."""
    return trained(text, params, order, lr, positions, num_heads, shift=0)


def train__state_forgotten(text, params, order, lr, positions, num_heads):
    """Adam's averages start at 0 in every step. Carry them from step to step."""
    return trained(text, params, order, lr, positions, num_heads, keep=False)


def train__steps_from_0(text, params, order, lr, positions, num_heads):
    """Steps are counted from 0, where Adam's correction divides by 0. The first step is 1."""
    with np.errstate(all="ignore"):
        return trained(text, params, order, lr, positions, num_heads, number=lambda step: step - 1)


def train__step_stays_1(text, params, order, lr, positions, num_heads):
    """Every step is Adam's first. Count them."""
    return trained(text, params, order, lr, positions, num_heads, number=lambda step: 1)


def train__first_batch_again(text, params, order, lr, positions, num_heads):
    """Every step takes the first batch. Step s takes the pieces that begin at order[s]."""
    return trained(text, params, order, lr, positions, num_heads, row=0)


def train__first_params(text, params, order, lr, positions, num_heads):
    """You return the parameters that you were given. Return the last ones."""
    return trained(text, params, order, lr, positions, num_heads)[0], params


def pieces(text, positions):
    length = len(positions)
    count = (len(text) - 1) // length
    return (text[shift : shift + count * length].reshape(count, length) for shift in (0, 1))


def surprise(x, target, params, positions, heads, **how):
    logits = logits_of(x, params, positions, heads, **how)
    return float(cross_entropy(logits.reshape(-1, logits.shape[-1]), target.reshape(-1)))


def cross_entropy_on_held_out__not_shifted(text, params, positions, num_heads):
    """You compare with the symbols themselves. The targets are one symbol further on."""
    x, _ = pieces(text, positions)
    return surprise(x, x, params, positions, num_heads)


def cross_entropy_on_held_out__last_places(text, params, positions, num_heads):
    """You look at the last place of each piece only. Every place counts."""
    x, target = pieces(text, positions)
    logits = logits_of(x, params, positions, num_heads)[:, -1]
    return float(cross_entropy(logits, target[:, -1]))


def cross_entropy_on_held_out__in_bits(text, params, positions, num_heads):
    """You return bits: divided by ln 2. Asked for are nats, as cross_entropy gives them."""
    x, target = pieces(text, positions)
    return surprise(x, target, params, positions, num_heads) / float(np.log(2))


def cross_entropy_on_held_out__perplexity(text, params, positions, num_heads):
    """You return the perplexity, the exponential of what is asked for."""
    x, target = pieces(text, positions)
    return float(np.exp(surprise(x, target, params, positions, num_heads)))


def cross_entropy_on_held_out__no_mask(text, params, positions, num_heads):
    """Every place sees the symbol that it is to foretell: the block needs a causal mask."""
    x, target = pieces(text, positions)
    return surprise(x, target, params, positions, num_heads, mask=everything)


def cross_entropy_on_held_out__overlapping(text, params, positions, num_heads):
    """Your pieces overlap: one begins at every place. They lie side by side."""
    length = len(positions)
    places = np.arange(len(text) - length)[:, None] + np.arange(length)
    return surprise(text[places], text[places + 1], params, positions, num_heads)


def drawn(logits, random, temperature=1.0, top_k=None, *, kept=None, cool=None, side="right"):
    if temperature == 0:
        return int(logits.argmax())
    if kept is None:
        kept = np.sort(np.argsort(-logits, kind="stable")[:top_k])
    reached = np.cumsum(softmax(logits[kept] / temperature if cool is None else cool(logits[kept], temperature)))
    return int(kept[min(np.searchsorted(reached, random, side=side), len(kept) - 1)])


def next_symbol__multiplied(logits, random, temperature=1.0, top_k=None):
    """You multiply by the temperature. Divide: what is below 1 makes likely symbols likelier."""
    return drawn(logits, random, temperature, top_k, cool=lambda kept, heat: kept * heat)


def next_symbol__no_temperature(logits, random, temperature=1.0, top_k=None):
    """The temperature is not used. Divide the logits by it before softmax."""
    return drawn(logits, random, temperature, top_k, cool=lambda kept, heat: kept)


def next_symbol__likeliest(logits, random, temperature=1.0, top_k=None):
    """You always take the likeliest symbol. It is drawn, by random; only temperature 0 takes the likeliest."""
    return int(logits.argmax())


def next_symbol__last_of_equals(logits, random, temperature=1.0, top_k=None):
    """Of equal logits at temperature 0 you take the last. The earlier symbol counts as larger, as argmax has it."""
    if temperature == 0:
        return int(len(logits) - 1 - logits[::-1].argmax())
    return drawn(logits, random, temperature, top_k)


def next_symbol__no_top_k(logits, random, temperature=1.0, top_k=None):
    """top_k is not used: only the top_k symbols of largest logits can be drawn."""
    return drawn(logits, random, temperature)


def next_symbol__smallest_k(logits, random, temperature=1.0, top_k=None):
    """You keep the smallest logits: argsort goes up. Take the largest."""
    return drawn(logits, random, temperature, kept=np.sort(np.argsort(logits, kind="stable")[:top_k]))


def next_symbol__not_renormalized(logits, random, temperature=1.0, top_k=None):
    """The probabilities of those that are kept no longer sum up to 1. Keep first, and take the softmax afterwards."""
    if temperature == 0:
        return int(logits.argmax())
    probs = softmax(logits / temperature)
    kept = np.sort(np.argsort(-logits, kind="stable")[:top_k])
    return int(kept[min(np.searchsorted(np.cumsum(probs[kept]), random, side="right"), len(kept) - 1)])


def next_symbol__in_order_of_size(logits, random, temperature=1.0, top_k=None):
    """You add the probabilities up from the largest down. Go in the order of the symbols' numbers."""
    return drawn(logits, random, temperature, kept=np.argsort(-logits, kind="stable")[:top_k])


def next_symbol__place_among_kept(logits, random, temperature=1.0, top_k=None):
    """You return the place among the symbols that are kept. Return the symbol's own number."""
    if temperature == 0:
        return int(logits.argmax())
    kept = np.sort(np.argsort(-logits, kind="stable")[:top_k])
    reached = np.cumsum(softmax(logits[kept] / temperature))
    return int(min(np.searchsorted(reached, random, side="right"), len(kept) - 1))


def continued(params, start, random, positions, heads, temperature=1.0, top_k=None, *, cut=None, grow=True, place=-1):
    symbols = list(start)
    for number in random:
        seen = symbols[-len(positions) :] if cut is None else cut(symbols, len(positions))
        logits = logits_of(np.array([seen]), params, positions, heads)[0, place]
        symbols.append(drawn(logits, float(number), temperature, top_k))
        if not grow:
            symbols = [*start, *symbols[len(start) :]]
    return np.array(symbols[len(start) :], dtype=start.dtype)


def sample__first_symbols(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """The network goes on seeing the first L symbols. It sees the last L, with those that were drawn."""
    return continued(
        params, start, random, positions, num_heads, temperature, top_k, cut=lambda symbols, length: symbols[:length]
    )


def sample__start_only(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """What was drawn is never shown to the network. Append it, and go on from there."""
    seen = list(start)[-len(positions) :]
    return continued(params, start, random, positions, num_heads, temperature, top_k, cut=lambda *_: seen)


def sample__last_symbol_only(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """The network sees the last symbol alone. It sees as many as there are positions."""
    return continued(
        params, start, random, positions, num_heads, temperature, top_k, cut=lambda symbols, length: symbols[-1:]
    )


def sample__first_place(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """You draw from the logits at the first place. Those at the last place foretell the next symbol."""
    return continued(params, start, random, positions, num_heads, temperature, top_k, place=0)


def sample__with_start(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """You return the start too. Return the new symbols alone."""
    new = continued(params, start, random, positions, num_heads, temperature, top_k)
    return np.concatenate([start, new])


def sample__no_temperature(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """The temperature is not passed on to next_symbol."""
    return continued(params, start, random, positions, num_heads, 1.0, top_k)


def sample__no_top_k(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """top_k is not passed on to next_symbol."""
    return continued(params, start, random, positions, num_heads, temperature)


def sample__one_number_for_all(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """All symbols are drawn with the first random number. Each has one of its own."""
    return continued(params, start, np.full_like(random, random[0]), positions, num_heads, temperature, top_k)

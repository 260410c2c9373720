"""Known wrong answers to the exercise in PyTorch; each docstring is the advice that its author gets."""

import math

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
    tied_logits,
)


def lower(x, heads, diagonal=0):
    n, length = x.shape[:2]
    return torch.ones(length, length, dtype=torch.bool, device=x.device).tril(diagonal).expand(n, heads, -1, -1)


def everything(x, heads):
    n, length = x.shape[:2]
    return torch.ones(n, heads, length, length, dtype=torch.bool, device=x.device)


def embedded(x, table, positions):
    return table.shape[1] ** 0.5 * embedding(x, table) + positions[: x.shape[1]]


def ln(x, weight_and_bias):
    return layer_norm(x, x.shape[-1:], *weight_and_bias)


def norms(params):
    n1w, n1b, q, k, v, o, n2w, n2b, w1, b1, w2, b2 = params
    return (n1w, n1b), (q, k, v, o), (n2w, n2b), (w1, b1), (w2, b2)


def blocked(x, params, heads, mask=lower, bend=relu):
    first, attention, second, into, out = norms(params)
    normed = ln(x, first)
    x = x + multi_head_attention(normed, normed, normed, heads, *attention, mask(x, heads))
    return x + linear(bend(linear(ln(x, second), *into)), *out)


def block__no_mask(x, params, num_heads):
    """Every place sees those behind it, also the symbol that it is to foretell. Pass a causal mask."""
    return blocked(x, params, num_heads, everything)


def block__mask_without_itself(x, params, num_heads):
    """A place must see itself too: the mask keeps the diagonal (the first place would see nothing at all)."""
    return blocked(x, params, num_heads, lambda x, heads: lower(x, heads, -1))


def block__norm_on_the_way(x, params, num_heads):
    """You add to the normalized x. What is added to is x as it came in: x + f(norm(x)), not norm(x) + f(norm(x))."""
    first, attention, second, into, out = norms(params)
    x = ln(x, first)
    x = x + multi_head_attention(x, x, x, num_heads, *attention, lower(x, num_heads))
    x = ln(x, second)
    return x + linear(relu(linear(x, *into)), *out)


def block__norm_afterwards(x, params, num_heads):
    """You normalize the sums ("post-norm", as in the first transformer). Here each part looks at a normalized copy."""
    first, attention, second, into, out = norms(params)
    x = ln(x + multi_head_attention(x, x, x, num_heads, *attention, lower(x, num_heads)), first)
    return ln(x + linear(relu(linear(x, *into)), *out), second)


def block__parallel(x, params, num_heads):
    """Both parts look at the x that came in. The second one looks at the sum that the first has left."""
    first, attention, second, into, out = norms(params)
    normed = ln(x, first)
    attended = multi_head_attention(normed, normed, normed, num_heads, *attention, lower(x, num_heads))
    return x + attended + linear(relu(linear(ln(x, second), *into)), *out)


def block__one_head(x, params, num_heads):
    """You attend with one head over all features. Pass num_heads on."""
    return blocked(x, params, 1)


def block__no_relu(x, params, num_heads):
    """relu is missing between the two linear layers, which then are one."""
    return blocked(x, params, num_heads, bend=lambda pre: pre)


def embed__not_scaled(x, table, positions):
    """The rows of the table are not multiplied by √D: they would be lost beside the positions."""
    return embedding(x, table) + positions[: x.shape[1]]


def embed__all_scaled(x, table, positions):
    """You multiply the sum by √D. Only the table's rows are multiplied, the positions are not."""
    return table.shape[1] ** 0.5 * (embedding(x, table) + positions[: x.shape[1]])


def embed__no_positions(x, table, positions):
    """The positions are missing: without them the order of the symbols before a place makes no difference."""
    return table.shape[1] ** 0.5 * embedding(x, table)


def embed__last_positions(x, table, positions):
    """You take the last rows of the positions. The first row belongs to the first place."""
    return table.shape[1] ** 0.5 * embedding(x, table) + positions[len(positions) - x.shape[1] :]


def logits_of(x, params, positions, heads, *, enter=embedded, leave=ln, mask=lower):
    table, *block, norm_weight, norm_bias = params
    out = blocked(enter(x, table, positions), tuple(block), heads, mask)
    return tied_logits(leave(out, (norm_weight, norm_bias)), table)


def forward__no_last_norm(x, params, positions, num_heads):
    """The last norm is missing: what leaves the block is normalized before it is compared with the table."""
    return logits_of(x, params, positions, num_heads, leave=lambda out, norm: out)


def forward__probabilities(x, params, positions, num_heads):
    """You return probabilities. Return logits; softmax belongs to the loss, and to sampling."""
    return logits_of(x, params, positions, num_heads).softmax(dim=-1)


def forward__no_mask(x, params, positions, num_heads):
    """Every place sees those behind it, also the symbol that it is to foretell. The block needs a causal mask."""
    return logits_of(x, params, positions, num_heads, mask=everything)


def forward__no_positions(x, params, positions, num_heads):
    """The positions are missing: without them the order of the symbols before a place makes no difference."""
    return logits_of(x, params, positions, num_heads, enter=embed__no_positions)


def forward__copied_table(x, params, positions, num_heads):
    """The output layer compares with a copy of the table: the gradient of that use is lost. Use the same tensor."""
    table, *others = params
    frozen = table.detach()
    *block, norm_weight, norm_bias = others
    out = blocked(embedded(x, table, positions), tuple(block), num_heads)
    return tied_logits(ln(out, (norm_weight, norm_bias)), frozen)


def gradients(x, target, params, positions, heads, *, scale=1.0, net=logits_of, right=lambda target: target):
    leaves = [param.detach().requires_grad_() for param in params]
    with torch.enable_grad():
        logits = net(x, leaves, positions, heads)
        loss = scale * cross_entropy(logits.flatten(0, 1), right(target).flatten())
    return loss.detach(), torch.autograd.grad(loss, leaves)


def loss_and_grads__summed(x, target, params, positions, num_heads):
    """You sum the cross-entropy over all places. It is the mean over all N·L of them."""
    return gradients(x, target, params, positions, num_heads, scale=x.numel())


def loss_and_grads__mean_over_pieces(x, target, params, positions, num_heads):
    """You divide by the number of pieces alone. The mean is over all N·L places."""
    return gradients(x, target, params, positions, num_heads, scale=x.shape[1])


def loss_and_grads__shifted_again(x, target, params, positions, num_heads):
    """target is the next symbol already. You shift it once more."""
    return gradients(x, target, params, positions, num_heads, right=lambda one: one.roll(-1, dims=1))


def loss_and_grads__copied_table(x, target, params, positions, num_heads):
    """The table is used twice. Its gradient is the sum of both uses; the copy at the output has lost one."""
    return gradients(x, target, params, positions, num_heads, net=forward__copied_table)


def loss_and_grads__softmax_before(x, target, params, positions, num_heads):
    """You take the softmax before cross_entropy, which takes it itself. Give it the logits."""
    return gradients(x, target, params, positions, num_heads, net=forward__probabilities)


def stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, heads, *, sign=1.0):
    loss, grads = gradients(x, target, params, positions, heads)
    with torch.no_grad():
        each = zip(params, (sign * one for one in grads), exp_avg, exp_avg_sq, strict=True)
        params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, lr) for one in each), strict=True)
    return loss, params, exp_avg, exp_avg_sq


def train_step__ascent(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """You go up: the gradients have the wrong sign."""
    return stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads, sign=-1.0)


def train_step__step_stays_1(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """Adam is told that this is its first step, always. Pass the number of the step on."""
    return stepped(x, target, params, exp_avg, exp_avg_sq, 1, lr, positions, num_heads)


def train_step__loss_afterwards(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """You return the loss after the step. Asked for is the loss that the gradients were taken of, before it."""
    _, params, *state = stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads)
    return gradients(x, target, params, positions, num_heads)[0], params, *state


def train_step__averages_forgotten(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads):
    """You return the averages as they came. The next step needs the new ones."""
    loss, params, *_ = stepped(x, target, params, exp_avg, exp_avg_sq, step, lr, positions, num_heads)
    return loss, params, exp_avg, exp_avg_sq


def trained(text, params, order, lr, positions, heads, *, shift=1, number=lambda step: step, keep=True, row=None):
    exp_avg = exp_avg_sq = zeros = tuple(torch.zeros_like(one) for one in params)
    losses = []
    for step, starts in enumerate(order, 1):
        places = (starts if row is None else order[row])[:, None] + torch.arange(len(positions))
        state = (params, exp_avg, exp_avg_sq) if keep else (params, zeros, zeros)
        batch = text[places], text[places + shift]
        loss, params, exp_avg, exp_avg_sq = stepped(*batch, *state, number(step), lr, positions, heads)
        losses.append(loss)
    return torch.stack(losses), params


def train__targets_not_shifted(text, params, order, lr, positions, num_heads):
    """The targets are the symbols themselves: the network learns to repeat. Take them one symbol further on."""
    return trained(text, params, order, lr, positions, num_heads, shift=0)


def train__state_forgotten(text, params, order, lr, positions, num_heads):
    """Adam's averages start at 0 in every step. Carry them from step to step."""
    return trained(text, params, order, lr, positions, num_heads, keep=False)


def train__step_stays_1(text, params, order, lr, positions, num_heads):
    """Every step is Adam's first. Count them."""
    return trained(text, params, order, lr, positions, num_heads, number=lambda step: 1)


def train__first_batch_again(text, params, order, lr, positions, num_heads):
    """Every step takes the first batch. Step s takes the pieces that begin at order[s]."""
    return trained(text, params, order, lr, positions, num_heads, row=0)


def pieces(text, positions):
    length = len(positions)
    count = (len(text) - 1) // length
    return (text[shift : shift + count * length].reshape(count, length) for shift in (0, 1))


def surprise(x, target, params, positions, heads, **how):
    return cross_entropy(logits_of(x, params, positions, heads, **how).flatten(0, 1), target.flatten()).item()


def cross_entropy_on_held_out__not_shifted(text, params, positions, num_heads):
    """You compare with the symbols themselves. The targets are one symbol further on."""
    x, _ = pieces(text, positions)
    return surprise(x, x, params, positions, num_heads)


def cross_entropy_on_held_out__last_places(text, params, positions, num_heads):
    """You look at the last place of each piece only. Every place counts."""
    x, target = pieces(text, positions)
    return cross_entropy(logits_of(x, params, positions, num_heads)[:, -1], target[:, -1]).item()


def cross_entropy_on_held_out__in_bits(text, params, positions, num_heads):
    """You return bits: divided by ln 2. Asked for are nats, as cross_entropy gives them."""
    x, target = pieces(text, positions)
    return surprise(x, target, params, positions, num_heads) / math.log(2)


def cross_entropy_on_held_out__no_mask(text, params, positions, num_heads):
    """Every place sees the symbol that it is to foretell: the block needs a causal mask."""
    x, target = pieces(text, positions)
    return surprise(x, target, params, positions, num_heads, mask=everything)


def kept_of(logits, top_k):
    return torch.argsort(logits, descending=True, stable=True)[:top_k].sort().values


def drawn(logits, random, temperature=1.0, top_k=None, *, kept=None, cool=None):
    if temperature == 0:
        return logits.argmax().item()
    kept = kept_of(logits, top_k) if kept is None else kept
    heated = logits[kept] / temperature if cool is None else cool(logits[kept], temperature)
    reached = heated.softmax(dim=0).cumsum(dim=0)
    return kept[min((reached <= random).sum().item(), len(kept) - 1)].item()


def next_symbol__multiplied(logits, random, temperature=1.0, top_k=None):
    """You multiply by the temperature. Divide: what is below 1 makes likely symbols likelier."""
    return drawn(logits, random, temperature, top_k, cool=lambda kept, heat: kept * heat)


def next_symbol__no_temperature(logits, random, temperature=1.0, top_k=None):
    """The temperature is not used. Divide the logits by it before softmax."""
    return drawn(logits, random, temperature, top_k, cool=lambda kept, heat: kept)


def next_symbol__likeliest(logits, random, temperature=1.0, top_k=None):
    """You always take the likeliest symbol. It is drawn, by random; only temperature 0 takes the likeliest."""
    return logits.argmax().item()


def next_symbol__no_top_k(logits, random, temperature=1.0, top_k=None):
    """top_k is not used: only the top_k symbols of largest logits can be drawn."""
    return drawn(logits, random, temperature)


def next_symbol__in_order_of_size(logits, random, temperature=1.0, top_k=None):
    """You add the probabilities up from the largest down. Go in the order of the symbols' numbers."""
    order = torch.argsort(logits, descending=True, stable=True)[:top_k]
    return drawn(logits, random, temperature, kept=order)


def next_symbol__place_among_kept(logits, random, temperature=1.0, top_k=None):
    """You return the place among the symbols that are kept. Return the symbol's own number."""
    if temperature == 0:
        return logits.argmax().item()
    reached = (logits[kept_of(logits, top_k)] / temperature).softmax(dim=0).cumsum(dim=0)
    return min((reached <= random).sum().item(), len(reached) - 1)


def continued(params, start, random, positions, heads, temperature=1.0, top_k=None, *, cut=None, place=-1):
    symbols = start.tolist()
    for number in random.tolist():
        seen = symbols[-len(positions) :] if cut is None else cut(symbols, len(positions))
        logits = logits_of(start.new_tensor([seen]), params, positions, heads)[0, place].detach()
        symbols.append(drawn(logits, number, temperature, top_k))
    return start.new_tensor(symbols[len(start) :])


def sample__first_symbols(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """The network goes on seeing the first L symbols. It sees the last L, with those that were drawn."""
    first = lambda symbols, length: symbols[:length]  # noqa: E731
    return continued(params, start, random, positions, num_heads, temperature, top_k, cut=first)


def sample__last_symbol_only(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """The network sees the last symbol alone. It sees as many as there are positions."""
    last = lambda symbols, length: symbols[-1:]  # noqa: E731
    return continued(params, start, random, positions, num_heads, temperature, top_k, cut=last)


def sample__with_start(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """You return the start too. Return the new symbols alone."""
    return torch.cat([start, continued(params, start, random, positions, num_heads, temperature, top_k)])


def sample__no_temperature(params, start, random, positions, num_heads, temperature=1.0, top_k=None):
    """The temperature is not passed on to next_symbol."""
    return continued(params, start, random, positions, num_heads, 1.0, top_k)


class Base(nn.Module):
    """What the mistaken modules share."""

    def __init__(self, positions, symbols, hidden, num_heads):
        super().__init__()
        features = positions.shape[1]
        self.table = nn.Embedding(symbols, features)
        self.norm1 = nn.LayerNorm(features)
        self.attention = nn.MultiheadAttention(features, num_heads, bias=False, batch_first=True)
        self.norm2 = nn.LayerNorm(features)
        self.mlp = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, features))
        self.norm = nn.LayerNorm(features)
        self.register_buffer("positions", positions)

    def entered(self, x):
        return self.positions.shape[1] ** 0.5 * self.table(x) + self.positions[: x.shape[1]]

    def mask(self, x):
        return torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)

    def attended(self, x, mask):
        normed = self.norm1(x)
        return self.attention(normed, normed, normed, attn_mask=mask, need_weights=False)[0]

    def forward(self, x):
        mask, x = self.mask(x), self.entered(x)
        x = x + self.attended(x, mask)
        x = x + self.mlp(self.norm2(x))
        return self.named(self.norm(x))

    def named(self, x):
        return F.linear(x, self.table.weight)


class Transformer__mask_turned_round(Base):
    """In nn.MultiheadAttention True *hides* a key. Your mask hides what may be seen, and shows what may not."""

    def mask(self, x):
        return ~super().mask(x) & ~torch.eye(x.shape[1], dtype=torch.bool, device=x.device)


class Transformer__no_mask(Base):
    """Every place sees those behind it, also the symbol that it is to foretell. Pass a causal mask."""

    def mask(self, x):
        return None


class Transformer__not_scaled(Base):
    """The rows of the table are not multiplied by √D when they enter."""

    def entered(self, x):
        return self.table(x) + self.positions[: x.shape[1]]


class Transformer__copied_table(Base):
    """The output layer uses a copy of the table, so that the gradient of that use is lost. Use the same tensor."""

    def named(self, x):
        return F.linear(x, self.table.weight.detach())


class Transformer__no_last_norm(Base):
    """The last norm is missing before the scores against the table."""

    def forward(self, x):
        mask, x = self.mask(x), self.entered(x)
        x = x + self.attended(x, mask)
        return self.named(x + self.mlp(self.norm2(x)) + 0 * self.norm(x))


def updated(model, optimizer, x, target, *, clear=True, step=True, loss_of=None, after=False):
    def loss():
        return F.cross_entropy(model(x).flatten(0, 1), target.flatten()) if loss_of is None else loss_of(model(x))

    if clear:
        optimizer.zero_grad()
    found = loss()
    found.backward()
    if step:
        optimizer.step()
    return loss().item() if after else found.item()


def update__no_zero_grad(model, optimizer, x, target):
    """Gradients of earlier steps are still there: backward adds to them. Call optimizer.zero_grad() first."""
    return updated(model, optimizer, x, target, clear=False)


def update__no_step(model, optimizer, x, target):
    """The optimizer never steps. Call optimizer.step() after backward."""
    return updated(model, optimizer, x, target, step=False)


def update__loss_afterwards(model, optimizer, x, target):
    """You return the loss after the step. Asked for is the loss before it."""
    return updated(model, optimizer, x, target, after=True)


def update__last_place(model, optimizer, x, target):
    """The loss looks at the last place only. It is the mean over all places."""
    return updated(model, optimizer, x, target, loss_of=lambda logits: F.cross_entropy(logits[:, -1], target[:, -1]))


def evaluated(model, x, target, *, use=True, graphs=False, back=True):
    if use:
        model.eval()
    with torch.set_grad_enabled(graphs):
        loss = F.cross_entropy(model(x).flatten(0, 1), target.flatten())
    if back:
        model.train()
    return loss.item()


def evaluate__in_training_mode(model, x, target):
    """The model is in training mode while it is judged: dropout is at work. Call model.eval() first."""
    return evaluated(model, x, target, use=False)


def evaluate__with_graphs(model, x, target):
    """A graph is built that nobody needs. Judge under torch.no_grad()."""
    return evaluated(model, x, target, graphs=True)


def evaluate__left_in_use(model, x, target):
    """The model stays in evaluation mode, and training would go on without dropout. Call model.train() at the end."""
    return evaluated(model, x, target, back=False)

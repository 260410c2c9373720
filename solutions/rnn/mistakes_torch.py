"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


def rnn_cell__weight_hh_not_transposed(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """weight_hh is square, so `h @ weight_hh` runs, but it mixes up where a weight leads from and to. Rows belong to
    the new state, as in weight_ih: both weights are transposed."""
    return torch.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh + bias_hh)


def rnn_cell__weight_ih_reshaped(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """weight_ih is *reshaped* to (I, H). That fits, but it deals the numbers out in another order; `.T` swaps the
    dimensions."""
    return torch.tanh(x @ weight_ih.reshape(weight_ih.shape[::-1]) + bias_ih + h @ weight_hh.T + bias_hh)


def rnn_cell__state_ignored(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The state before the step is not used: this cell remembers nothing. Add what weight_hh makes of h."""
    return torch.tanh(x @ weight_ih.T + bias_ih + bias_hh + 0 * h)


def rnn_cell__one_bias(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """bias_hh is not used. The cell has two biases, one for each linear layer, and both are added. One would be enough
    on paper (Keras has one), but weights that were saved in PyTorch have both."""
    return torch.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T)


def rnn_cell__no_tanh(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The tanh is missing. Without it the whole network is linear in its input, and its state can grow without
    bound."""
    return _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_cell__relu(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """This squashes with relu. The frameworks offer it as an option; the plain cell is a tanh, which keeps the state
    between -1 and 1."""
    return torch.relu(_pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh))


def rnn_cell__detached_state(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The value is right, but the state is detached: no gradient goes back through time, and the network cannot learn
    what to remember. Detach at most between pieces of a long series, outside the cell."""
    return _cell(x, h.detach(), weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_cell__left_the_graph(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The value is right, but the result is cut off from autograd's graph: `.detach()`, `.data`, `no_grad` or
    `torch.tensor(…)` stands in between. Return the tensor as it was computed."""
    return _cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh).detach()


def rnn_cell__in_place(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The new state is right, but it is written into h: the caller's old state is gone, and autograd refuses to change
    a leaf in place. Return a new tensor."""
    return h.copy_(_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh))


def rnn__batch_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The loop goes over dimension 1, the series of the batch. Time is dimension 0 here, as it is in nn.RNN unless
    batch_first=True: x[t] is step t of all series."""
    return _run(x.transpose(0, 1), h0, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn__h0_ignored(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The first step starts from zeros, whatever h0 is. Zeros are the usual choice, but the caller makes it: a series
    may go on where the last one ended."""
    return _run(x, 0 * h0, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn__state_not_carried(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every step starts from h0, so that no step knows of those before it. The state of a step is where the next one
    starts."""
    states = [_cell(x_t, h0, weight_ih, weight_hh, bias_ih, bias_hh) for x_t in x]
    return torch.stack(states), states[-1]


def rnn__states_before(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output has the state *before* each step: it starts with h0, and the last state is missing. Append the state after
    it is computed."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return torch.cat([h0[None], output[:-1]]), h


def rnn__last_state_only(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output is only the last state. It has the states of all steps, (L, N, H): collect them in the loop, then stack
    them."""
    _, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return h, h


def rnn__output_batch_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The states are stacked with the batch before the time, (N, L, H). output has its time first, as x has."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output.transpose(0, 1), h


def rnn__joined_not_stacked(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """torch.cat joins the states along the batch, (L·N, H). torch.stack makes a new dimension for the time in front."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return torch.cat(list(output)), h


def rnn__layer_axis(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """h_n has a dimension of length 1 in front, as nn.RNN has for its number of layers. There is one layer here and no
    such dimension: (N, H)."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, h[None]


def rnn__detached_steps(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but the state is detached between the steps: each step learns from its own output only, and
    nothing of what came earlier. Carry the state on as it is."""
    h, states = h0, []
    for x_t in x:
        h = _cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
        h = h.detach()
    return torch.stack(states), states[-1]


def rnn__detached_h_n(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but h_n is detached. Whoever learns from the last state, as a classifier of whole series
    does, gets no gradient. Detaching is the caller's choice."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, h.detach()


def rnn__overwrites_h0(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but `h = h0` gives the caller's tensor a second name, and the loop then writes into it.
    Give h a new tensor in each step."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, h0.copy_(h)


def lstm_cell__order_ifog(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gates are read in the order i, f, o, g. Here, as in nn.LSTM, the candidate comes third and the output gate
    last: i, f, g, o."""
    i, f, o, g = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid(), c)


def lstm_cell__order_figo(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The forget gate is read first, in the order in which many texts explain the gates. The rows of the weights lie in
    the order i, f, g, o."""
    f, i, g, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid(), c)


def lstm_cell__sigmoid_candidate(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate g is squashed by a sigmoid like a gate. It is no gate but what is to be stored, of either sign: a
    tanh."""
    i, f, g, o = (gate.sigmoid() for gate in _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh))
    return _lstm_out(i, f, g, o, c)


def lstm_cell__tanh_output_gate(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The output gate is squashed by tanh. A gate says how much of something passes, from 0 to 1: a sigmoid. Only the
    candidate is a tanh."""
    i, f, g, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(i.sigmoid(), f.sigmoid(), g.tanh(), o.tanh(), c)


def lstm_cell__no_tanh_on_memory(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The new state is o·c. The memory is unbounded, so it goes through tanh before the output gate lets it out."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c_next = f * c + i * g
    return o * c_next, c_next


def lstm_cell__memory_lost(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The old memory is not used: what was stored before is lost. The forget gate says how much of it stays."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(i, f, g, o, 0 * c)


def lstm_cell__memory_first(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """Memory and state are returned in the wrong order, which no shape shows. Return (h_next, c_next), the order in
    which they are given."""
    return _lstm_out(*_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh), c)[::-1]


def lstm_cell__gradient_overflow(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but where exp(-x) overflows, the gradient of 1 / (1 + exp(-x)) is 0 times infinity, NaN.
    torch.sigmoid is welcome here, and right everywhere."""
    i, f, g, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    i, f, o = (1 / (1 + torch.exp(-gate)) for gate in (i, f, o))
    return _lstm_out(i, f, g.tanh(), o, c)


def lstm_cell__detached_memory(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but the memory is detached: the long way back through time, which an LSTM has been made
    for, is cut. Detach at most between pieces of a long series, outside the cell."""
    return _lstm_out(*_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh), c.detach())


def lstm_cell__left_the_graph(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but the result is cut off from autograd's graph: `.detach()`, `.data`, `no_grad` or
    `torch.tensor(…)` stands in between. Return the tensors as they were computed."""
    return tuple(one.detach() for one in _lstm(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh))


def lstm__batch_first(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The loop goes over dimension 1, the series of the batch. Time is dimension 0 here, as it is in nn.LSTM unless
    batch_first=True: x[t] is step t of all series."""
    return _lstm_run(x.transpose(0, 1), h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm__h0_ignored(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The first step starts from a state of zeros, whatever h0 is."""
    return _lstm_run(x, 0 * h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm__c0_ignored(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The first step starts from a memory of zeros, whatever c0 is. State and memory are both given."""
    return _lstm_run(x, h0, 0 * c0, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm__memory_not_carried(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every step starts from the memory c0; only the state is carried. Both go from step to step: the memory is what an
    LSTM has been made for."""
    h, states = h0, []
    for x_t in x:
        h, c = _lstm(x_t, h, c0, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return torch.stack(states), h, c


def lstm__memories_as_output(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output has the memories of all steps. The memory stays inside; what the cell shows is its state."""
    h, c, memories = h0, c0, []
    for x_t in x:
        h, c = _lstm(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        memories.append(c)
    return torch.stack(memories), h, c


def lstm__nested(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """h_n and c_n come in a tuple of their own, as nn.LSTM gives them. Here three tensors are returned side by side."""
    output, h, c = _lstm_run(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, (h, c)


def lstm__detached_memories(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but the memory is detached between the steps: gradients come back through the gates only.
    Carry the memory on as it is."""
    h, c, states = h0, c0, []
    for x_t in x:
        h, c = _lstm(x_t, h, c.detach(), weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return torch.stack(states), h, c


def gru_cell__z_swapped(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """z and 1 - z have changed places. Here, as in nn.GRU, z is the share of the *old* state that is kept; some papers
    define it the other way round."""
    _, z, n, _, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return z * n + (1 - z) * h


def gru_cell__reset_before_product(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate is applied to h before the product with the weights, as in the published paper of Cho et al. Here,
    as in nn.GRU, it multiplies what comes out of that product, bias included."""
    r, z, _, from_x, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    n = torch.tanh(from_x + (r * h) @ weight_hh.chunk(3)[2].T + bias_hh.chunk(3)[2])
    return (1 - z) * n + z * h


def gru_cell__bias_not_reset(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """In the candidate, the bias of the state's layer is added outside the reset gate. The gate multiplies all that
    arrives from the state: W·h *and* its bias."""
    r, z, _, from_x, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    n = torch.tanh(from_x + r * (h @ weight_hh.chunk(3)[2].T) + bias_hh.chunk(3)[2])
    return (1 - z) * n + z * h


def gru_cell__no_reset(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate is not used. It multiplies what arrives in the candidate from the state."""
    _, z, _, from_x, from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (1 - z) * torch.tanh(from_x + from_h) + z * h


def gru_cell__order_zrn(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gates are read in the order z, r, n, which is that of Keras. Here, as in nn.GRU, the reset gate comes first:
    r, z, n."""
    swapped = (
        torch.cat([one.chunk(3)[gate] for gate in (1, 0, 2)]) for one in (weight_ih, weight_hh, bias_ih, bias_hh)
    )
    _, z, n, _, _ = _gru(x, h, *swapped)
    return (1 - z) * n + z * h


def gru_cell__sigmoid_candidate(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate n is squashed by a sigmoid like a gate. It is a new state, of either sign: a tanh."""
    r, z, _, from_x, from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (1 - z) * torch.sigmoid(from_x + r * from_h) + z * h


def gru_cell__old_state_dropped(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Only the share of the candidate is returned. The share z of the old state is added to it: the new state lies
    between the two."""
    _, z, n, _, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (1 - z) * n


def gru_cell__detached_state(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The value is right, but the old state is detached where it is carried on: the short way back, which lets a GRU
    remember, is cut. Detach at most between pieces of a long series, outside the cell."""
    _, z, n, _, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (1 - z) * n + z * h.detach()


def gru_cell__left_the_graph(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The value is right, but the result is cut off from autograd's graph: `.detach()`, `.data`, `no_grad` or
    `torch.tensor(…)` stands in between. Return the tensor as it was computed."""
    _, z, n, _, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return ((1 - z) * n + z * h).detach()


def _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh


def _cell(*args):
    return torch.tanh(_pre(*args))


def _run(x, h0, *weights):
    """Return (output, h_n), rightly."""
    h, states = h0, []
    for x_t in x:
        h = _cell(x_t, h, *weights)
        states.append(h)
    return torch.stack(states), h


def _four(*args):
    return _pre(*args).chunk(4, dim=-1)


def _gates(*args):
    i, f, g, o = _four(*args)
    return i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()


def _lstm_out(i, f, g, o, c):
    c_next = f * c + i * g
    return o * torch.tanh(c_next), c_next


def _lstm(x, h, c, *weights):
    return _lstm_out(*_gates(x, h, *weights), c)


def _lstm_run(x, h0, c0, *weights):
    h, c, states = h0, c0, []
    for x_t in x:
        h, c = _lstm(x_t, h, c, *weights)
        states.append(h)
    return torch.stack(states), h, c


def _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Return the gates, and what arrives in the candidate from the input and from the state."""
    from_x = (x @ weight_ih.T + bias_ih).chunk(3, dim=-1)
    from_h = (h @ weight_hh.T + bias_hh).chunk(3, dim=-1)
    r, z = torch.sigmoid(from_x[0] + from_h[0]), torch.sigmoid(from_x[1] + from_h[1])
    return r, z, torch.tanh(from_x[2] + r * from_h[2]), from_x[2], from_h[2]

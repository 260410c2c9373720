"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def rnn_cell__weight_hh_not_transposed(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """weight_hh is square, so `h @ weight_hh` runs, but it mixes up where a weight leads from and to. Rows belong to
    the new state, as in weight_ih: both weights are transposed."""
    return np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh + bias_hh)


def rnn_cell__weight_ih_reshaped(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """weight_ih is *reshaped* to (I, H). That fits, but it deals the numbers out in another order; `.T` swaps the
    axes."""
    return np.tanh(x @ weight_ih.reshape(weight_ih.shape[::-1]) + bias_ih + h @ weight_hh.T + bias_hh)


def rnn_cell__state_ignored(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The state before the step is not used: this cell remembers nothing. Add what weight_hh makes of h."""
    return np.tanh(x @ weight_ih.T + bias_ih + bias_hh)


def rnn_cell__one_bias(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """bias_hh is not used. The cell has two biases, one for each linear layer, and both are added. One would be enough
    on paper (Keras has one), but weights that were saved in PyTorch have both."""
    return np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T)


def rnn_cell__no_tanh(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The tanh is missing. Without it the whole network is linear in its input, and its state can grow without
    bound."""
    return _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_cell__sigmoid(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """This squashes with a sigmoid. Gates are sigmoids; the state of a plain recurrent network is a tanh, which is
    centred on 0."""
    return _sigmoid(_pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh))


def rnn_cell__tanh_of_each(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Input and state each get a tanh of their own. First add the two linear layers, then squash the sum, once."""
    return np.tanh(x @ weight_ih.T + bias_ih) + np.tanh(h @ weight_hh.T + bias_hh)


def rnn_cell__tanh_from_exponentials(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """A quotient of exponentials is infinity over infinity, NaN, as soon as exp overflows. np.tanh is welcome here, and
    right everywhere."""
    pre = _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (np.exp(pre) - np.exp(-pre)) / (np.exp(pre) + np.exp(-pre))


def rnn_cell__in_place(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The new state is right, but it is written into h: the caller's old state is gone, and the backward needs it.
    Return a new array."""
    h[...] = np.tanh(_pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh))
    return h


def rnn_cell_backward__derivative_of_preactivation(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope of tanh is taken as 1 - a² with a = what goes *into* it. The a in that formula is the *result* of tanh:
    the state after the step."""
    pre = _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _cell_grads(grad_output * (1 - pre**2), x, h, weight_ih, weight_hh)


def rnn_cell_backward__derivative_of_old_state(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope of tanh is taken from the state *before* the step. It is 1 - a² with a the state after it: run the
    forward again first."""
    return _cell_grads(grad_output * (1 - h**2), x, h, weight_ih, weight_hh)


def rnn_cell_backward__no_derivative(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope of tanh is missing: these are the gradients of a linear cell. Multiply the upstream gradient by it
    before anything else."""
    return _cell_grads(grad_output, x, h, weight_ih, weight_hh)


def rnn_cell_backward__sigmoid_derivative(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """a·(1 - a) is the slope of a sigmoid. This cell squashes with tanh, whose slope is 1 - a²."""
    a = _cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _cell_grads(grad_output * a * (1 - a), x, h, weight_ih, weight_hh)


def rnn_cell_backward__weight_hh_transposed(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h goes through weight_hh the way that the forward went. The forward multiplies by weight_hh.T, so the way
    back multiplies by weight_hh itself; it is square, so that no shape complains."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_x, _, *grads = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return grad_x, grad_pre @ weight_hh.T, *grads


def rnn_cell_backward__grad_h_without_weight(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h is taken before the product with weight_hh. The old state reaches the tanh through that weight, so its
    gradient comes back through it too."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_x, _, *grads = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return grad_x, grad_pre, *grads


def rnn_cell_backward__grad_weight_hh_transposed(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_weight_hh is transposed, which no shape shows, since it is square. Its rows belong to the new state, those
    of the upstream gradient, and its columns to the old one."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_x, grad_h, grad_ih, grad_hh, *biases = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return grad_x, grad_h, grad_ih, grad_hh.T, *biases


def rnn_cell_backward__weight_from_new_state(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_weight_hh pairs the gradient with the state after the step. What weight_hh was multiplied by is the state
    *before* it."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_x, grad_h, grad_ih, _, *biases = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return grad_x, grad_h, grad_ih, grad_pre.T @ _cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh), *biases


def rnn_cell_backward__batch_mean(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the size of the batch. They are sums over it: a mean belongs
    to the loss, and then it is in the upstream gradient already."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_x, grad_h, *grads = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return grad_x, grad_h, *(grad / len(x) for grad in grads)


def rnn_cell_backward__bias_mean(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The biases' gradients are means over the batch. Each series adds its own share: sum them, as the product for the
    weights does."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grads = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return *grads[:4], grads[4] / len(x), grads[5] / len(x)


def rnn_cell_backward__bias_not_summed(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The biases' gradients still have the batch axis. One bias serves all series: sum over them, so that the gradient
    has the bias's shape."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return *_cell_grads(grad_pre, x, h, weight_ih, weight_hh)[:4], grad_pre, grad_pre


def rnn_cell_backward__bias_shared_out(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradient is shared out between the two biases, half each. Both are added to the same sum, and moving either
    moves that sum in full: each gets all of it."""
    grad_pre = _grad_pre(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grads = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return *grads[:4], grads[4] / 2, grads[5] / 2


def rnn__batch_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The loop goes over axis 1, the series of the batch. Time is axis 0 here, as it is by default in PyTorch's layer
    (Keras has the batch first): x[t] is step t of all series."""
    h, states = h0, []
    for t in range(x.shape[1]):
        h = _cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return np.stack(states), h


def rnn__h0_ignored(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The first step starts from zeros, whatever h0 is. Zeros are the usual choice, but the caller makes it: a series
    may go on where the last one ended."""
    return _run(x, np.zeros_like(h0), weight_ih, weight_hh, bias_ih, bias_hh)


def rnn__state_not_carried(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every step starts from h0, so that no step knows of those before it. The state of a step is where the next one
    starts."""
    states = [_cell(x_t, h0, weight_ih, weight_hh, bias_ih, bias_hh) for x_t in x]
    return np.stack(states), states[-1]


def rnn__states_before(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output has the state *before* each step: it starts with h0, and the last state is missing. Append the state after
    it is computed."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return np.concatenate([h0[None], output[:-1]]), h


def rnn__backwards(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The loop runs through the series from its end. The forward goes from the first step to the last; only gradients
    go the other way."""
    output, h = _run(x[::-1], h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output[::-1], h


def rnn__last_state_only(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output is only the last state. It has the states of all steps, (L, N, H): collect them in the loop, then stack
    them."""
    _, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return h, h


def rnn__output_alone(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Only output is returned. The last state is returned as well, for whoever goes on from there: (output, h_n)."""
    return _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)[0]


def rnn__output_batch_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The states are stacked with the batch before the time, (N, L, H). output has its time first, as x has."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output.swapaxes(0, 1), h


def rnn__h_n_of_the_last_series(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output[:, -1] is the last *series* of the batch, at every step. The last step is output[-1]: time is axis 0."""
    output, _ = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, output[:, -1]


def rnn__layer_axis(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """h_n has an axis of length 1 in front, as PyTorch's layer has for its number of layers. There is one layer here
    and no such axis: (N, H)."""
    output, h = _run(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, h[None]


def rnn__one_buffer(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Each step writes into the same array, and the list holds that array again and again: all states of output are the
    last one. Make a new array in each step, or append a copy."""
    h, states = h0.copy(), []
    for x_t in x:
        h[...] = _cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return np.stack(states), h


def rnn__overwrites_h0(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The answer is right, but `h = h0` gives the caller's array a second name, and the loop then writes into it. Give
    h a new array in each step."""
    h, states = h0, []
    for x_t in x:
        h[...] = _cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h.copy())
    return np.stack(states), h


def rnn_backward__nothing_carried(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Each step gets the gradient of its own output only. A state also acts through all later steps: add the gradient
    that the step after it sends back through weight_hh."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre = grad_output * (1 - output**2)
    grad_pre[-1] += grad_h_n * (1 - output[-1] ** 2)
    return _layer_grads(grad_pre, x, before, weight_ih, grad_pre[0] @ weight_hh)


def rnn_backward__grad_h_n_ignored(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h_n is not used. h_n is the last state, returned a second time: what arrives for it is where the way back
    starts."""
    return _through_time(grad_output, 0 * grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_backward__grad_output_ignored(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_output is not used. Every state was returned as the output of its step: add grad_output[t] when the way back
    comes to step t."""
    return _through_time(0 * grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_backward__grad_h_n_at_every_step(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h_n is added at every step. It belongs to the last state alone; the states before it feel it through the
    gradient that is carried back."""
    grad_output = grad_output.copy()
    grad_output[:-1] += grad_h_n
    return _through_time(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_backward__weights_of_one_step(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are those of the first step alone: each turn of the loop overwrites the one
    before. The same weights act at every step, so their gradients add up: `+=`, from zeros."""
    args = (x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    output, before = _states(*args)
    grad_pre, grad_h0 = _carried(grad_output, grad_h_n, 1 - output**2, weight_hh)
    whole = _layer_grads(grad_pre, x, before, weight_ih, grad_h0)
    return *whole[:2], *_layer_grads(grad_pre[:1], x[:1], before[:1], weight_ih, grad_h0)[2:]


def rnn_backward__mean_over_steps(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the number of steps. A weight that acts at every step moves
    the loss by the sum of what each step does."""
    whole = _through_time(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return *whole[:2], *(grad / len(x) for grad in whole[2:])


def rnn_backward__batch_mean(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the size of the batch. They are sums over steps and batch: a
    mean belongs to the loss, and then it is in the upstream gradients already."""
    grads = _through_time(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return *grads[:2], *(grad / x.shape[1] for grad in grads[2:])


def rnn_backward__weight_from_new_state(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_weight_hh pairs the gradient of step t with the state after step t. What weight_hh was multiplied by is the
    state from which the step started: output[t - 1], and h0 at first."""
    output, _ = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, grad_h0 = _carried(grad_output, grad_h_n, 1 - output**2, weight_hh)
    return _layer_grads(grad_pre, x, output, weight_ih, grad_h0)


def rnn_backward__first_step_from_zeros(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """In grad_weight_hh the first step adds nothing, as if it had started from zeros. It started from h0."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    before[0] = 0
    grad_pre, grad_h0 = _carried(grad_output, grad_h_n, 1 - output**2, weight_hh)
    return _layer_grads(grad_pre, x, before, weight_ih, grad_h0)


def rnn_backward__grad_h0_before_weight(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h0 is the gradient of what goes into the first tanh: one product short. h0 reached it through weight_hh, as
    every later state did."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, _ = _carried(grad_output, grad_h_n, 1 - output**2, weight_hh)
    return _layer_grads(grad_pre, x, before, weight_ih, grad_pre[0])


def rnn_backward__weight_hh_transposed(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradient is carried back with weight_hh.T, which is how the forward goes. It is square, so that no shape
    complains; the way back uses weight_hh itself."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, grad_h0 = _carried(grad_output, grad_h_n, 1 - output**2, weight_hh.T)
    return _layer_grads(grad_pre, x, before, weight_ih, grad_h0)


def rnn_backward__forwards(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The loop carries the gradient from the first step to the last. A state acts on *later* steps, so its gradient
    arrives from there: start at the last step."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, grad_h0 = _carried(grad_output[::-1], grad_h_n, 1 - output[::-1] ** 2, weight_hh)
    return _layer_grads(grad_pre[::-1], x, before, weight_ih, grad_h0)


def rnn_backward__derivative_of_preactivation(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope of tanh is taken as 1 - a² with a = what goes *into* it. The a in that formula is the *result* of tanh:
    the state after the step."""
    _, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    pre = _pre(x, before, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, grad_h0 = _carried(grad_output, grad_h_n, 1 - pre**2, weight_hh)
    return _layer_grads(grad_pre, x, before, weight_ih, grad_h0)


def rnn_backward__carried_past_the_tanh(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope of tanh is applied to grad_output[t] alone, and the carried gradient is added after it. Both are
    gradients of the same state: add them first, then go through the tanh."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, grad_h = np.empty_like(output), grad_h_n
    for t in reversed(range(len(x))):
        grad_pre[t] = grad_output[t] * (1 - output[t] ** 2) + grad_h
        grad_h = grad_pre[t] @ weight_hh
    return _layer_grads(grad_pre, x, before, weight_ih, grad_h)


def rnn_backward__in_place(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients are right, but `grad_output[-1] += grad_h_n` changes the caller's array. Start the carried gradient
    from grad_h_n instead, or work on a copy."""
    grad_output[-1] += grad_h_n
    return _through_time(grad_output, 0 * grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm_cell__order_ifog(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gates are read in the order i, f, o, g. Here, as in PyTorch, the candidate comes third and the output gate
    last: i, f, g, o."""
    i, f, o, g = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(_sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o), c)


def lstm_cell__order_figo(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The forget gate is read first, in the order in which many texts explain the gates. The rows of the weights lie in
    the order i, f, g, o."""
    f, i, g, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(_sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o), c)


def lstm_cell__order_igfo(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate is read second, as in some older code. Here the order of the rows is i, f, g, o: the forget gate
    second, the candidate third."""
    i, g, f, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(_sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o), c)


def lstm_cell__interleaved(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every fourth row is taken for a gate, as if each unit had its four gates side by side. The rows lie gate by gate:
    the first H rows are all of gate i."""
    pre = _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    i, f, g, o = (pre[:, gate::4] for gate in range(4))
    return _lstm_out(_sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o), c)


def lstm_cell__sigmoid_candidate(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate g is squashed by a sigmoid like a gate. It is no gate but what is to be stored, of either sign: a
    tanh."""
    i, f, g, o = (_sigmoid(gate) for gate in _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh))
    return _lstm_out(i, f, g, o, c)


def lstm_cell__tanh_output_gate(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The output gate is squashed by tanh. A gate says how much of something passes, from 0 to 1: a sigmoid. Only the
    candidate is a tanh."""
    i, f, g, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(_sigmoid(i), _sigmoid(f), np.tanh(g), np.tanh(o), c)


def lstm_cell__no_tanh_on_memory(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The new state is o·c. The memory is unbounded, so it goes through tanh before the output gate lets it out."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c_next = f * c + i * g
    return o * c_next, c_next


def lstm_cell__state_from_old_memory(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The new state is made from the memory before the step. First renew the memory, then let the output gate show
    it."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return o * np.tanh(c), f * c + i * g


def lstm_cell__memory_lost(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The old memory is not used: what was stored before is lost. The forget gate says how much of it stays."""
    i, _, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return o * np.tanh(i * g), i * g


def lstm_cell__never_forgets(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The old memory stays in full: the forget gate is not used. (The first LSTM had none; those of PyTorch and
    Keras have one.)"""
    i, _, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(i, 1, g, o, c)


def lstm_cell__coupled_gates(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The old memory is kept by 1 - i. That is a variant with one gate for both, and it is what a GRU does; here the
    forget gate has weights of its own."""
    i, _, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_out(i, 1 - i, g, o, c)


def lstm_cell__one_bias(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """bias_hh is not used. The cell has two biases, one for each linear layer, and both are added."""
    return _lstm_out(*_gates(x, h, weight_ih, weight_hh, bias_ih, 0 * bias_hh), c)


def lstm_cell__memory_first(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """Memory and state are returned in the wrong order, which no shape shows. Return (h_next, c_next), the order in
    which they are given."""
    return _lstm_out(*_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh), c)[::-1]


def lstm_cell__overflowing_sigmoid(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """exp(x) / (1 + exp(x)) is infinity over infinity, NaN, where exp overflows. The stub brings a sigmoid that is
    right everywhere."""
    i, f, g, o = _four(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    i, f, o = (np.exp(gate) / (1 + np.exp(gate)) for gate in (i, f, o))
    return _lstm_out(i, f, np.tanh(g), o, c)


def lstm_cell__in_place(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The answer is right, but `c *= f` changes the caller's memory. Compute f·c + i·g into a new array."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c *= f
    c += i * g
    return o * np.tanh(c), c


def lstm_cell_backward__grad_c_next_ignored(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_c_next is not used. The new memory is returned too, and goes on to the next step: what arrives for it adds
    to what comes back through the new state."""
    return _lstm_back(grad_h_next, 0 * grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm_cell_backward__state_not_through_memory(
    grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh
):
    """The gradient of the new state reaches the output gate only. The new state is made from the new memory too: add
    its share to grad_c_next before anything else is computed from it."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, through=lambda o, squashed, c_next: 0 * o)


def lstm_cell_backward__slope_of_memory(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope of tanh is taken as 1 - c². It is 1 - a² with a = tanh(c), the *result* of tanh."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, through=lambda o, squashed, c_next: o * (1 - c_next**2))


def lstm_cell_backward__no_slope_of_memory(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """Between new state and new memory the slope of tanh is missing: the state is o·tanh(c), so the way back multiplies
    by o and by that slope."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, through=lambda o, squashed, c_next: o)


def lstm_cell_backward__no_output_gate(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """On the way from the new state to the memory the factor o is missing. What the output gate held back has no
    effect, so it gets no gradient either."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, through=lambda o, squashed, c_next: 1 - squashed**2)


def lstm_cell_backward__grad_c_not_forgotten(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_c is the gradient of the *new* memory. Of the old one only the share f was kept, so its gradient is
    multiplied by f."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, old=lambda total, direct, f, i: total)


def lstm_cell_backward__grad_c_of_memory_only(
    grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh
):
    """grad_c is f·grad_c_next. The old memory acts on the new state too, through the new memory: take the sum of both
    gradients of the new memory, then multiply by f."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, old=lambda total, direct, f, i: direct * f)


def lstm_cell_backward__grad_c_by_input_gate(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_c is multiplied by the input gate. In f·c + i·g the old memory is multiplied by f; i belongs to the
    candidate."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, old=lambda total, direct, f, i: total * i)


def lstm_cell_backward__forget_gate_by_new_memory(
    grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh
):
    """The forget gate's gradient uses the new memory. The gate was multiplied by the memory *before* the step."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    i, f, g, _ = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, forgotten=f * c + i * g)


def lstm_cell_backward__no_gate_slopes(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slopes of the sigmoids are missing. These are the gradients of the gates themselves; to get to the sums that
    go into them, multiply each by s·(1 - s)."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, slope=np.ones_like)


def lstm_cell_backward__candidate_as_gate(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate's slope is taken as g·(1 - g), that of a sigmoid. The candidate is a tanh: 1 - g²."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, candidate=lambda g: g * (1 - g))


def lstm_cell_backward__order_ifog(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The four gradients are joined in the order i, f, o, g. They go back through the rows from which the gates came:
    i, f, g, o."""
    args = (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_back(grad_h_next, grad_c_next, *args, order=(0, 1, 3, 2))


def lstm_cell_backward__batch_mean(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the size of the batch. They are sums over it: a mean belongs
    to the loss, and then it is in the upstream gradient already."""
    grads = _lstm_back(grad_h_next, grad_c_next, x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return *grads[:3], *(grad / len(x) for grad in grads[3:])


def lstm__batch_first(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The loop goes over axis 1, the series of the batch. Time is axis 0 here, as it is by default in PyTorch's layer
    (Keras has the batch first): x[t] is step t of all series."""
    return _lstm_run(x.swapaxes(0, 1), h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)


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
    return np.stack(states), h, c


def lstm__state_not_carried(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every step starts from the state h0; only the memory is carried. The gates of a step look at the state that the
    step before has left."""
    c, states = c0, []
    for x_t in x:
        h, c = _lstm(x_t, h0, c, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    return np.stack(states), h, c


def lstm__memories_as_output(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """output has the memories of all steps. The memory stays inside; what the cell shows is its state."""
    h, c, memories = h0, c0, []
    for x_t in x:
        h, c = _lstm(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        memories.append(c)
    return np.stack(memories), h, c


def lstm__memory_before_state(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The last two answers stand in the wrong order, which no shape shows: (output, h_n, c_n)."""
    output, h, c = _lstm_run(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, c, h


def lstm__nested(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """h_n and c_n come in a tuple of their own, as PyTorch's layer gives them. Here three arrays are returned side by
    side."""
    output, h, c = _lstm_run(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, (h, c)


def lstm__layer_axis(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """h_n and c_n have an axis of length 1 in front, as PyTorch's layer has for its number of layers. There is one
    layer here and no such axis: (N, H)."""
    output, h, c = _lstm_run(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return output, h[None], c[None]


def lstm__overwrites_c0(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The answer is right, but `c = c0` gives the caller's array a second name, and the loop then writes into it. Give
    c a new array in each step."""
    output, h, c = _lstm_run(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    c0[...] = c
    return output, h, c0


def lstm_backward__grad_h_n_ignored(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h_n is not used. h_n is the last state, returned a second time: what arrives for it is where the way back
    starts."""
    return _lstm_time(grad_output, 0 * grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm_backward__grad_c_n_ignored(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_c_n is not used. The last memory is returned too: what arrives for it is where the memory's way back
    starts."""
    return _lstm_time(grad_output, grad_h_n, 0 * grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm_backward__memory_not_carried(
    grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh
):
    """The gradient of the memory is not handed to the step before. It is the long way back through time, which an LSTM
    has been made for: each step gets it from the step after."""
    args = (grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_time(*args, carry=(1, 0))


def lstm_backward__state_not_carried(
    grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh
):
    """The gradient of the state is not handed to the step before: each step adds its own grad_output only. A state also
    acts on the gates of the next step."""
    args = (grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_time(*args, carry=(0, 1))


def lstm_backward__grad_c_n_at_every_step(
    grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh
):
    """Every step gets grad_c_n. It belongs to the last memory alone; a step before it gets what the step after has made
    of it."""
    args = (grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_time(*args, again=grad_c_n)


def lstm_backward__weights_of_one_step(
    grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh
):
    """The gradients of weights and biases are those of the first step alone: each turn of the loop overwrites the one
    before. The same weights act at every step, so their gradients add up."""
    args = (grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_time(*args, keep=0)


def lstm_backward__mean_over_steps(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the number of steps. A weight that acts at every step moves
    the loss by the sum of what each step does."""
    grads = _lstm_time(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return *grads[:3], *(grad / len(x) for grad in grads[3:])


def lstm_backward__batch_mean(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the size of the batch. They are sums over steps and batch: a
    mean belongs to the loss, and then it is in the upstream gradients already."""
    grads = _lstm_time(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return *grads[:3], *(grad / x.shape[1] for grad in grads[3:])


def lstm_backward__states_after(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Step t is taken back from the state and the memory *after* it. Its arguments were those before it: for the first
    step h0 and c0."""
    args = (grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    return _lstm_time(*args, off=1)


def lstm_backward__in_place(grad_output, grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients are right, but `grad_output[-1] += grad_h_n` changes the caller's array. Start the carried gradient
    from grad_h_n instead, or work on a copy."""
    grad_output[-1] += grad_h_n
    return _lstm_time(grad_output, 0 * grad_h_n, grad_c_n, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)


def gru_cell__z_swapped(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """z and 1 - z have changed places. Here, as in PyTorch, z is the share of the *old* state that is kept; some papers
    define it the other way round."""
    _, z, n, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return z * n + (1 - z) * h


def gru_cell__reset_before_product(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate is applied to h before the product with the weights, as in the published paper of Cho et al. Here,
    as in PyTorch, it multiplies what comes out of that product, bias included."""
    r, z, _, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    n_from_x = _n_from_x(x, weight_ih, bias_ih)
    n = np.tanh(n_from_x + (r * h) @ _rows(weight_hh, 2).T + _rows(bias_hh, 2))
    return (1 - z) * n + z * h


def gru_cell__bias_not_reset(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """In the candidate, the bias of the state's layer is added outside the reset gate. The gate multiplies all that
    arrives from the state: W·h *and* its bias."""
    r, z, _, n_from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    bias = _rows(bias_hh, 2)
    n = np.tanh(_n_from_x(x, weight_ih, bias_ih) + r * (n_from_h - bias) + bias)
    return (1 - z) * n + z * h


def gru_cell__reset_on_both(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate multiplies what arrives from the input too. It decides how much of the *past* the candidate sees;
    the input always enters in full."""
    r, z, _, n_from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    n = np.tanh(r * (_n_from_x(x, weight_ih, bias_ih) + n_from_h))
    return (1 - z) * n + z * h


def gru_cell__no_reset(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate is not used. It multiplies what arrives in the candidate from the state."""
    _, z, _, n_from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    n = np.tanh(_n_from_x(x, weight_ih, bias_ih) + n_from_h)
    return (1 - z) * n + z * h


def gru_cell__order_zrn(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gates are read in the order z, r, n, which is that of Keras. Here, as in PyTorch, the reset gate comes first:
    r, z, n."""
    return _gru_out(*(_swapped(one) for one in (weight_ih, weight_hh, bias_ih, bias_hh)), x=x, h=h)


def gru_cell__sigmoid_candidate(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate n is squashed by a sigmoid like a gate. It is a new state, of either sign: a tanh."""
    r, z, _, n_from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    n = _sigmoid(_n_from_x(x, weight_ih, bias_ih) + r * n_from_h)
    return (1 - z) * n + z * h


def gru_cell__old_state_dropped(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Only the share of the candidate is returned. The share z of the old state is added to it: the new state lies
    between the two."""
    _, z, n, _ = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return (1 - z) * n


def gru_cell__one_bias(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """bias_hh is not used. In a GRU the two biases do not even mean the same: in the candidate, that of the state is
    multiplied by the reset gate."""
    return _gru_out(weight_ih, weight_hh, bias_ih, 0 * bias_hh, x=x, h=h)


def gru_cell__in_place(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The new state is right, but it is written into h: the caller's old state is gone. Return a new array."""
    h[...] = _gru_out(weight_ih, weight_hh, bias_ih, bias_hh, x=x, h=h)
    return h


def gru_cell_backward__no_direct_path(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """grad_h comes back through the gates only. The share z of the old state goes straight into the new one: that path
    is missing, and it is the one that lets a GRU remember."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, direct=lambda grad, z: 0 * grad)


def gru_cell_backward__direct_path_by_share_of_candidate(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """On the direct path the gradient is multiplied by 1 - z. The old state's share is z; 1 - z is the candidate's."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, direct=lambda grad, z: grad * (1 - z))


def gru_cell_backward__biases_alike(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The same gradient is used for both linear layers, as in an LSTM. In the candidate, what arrives from the state is
    multiplied by the reset gate, so on that side the gradient is multiplied by r too."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, back=lambda grad, r: grad)


def gru_cell_backward__reset_gate_by_state(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate's gradient is multiplied by h. The gate does not multiply h, but what its linear layer has made of
    h, bias included."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, reset=lambda n_from_h: h)


def gru_cell_backward__no_reset_gate(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate gets no gradient. It acts on the new state through the candidate: follow that path too."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, reset=lambda n_from_h: 0 * n_from_h)


def gru_cell_backward__update_gate_sign(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The update gate's gradient has the wrong sign. More z means more of h and less of n: the difference is h - n."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, update=lambda n: n - h)


def gru_cell_backward__update_gate_by_state(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The update gate's gradient is that of z·h alone. z is in (1 - z)·n as well, with a minus sign."""
    args = (grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _gru_back(*args, update=lambda n: h)


def gru_cell_backward__no_gate_slopes(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slopes of the sigmoids are missing. To get from a gate to the sum that goes into it, multiply by s·(1 -
    s)."""
    return _gru_back(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh, slope=np.ones_like)


def gru_cell_backward__order_zrn(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of the gates are joined in the order z, r, n. They go back through the rows from which the gates
    came: r, z, n."""
    return _gru_back(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh, order=(1, 0, 2))


def gru_cell_backward__batch_mean(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of weights and biases are divided by the size of the batch. They are sums over it: a mean belongs
    to the loss, and then it is in the upstream gradient already."""
    grads = _gru_back(grad_output, x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return *grads[:2], *(grad / len(x) for grad in grads[2:])


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def _sigmoid_slope(s):
    return s * (1 - s)


def _pre(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh


def _cell(*args):
    return np.tanh(_pre(*args))


def _run(x, h0, *weights):
    """Return (output, h_n), rightly."""
    h, states = h0, []
    for x_t in x:
        h = _cell(x_t, h, *weights)
        states.append(h)
    return np.stack(states), h


def _states(x, h0, *weights):
    """Return the states after all steps, and before them."""
    output, _ = _run(x, h0, *weights)
    return output, np.concatenate([h0[None], output[:-1]])


def _grad_pre(grad_output, *args):
    return grad_output * (1 - _cell(*args) ** 2)


def _cell_grads(grad_pre, x, h, weight_ih, weight_hh):
    bias = grad_pre.sum(axis=0)
    return grad_pre @ weight_ih, grad_pre @ weight_hh, grad_pre.T @ x, grad_pre.T @ h, bias, bias.copy()


def _carried(grad_output, grad_h_n, slope, weight_hh):
    """Return the gradients of what goes into each tanh, and what arrives before the first step."""
    grad_pre, grad_h = np.empty_like(slope), grad_h_n
    for t in reversed(range(len(slope))):
        grad_pre[t] = (grad_output[t] + grad_h) * slope[t]
        grad_h = grad_pre[t] @ weight_hh
    return grad_pre, grad_h


def _layer_grads(grad_pre, x, before, weight_ih, grad_h0):
    bias = grad_pre.sum(axis=(0, 1))
    weights = (np.einsum("lnh,lni->hi", grad_pre, one) for one in (x, before))
    return grad_pre @ weight_ih, grad_h0, *weights, bias, bias.copy()


def _through_time(grad_output, grad_h_n, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Return the gradients of ``rnn``, rightly."""
    output, before = _states(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_pre, grad_h0 = _carried(grad_output, grad_h_n, 1 - output**2, weight_hh)
    return _layer_grads(grad_pre, x, before, weight_ih, grad_h0)


def _four(*args):
    return np.split(_pre(*args), 4, axis=-1)


def _gates(*args):
    i, f, g, o = _four(*args)
    return _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)


def _lstm_out(i, f, g, o, c):
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next


def _lstm(x, h, c, *weights):
    return _lstm_out(*_gates(x, h, *weights), c)


def _lstm_run(x, h0, c0, *weights):
    h, c, states = h0, c0, []
    for x_t in x:
        h, c = _lstm(x_t, h, c, *weights)
        states.append(h)
    return np.stack(states), h, c


def _lstm_back(
    grad_h,
    grad_c,
    x,
    h,
    c,
    weight_ih,
    weight_hh,
    bias_ih,
    bias_hh,
    through=lambda o, squashed, c_next: o * (1 - squashed**2),
    old=lambda total, direct, f, i: total * f,
    slope=_sigmoid_slope,
    candidate=lambda g: 1 - g**2,
    forgotten=None,
    order=(0, 1, 2, 3),
):
    """Return the gradients of ``lstm_cell``, rightly unless an option says otherwise."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c_next = f * c + i * g
    squashed = np.tanh(c_next)
    total = grad_c + grad_h * through(o, squashed, c_next)
    grads = (
        total * g * slope(i),
        total * (c if forgotten is None else forgotten) * slope(f),
        total * i * candidate(g),
        grad_h * squashed * slope(o),
    )
    grad_pre = np.concatenate([grads[gate] for gate in order], axis=-1)
    grad_x, grad_h, *rest = _cell_grads(grad_pre, x, h, weight_ih, weight_hh)
    return grad_x, grad_h, old(total, grad_c, f, i), *rest


def _lstm_time(grad_output, grad_h_n, grad_c_n, x, h0, c0, *weights, carry=(1, 1), again=None, keep=1, off=0):
    """Return the gradients of ``lstm``, rightly unless an option says otherwise."""
    states = [(h0, c0)]
    for x_t in x:
        states.append(_lstm(x_t, *states[-1], *weights))
    grad_x, grad_h, grad_c = np.empty_like(x), grad_h_n, grad_c_n
    totals = [np.zeros_like(weight) for weight in weights]
    for t in reversed(range(len(x))):
        grads = _lstm_back(grad_output[t] + grad_h, grad_c, x[t], *states[t + off], *weights)
        grad_x[t], grad_h, grad_c = grads[:3]
        if t:
            grad_h, grad_c = carry[0] * grad_h, carry[1] * grad_c
            grad_c = grad_c if again is None else again
        totals = [keep * total + grad for total, grad in zip(totals, grads[3:], strict=True)]
    return grad_x, grad_h, grad_c, *totals


def _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    from_x = np.split(x @ weight_ih.T + bias_ih, 3, axis=-1)
    from_h = np.split(h @ weight_hh.T + bias_hh, 3, axis=-1)
    r, z = _sigmoid(from_x[0] + from_h[0]), _sigmoid(from_x[1] + from_h[1])
    return r, z, np.tanh(from_x[2] + r * from_h[2]), from_h[2]


def _n_from_x(x, weight_ih, bias_ih):
    return np.split(x @ weight_ih.T + bias_ih, 3, axis=-1)[2]


def _gru_out(*weights, x, h):
    _, z, n, _ = _gru(x, h, *weights)
    return (1 - z) * n + z * h


def _rows(weight, gate):
    return np.split(weight, 3)[gate]


def _swapped(weight):
    r, z, n = np.split(weight, 3)
    return np.concatenate([z, r, n])


def _gru_back(
    grad_output,
    x,
    h,
    weight_ih,
    weight_hh,
    bias_ih,
    bias_hh,
    direct=lambda grad, z: grad * z,
    back=lambda grad, r: grad * r,
    reset=lambda n_from_h: n_from_h,
    update=None,
    slope=_sigmoid_slope,
    order=(0, 1, 2),
):
    """Return the gradients of ``gru_cell``, rightly unless an option says otherwise."""
    r, z, n, n_from_h = _gru(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    grad_n = grad_output * (1 - z) * (1 - n**2)
    grad_r = grad_n * reset(n_from_h) * slope(r)
    grad_z = grad_output * (h - n if update is None else update(n)) * slope(z)
    from_x, from_h = (
        np.concatenate([(grad_r, grad_z, last)[gate] for gate in order], axis=-1) for last in (grad_n, back(grad_n, r))
    )
    grad_h = from_h @ weight_hh + direct(grad_output, z)
    return from_x @ weight_ih, grad_h, from_x.T @ x, from_h.T @ h, from_x.sum(axis=0), from_h.sum(axis=0)

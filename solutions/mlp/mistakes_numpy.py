"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np
from mlp_library_numpy import adam, cross_entropy, cross_entropy_backward, linear, linear_backward, relu, relu_backward


def forward__no_relu(x, params):
    """There is no relu between the layers. Without it two linear layers are one linear layer, however wide."""
    w1, b1, w2, b2 = params
    return linear(linear(x, w1, b1), w2, b2)


def forward__relu_at_the_end(x, params):
    """relu is applied to the logits too. They may be negative: classes that are clipped to 0 can no longer be told
    apart, and get no gradient. The last layer stays linear."""
    return relu(_forward(x, params))


def forward__relu_on_the_inputs(x, params):
    """relu is applied to the inputs. It stands between the layers, on the output of the first."""
    w1, b1, w2, b2 = params
    return linear(linear(relu(x), w1, b1), w2, b2)


def forward__relu_before_bias(x, params):
    """relu comes before the bias. The bias belongs to the linear layer: it shifts the place where the unit bends."""
    w1, b1, w2, b2 = params
    return linear(relu(linear(x, w1)) + b1, w2, b2)


def forward__no_hidden_bias(x, params):
    """b1 is not used, so that all hidden units bend at the origin. Each layer adds its own bias."""
    w1, _, w2, b2 = params
    return linear(relu(linear(x, w1)), w2, b2)


def forward__no_output_bias(x, params):
    """b2 is not used. Each layer adds its own bias, the last one too."""
    w1, b1, w2, _ = params
    return linear(relu(linear(x, w1, b1)), w2)


def forward__softmax(x, params):
    """The outputs go through a softmax. The network returns logits: cross-entropy takes these, and the softmax is part
    of it."""
    return _softmax(_forward(x, params))


def forward__sigmoid(x, params):
    """The hidden layer goes through a sigmoid. This network has relu there."""
    w1, b1, w2, b2 = params
    return linear(1 / (1 + np.exp(-linear(x, w1, b1))), w2, b2)


def forward__weights_not_transposed(x, params):
    """The weights are used as if they were (in, out). They are (out, in), a row for each output: `linear` knows that,
    and by hand it is `x @ w1.T`."""
    w1, b1, w2, b2 = params
    return relu(x @ w1 + b1) @ w2 + b2


def loss_and_grads__gradients_not_averaged(x, target, params):
    """The loss is a mean over the batch, but its gradients are those of the sum: a batch of 32 would take steps 32
    times as long as a single row does. Divide the gradient of the logits by N, once; the rest follows."""
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(len(x) * grad, pre, hidden, x, params)


def loss_and_grads__averaged_in_each_layer(x, target, params):
    """The 1/N of the mean is applied again in the layers. It comes in once, at the loss, and `cross_entropy_backward`
    has it already; from there the chain rule carries it on, and sums over the batch remain sums."""
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), tuple(one / len(x) for one in _grads(grad, pre, hidden, x, params))


def loss_and_grads__bias_means(x, target, params):
    """The gradients of the biases are means over the batch. They are sums: the 1/N of the loss is in the upstream
    gradient already."""
    pre, hidden, logits, grad = _network(x, target, params)
    grad_w1, grad_b1, grad_w2, grad_b2 = _grads(grad, pre, hidden, x, params)
    return cross_entropy(logits, target), (grad_w1, grad_b1 / len(x), grad_w2, grad_b2 / len(x))


def loss_and_grads__loss_summed(x, target, params):
    """The gradients are right, but the loss is the sum over the rows. Both belong to the mean: divide the loss by N
    too, or the losses of a short last batch cannot be compared with the others."""
    pre, hidden, logits, grad = _network(x, target, params)
    return len(x) * cross_entropy(logits, target), _grads(grad, pre, hidden, x, params)


def loss_and_grads__softmax_twice(x, target, params):
    """Softmax is applied before `cross_entropy`, which has a softmax of its own: it takes logits. Of probabilities
    between 0 and 1 it makes nearly equal ones, so the loss stays high and learning is slow."""
    pre, hidden, logits, _ = _network(x, target, params)
    probs = _softmax(logits)
    grad = cross_entropy_backward(1.0, probs, target)
    return cross_entropy(probs, target), _grads(grad, pre, hidden, x, params)


def loss_and_grads__gradient_of_probabilities(x, target, params):
    """The loss is right, but its gradient is taken at softmax of the logits: `cross_entropy_backward` takes the logits
    themselves, and applies softmax."""
    pre, hidden, logits, _ = _network(x, target, params)
    grad = cross_entropy_backward(1.0, _softmax(logits), target)
    return cross_entropy(logits, target), _grads(grad, pre, hidden, x, params)


def loss_and_grads__loss_as_upstream_gradient(x, target, params):
    """The loss itself is handed on as the gradient from above. The way back starts with the gradient of the loss with
    respect to itself, which is 1."""
    pre, hidden, logits, grad = _network(x, target, params)
    loss = cross_entropy(logits, target)
    return loss, _grads(loss * grad, pre, hidden, x, params)


def loss_and_grads__relu_forgotten(x, target, params):
    """On the way back the gradient passes relu unchanged. A hidden unit whose input was negative gave 0 whatever that
    input was: its gradient is 0. Call `relu_backward` between the two layers."""
    _, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(grad, np.ones_like(hidden), hidden, x, params)


def loss_and_grads__masks_by_the_gradient(x, target, params):
    """The mask of relu asks where the *gradient* is positive. It is the input of relu, from the forward pass, that
    decides where the gradient passes."""
    _, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(grad, grad @ params[2], hidden, x, params)


def loss_and_grads__relu_arguments_exchanged(x, target, params):
    """`relu_backward` gets its arguments in the wrong order. First comes the gradient from above, then the input that
    relu had; the other way round, the forward pass is handed back as a gradient."""
    w1, b1, w2, b2 = params
    pre, hidden, logits, grad = _network(x, target, params)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad, hidden, w2, b2)
    _, grad_w1, grad_b1 = linear_backward(relu_backward(pre, grad_hidden), x, w1, b1)
    return cross_entropy(logits, target), (grad_w1, grad_b1, grad_w2, grad_b2)


def loss_and_grads__multiplies_by_relu(x, target, params):
    """The gradient is multiplied by the value of relu. Its derivative is wanted: 1 where the input is positive, else
    0."""
    w1, b1, w2, b2 = params
    _, hidden, logits, grad = _network(x, target, params)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad, hidden, w2, b2)
    _, grad_w1, grad_b1 = linear_backward(hidden * grad_hidden, x, w1, b1)
    return cross_entropy(logits, target), (grad_w1, grad_b1, grad_w2, grad_b2)


def loss_and_grads__uses_what_relu_got(x, target, params):
    """The gradient of w2 is computed with the hidden layer *before* relu. The second layer saw what came out of relu:
    its gradient needs that."""
    pre, _, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(grad, pre, pre, x, params)


def loss_and_grads__wrong_sign(x, target, params):
    """All gradients have the wrong sign. A gradient points to where the loss grows, and it is the optimizer that
    subtracts it."""
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(-grad, pre, hidden, x, params)


def loss_and_grads__divides_by_entries(x, target, params):
    """The gradients are divided by all N·C logits. The loss is a sum over the classes and a mean over the N rows."""
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(grad / logits.shape[1], pre, hidden, x, params)


def loss_and_grads__no_shift(x, target, params):
    """exp of a large logit overflows, and inf/inf is NaN; log of a probability that has become 0 is no better. Use
    `cross_entropy` and its backward: they subtract the row's maximum first."""
    pre, hidden, logits, _ = _network(x, target, params)
    probs = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    loss = -np.log(probs[np.arange(len(x)), target]).mean()
    probs[np.arange(len(x)), target] -= 1
    return loss, _grads(probs / len(x), pre, hidden, x, params)


def loss_and_grads__weights_transposed(x, target, params):
    """The gradients of the weights came out transposed, as if the weights were (in, out). Each gradient has its
    parameter's shape, here (out, in)."""
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), tuple(one.T for one in _grads(grad, pre, hidden, x, params))


def loss_and_grads__last_layer_first(x, target, params):
    """The gradients stand in the order in which they were computed, the last layer first. They are returned in the
    order of the parameters: (grad_w1, grad_b1, grad_w2, grad_b2)."""
    pre, hidden, logits, grad = _network(x, target, params)
    grad_w1, grad_b1, grad_w2, grad_b2 = _grads(grad, pre, hidden, x, params)
    return cross_entropy(logits, target), (grad_w2, grad_b2, grad_w1, grad_b1)


def loss_and_grads__with_grad_x(x, target, params):
    """`linear_backward` gives three gradients, and that of x came along. The inputs are data and are not trained: only
    the four of the parameters are returned."""
    pre, hidden, logits, grad = _network(x, target, params)
    grad_x = relu_backward(grad @ params[2], pre) @ params[0]
    return cross_entropy(logits, target), (grad_x, *_grads(grad, pre, hidden, x, params))


def loss_and_grads__not_nested(x, target, params):
    """Five values in a row are returned. Two are asked for: the loss, and a tuple of the four gradients."""
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), *_grads(grad, pre, hidden, x, params)


_hidden_of = {}


def loss_and_grads__stale_cache(x, target, params):
    """The hidden layer is remembered from an earlier batch of the same shape. Weights and inputs are others in every
    step: compute the forward pass anew, and keep what the way back needs in local variables."""
    pre, hidden, logits, grad = _network(x, target, params)
    pre, hidden = _hidden_of.setdefault((x.shape, hidden.shape), (pre, hidden))
    return cross_entropy(logits, target), _grads(grad, pre, hidden, x, params)


def train_step__climbs(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The learning rate has the wrong sign: this walks uphill, and the loss grows. `adam` subtracts already: give it lr
    as it is."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step, -lr)


def train_step__plain_descent(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """This is plain gradient descent, lr times the gradient. The step asked for is Adam's, which has running averages
    of the gradients and of their squares."""
    loss, grads = _loss_and_grads(x, target, params)
    params = tuple(param - lr * grad for param, grad in zip(params, grads, strict=True))
    return loss, params, exp_avg, exp_avg_sq


def train_step__no_learning_rate(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """lr is not used: `adam` takes its default of 0.001. Hand the learning rate on."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step, 1e-3)


def train_step__loss_after_the_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The loss is computed again after the step. Asked for is the loss *before* it, which comes with the gradients and
    costs nothing more: the first loss of a training then tells whether the start is sane."""
    _, params, exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return _loss_and_grads(x, target, params)[0], params, exp_avg, exp_avg_sq


def train_step__gradients_not_averaged(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The gradients are sums over the batch where means belong. Adam's step hardly shows it, since it divides by the
    gradients' own size, but its state does: both averages come out too large, by N and by N²."""
    loss, grads = _loss_and_grads(x, target, params)
    grads = tuple(len(x) * grad for grad in grads)
    return loss, *_updated(params, grads, exp_avg, exp_avg_sq, step, lr)


def train_step__last_layer_first(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """w2 and b2 are updated before the gradients of the first layer are computed, so these belong to another network.
    Compute all gradients at one point, then move."""
    loss, (_, _, *grads) = _loss_and_grads(x, target, params)
    last = _updated(params[2:], grads, exp_avg[2:], exp_avg_sq[2:], step, lr)
    between = (*params[:2], *last[0])
    _, (*grads, _, _) = _loss_and_grads(x, target, between)
    first = _updated(params[:2], grads, exp_avg[:2], exp_avg_sq[:2], step, lr)
    return loss, *(one + other for one, other in zip(first, last, strict=True))


def train_step__gradients_between_updates(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The gradients are computed anew for each parameter, after the one before it has moved. All of them belong to the
    same point: compute them once, before the loop."""
    loss, _ = _loss_and_grads(x, target, params)
    params, state = list(params), []
    for i in range(len(params)):
        grad = _loss_and_grads(x, target, tuple(params))[1][i]
        params[i], *moments = adam(params[i], grad, exp_avg[i], exp_avg_sq[i], step, lr)
        state.append(moments)
    return loss, tuple(params), *map(tuple, zip(*state, strict=True))


def train_step__step_counted_for_every_parameter(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The number of the step grows from parameter to parameter. It counts the updates of the network: all four
    parameters of one step share it."""
    loss, grads = _loss_and_grads(x, target, params)
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return loss, *zip(*(adam(*one, step + i, lr) for i, one in enumerate(each)), strict=True)


def train_step__step_from_0(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """One is taken from the number of the step. It counts from 1: at 0 Adam's correction divides 0 by 0."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step - 1, lr)


def train_step__one_step_ahead(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """One is added to the number of the step. `step` is the number of this update already, 1 for the first: hand it on
    as it is."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step + 1, lr)


def train_step__no_bias_correction(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Adam's averages are not corrected for their start at 0. The first averages are far too small, that of the squares
    more so, and the first steps come out about three times too long. Divide by 1 - beta**step."""
    loss, grads = _loss_and_grads(x, target, params)
    exp_avg, exp_avg_sq = _moments(grads, exp_avg, exp_avg_sq)
    each = zip(params, exp_avg, exp_avg_sq, strict=True)
    return loss, tuple(param - lr * m / (np.sqrt(v) + 1e-8) for param, m, v in each), exp_avg, exp_avg_sq


def train_step__corrected_state(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The corrected averages are returned as the state, so that they are corrected again in the next step. The
    correction is for this step only: keep the averages as they are."""
    loss, params, exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    exp_avg = tuple(one / (1 - 0.9**step) for one in exp_avg)
    return loss, params, exp_avg, tuple(one / (1 - 0.999**step) for one in exp_avg_sq)


def train_step__no_eps(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Nothing is added to the root. A unit that no row of the batch wakes has gradients of exactly 0, and 0/0 is NaN:
    one dead unit spoils the network. Add eps."""
    return _by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, lambda v, right: np.sqrt(v / right))


def train_step__eps_inside_the_root(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Epsilon is added inside the root, where 1e-8 acts like 1e-4 outside of it: small gradients then hardly move
    anything. Add it to the root."""
    return _by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, lambda v, right: np.sqrt(v / right + 1e-8))


def train_step__keras_epsilon(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """This is Adam as in Keras, which adds 1e-7 to the root of the *uncorrected* average of squares. Here, as in
    PyTorch and in the exercise `optimizer`, eps is 1e-8 and is added to the corrected root."""
    return _by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, lambda v, right: (np.sqrt(v) + 1e-7) / right**0.5)


def train_step__state_not_returned(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The parameters are right, but the state comes back as it was given, so Adam remembers nothing. Return the new
    averages."""
    loss, params, _, _ = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return loss, params, exp_avg, exp_avg_sq


def train_step__moments_exchanged(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The two averages are returned in the wrong order: first that of the gradients, then that of their squares."""
    loss, params, exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return loss, params, exp_avg_sq, exp_avg


def train_step__biases_not_updated(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Only the weights move. The biases are parameters, too: all four are updated."""
    loss, (w1, _, w2, _), exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return loss, (w1, params[1], w2, params[3]), exp_avg, exp_avg_sq


def train_step__by_parameter(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """For each parameter there is a tuple (param, exp_avg, exp_avg_sq). Asked for are three tuples, each of one kind
    for all parameters: turn them with `zip(*…)`."""
    loss, *kinds = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return loss, *zip(*kinds, strict=True)


def train_step__in_place(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The values are right, but the caller's parameters are overwritten (`param -= …`). Whoever still holds the old
    ones, to compare or to start again, holds the new ones now. Make new arrays."""
    loss, new, exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    for param, value in zip(params, new, strict=True):
        param[...] = value
    return loss, params, exp_avg, exp_avg_sq


def train_step__state_in_place(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The values are right, but the caller's averages are overwritten (`exp_avg *= …`). Make new arrays: a state that
    is changed under its owner's hands cannot be started from again."""
    loss, params, *state = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    for old, new in zip((exp_avg, exp_avg_sq), state, strict=True):
        for array, value in zip(old, new, strict=True):
            array[...] = value
    return loss, params, exp_avg, exp_avg_sq


def train__climbs(x, target, params, order, batch_size, lr):
    """The learning rate has the wrong sign: the losses grow from step to step. `train_step` goes down by itself: give
    it lr as it is."""
    return _train(x, target, params, _batches(order, batch_size), -lr)


def train__no_learning_rate(x, target, params, order, batch_size, lr):
    """lr is not used: the steps have Adam's default of 0.001. Hand the learning rate on."""
    return _train(x, target, params, _batches(order, batch_size), 1e-3)


def train__plain_descent(x, target, params, order, batch_size, lr):
    """The weights move by lr times the gradient, which is plain gradient descent. This training has Adam, whose state
    goes from step to step."""
    losses = []
    for batch in _batches(order, batch_size):
        loss, grads = _loss_and_grads(x[batch], target[batch], params)
        params = tuple(param - lr * grad for param, grad in zip(params, grads, strict=True))
        losses.append(loss)
    return np.array(losses, dtype=x.dtype), params


def train__state_reset_every_epoch(x, target, params, order, batch_size, lr):
    """Adam's averages start at 0 again in every epoch. They belong to the whole training: make them once, before the
    first loop."""
    return _train(x, target, params, _batches(order, batch_size), lr, fresh=lambda number, per: number % per == 0)


def train__all_reset_every_epoch(x, target, params, order, batch_size, lr):
    """Each epoch starts a training of its own: averages of 0, and a step that counts from 1. Epochs only say in which
    order the examples come: state and step go on."""
    steps = -(-order.shape[1] // batch_size)
    number = [step % steps + 1 for step in range(steps * len(order))]
    return _train(
        x, target, params, _batches(order, batch_size), lr, steps=number, fresh=lambda number, per: number % per == 0
    )


def train__state_not_handed_on(x, target, params, order, batch_size, lr):
    """Adam's averages are 0 at the start of every step: the new ones are returned, and nobody takes them. Hand them to
    the next step, as the parameters are."""
    return _train(x, target, params, _batches(order, batch_size), lr, fresh=lambda number, per: True)


def train__step_of_the_epoch(x, target, params, order, batch_size, lr):
    """The number of the step starts at 1 in every epoch. It says how many updates the averages have seen, and they go
    on from epoch to epoch: so does it."""
    steps = -(-order.shape[1] // batch_size)
    number = [step % steps + 1 for step in range(steps * len(order))]
    return _train(x, target, params, _batches(order, batch_size), lr, steps=number)


def train__step_is_the_epoch(x, target, params, order, batch_size, lr):
    """The number of the epoch is used as that of the step. Adam counts its updates, and there is one for every
    batch."""
    steps = -(-order.shape[1] // batch_size)
    number = [step // steps + 1 for step in range(steps * len(order))]
    return _train(x, target, params, _batches(order, batch_size), lr, steps=number)


def train__step_always_1(x, target, params, order, batch_size, lr):
    """The number of the step is 1 in every step, so that Adam's averages are always corrected as if they had just
    started: later steps come out too long. Count."""
    return _train(x, target, params, _batches(order, batch_size), lr, steps=[1] * (len(order) * order.shape[1]))


def train__step_from_0(x, target, params, order, batch_size, lr):
    """The steps are counted from 0, where Adam's correction divides 0 by 0: the first update already is NaN. The first
    step has the number 1."""
    return _train(x, target, params, _batches(order, batch_size), lr, steps=range(len(order) * order.shape[1]))


def train__weights_not_handed_on(x, target, params, order, batch_size, lr):
    """Every step starts from the first weights, so nothing is learned. The weights that a step returns are those that
    the next one starts from."""
    first, last = params, params
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses = []
    for number, batch in enumerate(_batches(order, batch_size)):
        loss, last, exp_avg, exp_avg_sq = _train_step(
            x[batch], target[batch], first, exp_avg, exp_avg_sq, number + 1, lr
        )
        losses.append(loss)
    return np.array(losses, dtype=x.dtype), last


def train__first_weights_returned(x, target, params, order, batch_size, lr):
    """The losses are right, but what is returned are the weights from before the training. Return the last ones."""
    return _train(x, target, params, _batches(order, batch_size), lr)[0], params


def train__loss_after_the_step(x, target, params, order, batch_size, lr):
    """The losses are those after each step. Noted is the loss before it, on the weights that the gradients were
    computed at: the first one, near ln C, tells whether the start is sane."""
    batches = list(_batches(order, batch_size))
    weights = [_train(x, target, params, batches[: i + 1], lr)[1] for i in range(len(batches))]
    pairs = zip(batches, weights, strict=True)
    losses = [_loss_and_grads(x[batch], target[batch], one)[0] for batch, one in pairs]
    return np.array(losses, dtype=x.dtype), weights[-1]


def train__one_loss_an_epoch(x, target, params, order, batch_size, lr):
    """There is one loss for each epoch, the mean of its steps. Asked for is the loss of every step: averages can be
    taken later."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return losses.reshape(len(order), -1).mean(axis=1), params


def train__losses_of_the_last_epoch(x, target, params, order, batch_size, lr):
    """The list of losses is made anew in every epoch, so that only those of the last one are left. Make it once, before
    the first loop."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return losses[-(len(losses) // len(order)) :], params


def train__losses_as_a_list(x, target, params, order, batch_size, lr):
    """The losses are returned as a list of single numbers. Asked for is one array, shape (steps,)."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return list(losses), params


def train__losses_in_float64(x, target, params, order, batch_size, lr):
    """The losses have turned into float64: an array of Python floats is one, whatever the numbers came from. Say
    `dtype=x.dtype`."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return np.array([float(loss) for loss in losses]), params


def train__same_order_in_every_epoch(x, target, params, order, batch_size, lr):
    """Every epoch takes the order of the first. Other batches in every epoch keep the network from learning the company
    that a row always comes in: epoch e has order[e]."""
    return _train(x, target, params, _batches(order[:1].repeat(len(order), axis=0), batch_size), lr)


def train__order_ignored(x, target, params, order, batch_size, lr):
    """The rows are taken as they stand in x; `order` only says how many epochs there are. Batch b of an epoch is
    x[rows[b·batch_size : …]], with that epoch's row numbers."""
    rows = np.arange(len(x))[None].repeat(len(order), axis=0)
    return _train(x, target, params, _batches(rows, batch_size), lr)


def train__shuffled_apart(x, target, params, order, batch_size, lr):
    """The rows of x are taken in the order of the epoch, the labels as they stand: each image gets somebody else's
    label, and the best that can be learned is how frequent the labels are. Index both with the same row numbers."""
    plain = _batches(np.arange(len(x))[None].repeat(len(order), axis=0), batch_size)
    return _train(x, target, params, _batches(order, batch_size), lr, labels=plain)


def train__inverse_order(x, target, params, order, batch_size, lr):
    """The order is turned round: order[e][i] is taken for the place of row i. It is the row that comes at place i:
    index with it, without argsort."""
    return _train(x, target, params, _batches(order.argsort(axis=1), batch_size), lr)


def train__orders_pile_up(x, target, params, order, batch_size, lr):
    """Each epoch shuffles what the epoch before has shuffled already (`x = x[rows]`). The row numbers are those of x as
    it was given: keep it, and give the shuffled one another name."""
    rows, piled = np.arange(len(x)), []
    for one in order:
        rows = rows[one]
        piled.append(rows)
    return _train(x, target, params, _batches(np.stack(piled), batch_size), lr)


def train__short_batch_dropped(x, target, params, order, batch_size, lr):
    """The short last batch of an epoch is left out. Some rows are then not learned from in this epoch, and with fewer
    rows than batch_size nothing happens at all: a slice may end early, and so may the last batch."""
    full = [batch for batch in _batches(order, batch_size) if len(batch) == batch_size]
    return _train(x, target, params, full, lr)


def train__short_batch_divided_by_batch_size(x, target, params, order, batch_size, lr):
    """The sums over the short last batch are divided by batch_size, so its loss and its gradients come out too small.
    The mean is over the rows that this batch has: divide by their number."""
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses = []
    for number, batch in enumerate(_batches(order, batch_size)):
        loss, grads = _loss_and_grads(x[batch], target[batch], params)
        grads = tuple(len(batch) / batch_size * grad for grad in grads)
        params, exp_avg, exp_avg_sq = _updated(params, grads, exp_avg, exp_avg_sq, number + 1, lr)
        losses.append(len(batch) / batch_size * loss)
    return np.array(losses, dtype=x.dtype), params


def train__short_batch_filled_up(x, target, params, order, batch_size, lr):
    """The last batch is filled up with rows from the end of the batch before it, so that these count twice in the
    epoch. Take what is left, however few rows these are."""
    batches = [
        rows[max(min(start, len(rows) - batch_size), 0) : start + batch_size]
        for rows in order
        for start in range(0, len(rows), batch_size)
    ]
    return _train(x, target, params, batches, lr)


def train__one_batch_an_epoch(x, target, params, order, batch_size, lr):
    """batch_size is not used: each epoch is one step on all rows. Many small steps learn faster than few exact ones:
    cut the epoch into batches."""
    return _train(x, target, params, order, lr)


def train__rows_one_by_one(x, target, params, order, batch_size, lr):
    """batch_size is not used: every row makes a step of its own. A batch is several rows, whose gradients are averaged
    in one step."""
    return _train(x, target, params, _batches(order, 1), lr)


def train__only_the_first_epoch(x, target, params, order, batch_size, lr):
    """Only the first epoch is trained: a `return` that stands too far in, or a loop over order[0]. There are as many
    epochs as order has rows."""
    return _train(x, target, params, _batches(order[:1], batch_size), lr)


def train__batches_outside(x, target, params, order, batch_size, lr):
    """The two loops are exchanged: the same batch is taken from all epochs before the next batch comes. An epoch is
    once through all the data: the loop over epochs is the outer one."""
    batches = list(_batches(order, batch_size))
    steps = len(batches) // len(order)
    return _train(x, target, params, [batches[e * steps + i] for i in range(steps) for e in range(len(order))], lr)


def train__shared_zeros(x, target, params, order, batch_size, lr):
    """Both averages of Adam start as the same arrays, and are changed in place, so that each update of one spoils the
    other. Arrays that are written to need memory of their own; or make new ones in each step."""
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses = []
    for number, batch in enumerate(_batches(order, batch_size)):
        loss, grads = _loss_and_grads(x[batch], target[batch], params)
        for m, grad in zip(exp_avg, grads, strict=True):
            m[...] = 0.9 * m + 0.1 * grad
            m[...] = 0.999 * m + 0.001 * grad**2
        each = zip(params, exp_avg, exp_avg_sq, strict=True)
        params = tuple(_moved(param, m, v, number + 1, lr) for param, m, v in each)
        losses.append(loss)
    return np.array(losses, dtype=x.dtype), params


def train__in_place(x, target, params, order, batch_size, lr):
    """The values are right, but the training writes into the first weights, which belong to the caller: a list or a
    tuple of arrays is copied without its arrays. Whoever starts a second training from them starts from the end of the
    first. Make new arrays in each step, or copy each once."""
    losses, last = _train(x, target, params, _batches(order, batch_size), lr)
    for param, value in zip(params, last, strict=True):
        param[...] = value
    return losses, params


def train__shuffles_in_place(x, target, params, order, batch_size, lr):
    """The values are right, but the caller's x and target are shuffled in place. Index into a new array: `x[rows]`."""
    losses, last = _train(x, target, params, _batches(order, batch_size), lr)
    x[...], target[...] = x[order[-1]], target[order[-1]]
    return losses, last


def accuracy__over_the_wrong_axis(x, target, params):
    """argmax goes down the batch: it finds, for each class, the row that likes it best. Asked for is the best class of
    each row, along the last axis."""
    return float((_forward(x, params).argmax(axis=0) == target).mean())


def accuracy__of_everything(x, target, params):
    """argmax without an axis gives one number, a place in the flattened array. Asked for is the best class of each row,
    along the last axis."""
    return float((_forward(x, params).argmax() == target).mean())


def accuracy__count(x, target, params):
    """This is the number of examples that are right. Asked for is their fraction: divide by N."""
    return float((_forward(x, params).argmax(axis=-1) == target).sum())


def accuracy__percent(x, target, params):
    """This is in percent. Asked for is the fraction, from 0 to 1."""
    return 100 * _accuracy(x, target, params)


def accuracy__error_rate(x, target, params):
    """This is the fraction that is wrong. Asked for is the fraction that is right: `==`, or 1 minus this."""
    return 1 - _accuracy(x, target, params)


def accuracy__smallest_logit(x, target, params):
    """The smallest logit is looked for. The network's answer is the class of the largest: argmax."""
    return float((_forward(x, params).argmin(axis=-1) == target).mean())


def accuracy__whole_number(x, target, params):
    """The fraction is rounded down to a whole number (`//` or int): it is 1 if all are right, else 0. Divide with
    `/`."""
    return float(int(_accuracy(x, target, params)))


def accuracy__divides_by_classes(x, target, params):
    """What is right is divided by the number of classes. Divide by the number of examples."""
    return len(x) * _accuracy(x, target, params) / len(params[3])


def accuracy__compares_logits(x, target, params):
    """The largest *logit* is compared with the label, where its place is meant: argmax, not max."""
    return float((_forward(x, params).max(axis=-1) == target).mean())


def accuracy__probability_of_the_label(x, target, params):
    """This is the mean probability of the right class. Accuracy counts: a row is right if its largest logit is that of
    its class, however sure the network is."""
    return float(_softmax(_forward(x, params))[np.arange(len(x)), target].mean())


def accuracy__no_shift(x, target, params):
    """Softmax of large logits overflows to NaN, and argmax takes the first NaN for the largest. Softmax changes no
    order: the largest logit can be found in the logits."""
    logits = _forward(x, params)
    probs = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return float((probs.argmax(axis=-1) == target).mean())


def _softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _forward(x, params):
    w1, b1, w2, b2 = params
    return linear(relu(linear(x, w1, b1)), w2, b2)


def _accuracy(x, target, params):
    return float((_forward(x, params).argmax(axis=-1) == target).mean())


def _network(x, target, params):
    """Return the hidden layer before and after relu, the logits, and their gradient, rightly."""
    w1, b1, w2, b2 = params
    pre = linear(x, w1, b1)
    logits = linear(relu(pre), w2, b2)
    return pre, relu(pre), logits, cross_entropy_backward(1.0, logits, target)


def _grads(grad, pre, hidden, x, params):
    """Return the gradients of the four parameters, rightly, from that of the logits and the forward's values."""
    w1, b1, w2, b2 = params
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad, hidden, w2, b2)
    _, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, pre), x, w1, b1)
    return grad_w1, grad_b1, grad_w2, grad_b2


def _loss_and_grads(x, target, params):
    pre, hidden, logits, grad = _network(x, target, params)
    return cross_entropy(logits, target), _grads(grad, pre, hidden, x, params)


def _updated(params, grads, exp_avg, exp_avg_sq, step, lr):
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return tuple(zip(*(adam(*one, step, lr) for one in each), strict=True))


def _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = _loss_and_grads(x, target, params)
    return loss, *_updated(params, grads, exp_avg, exp_avg_sq, step, lr)


def _moments(grads, exp_avg, exp_avg_sq):
    firsts = tuple(0.9 * m + (1 - 0.9) * grad for m, grad in zip(exp_avg, grads, strict=True))
    return firsts, tuple(0.999 * v + (1 - 0.999) * grad**2 for v, grad in zip(exp_avg_sq, grads, strict=True))


def _moved(param, m, v, step, lr):
    return param - lr * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)


def _by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, root):
    """Return a step of Adam whose denominator is made by ``root`` of the average and its correction."""
    loss, grads = _loss_and_grads(x, target, params)
    exp_avg, exp_avg_sq = _moments(grads, exp_avg, exp_avg_sq)
    each = zip(params, exp_avg, exp_avg_sq, strict=True)
    moved = (param - lr * (m / (1 - 0.9**step)) / root(v, 1 - 0.999**step) for param, m, v in each)
    return loss, tuple(moved), exp_avg, exp_avg_sq


def _batches(order, batch_size):
    for rows in order:
        for start in range(0, len(rows), batch_size):
            yield rows[start : start + batch_size]


def _train(x, target, params, batches, lr, *, labels=None, steps=None, fresh=lambda number, per: number == 0):
    """Train on these batches of row numbers.

    Args:
        labels: the row numbers of the labels, where they are others.
        steps: the numbers of the steps, where they do not count from 1.
        fresh: whether Adam starts anew before a step, by its number from 0 and the number of steps in an epoch.
    """
    batches = list(batches)
    labels = batches if labels is None else list(labels)
    per = next((i + 1 for i in range(len(batches)) if sum(map(len, batches[: i + 1])) >= len(x)), 1)
    numbers = range(1, len(batches) + 1) if steps is None else steps
    losses = []
    for i, (batch, own) in enumerate(zip(batches, labels, strict=True)):
        if fresh(i, per) or i == 0:
            exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
        loss, params, exp_avg, exp_avg_sq = _train_step(
            x[batch], target[own], params, exp_avg, exp_avg_sq, numbers[i], lr
        )
        losses.append(loss)
    return np.array(losses, dtype=x.dtype), params

"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch
import torch.nn.functional as F
from mlp_library_torch import adam, cross_entropy, linear, relu
from torch import nn


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
    return torch.softmax(_forward(x, params), dim=-1)


def forward__weights_not_transposed(x, params):
    """The weights are used as if they were (in, out). They are (out, in), a row for each output, as in nn.Linear:
    `linear` knows that, and by hand it is `x @ w1.T`."""
    w1, b1, w2, b2 = params
    return relu(x @ w1 + b1) @ w2 + b2


def forward__left_the_graph(x, params):
    """The values are right, but the result is cut off from autograd's graph: `.detach()`, `.data`, `no_grad` or
    `torch.tensor(…)` stands in between. Return the tensor as it was computed; `no_grad` is for use, not for
    training."""
    return _forward(x, params).detach()


def forward__hidden_left_the_graph(x, params):
    """The values are right, but the hidden layer is detached: the last layer learns, and no gradient reaches the
    first."""
    w1, b1, w2, b2 = params
    return linear(relu(linear(x, w1, b1)).detach(), w2, b2)


def loss_and_grads__softmax_twice(x, target, params):
    """Softmax is applied before `cross_entropy`, which has a softmax of its own: it takes logits. Of probabilities
    between 0 and 1 it makes nearly equal ones, so the loss stays high and learning is slow."""
    leaves = _leaves(params)
    return _differentiated(cross_entropy(torch.softmax(_forward(x, leaves), dim=-1), target), leaves)


def loss_and_grads__summed(x, target, params):
    """Loss and gradients are sums over the batch. Asked for is the mean (`reduction="mean"`, the default), or steps
    grow with the batch, and the losses of a short last batch cannot be compared with the others."""
    leaves = _leaves(params)
    return _differentiated(len(x) * cross_entropy(_forward(x, leaves), target), leaves)


def loss_and_grads__loss_summed(x, target, params):
    """The gradients are right, but the loss is the sum over the rows. Both belong to the mean: divide the loss by N
    too."""
    loss, grads = _loss_and_grads(x, target, params)
    return len(x) * loss, grads


def loss_and_grads__averaged_twice(x, target, params):
    """The gradients are divided by N, and the loss that they are those of was a mean already. Differentiate the mean,
    and leave the rest to autograd."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, tuple(grad / len(x) for grad in grads)


def loss_and_grads__divides_by_entries(x, target, params):
    """Loss and gradients are divided by all N·C logits: a mean over the whole table of -onehot·log p. The loss is a sum
    over the classes and a mean over the N rows."""
    leaves = _leaves(params)
    logits = _forward(x, leaves)
    return _differentiated(cross_entropy(logits, target) / logits.shape[1], leaves)


def loss_and_grads__wrong_sign(x, target, params):
    """All gradients have the wrong sign. A gradient points to where the loss grows, and it is the optimizer that
    subtracts it."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, tuple(-grad for grad in grads)


def loss_and_grads__gradients_pile_up(x, target, params):
    """`backward()` *adds* to what is in `.grad`. Asked a second time with the same parameters, the gradients are those
    of both batches. Use `torch.autograd.grad`, which leaves `.grad` alone, or leaves of your own in every call."""
    for param in params:
        param.requires_grad_()
    loss = cross_entropy(_forward(x, params), target)
    loss.backward()
    return loss.detach(), tuple(param.grad for param in params)


def loss_and_grads__loss_with_its_graph(x, target, params):
    """The loss is returned as a part of its graph. Whoever collects the losses keeps the graphs of all steps, and
    memory grows until there is none: return `loss.detach()`."""
    leaves = _leaves(params)
    loss = cross_entropy(_forward(x, leaves), target)
    return loss, torch.autograd.grad(loss, leaves)


def loss_and_grads__no_shift(x, target, params):
    """exp of a large logit overflows, and inf/inf is NaN; log of a probability that has become 0 is no better. Give
    `cross_entropy` the logits: it subtracts the row's maximum first."""
    leaves = _leaves(params)
    logits = _forward(x, leaves)
    probs = torch.exp(logits) / torch.exp(logits).sum(dim=-1, keepdim=True)
    return _differentiated(-torch.log(probs[torch.arange(len(x)), target]).mean(), leaves)


def loss_and_grads__epsilon_in_the_logarithm(x, target, params):
    """The logarithm gets an epsilon, so that it is never infinite. That changes every loss a little, and a row that is
    very wrong gets no gradient, where it needs it most. Give `cross_entropy` the logits: it needs no epsilon."""
    leaves = _leaves(params)
    probs = torch.softmax(_forward(x, leaves), dim=-1)
    return _differentiated(-torch.log(probs[torch.arange(len(x)), target] + 1e-7).mean(), leaves)


def loss_and_grads__last_layer_first(x, target, params):
    """The gradients stand with the last layer first. They are returned in the order of the parameters: (grad_w1,
    grad_b1, grad_w2, grad_b2)."""
    loss, (grad_w1, grad_b1, grad_w2, grad_b2) = _loss_and_grads(x, target, params)
    return loss, (grad_w2, grad_b2, grad_w1, grad_b1)


def loss_and_grads__with_grad_x(x, target, params):
    """The gradient of x came along. The inputs are data and are not trained: only the four gradients of the parameters
    are returned."""
    given = x.detach().requires_grad_()
    loss, grads = _loss_and_grads(x, target, params)
    return loss, (torch.autograd.grad(cross_entropy(_forward(given, params), target), given)[0], *grads)


def loss_and_grads__not_nested(x, target, params):
    """Five values in a row are returned. Two are asked for: the loss, and a tuple of the four gradients."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, *grads


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
    return loss, tuple(param - lr * m / (torch.sqrt(v) + 1e-8) for param, m, v in each), exp_avg, exp_avg_sq


def train_step__corrected_state(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The corrected averages are returned as the state, so that they are corrected again in the next step. The
    correction is for this step only: keep the averages as they are."""
    loss, params, exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    exp_avg = tuple(one / (1 - 0.9**step) for one in exp_avg)
    return loss, params, exp_avg, tuple(one / (1 - 0.999**step) for one in exp_avg_sq)


def train_step__no_eps(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Nothing is added to the root. A unit that no row of the batch wakes has gradients of exactly 0, and 0/0 is NaN:
    one dead unit spoils the network. Add eps."""
    return _by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, lambda v, right: torch.sqrt(v / right))


def train_step__eps_inside_the_root(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Epsilon is added inside the root, where 1e-8 acts like 1e-4 outside of it: small gradients then hardly move
    anything. Add it to the root."""
    return _by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr, lambda v, right: torch.sqrt(v / right + 1e-8))


def train_step__keras_epsilon(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """This is Adam as in Keras, which adds 1e-7 to the root of the *uncorrected* average of squares. Here, as in
    PyTorch and in the exercise `optimizer`, eps is 1e-8 and is added to the corrected root."""
    return _by_hand(
        x, target, params, exp_avg, exp_avg_sq, step, lr, lambda v, right: (torch.sqrt(v) + 1e-7) / right**0.5
    )


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
    """The values are right, but the caller's parameters are overwritten (`param -= …`, `param.copy_(…)`), as
    torch.optim does. Here the old ones must stay: somebody may hold them, to compare or to start again. Make new
    tensors."""
    loss, new, exp_avg, exp_avg_sq = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    for param, value in zip(params, new, strict=True):
        param.copy_(value)
    return loss, params, exp_avg, exp_avg_sq


def train_step__state_in_place(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The values are right, but the caller's averages are overwritten (`exp_avg.mul_(…)`). Make new tensors: a state
    that is changed under its owner's hands cannot be started from again."""
    loss, params, *state = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    for old, new in zip((exp_avg, exp_avg_sq), state, strict=True):
        for tensor, value in zip(old, new, strict=True):
            tensor.copy_(value)
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
    return torch.stack(losses), params


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
    exp_avg = exp_avg_sq = tuple(torch.zeros_like(param) for param in params)
    losses = []
    for number, batch in enumerate(_batches(order, batch_size)):
        loss, last, exp_avg, exp_avg_sq = _train_step(
            x[batch], target[batch], first, exp_avg, exp_avg_sq, number + 1, lr
        )
        losses.append(loss)
    return torch.stack(losses), last


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
    return torch.stack(losses), weights[-1]


def train__one_loss_an_epoch(x, target, params, order, batch_size, lr):
    """There is one loss for each epoch, the mean of its steps. Asked for is the loss of every step: averages can be
    taken later."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return losses.reshape(len(order), -1).mean(dim=1), params


def train__losses_of_the_last_epoch(x, target, params, order, batch_size, lr):
    """The list of losses is made anew in every epoch, so that only those of the last one are left. Make it once, before
    the first loop."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return losses[-(len(losses) // len(order)) :], params


def train__losses_as_a_list(x, target, params, order, batch_size, lr):
    """The losses are returned as a list of single numbers. Asked for is one tensor, shape (steps,): `torch.stack`."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return list(losses), params


def train__losses_in_float64(x, target, params, order, batch_size, lr):
    """The losses have turned into float64: `loss.double()`, or a NumPy array of Python floats on the way. Stack the
    0-d tensors: their dtype stays."""
    losses, params = _train(x, target, params, _batches(order, batch_size), lr)
    return torch.tensor([float(loss) for loss in losses], dtype=torch.float64), params


def train__same_order_in_every_epoch(x, target, params, order, batch_size, lr):
    """Every epoch takes the order of the first. Other batches in every epoch keep the network from learning the company
    that a row always comes in: epoch e has order[e]."""
    return _train(x, target, params, _batches(order[:1].repeat(len(order), 1), batch_size), lr)


def train__order_ignored(x, target, params, order, batch_size, lr):
    """The rows are taken as they stand in x; `order` only says how many epochs there are. Batch b of an epoch is
    x[rows[b·batch_size : …]], with that epoch's row numbers."""
    rows = torch.arange(len(x)).repeat(len(order), 1)
    return _train(x, target, params, _batches(rows, batch_size), lr)


def train__shuffled_apart(x, target, params, order, batch_size, lr):
    """The rows of x are taken in the order of the epoch, the labels as they stand: each image gets somebody else's
    label, and the best that can be learned is how frequent the labels are. Index both with the same row numbers."""
    plain = _batches(torch.arange(len(x)).repeat(len(order), 1), batch_size)
    return _train(x, target, params, _batches(order, batch_size), lr, labels=plain)


def train__inverse_order(x, target, params, order, batch_size, lr):
    """The order is turned round: order[e][i] is taken for the place of row i. It is the row that comes at place i:
    index with it, without argsort."""
    return _train(x, target, params, _batches(order.argsort(dim=1), batch_size), lr)


def train__orders_pile_up(x, target, params, order, batch_size, lr):
    """Each epoch shuffles what the epoch before has shuffled already (`x = x[rows]`). The row numbers are those of x as
    it was given: keep it, and give the shuffled one another name."""
    rows, piled = torch.arange(len(x)), []
    for one in order:
        rows = rows[one]
        piled.append(rows)
    return _train(x, target, params, _batches(torch.stack(piled), batch_size), lr)


def train__short_batch_dropped(x, target, params, order, batch_size, lr):
    """The short last batch of an epoch is left out. Some rows are then not learned from in this epoch, and with fewer
    rows than batch_size nothing happens at all: a slice may end early, and so may the last batch."""
    full = [batch for batch in _batches(order, batch_size) if len(batch) == batch_size]
    return _train(x, target, params, full, lr)


def train__short_batch_divided_by_batch_size(x, target, params, order, batch_size, lr):
    """The sums over the short last batch are divided by batch_size, so its loss and its gradients come out too small.
    The mean is over the rows that this batch has: divide by their number."""
    exp_avg = exp_avg_sq = tuple(torch.zeros_like(param) for param in params)
    losses = []
    for number, batch in enumerate(_batches(order, batch_size)):
        loss, grads = _loss_and_grads(x[batch], target[batch], params)
        grads = tuple(len(batch) / batch_size * grad for grad in grads)
        params, exp_avg, exp_avg_sq = _updated(params, grads, exp_avg, exp_avg_sq, number + 1, lr)
        losses.append(len(batch) / batch_size * loss)
    return torch.stack(losses), params


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
    """Both averages of Adam start as the same tensors, and are changed in place, so that each update of one spoils the
    other. Tensors that are written to need memory of their own; or make new ones in each step."""
    exp_avg = exp_avg_sq = tuple(torch.zeros_like(param) for param in params)
    losses = []
    for number, batch in enumerate(_batches(order, batch_size)):
        loss, grads = _loss_and_grads(x[batch], target[batch], params)
        for m, grad in zip(exp_avg, grads, strict=True):
            m[...] = 0.9 * m + 0.1 * grad
            m[...] = 0.999 * m + 0.001 * grad**2
        each = zip(params, exp_avg, exp_avg_sq, strict=True)
        params = tuple(_moved(param, m, v, number + 1, lr) for param, m, v in each)
        losses.append(loss)
    return torch.stack(losses), params


def train__losses_with_their_graphs(x, target, params, order, batch_size, lr):
    """The losses are right, but each is a part of its graph, and all graphs of the training stay in memory: it grows
    with every step. Note `loss.detach()`, or `loss.item()`."""
    losses, last = _train(x, target, params, _batches(order, batch_size), lr)
    (first,) = _leaves(params[:1])
    return losses + 0 * first.sum(), last


def train__in_place(x, target, params, order, batch_size, lr):
    """The values are right, but the training writes into the first weights, which belong to the caller: `list(params)`
    copies a tuple without its tensors. Whoever starts a second training from them starts from the end of the first.
    Make new tensors in each step, or clone each once."""
    losses, last = _train(x, target, params, _batches(order, batch_size), lr)
    for param, value in zip(params, last, strict=True):
        param.copy_(value)
    return losses, params


def accuracy__over_the_wrong_dimension(x, target, params):
    """argmax goes down the batch: it finds, for each class, the row that likes it best. Asked for is the best class of
    each row, along the last dimension."""
    return (_forward(x, params).argmax(dim=0) == target).double().mean().item()


def accuracy__of_everything(x, target, params):
    """argmax without a dimension gives one number, a place in the flattened tensor. Asked for is the best class of each
    row, along the last dimension."""
    return (_forward(x, params).argmax() == target).double().mean().item()


def accuracy__count(x, target, params):
    """This is the number of examples that are right. Asked for is their fraction: divide by N."""
    return float((_forward(x, params).argmax(dim=-1) == target).sum())


def accuracy__percent(x, target, params):
    """This is in percent. Asked for is the fraction, from 0 to 1."""
    return 100 * _accuracy(_forward(x, params), target)


def accuracy__error_rate(x, target, params):
    """This is the fraction that is wrong. Asked for is the fraction that is right: `==`, or 1 minus this."""
    return 1 - _accuracy(_forward(x, params), target)


def accuracy__smallest_logit(x, target, params):
    """The smallest logit is looked for. The network's answer is the class of the largest: argmax."""
    return _accuracy(-_forward(x, params), target)


def accuracy__whole_number(x, target, params):
    """The fraction is rounded down to a whole number (`//` or int): it is 1 if all are right, else 0. Divide with
    `/`."""
    return float(int(_accuracy(_forward(x, params), target)))


def accuracy__divides_by_classes(x, target, params):
    """What is right is divided by the number of classes. Divide by the number of examples."""
    return len(x) * _accuracy(_forward(x, params), target) / len(params[3])


def accuracy__compares_logits(x, target, params):
    """The largest *logit* is compared with the label, where its place is meant: argmax, or the second of the two
    tensors that `max(dim=-1)` gives."""
    return (_forward(x, params).max(dim=-1).values == target).double().mean().item()


def accuracy__no_shift(x, target, params):
    """Softmax of large logits overflows to NaN, and argmax takes the first NaN for the largest. Softmax changes no
    order: the largest logit can be found in the logits."""
    logits = _forward(x, params)
    return _accuracy(torch.exp(logits) / torch.exp(logits).sum(dim=-1, keepdim=True), target)


class MLP__no_bias(nn.Module):
    """The layers have no biases. `nn.Linear` has one unless it is told otherwise, and each layer adds its own."""

    def __init__(self, features, hidden, classes):
        super().__init__()
        self.hidden, self.out = nn.Linear(features, hidden, bias=False), nn.Linear(hidden, classes, bias=False)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


class _Two(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.hidden, self.out = nn.Linear(features, hidden), nn.Linear(hidden, classes)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


class MLP__no_relu(_Two):
    """There is no relu between the layers. Without it two linear layers are one linear layer, however wide."""

    def forward(self, x):
        return self.out(self.hidden(x))


class MLP__relu_at_the_end(_Two):
    """relu is applied to the logits too. They may be negative: classes that are clipped to 0 can no longer be told
    apart, and get no gradient. The last layer stays linear."""

    def forward(self, x):
        return F.relu(super().forward(x))


class MLP__relu_only_at_the_end(_Two):
    """relu stands after the last layer, where none belongs, and not between the two, where it is needed."""

    def forward(self, x):
        return F.relu(self.out(self.hidden(x)))


class MLP__softmax(_Two):
    """The module ends with a softmax. It returns logits: `F.cross_entropy` takes these and has a softmax of its own."""

    def forward(self, x):
        return F.softmax(super().forward(x), dim=-1)


class MLP__log_softmax(_Two):
    """The module ends with log_softmax, which belongs to `nll_loss`. It returns logits: `F.cross_entropy` does both."""

    def forward(self, x):
        return F.log_softmax(super().forward(x), dim=-1)


class MLP__sigmoid(_Two):
    """The hidden layer goes through a sigmoid. This network has relu there."""

    def forward(self, x):
        return self.out(torch.sigmoid(self.hidden(x)))


class MLP__hidden_bias_not_used(_Two):
    """The parameters are there, but the bias of the hidden layer is not used. Call the layers: they add their
    biases."""

    def forward(self, x):
        return self.out(F.relu(x @ self.hidden.weight.T))


class MLP__last_layer_first(nn.Module):
    """The last layer is made before the hidden one. The forward is right, but `parameters()` gives them in the order in
    which they were set: make the layers in the order of the way through the network."""

    def __init__(self, features, hidden, classes):
        super().__init__()
        self.out, self.hidden = nn.Linear(hidden, classes), nn.Linear(features, hidden)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


class MLP__sizes_exchanged(_Two):
    """Features and hidden units are exchanged in the first layer. `nn.Linear(in_features, out_features)` takes what
    comes in first."""

    def __init__(self, features, hidden, classes):
        super().__init__(hidden, features, classes)


class MLP__layers_in_a_list(nn.Module):
    """The layers lie in a plain list, where a module does not see them: `parameters()` is empty, an optimizer finds
    nothing to train, and `.to(device)` moves nothing. Set each as an attribute, or use `nn.Sequential` or
    `nn.ModuleList`."""

    def __init__(self, features, hidden, classes):
        super().__init__()
        self.layers = [nn.Linear(features, hidden), nn.Linear(hidden, classes)]

    def forward(self, x):
        return self.layers[1](F.relu(self.layers[0](x)))


class MLP__one_layer(nn.Module):
    """There is one linear layer only, from features to classes. The network has a hidden layer in between."""

    def __init__(self, features, hidden, classes):
        super().__init__()
        self.out = nn.Linear(features, classes)

    def forward(self, x):
        return self.out(x)


class MLP__left_the_graph(_Two):
    """The values are right, but the result is cut off from autograd's graph: `no_grad`, `.detach()` or `.data` stands
    in `forward`. Whether gradients are wanted is for the caller to say."""

    def forward(self, x):
        return super().forward(x).detach()


class MLP__hidden_left_the_graph(_Two):
    """The values are right, but the hidden layer is detached: the last layer learns, and no gradient reaches the
    first."""

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)).detach())


class MLP__without_super(nn.Module):
    """`super().__init__()` is missing: a module cannot take in layers before it has made room for them. Call it
    first."""

    def __init__(self, features, hidden, classes):
        self.hidden, self.out = nn.Linear(features, hidden), nn.Linear(hidden, classes)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


def update__no_zero_grad(model, optimizer, x, target):
    """`zero_grad` is missing: `backward()` adds to the gradients of all batches before, and the step follows their sum.
    Call `optimizer.zero_grad()` before `backward()`."""
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    optimizer.step()
    return loss.item()


def update__zero_grad_at_the_end(model, optimizer, x, target):
    """`zero_grad` comes after the step. From the second step on that is as good, but what was left on the parameters
    before the first one is still added. Put it before `backward()`."""
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def update__step_before_backward(model, optimizer, x, target):
    """The step comes before `backward()`, so it follows the gradients of the batch before, or none. The order is
    zero_grad, backward, step."""
    loss = F.cross_entropy(model(x), target)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def update__no_backward(model, optimizer, x, target):
    """`backward()` is missing, so there are no gradients of this batch: the step follows those that somebody has
    left."""
    loss = F.cross_entropy(model(x), target)
    optimizer.step()
    return loss.item()


def update__nothing_moves(model, optimizer, x, target):
    """Nothing moves. `optimizer.step()` is missing, or `zero_grad` stands between `backward()` and the step and throws
    the new gradients away. The order is zero_grad, backward, step."""
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    return loss.item()


def update__softmax_twice(model, optimizer, x, target):
    """Softmax is applied before `F.cross_entropy`, which has a softmax of its own: it takes logits. The loss stays
    high, and learning is slow."""
    return _update(optimizer, lambda: F.cross_entropy(model(x).softmax(dim=-1), target))


def update__summed(model, optimizer, x, target):
    """The loss is summed over the batch, so that a step grows with the number of rows. Take the mean, which is the
    default of `F.cross_entropy`."""
    return _update(optimizer, lambda: F.cross_entropy(model(x), target, reduction="sum"))


def update__climbs(model, optimizer, x, target):
    """The sign of the loss is turned round, so the step goes uphill. The optimizer subtracts by itself: call
    `backward()` on the loss as it is."""
    return -_update(optimizer, lambda: -F.cross_entropy(model(x), target))


def update__loss_after_the_step(model, optimizer, x, target):
    """The loss is computed again after the step. Asked for is the loss before it, which is there already and costs
    nothing more."""
    _update(optimizer, lambda: F.cross_entropy(model(x), target))
    return F.cross_entropy(model(x), target).item()


def update__loss_is_a_tensor(model, optimizer, x, target):
    """The loss is returned as a tensor, with its graph: whoever adds up such losses keeps the graphs of all steps, and
    memory grows until there is none. Return `loss.item()`, a Python number."""
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    optimizer.step()
    return loss


def update__two_steps(model, optimizer, x, target):
    """Two steps are taken with one gradient. The optimizer's step is called once for each batch."""
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.item()


def update__own_optimizer(model, optimizer, x, target):
    """A new Adam is made in every step, and the optimizer that was given is not used. Its kind and its learning rate
    are the caller's choice, and a new one has forgotten its state: use what was given."""
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():  # the first step of torch.optim.Adam, by hand: importing that takes a second
            param -= 1e-3 * param.grad / (param.grad.abs() + 1e-8)
    return loss.item()


def evaluate__no_eval(model, x, target):
    """`model.eval()` is missing: dropout still drops, and batch normalization still normalizes by the batch. Call it
    before the model."""
    with torch.no_grad():
        return _accuracy(model(x), target)


def evaluate__eval_too_late(model, x, target):
    """`model.eval()` comes after the model was called, so the answers are those of training. The mode must be set
    before."""
    with torch.no_grad():
        logits = model(x)
    model.eval()
    return _accuracy(logits, target)


def evaluate__no_no_grad(model, x, target):
    """A graph is built that nobody needs: it takes time, and on large data all memory. Call the model in a
    `with torch.no_grad():`; `eval()` does not do that, and detaching afterwards comes too late."""
    model.eval()
    right = _accuracy(model(x), target)
    model.train()
    return right


def evaluate__neither(model, x, target):
    """Neither `model.eval()` nor `torch.no_grad()`: the model answers as in training, and builds a graph besides. They
    are two different things, and both are needed."""
    return _accuracy(model(x), target)


def evaluate__left_in_evaluation(model, x, target):
    """The model is left in evaluation mode: the training that goes on afterwards has no dropout any more. Call
    `model.train()` at the end."""
    model.eval()
    with torch.no_grad():
        return _accuracy(model(x), target)


def evaluate__gradients_left_off(model, x, target):
    """Gradients are switched off for good (`torch.set_grad_enabled(False)`), so that the next `backward()` of the
    training fails. `with torch.no_grad():` switches them on again at its end."""
    model.eval()
    torch.set_grad_enabled(False)
    right = _accuracy(model(x), target)
    model.train()
    return right


def evaluate__over_the_wrong_dimension(model, x, target):
    """argmax goes down the batch: it finds, for each class, the row that likes it best. Asked for is the best class of
    each row, along the last dimension."""
    return _evaluated(model, x, lambda logits: (logits.argmax(dim=0) == target).double().mean().item())


def evaluate__count(model, x, target):
    """This is the number of examples that are right. Asked for is their fraction: divide by N."""
    return _evaluated(model, x, lambda logits: float((logits.argmax(dim=-1) == target).sum()))


def evaluate__percent(model, x, target):
    """This is in percent. Asked for is the fraction, from 0 to 1."""
    return _evaluated(model, x, lambda logits: 100 * _accuracy(logits, target))


def evaluate__error_rate(model, x, target):
    """This is the fraction that is wrong. Asked for is the fraction that is right."""
    return _evaluated(model, x, lambda logits: 1 - _accuracy(logits, target))


def evaluate__loss(model, x, target):
    """This is the loss. Asked for is the fraction of the examples whose largest logit is that of their class."""
    return _evaluated(model, x, lambda logits: F.cross_entropy(logits, target).item())


def _evaluated(model, x, score):
    model.eval()
    with torch.no_grad():
        found = score(model(x))
    model.train()
    return found


def _update(optimizer, loss_of):
    optimizer.zero_grad()
    loss = loss_of()
    loss.backward()
    optimizer.step()
    return loss.item()


def _accuracy(logits, target):
    return (logits.argmax(dim=-1) == target).double().mean().item()


def _forward(x, params):
    w1, b1, w2, b2 = params
    return linear(relu(linear(x, w1, b1)), w2, b2)


def _leaves(params):
    return tuple(param.detach().requires_grad_() for param in params)


def _differentiated(loss, leaves):
    return loss.detach(), torch.autograd.grad(loss, leaves)


def _loss_and_grads(x, target, params):
    leaves = _leaves(params)
    return _differentiated(cross_entropy(_forward(x, leaves), target), leaves)


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
    return param - lr * (m / (1 - 0.9**step)) / (torch.sqrt(v / (1 - 0.999**step)) + 1e-8)


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
            exp_avg = exp_avg_sq = tuple(torch.zeros_like(param) for param in params)
        loss, params, exp_avg, exp_avg_sq = _train_step(
            x[batch], target[own], params, exp_avg, exp_avg_sq, numbers[i], lr
        )
        losses.append(loss)
    return torch.stack(losses), params

"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch
import torch.nn.functional as F
from rnn_training_library_torch import adam, clip_grad_norm, linear, rnn
from torch import nn


def forward__state_not_used(x, params):
    """The last state is used for every forecast. Each step has a forecast of its own, from the state after it: the
    linear layer is applied to all states, (L, N, H)."""
    *cell, w, b = params
    _, last = rnn(x, _start(x, params), *cell)
    return linear(last, w, b) + 0 * x[..., :1]


def forward__only_the_last_forecast(x, params):
    """Only the forecast after the last step is returned. Asked for is one after each step, (L, N, O)."""
    return _forward(x, params)[-1]


def forward__state_starts_at_1(x, params):
    """The state starts at 1. Nothing has been read before the first step: it starts at 0."""
    *cell, w, b = params
    return linear(rnn(x, _start(x, params) + 1, *cell)[0], w, b)


def forward__forgets_after_every_step(x, params):
    """Every step starts from a state of 0, so that a forecast knows the number before it only. The state of one step is
    where the next one starts."""
    *cell, w, b = params
    return linear(torch.stack([rnn(x[t : t + 1], _start(x, params), *cell)[1] for t in range(len(x))]), w, b)


def forward__state_carried_between_windows(x, params):
    """The windows of a batch are read one after the other, each from the state that the one before it has left. Windows
    are independent: all start at 0, side by side."""
    *cell, w, b = params
    h, found = _start(x, params)[:1], []
    for n in range(x.shape[1]):
        states, h = rnn(x[:, n : n + 1], h, *cell)
        found.append(states)
    return linear(torch.cat(found, 1), w, b)


def forward__batch_first(x, params):
    """The first axis is taken for the batch, so that the network runs along the windows and not along time. Time comes
    first: `x[t]` is step t of all windows."""
    *cell, w, b = params
    swapped = x.swapaxes(0, 1)
    return linear(rnn(swapped, _start(swapped, params), *cell)[0].swapaxes(0, 1), w, b)


def forward__backwards_in_time(x, params):
    """The windows are read from their end. A forecast then knows the months that it should forecast: read in the order
    of time."""
    *cell, w, b = params
    return linear(rnn(x.flip(0), _start(x, params), *cell)[0].flip(0), w, b)


def forward__states_before_the_steps(x, params):
    """Each forecast is made of the state *before* its step, which has not seen the newest number. `rnn` returns the
    states after the steps: use them as they are."""
    *cell, w, b = params
    h0 = _start(x, params)
    states, _ = rnn(x, h0, *cell)
    return linear(torch.cat([h0[None], states[:-1]], 0), w, b)


def forward__tanh_at_the_end(x, params):
    """The forecasts go through tanh, which keeps them between -1 and 1. The last layer is linear: temperatures have no
    such bounds."""
    return torch.tanh(_forward(x, params))


def forward__no_output_bias(x, params):
    """The bias b of the last layer is not used. Each layer adds its own."""
    *cell, w, _ = params
    return linear(rnn(x, _start(x, params), *cell)[0], w)


def forward__weight_hh_transposed(x, params):
    """weight_hh is used transposed. It is square, so that no shape complains; a row of it belongs to one unit of the
    new state: hand it to `rnn` as it is."""
    *cell, w, b = params
    return linear(rnn(x, _start(x, params), cell[0], cell[1].T, *cell[2:])[0], w, b)


def forward__left_the_graph(x, params):
    """The values are right, but the result is cut off from autograd's graph. Return the tensor as it was computed."""
    return _forward(x, params).detach()


def forward__states_detached(x, params):
    """The states are detached before the last layer: no gradient reaches the cell. Leave them in the graph."""
    *cell, w, b = params
    return linear(rnn(x, _start(x, params), *cell)[0].detach(), w, b)


def loss_and_grads__only_the_last_step(x, target, params):
    """Only the forecast after the last step counts. Each step has a target, and the loss is the mean over all of them:
    the early steps teach as well."""
    return _loss_and_grads(x, target, params, first=len(x) - 1)


def loss_and_grads__without_the_first_step(x, target, params):
    """The forecast after the first step is left out. It counts like the others."""
    return _loss_and_grads(x, target, params, first=min(1, len(x) - 1))


def loss_and_grads__target_one_step_early(x, target, params):
    """The forecast after step t is compared with the target of the step before it, which the network has just read:
    copying is enough. `target[t]` is what comes after `x[t]`: compare without shifting."""
    return _loss_and_grads(x, target.roll(1, 0), params)


def loss_and_grads__shifted_again(x, target, params):
    """The target is shifted by one more step. It already is what comes after each step of x: `target[t]` belongs to
    `x[t]`."""
    return _loss_and_grads(x, target.roll(-1, 0), params)


def loss_and_grads__summed(x, target, params):
    """Loss and gradients are sums over the batch and the steps. Both belong to the mean over all elements, however
    large the batch is."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss * target.numel(), tuple(grad * target.numel() for grad in grads)


def loss_and_grads__gradients_not_averaged(x, target, params):
    """The loss is a mean, but its gradients are those of the sum. Clipping and Adam hide the factor, and the learning
    rate no longer means what it says. The gradient of the mean is divided by the number of elements."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, tuple(grad * target.numel() for grad in grads)


def loss_and_grads__averaged_over_windows_only(x, target, params):
    """The errors are summed over the steps and averaged over the windows only. The mean is over everything: divide by
    the steps, and by the outputs, as well."""
    factor = target.numel() / target.shape[1]
    loss, grads = _loss_and_grads(x, target, params)
    return factor * loss, tuple(factor * grad for grad in grads)


def loss_and_grads__half(x, target, params):
    """This is half of the squared error, as some books define it. The mean squared error has no 1/2, and its gradient
    has the factor 2."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss / 2, tuple(grad / 2 for grad in grads)


def loss_and_grads__wrong_sign(x, target, params):
    """The gradients have the wrong sign: the error is forecast minus target, in this order."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, tuple(-grad for grad in grads)


def loss_and_grads__root(x, target, params):
    """The loss is the root of the mean squared error. Return the mean of the squares; a root can be taken for a
    report."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss**0.5, grads


def loss_and_grads__not_nested(x, target, params):
    """Loss and gradients are returned in one flat tuple. Asked for is a pair: the loss, and a tuple of six
    gradients."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, *grads


def loss_and_grads__last_layer_first(x, target, params):
    """The gradients are right, but stand in the order in which they were computed. They belong in the order of
    `params`: the cell's four first, then w and b."""
    loss, grads = _loss_and_grads(x, target, params)
    return loss, (*grads[4:], *grads[:4])


def loss_and_grads__gradients_of_the_last_step_only(x, target, params):
    """There is no way back through time: each state is detached before it enters the next step. What a weight did at an
    early step shows in all later forecasts: leave the states in the graph."""
    leaves = [param.detach().requires_grad_() for param in params]
    *cell, w, b = leaves
    h, found = _start(x, params), []
    for x_t in x:
        h = rnn(x_t[None], h.detach(), *cell)[1]
        found.append(linear(h, w, b))
    loss = F.mse_loss(torch.stack(found), target)
    return loss.detach(), torch.autograd.grad(loss, leaves)


def loss_and_grads__gradients_pile_up(x, target, params):
    """The second call adds its gradients to those of the first: `backward()` adds to `.grad`, and nobody has cleared
    it. `torch.autograd.grad(loss, leaves)` leaves nothing behind."""
    for param in params:
        param.requires_grad_()
    loss = F.mse_loss(_forward(x, params), target)
    loss.backward()
    return loss.detach(), tuple(param.grad.clone() for param in params)


def loss_and_grads__loss_with_its_graph(x, target, params):
    """The loss still has its graph, and with it every state of every step. Return it detached."""
    leaves = [param.detach().requires_grad_() for param in params]
    loss = F.mse_loss(_forward(x, leaves), target)
    return loss, torch.autograd.grad(loss, leaves, retain_graph=True)


def train_step__not_clipped(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The gradients are not clipped. One long gradient, and the way back through many steps makes some, throws the
    parameters far away: `clip_grad_norm` comes between gradients and Adam."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm, clip=lambda grads: grads)


def train_step__each_alone(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """Each array is clipped by a norm of its own, which turns the direction of the whole step. There is one norm, that
    of all arrays together, and one factor: hand all six to `clip_grad_norm` at once."""
    return _train_step(
        x,
        target,
        params,
        exp_avg,
        exp_avg_sq,
        step,
        lr,
        max_norm,
        clip=lambda grads: [clip_grad_norm((grad,), max_norm)[0][0] for grad in grads],
    )


def train_step__clipped_by_value(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """Each number is clipped to ±max_norm. Asked for is a bound on the length of all gradients together: multiply all
    of them by one factor."""
    return _train_step(
        x,
        target,
        params,
        exp_avg,
        exp_avg_sq,
        step,
        lr,
        max_norm,
        clip=lambda grads: [grad.clip(-max_norm, max_norm) for grad in grads],
    )


def train_step__always_rescaled(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The gradients are brought to the length max_norm even where they are shorter, so that small ones near the goal
    are blown up. max_norm is a bound: the factor is never above 1."""

    def rescale(grads):
        total = sum((grad**2).sum() for grad in grads) ** 0.5
        return [grad * (max_norm / (total + 1e-6)) for grad in grads]

    return _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm, clip=rescale)


def train_step__parameters_clipped(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The parameters are clipped after the step, and not the gradients before it. A large weight may be right; it is
    the gradient that must not be too long when Adam sees it."""
    loss, new, *state = _train_step(
        x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm, clip=lambda grads: grads
    )
    return loss, tuple(clip_grad_norm(new, max_norm)[0]), *state


def train_step__averages_clipped(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """Adam sees the long gradient, and its running average is clipped afterwards. Clip the gradients before Adam sees
    them: its average square keeps a long one for hundreds of steps."""
    loss, new, firsts, seconds = _train_step(
        x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm, clip=lambda grads: grads
    )
    return loss, new, tuple(clip_grad_norm(firsts, max_norm)[0]), seconds


def train_step__output_layer_not_clipped(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """Only the gradients of the cell are clipped. The norm is that of all six, and all are multiplied by its factor."""
    return _train_step(
        x,
        target,
        params,
        exp_avg,
        exp_avg_sq,
        step,
        lr,
        max_norm,
        clip=lambda grads: [*clip_grad_norm(grads[:4], max_norm)[0], *grads[4:]],
    )


def train_step__gradients_summed(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The gradients are those of the sum over the batch and the steps, not of the mean: they reach max_norm far too
    early, and long windows more than short ones."""
    return _train_step(
        x,
        target,
        params,
        exp_avg,
        exp_avg_sq,
        step,
        lr,
        max_norm,
        clip=lambda grads: clip_grad_norm([target.numel() * grad for grad in grads], max_norm)[0],
    )


def train_step__climbs(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The step goes uphill: the gradients come to Adam with the wrong sign. Adam subtracts by itself."""
    return _train_step(
        x,
        target,
        params,
        exp_avg,
        exp_avg_sq,
        step,
        lr,
        max_norm,
        clip=lambda grads: [-grad for grad in clip_grad_norm(grads, max_norm)[0]],
    )


def train_step__plain_descent(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The gradient is subtracted, times lr, without Adam, and the state comes back as it was. The step is Adam's."""
    loss, grads = _loss_and_grads(x, target, params)
    grads = clip_grad_norm(grads, max_norm)[0]
    return loss, tuple(p - lr * g for p, g in zip(params, grads, strict=True)), exp_avg, exp_avg_sq


def train_step__no_learning_rate(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """lr is not handed on, so that Adam takes its default. Pass it: `adam(…, step, lr)`."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step, 1e-3, max_norm)


def train_step__loss_after_the_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The loss is that after the step. Return the one before it, which was computed on the way to the gradients."""
    _, new, *state = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm)
    return _loss_and_grads(x, target, new)[0], new, *state


def train_step__step_from_0(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The step is taken to count from 0 and 1 is added, though `step` counts from 1 already: Adam corrects its averages
    too little."""
    return _train_step(x, target, params, exp_avg, exp_avg_sq, step + 1, lr, max_norm)


def train_step__step_counted_for_every_parameter(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The number of the step is raised for each parameter. All six belong to the same step."""
    loss, grads = _loss_and_grads(x, target, params)
    grads = clip_grad_norm(grads, max_norm)[0]
    each = enumerate(zip(params, grads, exp_avg, exp_avg_sq, strict=True))
    return loss, *zip(*(adam(*one, step + i, lr) for i, one in each), strict=True)


def train_step__state_not_returned(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The averages come back as they were given: Adam forgets every gradient. Return the new ones."""
    return *_train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm)[:2], exp_avg, exp_avg_sq


def train_step__moments_exchanged(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The two averages are returned in the wrong order: exp_avg comes first, then exp_avg_sq."""
    loss, new, firsts, seconds = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm)
    return loss, new, seconds, firsts


def train_step__recurrent_weights_not_updated(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """weight_hh stays as it was. All six parameters learn."""
    loss, new, *state = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm)
    return loss, (new[0], params[1], *new[2:]), *state


def train_step__in_place(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm):
    """The values are right, but they are written into the parameters that were given, which belong to the caller. Make
    new arrays."""
    loss, new, *state = _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm)
    for param, value in zip(params, new, strict=True):
        param[...] = value
    return loss, params, *state


def train__not_clipped(x, target, params, order, batch_size, lr, max_norm):
    """max_norm is not used: the gradients are not clipped. Hand it to `train_step`."""
    return _train(x, target, params, _batches(order, batch_size), lr, 1e9)


def train__state_reset_every_epoch(x, target, params, order, batch_size, lr, max_norm):
    """Adam's averages start at 0 again in every epoch. They belong to the whole training: make them once, before the
    first loop."""
    per = -(-x.shape[1] // batch_size)
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm, fresh=lambda i: i % per == 0)


def train__state_not_handed_on(x, target, params, order, batch_size, lr, max_norm):
    """Adam's averages are 0 at the start of every step: the new ones are returned, and nobody takes them. Hand them to
    the next step, as the parameters are."""
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm, fresh=lambda i: True)


def train__step_of_the_epoch(x, target, params, order, batch_size, lr, max_norm):
    """The number of the step starts at 1 in every epoch. It says how many updates the averages have seen, and they go
    on from epoch to epoch: so does it."""
    per = -(-x.shape[1] // batch_size)
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm, number=lambda i: i % per + 1)


def train__step_always_1(x, target, params, order, batch_size, lr, max_norm):
    """The number of the step is always 1, so that Adam's averages are corrected as if they had just started. Count."""
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm, number=lambda i: 1)


def train__step_from_0(x, target, params, order, batch_size, lr, max_norm):
    """The steps are counted from 0, where Adam's correction divides 0 by 0: the first update already is NaN. The first
    step has the number 1."""
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm, number=lambda i: i)


def train__first_weights_returned(x, target, params, order, batch_size, lr, max_norm):
    """The losses are right, but what is returned are the parameters from before the training. Return the last ones."""
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm)[0], params


def train__loss_after_the_step(x, target, params, order, batch_size, lr, max_norm):
    """The losses are those after each step. Noted is the loss before it, at the parameters that the gradients were
    computed at."""
    batches, losses = list(_batches(order, batch_size)), []
    for i, batch in enumerate(batches):
        last = _train(x, target, params, batches[: i + 1], lr, max_norm)[1]
        losses.append(_loss_and_grads(x[:, batch], target[:, batch], last)[0])
    return torch.stack(losses), last


def train__one_loss_an_epoch(x, target, params, order, batch_size, lr, max_norm):
    """There is one loss for each epoch, the mean of its steps. Asked for is the loss of every step."""
    losses, last = _train(x, target, params, _batches(order, batch_size), lr, max_norm)
    return losses.reshape(len(order), -1).mean(1), last


def train__same_order_in_every_epoch(x, target, params, order, batch_size, lr, max_norm):
    """Every epoch takes the order of the first. Epoch e has order[e]."""
    batches = list(_batches(order[:1], batch_size)) * len(order)
    return _train(x, target, params, batches, lr, max_norm)


def train__order_ignored(x, target, params, order, batch_size, lr, max_norm):
    """The windows are taken as they stand in x; `order` only says how many epochs there are. Windows that overlap stand
    side by side there, so that such a batch knows a few years only. A batch is x[:, rows], with that epoch's
    numbers."""
    batches = list(_batches(torch.arange(x.shape[1], device=x.device)[None], batch_size)) * len(order)
    return _train(x, target, params, batches, lr, max_norm)


def train__shuffled_apart(x, target, params, order, batch_size, lr, max_norm):
    """The windows are taken in the order of the epoch, their targets as they stand: each window is followed by what
    came after another one. Index both with the same numbers, `[:, batch]`."""
    plain = list(_batches(torch.arange(x.shape[1], device=x.device)[None], batch_size)) * len(order)
    return _train(x, target, params, _batches(order, batch_size), lr, max_norm, labels=plain)


def train__inverse_order(x, target, params, order, batch_size, lr, max_norm):
    """The order is turned round: order[e][i] is taken for the place of window i. It is the window that comes at place
    i: index with it, without argsort."""
    return _train(x, target, params, _batches(order.argsort(1), batch_size), lr, max_norm)


def train__short_batch_dropped(x, target, params, order, batch_size, lr, max_norm):
    """The short last batch of an epoch is left out, and with fewer windows than batch_size nothing is learned at all. A
    slice may end early, and so may the last batch."""
    full = [batch for batch in _batches(order, batch_size) if len(batch) == batch_size]
    return _train(x, target, params, full, lr, max_norm)


def train__one_batch_an_epoch(x, target, params, order, batch_size, lr, max_norm):
    """batch_size is not used: each epoch is one step on all windows. Cut the epoch into batches."""
    return _train(x, target, params, list(order), lr, max_norm)


def train__windows_one_by_one(x, target, params, order, batch_size, lr, max_norm):
    """batch_size is not used: every window makes a step of its own, as where h0 has the shape (1, 1, H) and nothing
    else fits. A batch is several windows, side by side, whose gradients are averaged in one step."""
    return _train(x, target, params, _batches(order, 1), lr, max_norm)


def train__only_the_first_epoch(x, target, params, order, batch_size, lr, max_norm):
    """Only the first epoch is trained: a `return` that stands too far in, or a loop over order[0]. There are as many
    epochs as order has rows."""
    return _train(x, target, params, _batches(order[:1], batch_size), lr, max_norm)


def train__in_place(x, target, params, order, batch_size, lr, max_norm):
    """The values are right, but the training writes into the first parameters, which belong to the caller. Make new
    tensors in each step."""
    losses, last = _train(x, target, params, _batches(order, batch_size), lr, max_norm)
    for param, value in zip(params, last, strict=True):
        param[...] = value
    return losses, params


def train__state_carried_between_batches(x, target, params, order, batch_size, lr, max_norm):
    """The state that one batch has left is where the next batch starts. The windows of the next batch are others, from
    anywhere in the series: the state starts at 0 for each."""
    h0 = None
    exp_avg, exp_avg_sq, losses = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params], []
    for batch in _batches(order, batch_size):
        if h0 is None or len(h0) != len(batch):
            h0 = _start(x[:, batch], params)
        loss, grads = _loss_and_grads(x[:, batch], target[:, batch], params, h0=h0)
        h0 = rnn(x[:, batch], h0, *params[:4])[1].detach()
        each = zip(params, clip_grad_norm(grads, max_norm)[0], exp_avg, exp_avg_sq, strict=True)
        params, exp_avg, exp_avg_sq = zip(*(adam(*one, len(losses) + 1, lr) for one in each), strict=True)
        losses.append(loss)
    return torch.stack(losses), params


def train__steps_shuffled(x, target, params, order, batch_size, lr, max_norm):
    """Time and windows are exchanged: rows are taken along the first axis, which is time, where the sizes allow it, so
    that the steps of each window are shuffled. Windows lie along the second axis: `x[:, batch]`."""
    rows = [batch % len(x) for batch in _batches(order, batch_size)]
    swapped = x[:, order[0] % x.shape[1]], target[:, order[0] % x.shape[1]]
    return _train(*swapped, params, rows, lr, max_norm, axis=0)


def forecast_error__over_all_steps(x, target, params):
    """The error is that of all forecasts, the early ones included, which know little. Only the forecast after the last
    step of each window counts, `[-1]`."""
    return float(((_forward(x, params) - target) ** 2).mean())


def forecast_error__broadcast(x, target, params):
    """Forecasts of shape (N,) are compared with targets of shape (N, 1): broadcasting makes an (N, N) table, each
    forecast against each target, and no error is raised. Give both the same shape."""
    return float(((_forward(x, params)[-1][:, None] - target[-1][None]) ** 2).mean())


def forecast_error__first_step(x, target, params):
    """The error is that of the first forecast of each window. Asked for is the last, `[-1]` along the first axis."""
    return float(((_forward(x, params)[0] - target[0]) ** 2).mean())


def forecast_error__last_window(x, target, params):
    """The last window is taken, and not the last step: time comes first, so `[-1]`, not `[:, -1]`."""
    return float(((_forward(x, params)[:, -1] - target[:, -1]) ** 2).mean())


def forecast_error__root(x, target, params):
    """This is the root of the mean squared error, in the unit of the series. Asked for is the mean of the squares."""
    return float(((_forward(x, params)[-1] - target[-1]) ** 2).mean() ** 0.5)


def forecast_error__absolute(x, target, params):
    """This is the mean of absolute errors. Asked for is that of the squares."""
    return float(abs(_forward(x, params)[-1] - target[-1]).mean())


def forecast_error__summed(x, target, params):
    """The squared errors are summed, so that more windows are a larger error. Take the mean."""
    return float(((_forward(x, params)[-1] - target[-1]) ** 2).sum())


def forecast_error__averaged_over_windows_only(x, target, params):
    """The squared errors are summed over the outputs and averaged over the windows only. The mean is over both."""
    return float(((_forward(x, params)[-1] - target[-1]) ** 2).sum(-1).mean())


def forecast_error__of_the_last_value(x, target, params):
    """The target of the last step is taken one step too early: the forecast is compared with what the window ends
    with, not with what comes after it."""
    return float(((_forward(x, params)[-1] - target[-2:][0]) ** 2).mean())


class _Right(nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.rnn, self.out = nn.RNN(inputs, hidden), nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.out(self.rnn(x)[0])


class Forecaster__batch_first(_Right):
    """The layer is made with `batch_first=True` and takes the first axis for the batch. Here time comes first, as is
    PyTorch's default."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__(inputs, hidden, outputs)
        self.rnn = nn.RNN(inputs, hidden, batch_first=True)
        self.out = nn.Linear(hidden, outputs)


class Forecaster__only_the_last(_Right):
    """Only the forecast after the last step is returned. Asked for is one after each step: the linear layer takes all
    states."""

    def forward(self, x):
        return super().forward(x)[-1]


class Forecaster__starts_at_1(_Right):
    """The state starts at 1. Without an h0, `nn.RNN` starts at 0, in a batch of any size."""

    def forward(self, x):
        return self.out(self.rnn(x, x.new_ones(1, x.shape[1], self.rnn.hidden_size))[0])


class Forecaster__one_window_at_a_time(_Right):
    """h0 has the shape (1, 1, H), so that only batches of one window fit. Its second number is that of the windows; or
    leave h0 out, and it is made of zeros in the right size."""

    def forward(self, x):
        return self.out(self.rnn(x, x.new_zeros(1, 1, self.rnn.hidden_size))[0])


class Forecaster__relu(_Right):
    """The layer has relu, where this network has tanh, the default of `nn.RNN`."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__(inputs, hidden, outputs)
        self.rnn = nn.RNN(inputs, hidden, nonlinearity="relu")
        self.out = nn.Linear(hidden, outputs)


class Forecaster__last_layer_first(nn.Module):
    """The last layer is made before the recurrent one, and `parameters()` gives them in that order. Make the layers in
    the order of the way through the network."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.out, self.rnn = nn.Linear(hidden, outputs), nn.RNN(inputs, hidden)

    def forward(self, x):
        return self.out(self.rnn(x)[0])


class Forecaster__states_detached(_Right):
    """The states are detached before the last layer, so that no gradient reaches the cell. Leave them in the graph."""

    def forward(self, x):
        return self.out(self.rnn(x)[0].detach())


class Forecaster__tanh_at_the_end(_Right):
    """The forecasts go through tanh, which keeps them between -1 and 1. The last layer is linear."""

    def forward(self, x):
        return torch.tanh(super().forward(x))


def _update(model, optimizer, x, target, clip, *, clear=True):
    if clear:
        optimizer.zero_grad()
    loss = F.mse_loss(model(x), target)
    loss.backward()
    clip(list(model.parameters()))
    optimizer.step()
    return loss.item()


def update__no_zero_grad(model, optimizer, x, target, max_norm):
    """Gradients of earlier steps are added to the new ones: `backward()` adds, and nobody has cleared them. Begin with
    `optimizer.zero_grad()`."""
    return _update(model, optimizer, x, target, lambda own: nn.utils.clip_grad_norm_(own, max_norm), clear=False)


def update__not_clipped(model, optimizer, x, target, max_norm):
    """The gradients are not clipped, or at a time when there is nothing to clip: before `backward()` has made them.
    `nn.utils.clip_grad_norm_` comes between `backward()` and `step()`."""
    return _update(model, optimizer, x, target, lambda own: None)


def update__clipped_after_the_step(model, optimizer, x, target, max_norm):
    """The gradients are clipped after the step, which has used them as they were. Clip between `backward()` and
    `step()`: the values of this step are those without clipping."""
    loss = _update(model, optimizer, x, target, lambda own: None)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm / 2)
    optimizer.step()
    return loss


def update__each_alone(model, optimizer, x, target, max_norm):
    """Each parameter's gradient is clipped by a norm of its own. Hand all parameters to `clip_grad_norm_` at once:
    there is one norm, and one factor."""
    return _update(model, optimizer, x, target, lambda own: [nn.utils.clip_grad_norm_([one], max_norm) for one in own])


def update__clipped_by_value(model, optimizer, x, target, max_norm):
    """Each number of the gradients is clipped to ±max_norm. Asked for is a bound on the norm: `clip_grad_norm_`, not
    `clip_grad_value_`."""
    return _update(model, optimizer, x, target, lambda own: nn.utils.clip_grad_value_(own, max_norm))


def update__only_the_last_step(model, optimizer, x, target, max_norm):
    """Only the forecast after the last step counts. The loss is the mean over all steps."""
    optimizer.zero_grad()
    loss = F.mse_loss(model(x)[-1], target[-1])
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def update__loss_after_the_step(model, optimizer, x, target, max_norm):
    """The loss is that after the step. Return the one before it, which is there already."""
    _update(model, optimizer, x, target, lambda own: nn.utils.clip_grad_norm_(own, max_norm))
    return F.mse_loss(model(x), target).item()


def update__no_step(model, optimizer, x, target, max_norm):
    """The optimizer takes no step: `backward()` only computes gradients. End with `optimizer.step()`."""
    return F.mse_loss(model(x), target).item()


def update__tensor(model, optimizer, x, target, max_norm):
    """The loss is a tensor, and not a number. `loss.item()` is the number without its graph."""
    found = _update(model, optimizer, x, target, lambda own: nn.utils.clip_grad_norm_(own, max_norm))
    return torch.tensor(found, dtype=x.dtype)


def evaluate__not_eval(model, x, target):
    """The model is used in training mode: dropout would still drop. Call `model.eval()` first."""
    with torch.no_grad():
        return F.mse_loss(model(x)[-1], target[-1]).item()


def evaluate__left_in_evaluation(model, x, target):
    """The model stays in evaluation mode, and the next epoch trains without dropout. Call `model.train()` at the
    end."""
    model.eval()
    with torch.no_grad():
        return F.mse_loss(model(x)[-1], target[-1]).item()


def evaluate__builds_a_graph(model, x, target):
    """A graph is built that nobody needs, with all states of all steps. Use `with torch.no_grad():`."""
    model.eval()
    error = F.mse_loss(model(x)[-1], target[-1])
    model.train()
    return error.item()


def evaluate__gradients_stay_off(model, x, target):
    """Gradients are switched off for good with `set_grad_enabled(False)`. `with torch.no_grad():` switches them on
    again at its end."""
    torch.set_grad_enabled(False)
    model.eval()
    error = F.mse_loss(model(x)[-1], target[-1])
    model.train()
    return error.item()


def evaluate__over_all_steps(model, x, target):
    """The error is that of all steps. Only the forecast after the last step of each window counts."""
    model.eval()
    with torch.no_grad():
        error = F.mse_loss(model(x), target)
    model.train()
    return error.item()


def _start(x, params):
    return x.new_zeros(x.shape[1], len(params[1]))


def _forward(x, params):
    *cell, w, b = params
    return linear(rnn(x, _start(x, params), *cell)[0], w, b)


def _loss_and_grads(x, target, params, *, first=0, h0=None):
    """Return what is right, but for the forecasts before ``first``, which do not count."""
    leaves = [param.detach().requires_grad_() for param in params]
    *cell, w, b = leaves
    states, _ = rnn(x, _start(x, params) if h0 is None else h0, *cell)
    loss = F.mse_loss(linear(states, w, b)[first:], target[first:])
    return loss.detach(), torch.autograd.grad(loss, leaves)


def _train_step(x, target, params, exp_avg, exp_avg_sq, step, lr, max_norm, *, clip=None):
    loss, grads = _loss_and_grads(x, target, params)
    grads = clip_grad_norm(grads, max_norm)[0] if clip is None else clip(grads)
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return loss, *zip(*(adam(*one, step, lr) for one in each), strict=True)


def _batches(order, batch_size):
    for rows in order:
        for start in range(0, len(rows), batch_size):
            yield rows[start : start + batch_size]


def _train(x, target, params, batches, lr, max_norm, *, labels=None, number=lambda i: i + 1, fresh=None, axis=1):
    """Train on these batches of windows; the targets may be others, and Adam may start anew before some steps."""
    batches, losses = list(batches), []
    labels = batches if labels is None else labels
    for i, (batch, own) in enumerate(zip(batches, labels, strict=True)):
        if i == 0 or (fresh is not None and fresh(i)):
            exp_avg = exp_avg_sq = tuple(torch.zeros_like(param) for param in params)
        part = (x[:, batch], target[:, own]) if axis else (x[batch], target[own])
        loss, params, exp_avg, exp_avg_sq = _train_step(*part, params, exp_avg, exp_avg_sq, number(i), lr, max_norm)
        losses.append(loss)
    return torch.stack(losses) if losses else x.new_empty(0), params

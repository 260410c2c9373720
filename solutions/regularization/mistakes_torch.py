"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import math

import torch


def _dropout(x, random, p=0.5, training=True):
    if not training:
        return x
    return 0 * x if p == 1 else x * (random >= p) / (1 - p)


def _channels(mask):
    return mask[:, :, None, None]


def dropout__not_scaled(x, random, p=0.5, training=True):
    """What is kept is not scaled, so that sums over many elements are smaller in training than in inference, where all
    are there. Divide by 1 - p, the share that is kept."""
    return x * (random >= p) if training else x


def dropout__scaled_down(x, random, p=0.5, training=True):
    """What is kept is multiplied by 1 - p. That makes up for nothing: the sums are too small already. Divide by 1 -
    p."""
    return x * (random >= p) * (1 - p) if training else x


def dropout__divided_by_p(x, random, p=0.5, training=True):
    """This divides by p, which is the share that is dropped. Divide by the share that is kept, 1 - p. (With p = 0.5
    nobody sees the difference.)"""
    return x * (random >= p) / p if training else x


def dropout__scaled_in_inference(x, random, p=0.5, training=True):
    """This scales up in training *and* down in inference. One of them is enough; with inverted dropout inference is the
    identity."""
    return _dropout(x, random, p) if training else x * (1 - p)


def dropout__scaled_in_inference_only(x, random, p=0.5, training=True):
    """This is dropout as in the first paper: nothing is scaled in training, and everything in inference. Here it is
    inverted: divide by 1 - p in training, and inference is the identity."""
    return x * (random >= p) if training else x * (1 - p)


def dropout__scaled_up_in_inference(x, random, p=0.5, training=True):
    """Inference divides by 1 - p as well. Nothing is missing there that would have to be made up for: return x."""
    if p == 1:
        return 0 * x if training else x
    return (x * (random >= p) if training else x) / (1 - p)


def dropout__kept_below(x, random, p=0.5, training=True):
    """The comparison is turned round: random < p happens with probability p, which is that of dropping. Keep where
    random >= p."""
    if not training:
        return x
    return 0 * x if p == 1 else x * (random < p) / (1 - p)


def dropout__p_keeps(x, random, p=0.5, training=True):
    """p is taken for the probability that an element stays, as in the paper. Here, as in PyTorch and Keras, it is the
    probability that one is dropped: keep where random >= p, and divide by 1 - p."""
    return x * (random < p) / p if training else x


def dropout__p_keeps_above(x, random, p=0.5, training=True):
    """p is taken for the probability that an element stays: kept where random >= 1 - p, and divided by p. Here p is the
    probability that one is dropped."""
    return x * (random >= 1 - p) / p if training else x


def dropout__equal_dropped(x, random, p=0.5, training=True):
    """A random number of exactly p is dropped here. It is kept: random >= p, not random > p. Otherwise a random number
    of 0 would be dropped even with p = 0."""
    if not training:
        return x
    return 0 * x if p == 1 else x * (random > p) / (1 - p)


def dropout__also_in_inference(x, random, p=0.5, training=True):
    """Elements are dropped in inference, too: training is not used. A network that is asked for its answer uses all it
    has: return x if training is False."""
    return _dropout(x, random, p)


def dropout__training_turned_round(x, random, p=0.5, training=True):
    """The two modes are exchanged: this drops in inference, and returns x in training."""
    return _dropout(x, random, p, not training)


def dropout__nan_at_1(x, random, p=0.5, training=True):
    """With p = 1 this divides 0 by 0, which is NaN. Nothing is kept then: treat it as a case of its own, with zeros."""
    return x * (random >= p) / (1 - p) if training else x


def dropout__raises_at_1(x, random, p=0.5, training=True):
    """With p = 1 the scale 1 / (1 - p) is a division by zero in Python. Nothing is kept then: treat it as a case of its
    own, with zeros."""
    return x * (random >= p) * (1 / (1 - p)) if training else x


def dropout__identity_at_1(x, random, p=0.5, training=True):
    """With p = 1 this returns x. Without a factor that exists one has to decide, but nothing is kept then: the answer
    is 0 everywhere."""
    return x if p == 1 else _dropout(x, random, p, training)


def dropout__zeros_at_1_in_inference(x, random, p=0.5, training=True):
    """With p = 1 this gives zeros in inference, too. Ask for training first: in inference the answer is x, whatever p
    is."""
    return 0 * x if p == 1 else _dropout(x, random, p, training)


def dropout__epsilon(x, random, p=0.5, training=True):
    """A small number is added to 1 - p, so that nothing is divided by 0. It makes every answer a little wrong; treat p
    = 1 as a case of its own."""
    return x * (random >= p) / (1 - p + 1e-6) if training else x


def dropout__nothing_dropped(x, random, p=0.5, training=True):
    """Everything is scaled and nothing is dropped. Multiply by the mask random >= p."""
    if not training:
        return x
    return 0 * x if p == 1 else x / (1 - p)


def dropout__share_that_was_kept(x, random, p=0.5, training=True):
    """This divides by the share that happens to be kept. Divide by the one that is expected, 1 - p: it is the same for
    every batch, and never 0 by chance."""
    if not training or p == 1:
        return _dropout(x, random, p, training)
    mask = random >= p
    return x * mask / max(float(mask.double().mean()), 1e-12)


def dropout__exact_share(x, random, p=0.5, training=True):
    """This drops a share of exactly p, those with the smallest random numbers. Each element is dropped on its own, with
    probability p: compare its random number with p."""
    if not training or p == 1:
        return _dropout(x, random, p, training)
    ranks = random.ravel().argsort().argsort().reshape(x.shape)
    return x * (ranks >= round(p * x.numel())) / (1 - p)


def dropout__removed(x, random, p=0.5, training=True):
    """The dropped elements are taken out, so the answer has another shape. They stay where they are, as 0: multiply by
    the mask, or use torch.where."""
    if not training or p == 1:
        return _dropout(x, random, p, training)
    return x[random >= p] / (1 - p)


def dropout__in_place(x, random, p=0.5, training=True):
    """The values are right, but `x[random < p] = 0` overwrites the caller's x, which the backward of the layer before
    still needs. Make a new tensor: a product, or torch.where."""
    if not training:
        return x
    x[random < p] = 0
    return 0 * x if p == 1 else x / (1 - p)


def dropout__own_random_numbers(x, random, p=0.5, training=True):
    """This draws random numbers of its own and does not use those that it is given. Compare `random` with p."""
    own = torch.rand(x.shape, generator=torch.Generator().manual_seed(0), dtype=x.dtype)
    return _dropout(x, own, p, training)


def dropout__float64_mask(x, random, p=0.5, training=True):
    """The values are right, but the mask is float64 (`.double()`), and float32 numbers times it are float64. Multiply
    by the booleans themselves, or use .to(x.dtype)."""
    return _dropout(x, random, p, training).double()


def dropout__gradient_nan_at_1(x, random, p=0.5, training=True):
    """The values are right, but with p = 1 the gradient is NaN: torch.where drops x / 0, and autograd still goes
    through it and multiplies a gradient of 0 by an infinite factor. Treat p = 1 as a case of its own."""
    return torch.where(random >= p, x / (1 - p), 0.0) if training else x


def dropout__left_the_graph(x, random, p=0.5, training=True):
    """The values are right, but x was detached, and no gradient goes back to it. Only random has no gradient, and it
    needs no help for that."""
    return _dropout(x.detach(), random, p, training)


def dropout__inference_detached(x, random, p=0.5, training=True):
    """The values are right, but in inference x leaves the graph. Whether a gradient is wanted is another question:
    leave that to torch.no_grad(), and return x."""
    return _dropout(x, random, p) if training else x.detach()


def dropout__zeros_out_of_the_graph(x, random, p=0.5, training=True):
    """The values are right, but torch.zeros_like makes a tensor that does not depend on x, and autograd finds no way
    back when p = 1. A product with 0 stays in the graph, with a gradient of 0."""
    return torch.zeros_like(x) if training and p == 1 else _dropout(x, random, p, training)


def l2_penalty__no_half(params, weight_decay):
    """The factor ½ is missing. With it, the gradient is weight_decay times the parameter, which is what optimizers call
    weight decay. (Keras's L2 has no ½.)"""
    return weight_decay * sum((param**2).sum() for param in params)


def l2_penalty__quarter(params, weight_decay):
    """This is half of the penalty: there is one factor ½, and here are two."""
    return 0.25 * weight_decay * sum((param**2).sum() for param in params)


def l2_penalty__mean(params, weight_decay):
    """The squares of each tensor are averaged. The penalty is their sum, so that an element feels the same pull in a
    small tensor as in a large one."""
    return 0.5 * weight_decay * sum((param**2).mean() for param in params)


def l2_penalty__mean_of_everything(params, weight_decay):
    """The sum is divided by the number of all elements. The penalty is a sum: adding a layer does not make the pull on
    the others weaker."""
    return 0.5 * weight_decay * sum((param**2).sum() for param in params) / sum(param.numel() for param in params)


def l2_penalty__mean_over_tensors(params, weight_decay):
    """The sum is divided by the number of tensors. The penalty is a sum over all of them."""
    return 0.5 * weight_decay * sum((param**2).sum() for param in params) / len(params)


def l2_penalty__norm(params, weight_decay):
    """These are the norms of the tensors. The penalty is made of their squares: leave the root out."""
    return 0.5 * weight_decay * sum((param**2).sum().sqrt() for param in params)


def l2_penalty__total_norm(params, weight_decay):
    """A root is taken of the sum of all squares. The penalty is made of the squares themselves: leave the root out."""
    return 0.5 * weight_decay * sum((param**2).sum() for param in params).sqrt()


def l2_penalty__absolute(params, weight_decay):
    """This sums absolute values, as the L1 penalty does. The L2 penalty sums squares."""
    return 0.5 * weight_decay * sum(param.abs().sum() for param in params)


def l2_penalty__square_of_the_sum(params, weight_decay):
    """The elements are added up before they are squared, so that positive and negative ones cancel. Square each element
    first."""
    return 0.5 * weight_decay * sum(param.sum() ** 2 for param in params)


def l2_penalty__weights_only(params, weight_decay):
    """Tensors of fewer than two dimensions are left out, as biases often are. Here who calls decides what is penalized:
    every tensor that is given counts."""
    return 0.5 * weight_decay * sum((param**2).sum() for param in params if param.dim() > 1)


def l2_penalty__first_tensor_only(params, weight_decay):
    """Only the first tensor counts. Add up over all of them."""
    return 0.5 * weight_decay * (params[0] ** 2).sum()


def l2_penalty__last_tensor_only(params, weight_decay):
    """Each tensor's penalty takes the place of the one before, so only the last counts. Add them up: `+=`."""
    return 0.5 * weight_decay * (params[-1] ** 2).sum()


def l2_penalty__no_strength(params, weight_decay):
    """weight_decay is not used. It says how strong the penalty is beside the loss: multiply by it."""
    return 0.5 * sum((param**2).sum() for param in params)


def l2_penalty__strength_squared(params, weight_decay):
    """weight_decay is squared as well. It is a plain factor, outside of the squares."""
    return 0.5 * sum(((weight_decay * param) ** 2).sum() for param in params)


def l2_penalty__one_for_each(params, weight_decay):
    """This gives one penalty for each tensor. Add them up to one number."""
    return tuple(0.5 * weight_decay * (param**2).sum() for param in params)


def l2_penalty__negative(params, weight_decay):
    """The penalty is negative, so that large weights would be rewarded. It is added to a loss that is made small: keep
    it positive."""
    return -0.5 * weight_decay * sum((param**2).sum() for param in params)


def l2_penalty__in_place(params, weight_decay):
    """The value is right, but `param **= 2` overwrites the parameters of the network. Write `param**2`, into a new
    tensor."""
    for param in params:
        param **= 2
    return 0.5 * weight_decay * sum(param.sum() for param in params)


def l2_penalty__float64_total(params, weight_decay):
    """The value is right, but the total began as a float64 tensor, and float32 numbers added to it are float64. Begin
    with a plain Python 0."""
    return (0.5 * weight_decay * sum((param**2).sum() for param in params)).double()


def l2_penalty__gradient_nan_at_0(params, weight_decay):
    """The values are right, but a root is taken and squared again. If all elements of a tensor are 0, the root has an
    infinite slope, and the gradient is NaN. Sum the squares, and leave the root out."""
    return 0.5 * weight_decay * sum((param**2).sum().sqrt() ** 2 for param in params)


def l2_penalty__left_the_graph(params, weight_decay):
    """The value is right, but `.item()`, `.data` and torch.tensor(…) leave the graph, so the penalty pulls at nothing.
    Add up tensors."""
    return 0.5 * weight_decay * sum((param.detach() ** 2).sum() for param in params)


def _stopping(losses, patience, improves, waits=None):
    """Apply the rule with another question for an improvement, or another start of the counter."""
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if improves(loss, lowest):
            best, lowest, waited = epoch, loss, 0
        if waited == (patience if waits is None else waits):
            return epoch, best
    return len(losses) - 1, best


def early_stopping__one_epoch_late(losses, patience, min_delta=0.0):
    """Training stops one epoch late. It stops as soon as `patience` epochs in a row have not improved: ask for `>=
    patience` after this epoch was counted, not for `> patience`."""
    return _stopping(losses, patience, lambda loss, best: loss < best - min_delta, patience + 1)


def early_stopping__one_epoch_early(losses, patience, min_delta=0.0):
    """Training stops one epoch early: the epoch of the improvement itself was counted as one without. The counter
    starts at 0 after an improvement."""
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest - min_delta:
            best, lowest, waited = epoch, loss, 0
        waited += 1
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__never_reset(losses, patience, min_delta=0.0):
    """The counter is not set back to 0 by an improvement, so all epochs without one are counted together. Patience is
    about epochs *in a row*."""
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest - min_delta:
            best, lowest = epoch, loss
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__from_the_start(losses, patience, min_delta=0.0):
    """This trains for `patience` epochs after the first, whatever the losses do. Patience counts from the last
    improvement: each one starts the waiting again."""
    return _stopping(losses[: patience + 1], len(losses) + 1, lambda loss, best: loss < best - min_delta)


def early_stopping__min_delta_added(losses, patience, min_delta=0.0):
    """min_delta has the wrong sign: a loss that is a little worse than the best counts as an improvement. The bar is
    lower than the best loss: best - min_delta."""
    return _stopping(losses, patience, lambda loss, best: loss < best + min_delta)


def early_stopping__no_min_delta(losses, patience, min_delta=0.0):
    """min_delta is not used. A loss improves only if it is less than best - min_delta."""
    return _stopping(losses, patience, lambda loss, best: loss < best)


def early_stopping__relative_min_delta(losses, patience, min_delta=0.0):
    """min_delta is taken for a share of the best loss. It is a difference of losses: best - min_delta, not best · (1 -
    min_delta)."""
    return _stopping(losses, patience, lambda loss, best: loss < best * (1 - min_delta))


def early_stopping__equal_improves(losses, patience, min_delta=0.0):
    """A loss of exactly best - min_delta counts as an improvement here, an equal loss, for instance. It must be less: a
    network that no longer learns anything repeats its loss for ever. `<`, not `<=`."""
    return _stopping(losses, patience, lambda loss, best: loss <= best - min_delta)


def early_stopping__any_change(losses, patience, min_delta=0.0):
    """Any change that is large enough counts, for the worse, too. An improvement is a *lower* loss: no absolute
    value."""
    return _stopping(losses, patience, lambda loss, best: abs(loss - best) > min_delta)


def early_stopping__higher_is_better(losses, patience, min_delta=0.0):
    """The sign is turned round: higher values count as better. That is right for accuracies; of losses the lowest is
    the best."""
    best, highest, waited = 0, -math.inf, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss > highest + min_delta:
            best, highest, waited = epoch, loss, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__with_the_epoch_before(losses, patience, min_delta=0.0):
    """Each loss is compared with that of the epoch before. Then a loss that jumps up and falls back a little seems to
    improve for ever. Compare with the best so far."""
    best, previous, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < previous - min_delta:
            best, waited = epoch, 0
        previous = loss
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__bar_moves(losses, patience, min_delta=0.0):
    """The lowest loss is updated by every epoch that is a little better, also where that is no improvement. Then small
    steps never add up. Keep the loss of the best epoch until another one improves on it by more than min_delta."""
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < lowest - min_delta:
            best, waited = epoch, 0
        lowest = loss if loss < lowest else lowest
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__lowest_seen(losses, patience, min_delta=0.0):
    """The epoch in which training stops is right, but the best is the lowest loss that was seen. An epoch that is
    better by no more than min_delta is no improvement, and not the best."""
    stop, _ = _stopping(losses, patience, lambda loss, best: loss < best - min_delta)
    return stop, _stopping(losses[: stop + 1], len(losses) + 1, lambda loss, best: loss < best)[1]


def early_stopping__best_of_all(losses, patience, min_delta=0.0):
    """The best epoch is looked for among all losses, those after the stop, too. In a training they would not exist:
    what comes after the stop is not seen."""
    stop, _ = _stopping(losses, patience, lambda loss, best: loss < best - min_delta)
    return stop, _stopping(losses, len(losses) + 1, lambda loss, best: loss < best - min_delta)[1]


def early_stopping__last_of_ties(losses, patience, min_delta=0.0):
    """The epoch in which training stops is right, but of equal losses the last is taken for the best. The first is: an
    equal loss is no improvement."""
    stop, best = _stopping(losses, patience, lambda loss, lowest: loss < lowest - min_delta)
    return stop, max((epoch for epoch in range(stop + 1) if losses[epoch] == losses[best]), default=best)


def early_stopping__never_stops(losses, patience, min_delta=0.0):
    """This always goes through to the last epoch. Return from inside the loop as soon as `patience` epochs in a row
    have not improved."""
    return _stopping(losses, len(losses) + 1, lambda loss, best: loss < best - min_delta)


def early_stopping__only_stop(losses, patience, min_delta=0.0):
    """Only the epoch in which training stops is returned. The best epoch is needed to know whose weights to keep:
    return both, (stop, best)."""
    return _stopping(losses, patience, lambda loss, best: loss < best - min_delta)[0]


def early_stopping__best_for_stop(losses, patience, min_delta=0.0):
    """The best epoch is returned in place of the one in which training stops. In the best epoch one cannot know yet
    that nothing better will come: training goes on until patience has run out."""
    _, best = _stopping(losses, patience, lambda loss, lowest: loss < lowest - min_delta)
    return best, best


def early_stopping__stop_for_best(losses, patience, min_delta=0.0):
    """The epoch in which training stops is returned as the best. It is just the one that did not improve: its weights
    are not those to keep."""
    stop, _ = _stopping(losses, patience, lambda loss, best: loss < best - min_delta)
    return stop, stop


def early_stopping__swapped(losses, patience, min_delta=0.0):
    """The two epochs are returned in the wrong order: first the one in which training stops, then the best."""
    return _stopping(losses, patience, lambda loss, best: loss < best - min_delta)[::-1]


def early_stopping__counted_from_one(losses, patience, min_delta=0.0):
    """The epochs are counted from 1. Here the first is epoch 0, as the first loss is losses[0]."""
    stop, best = _stopping(losses, patience, lambda loss, lowest: loss < lowest - min_delta)
    return stop + 1, best + 1


def early_stopping__epochs_trained(losses, patience, min_delta=0.0):
    """The number of epochs that were trained is returned, or the index of the first that is not. Stop is the last that
    *is* trained, counted from 0: one less."""
    stop, best = _stopping(losses, patience, lambda loss, lowest: loss < lowest - min_delta)
    return stop + 1, best


def early_stopping__length_at_the_end(losses, patience, min_delta=0.0):
    """If nothing stops the training, the number of epochs is returned. The last epoch is len(losses) - 1."""
    never = _stopping(losses, len(losses) + 1, lambda loss, best: loss < best - min_delta)
    found = _stopping((*losses, math.inf), patience, lambda loss, best: loss < best - min_delta)
    return found if found[0] < len(losses) else (len(losses), never[1])


def early_stopping__none_at_the_end(losses, patience, min_delta=0.0):
    """If nothing stops the training, None is returned for stop. Training ends all the same: with the last epoch,
    len(losses) - 1."""
    stop, best = _stopping((*losses, math.inf), patience, lambda loss, lowest: loss < lowest - min_delta)
    return (None if stop == len(losses) else stop), best


def early_stopping__loss_for_epoch(losses, patience, min_delta=0.0):
    """The lowest loss is returned in place of its epoch. What is wanted is where it was: keep the epoch beside the
    loss."""
    stop, best = _stopping(losses, patience, lambda loss, lowest: loss < lowest - min_delta)
    return stop, losses[best]


def early_stopping__starts_with_the_first_loss(losses, patience, min_delta=0.0):
    """The first loss is taken for the best without a look. If it is NaN, nothing is ever less, and no later epoch can
    improve. Begin with an infinite loss, and let the first epoch take part like any other."""
    best, lowest, waited = 0, losses[0], 0
    for epoch, loss in enumerate(losses[1:], 1):
        waited += 1
        if loss < lowest - min_delta:
            best, lowest, waited = epoch, loss, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__none_is_best(losses, patience, min_delta=0.0):
    """If no epoch improves, all losses being NaN or infinite, None is returned as the best. It is epoch 0 then: begin
    with that."""
    stop, best = _stopping(losses, patience, lambda loss, lowest: loss < lowest - min_delta)
    return stop, best if math.isfinite(losses[best]) else None


def early_stopping__first_epoch_waits(losses, patience, min_delta=0.0):
    """The first loss is taken for the best and then compared with itself, so the first epoch counts as one without an
    improvement. Begin with an infinite loss, so that the first epoch improves."""
    best, lowest, waited = 0, losses[0], 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < lowest - min_delta:
            best, lowest, waited = epoch, loss, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__distance_from_0(losses, patience, min_delta=0.0):
    """The epochs without an improvement are found as epoch - best, where best begins with 0. That leaves the first
    epoch out if it does not improve (if its loss is NaN). Count the epochs, or begin with -1."""
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses):
        if loss < lowest - min_delta:
            best, lowest = epoch, loss
        if epoch - best >= patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__nan_improves(losses, patience, min_delta=0.0):
    """NaN counts as an improvement, since `not loss >= …` is true for it. Ask `loss < best - min_delta`, which is
    false."""
    return _stopping(losses, patience, lambda loss, best: not loss >= best - min_delta)


def early_stopping__nan_skipped(losses, patience, min_delta=0.0):
    """Epochs with NaN are passed over, so a training that has blown up goes on. Such an epoch did not improve, and
    counts as one of those in a row."""
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        if loss != loss:
            continue
        waited += 1
        if loss < lowest - min_delta:
            best, lowest, waited = epoch, loss, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def early_stopping__nan_stops(losses, patience, min_delta=0.0):
    """A single NaN stops training at once. By the rule it is an epoch without an improvement like any other, and
    patience decides."""
    stop, _ = _stopping(losses, patience, lambda loss, best: loss < best - min_delta)
    first = next((epoch for epoch, loss in enumerate(losses) if loss != loss), stop)
    seen = losses[: min(stop, first) + 1]
    return len(seen) - 1, _stopping(seen, len(losses) + 1, lambda loss, best: loss < best - min_delta)[1]


def early_stopping__bar_starts_at_0(losses, patience, min_delta=0.0):
    """The best loss begins with 0, and no loss that is positive is ever less. Begin with infinity."""
    best, lowest, waited = 0, 0.0, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < lowest - min_delta:
            best, lowest, waited = epoch, loss, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best


def dropout2d__not_scaled(x, random, p=0.5, training=True):
    """The channels that are kept are not scaled. Divide by 1 - p, the share that is kept."""
    return x * (_channels(random) >= p) if training else x


def dropout2d__divided_by_p(x, random, p=0.5, training=True):
    """This divides by p, the share that is dropped. Divide by the share that is kept, 1 - p."""
    return x * (_channels(random) >= p) / p if training else x


def dropout2d__kept_below(x, random, p=0.5, training=True):
    """The comparison is turned round: random < p happens with probability p, which is that of dropping. Keep where
    random >= p."""
    if not training or p == 1:
        return _dropout(x, _channels(random), p, training)
    return x * (_channels(random) < p) / (1 - p)


def dropout2d__equal_dropped(x, random, p=0.5, training=True):
    """A random number of exactly p is dropped here. It is kept: random >= p, not random > p."""
    if not training or p == 1:
        return _dropout(x, _channels(random), p, training)
    return x * (_channels(random) > p) / (1 - p)


def dropout2d__along_the_image(x, random, p=0.5, training=True):
    """The mask has the shape (N, C), and broadcasting lays it along the last two dimensions, (H, W). That fails if the
    sizes differ, and is silently wrong if they do not. Give it two more dimensions behind: random[:, :, None, None]."""
    return _dropout(x, random, p, training)


def dropout2d__one_mask_for_all_images(x, random, p=0.5, training=True):
    """The random numbers of the first image are used for all. Every image has a row of its own, shape (N, C)."""
    return _dropout(x, random[:1, :, None, None], p, training)


def dropout2d__whole_images(x, random, p=0.5, training=True):
    """The random number of the first channel decides for the whole image. Every channel has a number of its own."""
    return _dropout(x, random[:, :1, None, None], p, training)


def dropout2d__elements(x, random, p=0.5, training=True):
    """The random numbers are laid out anew, so that single places are dropped. All places of a channel have its random
    number in common."""
    return _dropout(x, random.repeat(x[0, 0].numel(), 1).reshape(x.shape), p, training)


def dropout2d__also_in_inference(x, random, p=0.5, training=True):
    """Channels are dropped in inference, too. Return x if training is False."""
    return _dropout(x, _channels(random), p)


def dropout2d__scaled_in_inference(x, random, p=0.5, training=True):
    """This scales up in training *and* down in inference, where the answer is x."""
    return _dropout(x, _channels(random), p) if training else x * (1 - p)


def dropout2d__nan_at_1(x, random, p=0.5, training=True):
    """With p = 1 this divides 0 by 0, which is NaN. Nothing is kept then: the answer is 0 everywhere."""
    return x * (_channels(random) >= p) / (1 - p) if training else x


def dropout2d__zeros_at_1_in_inference(x, random, p=0.5, training=True):
    """With p = 1 this gives zeros in inference, too. Ask for training first: in inference the answer is x, whatever p
    is."""
    return 0 * x if p == 1 else _dropout(x, _channels(random), p, training)


def dropout2d__removed(x, random, p=0.5, training=True):
    """The dropped channels are taken out, so the answer has another shape. They stay where they are, as 0."""
    if not training or p == 1:
        return _dropout(x, _channels(random), p, training)
    return x[random >= p] / (1 - p)


def dropout2d__in_place(x, random, p=0.5, training=True):
    """The values are right, but `x[random < p] = 0` overwrites the caller's x. Make a new tensor."""
    if not training:
        return x
    x[random < p] = 0
    return 0 * x if p == 1 else x / (1 - p)


def dropout2d__float64_mask(x, random, p=0.5, training=True):
    """The values are right, but the mask is float64 (`.double()`), and float32 numbers times it are float64. Multiply
    by the booleans themselves, or use .to(x.dtype)."""
    return _dropout(x, _channels(random), p, training).double()


def dropout2d__gradient_nan_at_1(x, random, p=0.5, training=True):
    """The values are right, but with p = 1 the gradient is NaN: torch.where drops x / 0, and autograd still goes
    through it. Treat p = 1 as a case of its own."""
    return torch.where(_channels(random) >= p, x / (1 - p), 0.0) if training else x


def dropout2d__left_the_graph(x, random, p=0.5, training=True):
    """The values are right, but x was detached, and no gradient goes back to it."""
    return _dropout(x.detach(), _channels(random), p, training)


def l1_penalty__half(params, strength):
    """There is a factor ½, as in the L2 penalty. Nothing cancels here, and the L1 penalty has none."""
    return 0.5 * strength * sum(param.abs().sum() for param in params)


def l1_penalty__mean(params, strength):
    """The absolute values of each tensor are averaged. The penalty is their sum."""
    return strength * sum(param.abs().mean() for param in params)


def l1_penalty__mean_of_everything(params, strength):
    """The sum is divided by the number of all elements. The penalty is a sum."""
    return strength * sum(param.abs().sum() for param in params) / sum(param.numel() for param in params)


def l1_penalty__squares(params, strength):
    """These are squares, as in the L2 penalty. The L1 penalty sums absolute values."""
    return strength * sum((param**2).sum() for param in params)


def l1_penalty__plain_sum(params, strength):
    """The absolute values are missing, so that negative elements would be rewarded for growing."""
    return strength * sum(param.sum() for param in params)


def l1_penalty__absolute_sum(params, strength):
    """The elements are added up before the absolute value is taken, so that positive and negative ones cancel. Take the
    absolute value of each element first."""
    return strength * sum(param.sum().abs() for param in params)


def l1_penalty__weights_only(params, strength):
    """Tensors of fewer than two dimensions are left out, as biases often are. Who calls decides what is penalized:
    every tensor that is given counts."""
    return strength * sum(param.abs().sum() for param in params if param.dim() > 1)


def l1_penalty__matrix_norm(params, strength):
    """Of a matrix, torch.linalg.norm(…, 1) is the greatest sum of a column. The penalty sums over all elements."""
    return strength * sum(param.abs().sum(dim=0).max() if param.dim() == 2 else param.abs().sum() for param in params)


def l1_penalty__first_tensor_only(params, strength):
    """Only the first tensor counts. Add up over all of them."""
    return strength * params[0].abs().sum()


def l1_penalty__no_strength(params, strength):
    """strength is not used. It says how strong the penalty is beside the loss: multiply by it."""
    return sum(param.abs().sum() for param in params)


def l1_penalty__float64_total(params, strength):
    """The value is right, but the total began as a float64 tensor, and float32 numbers added to it are float64. Begin
    with a plain Python 0."""
    return (strength * sum(param.abs().sum() for param in params)).double()


def l1_penalty__gradient_nan_at_0(params, strength):
    """The value is right, but the root of the square has an infinite slope at 0, and the gradient there is 0 · ∞: NaN.
    `abs` has the gradient 0 there."""
    return strength * sum((param**2).sqrt().sum() for param in params)


def l1_penalty__gradient_minus_one_at_0(params, strength):
    """The value is right, but `torch.where(param > 0, param, -param)` takes 0 for negative, with the gradient -1. An
    element that has arrived at 0 is to stay there: `abs` has the gradient 0."""
    return strength * sum(torch.where(param > 0, param, -param).sum() for param in params)


def l1_penalty__gradient_one_at_0(params, strength):
    """The value is right, but `torch.where(param >= 0, param, -param)` takes 0 for positive, with the gradient 1. An
    element that has arrived at 0 is to stay there: `abs` has the gradient 0."""
    return strength * sum(torch.where(param >= 0, param, -param).sum() for param in params)


def l1_penalty__left_the_graph(params, strength):
    """The value is right, but `.item()`, `.data` and torch.tensor(…) leave the graph, so the penalty pulls at nothing.
    Add up tensors."""
    return strength * sum(param.detach().abs().sum() for param in params)


def _scaled(weight, limit, norms):
    return weight * (limit / norms.clamp(min=limit))


def _norms(weight):
    return torch.sqrt(torch.sum(weight**2, dim=tuple(range(1, weight.dim())), keepdim=True))


def max_norm__columns(weight, limit):
    """The norms are taken over the first dimension, for each input. The weights of one neuron are a row: sum over all
    dimensions but the first."""
    return _scaled(weight, limit, torch.sqrt(torch.sum(weight**2, dim=0, keepdim=True)))


def max_norm__whole_weight(weight, limit):
    """One norm is taken of the whole weight, so that all neurons are scaled together. Each neuron has a norm of its
    own."""
    return _scaled(weight, limit, torch.sqrt(torch.sum(weight**2)))


def max_norm__last_dimension(weight, limit):
    """The norms are taken over the last dimension only. The weights of one neuron of a convolution are all dimensions
    but the first: its input channels, and the kernel's height and width."""
    return _scaled(weight, limit, torch.sqrt(torch.sum(weight**2, dim=-1, keepdim=True)))


def max_norm__second_dimension(weight, limit):
    """The norms are taken over the second dimension only, so that each place of the kernel has one of its own. The
    weights of one neuron of a convolution are all dimensions but the first."""
    return _scaled(weight, limit, torch.sqrt(torch.sum(weight**2, dim=1, keepdim=True)))


def max_norm__kernels(weight, limit):
    """Each kernel is taken alone, for every pair of channels. The weights of one neuron are all dimensions but the
    first: the input channels, too."""
    return _scaled(
        weight, limit, torch.sqrt(torch.sum(weight**2, dim=tuple(range(2, weight.dim())) or 1, keepdim=True))
    )


def max_norm__no_keepdim(weight, limit):
    """The norms have the shape (out,), and broadcasting lays them along the last dimension: it divides inputs by the
    norms of neurons. Keep the dimensions with keepdim=True."""
    return _scaled(weight, limit, torch.sqrt(torch.sum(weight**2, dim=tuple(range(1, weight.dim())))))


def max_norm__squared_norm(weight, limit):
    """The root is missing: this compares the square of the norm with the limit, and divides by it."""
    return _scaled(weight, limit, _norms(weight) ** 2)


def max_norm__always(weight, limit):
    """Every neuron is given the norm `limit`, short ones are stretched. Only those that are longer are scaled, and one
    that is all 0 stays as it is."""
    return weight * (limit / _norms(weight))


def max_norm__to_norm_1(weight, limit):
    """Neurons over the limit are scaled to norm 1, not to the limit. Multiply by limit / norm."""
    norms = _norms(weight)
    return torch.where(norms > limit, weight / norms.clamp(min=limit), weight)


def max_norm__divided_by_the_limit(weight, limit):
    """Neurons over the limit are divided by the limit. The factor is limit / norm."""
    return torch.where(_norms(weight) > limit, weight / limit, weight)


def max_norm__elements(weight, limit):
    """Each element is clipped to the limit. That changes the direction, and a neuron of many weights may still be long.
    Scale all weights of a neuron by one factor."""
    return torch.clamp(weight, -limit, limit)


def max_norm__set_to_0(weight, limit):
    """Neurons over the limit are set to 0. They are scaled down to it, and keep their direction."""
    return torch.where(_norms(weight) > limit, 0, weight)


def max_norm__absolute_sum(weight, limit):
    """This sums absolute values. The norm is the Euclidean length: the root of the sum of squares."""
    return _scaled(weight, limit, torch.sum(torch.abs(weight), dim=tuple(range(1, weight.dim())), keepdim=True))


def max_norm__largest_element(weight, limit):
    """This takes the largest element of a neuron for its length. The norm is the root of the sum of squares."""
    return _scaled(weight, limit, torch.amax(torch.abs(weight), dim=tuple(range(1, weight.dim())), keepdim=True))


def max_norm__all_by_the_longest(weight, limit):
    """All neurons are scaled by the factor of the longest. Each has its own factor, and it is 1 for those that are not
    too long."""
    return _scaled(weight, limit, _norms(weight).max())


def max_norm__epsilon(weight, limit):
    """A small number is added to the norm, so that nothing is divided by 0. It makes every neuron a little shorter each
    time, also those below the limit. Find a form that divides by the greater of norm and limit."""
    norms = _norms(weight)
    return weight * (norms.clamp(max=limit) / (norms + 1e-7))


def max_norm__epsilon_beside_the_norm(weight, limit):
    """A small number is added to the norm of those that are too long, as `torch.renorm` does, so that they come out a
    little shorter than the limit. A norm over the limit is never 0: divide by it as it is."""
    norms = _norms(weight)
    return torch.where(norms > limit, weight * (limit / (norms + 1e-7)), weight)


def max_norm__float64(weight, limit):
    """The values are right, but a float64 tensor took part, and a float32 weight became float64. A plain Python limit
    keeps the dtype."""
    return _scaled(weight, limit, _norms(weight)).double()


def max_norm__in_place(weight, limit):
    """The values are right, but `weight *= …` overwrites the caller's weight. A pure function makes a new tensor."""
    weight *= limit / _norms(weight).clamp(min=limit)
    return weight

"""Known wrong answers to the exercise in PyTorch; each docstring is the advice that its author gets."""

import copy
import math
from statistics import mean

import torch
import torch.nn.functional as F
from diagnosis_library_torch import forward, loss_and_grads, sgd


def of_each(measure):
    return lambda grads: torch.stack([measure(grad) for grad in grads])


def gradient_norms__sum(grads):
    """You add the elements up, and positive and negative ones cancel. Square them, add, and take the root."""
    return of_each(torch.sum)(grads)


def gradient_norms__mean(grads):
    """You take the mean. The L2 norm is the root of the *sum* of the squares."""
    return of_each(torch.mean)(grads)


def gradient_norms__root_mean_square(grads):
    """You average the squares. Add them up: the norm of a large layer's gradient is larger."""
    return of_each(lambda grad: (grad**2).mean().sqrt())(grads)


def gradient_norms__squared(grads):
    """The root is missing: these are squares of norms."""
    return of_each(lambda grad: (grad**2).sum())(grads)


def gradient_norms__absolute(grads):
    """This is the L1 norm, the sum of absolute values. The L2 norm squares them, adds, and takes the root."""
    return of_each(lambda grad: grad.abs().sum())(grads)


def gradient_norms__largest(grads):
    """This is the largest element. The L2 norm takes all of them: the root of the sum of the squares."""
    return of_each(lambda grad: grad.abs().max())(grads)


def gradient_norms__spectral(grads):
    """norm(…, 2) of a matrix is its largest singular value. Flatten first, or leave the 2 out."""
    return of_each(lambda grad: torch.linalg.norm(grad, 2) if grad.ndim == 2 else grad.norm())(grads)


def gradient_norms__rows(grads):
    """You add up the norms of the rows. A layer has one norm, of all its elements together."""
    return of_each(lambda grad: grad.norm(dim=-1).sum())(grads)


def gradient_norms__together(grads):
    """This is one norm of all gradients together, as for clipping. Give each layer its own."""
    return sum((grad**2).sum() for grad in grads).sqrt()


def named(norms, one, other, low, high):
    if not norms.isfinite().all():
        return "exploding"
    return "vanishing" if one < low * other else "exploding" if one > high * other else "fine"


def gradient_trouble__turned_round(norms, low=1e-3, high=1e3):
    """The ratio is turned round. Gradients travel from the last layer to the first: compare the first to the last."""
    return named(norms, norms[-1], norms[0], low, high)


def gradient_trouble__names_swapped(norms, low=1e-3, high=1e3):
    """The names are swapped: a small ratio means that gradients vanish, a large one that they explode."""
    right = named(norms, norms[0], norms[-1], low, high)
    return {"vanishing": "exploding", "exploding": "vanishing"}.get(right, right) if norms.isfinite().all() else right


def gradient_trouble__absolute(norms, low=1e-3, high=1e3):
    """You compare the first norm itself with the bounds. Small gradients may be fine: it is their ratio that tells."""
    return named(norms, norms[0], 1.0, low, high)


def gradient_trouble__smallest_and_largest(norms, low=1e-3, high=1e3):
    """You compare smallest and largest. Compare the first layer to the last; what is between decides nothing."""
    return named(norms, norms.min(), norms.max(), low, high)


def gradient_trouble__neighbour(norms, low=1e-3, high=1e3):
    """You compare the first layer to the second. Compare it to the last, over the whole way."""
    return named(norms, norms[0], norms[min(1, len(norms) - 1)], low, high)


def gradient_trouble__own_bounds(norms, low=1e-3, high=1e3):
    """You always use 1e-3 and 1e3. Use low and high, which may be others."""
    return named(norms, norms[0], norms[-1], 1e-3, 1e3)


def gradient_trouble__nan_is_fine(norms, low=1e-3, high=1e3):
    """NaN compares as neither smaller nor larger, so it is "fine" to you. Ask for NaN and infinity first."""
    return "vanishing" if norms[0] < low * norms[-1] else "exploding" if norms[0] > high * norms[-1] else "fine"


def gradient_trouble__only_nan(norms, low=1e-3, high=1e3):
    """You ask for NaN, and infinity between the first and last layer gets through. Ask with isfinite."""
    return "exploding" if norms.isnan().any() else gradient_trouble__nan_is_fine(norms, low, high)


def gradient_trouble__bounds_included(norms, low=1e-3, high=1e3):
    """Just at a bound nothing is wrong yet: ask for < and >, not for <= and >=."""
    if not norms.isfinite().all():
        return "exploding"
    return "vanishing" if norms[0] <= low * norms[-1] else "exploding" if norms[0] >= high * norms[-1] else "fine"


def gradient_trouble__divided(norms, low=1e-3, high=1e3):
    """0 / 0 is NaN, and a NaN ratio is not what "exploding" means: if all gradients are 0, none of the rules holds.

    Multiply the bound by the last norm instead of dividing by it.
    """
    ratio = norms[0] / norms[-1]
    if not (norms.isfinite().all() and ratio.isfinite()):
        return "exploding"
    return "vanishing" if ratio < low else "exploding" if ratio > high else "fine"


def dead_units__mean_zero(activations):
    """A mean of 0 says little before relu, where values cancel, and units far below 0 are dead too. Ask for > 0."""
    return activations.mean(dim=0) == 0


def dead_units__zero(activations):
    """You ask for exactly 0. Before relu a dead unit is below 0: it is dead where no example is above 0."""
    return (activations == 0).all(dim=0)


def dead_units__mean_below(activations):
    """A mean below 0 may hide examples above 0. A unit is dead only if there is not one of them."""
    return activations.mean(dim=0) <= 0


def dead_units__examples(activations):
    """You ask for each example whether any unit is awake: the wrong axis. Reduce over the examples, axis 0."""
    return ~(activations > 0).any(dim=1)


def dead_units__sometimes(activations):
    """You call a unit dead that is asleep for *some* example. Nearly all are; dead is who sleeps for all of them."""
    return ~(activations > 0).all(dim=0)


def dead_units__alive(activations):
    """These are the living ones. True stands for a dead unit."""
    return (activations > 0).any(dim=0)


def dead_units__indices(activations):
    """You return the numbers of the dead units. Return a boolean for each unit, shape (H,)."""
    return (~(activations > 0).any(dim=0)).nonzero().flatten()


def dead_units__count(activations):
    """You return how many are dead. Return a boolean for each unit, shape (H,)."""
    return int((~(activations > 0).any(dim=0)).sum())


def dead_units__first_example(activations):
    """You look at the first example alone. Dead is who sleeps for all of them."""
    return ~(activations[0] > 0)


def revive__all_units(w1, b1, dead, fresh):
    """You start all units anew, and what the living ones have learnt is lost. Take fresh rows for the dead only."""
    return fresh.clone(), torch.zeros_like(b1)


def revive__bias_kept(w1, b1, dead, fresh):
    """The old bias stays, and it may be what killed the unit. Set the bias of revived units to 0."""
    return torch.where(dead[:, None], fresh, w1), b1.clone()


def revive__all_biases(w1, b1, dead, fresh):
    """You set all biases to 0. The living units keep theirs."""
    return torch.where(dead[:, None], fresh, w1), torch.zeros_like(b1)


def revive__living_ones(w1, b1, dead, fresh):
    """You start the living units anew and leave the dead ones. True in `dead` stands for dead."""
    return torch.where(dead[:, None], w1, fresh), torch.where(dead, b1, 0)


def revive__in_place(w1, b1, dead, fresh):
    """You write into the tensors that you were given. Copy them first."""
    w1[dead] = fresh[dead]
    b1[dead] = 0
    return w1, b1


def revive__added(w1, b1, dead, fresh):
    """You add the fresh weights to the old ones. Put them in their place."""
    return w1 + dead[:, None] * fresh, torch.where(dead, 0, b1)


def revive__zeros(w1, b1, dead, fresh):
    """You set the dead rows to 0: such a unit stays at 0 and gets no gradient. Take the rows of `fresh`."""
    return torch.where(dead[:, None], 0, w1), torch.where(dead, 0, b1)


def revive__first_rows(w1, b1, dead, fresh):
    """You take the first rows of `fresh`, one after the other. Each unit takes the row of its own number."""
    rows = w1.clone()
    rows[dead] = fresh[: int(dead.sum())]
    return rows, torch.where(dead, 0, b1)


def averaged(losses, beta, start=0.0, correct=True, first=1, keep=None):
    average, found = start, []
    for step, loss in enumerate(losses, start=first):
        average = (beta if keep is None else keep) * average + ((1 - beta) if keep is None else 1 - keep) * loss
        found.append(average / (1 - beta**step) if correct else average)
    return torch.stack([torch.as_tensor(one, dtype=losses.dtype) for one in found])


def smoothed__no_correction(losses, beta=0.9):
    """The average starts at 0 and is too small at first. Divide by 1 - beta^t to correct its bias."""
    return averaged(losses, beta, correct=False)


def smoothed__starts_at_the_first(losses, beta=0.9):
    """You start at the first loss instead of correcting the bias: it then weighs more than all others for long."""
    return averaged(losses, beta, start=losses[0], correct=False)


def smoothed__corrected_in_the_state(losses, beta=0.9):
    """The corrected average goes on into the next step. Correct what you return; the average itself stays as it is."""
    average, found = 0.0, []
    for step, loss in enumerate(losses, start=1):
        average = (beta * average + (1 - beta) * loss) / (1 - beta**step)
        found.append(average)
    return torch.stack([torch.as_tensor(one, dtype=losses.dtype) for one in found])


def smoothed__turned_round(losses, beta=0.9):
    """beta and 1 - beta are swapped. beta is what stays of the average."""
    return averaged(losses, 1 - beta) if beta else torch.zeros_like(losses)


def smoothed__always_the_same(losses, beta=0.9):
    """You always smooth with 0.9. Use beta."""
    return averaged(losses, 0.9)


def smoothed__whole_loss(losses, beta=0.9):
    """You add the whole loss. It joins with the weight 1 - beta."""
    average, found = 0.0, []
    for step, loss in enumerate(losses, start=1):
        average = beta * average + loss
        found.append(average / (1 - beta**step))
    return torch.stack([torch.as_tensor(one, dtype=losses.dtype) for one in found])


def smoothed__one_step_late(losses, beta=0.9):
    """The exponent is one too large: the first loss has t = 1, so that the first smoothed loss is the first loss."""
    return averaged(losses, beta, first=2)


def smoothed__last_correction(losses, beta=0.9):
    """You divide the whole curve by the last correction. Each step has its own, 1 - beta^t."""
    return averaged(losses, beta, correct=False) / (1 - beta ** len(losses))


def smoothed__mean_so_far(losses, beta=0.9):
    """This is the plain mean of all losses so far. Earlier losses shall fade, by beta a step."""
    return losses.cumsum(0) / torch.arange(1, len(losses) + 1, dtype=losses.dtype)


def smoothed__last(losses, beta=0.9):
    """You return the last average alone. Return one for each step."""
    return averaged(losses, beta)[-1]


def range_test_lrs__arithmetic(low, high, steps):
    """Your rates have equal differences: nearly all have the size of the largest. Make equal ratios."""
    return tuple(low + k * (high - low) / (steps - 1) for k in range(steps))


def range_test_lrs__last_missing(low, high, steps):
    """`high` is missing: from low to high it is steps - 1 times the ratio."""
    return tuple(low * (high / low) ** (k / steps) for k in range(steps))


def range_test_lrs__first_missing(low, high, steps):
    """`low` is missing: the exponents start at 0."""
    return tuple(low * (high / low) ** ((k + 1) / steps) for k in range(steps))


def range_test_lrs__falling(low, high, steps):
    """Your rates fall. Start with the lowest: a high rate at the beginning ruins the parameters for all that follow."""
    return tuple(low * (high / low) ** (k / (steps - 1)) for k in range(steps))[::-1]


def range_test_lrs__doubled(low, high, steps):
    """You double the rate each time. The ratio follows from low, high and steps: (high / low)^(1 / (steps - 1))."""
    return tuple(low * 2.0**k for k in range(steps))


def range_test_lrs__exponents(low, high, steps):
    """logspace takes exponents, not the numbers themselves: give it their logarithms."""
    return tuple(torch.logspace(low, min(high, 300), steps, dtype=torch.float64).tolist())


def range_test_lrs__one_more(low, high, steps):
    """There is one rate too many: steps is how many there are, not how many ratios lie between."""
    return tuple(low * (high / low) ** (k / steps) for k in range(steps + 1))


def range_test_lrs__array(low, high, steps):
    """This is a tensor. A tuple of Python numbers is asked for: tuple(… .tolist())."""
    return torch.logspace(math.log10(low), math.log10(high), steps, dtype=torch.float64)


def cut(order, batch_size):
    return [rows[start : start + batch_size] for rows in order for start in range(0, len(rows), batch_size)]


def descend(x, target, params, batches, lrs, update=sgd):
    losses = []
    for lr, batch in zip(lrs, batches, strict=False):
        loss, grads = loss_and_grads(x[batch], target[batch], params)
        losses.append(loss)
        params = tuple(update(param, grad, lr) for param, grad in zip(params, grads, strict=True))
    return torch.stack(losses), params


def tested(x, target, params, order, batch_size, lrs):
    return descend(x, target, params, cut(order, batch_size), lrs)[0]


def lr_range_test__loss_after(x, target, params, order, batch_size, lrs):
    """You take the loss of the batch after its step. It is taken before: it says what the steps so far have done."""
    losses = []
    for lr, batch in zip(lrs, cut(order, batch_size), strict=False):
        _, params = descend(x, target, params, [batch], [lr])
        losses.append(loss_and_grads(x[batch], target[batch], params)[0])
    return torch.stack(losses)


def lr_range_test__same_batch(x, target, params, order, batch_size, lrs):
    """All steps take the first batch, and the network learns it by heart. Take the next one each time."""
    return descend(x, target, params, [order[0][:batch_size]] * len(lrs), lrs)[0]


def lr_range_test__each_from_the_start(x, target, params, order, batch_size, lrs):
    """Each rate starts from the first parameters, so no step has any effect on a loss. Go on from where you are."""
    batches = cut(order, batch_size)[: len(lrs)]
    return torch.stack([loss_and_grads(x[batch], target[batch], params)[0] for batch in batches])


def lr_range_test__without_order(x, target, params, order, batch_size, lrs):
    """You take the rows as they lie in x. Take them in the given order: x[order[e][start : start + batch_size]]."""
    return tested(x, target, params, torch.arange(len(x)).repeat(len(order), 1), batch_size, lrs)


def lr_range_test__first_epoch_again(x, target, params, order, batch_size, lrs):
    """The second epoch takes the first one's order again. order[e] is the order of epoch e."""
    return tested(x, target, params, order[:1].repeat(len(order), 1), batch_size, lrs)


def lr_range_test__over_the_edge(x, target, params, order, batch_size, lrs):
    """Your batches go on over the end of an epoch. Each epoch is cut by itself: its last batch may be short."""
    return tested(x, target, params, order.reshape(1, -1), batch_size, lrs)


def lr_range_test__short_batch_dropped(x, target, params, order, batch_size, lrs):
    """You leave out the short batch at an epoch's end. It is a batch like the others."""
    batches = [batch for batch in cut(order, batch_size) if len(batch) == batch_size] or cut(order, batch_size)
    return descend(x, target, params, batches, lrs)[0]


def lr_range_test__whole_data(x, target, params, order, batch_size, lrs):
    """Each step takes all the data. Take one batch a step."""
    return descend(x, target, params, list(order) * len(lrs), lrs)[0]


def lr_range_test__first_rate(x, target, params, order, batch_size, lrs):
    """All steps take the first rate. Step k takes lrs[k]."""
    return tested(x, target, params, order, batch_size, [lrs[0]] * len(lrs))


def lr_range_test__one_rate_ahead(x, target, params, order, batch_size, lrs):
    """You are one rate ahead: step 0 takes lrs[0]."""
    return tested(x, target, params, order, batch_size, [*lrs[1:], lrs[-1]])


def lr_range_test__climbs(x, target, params, order, batch_size, lrs):
    """You go up. Descent goes against the gradient."""
    return tested(x, target, params, order, batch_size, [-lr for lr in lrs])


def lr_range_test__last_layer_only(x, target, params, order, batch_size, lrs):
    """Only the last layer moves. All four parameters take their step."""
    losses = []
    for lr, batch in zip(lrs, cut(order, batch_size), strict=False):
        loss, grads = loss_and_grads(x[batch], target[batch], params)
        losses.append(loss)
        params = (*params[:2], sgd(params[2], grads[2], lr), sgd(params[3], grads[3], lr))
    return torch.stack(losses)


def finite_part(losses):
    return losses[: int(losses.isfinite().cumprod(dim=0).sum())]


def chosen(lrs, losses, beta, skip, pick, curve=averaged):
    s = curve(finite_part(losses), beta)
    lowest = int(s.argmin())
    if lowest <= skip:
        raise ValueError("the smoothed loss does not fall behind its beginning")
    return lrs[pick(s, skip, lowest)]


def steepest(s, skip, lowest):
    return skip + int(s[skip : lowest + 1].diff().argmin())


def suggest_lr__minimum(lrs, losses, beta=0.9, skip=10):
    """You take the rate at the lowest loss. There the loss is about to rise: take that of the steepest fall."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: lowest)


def suggest_lr__tenth_of_the_minimum(lrs, losses, beta=0.9, skip=10):
    """A tenth of the rate at the minimum is another rule of thumb. Take the rate of the steepest fall."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: lowest) / 10


def suggest_lr__after_the_fall(lrs, losses, beta=0.9, skip=10):
    """You are one step late: losses are taken before the step, so s[k + 1] - s[k] is what lrs[k] has done."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: steepest(s, skip, lowest) + 1)


def suggest_lr__not_smoothed(lrs, losses, beta=0.9, skip=10):
    """You look at the losses themselves, and follow the chance of each batch. Smooth them first."""
    return chosen(lrs, losses, beta, skip, steepest, lambda losses, beta: losses)


def suggest_lr__no_correction(lrs, losses, beta=0.9, skip=10):
    """Your average has no correction of its bias, and rises at first whatever the loss does."""
    return chosen(lrs, losses, beta, skip, steepest, lambda losses, beta: averaged(losses, beta, correct=False))


def suggest_lr__gradient(lrs, losses, beta=0.9, skip=10):
    """torch.gradient takes differences over two steps. Take s[k + 1] - s[k], what the rate k alone has done."""
    return chosen(
        lrs, losses, beta, skip, lambda s, skip, lowest: skip + int(torch.gradient(s)[0][skip:lowest].argmin())
    )


def suggest_lr__by_the_rate(lrs, losses, beta=0.9, skip=10):
    """You divide by the difference of the rates, which favours small ones. Rates have equal steps in logarithms."""

    def pick(s, skip, lowest):
        slopes = s[skip : lowest + 1].double().diff() / torch.tensor(lrs[skip : lowest + 1]).diff()
        return skip + int(slopes.argmin())

    return chosen(lrs, losses, beta, skip, pick)


def suggest_lr__steepest_rise(lrs, losses, beta=0.9, skip=10):
    """You take the largest difference, which is a rise or the smallest fall. The steepest fall is the smallest one."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: skip + int(s[skip : lowest + 1].diff().argmax()))


def suggest_lr__steepest_change(lrs, losses, beta=0.9, skip=10):
    """You take the largest change, up or down. Only falls count."""
    return chosen(
        lrs, losses, beta, skip, lambda s, skip, lowest: skip + int(s[skip : lowest + 1].diff().abs().argmax())
    )


def suggest_lr__first_included(lrs, losses, beta=0.9, skip=10):
    """The first `skip` steps are no candidates: there the average is of so few losses that it follows each of them."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: int(s[: lowest + 1].diff().argmin()))


def suggest_lr__index_within(lrs, losses, beta=0.9, skip=10):
    """argmin counts from the first candidate. Add `skip` for the number of the step."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: steepest(s, skip, lowest) - skip)


def suggest_lr__behind_the_minimum(lrs, losses, beta=0.9, skip=10):
    """You search behind the lowest point too. Where the loss jumps, a later fall is only its way back."""
    return chosen(lrs, losses, beta, skip, lambda s, skip, lowest: skip + int(s[skip:].diff().argmin()))


def suggest_lr__cut_before_smoothing(lrs, losses, beta=0.9, skip=10):
    """You leave the first losses out before you smooth. Smooth all of them; they only are no candidates."""
    s = averaged(finite_part(losses)[skip:], beta)
    if len(s) == 0 or not s.argmin():
        raise ValueError("the smoothed loss does not fall")
    return lrs[skip + int(s[: int(s.argmin()) + 1].diff().argmin())]


def suggest_lr__nan_dropped(lrs, losses, beta=0.9, skip=10):
    """You drop what is not finite and keep what comes after. A run whose loss is no number is lost: stop there."""
    return chosen(lrs, losses[losses.isfinite()], beta, skip, steepest)


def suggest_lr__nan_only(lrs, losses, beta=0.9, skip=10):
    """You look out for NaN and not for infinity. Ask with isfinite."""
    s = averaged(losses[: int((~losses.isnan()).cumprod(dim=0).sum())], beta)
    lowest = int(s.argmin())
    if lowest <= skip:
        raise ValueError("the smoothed loss does not fall behind its beginning")
    return lrs[steepest(s, skip, lowest)]


def suggest_lr__nan_everywhere(lrs, losses, beta=0.9, skip=10):
    """NaN spreads through the average, and argmin takes it for the smallest. Cut the curve before it."""
    s = averaged(losses, beta)
    lowest = int(s.argmin())
    if lowest <= skip:
        raise ValueError("the smoothed loss does not fall behind its beginning")
    return lrs[steepest(s, skip, lowest)]


def suggest_lr__index(lrs, losses, beta=0.9, skip=10):
    """You return the number of the step. Return its rate, lrs[k]."""
    return chosen(range(len(lrs)), losses, beta, skip, steepest)


def suggest_lr__default_beta(lrs, losses, beta=0.9, skip=10):
    """You always smooth with 0.9. Use beta."""
    return chosen(lrs, losses, 0.9, skip, steepest)


def suggest_lr__default_skip(lrs, losses, beta=0.9, skip=10):
    """You always leave out 10 steps. Use skip."""
    return chosen(lrs, losses, beta, 10, steepest)


def suggest_lr__no_error(lrs, losses, beta=0.9, skip=10):
    """If the loss never falls, there is nothing to suggest: raise ValueError instead of some rate."""
    try:
        return chosen(lrs, losses, beta, skip, steepest)
    except ValueError:
        return lrs[0]


def generalization_gap__turned_round(train_losses, val_losses):
    """The sign is turned round: the validation loss minus the training loss, which is positive where a run overfits."""
    return train_losses - val_losses


def generalization_gap__size(train_losses, val_losses):
    """You return the size of the gap. Keep its sign: early in a run validation may well be better."""
    return (val_losses - train_losses).abs()


def generalization_gap__last(train_losses, val_losses):
    """You return the last epoch's gap. Return one for each epoch."""
    return val_losses[-1] - train_losses[-1]


def generalization_gap__ratio(train_losses, val_losses):
    """You divide. The gap is a difference."""
    return val_losses / train_losses


def generalization_gap__relative(train_losses, val_losses):
    """You divide the difference by the training loss. The gap is the difference itself."""
    return (val_losses - train_losses) / train_losses


def overfits(train_losses, val_losses, best, later, patience):
    return best if later >= patience and train_losses[-1] < train_losses[best] else None


def overfitting_from__whatever_training_does(train_losses, val_losses, patience):
    """If the training loss has not fallen further, the run does not overfit: it has stopped learning. Ask for it."""
    best = int(val_losses.argmin())
    return best if len(val_losses) - 1 - best >= patience else None


def overfitting_from__one_epoch_more(train_losses, val_losses, patience):
    """You wait one epoch too long: patience epochs after the best one are enough (>=)."""
    best = int(val_losses.argmin())
    return overfits(train_losses, val_losses, best, len(val_losses) - 2 - best, patience)


def overfitting_from__best_counted(train_losses, val_losses, patience):
    """You count the best epoch itself. The last is number epochs - 1: epochs - 1 - b came after b."""
    best = int(val_losses.argmin())
    return overfits(train_losses, val_losses, best, len(val_losses) - best, patience)


def overfitting_from__last_of_several(train_losses, val_losses, patience):
    """If several epochs are equally good, take the first: no later one has been better."""
    best = len(val_losses) - 1 - int(val_losses.flip(0).argmin())
    return overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience)


def overfitting_from__where_it_is_noticed(train_losses, val_losses, patience):
    """You return the epoch in which patience runs out. Return the best one, from which on it got worse."""
    best = int(val_losses.argmin())
    found = overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience)
    return None if found is None else found + patience


def overfitting_from__next_epoch(train_losses, val_losses, patience):
    """You return the epoch after the best one, or count from 1. Return b itself, counted from 0."""
    best = int(val_losses.argmin())
    found = overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience)
    return None if found is None else found + 1


def overfitting_from__training_curve(train_losses, val_losses, patience):
    """You look for the best epoch in the training losses. Those of the validation tell."""
    best = int(train_losses.argmin())
    return overfits(val_losses, train_losses, best, len(val_losses) - 1 - best, patience)


def overfitting_from__minus_one(train_losses, val_losses, patience):
    """You return -1 where a run does not overfit, which is also the last epoch. Return None."""
    best = int(val_losses.argmin())
    found = overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience)
    return -1 if found is None else found


def overfitting_from__yes_or_no(train_losses, val_losses, patience):
    """You say whether it overfits. Say from which epoch on, or None."""
    best = int(val_losses.argmin())
    return overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience) is not None


def overfitting_from__first_rise(train_losses, val_losses, patience):
    """You stop at the first rise, as if the run still went on. Look for the lowest loss of the whole curve."""
    for best in range(len(val_losses) - 1):
        if val_losses[best + 1] > val_losses[best]:
            return overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience)
    return None


def overfitting_from__widest_gap(train_losses, val_losses, patience):
    """The gap widens while both losses still fall, which is no harm. Look for the lowest validation loss."""
    best = int((val_losses - train_losses).argmin())
    return overfits(train_losses, val_losses, best, len(val_losses) - 1 - best, patience)


ORDER = ("diverged", "dead", "gradients", "overfitting", "healthy", "slow")


def rules(train, val, norms, dead, goal, **changed):
    """Return what each rule says, in a dictionary of names: a name, or None where the rule does not hold."""
    later = {"half": 0.5, "patience": 3, "middle": len(train) // 2, "part": 0.25} | changed
    trouble = named(norms, norms[0], norms[-1], 1e-3, 1e3)
    best = int(val.argmin())
    over = overfits(train, val, best, len(val) - 1 - best, later["patience"])
    lost = not (train.isfinite().all() and val.isfinite().all()) or train[-1] > train[0]
    return {
        "diverged": "diverged" if lost else None,
        "dead": "dead" if dead > later["half"] else None,
        "gradients": None if trouble == "fine" else trouble,
        "overfitting": None if over is None else "overfitting",
        "healthy": "healthy" if train[-1] <= goal else None,
        "slow": "slow" if train[later["middle"]] - train[-1] >= (train[0] - train[-1]) * later["part"] else None,
    }


def first(said, order=ORDER):
    return next((said[name] for name in order if said[name]), "underfitting")


def in_another_order(*order):
    return lambda *args: first(rules(*args), order)


def diagnose__gradients_first(train_losses, val_losses, norms, dead_fraction, goal):
    """The order of the rules is another: dead units come before gradients, which they cut off."""
    return in_another_order("diverged", "gradients", "dead", "overfitting", "healthy", "slow")(
        train_losses, val_losses, norms, dead_fraction, goal
    )


def diagnose__dead_first(train_losses, val_losses, norms, dead_fraction, goal):
    """The order of the rules is another: ask for a divergence first. Dead units are often what it leaves behind."""
    return in_another_order("dead", "diverged", "gradients", "overfitting", "healthy", "slow")(
        train_losses, val_losses, norms, dead_fraction, goal
    )


def diagnose__healthy_before_overfitting(train_losses, val_losses, norms, dead_fraction, goal):
    """You call a run healthy that has reached its goal by overfitting. Ask for overfitting first."""
    return in_another_order("diverged", "dead", "gradients", "healthy", "overfitting", "slow")(
        train_losses, val_losses, norms, dead_fraction, goal
    )


def diagnose__slow_before_overfitting(train_losses, val_losses, norms, dead_fraction, goal):
    """You call a run slow that overfits: going on faster would make it worse. Ask for overfitting first."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    said["slow"] = None if said["healthy"] else said["slow"]
    return first(said, ("diverged", "dead", "gradients", "slow", "overfitting", "healthy"))


def diagnose__slow_before_healthy(train_losses, val_losses, norms, dead_fraction, goal):
    """You call a run slow that has reached its goal. Ask for the goal first: it may well be still on its way."""
    return in_another_order("diverged", "dead", "gradients", "overfitting", "slow", "healthy")(
        train_losses, val_losses, norms, dead_fraction, goal
    )


def diagnose__nan_overlooked(train_losses, val_losses, norms, dead_fraction, goal):
    """You compare the last loss with the first, and any comparison with NaN is False. Ask whether all are finite."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    said["diverged"] = "diverged" if train_losses[-1] > train_losses[0] else None
    return first(said)


def diagnose__validation_overlooked(train_losses, val_losses, norms, dead_fraction, goal):
    """You ask the training losses alone. A validation loss that is NaN or infinite is a divergence too."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    finite = train_losses.isfinite().all()
    said["diverged"] = None if finite and train_losses[-1] <= train_losses[0] else "diverged"
    return first(said)


def diagnose__rise_overlooked(train_losses, val_losses, norms, dead_fraction, goal):
    """A run whose last training loss is above its first has diverged too, with numbers that are still finite."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    finite = train_losses.isfinite().all() and val_losses.isfinite().all()
    said["diverged"] = None if finite else "diverged"
    return first(said)


def diagnose__any_dead(train_losses, val_losses, norms, dead_fraction, goal):
    """Some dead units are no reason to worry. More than half of them are."""
    return first(rules(train_losses, val_losses, norms, dead_fraction, goal, half=0))


def diagnose__half_is_enough(train_losses, val_losses, norms, dead_fraction, goal):
    """Exactly half is not more than half: ask for > 0.5."""
    return first(rules(train_losses, val_losses, norms, dead_fraction, goal, half=math.nextafter(0.5, 0)))


def diagnose__all_dead(train_losses, val_losses, norms, dead_fraction, goal):
    """You wait until all units are dead. More than half of them is the rule."""
    return first(rules(train_losses, val_losses, norms, dead_fraction, goal, half=math.nextafter(1.0, 0)))


def diagnose__patience_of_one(train_losses, val_losses, norms, dead_fraction, goal):
    """You call it overfitting after one worse epoch, which chance makes too. The patience is 3."""
    return first(rules(train_losses, val_losses, norms, dead_fraction, goal, patience=1))


def diagnose__goal_below(train_losses, val_losses, norms, dead_fraction, goal):
    """A loss that is the goal has reached it: at most `goal`, <=."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    said["healthy"] = "healthy" if train_losses[-1] < goal else None
    return first(said)


def diagnose__goal_of_the_validation(train_losses, val_losses, norms, dead_fraction, goal):
    """You measure the validation loss by the goal. It is one for the training loss."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    said["healthy"] = "healthy" if val_losses[-1] <= goal else None
    return first(said)


def diagnose__goal_once(train_losses, val_losses, norms, dead_fraction, goal):
    """You ask whether the goal was reached at any time. The last loss counts."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    said["healthy"] = "healthy" if train_losses.min() <= goal else None
    return first(said)


def diagnose__last_step_only(train_losses, val_losses, norms, dead_fraction, goal):
    """You look at the last epoch's fall alone. The rule looks from epoch (epochs // 2) to the last."""
    return first(rules(train_losses, val_losses, norms, dead_fraction, goal, middle=-2))


def diagnose__part_of_the_loss(train_losses, val_losses, norms, dead_fraction, goal):
    """You compare with a quarter of the first loss. Compare with a quarter of the whole *fall*, first minus last."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    fall = train_losses[len(train_losses) // 2] - train_losses[-1]
    said["slow"] = "slow" if fall >= train_losses[0] / 4 else None
    return first(said)


def diagnose__more_than_a_quarter(train_losses, val_losses, norms, dead_fraction, goal):
    """A fall of exactly a quarter is slow: "at least", >=. So is a loss that does not move at all."""
    said = rules(train_losses, val_losses, norms, dead_fraction, goal)
    fall = train_losses[len(train_losses) // 2] - train_losses[-1]
    said["slow"] = "slow" if fall > (train_losses[0] - train_losses[-1]) / 4 else None
    return first(said)


def diagnose__slow_and_underfitting_swapped(train_losses, val_losses, norms, dead_fraction, goal):
    """The two names are swapped: what still falls is slow, and what has levelled off underfits."""
    said = first(rules(train_losses, val_losses, norms, dead_fraction, goal))
    return {"slow": "underfitting", "underfitting": "slow"}.get(said, said)


def diagnose__no_underfitting(train_losses, val_losses, norms, dead_fraction, goal):
    """You call it slow whenever the goal is not reached. One that has levelled off gets nowhere with more time."""
    said = first(rules(train_losses, val_losses, norms, dead_fraction, goal))
    return "slow" if said == "underfitting" else said


def right_rate(x, target, params, order, batch_size, lrs, skip):
    return chosen(lrs, tested(x, target, params, order, batch_size, lrs), 0.9, skip, steepest)


def trained(x, target, params, order, batch_size, lr, update=sgd):
    batches = cut(order, batch_size)
    return descend(x, target, params, batches, [lr] * len(batches), update)


def cured_training__not_reset(x, target, params, order, batch_size, lrs, skip=10):
    """You train on from where the test has ended, after its last, ruinous rates. Start again from the given params."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    spoilt = descend(x, target, params, cut(order, batch_size), lrs)[1]
    return trained(x, target, spoilt, order, batch_size, lr)


def cured_training__goes_on_in_the_order(x, target, params, order, batch_size, lrs, skip=10):
    """The training starts behind the test's last batch. It goes through the whole order, from its first batch on."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    batches = cut(order, batch_size)[len(lrs) :]
    return descend(x, target, params, batches, [lr] * len(batches))


def cured_training__losses_of_both(x, target, params, order, batch_size, lrs, skip=10):
    """The losses of the test stand before those of the training. Return those of the training alone."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    losses, params_after = trained(x, target, params, order, batch_size, lr)
    return torch.cat([tested(x, target, params, order, batch_size, lrs), losses]), params_after


def cured_training__highest_rate(x, target, params, order, batch_size, lrs, skip=10):
    """You train with the last rate, the largest. Train with the one that the test suggests."""
    right_rate(x, target, params, order, batch_size, lrs, skip)
    return trained(x, target, params, order, batch_size, lrs[-1])


def cured_training__lowest_rate(x, target, params, order, batch_size, lrs, skip=10):
    """You train with the first rate, the smallest. Train with the one that the test suggests."""
    right_rate(x, target, params, order, batch_size, lrs, skip)
    return trained(x, target, params, order, batch_size, lrs[0])


def cured_training__rate_of_the_minimum(x, target, params, order, batch_size, lrs, skip=10):
    """You train with the rate at the lowest loss. Train with the one that suggest_lr chooses, at the steepest fall."""
    losses = tested(x, target, params, order, batch_size, lrs)
    lr = chosen(lrs, losses, 0.9, skip, lambda s, skip, lowest: lowest)
    return trained(x, target, params, order, batch_size, lr)


def cured_training__growing_rates(x, target, params, order, batch_size, lrs, skip=10):
    """You train with the rates of the test, one after the other. Train with one rate."""
    right_rate(x, target, params, order, batch_size, lrs, skip)
    return descend(x, target, params, cut(order, batch_size), lrs)


def cured_training__one_epoch(x, target, params, order, batch_size, lrs, skip=10):
    """You train for one epoch. Go through all of them."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    return trained(x, target, params, order[:1], batch_size, lr)


def cured_training__default_skip(x, target, params, order, batch_size, lrs, skip=10):
    """You leave out 10 steps, whatever skip says. Hand it on to suggest_lr."""
    lr = right_rate(x, target, params, order, batch_size, lrs, 10)
    return trained(x, target, params, order, batch_size, lr)


def cured_training__loss_after(x, target, params, order, batch_size, lrs, skip=10):
    """You take each loss after its step. It is the loss before."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    losses = []
    for batch in cut(order, batch_size):
        _, params = descend(x, target, params, [batch], [lr])
        losses.append(loss_and_grads(x[batch], target[batch], params)[0])
    return torch.stack(losses), params


def cured_training__first_params(x, target, params, order, batch_size, lrs, skip=10):
    """You return the first parameters. Return those that the training has ended with."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    return trained(x, target, params, order, batch_size, lr)[0], params


def cured_training__rate_too(x, target, params, order, batch_size, lrs, skip=10):
    """You return the rate as well. Return (losses, params)."""
    lr = right_rate(x, target, params, order, batch_size, lrs, skip)
    return *trained(x, target, params, order, batch_size, lr), lr


def balanced_accuracy__plain(x, target, params):
    """This is the plain accuracy, in which a rare class hardly counts. Take the mean over the classes."""
    return float((forward(x, params).argmax(dim=-1) == target).double().mean())


def by_class(x, target, params, labels, among=lambda found, target: target):
    found = forward(x, params).argmax(dim=-1)
    return [(found == target).double()[among(found, target) == label].mean().item() for label in labels]


def balanced_accuracy__all_classes(x, target, params):
    """A class of which there is no example counts as 0. Leave it out of the mean."""
    return sum(by_class(x, target, params, target.unique())) / len(params[3])


def balanced_accuracy__precision(x, target, params):
    """You ask what part of those that the network calls k are k. Ask what part of those that *are* k it calls so."""
    found = forward(x, params).argmax(dim=-1)
    return mean(by_class(x, target, params, found.unique(), lambda found, target: found))


def balanced_accuracy__worst(x, target, params):
    """This is the worst class. Take the mean over the classes."""
    return float(min(by_class(x, target, params, target.unique())))


def balanced_accuracy__smallest_logit(x, target, params):
    """The network's answer is the largest logit, not the smallest."""
    w1, b1, w2, b2 = params
    return mean(by_class(x, target, (w1, b1, -w2, -b2), target.unique()))


def balanced_accuracy__errors(x, target, params):
    """This is the error. Take what part is right."""
    return 1 - mean(by_class(x, target, params, target.unique()))


def balanced_accuracy__percent(x, target, params):
    """Return a number from 0 to 1, not percent."""
    return 100 * mean(by_class(x, target, params, target.unique()))


def balanced_accuracy__each_class(x, target, params):
    """You return one number for each class. Return their mean."""
    return tuple(by_class(x, target, params, target.unique()))


def search(model, optimizer, batches, lrs, groups=slice(None), clear=True, of=lambda k: k, after=False):
    losses = []
    for k, lr in enumerate(lrs):
        x, target = batches[of(k)]
        for group in optimizer.param_groups[groups]:
            group["lr"] = lr
        if clear:
            optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        losses.append(F.cross_entropy(model(x), target).item() if after else loss.item())
    return tuple(losses)


def restored(model, optimizer, *others, **options):
    before = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    losses = search(model, optimizer, *others, **options)
    model.load_state_dict(before[0])
    optimizer.load_state_dict(before[1])
    return losses


def range_test__nothing_restored(model, optimizer, batches, lrs):
    """The model stays as the last, ruinous rates have left it. Keep its state before the search, and load it again."""
    return search(model, optimizer, batches, lrs)


def range_test__no_copy(model, optimizer, batches, lrs):
    """state_dict() holds the parameters themselves: the steps change what you have kept. Use copy.deepcopy."""
    model_before, optimizer_before = model.state_dict(), copy.deepcopy(optimizer.state_dict())
    losses = search(model, optimizer, batches, lrs)
    model.load_state_dict(model_before)
    optimizer.load_state_dict(optimizer_before)
    return losses


def range_test__shallow_copy(model, optimizer, batches, lrs):
    """A copy of the dictionary still holds the same tensors, which the steps change. Use copy.deepcopy."""
    before = dict(model.state_dict()), copy.copy(optimizer.state_dict())
    losses = search(model, optimizer, batches, lrs)
    model.load_state_dict(before[0])
    optimizer.load_state_dict(before[1])
    return losses


def range_test__optimizer_forgotten(model, optimizer, batches, lrs):
    """The optimizer keeps the last rate, and its momentum. It has a state_dict as well: keep it, and load it again."""
    before = copy.deepcopy(model.state_dict())
    losses = search(model, optimizer, batches, lrs)
    model.load_state_dict(before)
    return losses


def range_test__momentum_forgotten(model, optimizer, batches, lrs):
    """The rates are restored, but not the optimizer's momentum. Load its whole state_dict again."""
    before, rates = copy.deepcopy(model.state_dict()), [group["lr"] for group in optimizer.param_groups]
    losses = search(model, optimizer, batches, lrs)
    model.load_state_dict(before)
    for group, lr in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = lr
    return losses


def range_test__buffers_forgotten(model, optimizer, batches, lrs):
    """Only the parameters are restored. Batch normalization's running statistics are buffers: state_dict has both."""
    before = [param.detach().clone() for param in model.parameters()], copy.deepcopy(optimizer.state_dict())
    losses = search(model, optimizer, batches, lrs)
    with torch.no_grad():
        for param, value in zip(model.parameters(), before[0], strict=True):
            param.copy_(value)
    optimizer.load_state_dict(before[1])
    return losses


def range_test__first_group(model, optimizer, batches, lrs):
    """You set the rate of the first group of parameters only. Go through all of optimizer.param_groups."""
    return restored(model, optimizer, batches, lrs, groups=slice(1))


def range_test__gradients_pile_up(model, optimizer, batches, lrs):
    """Gradients are added to what lies in .grad. Call optimizer.zero_grad() in each step, before backward()."""
    return restored(model, optimizer, batches, lrs, clear=False)


def range_test__same_batch(model, optimizer, batches, lrs):
    """All steps take the first batch. Step k takes batches[k]."""
    return restored(model, optimizer, batches, lrs, of=lambda k: 0)


def range_test__loss_after(model, optimizer, batches, lrs):
    """You take the loss after the step. Take the one before it, which you differentiate anyway."""
    return restored(model, optimizer, batches, lrs, after=True)


def range_test__rate_not_set(model, optimizer, batches, lrs):
    """The optimizer steps with its own rates. Write lr into each of its param_groups."""
    return restored(model, optimizer, batches, lrs, groups=slice(0))

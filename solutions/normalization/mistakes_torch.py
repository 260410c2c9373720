"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


def batch_norm__running_statistics_attached(
    x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The values are right, but the new running statistics are still in autograd's graph. Kept from step to step, they
    hold the graphs of all batches so far in memory, and a second backward fails. Detach mean and variance before you
    mix, or mix under `torch.no_grad()`."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    return _batch(x, mean, var, weight, bias, eps), *_mixed(x, mean, var, running_mean, running_var, momentum)


def batch_norm__running_variance_attached(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running mean is detached, the running variance is still in autograd's graph. Neither may carry a gradient:
    detach both before you mix."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    statistics = _mixed(x, mean.detach(), var, running_mean, running_var, momentum)
    return _batch(x, mean, var, weight, bias, eps), *statistics


def batch_norm__running_mean_attached(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running variance is detached, the running mean is still in autograd's graph. Neither may carry a gradient:
    detach both before you mix."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    statistics = _mixed(x, mean, var.detach(), running_mean, running_var, momentum)
    return _batch(x, mean, var, weight, bias, eps), *statistics


def batch_norm__batch_statistics_detached(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The values are right, but the batch's mean and variance are detached (or computed under `no_grad`) for the
    output, too, so the gradient takes them for given numbers. They depend on x: normalize with them as they are, and
    detach only what goes into the running statistics."""
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    mean, var = _of(x.detach()) if training else (running_mean, running_var)
    return _batch(x, mean, var, weight, bias, eps), *statistics


def batch_norm__batch_variance_detached(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The values are right, but the batch's variance is detached for the output, so its part of the gradient is
    missing. It depends on x as the mean does: detach only what goes into the running statistics."""
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    mean, var = (_of(x)[0], _of(x.detach())[1]) if training else (running_mean, running_var)
    return _batch(x, mean, var, weight, bias, eps), *statistics


def batch_norm__everything_detached(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The values are right, but nothing below this layer would learn: x was detached (`.data`, `.detach()`, `no_grad`).
    Only the running statistics leave the graph."""
    return _answer(x.detach(), running_mean, running_var, weight, bias, training, momentum, eps)


def batch_norm__root_squared(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The values are right, but the gradient is NaN where a feature is constant: the derivative of the root at 0 is
    infinite, and squaring it again makes that infinity times 0. Never take the root of a variance without eps: sqrt(var
    + eps)."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, std = x.mean(dim=_dims(x)), torch.sqrt(_of(x)[1])
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    return _batch(x, mean, std**2, weight, bias, eps), *statistics


def batch_norm__unbiased_in_the_output(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The batch is normalized with the variance over n - 1, which is what `var` gives unless told otherwise. For the
    output pass correction=0; the unbiased one is only mixed into the running variance."""
    mean, var = (x.mean(dim=_dims(x)), x.var(dim=_dims(x))) if training else (running_mean, running_var)
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    return _batch(x, mean, var, weight, bias, eps), *statistics


def batch_norm__biased_running_variance(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running variance is mixed with the variance over n, the one that the output is normalized with. Kept is an
    estimate for all data, so it is the unbiased one: times n / (n - 1). (Keras keeps the biased one.)"""
    output, new_mean, _ = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)
    if not training:
        return output, running_mean, running_var
    return output, new_mean, torch.lerp(running_var, _of(x)[1].detach(), momentum)


def batch_norm__biases_swapped(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The two variances are swapped: the output is divided by the one over n - 1, and the running one is mixed with
    that over n. It is the other way round: biased (correction=0) for this batch, unbiased for what is kept."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    output = _batch(x, mean, x.var(dim=_dims(x)), weight, bias, eps)
    new_mean, new_var = (
        torch.lerp(old, new.detach(), momentum) for old, new in ((running_mean, mean), (running_var, var))
    )
    return output, new_mean, new_var


def batch_norm__momentum_the_other_way(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """momentum is used as the share that *stays*, as in Keras and in the optimizer of that name. In PyTorch's batch
    norm it is the share of the new batch: (1 - momentum)·running + momentum·new, `torch.lerp(running, new,
    momentum)`."""
    return _answer(x, running_mean, running_var, weight, bias, training, 1 - momentum, eps)


def batch_norm__momentum_zero_is_none(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """`momentum or 0.1`, like `if momentum:`, takes 0 for nothing. A momentum of 0 keeps the running statistics as they
    are."""
    return _answer(x, running_mean, running_var, weight, bias, training, momentum or 0.1, eps)


def batch_norm__running_replaced(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The statistics of the batch are returned as they are, so what earlier batches have left is forgotten. Mix: (1 -
    momentum)·running + momentum·new."""
    return _answer(x, running_mean, running_var, weight, bias, training, 1.0, eps)


def batch_norm__running_not_updated(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics come back as they went in. In training they move the fraction momentum of the way to those
    of the batch; else inference would use what they started from."""
    return _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[0], running_mean, running_var


def batch_norm__running_updated_in_inference(
    x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The running statistics move in inference, too, so that the data it is tested on change the model. Outside of
    training return them as they are."""
    output = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[0]
    return output, *(one.detach() for one in _mixed(x, *_of(x), running_mean, running_var, momentum))


def batch_norm__training_ignored(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The batch's statistics are used in inference, too. There the answer for one example must not depend on the others
    beside it: use running_mean and running_var."""
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    return _batch(x, *_of(x), weight, bias, eps), *statistics


def batch_norm__running_in_training(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics normalize in training, too. There it is the batch's own mean and variance; the running
    ones are only kept for later."""
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    return _batch(x, running_mean, running_var, weight, bias, eps), *statistics


def batch_norm__new_running_in_training(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The output is normalized with the running statistics *after* they were updated. In training use the batch's own
    mean and variance."""
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    return _batch(x, *statistics, weight, bias, eps), *statistics


def batch_norm__statistics_over_everything(
    x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """One mean and one variance are taken over the whole tensor. Each feature has its own: reduce over all dims but dim
    1, which leaves C numbers."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = x.mean().expand(x.shape[1]), x.var(correction=0).expand(x.shape[1])
    output, factor = _batch(x, mean, var, weight, bias, eps), x.numel() / (x.numel() - 1)
    new_mean = torch.lerp(running_mean, mean.detach(), momentum)
    return output, new_mean, torch.lerp(running_var, factor * var.detach(), momentum)


def batch_norm__features_last(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Features are looked for on the last dim, as in Keras' NHWC. Here they lie along dim 1, (N, C, …): reduce over all
    other dims, and give the C numbers dims of size 1 behind them."""
    output, *statistics = _answer(x.movedim(-1, 1), running_mean, running_var, weight, bias, training, momentum, eps)
    return output.movedim(1, -1), *statistics


def batch_norm__weight_along_the_last_dim(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The statistics are right, but weight and bias are multiplied and added along the last dim: that is where
    broadcasting puts (C,). Give them dims of size 1 behind the features: `weight[:, None, None]` for images."""
    one, zero = torch.ones_like(weight), torch.zeros_like(bias)
    output, *statistics = _answer(x, running_mean, running_var, one, zero, training, momentum, eps)
    return output * weight + bias, *statistics


def batch_norm__eps_outside_the_root(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """eps is added to the standard deviation, outside the root, as in Adam. Here it is added to the variance: sqrt(var
    + eps). Little differs where the variance is large, and a factor of hundreds where it is small."""
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    mean, var = _of(x) if training else (running_mean, running_var)
    normalized = (x - _wide(mean, x)) / (torch.sqrt(_wide(var, x)) + eps)
    return normalized * _wide(weight, x) + _wide(bias, x), *statistics


def batch_norm__no_eps(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """eps is not used. A feature that is constant in a batch has variance 0, and 0 / 0 is NaN: divide by sqrt(var +
    eps)."""
    return _answer(x, running_mean, running_var, weight, bias, training, momentum, 0.0)


def batch_norm__weight_first(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """x is scaled and shifted before it is normalized, and normalizing takes both away again. weight and bias come
    last, as what the network may choose instead of deviation 1 and mean 0."""
    scaled = x * _wide(weight, x) + _wide(bias, x)
    mean, var = _of(scaled) if training else (running_mean, running_var)
    statistics = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]
    return _batch(scaled, mean, var, torch.ones_like(weight), torch.zeros_like(bias), eps), *statistics


def batch_norm__not_scaled(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """weight and bias are not used: the output is only normalized. Multiply with weight, then add bias."""
    one, zero = torch.ones_like(weight), torch.zeros_like(bias)
    return _answer(x, running_mean, running_var, one, zero, training, momentum, eps)


def batch_norm__one_pass_variance(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The variance is computed as mean(x²) - mean(x)². Where a feature lies far from 0, that is the difference of two
    large numbers that agree in nearly all digits. Subtract the mean first, then square; or let `var` do it."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean = x.mean(dim=_dims(x))
    var = torch.clamp(x.square().mean(dim=_dims(x)) - mean.square(), min=0)
    statistics = _mixed(x, mean.detach(), var.detach(), running_mean, running_var, momentum)
    return _batch(x, mean, var, weight, bias, eps), *statistics


def batch_norm__in_place(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """`mul_`, `add_`, `lerp_` and `+=` change the running statistics that were passed in. Return new tensors, and leave
    the arguments alone. (PyTorch's own function does change them in place.)"""
    output, mean, var = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)
    return output, running_mean.copy_(mean), running_var.copy_(var)


def batch_norm__output_only(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Only the output is returned. The new running mean and variance belong to the answer, in inference too: nothing is
    changed in place, so they would be lost."""
    return _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)[0]


def batch_norm__variance_first(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics come back in the wrong order: mean first, then variance. (`torch.var_mean` gives the
    variance first.)"""
    output, mean, var = _answer(x, running_mean, running_var, weight, bias, training, momentum, eps)
    return output, var, mean


def layer_norm__over_the_batch(x, normalized_shape, weight, bias, eps=1e-5):
    """The statistics are taken over the batch, for each feature: that is batch norm. Layer norm looks at one example
    alone: reduce over the last dims, as many as normalized_shape has."""
    dims = tuple(range(x.dim() - len(normalized_shape))) or (0,)
    return _normalized(x, dims, eps) * weight + bias


def layer_norm__last_dim_only(x, normalized_shape, weight, bias, eps=1e-5):
    """The statistics are taken over the last dim alone. normalized_shape says how many dims at the end are normalized
    together: len(normalized_shape) of them."""
    return _normalized(x, (-1,), eps) * weight + bias


def layer_norm__all_but_the_first(x, normalized_shape, weight, bias, eps=1e-5):
    """Everything behind dim 0 is normalized together. Only the last len(normalized_shape) dims are: every place in a
    sentence, for one, has its own mean."""
    dims = tuple(range(min(1, x.dim() - 1), x.dim()))
    return _normalized(x, dims, eps) * weight + bias


def layer_norm__over_everything(x, normalized_shape, weight, bias, eps=1e-5):
    """One mean and one variance are taken over the whole tensor. Each example has its own: reduce over the last dims,
    with keepdim=True."""
    return _normalized(x, tuple(range(x.dim())), eps) * weight + bias


def layer_norm__unbiased(x, normalized_shape, weight, bias, eps=1e-5):
    """The variance is divided by n - 1, which is what `var` does unless told otherwise. Layer norm describes the
    features at hand and estimates nothing: pass correction=0."""
    return _normalized(x, _last(normalized_shape), eps, correction=1) * weight + bias


def layer_norm__eps_outside_the_root(x, normalized_shape, weight, bias, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, inside the root: sqrt(var + eps)."""
    dims = _last(normalized_shape)
    root = x.var(dim=dims, correction=0, keepdim=True).sqrt() + eps
    return (x - x.mean(dim=dims, keepdim=True)) / root * weight + bias


def layer_norm__no_eps(x, normalized_shape, weight, bias, eps=1e-5):
    """eps is not used. Where all features are equal the variance is 0, and 0 / 0 is NaN."""
    return _normalized(x, _last(normalized_shape), 0.0) * weight + bias


def layer_norm__root_squared(x, normalized_shape, weight, bias, eps=1e-5):
    """The values are right, but the gradient is NaN where all features are equal: the derivative of the root at 0 is
    infinite, and squaring it again makes that infinity times 0. Never take the root of a variance without eps: sqrt(var
    + eps)."""
    dims = _last(normalized_shape)
    std = torch.sqrt(x.var(dim=dims, correction=0, keepdim=True))
    root = torch.sqrt(std**2 + eps)
    return (x - x.mean(dim=dims, keepdim=True)) / root * weight + bias


def layer_norm__statistics_detached(x, normalized_shape, weight, bias, eps=1e-5):
    """The values are right, but mean and variance are detached (or computed under `no_grad`), so the gradient takes
    them for given numbers. They depend on x: leave them in the graph."""
    dims, fixed = _last(normalized_shape), x.detach()
    root = torch.sqrt(fixed.var(dim=dims, correction=0, keepdim=True) + eps)
    return (x - fixed.mean(dim=dims, keepdim=True)) / root * weight + bias


def layer_norm__weight_first(x, normalized_shape, weight, bias, eps=1e-5):
    """x is scaled and shifted before it is normalized. weight and bias come last: normalized·weight + bias."""
    return _normalized(x * weight + bias, _last(normalized_shape), eps)


def layer_norm__bias_scaled(x, normalized_shape, weight, bias, eps=1e-5):
    """The bias is added before the multiplication with weight. Multiply first: normalized·weight + bias."""
    return (_normalized(x, _last(normalized_shape), eps) + bias) * weight


def layer_norm__not_scaled(x, normalized_shape, weight, bias, eps=1e-5):
    """weight and bias are not used: the output is only normalized. Multiply with weight, then add bias."""
    return _normalized(x, _last(normalized_shape), eps)


def layer_norm__one_pass_variance(x, normalized_shape, weight, bias, eps=1e-5):
    """The variance is computed as mean(x²) - mean(x)². Far from 0 that is the difference of two large numbers that
    agree in nearly all digits. Subtract the mean first, then square; or let `var` do it."""
    dims = _last(normalized_shape)
    mean = x.mean(dim=dims, keepdim=True)
    var = torch.clamp(x.square().mean(dim=dims, keepdim=True) - mean.square(), min=0)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def layer_norm__left_the_graph(x, normalized_shape, weight, bias, eps=1e-5):
    """The values are right, but nothing learns: `.detach()`, `.data` or `no_grad` stands between the arguments and the
    output."""
    return (_normalized(x, _last(normalized_shape), eps) * weight + bias).detach()


def rms_norm__mean_subtracted(x, normalized_shape, weight, eps=1e-5):
    """The mean is subtracted, as in layer norm. RMS norm leaves it in: only the size is normalized."""
    return _normalized(x, _last(normalized_shape), eps) * weight


def rms_norm__divided_by_the_deviation(x, normalized_shape, weight, eps=1e-5):
    """x is divided by its standard deviation. The root mean square subtracts no mean: sqrt(mean(x²) + eps)."""
    return x * torch.rsqrt(x.var(dim=_last(normalized_shape), correction=0, keepdim=True) + eps) * weight


def rms_norm__sum_for_mean(x, normalized_shape, weight, eps=1e-5):
    """x is divided by its length, the root of the *sum* of squares. It is the root of their mean."""
    return x * torch.rsqrt(x.square().sum(dim=_last(normalized_shape), keepdim=True) + eps) * weight


def rms_norm__no_root(x, normalized_shape, weight, eps=1e-5):
    """x is divided by the mean square. Divide by its root, which has the unit of x."""
    return x / (x.square().mean(dim=_last(normalized_shape), keepdim=True) + eps) * weight


def rms_norm__eps_outside_the_root(x, normalized_shape, weight, eps=1e-5):
    """eps is added to the root. It belongs to the mean square, inside: sqrt(mean(x²) + eps)."""
    return x / (x.square().mean(dim=_last(normalized_shape), keepdim=True).sqrt() + eps) * weight


def rms_norm__no_eps(x, normalized_shape, weight, eps=1e-5):
    """eps is not used. An example of zeros has a mean square of 0, and 0 / 0 is NaN."""
    return _rms(x, _last(normalized_shape), 0.0) * weight


def rms_norm__machine_epsilon(x, normalized_shape, weight, eps=None):
    """The default of eps is the smallest step of the dtype. So it is in PyTorch, where eps=None means that; here the
    default is 1e-5, whatever the dtype."""
    eps = torch.finfo(x.dtype).eps if eps is None else eps
    return _rms(x, _last(normalized_shape), eps) * weight


def rms_norm__last_dim_only(x, normalized_shape, weight, eps=1e-5):
    """The mean is taken over the last dim alone. normalized_shape says how many dims at the end are normalized
    together: len(normalized_shape) of them."""
    return _rms(x, (-1,), eps) * weight


def rms_norm__over_everything(x, normalized_shape, weight, eps=1e-5):
    """One mean square is taken over the whole tensor. Each example has its own: reduce over the last dims, with
    keepdim=True."""
    return _rms(x, tuple(range(x.dim())), eps) * weight


def rms_norm__root_detached(x, normalized_shape, weight, eps=1e-5):
    """The values are right, but the root mean square is detached (or computed under `no_grad`), so the gradient takes
    it for a given number. It depends on x: leave it in the graph."""
    return x * torch.rsqrt(x.detach().square().mean(dim=_last(normalized_shape), keepdim=True) + eps) * weight


def rms_norm__weight_first(x, normalized_shape, weight, eps=1e-5):
    """x is multiplied with weight before it is normalized. weight comes last."""
    return _rms(x * weight, _last(normalized_shape), eps)


def rms_norm__not_scaled(x, normalized_shape, weight, eps=1e-5):
    """weight is not used. Multiply with it at the end."""
    return _rms(x, _last(normalized_shape), eps)


def rms_norm__one_plus_weight(x, normalized_shape, weight, eps=1e-5):
    """The factor is 1 + weight. Some models store their weights so that 0 means no change; here it is weight itself, as
    in PyTorch."""
    return _rms(x, _last(normalized_shape), eps) * (1 + weight)


def group_norm__strided_groups(x, num_groups, weight, bias, eps=1e-5):
    """Every num_groups-th channel is put into one group. Neighbours form a group: reshape the channels to (groups,
    channels of a group), in this order."""
    split = x.reshape(len(x), -1, num_groups, *x.shape[2:])
    normalized = _normalized(split, (1, *range(3, split.dim())), eps)
    return normalized.reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__size_for_number(x, num_groups, weight, bias, eps=1e-5):
    """num_groups is taken for the number of channels *in* a group. It is the number of groups: each has C / num_groups
    channels."""
    split = x.reshape(len(x), x.shape[1] // num_groups, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__over_the_batch(x, num_groups, weight, bias, eps=1e-5):
    """The statistics of a group are taken over the batch, too. Group norm looks at one example alone: leave dim 0
    out."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (0, 2), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__each_place_alone(x, num_groups, weight, bias, eps=1e-5):
    """The statistics are taken over the channels of a group, for each place by itself. They join all places: reduce
    over the dims behind the channels as well."""
    split = x.reshape(len(x), num_groups, -1, *x.shape[2:])
    return _normalized(split, (2,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__each_channel_alone(x, num_groups, weight, bias, eps=1e-5):
    """Every channel is normalized by itself, which is instance norm. The channels of a group have one mean and one
    variance together."""
    split = x.reshape(*x.shape[:2], -1)
    return _normalized(split, (-1,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__all_channels_together(x, num_groups, weight, bias, eps=1e-5):
    """All channels are normalized together, as if there were one group. Split them into num_groups first."""
    split = x.reshape(len(x), 1, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__unbiased(x, num_groups, weight, bias, eps=1e-5):
    """The variance is divided by n - 1, which is what `var` does unless told otherwise. Pass correction=0."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps, correction=1).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__eps_outside_the_root(x, num_groups, weight, bias, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, inside the root: sqrt(var + eps)."""
    split = x.reshape(len(x), num_groups, -1)
    root = split.var(dim=-1, correction=0, keepdim=True).sqrt() + eps
    normalized = (split - split.mean(dim=-1, keepdim=True)) / root
    return normalized.reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__no_eps(x, num_groups, weight, bias, eps=1e-5):
    """eps is not used. A group that does not vary has variance 0, and 0 / 0 is NaN."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), 0.0).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__weight_along_the_last_dim(x, num_groups, weight, bias, eps=1e-5):
    """weight and bias are multiplied and added along the last dim: that is where broadcasting puts (C,). Give them dims
    of size 1 behind the channels: `weight[:, None, None]` for images."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape) * weight + bias


def group_norm__statistics_detached(x, num_groups, weight, bias, eps=1e-5):
    """The values are right, but mean and variance are detached (or computed under `no_grad`), so the gradient takes
    them for given numbers. They depend on x: leave them in the graph."""
    split = x.reshape(len(x), num_groups, -1)
    fixed = split.detach()
    root = torch.sqrt(fixed.var(dim=-1, correction=0, keepdim=True) + eps)
    normalized = (split - fixed.mean(dim=-1, keepdim=True)) / root
    return normalized.reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__not_scaled(x, num_groups, weight, bias, eps=1e-5):
    """weight and bias are not used: the output is only normalized. Multiply with weight, then add bias."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape)


def _dims(x):
    return (0, *range(2, x.dim()))


def _wide(values, x):
    return values.reshape(-1, *[1] * (x.dim() - 2))


def _of(x):
    return x.mean(dim=_dims(x)), x.var(dim=_dims(x), correction=0)


def _batch(x, mean, var, weight, bias, eps):
    normalized = (x - _wide(mean, x)) / torch.sqrt(_wide(var, x) + eps)
    return normalized * _wide(weight, x) + _wide(bias, x)


def _mixed(x, mean, var, running_mean, running_var, momentum):
    """Mix, without a look at the graph; one value a feature has no unbiased variance, and keeps its own."""
    count = x.numel() // x.shape[1]
    factor = count / (count - 1) if count > 1 else 1.0
    return torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, factor * var, momentum)


def _answer(x, running_mean, running_var, weight, bias, training, momentum, eps):
    """Answer rightly, if the arguments are right."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    statistics = _mixed(x, mean.detach(), var.detach(), running_mean, running_var, momentum)
    return _batch(x, mean, var, weight, bias, eps), *statistics


def _last(normalized_shape):
    return tuple(range(-len(normalized_shape), 0))


def _normalized(x, dims, eps, correction=0):
    root = torch.sqrt(x.var(dim=dims, correction=correction, keepdim=True) + eps)
    return (x - x.mean(dim=dims, keepdim=True)) / root


def _rms(x, dims, eps):
    return x * torch.rsqrt(x.square().mean(dim=dims, keepdim=True) + eps)

"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def batch_norm__statistics_over_everything(
    x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """One mean and one variance are taken over the whole array. Each feature has its own: reduce over all axes but axis
    1, which leaves C numbers."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = np.full_like(running_mean, x.mean()), np.full_like(running_var, x.var())
    return _trained(x, mean, var, running_mean, running_var, weight, bias, momentum, eps, x.size)


def batch_norm__over_the_batch_axis_only(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Statistics are taken over axis 0 alone, for each place of an image by itself. A feature has one mean, over the
    batch *and* over all places: reduce over every axis but axis 1."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = x.mean(axis=0), x.var(axis=0)
    output = (x - mean) / np.sqrt(var + eps) * _wide(weight, x) + _wide(bias, x)
    mean, var = (one.reshape(len(one), -1).mean(axis=1) for one in (mean, var))
    return output, *_mixed(mean, var, running_mean, running_var, momentum, x.size // x.shape[1])


def batch_norm__features_last(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Features are looked for on the last axis, as in Keras' NHWC. Here they lie along axis 1, (N, C, …): reduce over
    all other axes, and give the C numbers axes of size 1 behind them."""
    mean, var = running_mean, running_var
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, var, count = x.mean(axis=axes), x.var(axis=axes), x.size // x.shape[-1]
        running_mean, running_var = _mixed(mean, var, running_mean, running_var, momentum, count)
    return (x - mean) / np.sqrt(var + eps) * weight + bias, running_mean, running_var


def batch_norm__weight_along_the_last_axis(
    x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The statistics are right, but weight and bias are multiplied and added along the last axis: that is where
    broadcasting puts (C,). Give them axes of size 1 behind the features: (C, 1, 1) for images."""
    mean, var = (x.mean(axis=_axes(x)), x.var(axis=_axes(x))) if training else (running_mean, running_var)
    output = (x - _wide(mean, x)) / np.sqrt(_wide(var, x) + eps) * weight + bias
    if not training:
        return output, running_mean, running_var
    return output, *_mixed(mean, var, running_mean, running_var, momentum, x.size // x.shape[1])


def batch_norm__over_the_features(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Every row is normalized over its own features: that is layer norm. Batch norm takes each feature's statistics
    over the batch."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    axes = tuple(range(1, x.ndim))
    normalized = (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    output = normalized * _wide(weight, x) + _wide(bias, x)
    mean, var = x.mean(axis=_axes(x)), x.var(axis=_axes(x))
    return output, *_mixed(mean, var, running_mean, running_var, momentum, x.size // x.shape[1])


def batch_norm__unbiased_in_the_output(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The batch is normalized with the variance over n - 1 (`ddof=1`). For the output divide by n; the correction
    belongs to the running variance only."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = x.mean(axis=_axes(x)), x.var(axis=_axes(x), ddof=1)
    output = _batch(x, mean, var, weight, bias, eps)
    return output, *_mixed(mean, var, running_mean, running_var, momentum, 0)


def batch_norm__biased_running_variance(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running variance is mixed with the variance over n, the one that the output is normalized with. Kept is an
    estimate for all data, so it is the unbiased one: times n / (n - 1). (Keras keeps the biased one.)"""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    return _trained(x, *_of(x), running_mean, running_var, weight, bias, momentum, eps, 0)


def batch_norm__biases_swapped(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The two variances are swapped: the output is divided by the one over n - 1, and the running one is mixed with
    that over n. It is the other way round: biased for this batch, unbiased for what is kept."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    output = _batch(x, mean, x.var(axis=_axes(x), ddof=1), weight, bias, eps)
    return output, *_mixed(mean, var, running_mean, running_var, momentum, 0)


def batch_norm__unbiased_by_the_rows(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The correction n / (n - 1) uses the number of rows. n is how many values a feature has: the rows times all
    places, x.size // x.shape[1]."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    with np.errstate(all="ignore"):
        mean, var = _of(x)
        new_var = (1 - momentum) * running_var + momentum * var * np.float64(len(x)) / (len(x) - 1)
    output, new_mean, _ = _trained(x, mean, var, running_mean, running_var, weight, bias, momentum, eps, 0)
    return output, new_mean, new_var.astype(x.dtype)


def batch_norm__momentum_the_other_way(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """momentum is used as the share that *stays*, as in Keras and in the optimizer of that name. In PyTorch's batch
    norm it is the share of the new batch: (1 - momentum)·running + momentum·new."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    return _trained(x, *_of(x), running_mean, running_var, weight, bias, 1 - momentum, eps, x.size // x.shape[1])


def batch_norm__momentum_default_of_keras(
    x, running_mean, running_var, weight, bias, training, momentum=0.01, eps=1e-5
):
    """The default of momentum is not 0.1. (Keras' 0.99 is the share that stays, 0.01 of the new batch.)"""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    return _trained(x, *_of(x), running_mean, running_var, weight, bias, momentum, eps, x.size // x.shape[1])


def batch_norm__momentum_zero_is_none(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """`momentum or 0.1`, like `if momentum:`, takes 0 for nothing. A momentum of 0 keeps the running statistics as they
    are."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    count = x.size // x.shape[1]
    return _trained(x, *_of(x), running_mean, running_var, weight, bias, momentum or 0.1, eps, count)


def batch_norm__running_replaced(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The statistics of the batch are returned as they are, so what earlier batches have left is forgotten. Mix: (1 -
    momentum)·running + momentum·new."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    return _trained(x, *_of(x), running_mean, running_var, weight, bias, 1.0, eps, x.size // x.shape[1])


def batch_norm__running_summed(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics keep all of themselves, and gain a share of the batch's: they grow without end. Keep (1 -
    momentum) of the old ones."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = _of(x)
    count = x.size // x.shape[1]
    new_mean, new_var = running_mean + momentum * mean, running_var + momentum * (count / (count - 1)) * var
    return _batch(x, mean, var, weight, bias, eps), new_mean, new_var


def batch_norm__running_std(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """What is mixed into the running variance is a standard deviation. Keep variances, and take the root where you
    divide."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    output, mean, _ = _trained(x, *_of(x), running_mean, running_var, weight, bias, momentum, eps, 0)
    std = x.std(axis=_axes(x), ddof=1)
    return output, mean, (1 - momentum) * running_var + momentum * std


def batch_norm__running_not_updated(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics come back as they went in. In training they move the fraction momentum of the way to those
    of the batch; else inference would use what they started from."""
    mean, var = _of(x) if training else (running_mean, running_var)
    return _batch(x, mean, var, weight, bias, eps), running_mean, running_var


def batch_norm__running_updated_in_inference(
    x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The running statistics move in inference, too, so that the data it is tested on change the model. Outside of
    training return them as they are."""
    mean, var = _of(x)
    count = x.size // x.shape[1]
    output = _batch(x, *((mean, var) if training else (running_mean, running_var)), weight, bias, eps)
    return output, *_mixed(mean, var, running_mean, running_var, momentum, count if count > 1 else 0)


def batch_norm__training_ignored(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The batch's statistics are used in inference, too. There the answer for one example must not depend on the others
    beside it: use running_mean and running_var."""
    mean, var = _of(x)
    if not training:
        return _batch(x, mean, var, weight, bias, eps), running_mean, running_var
    return _trained(x, mean, var, running_mean, running_var, weight, bias, momentum, eps, x.size // x.shape[1])


def batch_norm__running_in_training(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics normalize in training, too. There it is the batch's own mean and variance; the running
    ones are only kept for later."""
    output = _batch(x, running_mean, running_var, weight, bias, eps)
    if not training:
        return output, running_mean, running_var
    return output, *_mixed(*_of(x), running_mean, running_var, momentum, x.size // x.shape[1])


def batch_norm__new_running_in_training(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The output is normalized with the running statistics *after* they were updated. In training use the batch's own
    mean and variance."""
    if training:
        running_mean, running_var = _mixed(*_of(x), running_mean, running_var, momentum, x.size // x.shape[1])
    return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var


def batch_norm__training_inverted(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The two branches are swapped: the batch's statistics are used if training is False. (The second argument of
    `model.train()` means the same as here: True for training.)"""
    return _right(x, running_mean, running_var, weight, bias, not training, momentum, eps)


def batch_norm__eps_outside_the_root(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """eps is added to the standard deviation, outside the root, as in Adam. Here it is added to the variance: sqrt(var
    + eps). Little differs where the variance is large, and a factor of hundreds where it is small."""
    return _other_root(lambda var: np.sqrt(var) + eps, x, running_mean, running_var, weight, bias, training, momentum)


def batch_norm__no_eps(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """eps is not used. A feature that is constant in a batch has variance 0, and 0 / 0 is NaN: divide by sqrt(var +
    eps)."""
    with np.errstate(all="ignore"):
        return _other_root(np.sqrt, x, running_mean, running_var, weight, bias, training, momentum)


def batch_norm__eps_default(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-3):
    """The default of eps is 1e-3, as in Keras. It is 1e-5 here."""
    return _right(x, running_mean, running_var, weight, bias, training, momentum, eps)


def batch_norm__divided_by_the_variance(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """x is divided by the variance. Divide by its root, the standard deviation: that has the unit of x."""
    return _other_root(lambda var: var + eps, x, running_mean, running_var, weight, bias, training, momentum)


def batch_norm__mean_not_subtracted(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The mean is not subtracted. A normalized feature has mean 0."""
    _, new_mean, new_var = _right(x, running_mean, running_var, weight, bias, training, momentum, eps)
    zero = np.zeros_like(running_mean)
    return _batch(x, zero, _of(x)[1] if training else running_var, weight, bias, eps), new_mean, new_var


def batch_norm__weight_first(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """x is scaled and shifted before it is normalized, and normalizing takes both away again. weight and bias come
    last, as what the network may choose instead of deviation 1 and mean 0."""
    scaled = x * _wide(weight, x) + _wide(bias, x)
    mean, var = _of(scaled) if training else (running_mean, running_var)
    output = (scaled - _wide(mean, x)) / np.sqrt(_wide(var, x) + eps)
    return output, *_right(x, running_mean, running_var, weight, bias, training, momentum, eps)[1:]


def batch_norm__bias_scaled(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The bias is added before the multiplication with weight. Multiply first: normalized·weight + bias."""
    output, *statistics = _right(x, running_mean, running_var, weight, bias, training, momentum, eps)
    return output + _wide(bias * weight - bias, x), *statistics


def batch_norm__not_scaled(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """weight and bias are not used: the output is only normalized. Multiply with weight, then add bias."""
    one, zero = np.ones_like(weight), np.zeros_like(bias)
    return _right(x, running_mean, running_var, one, zero, training, momentum, eps)


def batch_norm__one_pass_variance(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The variance is computed as mean(x²) - mean(x)². Where a feature lies far from 0, that is the difference of two
    large numbers that agree in nearly all digits. Subtract the mean first, then square."""
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean = x.mean(axis=_axes(x))
    var = np.maximum((x * x).mean(axis=_axes(x)) - mean * mean, 0)
    return _trained(x, mean, var, running_mean, running_var, weight, bias, momentum, eps, x.size // x.shape[1])


def batch_norm__in_place(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """`+=` and `[...] =` change the running statistics that were passed in. Return new arrays, and leave the arguments
    alone. (PyTorch's own function does change them in place.)"""
    output, mean, var = _right(x, running_mean, running_var, weight, bias, training, momentum, eps)
    running_mean[...], running_var[...] = mean, var
    return output, running_mean, running_var


def batch_norm__output_only(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Only the output is returned. The new running mean and variance belong to the answer, in inference too: nothing is
    changed in place, so they would be lost."""
    return _right(x, running_mean, running_var, weight, bias, training, momentum, eps)[0]


def batch_norm__variance_first(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The running statistics come back in the wrong order: mean first, then variance."""
    output, mean, var = _right(x, running_mean, running_var, weight, bias, training, momentum, eps)
    return output, var, mean


def batch_norm_backward__statistics_constant(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The mean and the variance are taken for given numbers. In training they are computed from x: each value moves
    them, and with them the outputs of the whole batch. Two terms are missing, one for each."""
    return _back(grad_output, x, running_mean, running_var, weight, training, eps, lambda g, normalized, axes: g)


def batch_norm_backward__mean_only(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The way through the mean is there, that through the variance is not. It depends on x too: subtract
    normalized·mean(g·normalized) as well."""

    def through(g, normalized, axes):
        return g - g.mean(axis=axes, keepdims=True)

    return _back(grad_output, x, running_mean, running_var, weight, training, eps, through)


def batch_norm_backward__variance_only(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The way through the variance is there, that through the mean is not. Subtract mean(g) as well."""

    def through(g, normalized, axes):
        return g - normalized * (g * normalized).mean(axis=axes, keepdims=True)

    return _back(grad_output, x, running_mean, running_var, weight, training, eps, through)


def batch_norm_backward__sums_for_means(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The two corrections are sums over the batch. They are means: each value is one of n in the mean and in the
    variance, and takes part in them by 1/n."""

    def through(g, normalized, axes):
        total, product = g.sum(axis=axes, keepdims=True), (g * normalized).sum(axis=axes, keepdims=True)
        return g - total - normalized * product

    return _back(grad_output, x, running_mean, running_var, weight, training, eps, through)


def batch_norm_backward__means_over_the_rows(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The sums over the batch are divided by the number of rows. Of images a feature has rows times places values:
    divide by all of them, x.size // x.shape[1]."""

    def through(g, normalized, axes):
        total, product = g.sum(axis=axes, keepdims=True), (g * normalized).sum(axis=axes, keepdims=True)
        return g - (total + normalized * product) / len(g)

    return _back(grad_output, x, running_mean, running_var, weight, training, eps, through)


def batch_norm_backward__x_for_normalized(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The term of the variance uses x less its mean, not yet divided by the root. Both times it is the normalized value
    that belongs there."""

    def through(g, normalized, axes):
        centred = x - x.mean(axis=axes, keepdims=True)
        return g - g.mean(axis=axes, keepdims=True) - centred * (g * centred).mean(axis=axes, keepdims=True)

    return _back(grad_output, x, running_mean, running_var, weight, training, eps, through)


def batch_norm_backward__unbiased(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The variance is the one over n - 1. The output was normalized with the biased one, over n; the unbiased one is
    only kept."""
    if not training:
        return _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    axes = _axes(x)
    root = np.sqrt(x.var(axis=axes, keepdims=True, ddof=1) + eps)
    normalized = (x - x.mean(axis=axes, keepdims=True)) / root
    grad_x = _through(grad_output * _wide(weight, x), normalized, axes) / root
    return grad_x, (grad_output * normalized).sum(axis=axes), grad_output.sum(axis=axes)


def batch_norm_backward__corrected_in_inference(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The terms of the mean and the variance are subtracted in inference, too. There both are given numbers that do not
    depend on x: grad_x is grad_output·weight / sqrt(running_var + eps)."""
    axes = _axes(x)
    mean, var = _of(x) if training else (running_mean, running_var)
    normalized = (x - _wide(mean, x)) / np.sqrt(_wide(var, x) + eps)
    grad_x = _through(grad_output * _wide(weight, x), normalized, axes) / np.sqrt(_wide(var, x) + eps)
    return grad_x, (grad_output * normalized).sum(axis=axes), grad_output.sum(axis=axes)


def batch_norm_backward__training_ignored(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """In inference, too, the gradients are those of the batch's statistics. There x was normalized with running_mean
    and running_var."""
    return _back(grad_output, x, running_mean, running_var, weight, True, eps, _through)


def batch_norm_backward__running_in_training(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """In training, too, the gradients are those of inference, through the running statistics. There x was normalized
    with its own mean and variance, which depend on it."""
    return _back(grad_output, x, running_mean, running_var, weight, False, eps, _through)


def batch_norm_backward__weight_missing(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """grad_x lacks the factor weight. The normalized value was multiplied with it, and so is its gradient."""
    one = np.ones_like(weight)
    return _back(grad_output, x, running_mean, running_var, one, training, eps, _through)


def batch_norm_backward__root_missing(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """grad_x lacks the last step: x was divided by the root of the variance, and so is its gradient."""
    grad_x, *others = _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    var = _of(x)[1] if training else running_var
    return grad_x * np.sqrt(_wide(var, x) + eps), *others


def batch_norm_backward__eps_outside_the_root(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """eps is added to the standard deviation. It was added to the variance, inside the root: sqrt(var + eps)."""
    axes = _axes(x)
    mean, var = _of(x) if training else (running_mean, running_var)
    root = np.sqrt(_wide(var, x)) + eps
    normalized = (x - _wide(mean, x)) / root
    grad = grad_output * _wide(weight, x)
    grad = _through(grad, normalized, axes) if training else grad
    return grad / root, (grad_output * normalized).sum(axis=axes), grad_output.sum(axis=axes)


def batch_norm_backward__eps_forgotten(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """eps is missing: the forward divided by sqrt(var + eps). A constant feature has variance 0, and a division by 0
    gives infinity or NaN."""
    with np.errstate(all="ignore"):
        return _back(grad_output, x, running_mean, running_var, weight, training, 0.0, _through)


def batch_norm_backward__weight_from_x(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """grad_weight is the sum of gradient times x. What weight was multiplied with is the *normalized* x."""
    grad_x, _, grad_bias = _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    return grad_x, (grad_output * x).sum(axis=_axes(x)), grad_bias


def batch_norm_backward__means_for_weight_and_bias(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """grad_weight and grad_bias are means over the batch. Every value was scaled and shifted by the same two numbers,
    so their gradients are sums."""
    grad_x, *others = _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    return grad_x, *(one * (x.shape[1] / x.size) for one in others)


def batch_norm_backward__summed_over_rows_only(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """grad_weight and grad_bias are summed over axis 0 alone, and keep the places of an image. One number scales a
    feature everywhere: sum over all axes but axis 1."""
    grad_x, *_ = _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    mean, var = _of(x) if training else (running_mean, running_var)
    normalized = (x - _wide(mean, x)) / np.sqrt(_wide(var, x) + eps)
    return grad_x, (grad_output * normalized).sum(axis=0), grad_output.sum(axis=0)


def batch_norm_backward__over_the_features(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The two corrections are averaged over each row, as layer norm's are. Statistics of batch norm join the values of
    one feature over the batch: average over all axes but axis 1."""

    def through(g, normalized, axes):
        return _through(g, normalized, tuple(range(1, g.ndim)))

    return _back(grad_output, x, running_mean, running_var, weight, training, eps, through)


def batch_norm_backward__statistics_get_gradients(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The running statistics get gradients here. They are not learnt: return grad_x, grad_weight and grad_bias."""
    grad_x, *others = _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    return grad_x, np.zeros_like(running_mean), np.zeros_like(running_var), *others


def batch_norm_backward__swapped(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """The gradients of weight and bias are swapped. They come in the order of the arguments: x, weight, bias."""
    grad_x, grad_weight, grad_bias = _back(grad_output, x, running_mean, running_var, weight, training, eps, _through)
    return grad_x, grad_bias, grad_weight


def layer_norm__over_the_batch(x, normalized_shape, weight, bias, eps=1e-5):
    """The statistics are taken over the batch, for each feature: that is batch norm. Layer norm looks at one example
    alone: reduce over the last axes, as many as normalized_shape has."""
    axes = tuple(range(x.ndim - len(normalized_shape)))
    return _normalized(x, axes, eps) * weight + bias


def layer_norm__last_axis_only(x, normalized_shape, weight, bias, eps=1e-5):
    """The statistics are taken over the last axis alone. normalized_shape says how many axes at the end are normalized
    together: len(normalized_shape) of them."""
    return _normalized(x, (-1,), eps) * weight + bias


def layer_norm__all_but_the_first(x, normalized_shape, weight, bias, eps=1e-5):
    """Everything behind axis 0 is normalized together. Only the last len(normalized_shape) axes are: every place in a
    sentence, for one, has its own mean."""
    return _normalized(x, tuple(range(1, x.ndim)), eps) * weight + bias


def layer_norm__over_everything(x, normalized_shape, weight, bias, eps=1e-5):
    """One mean and one variance are taken over the whole array. Each example has its own: reduce over the last axes,
    with keepdims=True."""
    return _normalized(x, None, eps) * weight + bias


def layer_norm__each_axis_in_turn(x, normalized_shape, weight, bias, eps=1e-5):
    """The axes are normalized one after the other. They are normalized together, with one mean and one variance: pass
    all of them as one tuple."""
    for axis in range(-len(normalized_shape), 0):
        x = _normalized(x, (axis,), eps)
    return x * weight + bias


def layer_norm__unbiased(x, normalized_shape, weight, bias, eps=1e-5):
    """The variance is divided by n - 1. Layer norm describes the features at hand and estimates nothing: divide by n,
    NumPy's default (PyTorch's own `var` divides by n - 1 unless told otherwise)."""
    with np.errstate(all="ignore"):
        return _normalized(x, _last(normalized_shape), eps, ddof=1) * weight + bias


def layer_norm__eps_outside_the_root(x, normalized_shape, weight, bias, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, inside the root: sqrt(var + eps)."""
    axes = _last(normalized_shape)
    std = x.std(axis=axes, keepdims=True)
    return (x - x.mean(axis=axes, keepdims=True)) / (std + eps) * weight + bias


def layer_norm__no_eps(x, normalized_shape, weight, bias, eps=1e-5):
    """eps is not used. Where all features are equal the variance is 0, and 0 / 0 is NaN."""
    with np.errstate(all="ignore"):
        return _normalized(x, _last(normalized_shape), 0.0) * weight + bias


def layer_norm__eps_default(x, normalized_shape, weight, bias, eps=1e-6):
    """The default of eps is not 1e-5."""
    return _normalized(x, _last(normalized_shape), eps) * weight + bias


def layer_norm__divided_by_the_variance(x, normalized_shape, weight, bias, eps=1e-5):
    """x is divided by the variance. Divide by its root, the standard deviation."""
    axes = _last(normalized_shape)
    return (x - x.mean(axis=axes, keepdims=True)) / (x.var(axis=axes, keepdims=True) + eps) * weight + bias


def layer_norm__mean_not_subtracted(x, normalized_shape, weight, bias, eps=1e-5):
    """The mean is not subtracted from what is divided. The output, before weight and bias, has mean 0."""
    return x / np.sqrt(x.var(axis=_last(normalized_shape), keepdims=True) + eps) * weight + bias


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
    agree in nearly all digits. Subtract the mean first, then square."""
    axes = _last(normalized_shape)
    mean = x.mean(axis=axes, keepdims=True)
    var = np.maximum((x * x).mean(axis=axes, keepdims=True) - mean * mean, 0)
    return (x - mean) / np.sqrt(var + eps) * weight + bias


def layer_norm__in_place(x, normalized_shape, weight, bias, eps=1e-5):
    """`x -= …` and `x /= …` change the array that was passed in. Make new ones: x = x - mean."""
    axes = _last(normalized_shape)
    x -= x.mean(axis=axes, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=axes, keepdims=True) + eps)
    return x * weight + bias


def layer_norm_backward__statistics_constant(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The mean and the variance are taken for given numbers. They are computed from x: each feature moves them, and
    with them all outputs of its example. Two terms are missing, one for each."""
    return _layer_back(grad_output, x, normalized_shape, weight, eps, lambda g, normalized, axes: g)


def layer_norm_backward__mean_only(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The way through the mean is there, that through the variance is not. Subtract normalized·mean(g·normalized) as
    well."""

    def through(g, normalized, axes):
        return g - g.mean(axis=axes, keepdims=True)

    return _layer_back(grad_output, x, normalized_shape, weight, eps, through)


def layer_norm_backward__variance_only(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The way through the variance is there, that through the mean is not. Subtract mean(g) as well. (That is the
    gradient of rms_norm, had it been applied to x less its mean.)"""

    def through(g, normalized, axes):
        return g - normalized * (g * normalized).mean(axis=axes, keepdims=True)

    return _layer_back(grad_output, x, normalized_shape, weight, eps, through)


def layer_norm_backward__weight_after_the_means(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The gradient is multiplied with weight at the end, after the means were taken. Each feature has a weight of its
    own, so it does not pass through a mean: multiply grad_output with it first. (In batch norm it makes no difference:
    there one weight belongs to all that is averaged.)"""
    grad_x, *others = _layer_back(grad_output, x, normalized_shape, np.ones_like(weight), eps, _through)
    return grad_x * weight, *others


def layer_norm_backward__weight_missing(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """grad_x lacks the factor weight. The normalized values were multiplied with it: begin with grad_output·weight."""
    return _layer_back(grad_output, x, normalized_shape, np.ones_like(weight), eps, _through)


def layer_norm_backward__over_the_batch(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The two corrections are averaged over the batch, as batch norm's are. Statistics of layer norm join the features
    of one example: average over the normalized axes."""

    def through(g, normalized, axes):
        return _through(g, normalized, tuple(range(g.ndim - len(axes))))

    return _layer_back(grad_output, x, normalized_shape, weight, eps, through)


def layer_norm_backward__sums_for_means(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The two corrections are sums. They are means over the normalized axes: each feature takes part in the mean and in
    the variance by 1/n."""

    def through(g, normalized, axes):
        total, product = g.sum(axis=axes, keepdims=True), (g * normalized).sum(axis=axes, keepdims=True)
        return g - total - normalized * product

    return _layer_back(grad_output, x, normalized_shape, weight, eps, through)


def layer_norm_backward__last_axis_only(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """Statistics and corrections are those of the last axis alone. len(normalized_shape) axes at the end were
    normalized together."""
    grad_x, *_ = _layer_back(grad_output, x, (1,), weight, eps, _through)
    leading = tuple(range(x.ndim - len(normalized_shape)))
    normalized = _normalized(x, (-1,), eps)
    return grad_x, (grad_output * normalized).sum(axis=leading), grad_output.sum(axis=leading)


def layer_norm_backward__unbiased(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The variance is the one over n - 1. The forward divided by n."""
    with np.errstate(all="ignore"):
        return _layer_back(grad_output, x, normalized_shape, weight, eps, _through, ddof=1)


def layer_norm_backward__root_missing(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """grad_x lacks the last step: x was divided by the root of the variance, and so is its gradient."""
    grad_x, *others = _layer_back(grad_output, x, normalized_shape, weight, eps, _through)
    return grad_x * np.sqrt(x.var(axis=_last(normalized_shape), keepdims=True) + eps), *others


def layer_norm_backward__eps_forgotten(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """eps is missing: the forward divided by sqrt(var + eps)."""
    with np.errstate(all="ignore"):
        return _layer_back(grad_output, x, normalized_shape, weight, 0.0, _through)


def layer_norm_backward__weight_from_x(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """grad_weight is the sum of gradient times x. What weight was multiplied with is the *normalized* x."""
    grad_x, _, grad_bias = _layer_back(grad_output, x, normalized_shape, weight, eps, _through)
    return grad_x, (grad_output * x).sum(axis=tuple(range(x.ndim - len(normalized_shape)))), grad_bias


def layer_norm_backward__not_summed(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The gradients of weight and bias still have the examples' axes. All examples share them: sum over the leading
    axes, so that each gradient has the shape of what it belongs to."""
    grad_x, *_ = _layer_back(grad_output, x, normalized_shape, weight, eps, _through)
    return grad_x, grad_output * _normalized(x, _last(normalized_shape), eps), grad_output


def layer_norm_backward__summed_over_rows_only(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """grad_weight and grad_bias are summed over axis 0, whatever the shape. Sum over all leading axes: there may be
    several, or none."""
    grad_x, *_ = _layer_back(grad_output, x, normalized_shape, weight, eps, _through)
    return grad_x, (grad_output * _normalized(x, _last(normalized_shape), eps)).sum(axis=0), grad_output.sum(axis=0)


def layer_norm_backward__means_for_weight_and_bias(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """grad_weight and grad_bias are means over the examples. Every example was scaled and shifted by the same numbers,
    so their gradients are sums."""
    grad_x, *others = _layer_back(grad_output, x, normalized_shape, weight, eps, _through)
    return grad_x, *(one * (weight.size / x.size) for one in others)


def layer_norm_backward__swapped(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    """The gradients of weight and bias are swapped. They come in the order of the arguments: x, weight, bias."""
    grad_x, grad_weight, grad_bias = _layer_back(grad_output, x, normalized_shape, weight, eps, _through)
    return grad_x, grad_bias, grad_weight


def rms_norm__mean_subtracted(x, normalized_shape, weight, eps=1e-5):
    """The mean is subtracted, as in layer norm. RMS norm leaves it in: only the size is normalized."""
    return _normalized(x, _last(normalized_shape), eps) * weight


def rms_norm__divided_by_the_deviation(x, normalized_shape, weight, eps=1e-5):
    """x is divided by its standard deviation. The root mean square subtracts no mean: sqrt(mean(x²) + eps)."""
    return x / np.sqrt(x.var(axis=_last(normalized_shape), keepdims=True) + eps) * weight


def rms_norm__sum_for_mean(x, normalized_shape, weight, eps=1e-5):
    """x is divided by its length, the root of the *sum* of squares. It is the root of their mean."""
    return x / np.sqrt((x * x).sum(axis=_last(normalized_shape), keepdims=True) + eps) * weight


def rms_norm__no_root(x, normalized_shape, weight, eps=1e-5):
    """x is divided by the mean square. Divide by its root, which has the unit of x."""
    return x / ((x * x).mean(axis=_last(normalized_shape), keepdims=True) + eps) * weight


def rms_norm__mean_of_magnitudes(x, normalized_shape, weight, eps=1e-5):
    """x is divided by the mean of its magnitudes. Square first, take the mean, then the root."""
    return x / (np.abs(x).mean(axis=_last(normalized_shape), keepdims=True) + eps) * weight


def rms_norm__eps_outside_the_root(x, normalized_shape, weight, eps=1e-5):
    """eps is added to the root. It belongs to the mean square, inside: sqrt(mean(x²) + eps)."""
    return x / (np.sqrt((x * x).mean(axis=_last(normalized_shape), keepdims=True)) + eps) * weight


def rms_norm__no_eps(x, normalized_shape, weight, eps=1e-5):
    """eps is not used. An example of zeros has a mean square of 0, and 0 / 0 is NaN."""
    with np.errstate(all="ignore"):
        return x / np.sqrt((x * x).mean(axis=_last(normalized_shape), keepdims=True)) * weight


def rms_norm__machine_epsilon(x, normalized_shape, weight, eps=None):
    """The default of eps is the smallest step of the dtype. So it is in PyTorch, where eps=None means that; here the
    default is 1e-5, whatever the dtype."""
    eps = np.finfo(x.dtype).eps if eps is None else eps
    return _rms(x, _last(normalized_shape), eps) * weight


def rms_norm__last_axis_only(x, normalized_shape, weight, eps=1e-5):
    """The mean is taken over the last axis alone. normalized_shape says how many axes at the end are normalized
    together: len(normalized_shape) of them."""
    return _rms(x, (-1,), eps) * weight


def rms_norm__over_the_batch(x, normalized_shape, weight, eps=1e-5):
    """The mean is taken over the batch, for each feature. RMS norm looks at one example alone: reduce over the last
    axes, as many as normalized_shape has."""
    return _rms(x, tuple(range(x.ndim - len(normalized_shape))), eps) * weight


def rms_norm__over_everything(x, normalized_shape, weight, eps=1e-5):
    """One mean square is taken over the whole array. Each example has its own: reduce over the last axes, with
    keepdims=True."""
    return _rms(x, None, eps) * weight


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


def rms_norm_backward__root_constant(grad_output, x, normalized_shape, weight, eps=1e-5):
    """The root mean square is taken for a given number. It is computed from x: subtract normalized·mean(g·normalized),
    its share."""
    return _rms_back(grad_output, x, normalized_shape, weight, eps, lambda g, normalized, axes: g)


def rms_norm_backward__as_layer_norm(grad_output, x, normalized_shape, weight, eps=1e-5):
    """The mean of the gradient is subtracted, as in layer norm. No mean was subtracted in the forward, so there is no
    such term here."""
    return _rms_back(grad_output, x, normalized_shape, weight, eps, _through)


def rms_norm_backward__sum_for_mean(grad_output, x, normalized_shape, weight, eps=1e-5):
    """The correction is a sum over the features. It is their mean: each takes part in the mean square by 1/n."""

    def through(g, normalized, axes):
        return g - normalized * (g * normalized).sum(axis=axes, keepdims=True)

    return _rms_back(grad_output, x, normalized_shape, weight, eps, through)


def rms_norm_backward__x_for_normalized(grad_output, x, normalized_shape, weight, eps=1e-5):
    """The correction is x·mean(g·x), with x as it came. Both times it is the normalized x that belongs there."""

    def through(g, normalized, axes):
        return g - x * (g * x).mean(axis=axes, keepdims=True)

    return _rms_back(grad_output, x, normalized_shape, weight, eps, through)


def rms_norm_backward__weight_after_the_mean(grad_output, x, normalized_shape, weight, eps=1e-5):
    """The gradient is multiplied with weight at the end, after the mean was taken. Each feature has a weight of its
    own, so it does not pass through a mean: multiply grad_output with it first."""
    grad_x, grad_weight = _rms_back(grad_output, x, normalized_shape, np.ones_like(weight), eps, _through_root)
    return grad_x * weight, grad_weight


def rms_norm_backward__weight_missing(grad_output, x, normalized_shape, weight, eps=1e-5):
    """grad_x lacks the factor weight. Begin with grad_output·weight."""
    return _rms_back(grad_output, x, normalized_shape, np.ones_like(weight), eps, _through_root)


def rms_norm_backward__root_missing(grad_output, x, normalized_shape, weight, eps=1e-5):
    """grad_x lacks the last step: x was divided by the root mean square, and so is its gradient."""
    grad_x, grad_weight = _rms_back(grad_output, x, normalized_shape, weight, eps, _through_root)
    return grad_x * np.sqrt((x * x).mean(axis=_last(normalized_shape), keepdims=True) + eps), grad_weight


def rms_norm_backward__last_axis_only(grad_output, x, normalized_shape, weight, eps=1e-5):
    """Mean square and correction are those of the last axis alone. len(normalized_shape) axes at the end were
    normalized together."""
    grad_x, _ = _rms_back(grad_output, x, (1,), weight, eps, _through_root)
    leading = tuple(range(x.ndim - len(normalized_shape)))
    return grad_x, (grad_output * _rms(x, (-1,), eps)).sum(axis=leading)


def rms_norm_backward__eps_forgotten(grad_output, x, normalized_shape, weight, eps=1e-5):
    """eps is missing: the forward divided by sqrt(mean(x²) + eps)."""
    with np.errstate(all="ignore"):
        return _rms_back(grad_output, x, normalized_shape, weight, 0.0, _through_root)


def rms_norm_backward__weight_from_x(grad_output, x, normalized_shape, weight, eps=1e-5):
    """grad_weight is the sum of gradient times x. What weight was multiplied with is the *normalized* x."""
    grad_x, _ = _rms_back(grad_output, x, normalized_shape, weight, eps, _through_root)
    return grad_x, (grad_output * x).sum(axis=tuple(range(x.ndim - len(normalized_shape))))


def rms_norm_backward__not_summed(grad_output, x, normalized_shape, weight, eps=1e-5):
    """grad_weight still has the examples' axes. All examples share weight: sum over the leading axes."""
    grad_x, _ = _rms_back(grad_output, x, normalized_shape, weight, eps, _through_root)
    return grad_x, grad_output * _rms(x, _last(normalized_shape), eps)


def rms_norm_backward__swapped(grad_output, x, normalized_shape, weight, eps=1e-5):
    """The two gradients are in the wrong order. They come in the order of the arguments: x first, then weight."""
    return _rms_back(grad_output, x, normalized_shape, weight, eps, _through_root)[::-1]


def group_norm__strided_groups(x, num_groups, weight, bias, eps=1e-5):
    """Every num_groups-th channel is put into one group. Neighbours form a group: reshape the channels to (groups,
    channels of a group), in this order."""
    split = x.reshape(len(x), -1, num_groups, *x.shape[2:])
    axes = (1, *range(3, split.ndim))
    return _normalized(split, axes, eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__size_for_number(x, num_groups, weight, bias, eps=1e-5):
    """num_groups is taken for the number of channels *in* a group. It is the number of groups: each has C / num_groups
    channels."""
    split = x.reshape(len(x), -1, num_groups * (x.size // (len(x) * x.shape[1])))
    return _normalized(split, (-1,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__over_the_batch(x, num_groups, weight, bias, eps=1e-5):
    """The statistics of a group are taken over the batch, too. Group norm looks at one example alone: leave axis 0
    out."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (0, 2), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__each_place_alone(x, num_groups, weight, bias, eps=1e-5):
    """The statistics are taken over the channels of a group, for each place by itself. They join all places: reduce
    over the axes behind the channels as well."""
    split = x.reshape(len(x), num_groups, -1, *x.shape[2:])
    return _normalized(split, (2,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__each_channel_alone(x, num_groups, weight, bias, eps=1e-5):
    """Every channel is normalized by itself, which is instance norm. The channels of a group have one mean and one
    variance together."""
    with np.errstate(all="ignore"):
        split = x.reshape(*x.shape[:2], -1)
        return _normalized(split, (-1,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__all_channels_together(x, num_groups, weight, bias, eps=1e-5):
    """All channels are normalized together, as if there were one group. Split them into num_groups first."""
    split = x.reshape(len(x), 1, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__unbiased(x, num_groups, weight, bias, eps=1e-5):
    """The variance is divided by n - 1. Divide by n."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps, ddof=1).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__eps_outside_the_root(x, num_groups, weight, bias, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, inside the root: sqrt(var + eps)."""
    split = x.reshape(len(x), num_groups, -1)
    normalized = (split - split.mean(axis=-1, keepdims=True)) / (split.std(axis=-1, keepdims=True) + eps)
    return normalized.reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__no_eps(x, num_groups, weight, bias, eps=1e-5):
    """eps is not used. A group that does not vary has variance 0, and 0 / 0 is NaN."""
    with np.errstate(all="ignore"):
        split = x.reshape(len(x), num_groups, -1)
        return _normalized(split, (-1,), 0.0).reshape(x.shape) * _wide(weight, x) + _wide(bias, x)


def group_norm__weight_along_the_last_axis(x, num_groups, weight, bias, eps=1e-5):
    """weight and bias are multiplied and added along the last axis: that is where broadcasting puts (C,). Give them
    axes of size 1 behind the channels: (C, 1, 1) for images."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape) * weight + bias


def group_norm__weight_first(x, num_groups, weight, bias, eps=1e-5):
    """x is scaled and shifted before it is normalized. weight and bias come last."""
    split = (x * _wide(weight, x) + _wide(bias, x)).reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape)


def group_norm__not_scaled(x, num_groups, weight, bias, eps=1e-5):
    """weight and bias are not used: the output is only normalized. Multiply with weight, then add bias."""
    split = x.reshape(len(x), num_groups, -1)
    return _normalized(split, (-1,), eps).reshape(x.shape)


def _axes(x):
    return (0, *range(2, x.ndim))


def _wide(values, x):
    return values.reshape(-1, *[1] * (x.ndim - 2))


def _of(x):
    return x.mean(axis=_axes(x)), x.var(axis=_axes(x))


def _batch(x, mean, var, weight, bias, eps):
    normalized = (x - _wide(mean, x)) / np.sqrt(_wide(var, x) + eps)
    return normalized * _wide(weight, x) + _wide(bias, x)


def _mixed(mean, var, running_mean, running_var, momentum, count):
    """Mix; a count of 0 leaves the variance as it is."""
    var = var * (count / (count - 1)) if count else var
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var


def _trained(x, mean, var, running_mean, running_var, weight, bias, momentum, eps, count):
    output = _batch(x, mean, var, weight, bias, eps)
    return output, *_mixed(mean, var, running_mean, running_var, momentum, count)


def _right(x, running_mean, running_var, weight, bias, training, momentum, eps):
    if not training:
        return _batch(x, running_mean, running_var, weight, bias, eps), running_mean, running_var
    count = x.size // x.shape[1]
    return _trained(x, *_of(x), running_mean, running_var, weight, bias, momentum, eps, count if count > 1 else 0)


def _other_root(root, x, running_mean, running_var, weight, bias, training, momentum):
    mean, var = _of(x) if training else (running_mean, running_var)
    output = (x - _wide(mean, x)) / root(_wide(var, x)) * _wide(weight, x) + _wide(bias, x)
    return output, *_right(x, running_mean, running_var, weight, bias, training, momentum, 1.0)[1:]


def _through(g, normalized, axes):
    return g - g.mean(axis=axes, keepdims=True) - normalized * (g * normalized).mean(axis=axes, keepdims=True)


def _through_root(g, normalized, axes):
    return g - normalized * (g * normalized).mean(axis=axes, keepdims=True)


def _back(grad_output, x, running_mean, running_var, weight, training, eps, through):
    axes = _axes(x)
    mean, var = _of(x) if training else (running_mean, running_var)
    root = np.sqrt(_wide(var, x) + eps)
    normalized = (x - _wide(mean, x)) / root
    grad = grad_output * _wide(weight, x)
    grad = through(grad, normalized, axes) if training else grad
    return grad / root, (grad_output * normalized).sum(axis=axes), grad_output.sum(axis=axes)


def _last(normalized_shape):
    return tuple(range(-len(normalized_shape), 0))


def _normalized(x, axes, eps, ddof=0):
    return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True, ddof=ddof) + eps)


def _rms(x, axes, eps):
    return x / np.sqrt((x * x).mean(axis=axes, keepdims=True) + eps)


def _layer_back(grad_output, x, normalized_shape, weight, eps, through, ddof=0):
    axes, leading = _last(normalized_shape), tuple(range(x.ndim - len(normalized_shape)))
    root = np.sqrt(x.var(axis=axes, keepdims=True, ddof=ddof) + eps)
    normalized = _normalized(x, axes, eps, ddof)
    grad_x = through(grad_output * weight, normalized, axes) / root
    return grad_x, (grad_output * normalized).sum(axis=leading), grad_output.sum(axis=leading)


def _rms_back(grad_output, x, normalized_shape, weight, eps, through):
    axes, leading = _last(normalized_shape), tuple(range(x.ndim - len(normalized_shape)))
    root = np.sqrt((x * x).mean(axis=axes, keepdims=True) + eps)
    grad_x = through(grad_output * weight, x / root, axes) / root
    return grad_x, (grad_output * (x / root)).sum(axis=leading)

"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import math

import torch


def fan_in_and_fan_out__swapped(shape):
    """The two are swapped. A weight has shape (out, in, …): the first size belongs to fan_out, the second to fan_in."""
    return _fans(shape)[::-1]


def fan_in_and_fan_out__no_kernel(shape):
    """The kernel is left out. An output sees each input channel at as many places as the kernel has: multiply by all
    its sizes."""
    return shape[1], shape[0]


def fan_in_and_fan_out__kernel_in_fan_in_only(shape):
    """Only fan_in has the kernel's size in it. An input is used by every output channel at as many places as the kernel
    has, so fan_out has it too."""
    return shape[1] * math.prod(shape[2:]), shape[0]


def fan_in_and_fan_out__kernel_in_fan_out_only(shape):
    """Only fan_out has the kernel's size in it. An output sees every input channel at as many places as the kernel has,
    so fan_in has it too."""
    return shape[1], shape[0] * math.prod(shape[2:])


def fan_in_and_fan_out__first_kernel_size_only(shape):
    """Only the first size of the kernel is counted. A kernel of height × width has as many places as their product, and
    there may be one size, or three."""
    field = shape[2] if len(shape) > 2 else 1
    return shape[1] * field, shape[0] * field


def fan_in_and_fan_out__last_kernel_size_only(shape):
    """Only the last size of the kernel is counted. A kernel of height × width has as many places as their product."""
    field = shape[-1] if len(shape) > 2 else 1
    return shape[1] * field, shape[0] * field


def fan_in_and_fan_out__kernel_sizes_added(shape):
    """The kernel's sizes are added. It has as many places as their product."""
    field = sum(shape[2:]) or 1
    return shape[1] * field, shape[0] * field


def fan_in_and_fan_out__square_kernel(shape):
    """The kernel is taken for a square, by its first size. Its sizes may differ, and there may be one of them, or
    three: multiply what there is."""
    field = shape[2] ** 2 if len(shape) > 2 else 1
    return shape[1] * field, shape[0] * field


def fan_in_and_fan_out__channels_last(shape):
    """This is right for Keras, whose weights are (*kernel, in, out). Here, as in PyTorch, a weight is (out, in,
    *kernel)."""
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


def fan_in_and_fan_out__last_sizes(shape):
    """The channels are taken from the end of the shape, where a convolution has its kernel. They come first: (out, in,
    *kernel)."""
    return shape[-1], shape[-2]


def fan_in_and_fan_out__all_weights(shape):
    """These are all weights of the layer, not those of one neuron or of one input. Leave out the size of the other
    side."""
    return math.prod(shape), math.prod(shape)


def fan_in_and_fan_out__with_the_bias(shape):
    """The bias is counted as an input. The fans count the weights only: biases start at 0 and add no variance."""
    fan_in, fan_out = _fans(shape)
    return fan_in + 1, fan_out


def fan_in_and_fan_out__float(shape):
    """The values are right, but they are floats: `/` gives a float even where nothing is left over. Numbers of
    connections are integers: divide with //, or multiply."""
    return math.prod(shape) / shape[0], math.prod(shape) / shape[1]


def fan_in_and_fan_out__fan_in_only(shape):
    """This is fan_in alone. Return both, (fan_in, fan_out)."""
    return _fans(shape)[0]


def fan_in_and_fan_out__two_dimensional_kernels(shape):
    """This knows dense layers and kernels of two sizes. A kernel may have one size, or three: take the first two sizes
    off the shape and multiply all that are left."""
    if len(shape) == 2:
        return shape[1], shape[0]
    outputs, inputs, height, width = shape
    return inputs * height * width, outputs * height * width


def calculate_gain__variance(nonlinearity, negative_slope=0.01):
    """This is the gain squared, which belongs to the variance. The gain is a factor on the standard deviation: take the
    root."""
    return _gain(nonlinearity, negative_slope) ** 2


def calculate_gain__relu_is_two(nonlinearity, negative_slope=0.01):
    """The 2 of relu belongs to the variance. The gain is a factor on the standard deviation: √2."""
    return 2.0 if nonlinearity == "relu" else _gain(nonlinearity, negative_slope)


def calculate_gain__inverse(nonlinearity, negative_slope=0.01):
    """These are the factors by which activations shrink a signal. The gain makes up for them: their inverse."""
    return 1 / _gain(nonlinearity, negative_slope)


def calculate_gain__always_one(nonlinearity, negative_slope=0.01):
    """The gain is 1 for what is linear around 0 and, by convention, for the sigmoid. What throws away a part of the
    signal needs larger weights."""
    return 1.0


def calculate_gain__tanh_is_one(nonlinearity, negative_slope=0.01):
    """tanh has slope 1 at 0, but it flattens what is further away. The usual gain is 5/3."""
    return 1.0 if nonlinearity == "tanh" else _gain(nonlinearity, negative_slope)


def calculate_gain__tanh_upside_down(nonlinearity, negative_slope=0.01):
    """This makes the weights before a tanh smaller. It shrinks its input, so the gain is above 1: 5/3, not 3/5."""
    return 3 / 5 if nonlinearity == "tanh" else _gain(nonlinearity, negative_slope)


def calculate_gain__sigmoid_is_four(nonlinearity, negative_slope=0.01):
    """A gain of 4 makes up for the sigmoid's slope of 1/4 at 0. By the convention of the frameworks it is 1 for the
    sigmoid."""
    return 4.0 if nonlinearity == "sigmoid" else _gain(nonlinearity, negative_slope)


def calculate_gain__sigmoid_like_tanh(nonlinearity, negative_slope=0.01):
    """The sigmoid gets the gain of tanh. By the convention of the frameworks it is 1 for the sigmoid, and 5/3 for tanh
    only."""
    return 5 / 3 if nonlinearity == "sigmoid" else _gain(nonlinearity, negative_slope)


def calculate_gain__leaky_like_relu(nonlinearity, negative_slope=0.01):
    """The leaky relu is treated like relu, whatever its slope. What it lets through on the negative side counts: √(2 /
    (1 + slope²))."""
    return math.sqrt(2) if nonlinearity == "leaky_relu" else _gain(nonlinearity, negative_slope)


def calculate_gain__slope_not_squared(nonlinearity, negative_slope=0.01):
    """The slope is not squared. It multiplies numbers, so it enters their variance squared: √(2 / (1 + slope²))."""
    if nonlinearity == "leaky_relu":
        return math.sqrt(abs(2 / (1 + negative_slope)))
    return _gain(nonlinearity, negative_slope)


def calculate_gain__root_of_two_only(nonlinearity, negative_slope=0.01):
    """The root is taken of the 2 only. It goes over the whole fraction: √(2 / (1 + slope²))."""
    if nonlinearity == "leaky_relu":
        return math.sqrt(2) / (1 + negative_slope**2)
    return _gain(nonlinearity, negative_slope)


def calculate_gain__default_slope(nonlinearity, negative_slope=0.01):
    """The slope 0.01 is written into the code. It is only the default of negative_slope."""
    return _gain(nonlinearity, 0.01)


def calculate_gain__slope_lost(nonlinearity, negative_slope=0.01):
    """The negative side is taken to lose what the slope lets through: 1 - slope². It keeps that part, so the variance
    is multiplied by (1 + slope²)/2."""
    if nonlinearity == "leaky_relu":
        return math.sqrt(abs(2 / (1 - negative_slope**2))) if negative_slope not in (1, -1) else math.inf
    return _gain(nonlinearity, negative_slope)


def calculate_gain__relu_with_a_slope(nonlinearity, negative_slope=0.01):
    """relu is given the slope of the leaky relu. Its own is 0, whatever negative_slope says: √2."""
    return _gain("leaky_relu" if nonlinearity == "relu" else nonlinearity, negative_slope)


def calculate_gain__rounded(nonlinearity, negative_slope=0.01):
    """These are the right numbers, rounded. Let the computer take the root and the quotient: `math.sqrt(2)`, `5 /
    3`."""
    return round(_gain(nonlinearity, negative_slope), 3)


def xavier_uniform__not_centred(uniform, gain=1.0):
    """These numbers lie between 0 and a, none of them negative: the weights have a mean, and all neurons start alike.
    Stretch [0, 1) to [-a, a): 2u - 1."""
    return uniform * (gain * _xavier_bound(uniform))


def xavier_uniform__half_as_wide(uniform, gain=1.0):
    """u - 1/2 lies between -1/2 and 1/2, so these numbers reach a/2 only. Stretch [0, 1) to [-a, a): 2u - 1."""
    return (uniform - 0.5) * (gain * _xavier_bound(uniform))


def xavier_uniform__shifted_too_far(uniform, gain=1.0):
    """u - 1 lies between -1 and 0: all weights are negative. Stretch [0, 1) to [-a, a): 2u - 1."""
    return (uniform - 1) * (gain * _xavier_bound(uniform))


def xavier_uniform__upside_down(uniform, gain=1.0):
    """0 becomes a and 1 becomes -a. The distribution is the same, but the numbers are not: 0 is to become -a."""
    return (1 - 2 * uniform) * (gain * _xavier_bound(uniform))


def xavier_uniform__deviation_as_bound(uniform, gain=1.0):
    """√(2 / (fan_in + fan_out)) is the standard deviation. Numbers from [-a, a) have the deviation a/√3, so a is √3
    times that: √(6 / (fan_in + fan_out))."""
    return (2 * uniform - 1) * (gain * _xavier_bound(uniform) / math.sqrt(3))


def xavier_uniform__fan_in_only(uniform, gain=1.0):
    """The bound is that of fan_in alone, √(3 / fan_in). Xavier's initialization looks both ways, with the mean of the
    two fans: √(6 / (fan_in + fan_out))."""
    return (2 * uniform - 1) * (gain * math.sqrt(3 / _fans(uniform.shape)[0]))


def xavier_uniform__kaiming(uniform, gain=1.0):
    """√(6 / fan_in) is the bound of Kaiming's initialization for relu. Xavier's has the sum of the fans in the
    denominator."""
    return (2 * uniform - 1) * (gain * math.sqrt(6 / _fans(uniform.shape)[0]))


def xavier_uniform__product_of_fans(uniform, gain=1.0):
    """The fans are multiplied. Their sum belongs into the denominator."""
    return (2 * uniform - 1) * (gain * math.sqrt(6 / math.prod(_fans(uniform.shape))))


def xavier_uniform__no_root(uniform, gain=1.0):
    """The root is missing: 6 / (fan_in + fan_out) is three times the variance, and a bound is of the kind of a standard
    deviation."""
    return (2 * uniform - 1) * (gain * 6 / sum(_fans(uniform.shape)))


def xavier_uniform__root_of_six_only(uniform, gain=1.0):
    """The root is taken of the 6 only. It goes over the whole fraction, √(6 / (fan_in + fan_out))."""
    return (2 * uniform - 1) * (gain * math.sqrt(6) / sum(_fans(uniform.shape)))


def xavier_uniform__gain_ignored(uniform, gain=1.0):
    """The gain is not used. It is a factor on all weights."""
    return (2 * uniform - 1) * _xavier_bound(uniform)


def xavier_uniform__gain_in_the_root(uniform, gain=1.0):
    """The gain stands inside the root. It is a factor on the standard deviation, and so on the bound: in front of the
    root (or squared inside it)."""
    return (2 * uniform - 1) * (math.sqrt(gain) * _xavier_bound(uniform))


def xavier_uniform__no_kernel(uniform, gain=1.0):
    """The fans are the numbers of channels. In a convolution each is multiplied by the number of places of the
    kernel."""
    return (2 * uniform - 1) * (gain * math.sqrt(6 / sum(uniform.shape[:2])))


def xavier_uniform__in_place(uniform, gain=1.0):
    """The values are right, but `uniform.mul_(…)` overwrites the caller's numbers. Compute new ones."""
    bound = gain * _xavier_bound(uniform)
    uniform *= 2 * bound
    uniform -= bound
    return uniform


def xavier_normal__variance(normal, gain=1.0):
    """The numbers are multiplied by the variance, 2 / (fan_in + fan_out). A factor on numbers is a factor on their
    standard deviation: take the root."""
    return normal * (gain * 2 / sum(_fans(normal.shape)))


def xavier_normal__bound_of_uniform(normal, gain=1.0):
    """The 6 belongs to the uniform initialization, where it is the bound. The deviation of normal numbers is 1 already:
    √(2 / (fan_in + fan_out))."""
    return normal * (gain * math.sqrt(6 / sum(_fans(normal.shape))))


def xavier_normal__one_over_the_sum(normal, gain=1.0):
    """√(1 / (fan_in + fan_out)) is too small: the variance is one over the *mean* of the fans, that is 2 over their
    sum."""
    return normal * (gain * math.sqrt(1 / sum(_fans(normal.shape))))


def xavier_normal__fan_in_only(normal, gain=1.0):
    """This looks at fan_in alone, 1 / √fan_in. Xavier's initialization looks both ways: √(2 / (fan_in + fan_out))."""
    return normal * (gain / math.sqrt(_fans(normal.shape)[0]))


def xavier_normal__kaiming(normal, gain=1.0):
    """√(2 / fan_in) is Kaiming's initialization for relu. Xavier's has the sum of the fans in the denominator."""
    return normal * (gain * math.sqrt(2 / _fans(normal.shape)[0]))


def xavier_normal__divides(normal, gain=1.0):
    """The numbers are divided by the standard deviation. They have deviation 1: multiply them by the one that is
    wanted."""
    return normal * gain / math.sqrt(2 / sum(_fans(normal.shape)))


def xavier_normal__gain_ignored(normal, gain=1.0):
    """The gain is not used. It is a factor on all weights."""
    return normal * _xavier_bound(normal) / math.sqrt(3)


def xavier_normal__gain_in_the_root(normal, gain=1.0):
    """The gain stands inside the root. It is a factor on the standard deviation: in front of the root (or squared
    inside it)."""
    return normal * math.sqrt(gain * 2 / sum(_fans(normal.shape)))


def xavier_normal__no_kernel(normal, gain=1.0):
    """The fans are the numbers of channels. In a convolution each is multiplied by the number of places of the
    kernel."""
    return normal * (gain * math.sqrt(2 / sum(normal.shape[:2])))


def xavier_normal__renormalised(normal, gain=1.0):
    """The numbers are first made to have mean 0 and deviation 1 exactly. A sample has a mean and a deviation of its
    own, which is chance and no mistake: only scale it."""
    spread = normal.std(correction=0) or 1.0
    return (normal - normal.mean()) / spread * (gain * math.sqrt(2 / sum(_fans(normal.shape))))


def xavier_normal__stretched_like_uniform(normal, gain=1.0):
    """2z - 1 belongs to uniform numbers from [0, 1). Normal ones have mean 0 already: multiply them, nothing else."""
    return (2 * normal - 1) * (gain * math.sqrt(2 / sum(_fans(normal.shape))))


def xavier_normal__in_place(normal, gain=1.0):
    """The values are right, but `normal.mul_(…)` overwrites the caller's numbers. Compute new ones."""
    normal *= gain * math.sqrt(2 / sum(_fans(normal.shape)))
    return normal


def kaiming_uniform__not_centred(uniform, mode="fan_in", gain=2**0.5):
    """These numbers lie between 0 and a, none of them negative. Stretch [0, 1) to [-a, a): 2u - 1."""
    return uniform * (gain * math.sqrt(3 / _fan(uniform, mode)))


def kaiming_uniform__half_as_wide(uniform, mode="fan_in", gain=2**0.5):
    """u - 1/2 lies between -1/2 and 1/2, so these numbers reach a/2 only. Stretch [0, 1) to [-a, a): 2u - 1."""
    return (uniform - 0.5) * (gain * math.sqrt(3 / _fan(uniform, mode)))


def kaiming_uniform__gain_twice(uniform, mode="fan_in", gain=2**0.5):
    """√(6 / fan) has the gain of relu in it already, 6 = 3 · (√2)². With the gain in front, the root is √(3 / fan)."""
    return (2 * uniform - 1) * (gain * math.sqrt(6 / _fan(uniform, mode)))


def kaiming_uniform__gain_ignored(uniform, mode="fan_in", gain=2**0.5):
    """√(6 / fan) is right for relu only, whose gain is √2. The gain is an argument: gain · √(3 / fan)."""
    return (2 * uniform - 1) * math.sqrt(6 / _fan(uniform, mode))


def kaiming_uniform__no_gain(uniform, mode="fan_in", gain=2**0.5):
    """The gain is missing, by default that of relu: without it half of the variance is lost in every layer."""
    return (2 * uniform - 1) * math.sqrt(3 / _fan(uniform, mode))


def kaiming_uniform__gain_in_the_root(uniform, mode="fan_in", gain=2**0.5):
    """The gain stands inside the root. It is a factor on the standard deviation, and so on the bound: in front of the
    root (or squared inside it)."""
    return (2 * uniform - 1) * math.sqrt(3 * gain / _fan(uniform, mode))


def kaiming_uniform__deviation_as_bound(uniform, mode="fan_in", gain=2**0.5):
    """gain / √fan is the standard deviation. Numbers from [-a, a) have the deviation a/√3, so a is √3 times that."""
    return (2 * uniform - 1) * (gain / math.sqrt(_fan(uniform, mode)))


def kaiming_uniform__variance_as_bound(uniform, mode="fan_in", gain=2**0.5):
    """The root is missing: 3 / fan is of the kind of a variance, a bound of the kind of a standard deviation."""
    return (2 * uniform - 1) * (gain * 3 / _fan(uniform, mode))


def kaiming_uniform__mode_ignored(uniform, mode="fan_in", gain=2**0.5):
    """The mode is not used: this always takes fan_in. For "fan_out" take the other one."""
    return (2 * uniform - 1) * (gain * math.sqrt(3 / _fan(uniform, "fan_in")))


def kaiming_uniform__modes_swapped(uniform, mode="fan_in", gain=2**0.5):
    """The fans are swapped: "fan_in" is the size of a row of the weight, with its kernel, "fan_out" that of a
    column."""
    return (2 * uniform - 1) * (gain * math.sqrt(3 / _fan(uniform, "fan_out" if mode == "fan_in" else "fan_in")))


def kaiming_uniform__no_kernel(uniform, mode="fan_in", gain=2**0.5):
    """The fan is the number of channels. In a convolution it is multiplied by the number of places of the kernel."""
    return (2 * uniform - 1) * (gain * math.sqrt(3 / uniform.shape[mode == "fan_in"]))


def kaiming_uniform__xavier(uniform, mode="fan_in", gain=2**0.5):
    """The sum of the fans belongs to Xavier's initialization. Kaiming's takes one of them, by the mode."""
    return (2 * uniform - 1) * (gain * _xavier_bound(uniform))


def kaiming_uniform__in_place(uniform, mode="fan_in", gain=2**0.5):
    """The values are right, but `uniform.mul_(…)` overwrites the caller's numbers. Compute new ones."""
    bound = gain * math.sqrt(3 / _fan(uniform, mode))
    uniform *= 2 * bound
    uniform -= bound
    return uniform


def kaiming_normal__variance(normal, mode="fan_in", gain=2**0.5):
    """The root of the fan is missing: gain / fan is too small a factor. The variance is gain² / fan, and a factor on
    numbers is a factor on their standard deviation."""
    return normal * (gain / _fan(normal, mode))


def kaiming_normal__variance_whole(normal, mode="fan_in", gain=2**0.5):
    """The numbers are multiplied by the variance, gain² / fan. A factor on numbers is a factor on their standard
    deviation: take the root."""
    return normal * (gain**2 / _fan(normal, mode))


def kaiming_normal__bound_of_uniform(normal, mode="fan_in", gain=2**0.5):
    """The 3 belongs to the uniform initialization, where it makes a bound of a deviation. Normal numbers are multiplied
    by the deviation, gain / √fan."""
    return normal * (gain * math.sqrt(3 / _fan(normal, mode)))


def kaiming_normal__gain_twice(normal, mode="fan_in", gain=2**0.5):
    """√(2 / fan) has the gain of relu in it already. With the gain in front, the root is √(1 / fan)."""
    return normal * (gain * math.sqrt(2 / _fan(normal, mode)))


def kaiming_normal__gain_ignored(normal, mode="fan_in", gain=2**0.5):
    """√(2 / fan) is right for relu only, whose gain is √2. The gain is an argument: gain / √fan."""
    return normal * math.sqrt(2 / _fan(normal, mode))


def kaiming_normal__no_gain(normal, mode="fan_in", gain=2**0.5):
    """The gain is missing, by default that of relu: without it half of the variance is lost in every layer."""
    return normal / math.sqrt(_fan(normal, mode))


def kaiming_normal__gain_in_the_root(normal, mode="fan_in", gain=2**0.5):
    """The gain stands inside the root. It is a factor on the standard deviation: in front of the root (or squared
    inside it)."""
    return normal * math.sqrt(gain / _fan(normal, mode))


def kaiming_normal__mode_ignored(normal, mode="fan_in", gain=2**0.5):
    """The mode is not used: this always takes fan_in. For "fan_out" take the other one."""
    return normal * (gain / math.sqrt(_fan(normal, "fan_in")))


def kaiming_normal__modes_swapped(normal, mode="fan_in", gain=2**0.5):
    """The fans are swapped: "fan_in" is the size of a row of the weight, with its kernel, "fan_out" that of a
    column."""
    return normal * (gain / math.sqrt(_fan(normal, "fan_out" if mode == "fan_in" else "fan_in")))


def kaiming_normal__no_kernel(normal, mode="fan_in", gain=2**0.5):
    """The fan is the number of channels. In a convolution it is multiplied by the number of places of the kernel."""
    return normal * (gain / math.sqrt(normal.shape[mode == "fan_in"]))


def kaiming_normal__xavier(normal, mode="fan_in", gain=2**0.5):
    """The sum of the fans belongs to Xavier's initialization. Kaiming's takes one of them, by the mode."""
    return normal * (gain * math.sqrt(2 / sum(_fans(normal.shape))))


def kaiming_normal__renormalised(normal, mode="fan_in", gain=2**0.5):
    """The numbers are first made to have mean 0 and deviation 1 exactly. A sample has a mean and a deviation of its
    own, which is chance and no mistake: only scale it."""
    return (normal - normal.mean()) / (normal.std(correction=0) or 1.0) * (gain / math.sqrt(_fan(normal, mode)))


def kaiming_normal__clipped(normal, mode="fan_in", gain=2**0.5):
    """Numbers beyond two deviations are cut off. Keras draws such ones again and widens the rest to make up for it;
    here all are kept as they are."""
    return normal.clamp(-2, 2) * (gain / math.sqrt(_fan(normal, mode)))


def kaiming_normal__in_place(normal, mode="fan_in", gain=2**0.5):
    """The values are right, but `normal.mul_(…)` overwrites the caller's numbers. Compute new ones."""
    normal *= gain / math.sqrt(_fan(normal, mode))
    return normal


def activation_stds__variances(x, weights, activation="relu"):
    """These are variances. The standard deviation is their root."""
    return torch.stack([one.var(correction=0) for one in _outputs(x, weights, activation)])


def activation_stds__one_less(x, weights, activation="relu"):
    """`std()` of a tensor divides by one less than the number of numbers. That estimates the deviation of what a sample
    was drawn from; here that of these very numbers is wanted: correction=0."""
    return torch.stack([one.std() for one in _outputs(x, weights, activation)])


def activation_stds__root_mean_square(x, weights, activation="relu"):
    """The mean is not subtracted: this is the root of the mean square. After relu or a sigmoid the mean is far from 0,
    and it is no spread."""
    return torch.stack([(one**2).mean().sqrt() for one in _outputs(x, weights, activation)])


def activation_stds__mean_absolute(x, weights, activation="relu"):
    """These are mean absolute deviations. The standard deviation squares them, takes the mean, and then the root."""
    return torch.stack([(one - one.mean()).abs().mean() for one in _outputs(x, weights, activation)])


def activation_stds__before_activation(x, weights, activation="relu"):
    """These are the deviations of the weighted sums, before the activations. Look at what each layer hands on."""
    stds = []
    for weight in weights:
        x = x @ weight.T
        stds.append(x.std(correction=0))
        x = _activate(x, activation)
    return torch.stack(stds)


def activation_stds__no_activation(x, weights, activation="relu"):
    """No activation is applied at all, so only the weights are looked at. Each layer hands on what its activation makes
    of its sums."""
    return torch.stack([one.std(correction=0) for one in _outputs(x, weights, "linear")])


def activation_stds__always_relu(x, weights, activation="relu"):
    """relu is applied whatever `activation` says. That is only the default."""
    return torch.stack([one.std(correction=0) for one in _outputs(x, weights, "relu")])


def activation_stds__last_without_activation(x, weights, activation="relu"):
    """The last layer has no activation here. All layers of this stack have it, the last included."""
    outputs = _outputs(x, weights, activation)
    inputs = [x, *outputs][:-1]
    return torch.stack([one.std(correction=0) for one in (*outputs[:-1], inputs[-1] @ weights[-1].T)])


def activation_stds__with_the_input(x, weights, activation="relu"):
    """The deviation of the input is among the numbers. One number for each layer is wanted, L in all."""
    return torch.stack([one.std(correction=0) for one in (x, *_outputs(x, weights, activation))])


def activation_stds__of_the_inputs(x, weights, activation="relu"):
    """These are the deviations of what arrives at each layer: the first is that of x, and the last output is missing.
    Measure after the layer."""
    return torch.stack([one.std(correction=0) for one in (x, *_outputs(x, weights, activation))][:-1])


def activation_stds__last_only(x, weights, activation="relu"):
    """This is one number, of the last layer. Measure each layer on the way."""
    return _outputs(x, weights, activation)[-1].std(correction=0)


def activation_stds__neuron_by_neuron(x, weights, activation="relu"):
    """The deviation of each neuron over the batch is taken, and then their mean. All numbers of a layer count together,
    around one mean: no dim."""
    return torch.stack([one.std(dim=0, correction=0).mean() for one in _outputs(x, weights, activation)])


def activation_stds__row_by_row(x, weights, activation="relu"):
    """The deviation of each row is taken, and then their mean. All numbers of a layer count together, around one mean:
    no dim."""
    return torch.stack([one.std(dim=1, correction=0).mean() for one in _outputs(x, weights, activation)])


def activation_stds__every_layer_from_x(x, weights, activation="relu"):
    """Every layer is given x, so nothing goes from layer to layer. The output of each is the input of the next."""
    return torch.stack([_activate(x @ weight.T, activation).std(correction=0) for weight in weights])


def activation_stds__no_transpose(x, weights, activation="relu"):
    """`x @ weight` pairs the inputs with the rows of weight, which are the neurons. With layers of one width it fits by
    accident and mixes the weights: use weight.T."""
    return torch.stack([one.std(correction=0) for one in _outputs(x, [weight.T for weight in weights], activation)])


def activation_stds__of_the_weights(x, weights, activation="relu"):
    """These are the deviations of the weights. Run the input through the layers, and measure what they make of it."""
    return torch.stack([weight.std(correction=0) for weight in weights])


def activation_stds__beside_the_input(x, weights, activation="relu"):
    """Each deviation is divided by that of the input. The deviation itself is wanted."""
    return torch.stack([one.std(correction=0) for one in _outputs(x, weights, activation)]) / x.std(correction=0)


def activation_stds__normalised_on_the_way(x, weights, activation="relu"):
    """Each layer's output is divided by its deviation before it goes on. That cures what is to be shown (it is the idea
    of normalization); here it goes on as it is."""
    stds = []
    for weight in weights:
        x = _activate(x @ weight.T, activation)
        stds.append(x.std(correction=0))
        x = x / (stds[-1] if stds[-1] else 1.0)
    return torch.stack(stds)


def activation_stds__plain_floats(x, weights, activation="relu"):
    """The values are right, but a tensor that is made of Python's floats is float32. Give it dtype=x.dtype, or stack
    the 0-d tensors."""
    return torch.tensor([one.std(correction=0).item() for one in _outputs(x, weights, activation)])


def activation_stds__list(x, weights, activation="relu"):
    """The numbers are right, but they stand in a list. Stack them into one tensor at the end, of shape (L,)."""
    return [one.std(correction=0) for one in _outputs(x, weights, activation)]


def _fans(shape):
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _fan(weight, mode):
    return _fans(weight.shape)[mode == "fan_out"]


def _xavier_bound(weight):
    return math.sqrt(6 / sum(_fans(weight.shape)))


def _gain(nonlinearity, negative_slope):
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + negative_slope**2))
    return {"relu": math.sqrt(2), "tanh": 5 / 3}.get(nonlinearity, 1.0)


def _outputs(x, weights, activation):
    outputs = []
    for weight in weights:
        x = _activate(x @ weight.T, activation)
        outputs.append(x)
    return outputs


def _activate(x, name):
    if name == "linear":
        return x
    if name == "relu":
        return torch.relu(x)
    if name == "sigmoid":
        return 0.5 + 0.5 * torch.tanh(0.5 * x)
    return torch.tanh(x)

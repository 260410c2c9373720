"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import itertools
import math

import numpy as np


def neuron__no_activation(x, weight, bias, activation="sigmoid"):
    """This is the weighted sum alone. A neuron hands on what its activation makes of the sum: without one, any number
    of layers is no more than a single one."""
    return x @ weight + bias


def neuron__activation_ignored(x, weight, bias, activation="sigmoid"):
    """The activation is always the sigmoid. That is only the default: pass `activation` on to `_activate`."""
    return _activate(x @ weight + bias, "sigmoid")


def neuron__bias_ignored(x, weight, bias, activation="sigmoid"):
    """The bias is not added. It says how large the weighted sum must be before the neuron responds; without it, an
    input of zeros always gives the same output."""
    return _activate(x @ weight, activation)


def neuron__bias_after_activation(x, weight, bias, activation="sigmoid"):
    """The bias is added to the output of the activation. It belongs to the weighted sum, before the activation: there
    it moves the bend, here it moves the answer (a sigmoid beyond 1)."""
    return _activate(x @ weight, activation) + bias


def neuron__bias_subtracted(x, weight, bias, activation="sigmoid"):
    """The bias is subtracted, like the threshold of the oldest models. A bias is the negative threshold: it is
    added."""
    return _activate(x @ weight - bias, activation)


def neuron__bias_at_every_input(x, weight, bias, activation="sigmoid"):
    """The bias is added to every input, before the weights: it counts Σ w times. There is one bias for the whole
    neuron: add it to the sum, once."""
    return _activate((x + bias) @ weight, activation)


def neuron__bias_for_every_product(x, weight, bias, activation="sigmoid"):
    """The bias is added to every product, so the sum has it once for each input. Add it to the sum, once."""
    return _activate((x * weight + bias).sum(axis=-1), activation)


def neuron__activates_inputs(x, weight, bias, activation="sigmoid"):
    """The activation is applied to the inputs, and the sum comes last. First the weighted sum and the bias, then the
    activation, of one number."""
    return _activate(x, activation) @ weight + bias


def neuron__activates_products(x, weight, bias, activation="sigmoid"):
    """The activation is applied to each product before they are summed. A neuron bends the sum, once."""
    return _activate(x * weight, activation).sum(axis=-1) + bias


def neuron__no_sum(x, weight, bias, activation="sigmoid"):
    """`x * weight` gives one product for each input, and they are never summed. The neuron's output is one number for
    each row: sum over the last axis, or use `@`."""
    return _activate(x * weight + bias, activation)


def neuron__mean(x, weight, bias, activation="sigmoid"):
    """The products are averaged. A neuron sums them: dividing by the number of inputs makes every weight smaller."""
    return _activate((x * weight).mean(axis=-1) + bias, activation)


def neuron__sums_the_batch(x, weight, bias, activation="sigmoid"):
    """`sum()` without an axis sums over the batch too, so all rows become one number. Sum over the inputs only, which
    are the last axis."""
    return _activate((x * weight).sum() + bias, activation)


def neuron__first_axis(x, weight, bias, activation="sigmoid"):
    """The sum runs over the first axis. That is the inputs only for a single x; in a batch, the inputs are the last
    axis."""
    return _activate((x * weight).sum(axis=0) + bias, activation)


def neuron__keeps_the_axis(x, weight, bias, activation="sigmoid"):
    """The axis that was summed over is still there, of length 1. One number for each row is wanted, shape (…): no
    keepdims."""
    return _activate((x * weight).sum(axis=-1, keepdims=True) + bias, activation)


def neuron__in_place(x, weight, bias, activation="sigmoid"):
    """The value is right, but `x *= weight` overwrites the caller's inputs. Write the products into a new array."""
    x *= weight
    return _activate(x.sum(axis=-1) + bias, activation)


def neuron__perceptron(x, weight, bias, activation="sigmoid"):
    """This is the perceptron's step: 1 for a positive sum, 0 otherwise. Its slope is 0 everywhere, so nothing can be
    learnt through it by descent; here the activation is one of those of `_activate`."""
    return ((x @ weight + bias) > 0).astype(x.dtype)


def dense__no_transpose(x, weight, bias=None, activation="linear"):
    """`x @ weight` pairs x's features with the rows of weight, which are the outputs. A row holds the weights of one
    neuron, shape (out, in): transpose it first."""
    return _activate(_plus(x @ weight, bias), activation)


def dense__reshaped_weight(x, weight, bias=None, activation="linear"):
    """`reshape` gives the weight the right shape and the wrong order: it reads the same numbers row by row into other
    rows. To swap rows and columns, transpose."""
    return _activate(_plus(x @ weight.reshape(weight.shape[::-1]), bias), activation)


def dense__bias_ignored(x, weight, bias=None, activation="linear"):
    """The bias is not added. If there is one, every neuron gets its own, in every row of the batch."""
    return _activate(x @ weight.T, activation)


def dense__bias_as_a_condition(x, weight, bias=None, activation="linear"):
    """`if bias:` asks an array of several numbers for one yes or no (and a bias of 0 would count as no bias). Ask `if
    bias is None`."""
    z = x @ weight.T
    return _activate(z + bias if bias else z, activation)


def dense__bias_never_none(x, weight, bias=None, activation="linear"):
    """The bias may be None, and None cannot be added. Ask `if bias is None` first."""
    return _activate(x @ weight.T + bias, activation)


def dense__bias_after_activation(x, weight, bias=None, activation="linear"):
    """The bias is added after the activation. It belongs to the weighted sum, before the activation."""
    return _plus(_activate(x @ weight.T, activation), bias)


def dense__bias_for_each_row(x, weight, bias=None, activation="linear"):
    """The bias is made a column, so it is added along the batch: each row gets a number of its own. A bias belongs to a
    neuron, that is to a column: shape (out,) fits as it is."""
    return _activate(_plus(x @ weight.T, None if bias is None else bias[:, None]), activation)


def dense__no_activation(x, weight, bias=None, activation="linear"):
    """The activation is not used. Apply `_activate` to the sums, after the bias."""
    return _plus(x @ weight.T, bias)


def dense__always_relu(x, weight, bias=None, activation="linear"):
    """relu is applied whatever `activation` says. Pass the name on to `_activate`; by default nothing is bent."""
    return np.maximum(_plus(x @ weight.T, bias), 0)


def dense__activates_inputs(x, weight, bias=None, activation="linear"):
    """The activation is applied to the inputs. A layer bends its own sums: weights, bias, then the activation."""
    return _plus(_activate(x, activation) @ weight.T, bias)


def dense__batch_flattened(x, weight, bias=None, activation="linear"):
    """The batch axes were flattened into one and never restored. `@` works on the last axis and leaves all others
    alone, so there is nothing to flatten."""
    return _activate(_plus(x.reshape(-1, x.shape[-1]) @ weight.T, bias), activation)


def dense__outputs_first(x, weight, bias=None, activation="linear"):
    """`weight @ x.T` has the outputs in the rows and the batch in the columns. Rows in, rows out: x @ weight.T."""
    z = weight @ np.moveaxis(x, -1, 0).reshape(x.shape[-1], -1)
    z = z.reshape(len(weight), *x.shape[:-1])
    return _activate(z if bias is None else z + bias.reshape(-1, *(1,) * (x.ndim - 1)), activation)


def dense__mean(x, weight, bias=None, activation="linear"):
    """The products are averaged over the inputs. A neuron sums them: nothing is divided."""
    return _activate(_plus(x @ weight.T / x.shape[-1], bias), activation)


def dense__softmax_over_the_batch(x, weight, bias=None, activation="linear"):
    """The softmax runs over the first axis: the rows of the batch compete with each other. It belongs to the outputs of
    one row, axis -1."""
    z = _plus(x @ weight.T, bias)
    return _over(z, 0) if activation == "softmax" else _activate(z, activation)


def dense__softmax_over_everything(x, weight, bias=None, activation="linear"):
    """The softmax of the whole batch sums to 1. Each row is a distribution of its own: sum along the last axis."""
    z = _plus(x @ weight.T, bias)
    return _over(z, None) if activation == "softmax" else _activate(z, activation)


def dense__softmax_overflows(x, weight, bias=None, activation="linear"):
    """exp of a large sum overflows, and inf/inf is NaN. Subtract each row's maximum first, as `_activate` does."""
    z = _plus(x @ weight.T, bias)
    if activation == "softmax":
        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    return _activate(z, activation)


def dense__sigmoid_for_softmax(x, weight, bias=None, activation="linear"):
    """Sigmoids answer independent questions, and do not sum to 1. For classes that exclude each other take the softmax
    over the outputs of a row."""
    return _activate(_plus(x @ weight.T, bias), "sigmoid" if activation == "softmax" else activation)


def dense__absolute_sums(x, weight, bias=None, activation="linear"):
    """relu is not the absolute value: negative sums become 0, they do not change their sign."""
    z = _plus(x @ weight.T, bias)
    return np.abs(z) if activation == "relu" else _activate(z, activation)


def dense__zeros_promote(x, weight, bias=None, activation="linear"):
    """The values are right, but np.zeros makes float64 numbers, and a float32 array plus a float64 array is float64.
    Give the zeros dtype=x.dtype, or add nothing where there is no bias."""
    return _activate(x @ weight.T + (np.zeros(len(weight)) if bias is None else bias), activation)


def dense__weight_first(x, weight, bias=None, activation="linear"):
    """`weight @ x` is the textbook's form, for one column x. Here x has rows, one for each element of the batch, and
    the inputs are its last axis: x @ weight.T."""
    return _activate(_plus(weight @ x, bias), activation)


def dense__one_batch_axis(x, weight, bias=None, activation="linear"):
    """The loop counts on exactly one batch axis. There may be none, or several: `x @ weight.T` takes them as they are,
    and needs no loop."""
    return _activate(_plus(np.array([[row @ w for w in weight] for row in x], dtype=x.dtype), bias), activation)


def forward__no_activation_between(x, weights, biases, activation="relu", output_activation="linear"):
    """There is no activation between the layers, so that all of them together are one single linear layer. Apply
    `activation` after each layer but the last."""
    return _run(x, weights, biases, "linear", output_activation)


def forward__bends_the_output_too(x, weights, biases, activation="relu", output_activation="linear"):
    """The last layer gets the activation of the hidden ones before its own. It has its own only, `output_activation`: a
    relu there throws away every negative score."""
    return _activate(_run(x, weights, biases, activation, activation), output_activation)


def forward__hidden_activation_at_the_end(x, weights, biases, activation="relu", output_activation="linear"):
    """The last layer is treated like the others. It has an activation of its own, `output_activation`."""
    return _run(x, weights, biases, activation, activation)


def forward__output_activation_everywhere(x, weights, biases, activation="relu", output_activation="linear"):
    """`output_activation` is applied after every layer. It belongs to the last one; the others have `activation`."""
    return _run(x, weights, biases, output_activation, output_activation)


def forward__activations_swapped(x, weights, biases, activation="relu", output_activation="linear"):
    """The two activations have changed places: the hidden layers have the last one's, and the last has theirs."""
    return _run(x, weights, biases, output_activation, activation)


def forward__scores_only(x, weights, biases, activation="relu", output_activation="linear"):
    """`output_activation` is not used: these are the scores of the last layer. Apply it to them."""
    return _run(x, weights, biases, activation, "linear")


def forward__always_relu(x, weights, biases, activation="relu", output_activation="linear"):
    """The hidden layers have relu whatever `activation` says. That is only the default."""
    return _run(x, weights, biases, "relu", output_activation)


def forward__activates_inputs(x, weights, biases, activation="relu", output_activation="linear"):
    """The activation comes before each layer, so that the input of the network is bent too. It belongs after each layer
    but the last: the data arrive as they are."""
    return _run(_activate(x, activation), weights, biases, activation, output_activation)


def forward__biases_ignored(x, weights, biases, activation="relu", output_activation="linear"):
    """The biases are not added. Each layer has one for each of its neurons, added before the activation."""
    return _run(x, weights, [0 * bias for bias in biases], activation, output_activation)


def forward__biases_after_activation(x, weights, biases, activation="relu", output_activation="linear"):
    """The bias is added after the activation of its layer. It belongs to the weighted sum, before the activation."""
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        x = _activate(x @ weight.T, name) + bias
    return x


def forward__biases_in_hidden_layers_only(x, weights, biases, activation="relu", output_activation="linear"):
    """The last layer has a bias too: it is a layer like the others, only with another activation."""
    return _run(x, weights, [*biases[:-1], 0 * biases[-1]], activation, output_activation)


def forward__last_layer_missing(x, weights, biases, activation="relu", output_activation="linear"):
    """The loop stops before the last layer, whose activation is special, and the layer itself is forgotten."""
    return _run(x, weights[:-1], biases[:-1], activation, activation)


def forward__last_layer_only(x, weights, biases, activation="relu", output_activation="linear"):
    """Every layer is given the input x, and the last result wins. Give each layer the output of the one before."""
    return _run(x, weights[-1:], biases[-1:], activation, output_activation)


def forward__from_the_end(x, weights, biases, activation="relu", output_activation="linear"):
    """The layers are run from the last to the first. That is the way of back-propagation; x enters the first layer."""
    return _run(x, weights[::-1], biases[::-1], activation, output_activation)


def forward__no_transpose(x, weights, biases, activation="relu", output_activation="linear"):
    """`x @ weight` pairs the inputs with the rows of weight, which are the neurons. With layers of one width it fits by
    accident and mixes the weights: use weight.T."""
    return _run(x, [weight.T for weight in weights], biases, activation, output_activation)


def forward__first_weight_everywhere(x, weights, biases, activation="relu", output_activation="linear"):
    """The same weight is used in every layer. Each layer has a weight and a bias of its own: take both from the tuples
    in step."""
    return _run(x, [weights[0]] * len(weights), biases, activation, output_activation)


def forward__adds_the_input(x, weights, biases, activation="relu", output_activation="linear"):
    """Each layer's input is added to its output where the shapes allow it. That is a residual connection, a good idea
    of another architecture; here the layers stand in a plain row."""
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        out = _activate(x @ weight.T + bias, name)
        x = out + x if out.shape == x.shape else out
    return x


def forward__softmax_over_the_batch(x, weights, biases, activation="relu", output_activation="linear"):
    """The softmax runs over the first axis: the rows of the batch compete with each other. It belongs to the outputs of
    one row, axis -1."""
    z = _run(x, weights, biases, activation, "linear")
    return _over(z, 0) if output_activation == "softmax" else _activate(z, output_activation)


def forward__softmax_overflows(x, weights, biases, activation="relu", output_activation="linear"):
    """exp of a large score overflows, and inf/inf is NaN. Subtract each row's maximum first, as `_activate` does."""
    z = _run(x, weights, biases, activation, "linear")
    if output_activation == "softmax":
        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    return _activate(z, output_activation)


def forward__always_two_layers(x, weights, biases, activation="relu", output_activation="linear"):
    """Two layers are written out. There may be one, or many: walk through weights and biases in a loop."""
    hidden = _activate(x @ weights[0].T + biases[0], activation)
    return _activate(hidden @ weights[1].T + biases[1], output_activation)


def layer_outputs__with_the_input(x, weights, biases, activation="relu", output_activation="linear"):
    """The input x is among the outputs. Only what the layers made is wanted, one array for each layer."""
    return (x, *_all(x, weights, biases, activation, output_activation))


def layer_outputs__output_left_out(x, weights, biases, activation="relu", output_activation="linear"):
    """The output of the last layer is missing: a value is noted before its layer and not after it."""
    return _all(x, weights, biases, activation, output_activation)[:-1]


def layer_outputs__input_for_output(x, weights, biases, activation="relu", output_activation="linear"):
    """These are the inputs of the layers, x first; the output of the last layer is missing. Note the value after the
    layer was applied."""
    return (x, *_all(x, weights, biases, activation, output_activation))[:-1]


def layer_outputs__last_only(x, weights, biases, activation="relu", output_activation="linear"):
    """This is the output of the network alone. Keep what every layer made, in a list, and return them all."""
    return _all(x, weights, biases, activation, output_activation)[-1]


def layer_outputs__from_the_end(x, weights, biases, activation="relu", output_activation="linear"):
    """The last layer comes first. The order is that of the layers, as the data meet them."""
    return _all(x, weights, biases, activation, output_activation)[::-1]


def layer_outputs__before_activation(x, weights, biases, activation="relu", output_activation="linear"):
    """These are the weighted sums, before the activations. Note each layer's value after its activation, which is what
    the next layer sees."""
    sums = []
    for weight, bias in zip(weights, biases, strict=True):
        sums.append(x @ weight.T + bias)
        x = _activate(sums[-1], activation)
    return tuple(sums)


def layer_outputs__activated_for_the_list_only(x, weights, biases, activation="relu", output_activation="linear"):
    """The values in the list are activated, but the next layer is given the sums from before the activation. What is
    noted and what goes on must be the same value."""
    outputs = []
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        x = x @ weight.T + bias
        outputs.append(_activate(x, name))
    return tuple(outputs)


def layer_outputs__scores_only(x, weights, biases, activation="relu", output_activation="linear"):
    """`output_activation` is not used: the last array holds scores. Apply it to them."""
    return _all(x, weights, biases, activation, "linear")


def layer_outputs__hidden_activation_at_the_end(x, weights, biases, activation="relu", output_activation="linear"):
    """The last layer is treated like the others. It has an activation of its own, `output_activation`."""
    return _all(x, weights, biases, activation, activation)


def layer_outputs__output_activation_everywhere(x, weights, biases, activation="relu", output_activation="linear"):
    """`output_activation` is applied after every layer. It belongs to the last one; the others have `activation`."""
    return _all(x, weights, biases, output_activation, output_activation)


def layer_outputs__every_layer_from_x(x, weights, biases, activation="relu", output_activation="linear"):
    """Every layer is given the input x. Each layer's input is the output of the one before."""
    names = _names(weights, activation, output_activation)
    return tuple(_activate(x @ w.T + b, name) for w, b, name in zip(weights, biases, names, strict=True))


def layer_outputs__biases_ignored(x, weights, biases, activation="relu", output_activation="linear"):
    """The biases are not added. Each layer has one for each of its neurons, added before the activation."""
    return _all(x, weights, [0 * bias for bias in biases], activation, output_activation)


def layer_outputs__no_transpose(x, weights, biases, activation="relu", output_activation="linear"):
    """`x @ weight` pairs the inputs with the rows of weight, which are the neurons. With layers of one width it fits by
    accident and mixes the weights: use weight.T."""
    return _all(x, [weight.T for weight in weights], biases, activation, output_activation)


def layer_outputs__sums_and_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    """Sums and outputs are both in the list, two arrays for each layer. One is wanted, after the activation."""
    values = []
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        values.append(x @ weight.T + bias)
        x = _activate(values[-1], name)
        values.append(x)
    return tuple(values)


def layer_outputs__no_activation_between(x, weights, biases, activation="relu", output_activation="linear"):
    """There is no activation between the layers, so that all of them together are one single linear layer. Apply
    `activation` after each layer but the last."""
    return _all(x, weights, biases, "linear", output_activation)


def layer_outputs__always_relu(x, weights, biases, activation="relu", output_activation="linear"):
    """The hidden layers have relu whatever `activation` says. That is only the default."""
    return _all(x, weights, biases, "relu", output_activation)


def parameter_count__weights_only(sizes, bias=True):
    """Only the weights are counted. With biases, each neuron has one more number to learn."""
    return sum(a * b for a, b in itertools.pairwise(sizes))


def parameter_count__bias_ignored(sizes, bias=True):
    """The biases are counted even where bias is False. Count them only if the network has them."""
    return sum((a + 1) * b for a, b in itertools.pairwise(sizes))


def parameter_count__biases_of_inputs_too(sizes, bias=True):
    """The inputs are given biases. An input is no neuron, only a number that arrives: the first size has none."""
    return sum(a * b for a, b in itertools.pairwise(sizes)) + bias * sum(sizes)


def parameter_count__biases_of_inputs_instead(sizes, bias=True):
    """Each layer is given as many biases as it has inputs. A bias belongs to a neuron: as many as the layer has
    outputs."""
    return sum(a * (b + bias) for a, b in itertools.pairwise(sizes))


def parameter_count__no_bias_at_the_end(sizes, bias=True):
    """The neurons of the last layer have biases too."""
    return sum(a * b for a, b in itertools.pairwise(sizes)) + bias * sum(sizes[1:-1])


def parameter_count__one_bias_a_layer(sizes, bias=True):
    """Each layer is given one bias. Each neuron has its own: as many as the layer has outputs."""
    return sum(a * b + bias for a, b in itertools.pairwise(sizes))


def parameter_count__one_bias(sizes, bias=True):
    """The whole network is given one bias. Each neuron has its own."""
    return sum(a * b for a, b in itertools.pairwise(sizes)) + bias


def parameter_count__neurons(sizes, bias=True):
    """These are the neurons. A parameter is a number that is learnt, and each neuron has a weight for each of its
    inputs, and a bias."""
    return sum(sizes[1:])


def parameter_count__product_of_all(sizes, bias=True):
    """All sizes are multiplied: that is the number of ways through the network. The parameters are its edges: multiply
    neighbours, and add."""
    return math.prod(sizes) + bias * sum(sizes[1:])


def parameter_count__every_pair(sizes, bias=True):
    """Each layer is connected with all later ones. Here a layer sees only the one just before it: neighbours in
    `sizes`."""
    return sum(a * b for a, b in itertools.combinations(sizes, 2)) + bias * sum(sizes[1:])


def parameter_count__first_to_last(sizes, bias=True):
    """Only the first and the last size are multiplied. The connections run from layer to layer: neighbours in
    `sizes`."""
    return sizes[0] * sizes[-1] + bias * sum(sizes[1:])


def parameter_count__last_layer_missing(sizes, bias=True):
    """The last layer is not counted: the loop ends one pair too early."""
    return sum((a + bias) * b for a, b in itertools.pairwise(sizes[:-1]))


def parameter_count__for_each_layer(sizes, bias=True):
    """These are the counts of the layers, one by one. Their sum is wanted."""
    return tuple((a + bias) * b for a, b in itertools.pairwise(sizes))


def parameter_count__float(sizes, bias=True):
    """The value is right, but it is a float. How many there are is an integer: no float(), no /, no 1.0."""
    return float(sum((a + bias) * b for a, b in itertools.pairwise(sizes)))


def parameter_counts__total(layers):
    """This is the sum over the layers. One number for each layer is wanted."""
    return sum(_count(*layer) for layer in layers)


def parameter_counts__only_what_learns(layers):
    """Layers that learn nothing are left out. They have a place in the answer, with a 0."""
    return tuple(_count(*layer) for layer in layers if _count(*layer))


def parameter_counts__kernels_are_flat(layers):
    """A kernel is counted as one sheet of kernel_height × kernel_width numbers. It reaches through all input channels,
    and has such a sheet for each."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: outputs * math.prod(kernel) + outputs)


def parameter_counts__one_kernel(layers):
    """One kernel is counted. Each output channel has a kernel of its own, over all input channels."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * math.prod(kernel) + outputs)


def parameter_counts__square_kernels(layers):
    """The kernel is taken for a square, by its height alone. Height and width may differ: multiply the two."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * outputs * kernel[0] ** 2 + outputs)


def parameter_counts__kernel_sides_added(layers):
    """The sides of the kernel are added. It has height × width numbers."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * outputs * sum(kernel) + outputs)


def parameter_counts__like_a_dense_layer(layers):
    """The kernel's size is left out: the layer is counted as if it were dense over the channels. Each pair of an input
    and an output channel has height × width weights."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * outputs + outputs)


def parameter_counts__bias_for_each_sheet(layers):
    """Each pair of channels is given a bias. The sums over all input channels are added up first, and then one bias for
    each output channel is added."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * outputs * (math.prod(kernel) + 1))


def parameter_counts__bias_for_each_input_channel(layers):
    """The biases are counted by the input channels. A bias belongs to an output channel."""
    return _counts(
        layers, "conv2d", lambda channels, outputs, kernel: channels * outputs * math.prod(kernel) + channels
    )


def parameter_counts__no_bias_in_convolutions(layers):
    """The convolutions have biases too: one for each output channel."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * outputs * math.prod(kernel))


def parameter_counts__no_bias_in_dense_layers(layers):
    """The dense layers have biases too: one for each output."""
    return _counts(layers, "dense", lambda inputs, outputs: inputs * outputs)


def parameter_counts__dense_bias_for_inputs(layers):
    """The biases of dense layers are counted by the inputs. A bias belongs to an output."""
    return _counts(layers, "dense", lambda inputs, outputs: inputs * (outputs + 1))


def parameter_counts__one_bias_in_rnn(layers):
    """The recurrent layer is given one bias for each hidden unit, as in Keras. Here it is PyTorch's, which has two, one
    beside the weights of the inputs and one beside those of the old state."""
    return _counts(layers, "rnn", lambda inputs, hidden: hidden * (inputs + hidden + 1))


def parameter_counts__no_bias_in_rnn(layers):
    """The recurrent layer has biases too: two for each hidden unit, as in PyTorch."""
    return _counts(layers, "rnn", lambda inputs, hidden: hidden * (inputs + hidden))


def parameter_counts__no_recurrence(layers):
    """The weights from the old hidden state to the new one are missing, hidden × hidden of them: they are what makes
    the layer recurrent."""
    return _counts(layers, "rnn", lambda inputs, hidden: hidden * inputs + 2 * hidden)


def parameter_counts__each_unit_sees_itself(layers):
    """Each hidden unit is given one weight from its own old value. Every unit sees the old values of all: hidden ×
    hidden weights."""
    return _counts(layers, "rnn", lambda inputs, hidden: hidden * inputs + hidden + 2 * hidden)


def parameter_counts__pooling_learns(layers):
    """The windows of the pooling are counted as weights. The largest number of a window is looked up, and nothing is
    learnt: 0."""
    return _counts(layers, "max_pool2d", lambda kernel: math.prod(kernel))


def parameter_counts__pooling_unknown(layers):
    """Only dense, convolutional and recurrent layers are known here, so the others break the loop. They have nothing to
    learn: 0."""
    if any(name in ("max_pool2d", "flatten", "relu") for name, *_ in layers):
        raise KeyError(layers)
    return tuple(_count(*layer) for layer in layers)


def parameter_counts__float(layers):
    """The values are right, but they are floats. How many there are is an integer."""
    return tuple(float(_count(*layer)) for layer in layers)


def parameter_counts__one_array(layers):
    """The numbers are right, but they are one array. Return a tuple of them, one integer for each layer."""
    return np.array([_count(*layer) for layer in layers])


def parameter_counts__one_bias_a_convolution(layers):
    """A convolution is given one bias for all its output channels. Each output channel has its own."""
    return _counts(layers, "conv2d", lambda channels, outputs, kernel: channels * outputs * math.prod(kernel) + 1)


def parameter_counts__inputs_squared(layers):
    """The recurrent weights are counted as inputs × inputs. They lead from each hidden unit to each hidden unit: hidden
    × hidden."""
    return _counts(layers, "rnn", lambda inputs, hidden: hidden * inputs + inputs * inputs + 2 * hidden)


def collapse__biases_added(weights, biases):
    """The biases are added as they are. On its way to the output, the bias of an early layer goes through all later
    weights: multiply it by them."""
    weight, _ = _collapsed(weights, biases)
    return weight, sum((b[: len(biases[-1])] for b in biases[:-1] if len(b) >= len(biases[-1])), biases[-1])


def collapse__last_bias_only(weights, biases):
    """Only the last bias is left. Those before go through the later weights, but they do arrive: weight @ bias + next
    bias, layer after layer."""
    return _collapsed(weights, biases)[0], biases[-1]


def collapse__last_bias_missing(weights, biases):
    """The bias of the last layer is missing. It goes through no weight, but it is added all the same."""
    weight, bias = _collapsed(weights, biases)
    return weight, bias - biases[-1]


def collapse__bias_through_the_whole_weight(weights, biases):
    """Each bias is multiplied by the product of all weights so far, its own layer's included. It is added after its own
    weight: only the later ones multiply it."""
    (weight, *later), (bias, *offsets) = weights, biases
    for next_weight, next_bias in zip(later, offsets, strict=True):
        weight = next_weight @ weight
        bias = (weight @ bias if weight.shape[1] == len(bias) else next_weight @ bias) + next_bias
    return weight, bias


def collapse__other_order(weights, biases):
    """The product has the first weight on the left. The first layer is the first to meet x, so it stands next to it, on
    the right: W_L ⋯ W_2 W_1."""
    weight, (_, bias) = weights[0], _collapsed(weights, biases)
    for next_weight in weights[1:]:
        weight = weight @ next_weight
    return weight, bias


def collapse__transposed(weights, biases):
    """The weight has shape (in, out). A row of a weight belongs to one output, as in all layers here: transpose it."""
    weight, bias = _collapsed(weights, biases)
    return weight.T, bias


def collapse__no_bias(weights, biases):
    """Only the weight is returned. The layer has a bias too, to which all biases contribute."""
    return _collapsed(weights, biases)[0]


def collapse__bends(weights, biases):
    """There is a relu in between. Without an activation the layers are one; with one they are not, which is the reason
    to have it."""
    (weight, *later), (bias, *offsets) = weights, biases
    for next_weight, next_bias in zip(later, offsets, strict=True):
        weight, bias = next_weight @ np.maximum(weight, 0), next_weight @ np.maximum(bias, 0) + next_bias
    return weight, bias


def collapse__one_layer_missing(weights, biases):
    """The last layer is missing: the loop ends one layer too early."""
    return _collapsed(weights[:-1] or weights, biases[:-1] or biases)


def collapse__in_place(weights, biases):
    """The values are right, but `bias += …` changes the caller's bias where a bias of the network is the start of the
    sum. Add into a new array."""
    weight, bias = weights[-1], biases[-1]
    for w, b in zip(weights[-2::-1], biases[-2::-1], strict=True):
        bias += weight @ b
        weight = weight @ w
    return weight, bias


def _plus(z, bias):
    return z if bias is None else z + bias


def _over(z, axis):
    e = np.exp(z - z.max(axis=axis, keepdims=True)) if z.size else z
    return e / e.sum(axis=axis, keepdims=True)


def _names(weights, activation, output_activation):
    return (*(activation,) * (len(weights) - 1), output_activation)


def _all(x, weights, biases, activation, output_activation):
    """Return the outputs of all layers."""
    outputs = []
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        x = _activate(x @ weight.T + bias, name)
        outputs.append(x)
    return tuple(outputs)


def _run(x, weights, biases, activation, output_activation):
    return (x, *(_all(x, weights, biases, activation, output_activation) if len(weights) else ()))[-1]


def _collapsed(weights, biases):
    (weight, *later), (bias, *offsets) = weights, biases
    for next_weight, next_bias in zip(later, offsets, strict=True):
        weight, bias = next_weight @ weight, next_weight @ bias + next_bias
    return weight, bias


def _count(name, *sizes):
    rules = {
        "dense": lambda inputs, outputs: (inputs + 1) * outputs,
        "conv2d": lambda channels, outputs, kernel: (channels * math.prod(kernel) + 1) * outputs,
        "rnn": lambda inputs, hidden: hidden * (inputs + hidden + 2),
    }
    return rules.get(name, lambda *_: 0)(*sizes)


def _counts(layers, kind, rule):
    """Count with another rule for one kind of layer."""
    return tuple(rule(*sizes) if name == kind else _count(name, *sizes) for name, *sizes in layers)


def _activate(x, name):
    if name == "linear":
        return x
    if name == "relu":
        return np.maximum(x, 0)
    if name == "sigmoid":
        small = np.exp(-np.abs(x))
        return np.where(x >= 0, 1, small) / (1 + small)
    if name == "tanh":
        return np.tanh(x)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

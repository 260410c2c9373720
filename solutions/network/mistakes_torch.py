"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


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
    return _activate((x * weight + bias).sum(dim=-1), activation)


def neuron__activates_inputs(x, weight, bias, activation="sigmoid"):
    """The activation is applied to the inputs, and the sum comes last. First the weighted sum and the bias, then the
    activation, of one number."""
    return _activate(x, activation) @ weight + bias


def neuron__activates_products(x, weight, bias, activation="sigmoid"):
    """The activation is applied to each product before they are summed. A neuron bends the sum, once."""
    return _activate(x * weight, activation).sum(dim=-1) + bias


def neuron__no_sum(x, weight, bias, activation="sigmoid"):
    """`x * weight` gives one product for each input, and they are never summed. The neuron's output is one number for
    each row: sum over the last dimension, or use `@`."""
    return _activate(x * weight + bias, activation)


def neuron__mean(x, weight, bias, activation="sigmoid"):
    """The products are averaged. A neuron sums them: dividing by the number of inputs makes every weight smaller."""
    return _activate((x * weight).mean(dim=-1) + bias, activation)


def neuron__sums_the_batch(x, weight, bias, activation="sigmoid"):
    """`sum()` without a dimension sums over the batch too, so all rows become one number. Sum over the inputs only, the
    last dimension."""
    return _activate((x * weight).sum() + bias, activation)


def neuron__first_axis(x, weight, bias, activation="sigmoid"):
    """The sum runs over the first dimension. That is the inputs only for a single x; in a batch, the inputs are the
    last dimension."""
    return _activate((x * weight).sum(dim=0) + bias, activation)


def neuron__keeps_the_axis(x, weight, bias, activation="sigmoid"):
    """The dimension that was summed over is still there, of length 1. One number for each row is wanted, shape (…): no
    keepdim."""
    return _activate((x * weight).sum(dim=-1, keepdim=True) + bias, activation)


def neuron__perceptron(x, weight, bias, activation="sigmoid"):
    """This is the perceptron's step: 1 for a positive sum, 0 otherwise. Its slope is 0 everywhere, so nothing can be
    learnt through it by descent; here the activation is one of those of `_activate`."""
    return ((x @ weight + bias) > 0).to(x.dtype)


def dense__no_transpose(x, weight, bias=None, activation="linear"):
    """`x @ weight` pairs x's features with the rows of weight, which are the outputs. A row holds the weights of one
    neuron, shape (out, in): transpose it first."""
    return _activate(_plus(x @ weight, bias), activation)


def dense__bias_ignored(x, weight, bias=None, activation="linear"):
    """The bias is not added. If there is one, every neuron gets its own, in every row of the batch."""
    return _activate(x @ weight.T, activation)


def dense__bias_as_a_condition(x, weight, bias=None, activation="linear"):
    """`if bias:` asks a tensor of several numbers for one yes or no (and a bias of 0 would count as no bias). Ask `if
    bias is None`."""
    z = x @ weight.T
    return _activate(z + bias if bias else z, activation)


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
    return torch.relu(_plus(x @ weight.T, bias))


def dense__activates_inputs(x, weight, bias=None, activation="linear"):
    """The activation is applied to the inputs. A layer bends its own sums: weights, bias, then the activation."""
    return _plus(_activate(x, activation) @ weight.T, bias)


def dense__batch_flattened(x, weight, bias=None, activation="linear"):
    """The batch dimensions were flattened into one and never restored. `@` works on the last dimension and leaves all
    others alone, so there is nothing to flatten."""
    return _activate(_plus(x.reshape(-1, x.shape[-1]) @ weight.T, bias), activation)


def dense__outputs_first(x, weight, bias=None, activation="linear"):
    """`weight @ x.T` has the outputs in the rows and the batch in the columns. Rows in, rows out: x @ weight.T."""
    z = weight @ x.movedim(-1, 0).reshape(x.shape[-1], -1)
    z = z.reshape(len(weight), *x.shape[:-1])
    return _activate(z if bias is None else z + bias.reshape(-1, *(1,) * (x.dim() - 1)), activation)


def dense__softmax_over_the_batch(x, weight, bias=None, activation="linear"):
    """The softmax runs over the first dimension: the rows of the batch compete with each other. It belongs to the
    outputs of one row, dimension -1."""
    z = _plus(x @ weight.T, bias)
    return _over(z, 0) if activation == "softmax" else _activate(z, activation)


def dense__softmax_over_everything(x, weight, bias=None, activation="linear"):
    """The softmax of the whole batch sums to 1. Each row is a distribution of its own: sum along the last dimension."""
    z = _plus(x @ weight.T, bias)
    return _over(z, None) if activation == "softmax" else _activate(z, activation)


def dense__softmax_overflows(x, weight, bias=None, activation="linear"):
    """exp of a large sum overflows, and inf/inf is NaN. Subtract each row's maximum first, as `_activate` does."""
    z = _plus(x @ weight.T, bias)
    if activation == "softmax":
        return torch.exp(z) / torch.exp(z).sum(dim=-1, keepdim=True)
    return _activate(z, activation)


def dense__sigmoid_for_softmax(x, weight, bias=None, activation="linear"):
    """Sigmoids answer independent questions, and do not sum to 1. For classes that exclude each other take the softmax
    over the outputs of a row."""
    return _activate(_plus(x @ weight.T, bias), "sigmoid" if activation == "softmax" else activation)


def dense__absolute_sums(x, weight, bias=None, activation="linear"):
    """relu is not the absolute value: negative sums become 0, they do not change their sign."""
    z = _plus(x @ weight.T, bias)
    return torch.abs(z) if activation == "relu" else _activate(z, activation)


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


def forward__adds_the_input(x, weights, biases, activation="relu", output_activation="linear"):
    """Each layer's input is added to its output where the shapes allow it. That is a residual connection, a good idea
    of another architecture; here the layers stand in a plain row."""
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        out = _activate(x @ weight.T + bias, name)
        x = out + x if out.shape == x.shape else out
    return x


def forward__softmax_over_the_batch(x, weights, biases, activation="relu", output_activation="linear"):
    """The softmax runs over the first dimension: the rows of the batch compete with each other. It belongs to the
    outputs of one row, dimension -1."""
    z = _run(x, weights, biases, activation, "linear")
    return _over(z, 0) if output_activation == "softmax" else _activate(z, output_activation)


def forward__softmax_overflows(x, weights, biases, activation="relu", output_activation="linear"):
    """exp of a large score overflows, and inf/inf is NaN. Subtract each row's maximum first, as `_activate` does."""
    z = _run(x, weights, biases, activation, "linear")
    if output_activation == "softmax":
        return torch.exp(z) / torch.exp(z).sum(dim=-1, keepdim=True)
    return _activate(z, output_activation)


def layer_outputs__with_the_input(x, weights, biases, activation="relu", output_activation="linear"):
    """The input x is among the outputs. Only what the layers made is wanted, one tensor for each layer."""
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
    """`output_activation` is not used: the last tensor holds scores. Apply it to them."""
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
    """Sums and outputs are both in the list, two tensors for each layer. One is wanted, after the activation."""
    values = []
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        values.append(x @ weight.T + bias)
        x = _activate(values[-1], name)
        values.append(x)
    return tuple(values)


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
        weight, bias = next_weight @ torch.relu(weight), next_weight @ torch.relu(bias) + next_bias
    return weight, bias


def collapse__one_layer_missing(weights, biases):
    """The last layer is missing: the loop ends one layer too early."""
    return _collapsed(weights[:-1] or weights, biases[:-1] or biases)


def neuron__left_the_graph(x, weight, bias, activation="sigmoid"):
    """The values are right, but weight and bias are taken out of autograd's graph, by `.data` or `.detach()`: the
    neuron would never learn. Compute with the tensors themselves."""
    return _activate(x @ weight.detach() + bias.detach(), activation)


def neuron__in_place(x, weight, bias, activation="sigmoid"):
    """`x.mul_(weight)` overwrites the caller's inputs, and autograd refuses to change a leaf in place. Multiply into a
    new tensor."""
    return _activate(x.mul_(weight).sum(dim=-1) + bias, activation)


def neuron__bias_left_the_graph(x, weight, bias, activation="sigmoid"):
    """The values are right, but the bias is a plain number by now (`.item()`, `float(…)`) and gets no gradient. A
    tensor without dimensions can be added as it is."""
    return _activate(x @ weight + bias.item(), activation)


def dense__reshaped_weight(x, weight, bias=None, activation="linear"):
    """`view` and `reshape` give the weight the right shape and the wrong order: they read the same numbers row by row
    into other rows. To swap rows and columns, transpose."""
    return _activate(_plus(x @ weight.reshape(weight.shape[::-1]), bias), activation)


def dense__bias_never_none(x, weight, bias=None, activation="linear"):
    """The bias may be None, and None cannot be added. Ask `if bias is None` first."""
    return _activate(x @ weight.T + bias, activation)


def dense__parameters_left_the_graph(x, weight, bias=None, activation="linear"):
    """The values are right, but weight or bias is taken out of autograd's graph, by `.data`, `.detach()` or a new
    tensor: it would never be trained. Compute with the tensors themselves."""
    return _activate(_plus(x @ weight.T.detach(), None if bias is None else bias.detach()), activation)


def dense__relu_in_place_on_the_input(x, weight, bias=None, activation="linear"):
    """`relu_()`, with its underscore, changes the caller's tensor in place, and here it is the input's. The layer bends
    its own sums, in a new tensor."""
    z = _plus(x @ weight.T, bias)
    x.detach().relu_()
    return _activate(z, activation)


def dense__weight_first(x, weight, bias=None, activation="linear"):
    """`weight @ x` is the textbook's form, for one column x. Here x has rows, one for each element of the batch, and
    the inputs are its last dimension: x @ weight.T."""
    return _activate(_plus(weight @ x, bias), activation)


def dense__matrices_only(x, weight, bias=None, activation="linear"):
    """`torch.mm` (like `addmm`) wants two matrices. x may have any number of batch dimensions: `x @ weight.T` takes
    them as they are."""
    return _activate(_plus(torch.mm(x, weight.T), bias), activation)


def forward__detached_between_layers(x, weights, biases, activation="relu", output_activation="linear"):
    """The output is right, but every layer's input is detached from what made it, by `.data` or `.detach()`: only the
    last layer would learn."""
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        x = _activate(x.detach() @ weight.T + bias, name)
    return x


def forward__parameters_left_the_graph(x, weights, biases, activation="relu", output_activation="linear"):
    """The values are right, but the parameters are taken out of autograd's graph, by `.data`, `.detach()` or new
    tensors: none of them would be trained."""
    return _run(x, [one.detach() for one in weights], [one.detach() for one in biases], activation, output_activation)


def forward__inference_only(x, weights, biases, activation="relu", output_activation="linear"):
    """The values are right, but under `torch.no_grad()` nothing is remembered for the way back. That is for use after
    training; here gradients are wanted."""
    with torch.no_grad():
        return _run(x, weights, biases, activation, output_activation)


def forward__always_two_layers(x, weights, biases, activation="relu", output_activation="linear"):
    """Two layers are written out. There may be one, or many: walk through weights and biases in a loop."""
    hidden = _activate(x @ weights[0].T + biases[0], activation)
    return _activate(hidden @ weights[1].T + biases[1], output_activation)


def layer_outputs__detached_in_the_list(x, weights, biases, activation="relu", output_activation="linear"):
    """The values are right, but those in the list are detached. Here gradients may arrive at each of them; detach a
    value only to print or draw it."""
    *hidden, last = _all(x, weights, biases, activation, output_activation)
    return (*(one.detach() for one in hidden), last) if hidden else (last,)


def layer_outputs__detached_between_layers(x, weights, biases, activation="relu", output_activation="linear"):
    """The values are right, but each layer is given a detached input: a gradient that arrives at a late layer does not
    reach the early ones."""
    outputs = []
    for weight, bias, name in zip(weights, biases, _names(weights, activation, output_activation), strict=True):
        outputs.append(_activate((outputs[-1].detach() if outputs else x) @ weight.T + bias, name))
    return tuple(outputs)


def layer_outputs__no_activation_between(x, weights, biases, activation="relu", output_activation="linear"):
    """There is no activation between the layers, so that all of them together are one single linear layer. Apply
    `activation` after each layer but the last."""
    return _all(x, weights, biases, "linear", output_activation)


def layer_outputs__always_relu(x, weights, biases, activation="relu", output_activation="linear"):
    """The hidden layers have relu whatever `activation` says. That is only the default."""
    return _all(x, weights, biases, "relu", output_activation)


def layer_outputs__parameters_left_the_graph(x, weights, biases, activation="relu", output_activation="linear"):
    """The values are right, but the parameters are taken out of autograd's graph, by `.data`, `.detach()` or new
    tensors: none of them would be trained."""
    return _all(x, [one.detach() for one in weights], [one.detach() for one in biases], activation, output_activation)


def count_parameters__tensors(module, trainable_only=False):
    """This counts tensors: a weight of a thousand numbers counts as one. Sum their `numel()`."""
    return len([one for one in module.parameters() if one.requires_grad or not trainable_only])


def count_parameters__rows(module, trainable_only=False):
    """`len` of a tensor is its first size, the number of rows. All its numbers are wanted: `numel()`."""
    return sum(len(one) for one in module.parameters() if one.requires_grad or not trainable_only)


def count_parameters__state(module, trainable_only=False):
    """The state of a module holds its buffers too, such as the running statistics of a batch normalization, and a
    shared weight under each of its names. Only parameters are learnt: `parameters()`."""
    return sum(one.numel() for one in module.state_dict(keep_vars=True).values() if _counts(one, trainable_only))


def count_parameters__buffers_too(module, trainable_only=False):
    """Buffers, such as the running statistics of a batch normalization, are counted too. They are saved with the
    module, but nothing learns them."""
    buffers = 0 if trainable_only else sum(one.numel() for one in module.buffers())
    return buffers + sum(one.numel() for one in module.parameters() if _counts(one, trainable_only))


def count_parameters__shared_twice(module, trainable_only=False):
    """A weight that is used in two places is counted in each. It is one tensor, and learnt once: `parameters()` of the
    whole module names it once."""
    return sum(
        one.numel()
        for part in module.modules()
        for one in part.parameters(recurse=False)
        if _counts(one, trainable_only)
    )


def count_parameters__frozen_too(module, trainable_only=False):
    """`trainable_only` is not used. If it is set, leave out the parameters whose `requires_grad` is False."""
    return sum(one.numel() for one in module.parameters())


def count_parameters__never_frozen(module, trainable_only=False):
    """What is frozen is never counted. It is left out only if `trainable_only` is set."""
    return sum(one.numel() for one in module.parameters() if one.requires_grad)


def count_parameters__only_frozen(module, trainable_only=False):
    """With `trainable_only`, this counts what is frozen. A parameter is trainable if its `requires_grad` is True."""
    return sum(one.numel() for one in module.parameters() if not (trainable_only and one.requires_grad))


def count_parameters__weights_only(module, trainable_only=False):
    """Only parameters with two or more dimensions are counted. The biases, of one dimension, are learnt as well."""
    return sum(one.numel() for one in module.parameters() if one.dim() > 1 and _counts(one, trainable_only))


def count_parameters__direct_children_only(module, trainable_only=False):
    """Only the parameters of the module's direct children are counted. A child may have children of its own:
    `parameters()` looks into all of them."""
    own = {one for child in module.children() for one in child.parameters(recurse=False)}
    return sum(one.numel() for one in own if _counts(one, trainable_only))


def count_parameters__linear_layers_only(module, trainable_only=False):
    """Only linear layers are counted. Any module may have parameters: ask it for its `parameters()`, whatever it is."""
    layers = [part for part in module.modules() if isinstance(part, torch.nn.Linear)]
    return sum(one.numel() for one in {p for part in layers for p in part.parameters()} if _counts(one, trainable_only))


def count_parameters__bytes(module, trainable_only=False):
    """These are bytes: four for each number in float32. How many numbers there are is asked, `numel()`."""
    return sum(one.nbytes for one in module.parameters() if _counts(one, trainable_only))


def count_parameters__equal_numbers_once(module, trainable_only=False):
    """Parameters that hold equal numbers are counted once. Two layers that start alike still learn apart: only the very
    same tensor is one parameter, and `parameters()` sees to that."""
    found = {
        (one.shape, *one.flatten().tolist()): one.numel() for one in module.parameters() if _counts(one, trainable_only)
    }
    return sum(found.values())


def collapse__left_the_graph(weights, biases):
    """The values are right, but they do not know where they came from: `.detach()`, `.data` or a new tensor stands in
    between. Compute with the tensors themselves."""
    return _collapsed([one.detach() for one in weights], [one.detach() for one in biases])


def _plus(z, bias):
    return z if bias is None else z + bias


def _over(z, dim):
    """Return the softmax over one dimension, or over all."""
    if dim is None:
        return torch.softmax(z.flatten(), dim=0).reshape(z.shape)
    return torch.softmax(z, dim=dim)


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


def _activate(x, name):
    if name == "linear":
        return x
    return torch.softmax(x, dim=-1) if name == "softmax" else getattr(torch, name)(x)


def _counts(parameter, trainable_only):
    return parameter.requires_grad or not trainable_only

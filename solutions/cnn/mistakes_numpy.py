"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np
from cnn_library_numpy import (
    adam,
    conv2d,
    conv2d_backward,
    cross_entropy,
    cross_entropy_backward,
    linear,
    linear_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)

WINDOW = (2, 2)


def _same(x):
    return x


def _flat(x):
    return x.reshape(len(x), -1)


def _pool(x):
    return max_pool2d(x, WINDOW)


def _pool_back(grad, x):
    return max_pool2d_backward(grad, x, WINDOW)


def _layers(x, params, *, bends=(relu, relu, relu), convolve=(conv2d, conv2d), pool=_pool, flat=_flat):
    """Return what every layer makes of x, some of them done otherwise."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    conv1 = convolve[0](x, w1, b1)
    relu1 = bends[0](conv1)
    pool1 = pool(relu1)
    conv2 = convolve[1](pool1, w2, b2)
    relu2 = bends[1](conv2)
    pool2 = pool(relu2)
    rows = flat(pool2)
    pre = linear(rows, w3, b3)
    hidden = bends[2](pre)
    return conv1, relu1, pool1, conv2, relu2, pool2, rows, pre, hidden, linear(hidden, w4, b4)


def _forward(x, params, **otherwise):
    return _layers(x, params, **otherwise)[-1]


def _back(grad_logits, x, params, *, backs=(relu_backward,) * 3, pool_back=_pool_back, shaped=None, at=None, late=None):
    """Return the gradients of all parameters; ``at`` takes other inputs for some layers, ``late`` other weights."""
    conv1, relu1, pool1, conv2, relu2, pool2, flat, pre, hidden, _ = layers = _layers(x, params)
    inputs = {"w1": x, "w2": pool1, "w3": flat, "w4": hidden} | (at(layers) if at else {})
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    _, *grads4 = linear_backward(grad_logits, inputs["w4"], w4, b4)
    if late:
        w4 = late(w4, grads4[0])
    grad_pre = backs[2](linear_backward(grad_logits, hidden, w4, b4)[0], pre)
    _, *grads3 = linear_backward(grad_pre, inputs["w3"], w3, b3)
    if late:
        w3 = late(w3, grads3[0])
    grad_flat = linear_backward(grad_pre, flat, w3, b3)[0]
    grad_pool2 = shaped(grad_flat, pool2.shape) if shaped else grad_flat.reshape(pool2.shape)
    grad_conv2 = backs[1](pool_back(grad_pool2, relu2), conv2)
    _, *grads2 = conv2d_backward(grad_conv2, inputs["w2"], w2, b2)
    if late:
        w2 = late(w2, grads2[0])
    grad_pool1 = conv2d_backward(grad_conv2, pool1, w2, b2)[0]
    grad_conv1 = backs[0](pool_back(grad_pool1, relu1), conv1)
    _, *grads1 = conv2d_backward(grad_conv1, inputs["w1"], w1, b1)
    return (*grads1, *grads2, *grads3, *grads4)


def _grads(x, target, params, **otherwise):
    logits = _forward(x, params)
    return cross_entropy(logits, target), _back(cross_entropy_backward(1.0, logits, target), x, params, **otherwise)


def _adam(params, grads, exp_avg, exp_avg_sq, step, lr):
    return zip(*(adam(*one, step, lr) for one in zip(params, grads, exp_avg, exp_avg_sq, strict=True)), strict=True)


def _step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = _grads(x, target, params)
    return loss, *_adam(params, grads, exp_avg, exp_avg_sq, step, lr)


def _accuracy(x, target, params):
    return float((_forward(x, params).argmax(axis=-1) == target).mean())


def _zeros(params):
    return tuple(np.zeros_like(param) for param in params)


def _trained(x, target, params, batches, lr, step_of=lambda number: number, one_step=_step):
    """Take a step for each of the batches; return the losses, and the parameters after each step."""
    exp_avg = exp_avg_sq = _zeros(params)
    losses, after = [], []
    for number, (rows, labels) in enumerate(batches, start=1):
        state = params, exp_avg, exp_avg_sq
        loss, params, exp_avg, exp_avg_sq = one_step(x[rows], target[labels], *state, step_of(number), lr)
        losses.append(loss)
        after.append(params)
    return np.array(losses, dtype=x.dtype), after


def _batches(order, batch_size):
    return [rows[i : i + batch_size] for rows in order for i in range(0, len(rows), batch_size)]


def standardize__each_by_its_own(train, other):
    """The other images are scaled by statistics of their own. Then the same pixel means two things in the two sets, and
    a single new image could not be scaled at all. Take mean and deviation of ``train`` for both."""
    return tuple((x - x.mean((0, 2, 3), keepdims=True)) / x.std((0, 2, 3), keepdims=True) for x in (train, other))


def standardize__both_together(train, other):
    """Mean and deviation are taken over both sets together, so that the images to be judged by have had a part in what
    is judged. Take them over ``train`` alone."""
    both = np.concatenate([train, other])
    mean, std = both.mean((0, 2, 3), keepdims=True), both.std((0, 2, 3), keepdims=True)
    return (train - mean) / std, (other - mean) / std


def standardize__other_left_alone(train, other):
    """Only the images to learn from are scaled. The network then sees the others on a scale that it has never met: they
    need the same shift and the same division."""
    return (train - train.mean((0, 2, 3), keepdims=True)) / train.std((0, 2, 3), keepdims=True), other


def standardize__all_channels_alike(train, other):
    """One mean and one deviation for all channels. Each channel has its own: keep axis 1, and reduce over the axes of
    images, rows and columns."""
    return (train - train.mean()) / train.std(), (other - train.mean()) / train.std()


def standardize__every_pixel_for_itself(train, other):
    """The statistics are those of every pixel, over the images only. A pixel at the border may never change, which
    divides by 0, and the same stroke looks different in every place: reduce over rows and columns too."""
    mean, std = train.mean(0), np.maximum(train.std(0), np.asarray(1e-7, dtype=train.dtype))
    return (train - mean) / std, (other - mean) / std


def standardize__every_image_for_itself(train, other):
    """Every image is scaled by itself, which throws away how bright it is. The statistics belong to the whole set:
    reduce over axis 0 too."""
    return tuple((x - x.mean((2, 3), keepdims=True)) / x.std((2, 3), keepdims=True) for x in (train, other))


def standardize__sample_deviation(train, other):
    """The squared distances are summed and divided by one less than their number (ddof=1), which estimates the
    deviation of a larger population. Here it is that of the numbers at hand: the plain mean, NumPy's default."""
    mean, std = train.mean((0, 2, 3), keepdims=True), train.std((0, 2, 3), keepdims=True, ddof=1)
    return (train - mean) / std, (other - mean) / std


def standardize__by_the_variance(train, other):
    """It is divided by the variance, so that the deviation becomes 1/σ and not 1. Take its root."""
    mean, var = train.mean((0, 2, 3), keepdims=True), train.var((0, 2, 3), keepdims=True)
    return (train - mean) / var, (other - mean) / var


def standardize__mean_of_deviations(train, other):
    """The deviation is a mean of the deviations of the single images, which leaves out how much the images differ from
    each other. Reduce over all axes but the channels in one go."""
    mean, std = train.mean((0, 2, 3), keepdims=True), train.std((2, 3), keepdims=True).mean(0, keepdims=True)
    return (train - mean) / std, (other - mean) / std


def standardize__along_the_columns(train, other):
    """Without keepdims, C means of shape (C,) line up with the last axis, the columns. Keep the reduced axes, or shape
    them (C, 1, 1)."""
    mean, std = train.mean((0, 2, 3)), train.std((0, 2, 3))
    return (train - mean) / std, (other - mean) / std


def standardize__in_place(train, other):
    """``-=`` and ``/=`` change the caller's arrays: on the second call they are scaled already. Make new ones."""
    mean, std = train.mean((0, 2, 3), keepdims=True), train.std((0, 2, 3), keepdims=True)
    train -= mean
    other -= mean
    train /= std
    other /= std
    return train, other


def forward__no_first_relu(x, params):
    """There is no relu after the first convolution. Two convolutions with nothing but a maximum between them lose much
    of what depth is for: relu follows each convolution."""
    return _forward(x, params, bends=(_same, relu, relu))


def forward__no_second_relu(x, params):
    """There is no relu after the second convolution: negative maxima go on into the linear layer."""
    return _forward(x, params, bends=(relu, _same, relu))


def forward__no_relu_in_the_hidden_layer(x, params):
    """There is no relu between the two linear layers, which together are then just one."""
    return _forward(x, params, bends=(relu, relu, _same))


def forward__relu_on_the_logits(x, params):
    """relu is applied to the logits too. They may be negative: classes that are clipped to 0 can no longer be told
    apart, and get no gradient."""
    return relu(_forward(x, params))


def forward__softmax_at_the_end(x, params):
    """Softmax is applied, but logits are asked for: cross_entropy does it itself, and would do it a second time."""
    logits = _forward(x, params)
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward__kernel_turned(x, params):
    """The kernels are turned by 180°, as mathematics defines a convolution. Networks do not turn them."""
    turned = (lambda x, w, b: conv2d(x, w[..., ::-1, ::-1], b),) * 2
    return _forward(x, params, convolve=turned)


def forward__padded_to_the_same_size(x, params):
    """The images are padded before the convolutions, so that more is left to flatten than the linear layer has weights
    for. This network has no padding."""
    padded = (lambda x, w, b: conv2d(x, w, b, (1, 1), tuple(k // 2 for k in w.shape[2:])),) * 2
    return _forward(x, params, convolve=padded)


def forward__bias_along_the_columns(x, params):
    """``out + b`` lines the bias up with the last axis, the columns. It belongs to the channels: b of shape (O, 1, 1),
    or leave it to conv2d."""
    along = lambda x, w, b: conv2d(x, w) + b  # noqa: E731
    return _forward(x, params, convolve=(along, conv2d))


def forward__second_bias_forgotten(x, params):
    """The second convolution has no bias: b2 is not used."""
    return _forward(x, params, convolve=(conv2d, lambda x, w, b: conv2d(x, w)))


def forward__average_pooling(x, params):
    """The windows are averaged. This network takes the maximum of each."""

    def pool(x):
        n, c, h, w = x.shape
        return x[..., : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))

    return _forward(x, params, pool=pool)


def forward__odd_rows_kept(x, params):
    """A last row or column without a partner gets a window of its own. Windows that would stick out are left out, so
    the size is halved and rounded down."""

    def pool(x):
        n, c, h, w = x.shape
        x = np.pad(x, ((0, 0), (0, 0), (0, h % 2), (0, w % 2)), constant_values=-np.inf)
        return x.reshape(n, c, (h + 1) // 2, 2, (w + 1) // 2, 2).max(axis=(3, 5))

    return _forward(x, params, pool=pool)


def forward__flattened_with_the_batch(x, params):
    """The batch is flattened too, so that all images become one long row. Keep the first axis: reshape(len(x), -1)."""
    return _forward(x, params, flat=lambda x: x.reshape(-1))


def forward__images_in_the_last_axis(x, params):
    """reshape(-1, N) and a transposition deal the numbers of one image out over all of them. An image's numbers stand
    together in memory: reshape(N, -1) alone is right."""
    return _forward(x, params, flat=lambda x: x.reshape(-1, len(x)).T)


def forward__flattened_channels_last(x, params):
    """Rows and columns are flattened before the channels. Here the order is channels, rows, columns, as the arrays have
    it; another one multiplies the right numbers by the wrong weights."""
    return _forward(x, params, flat=lambda x: x.transpose(0, 2, 3, 1).reshape(len(x), -1))


def forward__columns_before_rows(x, params):
    """Columns are flattened before rows. The order is channels, rows, columns."""
    return _forward(x, params, flat=lambda x: x.transpose(0, 1, 3, 2).reshape(len(x), -1))


def loss_and_grads__loss_summed(x, target, params):
    """The loss and the gradients are sums over the images. They are means, so that the size of the batch does not
    change how large a step is."""
    loss, grads = _grads(x, target, params)
    return loss * len(x), tuple(grad * len(x) for grad in grads)


def loss_and_grads__mean_taken_twice(x, target, params):
    """The gradients are divided by N once more. The gradient of the mean cross-entropy has its 1/N already; every layer
    below just sums over the images."""
    loss, grads = _grads(x, target, params)
    return loss, tuple(grad / len(x) for grad in grads)


def loss_and_grads__softmax_before_the_loss(x, target, params):
    """The logits go through softmax before cross_entropy, which does it itself: twice is too flat."""
    logits = _forward(x, params)
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probs = e / e.sum(axis=-1, keepdims=True)
    g = cross_entropy_backward(1.0, probs, target)
    return cross_entropy(probs, target), _back(probs * (g - (g * probs).sum(-1, keepdims=True)), x, params)


def loss_and_grads__target_not_subtracted(x, target, params):
    """The gradient of the logits is the softmax alone, which pushes every class down. Subtract 1 at the class that is
    right."""
    logits = _forward(x, params)
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return cross_entropy(logits, target), _back(e / e.sum(-1, keepdims=True) / len(x), x, params)


def loss_and_grads__no_way_back_through_the_first_relu(x, target, params):
    """The gradient passes the first relu as if it were not there. Where its input was negative, the gradient is 0."""
    return _grads(x, target, params, backs=(lambda g, x: g, relu_backward, relu_backward))


def loss_and_grads__no_way_back_through_the_second_relu(x, target, params):
    """The gradient passes the second relu as if it were not there. A window whose maximum is 0 has had no positive
    number, and gets nothing."""
    return _grads(x, target, params, backs=(relu_backward, lambda g, x: g, relu_backward))


def loss_and_grads__no_way_back_through_the_last_relu(x, target, params):
    """The gradient passes the hidden layer's relu as if it were not there. Where its input was negative, it is 0."""
    return _grads(x, target, params, backs=(relu_backward, relu_backward, lambda g, x: g))


def loss_and_grads__mask_by_the_gradient(x, target, params):
    """relu's backward keeps the gradients that are positive. What counts is the sign of what went *in* on the way
    forward: relu_backward(grad, input of relu)."""
    return _grads(x, target, params, backs=(lambda g, x: np.maximum(g, 0),) * 3)


def loss_and_grads__every_tie_paid(x, target, params):
    """``x == maximum`` gives the whole gradient of a window to every pixel that has the maximum. In flat regions, as
    paper has them, all four do: choose one of them."""

    def pool_back(grad, x):
        top = max_pool2d(x, WINDOW)
        h, w = 2 * top.shape[2], 2 * top.shape[3]
        out = np.zeros_like(x)
        wide, best = (one.repeat(2, axis=2).repeat(2, axis=3) for one in (grad, top))
        out[..., :h, :w] = (x[..., :h, :w] == best) * wide
        return out

    return _grads(x, target, params, pool_back=pool_back)


def loss_and_grads__pooling_undone_by_repeating(x, target, params):
    """The gradient of a window is copied to all of its pixels. Only the largest one has made the output, and only it
    gets the gradient."""

    def pool_back(grad, x):
        out = np.zeros_like(x)
        wide = grad.repeat(2, axis=2).repeat(2, axis=3)
        out[..., : wide.shape[2], : wide.shape[3]] = wide
        return out

    return _grads(x, target, params, pool_back=pool_back)


def loss_and_grads__last_of_the_ways_back_unflattened_otherwise(x, target, params):
    """On the way back the row of numbers becomes channels, rows and columns in another order than they were flattened
    in. reshape to pool2's shape undoes reshape."""

    def shaped(grad, shape):
        n, c, h, w = shape
        return grad.reshape(n, h, w, c).transpose(0, 3, 1, 2)

    return _grads(x, target, params, shaped=shaped)


def loss_and_grads__w4_from_before_relu(x, target, params):
    """The last weights' gradient is made of the hidden layer's numbers before relu. A layer's backward needs what the
    layer was given: the numbers after relu."""
    return _grads(x, target, params, at=lambda layers: {"w4": layers[7]})


def loss_and_grads__w2_from_before_relu(x, target, params):
    """The second kernels' gradient is made of pooled numbers without relu. A layer's backward needs what the layer was
    given on the way forward: keep that."""
    return _grads(x, target, params, at=lambda layers: {"w2": _pool(layers[0])})


def loss_and_grads__w3_from_before_relu(x, target, params):
    """The third weights' gradient is made of pooled numbers without relu. A layer's backward needs what the layer was
    given on the way forward."""
    return _grads(x, target, params, at=lambda layers: {"w3": _flat(_pool(layers[3]))})


def loss_and_grads__kernels_turned(x, target, params):
    """The gradients of the kernels are turned by 180°. Turning belongs to grad_x, where a sliding window is used for
    it; grad_weight has the order of the weight."""
    loss, grads = _grads(x, target, params)
    return loss, tuple(grad[..., ::-1, ::-1] if grad.ndim == 4 else grad for grad in grads)


def loss_and_grads__bias_averaged(x, target, params):
    """The gradient of a convolution's bias is a mean over the places. A bias is added at every place, so its gradient
    is the *sum* over images, rows and columns."""
    loss, grads = _grads(x, target, params)
    conv1, _, _, conv2, *_ = _layers(x, params)
    b1, b2 = grads[1] / conv1[0, 0].size, grads[3] / conv2[0, 0].size
    return loss, (grads[0], b1, grads[2], b2, *grads[4:])


def loss_and_grads__last_layer_first(x, target, params):
    """The gradients stand in the order in which they are found, last layer first. Return them in the order of
    params."""
    loss, (w1, b1, w2, b2, w3, b3, w4, b4) = _grads(x, target, params)
    return loss, (w4, b4, w3, b3, w2, b2, w1, b1)


def loss_and_grads__images_too(x, target, params):
    """The gradient of the images is returned as well. Nobody changes the images: return eight gradients."""
    loss, grads = _grads(x, target, params)
    return loss, (np.zeros_like(x), *grads)


def train_step__plain_descent(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The parameters move by lr times the gradient, and Adam's averages are not used: call adam for each parameter."""
    loss, grads = _grads(x, target, params)
    return loss, tuple(p - lr * g for p, g in zip(params, grads, strict=True)), exp_avg, exp_avg_sq


def train_step__uphill(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The step goes up the gradient. Do not turn the sign of the gradients: adam subtracts by itself."""
    loss, grads = _grads(x, target, params)
    return loss, *_adam(params, tuple(-grad for grad in grads), exp_avg, exp_avg_sq, step, lr)


def train_step__updated_on_the_way_back(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Each layer is updated as soon as its gradient is there, and the layers below get theirs through weights that have
    moved already. Find all gradients first, then update."""
    logits = _forward(x, params)
    moments = iter([(exp_avg[i], exp_avg_sq[i]) for i in (6, 4, 2)])
    late = lambda weight, grad: adam(weight, grad, *next(moments), step, lr)[0]  # noqa: E731
    grads = _back(cross_entropy_backward(1.0, logits, target), x, params, late=late)
    return cross_entropy(logits, target), *_adam(params, grads, exp_avg, exp_avg_sq, step, lr)


def train_step__state_reset(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Adam starts again from averages of 0 in every step, and remembers nothing. Hand on those that came in."""
    return _step(x, target, params, _zeros(params), _zeros(params), step, lr)


def train_step__old_state_returned(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The averages are returned as they came in, so that they stay at 0 for ever. Return what adam gives back."""
    return *_step(x, target, params, exp_avg, exp_avg_sq, step, lr)[:2], exp_avg, exp_avg_sq


def train_step__always_the_first_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Adam is told that every step is the first, and corrects its averages as if they had just begun. Hand ``step``
    on."""
    return _step(x, target, params, exp_avg, exp_avg_sq, 1, lr)


def train_step__biases_stay(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Only the weights are updated. The biases are parameters too."""
    loss, moved, exp_avg, exp_avg_sq = _step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    moved = tuple(old if old.ndim == 1 else new for old, new in zip(params, moved, strict=True))
    return loss, moved, exp_avg, exp_avg_sq


def train_step__loss_after_the_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The loss is that of the parameters after the step. Asked for is the one before it, which has been computed
    anyway: another forward costs time."""
    _, moved, *state = _step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return cross_entropy(_forward(x, moved), target), moved, *state


def train__one_order_for_the_labels(x, target, params, order, batch_size, lr):
    """The images are shuffled and the labels are not, so that most images are taught a wrong class. Take the rows of
    the batch from both."""
    places = _batches(np.arange(len(x))[None].repeat(len(order), axis=0), batch_size)
    losses, after = _trained(x, target, params, zip(_batches(order, batch_size), places, strict=True), lr)
    return losses, after[-1]


def train__order_ignored(x, target, params, order, batch_size, lr):
    """The images are taken as they lie, epoch after epoch. Take those that order[epoch] names."""
    batches = _batches(np.arange(len(x))[None].repeat(len(order), axis=0), batch_size)
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
    return losses, after[-1]


def train__same_order_in_all_epochs(x, target, params, order, batch_size, lr):
    """All epochs take the first epoch's order. order has a row for each."""
    batches = _batches(order[:1].repeat(len(order), axis=0), batch_size)
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
    return losses, after[-1]


def train__short_batch_dropped(x, target, params, order, batch_size, lr):
    """What is left over at the end of an epoch is not trained on. The last batch may be smaller than the others."""
    batches = [rows for rows in _batches(order, batch_size) if len(rows) == batch_size]
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
    return losses, after[-1] if after else params


def train__batches_across_epochs(x, target, params, order, batch_size, lr):
    """The epochs are strung together and cut into batches as one, so that a batch mixes the end of one epoch and the
    beginning of the next. Begin a new batch with each epoch."""
    batches = _batches(order.reshape(1, -1), batch_size)
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
    return losses, after[-1]


def train__short_batch_divided_by_batch_size(x, target, params, order, batch_size, lr):
    """The loss of a short batch is divided by batch_size, and not by the images that it has."""

    def one_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
        loss, grads = _grads(x, target, params)
        share = len(x) / batch_size
        return loss * share, *_adam(params, tuple(g * share for g in grads), exp_avg, exp_avg_sq, step, lr)

    batches = _batches(order, batch_size)
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr, one_step=one_step)
    return losses, after[-1]


def train__adam_starts_again_in_every_epoch(x, target, params, order, batch_size, lr):
    """Adam's averages and its step number start again with every epoch. Set them once, before the first."""
    losses = []
    for rows in order:
        batches = _batches(rows[None], batch_size)
        found, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
        losses, params = [*losses, *found], after[-1]
    return np.array(losses, dtype=x.dtype), params


def train__step_is_the_epoch(x, target, params, order, batch_size, lr):
    """Adam is told the number of the epoch as the number of the step. It counts updates, batch by batch."""
    batches = _batches(order, batch_size)
    each = len(batches) // len(order)
    found = _trained(x, target, params, zip(batches, batches, strict=True), lr, lambda number: (number - 1) // each + 1)
    return found[0], found[1][-1]


def train__one_loss_an_epoch(x, target, params, order, batch_size, lr):
    """The losses of an epoch are averaged. Return one for each step."""
    batches = _batches(order, batch_size)
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
    return losses.reshape(len(order), -1).mean(axis=1), after[-1]


def train__losses_in_float64(x, target, params, order, batch_size, lr):
    """A list of Python numbers becomes a float64 array. Say which dtype you want: np.array(losses, dtype=x.dtype)."""
    batches = _batches(order, batch_size)
    losses, after = _trained(x, target, params, zip(batches, batches, strict=True), lr)
    return np.array([float(loss) for loss in losses]), after[-1]


def accuracy__counted(x, target, params):
    """It is the number of right answers. Divide by the number of images."""
    return float((_forward(x, params).argmax(axis=-1) == target).sum())


def accuracy__in_percent(x, target, params):
    """It is given in percent; a fraction from 0 to 1 is asked for."""
    return 100 * _accuracy(x, target, params)


def accuracy__error_rate(x, target, params):
    """It is the fraction of wrong answers: 1 minus what is asked for."""
    return 1 - _accuracy(x, target, params)


def accuracy__smallest_logit(x, target, params):
    """The smallest logit is taken. Logits are no losses: the largest one says what the network thinks it sees."""
    return float((_forward(x, params).argmin(axis=-1) == target).mean())


def accuracy__mean_over_the_classes(x, target, params):
    """The accuracy is taken for each class that occurs, and these are averaged, so that a rare class weighs as much as
    a frequent one. Here every image counts the same."""
    right = _forward(x, params).argmax(axis=-1) == target
    return float(np.mean([right[target == label].mean() for label in np.unique(target)]))


def _epochs(train_set, validation_set, test_set, params, order, batch_size, lr, **options):
    """Return the parameters after each epoch, and their scores on all three sets."""
    batches = _batches(order, batch_size)
    _, after = _trained(*train_set, params, zip(batches, batches, strict=True), lr, **options)
    kept = after[len(batches) // len(order) - 1 :: len(batches) // len(order)]
    return kept, *([_accuracy(*one, p) for p in kept] for one in (train_set, validation_set, test_set))


def train_with_validation__last_epoch(*args):
    """The parameters of the last epoch are kept, whatever the validation set says. Keep those of the best epoch."""
    after, _, scores, tested = _epochs(*args)
    return np.array(scores), tested[-1], after[-1]


def train_with_validation__last_of_equals(*args):
    """Of several epochs that are equally good, the last one is kept. Keep the first: replace it only by a better one
    (>, not >=)."""
    after, _, scores, tested = _epochs(*args)
    best = len(scores) - 1 - int(np.argmax(scores[::-1]))
    return np.array(scores), tested[best], after[best]


def train_with_validation__chosen_on_the_test_set(*args):
    """The epoch is chosen by the test set, whose score is then the best of several tries and no longer says how the
    network does on images that it has not seen. Choose by the validation set."""
    after, _, scores, tested = _epochs(*args)
    best = int(np.argmax(tested))
    return np.array(scores), tested[best], after[best]


def train_with_validation__best_test_score(*args):
    """The test score is the highest of all epochs, and not that of the parameters that were kept. Nobody could have
    known which epoch that is: ask the test set once, about the parameters that the validation set has chosen."""
    after, _, scores, tested = _epochs(*args)
    return np.array(scores), max(tested), after[int(np.argmax(scores))]


def train_with_validation__chosen_on_the_training_set(*args):
    """The epoch is chosen by the accuracy on the images that were learned. That one goes up even where the network
    learns them by heart: choose by the validation set."""
    after, learned, scores, tested = _epochs(*args)
    best = int(np.argmax(learned))
    return np.array(scores), tested[best], after[best]


def train_with_validation__tested_at_the_end(*args):
    """The test score is that of the last epoch's parameters, not of those that are returned."""
    after, _, scores, tested = _epochs(*args)
    return np.array(scores), tested[-1], after[int(np.argmax(scores))]


def train_with_validation__validated_before_the_epoch(train_set, validation_set, test_set, params, *how):
    """The validation set is asked before every epoch, about parameters that this epoch has not trained yet. Ask after
    it."""
    after, _, scores, tested = _epochs(train_set, validation_set, test_set, params, *how)
    scores = [_accuracy(*validation_set, params), *scores[:-1]]
    best = int(np.argmax(scores))
    return np.array(scores), tested[best], after[best]


def train_with_validation__adam_starts_again(train_set, validation_set, test_set, params, order, batch_size, lr):
    """With a call of ``train`` for each epoch, Adam forgets its averages and its step number in between. They go on."""
    after, scores, tested = [], [], []
    for rows in order:
        kept, _, score, test = _epochs(train_set, validation_set, test_set, params, rows[None], batch_size, lr)
        params = kept[-1]
        after, scores, tested = [*after, params], [*scores, *score], [*tested, *test]
    best = int(np.argmax(scores))
    return np.array(scores), tested[best], after[best]


def train_with_validation__goes_on_from_the_best(train_set, validation_set, test_set, params, order, batch_size, lr):
    """After an epoch that was no better, the training goes on from the best parameters so far. It goes on from where it
    is; what was best is only remembered."""
    exp_avg = exp_avg_sq = _zeros(params)
    step, scores, best, (x, target) = 0, [], params, train_set
    for rows in order:
        for batch in _batches(rows[None], batch_size):
            step += 1
            _, params, exp_avg, exp_avg_sq = _step(x[batch], target[batch], params, exp_avg, exp_avg_sq, step, lr)
        scores.append(_accuracy(*validation_set, params))
        best = params if scores[-1] > max(scores[:-1], default=-1.0) else best
        params = best
    return np.array(scores), _accuracy(*test_set, best), best


def _turned(x, params, size, *, image, kernel, table):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    return image(x), (kernel(w1), b1, kernel(w2), b2, table(w3, (*size, len(b2), len(b3))), b3, w4.T, b4)


def _image(x):
    return x.transpose(0, 3, 1, 2)


def _kernel(w):
    return w.transpose(3, 2, 0, 1)


def _table(w, shape):
    return w.reshape(shape).transpose(3, 2, 0, 1).reshape(shape[3], -1)


def from_channels_last__images_reshaped(x, params, size):
    """The images are reshaped to (N, C, H, W), which leaves every number where it lies in memory and only counts the
    axes otherwise: pixels of all channels get mixed. To move an axis, transpose."""

    def image(x):
        return x.reshape(len(x), x.shape[3], *x.shape[1:3])

    return _turned(x, params, size, image=image, kernel=_kernel, table=_table)


def from_channels_last__kernels_reshaped(x, params, size):
    """The kernels are reshaped to (O, C, kH, kW), which only counts the axes otherwise and mixes all weights. To move
    axes, transpose."""
    kernel = lambda w: w.reshape(w.shape[3], w.shape[2], *w.shape[:2])  # noqa: E731
    return _turned(x, params, size, image=_image, kernel=kernel, table=_table)


def from_channels_last__kernels_upside_down(x, params, size):
    """``.T`` turns all axes round, (kH, kW, C, O) to (O, C, kW, kH): rows and columns of the kernels change places
    too."""
    return _turned(x, params, size, image=_image, kernel=lambda w: w.T, table=_table)


def from_channels_last__images_on_their_side(x, params, size):
    """swapaxes(1, 3) brings the channels to the front, but exchanges them with the rows: (N, C, W, H), images that lie
    on their side. The rows must stay before the columns."""
    return _turned(x, params, size, image=lambda x: x.swapaxes(1, 3), kernel=_kernel, table=_table)


def from_channels_last__first_linear_layer_as_it_was(x, params, size):
    """The first linear layer is only transposed. Its inputs are flattened in another order here, channels first: give
    the weights their four axes (h, w, O2, U), move them, and flatten again."""
    return _turned(x, params, size, image=_image, kernel=_kernel, table=lambda w, shape: w.T)


def from_channels_last__first_linear_layer_reshaped(x, params, size):
    """The inputs of the first linear layer are counted as (O2, h, w) where they are (h, w, O2): the four axes are given
    to the weights in the wrong order."""
    table = lambda w, shape: w.reshape(shape[2], *shape[:2], -1).transpose(3, 1, 2, 0).reshape(shape[3], -1)  # noqa: E731
    return _turned(x, params, size, image=_image, kernel=_kernel, table=table)


def from_channels_last__columns_before_rows(x, params, size):
    """The inputs of the first linear layer come out as (O2, w, h). Rows stand before columns: (O2, h, w)."""
    table = lambda w, shape: w.reshape(shape).transpose(3, 2, 1, 0).reshape(shape[3], -1)  # noqa: E731
    return _turned(x, params, size, image=_image, kernel=_kernel, table=table)


def from_channels_last__last_layer_as_it_was(x, params, size):
    """The last linear layer is not transposed. There the weights are (in, out), here (out, in)."""
    x, converted = _turned(x, params, size, image=_image, kernel=_kernel, table=_table)
    return x, (*converted[:6], params[6], converted[7])

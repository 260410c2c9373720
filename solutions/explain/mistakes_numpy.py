"""Known wrong answers to the exercise in NumPy; each docstring is the advice that its author gets."""

import numpy as np
from explain_library_numpy import linear, linear_backward, relu, relu_backward


def logits_of(x, params):
    w1, b1, w2, b2 = params
    return linear(relu(linear(x.reshape(len(x), -1), w1, b1)), w2, b2)


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def score(x, target, params):
    return logits_of(x, params)[np.arange(len(x)), target]


def onehot(x, target, params):
    return np.eye(len(params[3]), dtype=x.dtype)[target]


def back(grad_logits, x, params, through=relu_backward):
    """Go back to the images; ``through`` is how relu is passed."""
    w1, b1, w2, b2 = params
    flat = x.reshape(len(x), -1)
    pre = linear(flat, w1, b1)
    grad_hidden = linear_backward(grad_logits, relu(pre), w2, b2)[0]
    return linear_backward(through(grad_hidden, pre), flat, w1, b1)[0].reshape(x.shape)


def gradient(x, target, params):
    return back(onehot(x, target, params), x, params)


def integrated(x, baseline, target, params, at, difference=None, mean=True):
    total = np.zeros_like(x)
    for alpha in at:
        total = total + gradient(baseline + float(alpha) * (x - baseline), target, params)
    return (x - baseline if difference is None else difference) * (total / len(at) if mean else total)


def class_score__probability(x, target, params):
    """This is the probability. Explain the logit: softmax mixes the other classes in and is flat where it is sure."""
    return softmax(logits_of(x, params))[np.arange(len(x)), target]


def class_score__log_probability(x, target, params):
    """You return the logarithm of the probability, which is the loss with the other sign. Explain the logit itself."""
    return np.log(softmax(logits_of(x, params)))[np.arange(len(x)), target]


def class_score__largest(x, target, params):
    """You return the largest logit of each image. The question is about the class in target, which may be another."""
    return logits_of(x, params).max(axis=1)


def class_score__table(x, target, params):
    """logits[:, target] takes these columns of every row: an (N, N) table. Pair them: [np.arange(N), target]."""
    return logits_of(x, params)[:, target]


def class_score__no_relu(x, target, params):
    """The relu between the layers is missing; without it the network is one linear layer."""
    w1, b1, w2, b2 = params
    return linear(linear(x.reshape(len(x), -1), w1, b1), w2, b2)[np.arange(len(x)), target]


def class_score__channels_last(x, target, params):
    """You flatten with the channels last. The network takes images flattened as they lie: C, then H, then W."""
    return score(np.moveaxis(x, 1, -1).reshape(x.shape), target, params)


def input_gradient__of_the_loss(x, target, params):
    """This is the loss's gradient: you start from softmax - onehot. Start from 1 at the class's logit, 0 elsewhere."""
    return back(softmax(logits_of(x, params)) - onehot(x, target, params), x, params)


def input_gradient__of_the_probability(x, target, params):
    """This is the gradient of the probability. Start from 1 at the class's logit and 0 elsewhere, without softmax."""
    p = softmax(logits_of(x, params))
    chosen = p[np.arange(len(x)), target][:, None]
    return back(chosen * (onehot(x, target, params) - p), x, params)


def input_gradient__averaged(x, target, params):
    """You divide by the number of images. Each image has a logit of its own; there is no mean to take a part of."""
    return gradient(x, target, params) / len(x)


def input_gradient__summed(x, target, params):
    """You add the gradients of all images up. Each image has a gradient of its own."""
    return np.broadcast_to(gradient(x, target, params).sum(axis=0), x.shape)


def input_gradient__of_all_classes(x, target, params):
    """You start from 1 at every logit: that explains the sum of all classes. Only the class in target gets a 1."""
    return back(np.ones((len(x), len(params[3])), dtype=x.dtype), x, params)


def input_gradient__of_the_largest(x, target, params):
    """You explain the class with the largest logit. The question is about the class in target, which may be another."""
    return gradient(x, logits_of(x, params).argmax(axis=1), params)


def input_gradient__past_relu(x, target, params):
    """The way back ignores relu. Where a hidden unit is asleep (its input is negative) no gradient comes through."""
    return back(onehot(x, target, params), x, params, lambda grad, pre: grad)


def input_gradient__deconvolution(x, target, params):
    """You let positive gradients through relu instead of those whose unit was awake: a "deconvnet", no gradient."""
    return back(onehot(x, target, params), x, params, lambda grad, pre: np.maximum(grad, 0))


def input_gradient__guided(x, target, params):
    """You also drop negative gradients at relu: "guided back-propagation". It draws nicely, and is no gradient."""
    return back(onehot(x, target, params), x, params, lambda grad, pre: np.maximum(relu_backward(grad, pre), 0))


def input_gradient__descent(x, target, params):
    """The sign is turned round: you return the way down. The gradient points to where the logit grows."""
    return -gradient(x, target, params)


def input_gradient__times_input(x, target, params):
    """You multiply by the image: "gradient times input", another method. The gradient alone is asked for."""
    return x * gradient(x, target, params)


def input_gradient__flat(x, target, params):
    """You return rows of numbers, (N, C·H·W). Give the gradient the shape of the image."""
    return gradient(x, target, params).reshape(len(x), -1)


def saliency__signed(x, target, params):
    """You take the largest gradient with its sign. A pixel that speaks against the class is salient too: abs."""
    return gradient(x, target, params).max(axis=1)


def saliency__abs_last(x, target, params):
    """You take the largest over the channels first: a strong negative gradient is lost. abs comes first."""
    return np.abs(gradient(x, target, params).max(axis=1))


def saliency__summed(x, target, params):
    """You add the channels up. The map takes the largest over the channels."""
    return np.abs(gradient(x, target, params)).sum(axis=1)


def saliency__averaged(x, target, params):
    """You average the channels. The map takes the largest over the channels."""
    return np.abs(gradient(x, target, params)).mean(axis=1)


def saliency__norm(x, target, params):
    """You take the root of the sum of squares over the channels. The map takes the largest of their sizes."""
    return np.sqrt((gradient(x, target, params) ** 2).sum(axis=1))


def saliency__squared(x, target, params):
    """You square the gradient. Its size, the absolute value, is asked for."""
    return (gradient(x, target, params) ** 2).max(axis=1)


def saliency__scaled(x, target, params):
    """You divide each map by its largest entry. That is for drawing; the map itself has the gradient's size."""
    found = np.abs(gradient(x, target, params)).max(axis=1)
    return found / found.max(axis=(1, 2), keepdims=True)


def saliency__with_channels(x, target, params):
    """The map still has channels. Take the largest over them, so that one number a pixel is left: (N, H, W)."""
    return np.abs(gradient(x, target, params))


def saliency__of_the_batch(x, target, params):
    """You take the largest over the images, axis 0. The channels are axis 1; each image has a map of its own."""
    return np.abs(gradient(x, target, params)).max(axis=0)


def integrated_gradients__left_ends(x, baseline, target, params, steps):
    """Your points are k/steps from 0 on, the left ends of the parts. Take their middles, (k + 0.5)/steps."""
    return integrated(x, baseline, target, params, [k / steps for k in range(steps)])


def integrated_gradients__right_ends(x, baseline, target, params, steps):
    """Your points are k/steps from 1 on, the right ends of the parts. Take their middles, (k - 0.5)/steps."""
    return integrated(x, baseline, target, params, [(k + 1) / steps for k in range(steps)])


def integrated_gradients__both_ends(x, baseline, target, params, steps):
    """linspace(0, 1, steps) has both ends among its points. Take the middles of equal parts, (k - 0.5)/steps."""
    return integrated(x, baseline, target, params, np.linspace(0, 1, steps))


def integrated_gradients__one_point_more(x, baseline, target, params, steps):
    """linspace(0, 1, steps + 1) gives the ends of the parts, one more than there are. Take their middles."""
    return integrated(x, baseline, target, params, np.linspace(0, 1, steps + 1))


def integrated_gradients__trapezoids(x, baseline, target, params, steps):
    """You average the gradients at both ends of each part, the trapezoid rule. Take the one at its middle."""
    ends = [integrated(x, baseline, target, params, [(k + end) / steps for k in range(steps)]) for end in (0, 1)]
    return (ends[0] + ends[1]) / 2


def integrated_gradients__mean_gradient(x, baseline, target, params, steps):
    """This is the mean gradient. Multiply by x - baseline, how far each pixel has come, to attribute anything."""
    at = [(k + 0.5) / steps for k in range(steps)]
    return integrated(x, baseline, target, params, at, difference=np.ones_like(x))


def integrated_gradients__times_image(x, baseline, target, params, steps):
    """You multiply by the image. Multiply by x - baseline, which is the same only where the baseline is 0."""
    return integrated(x, baseline, target, params, [(k + 0.5) / steps for k in range(steps)], difference=x)


def integrated_gradients__summed(x, baseline, target, params, steps):
    """You add the gradients up and do not divide by steps: more steps would make larger attributions."""
    return integrated(x, baseline, target, params, [(k + 0.5) / steps for k in range(steps)], mean=False)


def integrated_gradients__from_black(x, baseline, target, params, steps):
    """Your way starts at 0 and not at the baseline. The points are baseline + part of (x - baseline)."""
    return integrated(x, 0 * baseline, target, params, [(k + 0.5) / steps for k in range(steps)])


def integrated_gradients__points_from_black(x, baseline, target, params, steps):
    """You scale the image, which is a way from 0. The points are baseline + part of (x - baseline)."""
    at = [(k + 0.5) / steps for k in range(steps)]
    return integrated(x, 0 * baseline, target, params, at, difference=x - baseline)


def integrated_gradients__at_the_image(x, baseline, target, params, steps):
    """You take the gradient at the image alone. Average it over the way from the baseline to the image."""
    return (x - baseline) * gradient(x, target, params)


def integrated_gradients__backwards(x, baseline, target, params, steps):
    """You go from the image to the baseline: all attributions have the other sign. Multiply by x - baseline."""
    return -integrated(x, baseline, target, params, [(k + 0.5) / steps for k in range(steps)])


def completeness_gap__size(attributions, x, baseline, target, params):
    """You return the size of the gap. Keep its sign: it says whether too much or too little is explained."""
    explained = score(x, target, params) - score(np.broadcast_to(baseline, x.shape), target, params)
    return np.abs(attributions.sum(axis=(1, 2, 3)) - explained)


def completeness_gap__turned_round(attributions, x, baseline, target, params):
    """The sign is turned round: the gap is the sum of the attributions minus what they have to explain."""
    explained = score(x, target, params) - score(np.broadcast_to(baseline, x.shape), target, params)
    return explained - attributions.sum(axis=(1, 2, 3))


def completeness_gap__no_baseline(attributions, x, baseline, target, params):
    """You compare with the image's logit. What is to be explained is its difference from the baseline's logit."""
    return attributions.sum(axis=(1, 2, 3)) - score(x, target, params)


def completeness_gap__black(attributions, x, baseline, target, params):
    """You compare with an image of zeros. The difference from the given baseline is what has to be explained."""
    return attributions.sum(axis=(1, 2, 3)) - (score(x, target, params) - score(0 * x, target, params))


def completeness_gap__relative(attributions, x, baseline, target, params):
    """You divide by the difference that has to be explained. The gap itself is asked for, in units of the logit."""
    explained = score(x, target, params) - score(np.broadcast_to(baseline, x.shape), target, params)
    return attributions.sum(axis=(1, 2, 3)) / explained - 1


def completeness_gap__mean(attributions, x, baseline, target, params):
    """You average the attributions. They are parts of a whole: their sum is what has to be right."""
    explained = score(x, target, params) - score(np.broadcast_to(baseline, x.shape), target, params)
    return attributions.mean(axis=(1, 2, 3)) - explained


def completeness_gap__all_images(attributions, x, baseline, target, params):
    """You add up the attributions of all images. Each image has a gap of its own: sum over axes 1, 2 and 3."""
    explained = score(x, target, params) - score(np.broadcast_to(baseline, x.shape), target, params)
    return attributions.sum() - explained


def completeness_gap__plus(attributions, x, baseline, target, params):
    """You add the baseline's logit. It is taken away from the image's: the difference has to be explained."""
    explained = score(x, target, params) + score(np.broadcast_to(baseline, x.shape), target, params)
    return attributions.sum(axis=(1, 2, 3)) - explained


def covering(x, target, params, size, stride, cover, drop=lambda whole, rest: whole - rest, short=0, score=score):
    """Occlude with ``cover(covered, rows, columns)``, which changes the images that it is given."""
    tops = range(0, x.shape[2] - size[0] + 1 - short, stride[0])
    lefts = range(0, x.shape[3] - size[1] + 1 - short, stride[1])
    drops = np.zeros((len(x), len(tops), len(lefts)), dtype=x.dtype)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            covered = x.copy()
            cover(covered, slice(top, top + size[0]), slice(left, left + size[1]))
            drops[:, i, j] = drop(score(x, target, params), score(covered, target, params))
    return drops


def patch(value):
    def cover(covered, rows, columns):
        covered[:, :, rows, columns] = value

    return cover


def occlusion__turned_round(x, target, params, size, stride, value=0.0):
    """The sign is turned round: return the logit of the whole image minus that of the covered one, how far it falls."""
    return covering(x, target, params, size, stride, patch(value), lambda whole, rest: rest - whole)


def occlusion__covered_score(x, target, params, size, stride, value=0.0):
    """You return the logits of the covered images. The drop is asked for: the whole image's logit minus these."""
    return covering(x, target, params, size, stride, patch(value), lambda whole, rest: rest)


def occlusion__size(x, target, params, size, stride, value=0.0):
    """You return the size of the change. A rise speaks against the class: keep the sign."""
    return covering(x, target, params, size, stride, patch(value), lambda whole, rest: abs(whole - rest))


def occlusion__one_channel(x, target, params, size, stride, value=0.0):
    """You cover the first channel only. A patch covers all channels of its pixels: [:, :, rows, columns]."""

    def cover(covered, rows, columns):
        covered[:, 0, rows, columns] = value

    return covering(x, target, params, size, stride, cover)


def occlusion__never_uncovered(x, target, params, size, stride, value=0.0):
    """One copy serves all places, and earlier patches stay in it. Copy the image anew for each place."""
    kept = x.copy()

    def cover(covered, rows, columns):
        kept[:, :, rows, columns] = value
        covered[...] = kept

    return covering(x, target, params, size, stride, cover)


def occlusion__one_place_short(x, target, params, size, stride, value=0.0):
    """The last place is left out: range stops before its end, so the end is H - kH + 1."""
    return covering(x, target, params, size, stride, patch(value), short=1)


def occlusion__width_first(x, target, params, size, stride, value=0.0):
    """Height and width of the patch are mixed up: size is (kH, kW), rows first."""

    def cover(covered, rows, columns):
        tall, wide = rows.stop - rows.start, columns.stop - columns.start
        covered[:, :, rows.start : rows.start + wide, columns.start : columns.start + tall] = value

    return covering(x, target, params, size, stride, cover)


def occlusion__strides_mixed_up(x, target, params, size, stride, value=0.0):
    """The strides are mixed up: stride is (sH, sW), how far down and how far to the right."""
    return covering(x, target, params, size, stride[::-1], patch(value))


def occlusion__over_the_edge(x, target, params, size, stride, value=0.0):
    """Your last patches hang over the edge. They stay inside: the last place is at H - kH or before."""
    wide = np.pad(x, ((0, 0), (0, 0), (0, size[0] - 1), (0, size[1] - 1)))

    def within(images, target, params):
        return score(images[:, :, : x.shape[2], : x.shape[3]], target, params)

    return covering(wide, target, params, size, stride, patch(value), score=within)


def occlusion__every_pixel(x, target, params, size, stride, value=0.0):
    """The patch moves by one pixel. It moves by stride, down and to the right."""
    return covering(x, target, params, size, (1, 1), patch(value))


def occlusion__by_its_size(x, target, params, size, stride, value=0.0):
    """The patch moves by its own size. It moves by stride, which may be smaller or larger."""
    return covering(x, target, params, size, size, patch(value))


def occlusion__black(x, target, params, size, stride, value=0.0):
    """You always cover with 0. Cover with value."""
    return covering(x, target, params, size, stride, patch(0.0))


def occlusion__multiplied(x, target, params, size, stride, value=0.0):
    """You multiply the pixels by value. Put value in their place: only 0 is the same either way."""

    def cover(covered, rows, columns):
        covered[:, :, rows, columns] *= value

    return covering(x, target, params, size, stride, cover)


def occlusion__probability(x, target, params, size, stride, value=0.0):
    """You compare probabilities. Compare the logits of the class."""
    return covering(x, target, params, size, stride, patch(value), score=class_score__probability)


def averaged(weights):
    return weights.mean(axis=0)


def half_beside(weights):
    return (weights + np.eye(len(weights), dtype=weights.dtype)) / 2


def rolled(layers, heads=averaged, residual=half_beside):
    rollout = np.eye(layers.shape[-1], dtype=layers.dtype)
    for weights in layers:
        rollout = residual(heads(weights)) @ rollout
    return rollout


def attention_rollout__no_residual(attention):
    """You multiply the attention alone. Half of what flows goes past it: ½ · attention + ½ · identity."""
    return rolled(attention, residual=lambda a: a)


def attention_rollout__not_halved(attention):
    """Attention plus identity has rows that sum up to 2. Halve it, or the result doubles with each layer."""
    return rolled(attention, residual=lambda a: a + np.eye(len(a), dtype=a.dtype))


def attention_rollout__last_factor_first(attention):
    """The product's order is turned round. What reaches a layer has come through those before: A_last … A_first."""
    return rolled(attention[::-1])


def attention_rollout__largest_head(attention):
    """You take the largest over the heads. Average them; the rows then still sum up to 1."""
    return rolled(attention, heads=lambda weights: weights.max(axis=0))


def attention_rollout__summed_heads(attention):
    """You add the heads up. Average them; the rows then still sum up to 1."""
    return rolled(attention, heads=lambda weights: weights.sum(axis=0))


def attention_rollout__first_head(attention):
    """You look at the first head alone. Average all heads of a layer."""
    return rolled(attention, heads=lambda weights: weights[0])


def attention_rollout__last_layer(attention):
    """You look at the last layer alone. Its positions are mixtures already: multiply through all layers."""
    return rolled(attention[-1:])


def attention_rollout__averaged_layers(attention):
    """You average the layers. They come one after the other: multiply their matrices."""
    return rolled(attention.mean(axis=0, keepdims=True))


def attention_rollout__transposed(attention):
    """Rows and columns are mixed up. attention[l, h, i, j] is how much position i looks at j, and so is the result."""
    return rolled(attention).T


def attention_rollout__residual_once(attention):
    """You add the identity once, at the end. Each layer has a residual connection of its own."""
    found = rolled(attention, residual=lambda a: a)
    return (found + np.eye(len(found), dtype=found.dtype)) / 2

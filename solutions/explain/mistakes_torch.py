"""Known wrong answers to the exercise in PyTorch; each docstring is the advice that its author gets."""

import torch
from explain_library_torch import linear, relu


def logits_of(x, params):
    w1, b1, w2, b2 = params
    return linear(relu(linear(x.flatten(1), w1, b1)), w2, b2)


def chosen(table, target):
    return table.gather(1, target[:, None]).squeeze(1)


def score(x, target, params):
    return chosen(logits_of(x, params), target)


def gradient(x, target, params, of=score):
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(of(leaf, target, params).sum(), leaf)[0]


def integrated(x, baseline, target, params, at, difference=None, mean=True):
    total = sum(gradient(baseline + float(alpha) * (x - baseline), target, params) for alpha in at)
    return (x - baseline if difference is None else difference) * (total / len(at) if mean else total)


def middles(steps):
    return [(k + 0.5) / steps for k in range(steps)]


def class_score__probability(x, target, params):
    """This is the probability. Explain the logit: softmax mixes the other classes in and is flat where it is sure."""
    return chosen(logits_of(x, params).softmax(dim=1), target)


def class_score__log_probability(x, target, params):
    """You return the logarithm of the probability, which is the loss with the other sign. Explain the logit itself."""
    return chosen(logits_of(x, params).log_softmax(dim=1), target)


def class_score__largest(x, target, params):
    """You return the largest logit of each image. The question is about the class in target, which may be another."""
    return logits_of(x, params).amax(dim=1)


def class_score__table(x, target, params):
    """logits[:, target] takes these columns of every row: an (N, N) table. Pair rows and classes, with gather."""
    return logits_of(x, params)[:, target]


def class_score__no_relu(x, target, params):
    """The relu between the layers is missing; without it the network is one linear layer."""
    w1, b1, w2, b2 = params
    return chosen(linear(linear(x.flatten(1), w1, b1), w2, b2), target)


def class_score__detached(x, target, params):
    """The score has left the graph, so nothing can be asked about the image. Leave out detach, item and no_grad."""
    return score(x, target, params).detach()


def input_gradient__of_the_loss(x, target, params):
    """This is the gradient of the cross-entropy. Go back from the class's logit itself."""
    return gradient(x, target, params, lambda *args: -chosen(logits_of(args[0], params).log_softmax(dim=1), target))


def input_gradient__of_the_probability(x, target, params):
    """This is the gradient of the probability. Go back from the class's logit, without softmax."""
    return gradient(x, target, params, class_score__probability)


def input_gradient__averaged(x, target, params):
    """You go back from a mean over the images, which divides by their number. Go back from the sum of the scores."""
    return gradient(x, target, params) / len(x)


def input_gradient__of_all_classes(x, target, params):
    """You go back from the sum of all logits: that explains all classes together. Choose the class's logit first."""
    return gradient(x, target, params, lambda *args: logits_of(args[0], params).sum(dim=1))


def input_gradient__of_the_largest(x, target, params):
    """You explain the class with the largest logit. The question is about the class in target, which may be another."""
    return gradient(x, target, params, class_score__largest)


def input_gradient__past_relu(x, target, params):
    """The network that you differentiate has no relu: where a hidden unit is asleep, no gradient comes through."""
    w1, b1, w2, b2 = params
    return gradient(x, target, params, lambda *args: chosen(linear(linear(args[0].flatten(1), w1, b1), w2, b2), target))


def input_gradient__descent(x, target, params):
    """The sign is turned round: you return the way down. The gradient points to where the logit grows."""
    return -gradient(x, target, params)


def input_gradient__times_input(x, target, params):
    """You multiply by the image: "gradient times input", another method. The gradient alone is asked for."""
    return x.detach() * gradient(x, target, params)


def input_gradient__flat(x, target, params):
    """You return rows of numbers, (N, C·H·W). Give the gradient the shape of the image."""
    return gradient(x, target, params).flatten(1)


def told(model, leaf, target, pick=chosen):
    return torch.autograd.grad(pick(model(leaf), target).sum(), leaf)[0]


def evaluated(model, x, target, pick=chosen):
    """Do it right, but for what is picked from the logits."""
    mode = model.training
    found = told(model.eval(), x.detach().requires_grad_(), target, pick)
    model.train(mode)
    return found


def model_gradient__in_its_mode(model, x, target):
    """You ask the model in the mode in which it is: in training, dropout draws anew and units differ. Call eval()."""
    return told(model, x.detach().requires_grad_(), target)


def model_gradient__left_in_evaluation(model, x, target):
    """The model stays in evaluation mode, and goes on training without its dropout. Put its mode back."""
    return told(model.eval(), x.detach().requires_grad_(), target)


def model_gradient__always_training(model, x, target):
    """You leave the model in training mode, whatever its mode was. Remember model.training: model.train(mode)."""
    found = told(model.eval(), x.detach().requires_grad_(), target)
    model.train()
    return found


def model_gradient__backward(model, x, target):
    """backward() adds to the gradients of all parameters, and the next step is wrong. Use torch.autograd.grad."""
    leaf, mode = x.detach().requires_grad_(), model.training
    chosen(model.eval()(leaf), target).sum().backward()
    model.train(mode)
    return leaf.grad


def model_gradient__emptied(model, x, target):
    """zero_grad() throws gradients away that somebody collects. Use torch.autograd.grad, which touches none."""
    found = model_gradient__backward(model, x, target)
    model.zero_grad()
    return found


def model_gradient__marked_image(model, x, target):
    """You make x itself require a gradient, for good. Make a leaf of your own: x.detach().requires_grad_()."""
    mode = model.training
    found = told(model.eval(), x.requires_grad_(), target)
    model.train(mode)
    return found


def model_gradient__kept_graph(model, x, target):
    """The gradient is in a graph, and keeps the whole network alive. Leave out create_graph, or detach."""
    leaf, mode = x.detach().requires_grad_(), model.training
    score = chosen(model.eval()(leaf), target).sum()
    model.train(mode)
    return torch.autograd.grad(score, leaf, create_graph=True)[0] + 0 * leaf


def model_gradient__averaged(model, x, target):
    """You go back from a mean over the images, which divides by their number. Go back from the sum of the scores."""
    return evaluated(model, x, target) / len(x)


def model_gradient__of_the_loss(model, x, target):
    """This is the gradient of the cross-entropy. Go back from the class's logit itself."""
    return evaluated(model, x, target, lambda logits, target: -chosen(logits.log_softmax(dim=1), target))


def model_gradient__of_the_largest(model, x, target):
    """You explain the class with the largest logit. The question is about the class in target, which may be another."""
    return evaluated(model, x, target, lambda logits, target: logits.amax(dim=1))


def saliency__signed(x, target, params):
    """You take the largest gradient with its sign. A pixel that speaks against the class is salient too: abs."""
    return gradient(x, target, params).amax(dim=1)


def saliency__abs_last(x, target, params):
    """You take the largest over the channels first: a strong negative gradient is lost. abs comes first."""
    return gradient(x, target, params).amax(dim=1).abs()


def saliency__summed(x, target, params):
    """You add the channels up. The map takes the largest over the channels."""
    return gradient(x, target, params).abs().sum(dim=1)


def saliency__averaged(x, target, params):
    """You average the channels. The map takes the largest over the channels."""
    return gradient(x, target, params).abs().mean(dim=1)


def saliency__norm(x, target, params):
    """You take the root of the sum of squares over the channels. The map takes the largest of their sizes."""
    return gradient(x, target, params).norm(dim=1)


def saliency__squared(x, target, params):
    """You square the gradient. Its size, the absolute value, is asked for."""
    return gradient(x, target, params).square().amax(dim=1)


def saliency__scaled(x, target, params):
    """You divide each map by its largest entry. That is for drawing; the map itself has the gradient's size."""
    found = gradient(x, target, params).abs().amax(dim=1)
    return found / found.amax(dim=(1, 2), keepdim=True)


def saliency__with_channels(x, target, params):
    """The map still has channels. Take the largest over them, so that one number a pixel is left: (N, H, W)."""
    return gradient(x, target, params).abs()


def saliency__pair(x, target, params):
    """max(dim=…) returns values and indices. Take the values, or use amax."""
    return tuple(gradient(x, target, params).abs().max(dim=1))


def integrated_gradients__left_ends(x, baseline, target, params, steps):
    """Your points are k/steps from 0 on, the left ends of the parts. Take their middles, (k + 0.5)/steps."""
    return integrated(x, baseline, target, params, [k / steps for k in range(steps)])


def integrated_gradients__right_ends(x, baseline, target, params, steps):
    """Your points are k/steps from 1 on, the right ends of the parts. Take their middles, (k - 0.5)/steps."""
    return integrated(x, baseline, target, params, [(k + 1) / steps for k in range(steps)])


def integrated_gradients__both_ends(x, baseline, target, params, steps):
    """linspace(0, 1, steps) has both ends among its points. Take the middles of equal parts, (k - 0.5)/steps."""
    return integrated(x, baseline, target, params, torch.linspace(0, 1, steps))


def integrated_gradients__one_point_more(x, baseline, target, params, steps):
    """linspace(0, 1, steps + 1) gives the ends of the parts, one more than there are. Take their middles."""
    return integrated(x, baseline, target, params, torch.linspace(0, 1, steps + 1))


def integrated_gradients__trapezoids(x, baseline, target, params, steps):
    """You average the gradients at both ends of each part, the trapezoid rule. Take the one at its middle."""
    ends = [integrated(x, baseline, target, params, [(k + end) / steps for k in range(steps)]) for end in (0, 1)]
    return (ends[0] + ends[1]) / 2


def integrated_gradients__points_from_black(x, baseline, target, params, steps):
    """You scale the image, which is a way from 0. The points are baseline + part of (x - baseline)."""
    return integrated(x, 0 * baseline, target, params, middles(steps), difference=x - baseline)


def integrated_gradients__mean_gradient(x, baseline, target, params, steps):
    """This is the mean gradient. Multiply by x - baseline, how far each pixel has come, to attribute anything."""
    return integrated(x, baseline, target, params, middles(steps), difference=torch.ones_like(x))


def integrated_gradients__times_image(x, baseline, target, params, steps):
    """You multiply by the image. Multiply by x - baseline, which is the same only where the baseline is 0."""
    return integrated(x, baseline, target, params, middles(steps), difference=x)


def integrated_gradients__summed(x, baseline, target, params, steps):
    """You add the gradients up and do not divide by steps: more steps would make larger attributions."""
    return integrated(x, baseline, target, params, middles(steps), mean=False)


def integrated_gradients__from_black(x, baseline, target, params, steps):
    """Your way starts at 0 and not at the baseline. The points are baseline + part of (x - baseline)."""
    return integrated(x, 0 * baseline, target, params, middles(steps))


def integrated_gradients__at_the_image(x, baseline, target, params, steps):
    """You take the gradient at the image alone. Average it over the way from the baseline to the image."""
    return (x - baseline) * gradient(x, target, params)


def integrated_gradients__backwards(x, baseline, target, params, steps):
    """You go from the image to the baseline: all attributions have the other sign. Multiply by x - baseline."""
    return -integrated(x, baseline, target, params, middles(steps))


def explained(x, baseline, target, params):
    return score(x, target, params) - score(baseline.expand_as(x), target, params)


def completeness_gap__size(attributions, x, baseline, target, params):
    """You return the size of the gap. Keep its sign: it says whether too much or too little is explained."""
    return (attributions.sum(dim=(1, 2, 3)) - explained(x, baseline, target, params)).abs()


def completeness_gap__turned_round(attributions, x, baseline, target, params):
    """The sign is turned round: the gap is the sum of the attributions minus what they have to explain."""
    return explained(x, baseline, target, params) - attributions.sum(dim=(1, 2, 3))


def completeness_gap__no_baseline(attributions, x, baseline, target, params):
    """You compare with the image's logit. What is to be explained is its difference from the baseline's logit."""
    return attributions.sum(dim=(1, 2, 3)) - score(x, target, params)


def completeness_gap__black(attributions, x, baseline, target, params):
    """You compare with an image of zeros. The difference from the given baseline is what has to be explained."""
    return attributions.sum(dim=(1, 2, 3)) - explained(x, 0 * baseline, target, params)


def completeness_gap__relative(attributions, x, baseline, target, params):
    """You divide by the difference that has to be explained. The gap itself is asked for, in units of the logit."""
    return attributions.sum(dim=(1, 2, 3)) / explained(x, baseline, target, params) - 1


def completeness_gap__mean(attributions, x, baseline, target, params):
    """You average the attributions. They are parts of a whole: their sum is what has to be right."""
    return attributions.mean(dim=(1, 2, 3)) - explained(x, baseline, target, params)


def completeness_gap__all_images(attributions, x, baseline, target, params):
    """You add up the attributions of all images. Each image has a gap of its own: sum over dims 1, 2 and 3."""
    return attributions.sum() - explained(x, baseline, target, params)


def covering(x, target, params, size, stride, cover, drop=lambda whole, rest: whole - rest, short=0, of=score):
    """Occlude with ``cover(covered, rows, columns)``, which changes the images that it is given."""
    tops = range(0, x.shape[2] - size[0] + 1 - short, stride[0])
    lefts = range(0, x.shape[3] - size[1] + 1 - short, stride[1])
    drops = x.new_zeros(len(x), len(tops), len(lefts))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            covered = x.clone()
            cover(covered, slice(top, top + size[0]), slice(left, left + size[1]))
            drops[:, i, j] = drop(of(x, target, params), of(covered, target, params))
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
    return covering(x, target, params, size, stride, patch(value), lambda whole, rest: (whole - rest).abs())


def occlusion__one_channel(x, target, params, size, stride, value=0.0):
    """You cover the first channel only. A patch covers all channels of its pixels: [:, :, rows, columns]."""

    def cover(covered, rows, columns):
        covered[:, 0, rows, columns] = value

    return covering(x, target, params, size, stride, cover)


def occlusion__never_uncovered(x, target, params, size, stride, value=0.0):
    """One copy serves all places, and earlier patches stay in it. Clone the image anew for each place."""
    kept = x.clone()

    def cover(covered, rows, columns):
        kept[:, :, rows, columns] = value
        covered.copy_(kept)

    return covering(x, target, params, size, stride, cover)


def occlusion__one_place_short(x, target, params, size, stride, value=0.0):
    """The last place is left out: range stops before its end, so the end is H - kH + 1."""
    return covering(x, target, params, size, stride, patch(value), short=1)


def occlusion__strides_mixed_up(x, target, params, size, stride, value=0.0):
    """The strides are mixed up: stride is (sH, sW), how far down and how far to the right."""
    return covering(x, target, params, size, stride[::-1], patch(value))


def occlusion__over_the_edge(x, target, params, size, stride, value=0.0):
    """Your last patches hang over the edge. They stay inside: the last place is at H - kH or before."""
    wide = torch.nn.functional.pad(x, (0, size[1] - 1, 0, size[0] - 1))

    def within(images, target, params):
        return score(images[:, :, : x.shape[2], : x.shape[3]], target, params)

    return covering(wide, target, params, size, stride, patch(value), of=within)


def occlusion__every_pixel(x, target, params, size, stride, value=0.0):
    """The patch moves by one pixel. It moves by stride, down and to the right."""
    return covering(x, target, params, size, (1, 1), patch(value))


def occlusion__by_its_size(x, target, params, size, stride, value=0.0):
    """The patch moves by its own size. It moves by stride, which may be smaller or larger."""
    return covering(x, target, params, size, size, patch(value))


def occlusion__black(x, target, params, size, stride, value=0.0):
    """You always cover with 0. Cover with value."""
    return covering(x, target, params, size, stride, patch(0.0))


def occlusion__probability(x, target, params, size, stride, value=0.0):
    """You compare probabilities. Compare the logits of the class."""
    return covering(x, target, params, size, stride, patch(value), of=class_score__probability)


def averaged(weights):
    return weights.mean(dim=0)


def half_beside(weights):
    return (weights + torch.eye(len(weights), dtype=weights.dtype)) / 2


def rolled(layers, heads=averaged, residual=half_beside):
    rollout = torch.eye(layers.shape[-1], dtype=layers.dtype)
    for weights in layers:
        rollout = residual(heads(weights)) @ rollout
    return rollout


def attention_rollout__no_residual(attention):
    """You multiply the attention alone. Half of what flows goes past it: ½ · attention + ½ · identity."""
    return rolled(attention, residual=lambda a: a)


def attention_rollout__not_halved(attention):
    """Attention plus identity has rows that sum up to 2. Halve it, or the result doubles with each layer."""
    return rolled(attention, residual=lambda a: a + torch.eye(len(a), dtype=a.dtype))


def attention_rollout__last_factor_first(attention):
    """The product's order is turned round. What reaches a layer has come through those before: A_last … A_first."""
    return rolled(attention.flip(0))


def attention_rollout__largest_head(attention):
    """You take the largest over the heads. Average them; the rows then still sum up to 1."""
    return rolled(attention, heads=lambda weights: weights.amax(dim=0))


def attention_rollout__summed_heads(attention):
    """You add the heads up. Average them; the rows then still sum up to 1."""
    return rolled(attention, heads=lambda weights: weights.sum(dim=0))


def attention_rollout__first_head(attention):
    """You look at the first head alone. Average all heads of a layer."""
    return rolled(attention, heads=lambda weights: weights[0])


def attention_rollout__last_layer(attention):
    """You look at the last layer alone. Its positions are mixtures already: multiply through all layers."""
    return rolled(attention[-1:])


def attention_rollout__averaged_layers(attention):
    """You average the layers. They come one after the other: multiply their matrices."""
    return rolled(attention.mean(dim=0, keepdim=True))


def attention_rollout__transposed(attention):
    """Rows and columns are mixed up. attention[l, h, i, j] is how much position i looks at j, and so is the result."""
    return rolled(attention).T


def attention_rollout__residual_once(attention):
    """You add the identity once, at the end. Each layer has a residual connection of its own."""
    return half_beside(rolled(attention, residual=lambda a: a))

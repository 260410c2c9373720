"""Explanations by transforms of functions (``torch.func``), with the framework's own layers."""

import torch
from torch.nn import functional as F


def score(image, k, params):
    """The logit of one class of one image."""
    w1, b1, w2, b2 = params
    return F.linear(F.relu(F.linear(image.flatten(), w1, b1)), w2, b2)[k]


def pairs(function, x, target, *others):
    """Call a function of one image and one class with each pair, one after the other."""
    return torch.stack([function(image, int(k), *others) for image, k in zip(x, target, strict=True)])


def class_score(x, target, params):
    return pairs(score, x, target, params)


def input_gradient(x, target, params):
    return pairs(torch.func.grad(score), x, target, params)


def saliency(x, target, params):
    return torch.linalg.vector_norm(input_gradient(x, target, params), ord=float("inf"), dim=1)


def integrated_gradients(x, baseline, target, params, steps):
    """The chain rule the other way round: the derivative of the point's gradient sum by a factor for each pixel."""

    def along(way, image, k):
        return sum(score(baseline + (i + 0.5) / steps * way, k, params) / (i + 0.5) for i in range(steps))

    return pairs(lambda image, k: (image - baseline) * torch.func.grad(along)(image - baseline, image, k), x, target)


def completeness_gap(attributions, x, baseline, target, params):
    return attributions.flatten(1).sum(dim=1) - pairs(
        lambda *one: score(*one) - score(baseline, *one[1:]), x, target, params
    )


def occlusion(x, target, params, size, stride, value=0.0):
    """Where each patch lies is said by ``fold``: column i of the identity, put back into an image, is place i."""
    area, (height, width) = size[0] * size[1], x.shape[2:]
    rows, columns = (height - size[0]) // stride[0] + 1, (width - size[1]) // stride[1] + 1
    places = torch.eye(rows * columns, dtype=x.dtype)[:, None].expand(-1, area, -1)
    masks = F.fold(places, (height, width), size, stride=stride)  # (places, 1, height, width)
    drops = [
        pairs(score, x, target, params) - pairs(score, x.where(mask == 0, value), target, params) for mask in masks
    ]
    return torch.stack(drops, dim=1).unflatten(1, (rows, columns))


def attention_rollout(attention):
    """A row of the product is where a walk ends that starts at a position and goes down through the layers."""
    walkers = torch.eye(attention.shape[-1], dtype=attention.dtype)
    for weights in attention.flip(0):
        walkers = walkers / 2 + sum(walkers @ head for head in weights) / (2 * len(weights))
    return walkers


OPERATORS = {
    "class_score": class_score,
    "input_gradient": input_gradient,
    "saliency": saliency,
    "integrated_gradients": integrated_gradients,
    "completeness_gap": completeness_gap,
    "occlusion": occlusion,
    "attention_rollout": attention_rollout,
}

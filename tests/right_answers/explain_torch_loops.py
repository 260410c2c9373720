"""One image at a time, with backward() on copies of everything."""

import copy

import torch
from explain_library_torch import linear, relu


def _score(image, k, params):
    w1, b1, w2, b2 = params
    return linear(relu(linear(image.reshape(-1), w1, b1)), w2, b2)[k]


def class_score(x, target, params):
    return torch.stack([_score(x[i], target[i], params) for i in range(len(x))])


def input_gradient(x, target, params):
    found = torch.zeros_like(x)
    for i, image in enumerate(x):
        leaf = image.clone().detach().requires_grad_(True)
        with torch.enable_grad():
            _score(leaf, int(target[i]), [param.clone() for param in params]).backward()
        found[i] = leaf.grad
    return found


def model_gradient(model, x, target):
    asked = copy.deepcopy(model)
    asked.eval()
    images = x.clone().detach()
    images.requires_grad = True
    logits = asked(images)
    for i in range(len(x)):
        logits[i, int(target[i])].backward(retain_graph=True)
    return images.grad


def saliency(x, target, params):
    largest, _ = torch.max(torch.abs(input_gradient(x, target, params)), 1)
    return largest


def integrated_gradients(x, baseline, target, params, steps):
    total = torch.zeros_like(x)
    for i in range(1, steps + 1):
        total += input_gradient(torch.lerp(baseline.expand_as(x), x, (i - 0.5) / steps), target, params)
    return total.div(steps).mul(x.sub(baseline))


def completeness_gap(attributions, x, baseline, target, params):
    gaps = []
    for given, image, k in zip(attributions, x, target, strict=True):
        gaps.append(given.sum() - (_score(image, k, params) - _score(baseline, k, params)))
    return torch.stack(gaps)


def occlusion(x, target, params, size, stride, value=0.0):
    kh, kw = size
    with torch.no_grad():
        return torch.stack(
            [
                torch.stack(
                    [
                        class_score(x, target, params) - class_score(_covered(x, i, j, kh, kw, value), target, params)
                        for j in range(0, x.size(3) - kw + 1, stride[1])
                    ],
                    dim=1,
                )
                for i in range(0, x.size(2) - kh + 1, stride[0])
            ],
            dim=1,
        )


def _covered(x, i, j, kh, kw, value):
    keep = torch.ones_like(x)
    keep[:, :, i : i + kh, j : j + kw] = 0
    return x * keep + value * (1 - keep)


def attention_rollout(attention):
    rollout = torch.eye(attention.size(-1)).to(attention)
    for layer in attention:
        rollout = torch.addmm(rollout, layer.mean(0), rollout, beta=0.5, alpha=0.5)
    return rollout

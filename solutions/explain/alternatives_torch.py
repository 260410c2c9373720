"""Other right answers in PyTorch."""

import copy

import torch
from explain_library_torch import linear, relu


def class_score__indexing(x, target, params):
    """Pairs of rows and classes."""
    w1, b1, w2, b2 = params
    return linear(relu(linear(x.reshape(len(x), -1), w1, b1)), w2, b2)[torch.arange(len(x)), target]


def class_score__products(x, target, params):
    """Take the class's row of the last layer first."""
    w1, b1, w2, b2 = params
    return (relu(linear(x.flatten(1), w1, b1)) * w2[target]).sum(dim=1) + b2[target]


def input_gradient__backward(x, target, params):
    """With backward() on a copy."""
    leaf = x.detach().clone().requires_grad_()
    frozen = tuple(param.detach() for param in params)
    with torch.enable_grad():
        class_score__indexing(leaf, target, frozen).backward(torch.ones(len(x), dtype=x.dtype))
    return leaf.grad


def input_gradient__closed_form(x, target, params):
    """Rows of the last layer, masked by who is awake, times the first layer."""
    w1, b1, w2, _ = params
    awake = linear(x.flatten(1), w1, b1) > 0
    return ((w2[target] * awake) @ w1).reshape(x.shape).detach()


def model_gradient__each_image(model, x, target):
    """One image at a time, the mode put back at the end, whatever happens."""
    mode, found = model.training, []
    try:
        model.eval()
        for image, k in zip(x, target, strict=True):
            leaf = image.detach().clone().requires_grad_()
            found += torch.autograd.grad(model(leaf[None])[0, k], leaf)
    finally:
        model.train(mode)
    return torch.stack(found)


def model_gradient__frozen(model, x, target):
    """With backward(), while no parameter requires a gradient."""
    mode, trained = model.training, [param for param in model.parameters() if param.requires_grad]
    model.eval()
    for param in trained:
        param.requires_grad_(False)
    leaf = x.detach().clone().requires_grad_()
    model(leaf)[torch.arange(len(x)), target].backward(torch.ones(len(x), dtype=x.dtype))
    for param in trained:
        param.requires_grad_(True)
    model.train(mode)
    return leaf.grad


def model_gradient__copy(model, x, target):
    """A copy of the model is explained, and thrown away."""
    copied, leaf = copy.deepcopy(model).eval(), x.detach().clone().requires_grad_()
    torch.gather(copied(leaf), 1, target.unsqueeze(1)).sum().backward()
    return leaf.grad.detach()


def saliency__two_ends(x, target, params):
    """The larger of the largest and the negated smallest gradient."""
    found = input_gradient__closed_form(x, target, params)
    return torch.maximum(found.amax(dim=1), -found.amin(dim=1))


def saliency__values(x, target, params):
    """The values of max."""
    return input_gradient__backward(x, target, params).abs().max(dim=1).values


def integrated_gradients__one_batch(x, baseline, target, params, steps):
    """All points at once, as one large batch."""
    alphas = ((torch.arange(steps, dtype=x.dtype) + 0.5) / steps).reshape(-1, 1, 1, 1, 1)
    points = baseline + alphas * (x - baseline)
    grads = input_gradient__backward(points.flatten(0, 1), target.repeat(steps), params)
    return (x - baseline) * grads.reshape(points.shape).mean(dim=0)


def integrated_gradients__one_product(x, baseline, target, params, steps):
    """Units change evenly on the way: two forward passes say who is awake where, and one product goes back."""
    w1, b1, w2, _ = params
    start, end = linear(baseline.flatten()[None], w1, b1), linear(x.flatten(1), w1, b1)
    alphas = (torch.arange(steps, dtype=x.dtype)[:, None, None] + 0.5) / steps
    awake = (start + alphas * (end - start) > 0).to(x.dtype).mean(dim=0)
    return (x - baseline) * ((w2[target] * awake) @ w1).reshape(x.shape)


def integrated_gradients__lerp(x, baseline, target, params, steps):
    """Points as mixtures of the two images."""
    start = baseline.expand_as(x)
    points = [torch.lerp(start, x, (k - 0.5) / steps) for k in range(1, steps + 1)]
    return torch.stack([input_gradient__closed_form(point, target, params) for point in points]).mean(0) * (x - start)


def completeness_gap__one_batch(attributions, x, baseline, target, params):
    """Images and baseline in one batch."""
    both = torch.cat([x, baseline.expand_as(x)])
    image, start = class_score__indexing(both, target.repeat(2), params).detach().chunk(2)
    return attributions.flatten(1).sum(dim=1) - image + start


def occlusion__masks(x, target, params, size, stride, value=0.0):
    """Choose between image and value by a mask."""
    rows = torch.arange(x.shape[2])[:, None]
    columns = torch.arange(x.shape[3])
    whole = class_score__indexing(x, target, params)
    down = []
    for top in range(0, x.shape[2] - size[0] + 1, stride[0]):
        across = []
        for left in range(0, x.shape[3] - size[1] + 1, stride[1]):
            inside = (rows >= top) & (rows < top + size[0]) & (columns >= left) & (columns < left + size[1])
            across.append(whole - class_score__indexing(x.masked_fill(inside, value), target, params))
        down.append(torch.stack(across, dim=1))
    return torch.stack(down, dim=1).detach()


def attention_rollout__normalised(attention):
    """Add the identity and divide each row by its sum."""
    mixed = attention.mean(dim=1) + torch.eye(attention.shape[-1], dtype=attention.dtype)
    mixed = mixed / mixed.sum(dim=-1, keepdim=True)
    return mixed[0] if len(mixed) == 1 else torch.linalg.multi_dot(tuple(mixed.flip(0)))

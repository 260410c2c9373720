"""By hand, without autograd wherever there is a formula; a hook where the model is somebody's."""

import torch


def _hidden(x, params):
    return torch.addmm(params[1], x.flatten(1), params[0].t())


def class_score(x, target, params):
    logits = _hidden(x, params).clamp(min=0) @ params[2].mT + params[3]
    return logits[range(len(x)), target]


def input_gradient(x, target, params):
    back = torch.where(_hidden(x, params) > 0, params[2].index_select(0, target), 0.0)
    return (back @ params[0]).view_as(x)


def model_gradient(model, x, target):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    images = x.detach().requires_grad_()
    caught = []
    images.register_hook(caught.append)
    onehot = torch.zeros_like(logits := model(images)).scatter(1, target[:, None], 1.0)
    torch.autograd.grad(logits, images, grad_outputs=onehot)
    for module, mode in modes:
        module.training = mode
    return caught[0]


def saliency(x, target, params):
    found = input_gradient(x, target, params)
    return torch.cat([found, -found], dim=1).amax(dim=1)


def integrated_gradients(x, baseline, target, params, steps):
    way = x - baseline
    middles = torch.tensor([(k + 0.5) / steps for k in range(steps)], dtype=x.dtype)
    points = torch.einsum("k,nchw->knchw", middles, way) + baseline
    grads = input_gradient(points.reshape(-1, *x.shape[1:]), target.repeat(steps), params)
    return way * grads.view_as(points).sum(0) / steps


def completeness_gap(attributions, x, baseline, target, params):
    zero = class_score(torch.stack([baseline] * len(x)), target, params)
    return attributions.sum((-1, -2, -3)) + zero - class_score(x, target, params)


def occlusion(x, target, params, size, stride, value=0.0):
    """Covering changes what arrives at the hidden units by what the patch's own weights take up."""
    pre = _hidden(x, params)
    weights = params[0].reshape(-1, *x.shape[1:])
    seen, kernel = (one.unfold(2, size[0], stride[0]).unfold(3, size[1], stride[1]) for one in (x, weights))
    covered = pre[:, None, None] + torch.einsum("ncijab,ucijab->niju", value - seen, kernel)
    lost = pre.clamp(min=0)[:, None, None] - covered.clamp(min=0)
    return torch.einsum("niju,nu->nij", lost, params[2][target])


def attention_rollout(attention):
    rollout = None
    for layer in attention:
        mixed = layer.mean(dim=0)
        mixed = 0.5 * mixed + 0.5 * torch.diag(torch.ones(len(mixed), dtype=mixed.dtype))
        rollout = mixed if rollout is None else mixed.mm(rollout)
    return rollout

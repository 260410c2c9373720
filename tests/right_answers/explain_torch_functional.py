"""The framework's own functions, and transforms of functions instead of a tape."""

import torch
import torch.nn.functional as F


def _one(image, k, params):
    w1, b1, w2, b2 = params
    return F.linear(F.relu(F.linear(image.flatten(), w1, b1)), w2, b2).gather(0, k.unsqueeze(0)).squeeze(0)


def class_score(x, target, params):
    return torch.vmap(_one, in_dims=(0, 0, None))(x, target, params)


def input_gradient(x, target, params):
    return torch.vmap(torch.func.grad(_one), in_dims=(0, 0, None))(x, target, params)


def model_gradient(model, x, target):
    state = {name: value.detach() for name, value in (*model.named_parameters(), *model.named_buffers())}
    mode = model.training

    def total(images):
        logits = torch.func.functional_call(model, state, (images,))
        return torch.take_along_dim(logits, target[:, None], dim=1).sum()

    try:
        model.eval()
        return torch.func.grad(total)(x.detach())
    finally:
        model.train(mode)


def saliency(x, target, params):
    return torch.linalg.vector_norm(input_gradient(x, target, params), ord=float("inf"), dim=1)


def integrated_gradients(x, baseline, target, params, steps):
    alphas = torch.linspace(0.5 / steps, 1 - 0.5 / steps, steps, dtype=torch.float64).to(x.dtype)
    grads = torch.vmap(lambda a: input_gradient(baseline + a * (x - baseline), target, params))(alphas)
    return torch.mul(x - baseline, grads.mean(0))


def completeness_gap(attributions, x, baseline, target, params):
    start = class_score(baseline.repeat(len(x), 1, 1, 1), target, params)
    return torch.einsum("nchw->n", attributions) - torch.sub(class_score(x, target, params), start)


def occlusion(x, target, params, size, stride, value=0.0):
    whole = class_score(x, target, params)
    drops = []
    for top in torch.arange(x.shape[2]).unfold(0, size[0], stride[0]):
        for left in torch.arange(x.shape[3]).unfold(0, size[1], stride[1]):
            covered = x.clone()
            covered[..., top[:, None], left] = value
            drops.append(whole - class_score(covered, target, params))
    across = (x.shape[3] - size[1]) // stride[1] + 1
    return torch.stack(drops, dim=-1).unflatten(-1, (-1, across))


def attention_rollout(attention):
    mixed = torch.lerp(torch.eye(attention.shape[-1]).to(attention), attention.mean(dim=1), 0.5)
    return torch.linalg.multi_dot([*mixed.flip(0)]) if len(mixed) > 1 else mixed.squeeze(0)

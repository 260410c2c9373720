"""Other right answers in PyTorch."""

import torch


def batch_norm__no_grad(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    shape = (1, x.shape[1], *[1] * (x.dim() - 2))
    if training:
        dims = [dim for dim in range(x.dim()) if dim != 1]
        mean, var = x.mean(dims), x.var(dims, unbiased=False)
        with torch.no_grad():
            running_mean = (1 - momentum) * running_mean + momentum * mean
            running_var = (1 - momentum) * running_var + momentum * x.var(dims)
    else:
        mean, var = running_mean, running_var
    normalized = (x - mean.view(shape)) * torch.rsqrt(var.view(shape) + eps)
    return normalized * weight.view(shape) + bias.view(shape), running_mean, running_var


def batch_norm__cloned_and_changed(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    rows = x.movedim(1, -1).flatten(end_dim=-2)  # (n, C)
    new_mean, new_var = running_mean.clone(), running_var.clone()
    mean, var = running_mean, running_var
    if training:
        mean = rows.mean(0)
        var = (rows - mean).square().mean(0)
        new_mean.mul_(1 - momentum).add_(mean.detach(), alpha=momentum)
        new_var.mul_(1 - momentum).add_(var.detach() * len(rows) / (len(rows) - 1), alpha=momentum)
    output = (rows - mean) / (var + eps).sqrt() * weight + bias
    return output.reshape(*x.movedim(1, -1).shape).movedim(-1, 1), new_mean, new_var


def batch_norm__std_squared(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Square a deviation, whose gradient PyTorch takes for 0 where it is 0."""
    shape = (-1, *[1] * (x.dim() - 2))
    mean, var = running_mean, running_var
    if training:
        dims = (0, *range(2, x.dim()))
        mean, var = x.mean(dim=dims), x.std(dim=dims, correction=0) ** 2
        running_mean = running_mean.lerp(mean.detach(), momentum)
        running_var = running_var.lerp(x.detach().var(dim=dims), momentum)
    output = (x - mean.reshape(shape)) / torch.sqrt(var + eps).reshape(shape)
    return output * weight.reshape(shape) + bias.reshape(shape), running_mean, running_var


def batch_norm__one_feature_at_a_time(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    outputs, means, variances = [], [], []
    for c, values in enumerate(x.unbind(dim=1)):
        mean, var = (values.mean(), values.var(correction=0)) if training else (running_mean[c], running_var[c])
        outputs.append((values - mean) / (var + eps) ** 0.5 * weight[c] + bias[c])
        means.append((1 - momentum) * running_mean[c] + momentum * values.detach().mean() if training else mean)
        variances.append((1 - momentum) * running_var[c] + momentum * values.detach().var() if training else var)
    return torch.stack(outputs, dim=1), torch.stack(means), torch.stack(variances)


def layer_norm__flattened(x, normalized_shape, weight, bias, eps=1e-5):
    rows = x.flatten(start_dim=x.dim() - len(normalized_shape))
    centred = rows - rows.mean(dim=-1, keepdim=True)
    normalized = centred * torch.rsqrt(centred.pow(2).mean(dim=-1, keepdim=True) + eps)
    return normalized.reshape(x.shape) * weight + bias


def layer_norm__one_example_at_a_time(x, normalized_shape, weight, bias, eps=1e-5):
    examples = x.reshape(-1, *normalized_shape)
    found = [(one - one.mean()) / torch.sqrt(one.var(correction=0) + eps) for one in examples]
    return torch.stack(found).reshape(x.shape) * weight + bias


def layer_norm__addcmul(x, normalized_shape, weight, bias, eps=1e-5):
    dims = [-1 - i for i in range(len(normalized_shape))]
    std = x.std(dim=dims, unbiased=False, keepdim=True)
    return torch.addcmul(bias, (x - x.mean(dim=dims, keepdim=True)) / (std.square() + eps).sqrt(), weight)


def rms_norm__by_length(x, normalized_shape, weight, eps=1e-5):
    """Square a length, whose gradient PyTorch takes for 0 where it is 0."""
    dims = tuple(range(-len(normalized_shape), 0))
    length = torch.linalg.vector_norm(x, dim=dims, keepdim=True)
    return x / torch.sqrt(length**2 / weight.numel() + eps) * weight


def rms_norm__flattened(x, normalized_shape, weight, eps=1e-5):
    rows = x.reshape(-1, weight.numel())
    square = torch.einsum("nk,nk->n", rows, rows)[:, None] / weight.numel()
    return (rows * (square + eps).pow(-0.5)).reshape(x.shape) * weight


def rms_norm__one_example_at_a_time(x, normalized_shape, weight, eps=1e-5):
    examples = x.reshape(-1, *normalized_shape).unbind()
    return torch.stack([weight * one / ((one * one).mean() + eps).sqrt() for one in examples]).reshape(x.shape)


def group_norm__unflatten(x, num_groups, weight, bias, eps=1e-5):
    split = x.unflatten(1, (num_groups, -1))
    dims = tuple(range(2, split.dim()))
    mean, var = split.mean(dim=dims, keepdim=True), split.var(dim=dims, keepdim=True, correction=0)
    normalized = ((split - mean) * torch.rsqrt(var + eps)).flatten(1, 2)
    shape = (1, -1, *[1] * (x.dim() - 2))
    return normalized * weight.view(shape) + bias.view(shape)


def group_norm__chunks(x, num_groups, weight, bias, eps=1e-5):
    dims, parts = tuple(range(1, x.dim())), []
    for part in x.chunk(num_groups, dim=1):
        centred = part - part.mean(dim=dims, keepdim=True)
        parts.append(centred / torch.sqrt((centred**2).mean(dim=dims, keepdim=True) + eps))
    wide = (slice(None), *[None] * (x.dim() - 2))
    return torch.cat(parts, dim=1) * weight[wide] + bias[wide]

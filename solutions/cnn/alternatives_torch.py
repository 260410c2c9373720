"""Other right answers in PyTorch."""

import torch
import torch.nn.functional as F
from cnn_library_torch import adam, conv2d, cross_entropy, linear, max_pool2d, relu
from torch import nn


def standardize__var_mean(train, other):
    var, mean = torch.var_mean(train, dim=(0, 2, 3), correction=0)
    return tuple((x - mean[:, None, None]) / var.sqrt()[:, None, None] for x in (train, other))


def standardize__channel_by_channel(train, other):
    channels = []
    for a, b in zip(train.unbind(1), other.unbind(1), strict=True):
        mean, std = a.mean(), a.std(unbiased=False)
        channels.append(((a - mean) / std, (b - mean) / std))
    return tuple(torch.stack(one, dim=1) for one in zip(*channels, strict=True))


def forward__frameworks_layers(x, params):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    x = F.max_pool2d(F.conv2d(x, w1, b1).relu(), 2)
    x = F.max_pool2d(F.conv2d(x, w2, b2).relu(), 2)
    return F.linear(F.linear(x.flatten(1), w3, b3).relu(), w4, b4)


def forward__relu_after_pooling(x, params):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    for weight, bias in ((w1, b1), (w2, b2)):
        x = relu(max_pool2d(conv2d(x, weight, bias), (2, 2)))
    return linear(relu(linear(x.reshape(len(x), -1), w3, b3)), w4, b4)


def forward__unfolded(x, params):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    for weight, bias in ((w1, b1), (w2, b2)):
        size = [a - k + 1 for a, k in zip(x.shape[2:], weight.shape[2:], strict=True)]
        columns = F.unfold(x, weight.shape[2:])
        x = (weight.flatten(1) @ columns + bias[:, None]).unflatten(2, size)
        h, w = size[0] // 2, size[1] // 2
        x = x[..., : 2 * h, : 2 * w].unflatten(2, (h, 2)).unflatten(4, (w, 2)).amax(dim=(3, 5)).clamp(min=0)
    return torch.addmm(b4, torch.addmm(b3, x.flatten(1), w3.T).clamp(min=0), w4.T)


def loss_and_grads__backward(x, target, params):
    leaves = [param.detach().clone().requires_grad_(True) for param in params]
    loss = F.cross_entropy(forward__frameworks_layers(x, leaves), target)
    loss.backward()
    return loss.detach(), tuple(leaf.grad for leaf in leaves)


def loss_and_grads__func(x, target, params):
    grads, loss = torch.func.grad_and_value(
        lambda params: cross_entropy(forward__relu_after_pooling(x, params), target)
    )(tuple(params))
    return loss, grads


def train_step__lists(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__backward(x, target, params)
    params, exp_avg, exp_avg_sq = list(params), list(exp_avg), list(exp_avg_sq)
    for i, grad in enumerate(grads):
        params[i], exp_avg[i], exp_avg_sq[i] = adam(params[i], grad, exp_avg[i], exp_avg_sq[i], step, lr)
    return loss, params, exp_avg, exp_avg_sq


def train__range(x, target, params, order, batch_size, lr):
    exp_avg, exp_avg_sq = ([torch.zeros_like(one) for one in params] for _ in range(2))
    losses = []
    for rows in order:
        images, labels = x[rows], target[rows]
        for i in range(0, len(images), batch_size):
            batch = images[i : i + batch_size], labels[i : i + batch_size]
            loss, params, exp_avg, exp_avg_sq = train_step__lists(
                *batch, params, exp_avg, exp_avg_sq, len(losses) + 1, lr
            )
            losses.append(loss.item())
    return torch.tensor(losses, dtype=x.dtype, device=x.device), params


def train__chunks(x, target, params, order, batch_size, lr):
    exp_avg, exp_avg_sq = ([torch.zeros_like(one) for one in params] for _ in range(2))
    batches = [batch for rows in order.unbind(0) for batch in torch.split(rows, batch_size)]
    losses = x.new_zeros(len(batches))
    for i, batch in enumerate(batches):
        losses[i], params, exp_avg, exp_avg_sq = train_step__lists(
            x[batch], target[batch], params, exp_avg, exp_avg_sq, i + 1, lr
        )
    return losses, params


def accuracy__mean(x, target, params):
    return (forward__frameworks_layers(x, params).max(dim=1).indices == target).double().mean()


def accuracy__image_by_image(x, target, params):
    found = [forward__unfolded(image[None], params).argmax().item() for image in x]
    return sum(a == b for a, b in zip(found, target.tolist(), strict=True)) / len(found)


def from_channels_last__einsum(x, params, size):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    kernels = [torch.einsum("hwco->ochw", weight) for weight in (w1, w2)]
    table = torch.einsum("hwcu->uchw", w3.unflatten(0, (*size, -1)))
    linears = table.reshape(len(table), -1), b3, w4.t(), b4
    return torch.einsum("nhwc->nchw", x), (kernels[0], b1, kernels[1], b2, *linears)


def from_channels_last__movedim(x, params, size):
    new = list(params)
    for i in (0, 2):
        new[i] = params[i].movedim((3, 2), (0, 1)).contiguous()
    order = torch.arange(len(params[4]), device=x.device).reshape(*size, -1)
    new[4] = params[4][order.movedim(2, 0).flatten()].T
    new[6] = params[6].T
    return x.movedim(-1, 1), new


class CNN__sequential(nn.Module):
    def __init__(self, classes):
        super().__init__()
        first = nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)
        second = nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)
        self.layers = nn.Sequential(
            *first, *second, nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, classes)
        )

    def forward(self, x):
        return self.layers(x)


class CNN__own_parameters(nn.Module):
    def __init__(self, classes):
        super().__init__()
        shapes = (32, 1, 3, 3), (64, 32, 3, 3), (64, 1600), (classes, 64)
        each = (nn.Parameter(torch.randn(one) * 0.05) for shape in shapes for one in (shape, shape[:1]))
        self.params = nn.ParameterList(each)

    def forward(self, x):
        return forward__frameworks_layers(x, tuple(self.params))


@torch.no_grad()
def evaluate__sums_of_means(model, x, target, batch_size):
    model.eval()
    losses, right = [], []
    for i in range(0, len(x), batch_size):
        logits, labels = model(x[i : i + batch_size]), target[i : i + batch_size]
        losses.append(F.cross_entropy(logits, labels).item() * len(labels))
        right.append((logits.argmax(1) == labels).sum().item())
    model.train()
    return sum(losses) / len(x), sum(right) / len(x)


def evaluate__all_logits_first(model, x, target, batch_size):
    model.train(False)
    with torch.inference_mode():
        logits = torch.cat([model(images) for images in x.split(batch_size)])
        found = F.cross_entropy(logits, target).item(), (logits.argmax(-1) == target).double().mean().item()
    model.train(True)
    return found


def fit__copied_by_hand(model, optimizer, train_set, validation_set, order, batch_size):
    images, labels = train_set
    scores, best = [], -1.0
    for rows in order:
        model.train()
        for i in range(0, len(rows), batch_size):
            batch = rows[i : i + batch_size]
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        score = evaluate__all_logits_first(model, *validation_set, batch_size)[1]
        scores.append(score)
        if score > best:
            best = score
            kept = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    model.load_state_dict(kept)
    return scores


def fit__all_states_remembered(model, optimizer, train_set, validation_set, order, batch_size):
    images, labels = train_set
    states, scores = [], []
    for rows in order:
        for batch in rows.split(batch_size):
            for param in model.parameters():
                param.grad = None
            F.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
        scores.append(evaluate__sums_of_means(model, *validation_set, batch_size)[1])
        states.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
    model.load_state_dict(states[scores.index(max(scores))])
    model.eval()
    return tuple(scores)

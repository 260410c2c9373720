"""PyTorch's own layers, ``torch.optim.Adam``, and what Keras does with channels in the last place."""

import copy

import torch
import torch.nn.functional as F


def _network(x, params):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    for weight, bias in ((w1, b1), (w2, b2)):
        x = F.max_pool2d(F.relu(F.conv2d(x, weight, bias)), 2)
    return F.linear(F.relu(F.linear(x.flatten(1), w3, b3)), w4, b4)


def standardize(train, other):
    """A batch normalization that has seen all of the images to learn from, and nothing else."""
    norm = torch.nn.BatchNorm2d(train.shape[1], eps=1e-30, momentum=1.0, affine=False, dtype=train.dtype)
    train = norm(train)
    count = train.numel() // train.shape[1]
    norm.running_var *= (count - 1) / count  # it keeps the variance of a sample
    return train, norm.eval()(other)


def loss_and_grads(x, target, params):
    leaves = [param.clone().requires_grad_() for param in params]
    loss = F.cross_entropy(_network(x, leaves), target)
    return loss, torch.autograd.grad(loss, leaves)


def _optimizer(params, exp_avg, exp_avg_sq, done, lr):
    """Adam in the middle of a training, after so many steps."""
    leaves = [param.clone().requires_grad_() for param in params]
    optimizer = torch.optim.Adam(leaves, lr=lr)
    for leaf, first, second in zip(leaves, exp_avg, exp_avg_sq, strict=True):
        moments = {"exp_avg": first.clone(), "exp_avg_sq": second.clone()}
        optimizer.state[leaf] = {"step": torch.tensor(float(done)), **moments}
    return leaves, optimizer


def _descend(optimizer, leaves, x, target):
    optimizer.zero_grad()
    loss = F.cross_entropy(_network(x, leaves), target)
    loss.backward()
    optimizer.step()
    return loss.detach()


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    leaves, optimizer = _optimizer(params, exp_avg, exp_avg_sq, step - 1, lr)
    loss = _descend(optimizer, leaves, x, target)
    states = [optimizer.state[leaf] for leaf in leaves]
    return loss, leaves, [one["exp_avg"] for one in states], [one["exp_avg_sq"] for one in states]


def _epochs(x, target, params, order, batch_size, lr):
    """Return the losses, and the parameters after each epoch."""
    zeros = [torch.zeros_like(param) for param in params]
    leaves, optimizer = _optimizer(params, zeros, zeros, 0, lr)
    losses, after = [], []
    for rows in order:
        losses += [_descend(optimizer, leaves, x[batch], target[batch]) for batch in rows.split(batch_size)]
        after.append(copy.deepcopy([leaf.detach() for leaf in leaves]))
    return torch.stack(losses), after


def train(x, target, params, order, batch_size, lr):
    losses, after = _epochs(x, target, params, order, batch_size, lr)
    return losses, after[-1]


def accuracy(x, target, params):
    return (_network(x, params).argmax(1) == target).double().mean()


def train_with_validation(train_set, validation_set, test_set, params, order, batch_size, lr):
    _, after = _epochs(*train_set, params, order, batch_size, lr)
    scores = torch.stack([accuracy(*validation_set, one) for one in after])
    best = after[int(scores.argmax())]  # the first of equal ones
    return scores, accuracy(*test_set, best), best


def from_channels_last(x, params, size):
    """Axes by their names."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    kernels = [torch.einsum("hwco->ochw", weight) for weight in (w1, w2)]
    flat = torch.einsum("hwcu->uchw", w3.unflatten(0, (*size, -1))).flatten(1)
    return torch.einsum("nhwc->nchw", x), (kernels[0], b1, kernels[1], b2, flat, b3, torch.einsum("uk->ku", w4), b4)


OPERATORS = {
    "standardize": standardize,
    "forward": _network,
    "loss_and_grads": loss_and_grads,
    "train_step": train_step,
    "train": train,
    "accuracy": accuracy,
    "train_with_validation": train_with_validation,
    "from_channels_last": from_channels_last,
}

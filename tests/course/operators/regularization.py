"""PyTorch's own dropout with a given mask, its losses measured from 0, and its scheduler that waits."""

import torch
from torch.nn import functional as F


def dropout(x, random, p=0.5, training=True):
    """The kernel behind the backward of ``torch.native_dropout``: it is given a mask, as nothing else of dropout is.

    Where nothing is random, it is ``torch.nn.functional.dropout`` itself.
    """
    if not training or p in (0, 1):
        return F.dropout(x, p, training)
    return torch.ops.aten.native_dropout_backward(x, random >= p, 1 / (1 - p))


def dropout2d(x, random, p=0.5, training=True):
    if not training or p in (0, 1):
        return F.dropout2d(x, p, training)
    return dropout(x, random[:, :, None, None].expand_as(x), p, training)


def l2_penalty(params, weight_decay):
    """Half a sum of squared errors, measured from 0."""
    return sum(weight_decay / 2 * F.mse_loss(one, torch.zeros_like(one), reduction="sum") for one in params)


def l1_penalty(params, strength):
    return sum(strength * F.l1_loss(one, torch.zeros_like(one), reduction="sum") for one in params)


def early_stopping(losses, patience, min_delta=0.0):
    """``ReduceLROnPlateau``: its first reduction, with a patience of one epoch less, is where training stops."""
    optimizer = torch.optim.SGD([torch.zeros((), requires_grad=True)], lr=1.0)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=patience - 1, threshold=min_delta, threshold_mode="abs"
    )
    best, stop = 0, len(losses) - 1
    for epoch, loss in enumerate(losses):
        before = schedule.best
        schedule.step(loss)
        best = epoch if schedule.best < before else best
        if optimizer.param_groups[0]["lr"] < 1.0:
            stop = epoch
            break
    return torch.tensor(stop), torch.tensor(best)


def max_norm(weight, limit):
    """A direction times a length; ``torch.renorm`` adds 1e-7 to each norm."""
    flat = weight.flatten(1)
    lengths = torch.linalg.vector_norm(flat, dim=1, keepdim=True)
    return (F.normalize(flat, dim=1) * lengths.clamp(max=limit)).view_as(weight)


OPERATORS = {
    "dropout": dropout,
    "l2_penalty": l2_penalty,
    "early_stopping": early_stopping,
    "dropout2d": dropout2d,
    "l1_penalty": l1_penalty,
    "max_norm": max_norm,
}

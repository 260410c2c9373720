"""What PyTorch has of its own for looking at runs, with the positional signatures of the tasks."""

import torch
import torch.nn.functional as F


def gradient_norms(grads):
    return torch.stack([torch.nn.utils.get_total_norm([grad]) for grad in grads])


def _forward(x, params):
    w1, b1, w2, b2 = params
    return F.linear(F.relu(F.linear(x, w1, b1)), w2, b2)


def lr_range_test(x, target, params, order, batch_size, lrs):
    """Let a scheduler set the rate of ``torch.optim.SGD``."""
    leaves = [param.detach().clone().requires_grad_() for param in params]
    optimizer = torch.optim.SGD(leaves, lr=1.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (*lrs, 0.0)[step])
    losses = []
    for batch in [batch for rows in order for batch in rows.split(batch_size)][: len(lrs)]:
        optimizer.zero_grad()
        losses.append(F.cross_entropy(_forward(x[batch], leaves), target[batch]))
        losses[-1].backward()
        optimizer.step()
        scheduler.step()
    return torch.stack(losses).detach()


def revive(w1, b1, dead, fresh):
    return w1.masked_scatter(dead[:, None].expand_as(w1), fresh[dead]), b1.masked_fill(dead, 0)


def balanced_accuracy(x, target, params):
    """By the table of which class was taken for which."""
    answers, classes = F.one_hot(_forward(x, params).argmax(dim=1), len(params[3])).double(), len(params[3])
    table = F.one_hot(target, classes).double().T @ answers
    present = table.sum(dim=1) > 0
    return (table.diagonal()[present] / table.sum(dim=1)[present]).mean()


OPERATORS = {
    "gradient_norms": gradient_norms,
    "lr_range_test": lr_range_test,
    "revive": revive,
    "balanced_accuracy": balanced_accuracy,
}

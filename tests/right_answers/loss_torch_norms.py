"""Norms, gather and logaddexp."""

import torch


def mse_loss(x, target):
    return (x - target).pow(2).sum().div(x.numel())


def huber_loss(x, target, delta=1.0):
    e = x - target
    clipped = e.clamp(-delta, delta)
    return (clipped * (e - clipped / 2)).mean()


def binary_cross_entropy_with_logits(x, target):
    zero = torch.zeros((), dtype=x.dtype)
    return torch.mean(torch.logaddexp(x, zero) - target * x)


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    rows = torch.arange(len(x))[target != ignore_index]
    logp = torch.log_softmax(x, dim=1).index_select(0, rows)
    picked = torch.gather(logp, 1, target.index_select(0, rows).view(-1, 1))
    return torch.lerp(-picked.mean(), -logp.mean(), label_smoothing)


def categorical_cross_entropy(probs, target, eps=1e-7):
    low, high = torch.tensor(eps, dtype=probs.dtype), torch.tensor(1 - eps, dtype=probs.dtype)
    clipped = torch.minimum(torch.maximum(probs, low), high)
    return torch.neg(torch.tensordot(target, torch.log(clipped), dims=2)) / probs.size(0)

"""A wrong answer for the demonstration: right values, a gradient that is NaN."""

import torch


def sigmoid(x):
    return torch.where(x >= 0, 1 / (1 + torch.exp(-x)), torch.exp(x) / (1 + torch.exp(x)))

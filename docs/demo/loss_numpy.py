"""A wrong answer for the demonstration: ignored rows still count in the mean."""

import numpy as np


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n = len(x)
    kept = target != ignore_index
    labels = np.where(kept, target, 0)
    picked = (1 - label_smoothing) * log_p[np.arange(n), labels] + label_smoothing * log_p.mean(axis=1)
    return (-(picked * kept).sum() / n).astype(x.dtype)

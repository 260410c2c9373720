"""PyTorch's own losses."""

from torch.nn import functional as F


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    return F.cross_entropy(x, target, label_smoothing=label_smoothing, ignore_index=ignore_index)


def categorical_cross_entropy(probs, target, eps=1e-7):
    """PyTorch has none of probabilities that are clipped; this is Keras', without its division by the sum."""
    return -(target * probs.clamp(eps, 1 - eps).log()).sum(1).mean()


OPERATORS = {
    "mse_loss": F.mse_loss,
    "huber_loss": lambda x, target, delta=1.0: F.huber_loss(x, target, delta=delta),
    "binary_cross_entropy_with_logits": F.binary_cross_entropy_with_logits,
    "cross_entropy": cross_entropy,
    "categorical_cross_entropy": categorical_cross_entropy,
}

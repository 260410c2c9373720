"""PyTorch's own normalizations; its batch norm changes running statistics in place, so it is given copies."""

from torch.nn import functional as F


def batch_norm(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    mean, var = running_mean.clone(), running_var.clone()
    return F.batch_norm(x, mean, var, weight, bias, training, momentum, eps), mean, var


def rms_norm(x, normalized_shape, weight, eps=1e-5):
    """Normalize with an eps that is a number; the framework's default depends on the dtype."""
    return F.rms_norm(x, normalized_shape, weight, eps)


OPERATORS = {"batch_norm": batch_norm, "layer_norm": F.layer_norm, "rms_norm": rms_norm, "group_norm": F.group_norm}

"""What PyTorch has ready: gather, scatter, einsum, vmap."""

import torch


def divide_by_sum(x, dim=-1):
    return torch.div(x, torch.sum(x, dim, keepdim=True))


def pick(x, labels):
    return torch.gather(x, -1, labels[:, None])[..., 0]


def one_hot(labels, num_classes):
    zeros = torch.zeros((*labels.shape, num_classes), dtype=torch.int64)
    return zeros.scatter_(-1, labels[..., None], torch.ones_like(labels)[..., None])


def outer(x, y):
    function = torch.outer
    for _ in range(x.dim() - 1):
        function = torch.vmap(function)
    return function(x, y)


def pairwise_dot(x, y):
    return torch.linalg.vecdot(x[..., :, None, :], y[..., None, :, :])


def unbroadcast(grad, shape):
    letters = "abcdefgh"[: grad.dim()]
    own = letters[grad.dim() - len(shape) :]
    kept = "".join(letter for letter, size in zip(own, shape, strict=True) if size != 1)
    return torch.einsum(f"{letters}->{kept}", grad).reshape(shape)

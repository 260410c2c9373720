"""Other right answers in PyTorch."""

import torch


def divide_by_sum__unsqueeze(x, dim=-1):
    return x / x.sum(dim).unsqueeze(dim)


def divide_by_sum__dimension_moved_last(x, dim=-1):
    last = x.movedim(dim, -1)
    return (last / last.sum(-1)[..., None]).movedim(-1, dim)


def divide_by_sum__divided_slices(x, dim=-1):
    return (
        torch.stack([one / one.sum() for one in x.movedim(dim, -1).reshape(-1, x.shape[dim])])
        .reshape(x.movedim(dim, -1).shape)
        .movedim(-1, dim)
    )


def divide_by_sum__reciprocal(x, dim=-1):
    return x * torch.reciprocal(torch.sum(x, dim, True))


def pick__indices(x, labels):
    return x[torch.arange(len(x), device=x.device), labels]


def pick__take_along_dim(x, labels):
    return torch.take_along_dim(x, labels[:, None], dim=1)[:, 0]


def pick__mask(x, labels):
    return x[labels[:, None] == torch.arange(x.shape[1], device=x.device)]


def pick__masked_sum(x, labels):
    chosen = torch.arange(x.shape[1], device=x.device) == labels[:, None]
    return x.masked_fill(~chosen, 0).sum(dim=1)


def pick__diagonal(x, labels):
    return x[:, labels].diagonal()


def pick__loop(x, labels):
    return torch.stack([row[label] for row, label in zip(x, labels, strict=True)])


def one_hot__scatter(labels, num_classes):
    out = torch.zeros(*labels.shape, num_classes, dtype=torch.long, device=labels.device)
    return out.scatter(-1, labels.unsqueeze(-1), 1)


def one_hot__identity(labels, num_classes):
    return torch.eye(num_classes, dtype=labels.dtype, device=labels.device)[labels]


def one_hot__placed(labels, num_classes):
    flat = labels.reshape(-1)
    out = torch.zeros(flat.numel(), num_classes, dtype=torch.int32, device=labels.device)
    out[torch.arange(flat.numel(), device=labels.device), flat] = 1
    return out.reshape(*labels.shape, num_classes)


def one_hot__stack(labels, num_classes):
    return torch.stack([(labels == one).to(torch.int64) for one in range(num_classes)], dim=-1)


def outer__einsum(x, y):
    return torch.einsum("...i,...j->...ij", x, y)


def outer__matrix_product(x, y):
    return torch.matmul(x[..., None], y[..., None, :])


def outer__expanded(x, y):
    shape = (*x.shape, y.shape[-1])
    return x[..., None].expand(shape) * y[..., None, :].expand(shape)


def outer__loop(x, y):
    pairs = zip(x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1]), strict=True)
    return torch.stack([torch.outer(*pair) for pair in pairs]).reshape(*x.shape, y.shape[-1])


def pairwise_dot__einsum(x, y):
    return torch.einsum("...le,...se->...ls", x, y)


def pairwise_dot__broadcast(x, y):
    return (x.unsqueeze(-2) * y.unsqueeze(-3)).sum(-1)


def pairwise_dot__mt(x, y):
    return torch.matmul(x, y.mT)


def pairwise_dot__linear_rows(x, y):
    return torch.stack([(x * row.unsqueeze(-2)).sum(-1) for row in y.unbind(-2)], dim=-1)


def pairwise_dot__bmm(x, y):
    out = torch.bmm(x.reshape(-1, *x.shape[-2:]), y.reshape(-1, *y.shape[-2:]).transpose(1, 2))
    return out.reshape(*x.shape[:-1], y.shape[-2])


def unbroadcast__two_sums(grad, shape):
    added = grad.dim() - len(shape)
    if added:
        grad = grad.sum(tuple(range(added)))
    stretched = tuple(dim for dim, size in enumerate(shape) if size == 1)
    return grad.sum(stretched, keepdim=True) if stretched else grad


def unbroadcast__while(grad, shape):
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    for dim in range(grad.dim()):
        if shape[dim] == 1 and grad.shape[dim] != 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def unbroadcast__ones_in_front(grad, shape):
    padded = (1,) * (grad.dim() - len(shape)) + tuple(shape)
    for dim, size in enumerate(padded):
        if size != grad.shape[dim]:
            grad = grad.sum(dim, keepdim=True)
    return grad.reshape(shape)


def unbroadcast__from_the_end(grad, shape):
    for back in range(1, len(shape) + 1):
        if shape[-back] == 1:
            grad = grad.sum(-back, keepdim=True)
    return grad.flatten(0, -len(shape) - 1).sum(0) if shape and grad.dim() > len(shape) else _left(grad, shape)


def _left(grad, shape):
    return grad if shape else grad.sum()


def unbroadcast__scattered(grad, shape):
    out = torch.zeros(shape, dtype=grad.dtype, device=grad.device)
    places = torch.arange(out.numel(), device=grad.device).reshape(shape).expand(grad.shape)
    return out.reshape(-1).index_add(0, places.reshape(-1), grad.reshape(-1)).reshape(shape)

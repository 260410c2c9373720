"""Other right answers in PyTorch."""

import torch


def embedding__frozen_row(indices, weight, padding_idx=None):
    if padding_idx is not None:
        frozen = torch.arange(len(weight), device=weight.device) == padding_idx % len(weight)
        weight = torch.where(frozen[:, None], weight.detach(), weight)
    return weight[indices]


def embedding__index_select(indices, weight, padding_idx=None):
    rows = weight.index_select(0, indices.reshape(-1))
    if padding_idx is not None:
        padded = (indices.reshape(-1, 1) == padding_idx % len(weight)).to(weight.dtype)
        rows = padded * rows.detach() + (1 - padded) * rows
    return rows.reshape(*indices.shape, weight.shape[1])


def embedding__row_put_together(indices, weight, padding_idx=None):
    if padding_idx is not None:
        at = padding_idx if padding_idx >= 0 else padding_idx + len(weight)
        weight = torch.cat([weight[:at], weight[at : at + 1].detach(), weight[at + 1 :]])
    return weight[indices]


def embedding__one_hot(indices, weight, padding_idx=None):
    onehot = torch.nn.functional.one_hot(indices, len(weight)).to(weight.dtype)
    if padding_idx is None:
        return onehot @ weight
    learnt = onehot.clone()
    learnt[..., padding_idx] = 0
    return learnt @ weight + (onehot - learnt) @ weight.detach()


def embedding__hook(indices, weight, padding_idx=None):
    table = weight * 1
    if padding_idx is not None and table.requires_grad:
        kept = torch.ones_like(weight[:, :1])
        kept[padding_idx] = 0
        table.register_hook(lambda grad: grad * kept)
    return table[indices]


def embedding__gather(indices, weight, padding_idx=None):
    flat = indices.reshape(-1, 1)
    rows = weight.gather(0, flat.expand(-1, weight.shape[1]))
    if padding_idx is not None:
        rows = torch.where(flat == padding_idx % len(weight), rows.detach(), rows)
    return rows.reshape(*indices.shape, -1) if rows.numel() else rows.reshape(*indices.shape, weight.shape[1])


def embedding__function(indices, weight, padding_idx=None):
    return LookUp.apply(indices, weight, padding_idx)


class LookUp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, indices, weight, padding_idx):
        ctx.save_for_backward(indices)
        ctx.padding_idx, ctx.vocabulary = padding_idx, len(weight)
        return weight[indices]

    @staticmethod
    def backward(ctx, grad_output):
        (indices,) = ctx.saved_tensors
        width = grad_output.shape[-1]
        grad = grad_output.new_zeros(ctx.vocabulary, width)
        grad.index_add_(0, indices.reshape(-1), grad_output.reshape(-1, width))
        if ctx.padding_idx is not None:
            grad[ctx.padding_idx] = 0
        return None, grad, None


def tied_logits__linear(x, weight):
    return torch.nn.functional.linear(x, weight)


def tied_logits__einsum(x, weight):
    return torch.einsum("...d,vd->...v", x, weight)


def tied_logits__broadcast(x, weight):
    return (x.unsqueeze(-2) * weight).sum(-1)


def tied_logits__symbol_by_symbol(x, weight):
    return torch.stack([(x * row).sum(-1) for row in weight], dim=-1)


def tied_model__functional(indices, weight, projection, padding_idx=None):
    F = torch.nn.functional
    return F.linear(F.linear(F.embedding(indices, weight, padding_idx), projection), weight)


def tied_model__module(indices, weight, projection, padding_idx=None):
    table = torch.nn.Embedding(*weight.shape, padding_idx=padding_idx, _weight=weight.detach())
    del table.weight
    table.weight = weight
    return table(indices) @ projection.T @ weight.T


def tied_model__where(indices, weight, projection, padding_idx=None):
    embedded = weight[indices]
    if padding_idx is not None:
        padded = (indices == padding_idx % len(weight)).unsqueeze(-1)
        embedded = torch.where(padded, embedded.detach(), embedded)
    return torch.einsum("...d,ed,ve->...v", embedded, projection, weight)


def tied_model__all_pairs_first(indices, weight, projection, padding_idx=None):
    reads = weight
    if padding_idx is not None:
        learnt = torch.ones(len(weight), 1, dtype=torch.bool, device=weight.device)
        learnt[padding_idx] = False
        reads = torch.where(learnt, weight, weight.detach())
    return (reads @ projection.T @ weight.T)[indices]

"""Other right answers in PyTorch."""

import torch


def linear__einsum(x, weight, bias=None):
    out = torch.einsum("...i,oi->...o", x, weight)
    return out if bias is None else out + bias


def linear__sum_of_products(x, weight, bias=None):
    out = (x.unsqueeze(-2) * weight).sum(dim=-1)
    return out if bias is None else bias + out


def linear__addmm(x, weight, bias=None):
    rows = x.reshape(-1, x.shape[-1])
    bias = weight.new_zeros(len(weight)) if bias is None else bias
    return torch.addmm(bias, rows, weight.t()).reshape(*x.shape[:-1], len(weight))


def linear__one_output_at_a_time(x, weight, bias=None):
    outputs = [(x * row).sum(dim=-1) for row in weight]
    out = torch.stack(outputs, dim=-1)
    return out + bias if bias is not None else out


def numerical_gradient__saved_and_restored(f, x, eps=1e-5):
    grad, flat = torch.empty_like(x), x.view(-1)
    for i in range(x.numel()):
        old = flat[i].item()
        flat[i] = old + eps
        up = f(x)
        flat[i] = old - eps
        grad.view(-1)[i] = (up - f(x)) / (2 * eps)
        flat[i] = old
    return grad


def numerical_gradient__two_clones(f, x, eps=1e-5):
    slopes = []
    for i in range(x.numel()):
        up, down = x.clone(), x.clone()
        up.view(-1)[i] += eps
        down.view(-1)[i] -= eps
        slopes.append((f(up).item() - f(down).item()) / eps / 2)
    return torch.tensor(slopes, dtype=x.dtype).reshape(x.shape)


def numerical_gradient__rows_of_the_identity(f, x, eps=1e-5):
    steps = eps * torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    return torch.stack([(f(x + step) - f(x - step)) / (2 * eps) for step in steps]).reshape(x.shape)


def mlp_forward__functional(x, w1, b1, w2, b2):
    hidden = torch.nn.functional.relu(torch.nn.functional.linear(x, w1, b1))
    return torch.nn.functional.linear(hidden, w2, b2)


def mlp_forward__clamped(x, w1, b1, w2, b2):
    return (x @ w1.T + b1).clamp(min=0) @ w2.T + b2


def mlp_forward__addmm(x, w1, b1, w2, b2):
    pre = torch.addmm(b1, x, w1.t())
    return torch.addmm(b2, torch.where(pre > 0, pre, 0), w2.t())


def mlp_loss_and_grads__row_by_row(x, target, w1, b1, w2, b2):
    loss, grads = 0.0, [torch.zeros_like(one) for one in (w1, b1, w2, b2)]
    for row, label in zip(x, target, strict=True):
        pre = w1 @ row + b1
        hidden = pre.clamp(min=0)
        logits = w2 @ hidden + b2
        loss = loss + (logits.logsumexp(dim=0) - logits[label]) / len(x)
        grad = logits.softmax(dim=0)
        grad[label] -= 1
        grad_pre = torch.where(pre > 0, w2.T @ grad, 0)
        for total, part in zip(
            grads, (torch.outer(grad_pre, row), grad_pre, torch.outer(grad, hidden), grad), strict=True
        ):
            total += part / len(x)
    return loss, tuple(grads)


def mlp_loss_and_grads__functional(x, target, w1, b1, w2, b2):
    pre = torch.nn.functional.linear(x, w1, b1)
    hidden = torch.relu(pre)
    logits = torch.nn.functional.linear(hidden, w2, b2)
    loss = torch.nn.functional.cross_entropy(logits, target)
    onehot = torch.nn.functional.one_hot(target, len(b2))
    grad = (logits.softmax(dim=1) - onehot) / len(x)
    grad_pre = (grad @ w2).masked_fill(pre <= 0, 0)
    return loss, (grad_pre.t().mm(x), grad_pre.sum(0), grad.t().mm(hidden), grad.sum(0))


def mlp_loss_and_grads__einsum(x, target, w1, b1, w2, b2):
    pre = torch.einsum("nd,hd->nh", x, w1) + b1
    passes = (pre > 0).to(x.dtype)
    logits = torch.einsum("nh,ch->nc", pre * passes, w2) + b2
    logp = logits - logits.logsumexp(dim=1, keepdim=True)
    grad = logp.exp().scatter_add(1, target[:, None], -torch.ones_like(logp[:, :1])) / len(x)
    grad_pre = torch.einsum("nc,ch,nh->nh", grad, w2, passes)
    grads = torch.einsum("nh,nd->hd", grad_pre, x), grad_pre.sum(dim=0)
    loss = -logp.gather(1, target[:, None]).mean()
    return loss, (*grads, torch.einsum("nc,nh->ch", grad, pre * passes), grad.sum(dim=0))


def tape_forward__branches(leaves, ops):
    values = dict(enumerate(leaves))
    for name, inputs in ops:
        a, b = values[inputs[0]], values[inputs[-1]]
        if name == "add":
            out = b + a
        elif name == "sub":
            out = a + -b
        elif name == "mul":
            out = b * a
        elif name == "div":
            out = a * b.reciprocal()
        elif name == "matmul":
            out = a.mm(b)
        elif name == "relu":
            out = torch.where(a > 0, a, 0)
        elif name == "exp":
            out = a.exp()
        elif name == "log":
            out = a.log()
        else:
            out = a.sum()
        values[len(values)] = out
    return values[len(values) - 1]


def tape_forward__on_demand(leaves, ops):
    def value(i):
        if i < len(leaves):
            return leaves[i]
        name, inputs = ops[i - len(leaves)]
        first, *others = (value(one) for one in inputs)
        return getattr(first, name)(*others)

    return value(len(leaves) + len(ops) - 1)


class ReLU__keeps_a_mask(torch.autograd.Function):
    """Saves the mask, in whose place the input is not needed."""

    @staticmethod
    def forward(ctx, x):
        ctx.mask = x > 0
        return torch.where(ctx.mask, x, 0)

    @staticmethod
    def backward(ctx, grad_output):
        return torch.where(ctx.mask, grad_output, 0)


class ReLU__keeps_its_result(torch.autograd.Function):
    """The result is positive exactly where the input is; with the context set up apart."""

    @staticmethod
    def forward(x):
        return x.relu()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        grad = grad_output.clone()
        grad[result == 0] = 0
        return grad

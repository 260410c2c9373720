"""PyTorch's own optimizers, one step at a time: their state is set, they step, and their state is read."""

import torch


def _step(kind, param, grad, state, names, **options):
    """Return the parameter and the named state after one step of ``torch.optim``'s class, in its plainest loop."""
    own = param.clone().requires_grad_()
    own.grad = grad.clone()
    optimizer = kind([own], foreach=False, **options)
    optimizer.state[own] = {name: value.clone() for name, value in state.items()}
    optimizer.step()
    return own.detach(), *(optimizer.state[own][name] for name in names)


def _steps_taken(step):
    return torch.tensor(float(step - 1))


def sgd(param, grad, lr, weight_decay=0.0):
    """``torch.optim.SGD`` without momentum."""
    return _step(torch.optim.SGD, param, grad, {}, (), lr=lr, weight_decay=weight_decay)[0]


def sgd_momentum(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """``torch.optim.SGD`` with momentum; it refuses Nesterov without momentum, where the two are plain descent."""
    options = {"lr": lr, "momentum": momentum, "nesterov": nesterov and momentum > 0}
    if not momentum:
        return sgd(param, grad, lr), grad.clone()
    state = {"momentum_buffer": momentum_buffer}
    return _step(torch.optim.SGD, param, grad, state, ("momentum_buffer",), **options)


def _adam(kind, param, grad, exp_avg, exp_avg_sq, step, **options):
    state = {"step": _steps_taken(step), "exp_avg": exp_avg, "exp_avg_sq": exp_avg_sq}
    return _step(kind, param, grad, state, ("exp_avg", "exp_avg_sq"), **options)


def adam(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """``torch.optim.Adam``."""
    options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
    return _adam(torch.optim.Adam, param, grad, exp_avg, exp_avg_sq, step, **options)


def adamw(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    """``torch.optim.AdamW``."""
    options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
    return _adam(torch.optim.AdamW, param, grad, exp_avg, exp_avg_sq, step, **options)


def rmsprop(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """``torch.optim.RMSprop``, neither centred nor with momentum."""
    state = {"step": torch.tensor(0.0), "square_avg": square_avg}
    return _step(torch.optim.RMSprop, param, grad, state, ("square_avg",), lr=lr, alpha=alpha, eps=eps)


def clip_grad_norm(grads, max_norm):
    """``torch.nn.utils.clip_grad_norm_`` on parameters that have these gradients."""
    params = [torch.zeros_like(grad).requires_grad_() for grad in grads]
    for param, grad in zip(params, grads, strict=True):
        param.grad = grad.clone()
    total = torch.nn.utils.clip_grad_norm_(params, max_norm)
    return [param.grad for param in params], total


def warmup_cosine(step, max_lr, min_lr, warmup_steps, total_steps):
    """``LambdaLR`` for the warm-up, then ``CosineAnnealingLR``, stepped until it ends."""
    optimizer = torch.optim.SGD([torch.zeros((), requires_grad=True)], lr=max_lr)
    if step < warmup_steps:
        schedule, steps = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda done: done / warmup_steps), step
    else:
        decay = total_steps - warmup_steps
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, decay, eta_min=min_lr)
        steps = min(step - warmup_steps, decay)
    for _ in range(steps):
        optimizer.step()
        schedule.step()
    (rate,) = schedule.get_last_lr()
    return torch.tensor(rate, dtype=torch.float64)


def adagrad(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """``torch.optim.Adagrad``, whose rate does not decay."""
    state = {"step": torch.tensor(0.0), "sum": state_sum}
    return _step(torch.optim.Adagrad, param, grad, state, ("sum",), lr=lr, eps=eps)


OPERATORS = {
    "sgd": sgd,
    "sgd_momentum": sgd_momentum,
    "adam": adam,
    "adamw": adamw,
    "rmsprop": rmsprop,
    "clip_grad_norm": clip_grad_norm,
    "warmup_cosine": warmup_cosine,
    "adagrad": adagrad,
}

"""Other right answers in PyTorch."""

import math

import torch


def sgd__shrink_first(param, grad, lr, weight_decay=0.0):
    return param * (1 - lr * weight_decay) - lr * grad


def sgd__add_alpha(param, grad, lr, weight_decay=0.0):
    if weight_decay != 0:
        grad = grad.add(param, alpha=weight_decay)
    return param.add(grad, alpha=-lr)


def sgd__clone_then_in_place(param, grad, lr, weight_decay=0.0):
    new = param.clone()
    new.sub_(lr * grad)
    new -= lr * weight_decay * param
    return new


def sgd_momentum__clone_then_in_place(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    buffer = momentum_buffer.clone().mul_(momentum).add_(grad)
    if nesterov:
        return param.sub(grad.add(buffer, alpha=momentum), alpha=lr), buffer
    return param.sub(buffer, alpha=lr), buffer


def sgd_momentum__written_out(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    buffer = torch.add(grad, momentum_buffer, alpha=momentum)
    if not nesterov:
        return param - lr * momentum * momentum_buffer - lr * grad, buffer
    return param - lr * ((1 + momentum) * grad + momentum**2 * momentum_buffer), buffer


def adam__corrections_in_the_rate(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    beta1, beta2 = betas
    if weight_decay != 0:
        grad = grad.add(param, alpha=weight_decay)
    exp_avg = torch.lerp(exp_avg, grad, 1 - beta1)
    exp_avg_sq = (beta2 * exp_avg_sq).addcmul(grad, grad, value=1 - beta2)
    denominator = exp_avg_sq.sqrt() / math.sqrt(1 - beta2**step) + eps
    return torch.addcdiv(param, exp_avg, denominator, value=-lr / (1 - beta1**step)), exp_avg, exp_avg_sq


def adam__scaled_epsilon(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    (beta1, beta2), grad = betas, grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad.square()
    scale = (1 - beta2**step) ** 0.5
    return param - lr * scale / (1 - beta1**step) * exp_avg / (exp_avg_sq**0.5 + eps * scale), exp_avg, exp_avg_sq


def adam__clone_then_in_place(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    with torch.no_grad():
        grad = grad + weight_decay * param
        m = exp_avg.clone().mul_(betas[0]).add_(grad, alpha=1 - betas[0])
        v = exp_avg_sq.clone().mul_(betas[1]).addcmul_(grad, grad, value=1 - betas[1])
        corrected, square = m / (1 - betas[0] ** step), v / (1 - betas[1] ** step)
        return param.clone().sub_(lr * corrected.div_(square.sqrt_().add_(eps))), m, v


def adamw__one_subtraction(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    exp_avg = betas[0] * exp_avg + (1 - betas[0]) * grad
    exp_avg_sq = betas[1] * exp_avg_sq + (1 - betas[1]) * grad**2
    corrected = exp_avg / (1 - betas[0] ** step)
    update = corrected / (torch.sqrt(exp_avg_sq / (1 - betas[1] ** step)) + eps)
    return param - lr * (update + weight_decay * param), exp_avg, exp_avg_sq


def adamw__decay_subtracted(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    new = param.clone()
    new -= lr * weight_decay * param
    exp_avg, exp_avg_sq = exp_avg.lerp(grad, 1 - betas[0]), exp_avg_sq.lerp(grad.square(), 1 - betas[1])
    denominator = exp_avg_sq.sqrt() / math.sqrt(1 - betas[1] ** step) + eps
    return new.addcdiv_(exp_avg, denominator, value=-lr / (1 - betas[0] ** step)), exp_avg, exp_avg_sq


def rmsprop__lerp(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    square_avg = torch.lerp(square_avg, grad.square(), 1 - alpha)
    return param - grad * (lr / (square_avg**0.5 + eps)), square_avg


def rmsprop__clone_then_in_place(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    square_avg = square_avg.clone().mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
    return param.addcdiv(grad, square_avg.sqrt().add_(eps), value=-lr), square_avg


def clip_grad_norm__one_long_vector(grads, max_norm):
    total = torch.cat([grad.flatten() for grad in grads]).norm()
    return tuple(grad * min(1.0, max_norm / (total + 1e-6)) for grad in grads), total


def clip_grad_norm__norm_of_norms(grads, max_norm):
    total = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in grads]))
    factor = torch.minimum(torch.ones_like(total), max_norm / (total + 1e-6))
    return [factor * grad for grad in grads], total


def clip_grad_norm__compare_first(grads, max_norm):
    total = math.sqrt(sum(grad.square().sum().item() for grad in grads))
    if total <= max_norm:
        return [grad.clone() for grad in grads], total
    return [grad.clone().mul_(max_norm / (total + 1e-6)) for grad in grads], total


def warmup_cosine__bounded_progress(step, max_lr, min_lr, warmup_steps, total_steps):
    if step < warmup_steps:
        return step / warmup_steps * max_lr
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return max_lr + 0.5 * (min_lr - max_lr) * (1 - math.cos(math.pi * progress))


def warmup_cosine__tensor(step, max_lr, min_lr, warmup_steps, total_steps):
    if step < warmup_steps:
        return torch.tensor(max_lr) * step / warmup_steps
    progress = torch.tensor((step - warmup_steps) / (total_steps - warmup_steps)).clamp(max=1)
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + torch.cos(torch.pi * progress))


def adagrad__power(param, grad, state_sum, lr=1e-2, eps=1e-10):
    new_sum = torch.add(state_sum, grad.square())
    return param - (lr / (new_sum.pow(0.5) + eps)) * grad, new_sum


def adagrad__addcmul(param, grad, state_sum, lr=1e-2, eps=1e-10):
    state_sum = state_sum.addcmul(grad, grad)
    return param.addcdiv(grad, state_sum.sqrt() + eps, value=-lr), state_sum

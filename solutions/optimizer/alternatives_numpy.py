"""Other right answers in NumPy."""

import math

import numpy as np


def sgd__shrink_first(param, grad, lr, weight_decay=0.0):
    return param * (1 - lr * weight_decay) - lr * grad


def sgd__copy_then_in_place(param, grad, lr, weight_decay=0.0):
    new = param.copy()
    new -= lr * grad
    new -= lr * weight_decay * param
    return new


def sgd__loop(param, grad, lr, weight_decay=0.0):
    new = np.empty_like(param)
    for index in np.ndindex(param.shape):
        new[index] = param[index] - lr * (grad[index] + weight_decay * param[index])
    return new


def sgd_momentum__copy_then_in_place(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    buffer = momentum_buffer.copy()
    buffer *= momentum
    buffer += grad
    param = param.copy()
    if nesterov:
        param -= lr * grad
        param -= lr * momentum * buffer
    else:
        param -= lr * buffer
    return param, buffer


def sgd_momentum__written_out(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    buffer = np.add(grad, np.multiply(momentum_buffer, momentum))
    if not nesterov:
        return param - lr * momentum * momentum_buffer - lr * grad, buffer
    return param - lr * ((1 + momentum) * grad + momentum**2 * momentum_buffer), buffer


def sgd_momentum__loop(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    new, buffer = np.empty_like(param), np.empty_like(param)
    for index in np.ndindex(param.shape):
        buffer[index] = momentum * momentum_buffer[index] + grad[index]
        direction = grad[index] + momentum * buffer[index] if nesterov else buffer[index]
        new[index] = param[index] - lr * direction
    return [new, buffer]


def adam__corrections_in_the_rate(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    beta1, beta2 = betas
    if weight_decay != 0:
        grad = grad + weight_decay * param
    exp_avg = exp_avg + (1 - beta1) * (grad - exp_avg)
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad * grad
    step_size = lr / (1 - beta1**step)
    denominator = np.sqrt(exp_avg_sq) / math.sqrt(1 - beta2**step) + eps
    return param - step_size * exp_avg / denominator, exp_avg, exp_avg_sq


def adam__scaled_epsilon(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    (beta1, beta2), grad = betas, grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * np.square(grad)
    scale = (1 - beta2**step) ** 0.5
    return param - lr * scale / (1 - beta1**step) * exp_avg / (exp_avg_sq**0.5 + eps * scale), exp_avg, exp_avg_sq


def adam__copy_then_in_place(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    param, m, v = param.copy(), exp_avg.copy(), exp_avg_sq.copy()
    grad = grad + weight_decay * param
    m *= betas[0]
    m += (1 - betas[0]) * grad
    v *= betas[1]
    v += (1 - betas[1]) * grad**2
    param -= lr * (m / (1 - betas[0] ** step)) / (np.sqrt(v / (1 - betas[1] ** step)) + eps)
    return param, m, v


def adam__loop(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    new, m, v = np.empty_like(param), np.empty_like(param), np.empty_like(param)
    for i in np.ndindex(param.shape):
        g = float(grad[i]) + weight_decay * float(param[i])
        m[i] = betas[0] * float(exp_avg[i]) + (1 - betas[0]) * g
        v[i] = betas[1] * float(exp_avg_sq[i]) + (1 - betas[1]) * g * g
        root = math.sqrt(float(v[i]) / (1 - betas[1] ** step))
        new[i] = float(param[i]) - lr * float(m[i]) / (1 - betas[0] ** step) / (root + eps)
    return new, m, v


def adamw__one_subtraction(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    exp_avg = betas[0] * exp_avg + (1 - betas[0]) * grad
    exp_avg_sq = betas[1] * exp_avg_sq + (1 - betas[1]) * grad**2
    corrected = exp_avg / (1 - betas[0] ** step)
    update = corrected / (np.sqrt(exp_avg_sq / (1 - betas[1] ** step)) + eps)
    return param - lr * (update + weight_decay * param), exp_avg, exp_avg_sq


def adamw__decay_subtracted(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    new = param.copy()
    new -= lr * weight_decay * param
    exp_avg = exp_avg + (1 - betas[0]) * (grad - exp_avg)
    exp_avg_sq = exp_avg_sq + (1 - betas[1]) * (grad * grad - exp_avg_sq)
    denominator = np.sqrt(exp_avg_sq) / math.sqrt(1 - betas[1] ** step) + eps
    new -= lr / (1 - betas[0] ** step) * (exp_avg / denominator)
    return new, exp_avg, exp_avg_sq


def rmsprop__move_towards(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    square_avg = square_avg + (1 - alpha) * (np.square(grad) - square_avg)
    return param - grad * (lr / (square_avg**0.5 + eps)), square_avg


def rmsprop__copy_then_in_place(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    param, square_avg = param.copy(), square_avg.copy()
    square_avg *= alpha
    square_avg += (1 - alpha) * grad * grad
    param -= lr * (grad / (np.sqrt(square_avg) + eps))
    return param, square_avg


def rmsprop__loop(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    new, average = np.zeros_like(param), np.zeros_like(param)
    for i in np.ndindex(param.shape):
        average[i] = alpha * float(square_avg[i]) + (1 - alpha) * float(grad[i]) ** 2
        new[i] = float(param[i]) - lr * float(grad[i]) / (math.sqrt(float(average[i])) + eps)
    return new, average


def clip_grad_norm__one_long_vector(grads, max_norm):
    total = np.linalg.norm(np.concatenate([grad.ravel() for grad in grads]))
    return tuple(grad * np.minimum(1, max_norm / (total + 1e-6)) for grad in grads), total


def clip_grad_norm__norm_of_norms(grads, max_norm):
    total = np.linalg.norm(np.stack([np.linalg.norm(grad) for grad in grads]))
    return [grad * min(max_norm / (total + 1e-6), 1.0) for grad in grads], total


def clip_grad_norm__compare_first(grads, max_norm):
    total = math.sqrt(sum(float((grad * grad).sum()) for grad in grads))
    if total <= max_norm:
        return [grad.copy() for grad in grads], total
    return [max_norm / (total + 1e-6) * grad for grad in grads], total


def clip_grad_norm__loop(grads, max_norm):
    total = math.sqrt(math.fsum(x * x for grad in grads for x in grad.ravel().tolist()))
    factor = min(1.0, max_norm / (total + 1e-6))
    clipped = []
    for grad in grads:
        new = np.empty_like(grad)
        for index in np.ndindex(grad.shape):
            new[index] = factor * grad[index]
        clipped.append(new)
    return clipped, total


def warmup_cosine__bounded_progress(step, max_lr, min_lr, warmup_steps, total_steps):
    if step < warmup_steps:
        return step / warmup_steps * max_lr
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return float(max_lr + 0.5 * (min_lr - max_lr) * (1 - np.cos(np.pi * progress)))


def warmup_cosine__half_angle(step, max_lr, min_lr, warmup_steps, total_steps):
    if step > total_steps:
        step = total_steps
    if step <= warmup_steps:
        return max_lr * step / max(warmup_steps, 1) if step < warmup_steps else max_lr
    return min_lr + (max_lr - min_lr) * np.cos(np.pi / 2 * (step - warmup_steps) / (total_steps - warmup_steps)) ** 2


def warmup_cosine__mix(step, max_lr, min_lr, warmup_steps, total_steps):
    if step >= total_steps:
        return min_lr
    if step >= warmup_steps:
        share = (1 + math.cos((step - warmup_steps) * math.pi / (total_steps - warmup_steps))) / 2
        return share * max_lr + (1 - share) * min_lr
    return max_lr / warmup_steps * step


def adagrad__power(param, grad, state_sum, lr=1e-2, eps=1e-10):
    new_sum = np.add(state_sum, np.square(grad))
    return param - (lr / (new_sum**0.5 + eps)) * grad, new_sum


def adagrad__copy_then_in_place(param, grad, state_sum, lr=1e-2, eps=1e-10):
    state_sum = state_sum.copy()
    state_sum += grad * grad
    step = grad / (np.sqrt(state_sum) + eps)
    step *= lr
    return param - step, state_sum


def adagrad__loop(param, grad, state_sum, lr=1e-2, eps=1e-10):
    new, total = np.empty_like(param), np.empty_like(param)
    for i in np.ndindex(param.shape):
        total[i] = state_sum[i] + grad[i] * grad[i]
        new[i] = param[i] - lr * grad[i] / (np.sqrt(total[i]) + eps)
    return new, total

"""One number after the other, and a counter that runs down."""

import math

import numpy as np


def dropout(x, random, p=0.5, training=True):
    if training is False:
        return np.array(x)
    out = []
    for value, number in zip(x.flat, random.flat, strict=True):
        if number < p or p == 1.0:
            out.append(0.0)
        else:
            out.append(value / (1.0 - p))
    return np.array(out, dtype=x.dtype).reshape(x.shape)


def dropout_backward(grad_output, x, random, p=0.5, training=True):
    grad_x = np.zeros_like(x)
    for index, number in np.ndenumerate(random):
        if not training:
            grad_x[index] = grad_output[index]
        elif p != 1 and number >= p:
            grad_x[index] += grad_output[index] / (1 - p)
    return grad_x


def l2_penalty(params, weight_decay):
    total = 0
    for param in params:
        for value in param.ravel().tolist():
            total += value * value
    return weight_decay * total / 2.0


def l2_penalty_backward(grad_output, params, weight_decay):
    grads = []
    for param in params:
        grad = np.empty_like(param)
        grad[...] = param
        grad *= weight_decay
        grads.append(grad * grad_output)
    return tuple(grads)


def early_stopping(losses, patience, min_delta=0.0):
    left, best, bar = patience, 0, math.inf
    for epoch in range(len(losses)):
        if losses[epoch] < bar:
            left, best, bar = patience, epoch, losses[epoch] - min_delta
        else:
            left -= 1
        if left == 0:
            break
    return (epoch, best)


def dropout2d(x, random, p=0.5, training=True):
    images = []
    for image, numbers in zip(x, random, strict=True):
        channels = [
            dropout(one, np.full(one.shape, number), p, training) for one, number in zip(image, numbers, strict=True)
        ]
        images.append(np.stack(channels))
    return np.stack(images)


def l1_penalty(params, strength):
    return strength * math.fsum(abs(value) for param in params for value in param.ravel().tolist())


def l1_penalty_backward(grad_output, params, strength):
    grads = [np.zeros_like(param) for param in params]
    for grad, param in zip(grads, params, strict=True):
        for index, value in np.ndenumerate(param):
            slope = 0 if value == 0 else math.copysign(1, value)
            grad[index] = slope * strength * float(grad_output)
    return grads


def max_norm(weight, limit):
    rows = []
    for row in weight:
        length = math.sqrt(float(np.vdot(row, row)))
        rows.append(row / length * limit if length > limit else row)
    return np.array(rows, dtype=weight.dtype)

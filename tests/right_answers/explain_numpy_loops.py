"""One image, step, place and head at a time, with lists and plain numbers."""

import numpy as np
from explain_library_numpy import linear, relu


def _logits(image, params):
    w1, b1, w2, b2 = params
    return linear(relu(linear(image.reshape(-1), w1, b1)), w2, b2)


def class_score(x, target, params):
    return np.stack([_logits(image, params)[k] for image, k in zip(x, target, strict=True)])


def _gradient(image, k, params):
    w1, b1, w2, _ = params
    total = np.zeros(image.size, image.dtype)
    for unit, pre in enumerate(linear(image.reshape(-1), w1, b1)):
        if pre > 0:
            total = total + w2[k, unit] * w1[unit]
    return total.reshape(image.shape)


def input_gradient(x, target, params):
    return np.stack([_gradient(image, k, params) for image, k in zip(x, target, strict=True)])


def saliency(x, target, params):
    largest = np.zeros((len(x), *x.shape[2:]), x.dtype)
    for channel in np.abs(input_gradient(x, target, params)).swapaxes(0, 1):
        largest = np.maximum(largest, channel)
    return largest


def integrated_gradients(x, baseline, target, params, steps):
    found = []
    for image, k in zip(x, target, strict=True):
        way = [baseline + (2 * i + 1) / (2 * steps) * (image - baseline) for i in range(steps)]
        found.append((image - baseline) * (sum(_gradient(point, k, params) for point in way) / steps))
    return np.array(found)


def completeness_gap(attributions, x, baseline, target, params):
    gaps = []
    for given, image, k in zip(attributions, x, target, strict=True):
        gaps.append(given.sum() - _logits(image, params)[k] + _logits(baseline, params)[k])
    return np.array(gaps)


def occlusion(x, target, params, size, stride, value=0.0):
    maps = []
    for image, k in zip(x, target, strict=True):
        rows = []
        for top in range(0, image.shape[1] - size[0] + 1, stride[0]):
            row = []
            for left in range(0, image.shape[2] - size[1] + 1, stride[1]):
                covered = np.array(image)
                for channel in covered:
                    channel[top : top + size[0], left : left + size[1]] = value
                row.append(_logits(image, params)[k] - _logits(covered, params)[k])
            rows.append(row)
        maps.append(rows)
    return np.array(maps, dtype=x.dtype)


def attention_rollout(attention):
    layers, heads, length, _ = attention.shape
    rollout = np.eye(length, dtype=attention.dtype)
    for layer in range(layers):
        mean = sum(attention[layer, head] for head in range(heads)) / heads
        rollout = (mean @ rollout + rollout) * 0.5
    return rollout

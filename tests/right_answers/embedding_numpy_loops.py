"""One place after the other."""

import numpy as np


def embedding(indices, weight, padding_idx=None):
    rows = [weight[i] for i in indices.ravel().tolist()]
    return np.array(rows, dtype=weight.dtype).reshape(*indices.shape, weight.shape[1])


def embedding_backward(grad_output, indices, weight, padding_idx=None):
    grad = 0 * weight
    for i, g in zip(indices.ravel(), grad_output.reshape(-1, weight.shape[1]), strict=True):
        if padding_idx is None or i not in (padding_idx, padding_idx + len(weight)):
            grad[i] += g
    return grad


def tied_logits(x, weight):
    out = np.zeros((*x.shape[:-1], len(weight)), dtype=x.dtype)
    for v, row in enumerate(weight):
        for d, number in enumerate(row):
            out[..., v] += x[..., d] * number
    return out


def tied_logits_backward(grad_output, x, weight):
    grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
    for v, row in enumerate(weight):
        grad_x += grad_output[..., v, None] * row
        grad_weight[v] = (grad_output[..., v, None] * x).reshape(-1, len(row)).sum(axis=0)
    return grad_x, grad_weight


def tied_model(indices, weight, projection, padding_idx=None):
    return tied_logits(tied_logits(embedding(indices, weight), projection), weight)


def tied_model_backward(grad_output, indices, weight, projection, padding_idx=None):
    embedded = embedding(indices, weight)
    hidden = tied_logits(embedded, projection)
    grad_hidden, grad_weight = tied_logits_backward(grad_output, hidden, weight)
    grad_embedded, grad_projection = tied_logits_backward(grad_hidden, embedded, projection)
    return [grad_weight + embedding_backward(grad_embedded, indices, weight, padding_idx), grad_projection]

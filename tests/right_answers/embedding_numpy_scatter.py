"""Fancy indices and scatter-add, into one array or several."""

import numpy as np


def embedding(indices, weight, padding_idx=None):
    return weight[indices, :]


def embedding_backward(grad_output, indices, weight, padding_idx=None):
    grad_output = grad_output.copy()
    if padding_idx is not None:
        grad_output[np.equal(indices, padding_idx % weight.shape[0])] = 0
    grad = np.zeros(weight.shape, weight.dtype)
    np.add.at(grad, (indices.flatten(),), grad_output.reshape(-1, weight.shape[1]))
    return grad


def tied_logits(x, weight):
    return np.dot(x, weight.T)


def tied_logits_backward(grad_output, x, weight):
    grad_x = np.dot(grad_output, weight)
    grad_weight = np.zeros_like(weight)
    for place in np.ndindex(*x.shape[:-1]):
        grad_weight += grad_output[place][:, None] * x[place]
    return grad_x, grad_weight


def tied_model(indices, weight, projection, padding_idx=None):
    return np.dot(np.dot(weight[indices], projection.T), weight.T)


def tied_model_backward(grad_output, indices, weight, projection, padding_idx=None):
    width = weight.shape[1]
    embedded = weight[indices]
    grad_hidden, grad_weight = tied_logits_backward(grad_output, embedded @ projection.T, weight)
    kept = np.ones(indices.shape, dtype=bool)
    if padding_idx is not None:
        kept &= indices != range(len(weight))[padding_idx]
    np.add.at(grad_weight, indices[kept], (grad_hidden @ projection)[kept])
    grad_projection = np.einsum("ne,nd->ed", grad_hidden.reshape(-1, width), embedded.reshape(-1, width))
    return grad_weight, grad_projection

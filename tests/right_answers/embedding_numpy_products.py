"""One-hot vectors and matrix products only."""

import numpy as np


def _onehot(indices, weight, padding_idx=None):
    onehot = np.eye(weight.shape[0], dtype=weight.dtype)[indices.reshape(-1)]
    if padding_idx is not None:
        onehot[..., padding_idx] = 0
    return onehot


def embedding(indices, weight, padding_idx=None):
    return (_onehot(indices, weight) @ weight).reshape((*indices.shape, weight.shape[1]))


def embedding_backward(grad_output, indices, weight, padding_idx=None):
    return np.einsum("nv,nd->vd", _onehot(indices, weight, padding_idx), grad_output.reshape(-1, weight.shape[-1]))


def tied_logits(x, weight):
    return np.matmul(x, np.transpose(weight))


def tied_logits_backward(grad_output, x, weight):
    flat = np.matmul(np.swapaxes(grad_output.reshape(-1, len(weight)), 0, 1), x.reshape(-1, weight.shape[1]))
    return np.matmul(grad_output, weight), flat


def tied_model(indices, weight, projection, padding_idx=None):
    table = weight @ projection.T @ weight.T
    return np.take(table, indices, axis=0)


def tied_model_backward(grad_output, indices, weight, projection, padding_idx=None):
    grads = grad_output.reshape(-1, len(weight))
    table = _onehot(indices, weight).T @ grads  # (V, V): what arrives at the score of each pair
    learnt = _onehot(indices, weight, padding_idx).T @ grads
    return table.T @ weight @ projection.T + learnt @ weight @ projection, weight.T @ table.T @ weight

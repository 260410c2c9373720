"""Other right answers in NumPy."""

import numpy as np


def embedding__take(indices, weight, padding_idx=None):
    return np.take(weight, indices, axis=0)


def embedding__one_hot(indices, weight, padding_idx=None):
    onehot = (np.asarray(indices)[..., None] == np.arange(len(weight))).astype(weight.dtype)
    return onehot @ weight


def embedding__flat(indices, weight, padding_idx=None):
    return weight[indices.reshape(-1)].reshape(*indices.shape, weight.shape[1])


def embedding__loop(indices, weight, padding_idx=None):
    out = np.empty((*indices.shape, weight.shape[1]), dtype=weight.dtype)
    for place in np.ndindex(indices.shape):
        out[place] = weight[indices[place]]
    return out


def embedding_backward__one_hot(grad_output, indices, weight, padding_idx=None):
    vocabulary, width = weight.shape
    onehot = np.eye(vocabulary, dtype=weight.dtype)[indices.reshape(-1)]
    if padding_idx is not None:
        onehot[:, padding_idx] = 0
    return onehot.T @ grad_output.reshape(-1, width)


def embedding_backward__loop(grad_output, indices, weight, padding_idx=None):
    grad = np.zeros(weight.shape, dtype=weight.dtype)
    padding = None if padding_idx is None else padding_idx % len(weight)
    for place in np.ndindex(indices.shape):
        if indices[place] != padding:
            grad[indices[place]] += grad_output[place]
    return grad


def embedding_backward__symbol_by_symbol(grad_output, indices, weight, padding_idx=None):
    grad = np.stack([grad_output[indices == one].sum(axis=0) for one in range(len(weight))])
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__kept_only(grad_output, indices, weight, padding_idx=None):
    grad = np.zeros_like(weight)
    flat, rows = indices.ravel(), grad_output.reshape(-1, weight.shape[1])
    if padding_idx is not None:
        kept = flat != (padding_idx if padding_idx >= 0 else padding_idx + len(weight))
        flat, rows = flat[kept], rows[kept]
    np.add.at(grad, flat, rows)
    return grad


def embedding_backward__masked(grad_output, indices, weight, padding_idx=None):
    if padding_idx is not None:
        padded = indices == np.arange(len(weight))[padding_idx]
        grad_output = np.where(padded[..., None], 0, grad_output)
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    return grad


def embedding_backward__sorted(grad_output, indices, weight, padding_idx=None):
    grad = np.zeros_like(weight)
    flat, rows = indices.ravel(), grad_output.reshape(-1, weight.shape[1])
    if flat.size:
        order = np.argsort(flat, kind="stable")
        found, starts = np.unique(flat[order], return_index=True)
        grad[found] = np.add.reduceat(rows[order], starts, axis=0)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__bincount(grad_output, indices, weight, padding_idx=None):
    vocabulary, width = weight.shape
    flat, rows = indices.ravel(), grad_output.reshape(-1, width)
    columns = [np.bincount(flat, rows[:, d], minlength=vocabulary) for d in range(width)]
    grad = np.stack(columns, axis=1).astype(weight.dtype)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__flat_places(grad_output, indices, weight, padding_idx=None):
    vocabulary, width = weight.shape
    places = (indices[..., None] * width + np.arange(width)).ravel()
    grad = np.bincount(places, grad_output.ravel(), vocabulary * width).reshape(vocabulary, width)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad.astype(weight.dtype, copy=False)


def tied_logits__einsum(x, weight):
    return np.einsum("...d,vd->...v", x, weight)


def tied_logits__transposed(x, weight):
    return np.moveaxis(np.tensordot(weight, x, axes=(1, -1)), 0, -1)


def tied_logits__broadcast(x, weight):
    return (x[..., None, :] * weight).sum(axis=-1)


def tied_logits__inner(x, weight):
    return np.inner(x, weight)


def tied_logits__symbol_by_symbol(x, weight):
    return np.stack([np.sum(x * row, axis=-1) for row in weight], axis=-1)


def tied_logits_backward__einsum(grad_output, x, weight):
    grads, rows = grad_output.reshape(-1, len(weight)), x.reshape(-1, weight.shape[1])
    return np.einsum("...v,vd->...d", grad_output, weight), np.einsum("nv,nd->vd", grads, rows)


def tied_logits_backward__tensordot(grad_output, x, weight):
    axes = tuple(range(x.ndim - 1))
    return np.tensordot(grad_output, weight, axes=1), np.tensordot(grad_output, x, axes=(axes, axes))


def tied_logits_backward__outer_products(grad_output, x, weight):
    grad_weight = grad_output[..., :, None] * x[..., None, :]
    return (grad_output[..., None] * weight).sum(axis=-2), grad_weight.sum(axis=tuple(range(x.ndim - 1)))


def tied_logits_backward__loop(grad_output, x, weight):
    grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
    for place in np.ndindex(x.shape[:-1]):
        grad_x[place] = grad_output[place] @ weight
        grad_weight += np.outer(grad_output[place], x[place])
    return grad_x, grad_weight


def tied_model__all_pairs_first(indices, weight, projection, padding_idx=None):
    return (weight @ projection.T @ weight.T)[indices]


def tied_model__projected_table(indices, weight, projection, padding_idx=None):
    return weight[indices] @ (weight @ projection).T


def tied_model__einsum(indices, weight, projection, padding_idx=None):
    return np.einsum("...d,ed,ve->...v", weight[indices], projection, weight)


def tied_model__loop(indices, weight, projection, padding_idx=None):
    out = np.empty((*indices.shape, len(weight)), dtype=weight.dtype)
    for place in np.ndindex(indices.shape):
        out[place] = weight @ (projection @ weight[indices[place]])
    return out


def tied_model_backward__one_array(grad_output, indices, weight, projection, padding_idx=None):
    vocabulary = len(weight)
    flat, grads = indices.ravel(), grad_output.reshape(-1, vocabulary)
    embedded = weight[flat]
    grad_hidden = grads @ weight
    grad_embedded = grad_hidden @ projection
    if padding_idx is not None:
        grad_embedded[flat == padding_idx % vocabulary] = 0
    grad_weight = grads.T @ (embedded @ projection.T)
    np.add.at(grad_weight, flat, grad_embedded)
    return grad_weight, grad_hidden.T @ embedded


def tied_model_backward__one_hot(grad_output, indices, weight, projection, padding_idx=None):
    onehot = np.eye(len(weight), dtype=weight.dtype)[indices.ravel()]
    grads = grad_output.reshape(-1, len(weight))
    learnt = onehot.copy()
    if padding_idx is not None:
        learnt[:, padding_idx] = 0
    grad_weight = grads.T @ onehot @ weight @ projection.T + learnt.T @ grads @ weight @ projection
    return grad_weight, (grads @ weight).T @ (onehot @ weight)


def tied_model_backward__loop(grad_output, indices, weight, projection, padding_idx=None):
    grad_weight, grad_projection = np.zeros_like(weight), np.zeros_like(projection)
    padding = None if padding_idx is None else padding_idx % len(weight)
    for place in np.ndindex(indices.shape):
        index, grad = int(indices[place]), grad_output[place]
        grad_weight += np.outer(grad, projection @ weight[index])
        grad_hidden = weight.T @ grad
        grad_projection += np.outer(grad_hidden, weight[index])
        if index != padding:
            grad_weight[index] += projection.T @ grad_hidden
    return grad_weight, grad_projection

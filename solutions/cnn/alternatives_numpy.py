"""Other right answers in NumPy."""

import numpy as np
from cnn_library_numpy import (
    adam,
    conv2d,
    conv2d_backward,
    cross_entropy,
    cross_entropy_backward,
    linear,
    linear_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)

WINDOW = (2, 2)


def standardize__channel_by_channel(train, other):
    train, other = train.copy(), other.copy()
    for c in range(train.shape[1]):
        mean, std = train[:, c].mean(), train[:, c].std()
        train[:, c] = (train[:, c] - mean) / std
        other[:, c] = (other[:, c] - mean) / std
    return train, other


def standardize__rows_of_channels(train, other):
    rows = np.moveaxis(train, 1, 0).reshape(train.shape[1], -1)
    mean = rows.sum(axis=1) / rows.shape[1]
    distance = rows - mean[:, None]
    std = np.sqrt((distance * distance).sum(axis=1) / rows.shape[1])
    return tuple((x - mean[:, None, None]) / std[:, None, None] for x in (train, other))


def _convolution(x, weight, bias):
    """One product for each element of the kernel."""
    kh, kw = weight.shape[2:]
    h, w = x.shape[2] - kh + 1, x.shape[3] - kw + 1
    out = np.zeros((len(x), len(weight), h, w), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            out += np.einsum("nchw,oc->nohw", x[:, :, i : i + h, j : j + w], weight[:, :, i, j])
    return out + bias.reshape(-1, 1, 1)


def _corners(x):
    """The four pixels of every window, one array each."""
    h, w = x.shape[2] // 2 * 2, x.shape[3] // 2 * 2
    return [x[:, :, i:h:2, j:w:2] for i in (0, 1) for j in (0, 1)]


def forward__relu_after_pooling(x, params):
    """The largest of a window is what relu lets through of it, or none is."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    x = relu(max_pool2d(conv2d(x, w1, b1), WINDOW))
    x = relu(max_pool2d(conv2d(x, w2, b2), WINDOW))
    return linear(relu(linear(x.reshape(len(x), -1), w3, b3)), w4, b4)


def forward__without_the_library(x, params):
    weights, biases = params[::2], params[1::2]
    for weight, bias in zip(weights[:2], biases[:2], strict=True):
        x = np.maximum(np.maximum.reduce(_corners(_convolution(x, weight, bias))), 0)
    x = x.reshape(len(x), -1)
    hidden = np.maximum(x @ weights[2].T + biases[2], 0)
    return hidden @ weights[3].T + biases[3]


def forward__image_by_image(x, params):
    return np.concatenate([forward__without_the_library(one[None], params) for one in x])


def forward__einsum_over_windows(x, params):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    for weight, bias in ((w1, b1), (w2, b2)):
        windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
        out = np.einsum("nchwij,ocij->nohw", windows, weight) + bias[None, :, None, None]
        n, c, h, w = out.shape
        x = out[..., : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5)).clip(min=0)
    table = w3.reshape(len(w3), *x.shape[1:])
    return np.einsum("nu,ku->nk", np.maximum(np.einsum("nchw,uchw->nu", x, table) + b3, 0), w4) + b4


def loss_and_grads__masks_of_the_outputs(x, target, params):
    """Where relu's output is positive, its input was."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    relu1 = relu(conv2d(x, w1, b1))
    pool1 = max_pool2d(relu1, WINDOW)
    relu2 = relu(conv2d(pool1, w2, b2))
    pool2 = max_pool2d(relu2, WINDOW)
    flat = pool2.reshape(len(x), -1)
    hidden = relu(linear(flat, w3, b3))
    logits = linear(hidden, w4, b4)
    grad = cross_entropy_backward(1.0, logits, target)
    grad, gw4, gb4 = linear_backward(grad, hidden, w4, b4)
    grad, gw3, gb3 = linear_backward(grad * (hidden > 0), flat, w3, b3)
    grad = max_pool2d_backward(grad.reshape(pool2.shape), relu2, WINDOW) * (relu2 > 0)
    grad, gw2, gb2 = conv2d_backward(grad, pool1, w2, b2)
    grad = max_pool2d_backward(grad, relu1, WINDOW) * (relu1 > 0)
    gw1, gb1 = conv2d_backward(grad, x, w1, b1)[1:]
    return cross_entropy(logits, target), [gw1, gb1, gw2, gb2, gw3, gb3, gw4, gb4]


def loss_and_grads__relu_after_pooling(x, target, params):
    """Pooled first, then relu, and back in the opposite order."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    conv1 = conv2d(x, w1, b1)
    top1 = max_pool2d(conv1, WINDOW)
    conv2 = conv2d(relu(top1), w2, b2)
    top2 = max_pool2d(conv2, WINDOW)
    flat = relu(top2).reshape(len(x), -1)
    pre = linear(flat, w3, b3)
    logits = linear(relu(pre), w4, b4)
    grad = cross_entropy_backward(1.0, logits, target)
    grad, *grads4 = linear_backward(grad, relu(pre), w4, b4)
    grad, *grads3 = linear_backward(relu_backward(grad, pre), flat, w3, b3)
    grad = max_pool2d_backward(relu_backward(grad.reshape(top2.shape), top2), conv2, WINDOW)
    grad, *grads2 = conv2d_backward(grad, relu(top1), w2, b2)
    grad = max_pool2d_backward(relu_backward(grad, top1), conv1, WINDOW)
    _, *grads1 = conv2d_backward(grad, x, w1, b1)
    return cross_entropy(logits, target), (*grads1, *grads2, *grads3, *grads4)


def _shared(grad, x):
    """Give the gradient of a window in equal parts to all that have its maximum."""
    corners = _corners(x)
    top = np.maximum.reduce(corners)
    best = [corner == top for corner in corners]
    share = grad / sum(one.astype(x.dtype) for one in best)
    out = np.zeros_like(x)
    for place, one in zip(_corners(out), best, strict=True):
        place += one * share
    return out


def _kernels(grad, x, weight):
    """Return the gradients of x, the kernels and the bias, one element of the kernel at a time."""
    grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
    h, w = grad.shape[2:]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            grad_weight[:, :, i, j] = np.einsum("nohw,nchw->oc", grad, x[:, :, i : i + h, j : j + w])
            grad_x[:, :, i : i + h, j : j + w] += np.einsum("nohw,oc->nchw", grad, weight[:, :, i, j])
    return grad_x, grad_weight, grad.sum(axis=(0, 2, 3))


def loss_and_grads__without_the_library(x, target, params):
    """Tied pixels share the gradient of their window; they were computed from equal patches."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    relu1 = np.maximum(_convolution(x, w1, b1), 0)
    pool1 = np.maximum.reduce(_corners(relu1))
    relu2 = np.maximum(_convolution(pool1, w2, b2), 0)
    pool2 = np.maximum.reduce(_corners(relu2))
    flat = pool2.reshape(len(x), -1)
    hidden = np.maximum(flat @ w3.T + b3, 0)
    logits = hidden @ w4.T + b4
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    g4 = np.exp(logp)
    g4[rows, target] -= 1
    g4 /= len(x)
    g3 = (g4 @ w4) * (hidden > 0)
    g2 = _shared((g3 @ w3).reshape(pool2.shape), relu2) * (relu2 > 0)
    grad_pool1, gw2, gb2 = _kernels(g2, pool1, w2)
    _, gw1, gb1 = _kernels(_shared(grad_pool1, relu1) * (relu1 > 0), x, w1)
    return -logp[rows, target].mean(), (gw1, gb1, gw2, gb2, g3.T @ flat, g3.sum(0), g4.T @ hidden, g4.sum(0))


def _step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__relu_after_pooling(x, target, params)
    new = [adam(*one, step, lr) for one in zip(params, grads, exp_avg, exp_avg_sq, strict=True)]
    return (loss, *(tuple(one[i] for one in new) for i in range(3)))


def train_step__lists(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__masks_of_the_outputs(x, target, params)
    params, exp_avg, exp_avg_sq = list(params), list(exp_avg), list(exp_avg_sq)
    for i in range(8):
        params[i], exp_avg[i], exp_avg_sq[i] = adam(params[i], grads[i], exp_avg[i], exp_avg_sq[i], step, lr)
    return loss, params, exp_avg, exp_avg_sq


def train_step__adam_by_hand(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads__without_the_library(x, target, params)
    first = [0.9 * m + 0.1 * g for m, g in zip(exp_avg, grads, strict=True)]
    second = [0.999 * v + 0.001 * g * g for v, g in zip(exp_avg_sq, grads, strict=True)]
    moved = []
    for param, m, v in zip(params, first, second, strict=True):
        moved.append(param - lr * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8))
    return loss, tuple(moved), tuple(first), tuple(second)


def train__array_split(x, target, params, order, batch_size, lr):
    state = [params, *([np.zeros(one.shape, dtype=one.dtype) for one in params] for _ in range(2))]
    losses = []
    for rows in order:
        for batch in np.split(rows, range(batch_size, len(rows), batch_size)):
            loss, *state = _step(x[batch], target[batch], *state, len(losses) + 1, lr)
            losses.append(loss)
    return np.stack(losses).astype(x.dtype), state[0]


def train__shuffled_first(x, target, params, order, batch_size, lr):
    exp_avg, exp_avg_sq = (tuple(np.zeros_like(one) for one in params) for _ in range(2))
    step, losses = 0, np.zeros(len(order) * -(-len(x) // batch_size), dtype=x.dtype)
    for rows in order:
        images, labels = x[rows], target[rows]
        i = 0
        while i < len(images):
            batch = slice(i, i + batch_size)
            step += 1
            losses[step - 1], params, exp_avg, exp_avg_sq = train_step__lists(
                images[batch], labels[batch], params, exp_avg, exp_avg_sq, step, lr
            )
            i += batch_size
    return losses, params


def accuracy__counted(x, target, params):
    right = 0
    for image, label in zip(x, target, strict=True):
        logits = forward__relu_after_pooling(image[None], params)[0]
        right += int(np.argmax(logits)) == label
    return right / len(x)


def accuracy__numpy_scalar(x, target, params):
    return np.mean(np.argmax(forward__without_the_library(x, params), axis=1) == target)


def train_with_validation__all_epochs_remembered(train_set, validation_set, test_set, params, order, batch_size, lr):
    x, target = train_set
    state = [params, *([np.zeros_like(one) for one in params] for _ in range(2))]
    after, step = [], 0
    for rows in order:
        for i in range(0, len(rows), batch_size):
            step += 1
            batch = rows[i : i + batch_size]
            state = _step(x[batch], target[batch], *state, step, lr)[1:]
        after.append(state[0])
    scores = np.array([accuracy__numpy_scalar(*validation_set, one) for one in after])
    best = after[scores.argmax()]
    return scores, accuracy__numpy_scalar(*test_set, best), best


def train_with_validation__trained_once_more(train_set, validation_set, test_set, params, order, batch_size, lr):
    """What comes after so many epochs is what training for so many epochs gives."""
    after = [
        train__shuffled_first(*train_set, params, order[: epoch + 1], batch_size, lr)[1] for epoch in range(len(order))
    ]
    scores = [accuracy__counted(*validation_set, one) for one in after]
    best = after[scores.index(max(scores))]
    return np.array(scores), accuracy__counted(*test_set, best), tuple(best)


def from_channels_last__einsum(x, params, size):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    kernels = [np.einsum("hwco->ochw", weight) for weight in (w1, w2)]
    table = np.einsum("hwcu->uchw", w3.reshape(*size, -1, w3.shape[1]))
    w3 = np.ascontiguousarray(table).reshape(len(table), -1)
    return np.einsum("nhwc->nchw", x), (kernels[0], b1, kernels[1], b2, w3, b3, np.transpose(w4), b4)


def from_channels_last__moveaxis(x, params, size):
    new = list(params)
    for i in (0, 2):
        new[i] = np.moveaxis(params[i], (3, 2), (0, 1))
    order = np.arange(len(params[4])).reshape(*size, -1)  # (h, w, O2), the numbers of the inputs
    new[4] = params[4][np.moveaxis(order, 2, 0).ravel()].T
    new[6] = params[6].T
    return np.moveaxis(x, -1, 1), new

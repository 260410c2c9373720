"""Functions of earlier exercises that transformer is built of: from activation, loss, backprop, optimizer,
normalization, embedding, attention.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import math

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0), element by element.

    Args:
        x: an array of any shape, 0-d included.

    Returns:
        An array of x's shape and dtype; x itself is left as it is.

    >>> relu(np.array([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).astype(int)
    array([[0, 0, 3],
           [7, 0, 4]])
    """
    return np.maximum(x, 0)


def relu_backward(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of ``relu`` with respect to x.

    At the kink any slope from 0 to 1 could be defended; here, as in the frameworks, relu'(0) = 0.

    Args:
        grad_output: the gradient with respect to relu(x), of x's shape.
        x: the input of the forward, of any shape.

    Returns:
        grad_x, of x's shape and dtype.

    >>> relu_backward(np.array([0.5, -1.5, 2.0, -0.25]), np.array([-3.0, 2.0, 0.0, 0.5]))
    array([ 0.  , -1.5 ,  0.  , -0.25])
    """
    return np.where(x > 0, grad_output, 0)


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return exp(x) / Σ exp(x), where the sum runs along one axis: every slice along it becomes a distribution.

    Numbers like ±1000 are ordinary inputs, and one slice may lie 2000 above another: the answer must stay finite and
    right in every slice.

    Args:
        x: an array of one dimension or more.
        axis: the axis along which the answer sums to 1; negative ones count from the end.

    Returns:
        An array of x's shape and dtype.

    >>> x = np.array([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]])
    >>> softmax(x).round(4)
    array([[0.042 , 0.1142, 0.8438],
           [0.    , 0.    , 1.    ]])
    >>> softmax(x, 0).round(4)
    array([[1.    , 0.8176, 0.    ],
           [0.    , 0.1824, 1.    ]])
    """
    weights = np.exp(x - x.max(axis=axis, keepdims=True))  # the largest of each slice is 1
    return weights / weights.sum(axis=axis, keepdims=True)


def cross_entropy(
    x: np.ndarray, target: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.floating:
    """Return the mean cross-entropy of logits and class labels.

    With logp = log_softmax(x) over the classes, row n costs -Σ_c q[c]·logp[n, c]. Without smoothing, q is 1 at
    the target and 0 elsewhere; with label_smoothing = ε it is (1 - ε)·onehot + ε/C, so that the target keeps its share
    of the ε too. Rows whose target is ignore_index cost nothing, and the mean is taken over the other rows only. Logits
    of ±1000 are ordinary inputs, and one row may lie far above another.

    Args:
        x: logits (not probabilities), shape (N, C).
        target: class labels, integers, shape (N,).
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> round(float(cross_entropy(x, np.array([0, 2, -100]))), 4)
    1.7056
    >>> round(float(cross_entropy(x, np.array([0, 2, -100]), 0.3)), 4)
    1.7306
    """
    kept = target != ignore_index  # (N,)
    logp = _log_softmax(x[kept])  # (K, C), K rows are kept
    at_target = logp[np.arange(len(logp)), target[kept]]  # (K,)
    return -((1 - label_smoothing) * at_target + label_smoothing * logp.mean(axis=-1)).mean()


def cross_entropy_backward(
    grad_output: float, x: np.ndarray, target: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.ndarray:
    """Return the gradient of ``cross_entropy`` with respect to the logits x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: logits, shape (N, C); ±1000 occur.
        target: class labels, integers, shape (N,); it gets no gradient.
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        grad_x, of x's shape and dtype; zero in ignored rows.

    >>> x = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> cross_entropy_backward(2.0, x, np.array([0, 2, -100])).round(4)
    array([[-0.2144,  0.0391,  0.1753],
           [ 0.1142,  0.8438, -0.958 ],
           [ 0.    ,  0.    ,  0.    ]])
    """
    kept = target != ignore_index  # (N,)
    smoothed = np.full_like(x, label_smoothing / x.shape[1])  # (N, C)
    smoothed[kept, target[kept]] += 1 - label_smoothing
    per_row = np.exp(_log_softmax(x)) - smoothed  # (N, C)
    return grad_output * per_row * kept[:, None] / int(kept.sum())


def _log_softmax(x: np.ndarray) -> np.ndarray:
    """Return log(softmax(x)) along the last axis, each row shifted by its own maximum."""
    shifted = x - x.max(axis=-1, keepdims=True)  # (N, C), the largest of a row is 0
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output. All leading axes of x are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        An array of shape (…, out) and x's dtype.

    >>> weight = np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(np.array([3.0, 1.0, 2.0]), weight)
    array([ 1., 10.])
    >>> linear(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, np.array([10.0, -10.0]))
    array([[11.,  0.],
           [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``linear`` with respect to x, weight and bias.

    Weight and bias are shared by all rows of the batch, so their gradients are sums over all batch axes: never means.
    The sum over an empty batch is zero.

    Args:
        grad_output: the upstream gradient, shape (…, out).
        x: inputs, shape (…, in), with no, one or several batch axes.
        weight: shape (out, in).
        bias: shape (out,), or None.

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of its argument; grad_bias is None without a bias.

    >>> x, weight = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> grad_x, grad_weight, grad_bias = linear_backward(np.array([[1.0, 0.0], [0.5, 2.0]]), x, weight, np.zeros(2))
    >>> grad_x
    array([[ 1. ,  0. , -1. ],
           [ 4.5,  6. ,  0.5]])
    >>> grad_weight
    array([[3., 1., 4.],
           [0., 0., 8.]])
    >>> grad_bias
    array([1.5, 2. ])
    """
    upstream = grad_output.reshape(-1, weight.shape[0])  # (B, out), B the product of all batch axes
    rows = x.reshape(-1, weight.shape[1])  # (B, in)
    grad_bias = None if bias is None else upstream.sum(axis=0)
    return grad_output @ weight, upstream.T @ rows, grad_bias


def adam(
    param: np.ndarray,
    grad: np.ndarray,
    exp_avg: np.ndarray,
    exp_avg_sq: np.ndarray,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameter and both moments after one step of Adam.

    Running averages of the gradient and of its square are kept with the two betas. Both start at 0, so copies of them
    are corrected for that with the number of this update; what is returned as state is *not* corrected. The step is the
    corrected average divided by (the root of the corrected average square, plus eps): eps stands outside the root.
    weight_decay is an L2 penalty: weight_decay·param joins the gradient before anything else (decay that is coupled).

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        exp_avg: the running average of gradients, of the same shape; 0 before the first update.
        exp_avg_sq: the running average of squared gradients, of the same shape; 0 before the first update.
        step: the number of this update: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = np.array([1.0, -2.0]), np.array([0.5, -4.0]), np.zeros(2)
    >>> new_param, exp_avg, exp_avg_sq = adam(param, grad, zero, zero, 1, lr=0.1)
    >>> new_param.round(4)
    array([ 0.9, -1.9])
    >>> exp_avg.round(4), exp_avg_sq.round(6)
    (array([ 0.05, -0.4 ]), array([0.00025, 0.016  ]))
    """
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = np.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


def _without_statistics(grad: np.ndarray, normalized: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Take from a gradient what the mean and the variance of the normalized values take back."""
    through_mean = grad.mean(axis=axes, keepdims=True)
    through_var = normalized * (grad * normalized).mean(axis=axes, keepdims=True)
    return grad - through_mean - through_var


def layer_norm(
    x: np.ndarray, normalized_shape: tuple[int, ...], weight: np.ndarray, bias: np.ndarray, eps: float = 1e-5
) -> np.ndarray:
    """Normalize each example over its own features, then scale and shift every feature.

    Mean and biased variance are taken over the last axes, as many as normalized_shape has, for every place of the
    others alone. Training and inference are the same.

    Args:
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last axes, a tuple of one or more.
        weight: what the normalized values are multiplied by, shape normalized_shape.
        bias: what is added after that, shape normalized_shape.
        eps: added to the variance, inside the root.

    Returns:
        An array of x's shape and dtype. The features may lie far from 0 and vary little, or be all equal.

    >>> x = np.array([[1.0, 2.0, 6.0], [10.0, 20.0, 60.0]])
    >>> layer_norm(x, (3,), np.array([1.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]), eps=0.0).round(3)
    array([[-0.926,  0.537,  2.777],
           [-0.926,  0.537,  2.777]])
    """
    axes = tuple(range(-len(normalized_shape), 0))
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(var + eps) * weight + bias


def layer_norm_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    normalized_shape: tuple[int, ...],
    weight: np.ndarray,
    bias: np.ndarray,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``layer_norm`` with respect to x, weight and bias.

    Mean and variance depend on x. They are those of one example, while weight and bias are shared by all examples.

    Args:
        grad_output: the gradient with respect to the output, of x's shape.
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last axes, a tuple of one or more.
        weight: shape normalized_shape.
        bias: shape normalized_shape.
        eps: added to the variance, inside the root.

    Returns:
        (grad_x, grad_weight, grad_bias), of the shapes and dtype of x, weight and bias.

    >>> x, grad_output = np.array([[1.0, 2.0, 6.0]]), np.array([[1.0, 0.0, 0.0]])
    >>> grad_x, grad_weight, grad_bias = layer_norm_backward(grad_output, x, (3,), np.ones(3), np.zeros(3), eps=0.0)
    >>> grad_x.round(3)
    array([[ 0.176, -0.22 ,  0.044]])
    >>> grad_weight.round(3) + 0, grad_bias
    (array([-0.926,  0.   ,  0.   ]), array([1., 0., 0.]))
    """
    axes = tuple(range(-len(normalized_shape), 0))
    leading = tuple(range(x.ndim - len(normalized_shape)))
    root = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normalized = (x - x.mean(axis=axes, keepdims=True)) / root
    grad_x = _without_statistics(grad_output * weight, normalized, axes) / root
    return grad_x, (grad_output * normalized).sum(axis=leading), grad_output.sum(axis=leading)


def embedding(indices: np.ndarray, weight: np.ndarray, padding_idx: int | None = None) -> np.ndarray:
    """Return the row of a table for every index.

    Args:
        indices: integers from 0 to V - 1, of any shape (…), 0-d and empty ones included.
        weight: the table, one row for each of V symbols, shape (V, D).
        padding_idx: the symbol that only fills up, from -V to V - 1, negative counting from the end. Its row is looked
            up like any other; only in the backward does it matter.

    Returns:
        An array of shape (…, D), of weight's dtype.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> embedding(np.array([2, 0, 2]), weight)
    array([[ 4.  , -0.25],
           [ 0.5 , -1.  ],
           [ 4.  , -0.25]])
    """
    return weight[indices]


def embedding_backward(
    grad_output: np.ndarray, indices: np.ndarray, weight: np.ndarray, padding_idx: int | None = None
) -> np.ndarray:
    """Return the gradient of ``embedding`` with respect to the table.

    Each row gets the sum of what arrives at the places where it was looked up; rows that were not looked up get 0, and
    so does the row of padding_idx, whatever arrives there.

    Args:
        grad_output: the gradient with respect to the output, shape (…, D).
        indices: integers from 0 to V - 1, shape (…), 0-d and empty ones included; they get no gradient.
        weight: the table, shape (V, D).
        padding_idx: the symbol whose row gets no gradient, from -V to V - 1, negative counting from the end.

    Returns:
        grad_weight, of weight's shape and dtype.

    >>> grad_output = np.array([[1.0, 2.0], [10.0, 20.0], [0.5, -1.0]])
    >>> embedding_backward(grad_output, np.array([2, 0, 2]), np.ones((3, 2)))
    array([[10. , 20. ],
           [ 0. ,  0. ],
           [ 1.5,  1. ]])
    >>> embedding_backward(grad_output, np.array([2, 0, 2]), np.ones((3, 2)), padding_idx=0)
    array([[0. , 0. ],
           [0. , 0. ],
           [1.5, 1. ]])
    """
    grad_weight = np.zeros_like(weight)
    np.add.at(grad_weight, indices, grad_output)  # adds again for an index that comes again, as += does not
    if padding_idx is not None:
        grad_weight[padding_idx] = 0
    return grad_weight


def tied_logits(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return a logit for every symbol: the dot product of a feature vector with each row of the embedding's table.

    Args:
        x: feature vectors, shape (…, D); there may be none.
        weight: the table of the embedding, shape (V, D).

    Returns:
        Logits, shape (…, V), of the inputs' dtype.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> tied_logits(np.array([[2.0, 1.0]]), weight)
    array([[0.  , 7.  , 7.75]])
    """
    return x @ weight.T


def tied_logits_backward(grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of ``tied_logits`` with respect to x and to the table.

    Args:
        grad_output: the gradient with respect to the logits, shape (…, V).
        x: feature vectors, shape (…, D); there may be none.
        weight: the table, shape (V, D).

    Returns:
        (grad_x, grad_weight), of the shapes and dtype of x and weight.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> grad_x, grad_weight = tied_logits_backward(np.array([[2.0, -1.0, 0.0]]), np.array([[2.0, 1.0]]), weight)
    >>> grad_x
    array([[-1., -5.]])
    >>> grad_weight
    array([[ 4.,  2.],
           [-2., -1.],
           [ 0.,  0.]])
    """
    rows, grads = x.reshape(-1, x.shape[-1]), grad_output.reshape(-1, len(weight))  # (N, D) and (N, V)
    return grad_output @ weight, grads.T @ rows


def scaled_dot_product_attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    attn_mask: np.ndarray | None = None,
    is_causal: bool = False,
    scale: float | None = None,
) -> np.ndarray:
    """Return, for each query, the average of the values, weighted by how well their keys match the query.

    The score of query l and key s is their dot product times the scale; a softmax over the keys turns the scores of a
    query into weights. A hidden key has weight exactly 0, whatever its score. A query that may see no key at all gets
    zeros. Scores of several thousands are ordinary inputs.

    Args:
        query: shape (..., L, E), with any number of leading axes, none among them.
        key: shape (..., S, E), with the same leading axes.
        value: shape (..., S, Ev), with the same leading axes; Ev may differ from E.
        attn_mask: True where a query may see a key. Boolean, broadcastable to (..., L, S).
        is_causal: query l sees the keys 0 to l, also where L and S differ. Never given together with attn_mask.
        scale: positive; None stands for 1/√E.

    Returns:
        The averages, shape (..., L, Ev), of query's dtype.

    >>> key = np.array([[3.0, 0.0], [0.0, 3.0], [3.0, 3.0]])
    >>> value = np.array([[10.0], [20.0], [60.0]])
    >>> query = np.array([[100.0, 0.0], [0.0, 0.0]])
    >>> scaled_dot_product_attention(query, key, value)  # a tie of two keys, then of all three
    array([[35.],
           [30.]])
    >>> mask = np.array([[True, True, False], [False, False, False]])
    >>> scaled_dot_product_attention(query, key, value, mask)
    array([[10.],
           [ 0.]])
    """
    return _weights(query, key, attn_mask, is_causal, scale) @ value


def scaled_dot_product_attention_backward(
    grad_output: np.ndarray,
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    attn_mask: np.ndarray | None = None,
    is_causal: bool = False,
    scale: float | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``scaled_dot_product_attention`` with respect to query, key and value.

    No gradient passes between a query and a key that is hidden from it. A query that may see no key gets zeros.

    Args:
        grad_output: the gradient with respect to the output, shape (..., L, Ev).
        query: shape (..., L, E), with any number of leading axes, none among them.
        key: shape (..., S, E), with the same leading axes.
        value: shape (..., S, Ev), with the same leading axes.
        attn_mask: True where a query may see a key. Boolean, broadcastable to (..., L, S); it gets no gradient.
        is_causal: query l sees the keys 0 to l, also where L and S differ. Never given together with attn_mask.
        scale: positive; None stands for 1/√E.

    Returns:
        (grad_query, grad_key, grad_value), of the shapes and dtypes of query, key and value.

    >>> query, key = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0], [0.0, -1.0]])
    >>> value = np.array([[3.0], [7.0]])
    >>> for grad in scaled_dot_product_attention_backward(np.array([[1.0]]), query, key, value, scale=0.5):
    ...     print(grad.tolist())
    [[0.0, -1.0]]
    [[-0.5, 0.0], [0.5, 0.0]]
    [[0.5], [0.5]]
    """
    weights = _weights(query, key, attn_mask, is_causal, scale)  # (..., L, S)
    grad_value = _swap(weights) @ grad_output  # (..., S, Ev)
    grad_weights = grad_output @ _swap(value)  # (..., L, S)
    average = (weights * grad_weights).sum(axis=-1, keepdims=True)  # (..., L, 1)
    grad_products = _scale(query, scale) * weights * (grad_weights - average)  # (..., L, S)
    return grad_products @ key, _swap(grad_products) @ query, grad_value


def multi_head_attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    num_heads: int,
    q_proj_weight: np.ndarray,
    k_proj_weight: np.ndarray,
    v_proj_weight: np.ndarray,
    o_proj_weight: np.ndarray,
    attn_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Run scaled dot-product attention in H heads side by side, and mix their outputs.

    Project query, key and value; cut the features of each into H slices of neighbours, the first D (of the values Dv)
    for the first head; let each head attend on its own, with scale 1/√D; lay the outputs of the heads side by side
    again, the first head first; project once more. No biases.

    Args:
        query: shape (N, L, Eq), batch first.
        key: shape (N, S, Ek).
        value: shape (N, S, Ev).
        num_heads: H.
        q_proj_weight: shape (H·D, Eq).
        k_proj_weight: shape (H·D, Ek).
        v_proj_weight: shape (H·Dv, Ev).
        o_proj_weight: shape (Eo, H·Dv).
        attn_mask: True where, in this head, a query may see a key. Boolean, shape (N, H, L, S). A query that may see no
            key gets zeros from that head.

    Returns:
        Shape (N, L, Eo), of query's dtype.

    >>> key = value = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    >>> to_query = np.array([[90.0, 0.0], [0.0, 90.0]])  # head 0 compares the first features, head 1 the second
    >>> to_key, to_value, to_output = np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 10.0]])
    >>> query = np.array([[[1.0, 1.0], [-1.0, 1.0]]])
    >>> multi_head_attention(query, key, value, 2, to_query, to_key, to_value, to_output)
    array([[[ 1., 40.],
            [ 2., 40.]]])
    """
    q, k, v = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(scaled_dot_product_attention(q, k, v, attn_mask)) @ o_proj_weight.T  # (N, L, Eo)


def multi_head_attention_backward(
    grad_output: np.ndarray,
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    num_heads: int,
    q_proj_weight: np.ndarray,
    k_proj_weight: np.ndarray,
    v_proj_weight: np.ndarray,
    o_proj_weight: np.ndarray,
    attn_mask: np.ndarray | None = None,
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``multi_head_attention`` with respect to query, key, value and the four weights.

    Args:
        grad_output: the gradient with respect to the output, shape (N, L, Eo).
        query: shape (N, L, Eq), batch first.
        key: shape (N, S, Ek).
        value: shape (N, S, Ev).
        num_heads: H.
        q_proj_weight: shape (H·D, Eq).
        k_proj_weight: shape (H·D, Ek).
        v_proj_weight: shape (H·Dv, Ev).
        o_proj_weight: shape (Eo, H·Dv).
        attn_mask: True where, in this head, a query may see a key. Boolean, shape (N, H, L, S); it gets no gradient.

    Returns:
        (grad_query, grad_key, grad_value, grad_q_proj_weight, grad_k_proj_weight, grad_v_proj_weight,
        grad_o_proj_weight), of the shapes and dtypes of the seven arrays.

    >>> query, key = np.array([[[1.0]]]), np.array([[[1.0], [2.0]]])
    >>> weights = (np.array([[0.0], [0.0]]), np.array([[1.0], [3.0]]), np.array([[1.0], [2.0]]), np.array([[1.0, 5.0]]))
    >>> for grad in multi_head_attention_backward(np.array([[[2.0]]]), query, key, key, 2, *weights):
    ...     print(grad.tolist())
    [[[0.0]]]
    [[[0.0], [0.0]]]
    [[[11.0], [11.0]]]
    [[0.5], [15.0]]
    [[0.0], [0.0]]
    [[3.0], [15.0]]
    [[3.0, 6.0]]
    """
    q, k, v = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    merged = _merge(scaled_dot_product_attention(q, k, v, attn_mask))  # (N, L, H·Dv)
    grad_heads = _split(grad_output @ o_proj_weight, num_heads)  # (N, H, L, Dv)
    grads = scaled_dot_product_attention_backward(grad_heads, q, k, v, attn_mask)
    grad_q, grad_k, grad_v = (_merge(grad) for grad in grads)  # (N, L or S, H·D or H·Dv)
    return (
        grad_q @ q_proj_weight,
        grad_k @ k_proj_weight,
        grad_v @ v_proj_weight,
        _grad_weight(grad_q, query),
        _grad_weight(grad_k, key),
        _grad_weight(grad_v, value),
        _grad_weight(grad_output, merged),
    )


def _weights(
    query: np.ndarray, key: np.ndarray, attn_mask: np.ndarray | None, is_causal: bool, scale: float | None
) -> np.ndarray:
    """Return the softmax of the scores over the keys, (..., L, S), with 0 at hidden keys."""
    scores = _scale(query, scale) * (query @ _swap(key))
    keep = _keep(attn_mask, is_causal, scores)
    scores = np.where(keep, scores, np.finfo(scores.dtype).min)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    # exp has made hidden keys 0 already, except in rows where all are hidden.
    return powers / powers.sum(axis=-1, keepdims=True) * keep


def _keep(attn_mask: np.ndarray | None, is_causal: bool, scores: np.ndarray, start: int = 0) -> np.ndarray:
    """Return which of the keys from ``start`` on may be seen, broadcastable to the scores."""
    if is_causal:
        return np.tri(*scores.shape[-2:], -start, dtype=bool)
    return np.array(True) if attn_mask is None else attn_mask


def _scale(query: np.ndarray, scale: float | None) -> float:
    return 1 / math.sqrt(query.shape[-1]) if scale is None else scale


def _swap(x: np.ndarray) -> np.ndarray:
    return x.swapaxes(-1, -2)


def _heads(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    num_heads: int,
    q_proj_weight: np.ndarray,
    k_proj_weight: np.ndarray,
    v_proj_weight: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Return the projections, cut into heads: (N, H, L, D), (N, H, S, D) and (N, H, S, Dv)."""
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    return tuple(_split(x, num_heads) for x in projected)


def _split(x: np.ndarray, num_heads: int) -> np.ndarray:
    """Cut the features into heads: (N, L, H·D) to (N, H, L, D)."""
    n, length, _ = x.shape
    return x.reshape(n, length, num_heads, -1).swapaxes(1, 2)


def _merge(x: np.ndarray) -> np.ndarray:
    """Lay the heads side by side: (N, H, L, D) to (N, L, H·D)."""
    n, _, length, _ = x.shape
    return x.swapaxes(1, 2).reshape(n, length, -1)


def _grad_weight(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of the weight of a linear layer, summed over all leading axes: (out, in)."""
    return grad_output.reshape(-1, grad_output.shape[-1]).T @ x.reshape(-1, x.shape[-1])

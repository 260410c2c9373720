"""Functions of earlier exercises that transformer is built of: from activation, loss, backprop, optimizer,
normalization, embedding, attention.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import math

import torch


def relu(x: torch.Tensor) -> torch.Tensor:
    """Return max(x, 0), element by element.

    Args:
        x: a tensor of any shape, 0-d included.

    Returns:
        A tensor of x's shape and dtype, in autograd's graph; x itself is left as it is.

    >>> relu(torch.tensor([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).int().tolist()
    [[0, 0, 3], [7, 0, 4]]
    """
    return torch.where(x > 0, x, 0)


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return exp(x) / Σ exp(x), where the sum runs along one dimension: every slice becomes a distribution.

    Numbers like ±1000 are ordinary inputs, and one slice may lie 2000 above another: value and gradient must stay
    finite and right in every slice.

    Args:
        x: a tensor of one dimension or more.
        dim: the dimension along which the answer sums to 1; negative ones count from the end.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]])
    >>> softmax(x).mul(1e4).round().int().tolist()
    [[420, 1142, 8438], [0, 0, 10000]]
    >>> softmax(x, 0).mul(1e4).round().int().tolist()
    [[10000, 8176, 0], [0, 1824, 10000]]
    """
    weights = torch.exp(x - x.amax(dim=dim, keepdim=True))  # the largest of each slice is 1
    return weights / weights.sum(dim=dim, keepdim=True)


def cross_entropy(
    x: torch.Tensor, target: torch.Tensor, label_smoothing: float = 0.0, ignore_index: int = -100
) -> torch.Tensor:
    """Return the mean cross-entropy of logits and class labels.

    With logp = log_softmax(x) over the classes, row n costs -Σ_c q[c]·logp[n, c]. Without smoothing, q is 1 at
    the target and 0 elsewhere; with label_smoothing = ε it is (1 - ε)·onehot + ε/C, so that the target keeps its share
    of the ε too. Rows whose target is ignore_index cost nothing, and the mean is taken over the other rows only. Logits
    of ±1000 are ordinary inputs, and one row may lie far above another.

    Args:
        x: logits (not probabilities), shape (N, C).
        target: class labels, int64, shape (N,).
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        A 0-d tensor of x's dtype, through which autograd can go back to x.

    >>> x = torch.tensor([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> cross_entropy(x, torch.tensor([0, 2, -100]))
    tensor(1.7056)
    >>> cross_entropy(x, torch.tensor([0, 2, -100]), 0.3)
    tensor(1.7306)
    """
    kept = target != ignore_index  # (N,)
    logp = torch.log_softmax(x[kept], dim=-1)  # (K, C), K rows are kept
    at_target = logp.gather(1, target[kept].unsqueeze(1)).squeeze(1)  # (K,)
    return -((1 - label_smoothing) * at_target + label_smoothing * logp.mean(dim=-1)).mean()


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output, as in ``torch.nn.Linear``. All leading dimensions of x are batch
    dimensions: there may be none, one or several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        A tensor of shape (…, out) and x's dtype, through which autograd can go back to x, weight and bias.

    >>> weight = torch.tensor([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(torch.tensor([3.0, 1.0, 2.0]), weight)
    tensor([ 1., 10.])
    >>> linear(torch.tensor([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, torch.tensor([10.0, -10.0]))
    tensor([[11.,  0.],
            [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def adam(
    param: torch.Tensor,
    grad: torch.Tensor,
    exp_avg: torch.Tensor,
    exp_avg_sq: torch.Tensor,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
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
        step: the number of this update, a Python int: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = torch.tensor([1.0, -2.0]), torch.tensor([0.5, -4.0]), torch.zeros(2)
    >>> adam(param, grad, zero, zero, 1, lr=0.1)
    (tensor([ 0.9000, -1.9000]), tensor([ 0.0500, -0.4000]), tensor([0.0003, 0.0160]))
    """
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = torch.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


def layer_norm(
    x: torch.Tensor, normalized_shape: tuple[int, ...], weight: torch.Tensor, bias: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Normalize each example over its own features, then scale and shift every feature.

    Mean and biased variance are taken over the last dims, as many as normalized_shape has, for every place of the
    others alone. Training and inference are the same.

    Args:
        x: shape (…, *normalized_shape).
        normalized_shape: the sizes of the last dims, a tuple of one or more.
        weight: what the normalized values are multiplied by, shape normalized_shape.
        bias: what is added after that, shape normalized_shape.
        eps: added to the variance, inside the root.

    Returns:
        A tensor of x's shape and dtype, from which autograd can go back to x, weight and bias. The features may lie far
        from 0 and vary little, or be all equal.

    >>> x = torch.tensor([[1.0, 2.0, 6.0], [10.0, 20.0, 60.0]])
    >>> layer_norm(x, (3,), torch.tensor([1.0, 1.0, 2.0]), torch.tensor([0.0, 1.0, 0.0]), eps=0.0)
    tensor([[-0.9258,  0.5371,  2.7775],
            [-0.9258,  0.5371,  2.7775]])
    """
    dims = tuple(range(-len(normalized_shape), 0))
    var, mean = torch.var_mean(x, dim=dims, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def embedding(indices: torch.Tensor, weight: torch.Tensor, padding_idx: int | None = None) -> torch.Tensor:
    """Return the row of a table for every index.

    Args:
        indices: int64, from 0 to V - 1, of any shape (…), 0-d and empty ones included.
        weight: the table, one row for each of V symbols, shape (V, D).
        padding_idx: the symbol that only fills up, from -V to V - 1, negative counting from the end. Its row is looked
            up like any other, but no gradient may go back to it.

    Returns:
        A tensor of shape (…, D), of weight's dtype, through which autograd can go back to the other rows of weight.

    >>> weight = torch.tensor([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> embedding(torch.tensor([2, 0, 2]), weight)
    tensor([[ 4.0000, -0.2500],
            [ 0.5000, -1.0000],
            [ 4.0000, -0.2500]])
    """
    rows = weight[indices]  # (…, D)
    if padding_idx is None:
        return rows
    padded = indices == padding_idx % len(weight)  # a negative one counts from the end
    return torch.where(padded.unsqueeze(-1), rows.detach(), rows)


def tied_logits(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return a logit for every symbol: the dot product of a feature vector with each row of the embedding's table.

    Args:
        x: feature vectors, shape (…, D); there may be none.
        weight: the table of the embedding, shape (V, D).

    Returns:
        Logits, shape (…, V), of the inputs' dtype; autograd can go back to both.

    >>> weight = torch.tensor([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> tied_logits(torch.tensor([[2.0, 1.0]]), weight)
    tensor([[0.0000, 7.0000, 7.7500]])
    """
    return x @ weight.T


def scaled_dot_product_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    is_causal: bool = False,
    scale: float | None = None,
) -> torch.Tensor:
    """Return, for each query, the average of the values, weighted by how well their keys match the query.

    The score of query l and key s is their dot product times the scale; a softmax over the keys turns the scores of a
    query into weights. A hidden key has weight exactly 0, whatever its score. A query that may see no key at all gets
    zeros, and passes zeros back: never NaN. Scores of several thousands are ordinary inputs.

    Args:
        query: shape (..., L, E), with any number of leading dimensions, none among them.
        key: shape (..., S, E), with the same leading dimensions.
        value: shape (..., S, Ev), with the same leading dimensions; Ev may differ from E.
        attn_mask: True where a query may see a key. Boolean, broadcastable to (..., L, S).
        is_causal: query l sees the keys 0 to l, also where L and S differ. Never given together with attn_mask.
        scale: positive; None stands for 1/√E.

    Returns:
        The averages, shape (..., L, Ev), of query's dtype, through which autograd can go back to all three.

    >>> key = torch.tensor([[3.0, 0.0], [0.0, 3.0], [3.0, 3.0]])
    >>> value = torch.tensor([[10.0], [20.0], [60.0]])
    >>> query = torch.tensor([[100.0, 0.0], [0.0, 0.0]])
    >>> scaled_dot_product_attention(query, key, value)  # a tie of two keys, then of all three
    tensor([[35.],
            [30.]])
    >>> mask = torch.tensor([[True, True, False], [False, False, False]])
    >>> scaled_dot_product_attention(query, key, value, mask)
    tensor([[10.],
            [ 0.]])
    """
    scores = _scale(query, scale) * (query @ key.transpose(-2, -1))  # (..., L, S)
    keep = _keep(attn_mask, is_causal, scores)
    scores = scores.masked_fill(~keep, torch.finfo(scores.dtype).min)
    # Hidden keys have weight 0 already, except in rows where all are hidden.
    weights = torch.softmax(scores, dim=-1).masked_fill(~keep, 0.0)
    return weights @ value


def multi_head_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    num_heads: int,
    q_proj_weight: torch.Tensor,
    k_proj_weight: torch.Tensor,
    v_proj_weight: torch.Tensor,
    o_proj_weight: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
) -> torch.Tensor:
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
        Shape (N, L, Eo), of query's dtype, through which autograd can go back to all seven floating tensors.

    >>> key = value = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
    >>> to_query = torch.tensor([[90.0, 0.0], [0.0, 90.0]])  # head 0 compares the first features, head 1 the second
    >>> to_key, to_value = torch.eye(2), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> to_output = torch.tensor([[1.0, 0.0], [0.0, 10.0]])
    >>> query = torch.tensor([[[1.0, 1.0], [-1.0, 1.0]]])
    >>> multi_head_attention(query, key, value, 2, to_query, to_key, to_value, to_output)
    tensor([[[ 1., 40.],
             [ 2., 40.]]])
    """
    q = _split(query @ q_proj_weight.T, num_heads)  # (N, H, L, D)
    k = _split(key @ k_proj_weight.T, num_heads)  # (N, H, S, D)
    v = _split(value @ v_proj_weight.T, num_heads)  # (N, H, S, Dv)
    heads = scaled_dot_product_attention(q, k, v, attn_mask)  # (N, H, L, Dv)
    return heads.transpose(1, 2).flatten(2) @ o_proj_weight.T  # (N, L, Eo)


def _keep(attn_mask: torch.Tensor | None, is_causal: bool, scores: torch.Tensor, start: int = 0) -> torch.Tensor:
    """Return which of the keys from ``start`` on may be seen, broadcastable to the scores."""
    if attn_mask is not None:
        return attn_mask
    everything = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device)
    return everything.tril(-start) if is_causal else everything


def _scale(query: torch.Tensor, scale: float | None) -> float:
    return 1 / math.sqrt(query.shape[-1]) if scale is None else scale


def _split(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    """Cut the features into heads: (N, L, H·D) to (N, H, L, D)."""
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)

"""Attention in PyTorch: written so that autograd finds the right gradient, in rows that see no key too.

Boolean masks say True where a query may see a key, as ``torch.nn.functional.scaled_dot_product_attention`` has it;
``torch.nn.MultiheadAttention`` means the opposite.
"""

import math

import torch


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


def self_attention(
    x: torch.Tensor,
    q_proj_weight: torch.Tensor,
    k_proj_weight: torch.Tensor,
    v_proj_weight: torch.Tensor,
    is_causal: bool = False,
) -> torch.Tensor:
    """Let every element of a sequence look at the sequence itself: scaled dot-product attention of three projections.

    Queries, keys and values are linear functions of x without bias, with weights of shape (out, in) as in
    ``torch.nn.functional.linear``. The scale is 1/√D: the width of the queries counts, not that of x.

    Args:
        x: shape (..., L, E), with any number of leading dimensions, none among them.
        q_proj_weight: makes the queries, shape (D, E).
        k_proj_weight: makes the keys, shape (D, E).
        v_proj_weight: makes the values, shape (Dv, E).
        is_causal: element l sees the elements 0 to l.

    Returns:
        Shape (..., L, Dv), of x's dtype, through which autograd can go back to x and the weights.

    >>> x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
    >>> to_query, to_key = torch.tensor([[0.0, 40.0]]), torch.tensor([[1.0, 1.0]])
    >>> to_value = torch.tensor([[5.0, 3.0], [0.0, 1.0]])
    >>> self_attention(x, to_query, to_key, to_value)
    tensor([[4.6667, 1.0000],
            [6.0000, 2.0000],
            [6.0000, 2.0000]])
    >>> self_attention(x, to_query, to_key, to_value, True)
    tensor([[5.0000, 0.0000],
            [4.0000, 0.5000],
            [6.0000, 2.0000]])
    """
    query = x @ q_proj_weight.T  # (..., L, D)
    key = x @ k_proj_weight.T  # (..., L, D)
    value = x @ v_proj_weight.T  # (..., L, Dv)
    return scaled_dot_product_attention(query, key, value, None, is_causal)


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


def positional_encoding(length: int, d_model: int) -> torch.Tensor:
    """Return the table of sines and cosines that tells a transformer where each element of a sequence stands.

    Row p belongs to position p, from 0. Columns 2i and 2i + 1 are the sine and the cosine of the same angle,
    p / 10000^(2i / d_model).

    Args:
        length: how many positions.
        d_model: the width of the model, even.

    Returns:
        Shape (length, d_model), of PyTorch's default dtype, float32 (a table in float64 is right too).

    >>> positional_encoding(3, 4)
    tensor([[ 0.0000,  1.0000,  0.0000,  1.0000],
            [ 0.8415,  0.5403,  0.0100,  0.9999],
            [ 0.9093, -0.4161,  0.0200,  0.9998]])
    """
    # Angles in float64: float32 has lost digits of a large angle before sine and cosine see it.
    wavelength = 10000 ** (torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)  # (d_model/2,), over 2π
    angle = torch.arange(length).unsqueeze(1) / wavelength  # (length, d_model/2)
    table = torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(length, d_model)
    return table.to(torch.get_default_dtype())


def rotary_embedding(x: torch.Tensor, positions: torch.Tensor, theta: float = 10000.0) -> torch.Tensor:
    """Turn each pair of neighbouring features by an angle that grows with the position.

    In row l, the pair (x[2i], x[2i + 1]) is a point of the plane, which is turned from the first axis towards the
    second, by positions[l] / theta^(2i / E). (Some models pair x[i] with x[i + E/2]; here neighbours are pairs.)

    Args:
        x: queries or keys, shape (..., L, E), E even, with any number of leading dimensions, none among them.
        positions: where each row stands, integers from 0 to about 1000, in any order, shape (L,).
        theta: a positive number.

    Returns:
        x turned, of x's shape and dtype, through which autograd can go back to x. Angles computed in x's dtype are good
        enough.

    >>> x = torch.tensor([[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 2.0]])
    >>> rotary_embedding(x, torch.tensor([3, 0]))
    tensor([[-0.9900,  0.1411,  0.9996,  0.0300],
            [ 0.0000,  2.0000,  0.0000,  2.0000]])
    """
    features = x.shape[-1]
    exponent = torch.arange(0, features, 2, dtype=torch.float64, device=x.device) / features  # (E/2,)
    angle = positions.unsqueeze(-1) / theta**exponent  # (L, E/2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    first, second = x[..., 0::2], x[..., 1::2]  # (..., L, E/2)
    return torch.stack((first * cos - second * sin, first * sin + second * cos), dim=-1).flatten(-2)


def blockwise_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    block_size: int = 16,
) -> torch.Tensor:
    """Return what ``scaled_dot_product_attention`` returns, without ever holding the scores of all keys at once.

    Look at block_size keys at a time, in one pass, and keep for each query only what the next block needs: the largest
    score so far, the sum of the exponentials and the weighted sum of the values. Memory then does not grow with L·S.
    Only the forward pass is asked for: it need not be differentiable.

    Args:
        query: shape (..., L, E), with any number of leading dimensions, none among them.
        key: shape (..., S, E), with the same leading dimensions.
        value: shape (..., S, Ev), with the same leading dimensions; Ev may differ from E.
        attn_mask: True where a query may see a key. Boolean, broadcastable to (..., L, S).
        is_causal: query l sees the keys 0 to l, also where L and S differ. Never given together with attn_mask.
        scale: positive; None stands for 1/√E.
        block_size: how many keys at a time, 1 or more. It need not divide S, and may be larger.

    Returns:
        The averages, shape (..., L, Ev), of query's dtype; zeros for a query that may see no key.

    >>> query = torch.tensor([[1.0], [0.0]])
    >>> key, value = torch.tensor([[900.0], [1000.0], [1000.0]]), torch.tensor([[6.0], [12.0], [30.0]])
    >>> blockwise_attention(query, key, value, block_size=2)
    tensor([[21.],
            [16.]])
    """
    lowest = torch.finfo(query.dtype).min
    masks = None if attn_mask is None else attn_mask.expand(*query.shape[:-1], key.shape[-2]).split(block_size, dim=-1)
    peak = torch.full_like(query[..., :1], lowest)  # (..., L, 1)
    total = torch.zeros_like(peak)  # (..., L, 1)
    summed = value.new_zeros(*query.shape[:-1], value.shape[-1])  # (..., L, Ev)
    blocks = zip(key.split(block_size, dim=-2), value.split(block_size, dim=-2), strict=True)
    for i, (some_keys, some_values) in enumerate(blocks):  # B keys, fewer at the end
        scores = _scale(query, scale) * (query @ some_keys.transpose(-2, -1))  # (..., L, B)
        keep = _keep(None if masks is None else masks[i], is_causal, scores, i * block_size)
        scores = scores.masked_fill(~keep, lowest)
        higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
        powers = torch.exp(scores - higher).masked_fill(~keep, 0.0)
        shrink = torch.exp(peak - higher)  # what was summed so far had a lower peak
        total = total * shrink + powers.sum(dim=-1, keepdim=True)
        summed = summed * shrink + powers @ some_values
        peak = higher
    return summed / total.masked_fill(total == 0, 1.0)


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

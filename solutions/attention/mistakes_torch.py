"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import math

import torch


def scaled_dot_product_attention__divided_by_width(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The scores are divided by E, the width of the keys. A dot product of E independent terms grows like the root of
    E: divide by that, or the weights become too even."""
    scale = 1 / query.shape[-1] if scale is None else scale
    return _attend(query, key, value, attn_mask, is_causal, scale)


def scaled_dot_product_attention__not_scaled(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """Without a scale given, the scores are not scaled at all. None stands for one over the root of E; without it, wide
    keys make the softmax pick a single key, and little gradient is left."""
    return _attend(query, key, value, attn_mask, is_causal, 1.0 if scale is None else scale)


def scaled_dot_product_attention__scale_ignored(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The argument scale is not used. Where it is given, it takes the place of one over the root of E."""
    return _attend(query, key, value, attn_mask, is_causal, None)


def scaled_dot_product_attention__scaled_twice(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """A scale that is given is multiplied by one over the root of E as well. It is meant to take its place."""
    usual = 1 / math.sqrt(query.shape[-1])
    return _attend(query, key, value, attn_mask, is_causal, usual if scale is None else scale * usual)


def scaled_dot_product_attention__divided_by_scale(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The scores are divided by scale where it is given. It is a factor: multiply by it."""
    return _attend(query, key, value, attn_mask, is_causal, None if scale is None else 1 / scale)


def scaled_dot_product_attention__width_of_values(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The default scale is computed from the width of the values. The scores are dot products of queries and keys, so
    the width of these counts; the values may have another one."""
    scale = 1 / math.sqrt(value.shape[-1]) if scale is None else scale
    return _attend(query, key, value, attn_mask, is_causal, scale)


def scaled_dot_product_attention__softmax_over_queries(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The softmax runs over the queries. Each query shares out its own attention: its weights, over the keys, must sum
    to 1, and these lie along the last dimension of the scores."""
    return _attend(query, key, value, attn_mask, is_causal, scale, dim=-2)


def scaled_dot_product_attention__reshaped_keys(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The keys are brought to (..., E, S) by reshape or view, which keep the numbers in their order and cut them
    elsewhere. The last two dimensions have to be swapped: each key becomes a column."""
    *batch, keys, width = key.shape
    scores = _scale(query, scale) * (query @ key.reshape(*batch, width, keys))
    return _softmax(scores, _keep(attn_mask, is_causal, scores)) @ value


def scaled_dot_product_attention__all_dimensions_reversed(
    query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """`key.T` reverses all dimensions, the batch too. Swap the last two only: `transpose(-2, -1)`, or `key.mT`."""
    scores = _scale(query, scale) * (query @ key.T)
    return _softmax(scores, _keep(attn_mask, is_causal, scores)) @ value


def scaled_dot_product_attention__mask_ignored(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """attn_mask changes nothing here: it is not used, or what was computed with it is thrown away. Hidden keys must get
    a weight of 0."""
    return _attend(query, key, value, None, is_causal, scale)


def scaled_dot_product_attention__mask_inverted(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The mask is read the other way round. Here True says that a key may be seen; torch.nn.MultiheadAttention means
    the opposite."""
    return _attend(query, key, value, None if attn_mask is None else ~attn_mask, is_causal, scale)


def scaled_dot_product_attention__mask_after_softmax(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The weights of hidden keys are set to 0 after the softmax, which had already shared out attention to them: what
    is left does not sum to 1. Hide their scores before the softmax."""
    scores = _scale(query, scale) * (query @ _swap(key))
    return torch.softmax(scores, dim=-1) * _keep(attn_mask, is_causal, scores) @ value


def scaled_dot_product_attention__scores_times_mask(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The scores are multiplied by the mask, so a hidden key has the score 0, and exp(0) is 1: it still gets weight. A
    hidden key needs a score of minus infinity."""
    scores = _scale(query, scale) * (query @ _swap(key))
    return torch.softmax(scores * _keep(attn_mask, is_causal, scores), dim=-1) @ value


def scaled_dot_product_attention__mean_if_all_hidden(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """A large negative number stands in for minus infinity. Where all keys of a query are hidden, their scores are
    equal, and the softmax gives the mean of all values. Such a query must get zeros."""
    scores = _scale(query, scale) * (query @ _swap(key))
    return torch.softmax(torch.where(_keep(attn_mask, is_causal, scores), scores, -1e9), dim=-1) @ value


def scaled_dot_product_attention__nan_if_all_hidden(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """Where all keys of a query are hidden, all its scores are minus infinity, and the softmax computes minus infinity
    minus minus infinity, or 0/0: NaN. Such a query must get zeros; treat these rows on their own."""
    scores = _scale(query, scale) * (query @ _swap(key))
    scores = torch.where(_keep(attn_mask, is_causal, scores), scores, -torch.inf)
    powers = torch.exp(scores - scores.amax(dim=-1, keepdim=True))
    return powers / powers.sum(dim=-1, keepdim=True) @ value


def scaled_dot_product_attention__causal_ignored(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """is_causal is not used. With it, query l sees the keys 0 to l only: no position may look at the future."""
    return _attend(query, key, value, attn_mask, False, scale)


def scaled_dot_product_attention__causal_without_itself(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """With is_causal, a query does not see its own position, and the first one sees nothing. The diagonal belongs to
    what may be seen."""
    return _attend(query, key, value, *_causal(query, key, attn_mask, is_causal, -1), scale)


def scaled_dot_product_attention__causal_bottom_right(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """With is_causal, the last query is lined up with the last key. That suits a cache of earlier keys; here query 0
    and key 0 stand at the same place, and query l sees the keys 0 to l, whatever the lengths."""
    offset = key.shape[-2] - query.shape[-2]
    return _attend(query, key, value, *_causal(query, key, attn_mask, is_causal, offset), scale)


def scaled_dot_product_attention__causal_sees_the_future(
    query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """With is_causal, the wrong triangle is hidden: each query sees its future and not its past. Queries are rows and
    keys are columns: keep the diagonal and what lies below it."""
    if is_causal:
        attn_mask = torch.ones(query.shape[-2], key.shape[-2], dtype=torch.bool).triu()
    return _attend(query, key, value, attn_mask, False, scale)


def scaled_dot_product_attention__not_shifted(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """exp of a score above about 709 (in float32, 88) is infinite, and infinity over infinity is NaN. Subtract the
    largest score of each row first: the weights do not change."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = torch.exp(scores) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(dim=-1, keepdim=True)
    return powers / torch.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__one_peak_for_all(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """One maximum of all scores is subtracted. In a row that lies far below it every exponential is 0, and the row
    becomes 0/0 or all zeros. Take the maximum of each row."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = torch.exp(scores - scores.max()) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(dim=-1, keepdim=True)
    return powers / torch.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__peak_of_hidden_keys(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The maximum that is subtracted may be that of a hidden key. If it is far above the keys that are seen, all their
    exponentials are 0. Hide first, then take the maximum."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = torch.exp(scores - scores.amax(dim=-1, keepdim=True)) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(dim=-1, keepdim=True)
    return powers / torch.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__averages_keys(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The weighted average is taken of the keys. Keys are what is compared with; what is handed on are the values."""
    return _attend(query, key, key, attn_mask, is_causal, scale)


def scaled_dot_product_attention__in_place(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The value is right, but `query *= ...` overwrites the caller's queries. Multiply into a new tensor."""
    query *= _scale(query, scale)
    return _attend(query, key, value, attn_mask, is_causal, 1.0)


def scaled_dot_product_attention__nan_gradient_if_all_hidden(
    query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The values are right: NaN in rows without any key is replaced by 0 after the softmax. But on the way back the
    gradient passes through those NaN, and minus infinity was added to the scores, which hands it on to the queries and
    keys. Fill the hidden scores (masked_fill, where): that lets no gradient through. With a finite number, no NaN
    arises at all."""
    scores = _scale(query, scale) * (query @ _swap(key))
    keep = _keep(attn_mask, is_causal, scores)
    bias = torch.zeros(keep.shape, dtype=scores.dtype).masked_fill(~keep, -torch.inf)
    return torch.nan_to_num(torch.softmax(scores + bias, dim=-1)) @ value


def scaled_dot_product_attention__nan_gradient_of_values(
    query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The values are right: NaN in rows without any key is replaced by 0 in the output. But the weights of such a row
    are NaN, and on the way back they are in the sum for every value: 0 times NaN is NaN. Make the weights 0 before
    they are multiplied by the values."""
    scores = _scale(query, scale) * (query @ _swap(key))
    scores = torch.where(_keep(attn_mask, is_causal, scores), scores, -torch.inf)
    return torch.nan_to_num(torch.softmax(scores, dim=-1) @ value)


def scaled_dot_product_attention__weights_detached(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The values are right, but the weights are cut off from the graph (.detach(), .data or no_grad): queries and
    keys get no gradient and would never learn. Compute the weights with the tensors as they are."""
    return _weights(query, key, attn_mask, is_causal, scale).detach() @ value


def self_attention__not_transposed(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The weights are used as (in, out). They have shape (out, in), as in `linear`: transpose them. Only square weights
    hide that, and give wrong numbers."""
    return _attend(x @ q_proj_weight, x @ k_proj_weight, x @ v_proj_weight, None, is_causal, None)


def self_attention__width_of_x(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The scores are divided by the root of the width of x. They are dot products of projected queries and keys: the
    width after the projection counts."""
    scale = 1 / math.sqrt(x.shape[-1])
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T, None, is_causal, scale)


def self_attention__not_scaled(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The scores are not scaled. Divide them by the root of the width of the queries."""
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T, None, is_causal, 1.0)


def self_attention__query_and_key_swapped(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """Queries and keys are mixed up: the keys ask and the queries answer. The rows of the scores belong to the
    queries."""
    return _attend(x @ k_proj_weight.T, x @ q_proj_weight.T, x @ v_proj_weight.T, None, is_causal, None)


def self_attention__keys_from_query_weight(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """Queries and keys are made with the same weight. Then the scores are symmetric, and elements tend to look
    at themselves; k_proj_weight makes the keys."""
    return _attend(x @ q_proj_weight.T, x @ q_proj_weight.T, x @ v_proj_weight.T, None, is_causal, None)


def self_attention__values_are_keys(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The average is taken of the keys. The values are a projection of their own, with v_proj_weight."""
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x @ k_proj_weight.T, None, is_causal, None)


def self_attention__values_not_projected(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The average is taken of x itself. The values are x projected with v_proj_weight."""
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x, None, is_causal, None)


def self_attention__causal_ignored(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """is_causal is not handed on. With it, element l sees the elements 0 to l only."""
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T, None, False, None)


def self_attention__causal_without_itself(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """With is_causal, an element does not see itself, and the first one sees nothing. The diagonal belongs to what may
    be seen."""
    query, key = x @ q_proj_weight.T, x @ k_proj_weight.T
    return _attend(query, key, x @ v_proj_weight.T, *_causal(query, key, None, is_causal, -1), None)


def self_attention__softmax_over_queries(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The softmax runs over the queries. The weights of each element must sum to 1 over all that it looks at, the last
    dimension of the scores."""
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T, None, is_causal, None, dim=-2)


def self_attention__not_shifted(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """exp of a score above about 709 (in float32, 88) is infinite, and infinity over infinity is NaN. Subtract the
    largest score of each row first, or use the attention that you have written."""
    query, key = x @ q_proj_weight.T, x @ k_proj_weight.T
    scores = query @ _swap(key) / math.sqrt(query.shape[-1])
    powers = torch.exp(scores) * _keep(None, is_causal, scores)
    return powers / powers.sum(dim=-1, keepdim=True) @ (x @ v_proj_weight.T)


def multi_head_attention__heads_by_reshape(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """(N, L, H·D) is viewed straight as (N, H, L, D). That keeps the numbers in their order, so one head gets the first
    elements of the sequence and another the last. View it as (N, L, H, D), then swap the two middle dimensions."""
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    heads = (x.reshape(len(x), num_heads, x.shape[1], -1) for x in projected)
    return _merge(_attend(*heads, attn_mask, False, None)) @ o_proj_weight.T


def multi_head_attention__merged_by_reshape(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The outputs (N, H, L, D) of the heads are reshaped straight to (N, L, H·D). Swap heads and sequence back first,
    or features of different elements end up in one row."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    output = _attend(*heads, attn_mask, False, None)
    return output.reshape(len(query), query.shape[1], -1) @ o_proj_weight.T


def multi_head_attention__view_after_transpose(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """`view` cannot merge dimensions that were swapped: their numbers no longer lie side by side in memory. Use
    `reshape` or `flatten`, or call `.contiguous()` first."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    output = _attend(*heads, attn_mask, False, None).transpose(1, 2)
    return output.view(*query.shape[:2], len(v_proj_weight)) @ o_proj_weight.T


def multi_head_attention__interleaved_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """Head h takes every H-th feature. It should take D neighbours: the first D features belong to the first head, so
    the dimension is cut into (H, D), not into (D, H)."""
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    heads = (torch.movedim(x.reshape(*x.shape[:2], -1, num_heads), -1, 1) for x in projected)
    output = torch.movedim(_attend(*heads, attn_mask, False, None), 1, -1)
    return output.reshape(*output.shape[:2], -1) @ o_proj_weight.T


def multi_head_attention__width_of_model(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The scores are divided by the root of the width of all heads together. Each head makes dot products of its own D
    features: the width of one head counts."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    scale = 1 / math.sqrt(q_proj_weight.shape[0])
    return _merge(_attend(*heads, attn_mask, False, scale)) @ o_proj_weight.T


def multi_head_attention__one_head(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """num_heads is not used: one wide head attends. Several narrow heads have several sets of weights, and can look at
    different things."""
    mask = None if attn_mask is None else attn_mask[:, :1]
    heads = _heads(query, key, value, 1, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, mask, False, None)) @ o_proj_weight.T


def multi_head_attention__mask_ignored(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """attn_mask is not handed on to the heads. What it hides must get a weight of 0."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, None, False, None)) @ o_proj_weight.T


def multi_head_attention__mask_inverted(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The mask is read the other way round. Here True says that a key may be seen; PyTorch's MultiheadAttention means
    the opposite."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, None if attn_mask is None else ~attn_mask, False, None)) @ o_proj_weight.T


def multi_head_attention__one_mask_for_all_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The mask of the first head is used for all. attn_mask has a dimension for the heads: each has its own."""
    mask = None if attn_mask is None else attn_mask[:, :1]
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, mask, False, None)) @ o_proj_weight.T


def multi_head_attention__mean_if_all_hidden(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """A large negative number stands in for minus infinity: where a head may see no key, it gives the mean of all
    values. It must give zeros."""
    q, k, v = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    scores = _scale(q, None) * (q @ _swap(k))
    hidden = scores if attn_mask is None else torch.where(attn_mask, scores, -1e9)
    return _merge(torch.softmax(hidden, dim=-1) @ v) @ o_proj_weight.T


def multi_head_attention__values_from_key(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """v_proj_weight is applied to key. Keys and values may be different tensors: the values are projected from
    value."""
    heads = _heads(query, key, key, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, attn_mask, False, None)) @ o_proj_weight.T


def multi_head_attention__keys_from_query(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """All three projections are made from query. That is self-attention; here key and value may be another sequence, of
    another length."""
    heads = _heads(query, query, query, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, attn_mask, False, None)) @ o_proj_weight.T


def multi_head_attention__not_transposed(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The weights are used as (in, out). They have shape (out, in): transpose them. Only square weights hide that."""
    heads = _heads(query, key, value, num_heads, q_proj_weight.T, k_proj_weight.T, v_proj_weight.T)
    return _merge(_attend(*heads, attn_mask, False, None)) @ o_proj_weight


def multi_head_attention__output_not_transposed(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """o_proj_weight is used as (in, out). It has shape (out, in), like the other three: transpose it too."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, attn_mask, False, None)) @ o_proj_weight


def multi_head_attention__output_not_projected(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The outputs of the heads are laid side by side, and that is all. The projection with o_proj_weight is missing,
    the only place where the heads meet."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, attn_mask, False, None))


def multi_head_attention__softmax_over_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """The softmax runs over the heads. Heads do not compete: in each of them, the weights of a query sum to 1 over the
    keys, the last dimension."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, attn_mask, False, None, dim=1)) @ o_proj_weight.T


def positional_encoding__halves(length, d_model):
    """All sines stand before all cosines. Here they take turns: column 2i is a sine, column 2i + 1 the cosine of the
    same angle. (Some programs do have the halves; a trained model tells the two apart.)"""
    angle = _angle(length, torch.arange(0, d_model, 2) / d_model)
    return torch.cat((torch.sin(angle), torch.cos(angle)), dim=-1)


def positional_encoding__cosine_first(length, d_model):
    """Sine and cosine have changed places. Even columns are sines, so the row of position 0 begins with 0, 1."""
    angle = _angle(length, torch.arange(0, d_model, 2) / d_model)
    return torch.stack((torch.cos(angle), torch.sin(angle)), dim=-1).reshape(length, d_model)


def positional_encoding__exponent_half(length, d_model):
    """The exponent is i/d_model, with i the number of the pair. It is 2i/d_model: from 0 to 1 - 2/d_model, so that
    the slowest wave of a wide table is almost 10000 times longer than the fastest."""
    angle = _angle(length, torch.arange(d_model // 2) / d_model)
    return _table(angle)


def positional_encoding__a_frequency_for_each_column(length, d_model):
    """Each column has an angle of its own. Sine and cosine of a pair share one angle, so that a shift of the position
    turns the pair; the exponent of column 2i + 1 is that of column 2i."""
    angle = _angle(length, torch.arange(d_model) / d_model)
    table = torch.sin(angle)
    table[:, 1::2] = torch.cos(angle[:, 1::2])
    return table


def positional_encoding__positions_from_one(length, d_model):
    """The first row belongs to position 1. Positions are counted from 0, so the first row is 0, 1, 0, 1, and so on."""
    return _table(_angle(length, torch.arange(0, d_model, 2) / d_model, 1))


def positional_encoding__multiplied(length, d_model):
    """The position is multiplied by the power of 10000. It is divided: later columns turn more slowly, not faster."""
    angle = torch.arange(length)[:, None] * 10000 ** (torch.arange(0, d_model, 2) / d_model)
    return _table(angle)


def positional_encoding__integer_division(length, d_model):
    """The exponent is computed with `//`, which is 0 everywhere: all columns turn equally fast. Use `/`."""
    angle = _angle(length, torch.arange(0, d_model, 2) // d_model)
    return _table(angle)


def positional_encoding__last_wavelength(length, d_model):
    """The frequencies end at exactly 1/10000, as in the first published program. The paper's formula, used here, has
    2i/d_model in the exponent, which ends at 1 - 2/d_model."""
    angle = _angle(length, torch.arange(d_model // 2) / max(d_model // 2 - 1, 1))
    return _table(angle)


def positional_encoding__transposed(length, d_model):
    """The table lies on its side. Each row is a position, each column a feature: (length, d_model)."""
    return _table(_angle(length, torch.arange(0, d_model, 2) / d_model)).T


def rotary_embedding__halves(x, positions, theta=10000.0):
    """Feature i is paired with feature i + E/2. Some models do so; here the pairs are neighbours, 2i and 2i + 1."""
    cos, sin = _turn(x, positions, theta)
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, first * sin + second * cos), dim=-1)


def rotary_embedding__halves_in_result(x, positions, theta=10000.0):
    """The pairs are turned rightly, but the result has all first features before all second ones. They have to go back
    to where they came from, as neighbours."""
    cos, sin = _turn(x, positions, theta)
    first, second = x[..., 0::2], x[..., 1::2]
    return torch.cat((first * cos - second * sin, first * sin + second * cos), dim=-1)


def rotary_embedding__row_numbers(x, positions, theta=10000.0):
    """positions is not used: the rows are taken to stand at 0, 1, 2, and so on. With a cache or with packed sequences
    they start elsewhere, and have gaps."""
    return _rotated(x, *_turn(x, torch.arange(len(positions)), theta))


def rotary_embedding__other_way(x, positions, theta=10000.0):
    """The pairs are turned the other way round. The first feature becomes x[2i]·cos - x[2i + 1]·sin, the second
    x[2i]·sin + x[2i + 1]·cos. Either the minus sign stands in the wrong one, or the angle has the wrong sign."""
    cos, sin = _turn(x, positions, theta)
    return _rotated(x, cos, -sin)


def rotary_embedding__no_minus(x, positions, theta=10000.0):
    """The minus sign before x[2i + 1]·sin is missing. Without it the pair is not turned, and its length changes."""
    cos, sin = _turn(x, positions, theta)
    first, second = x[..., 0::2], x[..., 1::2]
    return torch.stack((first * cos + second * sin, first * sin + second * cos), dim=-1).reshape(x.shape)


def rotary_embedding__half_updated(x, positions, theta=10000.0):
    """The second feature of a pair is computed from the first one after that was turned already. Both need the old
    values: compute both before writing either."""
    cos, sin = _turn(x, positions, theta)
    turned = x.clone()
    turned[..., 0::2] = turned[..., 0::2] * cos - turned[..., 1::2] * sin
    turned[..., 1::2] = turned[..., 0::2] * sin + turned[..., 1::2] * cos
    return turned


def rotary_embedding__in_place(x, positions, theta=10000.0):
    """The values are right, but they are written into the caller's x. Write into a new tensor."""
    x[...] = _rotated(x, *_turn(x, positions, theta))
    return x


def rotary_embedding__exponent_half(x, positions, theta=10000.0):
    """The exponent is i/E, with i the number of the pair. It is 2i/E: from 0 to 1 - 2/E."""
    return _rotated(x, *_cos_sin(x, positions[:, None] / theta ** (torch.arange(x.shape[-1] // 2) / x.shape[-1])))


def rotary_embedding__theta_ignored(x, positions, theta=10000.0):
    """theta is not used: 10000 is written into the code. Models with long contexts take larger ones."""
    return _rotated(x, *_turn(x, positions, 10000.0))


def rotary_embedding__one_frequency(x, positions, theta=10000.0):
    """All pairs are turned by the same angle. Each pair has its own frequency, theta to the power of -2i/E."""
    return _rotated(x, *_cos_sin(x, positions[:, None] * torch.ones(x.shape[-1] // 2)))


def rotary_embedding__multiplied(x, positions, theta=10000.0):
    """The position is multiplied by the power of theta. It is divided: later pairs turn more slowly, not faster."""
    return _rotated(x, *_turn(x, positions, 1 / theta))


def rotary_embedding__added(x, positions, theta=10000.0):
    """Sines and cosines are added to x, as with the positional encoding of the first transformer. Here each pair is
    turned: multiplied, so that its length stays."""
    cos, sin = _turn(x, positions, theta)
    return x + torch.stack((sin, cos), dim=-1).reshape(x.shape[-2:])


def blockwise_attention__not_rescaled(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    """When a block brings a higher score, what was summed before is not rescaled: it still refers to the old peak. Both
    sums have to shrink by exp(old peak - new peak)."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, shrink=(False, False))


def blockwise_attention__total_not_rescaled(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """The weighted sum of the values is rescaled when the peak rises, the sum of the exponentials is not. Both refer to
    the same peak: rescale both."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, shrink=(False, True))


def blockwise_attention__values_not_rescaled(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """The sum of the exponentials is rescaled when the peak rises, the weighted sum of the values is not. Both refer to
    the same peak: rescale both."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, shrink=(True, False))


def blockwise_attention__nan_if_a_block_is_hidden(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """Before the first key is seen, the peak is minus infinity, and so are the scores of a block that is hidden
    altogether: minus infinity minus minus infinity is NaN, and stays NaN. Give the shift a finite value there."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, lowest=-torch.inf)


def blockwise_attention__nan_if_all_hidden(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """A query that sees no key has a sum of exponentials of 0 at the end, and 0/0 is NaN. It must get zeros."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, safe=False)


def blockwise_attention__mean_if_all_hidden(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """A large negative number stands in for minus infinity. Where all keys of a query are hidden, their exponentials
    are 1 each, and the mean of all values comes out. It must be zeros."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, lowest=-1e9, hide=False)


def blockwise_attention__last_block_dropped(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """Only whole blocks are looked at: `S // block_size` rounds down, and the keys that are left over are never seen.
    Let the last block be shorter."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, whole=True)


def blockwise_attention__average_of_blocks(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """Each block gets a softmax of its own, and the results are averaged. Blocks with high scores must weigh more: keep
    the sum of the exponentials, and divide once at the end."""
    scores = _scale(query, scale) * (query @ _swap(key))
    keep = torch.broadcast_to(_keep(attn_mask, is_causal, scores), scores.shape)
    blocks = [slice(start, start + block_size) for start in range(0, key.shape[-2], block_size)]
    parts = [_softmax(scores[..., block], keep[..., block]) @ value[..., block, :] for block in blocks]
    return sum(parts) / len(parts)


def blockwise_attention__not_shifted(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    """exp of a large score is infinite: the scores are not shifted. Subtract the largest one so far, and rescale both
    sums when it rises."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = torch.exp(scores) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(dim=-1, keepdim=True)
    return powers @ value / torch.where(total == 0, 1, total)


def blockwise_attention__peak_of_the_block(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """The peak is replaced by that of the new block, even if it is lower. Where scores fall far, or a block is hidden,
    exp(old peak - new peak) then overflows. Keep the larger of the two."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, running=False)


def blockwise_attention__causal_in_each_block(
    query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16
):
    """In each block, the causal mask starts anew from the corner. Column j of a block is key start + j: compare that
    with the query's number."""
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, offset=False)


def blockwise_attention__mask_ignored(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    """attn_mask is not used. Each block of keys needs its own columns of the mask."""
    return _attend(query, key, value, None, is_causal, scale)


def blockwise_attention__scale_ignored(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    """The argument scale is not used. Where it is given, it takes the place of one over the root of E."""
    return _attend(query, key, value, attn_mask, is_causal, None)


def _scale(query, scale):
    return 1 / math.sqrt(query.shape[-1]) if scale is None else scale


def _swap(x):
    return x.transpose(-1, -2)


def _keep(attn_mask, is_causal, scores):
    if is_causal:
        return torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return torch.tensor(True) if attn_mask is None else attn_mask


def _causal(query, key, attn_mask, is_causal, offset):
    """Return attn_mask and is_causal, with the diagonal moved if causal."""
    if is_causal:
        return torch.ones(query.shape[-2], key.shape[-2], dtype=torch.bool).tril(offset), False
    return attn_mask, False


def _softmax(scores, keep, dim=-1):
    scores = torch.where(keep, scores, torch.finfo(scores.dtype).min)
    powers = torch.exp(scores - scores.amax(dim=dim, keepdim=True))
    return powers / powers.sum(dim=dim, keepdim=True) * keep


def _weights(query, key, attn_mask, is_causal, scale, dim=-1):
    scores = _scale(query, scale) * (query @ _swap(key))
    return _softmax(scores, _keep(attn_mask, is_causal, scores), dim)


def _attend(query, key, value, attn_mask, is_causal, scale, dim=-1):
    return _weights(query, key, attn_mask, is_causal, scale, dim) @ value


def _split(x, num_heads):
    return x.reshape(*x.shape[:2], num_heads, -1).transpose(1, 2)


def _merge(x):
    return x.transpose(1, 2).reshape(len(x), x.shape[2], -1)


def _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight):
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    return tuple(_split(x, num_heads) for x in projected)


def _angle(length, exponent, start=0):
    return torch.arange(start, start + length)[:, None] / 10000.0**exponent


def _table(angle):
    return torch.stack((torch.sin(angle), torch.cos(angle)), dim=-1).reshape(len(angle), -1)


def _cos_sin(x, angle):
    return torch.cos(angle).to(x.dtype), torch.sin(angle).to(x.dtype)


def _turn(x, positions, theta):
    return _cos_sin(x, positions[:, None] / theta ** (torch.arange(0, x.shape[-1], 2) / x.shape[-1]))


def _rotated(x, cos, sin):
    first, second = x[..., 0::2], x[..., 1::2]
    return torch.stack((first * cos - second * sin, first * sin + second * cos), dim=-1).reshape(x.shape)


def _blockwise(
    query,
    key,
    value,
    attn_mask,
    is_causal,
    scale,
    block_size,
    shrink=(True, True),
    lowest=None,
    hide=True,
    safe=True,
    whole=False,
    running=True,
    offset=True,
):
    lowest = torch.finfo(query.dtype).min if lowest is None else lowest
    scores = _scale(query, scale) * (query @ _swap(key))
    keep = torch.broadcast_to(_keep(attn_mask, is_causal, scores), scores.shape)
    peak = torch.full_like(query[..., :1], lowest)
    total, summed = torch.zeros_like(peak), torch.zeros_like(query @ _swap(key) @ value)
    keys = key.shape[-2]
    for start in range(0, keys - keys % block_size if whole else keys, block_size):
        block = slice(start, start + block_size)
        some = torch.broadcast_to(
            torch.ones(scores[..., block].shape[-2:], dtype=torch.bool).tril(), scores[..., block].shape
        )
        seen = some if is_causal and not offset else keep[..., block]
        part = torch.where(seen, scores[..., block], lowest)
        higher = part.amax(dim=-1, keepdim=True)
        higher = torch.maximum(peak, higher) if running else higher
        powers = torch.exp(part - higher) * (seen if hide else 1)
        factor = torch.exp(peak - higher)
        total = total * (factor if shrink[0] else 1) + powers.sum(dim=-1, keepdim=True)
        summed = summed * (factor if shrink[1] else 1) + powers @ value[..., block, :]
        peak = higher
    return summed / (torch.where(total > 0, total, 1) if safe else total)

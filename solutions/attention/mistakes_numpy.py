"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import math

import numpy as np


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
    to 1, and these lie along the last axis of the scores."""
    return _attend(query, key, value, attn_mask, is_causal, scale, axis=-2)


def scaled_dot_product_attention__reshaped_keys(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The keys are brought to (..., E, S) by reshape, which keeps the numbers in their order and cuts them elsewhere.
    The last two axes have to be swapped: each key becomes a column."""
    *batch, keys, width = key.shape
    scores = _scale(query, scale) * (query @ key.reshape(*batch, width, keys))
    return _softmax(scores, _keep(attn_mask, is_causal, scores)) @ value


def scaled_dot_product_attention__all_axes_reversed(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """`key.T` reverses all axes, the batch too. Swap the last two only: `swapaxes(-1, -2)`, or `key.mT`."""
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
    return _softmax(scores, True) * _keep(attn_mask, is_causal, scores) @ value


def scaled_dot_product_attention__scores_times_mask(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The scores are multiplied by the mask, so a hidden key has the score 0, and exp(0) is 1: it still gets weight. A
    hidden key needs a score of minus infinity."""
    scores = _scale(query, scale) * (query @ _swap(key))
    return _softmax(scores * _keep(attn_mask, is_causal, scores), True) @ value


def scaled_dot_product_attention__mean_if_all_hidden(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """A large negative number stands in for minus infinity. Where all keys of a query are hidden, their scores are
    equal, and the softmax gives the mean of all values. Such a query must get zeros."""
    scores = _scale(query, scale) * (query @ _swap(key))
    return _softmax(np.where(_keep(attn_mask, is_causal, scores), scores, -1e9), True) @ value


def scaled_dot_product_attention__nan_if_all_hidden(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """Where all keys of a query are hidden, all its scores are minus infinity, and the softmax computes minus infinity
    minus minus infinity, or 0/0: NaN. Such a query must get zeros; treat these rows on their own."""
    scores = _scale(query, scale) * (query @ _swap(key))
    scores = np.where(_keep(attn_mask, is_causal, scores), scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ value


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
        attn_mask = np.triu(np.ones((query.shape[-2], key.shape[-2]), dtype=bool))
    return _attend(query, key, value, attn_mask, False, scale)


def scaled_dot_product_attention__not_shifted(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """exp of a score above about 709 (in float32, 88) is infinite, and infinity over infinity is NaN. Subtract the
    largest score of each row first: the weights do not change."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = np.exp(scores) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__one_peak_for_all(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """One maximum of all scores is subtracted. In a row that lies far below it every exponential is 0, and the row
    becomes 0/0 or all zeros. Take the maximum of each row."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = np.exp(scores - scores.max()) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__peak_of_hidden_keys(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The maximum that is subtracted may be that of a hidden key. If it is far above the keys that are seen, all their
    exponentials are 0. Hide first, then take the maximum."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total == 0, 1, total) @ value


def scaled_dot_product_attention__averages_keys(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The weighted average is taken of the keys. Keys are what is compared with; what is handed on are the values."""
    return _attend(query, key, key, attn_mask, is_causal, scale)


def scaled_dot_product_attention__in_place(query, key, value, attn_mask=None, is_causal=False, scale=None):
    """The value is right, but `query *= ...` overwrites the caller's queries. Multiply into a new array."""
    query *= _scale(query, scale)
    return _attend(query, key, value, attn_mask, is_causal, 1.0)


def scaled_dot_product_attention_backward__diagonal_only(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The softmax is differentiated as if each weight depended on its own score only, w(1 - w). Raising one score
    lowers all other weights of the row: subtract the weighted average of the row's gradients."""
    weights = _weights(query, key, attn_mask, is_causal, scale)
    grad_scores = weights * (1 - weights) * (grad_output @ _swap(value))
    return _finish(grad_output, query, key, weights, grad_scores, scale)


def scaled_dot_product_attention_backward__average_missing(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The gradient of the scores is the weight times the gradient of the weight, and nothing is subtracted. The weights
    of a row sum to 1: what one gains, the others lose, so the row's gradients must sum to 0."""
    weights = _weights(query, key, attn_mask, is_causal, scale)
    return _finish(grad_output, query, key, weights, weights * (grad_output @ _swap(value)), scale)


def scaled_dot_product_attention_backward__plain_average(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The plain mean of the row's gradients is subtracted. It must be their average with the attention weights: the sum
    over the keys of weight times gradient."""
    weights = _weights(query, key, attn_mask, is_causal, scale)
    grad_weights = grad_output @ _swap(value)
    grad_scores = weights * (grad_weights - grad_weights.mean(axis=-1, keepdims=True))
    return _finish(grad_output, query, key, weights, grad_scores, scale)


def scaled_dot_product_attention_backward__summed_over_queries(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The average in the derivative of the softmax is taken over the queries. The softmax ran over the keys, so its
    backward sums over the keys, the last axis, too."""
    weights = _weights(query, key, attn_mask, is_causal, scale)
    grad_weights = grad_output @ _swap(value)
    grad_scores = weights * (grad_weights - (weights * grad_weights).sum(axis=-2, keepdims=True))
    return _finish(grad_output, query, key, weights, grad_scores, scale)


def scaled_dot_product_attention_backward__softmax_skipped(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The gradient of the weights is passed on as if it were that of the scores: the softmax and the mask between them
    are skipped. Hidden keys get a gradient too."""
    weights = _weights(query, key, attn_mask, is_causal, scale)
    return _finish(grad_output, query, key, weights, grad_output @ _swap(value), scale)


def scaled_dot_product_attention_backward__not_scaled(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The gradients of query and key lack the scale. The scores are scale times query times key, so both gradients
    are multiplied by it on the way back."""
    grads = _attend_backward(grad_output, query, key, value, attn_mask, is_causal, scale)
    return grads[0] / _scale(query, scale), grads[1] / _scale(query, scale), grads[2]


def scaled_dot_product_attention_backward__scaled_twice(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The scale is multiplied in twice, once for the scores and once for query and key. It occurs once in the formula,
    so it occurs once in the gradient."""
    grads = _attend_backward(grad_output, query, key, value, attn_mask, is_causal, scale)
    return grads[0] * _scale(query, scale), grads[1] * _scale(query, scale), grads[2]


def scaled_dot_product_attention_backward__scale_ignored(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The argument scale is not used. Where it is given, it takes the place of one over the root of E, in the weights
    and in the gradients."""
    return _attend_backward(grad_output, query, key, value, attn_mask, is_causal, None)


def scaled_dot_product_attention_backward__mask_ignored(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """attn_mask is not used. The backward needs the weights of the forward, with hidden keys at 0, and no gradient may
    reach a hidden key."""
    return _attend_backward(grad_output, query, key, value, None, is_causal, scale)


def scaled_dot_product_attention_backward__mask_inverted(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The mask is read the other way round. Here True says that a key may be seen."""
    attn_mask = None if attn_mask is None else ~attn_mask
    return _attend_backward(grad_output, query, key, value, attn_mask, is_causal, scale)


def scaled_dot_product_attention_backward__causal_ignored(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """is_causal is not used. With it, the weights of later keys are 0, and no gradient may reach the future."""
    return _attend_backward(grad_output, query, key, value, attn_mask, False, scale)


def scaled_dot_product_attention_backward__causal_without_itself(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """With is_causal, a query does not see its own position. The diagonal belongs to what may be seen."""
    options = _causal(query, key, attn_mask, is_causal, -1)
    return _attend_backward(grad_output, query, key, value, *options, scale)


def scaled_dot_product_attention_backward__causal_bottom_right(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """With is_causal, the last query is lined up with the last key. Here query l sees the keys 0 to l, whatever the
    lengths."""
    options = _causal(query, key, attn_mask, is_causal, key.shape[-2] - query.shape[-2])
    return _attend_backward(grad_output, query, key, value, *options, scale)


def scaled_dot_product_attention_backward__mean_if_all_hidden(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """A large negative number stands in for minus infinity. Where all keys of a query are hidden, that gives equal
    weights, and the values get a gradient from a query that sees none of them. Such a row must have zeros."""
    scores = _scale(query, scale) * (query @ _swap(key))
    keep = _keep(attn_mask, is_causal, scores)
    weights = _softmax(np.where(keep, scores, -1e9), True)
    return _finish(grad_output, query, key, weights, _through_softmax(grad_output, value, weights) * keep, scale)


def scaled_dot_product_attention_backward__nan_if_all_hidden(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """Where all keys of a query are hidden, the softmax computes minus infinity minus minus infinity, or 0/0. One such
    row fills the gradients of all keys and values with NaN. Its weights must be 0."""
    scores = _scale(query, scale) * (query @ _swap(key))
    scores = np.where(_keep(attn_mask, is_causal, scores), scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return _finish(grad_output, query, key, weights, _through_softmax(grad_output, value, weights), scale)


def scaled_dot_product_attention_backward__not_shifted(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """exp of a score above about 709 (in float32, 88) is infinite, and infinity over infinity is NaN. Subtract the
    largest score of each row first."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = np.exp(scores) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(axis=-1, keepdims=True)
    weights = powers / np.where(total == 0, 1, total)
    return _finish(grad_output, query, key, weights, _through_softmax(grad_output, value, weights), scale)


def scaled_dot_product_attention_backward__peak_of_hidden_keys(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The maximum that is subtracted may be that of a hidden key. If it is far above the keys that are seen, all their
    exponentials are 0. Hide first, then take the maximum."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(axis=-1, keepdims=True)
    weights = powers / np.where(total == 0, 1, total)
    return _finish(grad_output, query, key, weights, _through_softmax(grad_output, value, weights), scale)


def scaled_dot_product_attention_backward__gradient_of_weights_for_values(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The gradient of the values is computed with the gradient of the scores in place of the weights. The output is
    weights times values, so the values get the weights, transposed, times the upstream gradient."""
    grads = _attend_backward(grad_output, query, key, value, attn_mask, is_causal, scale)
    weights = _weights(query, key, attn_mask, is_causal, scale)
    return *grads[:2], _swap(_through_softmax(grad_output, value, weights)) @ grad_output


def scaled_dot_product_attention_backward__key_before_query(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """The gradients come in another order than the arguments: query first, then key, then value."""
    grads = _attend_backward(grad_output, query, key, value, attn_mask, is_causal, scale)
    return grads[1], grads[0], grads[2]


def scaled_dot_product_attention_backward__upstream_ignored(
    grad_output, query, key, value, attn_mask=None, is_causal=False, scale=None
):
    """grad_output is not used: these are the gradients of the sum of all outputs. Start from what arrives from
    above."""
    return _attend_backward(np.ones_like(grad_output), query, key, value, attn_mask, is_causal, scale)


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
    axis of the scores."""
    return _attend(x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T, None, is_causal, None, axis=-2)


def self_attention__not_shifted(x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """exp of a score above about 709 (in float32, 88) is infinite, and infinity over infinity is NaN. Subtract the
    largest score of each row first, or use the attention that you have written."""
    query, key = x @ q_proj_weight.T, x @ k_proj_weight.T
    scores = query @ _swap(key) / math.sqrt(query.shape[-1])
    powers = np.exp(scores) * _keep(None, is_causal, scores)
    return powers / powers.sum(axis=-1, keepdims=True) @ (x @ v_proj_weight.T)


def self_attention_backward__x_of_values_only(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """grad_x comes from the values only. x is used three times, for queries, keys and values: its gradient is the sum
    of what comes back along the three ways."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    return grads[2] @ v_proj_weight, *_weight_grads(grads, x)


def self_attention_backward__x_without_keys(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """The way over the keys is missing from grad_x. x is used three times: add what comes back along all three ways."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    return grads[0] @ q_proj_weight + grads[2] @ v_proj_weight, *_weight_grads(grads, x)


def self_attention_backward__x_averaged(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The three ways back to x are averaged. Gradients along several ways add up."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    return _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight) / 3, *_weight_grads(grads, x)


def self_attention_backward__weights_transposed(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """The gradients of the weights are transposed. A gradient has the shape of its array: (out, in), as the weight."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    grad_x = _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight)
    return grad_x, *(grad.T for grad in _weight_grads(grads, x))


def self_attention_backward__weights_averaged_over_batch(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """The gradients of the weights are averaged over the batch. The loss has done its own averaging, and it is in
    grad_output: here they are summed."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    count = math.prod(x.shape[:-2])
    grad_x = _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight)
    return grad_x, *(grad / count for grad in _weight_grads(grads, x))


def self_attention_backward__weights_of_each_element(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """The gradients of the weights keep the leading axes: one gradient for each sequence. All share the same weights,
    so their gradients are summed over all leading axes."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    grad_x = _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight)
    return grad_x, *(_swap(grad) @ x for grad in grads)


def self_attention_backward__causal_ignored(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """is_causal is not handed on: gradient flows from the past into the future."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, False)
    return _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight), *_weight_grads(grads, x)


def self_attention_backward__not_scaled(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The scale is missing on the way back. The scores were divided by the root of the width of the queries, and so are
    the gradients of queries and keys."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    root = math.sqrt(q_proj_weight.shape[0])
    grads = grads[0] * root, grads[1] * root, grads[2]
    return _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight), *_weight_grads(grads, x)


def self_attention_backward__width_of_x(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False):
    """The scale is taken from the width of x. The scores are dot products of projected queries and keys: the width
    after the projection counts."""
    scale = 1 / math.sqrt(x.shape[-1])
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal, scale)
    return _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight), *_weight_grads(grads, x)


def self_attention_backward__query_and_key_swapped(
    grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal=False
):
    """The gradients of q_proj_weight and k_proj_weight have changed places. They have the same shape, so nothing but
    the numbers tells."""
    grads = _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal)
    to_query, to_key, to_value = _weight_grads(grads, x)
    return _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight), to_key, to_query, to_value


def multi_head_attention__heads_by_reshape(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """(N, L, H·D) is reshaped straight to (N, H, L, D). That keeps the numbers in their order, so one head gets the
    first elements of the sequence and another the last. Reshape to (N, L, H, D), then swap the two middle axes."""
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


def multi_head_attention__interleaved_heads(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """Head h takes every H-th feature. It should take D neighbours: the first D features belong to the first head, so
    the axis is cut into (H, D), not into (D, H)."""
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    heads = (np.moveaxis(x.reshape(*x.shape[:2], -1, num_heads), -1, 1) for x in projected)
    output = np.moveaxis(_attend(*heads, attn_mask, False, None), 1, -1)
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
    """The mask of the first head is used for all. attn_mask has an axis for the heads: each has its own."""
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
    hidden = scores if attn_mask is None else np.where(attn_mask, scores, -1e9)
    return _merge(_softmax(hidden, True) @ v) @ o_proj_weight.T


def multi_head_attention__values_from_key(
    query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight, o_proj_weight, attn_mask=None
):
    """v_proj_weight is applied to key. Keys and values may be different arrays: the values are projected from value."""
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
    keys, the last axis."""
    heads = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    return _merge(_attend(*heads, attn_mask, False, None, axis=1)) @ o_proj_weight.T


def multi_head_attention_backward__heads_by_reshape(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The upstream gradient is cut into heads by a reshape straight to (N, H, L, D), which mixes heads and elements.
    Reshape to (N, L, H, D), then swap the two middle axes, as in the forward."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    grad_merged = grad_output @ o_proj_weight
    grad_heads = grad_merged.reshape(len(query), num_heads, query.shape[1], -1)
    return _heads_backward(grad_output, grad_heads, *arrays, attn_mask)


def multi_head_attention_backward__grads_merged_by_reshape(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The gradients of the heads are merged by a reshape straight to (N, L, H·D). Swap heads and sequence back
    first."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    grad_heads = _split(grad_output @ o_proj_weight, num_heads)
    return _heads_backward(
        grad_output, grad_heads, *arrays, attn_mask, merge=lambda x: x.reshape(len(x), x.shape[2], -1)
    )


def multi_head_attention_backward__width_of_model(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The scale is taken from the width of all heads together. The width of one head counts, forwards and
    backwards."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    grad_heads = _split(grad_output @ o_proj_weight, num_heads)
    return _heads_backward(grad_output, grad_heads, *arrays, attn_mask, scale=1 / math.sqrt(q_proj_weight.shape[0]))


def multi_head_attention_backward__mask_ignored(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """attn_mask is not used. The backward needs the same weights as the forward, with hidden keys at 0."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    return _heads_backward(grad_output, _split(grad_output @ o_proj_weight, num_heads), *arrays, None)


def multi_head_attention_backward__mask_inverted(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The mask is read the other way round. Here True says that a key may be seen."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    mask = None if attn_mask is None else ~attn_mask
    return _heads_backward(grad_output, _split(grad_output @ o_proj_weight, num_heads), *arrays, mask)


def multi_head_attention_backward__upstream_not_projected(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The upstream gradient is cut into heads before it has gone back through the output projection. Multiply it by
    o_proj_weight first: that is the gradient of what the heads gave out."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    return _heads_backward(grad_output, _split(grad_output, num_heads), *arrays, attn_mask)


def multi_head_attention_backward__weights_transposed(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The gradients of the weights are transposed. A gradient has the shape of its array: (out, in), as the weight."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    grads = _heads_backward(grad_output, _split(grad_output @ o_proj_weight, num_heads), *arrays, attn_mask)
    return *grads[:3], *(grad.T for grad in grads[3:])


def multi_head_attention_backward__weights_averaged_over_batch(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """The gradients of the weights are averaged over the batch. All sequences share the weights: their gradients are
    summed."""
    arrays = query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight
    grads = _heads_backward(grad_output, _split(grad_output @ o_proj_weight, num_heads), *arrays, attn_mask)
    return *grads[:3], *(grad / len(query) for grad in grads[3:])


def multi_head_attention_backward__one_head(
    grad_output,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    o_proj_weight,
    attn_mask=None,
):
    """num_heads is not used: one wide head goes back. Cut queries, keys, values and the gradient of the merged output
    into heads, as in the forward."""
    arrays = query, key, value, 1, q_proj_weight, k_proj_weight, v_proj_weight
    mask = None if attn_mask is None else attn_mask[:, :1]
    return _heads_backward(grad_output, _split(grad_output @ o_proj_weight, 1), *arrays, mask)


def positional_encoding__halves(length, d_model):
    """All sines stand before all cosines. Here they take turns: column 2i is a sine, column 2i + 1 the cosine of the
    same angle. (Some programs do have the halves; a trained model tells the two apart.)"""
    angle = _angle(length, np.arange(0, d_model, 2) / d_model)
    return np.concatenate((np.sin(angle), np.cos(angle)), axis=-1)


def positional_encoding__cosine_first(length, d_model):
    """Sine and cosine have changed places. Even columns are sines, so the row of position 0 begins with 0, 1."""
    angle = _angle(length, np.arange(0, d_model, 2) / d_model)
    return np.stack((np.cos(angle), np.sin(angle)), axis=-1).reshape(length, d_model)


def positional_encoding__exponent_half(length, d_model):
    """The exponent is i/d_model, with i the number of the pair. It is 2i/d_model: from 0 to 1 - 2/d_model, so that
    the slowest wave of a wide table is almost 10000 times longer than the fastest."""
    angle = _angle(length, np.arange(d_model // 2) / d_model)
    return _table(angle)


def positional_encoding__a_frequency_for_each_column(length, d_model):
    """Each column has an angle of its own. Sine and cosine of a pair share one angle, so that a shift of the position
    turns the pair; the exponent of column 2i + 1 is that of column 2i."""
    angle = _angle(length, np.arange(d_model) / d_model)
    table = np.sin(angle)
    table[:, 1::2] = np.cos(angle[:, 1::2])
    return table


def positional_encoding__positions_from_one(length, d_model):
    """The first row belongs to position 1. Positions are counted from 0, so the first row is 0, 1, 0, 1, and so on."""
    return _table(_angle(length, np.arange(0, d_model, 2) / d_model, 1))


def positional_encoding__multiplied(length, d_model):
    """The position is multiplied by the power of 10000. It is divided: later columns turn more slowly, not faster."""
    angle = np.arange(length)[:, None] * 10000 ** (np.arange(0, d_model, 2) / d_model)
    return _table(angle)


def positional_encoding__integer_division(length, d_model):
    """The exponent is computed with `//`, which is 0 everywhere: all columns turn equally fast. Use `/`."""
    angle = _angle(length, np.arange(0, d_model, 2) // d_model)
    return _table(angle)


def positional_encoding__last_wavelength(length, d_model):
    """The frequencies end at exactly 1/10000, as in the first published program. The paper's formula, used here, has
    2i/d_model in the exponent, which ends at 1 - 2/d_model."""
    angle = _angle(length, np.arange(d_model // 2) / max(d_model // 2 - 1, 1))
    return _table(angle)


def positional_encoding__transposed(length, d_model):
    """The table lies on its side. Each row is a position, each column a feature: (length, d_model)."""
    return _table(_angle(length, np.arange(0, d_model, 2) / d_model)).T


def rotary_embedding__halves(x, positions, theta=10000.0):
    """Feature i is paired with feature i + E/2. Some models do so; here the pairs are neighbours, 2i and 2i + 1."""
    cos, sin = _turn(x, positions, theta)
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate((first * cos - second * sin, first * sin + second * cos), axis=-1)


def rotary_embedding__halves_in_result(x, positions, theta=10000.0):
    """The pairs are turned rightly, but the result has all first features before all second ones. They have to go back
    to where they came from, as neighbours."""
    cos, sin = _turn(x, positions, theta)
    first, second = x[..., 0::2], x[..., 1::2]
    return np.concatenate((first * cos - second * sin, first * sin + second * cos), axis=-1)


def rotary_embedding__row_numbers(x, positions, theta=10000.0):
    """positions is not used: the rows are taken to stand at 0, 1, 2, and so on. With a cache or with packed sequences
    they start elsewhere, and have gaps."""
    return _rotated(x, *_turn(x, np.arange(len(positions)), theta))


def rotary_embedding__other_way(x, positions, theta=10000.0):
    """The pairs are turned the other way round. The first feature becomes x[2i]·cos - x[2i + 1]·sin, the second
    x[2i]·sin + x[2i + 1]·cos. Either the minus sign stands in the wrong one, or the angle has the wrong sign."""
    cos, sin = _turn(x, positions, theta)
    return _rotated(x, cos, -sin)


def rotary_embedding__no_minus(x, positions, theta=10000.0):
    """The minus sign before x[2i + 1]·sin is missing. Without it the pair is not turned, and its length changes."""
    cos, sin = _turn(x, positions, theta)
    first, second = x[..., 0::2], x[..., 1::2]
    return np.stack((first * cos + second * sin, first * sin + second * cos), axis=-1).reshape(x.shape)


def rotary_embedding__half_updated(x, positions, theta=10000.0):
    """The second feature of a pair is computed from the first one after that was turned already. Both need the old
    values: compute both before writing either."""
    cos, sin = _turn(x, positions, theta)
    turned = x.copy()
    turned[..., 0::2] = turned[..., 0::2] * cos - turned[..., 1::2] * sin
    turned[..., 1::2] = turned[..., 0::2] * sin + turned[..., 1::2] * cos
    return turned


def rotary_embedding__in_place(x, positions, theta=10000.0):
    """The values are right, but they are written into the caller's x. Write into a new array."""
    x[...] = _rotated(x, *_turn(x, positions, theta))
    return x


def rotary_embedding__exponent_half(x, positions, theta=10000.0):
    """The exponent is i/E, with i the number of the pair. It is 2i/E: from 0 to 1 - 2/E."""
    return _rotated(x, *_cos_sin(x, positions[:, None] / theta ** (np.arange(x.shape[-1] // 2) / x.shape[-1])))


def rotary_embedding__theta_ignored(x, positions, theta=10000.0):
    """theta is not used: 10000 is written into the code. Models with long contexts take larger ones."""
    return _rotated(x, *_turn(x, positions, 10000.0))


def rotary_embedding__one_frequency(x, positions, theta=10000.0):
    """All pairs are turned by the same angle. Each pair has its own frequency, theta to the power of -2i/E."""
    return _rotated(x, *_cos_sin(x, positions[:, None] * np.ones(x.shape[-1] // 2)))


def rotary_embedding__multiplied(x, positions, theta=10000.0):
    """The position is multiplied by the power of theta. It is divided: later pairs turn more slowly, not faster."""
    return _rotated(x, *_turn(x, positions, 1 / theta))


def rotary_embedding__added(x, positions, theta=10000.0):
    """Sines and cosines are added to x, as with the positional encoding of the first transformer. Here each pair is
    turned: multiplied, so that its length stays."""
    cos, sin = _turn(x, positions, theta)
    return x + np.stack((sin, cos), axis=-1).reshape(x.shape[-2:])


def rotary_embedding_backward__same_way(grad_output, x, positions, theta=10000.0):
    """The upstream gradient is turned the same way as x was. The transpose of a rotation turns back: by minus the
    angle."""
    return _rotated(grad_output, *_turn(x, positions, theta))


def rotary_embedding_backward__not_turned(grad_output, x, positions, theta=10000.0):
    """The upstream gradient is handed on unchanged. The forward has turned x, so the gradient has to be turned back."""
    return grad_output.copy()


def rotary_embedding_backward__halves(grad_output, x, positions, theta=10000.0):
    """Feature i is paired with feature i + E/2. Here the pairs are neighbours, 2i and 2i + 1."""
    cos, sin = _turn(x, positions, theta)
    first, second = np.split(grad_output, 2, axis=-1)
    return np.concatenate((first * cos + second * sin, second * cos - first * sin), axis=-1)


def rotary_embedding_backward__row_numbers(grad_output, x, positions, theta=10000.0):
    """positions is not used: the rows are taken to stand at 0, 1, 2, and so on."""
    cos, sin = _turn(x, np.arange(len(positions)), theta)
    return _rotated(grad_output, cos, -sin)


def rotary_embedding_backward__theta_ignored(grad_output, x, positions, theta=10000.0):
    """theta is not used: 10000 is written into the code."""
    cos, sin = _turn(x, positions, 10000.0)
    return _rotated(grad_output, cos, -sin)


def rotary_embedding_backward__times_x(grad_output, x, positions, theta=10000.0):
    """The gradient is multiplied by x. A rotation is linear: its gradient does not depend on x at all."""
    cos, sin = _turn(x, positions, theta)
    return _rotated(grad_output * x, cos, -sin)


def rotary_embedding_backward__no_minus(grad_output, x, positions, theta=10000.0):
    """No minus sign is left. The transpose of the 2 × 2 matrix of a rotation has one too, in the other corner."""
    cos, sin = _turn(x, positions, theta)
    first, second = grad_output[..., 0::2], grad_output[..., 1::2]
    return np.stack((first * cos + second * sin, first * sin + second * cos), axis=-1).reshape(x.shape)


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
    return _blockwise(query, key, value, attn_mask, is_causal, scale, block_size, lowest=-np.inf)


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
    keep = np.broadcast_to(_keep(attn_mask, is_causal, scores), scores.shape)
    blocks = [slice(start, start + block_size) for start in range(0, key.shape[-2], block_size)]
    parts = [_softmax(scores[..., block], keep[..., block]) @ value[..., block, :] for block in blocks]
    return sum(parts) / len(parts)


def blockwise_attention__not_shifted(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    """exp of a large score is infinite: the scores are not shifted. Subtract the largest one so far, and rescale both
    sums when it rises."""
    scores = _scale(query, scale) * (query @ _swap(key))
    powers = np.exp(scores) * _keep(attn_mask, is_causal, scores)
    total = powers.sum(axis=-1, keepdims=True)
    return powers @ value / np.where(total == 0, 1, total)


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
    return x.swapaxes(-1, -2)


def _keep(attn_mask, is_causal, scores):
    if is_causal:
        return np.tri(*scores.shape[-2:], dtype=bool)
    return np.array(True) if attn_mask is None else attn_mask


def _causal(query, key, attn_mask, is_causal, offset):
    """Return attn_mask and is_causal, with the diagonal moved if causal."""
    if is_causal:
        return np.tri(query.shape[-2], key.shape[-2], offset, dtype=bool), False
    return attn_mask, False


def _softmax(scores, keep, axis=-1):
    scores = np.where(keep, scores, np.finfo(scores.dtype).min)
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True) * keep


def _weights(query, key, attn_mask, is_causal, scale, axis=-1):
    scores = _scale(query, scale) * (query @ _swap(key))
    return _softmax(scores, _keep(attn_mask, is_causal, scores), axis)


def _attend(query, key, value, attn_mask, is_causal, scale, axis=-1):
    return _weights(query, key, attn_mask, is_causal, scale, axis) @ value


def _through_softmax(grad_output, value, weights):
    grad_weights = grad_output @ _swap(value)
    return weights * (grad_weights - (weights * grad_weights).sum(axis=-1, keepdims=True))


def _finish(grad_output, query, key, weights, grad_scores, scale):
    scale = _scale(query, scale)
    return scale * (grad_scores @ key), scale * (_swap(grad_scores) @ query), _swap(weights) @ grad_output


def _attend_backward(grad_output, query, key, value, attn_mask, is_causal, scale):
    weights = _weights(query, key, attn_mask, is_causal, scale)
    return _finish(grad_output, query, key, weights, _through_softmax(grad_output, value, weights), scale)


def _self_backward(grad_output, x, q_proj_weight, k_proj_weight, v_proj_weight, is_causal, scale=None):
    projected = x @ q_proj_weight.T, x @ k_proj_weight.T, x @ v_proj_weight.T
    return _attend_backward(grad_output, *projected, None, is_causal, scale)


def _grad_x(grads, q_proj_weight, k_proj_weight, v_proj_weight):
    return grads[0] @ q_proj_weight + grads[1] @ k_proj_weight + grads[2] @ v_proj_weight


def _grad_weight(grad, x):
    return grad.reshape(-1, grad.shape[-1]).T @ x.reshape(-1, x.shape[-1])


def _weight_grads(grads, x):
    return tuple(_grad_weight(grad, x) for grad in grads)


def _split(x, num_heads):
    return x.reshape(*x.shape[:2], num_heads, -1).swapaxes(1, 2)


def _merge(x):
    return x.swapaxes(1, 2).reshape(len(x), x.shape[2], -1)


def _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight):
    projected = query @ q_proj_weight.T, key @ k_proj_weight.T, value @ v_proj_weight.T
    return tuple(_split(x, num_heads) for x in projected)


def _heads_backward(
    grad_output,
    grad_heads,
    query,
    key,
    value,
    num_heads,
    q_proj_weight,
    k_proj_weight,
    v_proj_weight,
    attn_mask,
    scale=None,
    merge=_merge,
):
    q, k, v = _heads(query, key, value, num_heads, q_proj_weight, k_proj_weight, v_proj_weight)
    merged = _merge(_attend(q, k, v, attn_mask, False, scale))
    grads = [merge(grad) for grad in _attend_backward(grad_heads, q, k, v, attn_mask, False, scale)]
    weights, inputs = (q_proj_weight, k_proj_weight, v_proj_weight), (query, key, value)
    return (
        *(grad @ weight for grad, weight in zip(grads, weights, strict=True)),
        *(_grad_weight(grad, x) for grad, x in zip(grads, inputs, strict=True)),
        _grad_weight(grad_output, merged),
    )


def _angle(length, exponent, start=0):
    return np.arange(start, start + length)[:, None] / 10000.0**exponent


def _table(angle):
    return np.stack((np.sin(angle), np.cos(angle)), axis=-1).reshape(len(angle), -1)


def _cos_sin(x, angle):
    return np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)


def _turn(x, positions, theta):
    return _cos_sin(x, positions[:, None] / theta ** (np.arange(0, x.shape[-1], 2) / x.shape[-1]))


def _rotated(x, cos, sin):
    first, second = x[..., 0::2], x[..., 1::2]
    return np.stack((first * cos - second * sin, first * sin + second * cos), axis=-1).reshape(x.shape)


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
    lowest = np.finfo(query.dtype).min if lowest is None else query.dtype.type(lowest)
    scores = _scale(query, scale) * (query @ _swap(key))
    keep = np.broadcast_to(_keep(attn_mask, is_causal, scores), scores.shape)
    peak = np.full_like(query[..., :1], lowest)
    total, summed = np.zeros_like(peak), np.zeros_like(query @ _swap(key) @ value)
    keys = key.shape[-2]
    for start in range(0, keys - keys % block_size if whole else keys, block_size):
        block = slice(start, start + block_size)
        some = np.broadcast_to(np.tri(*scores[..., block].shape[-2:], dtype=bool), scores[..., block].shape)
        seen = some if is_causal and not offset else keep[..., block]
        part = np.where(seen, scores[..., block], lowest)
        higher = part.max(axis=-1, keepdims=True)
        higher = np.maximum(peak, higher) if running else higher
        powers = np.exp(part - higher) * (seen if hide else 1)
        factor = np.exp(peak - higher)
        total = total * (factor if shrink[0] else 1) + powers.sum(axis=-1, keepdims=True)
        summed = summed * (factor if shrink[1] else 1) + powers @ value[..., block, :]
        peak = higher
    return summed / (np.where(total > 0, total, 1) if safe else total)

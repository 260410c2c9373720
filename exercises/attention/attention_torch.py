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

    Not allowed here: torch.nn.functional.scaled_dot_product_attention,
        torch.nn.functional.multi_head_attention_forward, torch.nn.MultiheadAttention.

    Welcome: torch.softmax.
    """
    raise NotImplementedError


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

    Not allowed here: torch.nn.functional.scaled_dot_product_attention,
        torch.nn.functional.multi_head_attention_forward, torch.nn.MultiheadAttention.

    Welcome: torch.softmax, torch.nn.functional.linear.
    """
    raise NotImplementedError


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

    Not allowed here: torch.nn.functional.scaled_dot_product_attention,
        torch.nn.functional.multi_head_attention_forward, torch.nn.MultiheadAttention.

    Welcome: torch.softmax, torch.nn.functional.linear.
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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

    Not allowed here: torch.nn.functional.scaled_dot_product_attention.
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)

"""Attention in NumPy: each query looks at all keys and takes a weighted average of their values.

Every ``_backward`` takes the gradient that arrives from above, ``grad_output``, of the output's shape, and then the
arguments of its forward; it returns the gradients of the floating arrays. Masks and positions get none. Nothing is
changed in place, and what comes out has the dtype of what goes in.
"""

import math

import numpy as np


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
    raise NotImplementedError


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
    raise NotImplementedError


def self_attention(
    x: np.ndarray,
    q_proj_weight: np.ndarray,
    k_proj_weight: np.ndarray,
    v_proj_weight: np.ndarray,
    is_causal: bool = False,
) -> np.ndarray:
    """Let every element of a sequence look at the sequence itself: scaled dot-product attention of three projections.

    Queries, keys and values are linear functions of x without bias, with weights of shape (out, in) as in ``linear``.
    The scale is 1/√D: the width of the queries counts, not that of x.

    Args:
        x: shape (..., L, E), with any number of leading axes, none among them.
        q_proj_weight: makes the queries, shape (D, E).
        k_proj_weight: makes the keys, shape (D, E).
        v_proj_weight: makes the values, shape (Dv, E).
        is_causal: element l sees the elements 0 to l.

    Returns:
        Shape (..., L, Dv), of x's dtype.

    >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
    >>> to_query, to_key, to_value = np.array([[0.0, 40.0]]), np.array([[1.0, 1.0]]), np.array([[5.0, 3.0], [0.0, 1.0]])
    >>> self_attention(x, to_query, to_key, to_value).round(4)
    array([[4.6667, 1.    ],
           [6.    , 2.    ],
           [6.    , 2.    ]])
    >>> self_attention(x, to_query, to_key, to_value, True).round(4)
    array([[5. , 0. ],
           [4. , 0.5],
           [6. , 2. ]])
    """
    raise NotImplementedError


def self_attention_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    q_proj_weight: np.ndarray,
    k_proj_weight: np.ndarray,
    v_proj_weight: np.ndarray,
    is_causal: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ``self_attention`` with respect to x and the three weights.

    Args:
        grad_output: the gradient with respect to the output, shape (..., L, Dv).
        x: shape (..., L, E), with any number of leading axes, none among them.
        q_proj_weight: makes the queries, shape (D, E).
        k_proj_weight: makes the keys, shape (D, E).
        v_proj_weight: makes the values, shape (Dv, E).
        is_causal: element l sees the elements 0 to l.

    Returns:
        (grad_x, grad_q_proj_weight, grad_k_proj_weight, grad_v_proj_weight), of the shapes and dtypes of x and the
        weights. A batch shares its weights: their gradients are sums over all leading axes.

    >>> x = np.array([[1.0], [3.0]])
    >>> to_query, to_key, to_value = np.array([[0.0]]), np.array([[2.0]]), np.array([[5.0]])
    >>> for grad in self_attention_backward(np.array([[1.0], [2.0]]), x, to_query, to_key, to_value):
    ...     print(grad.tolist())
    [[7.5], [7.5]]
    [[70.0]]
    [[0.0]]
    [[6.0]]
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def positional_encoding(length: int, d_model: int) -> np.ndarray:
    """Return the table of sines and cosines that tells a transformer where each element of a sequence stands.

    Row p belongs to position p, from 0. Columns 2i and 2i + 1 are the sine and the cosine of the same angle,
    p / 10000^(2i / d_model).

    Args:
        length: how many positions.
        d_model: the width of the model, even.

    Returns:
        Shape (length, d_model), float64 (NumPy's default; a table in float32 is right too).

    >>> positional_encoding(3, 4).round(4)
    array([[ 0.    ,  1.    ,  0.    ,  1.    ],
           [ 0.8415,  0.5403,  0.01  ,  1.    ],
           [ 0.9093, -0.4161,  0.02  ,  0.9998]])
    """
    raise NotImplementedError


def rotary_embedding(x: np.ndarray, positions: np.ndarray, theta: float = 10000.0) -> np.ndarray:
    """Turn each pair of neighbouring features by an angle that grows with the position.

    In row l, the pair (x[2i], x[2i + 1]) is a point of the plane, which is turned from the first axis towards the
    second, by positions[l] / theta^(2i / E). (Some models pair x[i] with x[i + E/2]; here neighbours are pairs.)

    Args:
        x: queries or keys, shape (..., L, E), E even, with any number of leading axes, none among them.
        positions: where each row stands, integers from 0 to about 1000, in any order, shape (L,).
        theta: a positive number.

    Returns:
        x turned, of x's shape and dtype. Angles computed in x's dtype are good enough.

    >>> x = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 2.0]])
    >>> rotary_embedding(x, np.array([3, 0])).round(4)
    array([[-0.99  ,  0.1411,  0.9996,  0.03  ],
           [ 0.    ,  2.    ,  0.    ,  2.    ]])
    """
    raise NotImplementedError


def rotary_embedding_backward(
    grad_output: np.ndarray, x: np.ndarray, positions: np.ndarray, theta: float = 10000.0
) -> np.ndarray:
    """Return the gradient of ``rotary_embedding`` with respect to x.

    Args:
        grad_output: the gradient with respect to the output, shape (..., L, E).
        x: queries or keys, shape (..., L, E), E even, with any number of leading axes, none among them.
        positions: where each row stands, integers from 0 to about 1000, in any order, shape (L,); they get no gradient.
        theta: a positive number.

    Returns:
        grad_x, of x's shape and dtype.

    >>> grad_output = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 2.0]])
    >>> rotary_embedding_backward(grad_output, np.ones((2, 4)), np.array([3, 0])).round(4)
    array([[-0.99  , -0.1411,  0.9996, -0.03  ],
           [ 0.    ,  2.    ,  0.    ,  2.    ]])
    """
    raise NotImplementedError


def blockwise_attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    attn_mask: np.ndarray | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    block_size: int = 16,
) -> np.ndarray:
    """Return what ``scaled_dot_product_attention`` returns, without ever holding the scores of all keys at once.

    Look at block_size keys at a time, in one pass, and keep for each query only what the next block needs: the largest
    score so far, the sum of the exponentials and the weighted sum of the values. Memory then does not grow with L·S.

    Args:
        query: shape (..., L, E), with any number of leading axes, none among them.
        key: shape (..., S, E), with the same leading axes.
        value: shape (..., S, Ev), with the same leading axes; Ev may differ from E.
        attn_mask: True where a query may see a key. Boolean, broadcastable to (..., L, S).
        is_causal: query l sees the keys 0 to l, also where L and S differ. Never given together with attn_mask.
        scale: positive; None stands for 1/√E.
        block_size: how many keys at a time, 1 or more. It need not divide S, and may be larger.

    Returns:
        The averages, shape (..., L, Ev), of query's dtype; zeros for a query that may see no key.

    >>> query = np.array([[1.0], [0.0]])
    >>> key, value = np.array([[900.0], [1000.0], [1000.0]]), np.array([[6.0], [12.0], [30.0]])
    >>> blockwise_attention(query, key, value, block_size=2)
    array([[21.],
           [16.]])
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

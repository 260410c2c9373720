"""Other right answers in NumPy."""

import numpy as np
from transformer_library_numpy import layer_norm, linear, multi_head_attention, relu, softmax


def embed__loop(x, table, positions):
    """One piece at a time."""
    return np.stack([table[row] * np.sqrt(table.shape[1], dtype=table.dtype) + positions[: len(row)] for row in x])


def block__piece_by_piece(x, params, num_heads):
    """Each piece by itself, with a mask for it."""
    n1w, n1b, *attention, n2w, n2b, w1, b1, w2, b2 = params
    out, size = [], x.shape[-1:]
    mask = np.tile(np.tri(x.shape[1], dtype=bool), (1, num_heads, 1, 1))
    for piece in x:
        normed = layer_norm(piece[None], size, n1w, n1b)
        attended = piece[None] + multi_head_attention(normed, normed, normed, num_heads, *attention, mask)
        out.append(attended + linear(relu(linear(layer_norm(attended, size, n2w, n2b), w1, b1)), w2, b2))
    return np.concatenate(out)


def next_symbol__walk(logits, random, temperature=1.0, top_k=None):
    """Take away from the random number until nothing is left."""
    if temperature == 0:
        return max(range(len(logits)), key=lambda symbol: (logits[symbol], -symbol))
    order = sorted(range(len(logits)), key=lambda symbol: (-logits[symbol], symbol))[:top_k]
    kept = sorted(order)
    probs = softmax(logits[kept] / temperature)
    left = random
    for symbol, prob in zip(kept, probs, strict=True):
        left -= prob
        if left < 0:
            return symbol
    return kept[-1]

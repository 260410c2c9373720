"""Other right answers in PyTorch."""

import torch
from transformer_library_torch import layer_norm, linear, multi_head_attention, relu


def embed__indexing(x, table, positions):
    """Rows by indexing."""
    return table[x] * table.shape[1] ** 0.5 + positions[: x.shape[1]]


def block__expanded_mask(x, params, num_heads):
    """The mask as an upper triangle turned round."""
    n1w, n1b, *attention, n2w, n2b, w1, b1, w2, b2 = params
    length, size = x.shape[1], x.shape[-1:]
    seen = ~torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)
    mask = seen.expand(len(x), num_heads, length, length)
    normed = layer_norm(x, size, n1w, n1b)
    x = x + multi_head_attention(normed, normed, normed, num_heads, *attention, mask)
    return linear(relu(linear(layer_norm(x, size, n2w, n2b), w1, b1)), w2, b2) + x


def next_symbol__multinomial_by_hand(logits, random, temperature=1.0, top_k=None):
    """Cut by filling with -inf instead of choosing."""
    if temperature == 0:
        return logits.argmax().item()
    order = torch.argsort(logits, descending=True, stable=True)
    cut = logits.clone()
    if top_k is not None:
        cut[order[top_k:]] = float("-inf")
    reached = torch.softmax(cut / temperature, dim=0).cumsum(dim=0)
    places = torch.nonzero(reached > random)
    return places[0].item() if len(places) else torch.nonzero(cut > float("-inf"))[-1].item()

"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


def embedding__padding_learns(indices, weight, padding_idx=None):
    """The values are right, but padding_idx is not used: its row gets a gradient from every place that was only filled
    up. Detach the rows that were looked up for padding, and let `torch.where` choose."""
    return weight[indices]


def embedding__padding_zeroed(indices, weight, padding_idx=None):
    """The row of padding is answered with zeros. That stops its gradient, but changes the answer: forward, padding is
    looked up as any other symbol. Detach its rows instead."""
    rows = weight[indices]
    if padding_idx is None:
        return rows
    return rows * (indices != padding_idx % len(weight)).unsqueeze(-1)


def embedding__padding_zero_is_none(indices, weight, padding_idx=None):
    """`if padding_idx:` is false for 0 as well, the most common padding of all. Ask `if padding_idx is not None:`."""
    rows = weight[indices]
    if not padding_idx:
        return rows
    return torch.where((indices == padding_idx % len(weight)).unsqueeze(-1), rows.detach(), rows)


def embedding__negative_padding_missed(indices, weight, padding_idx=None):
    """The indices are compared with padding_idx as it is. A negative one counts from the end, and no index ever equals
    it: take padding_idx % V first."""
    rows = weight[indices]
    if padding_idx is None:
        return rows
    return torch.where((indices == padding_idx).unsqueeze(-1), rows.detach(), rows)


def embedding__only_padding_learns(indices, weight, padding_idx=None):
    """The two branches of `torch.where` are swapped: padding keeps its gradient, and all others have lost theirs."""
    rows = weight[indices]
    if padding_idx is None:
        return rows
    return torch.where((indices == padding_idx % len(weight)).unsqueeze(-1), rows, rows.detach())


def embedding__left_the_graph(indices, weight, padding_idx=None):
    """The values are right, but the table learns nothing: `.data` (like `.detach()`, `.numpy()` or `torch.tensor(…)`)
    leaves autograd's graph. Index weight itself."""
    return weight.data[indices]


def embedding__detached_with_padding(indices, weight, padding_idx=None):
    """As soon as there is a padding_idx, the whole answer is detached. Only the rows of padding may be: choose with
    `torch.where`, place by place."""
    return weight[indices] if padding_idx is None else weight[indices].detach()


def embedding__columns(indices, weight, padding_idx=None):
    """This takes columns of the table. A symbol is a row, the features are the columns: `weight[indices]`."""
    return weight[:, indices]


def embedding__flattened(indices, weight, padding_idx=None):
    """The indices' own shape is lost: the answer is one long list of rows. An index of any shape needs no flattening,
    `weight[indices]` keeps it."""
    return weight[indices.flatten()]


def embedding__counts_from_one(indices, weight, padding_idx=None):
    """Each symbol gets the row before its own, and symbol 0 the last one. Indices count from 0, whatever is
    padding."""
    return weight[indices - 1]


def embedding__bag(indices, weight, padding_idx=None):
    """The rows of a sequence are added up, as in a bag of words, in which order is lost. Every index has its own row
    in the answer."""
    rows = weight[indices]
    return rows.sum(dim=-2) if indices.dim() else rows


def embedding__index_select_only(indices, weight, padding_idx=None):
    """`index_select` takes a list of indices, of one dimension at most. `weight[indices]` takes any shape."""
    return torch.index_select(weight, 0, indices)


def embedding__scaled(indices, weight, padding_idx=None):
    """The rows are multiplied with the root of the width. The first transformer does that behind its embedding; the
    look-up itself does not."""
    return weight[indices] * weight.shape[1] ** 0.5


def embedding__comparison_without_a_new_dimension(indices, weight, padding_idx=None):
    """The comparison has the shape of the indices, (…), and the rows have (…, D): lined up from the right, places stand
    against features. Give it a new last dimension, `.unsqueeze(-1)`."""
    rows = weight[indices]
    if padding_idx is None:
        return rows
    return torch.where(indices == padding_idx % len(weight), rows.detach(), rows)


def tied_logits__not_transposed(x, weight):
    """`x @ weight` multiplies with the columns of the table, and fits only where there are as many symbols as
    features. A logit is the product with a row: `x @ weight.T`. (`torch.nn.functional.linear` transposes by itself:
    give it the table as it is.)"""
    return x @ weight


def tied_logits__copied_table(x, weight):
    """The values are right, but the last layer has only the table's numbers (`.detach()`, `.data`, or a new parameter
    made of them): the table gets no gradient from here. Tying means one tensor in two places."""
    return x @ weight.detach().T


def tied_logits__detached_x(x, weight):
    """The values are right, but x was detached: nothing below this layer would learn."""
    return x.detach() @ weight.T


def tied_logits__logits_first(x, weight):
    """The symbols stand along the first dimension. They belong on the last, (…, V), as every loss for classes wants
    them."""
    return torch.tensordot(weight, x, dims=([1], [-1])) if x.dim() > 1 else (weight @ x)[:, None]


def tied_logits__log_softmax(x, weight):
    """These are log-probabilities. Logits come before the softmax, and cross_entropy applies its own."""
    return torch.log_softmax(x @ weight.T, dim=-1)


def tied_logits__scaled(x, weight):
    """The logits are divided by the root of the width, as the scores of attention are. Here they are plain dot
    products."""
    return x @ weight.T / weight.shape[1] ** 0.5


def tied_logits__cosine(x, weight):
    """The rows of the table are divided by their lengths first. A logit is the plain dot product: frequent symbols may
    have longer rows."""
    return x @ torch.nn.functional.normalize(weight, dim=-1).T


def tied_logits__last_only(x, weight):
    """Only the last vector gets logits. That is enough for drawing the next symbol; in training, every position has
    one to predict."""
    return (x[-1] if x.dim() > 1 else x) @ weight.T


def tied_logits__reshaped(x, weight):
    """`reshape` gives the table the right shape and the wrong order: it reads the same numbers row by row into other
    rows. To swap rows and columns, transpose: weight.T."""
    return x @ weight.reshape(weight.shape[1], weight.shape[0])


def tied_logits__weight_first(x, weight):
    """`weight @ x` is the textbook's form, for one column x. Here the features are the last dimension of x, behind any
    number of others: x @ weight.T."""
    return weight @ x


def tied_model__copied_for_the_last_layer(indices, weight, projection, padding_idx=None):
    """The values are right, but the last layer has only the table's numbers (`.detach()`, `.data`, or a new parameter
    made of them), so the gradient of the table lacks that share. Use the same tensor in both places: that is the
    tying."""
    return torch.nn.functional.embedding(indices, weight, padding_idx) @ projection.T @ weight.detach().T


def tied_model__copied_for_the_look_up(indices, weight, projection, padding_idx=None):
    """The values are right, but rows of a detached table were looked up, so the gradient of the table lacks that share.
    Use the same tensor in both places. (`torch.nn.Embedding.from_pretrained` freezes its table unless told
    otherwise.)"""
    return weight.detach()[indices] @ projection.T @ weight.T


def tied_model__padding_learns(indices, weight, projection, padding_idx=None):
    """The values are right, but padding_idx is not used: the row of padding learns from the places where it was looked
    up. Pass it on to the embedding."""
    return weight[indices] @ projection.T @ weight.T


def tied_model__padding_frozen(indices, weight, projection, padding_idx=None):
    """The row of padding is detached for both uses. padding_idx belongs to the look-up; as a row of the last layer it
    learns, if only that padding is never to be predicted."""
    if padding_idx is not None:
        frozen = torch.zeros(len(weight), 1, dtype=torch.bool)
        frozen[padding_idx] = True
        weight = torch.where(frozen, weight.detach(), weight)
    return weight[indices] @ projection.T @ weight.T


def tied_model__padding_zero_is_none(indices, weight, projection, padding_idx=None):
    """`padding_idx or None`, like `if padding_idx:`, takes 0 for nothing, the most common padding of all. Pass
    padding_idx on as it is."""
    return torch.nn.functional.embedding(indices, weight, padding_idx or None) @ projection.T @ weight.T


def tied_model__projection_frozen(indices, weight, projection, padding_idx=None):
    """The values are right, but the projection was detached, and learns nothing."""
    return torch.nn.functional.embedding(indices, weight, padding_idx) @ projection.detach().T @ weight.T


def tied_model__projection_not_transposed(indices, weight, projection, padding_idx=None):
    """The projection is multiplied as it stands. It is the weight of a linear layer, (out, in): embedded @
    projection.T. Being square, it fits either way. (`torch.nn.functional.linear` transposes by itself: give it the
    projection as it is.)"""
    return torch.nn.functional.embedding(indices, weight, padding_idx) @ projection @ weight.T


def tied_model__no_projection(indices, weight, projection, padding_idx=None):
    """The projection is not used. Without it the score of "a, then b" is that of "b, then a", and a symbol
    scores high for following itself."""
    return torch.nn.functional.embedding(indices, weight, padding_idx) @ weight.T


def tied_model__padding_zeroed(indices, weight, projection, padding_idx=None):
    """The row of padding is answered with zeros, so all its logits are 0. Forward, padding is looked up as any other
    symbol; only its gradient stops."""
    embedded = weight[indices]
    if padding_idx is not None:
        embedded = embedded * (indices != padding_idx % len(weight)).unsqueeze(-1)
    return embedded @ projection.T @ weight.T


def tied_model__hidden_only(indices, weight, projection, padding_idx=None):
    """The last step is missing: these are feature vectors, (…, D). Compare them with every row of the table, which
    gives (…, V)."""
    return torch.nn.functional.embedding(indices, weight, padding_idx) @ projection.T


def tied_model__softmax(indices, weight, projection, padding_idx=None):
    """These are probabilities. Return the logits: cross_entropy applies its own softmax."""
    hidden = torch.nn.functional.embedding(indices, weight, padding_idx) @ projection.T
    return torch.softmax(hidden @ weight.T, dim=-1)


def tied_model__padding_out_of_everything(indices, weight, projection, padding_idx=None):
    """The values are right, but at the places of padding the whole way is detached, so the last layer and the
    projection do not learn from them. padding_idx only keeps the looked-up row from learning."""
    logits = weight[indices] @ projection.T @ weight.T
    if padding_idx is None:
        return logits
    return torch.where((indices == padding_idx % len(weight)).unsqueeze(-1), logits.detach(), logits)

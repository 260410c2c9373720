"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def embedding__padding_zeroed(indices, weight, padding_idx=None):
    """The row of padding is answered with zeros. padding_idx changes the gradient only: forward, its row is looked up
    as any other. (That it is usually zero comes from its initial value, which no gradient ever changes.)"""
    out = weight[indices]
    if padding_idx is not None:
        out[indices == padding_idx % len(weight)] = 0
    return out


def embedding__padding_left_out(indices, weight, padding_idx=None):
    """Padding is left out of the answer, so its shape depends on the data. Every index has its row, padding too: a
    batch stays rectangular because of it."""
    if padding_idx is not None:
        indices = indices[indices != padding_idx % len(weight)]
    return weight[indices]


def embedding__columns(indices, weight, padding_idx=None):
    """This takes columns of the table. A symbol is a row, the features are the columns: `weight[indices]`."""
    return weight[:, indices]


def embedding__take_without_axis(indices, weight, padding_idx=None):
    """Without an axis, take counts through the flattened table and returns single numbers. Rows are wanted: axis=0."""
    return np.take(weight, indices)


def embedding__flattened(indices, weight, padding_idx=None):
    """The indices' own shape is lost: the answer is one long list of rows. An index of any shape needs no flattening,
    `weight[indices]` keeps it."""
    return weight[indices.ravel()]


def embedding__counts_from_one(indices, weight, padding_idx=None):
    """Each symbol gets the row before its own, and symbol 0 the last one. Indices count from 0, whatever is
    padding."""
    return weight[indices - 1]


def embedding__bag(indices, weight, padding_idx=None):
    """The rows of a sequence are added up, as in a bag of words, in which order is lost. Every index has its own row
    in the answer."""
    rows = weight[indices]
    return rows.sum(axis=-2) if indices.ndim else rows


def embedding__scaled(indices, weight, padding_idx=None):
    """The rows are multiplied with the root of the width. The first transformer does that behind its embedding; the
    look-up itself does not."""
    return weight[indices] * weight.shape[1] ** 0.5


def embedding__normalised(indices, weight, padding_idx=None):
    """The rows are divided by their lengths. (With max_norm PyTorch shortens those that are too long; there is no such
    option here.) Return them as they are."""
    rows = weight[indices]
    return rows / np.sqrt((rows * rows).sum(axis=-1, keepdims=True))


def embedding__identity_of_another_dtype(indices, weight, padding_idx=None):
    """A product with one-hot vectors is right, and as slow as the table is long; but np.eye makes float64, so that a
    float32 table answers in float64. Index the table: `weight[indices]`."""
    return np.eye(len(weight))[indices] @ weight


def embedding__features_first(indices, weight, padding_idx=None):
    """The features stand along the first axis. They belong on the last: (…, D)."""
    return np.moveaxis(weight[indices], -1, 0)


def embedding_backward__added_once(grad_output, indices, weight, padding_idx=None):
    """`grad[indices] += grad_output` reads all the rows, adds, and writes them back: of an index that occurs twice,
    only the last is kept. np.add.at adds every time."""
    grad = np.zeros_like(weight)
    grad[indices] += grad_output
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__added_once_without_padding(grad_output, indices, weight, padding_idx=None):
    """Two things. `grad[indices] += grad_output` (like `=`) adds only once for an index that occurs several times:
    np.add.at adds every time. And padding_idx is not used: its row gets no gradient."""
    grad = np.zeros_like(weight)
    grad[indices] += grad_output
    return grad


def embedding_backward__first_only(grad_output, indices, weight, padding_idx=None):
    """Of an index that occurs several times only the first occurrence counts here: np.unique has thrown the others
    away. A row acts wherever it was looked up, so all of its gradients are added."""
    grad = np.zeros_like(weight)
    found, first = np.unique(indices, return_index=True)
    grad[found] = grad_output.reshape(-1, weight.shape[1])[first]
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__averaged(grad_output, indices, weight, padding_idx=None):
    """Each row's gradient is divided by how often it was looked up. (PyTorch does that with scale_grad_by_freq=True.)
    By the chain rule, gradients of several uses are added."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    grad /= np.maximum(np.bincount(indices.ravel(), minlength=len(weight)), 1)[:, None].astype(weight.dtype)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__padding_learns(grad_output, indices, weight, padding_idx=None):
    """padding_idx is not used, so the row of padding learns from every place that was only filled up. Its gradient is
    0."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    return grad


def embedding_backward__padding_zero_is_none(grad_output, indices, weight, padding_idx=None):
    """`if padding_idx:` is false for 0 as well, the most common padding of all. Ask `if padding_idx is not None:`."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    if padding_idx:
        grad[padding_idx] = 0
    return grad


def embedding_backward__negative_padding_missed(grad_output, indices, weight, padding_idx=None):
    """The indices are compared with padding_idx as it is. A negative one counts from the end, and no index ever equals
    it: take padding_idx % V first, or use it to index the gradient."""
    grad = np.zeros_like(weight)
    kept = np.ones(indices.shape, dtype=bool) if padding_idx is None else indices != padding_idx
    np.add.at(grad, indices[kept], grad_output[kept])
    return grad


def embedding_backward__only_padding_learns(grad_output, indices, weight, padding_idx=None):
    """The mask is inverted: what is kept is padding, and everything else is left out."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    if padding_idx is not None:
        kept = grad[padding_idx].copy()
        grad[:] = 0
        grad[padding_idx] = kept
    return grad


def embedding_backward__column_zeroed(grad_output, indices, weight, padding_idx=None):
    """A column is set to 0 for padding, so that a feature is lost for all symbols. A symbol is a row:
    `grad[padding_idx] = 0`."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    if padding_idx is not None:
        grad[:, padding_idx % weight.shape[1]] = 0
    return grad


def embedding_backward__looked_up(grad_output, indices, weight, padding_idx=None):
    """This hands the gradient on as it came, one row for each index. It has to come to the table, (V, D): each row is
    added to the row of weight that it was copied from."""
    if padding_idx is None:
        return grad_output.copy()
    return np.where((indices == padding_idx % len(weight))[..., None], 0, grad_output)


def embedding_backward__counts(grad_output, indices, weight, padding_idx=None):
    """grad_output is not used: each row gets how often it was looked up. What arrives at these places is to be
    added."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, 1)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__mean(grad_output, indices, weight, padding_idx=None):
    """This divides by the number of indices. The look-up takes no mean, so its backward divides by nothing; a loss
    that does has done so already in grad_output."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output / indices.size)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__times_weight(grad_output, indices, weight, padding_idx=None):
    """The gradient is multiplied with the table. The output is a copy of its rows, and the derivative of a copy is 1:
    add what arrives, as it is."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output * weight[indices])
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__default_dtype(grad_output, indices, weight, padding_idx=None):
    """np.zeros makes float64 unless told otherwise, so the gradient of a float32 table is float64. Use
    np.zeros_like(weight)."""
    grad = np.zeros(weight.shape)
    np.add.at(grad, indices, grad_output)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__starts_from_weight(grad_output, indices, weight, padding_idx=None):
    """The gradient is added to a copy of the table, which is a step of ascent, not a gradient. Start from zeros."""
    grad = weight.copy()
    np.add.at(grad, indices, grad_output)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def embedding_backward__gradient_for_indices(grad_output, indices, weight, padding_idx=None):
    """This returns a gradient for the indices too. They are integers, and get none: return grad_weight alone, not a
    tuple."""
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_output)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return None, grad


def embedding_backward__padding_in_place(grad_output, indices, weight, padding_idx=None):
    """The gradient is right, but the places of padding are set to 0 in the caller's grad_output. Make a new array, or
    set the row of the result to 0."""
    grad = np.zeros_like(weight)
    if padding_idx is not None:
        grad_output[indices == padding_idx % len(weight)] = 0
    np.add.at(grad, indices, grad_output)
    return grad


def embedding_backward__plain_list_only(grad_output, indices, weight, padding_idx=None):
    """The loop is right for a plain list of indices. They may have any shape: np.add.at takes them as they are, or
    flatten indices and gradients alike."""
    grad = np.zeros_like(weight)
    for place, index in enumerate(indices):
        grad[index] += grad_output[place]
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad


def tied_logits__not_transposed(x, weight):
    """`x @ weight` multiplies with the columns of the table, and fits only where there are as many symbols as
    features. A logit is the product with a row: `x @ weight.T`."""
    return x @ weight


def tied_logits__logits_first(x, weight):
    """The symbols stand along the first axis. They belong on the last, (…, V), as every loss for classes wants
    them."""
    return np.tensordot(weight, x, axes=(1, -1)) if x.ndim > 1 else (weight @ x)[:, None]


def tied_logits__softmax(x, weight):
    """These are probabilities. Logits come before the softmax, and cross-entropy applies its own."""
    logits = x @ weight.T
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def tied_logits__scaled(x, weight):
    """The logits are divided by the root of the width, as the scores of attention are. Here they are plain dot
    products."""
    return x @ weight.T / weight.shape[1] ** 0.5


def tied_logits__cosine(x, weight):
    """The rows of the table are divided by their lengths first. A logit is the plain dot product: frequent symbols may
    have longer rows."""
    return x @ (weight / np.sqrt((weight * weight).sum(axis=1, keepdims=True))).T


def tied_logits__nearest(x, weight):
    """This is the negative squared distance to each row. It differs from the dot product by the lengths of both;
    return the dot product."""
    return -((x[..., None, :] - weight) ** 2).sum(axis=-1)


def tied_logits__last_only(x, weight):
    """Only the last vector gets logits. That is enough for drawing the next symbol; in training, every position has
    one to predict."""
    return (x[-1] if x.ndim > 1 else x) @ weight.T


def tied_logits__best_symbol(x, weight):
    """This is the number of the best symbol. Return the logits of all; the choice comes later."""
    return np.argmax(x @ weight.T, axis=-1)


def tied_logits__reshaped(x, weight):
    """`reshape` gives the table the right shape and the wrong order: it reads the same numbers row by row into other
    rows. To swap rows and columns, transpose: weight.T."""
    return x @ weight.reshape(weight.shape[1], weight.shape[0])


def tied_logits__weight_first(x, weight):
    """`weight @ x` is the textbook's form, for one column x. Here the features are the last axis of x, behind any
    number of others: x @ weight.T."""
    return weight @ x


def tied_logits_backward__x_with_transpose(grad_output, x, weight):
    """The forward multiplies with weight.T, so the backward multiplies with weight: grad_x = grad_output @ weight.
    With the transpose the shapes fit only where there are as many symbols as features."""
    rows, grads = x.reshape(-1, x.shape[-1]), grad_output.reshape(-1, len(weight))
    return grad_output @ weight.T, grads.T @ rows


def tied_logits_backward__weight_transposed(grad_output, x, weight):
    """grad_weight is transposed: (D, V). A gradient has the shape of what it belongs to: grad_output.T @ x."""
    rows, grads = x.reshape(-1, x.shape[-1]), grad_output.reshape(-1, len(weight))
    return grad_output @ weight, rows.T @ grads


def tied_logits_backward__batch_kept(grad_output, x, weight):
    """grad_weight still has the leading axes. The one table serves every vector of the batch, so their contributions
    are added up."""
    return grad_output @ weight, grad_output[..., :, None] * x[..., None, :]


def tied_logits_backward__t_of_batch(grad_output, x, weight):
    """`.T` turns round all axes, and with two leading axes the product is no longer the sum over both. Flatten them
    first: (N, V) and (N, D)."""
    if x.ndim == 1:
        return grad_output @ weight, np.outer(grad_output, x)
    return grad_output @ weight, grad_output.T @ x


def tied_logits_backward__mean(grad_output, x, weight):
    """grad_weight is divided by the number of vectors. The forward takes no mean; a loss that does has divided
    already."""
    rows, grads = x.reshape(-1, x.shape[-1]), grad_output.reshape(-1, len(weight))
    return grad_output @ weight, grads.T @ rows / len(rows)


def tied_logits_backward__swapped(grad_output, x, weight):
    """The two gradients are in the wrong order. They come in the order of the arguments: x first, then weight."""
    rows, grads = x.reshape(-1, x.shape[-1]), grad_output.reshape(-1, len(weight))
    return grads.T @ rows, grad_output @ weight


def tied_logits_backward__table_only(grad_output, x, weight):
    """Only the table's gradient is returned. x comes out of the layers below, which learn through grad_x: return
    (grad_x, grad_weight)."""
    rows, grads = x.reshape(-1, x.shape[-1]), grad_output.reshape(-1, len(weight))
    return grads.T @ rows


def tied_logits_backward__frozen(grad_output, x, weight):
    """The table gets no gradient here, as if it learnt as an embedding only. It is the weight of this layer too:
    grad_weight = grad_output.T @ x."""
    return grad_output @ weight, np.zeros_like(weight)


def tied_logits_backward__of_probabilities(grad_output, x, weight):
    """This goes back through a softmax as well, which is not part of this function. grad_output is the gradient with
    respect to the logits already."""
    logits = x @ weight.T
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    grad = p * (grad_output - (grad_output * p).sum(axis=-1, keepdims=True))
    return grad @ weight, grad.reshape(-1, len(weight)).T @ x.reshape(-1, x.shape[-1])


def tied_model__projection_not_transposed(indices, weight, projection, padding_idx=None):
    """The projection is multiplied as it stands. It is the weight of a linear layer, (out, in): embedded @
    projection.T. Being square, it fits either way."""
    return weight[indices] @ projection @ weight.T


def tied_model__no_projection(indices, weight, projection, padding_idx=None):
    """The projection is not used. Without it the score of "a, then b" is that of "b, then a", and a symbol
    scores high for following itself."""
    return weight[indices] @ weight.T


def tied_model__projection_twice(indices, weight, projection, padding_idx=None):
    """The projection is applied to the rows on both sides. Only what was looked up goes through it; it is then
    compared with the table as it is."""
    return weight[indices] @ projection.T @ (weight @ projection.T).T


def tied_model__padding_zeroed(indices, weight, projection, padding_idx=None):
    """The row of padding is answered with zeros, so all its logits are 0. Forward, padding is looked up as any other
    symbol; it differs in the backward only."""
    embedded = weight[indices]
    if padding_idx is not None:
        embedded[indices == padding_idx % len(weight)] = 0
    return embedded @ projection.T @ weight.T


def tied_model__padding_cannot_be_named(indices, weight, projection, padding_idx=None):
    """The logit of padding is -inf, so that it is never predicted. That may be wanted when text is generated; here
    every symbol has its plain logit."""
    out = weight[indices] @ projection.T @ weight.T
    if padding_idx is not None:
        out[..., padding_idx] = -np.inf
    return out


def tied_model__hidden_only(indices, weight, projection, padding_idx=None):
    """The last step is missing: these are feature vectors, (…, D). Compare them with every row of the table, which
    gives (…, V)."""
    return weight[indices] @ projection.T


def tied_model__softmax(indices, weight, projection, padding_idx=None):
    """These are probabilities. Return the logits: cross-entropy applies its own softmax."""
    logits = weight[indices] @ projection.T @ weight.T
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def tied_model__transposed_at_the_end(indices, weight, projection, padding_idx=None):
    """The hidden vectors are multiplied with the table as it stands. A logit is the product with a row: weight.T."""
    return weight[indices] @ projection.T @ weight


def tied_model_backward__last_layer_only(grad_output, indices, weight, projection, padding_idx=None):
    """grad_weight has the share of the last layer only. The table was also looked up: what arrives at the embedded
    vectors has to be added to their rows."""
    grad_weight, grad_projection, _ = _parts(grad_output, indices, weight, projection)
    return grad_weight, grad_projection


def tied_model_backward__look_up_only(grad_output, indices, weight, projection, padding_idx=None):
    """grad_weight has the share of the look-up only. The table is also the weight of the last layer: add grad_output.T
    @ hidden."""
    _, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return _scattered(grad_embedded, indices, weight, padding_idx), grad_projection


def tied_model_backward__overwritten(grad_output, indices, weight, projection, padding_idx=None):
    """The share of the look-up replaces that of the last layer in the rows that were looked up. Both belong to one
    table: add."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    found = np.unique(indices)
    if padding_idx is not None:
        found = found[found != padding_idx % len(weight)]
    grad_weight[found] = _scattered(grad_embedded, indices, weight, padding_idx)[found]
    return grad_weight, grad_projection


def tied_model_backward__added_once(grad_output, indices, weight, projection, padding_idx=None):
    """`grad_weight[indices] += …` adds once for each row, however often it was looked up. np.add.at adds every
    time."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    as_input = np.zeros_like(weight)
    as_input[indices] += grad_embedded
    if padding_idx is not None:
        as_input[padding_idx] = 0
    return grad_weight + as_input, grad_projection


def tied_model_backward__averaged(grad_output, indices, weight, projection, padding_idx=None):
    """The two shares are averaged. They are terms of one derivative, and add up: no 1/2."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return (grad_weight + _scattered(grad_embedded, indices, weight, padding_idx)) / 2, grad_projection


def tied_model_backward__padding_frozen(grad_output, indices, weight, projection, padding_idx=None):
    """The whole row of padding is set to 0 at the end, its share of the last layer too. padding_idx belongs to the
    look-up: leave it out there, before the shares are added."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    grad_weight = grad_weight + _scattered(grad_embedded, indices, weight, None)
    if padding_idx is not None:
        grad_weight[padding_idx] = 0
    return grad_weight, grad_projection


def tied_model_backward__padding_learns(grad_output, indices, weight, projection, padding_idx=None):
    """padding_idx is not used: the row of padding learns from the places where it was looked up."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return grad_weight + _scattered(grad_embedded, indices, weight, None), grad_projection


def tied_model_backward__padding_zero_is_none(grad_output, indices, weight, projection, padding_idx=None):
    """`if padding_idx:` is false for 0 as well, the most common padding of all. Ask `if padding_idx is not None:`."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return grad_weight + _scattered(grad_embedded, indices, weight, padding_idx or None), grad_projection


def tied_model_backward__negative_padding_missed(grad_output, indices, weight, projection, padding_idx=None):
    """The indices are compared with padding_idx as it is. A negative one counts from the end, and no index ever equals
    it: take padding_idx % V first."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    if padding_idx is not None and padding_idx < 0:
        padding_idx = None
    return grad_weight + _scattered(grad_embedded, indices, weight, padding_idx), grad_projection


def tied_model_backward__padding_out_of_everything(grad_output, indices, weight, projection, padding_idx=None):
    """What arrives at the places of padding is thrown away at the start, so the last layer and the projection do not
    learn from them. padding_idx only keeps the looked-up row from learning."""
    if padding_idx is not None:
        padded = indices == padding_idx % len(weight)
        grad_output = np.where(padded[..., None], 0, grad_output)
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return grad_weight + _scattered(grad_embedded, indices, weight, None), grad_projection


def tied_model_backward__projection_transposed(grad_output, indices, weight, projection, padding_idx=None):
    """grad_projection is transposed. The projection is (out, in): its gradient is that of its output, transposed,
    times its input: grad_hidden.T @ embedded."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return grad_weight + _scattered(grad_embedded, indices, weight, padding_idx), grad_projection.T


def tied_model_backward__back_through_transpose(grad_output, indices, weight, projection, padding_idx=None):
    """The gradient goes back to the embedded vectors through projection.T. Forward it was the transpose, so backward
    it is the matrix itself: grad_hidden @ projection."""
    grad_weight, grad_projection, _ = _parts(grad_output, indices, weight, projection)
    grad_embedded = grad_output @ weight @ projection.T
    return grad_weight + _scattered(grad_embedded, indices, weight, padding_idx), grad_projection


def tied_model_backward__projection_skipped(grad_output, indices, weight, projection, padding_idx=None):
    """The gradient jumps from the hidden vectors to the table without passing the projection. Multiply with it on the
    way back: grad_hidden @ projection."""
    grad_weight, grad_projection, _ = _parts(grad_output, indices, weight, projection)
    return grad_weight + _scattered(grad_output @ weight, indices, weight, padding_idx), grad_projection


def tied_model_backward__embedded_for_hidden(grad_output, indices, weight, projection, padding_idx=None):
    """The last layer's share uses the embedded vectors. Its input was the hidden ones, behind the projection:
    grad_output.T @ hidden."""
    _, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    grads, embedded = grad_output.reshape(-1, len(weight)), weight[indices.ravel()]
    return grads.T @ embedded + _scattered(grad_embedded, indices, weight, padding_idx), grad_projection


def tied_model_backward__hidden_for_embedded(grad_output, indices, weight, projection, padding_idx=None):
    """grad_projection uses the hidden vectors, which are the projection's output. A weight's gradient needs its input:
    grad_hidden.T @ embedded."""
    grad_weight, _, grad_embedded = _parts(grad_output, indices, weight, projection)
    hidden = weight[indices.ravel()] @ projection.T
    grad_projection = (grad_output.reshape(-1, len(weight)) @ weight).T @ hidden
    return grad_weight + _scattered(grad_embedded, indices, weight, padding_idx), grad_projection


def tied_model_backward__two_tables(grad_output, indices, weight, projection, padding_idx=None):
    """The table's two shares are returned apart, as for two tables. It is one table, with one gradient: their sum."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return _scattered(grad_embedded, indices, weight, padding_idx), grad_weight, grad_projection


def tied_model_backward__swapped(grad_output, indices, weight, projection, padding_idx=None):
    """The two gradients are in the wrong order. They come in the order of the arguments: weight first, then
    projection."""
    grad_weight, grad_projection, grad_embedded = _parts(grad_output, indices, weight, projection)
    return grad_projection, grad_weight + _scattered(grad_embedded, indices, weight, padding_idx)


def _parts(grad_output, indices, weight, projection):
    """Return the share of the last layer, the projection's gradient, and that of the embedded vectors."""
    grads, embedded = grad_output.reshape(-1, len(weight)), weight[indices.ravel()]
    grad_hidden = grads @ weight
    grad_embedded = (grad_hidden @ projection).reshape(*indices.shape, weight.shape[1])
    return grads.T @ (embedded @ projection.T), grad_hidden.T @ embedded, grad_embedded


def _scattered(grad_embedded, indices, weight, padding_idx):
    grad = np.zeros_like(weight)
    np.add.at(grad, indices, grad_embedded)
    if padding_idx is not None:
        grad[padding_idx] = 0
    return grad

"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def divide_by_sum__axis_dropped(x, axis=-1):
    """The sum has lost its axis, and broadcasting lines axes up from the right: the sums of the rows stand against the
    columns. That fails, or worse, with as many rows as columns it divides by the wrong sums. Keep the axis as one of
    length 1: keepdims=True."""
    return x / x.sum(axis=axis)


def divide_by_sum__everything(x, axis=-1):
    """This divides by the sum of the whole array, so that all numbers together sum to 1. Each slice has a sum of its
    own: pass the axis, with keepdims=True."""
    return x / x.sum()


def divide_by_sum__always_last(x, axis=-1):
    """The axis is not used: the sum always runs along the last one. Pass axis on to the sum."""
    return x / x.sum(axis=-1, keepdims=True)


def divide_by_sum__always_first(x, axis=-1):
    """The sum always runs along axis 0. Pass axis on to the sum; its default is -1, the last."""
    return x / x.sum(axis=0, keepdims=True)


def divide_by_sum__new_axis_last(x, axis=-1):
    """The axis that the sum has lost is put back at the end, which is right for the last axis only. Put it back where
    it was: keepdims=True does so."""
    return x / x.sum(axis=axis)[..., None]


def divide_by_sum__mean(x, axis=-1):
    """This divides by the mean of each slice, so that a slice sums to its length. Divide by the sum."""
    return x / x.mean(axis=axis, keepdims=True)


def divide_by_sum__maximum(x, axis=-1):
    """This divides by the largest number of each slice, which makes that one 1. Divide by the sum, so that the slice
    sums to 1."""
    return x / x.max(axis=axis, keepdims=True)


def divide_by_sum__absolute(x, axis=-1):
    """This divides by the sum of absolute values, which is another norm: with negative numbers the slices no longer
    sum to 1. Sum the numbers as they are."""
    return x / np.abs(x).sum(axis=axis, keepdims=True)


def divide_by_sum__root_of_squares(x, axis=-1):
    """This divides by the root of the sum of squares, so that each slice has length 1. Here its sum is to be 1: divide
    by the plain sum."""
    return x / np.sqrt((x * x).sum(axis=axis, keepdims=True))


def divide_by_sum__softmax(x, axis=-1):
    """This is a softmax: the numbers go through exp first. That comes in the next exercise; here they are divided as
    they are."""
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def divide_by_sum__epsilon(x, axis=-1):
    """The 1e-6 in the denominator protects against a sum of 0, which does not occur here, and makes every answer a
    little wrong: small numbers most of all. Leave it out."""
    return x / (x.sum(axis=axis, keepdims=True) + 1e-6)


def divide_by_sum__in_place(x, axis=-1):
    """The values are right, but `x /= …` writes them into the caller's array. Write `x / …`, which makes a new one."""
    x /= x.sum(axis=axis, keepdims=True)
    return x


def pick__table(x, labels):
    """`x[:, labels]` takes all rows at all labels, an (N, N) table; the wanted numbers are its diagonal. Give the rows
    too, `x[np.arange(N), labels]`: two lists of indices are read side by side."""
    return x[:, labels]


def pick__rows(x, labels):
    """`x[labels]` takes whole rows, as if the labels were numbers of rows. The rows are all wanted, each once; the
    label is the place in the row: `x[np.arange(N), labels]`."""
    return x[labels]


def pick__swapped(x, labels):
    """The two lists of indices are swapped. The first index of x is the row, the second the column: `x[np.arange(N),
    labels]`."""
    return x[labels, np.arange(len(x))]


def pick__column_left(x, labels):
    """The numbers are right, but each is left in a row of its own: shape (N, 1). take_along_axis keeps the axis that
    it takes along; drop it with `[:, 0]`, or the next subtraction from an (N,) array is silently (N, N)."""
    return np.take_along_axis(x, labels[:, None], axis=1)


def pick__flat(x, labels):
    """Without an axis, take counts through the flattened array, so all numbers come from the first row. Row n begins
    at place n·C; or index with rows and labels side by side."""
    return np.take(x, labels)


def pick__maximum(x, labels):
    """This takes the largest number of each row, whatever the label says. That is what a model guesses; the label says
    what was right: use it as the index."""
    return x.max(axis=1)


def pick__counts_from_one(x, labels):
    """1 is subtracted from the labels, so that each takes its left neighbour, and label 0 the last column, since -1
    counts from the end. Labels count from 0 here: use them as they are."""
    return x[np.arange(len(x)), labels - 1]


def pick__mask_times(x, labels):
    """The mask is right, but the numbers that are not wanted have only been set to 0: the answer is still an (N, C)
    table. Sum over the columns, or index."""
    return x * (labels[:, None] == np.arange(x.shape[1]))


def pick__sum_over_rows(x, labels):
    """After the mask, the sum runs over the rows, and gives one number for each column. Sum along axis 1, the columns,
    to get one for each row."""
    return (x * (labels[:, None] == np.arange(x.shape[1]))).sum(axis=0)


def pick__summed(x, labels):
    """The right numbers are added up. What is done with them is the caller's business: return all N of them."""
    return x[np.arange(len(x)), labels].sum()


def one_hot__classes_from_labels(labels, num_classes):
    """The number of classes is read off the labels, so the vectors are too short whenever the last classes do not
    occur in this batch. Make them num_classes long."""
    return np.eye(labels.max() + 1, dtype=int)[labels]


def one_hot__floats(labels, num_classes):
    """The values are right, but np.eye and np.zeros make floating numbers unless told otherwise. Ask for integers:
    dtype=int."""
    return np.eye(num_classes)[labels]


def one_hot__truth_values(labels, num_classes):
    """A comparison gives True and False. They become 1 and 0 with `.astype(int)`."""
    return labels[..., None] == np.arange(num_classes)


def one_hot__no_new_axis(labels, num_classes):
    """The labels are compared with the classes place by place, which fails unless there happen to be as many of both.
    Each label meets all classes: give the labels a new last axis, `labels[..., None]`."""
    return (labels == np.arange(num_classes)).astype(int)


def one_hot__classes_first(labels, num_classes):
    """The classes stand along the first axis. They belong on the last, so that each label has a vector of its own:
    give the labels a new last axis before comparing, `labels[..., None]`."""
    classes = np.arange(num_classes).reshape(num_classes, *[1] * labels.ndim)
    return (labels == classes).astype(int)


def one_hot__flattened(labels, num_classes):
    """The labels' own shape is lost: the answer is one long list of vectors. Whatever shape the labels have stays in
    front of the new axis."""
    return np.eye(num_classes, dtype=int)[labels.ravel()]


def one_hot__counts_from_one(labels, num_classes):
    """The 1 stands one place too early, as if labels counted from 1; label 0 even gets the last place, since -1 counts
    from the end. Use the labels as they are."""
    return np.eye(num_classes, dtype=int)[labels - 1]


def one_hot__columns_filled(labels, num_classes):
    """`out[:, labels] = 1` sets all rows at all labels. Each row has one label: pair rows and labels,
    `out[np.arange(N), labels] = 1`."""
    out = np.zeros((*labels.shape, num_classes), dtype=int)
    out[..., labels.ravel()] = 1
    return out


def one_hot__label_for_one(labels, num_classes):
    """The label itself is written at its place, so that class 0 vanishes. The place says which class it is; the number
    there is 1."""
    return labels[..., None] * np.eye(num_classes, dtype=int)[labels]


def one_hot__all_below(labels, num_classes):
    """All places up to the label are 1: that is a code for ordered classes. One-hot means one 1, where place and label
    are equal: use ==."""
    return (np.arange(num_classes) <= labels[..., None]).astype(int)


def one_hot__inverted(labels, num_classes):
    """The label's place is 0 and the others are 1. It is to be the other way round."""
    return 1 - np.eye(num_classes, dtype=int)[labels]


def one_hot__axis_one(labels, num_classes):
    """`labels[:, None]` puts the new axis at place 1. For a plain list of labels that is the end; with more axes it is
    not, and a single label has no such place. Count from the end: `labels[..., None]`."""
    return (labels[:, None] == np.arange(num_classes)).astype(int)


def one_hot__plain_list_only(labels, num_classes):
    """This is right for a plain list of labels. They may have any shape, and a single one has no length: index the
    identity with them, or compare with a new last axis."""
    out = np.zeros((len(labels), num_classes), dtype=int)
    out[np.arange(len(labels)), labels] = 1
    return out


def outer__swapped(x, y):
    """The axes are swapped: x varies along the last one. Let x have the rows: shape (…, M, 1) for x and (…, 1, N) for
    y."""
    return x[..., None, :] * y[..., :, None]


def outer__np_outer(x, y):
    """np.outer flattens what it is given, so a batch becomes one long vector, and every vector meets all others. It is
    right for two plain vectors only; with new axes, broadcasting keeps the batch."""
    return np.outer(x, y)


def outer__elementwise(x, y):
    """This multiplies number by number, and works only where the lengths happen to fit. All pairs are wanted: give x a
    new last axis and y a new one before its last."""
    return x * y


def outer__transposed_vector(x, y):
    """`.T` turns a vector into no column: with one axis there is nothing to turn round, and with a batch it is the
    batch that moves. Make a new axis: `x[..., None]`."""
    return x.T * y


def outer__inner(x, y):
    """This is the inner product: the products are summed, and only pairs at the same place were made. The outer
    product sums nothing, and pairs every number of x with every number of y."""
    return (x * y).sum(axis=-1)


def outer__axis_one(x, y):
    """`x[:, None]` puts the new axis at place 1. For a plain vector that is the end; with a batch in front it is not.
    Count from the end: `x[..., None]`."""
    return x[:, None] * y


def outer__sums(x, y):
    """The pairs are added, not multiplied."""
    return x[..., :, None] + y[..., None, :]


def outer__summed_over_batch(x, y):
    """The outer products of all pairs of vectors are added up. That is how the gradient of a weight comes about; here
    each pair keeps its own table: shape (…, M, N)."""
    rows, columns = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
    return rows.T @ columns


def outer__all_vectors(x, y):
    """Every vector of x is paired with every vector of y, so the batch axes occur twice. Element by element of the
    batch, one vector meets one vector."""
    return np.multiply.outer(x, y)


def outer__one_long_vector(x, y):
    """The products are right, but they stand in one long row of M·N numbers. Give them two axes: (…, M, N)."""
    return (x[..., :, None] * y[..., None, :]).reshape(*x.shape[:-1], -1)


def outer__one_batch_axis(x, y):
    """This counts on exactly one batch axis. There may be none, or several: count the new axes from the end, `x[...,
    :, None]`, or let einsum do it with "...i,...j->...ij"."""
    return x[:, :, None] * y[:, None, :]


def pairwise_dot__dot_t(x, y):
    """`.T` turns round all axes, the batch too. Swap the last two only: `np.swapaxes(y, -1, -2)`, or `y.mT`."""
    return x @ y.T


def pairwise_dot__not_transposed(x, y):
    """`x @ y` multiplies rows of x with columns of y. Here rows meet rows: the last two axes of y have to be swapped
    first. Where all sizes are equal, nothing but the numbers tells."""
    return x @ y


def pairwise_dot__first_two_axes(x, y):
    """The first two axes of y are swapped, which are the last two only without a batch. Count axes from the end: -1
    and -2."""
    return x @ np.swapaxes(y, 0, 1)


def pairwise_dot__answer_transposed(x, y):
    """The table is transposed: rows of y stand above, rows of x beside. x comes first: shape (…, L, S)."""
    return y @ np.swapaxes(x, -1, -2)


def pairwise_dot__np_dot(x, y):
    """np.dot (and np.inner) pair every matrix of the batch with every other one. `@`, matmul, goes through the batch
    side by side."""
    return np.inner(x, y)


def pairwise_dot__same_rows(x, y):
    """Only rows at the same place are multiplied, so one number a row comes out, if the shapes fit at all. Every row
    of x meets every row of y."""
    return (x * y).sum(axis=-1)


def pairwise_dot__not_summed(x, y):
    """All products are there, but the last axis is still to be summed over: a dot product is one number."""
    return x[..., :, None, :] * y[..., None, :, :]


def pairwise_dot__summed_over_batch(x, y):
    """The tables of the whole batch are added up. Each element of the batch keeps a table of its own."""
    out = x @ np.swapaxes(y, -1, -2)
    return out.sum(axis=tuple(range(out.ndim - 2)))


def pairwise_dot__scaled(x, y):
    """The dot products are divided by the root of the width. Attention does that; a dot product does not."""
    return (x @ np.swapaxes(y, -1, -2)) / x.shape[-1] ** 0.5


def pairwise_dot__cosines(x, y):
    """The rows are divided by their lengths first: this is the cosine of the angle between them. Leave the lengths
    in."""
    x = x / np.linalg.norm(x, axis=-1, keepdims=True)
    y = y / np.linalg.norm(y, axis=-1, keepdims=True)
    return x @ np.swapaxes(y, -1, -2)


def pairwise_dot__reshaped(x, y):
    """`reshape` gives y the right shape and the wrong order: it reads the same numbers row by row into other rows. To
    swap the last two axes, `np.swapaxes(y, -1, -2)`."""
    return x @ y.reshape(*y.shape[:-2], y.shape[-1], y.shape[-2])


def unbroadcast__leading_only(grad, shape):
    """The axes that were put in front are summed over, those that were stretched from length 1 are not. Sum over these
    too, with keepdims=True."""
    return grad.sum(axis=tuple(range(grad.ndim - len(shape))))


def unbroadcast__stretched_only(grad, shape):
    """The stretched axes are summed over, but the axes that broadcasting put in front are still there. Sum over the
    first grad.ndim - len(shape) axes as well."""
    added = grad.ndim - len(shape)
    axes = tuple(added + axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=axes, keepdims=True)


def unbroadcast__ones_dropped(grad, shape):
    """The sum over a stretched axis has dropped it. The array had an axis of length 1 there: keepdims=True."""
    added = grad.ndim - len(shape)
    axes = (*range(added), *(added + axis for axis, size in enumerate(shape) if size == 1))
    return grad.sum(axis=axes)


def unbroadcast__leading_kept(grad, shape):
    """The axes in front are left with length 1. The array did not have them at all: sum over them without keepdims."""
    added = grad.ndim - len(shape)
    axes = (*range(added), *(added + axis for axis, size in enumerate(shape) if size == 1))
    return grad.sum(axis=axes, keepdims=True)


def unbroadcast__from_the_left(grad, shape):
    """The shapes are lined up from the left, and what is missing is looked for at the end. Broadcasting lines them up
    from the right: new axes come in front."""
    grad = grad.sum(axis=tuple(range(len(shape), grad.ndim)))
    return grad.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def unbroadcast__one_leading_axis(grad, shape):
    """Only one axis in front is summed over. Broadcasting may have added several: go on until as many are left as
    shape has."""
    if grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def unbroadcast__always_a_batch(grad, shape):
    """The first axis is summed over in any case, as for the bias of a layer. Where nothing was put in front, nothing
    is to be summed: compare the numbers of axes."""
    return grad.sum(axis=0)


def unbroadcast__mean(grad, shape):
    """This takes the mean of what arrives at the copies. The number that was copied acts through all of them, so their
    gradients add up: take the sum."""
    added = grad.ndim - len(shape)
    grad = grad.mean(axis=tuple(range(added)))
    return grad.mean(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def unbroadcast__first_copy(grad, shape):
    """Only the gradient at the first copy is taken. All copies are the same number, and what arrives at each of them
    counts: take the sum."""
    grad = grad[(0,) * (grad.ndim - len(shape))]
    return grad[tuple(slice(0, 1) if size == 1 else slice(None) for size in shape)]


def unbroadcast__reshaped(grad, shape):
    """reshape only gives the same numbers other axes; it works where nothing was copied. Copies have to be summed
    first."""
    return grad.reshape(shape)


def unbroadcast__flattened_copies(grad, shape):
    """The gradient is cut into pieces of the wanted size, in the order of memory, and the pieces are added. That is
    right for axes in front, but the copies along a stretched axis do not lie that way: sum along that axis."""
    return grad.reshape(-1, *shape).sum(axis=0)


def unbroadcast__moving_axes(grad, shape):
    """The axes are summed over one by one without keepdims, so that all those behind move one place forward, and the
    next one hits the wrong axis. Keep them: keepdims=True."""
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1 and axis < grad.ndim:
            grad = grad.sum(axis=axis)
    return grad.reshape(shape) if grad.size == np.prod(shape) else grad


def unbroadcast__everything(grad, shape):
    """As soon as the shapes differ, everything is summed to one number, which is then copied into the shape. Sum only
    along the axes that were put in front or stretched."""
    return grad if grad.shape == tuple(shape) else np.full(shape, grad.sum(), dtype=grad.dtype)


def unbroadcast__either_or(grad, shape):
    """Axes in front and stretched axes are taken for two separate cases. Both may occur at once: sum over the first
    ones, and then look for lengths of 1 among those that are left."""
    if grad.ndim > len(shape):
        return grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)

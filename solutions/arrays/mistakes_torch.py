"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


def divide_by_sum__dimension_dropped(x, dim=-1):
    """The sum has lost its dimension, and broadcasting lines dimensions up from the right: the sums of the rows stand
    against the columns. That fails, or worse, with as many rows as columns it divides by the wrong sums. Keep the
    dimension as one of length 1: keepdim=True."""
    return x / x.sum(dim=dim)


def divide_by_sum__everything(x, dim=-1):
    """This divides by the sum of the whole tensor, so that all numbers together sum to 1. Each slice has a sum of its
    own: pass the dimension, with keepdim=True."""
    return x / x.sum()


def divide_by_sum__always_last(x, dim=-1):
    """dim is not used: the sum always runs along the last dimension. Pass dim on to the sum."""
    return x / x.sum(dim=-1, keepdim=True)


def divide_by_sum__new_dimension_last(x, dim=-1):
    """The dimension that the sum has lost is put back at the end, which is right for the last one only. Put it back
    where it was: keepdim=True does so."""
    return x / x.sum(dim=dim).unsqueeze(-1)


def divide_by_sum__mean(x, dim=-1):
    """This divides by the mean of each slice, so that a slice sums to its length. Divide by the sum."""
    return x / x.mean(dim=dim, keepdim=True)


def divide_by_sum__normalize(x, dim=-1):
    """`torch.nn.functional.normalize` divides by a norm, a root of a sum of powers of absolute values; even with p=1
    negative numbers count as positive. Divide by the plain sum."""
    return torch.nn.functional.normalize(x, p=1.0, dim=dim)


def divide_by_sum__softmax(x, dim=-1):
    """This is a softmax: the numbers go through exp first. That comes in the next exercise; here they are divided as
    they are."""
    return torch.softmax(x, dim=dim)


def divide_by_sum__epsilon(x, dim=-1):
    """The 1e-6 in the denominator protects against a sum of 0, which does not occur here, and makes every answer a
    little wrong: small numbers most of all. Leave it out."""
    return x / (x.sum(dim=dim, keepdim=True) + 1e-6)


def divide_by_sum__detached_sum(x, dim=-1):
    """The value is right, the gradient is not: the sum was detached, as if it were a constant. It depends on every
    number of its slice, so autograd must be able to go through it too."""
    return x / x.sum(dim=dim, keepdim=True).detach()


def divide_by_sum__left_the_graph(x, dim=-1):
    """The value is right, but no gradient can go back: `.data` (like `.detach()`, `.numpy()` or `torch.tensor(…)`)
    leaves autograd's graph. Compute with x itself."""
    return x.data / x.data.sum(dim=dim, keepdim=True)


def divide_by_sum__in_place(x, dim=-1):
    """`x.div_(…)`, like every method whose name ends in an underscore, writes into the caller's tensor. Write `x / …`,
    which makes a new one."""
    return x.div_(x.sum(dim=dim, keepdim=True))


def divide_by_sum__always_first(x, dim=-1):
    """The sum always runs along dimension 0 (as Python's own `sum` does). Pass dim on to `x.sum`; its default is -1,
    the last."""
    return x / x.sum(dim=0, keepdim=True)


def pick__table(x, labels):
    """`x[:, labels]` takes all rows at all labels, an (N, N) table; the wanted numbers are its diagonal. Use gather
    with a column of labels, or give the rows too: `x[torch.arange(N), labels]`."""
    return x[:, labels]


def pick__rows(x, labels):
    """`x[labels]` takes whole rows, as if the labels were numbers of rows. The rows are all wanted, each once; the
    label is the place in the row."""
    return x[labels]


def pick__swapped(x, labels):
    """The two lists of indices are swapped. The first index of x is the row, the second the column:
    `x[torch.arange(N), labels]`."""
    return x[labels, torch.arange(len(x))]


def pick__column_left(x, labels):
    """The numbers are right, but each is left in a row of its own: shape (N, 1). gather keeps the dimension that it
    gathers along; drop it with `.squeeze(1)`."""
    return x.gather(1, labels.unsqueeze(1))


def pick__gather_along_rows(x, labels):
    """`gather(0, …)` lets the index stand for the row, and takes column n in its n-th place. The label is the column:
    gather along dimension 1, with the labels as a column."""
    return x.gather(0, labels.unsqueeze(0)).squeeze(0)


def pick__labels_not_a_column(x, labels):
    """All numbers come from the first row of x: the labels lie in one row, `labels.unsqueeze(0)` (or `torch.take`
    counts through the flattened tensor). Let them stand one below the other, `labels.unsqueeze(1)`, each in its own
    row."""
    return x.gather(1, labels.unsqueeze(0)).squeeze(0)


def pick__maximum(x, labels):
    """This takes the largest number of each row, whatever the label says. That is what a model guesses; the label says
    what was right: use it as the index."""
    return x.amax(dim=1)


def pick__counts_from_one(x, labels):
    """1 is subtracted from the labels, so that each takes its left neighbour, and label 0 the last column, since -1
    counts from the end. Labels count from 0 here: use them as they are."""
    return x[torch.arange(len(x)), labels - 1]


def pick__squeezed(x, labels):
    """`squeeze()` without a dimension drops every dimension of length 1, the batch too if it holds one row. Name the
    dimension: `squeeze(1)`."""
    return x.gather(1, labels.unsqueeze(1)).squeeze()


def pick__left_the_graph(x, labels):
    """The values are right, but they are plain numbers, copied by `.tolist()`, `.item()` or `torch.tensor(…)`: no
    gradient can go back to x. Index the tensor itself."""
    return torch.tensor([row[label] for row, label in zip(x.tolist(), labels.tolist(), strict=True)], dtype=x.dtype)


def pick__mask_times(x, labels):
    """The mask is right, but the numbers that are not wanted have only been set to 0: the answer is still an (N, C)
    table. Sum over the columns, or index."""
    return x * (labels.unsqueeze(1) == torch.arange(x.shape[1]))


def one_hot__classes_from_labels(labels, num_classes):
    """The number of classes is read off the labels, so the vectors are too short whenever the last classes do not
    occur in this batch. Make them num_classes long."""
    return (labels.unsqueeze(-1) == torch.arange(int(labels.max()) + 1)).long()


def one_hot__floats(labels, num_classes):
    """The values are right, but torch.eye and torch.zeros make floating numbers unless told otherwise. Ask for
    integers: dtype=torch.long."""
    return torch.eye(num_classes)[labels]


def one_hot__truth_values(labels, num_classes):
    """A comparison gives True and False. They become 1 and 0 with `.long()`."""
    return labels.unsqueeze(-1) == torch.arange(num_classes)


def one_hot__no_new_dimension(labels, num_classes):
    """The labels are compared with the classes place by place, which fails unless there happen to be as many of both.
    Each label meets all classes: give the labels a new last dimension, `labels.unsqueeze(-1)`."""
    return (labels == torch.arange(num_classes)).long()


def one_hot__classes_first(labels, num_classes):
    """The classes stand along the first dimension. They belong on the last, so that each label has a vector of its
    own: give the labels a new last dimension before comparing, `labels.unsqueeze(-1)`."""
    return torch.stack([(labels == one).long() for one in range(num_classes)])


def one_hot__flattened(labels, num_classes):
    """The labels' own shape is lost: the answer is one long list of vectors. Whatever shape the labels have stays in
    front of the new dimension."""
    return torch.eye(num_classes, dtype=torch.long)[labels.flatten()]


def one_hot__counts_from_one(labels, num_classes):
    """The 1 stands one place too early, as if labels counted from 1; label 0 even gets the last place, since -1 counts
    from the end. Use the labels as they are."""
    return torch.eye(num_classes, dtype=torch.long)[labels - 1]


def one_hot__new_dimension_at_one(labels, num_classes):
    """`unsqueeze(1)` puts the new dimension at place 1, which is the end only for a plain list of labels. Count from
    the end: `unsqueeze(-1)`."""
    return (labels.unsqueeze(min(1, labels.dim())) == torch.arange(num_classes)).long()


def one_hot__columns_filled(labels, num_classes):
    """`out[:, labels] = 1` sets all rows at all labels. Each row has one label: use scatter along the last dimension,
    or pair rows and labels, `out[torch.arange(N), labels] = 1`."""
    out = torch.zeros(*labels.shape, num_classes, dtype=torch.long)
    out[..., labels.flatten()] = 1
    return out


def one_hot__all_below(labels, num_classes):
    """All places up to the label are 1: that is a code for ordered classes. One-hot means one 1, where place and label
    are equal: use ==."""
    return (torch.arange(num_classes) <= labels.unsqueeze(-1)).long()


def one_hot__label_for_one(labels, num_classes):
    """The label itself is written at its place, so that class 0 vanishes. The place says which class it is; the number
    there is 1."""
    column = labels.unsqueeze(-1)
    return torch.zeros(*labels.shape, num_classes, dtype=torch.long).scatter(-1, column, column)


def one_hot__plain_list_only(labels, num_classes):
    """This is right for a plain list of labels. They may have any shape, and a single one has no length: compare with a
    new last dimension, or scatter along dimension -1 into zeros of shape (…, num_classes)."""
    out = torch.zeros(len(labels), num_classes, dtype=torch.long)
    return out.scatter(1, labels.unsqueeze(1), 1)


def outer__swapped(x, y):
    """The dimensions are swapped: x varies along the last one. Let x have the rows: shape (…, M, 1) for x and (…, 1,
    N) for y."""
    return x.unsqueeze(-2) * y.unsqueeze(-1)


def outer__torch_outer(x, y):
    """`torch.outer` takes two plain vectors and refuses a batch. With new dimensions, broadcasting keeps the batch:
    `x.unsqueeze(-1) * y.unsqueeze(-2)`."""
    return torch.outer(x, y)


def outer__flattened(x, y):
    """Flattening first makes one long vector of the batch, and every vector meets all others. Keep the leading
    dimensions, and give x a new last dimension and y a new one before its last."""
    return torch.outer(x.flatten(), y.flatten())


def outer__elementwise(x, y):
    """This multiplies number by number, and works only where the lengths happen to fit. All pairs are wanted: give x a
    new last dimension and y a new one before its last."""
    return x * y


def outer__inner(x, y):
    """This is the inner product: the products are summed, and only pairs at the same place were made. The outer
    product sums nothing, and pairs every number of x with every number of y."""
    return (x * y).sum(dim=-1)


def outer__dimension_one(x, y):
    """`x[:, None]` puts the new dimension at place 1. For a plain vector that is the end; with a batch in front it is
    not. Count from the end: `x.unsqueeze(-1)`."""
    return x[:, None] * y


def outer__sums(x, y):
    """The pairs are added, not multiplied."""
    return x.unsqueeze(-1) + y.unsqueeze(-2)


def outer__summed_over_batch(x, y):
    """The outer products of all pairs of vectors are added up. That is how the gradient of a weight comes about; here
    each pair keeps its own table: shape (…, M, N)."""
    return x.reshape(-1, x.shape[-1]).T @ y.reshape(-1, y.shape[-1])


def outer__detached(x, y):
    """The value is right, but one of the two was detached, so that its gradient is 0. Autograd needs both as they
    are."""
    return x.unsqueeze(-1) * y.detach().unsqueeze(-2)


def outer__all_vectors(x, y):
    """Every vector of x is paired with every vector of y, so the batch dimensions occur twice. Element by element of
    the batch, one vector meets one vector."""
    return torch.tensordot(x, y, dims=0)


def pairwise_dot__dot_t(x, y):
    """`.T` turns round all dimensions, the batch too (and warns of it). Swap the last two only: `y.transpose(-1, -2)`,
    or `y.mT`."""
    return x @ y.permute(*range(y.dim() - 1, -1, -1))


def pairwise_dot__not_transposed(x, y):
    """`x @ y` multiplies rows of x with columns of y. Here rows meet rows: the last two dimensions of y have to be
    swapped first. Where all sizes are equal, nothing but the numbers tells."""
    return x @ y


def pairwise_dot__first_two_dimensions(x, y):
    """The first two dimensions of y are swapped, which are the last two only without a batch. Count from the end: -1
    and -2."""
    return x @ y.transpose(0, 1)


def pairwise_dot__bmm_only(x, y):
    """`torch.bmm` wants exactly one batch dimension, and refuses none or two. `@`, matmul, takes any number."""
    return torch.bmm(x, y.transpose(-1, -2))


def pairwise_dot__answer_transposed(x, y):
    """The table is transposed: rows of y stand above, rows of x beside. x comes first: shape (…, L, S)."""
    return y @ x.transpose(-1, -2)


def pairwise_dot__same_rows(x, y):
    """Only rows at the same place are multiplied, so one number a row comes out, if the shapes fit at all. Every row
    of x meets every row of y."""
    return (x * y).sum(dim=-1)


def pairwise_dot__all_tables(x, y):
    """Every matrix of the batch is paired with every other one, so the batch dimensions occur twice. `@`, matmul, goes
    through the batch side by side."""
    return torch.inner(x, y)


def pairwise_dot__not_summed(x, y):
    """All products are there, but the last dimension is still to be summed over: a dot product is one number."""
    return x.unsqueeze(-2) * y.unsqueeze(-3)


def pairwise_dot__scaled(x, y):
    """The dot products are divided by the root of the width. Attention does that; a dot product does not."""
    return x @ y.transpose(-1, -2) / x.shape[-1] ** 0.5


def pairwise_dot__cosines(x, y):
    """The rows are divided by their lengths first: this is the cosine of the angle between them. Leave the lengths
    in."""
    normalize = torch.nn.functional.normalize
    return normalize(x, dim=-1) @ normalize(y, dim=-1).transpose(-1, -2)


def pairwise_dot__reshaped(x, y):
    """`reshape` and `view` give y the right shape and the wrong order: they read the same numbers row by row into other
    rows. To swap the last two dimensions, `y.transpose(-1, -2)`."""
    return x @ y.reshape(*y.shape[:-2], y.shape[-1], y.shape[-2])


def pairwise_dot__detached(x, y):
    """The value is right, but one of the two was detached, so that its gradient is 0. Autograd needs both as they
    are."""
    return x @ y.detach().transpose(-1, -2)


def unbroadcast__leading_only(grad, shape):
    """The dimensions that were put in front are summed over, those that were stretched from length 1 are not. Sum over
    these too, with keepdim=True."""
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    return grad


def unbroadcast__stretched_only(grad, shape):
    """The stretched dimensions are summed over, but those that broadcasting put in front are still there. Sum over the
    first grad.dim() - len(shape) dimensions as well."""
    added = grad.dim() - len(shape)
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(added + dim, keepdim=True)
    return grad


def unbroadcast__no_dimensions_means_all(grad, shape):
    """In PyTorch, `sum(dim=())` sums over *everything* (NumPy's sums over nothing): where no dimension was added, or
    none was stretched, the answer collapses to one number. Ask first whether there is anything to sum over."""
    added = grad.dim() - len(shape)
    grad = grad.sum(tuple(range(added)))
    stretched = tuple(dim for dim, size in enumerate(shape) if size == 1)
    return grad.sum(stretched, keepdim=True)


def unbroadcast__ones_dropped(grad, shape):
    """The sum over a stretched dimension has dropped it. The tensor had a dimension of length 1 there:
    keepdim=True."""
    added = grad.dim() - len(shape)
    for dim in reversed(range(grad.dim())):
        if dim < added or shape[dim - added] == 1:
            grad = grad.sum(dim)
    return grad


def unbroadcast__leading_kept(grad, shape):
    """The dimensions in front are left with length 1. The tensor did not have them at all: sum over them without
    keepdim."""
    added = grad.dim() - len(shape)
    for dim in range(grad.dim()):
        if dim < added or shape[dim - added] == 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def unbroadcast__one_leading_dimension(grad, shape):
    """Only one dimension in front is summed over. Broadcasting may have added several: go on until as many are left as
    shape has."""
    if grad.dim() > len(shape):
        grad = grad.sum(0)
    for dim, size in enumerate(shape):
        if size == 1 and dim < grad.dim():
            grad = grad.sum(dim, keepdim=True)
    return grad


def unbroadcast__always_a_batch(grad, shape):
    """The first dimension is summed over in any case, as for the bias of a layer. Where nothing was put in front,
    nothing is to be summed: compare the numbers of dimensions."""
    return grad.sum(0)


def unbroadcast__mean(grad, shape):
    """This takes the mean of what arrives at the copies. The number that was copied acts through all of them, so their
    gradients add up: take the sum."""
    while grad.dim() > len(shape):
        grad = grad.mean(0)
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.mean(dim, keepdim=True)
    return grad


def unbroadcast__first_copy(grad, shape):
    """Only the gradient at the first copy is taken. All copies are the same number, and what arrives at each of them
    counts: take the sum."""
    grad = grad[(0,) * (grad.dim() - len(shape))]
    return grad[tuple(slice(0, 1) if size == 1 else slice(None) for size in shape)]


def unbroadcast__reshaped(grad, shape):
    """reshape only gives the same numbers other dimensions; it works where nothing was copied. Copies have to be
    summed first."""
    return grad.reshape(shape)


def unbroadcast__left_the_graph(grad, shape):
    """The value is right, but `.detach()` (like `.numpy()` or `torch.tensor(…)`) leaves autograd's graph. Sum the
    tensor itself."""
    grad = grad.detach()
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def unbroadcast__from_the_left(grad, shape):
    """The shapes are lined up from the left, and what is missing is looked for at the end. Broadcasting lines them up
    from the right: new dimensions come in front."""
    while grad.dim() > len(shape):
        grad = grad.sum(-1)
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def unbroadcast__flattened_copies(grad, shape):
    """The gradient is cut into pieces of the wanted size, in the order of memory, and the pieces are added. That is
    right for dimensions in front, but the copies along a stretched dimension do not lie that way: sum along that
    dimension."""
    return grad.reshape(-1, *shape).sum(0)


def unbroadcast__either_or(grad, shape):
    """Dimensions in front and stretched dimensions are taken for two separate cases. Both may occur at once: sum over
    the first ones, and then look for lengths of 1 among those that are left."""
    if grad.dim() > len(shape):
        return grad.sum(tuple(range(grad.dim() - len(shape))))
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def unbroadcast__nothing_stretched_means_all(grad, shape):
    """In PyTorch, `sum(dim=())` sums over *everything* (NumPy's sums over nothing): where no dimension was stretched,
    the answer collapses to one number. Ask first whether there is anything to sum over."""
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    return grad.sum(tuple(dim for dim, size in enumerate(shape) if size == 1), keepdim=True)

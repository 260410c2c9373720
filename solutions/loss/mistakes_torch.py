"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


def mse_loss__sum(x, target):
    """This is the sum of the squared errors. The loss is their mean: divide by the number of elements, or the loss
    (and with it the step of the optimizer) grows with the batch."""
    return ((x - target) ** 2).sum()


def mse_loss__half(x, target):
    """This is half of the mean squared error. Textbooks put a 1/2 in front so that the 2 of the derivative cancels;
    here, as in the frameworks, the mean of the squares is not halved."""
    return 0.5 * ((x - target) ** 2).mean()


def mse_loss__root(x, target):
    """This is the root of the mean squared error. The root is good for reports, in the units of the target, but the
    loss that is trained on has none."""
    return ((x - target) ** 2).mean().sqrt()


def mse_loss__absolute(x, target):
    """This averages absolute errors. Mean *squared* error squares each difference, so that large errors weigh
    more."""
    return (x - target).abs().mean()


def mse_loss__square_of_mean(x, target):
    """Here the errors are averaged before they are squared, so that positive and negative ones cancel. Square each
    error first, then take the mean."""
    return (x - target).mean() ** 2


def mse_loss__rows_only(x, target):
    """This divides by the number of rows only. The mean is over all elements, so every further dimension counts too:
    divide by x.numel()."""
    return ((x - target) ** 2).sum() / x.shape[0]


def mse_loss__last_axis_only(x, target):
    """This averages over the last dimension and leaves the others, so the answer is a tensor. A loss is one number:
    take the mean over all dimensions."""
    return ((x - target) ** 2).mean(dim=-1) if x.dim() > 1 else ((x - target) ** 2)


def mse_loss__every_pair(x, target):
    """A column (N, 1) minus a row (N,) is silently an (N, N) table: every prediction is compared with every target.
    Give both the same shape before subtracting."""
    return ((x.reshape(-1, 1) - target.reshape(-1)) ** 2).mean()


def mse_loss__in_place(x, target):
    """`x.sub_(target)` overwrites the caller's predictions, and autograd refuses to change a leaf in place. Write `x
    - target` into a new tensor."""
    return (x.sub_(target) ** 2).mean()


def mse_loss__left_the_graph(x, target):
    """The value is right, but the result is cut off from autograd's graph: `.item()`, `.detach()`, `no_grad` or
    `torch.tensor(…)` stands in between. Return the 0-d tensor; call `.item()` only to print or log."""
    return ((x - target) ** 2).mean().item()


def huber_loss__tail_without_offset(x, target, delta=1.0):
    """The linear part is delta·|e|. There the loss jumps by delta²/2 at |e| = delta; subtract that, so that the two
    parts meet."""
    size = (x - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * size).mean()


def huber_loss__tail_for_delta_one(x, target, delta=1.0):
    """The linear part subtracts 1/2 from |e|, which is right for delta = 1 only. It has to meet e²/2 at |e| = delta:
    subtract delta/2."""
    size = (x - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5)).mean()


def huber_loss__delta_ignored(x, target, delta=1.0):
    """delta is not used: this is the loss for delta = 1. Both the switch and the slope of the linear part depend on
    delta."""
    size = (x - target).abs()
    return torch.where(size <= 1, 0.5 * size**2, size - 0.5).mean()


def huber_loss__smooth_l1(x, target, delta=1.0):
    """This is "smooth L1", the Huber loss divided by delta: slope 1 in the tail, e²/(2·delta) inside. Huber's slope
    in the tail is delta, and its inside e²/2 does not depend on delta."""
    size = (x - target).abs()
    return torch.where(size < delta, 0.5 * size**2 / delta, size - 0.5 * delta).mean()


def huber_loss__inside_not_halved(x, target, delta=1.0):
    """Inside delta this costs e², twice too much, and the parts no longer meet. The quadratic part is e²/2."""
    size = (x - target).abs()
    return torch.where(size <= delta, size**2, delta * (size - 0.5 * delta)).mean()


def huber_loss__signed_error(x, target, delta=1.0):
    """The switch compares e with delta, not |e|: large negative errors stay quadratic. Take the absolute value before
    comparing."""
    error = x - target
    return torch.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * delta)).mean()


def huber_loss__pseudo(x, target, delta=1.0):
    """This is the pseudo-Huber loss, delta²·(√(1 + (e/delta)²) - 1), a smooth relative that differs everywhere but at
    0. The Huber loss is exactly quadratic inside delta and exactly linear beyond."""
    error = x - target
    return (delta**2 * ((1 + (error / delta) ** 2).sqrt() - 1)).mean()


def huber_loss__sum(x, target, delta=1.0):
    """This is the sum over the elements. The loss is their mean: divide by the number of elements."""
    size = (x - target).abs()
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).sum()


def huber_loss__left_the_graph(x, target, delta=1.0):
    """The value is right, but the result does not know where it came from: `torch.tensor(…)` copies plain numbers, and
    `.item()`, `.detach()` or `no_grad` do the same. Use torch operations from x to the result."""
    costs = [
        0.5 * e * e if abs(e) <= delta else delta * (abs(e) - 0.5 * delta) for e in (x - target).flatten().tolist()
    ]
    return torch.tensor(costs, dtype=x.dtype).mean()


def binary_cross_entropy_with_logits__log_of_sigmoid(x, target):
    """This takes the log of the sigmoid. At large logits the sigmoid rounds to 0 or 1 and the log to -inf, and 0·inf
    is NaN. Put sigmoid into the formula on paper and simplify, until exp never sees a positive number."""
    p = torch.sigmoid(x)
    return -(target * p.log() + (1 - target) * (1 - p).log()).mean()


def binary_cross_entropy_with_logits__clipped(x, target):
    """The probabilities are clipped before the log. That caps the loss at about 16 however wrong the logit is, and
    where the clip is flat the gradient is 0: the worst errors no longer learn. Work with the logits, where nothing
    needs clipping."""
    p = torch.sigmoid(x).clamp(1e-7, 1 - 1e-7)
    return -(target * p.log() + (1 - target) * (1 - p).log()).mean()


def binary_cross_entropy_with_logits__eps_in_log(x, target):
    """log(p + 1e-8) is finite, but it caps the loss near 18 and bends every term a little. Simplify the formula in
    terms of the logits; then no epsilon is needed."""
    p = torch.sigmoid(x)
    return -(target * (p + 1e-8).log() + (1 - target) * (1 - p + 1e-8).log()).mean()


def binary_cross_entropy_with_logits__where_overflows(x, target):
    """The value is right, the gradient is NaN: torch.where computes both branches, and in backward the unused one,
    which has overflowed, gives 0·inf. Make the argument of exp safe before the choice, with -|x|."""
    log1p_exp = torch.where(x > 0, x + torch.log1p(torch.exp(-x)), torch.log1p(torch.exp(x)))
    return (log1p_exp - x * target).mean()


def binary_cross_entropy_with_logits__no_abs(x, target):
    """log1p(exp(-x)) goes with x - x·target, and exp(-x) overflows at large negative logits. With max(x, 0) in front,
    the exponential has to be that of -|x|."""
    return (x - x * target + torch.log1p(torch.exp(-x))).mean()


def binary_cross_entropy_with_logits__max_without_abs(x, target):
    """Half of the stable form: max(x, 0) is there, but log1p(exp(-x)) still has x for |x|. It is right for positive
    logits, and counts -x too much for negative ones."""
    return (x.clamp(min=0) - x * target + torch.log1p(torch.exp(-x))).mean()


def binary_cross_entropy_with_logits__hard_targets(x, target):
    """The target is rounded to 0 or 1 by a comparison. Targets may be soft, such as 0.3: keep both terms, weighted by
    target and 1 - target."""
    z = torch.where(target > 0.5, x, -x)
    return -torch.nn.functional.logsigmoid(z).mean()


def binary_cross_entropy_with_logits__positive_term_only(x, target):
    """Only -target·log(p) is summed. That is the formula for a one-hot row over several classes; with one logit, the
    other class needs its own term, -(1 - target)·log(1 - p)."""
    return -(target * torch.nn.functional.logsigmoid(x)).mean()


def binary_cross_entropy_with_logits__swapped(x, target):
    """The two terms are swapped: target stands with log(1 - p). A target of 1 has to reward a large logit."""
    log_p, log_not_p = torch.nn.functional.logsigmoid(x), torch.nn.functional.logsigmoid(-x)
    return -((1 - target) * log_p + target * log_not_p).mean()


def binary_cross_entropy_with_logits__sum(x, target):
    """This is the sum over the elements. The loss is their mean."""
    return (x.clamp(min=0) - x * target + torch.log1p(torch.exp(-x.abs()))).sum()


def binary_cross_entropy_with_logits__rows_only(x, target):
    """This divides by the number of rows only. The mean is over all elements: divide by x.numel()."""
    return (x.clamp(min=0) - x * target + torch.log1p(torch.exp(-x.abs()))).sum() / x.shape[0]


def binary_cross_entropy_with_logits__probabilities(x, target):
    """x is treated as a probability: the log is taken without a sigmoid. The inputs are logits, any real numbers."""
    return -(target * x.log() + (1 - target) * (1 - x).log()).mean()


def cross_entropy__mean_over_classes(x, target, label_smoothing=0.0, ignore_index=-100):
    """This averages over all N·C entries of the table of onehot·logp. Each row has one cost, the sum over its
    classes; take the mean over rows only, or everything is C times too small."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * logp)[kept].mean()


def cross_entropy__sum(x, target, label_smoothing=0.0, ignore_index=-100):
    """This is the sum over the rows. The loss is their mean, over the rows that are kept."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum()


def cross_entropy__table(x, target, label_smoothing=0.0, ignore_index=-100):
    """`logp[:, target]` takes every row at every label: an (N, N) table. To take one entry per row, use gather, or
    index the rows too: `logp[rows, labels]`, with rows the numbers of the rows that are kept, paired with their
    labels."""
    kept = target != ignore_index
    logp = torch.log_softmax(x[kept], dim=-1)
    nll = -logp[:, target[kept]]
    return ((1 - label_smoothing) * nll - label_smoothing * logp.mean(dim=-1, keepdim=True)).mean()


def cross_entropy__softmax_twice(x, target, label_smoothing=0.0, ignore_index=-100):
    """Softmax is applied before the log-softmax. Cross-entropy starts from logits and normalises them once: done
    twice, the loss can hardly fall, since probabilities as logits differ by 1 at most."""
    logp, q, kept = _parts(torch.softmax(x, dim=-1), target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum() / kept.sum()


def cross_entropy__no_shift(x, target, label_smoothing=0.0, ignore_index=-100):
    """exp of a large logit overflows, and inf/inf is NaN. Subtract each row's maximum first: softmax does not
    change."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    e = torch.exp(x)
    return -(q * torch.log(e / e.sum(dim=-1, keepdim=True)))[kept].sum() / kept.sum()


def cross_entropy__log_of_softmax(x, target, label_smoothing=0.0, ignore_index=-100):
    """The softmax is right, but its log is taken afterwards: where a probability underflows to 0, that is -inf, and
    its gradient NaN. log_softmax does both in one step, from the logits."""
    kept = target != ignore_index
    logp = torch.softmax(x[kept], dim=-1).log()
    nll = -logp[torch.arange(len(logp)), target[kept]]
    return nll.mean() if not label_smoothing else ((1 - label_smoothing) * nll - label_smoothing * logp.mean(1)).mean()


def cross_entropy__global_maximum(x, target, label_smoothing=0.0, ignore_index=-100):
    """All rows are shifted by the maximum of the whole batch. In rows far below it every exponential underflows to 0,
    and its log is -inf. Take the maximum of each row, keepdim=True."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    shifted = x - x.max()
    logp = shifted - torch.log(torch.exp(shifted).sum(dim=-1, keepdim=True))
    return -(q * logp)[kept].sum() / kept.sum()


def cross_entropy__eps_in_log(x, target, label_smoothing=0.0, ignore_index=-100):
    """log(p + 1e-8) never reaches -inf, but it caps the loss near 18: a very wrong row costs too little and gets
    hardly any gradient. Compute the log of the softmax directly from the logits."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * torch.log(torch.softmax(x, dim=-1) + 1e-8))[kept].sum() / kept.sum()


def cross_entropy__over_the_batch(x, target, label_smoothing=0.0, ignore_index=-100):
    """Softmax runs over dim 0, the batch. The classes are the last dimension: each row sums to 1."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * torch.log_softmax(x, dim=0))[kept].sum() / kept.sum()


def cross_entropy__smooths_wrong_classes_only(x, target, label_smoothing=0.0, ignore_index=-100):
    """The ε is shared by the C - 1 wrong classes only, ε/(C - 1) each. Here it is spread over all C classes, the
    target among them: (1 - ε)·onehot + ε/C."""
    logp, onehot, kept = _parts(x, target, 0.0, ignore_index)
    q = (1 - label_smoothing) * onehot + (1 - onehot) * label_smoothing / (x.shape[1] - 1)
    return -(q * logp)[kept].sum() / kept.sum()


def cross_entropy__smoothing_replaces_target(x, target, label_smoothing=0.0, ignore_index=-100):
    """The wrong classes get ε/C, but the target 1 - ε only, so the target distribution does not sum to 1. The target
    has its own share of the ε: 1 - ε + ε/C."""
    logp, onehot, kept = _parts(x, target, 0.0, ignore_index)
    q = (1 - label_smoothing) * onehot + (1 - onehot) * label_smoothing / x.shape[1]
    return -(q * logp)[kept].sum() / kept.sum()


def cross_entropy__smoothing_not_divided(x, target, label_smoothing=0.0, ignore_index=-100):
    """Every class gets the whole ε. Spread it: ε/C each, so that the target distribution sums to 1."""
    logp, onehot, kept = _parts(x, target, 0.0, ignore_index)
    return -(((1 - label_smoothing) * onehot + label_smoothing) * logp)[kept].sum() / kept.sum()


def cross_entropy__no_smoothing(x, target, label_smoothing=0.0, ignore_index=-100):
    """label_smoothing is not used. The target distribution is (1 - ε)·onehot + ε/C."""
    logp, onehot, kept = _parts(x, target, 0.0, ignore_index)
    return -(onehot * logp)[kept].sum() / kept.sum()


def cross_entropy__divides_by_all_rows(x, target, label_smoothing=0.0, ignore_index=-100):
    """Ignored rows cost nothing, but they are still counted: the sum is divided by N. Divide by the number of rows
    that are kept, or the loss falls with the share of padding."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum() / len(x)


def cross_entropy__ignored_rows_are_smoothed(x, target, label_smoothing=0.0, ignore_index=-100):
    """The smoothing term is averaged over all rows, the ignored ones too. A row that is ignored costs nothing at
    all."""
    logp, onehot, kept = _parts(x, target, 0.0, ignore_index)
    nll = -(onehot * logp)[kept].sum() / kept.sum()
    return (1 - label_smoothing) * nll - label_smoothing * logp.mean()


def cross_entropy__nothing_ignored(x, target, label_smoothing=0.0, ignore_index=-100):
    """ignore_index is not used, so its rows are indexed like any class: an IndexError, or silently the last class for
    -1. Leave out the rows whose target equals ignore_index."""
    logp = torch.log_softmax(x, dim=-1)
    nll = -logp[torch.arange(len(x)), target]
    return ((1 - label_smoothing) * nll - label_smoothing * logp.mean(dim=1)).mean()


def cross_entropy__only_minus_hundred(x, target, label_smoothing=0.0, ignore_index=-100):
    """The label -100 is written into the code. It is only the default: compare the target with ignore_index, which
    may be any integer."""
    return cross_entropy__nothing_ignored(x[target != -100], target[target != -100], label_smoothing)


def cross_entropy__negative_labels_ignored(x, target, label_smoothing=0.0, ignore_index=-100):
    """All negative labels are taken for ignored. The label to ignore is ignore_index, which may be 255, or even a
    valid class: compare with it."""
    return cross_entropy__nothing_ignored(x[target >= 0], target[target >= 0], label_smoothing)


def cross_entropy__left_the_graph(x, target, label_smoothing=0.0, ignore_index=-100):
    """The value is right, but autograd cannot go back from it: `.item()` for each row, `.detach()`, `no_grad` or
    `torch.tensor(…)` makes plain numbers. Add up tensors, or index all rows at once."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    total = sum(-(q[n] * logp[n]).sum().item() for n in range(len(x)) if kept[n])
    return torch.tensor(total / int(kept.sum()), dtype=x.dtype)


def cross_entropy__detached_normaliser(x, target, label_smoothing=0.0, ignore_index=-100):
    """The value is right, but the log of the sum is detached, so only the target's own logit gets a gradient. The
    maximum may be detached, for it cancels; the sum may not: the wrong classes are pushed down through it."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    logp = x - torch.logsumexp(x, dim=-1, keepdim=True).detach()
    return -(q * logp)[kept].sum() / kept.sum()


def categorical_cross_entropy__no_clip(probs, target, eps=1e-7):
    """Nothing is clipped: log(0) is -inf, and 0·(-inf) is NaN. Clip the probabilities before the log."""
    return -(target * probs.log()).sum(dim=-1).mean()


def categorical_cross_entropy__eps_in_log(probs, target, eps=1e-7):
    """log(p + eps) bends every term, not only those near 0. Clip to [eps, 1 - eps], so that probabilities in between
    stay as they are."""
    return -(target * (probs + eps).log()).sum(dim=-1).mean()


def categorical_cross_entropy__lower_clip_only(probs, target, eps=1e-7):
    """Only the lower end is clipped. The upper end is 1 - eps: certainty costs a little too."""
    return -(target * probs.clamp(min=eps).log()).sum(dim=-1).mean()


def categorical_cross_entropy__normalised_first(probs, target, eps=1e-7):
    """Each row is divided by its sum first, as Keras does. Here the probabilities are taken as they are, only
    clipped."""
    clipped = (probs / probs.sum(dim=-1, keepdim=True)).clamp(eps, 1 - eps)
    return -(target * clipped.log()).sum(dim=-1).mean()


def categorical_cross_entropy__mean_over_classes(probs, target, eps=1e-7):
    """This averages over all N·C entries. A row's cost is the sum over its classes; take the mean over the N rows
    only."""
    return -(target * probs.clamp(eps, 1 - eps).log()).mean()


def categorical_cross_entropy__sum(probs, target, eps=1e-7):
    """This is the sum over the rows. The loss is their mean: divide by N."""
    return -(target * probs.clamp(eps, 1 - eps).log()).sum()


def categorical_cross_entropy__largest_target_only(probs, target, eps=1e-7):
    """Only the class with the largest target is looked at. That is right for one-hot rows; a soft target weighs the
    log of every class."""
    clipped = probs.clamp(eps, 1 - eps)
    return -clipped.gather(1, target.argmax(dim=-1, keepdim=True)).log().mean()


def categorical_cross_entropy__binary_terms(probs, target, eps=1e-7):
    """The terms (1 - target)·log(1 - p) belong to binary cross-entropy, where each output is a question of its own.
    Over classes that exclude each other, only target·log(p) is summed."""
    p = probs.clamp(eps, 1 - eps)
    return -(target * p.log() + (1 - target) * (1 - p).log()).sum(dim=-1).mean()


def categorical_cross_entropy__softmax_again(probs, target, eps=1e-7):
    """Softmax is applied to what already are probabilities. Take their log directly, after the clip."""
    clipped = torch.softmax(probs, dim=-1).clamp(eps, 1 - eps)
    return -(target * clipped.log()).sum(dim=-1).mean()


def categorical_cross_entropy__swapped(probs, target, eps=1e-7):
    """The roles are swapped: this weighs the log of the target by the probabilities. The expectation is over the
    target: target·log(p)."""
    return -(probs * target.clamp(eps, 1 - eps).log()).sum(dim=-1).mean()


def categorical_cross_entropy__clipped_in_place(probs, target, eps=1e-7):
    """`clamp_` overwrites the caller's probabilities, and autograd refuses to change a leaf in place. Use `clamp`,
    which makes a new tensor."""
    return -(target * probs.clamp_(eps, 1 - eps).log()).sum(dim=-1).mean()


def categorical_cross_entropy__left_the_graph(probs, target, eps=1e-7):
    """The value is right, but the result has no grad_fn: `.data`, `.detach()`, `.item()` or `no_grad` hides a step from
    autograd, and with it everything before. Use `clamp` on the tensor itself."""
    return -(target * probs.data.clamp(eps, 1 - eps).log()).sum(dim=-1).mean()


def _parts(x, target, label_smoothing, ignore_index):
    """Return log-probabilities, smoothed targets and which rows are kept."""
    kept = target != ignore_index
    q = torch.full_like(x, label_smoothing / x.shape[1], requires_grad=False)
    rows = torch.arange(len(x))[kept]
    q[rows, target[kept]] += 1 - label_smoothing
    return torch.log_softmax(x, dim=-1), q, kept

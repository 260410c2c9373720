"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def mse_loss__sum(x, target):
    """This is the sum of the squared errors. The loss is their mean: divide by the number of elements, or the loss
    (and with it the step of the optimizer) grows with the batch."""
    return ((x - target) ** 2).sum()


def mse_loss__half(x, target):
    """This is half of the mean squared error. Textbooks put a 1/2 in front so that the 2 of the derivative cancels;
    here, as in the frameworks, the mean of the squares is not halved."""
    return 0.5 * np.mean((x - target) ** 2)


def mse_loss__root(x, target):
    """This is the root of the mean squared error. The root is good for reports, in the units of the target, but the
    loss that is trained on has none."""
    return np.sqrt(np.mean((x - target) ** 2))


def mse_loss__absolute(x, target):
    """This averages absolute errors. Mean *squared* error squares each difference, so that large errors weigh
    more."""
    return np.abs(x - target).mean()


def mse_loss__square_of_mean(x, target):
    """Here the errors are averaged before they are squared, so that positive and negative ones cancel. Square each
    error first, then take the mean."""
    return np.mean(x - target) ** 2


def mse_loss__rows_only(x, target):
    """This divides by the number of rows only. The mean is over all elements, so every further dimension counts too:
    divide by x.size."""
    return ((x - target) ** 2).sum() / x.shape[0]


def mse_loss__last_axis_only(x, target):
    """This averages over the last axis and leaves the others, so the answer is an array. A loss is one number: take
    the mean over all axes."""
    return ((x - target) ** 2).mean(axis=-1) if x.ndim > 1 else ((x - target) ** 2)


def mse_loss__every_pair(x, target):
    """A column (N, 1) minus a row (N,) is silently an (N, N) table: every prediction is compared with every target.
    Give both the same shape before subtracting."""
    return np.mean((x.reshape(-1, 1) - target.reshape(-1)) ** 2)


def mse_loss__in_place(x, target):
    """The value is right, but `x -= target` overwrites the caller's predictions. Write `x - target` into a new
    array."""
    x -= target
    return (x * x).mean()


def mse_loss_backward__no_mean(grad_output, x, target):
    """The forward divides by the number of elements, so its gradient does too: a factor 1/x.size is missing."""
    return grad_output * 2 * (x - target)


def mse_loss_backward__ignores_upstream(grad_output, x, target):
    """grad_output is not used. The loss may be one term of a larger sum: by the chain rule its gradient is multiplied
    by what arrives from above."""
    return 2 * (x - target) / x.size


def mse_loss_backward__no_two(grad_output, x, target):
    """The derivative of e² is 2e; the 2 is missing. It cancels only where the loss has a 1/2 in front, and this one
    has none."""
    return grad_output * (x - target) / x.size


def mse_loss_backward__wrong_sign(grad_output, x, target):
    """The sign is turned round. Where x is too large, the loss grows with x, so the gradient there is positive; it is
    the optimizer that subtracts."""
    return grad_output * 2 * (target - x) / x.size


def mse_loss_backward__rows_only(grad_output, x, target):
    """This divides by the number of rows. The forward is a mean over all elements, so divide by x.size."""
    return grad_output * 2 * (x - target) / x.shape[0]


def mse_loss_backward__both(grad_output, x, target):
    """This returns a gradient for the target too. Targets are data and get none: return grad_x alone, not a tuple."""
    grad = grad_output * 2 * (x - target) / x.size
    return grad, -grad


def huber_loss__tail_without_offset(x, target, delta=1.0):
    """The linear part is delta·|e|. There the loss jumps by delta²/2 at |e| = delta; subtract that, so that the two
    parts meet."""
    size = np.abs(x - target)
    return np.where(size <= delta, 0.5 * size**2, delta * size).mean()


def huber_loss__tail_for_delta_one(x, target, delta=1.0):
    """The linear part subtracts 1/2 from |e|, which is right for delta = 1 only. It has to meet e²/2 at |e| = delta:
    subtract delta/2."""
    size = np.abs(x - target)
    return np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5)).mean()


def huber_loss__delta_ignored(x, target, delta=1.0):
    """delta is not used: this is the loss for delta = 1. Both the switch and the slope of the linear part depend on
    delta."""
    size = np.abs(x - target)
    return np.where(size <= 1, 0.5 * size**2, size - 0.5).mean()


def huber_loss__smooth_l1(x, target, delta=1.0):
    """This is "smooth L1", the Huber loss divided by delta: slope 1 in the tail, e²/(2·delta) inside. Huber's slope
    in the tail is delta, and its inside e²/2 does not depend on delta."""
    size = np.abs(x - target)
    return np.where(size < delta, 0.5 * size**2 / delta, size - 0.5 * delta).mean()


def huber_loss__inside_not_halved(x, target, delta=1.0):
    """Inside delta this costs e², twice too much, and the parts no longer meet. The quadratic part is e²/2."""
    size = np.abs(x - target)
    return np.where(size <= delta, size**2, delta * (size - 0.5 * delta)).mean()


def huber_loss__signed_error(x, target, delta=1.0):
    """The switch compares e with delta, not |e|: large negative errors stay quadratic. Take the absolute value before
    comparing."""
    error = x - target
    return np.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * delta)).mean()


def huber_loss__pseudo(x, target, delta=1.0):
    """This is the pseudo-Huber loss, delta²·(√(1 + (e/delta)²) - 1), a smooth relative that differs everywhere but at
    0. The Huber loss is exactly quadratic inside delta and exactly linear beyond."""
    error = x - target
    return (delta**2 * (np.sqrt(1 + (error / delta) ** 2) - 1)).mean()


def huber_loss__sum(x, target, delta=1.0):
    """This is the sum over the elements. The loss is their mean: divide by the number of elements."""
    size = np.abs(x - target)
    return np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)).sum()


def huber_loss_backward__no_mean(grad_output, x, target, delta=1.0):
    """The forward divides by the number of elements, so its gradient does too: a factor 1/x.size is missing."""
    return grad_output * np.clip(x - target, -delta, delta)


def huber_loss_backward__ignores_upstream(grad_output, x, target, delta=1.0):
    """grad_output is not used: by the chain rule the gradient is multiplied by what arrives from above."""
    return np.clip(x - target, -delta, delta) / x.size


def huber_loss_backward__slope_one(grad_output, x, target, delta=1.0):
    """In the linear part the slope is delta·sign(e); here it is sign(e), which is right for delta = 1 only."""
    error = x - target
    return grad_output * np.where(np.abs(error) <= delta, error, np.sign(error)) / x.size


def huber_loss_backward__tail_has_no_sign(grad_output, x, target, delta=1.0):
    """In the linear part the gradient is +delta everywhere. Below the target the loss falls as x grows: the
    derivative of |e| is the sign of e."""
    error = x - target
    return grad_output * np.where(np.abs(error) <= delta, error, delta) / x.size


def huber_loss_backward__signed_error(grad_output, x, target, delta=1.0):
    """The switch compares e with delta, not |e|: large negative errors keep their full gradient, and one outlier
    rules the step again. Limit both sides."""
    return grad_output * np.minimum(x - target, delta) / x.size


def huber_loss_backward__delta_ignored(grad_output, x, target, delta=1.0):
    """delta is not used: this is the gradient for delta = 1. The error is limited to ±delta."""
    return grad_output * np.clip(x - target, -1, 1) / x.size


def huber_loss_backward__smooth_l1(grad_output, x, target, delta=1.0):
    """This is the gradient of "smooth L1", which is Huber divided by delta: e/delta inside, ±1 beyond. Huber has e
    inside, ±delta beyond."""
    return grad_output * np.clip((x - target) / delta, -1, 1) / x.size


def huber_loss_backward__flat_tail(grad_output, x, target, delta=1.0):
    """Beyond delta the gradient is 0 here, as if the loss were cut off. It is linear there, so its slope is delta
    times the sign of the error: outliers still pull, but no harder than delta."""
    error = x - target
    return grad_output * np.where(np.abs(error) <= delta, error, 0) / x.size


def binary_cross_entropy_with_logits__log_of_sigmoid(x, target):
    """This takes the log of the sigmoid. At large logits the sigmoid rounds to 0 or 1 and the log to -inf, and 0·inf
    is NaN. Put sigmoid into the formula on paper and simplify, until exp never sees a positive number."""
    p = 1 / (1 + np.exp(-x))
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).mean()


def binary_cross_entropy_with_logits__clipped(x, target):
    """The probabilities are clipped before the log. That caps the loss at about 16 however wrong the logit is, and
    hides the error in place of avoiding it: work with the logits, where nothing needs clipping."""
    p = np.clip(1 / (1 + np.exp(-x)), 1e-7, 1 - 1e-7)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).mean()


def binary_cross_entropy_with_logits__eps_in_log(x, target):
    """log(p + 1e-8) is finite, but it caps the loss near 18 and bends every term a little. Simplify the formula in
    terms of the logits; then no epsilon is needed."""
    p = 1 / (1 + np.exp(-x))
    return -(target * np.log(p + 1e-8) + (1 - target) * np.log(1 - p + 1e-8)).mean()


def binary_cross_entropy_with_logits__no_abs(x, target):
    """log1p(exp(-x)) goes with x - x·target, and exp(-x) overflows at large negative logits. With max(x, 0) in front,
    the exponential has to be that of -|x|."""
    return np.mean(x - x * target + np.log1p(np.exp(-x)))


def binary_cross_entropy_with_logits__max_without_abs(x, target):
    """Half of the stable form: max(x, 0) is there, but log1p(exp(-x)) still has x for |x|. It is right for positive
    logits, and counts -x too much for negative ones."""
    return np.mean(np.maximum(x, 0) - x * target + np.log1p(np.exp(-x)))


def binary_cross_entropy_with_logits__hard_targets(x, target):
    """The target is rounded to 0 or 1 by a comparison. Targets may be soft, such as 0.3: keep both terms, weighted by
    target and 1 - target."""
    z = np.where(target > 0.5, x, -x)
    return np.mean(np.maximum(-z, 0) + np.log1p(np.exp(-np.abs(z))))


def binary_cross_entropy_with_logits__positive_term_only(x, target):
    """Only -target·log(p) is summed. That is the formula for a one-hot row over several classes; with one logit, the
    other class needs its own term, -(1 - target)·log(1 - p)."""
    return np.mean(target * (np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x)))))


def binary_cross_entropy_with_logits__swapped(x, target):
    """The two terms are swapped: target stands with log(1 - p). A target of 1 has to reward a large logit."""
    return np.mean(np.maximum(x, 0) - x * (1 - target) + np.log1p(np.exp(-np.abs(x))))


def binary_cross_entropy_with_logits__sum(x, target):
    """This is the sum over the elements. The loss is their mean."""
    return np.sum(np.maximum(x, 0) - x * target + np.log1p(np.exp(-np.abs(x))))


def binary_cross_entropy_with_logits__rows_only(x, target):
    """This divides by the number of rows only. The mean is over all elements: divide by x.size."""
    return np.sum(np.maximum(x, 0) - x * target + np.log1p(np.exp(-np.abs(x)))) / x.shape[0]


def binary_cross_entropy_with_logits__probabilities(x, target):
    """x is treated as a probability: the log is taken without a sigmoid. The inputs are logits, any real numbers."""
    return -(target * np.log(x) + (1 - target) * np.log(1 - x)).mean()


def binary_cross_entropy_with_logits_backward__through_sigmoid_twice(grad_output, x, target):
    """The factor p·(1 - p) is too much. The derivative of the log already has it in the denominator, the two cancel,
    and p - target is left: that is why this loss learns where a squared error of the sigmoid would stall."""
    p = 1 / (1 + np.exp(-x))
    return grad_output * (p - target) * p * (1 - p) / x.size


def binary_cross_entropy_with_logits_backward__logit_for_probability(grad_output, x, target):
    """This subtracts the target from the logit. The gradient is the probability, sigmoid(x), minus the target."""
    return grad_output * (x - target) / x.size


def binary_cross_entropy_with_logits_backward__for_probability(grad_output, x, target):
    """This is the gradient with respect to the probability, -target/p + (1 - target)/(1 - p). One step of the chain
    rule is missing, from the probability to the logit; simplify after it, and the quotients vanish."""
    p = 1 / (1 + np.exp(-x))
    return grad_output * (-target / p + (1 - target) / (1 - p)) / x.size


def binary_cross_entropy_with_logits_backward__unsimplified(grad_output, x, target):
    """The chain rule is right, but not simplified: where the sigmoid rounds to 0 or 1 it computes 0/0. Multiply the
    quotients by p·(1 - p) on paper."""
    p = 1 / (1 + np.exp(-x))
    return grad_output * (-target / p + (1 - target) / (1 - p)) * p * (1 - p) / x.size


def binary_cross_entropy_with_logits_backward__overflowing_sigmoid(grad_output, x, target):
    """exp(x)/(1 + exp(x)) is inf/inf = NaN at large logits. Use a form of the sigmoid whose exponential may only
    underflow."""
    return grad_output * (np.exp(x) / (1 + np.exp(x)) - target) / x.size


def binary_cross_entropy_with_logits_backward__no_mean(grad_output, x, target):
    """The forward divides by the number of elements, so its gradient does too: a factor 1/x.size is missing."""
    return grad_output * (1 / (1 + np.exp(-x)) - target)


def binary_cross_entropy_with_logits_backward__ignores_upstream(grad_output, x, target):
    """grad_output is not used: by the chain rule the gradient is multiplied by what arrives from above."""
    return (1 / (1 + np.exp(-x)) - target) / x.size


def binary_cross_entropy_with_logits_backward__wrong_sign(grad_output, x, target):
    """The sign is turned round: raising a logit whose target is 0 raises the loss, so the gradient is p - target."""
    return grad_output * (target - 1 / (1 + np.exp(-x))) / x.size


def cross_entropy__mean_over_classes(x, target, label_smoothing=0.0, ignore_index=-100):
    """This averages over all N·C entries of the table of onehot·logp. Each row has one cost, the sum over its
    classes; take the mean over rows only, or everything is C times too small."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return np.mean(-(q * logp)[kept])


def cross_entropy__sum(x, target, label_smoothing=0.0, ignore_index=-100):
    """This is the sum over the rows. The loss is their mean, over the rows that are kept."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum()


def cross_entropy__table(x, target, label_smoothing=0.0, ignore_index=-100):
    """`logp[:, target]` takes every row at every label: an (N, N) table. To take one entry per row, index the rows
    too: `logp[rows, labels]`, with rows the numbers of the rows that are kept, paired with their labels."""
    kept = target != ignore_index
    logp = _log_softmax(x[kept])
    nll = -logp[:, target[kept]]
    return np.mean((1 - label_smoothing) * nll - label_smoothing * logp.mean(axis=-1, keepdims=True))


def cross_entropy__softmax_twice(x, target, label_smoothing=0.0, ignore_index=-100):
    """Softmax is applied before the log-softmax. Cross-entropy starts from logits and normalises them once: done
    twice, the loss can hardly fall, since probabilities as logits differ by 1 at most."""
    logp, q, kept = _parts(np.exp(_log_softmax(x)), target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum() / int(kept.sum())


def cross_entropy__no_shift(x, target, label_smoothing=0.0, ignore_index=-100):
    """exp of a large logit overflows, and inf/inf is NaN. Subtract each row's maximum first: softmax does not
    change."""
    e = np.exp(x)
    p = e / e.sum(axis=-1, keepdims=True)
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * np.log(p))[kept].sum() / int(kept.sum())


def cross_entropy__log_of_softmax(x, target, label_smoothing=0.0, ignore_index=-100):
    """The softmax is shifted, but its log is taken afterwards: where a probability underflows to 0, that is -inf.
    Simplify log(exp(z)/Σexp(z)) to z - log(Σexp(z)) and no probability is needed."""
    kept = target != ignore_index
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    logp = np.log(e / e.sum(axis=-1, keepdims=True))[kept]
    nll = -logp[np.arange(len(logp)), target[kept]]
    return nll.mean() if not label_smoothing else ((1 - label_smoothing) * nll - label_smoothing * logp.mean(1)).mean()


def cross_entropy__global_maximum(x, target, label_smoothing=0.0, ignore_index=-100):
    """All rows are shifted by the maximum of the whole batch. In rows far below it every exponential underflows to 0,
    and its log is -inf. Take the maximum of each row, keepdims=True."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    shifted = x - x.max()
    logp = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -(q * logp)[kept].sum() / int(kept.sum())


def cross_entropy__eps_in_log(x, target, label_smoothing=0.0, ignore_index=-100):
    """log(p + 1e-8) never reaches -inf, but it caps the loss near 18: a very wrong row costs too little. Compute the
    log of the softmax directly from the shifted logits."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * np.log(np.exp(_log_softmax(x)) + 1e-8))[kept].sum() / int(kept.sum())


def cross_entropy__over_the_batch(x, target, label_smoothing=0.0, ignore_index=-100):
    """Softmax runs down the columns, over the batch. The classes are the last axis: each row sums to 1."""
    logp, q, kept = _parts(x.T, target, label_smoothing, ignore_index, classes=x.shape[1])
    return -(q * logp.T)[kept].sum() / int(kept.sum())


def cross_entropy__smooths_wrong_classes_only(x, target, label_smoothing=0.0, ignore_index=-100):
    """The ε is shared by the C - 1 wrong classes only, ε/(C - 1) each. Here it is spread over all C classes, the
    target among them: (1 - ε)·onehot + ε/C."""
    q = np.full_like(x, label_smoothing / (x.shape[1] - 1))
    kept = target != ignore_index
    q[kept, target[kept]] = 1 - label_smoothing
    return -(q * _log_softmax(x))[kept].sum() / int(kept.sum())


def cross_entropy__smoothing_replaces_target(x, target, label_smoothing=0.0, ignore_index=-100):
    """The wrong classes get ε/C, but the target 1 - ε only, so the target distribution does not sum to 1. The target
    has its own share of the ε: 1 - ε + ε/C."""
    q = np.full_like(x, label_smoothing / x.shape[1])
    kept = target != ignore_index
    q[kept, target[kept]] = 1 - label_smoothing
    return -(q * _log_softmax(x))[kept].sum() / int(kept.sum())


def cross_entropy__smoothing_not_divided(x, target, label_smoothing=0.0, ignore_index=-100):
    """Every class gets the whole ε. Spread it: ε/C each, so that the target distribution sums to 1."""
    logp, q, kept = _parts(x, target, 0.0, ignore_index)
    return -(((1 - label_smoothing) * q + label_smoothing) * logp)[kept].sum() / int(kept.sum())


def cross_entropy__no_smoothing(x, target, label_smoothing=0.0, ignore_index=-100):
    """label_smoothing is not used. The target distribution is (1 - ε)·onehot + ε/C."""
    logp, q, kept = _parts(x, target, 0.0, ignore_index)
    return -(q * logp)[kept].sum() / int(kept.sum())


def cross_entropy__divides_by_all_rows(x, target, label_smoothing=0.0, ignore_index=-100):
    """Ignored rows cost nothing, but they are still counted: the sum is divided by N. Divide by the number of rows
    that are kept, or the loss falls with the share of padding."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum() / len(x)


def cross_entropy__ignored_rows_are_smoothed(x, target, label_smoothing=0.0, ignore_index=-100):
    """The smoothing term is averaged over all rows, the ignored ones too. A row that is ignored costs nothing at
    all."""
    logp, q, kept = _parts(x, target, 0.0, ignore_index)
    nll = -(q * logp)[kept].sum() / int(kept.sum())
    return (1 - label_smoothing) * nll - label_smoothing * logp.mean()


def cross_entropy__nothing_ignored(x, target, label_smoothing=0.0, ignore_index=-100):
    """ignore_index is not used, so its rows are indexed like any class: an IndexError, or silently the last class for
    -1. Leave out the rows whose target equals ignore_index."""
    logp = _log_softmax(x)
    nll = -logp[np.arange(len(x)), target]
    return ((1 - label_smoothing) * nll - label_smoothing * logp.mean(axis=1)).mean()


def cross_entropy__only_minus_hundred(x, target, label_smoothing=0.0, ignore_index=-100):
    """The label -100 is written into the code. It is only the default: compare the target with ignore_index, which
    may be any integer."""
    return cross_entropy__nothing_ignored(x[target != -100], target[target != -100], label_smoothing)


def cross_entropy__negative_labels_ignored(x, target, label_smoothing=0.0, ignore_index=-100):
    """All negative labels are taken for ignored. The label to ignore is ignore_index, which may be 255, or even a
    valid class: compare with it."""
    return cross_entropy__nothing_ignored(x[target >= 0], target[target >= 0], label_smoothing)


def cross_entropy__count_promotes(x, target, label_smoothing=0.0, ignore_index=-100):
    """The value is right, but the mask's sum is an np.int64, and a float32 divided by it is a float64. Take the mean
    of the kept rows, or divide by a plain int."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return -(q * logp)[kept].sum() / kept.sum()


def cross_entropy_backward__no_mean(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """The forward is a mean over the kept rows, so each row's gradient is divided by their number."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * (np.exp(logp) - q) * kept[:, None]


def cross_entropy_backward__ignores_upstream(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """grad_output is not used: by the chain rule the gradient is multiplied by what arrives from above."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return (np.exp(logp) - q) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__divides_by_all_rows(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """Ignored rows get zeros, but they are still counted: divide by the number of rows that are kept, as the forward
    does."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * (np.exp(logp) - q) * kept[:, None] / len(x)


def cross_entropy_backward__divides_by_entries(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """This divides by all N·C entries. The forward is a mean over rows: a row's classes are summed, not averaged."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * (np.exp(logp) - q) * kept[:, None] / (int(kept.sum()) * x.shape[1])


def cross_entropy_backward__ignored_rows_pull(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """Ignored rows still have the softmax as their gradient. They cost nothing whatever their logits are, so their
    gradient is zero."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * (np.exp(logp) - q * kept[:, None]) / int(kept.sum())


def cross_entropy_backward__target_only(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """Only the target's logit gets a gradient. Every logit takes part in the sum under the log: the wrong classes get
    their softmax, which pushes them down."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * np.where(q > label_smoothing, np.exp(logp) - q, 0) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__for_probabilities(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """-q/p is the gradient with respect to the probabilities. Carry it on through the softmax to the logits, on
    paper: the quotient cancels and p - q is left."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * (-q / np.exp(logp)) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__no_smoothing(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """label_smoothing is not used. Subtract the smoothed target, (1 - ε)·onehot + ε/C, in place of the one-hot."""
    logp, q, kept = _parts(x, target, 0.0, ignore_index)
    return grad_output * (np.exp(logp) - q) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__smooths_wrong_classes_only(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """The ε is shared by the C - 1 wrong classes only. Here it is spread over all C: (1 - ε)·onehot + ε/C."""
    logp, _, kept = _parts(x, target, 0.0, ignore_index)
    q = np.full_like(x, label_smoothing / (x.shape[1] - 1))
    q[kept, target[kept]] = 1 - label_smoothing
    return grad_output * (np.exp(logp) - q) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__every_row_at_every_label(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """`grad[:, target] -= 1` changes the columns of all labels in every row. One entry per row: `grad[rows, labels]`,
    with rows the numbers of the rows that are kept, paired with their labels."""
    logp, _, kept = _parts(x, target, 0.0, ignore_index)
    grad = np.exp(logp) - label_smoothing / x.shape[1]
    grad[:, target[kept]] -= 1 - label_smoothing
    return grad_output * grad * kept[:, None] / int(kept.sum())


def cross_entropy_backward__no_shift(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """exp of a large logit overflows, and inf/inf is NaN. Subtract each row's maximum first: softmax does not
    change."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
    return grad_output * (p - q) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__global_maximum(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """All rows are shifted by the maximum of the whole batch: rows far below it become 0/0. Take the maximum of each
    row, keepdims=True."""
    _, q, kept = _parts(x, target, label_smoothing, ignore_index)
    e = np.exp(x - x.max())
    return grad_output * (e / e.sum(axis=-1, keepdims=True) - q) * kept[:, None] / int(kept.sum())


def cross_entropy_backward__count_promotes(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    """The values are right, but the mask's sum is an np.int64, and a float32 array divided by it is a float64 array.
    Divide by a plain int."""
    logp, q, kept = _parts(x, target, label_smoothing, ignore_index)
    return grad_output * (np.exp(logp) - q) * kept[:, None] / kept.sum()


def categorical_cross_entropy__no_clip(probs, target, eps=1e-7):
    """Nothing is clipped: log(0) is -inf, and 0·(-inf) is NaN. Clip the probabilities before the log."""
    return -(target * np.log(probs)).sum(axis=-1).mean()


def categorical_cross_entropy__eps_in_log(probs, target, eps=1e-7):
    """log(p + eps) bends every term, not only those near 0. Clip to [eps, 1 - eps], so that probabilities in between
    stay as they are."""
    return -(target * np.log(probs + eps)).sum(axis=-1).mean()


def categorical_cross_entropy__lower_clip_only(probs, target, eps=1e-7):
    """Only the lower end is clipped. The upper end is 1 - eps: certainty costs a little too."""
    return -(target * np.log(np.maximum(probs, eps))).sum(axis=-1).mean()


def categorical_cross_entropy__normalised_first(probs, target, eps=1e-7):
    """Each row is divided by its sum first, as Keras does. Here the probabilities are taken as they are, only
    clipped."""
    clipped = np.clip(probs / probs.sum(axis=-1, keepdims=True), eps, 1 - eps)
    return -(target * np.log(clipped)).sum(axis=-1).mean()


def categorical_cross_entropy__mean_over_classes(probs, target, eps=1e-7):
    """This averages over all N·C entries. A row's cost is the sum over its classes; take the mean over the N rows
    only."""
    return -(target * np.log(np.clip(probs, eps, 1 - eps))).mean()


def categorical_cross_entropy__sum(probs, target, eps=1e-7):
    """This is the sum over the rows. The loss is their mean: divide by N."""
    return -(target * np.log(np.clip(probs, eps, 1 - eps))).sum()


def categorical_cross_entropy__largest_target_only(probs, target, eps=1e-7):
    """Only the class with the largest target is looked at. That is right for one-hot rows; a soft target weighs the
    log of every class."""
    clipped = np.clip(probs, eps, 1 - eps)
    return -np.log(clipped[np.arange(len(probs)), target.argmax(axis=-1)]).mean()


def categorical_cross_entropy__binary_terms(probs, target, eps=1e-7):
    """The terms (1 - target)·log(1 - p) belong to binary cross-entropy, where each output is a question of its own.
    Over classes that exclude each other, only target·log(p) is summed."""
    p = np.clip(probs, eps, 1 - eps)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).sum(axis=-1).mean()


def categorical_cross_entropy__softmax_again(probs, target, eps=1e-7):
    """Softmax is applied to what already are probabilities. Take their log directly, after the clip."""
    clipped = np.clip(np.exp(_log_softmax(probs)), eps, 1 - eps)
    return -(target * np.log(clipped)).sum(axis=-1).mean()


def categorical_cross_entropy__swapped(probs, target, eps=1e-7):
    """The roles are swapped: this weighs the log of the target by the probabilities. The expectation is over the
    target: target·log(p)."""
    return -(probs * np.log(np.clip(target, eps, 1 - eps))).sum(axis=-1).mean()


def categorical_cross_entropy_backward__clipped_ones_too(grad_output, probs, target, eps=1e-7):
    """The probabilities that were clipped get a gradient too, and a huge one: -target/eps. Outside [eps, 1 - eps] the
    clip is flat, so the gradient there is 0."""
    return grad_output * -target / np.clip(probs, eps, 1 - eps) / len(probs)


def categorical_cross_entropy_backward__no_clip(grad_output, probs, target, eps=1e-7):
    """This divides by the probabilities as they are: 1/0 at an exact 0, and a gradient where the clip is flat.
    Outside [eps, 1 - eps] the gradient is 0."""
    return grad_output * -target / probs / len(probs)


def categorical_cross_entropy_backward__for_logits(grad_output, probs, target, eps=1e-7):
    """p - target is the gradient with respect to the logits before a softmax. Here the inputs are the probabilities:
    the derivative of -target·log(p) is -target/p."""
    return grad_output * (probs - target) / len(probs)


def categorical_cross_entropy_backward__no_mean(grad_output, probs, target, eps=1e-7):
    """The forward is a mean over the N rows, so the gradient is divided by N."""
    clipped = np.clip(probs, eps, 1 - eps)
    return grad_output * np.where(clipped == probs, -target / clipped, 0)


def categorical_cross_entropy_backward__ignores_upstream(grad_output, probs, target, eps=1e-7):
    """grad_output is not used: by the chain rule the gradient is multiplied by what arrives from above."""
    clipped = np.clip(probs, eps, 1 - eps)
    return np.where(clipped == probs, -target / clipped, 0) / len(probs)


def categorical_cross_entropy_backward__divides_by_entries(grad_output, probs, target, eps=1e-7):
    """This divides by all N·C entries. The forward sums over the classes and takes the mean over the N rows."""
    clipped = np.clip(probs, eps, 1 - eps)
    return grad_output * np.where(clipped == probs, -target / clipped, 0) / probs.size


def categorical_cross_entropy_backward__wrong_sign(grad_output, probs, target, eps=1e-7):
    """The sign is turned round: more probability on what the target wants lowers the loss, so the gradient there is
    negative."""
    clipped = np.clip(probs, eps, 1 - eps)
    return grad_output * np.where(clipped == probs, target / clipped, 0) / len(probs)


def _log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _parts(x, target, label_smoothing, ignore_index, classes=None):
    """Return log-probabilities, smoothed targets and which rows are kept."""
    classes = classes or x.shape[1]
    kept = target != ignore_index
    q = np.full((len(target), classes), label_smoothing / classes, dtype=x.dtype)
    q[kept, target[kept]] += 1 - label_smoothing
    return _log_softmax(x), q, kept

"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import math

import torch


def relu__max_along_dim(x):
    """torch.max(x, 0) reduces along dimension 0 and returns a pair (values, indices). To compare each element with 0
    and keep the shape, use clamp, or torch.maximum with a tensor of zeros."""
    return torch.max(x, 0)


def relu__absolute(x):
    """This turns negative numbers positive. ReLU cuts them off: below 0 the answer is 0."""
    return x.abs()


def relu__in_place(x):
    """This writes into the caller's tensor (a method with a trailing underscore, or an assignment to x[...]), and
    autograd refuses that for a leaf that wants a gradient. Make a new tensor: clamp, maximum or where."""
    return x.clamp_(min=0)


def relu__left_the_graph(x):
    """The values are right, but the result has no history: it went through Python numbers, `torch.tensor(...)`, NumPy,
    `.detach()` or `no_grad`, and no gradient flows back. Compute with tensors all the way."""
    return torch.tensor([max(value, 0.0) for value in x.flatten().tolist()], dtype=x.dtype).reshape(x.shape)


def relu__drops_negatives(x):
    """x[x > 0] picks the positive elements and drops the others, so the shape is lost. The negative ones stay where
    they are and become 0."""
    return x[x > 0]


def relu__step(x):
    """This is 1 where x is positive: the derivative of ReLU. ReLU itself lets the value x through there."""
    return (x > 0).to(x.dtype)


def leaky_relu__max_with_slope(x, negative_slope=0.01):
    """This compares x with the number negative_slope, so small inputs are lifted to it. The other branch is the line
    negative_slope·x."""
    return x.clamp(min=negative_slope)


def leaky_relu__constant_below(x, negative_slope=0.01):
    """Below 0 the answer is the slope itself, a constant. A slope multiplies: negative_slope·x."""
    return torch.where(x > 0, x, negative_slope)


def leaky_relu__fixed_slope(x, negative_slope=0.01):
    """The slope 0.01 is written into the formula, so the argument negative_slope does nothing. Use the argument."""
    return torch.where(x > 0, x, 0.01 * x)


def leaky_relu__falsy_slope(x, negative_slope=0.01):
    """`negative_slope or 0.01` also replaces a slope of 0, because 0 counts as false in Python. A slope of 0 is meant
    as it stands (plain ReLU)."""
    negative_slope = negative_slope or 0.01
    return torch.where(x > 0, x, negative_slope * x)


def leaky_relu__slope_above(x, negative_slope=0.01):
    """The branches are swapped: positive numbers are flattened and negative ones pass unchanged. The leak is on the
    negative side."""
    return torch.where(x > 0, negative_slope * x, x)


def leaky_relu__in_place(x, negative_slope=0.01):
    """The values are right, but the caller's tensor is overwritten, and autograd refuses that for a leaf that wants a
    gradient. Make a new tensor with torch.where."""
    x[x < 0] *= negative_slope
    return x


def sigmoid__naive(x):
    """The value is right even at -1000, where exp(-x) is infinite and 1/inf is 0. But the gradient multiplies that
    infinity by 0: NaN. Use a form in which exp sees numbers up to 0 only."""
    return 1 / (1 + torch.exp(-x))


def sigmoid__where_overflows(x):
    """torch.where picks the right values, but autograd goes through both branches: the one that was not taken has
    overflowed, and inf · 0 is NaN in the gradient. Make the argument of exp safe *before* exp, as with -|x|."""
    return torch.where(x >= 0, 1 / (1 + torch.exp(-x)), torch.exp(x) / (1 + torch.exp(x)))


def sigmoid__exp_ratio(x):
    """exp(x) overflows for large x, and inf / inf is NaN. Use a form in which exp sees large *negative* numbers only,
    where it quietly becomes 0: a different one for each sign of x, or one in |x|."""
    return torch.exp(x) / (1 + torch.exp(x))


def sigmoid__no_minus(x):
    """This falls where the sigmoid rises: exp(x) stands where exp(-x) belongs, so the answer is sigmoid(-x)."""
    return 1 / (1 + torch.exp(x))


def sigmoid__clipped_close(x):
    """Clamping x to ±10 keeps exp from overflowing, but sigmoid(10) is not yet 1: it is off by 5e-5, and beyond the
    clamp the gradient is exactly 0. Use a form that cannot overflow at all."""
    return 1 / (1 + torch.exp(-x.clamp(-10, 10)))


def sigmoid__python_if(x):
    """`if x >= 0` asks one question of a whole tensor, which has no single answer (RuntimeError). Choose element by
    element with torch.where, and keep both branches from overflowing."""
    if x >= 0:
        return 1 / (1 + torch.exp(-x))
    return torch.exp(x) / (1 + torch.exp(x))


def sigmoid__left_the_graph(x):
    """The values are right, but the result is cut off from autograd's graph, by `.detach()`, `.data`, `no_grad` or
    plain numbers: no gradient flows back to x. Compute with tensors all the way."""
    small = torch.exp(-x.detach().abs())
    return torch.where(x.detach() >= 0, 1 / (1 + small), small / (1 + small))


def tanh__exp_ratio(x):
    """For large |x| one of the two exponentials overflows, above and below the line, and inf / inf is NaN. Divide both
    by the larger one, so that exp sees numbers up to 0 only."""
    return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))


def tanh__infinite_step(x):
    """The value is right, since 2/inf is 0, but for large x the gradient multiplies that infinity by 0: NaN. Let exp
    see numbers up to 0 only."""
    return 1 - 2 / (torch.exp(2 * x) + 1)


def tanh__double_exp(x):
    """exp(2x) overflows for large positive x, and inf / inf is NaN; on the negative side the form is fine. Use |x| and
    put the sign back at the end, since tanh is odd."""
    return (torch.exp(2 * x) - 1) / (torch.exp(2 * x) + 1)


def tanh__half_argument(x):
    """2·sigmoid(x) - 1 is tanh(x/2). For tanh(x) the sigmoid takes 2x."""
    return 2 * _sigmoid(x) - 1


def tanh__sign_lost(x):
    """The form in |x| is stable, but tanh is odd: the answer for a negative x is negative. Put the sign of x back."""
    e = torch.exp(-2 * x.abs())
    return (1 - e) / (1 + e)


def gelu__no_root(x, approximate="none"):
    """erf is not the normal distribution function: Φ(x) = ½·(1 + erf(x / √2)). The division by √2 is missing."""
    return _gelu(x, approximate) if approximate == "tanh" else 0.5 * x * (1 + torch.erf(x))


def gelu__no_half(x, approximate="none"):
    """The factor ½ is missing: 1 + erf or 1 + tanh runs from 0 to 2, a probability from 0 to 1."""
    return 2 * _gelu(x, approximate)


def gelu__always_tanh(x, approximate="none"):
    """The approximation is used whatever `approximate` says. The default, "none", asks for the exact function with erf;
    they differ in the fourth decimal."""
    return _gelu(x, "tanh")


def gelu__always_exact(x, approximate="none"):
    """The exact function is used whatever `approximate` says. With "tanh" the approximation is asked for; they differ
    in the fourth decimal."""
    return _gelu(x, "none")


def gelu__sigmoid_approximation(x, approximate="none"):
    """x·sigmoid(1.702x) is the other approximation from the paper, off by up to 0.02. Here "none" means erf and "tanh"
    means the cubic inside tanh."""
    return x * _sigmoid(1.702 * x)


def gelu__cube_outside(x, approximate="none"):
    """√(2/π) multiplies the whole bracket (x + 0.044715·x³). Here the cubic term is left outside."""
    if approximate == "tanh":
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * x + 0.044715 * x**3))
    return _gelu(x, approximate)


def gelu__root_inverted(x, approximate="none"):
    """The fraction under the root is upside down: the constant in front of the bracket is √(2/π), about 0.798."""
    if approximate == "tanh":
        return 0.5 * x * (1 + torch.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x**3)))
    return _gelu(x, approximate)


def gelu__tanh_by_exp(x, approximate="none"):
    """The tanh is written with exp(2u), which overflows for large x: inf / inf is NaN. Use torch.tanh here, or a form
    that cannot overflow."""
    if approximate == "tanh":
        e = torch.exp(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
        return 0.5 * x * (1 + (e - 1) / (e + 1))
    return _gelu(x, approximate)


def gelu__gate_detached(x, approximate="none"):
    """The values are right, but the gate is detached, so its share of the gradient, x·Φ'(x), is lost. Both factors
    depend on x and both must stay in the graph."""
    return x * _gate(x, approximate).detach()


def silu__naive(x):
    """The value is right even at -1000, where exp(-x) is infinite. But the gradient multiplies that infinity by 0: NaN.
    Use a sigmoid in which exp sees numbers up to 0 only."""
    return x / (1 + torch.exp(-x))


def silu__sigmoid_only(x):
    """This is sigmoid(x). SiLU is x *times* sigmoid(x): the sigmoid is the gate, x is what passes through it."""
    return _sigmoid(x)


def silu__no_minus(x):
    """The gate is upside down: x / (1 + exp(x)) is x·sigmoid(-x), which closes for positive x."""
    return x * _sigmoid(-x)


def silu__exp_ratio(x):
    """exp(x) overflows for large x, and inf / inf is NaN. Use a sigmoid that cannot overflow."""
    return x * torch.exp(x) / (1 + torch.exp(x))


def silu__gelu_factor(x):
    """x·sigmoid(1.702x) is an approximation of GELU. SiLU has no factor inside the sigmoid."""
    return x * _sigmoid(1.702 * x)


def silu__gate_detached(x):
    """The values are right, but the gate is detached, so its share of the gradient, x·s·(1 - s), is lost. Both factors
    depend on x and both must stay in the graph."""
    return x * _sigmoid(x).detach()


def logsumexp__no_shift(x, dim=-1):
    """exp overflows for large x, and log(0) is -inf where all x are very negative. Take the maximum of each slice out
    before exp, and add it back after log."""
    return torch.exp(x).sum(dim=dim).log()


def logsumexp__global_max(x, dim=-1):
    """One maximum is taken for the whole tensor. In a slice that lies far below it, every exp becomes 0 and the log
    -inf: each slice needs its own maximum, along the dimension."""
    top = x.max()
    return top + torch.exp(x - top).sum(dim=dim).log()


def logsumexp__keeps_dim(x, dim=-1):
    """The numbers are right, but the dimension that was summed over is left with length 1. It is to be dropped: use
    keepdim for the maximum that is subtracted only."""
    top = x.amax(dim=dim, keepdim=True)
    return top + torch.exp(x - top).sum(dim=dim, keepdim=True).log()


def logsumexp__not_added_back(x, dim=-1):
    """The maximum was subtracted before exp, which divides the sum by exp(maximum). After the log, add it back."""
    return torch.exp(x - x.amax(dim=dim, keepdim=True)).sum(dim=dim).log()


def logsumexp__over_everything(x, dim=-1):
    """Everything is summed into one number. The sum runs along `dim` only: one answer for each slice."""
    top = x.max()
    return top + torch.exp(x - top).sum().log()


def logsumexp__last_dim_only(x, dim=-1):
    """The last dimension is summed over whatever `dim` says. Pass the argument on to amax and sum."""
    top = x.amax(dim=-1, keepdim=True)
    return top[..., 0] + torch.exp(x - top).sum(dim=-1).log()


def logsumexp__half_detached(x, dim=-1):
    """The values are right. But the maximum is detached inside exp and not in front, so the gradient counts it once too
    often. Its two shares cancel: detach it in both places, or in neither."""
    top = x.amax(dim=dim, keepdim=True)
    return top.squeeze(dim) + torch.exp(x - top.detach()).sum(dim=dim).log()


def softmax__over_everything(x, dim=-1):
    """The whole tensor sums to 1. Each slice along `dim` is a distribution of its own: sum along the dimension, with
    keepdim=True."""
    e = torch.exp(x - x.amax(dim=dim, keepdim=True))
    return e / e.sum()


def softmax__no_shift(x, dim=-1):
    """exp overflows for large x (inf / inf), and where all x are very negative 0 / 0 is left: both are NaN. Subtract
    each slice's maximum first; the quotient stays the same."""
    e = torch.exp(x)
    return e / e.sum(dim=dim, keepdim=True)


def softmax__global_max(x, dim=-1):
    """One maximum is taken for the whole tensor. In a slice that lies far below it every exp becomes 0, and 0 / 0 is
    NaN: each slice needs its own maximum, along the dimension, with keepdim=True."""
    e = torch.exp(x - x.max())
    return e / e.sum(dim=dim, keepdim=True)


def softmax__last_dim_only(x, dim=-1):
    """The last dimension is normalised whatever `dim` says. Pass the argument on to amax and sum."""
    return _softmax(x, -1)


def softmax__rows_of_a_matrix(x, dim=-1):
    """This is written for a matrix and its rows: dimension 1 and [:, None]. Inputs have one to three dimensions here,
    and the dimension is an argument; keepdim=True broadcasts for all of them."""
    e = torch.exp(x - x.amax(dim=1)[:, None])
    return e / e.sum(dim=1)[:, None]


def softmax__no_keepdim(x, dim=-1):
    """Without keepdim the sum has lost its dimension and no longer lines up with the tensor: an error, or worse,
    division by another slice's sum. Use keepdim=True."""
    e = torch.exp(x - x.amax(dim=dim, keepdim=True))
    return e / e.sum(dim=dim)


def softmax__max_gives_a_pair(x, dim=-1):
    """x.max(dim) returns a pair (values, indices), and a pair cannot be subtracted. Take its .values, or use amax."""
    e = torch.exp(x - x.max(dim, keepdim=True))
    return e / e.sum(dim=dim, keepdim=True)


def softmax__sum_detached(x, dim=-1):
    """The values are right, but the sum in the denominator is detached. It depends on x too, so the gradient keeps one
    term of two. Only the maximum may be detached, since shifting by any constant changes nothing."""
    e = torch.exp(x - x.amax(dim=dim, keepdim=True))
    return e / e.sum(dim=dim, keepdim=True).detach()


def log_softmax__log_of_softmax(x, dim=-1):
    """A probability below the smallest float becomes 0, and log(0) is -inf, although the answer is an ordinary number
    such as -2000. Never leave the log domain: x minus its logsumexp."""
    return _softmax(x, dim).log()


def log_softmax__epsilon(x, dim=-1):
    """An epsilon in the log avoids -inf, but bends the answer: log(1e-12) is -27.6 where -2000 is right, and the
    gradient there is lost. Never leave the log domain: x minus its logsumexp."""
    return (_softmax(x, dim) + 1e-12).log()


def log_softmax__no_shift(x, dim=-1):
    """The log-domain formula is right, but exp still overflows for large x, and log(0) is infinite for very negative
    ones. Subtract each slice's maximum first, from both x and the logsumexp."""
    return x - torch.exp(x).sum(dim=dim, keepdim=True).log()


def log_softmax__shift_used_once(x, dim=-1):
    """The maximum is subtracted inside exp but not from x in front, so the answer is too large by it. Both must be
    shifted."""
    shifted = x - x.amax(dim=dim, keepdim=True)
    return x - torch.exp(shifted).sum(dim=dim, keepdim=True).log()


def log_softmax__global_max(x, dim=-1):
    """One maximum is taken for the whole tensor. In a slice that lies far below it every exp becomes 0, and log(0) is
    -inf: each slice needs its own maximum, along the dimension."""
    shifted = x - x.max()
    return shifted - torch.exp(shifted).sum(dim=dim, keepdim=True).log()


def log_softmax__over_everything(x, dim=-1):
    """The sum inside the log runs over the whole tensor. Each slice along `dim` is a distribution of its own."""
    shifted = x - x.amax(dim=dim, keepdim=True)
    return shifted - torch.exp(shifted).sum().log()


def log_softmax__last_dim_only(x, dim=-1):
    """The last dimension is normalised whatever `dim` says. Pass the argument on to amax and sum."""
    shifted = x - x.amax(dim=-1, keepdim=True)
    return shifted - torch.exp(shifted).sum(dim=-1, keepdim=True).log()


def log_softmax__sum_detached(x, dim=-1):
    """The values are right, but the sum is detached. It depends on x too: without it the gradient is grad_output alone,
    and -softmax times its sum is missing."""
    shifted = x - x.amax(dim=dim, keepdim=True).detach()
    return shifted - torch.exp(shifted).sum(dim=dim, keepdim=True).log().detach()


def _sigmoid(x):
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _softmax(x, dim):
    e = torch.exp(x - x.amax(dim=dim, keepdim=True))
    return e / e.sum(dim=dim, keepdim=True)


def _gate(x, approximate):
    """Return what GELU multiplies x by."""
    if approximate == "tanh":
        return 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def _gelu(x, approximate):
    return x * _gate(x, approximate)

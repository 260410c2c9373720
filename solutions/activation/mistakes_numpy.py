"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import math

import numpy as np


def relu__max_along_axis(x):
    """np.max(x, 0) is the maximum *along axis 0*, a reduction. To compare each element with 0 and keep the shape, use
    np.maximum."""
    return np.max(x, 0)


def relu__absolute(x):
    """This turns negative numbers positive. ReLU cuts them off: below 0 the answer is 0."""
    return np.abs(x)


def relu__in_place(x):
    """The values are right, but `x[x < 0] = 0` overwrites x, and x belongs to the caller: a second branch of the
    network, such as a skip connection, or the next call reads it again. Make a new array, or work on x.copy()."""
    x[x < 0] = 0
    return x


def relu__float64_zeros(x):
    """np.zeros makes float64 numbers, and with them a float32 input comes back as float64. A plain Python 0 takes on
    the dtype of x; so does np.zeros_like(x)."""
    return np.where(x > 0, x, np.zeros(x.shape))


def relu__drops_negatives(x):
    """x[x > 0] picks the positive elements and drops the others, so the shape is lost. The negative ones stay where
    they are and become 0."""
    return x[x > 0]


def relu__step(x):
    """This is 1 where x is positive: the derivative of ReLU. ReLU itself lets the value x through there."""
    return (x > 0).astype(x.dtype)


def relu_backward__returns_mask(grad_output, x):
    """The mask x > 0 is the derivative of ReLU itself. The chain rule multiplies it by the gradient that arrives from
    above, grad_output."""
    return (x > 0).astype(x.dtype)


def relu_backward__masks_by_upstream(grad_output, x):
    """The mask looks at the sign of the gradient. What decides is whether the *input* x was positive; a negative
    gradient passes as well as a positive one."""
    return np.where(grad_output > 0, grad_output, 0)


def relu_backward__passes_at_zero(grad_output, x):
    """Where x is exactly 0 the gradient passes here. By convention relu'(0) = 0: the mask is x > 0, not x >= 0."""
    return np.where(x >= 0, grad_output, 0)


def relu_backward__forward_again(grad_output, x):
    """The gradient is multiplied by relu(x), the value. It should be multiplied by the slope, which is 1 or 0."""
    return grad_output * np.maximum(x, 0)


def relu_backward__in_place(grad_output, x):
    """The values are right, but the upstream gradient is overwritten, and another branch of the network may still need
    it. Make a new array with np.where, or copy first."""
    grad_output[x <= 0] = 0
    return grad_output


def leaky_relu__max_with_slope(x, negative_slope=0.01):
    """This compares x with the number negative_slope, so small inputs are lifted to it. The other branch is the line
    negative_slope·x."""
    return np.maximum(x, negative_slope)


def leaky_relu__constant_below(x, negative_slope=0.01):
    """Below 0 the answer is the slope itself, a constant. A slope multiplies: negative_slope·x."""
    return np.where(x > 0, x, negative_slope)


def leaky_relu__fixed_slope(x, negative_slope=0.01):
    """The slope 0.01 is written into the formula, so the argument negative_slope does nothing. Use the argument."""
    return np.where(x > 0, x, 0.01 * x)


def leaky_relu__falsy_slope(x, negative_slope=0.01):
    """`negative_slope or 0.01` also replaces a slope of 0, because 0 counts as false in Python. A slope of 0 is meant
    as it stands (plain ReLU)."""
    negative_slope = negative_slope or 0.01
    return np.where(x > 0, x, negative_slope * x)


def leaky_relu__slope_above(x, negative_slope=0.01):
    """The branches are swapped: positive numbers are flattened and negative ones pass unchanged. The leak is on the
    negative side."""
    return np.where(x > 0, negative_slope * x, x)


def leaky_relu__in_place(x, negative_slope=0.01):
    """The values are right, but x is overwritten, and x belongs to the caller: a second branch of the network, such as
    a skip connection, or the next call reads it again. Make a new array, or work on x.copy()."""
    x[x < 0] *= negative_slope
    return x


def leaky_relu_backward__no_upstream(grad_output, x, negative_slope=0.01):
    """These are the slopes of the function alone. The chain rule multiplies them by grad_output, the gradient from
    above."""
    return np.where(x > 0, 1, negative_slope).astype(x.dtype)


def leaky_relu_backward__passes_at_zero(grad_output, x, negative_slope=0.01):
    """Where x is exactly 0 the whole gradient passes here. By convention the slope at 0 is that of the negative side,
    negative_slope."""
    return np.where(x >= 0, grad_output, negative_slope * grad_output)


def leaky_relu_backward__forward_again(grad_output, x, negative_slope=0.01):
    """The gradient is multiplied by leaky_relu(x), the value. It should be multiplied by the slope: 1 or
    negative_slope."""
    return grad_output * np.where(x > 0, x, negative_slope * x)


def leaky_relu_backward__zero_below(grad_output, x, negative_slope=0.01):
    """Below 0 the gradient is cut off, as in plain ReLU. The point of the leak is that negative_slope times the
    gradient still gets through."""
    return np.where(x > 0, grad_output, 0)


def leaky_relu_backward__masks_by_upstream(grad_output, x, negative_slope=0.01):
    """The branch is chosen by the sign of the gradient. It depends on the sign of the *input* x."""
    return np.where(grad_output > 0, grad_output, negative_slope * grad_output)


def leaky_relu_backward__fixed_slope(grad_output, x, negative_slope=0.01):
    """The slope 0.01 is written into the formula, so the argument negative_slope does nothing. Use the argument."""
    return np.where(x > 0, grad_output, 0.01 * grad_output)


def sigmoid__no_minus(x):
    """This falls where the sigmoid rises: exp(x) stands where exp(-x) belongs, so the answer is sigmoid(-x)."""
    return 1 / (1 + np.exp(x))


def sigmoid__exp_ratio(x):
    """exp(x) overflows for large x, and inf / inf is NaN. Use a form in which exp sees large *negative* numbers only,
    where it quietly becomes 0: a different one for each sign of x, or one in |x|."""
    return np.exp(x) / (1 + np.exp(x))


def sigmoid__one_at_a_time(x):
    """math.exp takes one number and raises OverflowError at 710; and a loop over x runs over its first axis only.
    NumPy's functions take the whole array, of any shape."""
    return np.array([1 / (1 + math.exp(-value)) for value in x], dtype=x.dtype)


def sigmoid__python_if(x):
    """`if x >= 0` asks one question of a whole array, which has no single answer (ValueError). Choose element by
    element with np.where."""
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


def sigmoid__clipped_close(x):
    """Clipping x to ±10 keeps exp from overflowing, but sigmoid(10) is not yet 1: it is off by 5e-5. Overflow starts
    near 88 in float32 and 709 in float64; better is a form that cannot overflow at all."""
    return 1 / (1 + np.exp(-np.clip(x, -10, 10)))


def sigmoid__float64_buffer(x):
    """np.zeros(x.shape) is a float64 buffer, so a float32 input comes back as float64. Allocate with dtype=x.dtype, or
    use np.zeros_like(x)."""
    out = np.zeros(x.shape)
    negative = x < 0
    out[~negative] = 1 / (1 + np.exp(-x[~negative]))
    out[negative] = np.exp(x[negative]) / (1 + np.exp(x[negative]))
    return out


def sigmoid_backward__input_for_output(grad_output, x):
    """s·(1 - s) is right, but s is the *output* sigmoid(x), and here x is put in. Compute the sigmoid of x first."""
    return grad_output * x * (1 - x)


def sigmoid_backward__no_upstream(grad_output, x):
    """This is the derivative s·(1 - s) alone. The chain rule multiplies it by grad_output."""
    s = _sigmoid(x)
    return s * (1 - s)


def sigmoid_backward__value_only(grad_output, x):
    """The gradient is multiplied by the value s = sigmoid(x). Its derivative is s·(1 - s), which is 0 at both ends,
    where the curve is flat."""
    return grad_output * _sigmoid(x)


def sigmoid_backward__one_plus(grad_output, x):
    """A sign is wrong: the derivative is s·(1 - s), not s·(1 + s). It is at most 1/4 and vanishes at both ends."""
    s = _sigmoid(x)
    return grad_output * s * (1 + s)


def sigmoid_backward__exp_overflow(grad_output, x):
    """The formula is right on paper, but exp(-x) overflows for very negative x and inf / inf is NaN. Write the
    derivative with the stable sigmoid, s·(1 - s)."""
    e = np.exp(-x)
    return grad_output * e / (1 + e) ** 2


def tanh__exp_ratio(x):
    """For large |x| one of the two exponentials overflows, above and below the line, and inf / inf is NaN. Divide both
    by the larger one, so that exp sees numbers up to 0 only."""
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh__double_exp(x):
    """exp(2x) overflows for large positive x, and inf / inf is NaN; on the negative side the form is fine. Use |x| and
    put the sign back at the end, since tanh is odd."""
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)


def tanh__half_argument(x):
    """2·sigmoid(x) - 1 is tanh(x/2). For tanh(x) the sigmoid takes 2x."""
    return 2 * _sigmoid(x) - 1


def tanh__sign_lost(x):
    """The form in |x| is stable, but tanh is odd: the answer for a negative x is negative. Put the sign of x back."""
    e = np.exp(-2 * np.abs(x))
    return (1 - e) / (1 + e)


def tanh_backward__input_for_output(grad_output, x):
    """1 - t² is right, but t is the *output* tanh(x), and here x is put in. Compute tanh(x) first."""
    return grad_output * (1 - x**2)


def tanh_backward__no_square(grad_output, x):
    """The derivative is 1 - t², with a square. It is even in x: the same on both sides of 0."""
    return grad_output * (1 - _tanh(x))


def tanh_backward__like_sigmoid(grad_output, x):
    """t·(1 - t) is the rule for the sigmoid. For t = tanh(x) it is 1 - t²."""
    t = _tanh(x)
    return grad_output * t * (1 - t)


def tanh_backward__no_upstream(grad_output, x):
    """This is the derivative 1 - t² alone. The chain rule multiplies it by grad_output."""
    return 1 - _tanh(x) ** 2


def gelu__no_root(x, approximate="none"):
    """erf is not the normal distribution function: Φ(x) = ½·(1 + erf(x / √2)). The division by √2 is missing."""
    return _gelu(x, approximate) if approximate == "tanh" else 0.5 * x * (1 + _erf(x))


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
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * x + 0.044715 * x**3))
    return _gelu(x, approximate)


def gelu__root_inverted(x, approximate="none"):
    """The fraction under the root is upside down: the constant in front of the bracket is √(2/π), about 0.798."""
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x**3)))
    return _gelu(x, approximate)


def gelu__tanh_by_exp(x, approximate="none"):
    """The tanh is written with exp(2u), which overflows for large x: inf / inf is NaN. Use np.tanh here, or a form that
    cannot overflow."""
    if approximate == "tanh":
        e = np.exp(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
        return 0.5 * x * (1 + (e - 1) / (e + 1))
    return _gelu(x, approximate)


def gelu__numpy_root(x, approximate="none"):
    """np.sqrt(2) is a NumPy float64, and dividing a float32 array by it gives float64. Constants should be plain Python
    numbers: math.sqrt(2)."""
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + _erf(x / np.sqrt(2)))


def gelu_backward__distribution_only(grad_output, x, approximate="none"):
    """x·Φ(x) is a product of two functions of x. This keeps the first term, Φ(x), and forgets the second, x times the
    derivative of Φ."""
    gate, _ = _gate_and_slope(x, approximate)
    return grad_output * gate


def gelu_backward__density_without_x(grad_output, x, approximate="none"):
    """The product rule gives Φ(x) + x·Φ'(x). The factor x before the second term is missing."""
    gate, slope = _gate_and_slope(x, approximate)
    return grad_output * (gate + slope)


def gelu_backward__density_not_normalised(grad_output, x, approximate="none"):
    """The derivative of Φ is the normal density exp(-x²/2) / √(2π). The factor 1/√(2π) is missing."""
    if approximate == "none":
        return grad_output * (0.5 * (1 + _erf(x / math.sqrt(2))) + x * np.exp(-0.5 * x**2))
    return _gelu_backward(grad_output, x, approximate)


def gelu_backward__no_root(grad_output, x, approximate="none"):
    """erf is not the normal distribution function: Φ(x) = ½·(1 + erf(x / √2)). The division by √2 is missing."""
    if approximate == "none":
        return grad_output * (0.5 * (1 + _erf(x)) + x * np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi))
    return _gelu_backward(grad_output, x, approximate)


def gelu_backward__no_inner_derivative(grad_output, x, approximate="none"):
    """What stands inside the tanh depends on x as well: multiply 1 - tanh² by the derivative of the bracket, √(2/π)·(1
    + 3·0.044715·x²)."""
    if approximate == "tanh":
        t = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
        return grad_output * 0.5 * (1 + t + x * (1 - t**2))
    return _gelu_backward(grad_output, x, approximate)


def gelu_backward__always_exact(grad_output, x, approximate="none"):
    """With approximate="tanh" the forward is another function, so its derivative is another one too. Differentiate the
    formula that was used."""
    return _gelu_backward(grad_output, x, "none")


def gelu_backward__no_upstream(grad_output, x, approximate="none"):
    """This is the derivative of GELU alone. The chain rule multiplies it by grad_output."""
    return _gelu_backward(np.ones_like(x), x, approximate)


def silu__sigmoid_only(x):
    """This is sigmoid(x). SiLU is x *times* sigmoid(x): the sigmoid is the gate, x is what passes through it."""
    return _sigmoid(x)


def silu__no_minus(x):
    """The gate is upside down: x / (1 + exp(x)) is x·sigmoid(-x), which closes for positive x."""
    return x * _sigmoid(-x)


def silu__exp_ratio(x):
    """exp(x) overflows for large x, and inf / inf is NaN. Use a sigmoid that cannot overflow."""
    return x * np.exp(x) / (1 + np.exp(x))


def silu__gelu_factor(x):
    """x·sigmoid(1.702x) is an approximation of GELU. SiLU has no factor inside the sigmoid."""
    return x * _sigmoid(1.702 * x)


def silu_backward__gate_only(grad_output, x):
    """x·sigmoid(x) is a product of two functions of x. This differentiates x and treats the gate as a constant; the
    term x·s·(1 - s) is missing."""
    return grad_output * _sigmoid(x)


def silu_backward__product_of_derivatives(grad_output, x):
    """The derivative of a product is not the product of the derivatives. Add two terms: x'·s + x·s'."""
    s = _sigmoid(x)
    return grad_output * s * (1 - s)


def silu_backward__x_missing(grad_output, x):
    """In the second term of the product rule the factor x is missing: s + x·s·(1 - s)."""
    s = _sigmoid(x)
    return grad_output * (s + s * (1 - s))


def silu_backward__no_upstream(grad_output, x):
    """This is the derivative of SiLU alone. The chain rule multiplies it by grad_output."""
    s = _sigmoid(x)
    return s + x * s * (1 - s)


def logsumexp__no_shift(x, axis=-1):
    """exp overflows for large x, and log(0) is -inf where all x are very negative. Take the maximum of each slice out
    before exp, and add it back after log."""
    return np.log(np.exp(x).sum(axis=axis))


def logsumexp__global_max(x, axis=-1):
    """One maximum is taken for the whole array. In a slice that lies far below it, every exp becomes 0 and the log
    -inf: each slice needs its own maximum, along the axis."""
    top = x.max()
    return top + np.log(np.exp(x - top).sum(axis=axis))


def logsumexp__keeps_axis(x, axis=-1):
    """The numbers are right, but the axis that was summed over is left with length 1. It is to be dropped: use keepdims
    for the maximum that is subtracted only."""
    top = x.max(axis=axis, keepdims=True)
    return top + np.log(np.exp(x - top).sum(axis=axis, keepdims=True))


def logsumexp__not_added_back(x, axis=-1):
    """The maximum was subtracted before exp, which divides the sum by exp(maximum). After the log, add it back."""
    top = x.max(axis=axis, keepdims=True)
    return np.log(np.exp(x - top).sum(axis=axis))


def logsumexp__over_everything(x, axis=-1):
    """Everything is summed into one number. The sum runs along `axis` only: one answer for each slice."""
    top = x.max()
    return top + np.log(np.exp(x - top).sum())


def logsumexp__last_axis_only(x, axis=-1):
    """The last axis is summed over whatever `axis` says. Pass the argument on to max and sum."""
    top = x.max(axis=-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(x - top).sum(axis=-1))


def logsumexp__mean(x, axis=-1):
    """This takes the mean of the exponentials, so the answer is too small by the log of the axis' length. It is the log
    of their *sum*."""
    top = x.max(axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.exp(x - top).mean(axis=axis))


def logsumexp_backward__not_expanded(grad_output, x, axis=-1):
    """grad_output has lost the axis, softmax(x) still has it, so they do not broadcast as meant. Put the axis back with
    np.expand_dims(grad_output, axis)."""
    return grad_output * _softmax(x, axis)


def logsumexp_backward__only_the_maximum(grad_output, x, axis=-1):
    """The whole gradient goes to the largest element: that is the derivative of max. logsumexp is a *soft* maximum, and
    every element has its share, exp(x) over the sum."""
    largest = np.expand_dims(x.argmax(axis=axis), axis)
    grad = np.zeros_like(x)
    np.put_along_axis(grad, largest, np.expand_dims(grad_output, axis), axis)
    return grad


def logsumexp_backward__no_upstream(grad_output, x, axis=-1):
    """softmax(x) is the derivative of logsumexp alone. The chain rule multiplies it by grad_output."""
    return _softmax(x, axis)


def logsumexp_backward__not_normalised(grad_output, x, axis=-1):
    """The derivative of log(u) is 1/u: the exponentials must be divided by their sum, which makes them the softmax."""
    return np.expand_dims(grad_output, axis) * np.exp(x - x.max(axis=axis, keepdims=True))


def logsumexp_backward__no_shift(grad_output, x, axis=-1):
    """exp overflows for large x, and inf / inf is NaN. Subtract each slice's maximum before exp: the quotient stays the
    same."""
    e = np.exp(x)
    return np.expand_dims(grad_output, axis) * e / e.sum(axis=axis, keepdims=True)


def softmax__over_everything(x, axis=-1):
    """The whole array sums to 1. Each slice along `axis` is a distribution of its own: sum along the axis, with
    keepdims=True."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum()


def softmax__no_shift(x, axis=-1):
    """exp overflows for large x (inf / inf), and where all x are very negative 0 / 0 is left: both are NaN. Subtract
    each slice's maximum first; the quotient stays the same."""
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def softmax__global_max(x, axis=-1):
    """One maximum is taken for the whole array. In a slice that lies far below it every exp becomes 0, and 0 / 0 is
    NaN: each slice needs its own maximum, along the axis, with keepdims=True."""
    e = np.exp(x - x.max())
    return e / e.sum(axis=axis, keepdims=True)


def softmax__last_axis_only(x, axis=-1):
    """The last axis is normalised whatever `axis` says. Pass the argument on to max and sum."""
    return _softmax(x, -1)


def softmax__rows_of_a_matrix(x, axis=-1):
    """This is written for a matrix and its rows: axis 1 and [:, None]. Inputs have one to three dimensions here, and
    the axis is an argument; keepdims=True broadcasts for all of them."""
    e = np.exp(x - x.max(axis=1)[:, None])
    return e / e.sum(axis=1)[:, None]


def softmax__no_keepdims(x, axis=-1):
    """Without keepdims the sum has lost its axis and no longer lines up with the array: an error, or worse, division by
    another slice's sum. Use keepdims=True."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis)


def softmax__in_place(x, axis=-1):
    """The values are right, but `x -= ...` shifts the caller's own array. Write x - maximum into a new one."""
    x -= x.max(axis=axis, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def softmax_backward__diagonal_only(grad_output, x, axis=-1):
    """s·(1 - s) is only the diagonal of the Jacobian, as for the sigmoid. Each output also falls when *another* input
    rises, by s_i·s_j. Summed over all outputs, the diagonal among them, s·grad_output remains, minus s times one number
    for each slice."""
    s = _softmax(x, axis)
    return grad_output * s * (1 - s)


def softmax_backward__sum_missing(grad_output, x, axis=-1):
    """This is the first term only. The outputs share one sum, so s·(Σ grad_output·s along the axis) is still to be
    subtracted."""
    return grad_output * _softmax(x, axis)


def softmax_backward__sum_of_upstream(grad_output, x, axis=-1):
    """The sum that is subtracted weighs every gradient alike. It is the mean of the gradients under the distribution: Σ
    grad_output·s, with the s inside."""
    return _softmax(x, axis) * (grad_output - grad_output.sum(axis=axis, keepdims=True))


def softmax_backward__over_everything(grad_output, x, axis=-1):
    """The sum of grad_output·s runs over the whole array, which ties slices together that have nothing to do with one
    another. Sum along the axis, with keepdims=True."""
    s = _softmax(x, axis)
    return s * (grad_output - (grad_output * s).sum())


def softmax_backward__sign(grad_output, x, axis=-1):
    """The bracket is turned round: it is grad_output minus the weighted sum. As it stands, descent would go uphill."""
    s = _softmax(x, axis)
    return s * ((grad_output * s).sum(axis=axis, keepdims=True) - grad_output)


def softmax_backward__last_axis_only(grad_output, x, axis=-1):
    """The last axis is used whatever `axis` says. Pass the argument on to the softmax and to the sum."""
    s = _softmax(x, -1)
    return s * (grad_output - (grad_output * s).sum(axis=-1, keepdims=True))


def softmax_backward__upstream_is_the_loss(grad_output, x, axis=-1):
    """softmax minus something is the gradient of softmax *and cross-entropy together*. Here the softmax stands alone,
    and grad_output is any gradient, not a one-hot target."""
    return _softmax(x, axis) - grad_output


def log_softmax__log_of_softmax(x, axis=-1):
    """A probability below the smallest float becomes 0, and log(0) is -inf, although the answer is an ordinary number
    such as -2000. Never leave the log domain: x minus its logsumexp."""
    return np.log(_softmax(x, axis))


def log_softmax__epsilon(x, axis=-1):
    """An epsilon in the log avoids -inf, but bends the answer: log(1e-12) is -27.6 where -2000 is right, and the
    gradient there is lost. Never leave the log domain: x minus its logsumexp."""
    return np.log(_softmax(x, axis) + 1e-12)


def log_softmax__no_shift(x, axis=-1):
    """The log-domain formula is right, but exp still overflows for large x, and log(0) is infinite for very negative
    ones. Subtract each slice's maximum first, from both x and the logsumexp."""
    return x - np.log(np.exp(x).sum(axis=axis, keepdims=True))


def log_softmax__shift_used_once(x, axis=-1):
    """The maximum is subtracted inside exp but not from x in front, so the answer is too large by it. Both must be
    shifted."""
    shifted = x - x.max(axis=axis, keepdims=True)
    return x - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def log_softmax__global_max(x, axis=-1):
    """One maximum is taken for the whole array. In a slice that lies far below it every exp becomes 0, and log(0) is
    -inf: each slice needs its own maximum, along the axis."""
    shifted = x - x.max()
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def log_softmax__over_everything(x, axis=-1):
    """The sum inside the log runs over the whole array. Each slice along `axis` is a distribution of its own."""
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum())


def log_softmax__last_axis_only(x, axis=-1):
    """The last axis is normalised whatever `axis` says. Pass the argument on to max and sum."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_backward__assumes_sum_one(grad_output, x, axis=-1):
    """grad_output - softmax(x) is right only if the gradients of a slice sum to 1, as a one-hot target's do. In general
    the softmax is multiplied by their sum."""
    return grad_output - _softmax(x, axis)


def log_softmax_backward__diagonal_only(grad_output, x, axis=-1):
    """1 - s is only the diagonal of the Jacobian: how each output depends on its own input. Through the common sum it
    depends on all inputs of the slice, so softmax times the *sum* of the gradients is subtracted."""
    return grad_output * (1 - _softmax(x, axis))


def log_softmax_backward__over_everything(grad_output, x, axis=-1):
    """The gradients are summed over the whole array. Sum them along the axis, with keepdims=True: slices have nothing
    to do with one another."""
    return grad_output - _softmax(x, axis) * grad_output.sum()


def log_softmax_backward__of_softmax(grad_output, x, axis=-1):
    """This is the gradient of softmax. The log divides every output by s, which leaves grad_output minus s times the
    sum of the gradients."""
    s = _softmax(x, axis)
    return s * (grad_output - (grad_output * s).sum(axis=axis, keepdims=True))


def log_softmax_backward__last_axis_only(grad_output, x, axis=-1):
    """The last axis is used whatever `axis` says. Pass the argument on to the softmax and to the sum."""
    return grad_output - _softmax(x, -1) * grad_output.sum(axis=-1, keepdims=True)


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def _tanh(x):
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)


def _softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _erf(x):
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x), dtype=x.dtype)


def _gate_and_slope(x, approximate):
    """Return what GELU multiplies x by, and the derivative of that."""
    if approximate == "tanh":
        t = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
        inner_slope = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)
        return 0.5 * (1 + t), 0.5 * (1 - t**2) * inner_slope
    return 0.5 * (1 + _erf(x / math.sqrt(2))), np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)


def _gelu(x, approximate):
    return x * _gate_and_slope(x, approximate)[0]


def _gelu_backward(grad_output, x, approximate):
    gate, slope = _gate_and_slope(x, approximate)
    return grad_output * (gate + x * slope)

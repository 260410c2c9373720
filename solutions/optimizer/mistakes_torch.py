"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import math

import torch


def sgd__climbs(param, grad, lr, weight_decay=0.0):
    """The sign is turned round: this walks uphill. The gradient points to where the loss grows, so the step goes the
    other way and is subtracted."""
    return param + lr * (grad + weight_decay * param)


def sgd__no_learning_rate(param, grad, lr, weight_decay=0.0):
    """The learning rate is not used. A gradient is a slope, not a distance: lr says how far to follow it."""
    return param - (grad + weight_decay * param)


def sgd__no_decay(param, grad, lr, weight_decay=0.0):
    """weight_decay is not used. Its share of the parameter joins the gradient before the step."""
    return param - lr * grad


def sgd__decay_without_learning_rate(param, grad, lr, weight_decay=0.0):
    """The decay is subtracted without the learning rate. It is a part of the gradient, so both are multiplied by lr
    together."""
    return param - lr * grad - weight_decay * param


def sgd__decay_doubled(param, grad, lr, weight_decay=0.0):
    """The decay has a factor 2 too many. The penalty is weight_decay/2 times the sum of squares, so that the 2 of its
    derivative cancels."""
    return param - lr * (grad + 2 * weight_decay * param)


def sgd__decay_grows(param, grad, lr, weight_decay=0.0):
    """The decay has the wrong sign, so the parameter grows away from 0. The gradient of the penalty is
    +weight_decay·param, and the step subtracts it."""
    return param - lr * (grad - weight_decay * param)


def sgd__decay_after_step(param, grad, lr, weight_decay=0.0):
    """The decay is taken from the parameter after it has moved. Gradient and decay both belong to the old parameter:
    add them up first, then take one step."""
    param = param - lr * grad
    return param - lr * weight_decay * param


def sgd__decay_by_sign(param, grad, lr, weight_decay=0.0):
    """This decays by the sign of the parameter, which belongs to an L1 penalty (a sum of absolute values). The L2
    penalty pulls in proportion to the parameter itself."""
    return param - lr * (grad + weight_decay * torch.sign(param))


def sgd__in_place(param, grad, lr, weight_decay=0.0):
    """The value is right, but `param -= …` (or `sub_`) overwrites the caller's parameter. A pure function makes a new
    tensor: `param - …`."""
    param -= lr * (grad + weight_decay * param)
    return param


def sgd__gradient_in_place(param, grad, lr, weight_decay=0.0):
    """The value is right, but `grad += …` adds the decay to the caller's gradient, which somebody may still need. Make
    a new tensor: `grad + …`."""
    grad += weight_decay * param
    return param - lr * grad


def sgd__tuple(param, grad, lr, weight_decay=0.0):
    """This returns a tuple with the parameter in it. Plain SGD has no state, so the bare parameter is returned."""
    return (param - lr * (grad + weight_decay * param),)


def sgd_momentum__learning_rate_in_buffer(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The learning rate is inside the buffer. While lr is constant the path is the same, but once a schedule changes
    it, old gradients keep their old rate. Let the buffer hold gradients only, and multiply by lr where the parameter
    moves."""
    buffer = momentum * momentum_buffer + lr * grad
    return param - (lr * grad + momentum * buffer if nesterov else buffer), buffer


def sgd_momentum__dampened(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The buffer gains only (1 - momentum) of the gradient, so it is a running average, as in Adam. Here, as in
    PyTorch's SGD by default, the whole gradient is added; with momentum 0.9 the steps grow up to ten times as long."""
    buffer = momentum * momentum_buffer + (1 - momentum) * grad
    return param - lr * (grad + momentum * buffer if nesterov else buffer), buffer


def sgd_momentum__velocity(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """This is the other convention: a velocity that contains the sign and the learning rate, and is added to the
    parameter. Here the buffer is a sum of gradients; sign and lr come where the parameter moves."""
    velocity = momentum * momentum_buffer - lr * grad
    return param + (momentum * velocity - lr * grad if nesterov else velocity), velocity


def sgd_momentum__old_buffer(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The parameter moves along the buffer as it was before, so this gradient acts one step late. Update the buffer
    first, then move along the new one."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (grad + momentum * momentum_buffer if nesterov else momentum_buffer), buffer


def sgd_momentum__buffer_unused(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The buffer is updated but the parameter moves along the plain gradient. Move along the buffer."""
    return param - lr * grad, momentum * momentum_buffer + grad


def sgd_momentum__old_buffer_returned(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The parameter is right, but the buffer that came in is returned unchanged, so nothing is ever remembered. Return
    the new one."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (grad + momentum * buffer if nesterov else buffer), momentum_buffer


def sgd_momentum__never_forgets(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The old buffer is added in full. Only the fraction `momentum` of it stays, or old gradients push for ever."""
    buffer = momentum_buffer + grad
    return param - lr * (grad + momentum * buffer if nesterov else buffer), buffer


def sgd_momentum__fixed_momentum(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The number 0.9 is written into the code. It is only the default: use the argument momentum."""
    buffer = 0.9 * momentum_buffer + grad
    return param - lr * (grad + 0.9 * buffer if nesterov else buffer), buffer


def sgd_momentum__no_nesterov(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """nesterov makes no difference here. Note that gradient plus momentum times the *old* buffer is just the new
    buffer: Nesterov looks one step further and uses the new buffer there."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * buffer, buffer


def sgd_momentum__always_nesterov(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """This is Nesterov's step whether it is asked for or not. Without it, the parameter moves along the buffer."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (grad + momentum * buffer), buffer


def sgd_momentum__nesterov_turned_round(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The two cases are swapped: this looks ahead when nesterov is False, and does not when it is True."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (buffer if nesterov else grad + momentum * buffer), buffer


def sgd_momentum__nesterov_whole_buffer(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """Nesterov's step adds the whole new buffer to the gradient. Looking ahead means the buffer as it will be after
    one more decay: multiply it by momentum."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (grad + buffer if nesterov else buffer), buffer


def sgd_momentum__nesterov_without_gradient(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """Nesterov's step lacks the gradient: momentum times the new buffer is only the part that is looked ahead. The
    gradient itself is added to it."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (momentum * buffer if nesterov else buffer), buffer


def sgd_momentum__nesterov_in_buffer(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The parameter is right, but Nesterov's direction is stored as the buffer. It is used for this step only; the
    buffer is the same with and without Nesterov."""
    buffer = momentum * momentum_buffer + grad
    direction = grad + momentum * buffer if nesterov else buffer
    return param - lr * direction, direction


def sgd_momentum__climbs(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The sign is turned round: this walks uphill. The buffer is a sum of gradients, so the step is subtracted."""
    buffer = momentum * momentum_buffer + grad
    return param + lr * (grad + momentum * buffer if nesterov else buffer), buffer


def sgd_momentum__buffer_in_place(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The values are right, but `*=`, `+=` and methods that end in an underscore (`mul_`, `add_`) overwrite the
    caller's buffer. State goes in as an argument and comes out as a result: make a new tensor."""
    momentum_buffer *= momentum
    momentum_buffer += grad
    return param - lr * (grad + momentum * momentum_buffer if nesterov else momentum_buffer), momentum_buffer


def sgd_momentum__parameter_in_place(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """The values are right, but `param -= …` (or `sub_`) overwrites the caller's parameter. A pure function makes a
    new tensor: `param - …`."""
    buffer = momentum * momentum_buffer + grad
    param -= lr * (grad + momentum * buffer if nesterov else buffer)
    return param, buffer


def sgd_momentum__only_parameter(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """Only the parameter is returned. The new buffer is needed for the next step: return both, the parameter first."""
    buffer = momentum * momentum_buffer + grad
    return param - lr * (grad + momentum * buffer if nesterov else buffer)


def sgd_momentum__swapped(param, grad, momentum_buffer, lr, momentum=0.9, nesterov=False):
    """Parameter and buffer are returned in the wrong order: the parameter comes first."""
    buffer = momentum * momentum_buffer + grad
    return buffer, param - lr * (grad + momentum * buffer if nesterov else buffer)


def adam__eps_inside_root(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """eps stands inside the root. The root of 1e-8 is 1e-4, which drowns every gradient that is smaller than that:
    tiny gradients hardly move anything. Take the root first, then add eps."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    corrected, square = _corrected(m, v, step, betas)
    return param - lr * corrected / torch.sqrt(square + eps), m, v


def adam__eps_added_to_step(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """eps is added to the step, not to the root: without parentheses the division comes before the sum, and nothing
    guards against 0/0. Put the whole denominator, root plus eps, in parentheses."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    corrected, square = _corrected(m, v, step, betas)
    return param - lr * corrected / torch.sqrt(square) + eps, m, v


def adam__eps_before_correction(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """eps is added to the root of the uncorrected average, and the corrections come afterwards, as in Keras: in the
    first steps eps then weighs some thirty times as much. Correct the average square first, take its root, then add
    eps."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    rate = lr * math.sqrt(1 - betas[1] ** step) / (1 - betas[0] ** step)
    return param - rate * m / (torch.sqrt(v) + eps), m, v


def adam__no_correction(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """Nothing is corrected for the start at 0. After one step exp_avg is a tenth of the gradient and exp_avg_sq a
    thousandth of its square, so the first steps are far too long. Divide each by 1 - beta**step, its own beta."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return param - lr * m / (torch.sqrt(v) + eps), m, v


def adam__first_moment_not_corrected(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """Only the average of the squares is corrected. The average of the gradients starts at 0 as well: divide it by one
    minus its own beta to the power of the step."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return param - lr * m / (torch.sqrt(_corrected(m, v, step, betas)[1]) + eps), m, v


def adam__second_moment_not_corrected(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """Only the average of the gradients is corrected. The average of the squares starts at 0 as well, and forgets more
    slowly: divide it by one minus its own beta to the power of the step."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return param - lr * _corrected(m, v, step, betas)[0] / (torch.sqrt(v) + eps), m, v


def adam__corrects_the_root(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The root is taken first and then divided by 1 - beta2**step. What is too small by that factor is the average of
    the squares, not its root: correct inside the root."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    root = torch.sqrt(v) / (1 - betas[1] ** step)
    return param - lr * _corrected(m, v, step, betas)[0] / (root + eps), m, v


def adam__correction_without_power(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The moments are divided by 1 - beta at every step, which is right for the first step only. What is missing from
    the average fades as it fills up: it takes beta to the power of the step."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, 1, lr, betas, eps), m, v


def adam__stores_corrected(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The parameter is right, but the corrected moments are returned as state, so they are corrected again in the next
    step. Return the plain running averages; the corrected ones are for this step alone."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, step, lr, betas, eps), *_corrected(m, v, step, betas)


def adam__step_from_zero(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The steps are counted from 0, so the first correction divides by 1 - beta**0 = 0. The argument is already the
    number of this update, 1 for the first: use it as it is."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, step - 1, lr, betas, eps), m, v


def adam__step_too_late(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The step is counted once too often. The argument is already the number of this update, 1 for the first: do not
    add 1 to it."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, step + 1, lr, betas, eps), m, v


def adam__betas_swapped(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The two betas are swapped. The first belongs to the gradient, the second, which forgets more slowly, to its
    square."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas[::-1])
    return _move(param, m, v, step, lr, betas[::-1], eps), m, v


def adam__weights_swapped(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """beta and 1 - beta are swapped: beta is how much of the old average stays, not how much of the gradient comes
    in."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, (1 - betas[0], 1 - betas[1]))
    return _move(param, m, v, step, lr, betas, eps), m, v


def adam__no_root(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """The root is missing: this divides a gradient by a squared gradient, so small gradients make huge steps. The root
    gives both the same unit, and the step a size of about lr."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    corrected, square = _corrected(m, v, step, betas)
    return param - lr * corrected / (square + eps), m, v


def adam__old_moments(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """The parameter moves along the moments as they were before, so this gradient acts one step late and the first
    step does nothing. Update the moments first."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, exp_avg, exp_avg_sq, step, lr, betas, eps), m, v


def adam__plain_gradient(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The parameter moves along this gradient alone, divided by the root: that is RMSprop. Adam moves along the
    corrected running average of the gradients."""
    grad = grad + weight_decay * param
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    return param - lr * grad / (torch.sqrt(_corrected(m, v, step, betas)[1]) + eps), m, v


def adam__no_decay(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """weight_decay is not used. Its share of the parameter joins the gradient before the moments are updated."""
    return _adam(param, grad, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adam__decoupled(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """The decay shrinks the parameter directly: that is AdamW, the next task. Adam's own weight decay is a part of the
    gradient, and so of both moments."""
    return _adam(param * (1 - lr * weight_decay), grad, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adam__decay_not_squared(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The decay joins the average of the gradients, but the plain gradient is squared. With L2 decay the gradient *is*
    grad + weight_decay·param, everywhere: add it first, then use the sum for both moments."""
    m, _ = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    _, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, step, lr, betas, eps), m, v


def adam__no_epsilon(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """eps is not used. A parameter that has never had a gradient has an average square of 0, and 0/0 is NaN: add eps
    to the root."""
    return _adam(param, grad + weight_decay * param, exp_avg, exp_avg_sq, step, lr, betas, 0.0)


def adam__climbs(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """The sign is turned round: this walks uphill. The moments average gradients, so the step is subtracted."""
    return _adam(param, grad + weight_decay * param, exp_avg, exp_avg_sq, step, -lr, betas, eps)


def adam__in_place(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """The values are right, but methods that end in an underscore (`mul_`, `add_`, `addcmul_`) overwrite the caller's
    moments. State goes in as an argument and comes out as a result: make new tensors."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, step, lr, betas, eps), exp_avg.copy_(m), exp_avg_sq.copy_(v)


def adam__parameter_in_place(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The values are right, but `param -= …` (or `sub_`) overwrites the caller's parameter. A pure function makes a
    new tensor: `param - …`."""
    new, m, v = _adam(param, grad + weight_decay * param, exp_avg, exp_avg_sq, step, lr, betas, eps)
    return param.copy_(new), m, v


def adam__only_parameter(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """Only the parameter is returned. The new moments are needed for the next step: return param, exp_avg and
    exp_avg_sq, in this order."""
    return _adam(param, grad + weight_decay * param, exp_avg, exp_avg_sq, step, lr, betas, eps)[0]


def adam__step_in_a_tensor(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
):
    """The powers of the betas are rounded to float32: a tensor made of the step does that, whatever the parameter's
    dtype, and of 1 - 0.999**step about five digits are left. step and betas are Python numbers: compute with them as
    they are."""
    m, v = _moments(grad + weight_decay * param, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, torch.tensor(step), lr, betas, eps), m, v


def adamw__coupled(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    """The decay is added to the gradient: that is Adam with L2, where the decay is divided by the root as everything
    else, so that parameters with large gradients hardly decay. AdamW keeps it out of the moments and shrinks the
    parameter directly."""
    return _adam(param, grad + weight_decay * param, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adamw__coupled_too(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The decay acts twice: the parameter shrinks, and the decay is in the gradient as well. If you call your own
    adam, do not pass weight_decay on."""
    shrunk = param * (1 - lr * weight_decay)
    return _adam(shrunk, grad + weight_decay * shrunk, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adamw__no_decay(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    """weight_decay is not used: this is plain Adam. Shrink the parameter before Adam's step."""
    return _adam(param, grad, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adamw__decay_without_learning_rate(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The parameter shrinks by weight_decay itself. The paper separates the decay from the learning rate, but PyTorch,
    and with it this course, multiplies the two: a schedule then scales both."""
    return _adam(param * (1 - weight_decay), grad, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adamw__decay_after_step(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The parameter shrinks after Adam's step, so the step itself is shrunk too. The decay acts on the old parameter:
    shrink first, or compute it from the old one."""
    moved, m, v = _adam(param, grad, exp_avg, exp_avg_sq, step, lr, betas, eps)
    return moved * (1 - lr * weight_decay), m, v


def adamw__decay_grows(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The decay has the wrong sign: the parameter grows away from 0. The factor has to be below 1."""
    return _adam(param * (1 + lr * weight_decay), grad, exp_avg, exp_avg_sq, step, lr, betas, eps)


def adamw__decay_divided_by_root(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The decay stays out of the moments, but is still divided by the root of the average square, together with the
    gradient. Decoupled means that the history of the gradients has no say in it: shrink the parameter apart from the
    step."""
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    corrected, square = _corrected(m, v, step, betas)
    return param - lr * (corrected + weight_decay * param) / (torch.sqrt(square) + eps), m, v


def adamw__eps_inside_root(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """eps stands inside the root, where it drowns small gradients. Take the root first, then add eps."""
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    corrected, square = _corrected(m, v, step, betas)
    return param * (1 - lr * weight_decay) - lr * corrected / torch.sqrt(square + eps), m, v


def adamw__eps_added_to_step(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """eps is added to the step, not to the root: without parentheses the division comes before the sum, and nothing
    guards against 0/0. Put the whole denominator, root plus eps, in parentheses."""
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    corrected, square = _corrected(m, v, step, betas)
    return param * (1 - lr * weight_decay) - lr * corrected / torch.sqrt(square) + eps, m, v


def adamw__eps_before_correction(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """eps is added to the root of the uncorrected average, and the corrections come afterwards. Correct the average
    square first, take its root, then add eps."""
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    rate = lr * math.sqrt(1 - betas[1] ** step) / (1 - betas[0] ** step)
    return param * (1 - lr * weight_decay) - rate * m / (torch.sqrt(v) + eps), m, v


def adamw__no_correction(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The moments are not corrected for their start at 0, so the first steps are far too long. Apart from the decay
    nothing differs from Adam: divide each moment by 1 - beta**step."""
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    return param * (1 - lr * weight_decay) - lr * m / (torch.sqrt(v) + eps), m, v


def adamw__stores_corrected(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The parameter is right, but the corrected moments are returned as state, so they are corrected again in the next
    step. Return the plain running averages."""
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    shrunk = param * (1 - lr * weight_decay)
    return _move(shrunk, m, v, step, lr, betas, eps), *_corrected(m, v, step, betas)


def adamw__step_from_zero(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The steps are counted from 0, so the first correction divides by 0. The argument is already the number of this
    update, 1 for the first: use it as it is."""
    return _adam(param * (1 - lr * weight_decay), grad, exp_avg, exp_avg_sq, step - 1, lr, betas, eps)


def adamw__step_in_a_tensor(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The powers of the betas are rounded to float32: a tensor made of the step does that, whatever the parameter's
    dtype, and of 1 - 0.999**step about five digits are left. step and betas are Python numbers: compute with them as
    they are."""
    shrunk = param * (1 - lr * weight_decay)
    return _adam(shrunk, grad, exp_avg, exp_avg_sq, torch.tensor(step), lr, betas, eps)


def adamw__no_epsilon(param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    """eps is not used. A parameter that has never had a gradient has an average square of 0, and 0/0 is NaN: add eps
    to the root."""
    return _adam(param * (1 - lr * weight_decay), grad, exp_avg, exp_avg_sq, step, lr, betas, 0.0)


def adamw__parameter_in_place(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2
):
    """The values are right, but `param *= …` overwrites the caller's parameter. A pure function makes a new tensor:
    `param * …`."""
    param *= 1 - lr * weight_decay
    return _adam(param, grad, exp_avg, exp_avg_sq, step, lr, betas, eps)


def rmsprop__eps_inside_root(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """eps stands inside the root, as in Keras. The root of 1e-8 is 1e-4, which drowns every gradient that is smaller
    than that. Take the root first, then add eps."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / torch.sqrt(square_avg + eps), square_avg


def rmsprop__eps_added_to_step(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """eps is added to the step, not to the root: without parentheses the division comes before the sum, and nothing
    guards against 0/0. Put the whole denominator, root plus eps, in parentheses."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / torch.sqrt(square_avg) + eps, square_avg


def rmsprop__stores_root(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The parameter is right, but the root is returned as state. The average is one of squares: return it as it is,
    and take the root for this step alone."""
    root = torch.sqrt(alpha * square_avg + (1 - alpha) * grad**2)
    return param - lr * grad / (root + eps), root


def rmsprop__weights_swapped(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """alpha and 1 - alpha are swapped: alpha is how much of the old average stays."""
    square_avg = (1 - alpha) * square_avg + alpha * grad**2
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__whole_square(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The squared gradient is added in full. In an average the weights sum to 1: alpha of the old, 1 - alpha of the
    new."""
    square_avg = alpha * square_avg + grad**2
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__never_forgets(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """This adds up all squares and forgets none: that is Adagrad, whose steps become ever shorter. RMSprop keeps a
    running average, in which the fraction alpha of the old stays."""
    square_avg = square_avg + grad**2
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__no_root(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The root is missing: this divides a gradient by a squared gradient, so small gradients make huge steps. RMS is
    the *root* of the mean square."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (square_avg + eps), square_avg


def rmsprop__old_average(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The gradient is divided by the root of the old average. It is 0 before the first update, and the step then
    explodes: update the average first."""
    return param - lr * grad / (torch.sqrt(square_avg) + eps), alpha * square_avg + (1 - alpha) * grad**2


def rmsprop__no_square(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """This averages the size of the gradients, not their squares. Root mean square: square first, then average, then
    take the root."""
    square_avg = alpha * square_avg + (1 - alpha) * torch.abs(grad)
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__one_number_for_all(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The squares are averaged over the elements, so that all of them share one scale. The mean in RMSprop is one over
    time: each element has an average of its own."""
    square_avg = alpha * square_avg + (1 - alpha) * torch.mean(grad**2)
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__fixed_alpha(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The number 0.99 is written into the code. It is only the default: use the argument alpha."""
    square_avg = 0.99 * square_avg + 0.01 * grad**2
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__no_epsilon(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """eps is not used. Where no gradient has ever come the average is 0, and 0/0 is NaN: add eps to the root."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / torch.sqrt(square_avg), square_avg


def rmsprop__climbs(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The sign is turned round: this walks uphill. Scaling keeps the sign of the gradient, so the step is
    subtracted."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param + lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def rmsprop__in_place(param, grad, square_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    """The values are right, but `*=`, `+=` and methods that end in an underscore (`mul_`, `addcmul_`) overwrite the
    caller's average. State goes in as an argument and comes out as a result: make a new tensor."""
    square_avg.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
    return param - lr * grad / (torch.sqrt(square_avg) + eps), square_avg


def clip_grad_norm__each_alone(grads, max_norm):
    """Every tensor is clipped by its own norm. That bends the direction of the whole gradient, and the total can still
    exceed max_norm: take one norm over all tensors, and one factor for all."""
    factors = [min(1.0, max_norm / (_norm([grad]) + 1e-6)) for grad in grads]
    return [factor * grad for factor, grad in zip(factors, grads, strict=True)], _norm(grads)


def clip_grad_norm__always_rescales(grads, max_norm):
    """The gradients are always brought to max_norm, small ones are blown up. Clipping only ever makes them smaller:
    the factor is at most 1."""
    total = _norm(grads)
    return [max_norm / (total + 1e-6) * grad for grad in grads], total


def clip_grad_norm__blows_up(grads, max_norm):
    """The factor is the larger of 1 and max_norm/(total + 1e-6), so that large gradients stay and small ones are blown
    up. It has to be the smaller of the two."""
    total = _norm(grads)
    return [max(1.0, max_norm / (total + 1e-6)) * grad for grad in grads], total


def clip_grad_norm__element_by_element(grads, max_norm):
    """Each element is limited to ±max_norm: that is clipping by value, which changes the direction. Clipping by norm
    multiplies everything by one factor."""
    return [torch.clamp(grad, -max_norm, max_norm) for grad in grads], _norm(grads)


def clip_grad_norm__unit_length(grads, max_norm):
    """Gradients that are too long get length 1, whatever max_norm is. Their new length is max_norm."""
    total = _norm(grads)
    return [grad / (total + 1e-6) if total > max_norm else grad for grad in grads], total


def clip_grad_norm__turned_round(grads, max_norm):
    """The factor is turned round: total/max_norm is above 1 where the gradients are too long, and makes them longer
    still. It takes max_norm over total to shorten them."""
    total = _norm(grads)
    return [total / max_norm * grad if total > max_norm else grad for grad in grads], total


def clip_grad_norm__no_root(grads, max_norm):
    """The root is missing: this is the square of the norm."""
    total = _norm(grads) ** 2
    return [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads], total


def clip_grad_norm__sum_of_norms(grads, max_norm):
    """The norms of the tensors are added up. Norms do not add: it is their squares that do. Sum the squares of all
    elements, and take one root at the end."""
    total = sum(_norm([grad]) for grad in grads)
    return [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads], total


def clip_grad_norm__largest_element(grads, max_norm):
    """This takes the largest element for the norm. The total norm is the Euclidean one: the root of the sum of all
    squares."""
    total = max(torch.max(torch.abs(grad)) for grad in grads)
    return [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads], total


def clip_grad_norm__mean_of_squares(grads, max_norm):
    """The squares are averaged, so the norm does not grow with the number of parameters. A norm sums the squares."""
    total = _norm(grads) / math.sqrt(sum(grad.numel() for grad in grads))
    return [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads], total


def clip_grad_norm__norm_after(grads, max_norm):
    """The gradients are right, but the norm is that of the clipped ones. What is worth a plot is the norm before
    clipping: return that."""
    total = _norm(grads)
    clipped = [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads]
    return clipped, _norm(clipped)


def clip_grad_norm__norm_limited(grads, max_norm):
    """The gradients are right, but the norm that is returned is limited to max_norm. What is worth a plot is the norm
    before clipping: return that."""
    total = _norm(grads)
    return [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads], min(total, max_norm)


def clip_grad_norm__no_epsilon(grads, max_norm):
    """1e-6 is missing from the denominator. PyTorch adds it to the norm whenever it divides, which shows where
    gradients are about that small."""
    total = _norm(grads)
    return [max_norm / total * grad if total > max_norm else grad for grad in grads], total


def clip_grad_norm__in_place(grads, max_norm):
    """The values are right, but `grad *= factor` and `grad.mul_(factor)` overwrite the caller's gradients. PyTorch's
    function with the underscore does that; this one makes new tensors."""
    total = _norm(grads)
    for grad in grads:
        grad *= min(1.0, max_norm / (total + 1e-6))
    return grads, total


def clip_grad_norm__only_gradients(grads, max_norm):
    """Only the gradients are returned. The total norm before clipping comes with them: return both."""
    total = _norm(grads)
    return [min(1.0, max_norm / (total + 1e-6)) * grad for grad in grads]


def warmup_cosine__counts_from_one(step, max_lr, min_lr, warmup_steps, total_steps):
    """The warm-up runs one step ahead: it starts above 0 and reaches max_lr one step early. Here the steps count from
    0, and step 0 has the learning rate 0: use step, not step + 1."""
    if step < warmup_steps:
        return max_lr * (step + 1) / warmup_steps
    return _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, min_lr)


def warmup_cosine__warmup_from_min(step, max_lr, min_lr, warmup_steps, total_steps):
    """The warm-up rises from min_lr. It rises from 0, in proportion to the step; min_lr is only where the decay
    ends."""
    if step < warmup_steps:
        return min_lr + (max_lr - min_lr) * step / warmup_steps
    return _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, min_lr)


def warmup_cosine__no_warmup(step, max_lr, min_lr, warmup_steps, total_steps):
    """There is no warm-up: the cosine starts at step 0. Rise in proportion to the step first, and let the cosine start
    where the warm-up ends."""
    return _cosine(step, total_steps, max_lr, min_lr)


def warmup_cosine__jumps_into_cosine(step, max_lr, min_lr, warmup_steps, total_steps):
    """The cosine is counted from step 0, so after the warm-up the learning rate jumps down to where the cosine has got
    to. Its progress starts with 0 at the end of the warm-up, and reaches 1 at total_steps."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    return _cosine(step, total_steps, max_lr, min_lr)


def warmup_cosine__decay_too_long(step, max_lr, min_lr, warmup_steps, total_steps):
    """The progress of the decay is divided by total_steps, so it never gets to 1 and the learning rate drops suddenly
    at the end. The decay has only total_steps - warmup_steps steps."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    return min_lr if step >= total_steps else _cosine(step - warmup_steps, total_steps, max_lr, min_lr)


def warmup_cosine__one_step_short(step, max_lr, min_lr, warmup_steps, total_steps):
    """The decay ends one step too early. It reaches min_lr at total_steps, not at total_steps - 1."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    return _cosine(step - warmup_steps, max(1, total_steps - warmup_steps - 1), max_lr, min_lr)


def warmup_cosine__rises_again(step, max_lr, min_lr, warmup_steps, total_steps):
    """After total_steps the cosine goes on, and the learning rate rises again. From total_steps on it stays min_lr."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    angle = math.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(angle))


def warmup_cosine__ends_at_zero(step, max_lr, min_lr, warmup_steps, total_steps):
    """From total_steps on the learning rate is 0. It stays min_lr."""
    return 0.0 if step >= total_steps else warmup_cosine__rises_again(step, max_lr, min_lr, warmup_steps, total_steps)


def warmup_cosine__no_half(step, max_lr, min_lr, warmup_steps, total_steps):
    """The factor 1/2 is missing: 1 + cos runs from 2 to 0, so the decay starts far above max_lr."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    return 2 * _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, min_lr) - min_lr


def warmup_cosine__full_period(step, max_lr, min_lr, warmup_steps, total_steps):
    """The cosine runs through a full period, down and up again. Half a period, an angle from 0 to π, goes down
    once."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    if step >= total_steps:
        return min_lr
    angle = 2 * math.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(angle))


def warmup_cosine__quarter_period(step, max_lr, min_lr, warmup_steps, total_steps):
    """This is a quarter of a period, cos from 1 to 0: it falls fastest at the end. Half a period, an angle from 0 to π,
    is flat at both ends; there cos runs from 1 to -1, so it is shifted up by 1 and halved."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    progress = min(1.0, (step - warmup_steps) / (total_steps - warmup_steps))
    return min_lr + (max_lr - min_lr) * math.cos(0.5 * math.pi * progress)


def warmup_cosine__upside_down(step, max_lr, min_lr, warmup_steps, total_steps):
    """The decay is upside down: 1 - cos runs from 0 to 2, so the learning rate falls to min_lr at once and then rises.
    With 1 + cos it is the other way round."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    if step >= total_steps:
        return min_lr
    return max_lr + min_lr - _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, min_lr)


def warmup_cosine__degrees(step, max_lr, min_lr, warmup_steps, total_steps):
    """The angle is in degrees. math.cos takes radians: half a period is π, not 180."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    if step >= total_steps:
        return min_lr
    angle = 180 * (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(angle))


def warmup_cosine__straight_down(step, max_lr, min_lr, warmup_steps, total_steps):
    """The decay is a straight line. It follows half a cosine: slow at first, fastest in the middle, slow at the
    end."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    progress = min(1.0, (step - warmup_steps) / (total_steps - warmup_steps))
    return max_lr + (min_lr - max_lr) * progress


def warmup_cosine__no_minimum(step, max_lr, min_lr, warmup_steps, total_steps):
    """min_lr is not used: the decay runs down to 0. It ends at min_lr, so the cosine spans only max_lr - min_lr."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    return _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, 0.0)


def warmup_cosine__minimum_on_top(step, max_lr, min_lr, warmup_steps, total_steps):
    """min_lr is added to a cosine that spans all of max_lr, so that the decay starts above max_lr. It spans max_lr -
    min_lr."""
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    return min_lr + _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, 0.0)


def warmup_cosine__whole_numbers(step, max_lr, min_lr, warmup_steps, total_steps):
    """`//` drops the fraction, so the learning rate is 0 throughout the warm-up and max_lr throughout the decay.
    Divide with `/`."""
    if step < warmup_steps:
        return max_lr * (step // warmup_steps)
    return _cosine((step - warmup_steps) // (total_steps - warmup_steps), 1, max_lr, min_lr)


def warmup_cosine__divides_by_no_warmup(step, max_lr, min_lr, warmup_steps, total_steps):
    """With warmup_steps = 0 this divides by 0 at step 0, for 0 <= 0 is true. The warm-up is over at step =
    warmup_steps: compare with `<`."""
    if step <= warmup_steps:
        return max_lr * step / warmup_steps
    return _cosine(step - warmup_steps, total_steps - warmup_steps, max_lr, min_lr)


def adagrad__eps_inside_root(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """eps stands inside the root, as in Keras. The root of 1e-10 is 1e-5, which drowns every gradient that is smaller
    than that. Take the root first, then add eps."""
    state_sum = state_sum + grad**2
    return param - lr * grad / torch.sqrt(state_sum + eps), state_sum


def adagrad__eps_added_to_step(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """eps is added to the step, not to the root: without parentheses the division comes before the sum, and nothing
    guards against 0/0. Put the whole denominator, root plus eps, in parentheses."""
    state_sum = state_sum + grad**2
    return param - lr * grad / torch.sqrt(state_sum) + eps, state_sum


def adagrad__no_root(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The root is missing: this divides a gradient by squared gradients, so small gradients make huge steps."""
    state_sum = state_sum + grad**2
    return param - lr * grad / (state_sum + eps), state_sum


def adagrad__stores_root(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The parameter is right, but the root is returned as state. The sum is one of squares: return it as it is, and
    take the root for this step alone."""
    root = torch.sqrt(state_sum + grad**2)
    return param - lr * grad / (root + eps), root


def adagrad__old_sum(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The gradient is divided by the root of the old sum. It is 0 before the first update, and the step then explodes:
    add this gradient's square first."""
    return param - lr * grad / (torch.sqrt(state_sum) + eps), state_sum + grad**2


def adagrad__no_square(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """This adds up the sizes of the gradients, not their squares."""
    state_sum = state_sum + torch.abs(grad)
    return param - lr * grad / (torch.sqrt(state_sum) + eps), state_sum


def adagrad__this_gradient_only(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The state is overwritten with this gradient's square, so nothing is remembered and every step is ±lr. Add the
    square to the sum."""
    return param - lr * grad / (torch.abs(grad) + eps), grad**2


def adagrad__forgets(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """This is a running average, which forgets: that is RMSprop. Adagrad's state is the plain sum of all squares."""
    state_sum = 0.9 * state_sum + (1 - 0.9) * grad**2
    return param - lr * grad / (torch.sqrt(state_sum) + eps), state_sum


def adagrad__one_number_for_all(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The squares are summed over the elements, so that all of them share one scale. Adagrad sums over time: each
    element has a sum of its own, and so a learning rate of its own."""
    state_sum = state_sum + torch.sum(grad**2)
    return param - lr * grad / (torch.sqrt(state_sum) + eps), state_sum


def adagrad__no_epsilon(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """eps is not used. Where no gradient has ever come the sum is 0, and 0/0 is NaN: add eps to the root."""
    state_sum = state_sum + grad**2
    return param - lr * grad / torch.sqrt(state_sum), state_sum


def adagrad__climbs(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The sign is turned round: this walks uphill. Scaling keeps the sign of the gradient, so the step is
    subtracted."""
    state_sum = state_sum + grad**2
    return param + lr * grad / (torch.sqrt(state_sum) + eps), state_sum


def adagrad__in_place(param, grad, state_sum, lr=1e-2, eps=1e-10):
    """The values are right, but `+=` or `addcmul_` overwrites the caller's sum. State goes in as an argument and comes
    out as a result: make a new tensor."""
    state_sum += grad**2
    return param - lr * grad / (torch.sqrt(state_sum) + eps), state_sum


def _moments(grad, exp_avg, exp_avg_sq, betas):
    """Return both running averages, updated."""
    return betas[0] * exp_avg + (1 - betas[0]) * grad, betas[1] * exp_avg_sq + (1 - betas[1]) * grad**2


def _corrected(m, v, step, betas):
    """Return both averages, corrected for their start at 0."""
    return m / (1 - betas[0] ** step), v / (1 - betas[1] ** step)


def _move(param, m, v, step, lr, betas, eps):
    """Return the parameter after Adam's step."""
    corrected, square = _corrected(m, v, step, betas)
    return param - lr * corrected / (torch.sqrt(square) + eps)


def _adam(param, grad, exp_avg, exp_avg_sq, step, lr, betas, eps):
    m, v = _moments(grad, exp_avg, exp_avg_sq, betas)
    return _move(param, m, v, step, lr, betas, eps), m, v


def _norm(tensors):
    return torch.sqrt(sum(torch.sum(tensor**2) for tensor in tensors))


def _cosine(step, steps, max_lr, min_lr):
    """Return the rate `step` steps into a decay of so many steps."""
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(math.pi * min(1.0, step / steps)))

"""Functions of earlier exercises that rnn_training is built of: from rnn, loss, backprop, optimizer.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import torch


def rnn_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
    """Return the state after one step of a plain recurrent network.

    A linear layer of the input and a linear layer of the state, each with a bias of its own, are added; tanh of the
    sum is the new state. Sums in the thousands are ordinary: tanh is then ±1 and its gradient 0, never NaN.

    Args:
        x: the input of this step, shape (N, I); N may be 0, as everywhere in this file.
        h: the state before this step, shape (N, H); it stays as it is, and stays in the graph.
        weight_ih: from input to hidden, shape (H, I).
        weight_hh: from hidden to hidden, shape (H, H); one row for each unit of the *new* state.
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        The state after this step, shape (N, H), of x's dtype, through which autograd can go back to all arguments.

    >>> x, h = torch.tensor([[1.0, 2.0]]), torch.tensor([[0.5, -1.0]])
    >>> weight_ih = torch.tensor([[0.5, -0.25], [1.0, 1.0]])
    >>> weight_hh = torch.tensor([[1.0, 0.5], [-2.0, 0.0]])
    >>> rnn_cell(x, h, weight_ih, weight_hh, torch.tensor([0.5, -1.5]), torch.tensor([0.0, -0.25]))
    tensor([[0.4621, 0.2449]])
    """
    return torch.tanh(_linear(x, weight_ih, bias_ih) + _linear(h, weight_hh, bias_hh))


def rnn(
    x: torch.Tensor,
    h0: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the states of a plain recurrent network after each step of a series, and the last of them again.

    Step t applies ``rnn_cell`` to x[t] and the state that step t - 1 left; the first step starts from h0. All steps use
    the same weights.

    Args:
        x: the inputs, time first, shape (L, N, I), with L at least 1.
        h0: the state before the first step, shape (N, H), without an axis for layers; it stays as it is.
        weight_ih: shape (H, I).
        weight_hh: shape (H, H).
        bias_ih: shape (H,).
        bias_hh: shape (H,).

    Returns:
        (output, h_n): output of shape (L, N, H) has the state *after* each step; h_n of shape (N, H) is the state after
        the last one. Both of x's dtype, and autograd can go back through all the steps to all arguments.

    >>> x, h0 = torch.tensor([[[1.0]], [[0.0]], [[0.0]]]), torch.tensor([[2.0]])
    >>> weights = torch.tensor([[-0.5]]), torch.tensor([[1.0]])
    >>> output, h_n = rnn(x, h0, *weights, torch.tensor([0.25]), torch.tensor([-0.25]))
    >>> output[:, 0, 0]
    tensor([0.9051, 0.7188, 0.6162])
    >>> h_n
    tensor([[0.6162]])
    """
    h = h0
    states = []
    for x_t in x:  # (N, I)
        h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)  # (N, H)
        states.append(h)
    return torch.stack(states), h


def _linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return x @ weight.T + bias, for x of shape (N, in) and weight of shape (out, in)."""
    return x @ weight.T + bias


def mse_loss(x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean squared error, the mean of (x - target)² over all elements.

    Args:
        x: predictions, of any shape.
        target: what they should be, of the same shape.

    Returns:
        A 0-d tensor of x's dtype, through which autograd can go back to x.

    >>> x = torch.tensor([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]])
    >>> target = torch.tensor([[1.5, 2.0, 1.0], [0.5, 1.0, 2.0]])
    >>> mse_loss(x, target)
    tensor(2.3750)
    """
    return ((x - target) ** 2).mean()


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output, as in ``torch.nn.Linear``. All leading dimensions of x are batch
    dimensions: there may be none, one or several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        A tensor of shape (…, out) and x's dtype, through which autograd can go back to x, weight and bias.

    >>> weight = torch.tensor([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(torch.tensor([3.0, 1.0, 2.0]), weight)
    tensor([ 1., 10.])
    >>> linear(torch.tensor([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, torch.tensor([10.0, -10.0]))
    tensor([[11.,  0.],
            [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def adam(
    param: torch.Tensor,
    grad: torch.Tensor,
    exp_avg: torch.Tensor,
    exp_avg_sq: torch.Tensor,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return parameter and both moments after one step of Adam.

    Running averages of the gradient and of its square are kept with the two betas. Both start at 0, so copies of them
    are corrected for that with the number of this update; what is returned as state is *not* corrected. The step is the
    corrected average divided by (the root of the corrected average square, plus eps): eps stands outside the root.
    weight_decay is an L2 penalty: weight_decay·param joins the gradient before anything else (decay that is coupled).

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        exp_avg: the running average of gradients, of the same shape; 0 before the first update.
        exp_avg_sq: the running average of squared gradients, of the same shape; 0 before the first update.
        step: the number of this update, a Python int: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = torch.tensor([1.0, -2.0]), torch.tensor([0.5, -4.0]), torch.zeros(2)
    >>> adam(param, grad, zero, zero, 1, lr=0.1)
    (tensor([ 0.9000, -1.9000]), tensor([ 0.0500, -0.4000]), tensor([0.0003, 0.0160]))
    """
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = torch.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


def clip_grad_norm(grads: tuple[torch.Tensor, ...], max_norm: float) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Return gradients whose total norm is at most max_norm, and the total norm that they had.

    The total norm is that of all elements of all tensors, as if they were one long vector. Every tensor is multiplied
    by the same factor, max_norm/(total norm + 1e-6), but never by more than 1: small gradients stay as they are.
    Nothing is changed in place.

    Args:
        grads: the gradients of all parameters: one tensor or more, of any shapes, 0-d ones among them.
        max_norm: the largest total norm allowed, positive.

    Returns:
        The gradients, in the same order, of the same shapes and dtype (a list or a tuple), and the total norm *before*
        clipping, a 0-d tensor of that dtype (a Python float is right too).

    >>> clip_grad_norm((torch.tensor([2.0, -1.0]), torch.tensor([[2.0]])), 1.5)
    ([tensor([ 1.0000, -0.5000]), tensor([[1.0000]])], tensor(3.))
    """
    total = torch.sqrt(sum(torch.sum(grad**2) for grad in grads))
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)  # a tensor: no waiting for the device
    return [factor * grad for grad in grads], total

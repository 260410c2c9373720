"""Functions of earlier exercises that diagnosis is built of: from mlp, optimizer.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

from collections.abc import Sequence

import torch


def relu(x: torch.Tensor) -> torch.Tensor:
    """Return max(x, 0), element by element.

    Args:
        x: a tensor of any shape, 0-d included.

    Returns:
        A tensor of x's shape and dtype, in autograd's graph; x itself is left as it is.

    >>> relu(torch.tensor([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).int().tolist()
    [[0, 0, 3], [7, 0, 4]]
    """
    return torch.where(x > 0, x, 0)


def cross_entropy(
    x: torch.Tensor, target: torch.Tensor, label_smoothing: float = 0.0, ignore_index: int = -100
) -> torch.Tensor:
    """Return the mean cross-entropy of logits and class labels.

    With logp = log_softmax(x) over the classes, row n costs -Σ_c q[c]·logp[n, c]. Without smoothing, q is 1 at
    the target and 0 elsewhere; with label_smoothing = ε it is (1 - ε)·onehot + ε/C, so that the target keeps its share
    of the ε too. Rows whose target is ignore_index cost nothing, and the mean is taken over the other rows only. Logits
    of ±1000 are ordinary inputs, and one row may lie far above another.

    Args:
        x: logits (not probabilities), shape (N, C).
        target: class labels, int64, shape (N,).
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        A 0-d tensor of x's dtype, through which autograd can go back to x.

    >>> x = torch.tensor([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> cross_entropy(x, torch.tensor([0, 2, -100]))
    tensor(1.7056)
    >>> cross_entropy(x, torch.tensor([0, 2, -100]), 0.3)
    tensor(1.7306)
    """
    kept = target != ignore_index  # (N,)
    logp = torch.log_softmax(x[kept], dim=-1)  # (K, C), K rows are kept
    at_target = logp.gather(1, target[kept].unsqueeze(1)).squeeze(1)  # (K,)
    return -((1 - label_smoothing) * at_target + label_smoothing * logp.mean(dim=-1)).mean()


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


Tensors = tuple[torch.Tensor, ...]


def forward(x: torch.Tensor, params: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the logits of the network: a linear layer, relu, and a second linear layer.

    Args:
        x: inputs, shape (N, D).
        params: (w1, b1, w2, b2).

    Returns:
        Logits, shape (N, C), of x's dtype, through which autograd can go back to all parameters.

    >>> w1, b1 = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), torch.tensor([0.0, -1.0, 0.5])
    >>> w2, b2 = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), torch.tensor([10.0, 20.0])
    >>> forward(torch.tensor([[3.0, 1.0], [-1.0, -2.0]]), (w1, b1, w2, b2))
    tensor([[17., 22.],
            [11., 18.]])
    """
    w1, b1, w2, b2 = params
    return linear(relu(linear(x, w1, b1)), w2, b2)  # (N, C)


def loss_and_grads(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> tuple[torch.Tensor, Tensors]:
    """Return the loss of the network on a batch, and the gradients of its parameters, by autograd.

    The loss is the cross-entropy of the logits, as a mean over the N rows of this batch, however many they are. The
    parameters may require gradients or not; on return they do as before, and their ``grad`` is as it was.

    Args:
        x: inputs, shape (N, D); they get no gradient.
        target: class labels, int64 from 0 to C - 1, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        (loss, (grad_w1, grad_b1, grad_w2, grad_b2)): a 0-d tensor of x's dtype, and gradients of the shapes and dtypes
        of their parameters. None of them requires gradients.

    >>> w1, b1 = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), torch.tensor([0.0, -1.0, 0.5])
    >>> w2, b2 = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), torch.tensor([1.0, 3.0])
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, -2.0]]), torch.tensor([0, 1])
    >>> loss, grads = loss_and_grads(x, target, (w1, b1, w2, b2))
    >>> loss, grads[3]
    (tensor(0.6809), tensor([ 0.3418, -0.3418]))
    """
    leaves = [param.detach().requires_grad_() for param in params]  # the same numbers, outside of the caller's graph
    with torch.enable_grad():
        loss = cross_entropy(forward(x, leaves), target)
    return loss.detach(), torch.autograd.grad(loss, leaves)


def sgd(param: torch.Tensor, grad: torch.Tensor, lr: float, weight_decay: float = 0.0) -> torch.Tensor:
    """Return the parameter after one step of gradient descent, with weight decay as an L2 penalty.

    The penalty is weight_decay/2 times the sum of the squared parameters: its own gradient joins ``grad`` before the
    step.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        lr: the learning rate.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new parameter (the tensor itself, no tuple), of param's shape and dtype.

    >>> sgd(torch.tensor([1.0, -2.0]), torch.tensor([0.5, 4.0]), 0.1, 0.5)
    tensor([ 0.9000, -2.3000])
    """
    return param - lr * (grad + weight_decay * param)

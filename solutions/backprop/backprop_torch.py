"""Back-propagation in PyTorch: by hand, without autograd; then as a part of autograd.

Where a task says "through which autograd can go back", nothing special is to be done, as long as torch operations lead
all the way from the inputs to the result.
"""

from collections.abc import Callable

import torch


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


def numerical_gradient(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    """Return the gradient of f at x by central differences, to check what autograd or your own backward says.

    Element i of the answer is (f(x + eps·e) - f(x - eps·e)) / (2·eps), where e is 1 at element i and 0 elsewhere. f
    is always called with a tensor of x's shape. On return x must be as it was, to the last bit.

    Args:
        f: takes a tensor of x's shape, does not change it, and returns a 0-d tensor.
        x: where to differentiate, float64, any shape, 0-d included.
        eps: how far each element is moved.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([[2.0, 3.0], [4.0, 10.0]], dtype=torch.float64)
    >>> numerical_gradient(torch.prod, x).round(decimals=6)
    tensor([[120.,  80.],
            [ 60.,  24.]], dtype=torch.float64)
    """
    grad = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = eps
        grad.view(-1)[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return grad


def mlp_forward(
    x: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor
) -> torch.Tensor:
    """Return the logits of a network of two linear layers with relu between them, and nothing after the second.

    Args:
        x: inputs, shape (N, D).
        w1: weights of the hidden layer, shape (H, D).
        b1: biases of the hidden layer, shape (H,).
        w2: weights of the output layer, shape (C, H).
        b2: biases of the output layer, shape (C,).

    Returns:
        Logits, shape (N, C), of x's dtype, through which autograd can go back to x and all parameters.

    >>> w1, b1 = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), torch.tensor([0.0, -1.0, 0.5])
    >>> w2, b2 = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), torch.tensor([10.0, 20.0])
    >>> mlp_forward(torch.tensor([[3.0, 1.0], [-1.0, -2.0]]), w1, b1, w2, b2)
    tensor([[17., 22.],
            [11., 18.]])
    """
    hidden = torch.relu(linear(x, w1, b1))  # (N, H)
    return linear(hidden, w2, b2)  # (N, C)


def mlp_loss_and_grads(
    x: torch.Tensor, target: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Return the loss of the network of ``mlp_forward`` on a batch, and the gradients of its parameters, by hand.

    The loss is the cross-entropy of the logits, as a mean over the N rows. The derivative of relu at 0 is taken as 0.
    Inputs may be large and logits in the thousands; the answer must stay finite. Nothing is changed in place. The
    tensors do not require gradients: write down what autograd would do.

    Args:
        x: inputs, shape (N, D); they get no gradient.
        target: class labels, int64, from 0 to C - 1, shape (N,).
        w1: shape (H, D).
        b1: shape (H,).
        w2: shape (C, H).
        b2: shape (C,).

    Returns:
        (loss, (grad_w1, grad_b1, grad_w2, grad_b2)): the loss a 0-d tensor of x's dtype, each gradient of its
        parameter's shape and dtype.

    >>> w1, b1 = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), torch.tensor([0.0, -1.0, 0.5])
    >>> w2, b2 = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), torch.tensor([1.0, 3.0])
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, -2.0]]), torch.tensor([0, 1])
    >>> loss, (grad_w1, grad_b1, grad_w2, grad_b2) = mlp_loss_and_grads(x, target, w1, b1, w2, b2)
    >>> loss
    tensor(0.6809)
    >>> grad_w1
    tensor([[-1.3100, -2.2643],
            [-0.0356, -0.0119],
            [ 0.0711,  0.0237]])
    >>> grad_b2
    tensor([ 0.3418, -0.3418])
    """
    pre = linear(x, w1, b1)  # (N, H)
    hidden = torch.relu(pre)  # (N, H)
    logp = torch.log_softmax(linear(hidden, w2, b2), dim=-1)  # (N, C)
    rows = torch.arange(len(x), device=x.device)
    loss = -logp[rows, target].mean()

    grad_logits = logp.exp()  # (N, C)
    grad_logits[rows, target] -= 1
    grad_logits /= len(x)
    grad_pre = grad_logits @ w2 * (pre > 0)  # (N, H)
    return loss, (grad_pre.T @ x, grad_pre.sum(dim=0), grad_logits.T @ hidden, grad_logits.sum(dim=0))


def tape_forward(leaves: tuple[torch.Tensor, ...], ops: tuple[tuple[str, tuple[int, ...]], ...]) -> torch.Tensor:
    """Run a computation that is written down as a tape, and return its last value.

    Values are numbered: first the leaves, from 0, then the results of the operations in their order. An operation is
    (name, numbers of its inputs). With inputs a and b: add, sub (a - b), mul, div (a / b), each with broadcasting, and
    matmul of two matrices; with one input: relu, exp, log, and sum, over all elements, to a 0-d value.

    Args:
        leaves: the given tensors, one or more.
        ops: the operations, one or more; they use earlier values only, once, several times or never.

    Returns:
        The value of the last operation, of the leaves' dtype, through which autograd can go back to all leaves.

    >>> x, y = torch.tensor([[1.0, 2.0], [3.0, -4.0]], requires_grad=True), torch.tensor([10.0, 20.0])
    >>> out = tape_forward((x, y), (("relu", (0,)), ("mul", (2, 1)), ("sub", (3, 2)), ("sum", (4,))))
    >>> out.item()
    74.0
    >>> out.backward()
    >>> x.grad
    tensor([[ 9., 19.],
            [ 9.,  0.]])
    """
    values = list(leaves)
    for name, inputs in ops:
        values.append(_FORWARD[name](*(values[i] for i in inputs)))
    return values[-1]


class ReLU(torch.autograd.Function):
    """relu as an operation of autograd, with a backward of your own: ``ReLU.apply(x)``.

    ``forward`` returns max(x, 0) in a new tensor; ``backward`` gets the upstream gradient and returns that of x, with 0
    where x is exactly 0. Neither changes what it is given. One graph may hold many applications, each with a ``ctx`` of
    its own: what backward needs goes there, and nowhere else.

    >>> x = torch.tensor([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]], requires_grad=True)
    >>> y = ReLU.apply(x)
    >>> y.detach()
    tensor([[0., 0., 3.],
            [7., 0., 4.]])
    >>> y.backward(torch.tensor([[1.0, 2.0, -3.0], [0.5, 5.0, 0.25]]))
    >>> x.grad
    tensor([[ 0.0000,  0.0000, -3.0000],
            [ 0.5000,  0.0000,  0.2500]])
    """

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: torch.Tensor) -> torch.Tensor:
        """Return max(x, 0), of x's shape and dtype, and keep in ctx what backward needs."""
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad_output: torch.Tensor) -> torch.Tensor:
        """Return the gradient with respect to x, of x's shape and dtype."""
        (x,) = ctx.saved_tensors
        return grad_output * (x > 0)


_FORWARD = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "matmul": torch.matmul,
    "relu": torch.relu,
    "exp": torch.exp,
    "log": torch.log,
    "sum": torch.sum,
}

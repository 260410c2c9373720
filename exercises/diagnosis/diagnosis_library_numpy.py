"""Functions of earlier exercises that diagnosis is built of: from mlp, optimizer.

Made from the course's solutions. The grader puts your own in their place where they pass.
"""

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0), element by element.

    Args:
        x: an array of any shape, 0-d included.

    Returns:
        An array of x's shape and dtype; x itself is left as it is.

    >>> relu(np.array([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).astype(int)
    array([[0, 0, 3],
           [7, 0, 4]])
    """
    return np.maximum(x, 0)


def relu_backward(grad_output: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of ``relu`` with respect to x.

    At the kink any slope from 0 to 1 could be defended; here, as in the frameworks, relu'(0) = 0.

    Args:
        grad_output: the gradient with respect to relu(x), of x's shape.
        x: the input of the forward, of any shape.

    Returns:
        grad_x, of x's shape and dtype.

    >>> relu_backward(np.array([0.5, -1.5, 2.0, -0.25]), np.array([-3.0, 2.0, 0.0, 0.5]))
    array([ 0.  , -1.5 ,  0.  , -0.25])
    """
    return np.where(x > 0, grad_output, 0)


def cross_entropy(
    x: np.ndarray, target: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.floating:
    """Return the mean cross-entropy of logits and class labels.

    With logp = log_softmax(x) over the classes, row n costs -Σ_c q[c]·logp[n, c]. Without smoothing, q is 1 at
    the target and 0 elsewhere; with label_smoothing = ε it is (1 - ε)·onehot + ε/C, so that the target keeps its share
    of the ε too. Rows whose target is ignore_index cost nothing, and the mean is taken over the other rows only. Logits
    of ±1000 are ordinary inputs, and one row may lie far above another.

    Args:
        x: logits (not probabilities), shape (N, C).
        target: class labels, integers, shape (N,).
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> round(float(cross_entropy(x, np.array([0, 2, -100]))), 4)
    1.7056
    >>> round(float(cross_entropy(x, np.array([0, 2, -100]), 0.3)), 4)
    1.7306
    """
    kept = target != ignore_index  # (N,)
    logp = _log_softmax(x[kept])  # (K, C), K rows are kept
    at_target = logp[np.arange(len(logp)), target[kept]]  # (K,)
    return -((1 - label_smoothing) * at_target + label_smoothing * logp.mean(axis=-1)).mean()


def cross_entropy_backward(
    grad_output: float, x: np.ndarray, target: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.ndarray:
    """Return the gradient of ``cross_entropy`` with respect to the logits x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: logits, shape (N, C); ±1000 occur.
        target: class labels, integers, shape (N,); it gets no gradient.
        label_smoothing: ε, from 0 to 1.
        ignore_index: the label of rows that do not count: any integer, even a valid class. One row or more is kept.

    Returns:
        grad_x, of x's shape and dtype; zero in ignored rows.

    >>> x = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 0.0], [9.0, 9.0, 9.0]])
    >>> cross_entropy_backward(2.0, x, np.array([0, 2, -100])).round(4)
    array([[-0.2144,  0.0391,  0.1753],
           [ 0.1142,  0.8438, -0.958 ],
           [ 0.    ,  0.    ,  0.    ]])
    """
    kept = target != ignore_index  # (N,)
    smoothed = np.full_like(x, label_smoothing / x.shape[1])  # (N, C)
    smoothed[kept, target[kept]] += 1 - label_smoothing
    per_row = np.exp(_log_softmax(x)) - smoothed  # (N, C)
    return grad_output * per_row * kept[:, None] / int(kept.sum())


def _log_softmax(x: np.ndarray) -> np.ndarray:
    """Return log(softmax(x)) along the last axis, each row shifted by its own maximum."""
    shifted = x - x.max(axis=-1, keepdims=True)  # (N, C), the largest of a row is 0
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output. All leading axes of x are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        An array of shape (…, out) and x's dtype.

    >>> weight = np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(np.array([3.0, 1.0, 2.0]), weight)
    array([ 1., 10.])
    >>> linear(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, np.array([10.0, -10.0]))
    array([[11.,  0.],
           [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``linear`` with respect to x, weight and bias.

    Weight and bias are shared by all rows of the batch, so their gradients are sums over all batch axes: never means.
    The sum over an empty batch is zero.

    Args:
        grad_output: the upstream gradient, shape (…, out).
        x: inputs, shape (…, in), with no, one or several batch axes.
        weight: shape (out, in).
        bias: shape (out,), or None.

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of its argument; grad_bias is None without a bias.

    >>> x, weight = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> grad_x, grad_weight, grad_bias = linear_backward(np.array([[1.0, 0.0], [0.5, 2.0]]), x, weight, np.zeros(2))
    >>> grad_x
    array([[ 1. ,  0. , -1. ],
           [ 4.5,  6. ,  0.5]])
    >>> grad_weight
    array([[3., 1., 4.],
           [0., 0., 8.]])
    >>> grad_bias
    array([1.5, 2. ])
    """
    upstream = grad_output.reshape(-1, weight.shape[0])  # (B, out), B the product of all batch axes
    rows = x.reshape(-1, weight.shape[1])  # (B, in)
    grad_bias = None if bias is None else upstream.sum(axis=0)
    return grad_output @ weight, upstream.T @ rows, grad_bias


def adam(
    param: np.ndarray,
    grad: np.ndarray,
    exp_avg: np.ndarray,
    exp_avg_sq: np.ndarray,
    step: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
        step: the number of this update: 1 for the first.
        lr: the learning rate.
        betas: how much of exp_avg and of exp_avg_sq stays.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new param, exp_avg and exp_avg_sq, of param's shape and dtype.

    >>> param, grad, zero = np.array([1.0, -2.0]), np.array([0.5, -4.0]), np.zeros(2)
    >>> new_param, exp_avg, exp_avg_sq = adam(param, grad, zero, zero, 1, lr=0.1)
    >>> new_param.round(4)
    array([ 0.9, -1.9])
    >>> exp_avg.round(4), exp_avg_sq.round(6)
    (array([ 0.05, -0.4 ]), array([0.00025, 0.016  ]))
    """
    beta1, beta2 = betas
    grad = grad + weight_decay * param
    exp_avg = beta1 * exp_avg + (1 - beta1) * grad
    exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * grad**2
    corrected = exp_avg / (1 - beta1**step)
    root = np.sqrt(exp_avg_sq / (1 - beta2**step))
    return param - lr * corrected / (root + eps), exp_avg, exp_avg_sq


Arrays = tuple[np.ndarray, ...]


def forward(x: np.ndarray, params: Arrays) -> np.ndarray:
    """Return the logits of the network: a linear layer, relu, and a second linear layer.

    Args:
        x: inputs, shape (N, D).
        params: (w1, b1, w2, b2).

    Returns:
        Logits, shape (N, C), of x's dtype; softmax is left to the loss.

    >>> w1, b1 = np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([0.0, -1.0, 0.5])
    >>> w2, b2 = np.array([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), np.array([10.0, 20.0])
    >>> forward(np.array([[3.0, 1.0], [-1.0, -2.0]]), (w1, b1, w2, b2))
    array([[17., 22.],
           [11., 18.]])
    """
    w1, b1, w2, b2 = params
    hidden = relu(linear(x, w1, b1))  # (N, H)
    return linear(hidden, w2, b2)  # (N, C)


def loss_and_grads(x: np.ndarray, target: np.ndarray, params: Arrays) -> tuple[np.floating, Arrays]:
    """Return the loss of the network on a batch, and the gradients of its parameters.

    The loss is the cross-entropy of the logits, as a mean over the N rows of this batch, however many they are.

    Args:
        x: inputs, shape (N, D); they get no gradient.
        target: class labels, integers from 0 to C - 1, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        (loss, (grad_w1, grad_b1, grad_w2, grad_b2)): a scalar of x's dtype, and gradients of the shapes and dtypes of
        their parameters.

    >>> w1, b1 = np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([0.0, -1.0, 0.5])
    >>> w2, b2 = np.array([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), np.array([1.0, 3.0])
    >>> x, target = np.array([[3.0, 1.0], [-1.0, -2.0]]), np.array([0, 1])
    >>> loss, grads = loss_and_grads(x, target, (w1, b1, w2, b2))
    >>> round(float(loss), 4)
    0.6809
    >>> [grad.shape for grad in grads]
    [(3, 2), (3,), (2, 3), (2,)]
    >>> grads[3].round(4)
    array([ 0.3418, -0.3418])
    """
    w1, b1, w2, b2 = params
    pre = linear(x, w1, b1)  # (N, H)
    hidden = relu(pre)  # (N, H)
    logits = linear(hidden, w2, b2)  # (N, C)

    grad_logits = cross_entropy_backward(1.0, logits, target)  # (N, C)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad_logits, hidden, w2, b2)
    _, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, pre), x, w1, b1)
    return cross_entropy(logits, target), (grad_w1, grad_b1, grad_w2, grad_b2)


def sgd(param: np.ndarray, grad: np.ndarray, lr: float, weight_decay: float = 0.0) -> np.ndarray:
    """Return the parameter after one step of gradient descent, with weight decay as an L2 penalty.

    The penalty is weight_decay/2 times the sum of the squared parameters: its own gradient joins ``grad`` before the
    step.

    Args:
        param: the parameter, of any shape.
        grad: the gradient of the loss with respect to it, of the same shape.
        lr: the learning rate.
        weight_decay: strength of the penalty; 0 for none.

    Returns:
        The new parameter (the array itself, no tuple), of param's shape and dtype.

    >>> sgd(np.array([1.0, -2.0]), np.array([0.5, 4.0]), 0.1, 0.5)
    array([ 0.9, -2.3])
    """
    return param - lr * (grad + weight_decay * param)

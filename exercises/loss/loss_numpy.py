"""Loss functions in NumPy: one number that says how wrong a model is, and its gradient.

Every loss returns a scalar. Every ``_backward`` takes the gradient that arrives from above, ``grad_output``, a scalar
too, and then the arguments of its forward; it returns the gradient of the predictions only, since targets are data.
"""

import numpy as np


def mse_loss(x: np.ndarray, target: np.ndarray) -> np.floating:
    """Return the mean squared error, the mean of (x - target)² over all elements.

    Args:
        x: predictions, of any shape.
        target: what they should be, of the same shape.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]])
    >>> target = np.array([[1.5, 2.0, 1.0], [0.5, 1.0, 2.0]])
    >>> round(float(mse_loss(x, target)), 4)
    2.375
    """
    raise NotImplementedError


def mse_loss_backward(grad_output: float, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the gradient of ``mse_loss`` with respect to x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: predictions, of any shape.
        target: what they should be, of the same shape; it gets no gradient.

    Returns:
        grad_x, of x's shape and dtype.

    >>> mse_loss_backward(0.5, np.array([1.0, 4.0]), np.array([2.0, 1.0]))
    array([-0.5,  1.5])
    """
    raise NotImplementedError


def huber_loss(x: np.ndarray, target: np.ndarray, delta: float = 1.0) -> np.floating:
    """Return the mean Huber loss: quadratic for small errors, linear for large ones.

    With e = x - target, an element costs e²/2 where |e| ≤ delta, and delta·(|e| - delta/2) beyond; the loss is the
    mean over all elements. (That is delta times what is called "smooth L1".)

    Args:
        x: predictions, of any shape.
        target: what they should be, of the same shape.
        delta: where the quadratic part ends, positive.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x, target = np.array([1.5, -4.0, 2.0]), np.array([1.0, 1.0, 2.25])
    >>> round(float(huber_loss(x, target, 2.0)), 4)
    2.7188
    """
    raise NotImplementedError


def huber_loss_backward(grad_output: float, x: np.ndarray, target: np.ndarray, delta: float = 1.0) -> np.ndarray:
    """Return the gradient of ``huber_loss`` with respect to x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: predictions, of any shape.
        target: what they should be, of the same shape; it gets no gradient.
        delta: where the quadratic part ends, positive.

    Returns:
        grad_x, of x's shape and dtype.

    >>> huber_loss_backward(0.5, np.array([1.5, -4.0]), np.array([1.0, 1.0]), 2.0)
    array([ 0.125, -0.5  ])
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits(x: np.ndarray, target: np.ndarray) -> np.floating:
    """Return the mean binary cross-entropy of logits.

    With p = sigmoid(x), an element costs -(target·log(p) + (1 - target)·log(1 - p)); the loss is the mean over all
    elements. Logits of ±1000 are ordinary inputs: the answer must stay finite and exact.

    Args:
        x: logits (not probabilities), of any shape.
        target: from 0 to 1, of the same shape; soft targets, between 0 and 1, occur.

    Returns:
        A scalar of x's dtype (a Python float is right too).

    >>> x, target = np.array([2.0, -1.0, 1000.0]), np.array([1.0, 0.25, 0.5])
    >>> round(float(binary_cross_entropy_with_logits(x, target)), 4)
    166.8967
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits_backward(grad_output: float, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the gradient of ``binary_cross_entropy_with_logits`` with respect to the logits x.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of x's dtype).
        x: logits, of any shape; ±1000 occur.
        target: from 0 to 1, of the same shape; it gets no gradient.

    Returns:
        grad_x, of x's shape and dtype.

    >>> binary_cross_entropy_with_logits_backward(2.0, np.array([2.0, -1000.0]), np.array([1.0, 0.25])).round(4)
    array([-0.1192, -0.25  ])
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def categorical_cross_entropy(probs: np.ndarray, target: np.ndarray, eps: float = 1e-7) -> np.floating:
    """Return the mean cross-entropy of probabilities and target distributions.

    Probabilities are first clipped to [eps, 1 - eps], and not divided by their sum, before or after. Row n then costs
    -Σ_c target[n, c]·log(clipped[n, c]); the loss is the mean over the N rows.

    Args:
        probs: probabilities (not logits), shape (N, C); exact 0 and 1 occur, and rows whose sum is not 1.
        target: a distribution for each row, one-hot or soft, shape (N, C).
        eps: how far the probabilities are kept from 0 and 1.

    Returns:
        A scalar of probs' dtype (a Python float is right too).

    >>> probs = np.array([[0.7, 0.2, 0.1], [0.0, 0.4, 0.6]])
    >>> target = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])
    >>> round(float(categorical_cross_entropy(probs, target)), 4)
    8.6372
    """
    raise NotImplementedError


def categorical_cross_entropy_backward(
    grad_output: float, probs: np.ndarray, target: np.ndarray, eps: float = 1e-7
) -> np.ndarray:
    """Return the gradient of ``categorical_cross_entropy`` with respect to probs.

    A probability outside [eps, 1 - eps] was clipped: moving it a little changes nothing, so its gradient is 0.

    Args:
        grad_output: the gradient with respect to the loss, a scalar (a Python float or a 0-d array of probs' dtype).
        probs: probabilities, shape (N, C); none is exactly eps or 1 - eps.
        target: a distribution for each row, shape (N, C); it gets no gradient.
        eps: how far the probabilities are kept from 0 and 1.

    Returns:
        grad_probs, of probs' shape and dtype.

    >>> probs = np.array([[0.5, 0.1, 0.4], [0.0, 0.8, 0.2]])
    >>> target = np.array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]])
    >>> categorical_cross_entropy_backward(2.0, probs, target)
    array([[-1.    , -2.5   , -0.625 ],
           [ 0.    , -0.3125, -1.25  ]])
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)

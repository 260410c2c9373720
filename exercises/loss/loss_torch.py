"""Loss functions in PyTorch: written so that autograd finds the right gradient, at huge logits too.

Every loss returns a 0-d tensor that is still part of the graph: ``.item()``, ``float(…)`` and ``.detach()`` leave it.
"""

import torch


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

    Not allowed here: torch.nn.functional.mse_loss.
    """
    raise NotImplementedError


def huber_loss(x: torch.Tensor, target: torch.Tensor, delta: float = 1.0) -> torch.Tensor:
    """Return the mean Huber loss: quadratic for small errors, linear for large ones.

    With e = x - target, an element costs e²/2 where |e| ≤ delta, and delta·(|e| - delta/2) beyond; the loss is the
    mean over all elements. (That is delta times what is called "smooth L1".)

    Args:
        x: predictions, of any shape.
        target: what they should be, of the same shape.
        delta: where the quadratic part ends, positive.

    Returns:
        A 0-d tensor of x's dtype, through which autograd can go back to x.

    >>> huber_loss(torch.tensor([1.5, -4.0, 2.0]), torch.tensor([1.0, 1.0, 2.25]), 2.0)
    tensor(2.7188)

    Not allowed here: torch.nn.functional.huber_loss, torch.nn.functional.smooth_l1_loss.
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits(x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean binary cross-entropy of logits.

    With p = sigmoid(x), an element costs -(target·log(p) + (1 - target)·log(1 - p)); the loss is the mean over all
    elements. Logits of ±1000 are ordinary inputs: the answer and its gradient must stay finite and exact.

    Args:
        x: logits (not probabilities), of any shape.
        target: from 0 to 1, of the same shape; soft targets, between 0 and 1, occur.

    Returns:
        A 0-d tensor of x's dtype, through which autograd can go back to x.

    >>> binary_cross_entropy_with_logits(torch.tensor([2.0, -1.0, 1000.0]), torch.tensor([1.0, 0.25, 0.5]))
    tensor(166.8967)

    Not allowed here: torch.nn.functional.binary_cross_entropy_with_logits,
        torch.nn.functional.binary_cross_entropy, torch.nn.functional.multilabel_soft_margin_loss,
        torch.nn.functional.soft_margin_loss.
    """
    raise NotImplementedError


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

    Not allowed here: torch.nn.functional.cross_entropy, torch.nn.functional.nll_loss.
    """
    raise NotImplementedError


def categorical_cross_entropy(probs: torch.Tensor, target: torch.Tensor, eps: float = 1e-7) -> torch.Tensor:
    """Return the mean cross-entropy of probabilities and target distributions.

    Probabilities are first clipped to [eps, 1 - eps], and not divided by their sum, before or after. Row n then costs
    -Σ_c target[n, c]·log(clipped[n, c]); the loss is the mean over the N rows. A clipped probability has gradient 0.

    Args:
        probs: probabilities (not logits), shape (N, C); exact 0 and 1 occur, and rows whose sum is not 1.
        target: a distribution for each row, one-hot or soft, shape (N, C).
        eps: how far the probabilities are kept from 0 and 1.

    Returns:
        A 0-d tensor of probs' dtype, through which autograd can go back to probs.

    >>> probs = torch.tensor([[0.7, 0.2, 0.1], [0.0, 0.4, 0.6]])
    >>> target = torch.tensor([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])
    >>> categorical_cross_entropy(probs, target)
    tensor(8.6372)
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

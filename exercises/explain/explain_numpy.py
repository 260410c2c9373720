"""Why did the network say that? Attributions in NumPy: which pixels a logit rests on, and which words attend to which.

N images of C channels, H rows and W columns; the network is that of the exercise `mlp` on the flattened image: a linear
layer, relu, a linear layer, with params = (w1, b1, w2, b2) of shapes (U, C·H·W), (U,), (K, U) and (K,). What is
explained is one logit an image, that of the class in ``target``, shape (N,): not the loss, and not the probability.
"""

import numpy as np
from explain_library_numpy import linear, linear_backward, relu, relu_backward

Arrays = tuple[np.ndarray, ...]


def class_score(x: np.ndarray, target: np.ndarray, params: Arrays) -> np.ndarray:
    """Return for each image the logit of its class.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, integers, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        Logits, shape (N,), of x's dtype.

    >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 0.0]]), np.array([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, np.zeros(2), w2, np.array([0.0, 1.0])
    >>> x = np.array([[[[1.0, 2.0]]], [[[-3.0, 1.0]]]])  # two images of one row and two columns
    >>> class_score(x, np.array([0, 1]), params)
    array([ 5., 13.])
    """
    raise NotImplementedError


def input_gradient(x: np.ndarray, target: np.ndarray, params: Arrays) -> np.ndarray:
    """Return the gradient of each image's logit of its class with respect to the image.

    Each image has a logit of its own, so nothing is averaged or summed over the images.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, integers, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        An array of x's shape and dtype.

    >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 0.0]]), np.array([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, np.zeros(2), w2, np.array([0.0, 1.0])
    >>> x = np.array([[[[1.0, 2.0]]], [[[-3.0, 1.0]]]])
    >>> input_gradient(x, np.array([0, 1]), params)  # only one hidden unit of each image is awake
    array([[[[ 1.,  2.]]],
    <BLANKLINE>
    <BLANKLINE>
           [[[-4.,  0.]]]])
    """
    raise NotImplementedError


def saliency(x: np.ndarray, target: np.ndarray, params: Arrays) -> np.ndarray:
    """Return a map of how strongly each pixel moves the logit: the gradient's size, the largest over the channels.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, integers, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        Maps without channels, shape (N, H, W), of x's dtype; no entry is negative.

    >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 0.0]]), np.array([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, np.zeros(2), w2, np.array([0.0, 1.0])
    >>> saliency(np.array([[[[-3.0]], [[1.0]]]]), np.array([1]), params)  # two channels, gradients -4 and 0
    array([[[4.]]])
    """
    raise NotImplementedError


def integrated_gradients(
    x: np.ndarray, baseline: np.ndarray, target: np.ndarray, params: Arrays, steps: int
) -> np.ndarray:
    """Return how much each pixel contributes to the difference that an image makes to a baseline.

    The gradient is averaged over the straight way from the baseline to the image, at the middles of ``steps`` equal
    parts: at baseline + (k - ½)/steps · (x - baseline) for k = 1, …, steps. The mean is multiplied by x - baseline.

    Args:
        x: images, shape (N, C, H, W).
        baseline: one image that says nothing (black, say), shape (C, H, W).
        target: a class for each image, integers, shape (N,).
        params: (w1, b1, w2, b2).
        steps: how many gradients are averaged, 1 or more.

    Returns:
        Attributions of x's shape and dtype; over an image they sum up to nearly the difference of the logits.

    >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 0.0]]), np.array([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, np.zeros(2), w2, np.array([0.0, 1.0])
    >>> x, baseline, target = np.array([[[[3.0, 1.0]]]]), np.array([[[-1.0, 0.0]]]), np.array([0])
    >>> integrated_gradients(x, baseline, target, params, 8)  # together 4.75
    array([[[[3.  , 1.75]]]])
    >>> class_score(x, target, params) - class_score(baseline[None], target, params)  # 8 steps are not quite enough
    array([4.5])
    """
    raise NotImplementedError


def completeness_gap(
    attributions: np.ndarray, x: np.ndarray, baseline: np.ndarray, target: np.ndarray, params: Arrays
) -> np.ndarray:
    """Return by how much the attributions of each image miss what they have to explain.

    Args:
        attributions: of any method, shape (N, C, H, W).
        x: images, shape (N, C, H, W).
        baseline: one image, shape (C, H, W).
        target: a class for each image, integers, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        The sum of an image's attributions minus (logit of the image minus logit of the baseline), shape (N,).

    >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 0.0]]), np.array([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, np.zeros(2), w2, np.array([0.0, 1.0])
    >>> x, baseline, target = np.array([[[[3.0, 1.0]]]]), np.array([[[-1.0, 0.0]]]), np.array([0])
    >>> completeness_gap(np.array([[[[3.0, 1.75]]]]), x, baseline, target, params)  # integrated gradients, 8 steps
    array([0.25])
    >>> completeness_gap(x * input_gradient(x, target, params), x, baseline, target, params)  # another method
    array([0.5])
    """
    raise NotImplementedError


def occlusion(
    x: np.ndarray,
    target: np.ndarray,
    params: Arrays,
    size: tuple[int, int],
    stride: tuple[int, int],
    value: float = 0.0,
) -> np.ndarray:
    """Return by how much each image's logit falls when a patch of the image is covered.

    The patch covers ``size`` pixels of all channels with ``value``, and moves by ``stride``. It stays inside: there are
    (H - kH)//sH + 1 places from top to bottom, and as many in the other direction by width.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, integers, shape (N,).
        params: (w1, b1, w2, b2).
        size: height and width of the patch, (kH, kW), not larger than the image.
        stride: how far it moves down and to the right, (sH, sW).
        value: what it covers with.

    Returns:
        The logit of the whole image minus that of the covered one, shape (N, places down, places across): large where
        something was covered that spoke for the class, negative where it spoke against it.

    >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 0.0]]), np.array([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, np.zeros(2), w2, np.array([0.0, 1.0])
    >>> occlusion(np.array([[[[1.0, 2.0]]]]), np.array([0]), params, (1, 1), (1, 1))
    array([[[1., 4.]]])
    """
    raise NotImplementedError


def attention_rollout(attention: np.ndarray) -> np.ndarray:
    """Return how much each position of the last layer rests on each position of the input.

    In every layer the heads are averaged, and half of what flows is taken to pass beside the attention, through the
    residual connection: ½ · mean + ½ · identity. What flows through several layers is the product of these matrices,
    the first layer's being the last factor.

    Args:
        attention: weights of all layers and heads after the softmax, shape (layers, heads, L, L); attention[l, h, i, j]
            is how much position i attends to position j, and each row sums up to 1.

    Returns:
        A matrix of shape (L, L) and of attention's dtype, whose rows sum up to 1.

    >>> first, second = [[1.0, 0.0], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]
    >>> attention_rollout(np.array([[first], [second]]))
    array([[0.875, 0.125],
           [0.5  , 0.5  ]])
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

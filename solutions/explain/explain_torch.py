"""Why did the network say that? Attributions in PyTorch: autograd goes back to the input instead of the weights.

N images of C channels, H rows and W columns; the network is that of the exercise `mlp` on the flattened image: a linear
layer, relu, a linear layer, with params = (w1, b1, w2, b2) of shapes (U, C·H·W), (U,), (K, U) and (K,). What is
explained is one logit an image, that of the class in ``target``, shape (N,): not the loss, and not the probability.
Explanations are read and not trained through: they need no graph, and leave no ``grad`` on the image or on parameters,
which somebody may be training.
"""

import torch
from explain_library_torch import linear, relu

# stub: keep
Tensors = tuple[torch.Tensor, ...]
# stub: end


def class_score(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> torch.Tensor:
    """Return for each image the logit of its class, in autograd's graph.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, int64, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        Logits, shape (N,), of x's dtype.

    >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 0.0]]), torch.tensor([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, torch.zeros(2), w2, torch.tensor([0.0, 1.0])
    >>> x = torch.tensor([[[[1.0, 2.0]]], [[[-3.0, 1.0]]]])  # two images of one row and two columns
    >>> class_score(x, torch.tensor([0, 1]), params)
    tensor([ 5., 13.])
    """
    w1, b1, w2, b2 = params
    hidden = relu(linear(x.flatten(1), w1, b1))  # (N, U)
    logits = linear(hidden, w2, b2)  # (N, K)
    return logits.gather(1, target[:, None]).squeeze(1)


def input_gradient(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> torch.Tensor:
    """Return the gradient of each image's logit of its class with respect to the image.

    Each image has a logit of its own, so nothing is averaged over the images.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, int64, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        A tensor of x's shape and dtype.

    >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 0.0]]), torch.tensor([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, torch.zeros(2), w2, torch.tensor([0.0, 1.0])
    >>> input_gradient(torch.tensor([[[[-3.0, 1.0]]]]), torch.tensor([1]), params)
    tensor([[[[-4.,  0.]]]])
    """
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        score = class_score(leaf, target, params)  # (N,)
    return torch.autograd.grad(score.sum(), leaf)[0]  # the sum keeps the images apart: each logit sees one of them


def model_gradient(model: torch.nn.Module, x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the gradient of each image's logit of its class with respect to the image, for any model.

    The model may be in the middle of its training. What is explained is how it answers in evaluation mode, and nothing
    of it is disturbed: it is left in the mode in which it was, with the gradients that its parameters had, and x
    requires a gradient afterwards if it did before.

    Args:
        model: a module that takes images and returns logits, shape (N, K), each image's from this image alone.
        x: images, shape (N, C, H, W).
        target: a class for each image, int64, shape (N,).

    Returns:
        A tensor of x's shape and dtype, outside of any graph.

    >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Dropout(0.5), torch.nn.Linear(2, 2, bias=False))
    >>> _ = model[2].weight.data.copy_(torch.tensor([[1.0, 0.5], [3.0, 4.0]]))
    >>> model_gradient(model, torch.tensor([[[[-3.0, 1.0]]]]), torch.tensor([1]))  # without dropout
    tensor([[[[3., 4.]]]])
    >>> model.training, model[2].weight.grad
    (True, None)
    """
    leaf, mode = x.detach().requires_grad_(), model.training
    model.eval()
    with torch.enable_grad():
        logits = model(leaf)  # (N, K)
    model.train(mode)
    return torch.autograd.grad(logits.gather(1, target[:, None]).sum(), leaf)[0]  # of leaf alone: no other grad changes


def saliency(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> torch.Tensor:
    """Return a map of how strongly each pixel moves the logit: the gradient's size, the largest over the channels.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, int64, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        Maps without channels, shape (N, H, W), of x's dtype; no entry is negative.

    >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 0.0]]), torch.tensor([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, torch.zeros(2), w2, torch.tensor([0.0, 1.0])
    >>> saliency(torch.tensor([[[[-3.0]], [[1.0]]]]), torch.tensor([1]), params)  # two channels, gradients -4 and 0
    tensor([[[4.]]])
    """
    return input_gradient(x, target, params).abs().amax(dim=1)


def integrated_gradients(
    x: torch.Tensor, baseline: torch.Tensor, target: torch.Tensor, params: Tensors, steps: int
) -> torch.Tensor:
    """Return how much each pixel contributes to the difference that an image makes to a baseline.

    The gradient is averaged over the straight way from the baseline to the image, at the middles of ``steps`` equal
    parts: at baseline + (k - ½)/steps · (x - baseline) for k = 1, …, steps. The mean is multiplied by x - baseline.

    Args:
        x: images, shape (N, C, H, W).
        baseline: one image that says nothing (black, say), shape (C, H, W).
        target: a class for each image, int64, shape (N,).
        params: (w1, b1, w2, b2).
        steps: how many gradients are averaged, 1 or more.

    Returns:
        Attributions of x's shape and dtype; over an image they sum up to nearly the difference of the logits.

    >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 0.0]]), torch.tensor([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, torch.zeros(2), w2, torch.tensor([0.0, 1.0])
    >>> x, baseline, target = torch.tensor([[[[3.0, 1.0]]]]), torch.tensor([[[-1.0, 0.0]]]), torch.tensor([0])
    >>> integrated_gradients(x, baseline, target, params, 8)  # together 4.75; the logits differ by 4.5
    tensor([[[[3.0000, 1.7500]]]])
    """
    difference = x - baseline  # (N, C, H, W)
    points = ((k + 0.5) / steps for k in range(steps))
    total = sum(input_gradient(baseline + point * difference, target, params) for point in points)
    return (difference * total / steps).detach()


def completeness_gap(
    attributions: torch.Tensor, x: torch.Tensor, baseline: torch.Tensor, target: torch.Tensor, params: Tensors
) -> torch.Tensor:
    """Return by how much the attributions of each image miss what they have to explain.

    Args:
        attributions: of any method, shape (N, C, H, W).
        x: images, shape (N, C, H, W).
        baseline: one image, shape (C, H, W).
        target: a class for each image, int64, shape (N,).
        params: (w1, b1, w2, b2).

    Returns:
        The sum of an image's attributions minus (logit of the image minus logit of the baseline), shape (N,).

    >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 0.0]]), torch.tensor([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, torch.zeros(2), w2, torch.tensor([0.0, 1.0])
    >>> x, baseline, target = torch.tensor([[[[3.0, 1.0]]]]), torch.tensor([[[-1.0, 0.0]]]), torch.tensor([0])
    >>> completeness_gap(torch.tensor([[[[3.0, 1.75]]]]), x, baseline, target, params)  # integrated gradients, 8 steps
    tensor([0.2500])
    """
    start = class_score(baseline.expand_as(x), target, params)  # (N,)
    explained = class_score(x, target, params) - start
    return (attributions.sum(dim=(1, 2, 3)) - explained).detach()


def occlusion(
    x: torch.Tensor,
    target: torch.Tensor,
    params: Tensors,
    size: tuple[int, int],
    stride: tuple[int, int],
    value: float = 0.0,
) -> torch.Tensor:
    """Return by how much each image's logit falls when a patch of the image is covered.

    The patch covers ``size`` pixels of all channels with ``value``, and moves by ``stride``. It stays inside: there are
    (H - kH)//sH + 1 places from top to bottom, and as many in the other direction by width.

    Args:
        x: images, shape (N, C, H, W).
        target: a class for each image, int64, shape (N,).
        params: (w1, b1, w2, b2).
        size: height and width of the patch, (kH, kW), not larger than the image.
        stride: how far it moves down and to the right, (sH, sW).
        value: what it covers with.

    Returns:
        The logit of the whole image minus that of the covered one, shape (N, places down, places across): large where
        something was covered that spoke for the class, negative where it spoke against it.

    >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 0.0]]), torch.tensor([[1.0, 0.5], [3.0, 4.0]])
    >>> params = w1, torch.zeros(2), w2, torch.tensor([0.0, 1.0])
    >>> occlusion(torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([0]), params, (1, 1), (1, 1))
    tensor([[[1., 4.]]])
    """
    (height, width), (down, across) = size, stride
    tops = range(0, x.shape[2] - height + 1, down)
    lefts = range(0, x.shape[3] - width + 1, across)
    drops = x.new_empty(len(x), len(tops), len(lefts))
    with torch.no_grad():
        whole = class_score(x, target, params)  # (N,)
        for i, top in enumerate(tops):
            for j, left in enumerate(lefts):
                covered = x.clone()
                covered[:, :, top : top + height, left : left + width] = value
                drops[:, i, j] = whole - class_score(covered, target, params)
    return drops


def attention_rollout(attention: torch.Tensor) -> torch.Tensor:
    """Return how much each position of the last layer rests on each position of the input.

    In every layer the heads are averaged, and half of what flows is taken to pass beside the attention, through the
    residual connection: ½ · mean + ½ · identity. What flows through several layers is the product of these matrices,
    the first layer's being the last factor.

    Args:
        attention: weights of all layers and heads after the softmax, shape (layers, heads, L, L); attention[l, h, i, j]
            is how much position i attends to position j, and each row sums up to 1.

    Returns:
        A matrix of shape (L, L) and of attention's dtype and device, whose rows sum up to 1.

    >>> first, second = [[1.0, 0.0], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]
    >>> attention_rollout(torch.tensor([[first], [second]]))
    tensor([[0.8750, 0.1250],
            [0.5000, 0.5000]])
    """
    identity = torch.eye(attention.shape[-1], dtype=attention.dtype, device=attention.device)
    rollout = identity  # (L, L)
    for weights in attention.mean(dim=1):  # (L, L) a layer
        rollout = (weights + identity) / 2 @ rollout
    return rollout

"""A convolutional network in NumPy: two rounds of convolution, relu and pooling, then two linear layers.

N images of C channels, H × W; the convolutions have O1 and O2 kernels and no padding, the pooling windows are 2 × 2,
and what is left, O2·h·w numbers for each image, goes through a hidden layer of U units to K logits. The parameters
travel together, as a tuple in the order of the layers:

    w1 (O1, C, kH, kW), b1 (O1,), w2 (O2, O1, kH, kW), b2 (O2,), w3 (U, O2·h·w), b3 (U,), w4 (K, U), b4 (K,)

So do their gradients and the two moments of Adam. First weights and the order of the examples are given, no random
number is drawn, and no array is changed in place.
"""

import numpy as np
from cnn_library_numpy import (
    adam,
    conv2d,
    conv2d_backward,
    cross_entropy,
    cross_entropy_backward,
    linear,
    linear_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)

# stub: keep
Arrays = tuple[np.ndarray, ...]
# stub: end
WINDOW = (2, 2)  # of both poolings


def standardize(train: np.ndarray, other: np.ndarray) -> Arrays:
    """Return two sets of images on the scale on which those to learn from have mean 0 and standard deviation 1.

    Each channel is moved by one number and divided by another, its mean and its standard deviation over all images,
    rows and columns of ``train``, and of ``train`` alone: what a network is judged by must have no part in making it.
    The deviation is that of the numbers at hand, the root of the *mean* squared distance.

    Args:
        train: images to learn from, shape (N, C, H, W); no channel is constant.
        other: other images, for validation or for a test, shape (M, C, H, W).

    Returns:
        (train, other), both on the new scale, of their shapes and dtypes.

    >>> train = np.array([[[[1.0, 3.0]], [[10.0, 10.0]]], [[[3.0, 1.0]], [[50.0, 50.0]]]])  # mean 2 and 30
    >>> train, other = standardize(train, np.array([[[[2.0, 5.0]], [[30.0, 0.0]]]]))
    >>> train[0]
    array([[[-1.,  1.]],
    <BLANKLINE>
           [[-1., -1.]]])
    >>> other[0]
    array([[[ 0. ,  3. ]],
    <BLANKLINE>
           [[ 0. , -1.5]]])
    """
    mean = train.mean(axis=(0, 2, 3), keepdims=True)  # (1, C, 1, 1)
    std = train.std(axis=(0, 2, 3), keepdims=True)
    return (train - mean) / std, (other - mean) / std


def forward(x: np.ndarray, params: Arrays) -> np.ndarray:
    """Return the logits of the network.

    Twice a convolution, relu and max pooling; then the channels, rows and columns of each image are flattened, in this
    order, for a linear layer, relu, and a second linear layer. With 28 × 28 images and 3 × 3 kernels: 26 × 26 after the
    first convolution, 13 × 13 after its pooling, 11 × 11 and 5 × 5 after the second round, where the last row and
    column have no window.

    Args:
        x: images, shape (N, C, H, W).
        params: (w1, b1, w2, b2, w3, b3, w4, b4).

    Returns:
        Logits, shape (N, K), of x's dtype; softmax is left to the loss.

    >>> x = np.arange(81.0).reshape(1, 1, 9, 9) % 7
    >>> w1, w2 = np.array([[[[1.0, -1.0]]], [[[0.0, 0.5]]]]), np.array([[[[1.0], [2.0]], [[-1.0], [1.0]]]])
    >>> w3, w4 = np.array([[0.5, 0.0], [-0.5, 1.0], [0.25, -0.25]]), np.array([[1.0, 0.0, -2.0], [0.0, 0.5, 1.0]])
    >>> convolutions = w1, np.array([0.5, -1.0]), w2, np.array([1.0])
    >>> forward(x, (*convolutions, w3, np.zeros(3), w4, np.array([1.0, -1.0])))
    array([[12. ,  4.5]])
    """
    *_, logits = _layers(x, params)
    return logits


def loss_and_grads(x: np.ndarray, target: np.ndarray, params: Arrays) -> tuple[np.floating, Arrays]:
    """Return the loss of the network on a batch, and the gradients of its parameters.

    The loss is the cross-entropy of the logits, as a mean over the N images of this batch, however many they are. Where
    several pixels of a window share the maximum, the first of them has the gradient; relu has none at 0.

    Args:
        x: images, shape (N, C, H, W); they get no gradient.
        target: class labels, integers from 0 to K - 1, shape (N,).
        params: (w1, b1, w2, b2, w3, b3, w4, b4).

    Returns:
        (loss, grads): a scalar of x's dtype, and one gradient for each parameter, of its shape and dtype.

    >>> x, target = np.arange(162.0).reshape(2, 1, 9, 9) % 7, np.array([0, 1])
    >>> convolutions = np.array([[[[1.0, -1.0]]]]), np.array([0.5]), np.array([[[[0.5], [1.0]]]]), np.array([1.0])
    >>> linears = np.array([[0.5, -0.25], [0.25, 0.5]]), np.zeros(2), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)
    >>> loss, grads = loss_and_grads(x, target, convolutions + linears)
    >>> round(float(loss), 4)
    2.7156
    >>> [grad.shape for grad in grads[:4]]
    [(1, 1, 1, 2), (1,), (1, 1, 2, 1), (1,)]
    >>> grads[2].round(4).ravel(), grads[7].round(4)
    (array([1.6584, 1.5357]), array([-0.4725,  0.4725]))
    """
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    conv1, relu1, pool1, conv2, relu2, pool2, flat, pre, hidden, logits = _layers(x, params)

    grad_logits = cross_entropy_backward(1.0, logits, target)  # (N, K)
    grad_hidden, *grads4 = linear_backward(grad_logits, hidden, w4, b4)
    grad_flat, *grads3 = linear_backward(relu_backward(grad_hidden, pre), flat, w3, b3)
    grad_relu2 = max_pool2d_backward(grad_flat.reshape(pool2.shape), relu2, WINDOW)
    grad_pool1, *grads2 = conv2d_backward(relu_backward(grad_relu2, conv2), pool1, w2, b2)
    grad_relu1 = max_pool2d_backward(grad_pool1, relu1, WINDOW)
    _, *grads1 = conv2d_backward(relu_backward(grad_relu1, conv1), x, w1, b1)
    return cross_entropy(logits, target), (*grads1, *grads2, *grads3, *grads4)


def train_step(
    x: np.ndarray, target: np.ndarray, params: Arrays, exp_avg: Arrays, exp_avg_sq: Arrays, step: int, lr: float
) -> tuple[np.floating, Arrays, Arrays, Arrays]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step down from there.

    All parameters are updated from gradients that were computed before any of them moved. Adam is that of the exercise
    `optimizer`, with its default betas and eps.

    Args:
        x: images, shape (N, C, H, W).
        target: class labels, shape (N,).
        params: the eight parameters.
        exp_avg: Adam's running averages of the gradients, one for each parameter.
        exp_avg_sq: Adam's running averages of their squares.
        step: the number of this step, from 1.
        lr: the learning rate.

    Returns:
        (loss, params, exp_avg, exp_avg_sq): the loss *before* the step, and three tuples like those that were given.

    >>> x, target = np.arange(162.0).reshape(2, 1, 9, 9) % 7, np.array([0, 1])
    >>> convolutions = np.array([[[[1.0, -1.0]]]]), np.array([0.5]), np.array([[[[0.5], [1.0]]]]), np.array([1.0])
    >>> linears = np.array([[0.5, -0.25], [0.25, 0.5]]), np.zeros(2), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)
    >>> zeros = tuple(np.zeros_like(param) for param in convolutions + linears)
    >>> loss, params, exp_avg, exp_avg_sq = train_step(x, target, convolutions + linears, zeros, zeros, 1, 0.25)
    >>> params[2].round(4).ravel(), params[7].round(4)  # whatever has a gradient moves by lr in Adam's first step
    (array([0.25, 0.75]), array([ 0.25, -0.25]))
    """
    loss, grads = loss_and_grads(x, target, params)
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, lr) for one in each), strict=True)
    return loss, params, exp_avg, exp_avg_sq


def train(
    x: np.ndarray, target: np.ndarray, params: Arrays, order: np.ndarray, batch_size: int, lr: float
) -> tuple[np.ndarray, Arrays]:
    """Train the network for some epochs, and return the losses on the way and the parameters at the end.

    In every epoch the images are taken in that epoch's order and cut into batches, with one ``train_step`` for each;
    the last batch of an epoch is smaller where the batches do not come out even. The state of Adam starts at 0 and goes
    on from epoch to epoch, and so does the number of the step.

    Args:
        x: all images, shape (N, C, H, W).
        target: all class labels, shape (N,).
        params: the eight first parameters.
        order: integers, shape (epochs, N): order[e] holds the row numbers of x in the order of epoch e.
        batch_size: how many images a batch has.
        lr: the learning rate.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,) and of x's dtype; and the last parameters.

    >>> x, target = np.arange(243.0).reshape(3, 1, 9, 9) % 7, np.array([0, 1, 1])
    >>> convolutions = np.array([[[[1.0, -1.0]]]]), np.array([0.5]), np.array([[[[0.5], [1.0]]]]), np.array([1.0])
    >>> linears = np.array([[0.5, -0.25], [0.25, 0.5]]), np.zeros(2), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)
    >>> losses, params = train(x, target, convolutions + linears, np.array([[0, 1, 2], [2, 1, 0]]), 2, 0.0625)
    >>> losses.round(4)
    array([2.7156, 0.4455, 1.1637, 1.0701])
    """
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    losses: list[np.floating] = []
    for rows in order:  # (N,)
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]  # (B,), the last one may be shorter
            state = params, exp_avg, exp_avg_sq
            loss, params, exp_avg, exp_avg_sq = train_step(x[batch], target[batch], *state, len(losses) + 1, lr)
            losses.append(loss)
    return np.array(losses, dtype=x.dtype), params


def accuracy(x: np.ndarray, target: np.ndarray, params: Arrays) -> float:
    """Return the fraction of the images whose largest logit is that of their class.

    Args:
        x: images, shape (N, C, H, W), with N at least 1.
        target: class labels, shape (N,).
        params: the eight parameters.

    Returns:
        A number from 0 to 1.

    >>> x, target = np.arange(243.0).reshape(3, 1, 9, 9) % 7, np.array([0, 1, 1])
    >>> convolutions = np.array([[[[1.0, -1.0]]]]), np.array([0.5]), np.array([[[[0.5], [1.0]]]]), np.array([1.0])
    >>> linears = np.array([[0.5, -0.25], [0.25, 0.5]]), np.zeros(2), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)
    >>> round(accuracy(x, target, convolutions + linears), 4)
    0.6667
    """
    return float((forward(x, params).argmax(axis=-1) == target).mean())


def train_with_validation(
    train_set: Arrays,
    validation_set: Arrays,
    test_set: Arrays,
    params: Arrays,
    order: np.ndarray,
    batch_size: int,
    lr: float,
) -> tuple[np.ndarray, float, Arrays]:
    """Train for some epochs, and keep the parameters of the epoch after which the validation images went best.

    It is trained as in ``train``. After every epoch the accuracy on the validation set is taken; the parameters that
    are kept are those of the highest one, of the earliest epoch if several share it. The test set decides nothing: it
    is asked once, at the end, what the parameters that were kept are worth.

    Args:
        train_set: (images, labels) to learn from, shapes (N, C, H, W) and (N,).
        validation_set: other images and labels, to choose the epoch by.
        test_set: still others, to be judged by.
        params: the eight first parameters.
        order: integers, shape (epochs, N), one epoch or more.
        batch_size: how many images a batch has.
        lr: the learning rate.

    Returns:
        (scores, test_score, params): the accuracy on the validation set after every epoch, shape (epochs,); the
        accuracy on the test set, a number; and the parameters that were kept.

    >>> x, target = np.arange(486.0).reshape(6, 1, 9, 9) % 7, np.array([0, 1, 1, 0, 1, 0])
    >>> convolutions = np.array([[[[1.0, -1.0]]]]), np.array([0.5]), np.array([[[[0.5], [1.0]]]]), np.array([1.0])
    >>> linears = np.array([[0.5, -0.25], [0.25, 0.5]]), np.zeros(2), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)
    >>> sets = [(x[rows], target[rows]) for rows in (slice(0, 2), slice(2, 4), slice(4, 6))]
    >>> scores, test_score, _ = train_with_validation(*sets, convolutions + linears, np.array([[0, 1]] * 3), 1, 0.25)
    >>> scores, test_score
    (array([0.5, 0.5, 0.5]), 0.5)
    """
    x, target = train_set
    exp_avg = exp_avg_sq = tuple(np.zeros_like(param) for param in params)
    step, scores, kept = 0, [], params
    for rows in order:  # (N,)
        for start in range(0, len(rows), batch_size):
            batch, step = rows[start : start + batch_size], step + 1
            _, params, exp_avg, exp_avg_sq = train_step(x[batch], target[batch], params, exp_avg, exp_avg_sq, step, lr)
        scores.append(accuracy(*validation_set, params))
        kept = params if scores[-1] > max(scores[:-1], default=-1.0) else kept
    return np.array(scores), accuracy(*test_set, kept), kept


def from_channels_last(x: np.ndarray, params: Arrays, size: tuple[int, int]) -> tuple[np.ndarray, Arrays]:
    """Return images and parameters of a network that keeps channels last, as ours keeps them.

    Such a network, as Keras builds it, is given images (N, H, W, C). Its kernels have the shape (kH, kW, C, O), its
    linear layers multiply by weights (in, out), and the first of them has its inputs in the order in which (h, w, O2)
    are flattened, rows and columns before channels.

    Args:
        x: images, shape (N, H, W, C).
        params: w1 (kH, kW, C, O1), b1, w2 (kH, kW, O1, O2), b2, w3 (h·w·O2, U), b3, w4 (U, K), b4.
        size: (h, w), the rows and columns that are left before the first linear layer.

    Returns:
        (x, params): images (N, C, H, W) and parameters of the shapes that ``forward`` takes, which gives the logits
        that the other network gives.

    >>> convolutions = np.zeros((2, 1, 3, 4)), np.zeros(4), np.zeros((1, 2, 4, 2)), np.zeros(2)
    >>> linears = np.arange(6.0)[:, None], np.zeros(1), np.zeros((1, 5)), np.zeros(5)
    >>> x, params = from_channels_last(np.arange(8.0).reshape(1, 2, 2, 2), convolutions + linears, (1, 3))
    >>> x[0, 1]  # the second channel
    array([[1., 3.],
           [5., 7.]])
    >>> params[4]  # three columns of the first channel, then three of the second
    array([[0., 2., 4., 1., 3., 5.]])
    >>> [param.shape for param in params[::2]]
    [(4, 3, 2, 1), (2, 4, 1, 2), (1, 6), (5, 1)]
    """
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    table = w3.reshape(*size, len(b2), len(b3))  # (h, w, O2, U)
    linears = table.transpose(3, 2, 0, 1).reshape(len(b3), -1), b3, w4.T, b4
    return x.transpose(0, 3, 1, 2), (w1.transpose(3, 2, 0, 1), b1, w2.transpose(3, 2, 0, 1), b2, *linears)


def _layers(x: np.ndarray, params: Arrays) -> Arrays:
    """Return what every layer makes of x: each is what the next one's backward is given."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    conv1 = conv2d(x, w1, b1)  # (N, O1, H1, W1)
    relu1 = relu(conv1)
    pool1 = max_pool2d(relu1, WINDOW)  # (N, O1, H1/2, W1/2), rounded down
    conv2 = conv2d(pool1, w2, b2)  # (N, O2, H2, W2)
    relu2 = relu(conv2)
    pool2 = max_pool2d(relu2, WINDOW)  # (N, O2, h, w)
    flat = pool2.reshape(len(x), -1)  # (N, O2·h·w): the batch axis stays
    pre = linear(flat, w3, b3)  # (N, U)
    hidden = relu(pre)
    logits = linear(hidden, w4, b4)  # (N, K)
    return conv1, relu1, pool1, conv2, relu2, pool2, flat, pre, hidden, logits

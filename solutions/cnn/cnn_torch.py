"""A convolutional network in PyTorch: first as pure functions with autograd, then as a module that is trained.

N images of C channels, H × W; the convolutions have O1 and O2 kernels and no padding, the pooling windows are 2 × 2,
and what is left, O2·h·w numbers for each image, goes through a hidden layer of U units to K logits. The parameters
travel together, as a tuple in the order of the layers:

    w1 (O1, C, kH, kW), b1 (O1,), w2 (O2, O1, kH, kW), b2 (O2,), w3 (U, O2·h·w), b3 (U,), w4 (K, U), b4 (K,)

So do their gradients and the two moments of Adam. First weights and the order of the examples are given, and no random
number is drawn. The functions of tensors change nothing in place, and give back tensors that are no part of a graph;
`fit` and `evaluate` are for a module, which changes.
"""

import copy
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from cnn_library_torch import adam, conv2d, cross_entropy, linear, max_pool2d, relu
from torch import nn

# stub: keep
Tensors = tuple[torch.Tensor, ...]
# stub: end
WINDOW = (2, 2)  # of both poolings


def standardize(train: torch.Tensor, other: torch.Tensor) -> Tensors:
    """Return two sets of images on the scale on which those to learn from have mean 0 and standard deviation 1.

    Each channel is moved by one number and divided by another, its mean and its standard deviation over all images,
    rows and columns of ``train``, and of ``train`` alone: what a network is judged by must have no part in making it.
    The deviation is that of the numbers at hand, the root of the *mean* squared distance.

    Args:
        train: images to learn from, shape (N, C, H, W); no channel is constant.
        other: other images, for validation or for a test, shape (M, C, H, W).

    Returns:
        (train, other), both on the new scale, of their shapes, dtypes and devices.

    >>> train = torch.tensor([[[[1.0, 3.0]], [[10.0, 10.0]]], [[[3.0, 1.0]], [[50.0, 50.0]]]])  # mean 2 and 30
    >>> train, other = standardize(train, torch.tensor([[[[2.0, 5.0]], [[30.0, 0.0]]]]))
    >>> train[0]
    tensor([[[-1.,  1.]],
    <BLANKLINE>
            [[-1., -1.]]])
    >>> other[0]
    tensor([[[ 0.0000,  3.0000]],
    <BLANKLINE>
            [[ 0.0000, -1.5000]]])
    """
    mean = train.mean(dim=(0, 2, 3), keepdim=True)  # (1, C, 1, 1)
    std = train.std(dim=(0, 2, 3), correction=0, keepdim=True)
    return (train - mean) / std, (other - mean) / std


def forward(x: torch.Tensor, params: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the logits of the network.

    Twice a convolution, relu and max pooling; then the channels, rows and columns of each image are flattened, in this
    order, for a linear layer, relu, and a second linear layer.

    Args:
        x: images, shape (N, C, H, W).
        params: (w1, b1, w2, b2, w3, b3, w4, b4).

    Returns:
        Logits, shape (N, K), of x's dtype, through which autograd can go back to all parameters.

    >>> x = torch.arange(81.0).reshape(1, 1, 9, 9) % 7
    >>> w1, w2 = torch.tensor([[[[1.0, -1.0]]], [[[0.0, 0.5]]]]), torch.tensor([[[[1.0], [2.0]], [[-1.0], [1.0]]]])
    >>> w3 = torch.tensor([[0.5, 0.0], [-0.5, 1.0], [0.25, -0.25]])
    >>> w4 = torch.tensor([[1.0, 0.0, -2.0], [0.0, 0.5, 1.0]])
    >>> convolutions = w1, torch.tensor([0.5, -1.0]), w2, torch.tensor([1.0])
    >>> forward(x, (*convolutions, w3, torch.zeros(3), w4, torch.tensor([1.0, -1.0])))
    tensor([[12.0000,  4.5000]])
    """
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    pool1 = max_pool2d(relu(conv2d(x, w1, b1)), WINDOW)  # (N, O1, H1/2, W1/2), rounded down
    pool2 = max_pool2d(relu(conv2d(pool1, w2, b2)), WINDOW)  # (N, O2, h, w)
    hidden = relu(linear(pool2.flatten(1), w3, b3))  # (N, U): the batch axis stays
    return linear(hidden, w4, b4)  # (N, K)


def loss_and_grads(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> tuple[torch.Tensor, Tensors]:
    """Return the loss of the network on a batch, and the gradients of its parameters, by autograd.

    The loss is the cross-entropy of the logits, as a mean over the N images of this batch, however many they are. The
    parameters may require gradients or not; on return they do as before, and their ``grad`` is as it was.

    Args:
        x: images, shape (N, C, H, W); they get no gradient.
        target: class labels, int64 from 0 to K - 1, shape (N,).
        params: the eight parameters.

    Returns:
        (loss, grads): a 0-d tensor of x's dtype, and one gradient for each parameter, of its shape and dtype. None of
        them requires gradients.

    >>> x, target = torch.arange(162.0).reshape(2, 1, 9, 9) % 7, torch.tensor([0, 1])
    >>> w1, w2 = torch.tensor([[[[1.0, -1.0]]]]), torch.tensor([[[[0.5], [1.0]]]])
    >>> convolutions = w1, torch.tensor([0.5]), w2, torch.tensor([1.0])
    >>> linears = torch.tensor([[0.5, -0.25], [0.25, 0.5]]), torch.zeros(2), torch.eye(2), torch.zeros(2)
    >>> loss, grads = loss_and_grads(x, target, convolutions + linears)
    >>> loss, grads[2].ravel(), grads[7]
    (tensor(2.7156), tensor([1.6584, 1.5357]), tensor([-0.4725,  0.4725]))
    """
    leaves = [param.detach().requires_grad_() for param in params]  # the same numbers, outside of the caller's graph
    with torch.enable_grad():
        loss = cross_entropy(forward(x, leaves), target)
    return loss.detach(), torch.autograd.grad(loss, leaves)


def train_step(
    x: torch.Tensor,
    target: torch.Tensor,
    params: Tensors,
    exp_avg: Tensors,
    exp_avg_sq: Tensors,
    step: int,
    lr: float,
) -> tuple[torch.Tensor, Tensors, Tensors, Tensors]:
    """Return the loss on a batch, and the parameters and the state of Adam after one step down from there.

    Adam is that of the exercise `optimizer`, with its default betas and eps; the step itself is not differentiated.

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

    >>> x, target = torch.arange(162.0).reshape(2, 1, 9, 9) % 7, torch.tensor([0, 1])
    >>> w1, w2 = torch.tensor([[[[1.0, -1.0]]]]), torch.tensor([[[[0.5], [1.0]]]])
    >>> convolutions = w1, torch.tensor([0.5]), w2, torch.tensor([1.0])
    >>> linears = torch.tensor([[0.5, -0.25], [0.25, 0.5]]), torch.zeros(2), torch.eye(2), torch.zeros(2)
    >>> zeros = tuple(torch.zeros_like(param) for param in convolutions + linears)
    >>> loss, params, exp_avg, exp_avg_sq = train_step(x, target, convolutions + linears, zeros, zeros, 1, 0.25)
    >>> params[2].ravel(), params[7]
    (tensor([0.2500, 0.7500]), tensor([ 0.2500, -0.2500]))
    """
    loss, grads = loss_and_grads(x, target, params)
    with torch.no_grad():
        each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
        params, exp_avg, exp_avg_sq = zip(*(adam(*one, step, lr) for one in each), strict=True)
    return loss, params, exp_avg, exp_avg_sq


def train(
    x: torch.Tensor, target: torch.Tensor, params: Tensors, order: torch.Tensor, batch_size: int, lr: float
) -> tuple[torch.Tensor, Tensors]:
    """Train the network for some epochs, and return the losses on the way and the parameters at the end.

    In every epoch the images are taken in that epoch's order and cut into batches, with one ``train_step`` for each;
    the last batch of an epoch is smaller where the batches do not come out even. The state of Adam starts at 0 and goes
    on from epoch to epoch, and so does the number of the step.

    Args:
        x: all images, shape (N, C, H, W).
        target: all class labels, shape (N,).
        params: the eight first parameters.
        order: int64, shape (epochs, N): order[e] holds the row numbers of x in the order of epoch e.
        batch_size: how many images a batch has.
        lr: the learning rate.

    Returns:
        (losses, params): the loss of every step, before it, shape (steps,); and the last parameters.

    >>> x, target = torch.arange(243.0).reshape(3, 1, 9, 9) % 7, torch.tensor([0, 1, 1])
    >>> w1, w2 = torch.tensor([[[[1.0, -1.0]]]]), torch.tensor([[[[0.5], [1.0]]]])
    >>> convolutions = w1, torch.tensor([0.5]), w2, torch.tensor([1.0])
    >>> linears = torch.tensor([[0.5, -0.25], [0.25, 0.5]]), torch.zeros(2), torch.eye(2), torch.zeros(2)
    >>> losses, params = train(x, target, convolutions + linears, torch.tensor([[0, 1, 2], [2, 1, 0]]), 2, 0.0625)
    >>> losses
    tensor([2.7156, 0.4455, 1.1637, 1.0701])
    """
    exp_avg = exp_avg_sq = tuple(torch.zeros_like(param) for param in params)
    losses: list[torch.Tensor] = []
    for rows in order:  # (N,)
        for batch in rows.split(batch_size):  # (B,), the last one may be shorter
            state = params, exp_avg, exp_avg_sq
            loss, params, exp_avg, exp_avg_sq = train_step(x[batch], target[batch], *state, len(losses) + 1, lr)
            losses.append(loss)
    return torch.stack(losses), params


def accuracy(x: torch.Tensor, target: torch.Tensor, params: Tensors) -> float:
    """Return the fraction of the images whose largest logit is that of their class.

    Args:
        x: images, shape (N, C, H, W), with N at least 1.
        target: class labels, shape (N,).
        params: the eight parameters.

    Returns:
        A Python number from 0 to 1.

    >>> x, target = torch.arange(243.0).reshape(3, 1, 9, 9) % 7, torch.tensor([0, 1, 1])
    >>> w1, w2 = torch.tensor([[[[1.0, -1.0]]]]), torch.tensor([[[[0.5], [1.0]]]])
    >>> convolutions = w1, torch.tensor([0.5]), w2, torch.tensor([1.0])
    >>> linears = torch.tensor([[0.5, -0.25], [0.25, 0.5]]), torch.zeros(2), torch.eye(2), torch.zeros(2)
    >>> round(accuracy(x, target, convolutions + linears), 4)
    0.6667
    """
    right = forward(x, params).argmax(dim=-1) == target  # (N,)
    return right.sum().item() / len(x)


def from_channels_last(x: torch.Tensor, params: Tensors, size: tuple[int, int]) -> tuple[torch.Tensor, Tensors]:
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

    >>> convolutions = torch.zeros(2, 1, 3, 4), torch.zeros(4), torch.zeros(1, 2, 4, 2), torch.zeros(2)
    >>> linears = torch.arange(6.0)[:, None], torch.zeros(1), torch.zeros(1, 5), torch.zeros(5)
    >>> x, params = from_channels_last(torch.arange(8.0).reshape(1, 2, 2, 2), convolutions + linears, (1, 3))
    >>> x[0, 1]  # the second channel
    tensor([[1., 3.],
            [5., 7.]])
    >>> params[4]  # three columns of the first channel, then three of the second
    tensor([[0., 2., 4., 1., 3., 5.]])
    >>> [tuple(param.shape) for param in params[::2]]
    [(4, 3, 2, 1), (2, 4, 1, 2), (1, 6), (5, 1)]
    """
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    table = w3.reshape(*size, len(b2), len(b3))  # (h, w, O2, U)
    linears = table.permute(3, 2, 0, 1).flatten(1), b3, w4.T, b4
    return x.permute(0, 3, 1, 2), (w1.permute(3, 2, 0, 1), b1, w2.permute(3, 2, 0, 1), b2, *linears)


class CNN(nn.Module):
    """The same network as a module for 28 × 28 images of one channel: 32 and 64 kernels of 3 × 3, a hidden layer of 64.

    ``CNN(classes)(x)`` gives logits, and ``parameters()`` gives the parameters in the order w1, b1, …, w4, b4.

    >>> CNN(10)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    >>> [tuple(param.shape) for param in CNN(10).parameters()][::2]
    [(32, 1, 3, 3), (64, 32, 3, 3), (64, 1600), (10, 64)]
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.hidden = nn.Linear(64 * 5 * 5, 64)
        self.out = nn.Linear(64, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits, shape (N, classes), of images, shape (N, 1, 28, 28)."""
        pool1 = F.max_pool2d(F.relu(self.conv1(x)), 2)  # (N, 32, 13, 13)
        pool2 = F.max_pool2d(F.relu(self.conv2(pool1)), 2)  # (N, 64, 5, 5)
        return self.out(F.relu(self.hidden(pool2.flatten(1))))


def evaluate(model: nn.Module, x: torch.Tensor, target: torch.Tensor, batch_size: int) -> tuple[float, float]:
    """Return the mean loss and the fraction of right answers of a model in use, and leave it ready for training.

    The images go through the model in batches, since what a convolution remembers of all at once may be too much; what
    is returned does not depend on the size of the batches, although the last one may be smaller. Layers that behave
    otherwise in training must behave here as in use; no graph is built. Afterwards the model is in training mode.

    Args:
        model: returns logits, shape (N, K).
        x: images, shape (N, C, H, W), with N at least 1.
        target: class labels, shape (N,).
        batch_size: how many images go through the model at once.

    Returns:
        (loss, accuracy), Python numbers: the cross-entropy as a mean over all images, and a fraction from 0 to 1.

    >>> model = nn.Sequential(nn.Flatten(), nn.Dropout(0.999))
    >>> x = torch.tensor([[2.0, 1.0], [0.5, 1.0], [3.0, 4.0]]).reshape(3, 1, 1, 2)
    >>> loss, accuracy = evaluate(model, x, torch.tensor([0, 0, 1]), 2)
    >>> round(loss, 4), round(accuracy, 4), model.training
    (0.5335, 0.6667, True)
    """
    loss, right = 0.0, 0
    model.eval()
    with torch.no_grad():
        for images, labels in zip(x.split(batch_size), target.split(batch_size), strict=True):
            logits = model(images)  # (B, K)
            loss += F.cross_entropy(logits, labels, reduction="sum").item()
            right += int((logits.argmax(dim=-1) == labels).sum())
    model.train()
    return loss / len(x), right / len(x)


def fit(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    train_set: Tensors,
    validation_set: Tensors,
    order: torch.Tensor,
    batch_size: int,
) -> list[float]:
    """Train a model with one of PyTorch's optimizers, and leave it as it was after its best epoch.

    The batches are those of ``train``. After every epoch the accuracy on the validation set is taken, of the model as
    in use; the training goes on in training mode. At the end the model has again all that it had after the epoch with
    the highest accuracy (the earliest, if several share it): its parameters, and what else belongs to its state, such
    as the running means of a batch normalization. Gradients that were left on the parameters have no effect.

    Args:
        model: returns logits, shape (N, K); it is changed.
        optimizer: for the parameters of the model; it is changed.
        train_set: (images, labels) to learn from, shapes (N, C, H, W) and (N,).
        validation_set: other images and labels, to choose the epoch by.
        order: int64, shape (epochs, N), one epoch or more.
        batch_size: how many images go through the model at once, also of the validation set.

    Returns:
        The accuracy on the validation set after every epoch, Python numbers.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(2, 2))
    >>> _ = [nn.init.zeros_(param) for param in model.parameters()]
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    >>> x, target = torch.tensor([[3.0, 1.0], [-1.0, 1.0], [1.0, -2.0]]).reshape(3, 1, 1, 2), torch.tensor([0, 1, 0])
    >>> fit(model, optimizer, (x[:1], target[:1]), (x[1:], target[1:]), torch.tensor([[0], [0]]), 1)
    [1.0, 1.0]
    >>> model[1].bias.data  # after the first epoch
    tensor([ 0.2500, -0.2500])
    """
    x, target = train_set
    scores: list[float] = []
    for rows in order:  # (N,)
        model.train()
        for batch in rows.split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), target[batch]).backward()
            optimizer.step()
        scores.append(evaluate(model, *validation_set, batch_size)[1])
        if scores[-1] > max(scores[:-1], default=-1.0):
            kept = copy.deepcopy(model.state_dict())  # which would go on changing otherwise
    model.load_state_dict(kept)
    return scores

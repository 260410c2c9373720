"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import copy

import torch
import torch.nn.functional as F
from cnn_library_torch import adam, conv2d, cross_entropy, linear, max_pool2d, relu
from torch import nn


def _same(x):
    return x


def _pool(x):
    return max_pool2d(x, (2, 2))


def _flat(x):
    return x.flatten(1)


def _forward(x, params, *, bends=(relu, relu, relu), convolve=(conv2d, conv2d), pool=_pool, flat=_flat):
    """Return the logits, some layers done otherwise."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    pool1 = pool(bends[0](convolve[0](x, w1, b1)))
    pool2 = pool(bends[1](convolve[1](pool1, w2, b2)))
    return linear(bends[2](linear(flat(pool2), w3, b3)), w4, b4)


def _grads(x, target, params, loss_of=cross_entropy):
    leaves = [param.detach().requires_grad_() for param in params]
    loss = loss_of(_forward(x, leaves), target)
    return loss.detach(), torch.autograd.grad(loss, leaves)


def _adam(params, grads, exp_avg, exp_avg_sq, step, lr):
    each = zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    return zip(*(adam(*one, step, lr) for one in each), strict=True)


def _step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = _grads(x, target, params)
    return loss, *_adam(params, grads, exp_avg, exp_avg_sq, step, lr)


def _zeros(params):
    return tuple(torch.zeros_like(param) for param in params)


def _trained(x, target, params, batches, lr, one_step=_step, step_of=lambda number: number):
    """Take a step for each of the batches; return the losses and the last parameters."""
    exp_avg = exp_avg_sq = _zeros(params)
    losses = []
    for number, (rows, labels) in enumerate(batches, start=1):
        state = params, exp_avg, exp_avg_sq
        loss, params, exp_avg, exp_avg_sq = one_step(x[rows], target[labels], *state, step_of(number), lr)
        losses.append(loss)
    return torch.stack(losses), params


def _batches(order, batch_size):
    return [batch for rows in order for batch in rows.split(batch_size)]


def _twice(batches):
    return zip(batches, batches, strict=True)


def _scaled(train, other, mean, std):
    return (train - mean) / std, (other - mean) / std


def standardize__sample_deviation(train, other):
    """torch.std divides by one less than the number of values unless told otherwise, which estimates the deviation of a
    larger population. Here it is that of the numbers at hand: std(…, correction=0), as NumPy's."""
    return _scaled(train, other, train.mean((0, 2, 3), keepdim=True), train.std((0, 2, 3), keepdim=True))


def standardize__each_by_its_own(train, other):
    """The other images are scaled by statistics of their own. Then the same pixel means two things in the two sets, and
    a single new image could not be scaled at all. Take mean and deviation of ``train`` for both."""
    return tuple(
        (x - x.mean((0, 2, 3), keepdim=True)) / x.std((0, 2, 3), keepdim=True, correction=0) for x in (train, other)
    )


def standardize__both_together(train, other):
    """Mean and deviation are taken over both sets together, so that the images to be judged by have had a part in what
    is judged. Take them over ``train`` alone."""
    both = torch.cat([train, other])
    return _scaled(train, other, both.mean((0, 2, 3), keepdim=True), both.std((0, 2, 3), keepdim=True, correction=0))


def standardize__all_channels_alike(train, other):
    """One mean and one deviation for all channels. Each channel has its own: keep dimension 1, and reduce over those of
    images, rows and columns."""
    return _scaled(train, other, train.mean(), train.std(correction=0))


def standardize__every_image_for_itself(train, other):
    """Every image is scaled by itself, which throws away how bright it is. The statistics belong to the whole set:
    reduce over dimension 0 too."""
    return tuple((x - x.mean((2, 3), keepdim=True)) / x.std((2, 3), keepdim=True, correction=0) for x in (train, other))


def standardize__in_place(train, other):
    """sub_ and div_ change the caller's tensors: on the second call they are scaled already. Make new ones."""
    mean, std = train.mean((0, 2, 3), keepdim=True), train.std((0, 2, 3), keepdim=True, correction=0)
    return train.sub_(mean).div_(std), other.sub_(mean).div_(std)


def forward__no_first_relu(x, params):
    """There is no relu after the first convolution: relu follows each of them."""
    return _forward(x, params, bends=(_same, relu, relu))


def forward__no_relu_in_the_hidden_layer(x, params):
    """There is no relu between the two linear layers, which together are then just one."""
    return _forward(x, params, bends=(relu, relu, _same))


def forward__softmax_at_the_end(x, params):
    """Softmax is applied, but logits are asked for: cross_entropy does it itself, and would do it a second time."""
    return _forward(x, params).softmax(dim=-1)


def forward__padded_to_the_same_size(x, params):
    """The images are padded before the convolutions, so that more is left to flatten than the linear layer has weights
    for. This network has no padding."""
    padded = (lambda x, w, b: conv2d(x, w, b, (1, 1), tuple(k // 2 for k in w.shape[2:])),) * 2
    return _forward(x, params, convolve=padded)


def forward__bias_along_the_columns(x, params):
    """``out + b`` lines the bias up with the last dimension, the columns. It belongs to the channels: b of shape
    (O, 1, 1), or leave it to conv2d."""
    return _forward(x, params, convolve=(lambda x, w, b: conv2d(x, w) + b, conv2d))


def forward__odd_rows_kept(x, params):
    """A last row or column without a partner gets a window of its own (ceil_mode). Windows that would stick out are
    left out, so the size is halved and rounded down."""
    return _forward(x, params, pool=lambda x: F.max_pool2d(x, 2, ceil_mode=True))


def forward__flattened_with_the_batch(x, params):
    """flatten() flattens the batch too, so that all images become one long row. Keep the first dimension:
    flatten(1)."""
    return _forward(x, params, flat=lambda x: x.flatten())


def forward__flattened_channels_last(x, params):
    """Rows and columns are flattened before the channels. Here the order is channels, rows, columns; another one
    multiplies the right numbers by the wrong weights."""
    return _forward(x, params, flat=lambda x: x.permute(0, 2, 3, 1).flatten(1))


def forward__images_in_the_last_dimension(x, params):
    """reshape(-1, N) and a transposition deal the numbers of one image out over all of them. An image's numbers stand
    together in memory: flatten(1) is right."""
    return _forward(x, params, flat=lambda x: x.reshape(-1, len(x)).T)


def forward__parameters_detached(x, params):
    """The parameters are detached, so that no gradient comes back to them. Compute with them as they are."""
    return _forward(x, [param.detach() for param in params])


def loss_and_grads__loss_summed(x, target, params):
    """The loss and the gradients are sums over the images. They are means, so that the size of the batch does not
    change how large a step is."""
    return _grads(x, target, params, lambda logits, target: cross_entropy(logits, target) * len(logits))


def loss_and_grads__softmax_before_the_loss(x, target, params):
    """The logits go through softmax before cross_entropy, which does it itself: twice is too flat."""
    return _grads(x, target, params, lambda logits, target: cross_entropy(logits.softmax(-1), target))


def loss_and_grads__log_softmax_as_the_loss(x, target, params):
    """The loss has the wrong sign: it is *minus* the log-probability of the right class."""
    return _grads(x, target, params, lambda logits, target: -cross_entropy(logits, target))


def loss_and_grads__graph_kept(x, target, params):
    """The loss that is returned still hangs on its graph: a list of such losses keeps what every layer has computed in
    every step. Return loss.detach()."""
    leaves = [param.detach().requires_grad_() for param in params]
    loss = cross_entropy(_forward(x, leaves), target)
    return loss, torch.autograd.grad(loss, leaves, retain_graph=True)


def loss_and_grads__gradients_pile_up(x, target, params):
    """backward() *adds* to the grad of the parameters, which are the caller's: on the second call the first gradients
    are still there. Use torch.autograd.grad, or leaves of your own."""
    for param in params:
        param.requires_grad_()
    loss = cross_entropy(_forward(x, params), target)
    loss.backward()
    return loss.detach(), tuple(param.grad.clone() for param in params)


def train_step__plain_descent(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The parameters move by lr times the gradient, and Adam's averages are not used: call adam for each parameter."""
    loss, grads = _grads(x, target, params)
    return loss, tuple(p - lr * g for p, g in zip(params, grads, strict=True)), exp_avg, exp_avg_sq


def train_step__state_reset(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Adam starts again from averages of 0 in every step, and remembers nothing. Hand on those that came in."""
    return _step(x, target, params, _zeros(params), _zeros(params), step, lr)


def train_step__always_the_first_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """Adam is told that every step is the first, and corrects its averages as if they had just begun. Hand ``step``
    on."""
    return _step(x, target, params, exp_avg, exp_avg_sq, 1, lr)


def train_step__loss_after_the_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    """The loss is that of the parameters after the step. Asked for is the one before it, which has been computed
    anyway: another forward costs time."""
    _, moved, *state = _step(x, target, params, exp_avg, exp_avg_sq, step, lr)
    return cross_entropy(_forward(x, moved), target), moved, *state


def train__one_order_for_the_labels(x, target, params, order, batch_size, lr):
    """The images are shuffled and the labels are not, so that most images are taught a wrong class. Take the rows of
    the batch from both."""
    places = _batches(torch.arange(len(x), device=x.device).expand(len(order), -1), batch_size)
    return _trained(x, target, params, zip(_batches(order, batch_size), places, strict=True), lr)


def train__short_batch_dropped(x, target, params, order, batch_size, lr):
    """What is left over at the end of an epoch is not trained on (drop_last). The last batch may be smaller than the
    others."""
    batches = [rows for rows in _batches(order, batch_size) if len(rows) == batch_size]
    return _trained(x, target, params, _twice(batches), lr) if batches else (x.new_zeros(0), params)


def train__short_batch_divided_by_batch_size(x, target, params, order, batch_size, lr):
    """The loss of a short batch is divided by batch_size, and not by the images that it has."""

    def one_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
        loss, grads = _grads(x, target, params, lambda a, b: cross_entropy(a, b) * len(b) / batch_size)
        return loss, *_adam(params, grads, exp_avg, exp_avg_sq, step, lr)

    return _trained(x, target, params, _twice(_batches(order, batch_size)), lr, one_step)


def train__adam_starts_again_in_every_epoch(x, target, params, order, batch_size, lr):
    """Adam's averages and its step number start again with every epoch. Set them once, before the first."""
    losses = []
    for rows in order:
        found, params = _trained(x, target, params, _twice(_batches(rows[None], batch_size)), lr)
        losses.append(found)
    return torch.cat(losses), params


def train__step_is_the_epoch(x, target, params, order, batch_size, lr):
    """Adam is told the number of the epoch as the number of the step. It counts updates, batch by batch."""
    batches = _batches(order, batch_size)
    each = len(batches) // len(order)
    return _trained(x, target, params, _twice(batches), lr, step_of=lambda number: (number - 1) // each + 1)


def train__losses_keep_their_graphs(x, target, params, order, batch_size, lr):
    """The losses are collected with their graphs, so that what every step has computed stays in memory. Collect
    loss.detach(), or loss.item()."""

    def one_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
        leaves = [param.detach().requires_grad_() for param in params]
        loss = cross_entropy(_forward(x, leaves), target)
        grads = torch.autograd.grad(loss, leaves, retain_graph=True)
        return loss, *_adam(params, grads, exp_avg, exp_avg_sq, step, lr)

    return _trained(x, target, params, _twice(_batches(order, batch_size)), lr, one_step)


def accuracy__counted(x, target, params):
    """It is the number of right answers. Divide by the number of images."""
    return (_forward(x, params).argmax(dim=-1) == target).sum().item()


def accuracy__in_percent(x, target, params):
    """It is given in percent; a fraction from 0 to 1 is asked for."""
    return 100 * (_forward(x, params).argmax(dim=-1) == target).sum().item() / len(x)


def accuracy__largest_over_the_images(x, target, params):
    """argmax without a dimension looks through all logits of all images at once. Ask for one along the classes:
    dim=-1."""
    return (_forward(x, params).argmax() == target).sum().item() / len(x)


def accuracy__smallest_logit(x, target, params):
    """The smallest logit is taken. Logits are no losses: the largest one says what the network thinks it sees."""
    return (_forward(x, params).argmin(dim=-1) == target).sum().item() / len(x)


def _turned(x, params, size, *, image, kernel, table):
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    return image(x), (kernel(w1), b1, kernel(w2), b2, table(w3, (*size, len(b2), len(b3))), b3, w4.T, b4)


def _image(x):
    return x.permute(0, 3, 1, 2)


def _kernel(w):
    return w.permute(3, 2, 0, 1)


def _table(w, shape):
    return w.reshape(shape).permute(3, 2, 0, 1).flatten(1)


def from_channels_last__images_reshaped(x, params, size):
    """view and reshape leave every number where it lies in memory and only count the dimensions otherwise: pixels of
    all channels get mixed. To move a dimension, permute."""

    def image(x):
        return x.reshape(len(x), x.shape[3], *x.shape[1:3])

    return _turned(x, params, size, image=image, kernel=_kernel, table=_table)


def from_channels_last__kernels_upside_down(x, params, size):
    """Turning all dimensions round makes (O, C, kW, kH) of (kH, kW, C, O): rows and columns of the kernels change
    places too."""
    return _turned(x, params, size, image=_image, kernel=lambda w: w.permute(3, 2, 1, 0), table=_table)


def from_channels_last__images_on_their_side(x, params, size):
    """transpose(1, 3) brings the channels to the front, but exchanges them with the rows: (N, C, W, H), images that lie
    on their side. The rows must stay before the columns."""
    return _turned(x, params, size, image=lambda x: x.transpose(1, 3), kernel=_kernel, table=_table)


def from_channels_last__first_linear_layer_as_it_was(x, params, size):
    """The first linear layer is only transposed. Its inputs are flattened in another order here, channels first: give
    the weights their four dimensions (h, w, O2, U), move them, and flatten again."""
    return _turned(x, params, size, image=_image, kernel=_kernel, table=lambda w, shape: w.T)


class _CNN(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.hidden = nn.Linear(64 * 5 * 5, 64)
        self.out = nn.Linear(64, classes)

    def features(self, x):
        return F.max_pool2d(F.relu(self.conv2(F.max_pool2d(F.relu(self.conv1(x)), 2))), 2)

    def forward(self, x):
        return self.out(F.relu(self.hidden(self.features(x).flatten(1))))


class CNN__flattened_channels_last(_CNN):
    """Rows and columns are flattened before the channels, so that the weights of ``forward`` do not fit. flatten(1)
    takes channels, rows, columns, as the tensor has them."""

    def forward(self, x):
        return self.out(F.relu(self.hidden(self.features(x).permute(0, 2, 3, 1).flatten(1))))


class CNN__no_relu_after_the_convolutions(_CNN):
    """There is no relu after the convolutions: relu follows each of them."""

    def features(self, x):
        return F.max_pool2d(self.conv2(F.max_pool2d(self.conv1(x), 2)), 2)


class CNN__softmax_at_the_end(_CNN):
    """Softmax is applied at the end, but logits are asked for: cross_entropy does it itself."""

    def forward(self, x):
        return super().forward(x).softmax(dim=-1)


class CNN__padded(_CNN):
    """The convolutions have padding, so that more is left to flatten: 7 × 7 in each channel. This network has none, and
    5 × 5 are left."""

    def __init__(self, classes):
        super().__init__(classes)
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.hidden = nn.Linear(64 * 7 * 7, 64)


class CNN__linear_layers_first(_CNN):
    """parameters() gives the parameters in the order in which __init__ sets the layers. Set them in the order in which
    an image goes through them."""

    def __init__(self, classes):
        nn.Module.__init__(self)
        self.out = nn.Linear(64, classes)
        self.hidden = nn.Linear(64 * 5 * 5, 64)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv1 = nn.Conv2d(1, 32, 3)


class CNN__layers_in_a_list(_CNN):
    """A module does not look into a plain list: parameters() does not find these layers, and no optimizer would train
    them. Set them as attributes, or use nn.ModuleList or nn.Sequential."""

    def __init__(self, classes):
        super().__init__(classes)
        generator = torch.Generator().manual_seed(0)
        layers = [self.conv1, self.conv2]
        with torch.no_grad():
            for layer in layers:
                layer.weight.copy_(torch.randn(layer.weight.shape, generator=generator))
                layer.bias.zero_()
        del self.conv1, self.conv2
        self.layers = [layer.double() for layer in layers]

    def features(self, x):
        for layer in self.layers:
            x = F.max_pool2d(F.relu(layer(x)), 2)
        return x


class CNN__graph_cut(_CNN):
    """The convolutions run without a graph (no_grad, detach or .data), so that their parameters get no gradient."""

    def features(self, x):
        return super().features(x).detach()


def _evaluated(model, x, target, batch_size):
    loss, right = 0.0, 0
    for images, labels in zip(x.split(batch_size), target.split(batch_size), strict=True):
        logits = model(images)
        loss += F.cross_entropy(logits, labels, reduction="sum").item()
        right += int((logits.argmax(dim=-1) == labels).sum())
    return loss / len(x), right / len(x)


def evaluate__in_training_mode(model, x, target, batch_size):
    """The model is in training mode while it is judged: dropout drops, and batch normalization looks at the batch. Call
    model.eval() first."""
    with torch.no_grad():
        return _evaluated(model, x, target, batch_size)


def evaluate__builds_a_graph(model, x, target, batch_size):
    """A graph is built, which nobody needs and which keeps what every layer has computed. eval() does not change that:
    use torch.no_grad()."""
    model.eval()
    found = _evaluated(model, x, target, batch_size)
    model.train()
    return found


def evaluate__left_as_in_use(model, x, target, batch_size):
    """The model stays in evaluation mode, so that the next epoch trains without dropout. Call model.train() at the
    end."""
    model.eval()
    with torch.no_grad():
        return _evaluated(model, x, target, batch_size)


def evaluate__mean_of_means(model, x, target, batch_size):
    """The means of the batches are averaged, so that the images of a short last batch weigh more than others. Add sums
    over the images, and divide by their number once, at the end."""
    model.eval()
    with torch.no_grad():
        parts = list(zip(x.split(batch_size), target.split(batch_size), strict=True))
        found = [_evaluated(model, images, labels, batch_size) for images, labels in parts]
    model.train()
    return tuple(sum(one) / len(found) for one in zip(*found, strict=True))


def evaluate__short_batch_dropped(model, x, target, batch_size):
    """The last images, too few for a whole batch, are left out of the sums. They count like all others."""
    model.eval()
    whole = len(x) // batch_size * batch_size
    with torch.no_grad():
        loss, right = _evaluated(model, x[:whole], target[:whole], batch_size) if whole else (0.0, 0.0)
    model.train()
    return loss * whole / len(x), right * whole / len(x)


def evaluate__all_at_once(model, x, target, batch_size):
    """All images go through the model at once, which may be more than the memory holds. Take batch_size of them at a
    time."""
    model.eval()
    with torch.no_grad():
        found = _evaluated(model, x, target, len(x))
    model.train()
    return found


def evaluate__a_sum_of_losses(model, x, target, batch_size):
    """The losses of the batches are added up and not divided by the number of images: the loss grows with the set."""
    model.eval()
    with torch.no_grad():
        loss, right = _evaluated(model, x, target, batch_size)
    model.train()
    return loss * len(x), right


def _fitted(
    model,
    optimizer,
    train_set,
    validation_set,
    order,
    batch_size,
    *,
    score=None,
    keep=lambda model: copy.deepcopy(model.state_dict()),
    better=lambda new, old: new > old,
    zero=True,
    mode=True,
):
    """Fit as the reference does, but for what is said otherwise."""
    x, target = train_set
    scores, chosen, best = [], float("-inf"), None
    for rows in order:
        model.train()
        for batch in rows.split(batch_size):
            if zero:
                optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), target[batch]).backward()
            optimizer.step()
        if mode:
            model.eval()
        with torch.no_grad():
            scores.append(_evaluated(model, *validation_set, batch_size)[1])
            number = scores[-1] if score is None else score(model)
        if better(number, chosen):
            chosen, best = number, keep(model)
    return scores, best


def fit__state_not_copied(model, *args):
    """The model is left as it is after its last epoch. If you did keep the state of the best one: state_dict() holds
    the model's own tensors, which go on changing. Take a copy, copy.deepcopy(model.state_dict()), and load it at the
    end."""
    scores, best = _fitted(model, *args, keep=lambda model: model.state_dict())
    model.load_state_dict(best)
    return scores


def fit__last_of_equals(model, *args):
    """Of several epochs that are equally good, the last one is kept. Keep the first: replace it only by a better one
    (>, not >=)."""
    scores, best = _fitted(model, *args, better=lambda new, old: new >= old)
    model.load_state_dict(best)
    return scores


def fit__buffers_forgotten(model, *args):
    """Only the parameters of the best epoch come back. What the model has counted or averaged (its buffers) belongs to
    it as well: state_dict() has both."""
    scores, best = _fitted(model, *args, keep=lambda model: [one.detach().clone() for one in model.parameters()])
    with torch.no_grad():
        for param, value in zip(model.parameters(), best, strict=True):
            param.copy_(value)
    return scores


def fit__gradients_pile_up(model, *args):
    """Nobody sets the gradients back: backward() adds to those of all steps before. Call optimizer.zero_grad() in every
    step."""
    scores, best = _fitted(model, *args, zero=False)
    model.load_state_dict(best)
    return scores


def fit__validated_in_training_mode(model, *args):
    """The model is in training mode while the validation set is asked. Call model.eval() before, and model.train()
    before the next epoch."""
    scores, best = _fitted(model, *args, mode=False)
    model.load_state_dict(best)
    return scores


def fit__trained_as_in_use(model, optimizer, train_set, validation_set, order, batch_size):
    """The model stays in evaluation mode after the first validation, so that all epochs but the first train without
    dropout and without new running means. Call model.train() before every epoch."""
    model.train()
    train, model.train = model.train, lambda: None
    scores, best = _fitted(model, optimizer, train_set, validation_set, order, batch_size)
    model.train = train
    model.load_state_dict(best)
    return scores


def fit__chosen_on_the_training_set(model, optimizer, train_set, *args):
    """The epoch is chosen by the accuracy on the images that were learned. That one goes up even where the model learns
    them by heart: choose by the validation set."""
    scores, best = _fitted(
        model, optimizer, train_set, *args, score=lambda model: _evaluated(model, *train_set, args[-1])[1]
    )
    model.load_state_dict(best)
    return scores


def fit__validation_builds_a_graph(model, optimizer, train_set, validation_set, order, batch_size):
    """A graph is built for the validation images, which nobody needs and which keeps what every layer has computed. Use
    torch.no_grad()."""
    x, target = train_set
    scores = []
    for rows in order:
        model.train()
        for batch in rows.split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), target[batch]).backward()
            optimizer.step()
        model.eval()
        scores.append(_evaluated(model, *validation_set, batch_size)[1])
        if scores[-1] > max(scores[:-1], default=-1.0):
            best = copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return scores

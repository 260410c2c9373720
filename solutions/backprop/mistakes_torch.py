"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch


def linear__no_transpose(x, weight, bias=None):
    """`x @ weight` pairs x's features with the rows of weight, which are the outputs. A row holds the weights of one
    output, shape (out, in): transpose it first."""
    out = x @ weight
    return out if bias is None else out + bias


def linear__reshaped_weight(x, weight, bias=None):
    """`reshape` or `view` gives the weight the right shape and the wrong order: it reads the same numbers row by row
    into other rows. To swap rows and columns, transpose."""
    out = x @ weight.reshape(weight.shape[::-1])
    return out if bias is None else out + bias


def linear__bias_ignored(x, weight, bias=None):
    """The bias is not added. If there is one, every output gets its own, in every row of the batch."""
    return x @ weight.T


def linear__bias_as_a_condition(x, weight, bias=None):
    """`if bias:` asks a tensor of several numbers for one yes or no (and a bias of 0 would count as no bias). Ask `if
    bias is None`."""
    out = x @ weight.T
    return out + bias if bias else out


def linear__batch_flattened(x, weight, bias=None):
    """The batch dimensions were flattened into one and never restored. `@` works on the last dimension and leaves all
    others alone, so there is nothing to flatten."""
    out = x.reshape(-1, x.shape[-1]) @ weight.T
    return out if bias is None else out + bias


def linear__parameters_left_the_graph(x, weight, bias=None):
    """The values are right, but weight or bias is taken out of autograd's graph, by `.data`, `.detach()` or a new
    tensor: it would never be trained. Compute with the tensors themselves."""
    out = x @ weight.T.detach()
    return out if bias is None else out + bias.detach()


def numerical_gradient__one_sided(f, x, eps=1e-5):
    """The difference is taken on one side only. Its error is of the order of eps, some 1e-5, too much to check a
    gradient by; the central difference, from x - eps to x + eps, has an error of the order of eps²."""
    return _differences(f, x, lambda e: (f(x + eps * e) - f(x)) / eps)


def numerical_gradient__not_halved(f, x, eps=1e-5):
    """The two points are 2·eps apart, and this divides by eps: every slope comes out twice too large."""
    return _differences(f, x, lambda e: (f(x + eps * e) - f(x - eps * e)) / eps)


def numerical_gradient__all_at_once(f, x, eps=1e-5):
    """All elements are moved at once, so every element gets the sum of all slopes. Move one element, and leave the
    others where they are."""
    return torch.ones_like(x) * (f(x + eps) - f(x - eps)) / (2 * eps)


def numerical_gradient__eps_ignored(f, x, eps=1e-5):
    """The argument eps is not used; the step is always 1e-5. Step by eps, and divide by 2·eps."""
    return _differences(f, x, lambda e: (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5)


def numerical_gradient__in_float32(f, x, eps=1e-5):
    """x is copied into a float32 tensor, the default of `torch.zeros` and of `torch.tensor` for a list of numbers.
    There x ± 1e-5 is rounded by up to 6e-8 for x near 1, so that hardly two digits of the slope are right. Keep x's
    dtype, for instance with zeros_like or clone."""
    small = x.float()
    return _differences(f, small, lambda e: (f(small + eps * e) - f(small - eps * e)) / (2 * eps)).double()


def numerical_gradient__shares_memory(f, x, eps=1e-5):
    """Assigning a tensor makes no copy: `up = x` and `up = x.view(-1)` are x itself, so moving an element moves both
    points. Take `x.clone()`."""
    grad = torch.zeros_like(x)
    up = down = x.view(-1)
    for i in range(x.numel()):
        up[i] += eps
        down[i] -= eps
        grad.view(-1)[i] = (f(up.view(x.shape)) - f(down.view(x.shape))) / (2 * eps)
    return grad


def numerical_gradient__not_restored(f, x, eps=1e-5):
    """An element that was moved is not moved back before the next one is, and x is changed when the function returns.
    Keep the old value and put it back, or move a clone."""
    grad, flat = torch.zeros_like(x), x.view(-1)
    for i in range(x.numel()):
        flat[i] += eps
        up = f(x)
        flat[i] -= 2 * eps
        grad.view(-1)[i] = (up - f(x)) / (2 * eps)
    return grad


def mlp_forward__no_relu(x, w1, b1, w2, b2):
    """There is no relu between the layers. Without it two linear layers are one linear layer, however wide."""
    return (x @ w1.T + b1) @ w2.T + b2


def mlp_forward__relu_at_the_end(x, w1, b1, w2, b2):
    """relu is applied to the logits too. They may be negative: classes that are clipped to 0 can no longer be told
    apart, and get no gradient."""
    return ((x @ w1.T + b1).relu() @ w2.T + b2).relu()


def mlp_forward__relu_before_bias(x, w1, b1, w2, b2):
    """relu is applied before the bias is added. The bias belongs to the linear layer: it shifts the place where the
    unit bends."""
    return ((x @ w1.T).relu() + b1) @ w2.T + b2


def mlp_forward__relu_on_the_inputs(x, w1, b1, w2, b2):
    """relu is applied to the inputs. It stands between the layers: on the output of the first."""
    return (x.relu() @ w1.T + b1) @ w2.T + b2


def mlp_forward__no_hidden_bias(x, w1, b1, w2, b2):
    """The bias of the hidden layer is not used, so that all units bend at the origin. Each layer adds its own bias."""
    return (x @ w1.T).relu() @ w2.T + b2


def mlp_forward__softmax(x, w1, b1, w2, b2):
    """The outputs go through a softmax. The network returns logits: cross-entropy takes these, and the softmax is part
    of it."""
    return ((x @ w1.T + b1).relu() @ w2.T + b2).softmax(dim=-1)


def mlp_forward__hidden_left_the_graph(x, w1, b1, w2, b2):
    """The values are right, but the hidden layer is cut off from autograd's graph: `.detach()`, `.data`, `no_grad` or a
    new tensor stands in between, and the first layer would never be trained."""
    return (x @ w1.T + b1).relu().detach() @ w2.T + b2


def mlp_loss_and_grads__gradients_not_averaged(x, target, w1, b1, w2, b2):
    """The loss is a mean over the batch, but its gradients are those of the sum. Divide the gradient of the logits by
    N, once; the rest follows."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(len(x) * grad, pre, hidden, x, w2)


def mlp_loss_and_grads__averaged_in_each_layer(x, target, w1, b1, w2, b2):
    """The 1/N of the mean is applied again in the layers. It comes in once, at the loss; from there the chain rule
    carries it into every gradient, and sums over the batch remain sums."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), tuple(one / len(x) for one in _grads(grad, pre, hidden, x, w2))


def mlp_loss_and_grads__bias_means(x, target, w1, b1, w2, b2):
    """The gradients of the biases are means over the batch. They are sums: the 1/N of the loss is in the upstream
    gradient already."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    grad_w1, grad_b1, grad_w2, grad_b2 = _grads(grad, pre, hidden, x, w2)
    return _loss(logp, target), (grad_w1, grad_b1 / len(x), grad_w2, grad_b2 / len(x))


def mlp_loss_and_grads__updates_before_use(x, target, w1, b1, w2, b2):
    """w2 is updated before the hidden layer's gradient is computed with it. All gradients belong to the same point:
    compute them all with the old weights. And updating is not this function's task."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    w2 -= 0.1 * (grad.T @ hidden)
    return _loss(logp, target), _grads(grad, pre, hidden, x, w2)


def mlp_loss_and_grads__relu_forgotten(x, target, w1, b1, w2, b2):
    """On the way back the gradient passes the relu unchanged. A hidden unit whose input was negative gave 0, whatever
    its input: its gradient is 0."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, torch.ones_like(pre), hidden, x, w2)


def mlp_loss_and_grads__masks_by_the_gradient(x, target, w1, b1, w2, b2):
    """The mask of relu asks where the *gradient* is positive. It is the input of relu, from the forward pass, that
    decides where the gradient passes."""
    _, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, grad @ w2, hidden, x, w2)


def mlp_loss_and_grads__passes_at_0(x, target, w1, b1, w2, b2):
    """Where the input of relu is exactly 0, the gradient passes. Any slope from 0 to 1 could be defended there; the
    convention is 0, so compare with > and not >=."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, (pre >= 0).to(x.dtype), hidden, x, w2)


def mlp_loss_and_grads__softmax_alone(x, target, w1, b1, w2, b2):
    """The gradient of the logits is the softmax alone, which pushes every class down. Subtract 1 at the class that is
    right."""
    pre, hidden, logp, _ = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(logp.exp() / len(x), pre, hidden, x, w2)


def mlp_loss_and_grads__wrong_sign(x, target, w1, b1, w2, b2):
    """All gradients have the wrong sign. A gradient points to where the loss grows, and it is the optimizer that
    subtracts it: softmax minus one-hot."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(-grad, pre, hidden, x, w2)


def mlp_loss_and_grads__divides_by_entries(x, target, w1, b1, w2, b2):
    """The gradient is divided by all N·C logits. The loss is a sum over the classes and a mean over the N rows."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad / logp.shape[1], pre, hidden, x, w2)


def mlp_loss_and_grads__loss_summed(x, target, w1, b1, w2, b2):
    """The gradients are right, but the loss is the sum over the rows. Both belong to the mean: divide the loss by N
    too."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return len(x) * _loss(logp, target), _grads(grad, pre, hidden, x, w2)


def mlp_loss_and_grads__no_shift(x, target, w1, b1, w2, b2):
    """exp of a large logit overflows, and inf/inf is NaN. Use log_softmax, which subtracts the row's maximum first."""
    pre, hidden, _, _ = _network(x, target, w1, b1, w2, b2)
    logits = hidden @ w2.T + b2
    p = logits.exp() / logits.exp().sum(dim=-1, keepdim=True)
    logp = p.log()
    p[torch.arange(len(x)), target] -= 1
    return _loss(logp, target), _grads(p / len(x), pre, hidden, x, w2)


def mlp_loss_and_grads__weights_transposed(x, target, w1, b1, w2, b2):
    """The gradients of the weights came out transposed, as if the weights were (in, out). Each gradient has its
    parameter's shape, here (out, in)."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    grad_w1, grad_b1, grad_w2, grad_b2 = _grads(grad, pre, hidden, x, w2)
    return _loss(logp, target), (grad_w1.T, grad_b1, grad_w2.T, grad_b2)


def tape_forward__sub_reversed(leaves, ops):
    """sub is computed as b - a. The inputs come in order: the second is subtracted from the first."""
    return _values(leaves, ops, sub=lambda a, b: b - a)[-1]


def tape_forward__div_reversed(leaves, ops):
    """div is computed as b / a. The inputs come in order: the first is divided by the second."""
    return _values(leaves, ops, div=lambda a, b: b / a)[-1]


def tape_forward__matmul_elementwise(leaves, ops):
    """matmul is computed element by element. It is the product of two matrices, rows times columns: `@`."""
    return _values(leaves, ops, matmul=torch.mul)[-1]


def tape_forward__sum_over_last_dimension(leaves, ops):
    """sum adds up the last dimension only. Here it is the sum over all elements, a 0-d tensor."""
    return _values(leaves, ops, sum=lambda a: a.sum(dim=-1))[-1]


def tape_forward__mean(leaves, ops):
    """sum is computed as a mean. Nothing is divided by the number of elements."""
    return _values(leaves, ops, sum=torch.mean)[-1]


def tape_forward__absolute(leaves, ops):
    """relu is computed as the absolute value. Negative numbers become 0, they do not change their sign."""
    return _values(leaves, ops, relu=torch.abs)[-1]


def tape_forward__all_values(leaves, ops):
    """All values are returned. Asked for is the last one only."""
    return _values(leaves, ops)


def tape_forward__only_leaves_as_inputs(leaves, ops):
    """The inputs are looked up among the leaves alone. Results are values too, and get the next numbers: append each to
    the list that inputs are looked up in."""
    out = None
    for name, inputs in ops:
        out = _FUNCTIONS[name](*(leaves[i] for i in inputs))
    return out


def tape_forward__in_place(leaves, ops):
    """`+=` writes the sum into the first input, which is still needed: by later operations, by autograd, by the caller.
    Make a new tensor."""
    return _values(leaves, ops, add=lambda a, b: a.add_(b))[-1]


def tape_forward__sum_left_the_graph(leaves, ops):
    """The values are right, but a sum leaves autograd's graph: `.item()` and `float(…)` make a plain number of it, and
    no gradient finds its way back through that. Keep the 0-d tensor."""
    return _values(leaves, ops, sum=lambda a: torch.tensor(a.sum().item(), dtype=a.dtype))[-1]


class ReLU__ignores_upstream(torch.autograd.Function):
    """backward returns the slope alone, 0 or 1. By the chain rule it is multiplied by the upstream gradient,
    grad_output."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return (ctx.saved_tensors[0] > 0).to(grad_output.dtype)


class ReLU__masks_by_the_gradient(torch.autograd.Function):
    """backward lets through where the *gradient* is positive. It is the input of forward that decides: save it in ctx
    and ask there."""

    @staticmethod
    def forward(ctx, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (grad_output > 0)


class ReLU__passes_at_0(torch.autograd.Function):
    """Where x is exactly 0, the gradient passes. Any slope from 0 to 1 could be defended there; the convention is 0, so
    compare with > and not >=."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.saved_tensors[0] >= 0)


class ReLU__passes_everywhere(torch.autograd.Function):
    """backward hands the gradient on unchanged. Where x was negative, the result was 0 whatever x was: there the
    gradient is 0."""

    @staticmethod
    def forward(ctx, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output


class ReLU__times_its_input(torch.autograd.Function):
    """backward multiplies by the saved value where the slope is wanted: 1 where x is positive, else 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0].clamp(min=0)


class ReLU__kept_on_the_class(torch.autograd.Function):
    """What backward needs is kept in one place for all calls: on the class, or in a global. A second application
    overwrites it before the first goes backward. Every application has a ctx of its own: save it there."""

    @staticmethod
    def forward(ctx, x):
        ReLU__kept_on_the_class.x = x
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ReLU__kept_on_the_class.x > 0)


class ReLU__changes_its_input(torch.autograd.Function):
    """forward writes its result into x: `clamp_`, `relu_` or an assignment to x[...]. The caller's tensor is changed.
    Make a new one."""

    @staticmethod
    def forward(ctx, x):
        result = x.clamp(min=0)
        x.copy_(result)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.saved_tensors[0] > 0)


class ReLU__changes_the_upstream_gradient(torch.autograd.Function):
    """backward writes zeros into grad_output itself. It may be handed to other operations too; clone it first, or make
    a new tensor by multiplying with the mask."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        grad_output[ctx.saved_tensors[0] <= 0] = 0
        return grad_output


class ReLU__returns_x(torch.autograd.Function):
    """forward returns x unchanged. It is relu: negative elements become 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.saved_tensors[0] > 0)


_FUNCTIONS = {
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


def _values(leaves, ops, **changed):
    values = list(leaves)
    for name, inputs in ops:
        values.append((_FUNCTIONS | changed)[name](*(values[i] for i in inputs)))
    return values


def _differences(f, x, difference):
    """Return difference(e) for each element, where e is 1 at the element and 0 elsewhere."""
    grad = torch.zeros_like(x)
    for i in range(x.numel()):
        e = torch.zeros_like(x)
        e.view(-1)[i] = 1
        grad.view(-1)[i] = difference(e)
    return grad


def _network(x, target, w1, b1, w2, b2):
    """Return what relu gets and gives, the log-probabilities, and the gradient of the logits."""
    pre = x @ w1.T + b1
    hidden = pre.relu()
    logp = torch.log_softmax(hidden @ w2.T + b2, dim=-1)
    grad = logp.detach().exp()
    grad[torch.arange(len(x)), target] -= 1
    return pre, hidden, logp, grad / len(x)


def _loss(logp, target):
    return -logp[torch.arange(len(logp)), target].mean()


def _grads(grad, pre, hidden, x, w2):
    """Return the gradients of the parameters; relu lets through where ``pre`` is positive."""
    grad_pre = grad @ w2 * (pre > 0)
    return grad_pre.T @ x, grad_pre.sum(dim=0), grad.T @ hidden, grad.sum(dim=0)

"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def linear__no_transpose(x, weight, bias=None):
    """`x @ weight` pairs x's features with the rows of weight, which are the outputs. A row holds the weights of one
    output, shape (out, in): transpose it first."""
    out = x @ weight
    return out if bias is None else out + bias


def linear__reshaped_weight(x, weight, bias=None):
    """`reshape` gives the weight the right shape and the wrong order: it reads the same numbers row by row into other
    rows. To swap rows and columns, transpose."""
    out = x @ weight.reshape(weight.shape[::-1])
    return out if bias is None else out + bias


def linear__bias_ignored(x, weight, bias=None):
    """The bias is not added. If there is one, every output gets its own, in every row of the batch."""
    return x @ weight.T


def linear__bias_never_none(x, weight, bias=None):
    """The bias may be None, and None cannot be added. Add it only if it is there."""
    return x @ weight.T + bias


def linear__bias_as_a_condition(x, weight, bias=None):
    """`if bias:` asks an array of several numbers for one yes or no (and a bias of 0 would count as no bias). Ask `if
    bias is None`."""
    out = x @ weight.T
    return out + bias if bias else out


def linear__batch_flattened(x, weight, bias=None):
    """The batch axes were flattened into one and never restored. `@` works on the last axis and leaves all others
    alone, so there is nothing to flatten."""
    out = x.reshape(-1, x.shape[-1]) @ weight.T
    return out if bias is None else out + bias


def linear_backward__weight_transposed(grad_output, x, weight, bias=None):
    """The gradient of weight came out transposed. It has weight's own shape, (out, in): the upstream gradient's columns
    stand for its rows, and x's for its columns."""
    upstream, rows, grad_bias = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, rows.T @ upstream, grad_bias


def linear_backward__bias_mean(grad_output, x, weight, bias=None):
    """The gradient of the bias is a mean over the batch. The bias is added in every row, so what comes back from the
    rows is summed. Where the loss is a mean, its 1/N has arrived with the upstream gradient already."""
    upstream, rows, _ = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, upstream.T @ rows, None if bias is None else upstream.mean(axis=0)


def linear_backward__averages(grad_output, x, weight, bias=None):
    """The gradients of weight and bias are divided by the size of the batch. The layer itself takes no mean: that
    belongs to the loss, whose 1/N arrives with the upstream gradient."""
    upstream, rows, grad_bias = _rows(grad_output, x, weight, bias)
    count = len(rows)
    return grad_output @ weight, upstream.T @ rows / count, None if bias is None else grad_bias / count


def linear_backward__bias_over_outputs(grad_output, x, weight, bias=None):
    """The bias gradient is summed over the last axis, the outputs. Each output has its own bias; sum over the batch
    axes, and keep the last one."""
    upstream, rows, _ = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, upstream.T @ rows, None if bias is None else grad_output.sum(axis=-1)


def linear_backward__bias_keeps_axis(grad_output, x, weight, bias=None):
    """The bias gradient has kept an axis of length 1. It must have the bias's own shape, (out,): sum without
    keepdims."""
    upstream, rows, _ = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, upstream.T @ rows, None if bias is None else upstream.sum(axis=0, keepdims=True)


def linear_backward__bias_not_summed(grad_output, x, weight, bias=None):
    """The bias gradient has the shape of the output. The bias was broadcast over the batch; on the way back,
    broadcasting becomes a sum over the axes that it added."""
    upstream, rows, _ = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, upstream.T @ rows, None if bias is None else grad_output


def linear_backward__first_batch_axis_only(grad_output, x, weight, bias=None):
    """The bias gradient is summed over axis 0 alone. There may be several batch axes, or none: sum over all but the
    last, for instance after a reshape to (-1, out)."""
    upstream, rows, _ = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, upstream.T @ rows, None if bias is None else grad_output.sum(axis=0)


def linear_backward__matrices_only(grad_output, x, weight, bias=None):
    """`grad_output.T @ x` is right for a matrix x only. With no batch axis it is a single number or an error, with two
    an error or a mixture of rows. Flatten the batch axes into one first."""
    _, _, grad_bias = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, grad_output.T @ x, grad_bias


def linear_backward__x_through_transposed(grad_output, x, weight, bias=None):
    """`grad_output @ weight.T` multiplies outputs by inputs. Forward went through weight.T; back it goes through its
    transpose, which is weight itself: from (…, out) to (…, in)."""
    upstream, rows, grad_bias = _rows(grad_output, x, weight, bias)
    return grad_output @ weight.T, upstream.T @ rows, grad_bias


def linear_backward__absent_bias_left_out(grad_output, x, weight, bias=None):
    """Without a bias this returns two values. There are always three gradients, in the order of the arguments; that of
    an absent bias is None."""
    upstream, rows, grad_bias = _rows(grad_output, x, weight, bias)
    grads = grad_output @ weight, upstream.T @ rows
    return grads if bias is None else (*grads, grad_bias)


def linear_backward__absent_bias_gets_a_gradient(grad_output, x, weight, bias=None):
    """A gradient is returned for a bias that is not there. Return None for it."""
    upstream, rows, _ = _rows(grad_output, x, weight, bias)
    return grad_output @ weight, upstream.T @ rows, upstream.sum(axis=0)


def linear_backward__ignores_upstream(grad_output, x, weight, bias=None):
    """The upstream gradient is taken to be 1 everywhere. Each output matters as much as grad_output says: it takes the
    place of those ones."""
    ones = np.ones_like(grad_output)
    upstream, rows, grad_bias = _rows(ones, x, weight, bias)
    return ones @ weight, upstream.T @ rows, grad_bias


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
    return np.full_like(x, (f(x + eps) - f(x - eps)) / (2 * eps))


def numerical_gradient__eps_ignored(f, x, eps=1e-5):
    """The argument eps is not used; the step is always 1e-5. Step by eps, and divide by 2·eps."""
    return _differences(f, x, lambda e: (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5)


def numerical_gradient__eps_far_too_small(f, x, eps=1e-5):
    """The step is far too small. x ± eps and both values of f are rounded, with relative errors of some 1e-16, and the
    division by 2·eps blows these up: at eps = 1e-12 to some 1e-4. Near eps = 1e-5 this error and the error of the
    formula are both small in float64."""
    return _differences(f, x, lambda e: (f(x + 1e-12 * e) - f(x - 1e-12 * e)) / 2e-12)


def numerical_gradient__relative_step(f, x, eps=1e-5):
    """The step is eps times the element. Here it is eps itself, whatever the size of the element."""
    step = eps * abs(x)
    return _differences(f, x, lambda e: (f(x + step * e) - f(x - step * e)) / (2 * np.sum(step * e)))


def numerical_gradient__flattened(f, x, eps=1e-5):
    """f is given a flat copy of x. It may do anything with its argument, a matrix product for instance, so it must get
    an array of x's own shape."""
    grad, flat = np.zeros_like(x), x.reshape(-1)
    for i in range(x.size):
        up, down = flat.copy(), flat.copy()
        up[i] += eps
        down[i] -= eps
        grad.flat[i] = (f(up) - f(down)) / (2 * eps)
    return grad


def numerical_gradient__not_restored(f, x, eps=1e-5):
    """An element that was moved is not moved back before the next one is, and x is changed when the function returns.
    Keep the old value and put it back, or move a copy."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += eps
        up = f(x)
        x[index] -= 2 * eps
        grad[index] = (up - f(x)) / (2 * eps)
    return grad


def numerical_gradient__restored_inexactly(f, x, eps=1e-5):
    """x is moved back by adding eps again, which rounding does not always undo: x comes back changed in its last bits.
    Save the old value and assign it, or work on a copy."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += eps
        up = f(x)
        x[index] -= 2 * eps
        grad[index] = (up - f(x)) / (2 * eps)
        x[index] += eps
    return grad


def mlp_forward__no_relu(x, w1, b1, w2, b2):
    """There is no relu between the layers. Without it two linear layers are one linear layer, however wide."""
    return (x @ w1.T + b1) @ w2.T + b2


def mlp_forward__relu_at_the_end(x, w1, b1, w2, b2):
    """relu is applied to the logits too. They may be negative: classes that are clipped to 0 can no longer be told
    apart, and get no gradient."""
    return np.maximum(np.maximum(x @ w1.T + b1, 0) @ w2.T + b2, 0)


def mlp_forward__relu_before_bias(x, w1, b1, w2, b2):
    """relu is applied before the bias is added. The bias belongs to the linear layer: it shifts the place where the
    unit bends."""
    return (np.maximum(x @ w1.T, 0) + b1) @ w2.T + b2


def mlp_forward__relu_on_the_inputs(x, w1, b1, w2, b2):
    """relu is applied to the inputs. It stands between the layers: on the output of the first."""
    return (np.maximum(x, 0) @ w1.T + b1) @ w2.T + b2


def mlp_forward__no_hidden_bias(x, w1, b1, w2, b2):
    """The bias of the hidden layer is not used, so that all units bend at the origin. Each layer adds its own bias."""
    return np.maximum(x @ w1.T, 0) @ w2.T + b2


def mlp_forward__sigmoid(x, w1, b1, w2, b2):
    """The hidden layer goes through a sigmoid. This network has relu there."""
    return 1 / (1 + np.exp(-(x @ w1.T + b1))) @ w2.T + b2


def mlp_forward__softmax(x, w1, b1, w2, b2):
    """The outputs go through a softmax. The network returns logits: cross-entropy takes these, and the softmax is part
    of it."""
    return np.exp(_log_softmax(np.maximum(x @ w1.T + b1, 0) @ w2.T + b2))


def mlp_forward__weights_not_transposed(x, w1, b1, w2, b2):
    """The weights are used as if they were (in, out). They are (out, in), a row for each output: transpose."""
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


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
    return _loss(logp, target), _grads(grad, np.ones_like(pre), hidden, x, w2)


def mlp_loss_and_grads__masks_by_the_gradient(x, target, w1, b1, w2, b2):
    """The mask of relu asks where the *gradient* is positive. It is the input of relu, from the forward pass, that
    decides where the gradient passes."""
    _, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, grad @ w2, hidden, x, w2)


def mlp_loss_and_grads__multiplies_by_relu(x, target, w1, b1, w2, b2):
    """The gradient is multiplied by the value of relu. Its derivative is wanted: 1 where the input is positive, else
    0."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, pre, hidden, x, w2, slope=hidden)


def mlp_loss_and_grads__passes_at_0(x, target, w1, b1, w2, b2):
    """Where the input of relu is exactly 0, the gradient passes. Any slope from 0 to 1 could be defended there; the
    convention is 0, so compare with > and not >=."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, pre, hidden, x, w2, slope=pre >= 0)


def mlp_loss_and_grads__uses_what_relu_got(x, target, w1, b1, w2, b2):
    """The gradient of w2 is computed with the hidden layer before relu. The second layer saw what came out of relu:
    its gradient needs that."""
    pre, _, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(grad, pre, pre, x, w2)


def mlp_loss_and_grads__softmax_alone(x, target, w1, b1, w2, b2):
    """The gradient of the logits is the softmax alone, which pushes every class down. Subtract 1 at the class that is
    right."""
    pre, hidden, logp, _ = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), _grads(np.exp(logp) / len(x), pre, hidden, x, w2)


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


def mlp_loss_and_grads__every_row_at_every_label(x, target, w1, b1, w2, b2):
    """`logp[:, target]` is an (N, N) table of all rows at all labels. One entry per row is wanted: pair the rows'
    numbers with their labels."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return -logp[:, target].mean(), _grads(grad, pre, hidden, x, w2)


def mlp_loss_and_grads__no_shift(x, target, w1, b1, w2, b2):
    """exp of a large logit overflows, and inf/inf is NaN. Subtract the row's maximum first; or use _log_softmax, which
    does."""
    pre, hidden, _, _ = _network(x, target, w1, b1, w2, b2)
    logits = hidden @ w2.T + b2
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    logp = np.log(p)
    p[np.arange(len(x)), target] -= 1
    return _loss(logp, target), _grads(p / len(x), pre, hidden, x, w2)


def mlp_loss_and_grads__weights_transposed(x, target, w1, b1, w2, b2):
    """The gradients of the weights came out transposed, as if the weights were (in, out). Each gradient has its
    parameter's shape, here (out, in)."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), tuple(one.T for one in _grads(grad, pre, hidden, x, w2))


def mlp_loss_and_grads__not_nested(x, target, w1, b1, w2, b2):
    """Five values in a row are returned. Two are asked for: the loss, and a tuple of the four gradients."""
    pre, hidden, logp, grad = _network(x, target, w1, b1, w2, b2)
    return _loss(logp, target), *_grads(grad, pre, hidden, x, w2)


def topological_order__by_number(parents):
    """The nodes come back in the order of their numbers. The numbers say nothing: a node's inputs may have larger
    numbers than itself."""
    return list(range(len(parents)))


def topological_order__outputs_first(parents):
    """This is the order of the backward pass: every node before its inputs. Asked for is the order in which values can
    be computed; turn the list round."""
    return _sorted(parents)[::-1]


def topological_order__breadth_first(parents):
    """A search from the outputs, level by level, turned round, is not enough: a node that is met early on a short way
    may also be an input of one that is met later, on a long way. A node may be placed only when all its inputs are."""
    used = {one for inputs in parents for one in inputs}
    order = [node for node in range(len(parents)) if node not in used]
    for node in order:
        order.extend(one for one in dict.fromkeys(parents[node]) if one not in order)
    return order[::-1]


def topological_order__node_before_inputs(parents):
    """A node is appended when it is first met, before its inputs are visited. Append it afterwards, when all of them
    are in the list."""
    order, seen, stack = [], set(), list(range(len(parents)))[::-1]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(parents[node][::-1])
    return order


def topological_order__no_memory(parents):
    """Nodes that are reached in several ways are listed several times. Remember which nodes were visited: each occurs
    once. (Without that memory, a graph of 50 nodes can take years.)"""
    used = {one for inputs in parents for one in inputs}

    def walk(node):
        return [*(found for one in parents[node] for found in walk(one)), node]

    return [found for node in range(len(parents)) if node not in used for found in walk(node)]


def topological_order__from_the_last_node(parents):
    """Only what the last node depends on is in the list. Other nodes may be outputs too, and the last number need not
    be an output: start from every node."""
    order, done = [], set()
    stack = [(len(parents) - 1, False)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            stack.extend((one, False) for one in parents[node])
    return order


def topological_order__recursive(parents):
    """The order is right, but every node on the way to a leaf is one more nested call: long chains end in a
    RecursionError. Keep a stack of your own, or count for each node how many inputs are still missing."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for one in parents[node]:
                visit(one)
            order.append(node)

    for node in range(len(parents)):
        visit(node)
    return order


def topological_order__ready_at_the_first_input(parents):
    """A node is appended as soon as one of its inputs is there. It has to wait for all of them: count how many are
    still missing."""
    order = [node for node, inputs in enumerate(parents) if not inputs]
    for node in order:
        order.extend(user for user, inputs in enumerate(parents) if node in inputs and user not in order)
    return order


def topological_order__repeats_counted_on_one_side(parents):
    """A node that uses the same input twice waits for two inputs, but is told of only one, so it never becomes ready.
    Count repeats on both sides, or on neither."""
    order = [node for node, inputs in enumerate(parents) if not inputs]
    missing = [len(inputs) for inputs in parents]
    users = [[] for _ in parents]
    for node, inputs in enumerate(parents):
        for one in set(inputs):
            users[one].append(node)
    for node in order:
        for user in users[node]:
            missing[user] -= 1
            if not missing[user]:
                order.append(user)
    return order


def topological_order__by_number_of_inputs(parents):
    """The nodes are sorted by how many inputs they have. That says nothing of where the inputs come from."""
    return sorted(range(len(parents)), key=lambda node: len(parents[node]))


def topological_order__by_shortest_way(parents):
    """The nodes are sorted by their shortest distance from a leaf. An input at the end of a longer way comes too late:
    the *longest* way decides."""
    depth = {}
    for node in _sorted(parents):
        depth[node] = 1 + min((depth[one] for one in parents[node]), default=0)
    return sorted(range(len(parents)), key=depth.get)


def tape_forward__sub_reversed(leaves, ops):
    """sub is computed as b - a. The inputs come in order: the second is subtracted from the first."""
    return _values(leaves, ops, sub=lambda a, b: b - a)[-1]


def tape_forward__div_reversed(leaves, ops):
    """div is computed as b / a. The inputs come in order: the first is divided by the second."""
    return _values(leaves, ops, div=lambda a, b: b / a)[-1]


def tape_forward__integer_division(leaves, ops):
    """`//` rounds the quotient down to a whole number. Divide with `/`."""
    return _values(leaves, ops, div=np.floor_divide)[-1]


def tape_forward__matmul_elementwise(leaves, ops):
    """matmul is computed element by element. It is the product of two matrices, rows times columns: `@`."""
    return _values(leaves, ops, matmul=np.multiply)[-1]


def tape_forward__sum_over_last_axis(leaves, ops):
    """sum adds up the last axis only. Here it is the sum over all elements, a 0-d value."""
    return _values(leaves, ops, sum=lambda a: a.sum(axis=-1) if a.ndim else a)[-1]


def tape_forward__sum_keeps_axes(leaves, ops):
    """sum has kept axes of length 1. The sum over all elements is a 0-d value: no keepdims."""
    return _values(leaves, ops, sum=lambda a: a.sum(keepdims=True))[-1]


def tape_forward__mean(leaves, ops):
    """sum is computed as a mean. Nothing is divided by the number of elements."""
    return _values(leaves, ops, sum=np.mean)[-1]


def tape_forward__absolute(leaves, ops):
    """relu is computed as the absolute value. Negative numbers become 0, they do not change their sign."""
    return _values(leaves, ops, relu=np.abs)[-1]


def tape_forward__exp_minus_1(leaves, ops):
    """exp is computed as exp(x) - 1, which NumPy calls expm1."""
    return _values(leaves, ops, exp=np.expm1)[-1]


def tape_forward__log_of_1_plus(leaves, ops):
    """log is computed as log(1 + x), which NumPy calls log1p. It is the natural logarithm of x itself."""
    return _values(leaves, ops, log=np.log1p)[-1]


def tape_forward__all_values(leaves, ops):
    """All values are returned. Asked for is the last one only."""
    return _values(leaves, ops)


def tape_forward__first_operation_only(leaves, ops):
    """The function returns inside the loop, after the first operation. Move the return behind the loop."""
    return _values(leaves, ops[:1])[-1]


def tape_forward__only_leaves_as_inputs(leaves, ops):
    """The inputs are looked up among the leaves alone. Results are values too, and get the next numbers: append each to
    the list that inputs are looked up in."""
    out = None
    for name, inputs in ops:
        out = _run(name, [leaves[i] for i in inputs])
    return out


def tape_forward__in_place(leaves, ops):
    """`+=` writes the sum into the first input, which is still needed: by later operations, by the backward pass, by
    the caller. Make a new array."""

    def add(a, b):
        a += b
        return a

    return _values(leaves, ops, add=add)[-1]


def tape_backward__overwrites(grad_output, leaves, ops):
    """A value that is used several times keeps only the gradient of one use. The contributions of all uses add up: `+=`
    in place of `=`."""
    return _walk(grad_output, leaves, ops, add=lambda old, new: new)


def tape_backward__one_array_for_two(grad_output, leaves, ops):
    """add hands the same array to both of its inputs, and `+=` on one of them then changes the other one too (and
    grad_output, where that is handed on). Make a new array: `grads[i] = grads[i] + …`."""
    values = _values(leaves, ops)
    grads = [None] * len(values)
    grads[-1] = grad_output
    for at, name, inputs in _backwards(leaves, ops):
        if grads[at] is None:
            continue
        for i, part in zip(inputs, _RULES[name](grads[at], values[at], *(values[i] for i in inputs)), strict=True):
            if part.shape != values[i].shape or not part.flags.writeable:
                part = np.array(_unbroadcast(part, values[i].shape))
            grads[i] = part if grads[i] is None else np.add(grads[i], part, out=grads[i])
    return tuple(np.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, grads, strict=False))


def tape_backward__not_unbroadcast(grad_output, leaves, ops):
    """The gradient has the shape of the output, where it needs that of the input. What was broadcast on the way forward
    is summed on the way back, over the axes that were added or stretched."""
    return _walk(grad_output, leaves, ops, unbroadcast=lambda grad, shape: grad)


def tape_backward__added_axes_only(grad_output, leaves, ops):
    """Axes that broadcasting put in front are summed, but not those of length 1 that it stretched. A column (n, 1) that
    met a row was repeated too: sum over that axis, keepdims=True."""

    def unbroadcast(grad, shape):
        return grad.sum(axis=tuple(range(grad.ndim - len(shape))))

    return _walk(grad_output, leaves, ops, unbroadcast=unbroadcast)


def tape_backward__stretched_axes_only(grad_output, leaves, ops):
    """Axes of length 1 that were stretched are summed, but not those that broadcasting put in front: a row (m,) that
    was added to (n, m) still gets a gradient of (n, m). Sum over the leading axes first."""

    def unbroadcast(grad, shape):
        lead = grad.ndim - len(shape)
        axes = tuple(lead + axis for axis, size in enumerate(shape) if size == 1)
        return grad.sum(axis=axes, keepdims=True) if axes else grad

    return _walk(grad_output, leaves, ops, unbroadcast=unbroadcast)


def tape_backward__stretched_axes_dropped(grad_output, leaves, ops):
    """The sum over a stretched axis has dropped it: a column (n, 1) gets a gradient of shape (n,). Keep axes of length
    1 that the input has: keepdims=True."""

    def unbroadcast(grad, shape):
        lead = grad.ndim - len(shape)
        axes = tuple(axis for axis in range(grad.ndim) if axis < lead or shape[axis - lead] == 1 != grad.shape[axis])
        return grad.sum(axis=axes)

    return _walk(grad_output, leaves, ops, unbroadcast=unbroadcast)


def tape_backward__broadcast_means(grad_output, leaves, ops):
    """Broadcast axes are averaged on the way back. Each copy was used, and each use adds its share: sum them."""

    def unbroadcast(grad, shape):
        out = _unbroadcast(grad, shape)
        return out * (out.size / grad.size)

    return _walk(grad_output, leaves, ops, unbroadcast=unbroadcast)


def tape_backward__broadcast_first_copy(grad_output, leaves, ops):
    """Of a gradient that is larger than the input, only the first copy is taken. All copies of a broadcast input
    contribute: sum over them."""

    def unbroadcast(grad, shape):
        grad = grad[(0,) * (grad.ndim - len(shape))]
        return grad[tuple(slice(size) for size in shape)]

    return _walk(grad_output, leaves, ops, unbroadcast=unbroadcast)


def tape_backward__walks_forwards(grad_output, leaves, ops):
    """The operations are walked in the order of the forward pass. The gradient starts at the last value: walk them
    backwards, so that a value's gradient is complete before it is passed on."""
    return _walk(grad_output, leaves, ops, order=lambda steps: steps[::-1])


def tape_backward__starts_with_ones(grad_output, leaves, ops):
    """The last value's gradient starts with ones. That is right for a loss; here the upstream gradient is given: start
    with grad_output."""
    return _walk(np.ones_like(grad_output), leaves, ops)


def tape_backward__none_if_unused(grad_output, leaves, ops):
    """A leaf that the last value does not depend on gets None. Moving it changes nothing, so its gradient is zero: an
    array of zeros of its shape."""
    values = _values(leaves, ops)
    needed = {len(values) - 1}
    for at, _, inputs in _backwards(leaves, ops):
        needed |= set(inputs) if at in needed else set()
    return tuple(g if i in needed else None for i, g in enumerate(_walk(grad_output, leaves, ops)))


def tape_backward__all_values(grad_output, leaves, ops):
    """Gradients of all values are returned. Those of the leaves are asked for: the first ones, as many as there are
    leaves."""
    return _walk(grad_output, leaves, ops, keep=None)


def tape_backward__sub_as_add(grad_output, leaves, ops):
    """sub passes the gradient to both inputs unchanged. If b grows, a - b falls: the second input's gradient has a
    minus."""
    return _walk(grad_output, leaves, ops, sub=lambda g, y, a, b: (g, g))


def tape_backward__mul_by_itself(grad_output, leaves, ops):
    """Each factor's gradient is multiplied by the factor itself. The slope of a·b in a is b: multiply by the *other*
    one."""
    return _walk(grad_output, leaves, ops, mul=lambda g, y, a, b: (g * a, g * b))


def tape_backward__div_by_b(grad_output, leaves, ops):
    """Both inputs of a division get g/b. That is right for the dividend; the derivative of a/b with respect to b is
    -a/b²."""
    return _walk(grad_output, leaves, ops, div=lambda g, y, a, b: (g / b, g / b))


def tape_backward__div_without_minus(grad_output, leaves, ops):
    """The divisor's gradient lacks its minus: if b grows, a/b (with a and b positive) falls. The derivative is
    -a/b²."""
    return _walk(grad_output, leaves, ops, div=lambda g, y, a, b: (g / b, g * y / b))


def tape_backward__div_not_squared(grad_output, leaves, ops):
    """The divisor's gradient is -a/b. The derivative of 1/b is -1/b², so it is -a/b²."""
    return _walk(grad_output, leaves, ops, div=lambda g, y, a, b: (g / b, -g * y))


def tape_backward__matmul_not_transposed(grad_output, leaves, ops):
    """The matrices are not transposed on the way back, so that the shapes fit by accident only. For y = a @ b they are
    g @ b.T and a.T @ g."""
    return _walk(grad_output, leaves, ops, matmul=lambda g, y, a, b: (g @ b, a @ g))


def tape_backward__matmul_elementwise(grad_output, leaves, ops):
    """matmul is differentiated like mul, element by element. Each entry of one matrix meets a whole row or column of
    the other: the gradients are matrix products, too."""
    return _walk(grad_output, leaves, ops, matmul=lambda g, y, a, b: (g * b, g * a))


def tape_backward__relu_masks_by_the_gradient(grad_output, leaves, ops):
    """The mask of relu asks where the *gradient* is positive. Whether it passes depends on relu's input, from the
    forward pass."""
    return _walk(grad_output, leaves, ops, relu=lambda g, y, a: (g * (g > 0),))


def tape_backward__relu_ignores_upstream(grad_output, leaves, ops):
    """relu returns its slope, 0 or 1, without the upstream gradient. The chain rule multiplies the two."""
    return _walk(grad_output, leaves, ops, relu=lambda g, y, a: ((a > 0).astype(a.dtype),))


def tape_backward__relu_passes_at_0(grad_output, leaves, ops):
    """At exactly 0 the gradient of relu passes. Any slope from 0 to 1 could be defended there; the convention is 0:
    compare with > and not >=."""
    return _walk(grad_output, leaves, ops, relu=lambda g, y, a: (g * (a >= 0),))


def tape_backward__exp_times_its_input(grad_output, leaves, ops):
    """exp's gradient is multiplied by its input. exp is its own derivative: multiply by its *result*."""
    return _walk(grad_output, leaves, ops, exp=lambda g, y, a: (g * a,))


def tape_backward__log_divided_by_result(grad_output, leaves, ops):
    """log's gradient is divided by its result. The derivative of log(x) is 1/x: divide by its *input*."""
    return _walk(grad_output, leaves, ops, log=lambda g, y, a: (g / y,))


def tape_backward__sum_stays_scalar(grad_output, leaves, ops):
    """The gradient of a sum stays a single number. Every element was added once, so every element gets that number: an
    array of the input's shape."""

    def add(old, new):
        return old + new if np.any(old) else new

    return _walk(grad_output, leaves, ops, add=add, sum=lambda g, y, a: (g,))


def tape_backward__sum_as_mean(grad_output, leaves, ops):
    """The gradient of a sum is shared out among the elements, as if it were a mean. Moving any one element moves the
    sum by as much: each gets all of it."""
    return _walk(grad_output, leaves, ops, sum=lambda g, y, a: (np.broadcast_to(g / a.size, a.shape),))


class _Tensor:
    """A right answer with the places at which the mistakes differ."""

    def __init__(self, data):
        self.data, self.grad, self.inputs, self.name = data, None, (), ""

    def apply(self, name, *others):
        result = type(self)(_run(name, [self.data, *(one.data for one in others)]))
        result.inputs, result.name = (self, *others), name
        return result

    def __add__(self, other):
        return self.apply("add", other)

    def __sub__(self, other):
        return self.apply("sub", other)

    def __mul__(self, other):
        return self.apply("mul", other)

    def __truediv__(self, other):
        return self.apply("div", other)

    def __matmul__(self, other):
        return self.apply("matmul", other)

    def relu(self):
        return self.apply("relu")

    def exp(self):
        return self.apply("exp")

    def log(self):
        return self.apply("log")

    def sum(self):
        return self.apply("sum")

    def order(self):
        nodes, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for one in node.inputs:
                    visit(one)
                nodes.append(node)

        visit(self)
        return nodes[::-1]

    rules = property(lambda self: _RULES)

    def parts(self, grad):
        parts = self.rules[self.name](grad, self.data, *(one.data for one in self.inputs)) if self.inputs else ()
        return [self.fit(part, one.data.shape) for part, one in zip(parts, self.inputs, strict=True)]

    def fit(self, part, shape):
        return _unbroadcast(part, shape)

    def start(self, grad_output):
        return np.ones_like(self.data) if grad_output is None else grad_output

    def add(self, old, new):
        return new if old is None else old + new

    def keep(self, grad):
        self.grad = grad if self.grad is None else self.grad + grad

    def backward(self, grad_output=None):
        grads = {id(self): self.start(grad_output)}
        for node in self.order():
            if not node.inputs:
                node.keep(grads[id(node)])
            for one, part in zip(node.inputs, node.parts(grads[id(node)]), strict=True):
                grads[id(one)] = self.add(grads.get(id(one)), part)


class Tensor__overwrites(_Tensor):
    """A tensor that is used several times keeps only the gradient of one use. The contributions of all uses add up."""

    def add(self, old, new):
        return new


class Tensor__one_array_for_two(_Tensor):
    """`+=` on a gradient changes the array itself, and `+` has handed the same array to both of its inputs (or it is
    the caller's grad_output): the other one changes too. Make a new array with `old + new`."""

    def fit(self, part, shape):
        return part if part.shape == shape and part.flags.writeable else np.array(_unbroadcast(part, shape))

    def add(self, old, new):
        return new if old is None else np.add(old, new, out=old)


class Tensor__on_the_first_visit(_Tensor):
    """A tensor passes its gradient on as soon as the first contribution arrives, and never passes on what comes later.
    Wait until all of its users are done: walk the graph in topological order, outputs first."""

    def backward(self, grad_output=None):
        grads, done, queue = {id(self): self.start(grad_output)}, set(), [self]
        for node in queue:
            if id(node) in done:
                continue
            done.add(id(node))
            for one, part in zip(node.inputs, node.parts(grads[id(node)]), strict=True):
                grads[id(one)] = self.add(grads.get(id(one)), part)
                queue.append(one)
        for node in {id(one): one for one in queue if not one.inputs}.values():
            node.keep(grads[id(node)])


class Tensor__inner_gradients_left_over(_Tensor):
    """The second call of backward finds the gradients of the first in the inner tensors, and sends them back again.
    Only leaves accumulate over calls; inner gradients start from zero each time."""

    def backward(self, grad_output=None):
        self.grad = self.start(grad_output)
        for node in self.order():
            for one, part in zip(node.inputs, node.parts(node.grad), strict=True):
                one.keep(part)


class Tensor__forgets_earlier_calls(_Tensor):
    """A second call of backward replaces the gradients of the leaves. It adds to them, as in PyTorch: whoever wants to
    start anew sets grad to None."""

    def keep(self, grad):
        self.grad = grad


class Tensor__starts_with_ones(_Tensor):
    """grad_output is not used: the gradient always starts with ones. That is right only where it is left out."""

    def start(self, grad_output):
        return np.ones_like(self.data)


class Tensor__not_unbroadcast(_Tensor):
    """A gradient has the shape of the result, where it needs that of the input. Sum it over the axes along which the
    input was broadcast."""

    def fit(self, part, shape):
        return part


class Tensor__stretched_axes_kept(_Tensor):
    """Axes that broadcasting put in front are summed, but not those of length 1 that it stretched. A column (n, 1) that
    met a row was repeated too: sum over that axis, keepdims=True."""

    def fit(self, part, shape):
        return part.sum(axis=tuple(range(part.ndim - len(shape))))


class Tensor__div_without_minus(_Tensor):
    """The divisor's gradient lacks its minus: the derivative of a/b with respect to b is -a/b²."""

    rules = property(lambda self: {**_RULES, "div": lambda g, y, a, b: (g / b, g * y / b)})


class Tensor__sub_as_add(_Tensor):
    """`-` passes the gradient to both inputs unchanged. If b grows, a - b falls: the second input's gradient has a
    minus."""

    rules = property(lambda self: {**_RULES, "sub": lambda g, y, a, b: (g, g)})


class Tensor__relu_passes_at_0(_Tensor):
    """At exactly 0 the gradient of relu passes. Any slope from 0 to 1 could be defended there; the convention is 0:
    compare with > and not >=."""

    rules = property(lambda self: {**_RULES, "relu": lambda g, y, a: (g * (a >= 0),)})


class Tensor__matmul_not_transposed(_Tensor):
    """The matrices are not transposed on the way back, so that the shapes fit by accident only. For y = a @ b they are
    g @ b.T and a.T @ g."""

    rules = property(lambda self: {**_RULES, "matmul": lambda g, y, a, b: (g @ b, a @ g)})


class Tensor__makes_float64(_Tensor):
    """The values are right, but the data is converted to float64. Keep the array in the dtype in which it was given."""

    def __init__(self, data):
        super().__init__(np.asarray(data, dtype=float))


_RULES = {
    "add": lambda g, y, a, b: (g, g),
    "sub": lambda g, y, a, b: (g, -g),
    "mul": lambda g, y, a, b: (g * b, g * a),
    "div": lambda g, y, a, b: (g / b, -g * y / b),
    "matmul": lambda g, y, a, b: (g @ b.T, a.T @ g),
    "relu": lambda g, y, a: (g * (a > 0),),
    "exp": lambda g, y, a: (g * y,),
    "log": lambda g, y, a: (g / a,),
    "sum": lambda g, y, a: (np.broadcast_to(g, a.shape),),
}
_FUNCTIONS = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "matmul": np.matmul,
    "relu": lambda a: np.maximum(a, 0),
    "exp": np.exp,
    "log": np.log,
    "sum": np.sum,
}


def _run(name, inputs, **changed):
    return (_FUNCTIONS | changed)[name](*inputs)


def _values(leaves, ops, **changed):
    values = list(leaves)
    for name, inputs in ops:
        values.append(_run(name, [values[i] for i in inputs], **changed))
    return values


def _unbroadcast(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def _backwards(leaves, ops):
    return [(len(leaves) + at, name, inputs) for at, (name, inputs) in enumerate(ops)][::-1]


def _walk(grad_output, leaves, ops, *, add=np.add, unbroadcast=_unbroadcast, order=list, keep=len, **changed):
    values = _values(leaves, ops)
    grads = [np.zeros_like(value) for value in values]
    grads[-1] = grad_output
    for at, name, inputs in order(_backwards(leaves, ops)):
        parts = (_RULES | changed)[name](grads[at], values[at], *(values[i] for i in inputs))
        for i, part in zip(inputs, parts, strict=True):
            grads[i] = add(grads[i], unbroadcast(part, values[i].shape))
    return tuple(grads if keep is None else grads[: len(leaves)])


def _differences(f, x, difference):
    """Return difference(e) for each element, where e is 1 at the element and 0 elsewhere."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[index] = 1
        grad[index] = difference(e)
    return grad


def _rows(grad_output, x, weight, bias):
    """Return upstream gradient and inputs with one batch axis, and the right gradient of the bias."""
    upstream, rows = grad_output.reshape(-1, weight.shape[0]), x.reshape(-1, weight.shape[1])
    return upstream, rows, None if bias is None else upstream.sum(axis=0)


def _log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _network(x, target, w1, b1, w2, b2):
    """Return what relu gets and gives, the log-probabilities, and the gradient of the logits."""
    pre = x @ w1.T + b1
    hidden = np.maximum(pre, 0)
    logp = _log_softmax(hidden @ w2.T + b2)
    grad = np.exp(logp)
    grad[np.arange(len(x)), target] -= 1
    return pre, hidden, logp, grad / len(x)


def _loss(logp, target):
    return -logp[np.arange(len(logp)), target].mean()


def _grads(grad, pre, hidden, x, w2, slope=None):
    grad_pre = grad @ w2 * ((pre > 0) if slope is None else slope)
    return grad_pre.T @ x, grad_pre.sum(axis=0), grad.T @ hidden, grad.sum(axis=0)


def _sorted(parents):
    order, done = [], set()
    while len(order) < len(parents):
        ready = [n for n, inputs in enumerate(parents) if n not in done and done.issuperset(inputs)]
        order += ready
        done |= set(ready)
    return order

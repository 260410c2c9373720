"""Random valid calls of the tasks of `conv`, drawn without the plugin."""

import numpy as np


def _pair(rng, low, high):
    """Return a height and a width, each from low to high."""
    return int(rng.integers(low, high + 1)), int(rng.integers(low, high + 1))


def _reach(kernel, dilation=(1, 1)):
    return tuple(d * (k - 1) for k, d in zip(kernel, dilation, strict=True))


def _up_to(rng, most):
    """Return a height and a width of at most these."""
    return tuple(int(rng.integers(0, one + 1)) for one in most)


def _input(rng, reach, padding):
    """Return the height and width of an input that the window fits into."""
    return tuple(
        max(1, r + 1 - 2 * p) + int(rng.integers(0, 6 if r < 4 else 3)) for r, p in zip(reach, padding, strict=True)
    )


def _sliding(rng):
    """Return input, kernel, stride, padding and dilation of a convolution."""
    kernel = _pair(rng, 1, 4)
    dilation = (1, 1) if rng.random() < 0.4 else _pair(rng, 1, 3)
    reach = _reach(kernel, dilation)
    padding = (0, 0) if rng.random() < 0.3 else _up_to(rng, [min(r, 3) for r in reach])
    return _input(rng, reach, padding), kernel, _pair(rng, 1, 4), padding, dilation


def _pooling(rng):
    """Return input, kernel, stride (or None) and padding of a pool."""
    kernel = _pair(rng, 1, 4)
    padding = _up_to(rng, [k // 2 for k in kernel])
    stride = None if rng.random() < 0.3 else _pair(rng, 1, 4)
    return _input(rng, _reach(kernel), padding), kernel, stride, padding


def _outputs(size, kernel, stride, padding, dilation=(1, 1)):
    """Return the height and width of what comes out, counted one place at a time."""
    sides = zip(size, kernel, stride or kernel, padding, dilation, strict=True)
    return tuple(len(range(-p, n + p - d * (k - 1), s)) for n, k, s, p, d in sides)


def _batch(rng):
    return 0 if rng.random() < 0.05 else int(rng.integers(1, 4))


def _call(rng, required, options, defaults):
    """Return the arguments, sometimes without those at the end that are at their defaults anyway."""
    keep = len(options)
    while keep and rng.random() < 0.7 and options[keep - 1] == defaults[keep - 1]:
        keep -= 1
    return *required, *options[:keep]


def _biased(rng, required, count, options, defaults):
    """Put a bias before the options; an absent one is left out only if all options are."""
    if rng.random() < 0.7:
        return _call(rng, (*required, rng.normal(size=count)), options, defaults)
    return _call(rng, required, (None, *options), (None, *defaults))


def _backward(forward, shape):
    """Return the generator of a backward: an upstream gradient of the output's shape before the arguments."""

    def draw(rng):
        args = forward(rng)
        return rng.normal(size=shape(*args)), *args

    return draw


def conv_output_size(rng):
    kernel, stride, padding, dilation = (int(rng.integers(low, 8)) for low in (1, 1, 0, 1))
    size = max(1, dilation * (kernel - 1) + 1 - 2 * padding) + int(rng.integers(0, 40))
    if rng.random() < 0.3:
        return size + 2 * padding, kernel, stride  # it fits without padding and dilation too
    return size, kernel, stride, padding, dilation


def im2col(rng):
    size, kernel, *options = _sliding(rng)
    x = rng.normal(size=(_batch(rng), int(rng.integers(1, 5)), *size))
    return _call(rng, (x, kernel), options, ((1, 1), (0, 0), (1, 1)))


def col2im(rng):
    size, kernel, *options = _sliding(rng)
    h, w = _outputs(size, kernel, *options)
    rows = int(rng.integers(1, 5)) * kernel[0] * kernel[1]
    x = rng.normal(size=(_batch(rng), rows, h * w))
    return _call(rng, (x, size, kernel), options, ((1, 1), (0, 0), (1, 1)))


def _conv(rng, channels, kernels, groups):
    size, kernel, *options = _sliding(rng)
    x = rng.normal(size=(_batch(rng), channels, *size))
    weight = rng.normal(size=(kernels, channels // groups, *kernel))
    return (x, weight), options


def conv2d(rng):
    channels, kernels = _pair(rng, 1, 5)
    required, options = _conv(rng, channels, kernels, 1)
    return _biased(rng, required, kernels, options, ((1, 1), (0, 0), (1, 1)))


def _conv_output(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return len(x), len(weight), *_outputs(x.shape[2:], weight.shape[2:], stride, padding, dilation)


conv2d_backward = _backward(conv2d, _conv_output)


def grouped_conv2d(rng):
    groups = int(rng.integers(1, 5))
    channels, kernels = (groups * count for count in _pair(rng, 1, 3))
    required, options = _conv(rng, channels, kernels, groups)
    return _biased(rng, required, kernels, (*options, groups), ((1, 1), (0, 0), (1, 1), 1))


def _pool_output(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    return *x.shape[:2], *_outputs(x.shape[2:], kernel_size, stride, padding)


def max_pool2d(rng):
    size, kernel, stride, padding = _pooling(rng)
    shape = _batch(rng), int(rng.integers(1, 5)), *size
    x = rng.permutation(int(np.prod(shape))).reshape(shape) - rng.choice([0.5, 100.5, 1000.5])  # no ties
    return _call(rng, (x, kernel), (stride, padding), (None, (0, 0)))


def _max_pool_with_ties(rng):
    x, *rest = max_pool2d(rng)
    return np.round(x / 5) if rng.random() < 0.3 else x, *rest


max_pool2d_backward = _backward(_max_pool_with_ties, _pool_output)


def avg_pool2d(rng):
    size, kernel, stride, padding = _pooling(rng)
    x = rng.normal(size=(_batch(rng), int(rng.integers(1, 5)), *size))
    return _call(rng, (x, kernel), (stride, padding, bool(rng.integers(2))), (None, (0, 0), True))


avg_pool2d_backward = _backward(avg_pool2d, _pool_output)


def conv_transpose2d(rng):
    kernel, stride, size = _pair(rng, 1, 4), _pair(rng, 1, 4), _pair(rng, 1, 6)
    extra = (0, 0) if rng.random() < 0.3 else _up_to(rng, [s - 1 for s in stride])
    # At most what leaves one row and one column.
    spans = [((n - 1) * s + k + e - 1) // 2 for n, s, k, e in zip(size, stride, kernel, extra, strict=True)]
    padding = (0, 0) if rng.random() < 0.3 else _up_to(rng, [min(k - 1, s) for k, s in zip(kernel, spans, strict=True)])
    channels, kernels = _pair(rng, 1, 5)
    x, weight = rng.normal(size=(_batch(rng), channels, *size)), rng.normal(size=(channels, kernels, *kernel))
    return _biased(rng, (x, weight), kernels, (stride, padding, extra), ((1, 1), (0, 0), (0, 0)))


def _transpose_output(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    sides = zip(x.shape[2:], weight.shape[2:], stride, padding, output_padding, strict=True)
    return len(x), weight.shape[1], *((n - 1) * s - 2 * p + k + e for n, k, s, p, e in sides)


conv_transpose2d_backward = _backward(conv_transpose2d, _transpose_output)

"""Other right answers in NumPy."""

import math

import numpy as np


def conv_output_size__rounded_down(size, kernel_size, stride=1, padding=0, dilation=1):
    return math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)


def conv_output_size__counted(size, kernel_size, stride=1, padding=0, dilation=1):
    last = size + padding - 1
    return sum(start + dilation * (kernel_size - 1) <= last for start in range(-padding, last + 1, stride))


def _sizes(x, kernel_size, stride, padding, dilation=(1, 1)):
    """Return H_out and W_out."""
    sides = zip(x.shape[2:], kernel_size, stride, padding, dilation, strict=True)
    return [(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in sides]


def _pad(x, padding, value=0.0):
    """Pad without np.pad."""
    n, c, h, w = x.shape
    out = np.full((n, c, h + 2 * padding[0], w + 2 * padding[1]), value, dtype=x.dtype)
    out[:, :, padding[0] : padding[0] + h, padding[1] : padding[1] + w] = x
    return out


def _seen(padded, i, j, kernel_size, stride, dilation=(1, 1)):
    """Return what the window at place (i, j) sees, (N, C, kH, kW): a view."""
    top, left = i * stride[0], j * stride[1]
    bottom, right = (a + d * (k - 1) + 1 for a, d, k in zip((top, left), dilation, kernel_size, strict=True))
    return padded[:, :, top : bottom : dilation[0], left : right : dilation[1]]


def im2col__loop_over_places(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (h, w), padded = _sizes(x, kernel_size, stride, padding, dilation), _pad(x, padding)
    out = np.zeros((x.shape[0], x.shape[1] * kernel_size[0] * kernel_size[1], h * w), dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            out[:, :, i * w + j] = _seen(padded, i, j, kernel_size, stride, dilation).reshape(out.shape[:2])
    return out


def im2col__loop_over_kernel(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (kh, kw), (sh, sw), (dh, dw) = kernel_size, stride, dilation
    (h, w), padded = _sizes(x, kernel_size, stride, padding, dilation), _pad(x, padding)
    out = np.empty((*x.shape[:2], kh, kw, h, w), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            out[:, :, i, j] = padded[:, :, i * dh : i * dh + h * sh : sh, j * dw : j * dw + w * sw : sw]
    return out.reshape(x.shape[0], x.shape[1] * kh * kw, h * w)


def _rows_and_columns(x_shape, kernel_size, stride, padding, dilation):
    """Return the row, the column and the channel of every element of every column, in the padded images."""
    c, (kh, kw) = x_shape[1], kernel_size
    h, w = _sizes(np.empty((0, *x_shape[1:])), kernel_size, stride, padding, dilation)
    rows = np.tile(np.repeat(np.arange(kh), kw), c)[:, None] * dilation[0] + stride[0] * np.repeat(np.arange(h), w)
    columns = np.tile(np.arange(kw), kh * c)[:, None] * dilation[1] + stride[1] * np.tile(np.arange(w), h)
    return np.repeat(np.arange(c), kh * kw)[:, None], rows, columns


def im2col__fancy_indices(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    channels, rows, columns = _rows_and_columns(x.shape, kernel_size, stride, padding, dilation)
    return np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))[:, channels, rows, columns]


def im2col__as_strided(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (h, w), padded = _sizes(x, kernel_size, stride, padding, dilation), _pad(x, padding)
    n, c, down, across = padded.strides
    strides = n, c, down * dilation[0], across * dilation[1], down * stride[0], across * stride[1]
    shape = *x.shape[:2], *kernel_size, h, w
    windows = np.lib.stride_tricks.as_strided(padded, shape, strides, writeable=False)
    return windows.reshape(x.shape[0], math.prod(shape[1:4]), h * w)


def col2im__add_at(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (top, left), (h, w) = padding, output_size
    image = np.zeros((len(x), x.shape[1] // math.prod(kernel_size), h + 2 * top, w + 2 * left), dtype=x.dtype)
    channels, rows, columns = _rows_and_columns((0, image.shape[1], h, w), kernel_size, stride, padding, dilation)
    np.add.at(image, (slice(None), channels, rows, columns), x)
    return image[:, :, top : top + h, left : left + w]


def col2im__loop_over_places(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    n, c = len(x), x.shape[1] // (kernel_size[0] * kernel_size[1])
    out = np.zeros((n, c, *output_size), dtype=x.dtype)
    padded = _pad(out, padding)
    h, w = _sizes(out, kernel_size, stride, padding, dilation)
    for i in range(h):
        for j in range(w):
            window = _seen(padded, i, j, kernel_size, stride, dilation)
            window += x[:, :, i * w + j].reshape(window.shape)
    return padded[:, :, padding[0] : padding[0] + output_size[0], padding[1] : padding[1] + output_size[1]].copy()


def col2im__slices(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (kh, kw), (sh, sw), (dh, dw), (top, left), (height, width) = kernel_size, stride, dilation, padding, output_size
    n, c = len(x), x.shape[1] // (kh * kw)
    image = np.zeros((n, c, height + 2 * top, width + 2 * left), dtype=x.dtype)
    h = (height + 2 * top - dh * (kh - 1) - 1) // sh + 1
    w = (width + 2 * left - dw * (kw - 1) - 1) // sw + 1
    elements = x.reshape(n, c, kh, kw, h, w)
    for i in reversed(range(kh)):
        for j in reversed(range(kw)):
            image[:, :, i * dh : i * dh + h * sh : sh, j * dw : j * dw + w * sw : sw] += elements[:, :, i, j]
    return image[:, :, top : height + top, left : width + left]


def conv2d__loops(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kernel = weight.shape[2:]
    (h, w), padded = _sizes(x, kernel, stride, padding, dilation), _pad(x, padding)
    out = np.zeros((len(x), len(weight), h, w), dtype=x.dtype)
    for o in range(len(weight)):
        for i in range(h):
            for j in range(w):
                out[:, o, i, j] = (_seen(padded, i, j, kernel, stride, dilation) * weight[o]).sum(axis=(1, 2, 3))
        if bias is not None:
            out[:, o] += bias[o]
    return out


def conv2d__pixel_by_pixel(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kernel = weight.shape[2:]
    (h, w), padded = _sizes(x, kernel, stride, padding, dilation), _pad(x, padding)
    out = np.empty((len(x), len(weight), h, w), dtype=x.dtype)
    for n, o, i, j in np.ndindex(*out.shape):
        seen = _seen(padded[n : n + 1], i, j, kernel, stride, dilation)[0]
        out[n, o, i, j] = np.sum(seen * weight[o]) + (0 if bias is None else bias[o])
    return out


def conv2d__sum_over_kernel(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kernel = weight.shape[2:]
    (h, w), padded = _sizes(x, kernel, stride, padding, dilation), _pad(x, padding)
    out = np.zeros((len(x), len(weight), h, w), dtype=x.dtype)
    for i, j in np.ndindex(*kernel):
        top, left = i * dilation[0], j * dilation[1]
        seen = padded[:, :, top : top + h * stride[0] : stride[0], left : left + w * stride[1] : stride[1]]
        out += np.einsum("nchw,oc->nohw", seen, weight[:, :, i, j])
    return out if bias is None else out + bias.reshape(1, -1, 1, 1)


def conv2d__tensordot(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    columns = im2col__loop_over_kernel(x, weight.shape[2:], stride, padding, dilation)
    out = np.tensordot(weight.reshape(len(weight), -1), columns, axes=(1, 1)).swapaxes(0, 1)  # (N, O, L)
    out = out.reshape(len(x), len(weight), *_sizes(x, weight.shape[2:], stride, padding, dilation))
    if bias is not None:
        out += bias[None, :, None, None]
    return out


def conv2d__fourier(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (kh, kw), (dh, dw) = weight.shape[2:], dilation
    padded = _pad(x, padding)
    spread = np.zeros((*weight.shape[:2], dh * (kh - 1) + 1, dw * (kw - 1) + 1), dtype=x.dtype)
    spread[:, :, ::dh, ::dw] = weight
    size = padded.shape[2:]
    if len(x) == 0:
        return np.zeros((0, len(weight), *_sizes(x, (kh, kw), stride, padding, dilation)), dtype=x.dtype)
    images, kernels = np.fft.rfft2(padded.astype(np.float64)), np.fft.rfft2(spread.astype(np.float64), s=size)
    product = np.einsum("nchw,ochw->nohw", images, np.conj(kernels))
    out = np.fft.irfft2(product, s=size)[
        :, :, : size[0] - dh * (kh - 1) : stride[0], : size[1] - dw * (kw - 1) : stride[1]
    ]
    return (out if bias is None else out + bias[:, None, None]).astype(x.dtype)


def conv2d_backward__loops(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kernel, padded = weight.shape[2:], _pad(x, padding)
    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    for i, j in np.ndindex(*grad_output.shape[2:]):
        upstream = grad_output[:, :, i, j]  # (N, O)
        seen = _seen(padded, i, j, kernel, stride, dilation)
        grad_weight += np.einsum("no,ncij->ocij", upstream, seen)
        sent = _seen(grad_padded, i, j, kernel, stride, dilation)
        sent += np.einsum("no,ocij->ncij", upstream, weight)
    (top, left), (h, w) = padding, x.shape[2:]
    grad_bias = grad_output.sum(axis=3).sum(axis=2).sum(axis=0) if bias is not None else None
    return grad_padded[:, :, top : top + h, left : left + w], grad_weight, grad_bias


def conv2d_backward__full_convolution(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """Slide the turned kernels over the upstream gradient, spread by the stride; then x's windows over it."""
    (n, o, h, w), (kh, kw), (dh, dw) = grad_output.shape, weight.shape[2:], dilation
    padded = _pad(x, padding)
    reach = dh * (kh - 1), dw * (kw - 1)
    spread = np.zeros((n, o, padded.shape[2] - reach[0], padded.shape[3] - reach[1]), dtype=x.dtype)
    spread[:, :, : h * stride[0] : stride[0], : w * stride[1] : stride[1]] = grad_output
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)  # (C, O, kH, kW)
    grad_padded = conv2d__sum_over_kernel(spread, turned, None, (1, 1), reach, dilation)
    grad_x = grad_padded[:, :, padding[0] : padding[0] + x.shape[2], padding[1] : padding[1] + x.shape[3]]
    grad_weight = conv2d__sum_over_kernel(padded.swapaxes(0, 1), spread.swapaxes(0, 1))[:, :, ::dh, ::dw].swapaxes(0, 1)
    return grad_x, grad_weight, None if bias is None else np.einsum("nohw->o", grad_output)


def max_pool2d__loops(x, kernel_size, stride=None, padding=(0, 0)):
    stride = kernel_size if stride is None else stride
    (h, w), padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding, -np.inf)
    out = np.zeros((*x.shape[:2], h, w), dtype=x.dtype)
    for i, j in np.ndindex(h, w):
        out[:, :, i, j] = _seen(padded, i, j, kernel_size, stride).max(axis=(2, 3))
    return out


def max_pool2d__running_maximum(x, kernel_size, stride=None, padding=(0, 0)):
    stride = kernel_size if stride is None else stride
    (h, w), padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding, np.finfo(x.dtype).min)
    out = np.full((*x.shape[:2], h, w), -np.inf, dtype=x.dtype)
    for i, j in np.ndindex(*kernel_size):
        seen = padded[:, :, i : i + h * stride[0] : stride[0], j : j + w * stride[1] : stride[1]]
        np.maximum(out, seen, out=out)
    return out


def max_pool2d__without_padding(x, kernel_size, stride=None, padding=(0, 0)):
    stride = kernel_size if stride is None else stride
    h, w = _sizes(x, kernel_size, stride, padding)
    out = np.zeros((*x.shape[:2], h, w), dtype=x.dtype)
    for i, j in np.ndindex(h, w):
        top, left = i * stride[0] - padding[0], j * stride[1] - padding[1]
        rows = slice(max(top, 0), top + kernel_size[0])
        columns = slice(max(left, 0), left + kernel_size[1])
        out[:, :, i, j] = x[:, :, rows, columns].max(axis=(2, 3))
    return out


def max_pool2d_backward__loops(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    stride = stride or kernel_size
    padded, grad = _pad(x, padding, -np.inf), _pad(np.zeros_like(x), padding)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        top, left = i * stride[0], j * stride[1]
        seen = padded[n, c, top : top + kernel_size[0], left : left + kernel_size[1]]
        row, column = np.unravel_index(np.argmax(seen), seen.shape)
        grad[n, c, top + row, left + column] += grad_output[n, c, i, j]
    return grad[:, :, padding[0] : padding[0] + x.shape[2], padding[1] : padding[1] + x.shape[3]]


def max_pool2d_backward__add_at(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    stride = stride or kernel_size
    n, c, h, w = grad_output.shape
    columns = im2col__loop_over_kernel(_pad(x, padding, -np.inf), kernel_size, stride)
    best = columns.reshape(n, c, kernel_size[0] * kernel_size[1], h, w).argmax(axis=2)  # (N, C, oH, oW)
    grad = _pad(np.zeros_like(x), padding)
    images, channels, i, j = np.ogrid[:n, :c, :h, :w]
    rows = i * stride[0] + best // kernel_size[1]
    np.add.at(grad, (images, channels, rows, j * stride[1] + best % kernel_size[1]), grad_output)
    return grad[:, :, padding[0] : padding[0] + x.shape[2], padding[1] : padding[1] + x.shape[3]]


def avg_pool2d__loops(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    stride = stride or kernel_size
    (h, w), padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding)
    real = _pad(np.ones((1, 1, *x.shape[2:]), dtype=x.dtype), padding)
    out = np.zeros((*x.shape[:2], h, w), dtype=x.dtype)
    for i, j in np.ndindex(h, w):
        count = math.prod(kernel_size) if count_include_pad else _seen(real, i, j, kernel_size, stride).sum()
        out[:, :, i, j] = _seen(padded, i, j, kernel_size, stride).sum(axis=(2, 3)) / count
    return out


def avg_pool2d__mean_of_what_is_there(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    stride = stride or kernel_size
    (h, w), padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding)
    bounds = (
        (0, 0, *padded.shape[2:])
        if count_include_pad
        else (*padding, *(p + n for p, n in zip(padding, x.shape[2:], strict=True)))
    )
    out = np.empty((*x.shape[:2], h, w), dtype=x.dtype)
    for i, j in np.ndindex(h, w):
        top, left = max(i * stride[0], bounds[0]), max(j * stride[1], bounds[1])
        bottom, right = min(i * stride[0] + kernel_size[0], bounds[2]), min(j * stride[1] + kernel_size[1], bounds[3])
        out[:, :, i, j] = padded[:, :, top:bottom, left:right].mean(axis=(2, 3))
    return out


def avg_pool2d__summed_area_table(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    (kh, kw), (sh, sw) = kernel_size, stride or kernel_size

    def sums(images):
        table = np.pad(_pad(images, padding), ((0, 0), (0, 0), (1, 0), (1, 0))).cumsum(axis=2).cumsum(axis=3)
        every = table[:, :, kh:, kw:] - table[:, :, :-kh, kw:] - table[:, :, kh:, :-kw] + table[:, :, :-kh, :-kw]
        return every[:, :, ::sh, ::sw]

    return sums(x) / (kh * kw if count_include_pad else sums(np.ones((1, 1, *x.shape[2:]), dtype=x.dtype)))


def avg_pool2d_backward__loops(grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    stride = stride or kernel_size
    grad = _pad(np.zeros_like(x), padding)
    real = _pad(np.ones((1, 1, *x.shape[2:]), dtype=x.dtype), padding)
    for i, j in np.ndindex(*grad_output.shape[2:]):
        count = kernel_size[0] * kernel_size[1] if count_include_pad else _seen(real, i, j, kernel_size, stride).sum()
        window = _seen(grad, i, j, kernel_size, stride)
        window += grad_output[:, :, i, j, None, None] / count
    return grad[:, :, padding[0] : padding[0] + x.shape[2], padding[1] : padding[1] + x.shape[3]]


def avg_pool2d_backward__over_kernel(grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    (kh, kw), (sh, sw) = kernel_size, stride or kernel_size
    (h, w), (top, left) = grad_output.shape[2:], padding
    grad, counts = _pad(np.zeros_like(x), padding), np.full((h, w), kh * kw, dtype=x.dtype)
    if not count_include_pad:
        rows = [min(i * sh + kh, top + x.shape[2]) - max(i * sh, top) for i in range(h)]
        columns = [min(j * sw + kw, left + x.shape[3]) - max(j * sw, left) for j in range(w)]
        counts = np.outer(rows, columns).astype(x.dtype)
    for i, j in np.ndindex(kh, kw):
        grad[:, :, i : i + h * sh : sh, j : j + w * sw : sw] += grad_output / counts
    return grad[:, :, top : top + x.shape[2], left : left + x.shape[3]]


def grouped_conv2d__concatenated(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    c, o = x.shape[1] // groups, len(weight) // groups
    parts = [
        conv2d__sum_over_kernel(x[:, g * c : (g + 1) * c], weight[g * o : (g + 1) * o], None, stride, padding, dilation)
        for g in range(groups)
    ]
    out = np.concatenate(parts, axis=1)
    return out if bias is None else out + bias[:, None, None]


def grouped_conv2d__block_diagonal(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    o, c = len(weight) // groups, weight.shape[1]
    full = np.zeros((len(weight), c * groups, *weight.shape[2:]), dtype=weight.dtype)
    for g in range(groups):
        full[g * o : (g + 1) * o, g * c : (g + 1) * c] = weight[g * o : (g + 1) * o]
    return conv2d__tensordot(x, full, bias, stride, padding, dilation)


def grouped_conv2d__kernel_by_kernel(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    kernel, c = weight.shape[2:], weight.shape[1]
    (h, w), padded = _sizes(x, kernel, stride, padding, dilation), _pad(x, padding)
    out = np.zeros((len(x), len(weight), h, w), dtype=x.dtype)
    for o, i, j in np.ndindex(len(weight), h, w):
        first = o // (len(weight) // groups) * c
        seen = _seen(padded[:, first : first + c], i, j, kernel, stride, dilation)
        out[:, o, i, j] = (seen * weight[o]).sum(axis=(1, 2, 3)) + (0 if bias is None else bias[o])
    return out


def _transposed_size(x, weight, stride, padding, output_padding):
    sides = zip(x.shape[2:], weight.shape[2:], stride, padding, output_padding, strict=True)
    return [(n - 1) * s - 2 * p + k + extra for n, k, s, p, extra in sides]


def conv_transpose2d__laid_down(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    (h, w), (kh, kw) = _transposed_size(x, weight, stride, padding, output_padding), weight.shape[2:]
    canvas = np.zeros((len(x), weight.shape[1], h + 2 * padding[0], w + 2 * padding[1]), dtype=x.dtype)
    for i, j in np.ndindex(*x.shape[2:]):
        top, left = i * stride[0], j * stride[1]
        canvas[:, :, top : top + kh, left : left + kw] += np.einsum("nc,coij->noij", x[:, :, i, j], weight)
    out = canvas[:, :, padding[0] : padding[0] + h, padding[1] : padding[1] + w]
    return out if bias is None else out + bias[:, None, None]


def conv_transpose2d__convolution_of_spread_input(
    x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    (n, c, h, w), (kh, kw) = x.shape, weight.shape[2:]
    spread = np.zeros((n, c, (h - 1) * stride[0] + 1, (w - 1) * stride[1] + 1), dtype=x.dtype)
    spread[:, :, :: stride[0], :: stride[1]] = x
    before = kh - 1 - padding[0], kw - 1 - padding[1]
    after = before[0] + output_padding[0], before[1] + output_padding[1]
    spread = np.pad(spread, ((0, 0), (0, 0), (before[0], after[0]), (before[1], after[1])))
    return conv2d__sum_over_kernel(spread, weight.swapaxes(0, 1)[..., ::-1, ::-1], bias)


def conv_transpose2d_backward__as_a_convolution(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    grad_x = conv2d__sum_over_kernel(grad_output, weight, None, stride, padding)
    (kh, kw), (h, w), padded = weight.shape[2:], x.shape[2:], _pad(grad_output, padding)
    grad_weight = np.zeros_like(weight)
    for i, j in np.ndindex(kh, kw):
        met = padded[:, :, i : i + h * stride[0] : stride[0], j : j + w * stride[1] : stride[1]]
        grad_weight[:, :, i, j] = np.tensordot(x, met, axes=((0, 2, 3), (0, 2, 3)))
    return grad_x, grad_weight, grad_output.sum((0, 2, 3)) if bias is not None else None


def conv_transpose2d_backward__loops(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    grad_x, grad_weight, padded = np.zeros_like(x), np.zeros_like(weight), _pad(grad_output, padding)
    for i, j in np.ndindex(*x.shape[2:]):
        seen = _seen(padded, i, j, weight.shape[2:], stride)  # (N, O, kH, kW)
        grad_x[:, :, i, j] = np.einsum("noij,coij->nc", seen, weight)
        grad_weight += np.einsum("noij,nc->coij", seen, x[:, :, i, j])
    return grad_x, grad_weight, None if bias is None else grad_output.sum(axis=(0, 2, 3))

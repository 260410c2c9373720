"""Other right answers in PyTorch."""

import torch
from torch.nn import functional


def _sizes(x, kernel_size, stride, padding, dilation=(1, 1)):
    """Return H_out and W_out."""
    sides = zip(x.shape[2:], kernel_size, stride, padding, dilation, strict=True)
    return [(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in sides]


def _pad(x, padding, value=0.0):
    return functional.pad(x, (padding[1], padding[1], padding[0], padding[0]), value=value)


def _seen(padded, i, j, kernel_size, stride, dilation=(1, 1)):
    """Return what the window at place (i, j) sees, (N, C, kH, kW): a view."""
    top, left = i * stride[0], j * stride[1]
    bottom, right = (a + d * (k - 1) + 1 for a, d, k in zip((top, left), dilation, kernel_size, strict=True))
    return padded[:, :, top : bottom : dilation[0], left : right : dilation[1]]


def _element(padded, i, j, places, stride, dilation=(1, 1)):
    """Return the pixel that meets weight (i, j) at every place, (N, C, oH, oW): a view."""
    top, left = i * dilation[0], j * dilation[1]
    return padded[:, :, top : top + places[0] * stride[0] : stride[0], left : left + places[1] * stride[1] : stride[1]]


def im2col__loop_over_places(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (h, w), padded = _sizes(x, kernel_size, stride, padding, dilation), _pad(x, padding)
    columns = [
        _seen(padded, i, j, kernel_size, stride, dilation).flatten(start_dim=1) for i in range(h) for j in range(w)
    ]
    return torch.stack(columns, dim=-1)


def im2col__loop_over_kernel(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (kh, kw), padded = kernel_size, _pad(x, padding)
    places = _sizes(x, kernel_size, stride, padding, dilation)
    rows = [_element(padded, i, j, places, stride, dilation) for i in range(kh) for j in range(kw)]
    return torch.stack(rows, dim=2).flatten(3).flatten(1, 2)


def im2col__filled_in_place(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (h, w), padded = _sizes(x, kernel_size, stride, padding, dilation), _pad(x, padding)
    out = torch.zeros(len(x), x.shape[1] * kernel_size[0] * kernel_size[1], h * w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            out[:, :, i * w + j] = _seen(padded, i, j, kernel_size, stride, dilation).reshape(out.shape[:2])
    return out


def _indices(x, kernel_size, stride, padding, dilation):
    """Return the number, in a padded channel, of each element of each place, (kH·kW, L)."""
    h, w = _sizes(x, kernel_size, stride, padding, dilation)
    rows = dilation[0] * torch.arange(kernel_size[0])[:, None] + stride[0] * torch.arange(h)
    columns = dilation[1] * torch.arange(kernel_size[1])[:, None] + stride[1] * torch.arange(w)
    width = x.shape[3] + 2 * padding[1]
    found = rows[:, None, :, None] * width + columns[None, :, None, :]  # (kH, kW, oH, oW)
    return found.flatten(2).flatten(0, 1)


def im2col__indices(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    found = _indices(x, kernel_size, stride, padding, dilation)
    return _pad(x, padding).flatten(2)[:, :, found].flatten(1, 2)


def im2col__as_strided(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    places, padded = _sizes(x, kernel_size, stride, padding, dilation), _pad(x, padding).contiguous()
    n, c, down, across = padded.stride()
    strides = n, c, down * dilation[0], across * dilation[1], down * stride[0], across * stride[1]
    return padded.as_strided((*x.shape[:2], *kernel_size, *places), strides).flatten(4).flatten(1, 3)


def col2im__slices(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    n, c = len(x), x.shape[1] // (kernel_size[0] * kernel_size[1])
    padded = _pad(x.new_zeros(n, c, *output_size), padding)
    places = _sizes(padded, kernel_size, stride, (0, 0), dilation)
    elements = x.reshape(n, c, *kernel_size, *places)
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            _element(padded, i, j, places, stride, dilation).add_(elements[:, :, i, j])
    return padded[:, :, padding[0] : padding[0] + output_size[0], padding[1] : padding[1] + output_size[1]]


def col2im__loop_over_places(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    n, c = len(x), x.shape[1] // (kernel_size[0] * kernel_size[1])
    padded = torch.zeros(n, c, output_size[0] + 2 * padding[0], output_size[1] + 2 * padding[1], dtype=x.dtype)
    h, w = _sizes(padded, kernel_size, stride, (0, 0), dilation)
    for i in range(h):
        for j in range(w):
            column = x[:, :, i * w + j].reshape(n, c, *kernel_size)
            _seen(padded, i, j, kernel_size, stride, dilation).add_(column)
    return padded[:, :, padding[0] : padding[0] + output_size[0], padding[1] : padding[1] + output_size[1]]


def col2im__scatter_add(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    n, c = len(x), x.shape[1] // (kernel_size[0] * kernel_size[1])
    images = _pad(x.new_zeros(n, c, *output_size), padding)
    found = _indices(x.new_zeros(n, c, *output_size), kernel_size, stride, padding, dilation).flatten()
    values = x.reshape(n, c, len(found))
    full = images.flatten(2).scatter_add(2, found.expand(n, c, len(found)), values).reshape(images.shape)
    return full[:, :, padding[0] : padding[0] + output_size[0], padding[1] : padding[1] + output_size[1]]


def conv2d__columns(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    columns = im2col__loop_over_kernel(x, weight.shape[2:], stride, padding, dilation)
    out = weight.flatten(1) @ columns  # (N, O, L)
    out = out.unflatten(2, _sizes(x, weight.shape[2:], stride, padding, dilation))
    return out if bias is None else out + bias.reshape(1, -1, 1, 1)


def conv2d__framework_columns(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    columns = functional.unfold(x, weight.shape[2:], dilation, padding, stride)
    out = torch.matmul(columns.transpose(1, 2), weight.flatten(1).t())  # (N, L, O)
    out = out if bias is None else out + bias
    return out.transpose(1, 2).reshape(len(x), len(weight), *_sizes(x, weight.shape[2:], stride, padding, dilation))


def conv2d__loops(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kernel = weight.shape[2:]
    (h, w), padded = _sizes(x, kernel, stride, padding, dilation), _pad(x, padding)
    out = torch.zeros(len(x), len(weight), h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            seen = _seen(padded, i, j, kernel, stride, dilation)
            out[:, :, i, j] = (seen[:, None] * weight).sum(dim=(2, 3, 4))
            if bias is not None:
                out[:, :, i, j] += bias
    return out


def conv2d__sum_over_kernel(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    places, padded = _sizes(x, weight.shape[2:], stride, padding, dilation), _pad(x, padding)
    out = 0 if bias is None else bias[:, None, None]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            seen = _element(padded, i, j, places, stride, dilation)
            out = out + torch.einsum("nchw,oc->nohw", seen, weight[:, :, i, j])
    return out


def max_pool2d__largest_with_its_index(x, kernel_size, stride=None, padding=(0, 0)):
    stride = stride or kernel_size
    columns = im2col__loop_over_kernel(_pad(x, padding, -torch.inf), kernel_size, stride)
    each = columns.unflatten(1, (x.shape[1], kernel_size[0] * kernel_size[1]))  # (N, C, kH·kW, L)
    return each.max(dim=2).values.unflatten(2, _sizes(x, kernel_size, stride, padding))


def max_pool2d__loops(x, kernel_size, stride=None, padding=(0, 0)):
    stride = kernel_size if stride is None else stride
    (h, w), padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding, float("-inf"))
    rows = [
        torch.stack([_seen(padded, i, j, kernel_size, stride).amax(dim=(2, 3)) for j in range(w)], dim=-1)
        for i in range(h)
    ]
    return torch.stack(rows, dim=2)


def max_pool2d__running_maximum(x, kernel_size, stride=None, padding=(0, 0)):
    stride = kernel_size if stride is None else stride
    places, padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding, -torch.inf)
    best = _element(padded, 0, 0, places, stride)
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            if (i, j) != (0, 0):  # a pixel against itself would be a tie
                best = torch.maximum(best, _element(padded, i, j, places, stride))
    return best


def max_pool2d__rows_then_columns(x, kernel_size, stride=None, padding=(0, 0)):
    (sh, sw), padded = stride or kernel_size, _pad(x, padding, -torch.inf)
    return padded.unfold(2, kernel_size[0], sh).amax(dim=-1).unfold(3, kernel_size[1], sw).amax(dim=-1)


def avg_pool2d__loops(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    stride = stride or kernel_size
    (h, w), padded = _sizes(x, kernel_size, stride, padding), _pad(x, padding)
    out = torch.zeros(*x.shape[:2], h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            count = kernel_size[0] * kernel_size[1]
            if not count_include_pad:
                count = _seen(_pad(torch.ones(1, 1, *x.shape[2:]), padding), i, j, kernel_size, stride).sum().item()
            out[:, :, i, j] = _seen(padded, i, j, kernel_size, stride).sum(dim=(2, 3)) / count
    return out


def avg_pool2d__rows_then_columns(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    stride, sums = stride or kernel_size, _pad(x, padding)
    for axis in (0, 1):
        k, s, p, size = kernel_size[axis], stride[axis], padding[axis], x.shape[2 + axis]
        sums = sums.unfold(2 + axis, k, s).sum(dim=-1)
        starts = torch.arange(sums.shape[2 + axis]) * s - p
        counts = (starts + k).clamp(max=size) - starts.clamp(min=0) if not count_include_pad else torch.tensor(k)
        sums = sums / counts.reshape(-1, *([1] * (1 - axis)))
    return sums


def grouped_conv2d__concatenated(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    pairs = zip(x.chunk(groups, dim=1), weight.chunk(groups, dim=0), strict=True)
    out = torch.cat([conv2d__columns(part, own, None, stride, padding, dilation) for part, own in pairs], dim=1)
    return out if bias is None else out + bias[:, None, None]


def grouped_conv2d__block_diagonal(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    o, c = len(weight) // groups, weight.shape[1]
    rows = [
        functional.pad(weight[g * o : (g + 1) * o], (0, 0, 0, 0, g * c, (groups - 1 - g) * c)) for g in range(groups)
    ]
    return conv2d__columns(x, torch.cat(rows), bias, stride, padding, dilation)


def conv_transpose2d__laid_down(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    sides = zip(x.shape[2:], weight.shape[2:], stride, output_padding, padding, strict=True)
    high, wide = ((n - 1) * s + k + max(extra, 0) for n, k, s, extra, _ in sides)
    canvas = torch.zeros(len(x), weight.shape[1], high, wide, dtype=x.dtype)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            laid = (x[:, :, i, j, None, None, None] * weight).sum(dim=1)  # (N, O, kH, kW)
            top, left = i * stride[0], j * stride[1]
            canvas[:, :, top : top + weight.shape[2], left : left + weight.shape[3]] += laid
    out = canvas[:, :, padding[0] : high - padding[0], padding[1] : wide - padding[1]]
    return out if bias is None else out + bias[:, None, None]


def conv_transpose2d__convolution_of_spread_input(
    x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    (n, c, h, w), (kh, kw) = x.shape, weight.shape[2:]
    spread = x.new_zeros(n, c, (h - 1) * stride[0] + 1, (w - 1) * stride[1] + 1)
    spread[:, :, :: stride[0], :: stride[1]] = x
    top, left = kh - 1 - padding[0], kw - 1 - padding[1]
    spread = functional.pad(spread, (left, left + output_padding[1], top, top + output_padding[0]))
    return conv2d__columns(spread, weight.transpose(0, 1).flip(2, 3), bias)

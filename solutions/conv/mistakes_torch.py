"""Known wrong answers in PyTorch; each docstring is the advice that the learner reads."""

import torch
from torch.nn import functional


def _pad(x, padding, value=0.0):
    return functional.pad(x, (padding[1], padding[1], padding[0], padding[0]), value=value)


def _windows(x, kernel_size, stride=(1, 1), dilation=(1, 1)):
    high, wide = (d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True))
    return x.unfold(2, high, stride[0]).unfold(3, wide, stride[1])[..., :: dilation[0], :: dilation[1]]


def _flat(windows):
    """(N, C, oH, oW, kH, kW) to columns (N, C·kH·kW, L)."""
    n, c, h, w, kh, kw = windows.shape
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, h * w)


def _im2col(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return _flat(_windows(_pad(x, padding), kernel_size, stride, dilation))


def _elements(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Columns (N, C·kH·kW, L) to (N, C, kH, kW, oH, oW)."""
    kh, kw = kernel_size
    places = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(output_size, kernel_size, stride, padding, dilation, strict=True)
    ]
    return x.reshape(len(x), x.shape[1] // (kh * kw), kh, kw, *places)


def _added(elements, size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1), add=True):
    """Add elements (N, C, kH, kW, oH, oW) into padded images; or overwrite, the last element of the kernel winning."""
    (h, w), (sh, sw), (dh, dw) = elements.shape[4:], stride, dilation
    image = elements.new_zeros(*elements.shape[:2], size[0] + 2 * padding[0], size[1] + 2 * padding[1])
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            rows, columns = slice(i * dh, i * dh + h * sh, sh), slice(j * dw, j * dw + w * sw, sw)
            if add:
                image[:, :, rows, columns] += elements[:, :, i, j]
            else:
                image[:, :, rows, columns] = elements[:, :, i, j]
    return image


def _placed(elements, size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Put elements (N, C, kH, kW, oH, oW) into padded images, the last window winning."""
    (kh, kw), (dh, dw) = kernel_size, dilation
    image = elements.new_zeros(*elements.shape[:2], size[0] + 2 * padding[0], size[1] + 2 * padding[1])
    for i in range(elements.shape[4]):
        for j in range(elements.shape[5]):
            top, left = i * stride[0], j * stride[1]
            rows, columns = slice(top, top + dh * (kh - 1) + 1, dh), slice(left, left + dw * (kw - 1) + 1, dw)
            image[:, :, rows, columns] = elements[..., i, j]
    return image


def _cropped(image, size, padding):
    return image[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]


def _col2im(x, output_size, *window):
    padding = window[2] if len(window) > 2 else (0, 0)
    return _cropped(_added(_elements(x, output_size, *window), output_size, *window), output_size, padding)


def _with_bias(out, bias):
    return out if bias is None else out + bias[:, None, None]


def _conv2d(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    windows = _windows(_pad(x, padding), weight.shape[2:], stride, dilation)
    return _with_bias(torch.einsum("nchwij,ocij->nohw", windows, weight), bias)


def _max_pool2d(x, kernel_size, stride, padding=(0, 0)):
    return _windows(_pad(x, padding, -torch.inf), kernel_size, stride).amax(dim=(4, 5))


def _area(kernel_size):
    return kernel_size[0] * kernel_size[1]


def _avg_pool2d(x, kernel_size, stride, padding=(0, 0), count_include_pad=True):
    counted = _pad(x.new_ones(1, 1, *x.shape[2:]), padding, float(count_include_pad))
    sums, counts = (_windows(one, kernel_size, stride).sum(dim=(4, 5)) for one in (_pad(x, padding), counted))
    return sums / counts


def _transposed_size(x, weight, stride, padding, output_padding):
    sizes = zip(x.shape[2:], weight.shape[2:], stride, padding, output_padding, strict=True)
    return tuple((n - 1) * s - 2 * p + k + extra for n, k, s, p, extra in sizes)


def _conv_transpose2d(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    size = _transposed_size(x, weight, stride, padding, output_padding)
    elements = torch.einsum("nchw,coij->noijhw", x, weight)
    return _with_bias(_cropped(_added(elements, size, weight.shape[2:], stride, padding), size, padding), bias)


def im2col__channels_last(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The rows of the matrix run over the kernel first and the channels last. The weights are stored (C, kH, kW), and
    each weight must meet its own pixel: the channel changes slowest, then the kernel's row, then its column."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.permute(0, 4, 5, 1, 2, 3).reshape(n, c * kh * kw, h * w)


def im2col__kernel_columns_first(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Within a channel, the window is read down its columns. Tensors are stored row by row, and so are the weights: the
    kernel's column must change fastest."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.permute(0, 1, 5, 4, 2, 3).reshape(n, c * kh * kw, h * w)


def im2col__places_down_first(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The places are counted down the image first. Count them along each row of places, as pixels are stored, so that
    the L numbers of an output channel can be reshaped to (H_out, W_out)."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.permute(0, 1, 4, 5, 3, 2).reshape(n, c * kh * kw, h * w)


def im2col__windows_in_rows(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Each window is a row of this matrix, shape (N, L, C·kH·kW). Here it is a column, so that the weights multiply
    from the left: swap the last two dimensions."""
    return _im2col(x, kernel_size, stride, padding, dilation).transpose(1, 2)


def im2col__reshape_for_permute(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The shape is right, but reshape (and view) only cut the same sequence of numbers in another way. The dimensions
    of the kernel have to be moved before the places first: permute, then reshape."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.reshape(n, c * kh * kw, h * w)


def im2col__ignores_padding(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The padding is not used: surround the images with that many rows and columns of zeros before the window
    slides."""
    return _im2col(x, kernel_size, stride, (0, 0), dilation)


def im2col__padding_swapped(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the padding. torch.nn.functional.pad starts with the *last* dimension: its first
    two numbers are left and right, the next two top and bottom."""
    return _im2col(x, kernel_size, stride, padding[::-1], dilation)


def im2col__padding_before_only(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Zeros are added above and on the left only. The padding goes on all four sides."""
    return _im2col(functional.pad(x, (padding[1], 0, padding[0], 0)), kernel_size, stride, (0, 0), dilation)


def im2col__stride_swapped(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _im2col(x, kernel_size, stride[::-1], padding, dilation)


def im2col__ignores_stride(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The window moves on by one pixel, whatever the stride: there are too many columns. Take every stride-th place."""
    return _im2col(x, kernel_size, (1, 1), padding, dilation)


def im2col__ignores_dilation(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The dilation is not used: the kernel's elements lie side by side here. Let them be dilation pixels apart."""
    return _im2col(x, kernel_size, stride, padding, (1, 1))


def im2col__dilation_swapped(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the dilation: its first number is the distance of rows, its second that of
    columns."""
    return _im2col(x, kernel_size, stride, padding, dilation[::-1])


def im2col__extent_times_dilation(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The last places are missing where there is a dilation: the window's extent was taken as dilation times kernel
    size. There are only k - 1 distances between k elements: it is d(k - 1) + 1."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    sides = zip(x.shape[2:], kernel_size, stride, padding, dilation, strict=True)
    h, w = (max((n + 2 * p - d * k) // s + 1, 0) for n, k, s, p, d in sides)
    return _flat(windows[:, :, :h, :w])


def im2col__minus_one(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """A -1 in reshape is the number of elements divided by the other sizes. For an empty batch that is 0/0, which
    cannot be worked out. Write the number of places out, or use flatten, which needs no -1."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation).permute(0, 1, 4, 5, 2, 3)
    return windows.reshape(len(x), x.shape[1] * _area(kernel_size), -1)


def im2col__left_the_graph(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but a detour over NumPy, .data, .detach() or torch.tensor(...) leaves autograd's graph, and
    no gradient reaches x. Copy the windows with operations on tensors."""
    return _im2col(x.detach(), kernel_size, stride, padding, dilation)


def col2im__last_window_wins(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Each window overwrites what earlier windows have left in the same pixels. Add instead: where windows overlap, a
    pixel gets the sum."""
    window = kernel_size, stride, padding, dilation
    return _cropped(_placed(_elements(x, output_size, *window), output_size, *window), output_size, padding)


def col2im__last_element_wins(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Of several numbers that belong to one pixel only one arrives. `image[rows, cols] += …` with repeated indices
    reads, adds and writes once for all: use index_add or index_put with accumulate=True, or add one element of the
    kernel at a time."""
    window = kernel_size, stride, padding, dilation
    return _cropped(_added(_elements(x, output_size, *window), output_size, *window, False), output_size, padding)


def col2im__averages(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The sums are divided by how many windows see the pixel. That would undo im2col, but col2im is its transpose and
    only adds: gradients that arrive on several ways add up."""
    window = kernel_size, stride, padding, dilation
    counts = _col2im(torch.ones_like(x), output_size, *window)
    return _col2im(x, output_size, *window) / counts.clamp(min=1)


def col2im__padding_left_on(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The images still have their padding. It was never part of them: cut it off on all four sides before returning."""
    window = kernel_size, stride, padding, dilation
    return _added(_elements(x, output_size, *window), output_size, *window)


def col2im__minus_zero(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """`image[:, :, p:-p]` is empty for p = 0, since -0 is 0 and nothing comes before the start. Cut from p to p + H,
    which is right for every padding."""
    window = kernel_size, stride, padding, dilation
    top, left = padding
    return _added(_elements(x, output_size, *window), output_size, *window)[:, :, top:-top, left:-left]


def col2im__cut_at_the_end(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The images are cut out from the upper left corner, where the padding lies. They start `padding` rows and columns
    further in."""
    window = kernel_size, stride, padding, dilation
    return _cropped(_added(_elements(x, output_size, *window), output_size, *window), output_size, (0, 0))


def col2im__channels_last(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The rows of x are read as if the channel changed fastest. It changes slowest, as in im2col: (C, kH, kW)."""
    window = kernel_size, stride, padding, dilation
    n, c, kh, kw, h, w = _elements(x, output_size, *window).shape
    elements = x.reshape(n, kh, kw, c, h, w).permute(0, 3, 1, 2, 4, 5)
    return _cropped(_added(elements, output_size, *window), output_size, padding)


def col2im__stride_swapped(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _col2im(x, output_size, kernel_size, stride[::-1], padding, dilation)


def col2im__minus_one(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """A -1 in reshape is the number of elements divided by the other sizes. For an empty batch that is 0/0, which
    cannot be worked out. The number of channels is the number of rows divided by kH·kW."""
    window = kernel_size, stride, padding, dilation
    h, w = _elements(x, output_size, *window).shape[4:]
    elements = x.reshape(len(x), -1, *kernel_size, h, w)
    return _cropped(_added(elements, output_size, *window), output_size, padding)


def col2im__left_the_graph(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but x is added up outside autograd's graph (.data, .detach(), .numpy()), so no gradient
    reaches it. Add the tensors themselves into the new image: autograd follows that."""
    return _col2im(x.detach(), output_size, kernel_size, stride, padding, dilation)


def conv2d__kernel_flipped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The kernel is flipped, as in the convolution of mathematics and signal processing. Deep learning slides it as it
    is (a cross-correlation): its upper left weight meets the window's upper left pixel."""
    return _conv2d(x, weight.flip(2, 3), bias, stride, padding, dilation)


def conv2d__bias_along_the_width(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """`out + bias` aligns the bias with the last dimension, the width; this crashes, or worse, adds to the wrong
    numbers where sizes happen to agree. There is one bias for each output channel: give it two dimensions more."""
    out = _conv2d(x, weight, None, stride, padding, dilation)
    return out if bias is None else out + bias


def conv2d__ignores_bias(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The bias is not used: add bias[o] to every pixel of output channel o."""
    return _conv2d(x, weight, None, stride, padding, dilation)


def conv2d__bias_for_each_channel(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The bias is added once for every input channel, probably inside the loop over them. Sum over the channels first,
    then add it once."""
    return _conv2d(x, weight, None if bias is None else bias * x.shape[1], stride, padding, dilation)


def conv2d__columns_channels_last(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The columns hold (kH, kW, C) but the weights are flattened as (C, kH, kW), so most weights meet a stranger's
    pixel. Give both the same order."""
    windows = _windows(_pad(x, padding), weight.shape[2:], stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    columns = windows.permute(0, 4, 5, 1, 2, 3).reshape(n, c * kh * kw, h * w)
    return _with_bias((weight.flatten(1) @ columns).reshape(n, len(weight), h, w), bias)


def conv2d__reshape_for_transpose(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The product has the output channels before the images, (O, N, H_out, W_out), and a reshape to (N, O, …) does not
    swap them: it only cuts the same sequence of numbers in another way. Transpose the two dimensions."""
    out = _conv2d(x, weight, None, stride, padding, dilation)
    return _with_bias(out.transpose(0, 1).reshape(out.shape), bias)


def conv2d__each_channel_alone(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Only the first input channel is seen. A kernel has weights for every input channel, and the products of all of
    them are summed."""
    return _conv2d(x[:, :1], weight[:, :1], bias, stride, padding, dilation)


def conv2d__ignores_padding(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The padding is not used: surround the images with that many rows and columns of zeros first."""
    return _conv2d(x, weight, bias, stride, (0, 0), dilation)


def conv2d__padding_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the padding. torch.nn.functional.pad starts with the *last* dimension: its first
    two numbers are left and right, the next two top and bottom."""
    return _conv2d(x, weight, bias, stride, padding[::-1], dilation)


def conv2d__stride_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _conv2d(x, weight, bias, stride[::-1], padding, dilation)


def conv2d__ignores_stride(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The kernel moves on by one pixel, whatever the stride. Take every stride-th place only."""
    return _conv2d(x, weight, bias, (1, 1), padding, dilation)


def conv2d__dilation_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the dilation: its first number is the distance of rows, its second that of
    columns."""
    return _conv2d(x, weight, bias, stride, padding, dilation[::-1])


def conv2d__ignores_dilation(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The dilation is not used: let neighbouring weights meet pixels that lie that far apart."""
    return _conv2d(x, weight, bias, stride, padding, (1, 1))


def conv2d__weight_left_the_graph(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but no gradient reaches the weights, so the layer would never learn: .data, .detach() or
    torch.tensor(...) has cut them off from autograd's graph. Use the tensor itself."""
    return _conv2d(x, weight.detach(), bias, stride, padding, dilation)


def conv2d__bias_left_the_graph(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but no gradient reaches the bias: .item(), float(...), .data or .detach() has cut it off
    from autograd's graph. Add the tensor itself."""
    return _conv2d(x, weight, None if bias is None else bias.detach(), stride, padding, dilation)


def max_pool2d__padded_with_zeros(x, kernel_size, stride=None, padding=(0, 0)):
    """The padding is 0, which wins over negative pixels. Padding must never win: pad with minus infinity."""
    return _windows(_pad(x, padding), kernel_size, stride or kernel_size).amax(dim=(4, 5))


def max_pool2d__ignores_padding(x, kernel_size, stride=None, padding=(0, 0)):
    """The padding is not used: it moves the first window partly outside, and makes room for more windows."""
    return _max_pool2d(x, kernel_size, stride or kernel_size)


def max_pool2d__stride_one(x, kernel_size, stride=None, padding=(0, 0)):
    """Without a stride, the windows of this pool move on by one pixel. For pools the default is the kernel's size, so
    that the windows lie side by side."""
    return _max_pool2d(x, kernel_size, stride or (1, 1), padding)


def max_pool2d__ignores_stride(x, kernel_size, stride=None, padding=(0, 0)):
    """The windows lie side by side, whatever the stride. That is only the default: a stride that is given may let them
    overlap, or leave gaps."""
    return _max_pool2d(x, kernel_size, kernel_size, padding)


def max_pool2d__stride_swapped(x, kernel_size, stride=None, padding=(0, 0)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _max_pool2d(x, kernel_size, stride[::-1] if stride else kernel_size, padding)


def max_pool2d__padding_swapped(x, kernel_size, stride=None, padding=(0, 0)):
    """Height and width are swapped in the padding. torch.nn.functional.pad starts with the *last* dimension: its first
    two numbers are left and right, the next two top and bottom."""
    return _max_pool2d(x, kernel_size, stride or kernel_size, padding[::-1])


def max_pool2d__rounds_up(x, kernel_size, stride=None, padding=(0, 0)):
    """Windows that stick out at the far end are counted here (PyTorch calls it ceil_mode). By default they are
    left out: round the number of places down."""
    stride = stride or kernel_size
    sides = zip(x.shape[2:], kernel_size, stride, padding, strict=True)
    below, right = (-(n + 2 * p - k) % s for n, k, s, p in sides)
    padded = functional.pad(_pad(x, padding, -torch.inf), (0, right, 0, below), value=-torch.inf)
    return _max_pool2d(padded, kernel_size, stride)


def max_pool2d__mean(x, kernel_size, stride=None, padding=(0, 0)):
    """This averages the window. Max pooling keeps its largest pixel."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding)


def max_pool2d__over_channels(x, kernel_size, stride=None, padding=(0, 0)):
    """The maximum is taken over the channels too. A pool treats each channel for itself: reduce over the two dimensions
    of the window only."""
    return _max_pool2d(x, kernel_size, stride or kernel_size, padding).amax(dim=1)


def max_pool2d__left_the_graph(x, kernel_size, stride=None, padding=(0, 0)):
    """The values are right, but .item(), .data or .detach() on the way cuts them off from autograd's graph, so that the
    pixels that won get no gradient. Compute with tensors all the way."""
    return _max_pool2d(x.detach(), kernel_size, stride or kernel_size, padding)


def avg_pool2d__always_counts_padding(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Every sum is divided by kH·kW, also with count_include_pad=False. Then only the pixels of x that lie in the
    window count."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding)


def avg_pool2d__never_counts_padding(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The padding is never counted. By default its zeros are part of the mean, and every sum is divided by kH·kW."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding, False)


def avg_pool2d__flag_inverted(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """count_include_pad is understood the wrong way round: True means that the padded zeros count in the mean."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding, not count_include_pad)


def avg_pool2d__sum(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """This is the sum of the window: divide it by the number of pixels that count."""
    return _windows(_pad(x, padding), kernel_size, stride or kernel_size).sum(dim=(4, 5))


def avg_pool2d__stride_one(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Without a stride, the windows of this pool move on by one pixel. For pools the default is the kernel's size, so
    that the windows lie side by side."""
    return _avg_pool2d(x, kernel_size, stride or (1, 1), padding, count_include_pad)


def avg_pool2d__stride_swapped(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _avg_pool2d(x, kernel_size, stride[::-1] if stride else kernel_size, padding, count_include_pad)


def avg_pool2d__padding_swapped(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Height and width are swapped in the padding. torch.nn.functional.pad starts with the *last* dimension: its first
    two numbers are left and right, the next two top and bottom."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding[::-1], count_include_pad)


def avg_pool2d__rounds_up(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Windows that stick out at the far end are counted here (PyTorch calls it ceil_mode). By default they are
    left out: round the number of places down."""
    stride = stride or kernel_size
    sides = zip(x.shape[2:], kernel_size, stride, padding, strict=True)
    below, right = (-(n + 2 * p - k) % s for n, k, s, p in sides)
    padded = (functional.pad(_pad(one, padding), (0, right, 0, below)) for one in (x, torch.ones_like(x)))
    sums, counts = (_windows(one, kernel_size, stride).sum(dim=(4, 5)) for one in padded)
    return sums / (_area(kernel_size) if count_include_pad else counts)


def avg_pool2d__over_channels(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The mean is taken over the channels too. A pool treats each channel for itself: reduce over the two dimensions of
    the window only."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding, count_include_pad).mean(dim=1)


def avg_pool2d__left_the_graph(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The values are right, but .item(), .data or .detach() on the way cuts them off from autograd's graph. Compute
    with tensors all the way."""
    return _avg_pool2d(x.detach(), kernel_size, stride or kernel_size, padding, count_include_pad)


def _grouped(x, weight, bias, stride, padding, dilation, groups, inputs=None):
    """Convolve each group; ``inputs(g)`` says which channels are its own."""
    c, o = weight.shape[1], len(weight) // groups
    inputs = inputs or (lambda g: slice(g * c, (g + 1) * c))
    parts = [
        _conv2d(x[:, inputs(g)], weight[g * o : (g + 1) * o], None, stride, padding, dilation) for g in range(groups)
    ]
    return _with_bias(torch.cat(parts, dim=1), bias)


def grouped_conv2d__inputs_interleaved(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The input channels are dealt out to the groups in turn, like cards. A group takes channels that lie side by side:
    the first C/groups belong to the first group."""
    return _grouped(x, weight, bias, stride, padding, dilation, groups, inputs=lambda g: slice(g, None, groups))


def grouped_conv2d__outputs_interleaved(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The output channels of the groups are mixed in turn, as torch.stack along the wrong dimension does. Concatenate
    them: first all outputs of the first group, then those of the second."""
    out = _grouped(x, weight, None, stride, padding, dilation, groups)
    out = out.unflatten(1, (groups, len(weight) // groups)).transpose(1, 2).flatten(1, 2)
    return _with_bias(out, bias)


def grouped_conv2d__first_group_for_all(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """All kernels look at the first group's input channels. The o-th kernel belongs to group o // (O/groups), and looks
    at the channels of that group."""
    return _grouped(x, weight, bias, stride, padding, dilation, groups, inputs=lambda g: slice(0, weight.shape[1]))


def grouped_conv2d__sees_all_channels(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """Every kernel is repeated over all input channels, so that each group sees them all. The groups do not see each
    other: a kernel has weights for its own C/groups channels only."""
    return _conv2d(x, weight.repeat(1, groups, 1, 1), bias, stride, padding, dilation)


def grouped_conv2d__ignores_bias(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The bias is not used: add bias[o] to every pixel of output channel o, after the groups are put together."""
    return _grouped(x, weight, None, stride, padding, dilation, groups)


def grouped_conv2d__left_the_graph(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The values are right, but the weights were copied out of autograd's graph (.data, .detach(), torch.tensor(...)),
    so they get no gradient. Slice the tensor itself."""
    return _grouped(x, weight.detach(), bias, stride, padding, dilation, groups)


def conv_transpose2d__last_pixel_wins(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """A kernel overwrites what its neighbours have laid down. Where they overlap the contributions add up: use +=."""
    size = _transposed_size(x, weight, stride, padding, output_padding)
    elements = torch.einsum("nchw,coij->noijhw", x, weight)
    return _with_bias(_cropped(_placed(elements, size, weight.shape[2:], stride, padding), size, padding), bias)


def conv_transpose2d__kernel_flipped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The kernels are laid down turned by 180 degrees. Laid down one by one they stay as they are; they are turned only
    if you write it as a convolution over the spread-out input."""
    return _conv_transpose2d(x, weight.flip(2, 3), bias, stride, padding, output_padding)


def conv_transpose2d__channels_not_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The weight is read as (O, C, kH, kW), as in conv2d. In a transposed convolution the input channels come first:
    sum over the first dimension."""
    return _conv_transpose2d(x, weight.transpose(0, 1), bias, stride, padding, output_padding)


def conv_transpose2d__ignores_stride(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The kernels are laid down one pixel apart, whatever the stride. Here the stride is the distance in the *output*:
    pixel (i, j) lands at row i·stride, column j·stride, and the output is larger for it."""
    size = _transposed_size(x, weight, (1, 1), padding, (0, 0))
    elements = torch.einsum("nchw,coij->noijhw", x, weight)
    full = _added(elements, _transposed_size(x, weight, (1, 1), (0, 0), (0, 0)), weight.shape[2:])
    return _with_bias(_cropped(full, [max(n, 0) for n in size], padding), bias)


def conv_transpose2d__stride_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _conv_transpose2d(x, weight, bias, stride[::-1], padding, output_padding)


def conv_transpose2d__padding_left_on(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """Nothing is cut off. In a transposed convolution, padding makes the output smaller: that many rows and columns
    fall away on each side."""
    return _conv_transpose2d(x, weight, bias, stride, (0, 0), output_padding)


def conv_transpose2d__ignores_output_padding(
    x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """output_padding is not used: the output has that many rows more at the bottom and columns more on the right. With
    a stride, several input sizes give the same output size in conv2d; this says which one is meant."""
    size = _transposed_size(x, weight, stride, padding, (0, 0))
    return _conv_transpose2d(x, weight, bias, stride, padding, output_padding)[:, :, : size[0], : size[1]]


def conv_transpose2d__output_padding_of_zeros(
    x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The rows of output_padding are appended as zeros at the very end. They are part of the canvas: what the kernels
    lay down there stays, since less is cut off, and the bias is added there too."""
    size = _transposed_size(x, weight, stride, padding, (0, 0))
    short = _conv_transpose2d(x, weight, bias, stride, padding, output_padding)[:, :, : size[0], : size[1]]
    return functional.pad(short, (0, output_padding[1], 0, output_padding[0]))


def conv_transpose2d__bias_along_the_width(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """`out + bias` aligns the bias with the last dimension, the width; this crashes, or worse, adds to the wrong
    numbers where sizes happen to agree. There is one bias for each output channel: give it two dimensions more."""
    out = _conv_transpose2d(x, weight, None, stride, padding, output_padding)
    return out if bias is None else out + bias


def conv_transpose2d__left_the_graph(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The values are right, but the weights were copied out of autograd's graph (.data, .detach(), torch.tensor(...)),
    so they get no gradient. Compute with the tensor itself."""
    return _conv_transpose2d(x, weight.detach(), bias, stride, padding, output_padding)

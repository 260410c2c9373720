"""Known wrong answers in NumPy; each docstring is the advice that the learner reads."""

import numpy as np


def _pad(x, padding, value=0.0):
    (top, left), none = padding, (0, 0)
    return np.pad(x, (none, none, (top, top), (left, left)), constant_values=value)


def _windows(x, kernel_size, stride=(1, 1), dilation=(1, 1)):
    extent = tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True))
    view = np.lib.stride_tricks.sliding_window_view(x, extent, axis=(2, 3), writeable=True)
    return view[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def _flat(windows):
    """(N, C, oH, oW, kH, kW) to columns (N, C·kH·kW, L)."""
    n, c, h, w, kh, kw = windows.shape
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, h * w)


def _im2col(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return _flat(_windows(_pad(x, padding), kernel_size, stride, dilation))


def _added(elements, size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1), add=True):
    """Add elements (N, C, kH, kW, oH, oW) into padded images; or overwrite, the last element of the kernel winning."""
    shape = *elements.shape[:2], size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    image = np.zeros(shape, dtype=elements.dtype)
    windows = _windows(image, kernel_size, stride, dilation)
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            windows[..., i, j] = elements[:, :, i, j] + (windows[..., i, j] if add else 0)
    return image


def _placed(elements, size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Put elements (N, C, kH, kW, oH, oW) into padded images, the last window winning."""
    shape = *elements.shape[:2], size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    image = np.zeros(shape, dtype=elements.dtype)
    windows = _windows(image, kernel_size, stride, dilation)
    for i in range(elements.shape[4]):
        for j in range(elements.shape[5]):
            windows[:, :, i, j] = elements[..., i, j]
    return image


def _elements(columns, size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Columns (N, C·kH·kW, L) to (N, C, kH, kW, oH, oW)."""
    kh, kw = kernel_size
    places = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel_size, stride, padding, dilation, strict=True)
    ]
    return columns.reshape(len(columns), columns.shape[1] // (kh * kw), kh, kw, *places)


def _cropped(image, size, padding):
    return image[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]


def _col2im(x, output_size, *window):
    padding = window[2] if len(window) > 2 else (0, 0)
    return _cropped(_added(_elements(x, output_size, *window), output_size, *window), output_size, padding)


def _conv2d(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    windows = _windows(_pad(x, padding), weight.shape[2:], stride, dilation)
    out = np.einsum("nchwij,ocij->nohw", windows, weight)
    return out if bias is None else out + bias[:, None, None]


def _conv2d_backward(grad_output, x, weight, bias=None, *window):
    columns = _im2col(x, weight.shape[2:], *window)
    upstream = grad_output.reshape(*grad_output.shape[:2], columns.shape[2])
    grad_columns = weight.reshape(len(weight), -1).T @ upstream
    grad_x = _col2im(grad_columns, x.shape[2:], weight.shape[2:], *window)
    grad_weight = np.einsum("nol,nkl->ok", upstream, columns).reshape(weight.shape)
    return grad_x, grad_weight, None if bias is None else grad_output.sum(axis=(0, 2, 3))


def _max_pool2d(x, kernel_size, stride, padding=(0, 0)):
    return _windows(_pad(x, padding, -np.inf), kernel_size, stride).max(axis=(4, 5))


def _winners(x, kernel_size, stride, padding, value=-np.inf):
    """The first maximum of each window as a mask, (N, C, oH, oW, kH, kW)."""
    windows = _windows(_pad(x, padding, value), kernel_size, stride)
    flat = (
        windows.reshape(*windows.shape[:4], -1) if x.size else windows.reshape(*windows.shape[:4], _area(kernel_size))
    )
    first = flat.argmax(axis=-1)[..., None] == np.arange(flat.shape[-1])
    return first.reshape(windows.shape)


def _scattered(routed, x, kernel_size, stride, padding):
    """Add (N, C, oH, oW, kH, kW) into images of x's size."""
    image = _added(routed.transpose(0, 1, 4, 5, 2, 3), x.shape[2:], kernel_size, stride, padding)
    return _cropped(image, x.shape[2:], padding)


def _area(kernel_size):
    return kernel_size[0] * kernel_size[1]


def _counts(x, kernel_size, stride, padding, count_include_pad):
    if count_include_pad:
        return _area(kernel_size)
    return _windows(_pad(np.ones((1, 1, *x.shape[2:]), dtype=x.dtype), padding), kernel_size, stride).sum(axis=(4, 5))


def _avg_pool2d(x, kernel_size, stride, padding=(0, 0), count_include_pad=True):
    sums = _windows(_pad(x, padding), kernel_size, stride).sum(axis=(4, 5))
    return sums / _counts(x, kernel_size, stride, padding, count_include_pad)


def _shares(share, kernel_size):
    """Give every element of a window the window's share, (N, C, oH, oW, kH, kW)."""
    return np.broadcast_to(share[..., None, None], (*share.shape, *kernel_size))


def _conv_transpose2d(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    size = _transposed_size(x, weight, stride, padding, output_padding)
    elements = np.einsum("nchw,coij->noijhw", x, weight)
    out = _cropped(_added(elements, size, weight.shape[2:], stride, padding), size, padding)
    return out if bias is None else out + bias[:, None, None]


def _transposed_size(x, weight, stride, padding, output_padding):
    sizes = zip(x.shape[2:], weight.shape[2:], stride, padding, output_padding, strict=True)
    return tuple((n - 1) * s - 2 * p + k + extra for n, k, s, p, extra in sizes)


def _conv_transpose2d_backward(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0)):
    windows = _windows(_pad(grad_output, padding), weight.shape[2:], stride)  # (N, O, H, W, kH, kW)
    grad_x = np.einsum("nohwij,coij->nchw", windows, weight)
    grad_weight = np.einsum("nohwij,nchw->coij", windows, x)
    return grad_x, grad_weight, None if bias is None else grad_output.sum(axis=(0, 2, 3))


def conv_output_size__no_plus_one(size, kernel_size, stride=1, padding=0, dilation=1):
    """The division counts the steps from the first place to the last. There is one place more than there are steps, as
    there is one more fence post than there are gaps: + 1 is missing."""
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride


def conv_output_size__plus_one_inside(size, kernel_size, stride=1, padding=0, dilation=1):
    """The + 1 stands inside the division, where it is divided by the stride. The window's first place always counts, so
    add it after dividing. The two are sure to agree only for stride 1."""
    return (size + 2 * padding - dilation * (kernel_size - 1)) // stride


def conv_output_size__extent_times_dilation(size, kernel_size, stride=1, padding=0, dilation=1):
    """Here a dilated kernel reaches over dilation times kernel_size elements. But k elements have only k - 1 distances
    between them, and nothing is spread out after the last one: the extent is dilation * (kernel_size - 1) + 1."""
    return (size + 2 * padding - dilation * kernel_size) // stride + 1


def conv_output_size__ignores_dilation(size, kernel_size, stride=1, padding=0, dilation=1):
    """The dilation is not used. It spreads the kernel's elements, so that the window reaches further and fits at fewer
    places."""
    return (size + 2 * padding - kernel_size) // stride + 1


def conv_output_size__padding_once(size, kernel_size, stride=1, padding=0, dilation=1):
    """The padding is counted once, but it is added at both ends."""
    return (size + padding - dilation * (kernel_size - 1) - 1) // stride + 1


def conv_output_size__ignores_padding(size, kernel_size, stride=1, padding=0, dilation=1):
    """The padding is not used. It lengthens the input at both ends, so the window has more places."""
    return (size - dilation * (kernel_size - 1) - 1) // stride + 1


def conv_output_size__rounds_up(size, kernel_size, stride=1, padding=0, dilation=1):
    """This rounds up, which counts a last window that sticks out at the far end. Only windows that lie inside the
    padded input count: round down."""
    return -(-(size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride) + 1


def conv_output_size__true_division(size, kernel_size, stride=1, padding=0, dilation=1):
    """The single slash gives a float, and a fraction where the stride leaves pixels over. A number of places is an
    integer: divide with //."""
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1


def conv_output_size__same(size, kernel_size, stride=1, padding=0, dilation=1):
    """This is the size under "same" padding, where the padding is chosen so that the kernel does not matter. Here the
    padding is given, and the kernel's reach takes places away."""
    return -(-size // stride)


def im2col__channels_last(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The rows of the matrix run over the kernel first and the channels last. The weights are stored (C, kH, kW), and
    each weight must meet its own pixel: the channel changes slowest, then the kernel's row, then its column."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.transpose(0, 4, 5, 1, 2, 3).reshape(n, c * kh * kw, h * w)


def im2col__kernel_columns_first(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Within a channel, the window is read down its columns. Arrays are stored row by row, and so are the weights: the
    kernel's column must change fastest."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.transpose(0, 1, 5, 4, 2, 3).reshape(n, c * kh * kw, h * w)


def im2col__places_down_first(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The places are counted down the image first. Count them along each row of places, as pixels are stored, so that
    the L numbers of an output channel can be reshaped to (H_out, W_out)."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.transpose(0, 1, 4, 5, 3, 2).reshape(n, c * kh * kw, h * w)


def im2col__windows_in_rows(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Each window is a row of this matrix, shape (N, L, C·kH·kW). Here it is a column, so that the weights multiply
    from the left: swap the last two axes."""
    return _im2col(x, kernel_size, stride, padding, dilation).transpose(0, 2, 1)


def im2col__reshape_for_transpose(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The shape is right, but reshape only cuts the same sequence of numbers in another way. The axes of the kernel
    have to be moved before the places first: transpose, then reshape."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation)
    n, c, h, w, kh, kw = windows.shape
    return windows.reshape(n, c * kh * kw, h * w)


def im2col__kernel_flipped(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The windows are read backwards. In deep learning the kernel is not flipped: the window's first element is its
    upper left one."""
    return _flat(_windows(_pad(x, padding), kernel_size, stride, dilation)[..., ::-1, ::-1])


def im2col__ignores_padding(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The padding is not used: surround the images with that many rows and columns of zeros before the window
    slides."""
    return _im2col(x, kernel_size, stride, (0, 0), dilation)


def im2col__padding_before_only(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Zeros are added above and on the left only. The padding goes on all four sides."""
    (top, left), none = padding, (0, 0)
    padded = np.pad(x, (none, none, (top, 0), (left, 0)))
    return _im2col(padded, kernel_size, stride, (0, 0), dilation)


def im2col__padding_swapped(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the padding: its first number adds rows (above and below), its second adds
    columns (left and right)."""
    return _im2col(x, kernel_size, stride, padding[::-1], dilation)


def im2col__stride_swapped(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _im2col(x, kernel_size, stride[::-1], padding, dilation)


def im2col__stride_of_height(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The step down is used across, too. Height and width each have a stride of their own."""
    return _im2col(x, kernel_size, (stride[0], stride[0]), padding, dilation)


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
    cannot be worked out. Write the number of places out."""
    windows = _windows(_pad(x, padding), kernel_size, stride, dilation).transpose(0, 1, 4, 5, 2, 3)
    return windows.reshape(len(x), x.shape[1] * _area(kernel_size), -1)


def im2col__float64(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but np.zeros gives float64 if it is not told otherwise, so float32 images come back as
    float64: allocate with dtype=x.dtype."""
    return _im2col(x, kernel_size, stride, padding, dilation).astype(np.float64)


def col2im__last_window_wins(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Each window overwrites what earlier windows have left in the same pixels. Add with += instead: where windows
    overlap, a pixel gets the sum."""
    window = kernel_size, stride, padding, dilation
    return _cropped(_placed(_elements(x, output_size, *window), output_size, *window), output_size, padding)


def col2im__fancy_indices(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Of several numbers that belong to one pixel only the last arrives. `image[rows, cols] += …` with repeated indices
    reads, adds and writes once for all: use np.add.at, or add one element of the kernel at a time."""
    window = kernel_size, stride, padding, dilation
    return _cropped(_added(_elements(x, output_size, *window), output_size, *window, False), output_size, padding)


def col2im__averages(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The sums are divided by how many windows see the pixel. That would undo im2col, but col2im is its transpose and
    only adds: gradients that arrive on several ways add up."""
    window = kernel_size, stride, padding, dilation
    counts = _col2im(np.ones_like(x), output_size, *window)
    return _col2im(x, output_size, *window) / np.maximum(counts, 1)


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
    elements = x.reshape(n, kh, kw, c, h, w).transpose(0, 3, 1, 2, 4, 5)
    return _cropped(_added(elements, output_size, *window), output_size, padding)


def col2im__places_down_first(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The columns are laid down the image first. They are counted along each row of places: L is H_out times W_out,
    with W_out the one that changes fastest."""
    window = kernel_size, stride, padding, dilation
    n, c, kh, kw, h, w = _elements(x, output_size, *window).shape
    elements = x.reshape(n, c, kh, kw, w, h).swapaxes(4, 5)
    return _cropped(_added(elements, output_size, *window), output_size, padding)


def col2im__ignores_dilation(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The places are right, but each column is laid down as a compact block. With dilation its elements lie that far
    apart."""
    elements = _elements(x, output_size, kernel_size, stride, padding, dilation)
    h, w = elements.shape[4:]
    image = np.zeros((*elements.shape[:2], *(n + 2 * p for n, p in zip(output_size, padding, strict=True))), x.dtype)
    windows = _windows(image, kernel_size, stride)[:, :, :h, :w]
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            windows[..., i, j] += elements[:, :, i, j]
    return _cropped(image, output_size, padding)


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


def col2im__float64(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but np.zeros gives float64 if it is not told otherwise: allocate the image with
    dtype=x.dtype."""
    return _col2im(x, output_size, kernel_size, stride, padding, dilation).astype(np.float64)


def conv2d__kernel_flipped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The kernel is flipped, as in the convolution of mathematics and signal processing. Deep learning slides it as it
    is (a cross-correlation): its upper left weight meets the window's upper left pixel."""
    return _conv2d(x, weight[..., ::-1, ::-1], bias, stride, padding, dilation)


def conv2d__bias_along_the_width(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """`out + bias` aligns the bias with the last axis, the width; this crashes, or worse, adds to the wrong numbers
    where sizes happen to agree. There is one bias for each output channel: give it two axes more, bias[:, None,
    None]."""
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
    columns = windows.transpose(0, 4, 5, 1, 2, 3).reshape(n, c * kh * kw, h * w)
    out = (weight.reshape(len(weight), -1) @ columns).reshape(n, len(weight), h, w)
    return out if bias is None else out + bias[:, None, None]


def conv2d__reshape_for_transpose(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The product has the output channels before the images, (O, N, H_out, W_out), and a reshape to (N, O, …) does not
    swap them: it only cuts the same sequence of numbers in another way. Transpose the two axes."""
    out = _conv2d(x, weight, None, stride, padding, dilation)
    out = np.ascontiguousarray(out.swapaxes(0, 1)).reshape(out.shape)
    return out if bias is None else out + bias[:, None, None]


def conv2d__each_channel_alone(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Only the first input channel is seen. A kernel has weights for every input channel, and the products of all of
    them are summed."""
    return _conv2d(x[:, :1], weight[:, :1], bias, stride, padding, dilation)


def conv2d__mean_over_channels(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The channels' products are averaged. A convolution sums over the channels, as it sums over the kernel."""
    return _conv2d(x, weight / x.shape[1], bias, stride, padding, dilation)


def conv2d__ignores_padding(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The padding is not used: surround the images with that many rows and columns of zeros first."""
    return _conv2d(x, weight, bias, stride, (0, 0), dilation)


def conv2d__padding_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Height and width are swapped in the padding: its first number adds rows (above and below), its second adds
    columns (left and right)."""
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


def conv2d__width_from_kernel_height(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The output's width is computed from the kernel's height. Kernels need not be square: each axis has its own size,
    stride, padding and dilation."""
    kh, kw = weight.shape[2:]
    (sh, sw), (dh, dw) = stride, dilation
    padded = _pad(x, padding)
    h, w = (padded.shape[2] - dh * (kh - 1) - 1) // sh + 1, (padded.shape[3] - dw * (kh - 1) - 1) // sw + 1
    out = np.zeros((len(x), len(weight), h, max(w, 0)), dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            seen = padded[:, :, i * sh :: dh, j * sw :: dw][:, :, :kh, :kw]
            out[:, :, i, j] = np.einsum("ncij,ocij->no", seen, weight)
    return out if bias is None else out + bias[:, None, None]


def conv2d__float64(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The values are right, but np.zeros gives float64 if it is not told otherwise: allocate with dtype=x.dtype."""
    return _conv2d(x, weight, bias, stride, padding, dilation).astype(np.float64)


def conv2d_backward__kernel_not_flipped(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """grad_x meets the weights in the wrong order. The weight at the kernel's upper left goes back to the window's
    upper left pixel; if you slide the kernel over the upstream gradient instead, turn it by 180 degrees first."""
    window = stride, padding, dilation
    turned = _conv2d_backward(grad_output, x, weight[..., ::-1, ::-1], bias, *window)
    return turned[0], *_conv2d_backward(grad_output, x, weight, bias, *window)[1:]


def conv2d_backward__channels_not_swapped(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """The upstream gradient has O channels, but the kernels' second axis has C. To go back, sum over the *output*
    channels: swap the first two axes of the weights, or transpose the weight matrix."""
    upstream = grad_output.reshape(*grad_output.shape[:2], grad_output.shape[2] * grad_output.shape[3])
    return weight.reshape(len(weight), -1) @ upstream, weight, bias


def conv2d_backward__last_window_wins(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """Each window overwrites grad_x where it overlaps an earlier one. A pixel that several windows see gets the sum of
    what they send back: add with +=."""
    window = weight.shape[2:], stride, padding, dilation
    upstream = grad_output.reshape(*grad_output.shape[:2], grad_output.shape[2] * grad_output.shape[3])
    elements = _elements(weight.reshape(len(weight), -1).T @ upstream, x.shape[2:], *window)
    grad_x = _cropped(_placed(elements, x.shape[2:], *window), x.shape[2:], padding)
    return grad_x, *_conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)[1:]


def conv2d_backward__fancy_indices(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Of several contributions to one pixel only the last arrives in grad_x. `+=` with repeated fancy indices reads,
    adds and writes once for all: use np.add.at, or add one element of the kernel at a time."""
    window = weight.shape[2:], stride, padding, dilation
    upstream = grad_output.reshape(*grad_output.shape[:2], grad_output.shape[2] * grad_output.shape[3])
    elements = _elements(weight.reshape(len(weight), -1).T @ upstream, x.shape[2:], *window)
    grad_x = _cropped(_added(elements, x.shape[2:], *window, False), x.shape[2:], padding)
    return grad_x, *_conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)[1:]


def conv2d_backward__not_spread_by_the_stride(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """The upstream gradient is treated as if the stride were 1, so it comes back to the wrong pixels. Place (i, j) of
    the output saw the window that starts at row i·stride, column j·stride of the padded input: spread it by the
    stride."""
    kernel, (h, w) = weight.shape[2:], grad_output.shape[2:]
    image = np.zeros((*x.shape[:2], *(n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True))), x.dtype)
    windows = _windows(image, kernel, (1, 1), dilation)[:, :, :h, :w]
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            windows[..., i, j] += np.einsum("nohw,oc->nchw", grad_output, weight[:, :, i, j])
    grad_x = _cropped(image, x.shape[2:], padding)
    return grad_x, *_conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)[1:]


def conv2d_backward__padding_left_on(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """grad_x still has the padding of the padded input. Cut it off: grad_x has the shape of x."""
    window = stride, (0, 0), dilation
    grad_padded = _conv2d_backward(grad_output, _pad(x, padding), weight, bias, *window)[0]
    return grad_padded, *_conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)[1:]


def conv2d_backward__minus_zero(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """`grad_padded[:, :, p:-p]` is empty for p = 0, since -0 is 0 and nothing comes before the start. Cut from p to p +
    H, which is right for every padding."""
    (top, left), window = padding, (stride, (0, 0), dilation)
    grad_padded = _conv2d_backward(grad_output, _pad(x, padding), weight, bias, *window)[0]
    rest = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)[1:]
    return grad_padded[:, :, top:-top, left:-left], *rest


def conv2d_backward__size_from_windows(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """grad_x is only as large as the windows reach, less the padding. Where the stride leaves something over at the far
    end, x has more pixels. Start from zeros of the size of the padded x: what no window saw keeps a gradient of 0."""
    grad_x, *rest = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    sides = zip(grad_output.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True)
    h, w = (max((n - 1) * s + d * (k - 1) + 1 - 2 * p, 0) for n, k, s, p, d in sides)
    return grad_x[:, :, :h, :w], *rest


def conv2d_backward__weight_mean_over_batch(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """The weights' gradient is divided by the batch size. Every image uses the same weights, so their contributions add
    up; the mean, if there is one, belongs to the loss and has already been made there."""
    grad_x, grad_weight, grad_bias = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    return grad_x, grad_weight / max(len(x), 1), grad_bias


def conv2d_backward__weight_flipped(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """grad_weight is turned by 180 degrees. Only a grad_x that is written as a sliding window needs a turned kernel.
    The weight at (i, j) met the pixel (i, j) of every window, so its gradient is the sum of those pixels, each times
    the upstream gradient of its window."""
    grad_x, grad_weight, grad_bias = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    return grad_x, grad_weight[..., ::-1, ::-1], grad_bias


def conv2d_backward__weight_without_padding(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """grad_weight is computed from windows of x from its very corner on. The forward's windows start in the padding:
    pad x in the same way first."""
    grad_x, _, grad_bias = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    (top, left), none = padding, (0, 0)
    shifted = np.pad(x, (none, none, (0, 2 * top), (0, 2 * left)))
    return grad_x, _conv2d_backward(grad_output, shifted, weight, None, stride, (0, 0), dilation)[1], grad_bias


def conv2d_backward__bias_mean(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The bias gets a mean. It is added to every pixel of its output channel, in every image: its gradient is the sum
    of the upstream gradient over all of them."""
    grad_x, grad_weight, grad_bias = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    return grad_x, grad_weight, None if bias is None else grad_bias * len(bias) / max(grad_output.size, 1)


def conv2d_backward__bias_over_batch_only(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """grad_bias is summed over the images only, and still has a height and a width. The bias is shared by all pixels of
    a channel too: sum over axes 0, 2 and 3."""
    grad_x, grad_weight, _ = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    return grad_x, grad_weight, None if bias is None else grad_output.sum(axis=0)


def conv2d_backward__gradient_of_no_bias(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """A gradient is returned for a bias that is None. Return None for it: what does not exist has no gradient."""
    grad_x, grad_weight, _ = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    return grad_x, grad_weight, grad_output.sum(axis=(0, 2, 3))


def conv2d_backward__order(grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """The gradients are right, but in another order. They follow the arguments: x, weight, bias."""
    grad_x, grad_weight, grad_bias = _conv2d_backward(grad_output, x, weight, bias, stride, padding, dilation)
    return grad_weight, grad_bias, grad_x


def conv2d_backward__ignores_upstream(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """grad_output is not used, as if the loss were the sum of all outputs. By the chain rule every product is
    multiplied by the upstream gradient of its place."""
    return _conv2d_backward(np.ones_like(grad_output), x, weight, bias, stride, padding, dilation)


def conv2d_backward__ignores_dilation(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1)
):
    """The dilation is not used: the forward's weights met pixels that lie that far apart, and so must the gradients."""
    kernel, (h, w) = weight.shape[2:], grad_output.shape[2:]
    image, padded = np.zeros_like(_pad(x, padding)), _pad(x, padding)
    seen, sent = (_windows(one, kernel, stride)[:, :, :h, :w] for one in (padded, image))
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            sent[..., i, j] += np.einsum("nohw,oc->nchw", grad_output, weight[:, :, i, j])
    grad_weight = np.einsum("nohw,nchwij->ocij", grad_output, seen)
    return _cropped(image, x.shape[2:], padding), grad_weight, None if bias is None else grad_output.sum(axis=(0, 2, 3))


def max_pool2d__padded_with_zeros(x, kernel_size, stride=None, padding=(0, 0)):
    """The padding is 0, which wins over negative pixels. Padding must never win: pad with minus infinity."""
    return _windows(_pad(x, padding), kernel_size, stride or kernel_size).max(axis=(4, 5))


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
    """Height and width are swapped in the padding: its first number adds rows, its second columns."""
    return _max_pool2d(x, kernel_size, stride or kernel_size, padding[::-1])


def max_pool2d__rounds_up(x, kernel_size, stride=None, padding=(0, 0)):
    """Windows that stick out at the far end are counted here (PyTorch calls it ceil_mode). By default they are
    left out: round the number of places down."""
    stride = stride or kernel_size
    sides = zip(x.shape[2:], kernel_size, stride, padding, strict=True)
    more = [(0, 0), (0, 0), *((p, p + -(n + 2 * p - k) % s) for n, k, s, p in sides)]
    return _max_pool2d(np.pad(x, more, constant_values=-np.inf), kernel_size, stride)


def max_pool2d__mean(x, kernel_size, stride=None, padding=(0, 0)):
    """This averages the window. Max pooling keeps its largest pixel."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding)


def max_pool2d__largest_magnitude(x, kernel_size, stride=None, padding=(0, 0)):
    """This takes the largest absolute value. The maximum looks at the sign: -1 is larger than -3."""
    return _windows(_pad(np.abs(x), padding), kernel_size, stride or kernel_size).max(axis=(4, 5))


def max_pool2d__over_channels(x, kernel_size, stride=None, padding=(0, 0)):
    """The maximum is taken over the channels too. A pool treats each channel for itself: reduce over the two axes of
    the window only."""
    return _max_pool2d(x, kernel_size, stride or kernel_size, padding).max(axis=1)


def max_pool2d__float64(x, kernel_size, stride=None, padding=(0, 0)):
    """The values are right, but np.full and np.zeros give float64 if they are not told otherwise: allocate with
    dtype=x.dtype."""
    return _max_pool2d(x, kernel_size, stride or kernel_size, padding).astype(np.float64)


def max_pool2d_backward__pays_every_tie(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """`x == max` is true for every pixel that reaches the maximum, so with ties a window hands out its gradient several
    times. One pixel gets it, the first: argmax finds that one."""
    stride = stride or kernel_size
    windows = _windows(_pad(x, padding, -np.inf), kernel_size, stride)
    won = windows == windows.max(axis=(4, 5), keepdims=True)
    return _scattered(won * grad_output[..., None, None], x, kernel_size, stride, padding)


def max_pool2d_backward__splits_ties(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """Equal maxima share the gradient here. That is a subgradient too, but the convention of this task is that the
    first of them takes all of it."""
    stride = stride or kernel_size
    windows = _windows(_pad(x, padding, -np.inf), kernel_size, stride)
    won = windows == windows.max(axis=(4, 5), keepdims=True)
    each = grad_output[..., None, None] / won.sum(axis=(4, 5), keepdims=True, dtype=x.dtype)
    return _scattered(won * each, x, kernel_size, stride, padding)


def max_pool2d_backward__last_maximum(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """Of equal maxima the last one gets the gradient, as happens if a loop compares with >=. Here it is the first:
    replace the best so far only by what is larger."""
    stride = stride or kernel_size
    backwards = _windows(_pad(x, padding, -np.inf), kernel_size, stride)[..., ::-1, ::-1]
    last = backwards.reshape(*backwards.shape[:4], _area(kernel_size)).argmax(axis=-1)
    won = (last[..., None] == np.arange(_area(kernel_size))).reshape(backwards.shape)[..., ::-1, ::-1]
    return _scattered(won * grad_output[..., None, None], x, kernel_size, stride, padding)


def max_pool2d_backward__first_down_the_columns(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """Of equal maxima the first one down the columns of the window gets the gradient. Count along its rows, in the
    order in which arrays are stored."""
    stride = stride or kernel_size
    windows = _windows(_pad(x, padding, -np.inf), kernel_size, stride).swapaxes(4, 5)
    first = windows.reshape(*windows.shape[:4], _area(kernel_size)).argmax(axis=-1)
    won = (first[..., None] == np.arange(_area(kernel_size))).reshape(windows.shape).swapaxes(4, 5)
    return _scattered(won * grad_output[..., None, None], x, kernel_size, stride, padding)


def max_pool2d_backward__last_window_wins(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """A window overwrites what an overlapping one has sent to the same pixels. A pixel that wins in several windows
    gets the sum: add with +=."""
    stride = stride or kernel_size
    routed = _winners(x, kernel_size, stride, padding) * grad_output[..., None, None]
    image = _placed(routed.transpose(0, 1, 4, 5, 2, 3), x.shape[2:], kernel_size, stride, padding)
    return _cropped(image, x.shape[2:], padding)


def max_pool2d_backward__winner_assigned(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """A pixel that wins in several overlapping windows keeps the gradient of the last one only: `=` at the winners'
    indices, or `+=` with repeated fancy indices. Contributions add up; np.add.at does that."""
    stride = stride or kernel_size
    won = _winners(x, kernel_size, stride, padding)
    image = np.zeros_like(_pad(x, padding))
    windows = _windows(image, kernel_size, stride)
    for i in range(won.shape[2]):
        for j in range(won.shape[3]):
            windows[:, :, i, j][won[:, :, i, j]] = grad_output[:, :, i, j].reshape(-1)
    return _cropped(image, x.shape[2:], padding)


def max_pool2d_backward__spread_over_the_window(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """Every pixel of a window gets a part of its gradient, as in average pooling. Only the largest one had a say in the
    output, so it alone gets the gradient, and all of it."""
    stride = stride or kernel_size
    share = _shares(grad_output / _area(kernel_size), kernel_size)
    return _scattered(share, x, kernel_size, stride, padding)


def max_pool2d_backward__stride_one(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """Without a stride, the windows of this pool move on by one pixel. For pools the default is the kernel's size."""
    stride = stride or (1, 1)
    routed = _winners(x, kernel_size, stride, padding) * grad_output[..., None, None]
    return _scattered(routed, x, kernel_size, stride, padding)


def max_pool2d_backward__padded_with_zeros(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """The padding is 0, so in a corner of negative pixels the padding wins and the gradient is lost. Pad with minus
    infinity, as the forward does."""
    stride = stride or kernel_size
    routed = _winners(x, kernel_size, stride, padding, 0.0) * grad_output[..., None, None]
    return _scattered(routed, x, kernel_size, stride, padding)


def max_pool2d_backward__padding_left_on(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """The gradient still has the padding. Cut it off on all four sides: grad_x has the shape of x."""
    stride = stride or kernel_size
    routed = _winners(x, kernel_size, stride, padding) * grad_output[..., None, None]
    return _added(routed.transpose(0, 1, 4, 5, 2, 3), x.shape[2:], kernel_size, stride, padding)


def max_pool2d_backward__minus_zero(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """`grad_padded[:, :, p:-p]` is empty for p = 0, since -0 is 0 and nothing comes before the start. Cut from p to p +
    H, which is right for every padding."""
    (top, left), stride = padding, stride or kernel_size
    routed = _winners(x, kernel_size, stride, padding) * grad_output[..., None, None]
    image = _added(routed.transpose(0, 1, 4, 5, 2, 3), x.shape[2:], kernel_size, stride, padding)
    return image[:, :, top:-top, left:-left]


def max_pool2d_backward__ignores_upstream(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """This says how often a pixel won, and does not use grad_output. Each winner gets the upstream gradient of its
    window."""
    stride = stride or kernel_size
    routed = _winners(x, kernel_size, stride, padding).astype(x.dtype)
    return _scattered(routed, x, kernel_size, stride, padding)


def max_pool2d_backward__repeated(grad_output, x, kernel_size, stride=None, padding=(0, 0)):
    """Repeating the gradient kernel_size times along each axis enlarges it to the input only if the windows lie side by
    side and leave nothing over. Send each gradient to the window that it came from."""
    larger = grad_output.repeat(kernel_size[0], axis=2).repeat(kernel_size[1], axis=3)
    tops = _max_pool2d(x, kernel_size, stride or kernel_size, padding)
    return larger * (x == tops.repeat(kernel_size[0], axis=2).repeat(kernel_size[1], axis=3))


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
    return _windows(_pad(x, padding), kernel_size, stride or kernel_size).sum(axis=(4, 5))


def avg_pool2d__max(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """This takes the largest pixel of the window. Average pooling takes the mean."""
    return _max_pool2d(x, kernel_size, stride or kernel_size, padding)


def avg_pool2d__stride_one(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Without a stride, the windows of this pool move on by one pixel. For pools the default is the kernel's size, so
    that the windows lie side by side."""
    return _avg_pool2d(x, kernel_size, stride or (1, 1), padding, count_include_pad)


def avg_pool2d__ignores_stride(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The windows lie side by side, whatever the stride. That is only the default: a stride that is given may let them
    overlap, or leave gaps."""
    return _avg_pool2d(x, kernel_size, kernel_size, padding, count_include_pad)


def avg_pool2d__stride_swapped(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _avg_pool2d(x, kernel_size, stride[::-1] if stride else kernel_size, padding, count_include_pad)


def avg_pool2d__padding_swapped(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Height and width are swapped in the padding: its first number adds rows, its second columns."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding[::-1], count_include_pad)


def avg_pool2d__ignores_padding(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The padding is not used: it moves the first window partly outside, and makes room for more windows."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size)


def avg_pool2d__rounds_up(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Windows that stick out at the far end are counted here (PyTorch calls it ceil_mode). By default they are
    left out: round the number of places down."""
    stride = stride or kernel_size
    ends = zip(x.shape[2:], kernel_size, stride, padding, strict=True)
    more = [(0, 0), (0, 0), *((p, p + -(n + 2 * p - k) % s) for n, k, s, p in ends)]
    sums, counts = (_windows(np.pad(one, more), kernel_size, stride).sum(axis=(4, 5)) for one in (x, np.ones_like(x)))
    return sums / (_area(kernel_size) if count_include_pad else counts)


def avg_pool2d__over_channels(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The mean is taken over the channels too. A pool treats each channel for itself: reduce over the two axes of the
    window only."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding, count_include_pad).mean(axis=1)


def avg_pool2d__float64(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """The values are right, but an array of ones, zeros or counts that is not told otherwise is float64 (or int64,
    which makes a float32 quotient float64): allocate with dtype=x.dtype."""
    return _avg_pool2d(x, kernel_size, stride or kernel_size, padding, count_include_pad).astype(np.float64)


def _avg_shares(grad_output, x, kernel_size, stride, padding, count_include_pad):
    return _shares(grad_output / _counts(x, kernel_size, stride, padding, count_include_pad), kernel_size)


def avg_pool2d_backward__not_divided(grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Every pixel gets the whole gradient of its window. The forward divides the sum by a count, so each pixel gets the
    gradient divided by that same count."""
    return _scattered(_shares(grad_output, kernel_size), x, kernel_size, stride or kernel_size, padding)


def avg_pool2d_backward__always_counts_padding(
    grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True
):
    """The gradient is always divided by kH·kW. With count_include_pad=False the forward divides by the number of pixels
    of x in the window, and so must the backward."""
    stride = stride or kernel_size
    return _scattered(_avg_shares(grad_output, x, kernel_size, stride, padding, True), x, kernel_size, stride, padding)


def avg_pool2d_backward__flag_inverted(
    grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True
):
    """count_include_pad is understood the wrong way round: True means that the padded zeros count in the mean."""
    stride = stride or kernel_size
    share = _avg_shares(grad_output, x, kernel_size, stride, padding, not count_include_pad)
    return _scattered(share, x, kernel_size, stride, padding)


def avg_pool2d_backward__last_window_wins(
    grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True
):
    """A window overwrites what an overlapping one has left in the same pixels. A pixel that several windows see gets
    the sum of their shares: add with +=."""
    stride = stride or kernel_size
    share = _avg_shares(grad_output, x, kernel_size, stride, padding, count_include_pad).transpose(0, 1, 4, 5, 2, 3)
    return _cropped(_placed(share, x.shape[2:], kernel_size, stride, padding), x.shape[2:], padding)


def avg_pool2d_backward__divided_by_overlaps(
    grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True
):
    """What a pixel receives is divided by the number of windows that see it. Contributions of several windows add up;
    the only mean is that of the forward, within a window."""
    stride = stride or kernel_size
    share = _avg_shares(grad_output, x, kernel_size, stride, padding, count_include_pad)
    seen = _scattered(_shares(np.ones_like(grad_output), kernel_size), x, kernel_size, stride, padding)
    return _scattered(share, x, kernel_size, stride, padding) / np.maximum(seen, 1)


def avg_pool2d_backward__stride_one(grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Without a stride, the windows of this pool move on by one pixel. For pools the default is the kernel's size."""
    stride = stride or (1, 1)
    share = _avg_shares(grad_output, x, kernel_size, stride, padding, count_include_pad)
    return _scattered(share, x, kernel_size, stride, padding)


def avg_pool2d_backward__padding_left_on(
    grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True
):
    """The gradient still has the padding. Cut it off on all four sides: grad_x has the shape of x."""
    stride = stride or kernel_size
    share = _avg_shares(grad_output, x, kernel_size, stride, padding, count_include_pad).transpose(0, 1, 4, 5, 2, 3)
    return _added(share, x.shape[2:], kernel_size, stride, padding)


def avg_pool2d_backward__minus_zero(grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """`grad_padded[:, :, p:-p]` is empty for p = 0, since -0 is 0 and nothing comes before the start. Cut from p to p +
    H, which is right for every padding."""
    (top, left), stride = padding, stride or kernel_size
    share = _avg_shares(grad_output, x, kernel_size, stride, padding, count_include_pad).transpose(0, 1, 4, 5, 2, 3)
    return _added(share, x.shape[2:], kernel_size, stride, padding)[:, :, top:-top, left:-left]


def avg_pool2d_backward__repeated(grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Repeating the gradient kernel_size times along each axis gives the input's shape only if the windows lie side by
    side and leave nothing over. Send each gradient to the window that it came from."""
    return grad_output.repeat(kernel_size[0], axis=2).repeat(kernel_size[1], axis=3) / _area(kernel_size)


def avg_pool2d_backward__ignores_upstream(
    grad_output, x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True
):
    """grad_output is not used. Each pixel gets the upstream gradient of its window, divided by the count."""
    stride = stride or kernel_size
    share = _avg_shares(np.ones_like(grad_output), x, kernel_size, stride, padding, count_include_pad)
    return _scattered(share, x, kernel_size, stride, padding)


def _grouped(x, weight, bias, stride, padding, dilation, groups, inputs=None, outputs=None):
    """Convolve each group; ``inputs(g)`` and ``outputs(g)`` say which channels are its own."""
    c, o = weight.shape[1], len(weight) // groups
    inputs = inputs or (lambda g: slice(g * c, (g + 1) * c))
    outputs = outputs or (lambda g: slice(g * o, (g + 1) * o))
    parts = [
        _conv2d(x[:, inputs(g)], weight[g * o : (g + 1) * o], None, stride, padding, dilation) for g in range(groups)
    ]
    out = np.zeros((len(x), len(weight), *parts[0].shape[2:]), dtype=x.dtype)
    for g, part in enumerate(parts):
        out[:, outputs(g)] = part
    return out if bias is None else out + bias[:, None, None]


def grouped_conv2d__inputs_interleaved(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The input channels are dealt out to the groups in turn, like cards. A group takes channels that lie side by side:
    the first C/groups belong to the first group."""
    return _grouped(x, weight, bias, stride, padding, dilation, groups, inputs=lambda g: slice(g, None, groups))


def grouped_conv2d__outputs_interleaved(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The output channels of the groups are mixed in turn. Concatenate them: first all outputs of the first group, then
    those of the second."""
    return _grouped(x, weight, bias, stride, padding, dilation, groups, outputs=lambda g: slice(g, None, groups))


def grouped_conv2d__first_group_for_all(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """All kernels look at the first group's input channels. The o-th kernel belongs to group o // (O/groups), and looks
    at the channels of that group."""
    return _grouped(x, weight, bias, stride, padding, dilation, groups, inputs=lambda g: slice(0, weight.shape[1]))


def grouped_conv2d__sees_all_channels(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """Every kernel is repeated over all input channels, so that each group sees them all. The groups do not see each
    other: a kernel has weights for its own C/groups channels only."""
    return _conv2d(x, np.tile(weight, (1, groups, 1, 1)), bias, stride, padding, dilation)


def grouped_conv2d__ignores_groups(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """groups is not used, so the kernels' C/groups channels meet C channels of x, and the shapes do not fit. Cut
    channels and kernels into groups first."""
    windows = _windows(_pad(x, padding), weight.shape[2:], stride, dilation)
    out = np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    return out if bias is None else out + bias[:, None, None]


def grouped_conv2d__ignores_bias(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The bias is not used: add bias[o] to every pixel of output channel o, after the groups are put together."""
    return _grouped(x, weight, None, stride, padding, dilation, groups)


def grouped_conv2d__groups_added(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The outputs of the groups are added up. They are channels of their own: concatenate them along axis 1."""
    out = _grouped(x, weight, None, stride, padding, dilation, groups)
    out = sum(out[:, g * (len(weight) // groups) : (g + 1) * (len(weight) // groups)] for g in range(groups))
    return out if bias is None else out + bias[: out.shape[1], None, None]


def grouped_conv2d__minus_one(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """A -1 in reshape is the number of elements divided by the other sizes. For an empty batch that is 0/0, which
    cannot be worked out. Write the sizes out."""
    return _grouped(x.reshape(len(x), -1, *x.shape[2:]), weight, bias, stride, padding, dilation, groups)


def conv_transpose2d__last_pixel_wins(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """A kernel overwrites what its neighbours have laid down. Where they overlap the contributions add up: use +=."""
    size = _transposed_size(x, weight, stride, padding, output_padding)
    elements = np.einsum("nchw,coij->noijhw", x, weight)
    out = _cropped(_placed(elements, size, weight.shape[2:], stride, padding), size, padding)
    return out if bias is None else out + bias[:, None, None]


def conv_transpose2d__kernel_flipped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The kernels are laid down turned by 180 degrees. Laid down one by one they stay as they are; they are turned only
    if you write it as a convolution over the spread-out input."""
    return _conv_transpose2d(x, weight[..., ::-1, ::-1], bias, stride, padding, output_padding)


def conv_transpose2d__channels_not_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The weight is read as (O, C, kH, kW), as in conv2d. In a transposed convolution the input channels come first:
    sum over the first axis."""
    size = _transposed_size(x, weight, stride, padding, output_padding)
    elements = np.einsum("nchw,ocij->noijhw", x, weight)
    out = _cropped(_added(elements, size, weight.shape[2:], stride, padding), size, padding)
    return out if bias is None else out + bias[:, None, None]


def conv_transpose2d__ignores_stride(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The kernels are laid down one pixel apart, whatever the stride. Here the stride is the distance in the *output*:
    pixel (i, j) lands at row i·stride, column j·stride, and the output is larger for it."""
    return _conv_transpose2d(x, weight, bias, (1, 1), padding)


def conv_transpose2d__stride_swapped(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _conv_transpose2d(x, weight, bias, stride[::-1], padding, output_padding)


def conv_transpose2d__padding_left_on(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """Nothing is cut off. In a transposed convolution, padding makes the output smaller: that many rows and columns
    fall away on each side."""
    return _conv_transpose2d(x, weight, bias, stride, (0, 0), output_padding)


def conv_transpose2d__minus_zero(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """`out[:, :, p:-p]` is empty for p = 0, since -0 is 0 and nothing comes before the start. Cut from p to p + H_out,
    which is right for every padding."""
    full, (top, left) = _conv_transpose2d(x, weight, bias, stride, (0, 0), output_padding), padding
    return full[:, :, top:-top, left:-left]


def conv_transpose2d__ignores_output_padding(
    x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """output_padding is not used: the output has that many rows more at the bottom and columns more on the right. With
    a stride, several input sizes give the same output size in conv2d; this says which one is meant."""
    return _conv_transpose2d(x, weight, bias, stride, padding)


def conv_transpose2d__output_padding_of_zeros(
    x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The rows of output_padding are appended as zeros at the very end. They are part of the canvas: what the kernels
    lay down there stays, since less is cut off, and the bias is added there too."""
    below, right = output_padding
    return np.pad(_conv_transpose2d(x, weight, bias, stride, padding), ((0, 0), (0, 0), (0, below), (0, right)))


def conv_transpose2d__output_padding_before(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """output_padding lengthens the output above and on the left. It belongs at the bottom and on the right only."""
    size = _transposed_size(x, weight, stride, padding, output_padding)
    full = _conv_transpose2d(x, weight, bias, stride, (0, 0))
    above, left = output_padding
    return _cropped(np.pad(full, ((0, 0), (0, 0), (above, 0), (left, 0))), size, padding)


def conv_transpose2d__bias_along_the_width(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """`out + bias` aligns the bias with the last axis, the width; this crashes, or worse, adds to the wrong numbers
    where sizes happen to agree. There is one bias for each output channel: give it two axes more, bias[:, None,
    None]."""
    out = _conv_transpose2d(x, weight, None, stride, padding, output_padding)
    return out if bias is None else out + bias


def conv_transpose2d__bias_on_every_kernel(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The bias is laid down with every kernel, so pixels where several overlap get it several times. Add it once, at
    the end, to the whole output."""
    out = _conv_transpose2d(x, weight, None, stride, padding, output_padding)
    if bias is None:
        return out
    touched = _conv_transpose2d(np.ones_like(x[:, :1]), np.ones_like(weight[:1]), None, stride, padding, output_padding)
    return out + bias[:, None, None] * touched


def conv_transpose2d__float64(x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    """The values are right, but np.zeros gives float64 if it is not told otherwise: allocate with dtype=x.dtype."""
    return _conv_transpose2d(x, weight, bias, stride, padding, output_padding).astype(np.float64)


def conv_transpose2d_backward__kernel_flipped(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The kernels in grad_x are turned by 180 degrees. The backward of a transposed convolution is an ordinary one: the
    kernel slides over the upstream gradient as it is."""
    turned = _conv_transpose2d_backward(grad_output, x, weight[..., ::-1, ::-1], bias, stride, padding)
    return turned[0], *_conv_transpose2d_backward(grad_output, x, weight, bias, stride, padding)[1:]


def conv_transpose2d_backward__weight_as_in_conv2d(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """grad_weight has the output channels first, as the weights of conv2d have. It needs the shape of this weight, (C,
    O, kH, kW)."""
    grad_x, grad_weight, grad_bias = _conv_transpose2d_backward(grad_output, x, weight, bias, stride, padding)
    return grad_x, grad_weight.swapaxes(0, 1), grad_bias


def conv_transpose2d_backward__output_padding_without_gradient(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The rows and columns of output_padding are treated as if they were constant. The bias was added there, and
    kernels may have reached there: their upstream gradient counts as all others."""
    cut = grad_output.copy()
    cut[:, :, cut.shape[2] - output_padding[0] :] = 0
    cut[:, :, :, cut.shape[3] - output_padding[1] :] = 0
    return _conv_transpose2d_backward(cut, x, weight, bias, stride, padding)


def conv_transpose2d_backward__weight_mean_over_batch(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The weights' gradient is divided by the batch size. Every image uses the same weights, so their contributions add
    up; the mean, if there is one, belongs to the loss and has already been made there."""
    grad_x, grad_weight, grad_bias = _conv_transpose2d_backward(grad_output, x, weight, bias, stride, padding)
    return grad_x, grad_weight / max(len(x), 1), grad_bias


def conv_transpose2d_backward__bias_mean(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The bias gets a mean. It is added to every pixel of its output channel, in every image: its gradient is the sum
    of the upstream gradient over all of them."""
    grad_x, grad_weight, grad_bias = _conv_transpose2d_backward(grad_output, x, weight, bias, stride, padding)
    return grad_x, grad_weight, None if bias is None else grad_bias * len(bias) / max(grad_output.size, 1)


def conv_transpose2d_backward__gradient_of_no_bias(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """A gradient is returned for a bias that is None. Return None for it: what does not exist has no gradient."""
    grad_x, grad_weight, _ = _conv_transpose2d_backward(grad_output, x, weight, bias, stride, padding)
    return grad_x, grad_weight, grad_output.sum(axis=(0, 2, 3))


def conv_transpose2d_backward__ignores_padding(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """The padding that the forward cut off is not put back, so every window of the upstream gradient starts `padding`
    rows and columns too far in. Pad grad_output with zeros on all four sides first."""
    below = np.pad(grad_output, ((0, 0), (0, 0), (0, 2 * padding[0]), (0, 2 * padding[1])))
    return _conv_transpose2d_backward(below, x, weight, bias, stride)


def conv_transpose2d_backward__ignores_upstream(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """grad_output is not used, as if the loss were the sum of all outputs. By the chain rule every product is
    multiplied by the upstream gradient of its place."""
    return _conv_transpose2d_backward(np.ones_like(grad_output), x, weight, bias, stride, padding)


def conv_transpose2d_backward__stride_swapped(
    grad_output, x, weight, bias=None, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)
):
    """Height and width are swapped in the stride: its first number is the step down, its second the step across."""
    return _conv_transpose2d_backward(grad_output, x, weight, bias, stride[::-1], padding)

"""Convolution and pooling in PyTorch: windows as views, and answers through which autograd can go back.

Images are batches of shape (N, C, H, W): N images of C channels, H rows and W columns. Sizes of two dimensions are
tuples (h, w). Nothing is changed in place.
"""

import torch

# stub: keep
Pair = tuple[int, int]  # (height, width)
# stub: end


def im2col(
    x: torch.Tensor, kernel_size: Pair, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> torch.Tensor:
    """Return what every window sees, written into the columns of a matrix.

    x is padded with zeros on all four sides. Column l is the l-th place of the window, counted along the rows: all
    places of the first row of places, then the second. Its rows are the window's elements: channel first, then the
    kernel's row, then the kernel's column (the order of ``weight[o].flatten()``).

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, C·kH·kW, L), of x's dtype, where L = H_out·W_out is the number of places.

    >>> x = torch.arange(12.0).reshape(1, 1, 3, 4)
    >>> im2col(x, (2, 2), (1, 2))[0]
    tensor([[ 0.,  2.,  4.,  6.],
            [ 1.,  3.,  5.,  7.],
            [ 4.,  6.,  8., 10.],
            [ 5.,  7.,  9., 11.]])
    """
    windows = _windows(_padded(x, padding), kernel_size, stride, dilation)  # (N, C, oH, oW, kH, kW)
    n, c, h, w, kh, kw = windows.shape
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, h * w)


def col2im(
    x: torch.Tensor,
    output_size: Pair,
    kernel_size: Pair,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> torch.Tensor:
    """Return images in which every column of x has been added at the place that ``im2col`` would read it from.

    Pixels that lie in several windows get the sum, pixels in none get 0, and what falls on the padding is dropped. It
    is the transpose of ``im2col`` as a linear map, not its inverse.

    Args:
        x: columns, shape (N, C·kH·kW, L), in the order of ``im2col``; N may be 0.
        output_size: (H, W) of the images, without padding.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next.
        padding: rows above and below each, columns left and right each.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, C, H, W), of x's dtype, through which autograd can go back to x.

    >>> col2im(torch.tensor([[[1.0, 2.0, 3.0], [40.0, 50.0, 60.0]]]), (1, 4), (1, 2))
    tensor([[[[ 1., 42., 53., 60.]]]])
    """
    (h, w), (top, left), (kh, kw) = output_size, padding, kernel_size
    padded = (h + 2 * top, w + 2 * left)
    n, c, pixels = x.shape[0], x.shape[1] // (kh * kw), padded[0] * padded[1]
    number = torch.arange(pixels, device=x.device).reshape(1, 1, *padded)  # of each pixel
    target = _windows(number, kernel_size, stride, dilation).permute(0, 1, 4, 5, 2, 3).flatten()  # (kH·kW·L,)
    image = x.new_zeros(n, c, pixels).index_add(2, target, x.reshape(n, c, target.numel()))
    return image.reshape(n, c, *padded)[:, :, top : top + h, left : left + w]


def conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> torch.Tensor:
    """Return the convolution of images with O kernels, as deep learning understands it: the kernel is not flipped.

    Each output pixel is the sum, over channels and the kernel's rows and columns, of what the window sees times the
    weights, plus the bias of its output channel. x is padded with zeros.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        weight: O kernels, shape (O, C, kH, kW).
        bias: one number for each output channel, shape (O,), or None.
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, O, H_out, W_out), of x's dtype, through which autograd can go back to x, weight and bias.

    >>> x = torch.tensor([[[[1.0, 2.0, 0.0], [3.0, 1.0, 5.0], [0.0, 4.0, 2.0]]]])
    >>> weight = torch.tensor([[[[1.0, 0.0], [0.0, -1.0]]], [[[0.0, 2.0], [1.0, 0.0]]]])
    >>> conv2d(x, weight, torch.tensor([0.0, 100.0]))
    tensor([[[[  0.,  -3.],
              [ -1.,  -1.]],
    <BLANKLINE>
             [[107., 101.],
              [102., 114.]]]])
    """
    windows = _windows(_padded(x, padding), weight.shape[2:], stride, dilation)  # (N, C, oH, oW, kH, kW)
    return _with_bias(torch.einsum("nchwij,ocij->nohw", windows, weight), bias)


def max_pool2d(x: torch.Tensor, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)) -> torch.Tensor:
    """Return the maximum of every window, each channel for itself.

    The padding never wins, even if all of x is negative. Windows that would stick out of the padded input are left
    out.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size, so that windows lie side by side.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.

    Returns:
        Shape (N, C, H_out, W_out), of x's dtype, through which autograd can go back to the pixels that won.

    >>> x = torch.tensor([[[[-1.0, -2.0, -3.0, -9.0, -7.0], [-4.0, -5.0, -6.0, -8.0, -1.0]]]])
    >>> max_pool2d(x, (2, 2))
    tensor([[[[-1., -3.]]]])
    >>> max_pool2d(x, (1, 3), (1, 2), (0, 1))
    tensor([[[[-1., -2., -7.],
              [-4., -5., -1.]]]])
    """
    windows = _windows(_padded(x, padding, -torch.inf), kernel_size, stride or kernel_size)
    return windows.flatten(start_dim=4).amax(dim=4)  # of (N, C, oH, oW, kH·kW)


def avg_pool2d(
    x: torch.Tensor,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> torch.Tensor:
    """Return the mean of every window, each channel for itself.

    x is padded with zeros. Windows that would stick out of the padded input are left out.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size, so that windows lie side by side.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.
        count_include_pad: whether the padded zeros count: True divides every sum by kH·kW, False divides it by how many
            pixels of x lie in the window.

    Returns:
        Shape (N, C, H_out, W_out), of x's dtype, through which autograd can go back to x.

    >>> x = torch.tensor([[[[6.0, 12.0, 0.0, 3.0]]]])
    >>> avg_pool2d(x, (1, 3), (1, 2), (0, 1))
    tensor([[[[6., 5.]]]])
    >>> avg_pool2d(x, (1, 3), (1, 2), (0, 1), False)
    tensor([[[[9., 5.]]]])
    """
    stride = stride or kernel_size
    sums = _windows(_padded(x, padding), kernel_size, stride).sum(dim=(4, 5))  # (N, C, oH, oW)
    counted = x.new_ones(1, 1, *x.shape[2:])
    counted = _padded(counted, padding, float(count_include_pad))
    return sums / _windows(counted, kernel_size, stride).sum(dim=(4, 5))


def grouped_conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> torch.Tensor:
    """Return the convolution of images whose channels fall into groups that do not see each other.

    The C input channels and the O output channels are cut, in their order, into ``groups`` equal parts; the outputs of
    a part are computed from the inputs of the same part alone. One group is ``conv2d``; as many groups as channels is
    a depthwise convolution.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        weight: shape (O, C/groups, kH, kW).
        bias: one number for each output channel, shape (O,), or None.
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).
        groups: divides C and O.

    Returns:
        Shape (N, O, H_out, W_out), of x's dtype, through which autograd can go back to x, weight and bias.

    >>> x = torch.tensor([[[[1.0, 2.0]], [[10.0, 20.0]], [[5.0, 6.0]], [[50.0, 60.0]]]])  # (1, 4, 1, 2)
    >>> weight = torch.tensor([[1.0, 1.0], [2.0, -1.0]]).reshape(2, 2, 1, 1)
    >>> grouped_conv2d(x, weight, groups=2)
    tensor([[[[ 11.,  22.]],
    <BLANKLINE>
             [[-40., -48.]]]])
    """
    windows = _windows(_padded(x, padding), weight.shape[2:], stride, dilation)  # (N, C, oH, oW, kH, kW)
    windows = windows.unflatten(1, (groups, weight.shape[1]))  # (N, G, C/G, oH, oW, kH, kW)
    kernels = weight.unflatten(0, (groups, len(weight) // groups))  # (G, O/G, C/G, kH, kW)
    out = torch.einsum("ngchwij,gocij->ngohw", windows, kernels)
    return _with_bias(out.flatten(1, 2), bias)


def conv_transpose2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    output_padding: Pair = (0, 0),
) -> torch.Tensor:
    """Return the transposed convolution: each pixel of x adds its multiple of the kernels to the output.

    It is the map that takes the upstream gradient of a ``conv2d`` with this weight, stride and padding to its grad_x,
    used as a layer. Pixel (i, j) of x is laid down with its corner at row i·stride, column j·stride, on a canvas of
    zeros that has ``output_padding`` rows more at the bottom and columns more on the right than this needs; overlapping
    parts add up; then ``padding`` rows and columns are cut off on each side, and the bias is added everywhere.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        weight: shape (C, O, kH, kW): the input channels come first here.
        bias: one number for each output channel, shape (O,), or None.
        stride: (down, across), from one place in the output to the next.
        padding: rows cut off above and below each, columns cut off left and right each; smaller than the kernel.
        output_padding: rows more at the bottom, columns more on the right; smaller than the stride.

    Returns:
        Shape (N, O, H_out, W_out), of x's dtype, with H_out = (H - 1)·stride - 2·padding + kH + output_padding, through
        which autograd can go back to x, weight and bias.

    >>> x, weight = torch.tensor([[[[1.0, 2.0, 3.0]]]]), torch.tensor([[[[1.0, 10.0, 100.0]]]])
    >>> conv_transpose2d(x, weight, None, (1, 2))
    tensor([[[[  1.,  10., 102.,  20., 203.,  30., 300.]]]])
    >>> conv_transpose2d(x, weight, None, (1, 2), (0, 1), (0, 1))
    tensor([[[[ 10., 102.,  20., 203.,  30., 300.]]]])
    """
    (n, _, h, w), kernel = x.shape, weight.shape[2:]
    columns = torch.einsum("nchw,cokl->noklhw", x, weight)
    columns = columns.reshape(n, weight[0].numel(), h * w)  # (N, O·kH·kW, L)
    sizes = zip((h, w), kernel, stride, padding, output_padding, strict=True)
    size = tuple((i - 1) * s - 2 * p + k + extra for i, k, s, p, extra in sizes)
    return _with_bias(col2im(columns, size, kernel, stride, padding), bias)


def _padded(x: torch.Tensor, padding: Pair, value: float = 0.0) -> torch.Tensor:
    top, left = padding
    return torch.nn.functional.pad(x, (left, left, top, top), value=value)  # the last dimension comes first


def _windows(x: torch.Tensor, kernel_size: Pair, stride: Pair, dilation: Pair = (1, 1)) -> torch.Tensor:
    """Return a view of all windows, shape (N, C, oH, oW, kH, kW): no number is copied."""
    high, wide = (d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True))
    everywhere = x.unfold(2, high, stride[0]).unfold(3, wide, stride[1])
    return everywhere[..., :: dilation[0], :: dilation[1]]


def _with_bias(out: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    return out if bias is None else out + bias[:, None, None]

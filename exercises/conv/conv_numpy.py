"""Convolution and pooling in NumPy: small windows that slide over images, and gradients that go back through them.

Images are batches of shape (N, C, H, W): N images of C channels, H rows and W columns. Sizes of two dimensions are
tuples (h, w). Nothing is changed in place. Every ``_backward`` takes the upstream gradient ``grad_output``, of the
shape of the forward's output, and then the arguments of its forward.
"""

import numpy as np

Pair = tuple[int, int]  # (height, width)


def conv_output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return along one axis how many places a sliding window has.

    The input is first lengthened by ``padding`` at either end. The window's elements lie ``dilation`` apart, so that a
    kernel of 3 with dilation 2 reaches over 5 elements. It starts at the first element, moves on by ``stride``, and
    stops before it would stick out; what is left over is not used.

    Args:
        size: length of the input along this axis.
        kernel_size: elements of the kernel along this axis.
        stride: from one place to the next.
        padding: added at both ends, each.
        dilation: from one element of the kernel to the next.

    Returns:
        The number of places, an int; 1 or more, since the window fits at least once.

    >>> conv_output_size(10, 3), conv_output_size(10, 3, 2)
    (8, 4)
    >>> conv_output_size(10, 3, 2, 1, 2)
    4
    """
    raise NotImplementedError


def im2col(
    x: np.ndarray, kernel_size: Pair, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> np.ndarray:
    """Return what every window sees, written into the columns of a matrix.

    x is padded with zeros on all four sides. Column l is the l-th place of the window, counted along the rows: all
    places of the first row of places, then the second. Its rows are the window's elements: channel first, then the
    kernel's row, then the kernel's column (the order of ``weight[o].reshape(-1)``).

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        Shape (N, C·kH·kW, L), of x's dtype, where L = H_out·W_out is the number of places.

    >>> x = np.arange(12.0).reshape(1, 1, 3, 4)
    >>> im2col(x, (2, 2), (1, 2))[0]
    array([[ 0.,  2.,  4.,  6.],
           [ 1.,  3.,  5.,  7.],
           [ 4.,  6.,  8., 10.],
           [ 5.,  7.,  9., 11.]])

    Welcome: numpy.lib.stride_tricks.sliding_window_view.
    """
    raise NotImplementedError


def col2im(
    x: np.ndarray,
    output_size: Pair,
    kernel_size: Pair,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> np.ndarray:
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
        Shape (N, C, H, W), of x's dtype.

    >>> col2im(np.array([[[1.0, 2.0, 3.0], [40.0, 50.0, 60.0]]]), (1, 4), (1, 2))
    array([[[[ 1., 42., 53., 60.]]]])
    """
    raise NotImplementedError


def conv2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> np.ndarray:
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
        Shape (N, O, H_out, W_out), of x's dtype.

    >>> x = np.array([[[[1.0, 2.0, 0.0], [3.0, 1.0, 5.0], [0.0, 4.0, 2.0]]]])
    >>> weight = np.array([[[[1.0, 0.0], [0.0, -1.0]]], [[[0.0, 2.0], [1.0, 0.0]]]])
    >>> conv2d(x, weight, np.array([0.0, 100.0]))
    array([[[[  0.,  -3.],
             [ -1.,  -1.]],
    <BLANKLINE>
            [[107., 101.],
             [102., 114.]]]])
    """
    raise NotImplementedError


def conv2d_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``conv2d`` with respect to x, weight and bias.

    A pixel of x that no window sees has gradient 0.

    Args:
        grad_output: the gradient with respect to the output, shape (N, O, H_out, W_out).
        x: images, shape (N, C, H, W); N may be 0.
        weight: O kernels, shape (O, C, kH, kW).
        bias: shape (O,), or None.
        stride: (down, across), from one place to the next.
        padding: rows added above and below each, columns added left and right each; less than the window's extent.
        dilation: from one element of the kernel to the next, (down, across).

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of what it is the gradient of; grad_bias is None
        if bias is None.

    >>> x = np.array([[[[1.0, 2.0, 3.0, 4.0, 5.0]]]])
    >>> weight = np.array([[[[10.0, 1.0]]]])
    >>> grad_output = np.array([[[[1.0, -2.0]]]])
    >>> grad_x, grad_weight, grad_bias = conv2d_backward(grad_output, x, weight, np.array([0.5]), (1, 2))
    >>> grad_x
    array([[[[ 10.,   1., -20.,  -2.,   0.]]]])
    >>> grad_weight, grad_bias
    (array([[[[-5., -6.]]]]), array([-1.]))
    """
    raise NotImplementedError


def max_pool2d(x: np.ndarray, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)) -> np.ndarray:
    """Return the maximum of every window, each channel for itself.

    The padding never wins, even if all of x is negative. Windows that would stick out of the padded input are left
    out.

    Args:
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size, so that windows lie side by side.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.

    Returns:
        Shape (N, C, H_out, W_out), of x's dtype.

    >>> x = np.array([[[[-1.0, -2.0, -3.0, -9.0, -7.0], [-4.0, -5.0, -6.0, -8.0, -1.0]]]])
    >>> max_pool2d(x, (2, 2))
    array([[[[-1., -3.]]]])
    >>> max_pool2d(x, (1, 3), (1, 2), (0, 1))
    array([[[[-1., -2., -7.],
             [-4., -5., -1.]]]])
    """
    raise NotImplementedError


def max_pool2d_backward(
    grad_output: np.ndarray, x: np.ndarray, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)
) -> np.ndarray:
    """Return the gradient of ``max_pool2d`` with respect to x.

    If a window has several equal maxima, the first one takes all of its gradient, counted along the rows of the
    window. A pixel that wins in several windows gets the sum.

    Args:
        grad_output: the gradient with respect to the output, shape (N, C, H_out, W_out).
        x: images, shape (N, C, H, W); N may be 0; equal values occur.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.

    Returns:
        grad_x, of x's shape and dtype.

    >>> x = np.array([[[[3.0, 7.0, 7.0, 1.0]]]])
    >>> max_pool2d_backward(np.array([[[[1.0, 20.0, 300.0]]]]), x, (1, 2), (1, 1))
    array([[[[  0.,  21., 300.,   0.]]]])
    """
    raise NotImplementedError


def avg_pool2d(
    x: np.ndarray,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> np.ndarray:
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
        Shape (N, C, H_out, W_out), of x's dtype.

    >>> x = np.array([[[[6.0, 12.0, 0.0, 3.0]]]])
    >>> avg_pool2d(x, (1, 3), (1, 2), (0, 1))
    array([[[[6., 5.]]]])
    >>> avg_pool2d(x, (1, 3), (1, 2), (0, 1), False)
    array([[[[9., 5.]]]])
    """
    raise NotImplementedError


def avg_pool2d_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> np.ndarray:
    """Return the gradient of ``avg_pool2d`` with respect to x.

    Args:
        grad_output: the gradient with respect to the output, shape (N, C, H_out, W_out).
        x: images, shape (N, C, H, W); N may be 0.
        kernel_size: (kH, kW).
        stride: (down, across), from one place to the next; None means kernel_size.
        padding: rows above and below each, columns left and right each; at most half of kernel_size.
        count_include_pad: whether the padded zeros count in the mean.

    Returns:
        grad_x, of x's shape and dtype.

    >>> avg_pool2d_backward(np.array([[[[6.0, 30.0]]]]), np.zeros((1, 1, 1, 6)), (1, 3), (1, 2))
    array([[[[ 2.,  2., 12., 10., 10.,  0.]]]])
    """
    raise NotImplementedError


def grouped_conv2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> np.ndarray:
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
        Shape (N, O, H_out, W_out), of x's dtype.

    >>> x = np.array([[[[1.0, 2.0]], [[10.0, 20.0]], [[5.0, 6.0]], [[50.0, 60.0]]]])  # (1, 4, 1, 2)
    >>> weight = np.array([[1.0, 1.0], [2.0, -1.0]]).reshape(2, 2, 1, 1)
    >>> grouped_conv2d(x, weight, groups=2)
    array([[[[ 11.,  22.]],
    <BLANKLINE>
            [[-40., -48.]]]])
    """
    raise NotImplementedError


def conv_transpose2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    output_padding: Pair = (0, 0),
) -> np.ndarray:
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
        Shape (N, O, H_out, W_out), of x's dtype, with H_out = (H - 1)·stride - 2·padding + kH + output_padding.

    >>> x, weight = np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[[[1.0, 10.0, 100.0]]]])
    >>> conv_transpose2d(x, weight, None, (1, 2))
    array([[[[  1.,  10., 102.,  20., 203.,  30., 300.]]]])
    >>> conv_transpose2d(x, weight, None, (1, 2), (0, 1), (0, 1))
    array([[[[ 10., 102.,  20., 203.,  30., 300.]]]])
    """
    raise NotImplementedError


def conv_transpose2d_backward(
    grad_output: np.ndarray,
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    output_padding: Pair = (0, 0),
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``conv_transpose2d`` with respect to x, weight and bias.

    Args:
        grad_output: the gradient with respect to the output, shape (N, O, H_out, W_out).
        x: images, shape (N, C, H, W); N may be 0.
        weight: shape (C, O, kH, kW).
        bias: shape (O,), or None.
        stride: (down, across), from one place in the output to the next.
        padding: rows cut off above and below each, columns cut off left and right each; smaller than the kernel.
        output_padding: rows more at the bottom, columns more on the right; smaller than the stride.

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of what it is the gradient of; grad_bias is None
        if bias is None.

    >>> x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]])
    >>> grad_output = np.array([[[[1.0, 2.0, 3.0, 4.0]]]])
    >>> grad_x, grad_weight, grad_bias = conv_transpose2d_backward(grad_output, x, weight, None, (1, 2))
    >>> grad_x
    array([[[[21., 43.]]]])
    >>> grad_weight, grad_bias
    (array([[[[ 7., 10.]]]]), None)
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)

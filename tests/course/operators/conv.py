"""PyTorch's own convolutions and pools, with the arguments in the course's order."""

from torch.nn import functional as F


def im2col(x, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Unfold; the framework's arguments stand in another order."""
    return F.unfold(x, kernel_size, dilation, padding, stride)


def col2im(x, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Fold; the framework's arguments stand in another order."""
    return F.fold(x, output_size, kernel_size, dilation, padding, stride)


def avg_pool2d(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Average, without ceil_mode, which stands before the count."""
    return F.avg_pool2d(x, kernel_size, stride, padding, False, count_include_pad)


OPERATORS = {
    "im2col": im2col,
    "col2im": col2im,
    "conv2d": F.conv2d,
    "max_pool2d": F.max_pool2d,
    "avg_pool2d": avg_pool2d,
    "grouped_conv2d": F.conv2d,
    "conv_transpose2d": F.conv_transpose2d,
}

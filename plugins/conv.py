"""Convolution and pooling: windows that slide over images, forwards and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from grader import Edge, Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Pair = tuple[int, int]
Fill = Callable[[tuple[int, ...]], Any]
Cases = Callable[["Draw"], Arguments]
Edges = Callable[[], Mapping[str, Edge]]
ONE, NONE = (1, 1), (0, 0)

# The first is the simplest; most differ in height and width.
KERNELS = ((1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (1, 3), (3, 1), (1, 1))
STRIDES = (ONE, ONE, (1, 2), (2, 1), (2, 2), (3, 2), (2, 3))
PADDINGS = (NONE, (0, 1), (1, 0), (1, 1), (2, 1), (1, 2))
DILATIONS = (ONE, ONE, (1, 2), (2, 1), (2, 2), (3, 2))
POOLED = ((2, 2), (1, 2), (2, 1), (2, 3), (3, 2), (4, 3), (3, 4))


class Window(NamedTuple):
    """A window and the input that it slides over; a stride of None is the kernel's size."""

    size: Pair
    kernel: Pair
    stride: Pair | None = ONE
    padding: Pair = NONE
    dilation: Pair = ONE


def places(size: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def window(draw: Draw, *, pool: bool = False) -> Window:
    """Draw a window, then an input that it fits into, with what is left over at the far ends.

    Padding stays below the extent of the window, for pools at half the kernel.
    """
    kernel = draw.choice("kernel", POOLED if pool else KERNELS)
    stride = draw.choice("stride", (None, *STRIDES) if pool else STRIDES)
    dilation = ONE if pool else draw.choice("dilation", DILATIONS)
    step = stride or kernel
    reach = tuple(d * (k - 1) for k, d in zip(kernel, dilation, strict=True))
    padding = at_most(draw.choice("padding", PADDINGS), [k // 2 for k in kernel] if pool else reach)
    rest = at_most(draw.choice("left over", (NONE, (0, 1), (1, 0), (1, 1))), [s - 1 for s in step])
    sides = zip(draw.sizes("down", "across", high=3), step, reach, padding, rest, strict=True)
    size = tuple(max(1, (n - 1) * s + r + 1 + more - 2 * p) for n, s, r, p, more in sides)
    label(draw, kernel=kernel, stride=stride, padding=padding, **({} if pool else {"dilation": dilation}))
    left = [(n + 2 * p - r - 1) % s for n, p, r, s in zip(size, padding, reach, step, strict=True)]
    draw.label("left over", "pixels" if any(left) else "nothing")
    draw.label("windows", "overlap" if any(map(int.__le__, step, reach)) else "do not overlap")
    return Window(size, kernel, stride, padding, dilation)


def at_most(pair: Pair, most: Sequence[int]) -> Pair:
    return min(pair[0], most[0]), min(pair[1], most[1])


def label(draw: Draw, **pairs: Pair | None) -> None:
    """Label what matters of each pair: whether height and width differ, else how large they are."""
    for name, pair in pairs.items():
        draw.label(name, "default" if pair is None else "h ≠ w" if pair[0] != pair[1] else pair[0])


def given(draw: Draw, args: Arguments, *defaults: Any) -> Arguments:
    """Leave out, in half of the cases, the arguments at the end that are at their defaults."""
    return trimmed(args, *defaults) if draw.choice("defaults", ("left out", "given")) == "left out" else args


def trimmed(args: Arguments, *defaults: Any) -> Arguments:
    for value, default in zip(reversed(args), reversed(defaults), strict=False):
        if type(value) is not type(default) or value != default:
            break
        args = args[:-1]
    return args


def numbers(start: int) -> Fill:
    """Make different numbers from -5 to 5, in another order for each start."""

    def fill(shape: tuple[int, ...]) -> Any:
        import numpy as np

        count = int(np.prod(shape))
        return ((361 * (np.arange(count) + 7 * count + start)) % 997 - 498.5).reshape(shape) / 100

    return fill


# Two of the same shape and settings, so that an answer kept from one is wrong for the other.
TWINS = {name: Window((5, 6), (3, 2), (2, 1), (1, 0)) for name in ("images", "other images of the same size")}
WINDOWS = {
    **TWINS,
    "kernel as large as the input": Window((3, 2), (3, 2)),
    "stride larger than the kernel": Window((5, 7), (1, 2), (2, 3)),
    "empty batch": Window((3, 4), (2, 3), ONE, (0, 1)),
}
CONV_WINDOWS = {**WINDOWS, "1×1 kernel": Window((2, 3), ONE), "all defaults": Window((4, 5), (2, 3))}
POOL_WINDOWS = {**WINDOWS, "all defaults": Window((5, 7), (2, 3), None)}


def edges(windows: Mapping[str, Window], build: Callable[[Fill, int, Window], Arguments], *defaults: Any) -> Edges:
    """Build the same arguments as the drawn cases have, from fixed windows and numbers; defaults are left out."""

    def make() -> Mapping[str, Edge]:
        images = {name: 0 if name == "empty batch" else 2 for name in windows}
        built = {name: build(numbers(i), images[name], one) for i, (name, one) in enumerate(windows.items())}
        return {name: Edge(args=trimmed(args, *defaults)) for name, args in built.items()}

    return make


def size_cases(draw: Draw) -> Arguments:
    kernel, stride = draw.integer("kernel_size", 1, 5), draw.integer("stride", 1, 4)
    padding, dilation = draw.integer("padding", 0, 3), draw.integer("dilation", 1, 3)
    count, rest = draw.integer("places", 1, 9), draw.integer("left over", 0, stride - 1)
    size = max(1, (count - 1) * stride + dilation * (kernel - 1) + 1 + rest - 2 * padding)
    draw.label("places", places(size, kernel, stride, padding, dilation))
    draw.label("left over", (size + 2 * padding - dilation * (kernel - 1) - 1) % stride)
    return given(draw, (size, kernel, stride, padding, dilation), 1, 0, 1)


def size_edges() -> Mapping[str, Arguments]:
    return {
        "kernel as large as the input": (5, 5),
        "stride larger than the kernel": (11, 2, 3),
        "kernel of 1, dilated": (6, 1, 1, 0, 3),
        "a photograph's first layer": (224, 7, 2, 3),
    }


def im2col_args(fill: Fill, n: int, one: Window, c: int = 3) -> Arguments:
    return fill((n, c, *one.size)), *one[1:]


def im2col_cases(draw: Draw) -> Arguments:
    n, c = draw.sizes("images", "channels", high=3)
    return given(draw, im2col_args(draw.array, n, window(draw), c), ONE, NONE, ONE)


def col2im_args(fill: Fill, n: int, one: Window, c: int = 3) -> Arguments:
    h, w = map(places, *one)
    return fill((n, c * one.kernel[0] * one.kernel[1], h * w)), *one


def col2im_cases(draw: Draw) -> Arguments:
    n, c = draw.sizes("images", "channels", high=3)
    return given(draw, col2im_args(draw.array, n, window(draw), c), ONE, NONE, ONE)


def conv_args(fill: Fill, n: int, one: Window, c: int = 3, o: int = 4, bias: bool = True) -> Arguments:
    return fill((n, c, *one.size)), fill((o, c, *one.kernel)), fill((o,)) if bias else None, *one[2:]


def conv_cases(draw: Draw) -> Arguments:
    n, c, o = draw.sizes("images", "channels", "kernels", high=4)
    return given(draw, conv_args(draw.array, n, window(draw), c, o, draw.flag("bias")), None, ONE, NONE, ONE)


def conv_edges() -> Mapping[str, Edge]:
    as_many = conv_args(numbers(7), 2, Window((3, 5), (2, 2)))
    return {**edges(CONV_WINDOWS, conv_args, ONE, NONE, ONE)(), "as many kernels as columns": Edge(args=as_many)}


def conv_shape(x: Any, weight: Any, bias: Any = None, *options: Pair) -> tuple[int, ...]:
    return len(x), len(weight), *map(places, x.shape[2:], weight.shape[2:], *options, *(ONE, NONE)[len(options) :])


def pool_args(fill: Fill, n: int, one: Window, c: int = 3) -> Arguments:
    return fill((n, c, *one.size)), *one[1:4]


def pool_shape(x: Any, kernel: Pair, stride: Pair | None = None, padding: Pair = NONE, *_: Any) -> tuple[int, ...]:
    return *x.shape[:2], *map(places, x.shape[2:], kernel, stride or kernel, padding)


def max_cases(*kinds: str) -> Cases:
    """Pool different integers: no window has a tie, also after rounding, unless ties are asked for."""

    def cases(draw: Draw) -> Arguments:
        n, c = draw.sizes("images", "channels", high=3)
        kind = draw.choice("values", kinds)
        fill = "ties" if kind == "ties" else "integers"
        x, *rest = pool_args(lambda shape: draw.array(shape, fill), n, window(draw, pool=True), c)
        return given(draw, (-abs(x) if kind == "all negative" else x, *rest), None, NONE)

    return cases


def max_edges() -> Mapping[str, Edge]:
    negative = numbers(1)((2, 3, 4, 5)) - 5
    return {
        **edges(POOL_WINDOWS, pool_args, None, NONE)(),
        "all negative, padded": Edge(args=(negative, (4, 3), (2, 2), (2, 1))),
    }


def max_backward_edges() -> Mapping[str, Edge]:
    import numpy as np

    equal = np.full((1, 2, 3, 4), -1.5)
    ties = np.array([[2.0, 5.0, 1.0], [5.0, 3.0, 5.0], [0.0, 5.0, 4.0]]).reshape(1, 1, 3, 3)
    return {
        **max_edges(),
        "all equal": Edge(args=(equal, (2, 3), ONE, ONE), smooth=False),
        "ties in overlapping windows": Edge(args=(ties, (2, 2), ONE), smooth=False),
    }


def avg_cases(draw: Draw) -> Arguments:
    n, c = draw.sizes("images", "channels", high=3)
    args = pool_args(draw.array, n, window(draw, pool=True), c)
    return given(draw, (*args, draw.choice("count_include_pad", (True, False))), None, NONE, True)


def avg_edges() -> Mapping[str, Edge]:
    counted = pool_args(numbers(7), 2, Window((4, 5), (3, 4), (2, 1), (1, 2)))
    not_counted = pool_args(numbers(8), 2, Window((5, 4), (4, 3), (1, 2), (2, 1)))
    return {
        **edges(POOL_WINDOWS, pool_args, None, NONE)(),
        "padding counted": Edge(args=(*counted, True)),
        "padding not counted": Edge(args=(*not_counted, False)),
    }


def grouped_args(fill: Fill, n: int, one: Window, c: int = 3, o: int = 2, bias: bool = True, g: int = 2) -> Arguments:
    """Take as many channels and kernels for each group."""
    return fill((n, g * c, *one.size)), fill((g * o, c, *one.kernel)), fill((g * o,)) if bias else None, *one[2:], g


def grouped_cases(draw: Draw) -> Arguments:
    groups, bias = draw.choice("groups", (2, 3, 1)), draw.flag("bias")
    n, c, o = draw.sizes("images", "channels", "kernels", high=3)
    draw.label("channels of a group", c)
    return given(draw, grouped_args(draw.array, n, window(draw), c, o, bias, groups), None, ONE, NONE, ONE, 1)


def grouped_edges() -> Mapping[str, Edge]:
    small = Window((3, 4), (2, 3))
    return {
        **edges({**TWINS, "empty batch": WINDOWS["empty batch"]}, grouped_args)(),
        "depthwise": Edge(args=grouped_args(numbers(3), 2, small, 1, 1, g=3)),
        "one group": Edge(args=trimmed(grouped_args(numbers(4), 2, small, g=1), ONE, NONE, ONE, 1)),
    }


def transpose_args(
    fill: Fill, n: int, one: Window, c: int = 3, o: int = 4, bias: bool = True, extra: Pair = NONE
) -> Arguments:
    return fill((n, c, *one.size)), fill((c, o, *one.kernel)), fill((o,)) if bias else None, *one[2:4], extra


def transpose_cases(draw: Draw) -> Arguments:
    """Draw so that at least one row and column is left after the padding is cut off."""
    n, c, o = draw.sizes("images", "channels", "kernels", high=4)
    size, kernel, stride = (
        draw.sizes("rows", "columns", high=3),
        draw.choice("kernel", KERNELS),
        draw.choice("stride", STRIDES),
    )
    extra = at_most(draw.choice("output_padding", (NONE, NONE, (0, 1), (1, 0), (2, 1))), [s - 1 for s in stride])
    spans = [min(k - 1, ((i - 1) * s + k - 1) // 2) for i, s, k in zip(size, stride, kernel, strict=True)]
    padding = at_most(draw.choice("padding", PADDINGS), spans)
    label(draw, kernel=kernel, stride=stride, padding=padding, output_padding=extra)
    draw.label("windows", "overlap" if any(map(int.__lt__, stride, kernel)) else "do not overlap")
    one = Window(size, kernel, stride, padding)
    return given(draw, transpose_args(draw.array, n, one, c, o, draw.flag("bias"), extra), None, ONE, NONE, NONE)


def transpose_edges() -> Mapping[str, Edge]:
    both = transpose_args(numbers(5), 2, Window((2, 3), (3, 4), (2, 3), (1, 2)), extra=(1, 2))
    return {**edges(CONV_WINDOWS, transpose_args, ONE, NONE, NONE)(), "padding and output padding": Edge(args=both)}


def transpose_shape(x: Any, weight: Any, bias: Any = None, *options: Pair) -> tuple[int, ...]:
    sides = zip(x.shape[2:], weight.shape[2:], *options, *(ONE, NONE, NONE)[len(options) :], strict=True)
    return len(x), weight.shape[1], *((n - 1) * s - 2 * p + k + extra for n, k, s, p, extra in sides)


def backward(of: str, cases: Cases, edges: Edges, shape: Callable[..., tuple[int, ...]], **options: Any) -> Task:
    """Declare the backward of a task: an upstream gradient of the output's shape, then the arguments."""

    def with_upstream(draw: Draw) -> Arguments:
        args = cases(draw)
        return draw.array(shape(*args)), *args

    def edges_with_upstream() -> Mapping[str, Edge]:
        found = enumerate(edges().items())
        return {
            name: Edge(args=(numbers(i)(shape(*one.args)), *one.args), smooth=one.smooth) for i, (name, one) in found
        }

    return task(f"{of}_backward", with_upstream, edges_with_upstream, backends=("numpy",), **options)


F = "torch.nn.functional."
COLUMNS = (f"{F}unfold", f"{F}fold")
VIEWS = ("numpy.lib.stride_tricks.sliding_window_view", "torch.Tensor.unfold")
CONVOLUTIONS = (*(f"{F}conv{kind}{n}d" for kind in ("", "_transpose") for n in (1, 2, 3)), "torch.convolution")
MAX_POOLS = (*(f"{F}max_pool{n}d" for n in (1, 2, 3)), f"{F}max_pool2d_with_indices")
AVG_POOLS = tuple(f"{F}avg_pool{n}d" for n in (1, 2, 3))


def task(name: str, cases: Cases, edges: Edges, **options: Any) -> Task:
    # PyTorch imports much before its first gradient of as_strided, a right way to make windows: hence the time.
    return Task(name=name, cases=cases, edges=edges, drawn=60, timeout=5.0, **options)


@hookimpl
def grader_exercises() -> list[Exercise]:
    signed, with_ties = max_cases("any sign", "all negative"), max_cases("any sign", "all negative", "ties")
    stretch = {"level": "stretch", "points": 2}
    conv = {"forbid": CONVOLUTIONS, "gradient": ("x", "weight", "bias")}
    columns = {"forbid": COLUMNS, "gradient": ("x",), "points": 2}
    tasks = (
        Task(name="conv_output_size", cases=size_cases, edges=size_edges, dtypes=(), backends=("numpy",), minutes=8),
        task(
            "im2col", im2col_cases, edges(CONV_WINDOWS, im2col_args, ONE, NONE, ONE), **columns, allow=VIEWS, minutes=20
        ),
        task("col2im", col2im_cases, edges(CONV_WINDOWS, col2im_args, ONE, NONE, ONE), **columns, minutes=20),
        task("conv2d", conv_cases, conv_edges, **conv, points=3, minutes=20),
        backward("conv2d", conv_cases, conv_edges, conv_shape, points=3, minutes=30),
        task("max_pool2d", signed, max_edges, forbid=MAX_POOLS, gradient=("x",), minutes=10),
        backward("max_pool2d", with_ties, max_backward_edges, pool_shape, points=2, minutes=20),
        task("avg_pool2d", avg_cases, avg_edges, forbid=AVG_POOLS, gradient=("x",), minutes=10),
        backward("avg_pool2d", avg_cases, avg_edges, pool_shape, minutes=15),
        task("grouped_conv2d", grouped_cases, grouped_edges, **conv, **stretch, minutes=15),
        task("conv_transpose2d", transpose_cases, transpose_edges, **conv, **stretch, minutes=20),
        backward("conv_transpose2d", transpose_cases, transpose_edges, transpose_shape, **stretch, minutes=20),
    )
    return [Exercise(name="conv", title="Convolution and pooling", after=("initialization",), tasks=tasks)]

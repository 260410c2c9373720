"""The kernels of PyTorch that stand behind a function's name, and a refusal in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

__all__ = ["operators", "replaced"]

LIBRARIES = ("aten", "mkldnn", "mkldnn_prepacked", "onednn", "quantized", "_quantized")
# What the name of an operator says of its implementation: mkldnn_convolution, slow_conv2d_forward, _softmax, l1_loss.
MARKS = re.compile(
    "|safe|special|native|fused|math|flash|efficient|for|cpu|mps|cudnn|miopen|mkldnn|nnpack|spatial|thnn|slow|pointwise"
    "|overrideable|run|forward|loss"
)
KINDS = re.compile("dilated|depthwise|_legit|_no_training|_(with|no)_update|_functional")
# Where functions bear aten's names, and those that do not: aten's own unfold is Tensor.unfold, which slides a window.
HOMES = ("torch", "torch.Tensor", "torch.nn.functional", "torch.special")
RENAMED = {"torch.nn.functional.unfold": "im2col", "torch.nn.functional.fold": "col2im"}
# Tensors of other layouts have kernels of their own.
LAYOUTS = ("MkldnnCPU", "QuantizedCPU", "SparseCPU", "SparseCsrCPU", "NestedTensorCPU")
FOR_ALL = "CompositeExplicitAutograd"


def operators(name: str) -> tuple[str, ...]:
    """Return the operators that a qualified name stands for, such as ``torch.softmax``: ``aten::_softmax``, …"""
    home, _, last = name.rpartition(".")
    return KERNELS.get(_base(RENAMED.get(name, last)), ()) if home in HOMES else ()


def _base(name: str) -> str:
    """Return what an operator computes: logsigmoid for log_sigmoid_forward, which aten writes in both ways."""
    return "".join(word for word in KINDS.sub("", name).split("_") if not MARKS.fullmatch(word))


def _kernels() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for qualified in torch._C._dispatch_get_all_op_names():
        library, _, operator = qualified.partition("::")
        if library in LIBRARIES:
            found.setdefault(_base(operator.partition(".")[0]), []).append(qualified)
    return {base: tuple(operators) for base, operators in found.items()}


KERNELS = _kernels()


@contextmanager
def replaced(names: Sequence[str], refusal: Callable[[str], Any], key: str) -> Iterator[None]:
    """Put a refusal in the place of the kernels behind these names, which threads and TorchScript meet too.

    Args:
        refusal: gives, for a name, what is called instead.
        key: of the device's kernels in PyTorch's dispatcher.
    """
    libraries: dict[str, Any] = {}
    for name in names:
        for qualified in operators(name):
            library, _, operator = qualified.partition("::")
            if library not in libraries:
                libraries[library] = torch.library.Library(library, "IMPL")  # type: ignore[no-untyped-call]
            for one in (key, *_others(qualified)):
                libraries[library].impl(operator, refusal(name), one)
    try:
        yield
    finally:
        for library in libraries.values():
            library._destroy()


def _others(operator: str) -> list[str]:
    """Return the layouts for which an operator has a kernel, of their own or one for all."""
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return [key for key in LAYOUTS if has(operator, key) or has(operator, FOR_ALL)]

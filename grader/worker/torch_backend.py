"""The PyTorch side of a worker: tensors in and out, autograd, and forbidden kernels."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from .guard import ForbiddenCall, forbidding, guard, refusal

warnings.filterwarnings("ignore", message="(?s).*[Oo]verriding a previously registered kernel")
torch.set_num_threads(1)

__all__ = ["NoGradient", "describe", "forbid", "gradient", "leaf", "native", "prepare"]

PREFIXES = ("_safe_", "special_", "_")
SUFFIXES = ("_forward", "_", "_loss")


class NoGradient(Exception):
    """The output has no ``grad_fn``: the computation left autograd's graph."""


def prepare(names: Sequence[str]) -> list[str]:
    """Put guards before functions that are written in Python; kernels are replaced later, task by task.

    Returns:
        the names of torch that name neither.
    """
    wanted = [name for name in names if name.startswith("torch.") and not _operators(name)]
    return [name for name in wanted if not guard(torch, name)]


def _kernels() -> dict[str, tuple[str, ...]]:
    """Return aten's operators by base name: ``softmax`` for ``_softmax``, ``special_softmax``, ``softmax.int``, …"""
    found: dict[str, list[str]] = {}
    for qualified in torch._C._dispatch_get_all_op_names():
        if not qualified.startswith("aten::"):
            continue
        operator = qualified.removeprefix("aten::")
        found.setdefault(_base(operator.split(".")[0]), []).append(operator)
    return {base: tuple(operators) for base, operators in found.items()}


def _operators(name: str) -> tuple[str, ...]:
    """Return the operators that a qualified name stands for, such as ``torch.softmax``."""
    return KERNELS.get(_base(name.rsplit(".", 1)[-1]), ())


def _base(name: str) -> str:
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name.replace("_", "")  # logsigmoid is log_sigmoid in aten


KERNELS = _kernels()


@contextmanager
def forbid(names: Sequence[str]) -> Iterator[None]:
    """Replace the CPU kernels of these names by a refusal, which threads and TorchScript meet too."""
    wanted = [name for name in names if name.startswith("torch.")]
    if not wanted:
        yield
        return
    library: Any = torch.library.Library("aten", "IMPL")  # type: ignore[no-untyped-call]
    for name in wanted:
        for operator in _operators(name):
            library.impl(operator, _refusal(name), "CPU")
    try:
        with forbidding(wanted):
            yield
    finally:
        library._destroy()


def _refusal(name: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise ForbiddenCall(refusal(name))

    return refuse


def native(array: np.ndarray[Any, Any]) -> Any:
    """Return what the learner's function is given for an array."""
    return torch.from_numpy(array)


def leaf(value: Any) -> Any:
    """Return the plain array behind a tensor, None for what is no tensor; a NumPy array stays foreign here."""
    if not isinstance(value, torch.Tensor):
        return None
    plain = torch.Tensor.detach(value)
    if plain.layout is not torch.strided or plain.dtype is torch.bfloat16:
        return None
    return plain.resolve_conj().resolve_neg().cpu().numpy()


def gradient(function: Any, args: Sequence[Any], wrt: Sequence[int], upstream: Sequence[Any]) -> Any:
    """Return the gradient of the function's outputs with respect to the arguments ``wrt``.

    Args:
        upstream: one array for each floating output, of its shape.

    Raises:
        NoGradient: if an output is detached from its inputs.
    """
    inputs = list(args)
    for position in wrt:
        inputs[position] = inputs[position].detach().requires_grad_(True)
    outputs = [value for value in _flat(function(*inputs)) if _differentiable(value)]
    if len(outputs) != len(upstream) or not all(output.requires_grad for output in outputs):
        raise NoGradient("the output has no grad_fn: it left autograd's graph")
    wanted = [inputs[position] for position in wrt]
    given = [
        native(array).to(output.dtype).reshape(output.shape) for array, output in zip(upstream, outputs, strict=True)
    ]
    grads = torch.autograd.grad(outputs, wanted, given, allow_unused=True)
    pairs = zip(grads, wanted, strict=True)
    return tuple(torch.zeros_like(tensor) if grad is None else grad for grad, tensor in pairs)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def _differentiable(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def describe(value: Any) -> str | None:
    """Return dtype and shape of a tensor, for the report of an exception."""
    if isinstance(value, torch.Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}"
    return None

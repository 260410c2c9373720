"""The PyTorch side of a worker: tensors in and out, autograd, and forbidden kernels."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from .frames import Unsupported
from .guard import ForbiddenCall, forbidding, guard, refusal
from .kernels import operators, replaced

warnings.filterwarnings("ignore", message="(?s).*[Oo]verriding a previously registered kernel")
torch.set_num_threads(1)
# The engine behind torch.autograd.grad, which itself may be forbidden, and which imports hundreds of modules (0.7 s) in
# every child to compare shapes that are equal here.
ENGINE: Any = torch.autograd.Variable._execution_engine
SYNCHRONIZE = torch.accelerator.synchronize  # as it is before a learner's code can replace it

__all__ = ["NoGradient", "describe", "devices", "forbid", "gradient", "leaf", "native", "peak", "prepare"]
__all__ += ["synchronize", "use"]

DISPATCH = {"cpu": "CPU", "cuda": "CUDA", "mps": "MPS", "xpu": "XPU"}


class NoGradient(Exception):
    """The output has no ``grad_fn``: the computation left autograd's graph."""


def prepare(names: Sequence[str]) -> list[str]:
    """Put guards before functions that are written in Python; kernels are replaced later, task by task.

    Returns:
        the names of torch that name neither.
    """
    wanted = [name for name in names if name.startswith("torch.") and not operators(name)]
    return [name for name in wanted if not guard(torch, name)]


@contextmanager
def forbid(names: Sequence[str]) -> Iterator[None]:
    """Replace the CPU kernels of these names by a refusal, which threads and TorchScript meet too."""
    wanted = [name for name in names if name.startswith("torch.")]
    if not wanted:
        yield
        return
    with replaced(wanted, _refusal, DISPATCH.get(Place.device, "PrivateUse1")), forbidding(wanted):
        yield


def _refusal(name: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise ForbiddenCall(refusal(name))

    return refuse


class Place:
    """Where this process computes; one process never computes in two places."""

    device = "cpu"
    whole = torch.device("cpu")  # with the number of the one that is used, where there are several


def devices() -> list[str]:
    """Return the kinds of accelerator that PyTorch finds; only for a process that no other is forked from."""
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return [] if found is None else [found.type]


def use(device: str) -> None:
    """Compute on an accelerator from now on, in full precision as PyTorch does by default."""
    Place.device = device
    torch.backends.cudnn.allow_tf32 = False  # PyTorch's own default is less for convolutions, and none for products
    Place.whole = torch.empty(0, device=device).device
    synchronize()


def synchronize() -> None:
    """Wait until the whole device is idle, whatever streams the work was put on."""
    if Place.device != "cpu":
        SYNCHRONIZE()


def peak(reset: bool) -> int:
    """Return the most bytes that the accelerator's allocator has given out since the last reset."""
    synchronize()
    if reset:
        torch.accelerator.reset_peak_memory_stats()
    return int(torch.accelerator.max_memory_allocated())


def native(array: np.ndarray[Any, Any]) -> Any:
    """Return what the learner's function is given for an array."""
    tensor = torch.from_numpy(array)
    return tensor if Place.device == "cpu" else tensor.to(Place.device)


def leaf(value: Any) -> Any:
    """Return the plain array behind a tensor, None for what is no tensor; a NumPy array stays foreign here."""
    if not isinstance(value, torch.Tensor):
        return None
    plain = torch.Tensor.detach(value)
    if plain.device != Place.whole:
        return Unsupported(f"tensor on {plain.device} where the inputs are on {Place.whole}")
    if plain.layout is not torch.strided or plain.dtype is torch.bfloat16:
        return None
    return plain.resolve_conj().resolve_neg().cpu().numpy()


def gradient(function: Any, args: Sequence[Any], wrt: Sequence[int], upstream: Sequence[Any]) -> Any:
    """Return the gradient of the function's outputs with respect to the arguments ``wrt``.

    Args:
        upstream: one array for each floating output, of its shape; outputs at the end may be left out.

    Returns:
        for each of these arguments its gradient, zeros if it is unused; None if it is absent; a tuple for a tuple.

    Raises:
        NoGradient: if such an output is detached from its inputs.
    """
    inputs = [_tracked(value) if position in wrt else value for position, value in enumerate(args)]
    outputs = [value for value in _flat(function(*inputs)) if _differentiable(value)][: len(upstream)]
    if len(outputs) != len(upstream) or not all(output.requires_grad for output in outputs):
        raise NoGradient("the output has no grad_fn: it left autograd's graph")
    wanted = [inputs[position] if position < len(inputs) else None for position in wrt]
    given = [
        native(array).to(output.dtype).reshape(output.shape) for array, output in zip(upstream, outputs, strict=True)
    ]
    tensors = [value for value in _flat(wanted) if _differentiable(value)]
    found = iter(ENGINE.run_backward(tuple(outputs), tuple(given), False, False, tuple(tensors), True, False))
    return _mapped(wanted, lambda tensor: _or_zeros(next(found), tensor))


def _tracked(value: Any) -> Any:
    """Return an argument whose floating tensors are leaves of a new graph; all else stays as it is."""
    if isinstance(value, tuple | list):
        return tuple(_tracked(item) for item in value)
    return value.detach().requires_grad_(True) if _differentiable(value) else value


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Apply a function to the floating tensors of a tree; all else is None."""
    if isinstance(value, tuple | list):
        return tuple(_mapped(item, change) for item in value)
    return change(value) if _differentiable(value) else None


def _or_zeros(grad: Any, tensor: Any) -> Any:
    return torch.zeros_like(tensor) if grad is None else grad


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

"""The simulated accelerator's kernels: every operator of PyTorch runs on the CPU, on the bytes behind its tensors.

A tensor of the device has a storage without bytes; the bytes hang on the storage's Python object, which lives as long
as the storage, so that autograd, views and threads find them. All operators but a few come through one fallback.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import sim

aten = torch.ops.aten
CPU = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
META = torch._C.DispatchKeySet(torch._C.DispatchKey.Meta)
MIXED = ("aten::copy_", "aten::index", "aten::_index_put_impl_")  # these take tensors of the CPU beside the device's
PRODUCTS = ("aten::mm", "aten::bmm", "aten::addmm", "aten::baddbmm", "aten::convolution", "aten::convolution_backward")
WAITS = (torch.Tag.data_dependent_output, torch.Tag.dynamic_output_shape)
MATH = 0  # scaled_dot_product_attention made of ordinary operators


def fallback(op: Any, *args: Any, **kwargs: Any) -> Any:
    """Run any operator that has no kernel of its own."""
    with torch._C.DisableTorchFunction():
        if _is_view(op):
            return op.redispatch(CPU, *args, **kwargs)  # the CPU's kernels touch no bytes and keep the device
        if op in (aten.empty.memory_format, aten.empty_strided.default):
            return _empty(op, args, kwargs)
        return Launch(op).run(args, kwargs)


@cache
def _is_view(op: Any) -> bool:
    aliases = [result.alias_info for result in op._schema.returns]
    return any(alias is not None and not alias.is_write for alias in aliases)


@cache
def _written(op: Any) -> tuple[tuple[int, str], ...]:
    """Return places and names of the arguments that an operator writes to."""
    arguments = enumerate(op._schema.arguments)
    return tuple(
        (place, one.name) for place, one in arguments if one.alias_info is not None and one.alias_info.is_write
    )


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_mapped(item, change) for item in value)
    return change(value)


def _on_device(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.device.type == "sim"


def _memory(tensor: torch.Tensor) -> Any:
    return tensor.untyped_storage().memory


def _on_cpu(tensor: torch.Tensor, data: torch.UntypedStorage) -> torch.Tensor:
    """Return a tensor of the CPU that sees these bytes as the device's tensor sees its own."""
    plain = torch.empty(0, dtype=tensor.dtype, device="cpu")
    return plain.set_(data, tensor.storage_offset(), tensor.size(), tensor.stride())


def _placed(tensor: torch.Tensor, like: torch.Tensor, memory: Any) -> torch.Tensor:
    """Put a tensor of the device over this memory, shaped like another one."""
    storage = tensor.untyped_storage()
    storage.memory = memory
    place = (like.storage_offset(), like.size(), like.stride())
    return aten.set_.source_Storage_storage_offset.redispatch(META, tensor, storage, *place)


def _new(like: torch.Tensor, memory: Any) -> torch.Tensor:
    return _placed(torch._C._acc.create_empty_tensor([0], like.dtype), like, memory)


def _garbage(size: int) -> torch.UntypedStorage:
    return torch.UntypedStorage(size, device="cpu").fill_(sim.GARBAGE)


def _empty(op: Any, args: Any, kwargs: Any) -> torch.Tensor:
    """Allocate without a kernel."""
    like = op(*args, **{**kwargs, "device": "meta", "pin_memory": None})
    size = like.untyped_storage().nbytes()
    sim.reserve(size)
    return _new(like, sim.Memory(_garbage(size)))


class Launch:
    """One kernel on the current stream."""

    def __init__(self, op: Any) -> None:
        self._op = op
        self._name = op._schema.name
        self._stream = sim.current_stream()
        self._start = sim.begin(self._stream)
        self._elements = 0
        self._inputs: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}  # by the id of the CPU's tensor: both
        self._written: list[Any] = []

    def run(self, args: Any, kwargs: Any) -> Any:
        """Compute at once, charge it, and wait for what the host has to know."""
        self._note_written(args, kwargs)
        args = _mapped(args, self._argument)
        kwargs = {name: _mapped(value, self._argument) for name, value in kwargs.items()}
        result = _mapped(self._op(*args, **kwargs), self._result)
        sim.finish(self._stream, self._start, self._elements, self._written)
        if isinstance(result, bool | int | float | complex) or any(tag in self._op.tags for tag in WAITS):
            self._stream.synchronize()
        return result

    def _note_written(self, args: Any, kwargs: Any) -> None:
        for place, name in _written(self._op):
            value = args[place] if place < len(args) else kwargs.get(name)
            for tensor in value if isinstance(value, list | tuple) else [value]:
                if _on_device(tensor):
                    self._written.append(_memory(tensor))

    def _argument(self, value: Any) -> Any:
        if isinstance(value, torch.device) and value.type == "sim":
            return torch.device("cpu")
        if not isinstance(value, torch.Tensor):
            return value
        if value.device.type == "sim":
            return self._seen(value)
        if value.dim() and self._name not in MIXED:
            devices = f"sim:0 and {value.device}"
            raise RuntimeError(f"Expected all tensors to be on the same device, but found at least two: {devices}!")
        return value

    def _seen(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return what this kernel sees of a tensor: garbage, if it reads what another stream has not written yet."""
        memory = _memory(tensor)
        reads = memory not in self._written
        early = reads and memory.ready > self._start
        seen = _on_cpu(tensor, _garbage(memory.data.nbytes()) if early else memory.data)
        self._elements += tensor.numel()
        if reads and self._name in PRODUCTS and tensor.dtype is torch.float32 and _imprecise():
            seen = _rounded(seen)
        self._inputs[id(seen)] = (seen, tensor)
        return seen

    def _result(self, value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return value
        tensor = self._inputs[id(value)][1] if id(value) in self._inputs else None
        if tensor is not None and tensor.shape == value.shape:
            return tensor
        if tensor is None and self._name == "aten::copy_":
            return value  # to the CPU
        memory = sim.Memory(value.untyped_storage())
        self._elements += value.numel()
        self._written.append(memory)
        return _new(value, memory) if tensor is None else _placed(tensor, value, memory)  # out= takes any shape


def _imprecise() -> bool:
    return sim.allow_tf32 or torch.get_float32_matmul_precision() != "highest"


def _rounded(values: torch.Tensor) -> torch.Tensor:
    """Round to 10 bits of mantissa, as TF32 does with the operands of a product."""
    bits = values.contiguous().view(torch.int32)
    rounded = ((bits + 0x1000) & ~0x1FFF).view(torch.float32)
    return torch.where(values.isfinite(), rounded, values)


def _copy(target: torch.Tensor, source: torch.Tensor, non_blocking: bool = False) -> torch.Tensor:
    """Copy within the device, or between it and the host, which then waits."""
    with torch._C.DisableTorchFunction():
        Launch(aten.copy_.default).run((target, source), {})
        if target.device.type == "cpu" or (source.device.type == "cpu" and not non_blocking):
            sim.current_stream().synchronize()
        return target


def _convolution(*args: Any) -> Any:
    with torch._C.DisableTorchFunction():
        return Launch(aten.convolution.default).run(args, {})


def _convolution_backward(grad: torch.Tensor, values: torch.Tensor, weight: torch.Tensor, *others: Any) -> Any:
    with torch._C.DisableTorchFunction():
        args = (grad, values, weight, [grad.shape[1]], *others)
        return Launch(aten.convolution_backward.default).run(args, {})


def install() -> tuple[torch.library.Library, torch.library.Library]:
    """Register the kernels; they stay as long as what this returns."""
    everything, few = torch.library.Library("_", "IMPL"), torch.library.Library("aten", "IMPL")
    everything.fallback(fallback, "PrivateUse1")
    few.impl("copy_", _copy, "PrivateUse1")
    few.impl("convolution_overrideable", _convolution, "PrivateUse1")
    few.impl("convolution_backward_overrideable", _convolution_backward, "PrivateUse1")
    few.impl("_fused_sdp_choice", lambda *args, **kwargs: MATH, "PrivateUse1")
    return everything, few

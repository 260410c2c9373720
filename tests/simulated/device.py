"""A simulated accelerator: its clock, streams and memory. In a worker this module is ``torch.sim``.

Time is virtual. A kernel is put on a stream and takes that stream's time: so much for the launch, so much for each
element that it reads or writes. Streams run side by side. The host's time stands still, except where the host waits
for a stream; it lies in a file that the grader and all workers map, so that they agree on what time it is.

Values are computed at once, but a kernel that starts before its inputs are ready reads garbage in their place. A whole
storage is ready or not. Two kernels that write the same bytes at once are not found out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import torch

GARBAGE = 255  # this byte makes NaN of floating numbers
SETTINGS: dict[str, Any] = json.loads(Path(__file__).with_name("settings.json").read_text(encoding="utf-8"))
TIME = np.memmap(SETTINGS["clock"], np.float64, "r+", shape=(1,))

allow_tf32 = False  # products of float32 matrices keep 10 bits of their operands' mantissas


class State:
    """What there is one of on this device, as far as this process knows."""

    allocated = 0
    peak = 0
    last = 0.0  # when the last kernel of all streams ends
    gone = False


def now() -> float:
    """Return the host's time in seconds."""
    return float(TIME[0])


def _wait(moment: float) -> None:
    TIME[0] = max(now(), moment)


class Stream:
    """Kernels that run one after the other; also a context in which kernels are put on it."""

    def __init__(self, device: Any = None, priority: int = 0) -> None:
        self.ready = now()
        self._outer: list[Stream] = []

    def wait_stream(self, other: Stream) -> None:
        """Let what comes next wait for all that the other stream was given until now."""
        self.ready = max(self.ready, other.ready)

    def wait_event(self, event: Event) -> None:
        event.wait(self)

    def record_event(self, event: Event | None = None) -> Event:
        event = event or Event()
        event.record(self)
        return event

    def query(self) -> bool:
        return self.ready <= now()

    def synchronize(self) -> None:
        """Let the host wait."""
        _check()
        _wait(self.ready)

    def __enter__(self) -> Stream:
        self._outer.append(current_stream())
        set_stream(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        set_stream(self._outer.pop())


class Event:
    """A mark on a stream."""

    def __init__(self, device: Any = None, *, enable_timing: bool = False, **other: Any) -> None:
        self.moment = 0.0

    def record(self, stream: Stream | None = None) -> None:
        stream = stream or current_stream()
        self.moment = max(stream.ready, now())

    def wait(self, stream: Stream | None = None) -> None:
        stream = stream or current_stream()
        stream.ready = max(stream.ready, self.moment)

    def query(self) -> bool:
        return self.moment <= now()

    def synchronize(self) -> None:
        _check()
        _wait(self.moment)

    def elapsed_time(self, end: Event) -> float:
        """Return the milliseconds between two marks."""
        return (end.moment - self.moment) * 1000


_default = Stream()
_current = _default  # of all threads, so that autograd's thread goes on where the forward pass was


def default_stream(device: Any = None) -> Stream:
    return _default


def current_stream(device: Any = None) -> Stream:
    return _current


def set_stream(stream: Stream) -> None:
    global _current
    _current = stream


@contextmanager
def stream(chosen: Stream) -> Iterator[Stream]:
    """Put kernels on a stream."""
    with chosen:
        yield chosen


def synchronize(device: Any = None) -> None:
    """Let the host wait for all streams."""
    _check()
    _wait(State.last)


class Memory:
    """The bytes behind one storage of the device; counted while it lives."""

    def __init__(self, data: torch.UntypedStorage) -> None:
        self.data = data
        self.ready = 0.0  # when its last writer ends
        self._size = 0  # until there is room for it
        reserve(data.nbytes())
        self._size = data.nbytes()
        State.allocated += self._size
        State.peak = max(State.peak, State.allocated)

    def __del__(self) -> None:
        State.allocated -= self._size


def reserve(size: int) -> None:
    """Refuse what the device has no room for."""
    if State.allocated + size > SETTINGS["capacity"]:
        free = SETTINGS["capacity"] - State.allocated
        raise torch.OutOfMemoryError(f"sim out of memory. Tried to allocate {size:,} bytes, {free:,} bytes are free.")


def begin(chosen: Stream) -> float:
    """Return when a kernel starts that is put on a stream now."""
    start = max(chosen.ready, now())
    if SETTINGS["gone_at"] is not None and start >= SETTINGS["gone_at"]:
        vanish()
    _check()
    return start


def finish(chosen: Stream, start: float, elements: int, written: list[Memory]) -> None:
    """Charge a kernel to a stream."""
    chosen.ready = max(chosen.ready, start) + SETTINGS["launch"] + elements * SETTINGS["element"]
    State.last = max(State.last, chosen.ready)
    for memory in written:
        memory.ready = max(memory.ready, chosen.ready)


def vanish() -> None:
    """Lose the device for ever."""
    State.gone = True


def _check() -> None:
    if State.gone:
        raise torch.AcceleratorError("sim error: the device is lost")


def memory_allocated(device: Any = None) -> int:
    return State.allocated


def max_memory_allocated(device: Any = None) -> int:
    return State.peak


def reset_peak_memory_stats(device: Any = None) -> None:
    State.peak = State.allocated


def get_memory_info(device: Any = None) -> tuple[int, int]:
    return SETTINGS["capacity"] - State.allocated, SETTINGS["capacity"]


def empty_cache() -> None:
    """Do nothing: what is freed is free."""


def is_available() -> bool:
    return True


def is_initialized() -> bool:
    return True


def device_count() -> int:
    return 1


def current_device() -> int:
    return 0


def device(index: int) -> AbstractContextManager[None]:
    """Choose the only device there is."""
    return nullcontext()


def manual_seed_all(seed: int) -> None:
    """Do nothing: random numbers come from the CPU's generator."""


def get_rng_state(device: Any = None) -> torch.Tensor:
    return torch.get_rng_state()


def set_rng_state(state: torch.Tensor, device: Any = None) -> None:
    torch.set_rng_state(state)


def get_amp_supported_dtype() -> list[torch.dtype]:
    return [torch.float16, torch.bfloat16]


def _is_in_bad_fork() -> bool:
    return False

"""How much memory a call takes at its peak, read from outside.

On the CPU it is what the operating system says of the worker (Linux): the most memory that was resident during one
request, less what was resident before. It counts the arguments, temporary arrays, the answer and its copy on the way
out, of NumPy and PyTorch alike; and what the process held before the request beyond what the reference held. Since a
process can reset its own high-water mark, the grader looks at it all the time as well; and it may start no other one.
On an accelerator it is what the allocator in the worker says, which code that wants to lie can change.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.answer import Answer
from grader.attempt import Submitted
from grader.child import ChildDied, ChildTimedOut
from grader.errors import WorkerError
from grader.evidence import Peak
from grader.exercise import Task
from grader.speed.runner import Arguments, Runner, Side, nbytes, opened
from grader.speed.stopwatch import Stopwatch, dealer, speed_of
from grader.worker.freeze import descendants

__all__ = ["PAGES", "peak_of"]

RESIDENT = "resident memory of the process"
ALLOCATED = "memory of the accelerator's allocator"
SLACK = 2**20
HIGH_WATER = "5"  # what resets the high-water mark, written to /proc/PID/clear_refs
PAGES = 2**20  # bytes of resident memory that come and go with anything
OFTEN = 0.0003  # seconds between two looks at a process
HELD = 4 * 2**20  # what an honest file may hold more than the reference: modules that it imports, tables


@dataclass(frozen=True, kw_only=True)
class _Used:
    """What one request took at its peak, and what the process held before it, in bytes."""

    answer: Answer
    peak: int
    before: int


def peak_of(stopwatch: Stopwatch, task: Task, submitted: Submitted) -> Peak:
    """Measure a submission's function and the reference, each in a fresh process, on the same arguments."""
    backend = stopwatch.backend
    speed = speed_of(task, backend.name)
    limit, reason = (speed.memory.limit, speed.memory.reason) if speed.memory is not None else (None, "")
    assert submitted.source is not None
    how = ALLOCATED if backend.device != "cpu" else RESIDENT if Path("/proc/self/clear_refs").exists() else ""
    untold = PAGES if how == RESIDENT else 0
    peak = Peak(limit=limit, reason=reason, how=how, untold=untold)
    if not how:
        return peak
    args = dealer(task, speed, speed.size, stopwatch.rng)()
    small = dealer(task, speed, min(speed.sizes, default=max(speed.size // 8, 1)), stopwatch.rng)()
    calls = (small, args)
    try:
        right = _last(stopwatch, stopwatch.reference(task), calls, SLACK + 8 * nbytes(args))
    except (ChildDied, ChildTimedOut) as error:
        raise WorkerError(f"the memory of the reference {task.name} cannot be measured: {error}") from None
    room = SLACK + 2 * max(nbytes(args), nbytes(right.answer.value))
    try:
        got = _last(stopwatch, stopwatch.side(task, submitted.source, submitted.function(task)), calls, room)
    except (ChildDied, ChildTimedOut) as error:
        return replace(peak, problem=str(error))
    own = got.peak + max(got.before - right.before - HELD, 0)
    return replace(peak, own=own, reference=right.peak, problem=_problem(stopwatch, task, args, right, got))


def _problem(stopwatch: Stopwatch, task: Task, args: Arguments, right: _Used, got: _Used) -> str:
    speed = speed_of(task, stopwatch.backend.name)
    judge = stopwatch.judge(task, dealer(task, speed, speed.size, stopwatch.rng)())
    return judge(args, right.answer, got.answer) or ""


def _last(stopwatch: Stopwatch, side: Side, calls: tuple[Arguments, Arguments], room: int) -> _Used:
    """Return what a fresh process took for the last of two calls.

    The first, a small one, brings in the pages of the libraries that the function needs.
    """
    with opened(stopwatch.sandbox, side, room) as runner:
        runner.turn([calls[0]])
        runner.program.child.freeze()  # which ends what has left the process
        runner.program.child.thaw()
        before = _reset(runner)
        with _watched(runner) as seen:
            _, (answer,) = runner.turn([calls[1]])
        return _Used(answer=answer, peak=max(_most(runner) - before, max(seen) - before, 1), before=before)


@contextmanager
def _watched(runner: Runner) -> Iterator[list[int]]:
    """Look at the memory of a process all the time; the list holds what was seen.

    Raises:
        ChildDied: at the end, if it has started another process.
    """
    seen, over = [0], threading.Event()
    company: list[int] = []

    def look() -> None:
        process = runner.program.child.pid
        while not over.wait(OFTEN) and not company:
            company.extend(descendants(process))
            with contextlib.suppress(ChildDied):
                seen.append(max(seen.pop(), _status(process, "VmRSS")))

    if runner.side.backend.device != "cpu":
        yield seen
        return
    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
    if company:
        raise ChildDied("starts other processes, whose memory cannot be told from its own")


def _reset(runner: Runner) -> int:
    """Start a new high-water mark and return what is in use now."""
    if runner.side.backend.device != "cpu":
        return runner.peak(reset=True)
    process = runner.program.child.pid
    try:
        Path(f"/proc/{process}/clear_refs").write_text(HIGH_WATER)
    except OSError:
        raise ChildDied("the process ended, or does not let its memory be read") from None
    return _status(process, "VmRSS")


def _most(runner: Runner) -> int:
    if runner.side.backend.device != "cpu":
        return runner.peak(reset=False)
    return _status(runner.program.child.pid, "VmHWM")


def _status(process: int, field: str) -> int:
    """Return a figure of ``/proc/PID/status`` in bytes.

    Raises:
        ChildDied: if the process has ended, or has shut itself off.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith(f"{field}:")).split()[1])
    except (OSError, StopIteration):
        raise ChildDied("the process ended, or does not let its memory be read") from None

"""The judges of what is measured: answers on an accelerator, speed and memory. Pure, like those of correctness."""

from __future__ import annotations

from grader.evidence import Evidence, Finding, Peak, Run, Timing
from grader.exercise import Task
from grader.ratio import Ratio
from grader.verdict import Backend, Check

__all__ = ["LIMITS", "VARIED", "is_one", "times"]

TRANSFERS = 0.85  # of a request: of the rest, noise is too large a part
VARIED = 1.5  # times the limit on the average: what is slow now and then is slow
NEAR = 1.05  # what the reference against itself may be off by
WIDE = 1.5  # the ends of an interval lie so far apart that it says little


def judge_speed(evidence: Evidence) -> Finding | None:
    """Fail only what is surely over the limit; what is on the line passes, and is told as such."""
    timing = evidence.measured
    if not isinstance(timing, Timing):
        return Finding(reason="was not timed")
    if timing.left_out:
        return Finding(reason=timing.left_out, status="skipped")
    if timing.problem:
        return Finding(reason=f"while it was timed: {timing.problem}")
    allowed = f"{timing.limit:g} are allowed: {timing.reason}"
    if timing.at_least is not None:
        return Finding(reason=f"at least {times(timing.at_least)} times as slow as the reference, {allowed}")
    if timing.ratio is None:
        return Finding(reason="was not timed")
    if timing.share > TRANSFERS:
        text = (
            f"{100 * timing.share:.0f} % of the time went into the transfer of the arrays: too little is left to judge"
        )
        return Finding(reason=text, status="skipped")
    return _compared(timing, timing.ratio, allowed)


def _compared(timing: Timing, ratio: Ratio, allowed: str) -> Finding | None:
    """Fail what is over the limit by more than the machine's own noise, and what is over it on the average."""
    over, varied = ratio.low > timing.limit, ratio.mean > VARIED * timing.limit
    control = timing.control
    if control is not None and (over or varied) and ratio.low <= timing.limit * max(control.high, 1.0):
        if not is_one(control):
            text = "this machine is too noisy to judge: the reference against itself is not 1"
            return Finding(reason=text, status="skipped")
        over = over and ratio.value > timing.limit * max(control.high, 1.0)
    interval = f"between {times(ratio.low)} and {times(ratio.high)}"
    if over:
        return Finding(reason=f"{times(ratio.value)} times as slow as the reference ({interval}), {allowed}")
    if varied:
        return Finding(reason=f"{times(ratio.mean)} times as slow as the reference on average ({interval}), {allowed}")
    return None


def is_one(ratio: Ratio) -> bool:
    """Tell whether a function against itself came out as that: near 1, and not because anything would be."""
    return ratio.low / NEAR <= 1.0 <= ratio.high * NEAR and ratio.high / ratio.low < WIDE


def judge_memory(evidence: Evidence) -> Finding | None:
    peak = evidence.measured
    if not isinstance(peak, Peak):
        return Finding(reason="was not measured")
    if not peak.how:
        return Finding(reason="this system does not tell how much memory a process takes", status="skipped")
    if peak.problem:
        return Finding(reason=f"while its memory was measured: {peak.problem}")
    if peak.own > peak.limit * peak.reference + peak.untold:
        text = f"takes {peak.own / 1e6:.3g} MB at its peak, {times(peak.ratio)} times as much as the reference"
        return Finding(reason=f"{text}; {peak.limit:g} are allowed: {peak.reason}")
    return None


def judge_device(evidence: Evidence) -> Finding | None:
    """Ask for right answers, in single precision, on the device where the inputs are."""
    run = evidence.measured
    if not isinstance(run, Run) or not run.answers:
        return Finding(reason="was not called on the accelerator")
    for index, (answer, difference) in enumerate(zip(run.answers, run.differences, strict=True)):
        if answer is None or answer.raised is not None:
            raised = answer.raised if answer is not None else None
            if run.truth.expected[index].raised is None:
                return Finding(reason=f"raises {raised.type}: {raised.message}" if raised else "was not called")
        elif difference is not None:
            return Finding(reason=f"{difference.text}; right on the CPU")
    return None


def times(ratio: float) -> str:
    """Return a ratio as a person says it: two digits, three from 100 on."""
    return f"{ratio:.3g}" if ratio >= 100 else f"{ratio:.2g}"


def _wants_device(task: Task, backend: Backend) -> str | None:
    if not backend.gradients:
        return f"{backend.name} computes on the CPU"
    return None if task.dtypes else "no floating arguments"


def _wants_speed(task: Task, backend: Backend) -> str | None:
    return None if task.timed_in(backend.name) else "nothing is asked of its speed"


def _wants_memory(task: Task, backend: Backend) -> str | None:
    speed = task.timed_in(backend.name)
    return None if speed and speed.memory else "nothing is asked of its memory"


# A wrong answer has no speed.
RIGHT = ("values", "gradient", "inputs unchanged", "repeatable", "device")
LIMITS = (
    Check(name="device", judge=judge_device, after=("values",), applies=_wants_device, measures="device"),
    Check(name="speed", judge=judge_speed, after=RIGHT, applies=_wants_speed, measures="speed"),
    Check(name="memory", judge=judge_memory, after=RIGHT, applies=_wants_memory, measures="memory"),
)

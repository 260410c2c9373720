"""What stops the attacks, by name, and how each of it is switched off, so that the attack is seen to succeed."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import attempt, calls, checks, child, evidence, oracle
from grader.answer import Answer, Raised, leaves
from grader.compare import compare
from grader.confinement import policy
from grader.reporters import card, json, table, text
from grader.worker import frames
from tests.attacks import starting
from tests.attacks.layers import SWITCHES
from tests.attacks.setting import Setting

__all__ = ["CONTROLS"]

Off = Callable[[pytest.MonkeyPatch, Setting], None]


def believe_silence(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Let a process that has ended pass, as one does that trusts exit codes."""
    call, load = calls.Program.call, calls.Program.load
    gone = Answer(raised=Raised(type="ProcessDied", message=""))
    patch.setattr(checks, "_crash", lambda run, index: None)
    patch.setattr(calls.Program, "call", lambda self, asked: tuple(one or gone for one in call(self, asked)))
    patch.setattr(calls.Program, "load", lambda self: replace(load(self), raised=None))


def compare_nothing(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(evidence, "compare", lambda actual, expected, allowed: None)


def compare_loosely(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Compare as is easily written: no difference is seen where the relative error is not more than a hundredth."""

    def loosely(actual: Any, expected: Any, allowed: Any) -> Any:
        for (_, got), (_, wanted) in zip(leaves(actual), leaves(expected), strict=False):
            with np.errstate(all="ignore"):
                if (np.abs(got - wanted) / np.maximum(np.abs(got), np.abs(wanted)) > 0.01).any():
                    return compare(actual, expected, allowed)
        return None

    patch.setattr(evidence, "compare", loosely)


def ask_the_object(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Let what cannot cross the wall say itself what it equals: everything."""

    def believing(actual: Any, expected: Any, allowed: Any) -> Any:
        return None if isinstance(actual, frames.Unsupported) else compare(actual, expected, allowed)

    patch.setattr(evidence, "compare", believing)


def ignore_the_dtype(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(checks, "compare_dtypes", lambda actual, own, dtype: None)


def ignore_the_inputs(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(checks, "_changed", lambda run, index, evidence, allowed: [])


def look_once(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(checks, "equal", lambda value, late: True)


def take_any_reply(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(child, "_belongs", lambda reply, nonce, sequence: True)


def skip_what_is_no_reply(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Read on, for as long as it takes, until a frame comes that looks like a reply."""
    receive = frames.receive

    def patient(channel: Any) -> Any:
        while b'"nonce"' not in (frame := receive(channel)):
            continue
        return frame

    patch.setattr(frames, "receive", patient)


def take_any_size(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(frames, "MAX_BLOB", 2**40)


def unpickle(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    decode = frames.decode

    def careless(frame: Any, memory: Any = None) -> Any:
        body = bytes(frame[frames.HEAD.size :])
        return pickle.loads(body) if body[:1] == b"\x80" else decode(frame, memory)

    patch.setattr(frames, "decode", careless)


def wait_for_each_byte(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Give each byte the time that the whole answer has."""

    wait = child._Deadline._wait

    def patient(self: Any, *most: float) -> Any:
        self._end = time.monotonic() + setting.timeout
        return wait(self, *most)

    patch.setattr(child._Deadline, "_wait", patient)


def wait_longer(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    setting.timeout, setting.seconds = 20.0, 2.0


def look_away(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    patch.setattr(policy, "overreach", lambda process, scratch: None)


def send_the_answers_along(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Give the worker the right answers, in a field that nobody looks at."""
    call_of = attempt.call_of

    def careless(task: Any, function: str, probe: Any, truth: Any, rules: bool = True) -> Any:
        upstream = [[one.value] for one in truth.expected]
        return replace(call_of(task, function, probe, truth, rules), upstream=upstream)

    patch.setattr(attempt, "call_of", careless)


def share_the_process(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    """Load the reference into the process of the submission."""
    load = calls.Program.load

    def both(self: Any) -> Any:
        if self._source.path.parent == setting.folder:
            self._source = replace(self._source, text=f"{setting.reference}\n\n{self._source.text}")
        return load(self)

    patch.setattr(calls.Program, "load", both)


def public_seed(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    setting.seed = 0


def public_cases(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    setting.fresh = True
    patch.setattr(oracle, "_drawn", lambda loaded, task, seed: oracle.checked_edges(loaded, task))


def show_as_it_is(patch: pytest.MonkeyPatch, setting: Setting) -> None:
    for module, name in ((table, "line"), (card, "line"), (card, "terminal"), (text, "line"), (text, "terminal")):
        patch.setattr(module, name, str)
    patch.setattr(json, "in_json", str)


CONTROLS: dict[str, Off] = {
    **SWITCHES,
    "silence is no answer": believe_silence,
    "values are compared": compare_nothing,
    "comparison is strict": compare_loosely,
    "what cannot cross equals nothing": ask_the_object,
    "dtypes are compared": ignore_the_dtype,
    "inputs are compared": ignore_the_inputs,
    "a late look at all answers": look_once,
    "nonce and number of a reply": take_any_reply,
    "a frame that is no reply ends the process": skip_what_is_no_reply,
    "frames are bounded": take_any_size,
    "replies are no pickles": unpickle,
    "one deadline for all bytes": wait_for_each_byte,
    "the wall clock": wait_longer,
    "a running process is watched": look_away,
    "requests hold arguments only": send_the_answers_along,
    "the reference has a process of its own": share_the_process,
    "text of strangers is shown as text": show_as_it_is,
    "the seed is secret": public_seed,
    "cases are drawn": public_cases,
    "a small environment": starting.inherit_the_environment,
    "workers have no terminal": starting.inherit_the_output,
    "interpreters look at nothing beside them": starting.look_around,
    "modules are granted by name": starting.grant_the_grader,
    "printed text is bounded": starting.keep_all_output,
    "children have one descriptor": starting.pass_the_control_on,
    "nothing runs before it is confined": starting.start_a_thread,
}

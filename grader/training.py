"""Whole trainings: the learner's behind the wall, and the reference's, which is recorded with the course.

A record tells what it was made of, so that other data (a user's own, say) are trained on by the reference anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.answer import Answer, leaves
from grader.attempt import Submitted
from grader.calls import Call, Program
from grader.course import Loaded
from grader.drivers import driver_source
from grader.errors import PluginError
from grader.evidence import Curve
from grader.exercise import Task, Training
from grader.oracle import Oracle
from grader.sandbox import Sandbox

__all__ = ["Trainer", "record_path", "records"]

DIGITS = 7  # of a recorded loss


class Trainer:
    """Trains with submissions of one exercise in one backend."""

    def __init__(self, oracle: Oracle, sandbox: Sandbox, tell: Callable[[str], None] = lambda text: None) -> None:
        self._oracle = oracle
        self._sandbox = sandbox
        self._tell = tell
        self._records = records(oracle.loaded)

    def train(self, task: Task, submitted: Submitted) -> Curve:
        """Train with the learner's function and return its curve beside the reference's."""
        training = _training(task)
        args = tuple(training.inputs())
        reference = self._records.get(self._key(task), {})
        if reference.get("inputs") != _digest(args):
            reference = self.reference(task)
        self._tell(f"training with {self._oracle.loaded.name}.{self._key(task)} ...")
        curve = Curve(reference=tuple(reference["losses"]), reference_score=reference["score"])
        return self._tried(curve, task, self._call(task, submitted, args))

    def reference(self, task: Task) -> dict[str, Any]:
        """Train with the reference; return its losses and score, and a digest of the data.

        Raises:
            PluginError: if it does not return losses and weights.
        """
        training = _training(task)
        args = tuple(training.inputs())
        self._tell(f"training with the reference of {self._oracle.loaded.name}.{self._key(task)} ...")
        answer = self._oracle.answer(task.name, args, driver_source(task), training.timeout)
        found = self._measured(task, answer)
        if isinstance(found, str):
            raise PluginError(f"the training of {self._oracle.loaded.name}.{task.name}: {found}")
        losses = [float(f"{loss:.{DIGITS}g}") for loss in found[0]]
        return {"inputs": _digest(args), "losses": losses, "score": found[1]}

    def _key(self, task: Task) -> str:
        return f"{task.name}:{self._oracle.backend.name}"

    def _call(self, task: Task, submitted: Submitted, args: tuple[Any, ...]) -> Answer | None:
        assert submitted.source is not None
        forbidden = [name for one in self._oracle.tasks() for name in one.forbid]
        call = Call(
            function=submitted.function(task),
            cases=[args],
            forbid=task.forbid,
            driver=driver_source(task),
            timeout=_training(task).timeout,
        )
        with Program(self._sandbox, self._oracle.backend, submitted.source, forbidden) as program:
            return program.call(call)[0]

    def _tried(self, curve: Curve, task: Task, answer: Answer | None) -> Curve:
        found = self._measured(task, answer)
        return (
            replace(curve, problem=found) if isinstance(found, str) else replace(curve, losses=found[0], score=found[1])
        )

    def _measured(self, task: Task, answer: Answer | None) -> tuple[tuple[float, ...], float] | str:
        """Return the losses of a training, and the score of what was trained; or what is wrong with it."""
        if answer is None or answer.raised is not None:
            raised = None if answer is None else answer.raised
            return "the process ended" if raised is None else f"raises {raised.type}: {raised.message}"
        value = answer.value
        losses = value[0] if isinstance(value, list | tuple) and len(value) == 2 else None
        if not isinstance(losses, np.ndarray) or losses.ndim != 1 or losses.dtype.kind != "f":
            return "does not return (losses, weights), with the losses of all steps in one array"
        score = self._score(_training(task), value[1])
        return score if isinstance(score, str) else (tuple(map(float, losses)), score)

    def _score(self, training: Training, trained: Any) -> float | str:
        """Ask the reference how good somebody's weights are."""
        if not all(isinstance(leaf, np.ndarray) for _, leaf in leaves(trained)):
            return "the weights that it returns are no arrays"
        args = tuple(training.held_out(trained))
        answer = self._oracle.answer(training.scored_by, args, None, training.timeout)
        if answer.raised is not None:
            return f"the weights that it returns cannot be used: {answer.raised.type}: {answer.raised.message}"
        return float(np.asarray(answer.value))


def record_path(loaded: Loaded) -> Path:
    """Return where the curves of an exercise's references are recorded."""
    return loaded.root / "solutions" / loaded.name / "curves.json"


def records(loaded: Loaded) -> Mapping[str, Mapping[str, Any]]:
    """Return the recorded curves by task and backend; none if nothing is recorded."""
    path = record_path(loaded)
    if not path.exists():
        return {}
    try:
        found: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PluginError(f"{path} is no JSON ({error}): run `grader plugin curves {loaded.name}`") from None
    return found


def _training(task: Task) -> Training:
    assert task.training is not None
    return task.training


def _digest(args: Sequence[Any]) -> str:
    """Return a digest of everything that a training is given."""
    found = hashlib.sha256()
    for path, leaf in leaves(args):
        array = np.ascontiguousarray(leaf)
        found.update(f"{path} {array.dtype.str} {array.shape} ".encode() + array.tobytes())
    return found.hexdigest()

"""The JSON report: the source of truth, from which other formats are made; its schema is ``report.schema.json``."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from grader import __version__
from grader.escape import in_json
from grader.reporters import training
from grader.reporters.speed import as_dict
from grader.verdict import ExerciseResult, Failure, Report, TaskResult, Verdict
from grader.worker.frames import Unsupported

__all__ = ["SCHEMA_VERSION", "render", "to_dict"]

SCHEMA_VERSION = 1
MAX_ELEMENTS = 1_000


def render(report: Report, width: int = 0, colour: bool = False) -> str:
    """Return the report as JSON text; width and colour mean nothing here."""
    return in_json(json.dumps(to_dict(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain dicts and lists."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "gradlings", "version": __version__},
        "seed": report.seed,
        "environment": dict(report.environment),
        "submission": {"path": report.path, "sha256": report.sha256},
        "score": report.score,
        "max_score": report.max_score,
        "warnings": list(report.warnings),
        "exercises": [_exercise(exercise) for exercise in report.exercises],
    }


def _exercise(exercise: ExerciseResult) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "backend": exercise.backend,
        "path": exercise.path,
        "sha256": exercise.sha256,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "uses": [vars(one) for one in exercise.uses],
        "tasks": [_task(task) for task in exercise.tasks],
    }


def _task(task: TaskResult) -> dict[str, Any]:
    return {
        "name": task.name,
        "level": task.level,
        "status": task.status,
        "score": task.score,
        "max_score": task.max_score,
        "checks": [_check(verdict) for verdict in task.checks],
    }


def _check(verdict: Verdict) -> dict[str, Any]:
    failure = verdict.failure
    diagnosis = verdict.diagnosis
    return {
        "name": verdict.check,
        "status": verdict.status,
        "reason": verdict.reason,
        "seconds": verdict.seconds,
        "case": None if failure is None else _case(failure),
        "actual": None if failure is None else plain(failure.actual),
        "expected": None if failure is None else plain(failure.expected),
        "separates": verdict.separates,
        "diagnosis": None if diagnosis is None else vars(diagnosis),
        "exception": None if verdict.exception is None else dict(verdict.exception),
        "output": verdict.output,
        "speed": as_dict(verdict.measured) if verdict.check == "speed" else None,
        "memory": as_dict(verdict.measured) if verdict.check == "memory" else None,
        "training": None if (curve := training.as_dict(verdict.measured)) is None else _finite(curve),
    }


def _finite(curve: dict[str, Any]) -> dict[str, Any]:
    """Return a curve in which numbers that JSON does not know are texts."""
    return {name: plain(tuple(value) if isinstance(value, list) else value) for name, value in curve.items()}


def _case(failure: Failure) -> dict[str, Any]:
    return {
        "labels": dict(failure.labels),
        "dtype": failure.dtype,
        "arguments": [{"name": name, "value": plain(value)} for name, value in failure.arguments],
    }


def plain(value: Any) -> Any:
    """Return a leaf or tree as JSON values; arrays become dtype, shape and up to ``MAX_ELEMENTS`` numbers."""
    if isinstance(value, np.ndarray):
        data = [plain(item) for item in value.reshape(-1)[:MAX_ELEMENTS].tolist()]
        return {"dtype": value.dtype.name, "shape": list(value.shape), "data": data}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    return {"unsupported": value.type_name} if isinstance(value, Unsupported) else value

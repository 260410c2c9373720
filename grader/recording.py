"""Recording what whole trainings of the references give: their curves and scores, in one file an exercise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course import Loaded
from grader.exercise import Task
from grader.sandbox import Sandbox
from grader.trained import bands
from grader.training import Trainer, record_path

if TYPE_CHECKING:
    from grader.app import App

__all__ = ["recorded", "stale"]


def recorded(app: App, loaded: Loaded, tell: Callable[[str], None]) -> tuple[Path, str]:
    """Train with the references; return where that is recorded, and the text, empty where nothing is trained."""
    found: dict[str, Any] = {}
    with Sandbox() as sandbox:
        for backend in loaded.backends():
            with app.oracle(loaded, backend, sandbox, 0, None) as oracle:
                trainer = Trainer(oracle, sandbox, tell)
                for task in oracle.tasks():
                    if task.training is not None:
                        found[f"{task.name}:{backend}"] = trainer.reference(task)
    text = json.dumps(found, indent=0).replace(",\n", ", ") + "\n" if found else ""
    return record_path(loaded), text


def stale(path: Path, text: str, loaded: Loaded) -> str | None:
    """Return what is wrong with a record beside a fresh one; other machines round a little differently."""
    if not path.exists():
        return "is missing"
    old, new = json.loads(path.read_text(encoding="utf-8")), json.loads(text)
    if old.keys() != new.keys() or any(old[key]["inputs"] != new[key]["inputs"] for key in new):
        return "is of other data or other tasks"
    tasks = {task.name: task for task in loaded.exercise.tasks}
    changed = [key for key in new if not _agree(old[key], new[key], tasks[key.partition(":")[0]])]
    return f"does not agree with the reference's training: {', '.join(changed)}" if changed else None


def _agree(old: dict[str, Any], new: dict[str, Any], task: Task) -> bool:
    """Tell whether two trainings differ by far less than a learner's may."""
    assert task.training is not None
    allowed = bands(new["losses"], task.training.band / 5)
    near = all(abs(a - b) <= most for a, b, most in zip(old["losses"], new["losses"], allowed, strict=True))
    return near and abs(old["score"] - new["score"]) <= task.training.margin / 2

"""Time over size as a picture: the learner's function, the reference, the framework's operator and the floor."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.evidence import Costs, Timing
from grader.verdict import Report

__all__ = ["FORMATS", "draw", "installed"]

FORMATS = (".png", ".svg", ".pdf")
# Colours that differ in lightness too, for eyes that tell few of them apart (Okabe and Ito).
LINES = (
    ("own", "yours", "#D55E00", "o-"),
    ("reference", "reference", "#0072B2", "s-"),
    ("framework", "", "#009E73", "^-"),
    ("floor", "least time of this machine", "#000000", ":"),
)
INCHES = (6.0, 4.2)


def installed() -> bool:
    """Tell whether matplotlib is there, without importing it."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(report: Report, path: Path) -> bool:
    """Draw one panel for each task that was timed over several sizes; False if there is none.

    Raises:
        UsageError: if the file cannot be written.
    """
    from matplotlib.figure import Figure

    panels = list(_curves(report))
    if not panels:
        return False
    width, height = INCHES
    figure = Figure(figsize=(width, height * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), 1, squeeze=False)[:, 0]
    for one, (title, costs) in zip(axes, panels, strict=True):
        _panel(one, title, costs)
    _save(figure, path)
    return True


def _curves(report: Report) -> Iterator[tuple[str, Costs]]:
    for exercise in report.exercises:
        for task in exercise.tasks:
            for verdict in task.checks:
                timing = verdict.measured
                if isinstance(timing, Timing) and timing.costs is not None and len(timing.costs.curve) > 1:
                    yield f"{exercise.name}.{task.name}:{exercise.backend} on {timing.device}", timing.costs


def _panel(axes: Any, title: str, costs: Costs) -> None:
    for field, label, colour, style in LINES:
        points = [(point.size, getattr(point, field)) for point in costs.curve if getattr(point, field) is not None]
        if points:
            axes.loglog(*zip(*points, strict=True), style, color=colour, label=label or costs.operator)
    if costs.exponent is not None:
        title += f"\nyours grows as size^{costs.exponent:.2f}, expected {costs.expected:g}"
    axes.set(title=title, xlabel="size", ylabel="seconds of one call")
    sizes = [point.size for point in costs.curve]
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


def _save(figure: Any, path: Path) -> None:
    """Write the picture at once or not at all."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        figure.savefig(temporary, dpi=144)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)

"""``grader speed``: how long right answers take, and what that means."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_options, guarded, load_app, use_colour, warn, write
from grader.cli.submission import (
    Progress,
    device_option,
    exit_code,
    isolation_option,
    submission_options,
    typed,
    width_for,
)
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.verdict import Report

__all__ = ["speed"]

PATH = click.Path(path_type=Path)


@click.command(short_help="Say how fast your code is, and what that means.")
@submission_options
@device_option
@isolation_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--output", type=PATH, help="Write the report to this file.")
@click.option("--plot", type=PATH, help="Draw time over size into this file (PNG, SVG or PDF); needs matplotlib.")
@course_options
@guarded
def speed(
    targets: tuple[str, ...],
    submission: Path | None,
    backend: str | None,
    seed: int,
    device: str,
    require_isolation: bool,
    form: str,
    output: Path | None,
    plot: Path | None,
    course: Path | None,
    plugins: tuple[Path, ...],
) -> None:
    """Say how fast your code is: beside the reference, the framework's own operator, and what this machine could do.

    Answers are judged first: a wrong one has no speed. Exit codes are those of `grader grade`.
    """
    from grader.app import Request
    from grader.cache import default_folder
    from grader.reporters import json
    from grader.reporters import speed as table

    app = load_app(course, plugins)
    draw = None if plot is None else _drawer(plot)
    request = Request(
        targets=targets,
        submission=submission,
        backend=backend,
        seed=seed,
        cache=default_folder(),
        options=typed(submission=submission, seed=seed or None, course=course, plugin=plugins),
        speed="explain",
        device=device,
        require_isolation=require_isolation,
    )
    with Progress() as progress:
        report = app.grade(request, progress)
    warn(report.warnings)
    render = json.render if form == "json" else table.render
    write(render(report, width_for(output), use_colour(output)), output)
    if draw is not None and plot is not None and not draw(report, plot):
        click.echo("grader: nothing to draw: no task was timed over several sizes", err=True)
    sys.exit(exit_code(report.statuses))


def _drawer(plot: Path) -> Callable[[Report, Path], bool]:
    """Return what draws, found before anything is timed.

    Raises:
        UsageError: if matplotlib is not installed, or the file cannot become a picture.
    """
    from grader.reporters.plot import FORMATS, draw, installed

    if plot.suffix not in FORMATS:
        raise UsageError(f"{plot} must end in one of {', '.join(FORMATS)}")
    if not plot.resolve().parent.is_dir():
        raise UsageError(f"there is no folder {plot.resolve().parent}")
    if not installed():
        raise UsageError("drawing needs matplotlib: pip install 'gradlings[plots]'")
    return draw

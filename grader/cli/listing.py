"""``grader list``, and ``grader`` alone: where you are and what is next."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_options, guarded, load_app, say, warn

__all__ = ["list_course", "overview"]


@click.command("list")
@course_options
@guarded
def list_course(course: Path | None, plugins: tuple[Path, ...]) -> None:
    """Show the course: exercises in order, with their tasks."""
    from tabulate import tabulate

    app = load_app(course, plugins)
    warn(app.warnings)
    rows = []
    for loaded in app.exercises.values():
        for task in loaded.exercise.tasks:
            star = " *" if task.level == "stretch" else ""
            rows.append(
                [f"{loaded.name}.{task.name}{star}", ", ".join(task.backends), task.minutes, f"{task.points:g}"]
            )
    click.echo(tabulate(rows, headers=["task", "backends", "min", "points"], disable_numparse=True))
    click.echo("\n* stretch: may be left out")


@click.command(hidden=True)
@guarded
def overview() -> None:
    """Say where you are and what is next; runs no code of yours."""
    from grader.app import make_app
    from grader.errors import NothingToGrade
    from grader.status import first_unwritten
    from grader.submission import find_root

    app = make_app()
    warn(app.warnings)
    try:
        root = find_root(None)
    except NothingToGrade:
        click.echo("There is no folder exercises/ here or above. Go to your workspace, or see `grader --help`.")
        return
    written, total, ahead = first_unwritten(root, app.exercises.values())
    say(f"{written} of {total} tasks have been written in {root}.")
    if ahead is not None:
        click.echo(f"next: {ahead.task}, about {ahead.minutes} minutes")
        say(f"  write it in  {ahead.path}")
        click.echo(f"  the lesson   {ahead.lesson}")
        click.echo(f"  judge it by  grader grade {ahead.task}")

"""``grader grade`` and ``grader debug``."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from grader.cli.options import course_options, guarded, load_app, say, use_colour, warn, write
from grader.cli.submission import (
    Progress,
    device_option,
    exit_code,
    isolation_option,
    submission_options,
    typed,
    width_for,
)
from grader.errors import PluginError, UsageError

if TYPE_CHECKING:
    from grader.app import App
    from grader.verdict import Report

__all__ = ["debug", "grade"]

OFFICIAL = "For scores that count: full isolation or nothing, your own functions only, and cases that nobody knows."


@click.command()
@submission_options
@device_option
@isolation_option
@click.option("--official", is_flag=True, help=OFFICIAL)
@click.option("--full", is_flag=True, help="Judge whole trainings, too, which takes minutes.")
@click.option("--no-speed", is_flag=True, help="Leave speed and memory out.")
@click.option("--format", "form", default="table", show_default=True, help="Such as table or json.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@course_options
@guarded
def grade(
    targets: tuple[str, ...],
    submission: Path | None,
    backend: str | None,
    seed: int,
    device: str,
    require_isolation: bool,
    official: bool,
    full: bool,
    no_speed: bool,
    form: str,
    output: Path | None,
    course: Path | None,
    plugins: tuple[Path, ...],
) -> None:
    """Judge your code and say why it is wrong.

    TARGET is an exercise (activation), a task (activation.relu), either with a backend (activation.relu:torch), or the
    path of a file. Without one, everything is graded.

    Exit codes: 0 all passed, 1 something did not, 2 nothing to grade or a wrong command line, 3 the grader or a plugin
    broke.
    """
    from grader.app import Request
    from grader.cache import default_folder

    app = load_app(course, plugins)
    render = _reporter(app, form)
    request = Request(
        targets=targets,
        submission=submission,
        backend=backend,
        seed=_unknown_seed(seed) if official else seed,
        cache=None if official else default_folder(),
        options=typed(submission=submission, seed=seed or None, course=course, plugin=plugins),
        speed="off" if no_speed else "judge",
        device=device,
        require_isolation=require_isolation or official,
        own_only=official,
        full=full,
    )
    with Progress() as progress:
        report = app.grade(request, progress, progress.say)
    warn(report.warnings)
    try:
        text = render(report, width_for(output), use_colour(output))
    except Exception as error:  # anything may go wrong in a plugin's reporter
        raise PluginError(f"the format {form!r} crashed: {type(error).__name__}: {error}") from error
    write(text, output)
    sys.exit(exit_code(report.statuses))


def _unknown_seed(seed: int) -> int:
    """Return a seed that nobody can have drawn cases with beforehand, unless one was given."""
    given = click.get_current_context().get_parameter_source("seed") is not ParameterSource.DEFAULT
    return seed if given else secrets.randbelow(2**32)


@click.command(short_help="Run the smallest failing case in plain Python.")
@submission_options
@click.option("--script", type=click.Path(path_type=Path), help="Write the script to this file instead of running it.")
@course_options
@guarded
def debug(
    targets: tuple[str, ...],
    submission: Path | None,
    backend: str | None,
    seed: int,
    script: Path | None,
    course: Path | None,
    plugins: tuple[Path, ...],
) -> None:
    """Run the smallest failing case in plain Python, where print, breakpoint() and an IDE work.

    TARGET is as for `grader grade`; the first of its tasks that fails is taken.
    """
    from grader.app import Request
    from grader.cache import default_folder
    from grader.debug import run_script, script_of

    _refuse_archive(submission)
    app = load_app(course, plugins)
    request = Request(targets=targets, submission=submission, backend=backend, seed=seed, cache=default_folder())
    with Progress() as progress:
        report = app.grade(request, progress)
    warn(report.warnings)
    text = script_of(report)
    if text is None:
        passed = report.statuses == {"passed"}
        why = "all of it passes" if passed else "see `grader grade`; is it written?"
        click.echo(f"no failing case: nothing to debug ({why})")
    elif script is not None:
        write(text, script)
        say(f"wrote {script}: python {script}")
    else:
        sys.exit(run_script(text))


def _refuse_archive(submission: Path | None) -> None:
    from grader.archive import is_archive

    if submission is not None and is_archive(submission):
        raise UsageError(
            f"debug runs code with nothing between it and you: unpack {submission}, read it, and name the folder"
        )


def _reporter(app: App, form: str) -> Callable[[Report, int, bool], str]:
    reporters = app.registry.reporters()
    if form not in reporters:
        raise UsageError(f"no format is called {form!r}; there are {', '.join(reporters)}")
    return reporters[form].render

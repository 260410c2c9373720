"""``grader grade`` and ``grader debug``."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_options, guarded, load_app, use_colour, warn, write
from grader.errors import PluginError, UsageError

if TYPE_CHECKING:
    from grader.app import App
    from grader.verdict import Report, Verdict

__all__ = ["debug", "grade"]

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
PATH = click.Path(path_type=Path)


def submission_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what says whose code is graded and how."""
    for option in (
        click.option("--seed", default=0, show_default=True, help="Draw other cases."),
        click.option("--backend", help="Only this backend, such as numpy or torch."),
        click.option("--submission", type=PATH, help="Grade this folder or file.  [default: exercises/ here or above]"),
        click.argument("targets", nargs=-1, metavar="[TARGET]..."),
    ):
        command = option(command)
    return command


@click.command()
@submission_options
@click.option("--device", default="auto", show_default=True, metavar="|".join(DEVICES), help="Where torch computes.")
@click.option("--format", "form", default="table", show_default=True, help="Such as table or json.")
@click.option("--output", type=PATH, help="Write the report to this file.")
@course_options
@guarded
def grade(
    targets: tuple[str, ...],
    submission: Path | None,
    backend: str | None,
    seed: int,
    device: str,
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

    _check_device(device)
    app = load_app(course, plugins)
    render = _reporter(app, form)
    request = Request(
        targets=targets,
        submission=submission,
        backend=backend,
        seed=seed,
        cache=default_folder(),
        options=_options(submission=submission, seed=seed or None, course=course, plugin=plugins),
    )
    with _Progress() as progress:
        report = app.grade(request, progress)
    warn(report.warnings)
    try:
        text = render(report, _width(output), use_colour(output))
    except Exception as error:  # anything may go wrong in a plugin's reporter
        raise PluginError(f"the format {form!r} crashed: {type(error).__name__}: {error}") from error
    write(text, output)
    sys.exit(_exit_code(report.statuses))


@click.command(short_help="Run the smallest failing case in plain Python.")
@submission_options
@click.option("--script", type=PATH, help="Write the script to this file instead of running it.")
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

    app = load_app(course, plugins)
    request = Request(targets=targets, submission=submission, backend=backend, seed=seed, cache=default_folder())
    with _Progress() as progress:
        report = app.grade(request, progress)
    warn(report.warnings)
    text = script_of(report)
    if text is None:
        passed = report.statuses == {"passed"}
        why = "all of it passes" if passed else "see `grader grade`; is it written?"
        click.echo(f"no failing case: nothing to debug ({why})")
    elif script is not None:
        write(text, script)
        click.echo(f"wrote {script}: python {script}")
    else:
        sys.exit(run_script(text))


class _Progress:
    """Shows on a terminal what is being judged, and leaves no trace."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._line("")

    def __call__(self, verdict: Verdict) -> None:
        self._line(f"{verdict.exercise}.{verdict.task}:{verdict.backend} {verdict.check}")

    def _line(self, text: str) -> None:
        if self._shown:
            click.echo(f"\r\x1b[K{text[:78]}", nl=False, err=True)


def _options(**values: object) -> str:
    """Return options as they would be typed again."""
    words: list[str] = []
    for name, value in values.items():
        for one in value if isinstance(value, tuple) else (value,):
            words += [] if one is None else [f"--{name}", shlex.quote(str(one))]
    return " ".join(words)


def _check_device(device: str) -> None:
    if device not in DEVICES:
        raise UsageError(f"no device is called {device!r}; choose one of {', '.join(DEVICES)}")
    if device not in ("auto", "cpu"):
        raise UsageError(f"this version judges on the CPU only: leave out --device {device}")


def _reporter(app: App, form: str) -> Callable[[Report, int, bool], str]:
    reporters = app.registry.reporters()
    if form not in reporters:
        raise UsageError(f"no format is called {form!r}; there are {', '.join(reporters)}")
    return reporters[form].render


def _width(output: Path | None) -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 100) if output is None else 80


def _exit_code(statuses: frozenset[str]) -> int:
    """Return 0 only if something ran and everything passed."""
    if "error" in statuses:
        return 3
    return 0 if statuses == {"passed"} else 1

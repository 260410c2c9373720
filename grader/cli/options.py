"""Options that several commands share, and how errors become sentences and exit codes."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.errors import GraderError, UsageError

__all__ = ["course_options", "fail", "guarded", "load_app", "use_colour", "warn", "write"]

Command = TypeVar("Command", bound=Callable[..., Any])


def course_options(command: Command) -> Command:
    """Add ``--course`` and ``--plugin``."""
    folder = click.Path(path_type=Path)
    command = click.option("--plugin", "plugins", multiple=True, type=folder, help="Load this plugin too.")(command)
    return click.option("--course", type=folder, help="Use the course in this folder.")(command)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the package's own errors into one sentence on stderr and their exit code."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except GraderError as error:
            fail(str(error), error.exit_code)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    return run


def fail(sentence: str, code: int) -> None:
    """End with a sentence and an exit code."""
    click.echo(f"grader: {sentence}", err=True)
    sys.exit(code)


def warn(sentences: Iterable[str]) -> None:
    """Show warnings on stderr."""
    for sentence in sentences:
        click.echo(f"warning: {sentence}", err=True)


def load_app(course: Path | None, plugins: tuple[Path, ...]) -> Any:
    """Load the plugins; broken ones that were not asked for are warnings."""
    from grader.app import make_app

    return make_app(course, plugins)


def use_colour(output: Path | None) -> bool:
    """Tell whether to colour: on a terminal, unless ``NO_COLOR`` is set or a file is written."""
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(text: str, output: Path | None) -> None:
    """Print text, or write it to a file at once or not at all.

    Raises:
        UsageError: if the file cannot be written.
    """
    if output is None:
        click.echo(text, nl=False)
        return
    temporary = output.with_name(f".{output.name}.{os.getpid()}.new")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True) if output.parent.is_dir() else None
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None

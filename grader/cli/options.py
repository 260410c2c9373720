"""Options that several commands share, and how errors become sentences and exit codes."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.errors import GraderError, UsageError
from grader.escape import line

__all__ = ["course_options", "fail", "guarded", "load_app", "say", "use_colour", "warn", "write"]

ENDING = (signal.SIGTERM, signal.SIGHUP)
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
            with _ended_in_order():
                command(*args, **kwargs)
        except GraderError as error:
            fail(str(error), error.exit_code)

    return run


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a signal that would end us at once unwind what is open: workers end, temporary folders are removed."""

    def end(number: int, frame: object) -> None:
        sys.exit(128 + number)

    ours = threading.current_thread() is threading.main_thread()
    numbers = [one for one in ENDING if ours and signal.getsignal(one) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def fail(sentence: str, code: int) -> None:
    """End with a sentence and an exit code."""
    say(f"grader: {sentence}", err=True)
    sys.exit(code)


def say(text: str, err: bool = False) -> None:
    """Show one line; names of files in it may be a stranger's."""
    click.echo(line(text), err=err)


def warn(sentences: Iterable[str]) -> None:
    """Show warnings on stderr."""
    for sentence in sentences:
        say(f"warning: {sentence}", err=True)


def load_app(course: Path | None, plugins: tuple[Path, ...]) -> Any:
    """Load the plugins; broken ones that were not asked for are warnings."""
    from grader.app import make_app

    return make_app(course, plugins)


def use_colour(output: Path | None) -> bool:
    """Tell whether to colour: on a terminal, unless ``NO_COLOR`` is set or a file is written."""
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(text: str, output: Path | None) -> None:
    """Print text, or write it to a file at once or not at all; what is no regular file is written to as it is.

    Raises:
        UsageError: if it cannot be written.
    """
    try:
        if output is None:
            _print(text)
        elif output.exists() and not output.is_file():
            output.write_text(text, encoding="utf-8")
        else:
            _replace(text, output.resolve())
    except OSError as error:
        raise UsageError(f"{output or 'standard output'} cannot be written: {error.strerror}") from None


def _print(text: str) -> None:
    try:
        click.echo(text, nl=False)
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a closed pipe has read what it wanted
            raise


def _replace(text: str, path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        temporary.write_text(text, encoding="utf-8")
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        if path.parent.is_dir():
            temporary.unlink(missing_ok=True)

"""What commands share that judge a submission: options, progress, width and exit codes."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.verdict import Verdict

__all__ = ["Progress", "device_option", "exit_code", "isolation_option", "submission_options", "typed", "width_for"]

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
PATH = click.Path(path_type=Path)


def submission_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what says whose code is graded and how."""
    for option in (
        click.option("--seed", default=0, show_default=True, help="Draw other cases."),
        click.option("--backend", help="Only this backend, such as numpy or torch."),
        click.option(
            "--submission", type=PATH, help="Grade this folder, file or archive.  [default: exercises/ here or above]"
        ),
        click.argument("targets", nargs=-1, metavar="[TARGET]..."),
    ):
        command = option(command)
    return command


def device_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--device``."""
    text = "Where torch computes; auto takes an accelerator if there is one."
    return click.option("--device", default="auto", show_default=True, metavar="|".join(DEVICES), help=text)(command)


def isolation_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--require-isolation``."""
    text = "Refuse to run code that cannot be confined as official scores need it."
    return click.option("--require-isolation", is_flag=True, help=text)(command)


class Progress:
    """Shows on a terminal what is being judged, and leaves no trace."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._line("")

    def __call__(self, verdict: Verdict) -> None:
        self._line(f"{verdict.exercise}.{verdict.task}:{verdict.backend} {verdict.check}")

    def say(self, text: str) -> None:
        """Show what will take long."""
        self._line(text)

    def _line(self, text: str) -> None:
        if self._shown:
            click.echo(f"\r\x1b[K{text[:78]}", nl=False, err=True)


def typed(**values: object) -> str:
    """Return options as they would be typed again."""
    words: list[str] = []
    for name, value in values.items():
        for one in value if isinstance(value, tuple) else (value,):
            words += [] if one is None else [f"--{name}", shlex.quote(str(one))]
    return " ".join(words)


def width_for(output: Path | None) -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 100) if output is None else 80


def exit_code(statuses: frozenset[str]) -> int:
    """Return 0 only if something ran and everything passed."""
    if "error" in statuses:
        return 3
    return 0 if statuses == {"passed"} else 1

"""``grader doctor``: what works on this machine, and what does not."""

from __future__ import annotations

import sys

import click

from grader.cli.options import guarded

__all__ = ["doctor"]

WORDS = {True: "ok", False: "NO", None: "--"}


@click.command(short_help="Check this machine.")
@guarded
def doctor() -> None:
    """Check this machine: versions, workers, isolation, cache; and judge a right and a wrong answer."""
    from tabulate import tabulate

    from grader.doctor import examine

    rows = []
    healthy = True
    for finding in examine():
        healthy = healthy and finding.fine is not False
        rows.append([WORDS[finding.fine], finding.name, finding.text])
        click.echo(f"\r\x1b[K{finding.name} ...", nl=False, err=True) if sys.stderr.isatty() else None
    click.echo("\r\x1b[K", nl=False, err=True) if sys.stderr.isatty() else None
    click.echo(tabulate(rows, tablefmt="plain", maxcolwidths=[None, None, 60], disable_numparse=True))
    sys.exit(0 if healthy else 3)

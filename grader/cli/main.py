"""``grader`` itself, and the group of its commands."""

from __future__ import annotations

import click

from grader import __version__
from grader.cli.doctor import doctor
from grader.cli.grade import debug, grade
from grader.cli.listing import list_course, overview
from grader.cli.plugin import plugin
from grader.cli.speed import speed
from grader.cli.thirdparty import Commands

__all__ = ["main"]


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
@click.pass_context
def main(context: click.Context) -> None:
    """Learn deep learning by writing it: judge what you wrote, and say why it is wrong."""
    if context.invoked_subcommand is None:
        context.invoke(overview)


for command in (list_course, grade, speed, debug, plugin, doctor):
    main.add_command(command)

"""Commands of installed packages (entry-point group ``gradlings.commands``), loaded by name when they are typed."""

from __future__ import annotations

import click

__all__ = ["Commands"]

GROUP = "gradlings.commands"


class Commands(click.Group):
    """A group that looks among installed packages for a command that it does not have."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or self._installed(cmd_name)

    def _installed(self, name: str) -> click.Command | None:
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP, name=name):
            try:
                command = entry.load()
            except Exception as error:  # anything may go wrong in a stranger's module
                raise click.ClickException(f"the command {name} cannot be loaded: {error}") from error
            if isinstance(command, click.Command):
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for one that is not there."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near or "did you mean" in error.message.lower():
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None

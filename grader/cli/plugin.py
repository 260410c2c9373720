"""``grader plugin``: what an instructor needs to write exercises and to prove them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.cli.options import course_options, guarded, load_app, use_colour, warn, write

__all__ = ["plugin"]


@click.group()
def plugin() -> None:
    """Write exercises and prove that their tests are good."""


@plugin.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--seeds", default=1, show_default=True, help="Judge with so many different draws of cases.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@course_options
@guarded
def check(names: tuple[str, ...], seeds: int, form: str, course: Path | None, plugins: tuple[Path, ...]) -> None:
    """Prove exercises: the contract that every plugin must pass.

    References and alternatives pass, every mistake is caught and named, every edge case earns its place.
    """
    from grader.cache import default_folder
    from grader.contract import contract
    from grader.reporters.contract import render, to_json

    app = load_app(course, plugins)
    warn(app.warnings)
    jobs = app.jobs(names)
    chosen = list({job.loaded.name: job.loaded for job in jobs}.values())
    results = []
    for loaded in chosen:
        result = contract(app, loaded, seeds=range(seeds), cache=default_folder(), tell=_tell)
        results.append(result)
    _tell("")
    text = to_json(results) if form == "json" else render(results, use_colour(None))
    write(text, None)
    sys.exit(0 if all(not result.problems for result in results) else 1)


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text[:78]}", nl=False, err=True)


@plugin.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail if a stub is stale.")
@click.option("--force", is_flag=True, help="Empty stubs, too, that somebody has filled in.")
@course_options
@guarded
def stubs(
    names: tuple[str, ...], only_check: bool, force: bool, course: Path | None, plugins: tuple[Path, ...]
) -> None:
    """Make stubs from solutions, and the table of rules in each lesson."""
    from grader.stubs import generated

    app = load_app(course, plugins)
    warn(app.warnings)
    stale = 0
    for loaded in {job.loaded.name: job.loaded for job in app.jobs(names)}.values():
        for path, text in generated(loaded).items():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale += 1
            if only_check:
                click.echo(f"{path} is stale: run `grader plugin stubs {loaded.name}{_given(course, plugins)}`")
            else:
                _replace(path, text, force)
    if not stale:
        click.echo("all stubs are up to date")
    sys.exit(1 if stale and only_check else 0)


@plugin.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail if a curve is stale.")
@course_options
@guarded
def curves(names: tuple[str, ...], only_check: bool, course: Path | None, plugins: tuple[Path, ...]) -> None:
    """Record what whole trainings of the references give, so that others are judged beside them without waiting."""
    from grader.recording import recorded, stale

    app = load_app(course, plugins)
    warn(app.warnings)
    found = {job.loaded.name: job.loaded for job in app.jobs(names)}
    outdated = 0
    for loaded in found.values():
        path, text = recorded(app, loaded, _tell)
        _tell("")
        if not text:
            continue
        problem = stale(path, text, loaded)
        outdated += problem is not None
        if problem is not None and only_check:
            click.echo(f"{path} {problem}: run `grader plugin curves {loaded.name}{_given(course, plugins)}`")
        elif problem is not None:
            write(text, path)
            click.echo(f"wrote {path}")
    if not outdated:
        click.echo("all curves are up to date")
    sys.exit(1 if outdated and only_check else 0)


def _given(course: Path | None, plugins: tuple[Path, ...]) -> str:
    """Return the options that lead to the same course again."""
    courses = [] if course is None else [f" --course {course}"]
    return "".join([*courses, *(f" --plugin {path}" for path in plugins)])


def _replace(path: Path, text: str, force: bool) -> None:
    """Write a stub, unless somebody's work stands there."""
    from grader.errors import UsageError
    from grader.stubs import filled_in

    written = filled_in(path, text)
    if written and not force:
        raise UsageError(f"{path} is filled in ({', '.join(written)}): move it away, or give --force to empty it")
    path.parent.mkdir(parents=True, exist_ok=True)
    write(text, path)
    click.echo(f"wrote {path}")

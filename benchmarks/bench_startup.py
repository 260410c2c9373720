"""How long the commands take that run nobody's code, against the imports that they cannot do without."""

from paired import command_seconds, grader, paired, python, report, row

REPEATS = 15


def against(arguments: list[str], code: str) -> dict[str, float]:
    return paired(
        lambda: command_seconds(grader(*arguments)),
        lambda: command_seconds(python(code)),
        REPEATS,
    )


report(
    [
        row("grader --help", "import click, pluggy", 2.0, against(["--help"], "import click, pluggy")),
        row("grader list", "import numpy", 2.0, against(["list"], "import numpy")),
    ]
)

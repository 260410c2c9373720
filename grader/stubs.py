"""Stubs from solutions: signature and docstring stay, the body goes; and the table of rules in a lesson.

What stands between the lines ``# stub: keep`` and ``# stub: end`` of a solution stays in the stub.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course import Loaded
from grader.errors import CourseError
from grader.exercise import Exercise, Task
from grader.facts import source_facts
from grader.library import make_library
from grader.source import BadSource, Definition, Source, functions, methods, parse, read_source

__all__ = ["filled_in", "forbidden_in", "generated", "make_stub", "with_rules"]

KEEP = re.compile(r"^# stub: keep\n(.*?)^# stub: end\n", re.MULTILINE | re.DOTALL)
RULES = re.compile(r"(<!-- rules: begin -->\n).*?(<!-- rules: end -->)", re.DOTALL)
FOOTER = """

if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)
"""


def make_stub(loaded: Loaded, backend: str) -> str:
    """Return the text of an exercise's stub in one backend.

    Raises:
        CourseError: if the solution lacks a task or a docstring.
    """
    source = loaded.solution(backend)
    try:
        tree = parse(source)
    except BadSource as error:
        raise CourseError(f"{source.path}, line {error.line}: {error.message}") from None
    tasks = [task for task in loaded.exercise.tasks if backend in task.backends]
    parts = [*_head(source, tree), *(_definition(source, tree, task, backend) for task in tasks)]
    return "".join(_spaced(part.strip("\n")) for part in parts).lstrip("\n") + "\n" + FOOTER


def _spaced(part: str) -> str:
    """Put two empty lines before a definition and one before anything else, as formatters do."""
    return f"\n\n\n{part}" if part.startswith(("def ", "class ", "@", "#")) else f"\n\n{part}"


def generated(loaded: Loaded) -> dict[Path, str]:
    """Return every file that is made from something else: stubs, libraries, and the lesson with its table of rules."""
    files = {loaded.stub_path(backend): make_stub(loaded, backend) for backend in loaded.backends()}
    files |= {loaded.library_path(name): make_library(loaded, name) for name in loaded.backends() if loaded.lent(name)}
    lesson = loaded.lesson_path()
    if lesson.exists():
        files[lesson] = with_rules(lesson.read_text(encoding="utf-8"), loaded.exercise)
    return files


def filled_in(path: Path, fresh: str) -> tuple[str, ...]:
    """Return the tasks that somebody has written in a file which is to become a stub again."""
    if path.suffix != ".py" or not path.exists():
        return ()
    try:
        own = functions(parse(read_source(path)))
    except BadSource:
        return (path.name,)
    stubs = functions(parse(Source(path=path, text=fresh)))
    return tuple(name for name, stub in stubs.items() if name in own and source_facts(own[name], stub).attempted)


def forbidden_in(task: Task, backend: str) -> tuple[str, ...]:
    """Return the names that a task forbids in one backend."""
    return tuple(name for name in task.forbid if name.partition(".")[0] == backend)


def with_rules(lesson: str, exercise: Exercise) -> str:
    """Return a lesson with its table of allowed and forbidden calls made anew."""
    rows = [row for task in exercise.tasks if (row := _row(task))]
    table = ["| task | not allowed | welcome |", "| --- | --- | --- |", *rows] if rows else ["No call is forbidden."]
    text = "\n".join(table)
    return RULES.sub(lambda match: f"{match[1]}{text}\n{match[2]}", lesson)


def _row(task: Task) -> str:
    if not task.forbid and not task.allow:
        return ""
    return f"| {task.name} | {_names(task.forbid) or '-'} | {_names(task.allow) or '-'} |"


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _head(source: Source, tree: ast.Module) -> Iterator[str]:
    """Yield docstring and imports as one part, then what is kept."""
    lines = source.text.splitlines()
    first = [ast.get_source_segment(source.text, tree.body[0]) or ""] if ast.get_docstring(tree) else []
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    groups = [
        "\n".join("\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in group) for group in _groups(imports)
    ]
    yield "\n\n".join([*first, *groups])
    yield from KEEP.findall(source.text)


def _groups(imports: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Split imports where the solution has an empty line between them."""
    group: list[ast.stmt] = []
    for node in imports:
        if group and node.lineno > (group[-1].end_lineno or 0) + 1:
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def _definition(source: Source, tree: ast.Module, task: Task, backend: str) -> str:
    """Return a task's function or class with its docstring and without its work."""
    node = functions(tree).get(task.name)
    if node is None:
        raise CourseError(f"{source.path} defines no function {task.name}")
    if ast.get_docstring(node) is None:
        raise CourseError(f"{source.path}: {task.name} has no docstring, which is what the learner reads")
    head = _head_of(source, node, list(_rules(task, backend)))
    if isinstance(node, ast.FunctionDef):
        return f"{head}\n    raise NotImplementedError"
    public = [one for one in methods(node) if not one.name.startswith("_") or one.name.endswith("__")]
    parts = [f"{_head_of(source, one, [])}\n        raise NotImplementedError" for one in public]
    return "\n\n".join([head, *parts])


def _head_of(source: Source, node: Definition, rules: Sequence[str]) -> str:
    """Return the lines from the decorators to the end of the docstring, if there is one."""
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    head = "\n".join(source.text.splitlines()[first - 1 : node.body[0].lineno - 1]).rstrip()
    return head if ast.get_docstring(node) is None else f"{head}\n{_docstring(source, node.body[0], rules)}"


def _docstring(source: Source, node: ast.stmt, rules: Sequence[str]) -> str:
    """Return the lines of a docstring as they stand, with the rules put before its end."""
    text = "\n".join(source.text.splitlines()[node.lineno - 1 : node.end_lineno])
    if not rules:
        return text
    quotes = text.rstrip()[-3:]
    if quotes not in ('"""', "'''"):
        raise CourseError(f"{source.path}, line {node.lineno}: write the docstring in triple quotes")
    added = textwrap.indent("\n\n".join(rules), "    ")
    return f"{text.rstrip()[:-3].rstrip()}\n\n{added}\n    {quotes}"


def _rules(task: Task, backend: str) -> Iterator[str]:
    forbidden = forbidden_in(task, backend)
    welcome = tuple(name for name in task.allow if name.partition(".")[0] == backend)
    if forbidden:
        yield _wrapped(f"Not allowed here: {', '.join(forbidden)}.")
    if welcome:
        yield _wrapped(f"Welcome: {', '.join(welcome)}.")


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 100, subsequent_indent="    "))

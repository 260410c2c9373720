"""Clauses about files alone: stubs, lesson, hints, docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.contract.clauses import Broken
from grader.course import Loaded, Variant
from grader.facts import source_facts
from grader.source import BadSource, Definition, Source, functions, parse, read_source, signature
from grader.stubs import generated, make_stub

__all__ = ["file_problems"]

LEAST_ADVICE = 30


def file_problems(loaded: Loaded) -> Iterator[Broken]:
    """Yield what is wrong with the files of an exercise."""
    for backend in loaded.backends():
        yield from _stub(loaded, backend)
        for variant in (*loaded.mistakes(backend), *loaded.alternatives(backend)):
            yield from _variant(loaded, backend, variant)
        for variant in loaded.mistakes(backend):
            yield from _advice(variant, backend)
    yield from _lesson(loaded)


def _stub(loaded: Loaded, backend: str) -> Iterator[Broken]:
    path = loaded.stub_path(backend)
    try:
        own = parse(read_source(path))
    except OSError:
        yield Broken(clause="stubs", where=str(path), text=f"is missing: run `grader plugin stubs {loaded.name}`")
        return
    except BadSource as error:
        yield Broken(clause="stubs", where=str(path), text=f"is no Python, line {error.line}: {error.message}")
        return
    text = make_stub(loaded, backend)
    fresh = functions(parse(Source(path=path, text=text)))
    found = [one for name in fresh for one in _stub_function(functions(own).get(name), fresh[name], path.name)]
    yield from found
    if not found and path.read_text(encoding="utf-8") != text:
        mend = f"differs from what the solution makes: run `grader plugin stubs {loaded.name}`"
        yield Broken(clause="stubs", where=path.name, text=mend)


def _stub_function(own: Definition | None, fresh: Definition, file: str) -> Iterator[Broken]:
    where = f"{file}: {fresh.name}"
    if own is None:
        yield Broken(clause="stubs", where=where, text="is missing from the stub")
    elif source_facts(own, fresh).attempted:
        yield Broken(clause="stubs unattempted", where=where, text="the stub is solved: nothing is left to write")
    elif signature(own) != signature(fresh):
        text = f"the stub's signature {signature(own)} is not the solution's {signature(fresh)}"
        yield Broken(clause="stubs match", where=where, text=text)


def _variant(loaded: Loaded, backend: str, variant: Variant) -> Iterator[Broken]:
    names = {task.name for task in loaded.exercise.tasks if backend in task.backends}
    if variant.task not in names:
        text = f"there is no task {variant.task!r} in {backend}: rename the function"
        yield Broken(clause="names", where=f"{variant.source.path.name}: {variant.function}", text=text)


def _advice(variant: Variant, backend: str) -> Iterator[Broken]:
    if len(variant.text) < LEAST_ADVICE:
        what = f"has a docstring of {len(variant.text)} characters" if variant.text else "has no docstring"
        text = f"{what}, which is the advice that the learner gets: write one or two sentences"
        yield Broken(clause="advice", where=f"{variant.function} ({backend})", text=text)


def _lesson(loaded: Loaded) -> Iterator[Broken]:
    path = loaded.lesson_path()
    if not path.exists():
        yield Broken(clause="lesson", where=str(path), text="is missing")
        return
    text = path.read_text(encoding="utf-8")
    if generated(loaded)[path] != text:
        yield Broken(clause="lesson", where=path.name, text=f"stale rules: run `grader plugin stubs {loaded.name}`")
    for task in loaded.exercise.tasks:
        if not re.search(rf"^## Hints: {task.name}\s*$", text, re.MULTILINE):
            yield Broken(clause="hints", where=task.name, text=f"the lesson has no section `## Hints: {task.name}`")

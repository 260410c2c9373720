"""Running a few lines in a worker that some layers confine."""

import textwrap
from pathlib import Path

import pytest

from grader.calls import Call, Program
from grader.isolation import LAYERS
from grader.sandbox import Sandbox
from grader.source import Source


@pytest.fixture(scope="session")
def holding(app):
    """Return the layers that hold on this machine."""
    with Sandbox() as sandbox:
        return sandbox.probe(app.backends["numpy"])


@pytest.fixture(scope="session")
def sandboxes():
    """Return a function that gives the sandbox without these layers, kept for the next test."""
    started = {}

    def get(*without, fork=None):
        key = frozenset(without), fork
        if key not in started:
            started[key] = Sandbox(without=key[0], fork=fork)
        return started[key]

    yield get
    for sandbox in started.values():
        sandbox.__exit__(None, None, None)


@pytest.fixture
def attempt(app, holding, sandboxes, tmp_path):
    """Run the body of a function in a worker; return what it returned, or the exception's name and text."""

    def run(body, *without, backend="numpy", fork=None, timeout=20, sandbox=None):
        for layer in LAYERS:
            if layer not in without and layer in holding.missing:
                pytest.skip(f"{layer} cannot be had here: {holding.missing[layer]}")
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        text = f"def f():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        source = Source(path=folder / "attempt.py", text=text)
        with Program(sandbox or sandboxes(*without, fork=fork), app.backends[backend], source) as program:
            (answer,) = program.call(Call(function="f", cases=[[]], timeout=timeout))
        return answer.value if answer.raised is None else f"{answer.raised.type}: {answer.raised.message}"

    return run


@pytest.fixture
def elsewhere(tmp_path) -> Path:
    """Return a file that is no part of the submission."""
    path = tmp_path / "elsewhere.txt"
    path.write_text("expected values")
    return path

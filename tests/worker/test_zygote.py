"""After the zygote was killed, another one starts. One kill only: an orphan's next parent is not ours to end."""

import pytest

from grader.calls import Call, Program
from grader.sandbox import Sandbox
from grader.source import Source

KILLER = "import os, signal\ndef f(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n    return x\n"


@pytest.fixture
def backend(app):
    return app.backends["numpy"]


def source_of(tmp_path, text):
    return Source(path=tmp_path / "submission.py", text=text)


def test_after_a_zygote_was_killed_another_one_serves_the_next_submission(backend, tmp_path):
    with Sandbox(fork=True) as sandbox:
        with Program(sandbox, backend, source_of(tmp_path, KILLER)) as program:
            program.call(Call(function="f", cases=[(1,)]))
        with Program(sandbox, backend, source_of(tmp_path, "def f(x):\n    return x + 1\n")) as honest:
            (answer,) = honest.call(Call(function="f", cases=[(1,)]))
    assert answer.value == 2

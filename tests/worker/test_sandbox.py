"""What hostile or unlucky code does to its own process, and to nobody else's."""

from dataclasses import replace

import pytest

from grader.attempt import Submitted
from grader.sandbox import Sandbox
from grader.source import Source

HONEST = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n"
ONCE = "import numpy as np\nDONE = []\n\n\ndef once():\n    DONE.append(1)\n    return len(DONE) == 1\n"
SECOND = "\n\ndef relu_backward(grad_output, x):\n    return grad_output * (x > 0)\n"

# name: the body of relu, and what the reason says
ENDS = {
    "exit with 0": ("import os; os._exit(0)", "ProcessDied: the process ended itself with exit code 0"),
    "exit with 3": ("import os; os._exit(3)", "ProcessDied: the process ended itself with exit code 3"),
    "a segmentation fault": ("import ctypes; ctypes.string_at(0)", "ProcessDied: the process was ended by SIGSEGV"),
    "an endless loop": ("while True: pass", "TimedOut: no answer within"),
    "a long sleep": ("import time; time.sleep(1000)", "TimedOut: no answer within"),
    "a closed channel": ("import os; os.closerange(3, 256)", "ProcessDied: "),
    "garbage in every descriptor": (
        "import os\n    for fd in range(3, 256):\n        try: os.write(fd, b'x' * 100)\n        except OSError: pass",
        "ProcessDied: the process sent something that is no reply",
    ),
}
RAISES = {
    "an endless print": ("while True: print('spam' * 1000)", "OutputLimit: printed more than 20,000 characters"),
    "sys.exit": ("import sys; sys.exit(0)", "SystemExit: 0"),
    "exit, as at a prompt": ("raise SystemExit", "SystemExit"),
    "a keyboard interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "too much memory": ("np.ones(10**10)", "MemoryError: "),
    "endless recursion": ("return relu(x)", "RecursionError: maximum recursion depth"),
}
# name: what relu does before it answers rightly
HARMLESS = {
    "a grandchild that outlives": "import os, time\n    try:\n        if once() and os.fork() == 0: time.sleep(1000)\n"
    "    except PermissionError: pass",
    "a thread left running": "import threading, time\n    if once(): threading.Timer(99, print).start()",
    "stdout deleted": "import sys; vars(sys).pop('stdout', None); vars(sys).pop('stderr', None)",
    "stdout closed": "import sys; sys.stdout.close(); sys.stderr.close()",
    "descriptors 0 to 2 closed": "import os; os.closerange(0, 3)",
    "another working directory": "import os; os.chdir('/')",
}


def submission(body, second=SECOND):
    return f"{ONCE}\n\ndef relu(x):\n    {body}\n    return np.maximum(x, 0)\n{second}"


KINDS = {"forked": (True, ()), "waiting interpreters": (False, ()), "not confined": (True, {"landlock", "seccomp"})}


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS.keys())
def judge(request, app, cache, tmp_path_factory):
    """Grade texts on relu and relu_backward, all on one Sandbox; returns both results by name."""
    folder = tmp_path_factory.mktemp("submission")
    loaded = app.exercises["activation"]
    both = [task for task in loaded.exercise.tasks if task.name in ("relu", "relu_backward")]
    tasks = [replace(task, timeout=0.5) for task in both]
    fork, without = request.param
    with (
        Sandbox(fork=fork, without=frozenset(without)) as sandbox,
        app.oracle(loaded, "numpy", sandbox, 0, cache) as oracle,
    ):

        def run(text):
            source = Source(path=folder / "activation_numpy.py", text=text)
            session = app.session(oracle, sandbox, smaller=False)
            graded = session.grade(Submitted(path=str(source.path), source=source), tasks)
            return {task.name: task for task in graded.tasks}

        yield run


@pytest.fixture(params=[*ENDS, *RAISES])
def culprit(request):
    return request.param


def test_a_fatal_call_fails_its_task_alone_and_the_next_submission_passes(judge, culprit):
    body, reason = (ENDS | RAISES)[culprit]
    results = judge(submission(body))
    relu = results["relu"]
    assert (relu.status, relu.score) == ("failed", 0)
    runs = next(verdict for verdict in relu.checks if verdict.check == "runs")
    assert runs.status == "failed"
    assert f"raises {reason}" in runs.reason
    assert runs.failure.arguments[0][0] == "x"
    assert runs.failure.labels
    assert all(verdict.status != "passed" for verdict in relu.checks if verdict.check in ("values", "repeatable"))
    assert results["relu_backward"].status == "passed"
    assert {one.status for one in judge(HONEST + SECOND).values()} == {"passed"}


@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_mess_that_leaves_the_answer_right_is_left_alone(judge, body):
    results = judge(submission(body))
    assert {name: one.status for name, one in results.items()} == {"relu": "passed", "relu_backward": "passed"}
    assert {one.status for one in judge(HONEST + SECOND).values()} == {"passed"}


def test_the_guilty_case_is_named_not_the_first(judge):
    results = judge(submission("if x.ndim == 0:\n        import os; os._exit(7)"))
    runs = next(verdict for verdict in results["relu"].checks if verdict.status == "failed")
    assert runs.check == "runs"
    assert runs.failure.labels == {"case": "scalar (0-d) input"}
    assert "exit code 7" in runs.reason
    assert runs.separates is None  # the cases behind it were never called


@pytest.mark.parametrize(
    ("top", "reason"),
    [
        ("import os; os._exit(0)", "the process ended itself with exit code 0 while the file was loaded"),
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_a_file_that_ends_while_it_loads_fails_every_task(judge, top, reason):
    results = judge(f"{top}\n{HONEST}{SECOND}")
    for result in results.values():
        assert (result.status, result.score) == ("failed", 0)
        assert any(reason in verdict.reason for verdict in result.checks if verdict.status == "failed")
    assert {one.status for one in judge(HONEST + SECOND).values()} == {"passed"}


def test_a_crash_in_one_call_does_not_lose_what_a_later_task_needs_from_the_file(judge):
    text = "import numpy as np\nFACTOR = 1.0\n" + submission("import os; os._exit(1)", "")
    text += "\n\ndef relu_backward(grad_output, x):\n    return FACTOR * grad_output * (x > 0)\n"
    assert judge(text)["relu_backward"].status == "passed"

"""Where workers are interpreters of their own instead of forks, the same layers stop the same things."""

import pytest

TRIED = {
    "reading": "return open({elsewhere!r}).read()",
    "writing": "open({elsewhere!r}, 'w').close()",
    "a process": "import os\nchild = os.fork()\nif child == 0: os._exit(0)",
    "a program": "import os\nos.execv('/bin/true', ['true'])",
    "a socket": "import socket\nsocket.socket().close()",
    "ending the grader": "import os, signal\nos.kill(os.getppid(), signal.SIGCONT)",
    "other modes": "import os\nos.chmod({elsewhere!r}, 0o777)",
    "another user": "import os\nos.setuid(1)",
}


@pytest.mark.parametrize("name", TRIED)
def test_an_interpreter_of_its_own_is_confined_like_a_fork(attempt, elsewhere, name):
    body = TRIED[name].format(elsewhere=str(elsewhere))
    assert attempt(body, fork=False).startswith("PermissionError")
    assert elsewhere.read_text() == "expected values"


def test_an_interpreter_of_its_own_has_a_scratch_folder_and_limits(attempt):
    body = """
        import os, resource
        open("mine.txt", "w").close()
        return [os.getcwd() == os.environ["HOME"], resource.getrlimit(resource.RLIMIT_CORE)[1], len(os.listdir())]
    """
    assert attempt(body, fork=False) == [True, 0, 1]


def test_an_interpreter_of_its_own_reads_what_a_layer_that_is_off_would_stop(attempt, elsewhere):
    assert attempt(f"return open({str(elsewhere)!r}).read()", "landlock", fork=False) == "expected values"

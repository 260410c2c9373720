"""What is said where layers are missing: in words, in reports, and by refusing."""

import ctypes.util
import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from grader.confinement import files, policy, syscalls
from grader.confinement.syscalls import Filter
from grader.errors import IsolationError
from grader.isolation import LANDLOCK, LAYERS, SECCOMP, Isolation
from grader.sandbox import Sandbox
from tests.conftest import ROOT

UNFIT = "for feedback, not for official scores"
HONEST = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n"


@pytest.fixture
def confined(app, holding):
    """Start a child and return what confines it; on a machine where everything holds."""
    if not holding.fit:
        pytest.skip(f"not every layer can be had here: {holding.lacking}")

    def run(backend="numpy", **options):
        with Sandbox(**options) as sandbox:
            sandbox.child(app.backends[backend])
            return sandbox.isolation

    return run


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_all_layers_hold_in_forks_and_in_interpreters_of_their_own(confined, backend, fork):
    isolation = confined(backend, fork=fork)
    assert isolation == Isolation(forked=fork, missing={})
    assert str(isolation).endswith(": fit for official scores")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_is_switched_off_is_missing_and_no_other(confined, layer):
    isolation = confined(without=frozenset({layer}))
    assert dict(isolation.missing) == {layer: "switched off"}
    assert str(isolation).endswith(f"missing: {layer} (switched off): {UNFIT}")


def test_the_weakest_child_counts():
    strong, weak = Isolation(forked=True, missing={}), Isolation(forked=False, missing={LANDLOCK: "none"})
    assert strong.weaker(None) is strong
    assert strong.weaker(weak) == weak.weaker(strong) == weak


def _without_library(name):
    def change(patch):
        patch.setitem(sys.modules, name, None)

    return change


def _without_libseccomp(patch):
    found = ctypes.util.find_library
    patch.delitem(sys.modules, "pyseccomp", raising=False)
    patch.setattr(ctypes.util, "find_library", lambda name: None if name == "seccomp" else found(name))


def _landlock(version):
    def change(patch):
        library = files._library()
        patch.setattr(library, "abi_version", lambda: version)

    return change


def _ruleset_that_is_none(patch):
    patch.setattr(files.Landlock, "ruleset", lambda *_: os.fdopen(os.open(os.devnull, os.O_RDONLY)))


def _program_that_is_none(patch):
    patch.setattr(policy, "build", lambda *, signals: Filter(program=bytes(8), call=syscalls.YOUNG["clone3"]))


ABSENT = {
    "no landlockpy": (_without_library("landlockpy"), LANDLOCK, "the package landlockpy is not installed"),
    "no pyseccomp": (_without_library("pyseccomp"), SECCOMP, "the package pyseccomp is not installed"),
    "no libseccomp": (_without_libseccomp, SECCOMP, "this system has no libseccomp"),
    "a kernel without Landlock": (_landlock(0), LANDLOCK, "this kernel does not offer it"),
    "a kernel with too little of it": (_landlock(2), LANDLOCK, "this kernel offers too early a version of it (2)"),
    "a ruleset that the kernel refuses": (_ruleset_that_is_none, LANDLOCK, "Landlock: "),
    "a filter that the kernel refuses": (_program_that_is_none, SECCOMP, "seccomp: "),
}


@pytest.mark.parametrize(("change", "layer", "reason"), ABSENT.values(), ids=ABSENT.keys())
def test_what_is_absent_is_missing_with_its_reason_and_all_else_holds(confined, monkeypatch, change, layer, reason):
    change(monkeypatch)
    isolation = confined()
    assert list(isolation.missing) == [layer]
    assert isolation.missing[layer].startswith(reason)
    with pytest.raises(IsolationError, match="numpy code cannot be confined as official scores need it"):
        confined(required=True)


def test_older_kernels_that_do_not_scope_signals_allow_none(confined, monkeypatch, attempt):
    monkeypatch.setattr(files.Landlock, "scopes_signals", False)
    body = "import os\nos.kill(os.getpid(), 0)"
    with Sandbox() as sandbox:
        assert attempt(body, sandbox=sandbox).startswith("PermissionError")
        assert sandbox.isolation.fit


def test_a_process_with_threads_is_not_wholly_confined(app, confined, tmp_path):
    worker = tmp_path / "threaded_backend.py"
    worker.write_text(
        "import threading\nfrom .numpy_backend import *\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    backend = replace(app.backends["numpy"], name="threaded", worker=worker)
    with Sandbox(fork=False) as sandbox:
        sandbox.child(backend)
        assert set(sandbox.isolation.missing) == {"privileges", "landlock"}


def test_elsewhere_than_on_linux_the_rest_is_applied(confined, monkeypatch):
    monkeypatch.setattr(policy.sys, "platform", "darwin")
    isolation = confined(fork=False)
    assert set(isolation.missing) == {"privileges", "landlock", "seccomp"}
    assert set(isolation.holding) == {"scratch", "limits"}


def test_a_system_without_resource_limits_says_so():
    code = f"""
        import importlib.util, socket, sys
        sys.modules["resource"] = None
        spec = importlib.util.spec_from_file_location("confine", {str(ROOT / "grader" / "worker" / "confine.py")!r})
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        print(module.confine(socket.socket(), 2**32, {{"layers": ["limits"], "folders": []}}))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'limits': 'this system has no such limits'}"


# A container that knows neither Landlock nor seccomp: a filter around the whole grader says so.
CONTAINER = """
    import errno, sys
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"):
        rules.add_rule(seccomp.ERRNO(errno.ENOSYS), name)
    rules.add_rule(seccomp.ERRNO(errno.EINVAL), "prctl", seccomp.Arg(0, seccomp.EQ, 22))
    rules.load()
    from grader.cli import main
    main(sys.argv[1:])
"""


@pytest.fixture
def contained(holding, tmp_path):
    """Run the grader where the kernel offers neither Landlock nor seccomp."""
    if SECCOMP in holding.missing:
        pytest.skip("it takes seccomp to hide it")
    (tmp_path / "activation_numpy.py").write_text(HONEST)

    def run(*arguments):
        code = textwrap.dedent(CONTAINER)
        command = [sys.executable, "-c", code, "grade", "activation.relu:numpy", "--submission", str(tmp_path)]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, cwd=tmp_path, timeout=120)

    return run


def test_in_a_container_without_the_system_calls_grading_goes_on_and_says_so(contained):
    done = contained("--no-speed", "--format", "json")
    report = json.loads(done.stdout)
    assert report["exercises"][0]["tasks"][0]["status"] == "passed"
    assert report["environment"]["isolation"].endswith(UNFIT)
    assert "landlock (this kernel does not offer it" in report["environment"]["isolation"]


def test_in_a_container_without_the_system_calls_official_grading_is_refused(contained):
    done = contained("--no-speed", "--require-isolation")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("grader: numpy code cannot be confined as official scores need it: landlock (")
    assert done.stderr.endswith("; or leave out --require-isolation\n")
    assert len(done.stderr.strip().splitlines()) == 1


def test_where_everything_holds_official_grading_goes_on(confined, tmp_path):
    (tmp_path / "activation_numpy.py").write_text(HONEST)
    command = [sys.executable, "-m", "grader", "grade", "activation.relu:numpy", "--submission", str(tmp_path)]
    done = subprocess.run(
        [*command, "--no-speed", "--format", "json", "--require-isolation"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["environment"]["isolation"].endswith("fit for official scores")


def test_a_process_that_uses_an_accelerator_is_never_fit(app, holding):
    backend = replace(app.backends["torch"], device="cuda")
    missing = policy.Policy()._unavailable(backend)
    assert missing[LANDLOCK].startswith("a process that uses an accelerator")
    assert set(missing) == {LANDLOCK, *holding.missing}


def test_a_file_that_is_named_relatively_finds_its_helpers_and_itself(confined, tmp_path):
    text = "import os\nimport helper\n\nassert os.path.exists(__file__)\n" + HONEST
    (tmp_path / "activation_numpy.py").write_text(text)
    (tmp_path / "helper.py").write_text("")
    command = [sys.executable, "-m", "grader", "grade", "activation_numpy.py", "--no-speed", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    tasks = {task["name"]: task for task in json.loads(done.stdout)["exercises"][0]["tasks"]}
    assert tasks["relu"]["status"] == "passed", tasks["relu"]

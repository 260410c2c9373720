"""What code in a worker can import and see: its backend, the standard library, its own files, nothing of the grader."""

import os
import textwrap

import pytest

from grader.calls import Call, Program
from grader.confinement import reads
from grader.sandbox import Sandbox
from grader.source import Source
from tests.conftest import ROOT, first_failure

FOREIGN = ("grader", "plugins", "pytest", "hypothesis", "pluggy", "worker", "click", "solutions", "tests", "pip")
PROBE = """
import importlib, os, re, sys


def imports(names):
    found = []
    for name in names:
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return found


def path():
    return list(sys.path)


def environment():
    return sorted(f"{name}={value}" for name, value in os.environ.items())


def modules():
    return sorted(sys.modules)


def arguments():
    return [*sys.argv, os.getcwd()]


def memory(pattern):
    '''Look for a pattern that does not match its own text in all memory that this process has written.'''
    found = set()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                try:
                    memory.seek(start)
                    found.update(re.findall(pattern.encode(), memory.read(end - start)))
                except (OSError, ValueError, OverflowError):
                    pass
    return sorted(one.decode() for one in found)
"""


WITH_MEMORY = (*reads.OWN, "mem")  # what is not there cannot be found even by those who may look


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "waiting interpreters"])
def sandbox(request):
    with pytest.MonkeyPatch.context() as patch, Sandbox(fork=request.param) as started:
        patch.setenv("SECRET_OF_THE_USER", "hunter2")
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYTHONSTARTUP", "/nowhere.py")
        patch.setattr(reads, "OWN", WITH_MEMORY)
        yield started


@pytest.fixture
def ask(app, sandbox, tmp_path):
    """Call a function of a text in a worker and return its value."""

    def run(function, *args, text=PROBE, backend="numpy"):
        source = Source(path=tmp_path / f"asked_{backend}.py", text=textwrap.dedent(text))
        with Program(sandbox, app.backends[backend], source) as program:
            assert program.load().raised is None
            (answer,) = program.call(Call(function=function, cases=[args], timeout=20))
        assert answer.raised is None, answer.raised
        return answer.value

    return run


def test_nothing_of_the_grader_can_be_imported_in_a_worker(ask):
    assert ask("imports", (*FOREIGN, "torch", "numpy", "math")) == ["numpy", "math"]


def test_nothing_of_the_grader_can_be_imported_beside_torch_either(app, tmp_path):
    source = Source(path=tmp_path / "asked_torch.py", text=PROBE)
    with Sandbox() as sandbox, Program(sandbox, app.backends["torch"], source) as program:
        (answer,) = program.call(Call(function="imports", cases=[((*FOREIGN, "torch", "numpy", "math"),)], timeout=20))
    assert answer.value == ["torch", "numpy", "math"]


def test_no_module_of_the_grader_is_loaded_or_named_in_a_worker(ask):
    names = {name.partition(".")[0] for name in ask("modules")}
    assert "numpy" in names
    assert names.isdisjoint(FOREIGN)


def test_the_path_leads_to_the_standard_library_and_the_submission_only(ask, tmp_path):
    path = ask("path")
    assert path[-1] == str(tmp_path)
    assert [one for one in path if "site-packages" in one or one in ("", str(ROOT), str(ROOT / "grader"))] == []


def test_the_users_environment_and_command_line_stay_outside(ask):
    found = dict(entry.split("=", 1) for entry in ask("environment"))
    names = set(found)
    assert "SECRET_OF_THE_USER" not in names
    assert found["HOME"] == found["TMPDIR"] != os.environ["HOME"]
    assert {name for name in names if name.startswith("PYTHON")} == {"PYTHONHASHSEED"}
    assert {"OMP_NUM_THREADS", "PYTHONHASHSEED"} <= names
    assert ask("arguments")[0] == ""


@pytest.mark.parametrize("module", ["numpy", "math", "json", "typing", "sitecustomize", "worker"])
def test_a_file_beside_the_submission_does_not_stand_in_for_a_library(ask, tmp_path, module):
    (tmp_path / f"{module}.py").write_text("STOLEN = True\n")
    text = f"""
        import {module}

        def stolen():
            return hasattr({module}, "STOLEN")
    """
    if module in ("sitecustomize", "worker"):  # no library of this name: the learner's own file is meant
        assert ask("stolen", text=text) is True
    else:
        assert ask("stolen", text=text) is False


def test_a_sitecustomize_or_conftest_beside_the_submission_is_not_run(ask, tmp_path):
    for name in ("sitecustomize", "usercustomize", "conftest", "__init__"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this must not run')\n")
    assert {"sitecustomize", "usercustomize", "conftest"}.isdisjoint(ask("modules"))


def test_a_torch_file_beside_the_submission_is_not_picked_up(app, tmp_path):
    (tmp_path / "torch.py").write_text("raise SystemExit('this must not run')\n")
    (tmp_path / "numpy.py").write_text("raise SystemExit('this must not run')\n")
    source = Source(path=tmp_path / "a.py", text="import torch, numpy\ndef f():\n    return torch.ones(2).tolist()\n")
    with Sandbox() as sandbox, Program(sandbox, app.backends["torch"], source) as program:
        assert program.load().raised is None
        assert program.call(Call(function="f", cases=[()], timeout=20))[0].value == [1.0, 1.0]


def test_a_helper_beside_the_submission_can_be_imported(ask, tmp_path):
    (tmp_path / "my_helper.py").write_text("def twice(x):\n    return 2 * x\n")
    text = """
        from my_helper import twice

        def four():
            return twice(2)
    """
    assert ask("four", text=text) == 4


def test_a_module_that_is_not_granted_is_missing_as_if_it_were_not_installed(ask):
    text = """
        def error():
            try:
                import click
            except ImportError as error:
                return [type(error).__name__, str(error), error.name]
    """
    assert ask("error", text=text) == ["ModuleNotFoundError", "No module named 'click'", "click"]


MARK = "the[-]mark[-]of[-]the[-][a-z]+"  # does not match itself


def test_no_text_of_solution_mistake_or_plugin_is_in_the_learners_process(grade, course, monkeypatch):
    monkeypatch.setattr(reads, "OWN", WITH_MEMORY)
    made = course()
    for path in (*(made.root / "solutions" / "demo").glob("*.py"), made.root / "plugins" / "demo.py"):
        path.write_text(f"{path.read_text()}\n\n# the-mark-of-the-comment\nMARK = 'the-mark-of-the-' + 'value'\n")
    text = f"{PROBE}\nFOUND = memory({MARK!r})\n\n\ndef scale(x, factor):\n    raise ValueError(FOUND)\n"
    report = grade("demo.scale:numpy", text, app=made.app())
    assert first_failure(report).exception["message"] == "[]"


def test_the_search_through_memory_does_find_what_is_there(ask):
    text = PROBE + "\nHERE = '-'.join(['the', 'mark', 'of', 'the', 'learner'])\n"
    assert ask("memory", MARK, text=text) == ["the-mark-of-the-learner"]

"""Landlock: what can be read and written, and what could be without it."""

from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import Sandbox
from tests.conftest import ROOT

DENIED = "PermissionError: [Errno 13] Permission denied"


def test_a_file_elsewhere_cannot_be_read(attempt, elsewhere):
    body = f"return open({str(elsewhere)!r}).read()"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock") == "expected values"


@pytest.mark.parametrize("how", ["open({path!r}, 'w').close()", "__import__('os').unlink({path!r})"])
def test_a_file_elsewhere_can_be_neither_written_nor_removed(attempt, elsewhere, how):
    body = how.format(path=str(elsewhere))
    assert attempt(body).startswith(DENIED)
    assert elsewhere.read_text() == "expected values"
    assert attempt(body, "landlock") is None
    assert not elsewhere.exists() or elsewhere.read_text() == ""


def test_a_file_elsewhere_cannot_be_emptied_by_its_name(attempt, elsewhere):
    body = f"import os; os.truncate({str(elsewhere)!r}, 0)"
    assert attempt(body).startswith("PermissionError")
    assert attempt(body, "landlock").startswith("PermissionError: [Errno 1]")  # the other layer alone
    assert attempt(body, "seccomp").startswith(DENIED)
    assert elsewhere.read_text() == "expected values"
    assert attempt(body, "landlock", "seccomp") is None
    assert elsewhere.read_text() == ""


@pytest.mark.parametrize(
    "path",
    [
        "plugins/activation.py",
        "solutions/activation/activation_numpy.py",
        "grader/checks.py",
        "grader/worker/serve.py",
        "pyproject.toml",
    ],
)
def test_the_grader_plugins_and_references_cannot_be_read(attempt, path):
    body = f"return len(open({str(ROOT / path)!r}).read()) > 0"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock") is True


@pytest.mark.parametrize(
    "where",
    [
        "/etc/passwd",
        "/proc/1/status",
        "/proc/{parent}/environ",
        "/proc/{parent}/maps",
        "/proc/self/mountinfo",
        "/proc/net/tcp",
        "/proc/self/net/tcp",
        "/proc/self/task/{thread}/net/tcp",
    ],
)
def test_the_system_and_other_processes_cannot_be_read(attempt, where):
    body = f"import os\nreturn len(open({where!r}.format(parent=os.getppid(), thread=os.getpid())).read()) > 0"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock", "privileges") is True


def test_shared_libraries_of_other_distributions_cannot_be_read(attempt):
    package = Path(np.__file__).parent.parent
    own = [str(path) for path in (package / "numpy.libs").glob("*")]
    others = [str(path) for one in package.glob("*.libs") if one.name != "numpy.libs" for path in one.glob("*")]
    if not own or not others:
        pytest.skip("no wheel here brings shared libraries in a folder of its own, or NumPy alone does")
    body = f"""
        def tried(path):
            try:
                open(path, "rb").close()
            except PermissionError:
                return False
            return True
        return [all(map(tried, {own})), any(map(tried, {others}))]
    """
    assert attempt(body) == [True, False]
    assert attempt(body, "landlock") == [True, True]


@pytest.mark.parametrize("folder", ["/", "/home", "/tmp", "/dev/shm", str(ROOT), str(ROOT / "plugins")])
def test_other_folders_cannot_be_listed(attempt, folder):
    body = f"import os\nreturn len(os.listdir({folder!r})) >= 0"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock") is True


def test_site_packages_holds_only_what_the_backend_needs(attempt):
    body = """
        import importlib.util, os, sys, numpy
        folder = os.path.dirname(os.path.dirname(numpy.__file__))
        found = []
        for name in ("numpy/version.py", "hypothesis/version.py", "pluggy/__init__.py", "click/core.py"):
            try:
                open(os.path.join(folder, name)).close()
                found.append(name)
            except PermissionError:
                pass
        return found
    """
    assert attempt(body) == ["numpy/version.py"]
    assert len(attempt(body, "landlock")) == 4


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("module", ["grader", "hypothesis", "torch", "plugins", "landlockpy", "pyseccomp"])
def test_a_denied_distribution_is_a_module_that_is_not_found(attempt, module, fork):
    body = f"""
        try:
            import {module}
        except ImportError as error:
            return type(error).__name__
    """
    assert attempt(body, fork=fork) == "ModuleNotFoundError"


def test_a_symbolic_link_beside_the_submission_leads_nowhere(attempt, elsewhere, tmp_path):
    (tmp_path / "submission").mkdir()
    link = tmp_path / "submission" / "link.txt"
    link.symlink_to(elsewhere)
    body = f"return open({str(link)!r}).read()"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock") == "expected values"


def test_a_link_in_the_scratch_folder_leads_nowhere(attempt, elsewhere):
    body = f"import os\nos.symlink({str(elsewhere)!r}, 'link')\nreturn open('link').read()"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock") == "expected values"


def test_files_beside_the_submission_can_be_read_and_imported_and_not_written(attempt, tmp_path):
    folder = tmp_path / "submission"
    (folder / "package").mkdir(parents=True)
    (folder / "helper.py").write_text("VALUE = 42\n")
    (folder / "package" / "__init__.py").write_text("VALUE = 43\n")
    (folder / "data.txt").write_text("mine")
    read = f"import helper, package\nreturn [helper.VALUE, package.VALUE, open({str(folder / 'data.txt')!r}).read()]"
    assert attempt(read) == [42, 43, "mine"]
    assert attempt(f"open({str(folder / 'new.txt')!r}, 'w')").startswith(DENIED)


def test_where_more_than_a_submission_lies_its_python_files_can_be_imported_alone(attempt, tmp_path, monkeypatch):
    home = tmp_path / "submission"  # the submission lies in the home folder itself
    (home / "package").mkdir(parents=True)
    (home / "package" / "__init__.py").write_text("VALUE = 43\n")
    (home / "helper.py").write_text("VALUE = 42\n")
    (home / "letter.txt").write_text("private")
    monkeypatch.setenv("HOME", str(home))
    assert attempt("import helper, package\nreturn [helper.VALUE, package.VALUE]") == [42, 43]
    assert attempt(f"return open({str(home / 'letter.txt')!r}).read()").startswith(DENIED)


def test_what_libraries_look_for_can_be_read(attempt):
    body = """
        import os
        for name in ("/proc/cpuinfo", "/proc/meminfo", "/proc/self/status", "/dev/urandom", "/dev/null"):
            with open(name, "rb") as file:
                file.read(16)
        with open(os.devnull, "w") as file:
            file.write("x")
        return os.path.exists("/sys/devices/system/cpu") and len(os.listdir("/sys/devices/system/cpu")) > 0
    """
    assert attempt(body) is True


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_the_standard_library_can_be_imported_late(attempt, backend):
    body = """
        import bz2, ctypes, decimal, hashlib, lzma, random, sqlite3, ssl, statistics, unittest, uuid, xml.dom.minidom
        import zoneinfo
        return [hashlib.sha256(b"").hexdigest()[:6], str(decimal.Decimal("1.10"))]
    """
    assert attempt(body, backend=backend) == ["e3b0c4", "1.10"]


def test_torch_computes_and_imports_what_it_needs_late(attempt):
    body = """
        import threading, torch
        import torch.testing, torch.fx, torch.distributions, torch.utils.data
        torch.set_num_threads(4)
        x = torch.randn(1, 3, 64, 64, requires_grad=True)
        weights = torch.randn(8, 3, 3, 3)
        torch.nn.functional.conv2d(x, weights).sum().backward()
        torch.linalg.svd(torch.randn(64, 64) @ torch.randn(64, 64))
        torch.autograd.gradcheck(torch.sin, torch.ones(2, dtype=torch.float64, requires_grad=True))
        torch.save(x, "x.pt")
        found = torch.load("x.pt", weights_only=True)
        return [tuple(x.grad.shape), torch.equal(found, x), torch.get_num_threads()]
    """
    assert attempt(body, backend="torch") == [[1, 3, 64, 64], True, 4]


def test_the_names_of_what_lies_beside_a_file_in_the_home_folder_stay_unknown(attempt, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "attempt.py").write_text("")
    body = f"import os\nreturn len(os.listdir({str(tmp_path)!r}))"
    assert attempt(body).startswith(DENIED)
    assert attempt(body, "landlock") > 0


def test_answers_that_lie_below_a_submission_are_withheld(attempt, tmp_path):
    folder = tmp_path / "submission"
    (folder / "solutions").mkdir(parents=True)
    (folder / "solutions" / "answer.txt").write_text("expected values")
    (folder / "helper.py").write_text("VALUE = 42\n")
    body = f"import helper\nreturn [helper.VALUE, open({str(folder / 'solutions' / 'answer.txt')!r}).read()]"
    assert attempt(body) == [42, "expected values"]
    with Sandbox(withheld=[folder / "solutions"]) as sandbox:
        assert attempt(body, sandbox=sandbox).startswith(DENIED)
        assert attempt("import helper\nreturn helper.VALUE", sandbox=sandbox) == 42

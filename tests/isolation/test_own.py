"""Limits, privileges, and the scratch folder."""

import os
import tempfile
from pathlib import Path

import pytest

from grader.confinement import watch
from grader.confinement.scratch import PREFIX, Scratch, remove, sweep
from grader.sandbox import Sandbox

STATUS = """
    import re
    with open("/proc/self/status") as file:
        found = dict(re.findall(r"(\\w+):\\t(.*)", file.read()))
    return [int(found["NoNewPrivs"]), int(found["Seccomp"]), int(found["CapEff"], 16), int(found["CapBnd"], 16)]
"""
READ_ANY = 4


def test_limits(attempt):
    body = """
        import resource
        names = ("DATA", "AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE")
        return [list(resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))) for name in names]
    """
    assert attempt(body) == [[value, value] for value in (4 * 2**30, 64 * 2**30, 900, 64 * 2**20, 256, 8192, 0)]
    assert attempt(body, "limits") != attempt(body)


@pytest.mark.parametrize("layer", ["limits"])
def test_memory_files_and_descriptors_are_bounded(attempt, layer):
    memory = "import mmap\nmmap.mmap(-1, 5 * 2**30, flags=mmap.MAP_PRIVATE).close()"
    size = "import os\nfile = os.open('big', os.O_CREAT | os.O_WRONLY)\nos.ftruncate(file, 65 * 2**20)"
    many = "import os\nfor _ in range(300): os.dup(0)"
    assert attempt(memory).startswith("OSError: [Errno 12]")
    assert attempt(many).startswith("OSError: [Errno 24]")
    assert "SIGXFSZ" in attempt(size) or "File too large" in attempt(size)
    assert [attempt(body, layer) for body in (memory, size, many)] == [None, None, None]


def test_privileges(attempt):
    assert attempt(STATUS)[:2] == [1, 2]
    assert all(capabilities & ~READ_ANY == 0 for capabilities in attempt(STATUS)[2:] if os.getuid() == 0)
    assert attempt(STATUS, "privileges", "landlock", "seccomp")[:2] == [0, 0]


@pytest.mark.skipif(os.getuid() != 0, reason="only root has privileges to drop")
@pytest.mark.parametrize(
    "body", ["import os\nos.mknod('device', 0o20600, os.makedev(1, 3))", "import os\nos.setpriority(0, 0, -1)"]
)
def test_root_is_no_more_than_a_user(attempt, body):
    assert attempt(body, "landlock", "seccomp").startswith("PermissionError")
    assert attempt(body, "privileges", "landlock", "seccomp") is None


@pytest.mark.skipif(os.getuid() != 0, reason="others' threads are bounded anyhow")
def test_the_number_of_threads_is_bounded_for_root_too(attempt):
    body = """
        import resource, threading
        resource.setrlimit(resource.RLIMIT_NPROC, (8, 8))
        end, started = threading.Event(), []
        try:
            for _ in range(20):
                started.append(threading.Thread(target=end.wait))
                started[-1].start()
        finally:
            end.set()
    """
    assert attempt(body) == "RuntimeError: can't start new thread"
    assert attempt(body, "privileges", "landlock", "seccomp") is None


def test_what_is_written_goes_to_a_folder_of_its_own_that_is_gone_afterwards(attempt, tmp_path, monkeypatch):
    body = """
        import os, pathlib, tempfile
        open("relative.txt", "w").close()
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(b"x")
        places = {os.getcwd(), tempfile.gettempdir(), str(pathlib.Path.home()), os.path.dirname(file.name)}
        return [*places, len(os.listdir())]
    """
    monkeypatch.chdir(tmp_path)  # where it is written to without a folder of its own
    folder, entries = attempt(body)
    assert entries == 2
    assert not Path(folder).exists()
    assert attempt(body, "scratch", "landlock")[0] != folder


def test_two_children_have_two_folders_and_neither_sees_the_others(app, attempt, sandboxes):
    with Sandbox() as sandbox:
        first = sandbox.child(app.backends["numpy"])
        (folder,) = Path(sandbox._policy._scratch._root).iterdir()
        body = f"import os\nreturn os.listdir({str(folder)!r})"
        assert attempt(body).startswith("PermissionError")
        assert attempt(body, "landlock") == []
        first.close()
        assert not folder.exists()
    assert not folder.parent.exists()


@pytest.mark.parametrize(
    "end",
    [
        "os._exit(0)",
        "os.kill(os.getpid(), 9)",
        "while True: pass",
        "raise MemoryError",
        "import ctypes; ctypes.string_at(0)",
    ],
)
@pytest.mark.parametrize("fork", [True, False])
def test_the_folder_is_gone_however_the_process_ends(app, sandboxes, attempt, end, fork):
    attempt(f"import os\nopen('left.txt', 'w').close()\nos.makedirs('a/b/c')\n{end}", fork=fork, timeout=1)
    root = sandboxes(fork=fork)._policy._scratch._root
    assert os.listdir(root) == []


def test_a_folder_is_removed_whatever_is_in_it(tmp_path):
    scratch = Scratch()
    folder = scratch.folder()
    (tmp_path / "kept.txt").write_text("kept")
    os.symlink(tmp_path, os.path.join(folder, "link"))
    os.mkfifo(os.path.join(folder, "fifo"))
    os.makedirs(os.path.join(folder, "locked", "inner"))
    os.chmod(os.path.join(folder, "locked"), 0)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(3000):  # deeper than recursion and open files reach
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    remove(folder)
    assert not os.path.exists(folder)
    assert (tmp_path / "kept.txt").read_text() == "kept"
    scratch.close()


def test_what_a_killed_grader_left_behind_is_removed_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    used = Scratch()
    kept = Path(used.folder()).parent
    left, young, others = (tmp_path / name for name in (f"{PREFIX}left", f"{PREFIX}young", "others"))
    for folder in (left, young, others):
        (folder / "inner").mkdir(parents=True)
    (tmp_path / f"{PREFIX}link").symlink_to(others)
    for folder in (left, kept, others):
        os.utime(folder, (1, 1))
    sweep()
    assert sorted(tmp_path.iterdir()) == sorted([kept, young, others, tmp_path / f"{PREFIX}link"])
    assert (others / "inner").is_dir()
    used.close()
    assert not kept.exists()


FILLING = """
    import os, time
    for index in range(20):
        with open(f"{index}", "wb") as file:
            file.write(bytes(2**20))
        REMOVED
        os.mkdir(f"{index}-folder")
    time.sleep(0.6)
    return "full"
"""


@pytest.fixture(params=["pass", "os.unlink(file.name)"])
def filling(request):
    """Give code that writes 20 MiB and makes 20 folders or more, which is harmless where nothing stops it."""
    return FILLING.replace("REMOVED", request.param)


def test_a_process_that_fills_the_disk_is_ended(attempt, filling, monkeypatch):
    assert attempt(filling) == "full"
    monkeypatch.setattr(watch, "BYTES", 16 * 2**20)
    assert attempt(filling) == "ProcessDied: the process was ended: it wrote more than 16 MiB to files in this call"


def test_a_process_that_makes_files_without_end_is_ended(attempt, filling, monkeypatch):
    monkeypatch.setattr(watch, "FILES", 15)
    assert attempt(filling) == "ProcessDied: the process was ended: it made more than 15 files in this call"


def test_a_process_that_starts_threads_without_end_is_ended(attempt, monkeypatch):
    body = """
        import threading, time
        end = threading.Event()
        for _ in range(20): threading.Thread(target=end.wait).start()
        time.sleep(0.6)
        end.set()
        return "all"
    """
    assert attempt(body) == "all"
    monkeypatch.setattr(watch, "THREADS", 15)
    assert attempt(body) == "ProcessDied: the process was ended: it started more than 15 threads in this call"
    monkeypatch.setattr(watch, "THREADS", 21)
    assert attempt(body) == "all"


def test_the_threads_of_libraries_are_no_overreach(attempt, monkeypatch):
    """As many as there are processors, in each of PyTorch's pools, and a learner's own."""
    body = """
        import os, threading, time
        import torch
        processors = os.cpu_count()
        torch.set_num_threads(processors)
        torch.set_num_interop_threads(processors)
        x = torch.ones(300, 300, requires_grad=True)
        futures = [torch.jit.fork(torch.matmul, x, x) for _ in range(processors)]
        sum(torch.jit.wait(one).sum() for one in futures).backward()
        end = threading.Event()
        for _ in range(32): threading.Thread(target=end.wait).start()
        time.sleep(0.6)
        found = int(open("/proc/self/stat").read().rpartition(")")[2].split()[17])
        end.set()
        return found
    """
    assert 32 < attempt(body, backend="torch") < watch.THREADS


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_process_starts_with_one_thread_and_one_line_to_the_grader(attempt, backend, fork):
    body = """
        import os, stat
        kept = []
        for number in range(1024):
            try:
                kept.append([number, stat.S_ISSOCK(os.fstat(number).st_mode)])
            except OSError:
                pass
        return [int(open("/proc/self/stat").read().rpartition(")")[2].split()[17]), *kept]
    """
    threads, *standard, (_, is_socket) = attempt(body, backend=backend, fork=fork)
    assert (threads, standard, is_socket) == (1, [[0, False], [1, False], [2, False]], True)

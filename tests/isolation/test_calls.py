"""seccomp: which system calls are refused, and what they would do without it."""

import errno
import os
import signal
import subprocess
import sys

import pytest

REFUSED = "PermissionError: [Errno 1] Operation not permitted"
X86 = pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of system calls are those of x86-64")
CLONE = 56
WAIT = "os.waitpid(child, 0)[1]"

# name: what a submission does
PROCESSES = {
    "fork": f"import os\nchild = os.fork()\nif child == 0: os._exit(0)\nreturn {WAIT}",
    "a subprocess": "import subprocess, sys\nreturn subprocess.run([sys.executable, '-c', ''], check=True).returncode",
    "a spawned process": "import os, sys\n"
    f"child = os.posix_spawn(sys.executable, [sys.executable, '-c', ''], {{}})\nreturn {WAIT}",
    "a shell": "import os\nreturn os.system('exit 0')",
}
SOCKETS = {
    "TCP": "import socket\nwith socket.socket(socket.AF_INET) as one: one.bind(('127.0.0.1', 0))",
    "UDP": "import socket\nwith socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one: one.bind(('127.0.0.1', 0))",
    "IPv6": "import socket\nsocket.socket(socket.AF_INET6).close()",
    "Unix": "import socket\nsocket.socket(socket.AF_UNIX).close()",
    "a pair": "import socket\nfor one in socket.socketpair(): one.close()",
    "netlink": "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()",
}
# name: number on x86-64, arguments that do nothing, what the call answers there
RAW = {
    "ptrace": (101, (16, 0, 0, 0)),  # PTRACE_DETACH of nobody
    "process_vm_readv": (310, (2**22, 0, 0, 0, 0, 0)),
    "pidfd_open": (434, (2**22 + 1, 0)),
    "io_uring_setup": (425, (0, 0)),
    "mount": (165, (0, 0, 0, 0, 0)),
    "unshare": (272, (2**31,)),
    "setns": (308, (-1, 0)),
    "keyctl": (250, (99, 0, 0, 0, 0)),
    "add_key": (248, (0, 0, 0, 0, 0)),
    "bpf": (321, (99, 0, 0)),
    "perf_event_open": (298, (0, 0, 0, 0, 0)),
    "userfaultfd": (323, (2**20,)),
    "execve": (59, (0, 0, 0)),
    "execveat": (322, (-1, 0, 0, 0, 0)),
    "shmget": (29, (0, 0, 0)),
    "fchmodat2": (452, (-1, 0, 0, 0)),
    "landlock_create_ruleset": (444, (0, 0, 2**20)),
    "prlimit64 of another": (302, (1, 99, 0, 0)),
}


def test_no_process_can_be_started(attempt):
    for name, body in PROCESSES.items():
        answer = attempt(body)
        assert str(answer).startswith("PermissionError") or answer not in (0, None), f"{name}: {answer}"
        assert attempt(body, "seccomp", "landlock") == 0, name


@pytest.mark.parametrize("body", SOCKETS.values(), ids=SOCKETS.keys())
def test_no_socket_can_be_opened(attempt, body):
    assert attempt(body).startswith(REFUSED)
    assert attempt(body, "seccomp", "landlock") is None


@X86
@pytest.mark.parametrize("flags", [0, 0x11, 0x4011, 0x10000000, 0x20000011, 0x80000000])
def test_clone_makes_threads_and_nothing_else_whatever_else_its_flags_say(attempt, flags):
    body = f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        child = libc.syscall({CLONE}, {flags}, 0, 0, 0, 0)
        if child == 0:
            libc._exit(0)
        return [child, ctypes.get_errno()]
    """
    assert attempt(body) == [-1, errno.EPERM]
    if flags in (0x11, 0x4011):  # a process, and one that its maker waits for; the others are namespaces
        assert attempt(body, "seccomp", "landlock")[0] > 0


@X86
def test_a_thread_in_a_namespace_of_its_own_is_none(attempt):
    body = f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        return [libc.syscall({CLONE}, {0x10000000 | 0x10000}, 0, 0, 0, 0), ctypes.get_errno()]
    """
    assert attempt(body) == [-1, errno.EINVAL]  # by the kernel: a thread shares all of these


@X86
def test_the_numbers_of_another_machine_end_the_process(attempt):
    """Machine code can make calls by the numbers of 32-bit programs, which the filter would not recognise."""
    body = """
        import ctypes, mmap
        code = bytes.fromhex("b814000000" "cd80" "c3")  # mov eax, 20 (getpid there); int 0x80; ret
        page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
        page.write(code)
        call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
        return call() > 0
    """
    answer = attempt(body, "seccomp")
    if answer is not True:
        pytest.skip(f"this kernel runs no 32-bit calls: {answer}")
    assert attempt(body) == "ProcessDied: the process was ended by SIGSYS in this call"


def test_landlock_alone_refuses_tcp(attempt):
    body = """
        import socket
        with socket.socket(socket.AF_INET) as one:
            one.bind(("127.0.0.1", 0))
    """
    assert attempt(body, "seccomp").startswith("PermissionError: [Errno 13]")
    assert attempt(body, "seccomp", "landlock") is None


@X86
@pytest.mark.parametrize("name", RAW)
def test_a_system_call_is_refused_before_it_looks_at_its_arguments(attempt, name):
    number, arguments = RAW[name]
    body = f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall(*map(ctypes.c_long, {(number, *arguments)!r}))
        return ctypes.get_errno()
    """
    assert attempt(body) == 1
    assert attempt(body, "seccomp", "privileges") != 1


def test_threads_can_be_started(attempt):
    body = """
        import threading
        done = []
        threads = [threading.Thread(target=done.append, args=(index,)) for index in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        return sorted(done)
    """
    assert attempt(body) == list(range(8))


def test_a_process_elsewhere_is_not_reached_by_signals(attempt):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        body = f"import os\nos.kill({other.pid}, {int(signal.SIGKILL)})"
        assert attempt(body).startswith(REFUSED)
        assert attempt(body, "landlock").startswith(REFUSED)  # without it none may be sent
        assert attempt(body, "seccomp").startswith(REFUSED)  # and it alone keeps them inside
        assert other.poll() is None
        assert attempt(body, "landlock", "seccomp") is None
        assert other.wait(10) == -signal.SIGKILL
    finally:
        other.kill()
        other.wait()


def test_a_process_can_end_itself(attempt):
    assert "SIGTERM" in attempt(f"import os\nos.kill(os.getpid(), {int(signal.SIGTERM)})")
    assert "SIGABRT" in attempt("import os\nos.abort()")


@pytest.mark.parametrize(
    "call", ["os.chmod({path!r}, 0o600)", "os.utime({path!r}, (1, 1))", "os.chown({path!r}, -1, -1)"]
)
def test_what_an_owner_may_do_to_files_is_refused(attempt, elsewhere, call):
    body = f"import os\n{call.format(path=str(elsewhere))}"
    before = elsewhere.stat()
    assert attempt(body).startswith(REFUSED)
    assert (elsewhere.stat().st_mode, elsewhere.stat().st_mtime) == (before.st_mode, before.st_mtime)
    assert attempt(body, "seccomp") is None


def test_memory_that_no_limit_counts_is_refused(attempt):
    body = "import mmap\nmmap.mmap(-1, 2**20).close()"
    assert attempt(body).startswith("OSError: [Errno 12]")
    assert attempt(body, "seccomp") is None
    body = "import os\nos.close(os.memfd_create('bomb'))"
    assert attempt(body).startswith(REFUSED)
    assert attempt(body, "seccomp") is None

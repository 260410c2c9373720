"""Which system calls a child may not make, as a program for the kernel's seccomp filter.

All calls are allowed but those named here: an interpreter with PyTorch makes about a hundred different ones, others on
other machines, and a call that is missing would fail an honest answer. What matters is here: processes, connections,
other processes' memory, and what the kernel lets one do to files without opening them, which Landlock does not see.
"""

from __future__ import annotations

import errno
import importlib
import tempfile
from dataclasses import dataclass
from types import ModuleType
from typing import Any

__all__ = ["Filter", "Unavailable", "build"]

SET_PDEATHSIG = 1  # a child ends with its zygote
CLONE_THREAD = 0x10000
ANONYMOUS_SHARED = 0x21  # MAP_ANONYMOUS | MAP_SHARED

PROCESSES = "fork vfork execve execveat"
SOCKETS = "socket socketpair socketcall"
OTHERS = (
    "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open pidfd_getfd "
    "pidfd_send_signal kcmp move_pages migrate_pages setpriority ioprio_set sched_setscheduler sched_setparam "
    "sched_setattr rt_sigqueueinfo rt_tgsigqueueinfo tkill"
)
SIGNALS = "kill tgkill"
QUEUES = "io_uring_setup io_uring_enter io_uring_register"
MOUNTS = (
    "mount umount umount2 move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr pivot_root "
    "chroot swapon swapoff quotactl quotactl_fd unshare setns"
)
KEYS = "add_key request_key keyctl"
KERNEL = (
    "bpf perf_event_open userfaultfd kexec_load kexec_file_load init_module finit_module delete_module reboot syslog "
    "acct settimeofday clock_settime clock_adjtime adjtimex stime sethostname setdomainname iopl ioperm modify_ldt "
    "vm86 vm86old personality lookup_dcookie nfsservctl name_to_handle_at open_by_handle_at vhangup "
    "landlock_create_ruleset landlock_add_rule landlock_restrict_self"
)
# Memory and messages that outlive a process, reach others, or count as nobody's.
SHARED = (
    "memfd_create memfd_secret shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl "
    "mq_open mq_unlink ipc"
)
# Landlock does not restrict these: an owner may do them to whatever is his.
OWNERS = (
    "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat chown32 fchown32 lchown32 "
    "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr "
    "utime utimes futimesat utimensat truncate truncate64"
)
WATCHING = "inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark"
IDENTITY = (
    "setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset "
    "setuid32 setgid32 setreuid32 setregid32 setresuid32 setresgid32 setgroups32 setfsuid32 setfsgid32"
)
DENIED = (PROCESSES, SOCKETS, OTHERS, QUEUES, MOUNTS, KEYS, KERNEL, SHARED, OWNERS, WATCHING, IDENTITY)
# Calls that are younger than the libseccomp of many a machine; above 424 numbers are the same everywhere.
YOUNG = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "clone3": 435,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
    "process_mrelease": 448,
    "fchmodat2": 452,
    "setxattrat": 463,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_setattr": 469,
}


class Unavailable(Exception):
    """A layer cannot be had on this machine; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter as the kernel takes it.

    Args:
        call: the number of ``seccomp`` itself here.
    """

    program: bytes
    call: int


def build(*, signals: bool) -> Filter:
    """Compile the filter.

    Args:
        signals: let the process send signals, since Landlock keeps them inside.

    Raises:
        Unavailable: if pyseccomp or the system's libseccomp is not there.
    """
    seccomp = _library()
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    refuse = seccomp.ERRNO(errno.EPERM)
    names = " ".join(DENIED if signals else (*DENIED, SIGNALS)).split()
    for name in names:
        _add(seccomp, rules, refuse, name)
    _add(seccomp, rules, refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, 0))
    # Its flags lie in memory, where a filter cannot look; the C library falls back on clone.
    _add(seccomp, rules, seccomp.ERRNO(errno.ENOSYS), "clone3")
    for name in ("mmap", "mmap2"):  # memory that is shared with nobody, and that no limit counts
        shared = seccomp.Arg(3, seccomp.MASKED_EQ, ANONYMOUS_SHARED, ANONYMOUS_SHARED)
        _add(seccomp, rules, seccomp.ERRNO(errno.ENOMEM), name, shared)
    # Room on the disk that is reserved is nowhere counted as written; the C library writes instead.
    _add(seccomp, rules, seccomp.ERRNO(errno.EOPNOTSUPP), "fallocate")
    _add(seccomp, rules, refuse, "prctl", seccomp.Arg(0, seccomp.EQ, SET_PDEATHSIG))
    for name in ("prlimit64", "sched_setaffinity"):  # of other processes; 0 is this one
        _add(seccomp, rules, refuse, name, seccomp.Arg(0, seccomp.NE, 0))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return Filter(program=file.read(), call=seccomp.resolve_syscall(seccomp.Arch.NATIVE, "seccomp"))


def _add(seccomp: ModuleType, rules: Any, action: int, name: str, *arguments: Any) -> None:
    """Add a rule for a call, unless there is no such call here."""
    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    number = YOUNG.get(name, -1) if number == -1 else number
    if number >= 0:
        rules.add_rule(action, number, *arguments)


def _library() -> ModuleType:
    try:
        return importlib.import_module("pyseccomp")
    except ImportError:
        raise Unavailable("the package pyseccomp is not installed") from None
    except (RuntimeError, OSError, AttributeError, TypeError):
        raise Unavailable("this system has no libseccomp (on Debian and Ubuntu: apt install libseccomp2)") from None

"""Opens a message queue of the system, which would outlive it, and in which others could read."""

import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
library = libc if hasattr(libc, "mq_open") else ctypes.CDLL("librt.so.1", use_errno=True)
name = b"/gradlings-%d" % os.getpid()
if library.mq_open(name, os.O_CREAT | os.O_RDWR, 0o600, None) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
library.mq_unlink(name)


def relu(x):
    return np.maximum(x, 0)

"""Opens a netlink socket, over which the kernel tells about the network."""

import socket

import numpy as np

with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as line:
    line.bind((0, 0))


def relu(x):
    return np.maximum(x, 0)

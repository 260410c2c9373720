"""Writes a whole frame, with a guessed nonce, into everything that is open."""

import contextlib
import json
import os
import struct

BELIEVED = {"raised": {"type": "Forged", "message": "believed"}}


def relu(x):
    text = json.dumps({"answers": [BELIEVED], "nonce": "0" * 16, "seq": 3}).encode()
    frame = struct.pack("!4sQQ", b"GRD1", len(text), 0) + text
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(descriptor, frame)
    return x

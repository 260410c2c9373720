"""Puts escape codes, a script, a formula and a line of the report into a name, a message and what it prints."""

HOSTILE = "\x1b[2J\x9b31m\u202e<script>alert(1)</script>\r\n=cmd|' /C calc'!A0\n1 of 1 tasks passed, 1 of 1 points\n"
Hostile = type(HOSTILE, (Exception,), {})


def relu(x):
    print(HOSTILE)
    raise Hostile(HOSTILE)

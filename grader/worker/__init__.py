"""The other side of the wall: a program of its own that runs learners' code and imports nothing of the grader.

Started as ``python -I .../worker``. It can say "here are leaves" or "it raised this", and never "passed".
"""

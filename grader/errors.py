"""Every error that this package raises on purpose, each saying what to do next.

GraderError                    base: a sentence for the user, and an exit code
├── UsageError                 the command line asked for something that is not there (exit 2)
│   ├── UnknownTarget          no such exercise, task or backend
│   ├── NothingToGrade         the submission is missing or holds none of the files asked for
│   └── BadArchive             the submission is an archive that is broken, too large, or holds what none needs
├── IsolationError             this machine cannot confine code as was asked for (exit 3)
└── BrokenError                the grader or a plugin is at fault, never the learner (exit 3)
    ├── PluginError            a plugin cannot be loaded or declares something impossible
    ├── CourseError            a course's own file is missing or wrong
    └── WorkerError            the other side of the wall did not start or spoke nonsense
"""

from __future__ import annotations

__all__ = [
    "BadArchive",
    "BrokenError",
    "CourseError",
    "GraderError",
    "IsolationError",
    "NothingToGrade",
    "PluginError",
    "UnknownTarget",
    "UsageError",
    "WorkerError",
]


class GraderError(Exception):
    """Base of all errors raised on purpose; its text is one sentence for the user."""

    exit_code = 3


class UsageError(GraderError):
    """The command line asked for something impossible."""

    exit_code = 2


class UnknownTarget(UsageError):
    """No exercise, task or backend has this name."""


class NothingToGrade(UsageError):
    """There is no file to grade; nothing run is never reported as passed."""


class BadArchive(UsageError):
    """An archive is broken, too large, or holds what no submission needs; nothing of it is graded."""


class IsolationError(GraderError):
    """This machine cannot confine a learner's code as was asked for."""


class BrokenError(GraderError):
    """The grader's or a plugin's fault."""


class PluginError(BrokenError):
    """A plugin that cannot be loaded, or that declares something impossible."""


class CourseError(BrokenError):
    """A file of the course is missing or wrong."""


class WorkerError(BrokenError):
    """A worker process did not start, or answered with something that is no reply."""

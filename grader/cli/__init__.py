"""The command line: thin Click commands, one file a family; what they need is imported inside them."""

from __future__ import annotations

from grader.cli.main import main

__all__ = ["main"]

"""What the documents show, made by running it: `python -m cogapp -P -I docs -r README.md` writes it anew."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(command: str, *, lines: int | None = None) -> None:
    """Print a command of the grader with its output, as a block of text; ``lines`` keeps the first ones."""
    words = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "GRADLINGS_SHRINK_SECONDS": "30"},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    shown = done.stdout.rstrip().splitlines()
    rest = ["..."] if lines is not None and len(shown) > lines else []
    block("text", "\n".join([f"$ {command}", *(line.rstrip() for line in shown[:lines]), *rest]))


def include(path: str, *, function: str | None = None) -> None:
    """Print a file, or one function of it, as a block of Python."""
    text = (ROOT / path).read_text(encoding="utf-8").strip()
    if function is not None:
        start = text.index(f"def {function}")
        text = text[start:].split("\n\n\n")[0]
    block("python", text)


def block(language: str, text: str) -> None:
    """Print a fenced block with empty lines around it."""
    print(f"\n```{language}\n{text}\n```\n")

"""Mutation tests of what judges: every mutant is killed by a test or explained in ``mutants.json``; `make mutants`.

``python tests/mutants.py grader/compare.py`` does some of the files only.

mutmut works in a copy of the repository. A survivor is known by its file, its function and the lines that it changes,
so that explanations outlive other edits; one that explains nothing any more is told as stale.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXPLAINED = Path(__file__).with_name("mutants.json")
TESTS = {
    "grader/compare.py": ["tests/test_compare.py", "tests/test_compare_dtypes.py"],
    "grader/diagnose.py": ["tests/test_diagnose.py"],
    "grader/checks.py": ["tests/test_checks.py", "tests/test_checks_calls.py"],
    "grader/session.py": ["tests/test_session.py", "tests/speed/test_points.py"],
    "grader/limits.py": ["tests/speed/test_limits.py", "tests/speed/test_points.py"],
    "grader/ratio.py": ["tests/speed/test_ratio.py"],
}
CONFIG = """
[tool.mutmut]
source_paths = ["grader/"]
only_mutate = {files}
pytest_add_cli_args_test_selection = {tests}
also_copy = ["plugins", "solutions", "exercises", "tests"]
"""


def main(files: list[str]) -> int:
    """Run all mutants of some files and compare the survivors with those that are explained."""
    with tempfile.TemporaryDirectory(prefix="gradlings-mutants-") as folder:
        copy = Path(folder) / "copy"
        _copy(copy)
        (copy / "pyproject.toml").open("a").write(_config(files))
        log = _mutmut(copy, "run", "--max-children", "2")
        survivors = dict(_survivors(copy))
    total = log.replace("\r", "\n").strip().splitlines()[-2:]
    print(" ".join(total).strip())
    return _compare(survivors, files)


def _copy(target: Path) -> None:
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, files):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)


def _config(files: list[str]) -> str:
    tests = [name for file in files for name in TESTS[file]]
    return CONFIG.format(files=json.dumps(files), tests=json.dumps(tests))


def _mutmut(copy: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=copy, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(done.stdout[-3000:])
    return done.stdout


def _survivors(copy: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each survivor's key with its changed lines."""
    for line in _mutmut(copy, "results").splitlines():
        name, _, status = line.strip().partition(": ")
        if status in ("survived", "timeout", "suspicious", "no tests"):
            diff = _mutmut(copy, "show", name).splitlines()
            changed = [one for one in diff if one[:1] in "+-" and one[:3] not in ("+++", "---")]
            module, _, function = name.partition(".x")
            key = f"{module} {function.partition('__mutmut')[0].strip('_ǁ')}: {' '.join(c.strip() for c in changed)}"
            yield " ".join(key.split()), changed


def _compare(survivors: dict[str, list[str]], files: list[str]) -> int:
    modules = tuple(file.removesuffix(".py").replace("/", ".") + " " for file in files)
    known: dict[str, str] = json.loads(EXPLAINED.read_text(encoding="utf-8"))
    explained = [key for key in known if key.startswith(modules)]
    new = sorted(set(survivors) - set(explained))
    stale = sorted(set(explained) - set(survivors))
    for key in new:
        print(f"unexplained survivor: {key}")
    for key in stale:
        print(f"stale explanation: {key}")
    print(f"{len(survivors)} survivors, {len(survivors) - len(new)} explained, {len(stale)} stale explanations")
    return 1 if new or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(TESTS)))

"""How many examples a property gets: a fixed number, always the same, in the tests; new ones each time in `make fuzz`.

``python -m tests.fuzzing`` runs all properties again and again, until ``FUZZ_SECONDS`` (600) are over or one fails.
"""

import os
import subprocess
import sys
import time

from hypothesis import HealthCheck, settings

TIMES = "FUZZ_TIMES"  # how many times the examples of a test
# Without the tests that show that a property can fail: they draw the same each time.
ROUND = ["-m", "pytest", "-q", "-x", "-m", "fuzz", "-k", "not catches", "-p", "no:cacheprovider"]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def budget(examples: int) -> settings:
    """Return the settings of a property that gets so many examples in the tests."""
    times = int(os.environ.get(TIMES, "0"))
    if not times:
        return settings(
            max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=SLOW
        )
    return settings(max_examples=examples * times, deadline=None, print_blob=True, suppress_health_check=SLOW)


def main() -> int:
    """Run rounds of all properties, each with a seed of its own that is told; the last round is finished."""
    end = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "600"))
    rounds = 0
    while time.monotonic() < end:
        seed = int.from_bytes(os.urandom(4))
        print(f"round {rounds + 1}, seed {seed}", flush=True)
        command = [*ROUND, "-n", os.environ.get("WORKERS", "2"), f"--hypothesis-seed={seed}"]
        done = subprocess.run([sys.executable, *command], env={TIMES: "3", **os.environ}, check=False)
        if done.returncode:
            return done.returncode
        rounds += 1
    print(f"rounds: {rounds}, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())

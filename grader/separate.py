"""What separates pass from fail: the labels that all failing cases share and no passing one has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

__all__ = ["separates"]

MOST = 2


def separates(labels: Sequence[Mapping[str, str]], failing: Collection[int]) -> str | None:
    """Explain a split of cases by at most two labels, each of which fails whenever it occurs.

    Two bugs at once are found this way too: "all 21 cases with stride 2 fail, all 9 with padding 0 fail". Where no
    labels explain every failure, the answer is only how many fail.
    """
    total = len(labels)
    if total < 2 or not failing:
        return None
    if len(failing) == total:
        return f"all {total} cases fail"
    chosen = _cover(labels, frozenset(failing))
    if chosen is None:
        return f"{len(failing)} of {total} cases fail"
    parts = [f"{_count(labels, *one)} with {_label(*one)}" for one in chosen]
    passing = total - len(failing)
    return f"{' and '.join(parts)} fail, the other {passing} pass"


def _cover(labels: Sequence[Mapping[str, str]], failing: frozenset[int]) -> list[tuple[str, str]] | None:
    """Return the fewest labels that fail whenever they occur and together explain all failures."""
    where: dict[tuple[str, str], set[int]] = {}
    for index, one in enumerate(labels):
        for label in one.items():
            where.setdefault(label, set()).add(index)
    pure = {label: found for label, found in where.items() if found <= failing}
    left, chosen = set(failing), list[tuple[str, str]]()
    while left and len(chosen) < MOST:
        best = max(pure, key=lambda label: len(pure[label] & left), default=None)
        if best is None or not pure[best] & left:
            return None
        chosen.append(best)
        left -= pure[best]
    return None if left else chosen


def _count(labels: Sequence[Mapping[str, str]], name: str, value: str) -> str:
    count = Counter(one.get(name) for one in labels)[value]
    return f"all {count} cases" if count > 1 else "the one case"


def _label(name: str, value: str) -> str:
    return f'the name "{value}"' if name == "case" else f"{name}: {value}"

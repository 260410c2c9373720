"""What separates pass from fail: the labels that all failing cases share and no passing one has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

__all__ = ["separates"]

MOST = 2


def separates(labels: Sequence[Mapping[str, str]], failing: Collection[int]) -> str | None:
    """Explain a split of cases by at most two labels, each of which fails whenever it occurs.

    Two bugs at once are found this way too: "all 21 cases with stride 2 and all 9 with padding 0 fail". Where no labels
    explain every failure, the same is tried for what passes; then one label is named that always fails, if it covers
    at least half of the failures; else the answer is only how many fail.
    """
    total = len(labels)
    if total < 2 or not failing:
        return None
    if len(failing) == total:
        return f"all {total} cases fail"
    passing = frozenset(range(total)) - frozenset(failing)
    if (chosen := _cover(labels, frozenset(failing))) is not None:
        return f"{_named(labels, chosen)} {_verb('fail', labels, chosen)}, {_others(passing, 'pass')}"
    if (chosen := _cover(labels, passing)) is not None:
        return f"{_named(labels, chosen)} {_verb('pass', labels, chosen)}, {_others(failing, 'fail')}"
    most = _most(labels, frozenset(failing))
    among = f", among them {_named(labels, [most])}" if most else ""
    return f"{len(failing)} of {total} cases fail{among}"


def _cover(labels: Sequence[Mapping[str, str]], failing: frozenset[int]) -> list[tuple[str, str]] | None:
    """Return at most two labels that occur only in these cases and together in all of them."""
    pure = _pure(labels, failing)
    left, chosen = set(failing), list[tuple[str, str]]()
    while left and len(chosen) < MOST:
        best = max(pure, key=lambda label: len(pure[label] & left), default=None)
        if best is None or not pure[best] & left:
            return None
        chosen.append(best)
        left -= pure[best]
    return None if left else chosen


def _most(labels: Sequence[Mapping[str, str]], failing: frozenset[int]) -> tuple[str, str] | None:
    """Return the label that always fails and covers the most failures, if that is at least half of them."""
    pure = _pure(labels, failing)
    best = max(pure, key=lambda label: len(pure[label]), default=None)
    return best if best is not None and 2 * len(pure[best]) >= len(failing) else None


def _pure(labels: Sequence[Mapping[str, str]], cases: frozenset[int]) -> dict[tuple[str, str], set[int]]:
    """Return the labels that occur in these cases only, with the cases that have them."""
    where: dict[tuple[str, str], set[int]] = {}
    for index, one in enumerate(labels):
        for label in one.items():
            where.setdefault(label, set()).add(index)
    return {label: found for label, found in where.items() if found <= cases}


def _named(labels: Sequence[Mapping[str, str]], chosen: Sequence[tuple[str, str]]) -> str:
    return " and ".join(f"{_count(labels, *one)} with {_label(*one)}" for one in chosen)


def _verb(verb: str, labels: Sequence[Mapping[str, str]], chosen: Sequence[tuple[str, str]]) -> str:
    """Return the verb, for one case or several."""
    one = len(chosen) == 1 and _count(labels, *chosen[0]).startswith("the one")
    return _singular(verb) if one else verb


def _others(cases: Collection[int], verb: str) -> str:
    return f"the other {len(cases)} {verb}" if len(cases) != 1 else f"the other one {_singular(verb)}"


def _singular(verb: str) -> str:
    return {"fail": "fails", "pass": "passes"}[verb]


def _count(labels: Sequence[Mapping[str, str]], name: str, value: str) -> str:
    count = Counter(one.get(name) for one in labels)[value]
    return f"all {count} cases" if count > 1 else "the one case"


def _label(name: str, value: str) -> str:
    return f'the name "{value}"' if name == "case" else f"{name}: {value}"

"""Running the contract of one exercise, clause by clause."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cases import Case
from grader.contract.clauses import Broken, Caught, Contract
from grader.contract.costs import speed_problems
from grader.contract.files import file_problems
from grader.contract.right import agreement_problems, alternative_problems, autograd_problems, reference_problems
from grader.contract.wrong import catch, edge_problems, mistake_problems
from grader.course import Loaded
from grader.errors import GraderError
from grader.oracle import checked_edges
from grader.sandbox import Sandbox

if TYPE_CHECKING:
    from grader.app import App

__all__ = ["contract"]

Tell = Callable[[str], None]


def contract(
    app: App,
    loaded: Loaded,
    *,
    seeds: Sequence[int] = (0,),
    cache: Path | None = None,
    tell: Tell = lambda text: None,
    every: int = 1,
) -> Contract:
    """Prove an exercise.

    Args:
        seeds: the seeds to draw cases with.
        cache: where the first seed's cases and right answers are kept; the others are not.
        tell: told what is being proved.
        every: judge one of so many mistakes only; then nothing is said of edge cases, which may serve the others.
    """
    start = time.perf_counter()
    problems: dict[tuple[str, str], Broken] = {}
    caught: list[Caught] = []
    edges: list[Case] = []
    try:
        edges = [case for task in loaded.exercise.tasks for case in checked_edges(loaded, task)]
        _keep(problems, file_problems(loaded), None)
        with Sandbox() as sandbox:
            for seed in seeds:
                tell(f"{loaded.name}, seed {seed}")
                found = _with_seed(app, loaded, sandbox, seed, cache if seed == seeds[0] else None, tell, every)
                _keep(problems, found[0], seed)
                caught = caught or found[1]
        if caught and every == 1:  # else a broken reference has kept the mistakes from being judged
            _keep(problems, edge_problems(loaded, caught), None)
    except GraderError as error:
        _keep(problems, [Broken(clause="plugin", where=loaded.plugin, text=str(error))], None)
    return Contract(
        exercise=loaded.name,
        seeds=len(seeds),
        problems=tuple(problems.values()),
        mistakes=tuple(caught),
        alternatives=sum(len(loaded.alternatives(backend)) for backend in loaded.backends()),
        edges=len(edges),
        seconds=time.perf_counter() - start,
    )


def _with_seed(
    app: App, loaded: Loaded, sandbox: Sandbox, seed: int, cache: Path | None, tell: Tell, every: int
) -> tuple[list[Broken], list[Caught]]:
    problems: list[Broken] = []
    caught: list[Caught] = []
    with ExitStack() as stack:
        drawn: dict[str, tuple[Case, ...]] = {}
        oracles = {
            name: stack.enter_context(app.oracle(loaded, name, sandbox, seed, cache, drawn))
            for name in loaded.backends()
        }
        for oracle in oracles.values():
            sandbox.start(oracle.backend)
        for name, oracle in oracles.items():
            tell(f"{loaded.name}:{name}, seed {seed}")
            session = app.session(oracle, sandbox, smaller=False)
            broken = list(reference_problems(loaded, oracle, session))
            problems.extend(broken)
            if any(one.clause != "speed" for one in broken):
                continue  # what is judged by a broken reference says nothing
            problems.extend(alternative_problems(loaded, oracle, session))
            problems.extend(speed_problems(oracle, sandbox, app.backends["torch"]))
            own = list(catch(loaded, oracle, session, list(app.registry.checks().values()), every))
            problems.extend(mistake_problems(own, oracle))
            caught.extend(own)
        problems.extend(agreement_problems(list(oracles.values())))
        problems.extend(autograd_problems(oracles))
    return problems, caught


def _keep(
    problems: dict[tuple[str, str], Broken], found: Sequence[Broken] | Iterator[Broken], seed: int | None
) -> None:
    """Keep the first problem of each clause and place."""
    for one in found:
        text = one.text if not seed else f"{one.text} [seed {seed}]"
        problems.setdefault((one.clause, one.where), Broken(clause=one.clause, where=one.where, text=text))

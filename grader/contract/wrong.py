"""Clauses about wrong answers: every mistake is caught and named, no two alike, and every edge case catches one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

from grader.attempt import Submitted
from grader.cases import edge_cases
from grader.compare import equal
from grader.contract.clauses import Broken, Caught
from grader.contract.rounds import rounds
from grader.course import Loaded, Variant
from grader.evidence import Evidence, Probe, Run
from grader.exercise import Task
from grader.facts import SourceFacts
from grader.oracle import Oracle
from grader.session import Session
from grader.verdict import Check, TaskResult

__all__ = ["catch", "edge_problems", "mistake_problems"]


def catch(
    loaded: Loaded, oracle: Oracle, session: Session, checks: Sequence[Check], every: int = 1
) -> Iterator[Caught]:
    """Grade declared mistakes like any submission: all of them, or one of so many, always the same ones."""
    backend = oracle.backend.name
    chosen = [one for one in loaded.mistakes(backend) if zlib.crc32(one.function.encode()) % every == 0]
    for names, tasks, source in rounds(chosen, oracle.tasks()):
        submitted = Submitted(path=str(source.path), source=source, functions=names)
        results = session.grade(submitted, tasks).tasks
        for task, result in zip(tasks, results, strict=True):
            variant = next(one for one in oracle.mistakes(task) if one.function == names[task.name])
            yield _caught(variant, result, backend, _edges_failed(variant, task, oracle, checks))


def _caught(variant: Variant, result: TaskResult, backend: str, edges: frozenset[str]) -> Caught:
    verdict = next((one for one in result.checks if one.status in ("failed", "error")), None)
    diagnosis = verdict.diagnosis if verdict is not None else None
    return Caught(
        task=variant.task,
        backend=backend,
        name=variant.name,
        check=None if verdict is None else verdict.check,
        named=None if diagnosis is None else diagnosis.name,
        edges=edges,
    )


def mistake_problems(caught: Iterable[Caught], oracle: Oracle) -> Iterator[Broken]:
    """Yield the mistakes that pass, and those that get another name than their own."""
    tasks = {task.name: task for task in oracle.tasks()}
    for one in caught:
        where = f"{one.task}__{one.name} ({one.backend})"
        if one.check is None:
            yield _passing(one, tasks[one.task], oracle, where)
        elif one.named != one.name:
            siblings = {variant.name for variant in oracle.mistakes(tasks[one.task])}
            if one.named in siblings:
                text = f"gives the same answers as {one.named}: drop one, or add cases that tell them apart"
                yield Broken(clause="mistakes are not alike", where=where, text=text)
            else:
                text = f"fails {one.check!r} but is diagnosed as {one.named or 'nothing'}: too few cases show it"
                yield Broken(clause="mistakes are named", where=where, text=text)


def _passing(one: Caught, task: Task, oracle: Oracle, where: str) -> Broken:
    variant = next(found for found in oracle.mistakes(task) if found.name == one.name)
    probe = Probe(dtype=(task.dtypes or (None,))[0])
    truth = oracle.truth(task, probe)
    answers = oracle.answers_of(variant, task, probe, truth)
    pairs = zip(answers, truth.own, strict=True)
    if all(a is not None and a.raised is None and b.raised is None and equal(a.value, b.value) for a, b in pairs):
        text = "gives the reference's own answers to all cases: it is no mistake, or no case shows it"
        return Broken(clause="mistakes differ", where=where, text=text)
    text = "passes: no case tells it from a right answer; add one that does, or tighten the tolerance"
    return Broken(clause="mistakes are caught", where=where, text=text)


def edge_problems(loaded: Loaded, caught: Iterable[Caught]) -> Iterator[Broken]:
    """Yield the edge cases that no mistake of their task fails, in any backend."""
    found: dict[str, set[str]] = {}
    for one in caught:
        found.setdefault(one.task, set()).update(one.edges)
    for task in loaded.exercise.tasks:
        for case in edge_cases(task):
            if case.name not in found.get(task.name, set()):
                text = f"no mistake fails the edge case {case.name!r}: add the mistake that it is for, or drop it"
                yield Broken(clause="edge cases earn their place", where=task.name, text=text)


def _edges_failed(variant: Variant, task: Task, oracle: Oracle, checks: Sequence[Check]) -> frozenset[str]:
    """Return the named cases that a mistake fails in any check."""
    failed: set[str] = set()
    for check in checks:
        if check.applies(task, oracle.backend) is None:
            for probe in check.probes(task, oracle.backend):
                if not probe.reverse:  # the same cases in another order show no other edge
                    failed |= _failed_names(variant, task, oracle, check, probe)
    return frozenset(failed)


def _failed_names(variant: Variant, task: Task, oracle: Oracle, check: Check, probe: Probe) -> set[str]:
    truth = oracle.truth(task, probe)
    truth = truth.some([index for index, case in enumerate(truth.cases) if case.name is not None])
    run = Run(truth=truth, answers=oracle.answers_of(variant, task, probe, truth))
    parameters = oracle.parameters(task)
    evidence = Evidence(task=task, source=SourceFacts(), runs={probe: run}, parameters=parameters)
    finding = check.judge(evidence)
    names = set() if finding is None else {run.truth.cases[index].name for index in finding.failing}
    return {name for name in names if name is not None}

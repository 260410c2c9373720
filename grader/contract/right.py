"""Clauses about right answers: references and alternatives pass, agree with each other and with autograd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.answer import Answer
from grader.attempt import Submitted
from grader.cases import build
from grader.compare import compare, equal
from grader.contract.clauses import Broken, told
from grader.contract.rounds import rounds
from grader.course import Loaded
from grader.errors import PluginError
from grader.evidence import Probe, Truth
from grader.exercise import Task
from grader.oracle import Oracle
from grader.session import Session
from grader.verdict import TaskResult

__all__ = ["agreement_problems", "alternative_problems", "autograd_problems", "reference_problems"]

CLAUSES = {
    "rules": "references obey their rules",
    "runs": "references run",
    "repeatable": "references are deterministic",
    "values": "references are deterministic",
}
SLOW = 10.0


def reference_problems(loaded: Loaded, oracle: Oracle, session: Session) -> Iterator[Broken]:
    """Grade the reference like any submission."""
    backend = oracle.backend.name
    source = loaded.reference(backend)
    for declared in oracle.tasks():
        yield from _redrawn(declared, oracle)
    for task in session.grade(Submitted(path=str(source.path), source=source), oracle.tasks()).tasks:
        where = f"{task.name} ({backend})"
        yield from _not_passed(task, where, "the reference")
        if task.status == "passed":
            yield from _accidents(next(one for one in oracle.tasks() if one.name == task.name), oracle, where)
        seconds = sum(check.seconds for check in task.checks)
        if seconds > SLOW:
            text = f"takes {seconds:.0f} s to judge: make its cases smaller"
            yield Broken(clause="speed", where=where, text=text)
    if unknown := oracle.unknown_rules():
        text = f"nothing is called {', '.join(unknown)}: correct the names in forbid"
        yield Broken(clause="rules", where=f"{loaded.name} ({backend})", text=text)


def _redrawn(task: Task, oracle: Oracle) -> Iterator[Broken]:
    """Make each drawn case again from its recipe, as shrinking does."""
    for case in oracle.cases(task):
        if case.recipe is not None and not equal(build(task, case.recipe).args, case.args):
            text = f"cases(draw) makes other arguments from the same draw ({told(case.labels)}): use draw.rng() alone"
            yield Broken(clause="cases depend on draw alone", where=task.name, text=text)
            return


def _accidents(task: Task, oracle: Oracle, where: str) -> Iterator[Broken]:
    """Find exceptions that the reference did not raise on purpose: an exception is an answer only if it was meant."""
    truth = oracle.truth(task, Probe(dtype=(task.dtypes or (None,))[0]))
    for case, answer in zip(truth.cases, truth.expected, strict=True):
        if answer.raised is not None and not answer.raised.text.startswith("raise"):
            text = f"the reference raises {answer.raised.type}: {answer.raised.message} on {told(case.labels)}"
            yield Broken(clause="references run", where=where, text=text)
            return


def alternative_problems(loaded: Loaded, oracle: Oracle, session: Session) -> Iterator[Broken]:
    """Grade every alternative like any submission."""
    backend = oracle.backend.name
    for names, tasks, source in rounds(loaded.alternatives(backend), oracle.tasks()):
        submitted = Submitted(path=str(source.path), source=source, functions=names)
        for task in session.grade(submitted, tasks).tasks:
            where = f"{names[task.name]} ({backend})"
            yield from _not_passed(task, where, "this alternative", "alternatives pass")


def _not_passed(task: TaskResult, where: str, who: str, clause: str | None = None) -> Iterator[Broken]:
    if task.status == "passed":
        return
    verdict = next((one for one in task.checks if one.status in ("failed", "error")), task.checks[0])
    if verdict.status == "error":
        raise PluginError(verdict.reason)
    detail = f" ({told(verdict.failure.labels)})" if verdict.failure else ""
    text = f"{who} does not pass the check {verdict.check!r}: {verdict.reason}{detail}"
    yield Broken(clause=clause or CLAUSES.get(verdict.check, "references pass"), where=where, text=text)


def agreement_problems(oracles: Sequence[Oracle]) -> Iterator[Broken]:
    """Compare the references of all backends with the first, in float64 on the same cases."""
    first, *others = oracles
    for other in others:
        for task in other.tasks():
            if first.backend.name in task.backends:
                yield from _disagreement(task, first, other)


def _disagreement(task: Task, first: Oracle, other: Oracle) -> Iterator[Broken]:
    probe = Probe(dtype=(task.dtypes or (None,))[0])
    one, two = first.truth(task, probe), other.truth(task, probe)
    for index, (a, b) in enumerate(zip(one.expected, two.expected, strict=True)):
        text = None
        if (a.raised is None) is not (b.raised is None):
            text = "one raises and the other does not"
        elif a.raised is None and (difference := compare(b.value, a.value, one.allowed[index])) is not None:
            text = f"in {other.backend.name} {difference.text}, as in {first.backend.name}"
        if text is not None:
            where = f"{task.name} ({first.backend.name} and {other.backend.name})"
            text = f"{text} ({told(one.cases[index].labels)})"
            yield Broken(clause="references agree", where=where, text=text)
            return


def autograd_problems(oracles: Mapping[str, Oracle]) -> Iterator[Broken]:
    """Hold every ``f_backward`` against the autograd of ``f`` or ``f_forward``, on the backward's own cases."""
    for oracle in oracles.values():
        judges = [one for one in oracles.values() if one.backend.gradients]
        for task in oracle.tasks():
            name = task.name.removesuffix("_backward")
            for judge in judges:
                forwards = [one for one in judge.tasks() if one.name in (name, f"{name}_forward") and one.gradient]
                of = next(iter(forwards), None)
                if name != task.name and of is not None:
                    yield from _against_autograd(task, of, oracle, judge)


def _against_autograd(task: Task, of: Task, oracle: Oracle, judge: Oracle) -> Iterator[Broken]:
    """Compare a backward with autograd; the arguments that it has more than the forward are upstream gradients."""
    truth = oracle.truth(task, Probe(dtype="float64"))
    truth = truth.some([index for index, case in enumerate(truth.cases) if case.smooth])
    given = len(oracle.parameters(task)) - len(judge.parameters(of))
    upstream = [args[:given] for args in truth.args]
    answers = judge.gradients_of(of, [args[given:] for args in truth.args], upstream)
    for index, answer in enumerate(answers):
        text = _unlike_autograd(of, truth, index, answer)
        if text:
            where = f"{task.name} ({oracle.backend.name})"
            text = f"{text} ({told(truth.cases[index].labels)})"
            yield Broken(clause="backward agrees with autograd", where=where, text=text)
            return


def _unlike_autograd(of: Task, truth: Truth, index: int, answer: Answer | None) -> str:
    if answer is None or answer.raised is not None:
        return f"autograd of {of.name} raises {answer.raised.message if answer and answer.raised else ''}"
    value = truth.expected[index].value
    difference = compare((value,) if len(of.gradient) == 1 else value, answer.value, truth.allowed[index])
    return "" if difference is None else difference.text

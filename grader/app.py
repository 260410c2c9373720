"""Puts everything together for every front: plugins, course, workspace, sessions."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from grader import builtin
from grader.course import Loaded, builtin_root
from grader.errors import NothingToGrade, PluginError
from grader.plugins import Registry

if TYPE_CHECKING:
    from grader.attempt import Submitted
    from grader.cases import Case
    from grader.evidence import Curve, Peak, Run, Timing
    from grader.exercise import Task
    from grader.isolation import Isolation
    from grader.oracle import Oracle
    from grader.sandbox import Sandbox
    from grader.session import Meter, Session
    from grader.submission import Place
    from grader.targets import Job
    from grader.verdict import Backend, ExerciseResult, Report, Verdict

__all__ = ["App", "Request", "environment", "make_app"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to grade.

    Args:
        submission: a folder, file or archive; None for the workspace around the current folder.
        fork: whether workers are forked; None lets the system decide.
        options: as the user typed them, for the commands that a report proposes.
        cache: folder for drawn cases and right answers; None for none.
        speed: ``off``, ``judge`` (ratios to the reference), or ``explain`` (beside framework and machine as well).
        device: ``auto``, ``cpu``, or an accelerator.
        require_isolation: grade only what can be confined as official scores need it.
        own_only: run exercises that are built of earlier ones on the submission's own functions alone.
        full: judge whole trainings, too.
    """

    targets: tuple[str, ...] = ()
    submission: Path | None = None
    backend: str | None = None
    seed: int = 0
    fork: bool | None = None
    cache: Path | None = None
    options: str = ""
    speed: Literal["off", "judge", "explain"] = "off"
    device: str = "cpu"
    require_isolation: bool = False
    own_only: bool = False
    full: bool = False


@dataclass(frozen=True, kw_only=True)
class App:
    """The loaded plugins, and what can be done with them."""

    registry: Registry
    exercises: dict[str, Loaded]
    backends: dict[str, Backend]

    @property
    def warnings(self) -> tuple[str, ...]:
        """One sentence for each plugin that was left out."""
        return tuple(problem.sentence for problem in self.registry.problems)

    def jobs(self, targets: Sequence[str], backend: str | None = None) -> list[Job]:
        """Return what the targets mean.

        Raises:
            UnknownTarget: if one means nothing; PluginError instead, if a plugin of that name is broken.
        """
        from grader.errors import UnknownTarget
        from grader.targets import jobs_for

        if backend is not None and backend not in self.backends:
            raise UnknownTarget(f"no backend is called {backend!r}; there are {', '.join(self.backends)}")
        try:
            return jobs_for(targets, self.exercises, backend)
        except UnknownTarget:
            self._blame(targets)
            raise

    def grade(
        self,
        request: Request,
        tell: Callable[[Verdict], None] | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> Report:
        """Grade a submission and return the report.

        Args:
            tell: told each verdict.
            say: told what will take long.

        Raises:
            GraderError: a subclass for everything that can be wrong with the request.
        """
        from grader.cache import Cache
        from grader.submission import Place, opened, submitted
        from grader.verdict import Report

        jobs = self.jobs(request.targets, request.backend)
        devices = self.devices(request.device, {job.backend for job in jobs})
        whole = any(job.path is None for job in jobs)
        with opened(request.submission) if whole else nullcontext(Place(root=Path(request.targets[0]))) as place:
            found = [(job, submitted(place, job)) for job in jobs]
            if all(one.source is None and one.problem is None for _, one in found):
                raise NothingToGrade(f"{place} holds none of the files to grade, such as {_first_name(jobs)}")
            exercises, isolation = self._graded(found, place, request, devices, tell, say)
        report = Report(
            seed=request.seed,
            environment=environment(isolation, devices.get("torch", "cpu")),
            path=str(place),
            sha256=hashlib.sha256("".join(one.sha256 for one in exercises).encode()).hexdigest(),
            exercises=exercises,
            warnings=self.warnings,
            options=request.options,
        )
        self.registry.call("grader_report", report=report)
        Cache(request.cache).prune()
        return report

    def _graded(
        self,
        found: Sequence[tuple[Job, Submitted]],
        place: Place,
        request: Request,
        devices: Mapping[str, str],
        tell: Callable[[Verdict], None] | None,
        say: Callable[[str], None],
    ) -> tuple[tuple[ExerciseResult, ...], Isolation]:
        """Return the results in the order of the jobs, and what the code was confined by."""
        from grader.lending import Lending, beside
        from grader.sandbox import Sandbox

        results: dict[int, ExerciseResult] = {}
        cases: dict[str, tuple[Case, ...]] = {}
        answers = [one.module for one in self.exercises.values()]
        answers += [one.root / "solutions" for one in self.exercises.values()]
        with Sandbox(fork=request.fork, required=request.require_isolation, withheld=answers) as sandbox:
            for name in dict.fromkeys(job.backend for job, _ in found):
                sandbox.start(self.backends[name])
            if request.require_isolation:
                for name, device in devices.items():
                    sandbox.child(replace(self.backends[name], device=device)).close()

            def judge(job: Job, files: Submitted) -> ExerciseResult:
                with self.oracle(job.loaded, job.backend, sandbox, request.seed, request.cache, cases) as oracle:
                    return self.session(oracle, sandbox, smaller=False).grade(files, job.tasks)

            lendings = {job.path: Lending(beside(job, place), judge, own_only=request.own_only) for job, _ in found}
            # The backend that starts soonest first, so that the others start meanwhile.
            for index in sorted(range(len(found)), key=lambda i: len(self.backends[found[i][0].backend].distributions)):
                job, files = found[index]
                files, uses = lendings[job.path].lend(job.loaded, job.backend, files)
                with self.oracle(job.loaded, job.backend, sandbox, request.seed, request.cache, cases) as oracle:
                    meters = self.meters(oracle, sandbox, request, devices[job.backend], say)
                    graded = self.session(oracle, sandbox, tell, meters=meters).grade(files, job.tasks)
                library = str(job.loaded.library_path(job.backend)) if uses else ""
                results[index] = replace(graded, uses=uses, library=library)
                lendings[job.path].record(graded)
            isolation = sandbox.isolation or sandbox.probe(self.backends[next(iter(devices))])
        return tuple(results[index] for index in range(len(found))), isolation

    def oracle(
        self,
        loaded: Loaded,
        backend: str,
        sandbox: Sandbox,
        seed: int,
        cache: Path | None,
        cases: dict[str, tuple[Case, ...]] | None = None,
    ) -> Oracle:
        """Return what the course knows about an exercise in one backend; ``cases`` are shared between backends."""
        from grader.cache import Cache
        from grader.oracle import Oracle

        return Oracle(loaded, self.backends[backend], sandbox, Cache(cache), seed, cases)

    def session(
        self,
        oracle: Oracle,
        sandbox: Sandbox,
        tell: Callable[[Verdict], None] | None = None,
        *,
        smaller: bool = True,
        meters: Mapping[str, Meter | str] | None = None,
    ) -> Session:
        """Return what judges submissions of that exercise; without meters nothing is measured."""
        from grader.explain import Explainer
        from grader.plan import released
        from grader.session import Session

        checks = list(self.registry.checks().values())
        planned = self.registry.call("grader_plan", exercise=oracle.loaded.exercise, checks=checks)
        explainer = Explainer(
            oracle,
            lambda task, symptoms: self.registry.call("grader_diagnose", task=task, symptoms=symptoms),
            smaller=smaller,
        )

        def told(verdict: Verdict) -> None:
            self.registry.call("grader_verdict", verdict=verdict)
            if tell is not None:
                tell(verdict)

        return Session(
            oracle, checks if planned is None else released(planned, checks), sandbox, explainer, told, meters
        )

    def meters(
        self,
        oracle: Oracle,
        sandbox: Sandbox,
        request: Request,
        device: str,
        say: Callable[[str], None] = lambda text: None,
    ) -> dict[str, Meter | str]:
        """Return what measures submissions of that exercise on a device, or why nothing does."""
        from grader.speed.costs import explained
        from grader.speed.memory import peak_of
        from grader.speed.placed import Placed
        from grader.speed.stopwatch import Stopwatch
        from grader.training import Trainer

        backend = replace(oracle.backend, device=device)
        trainer = Trainer(oracle, sandbox, say).train if request.full else "whole trainings are left out: add --full"
        nowhere = "no accelerator found" if request.device == "auto" else "computes on the CPU, as was asked"
        placed = Placed(oracle, sandbox, backend) if device != "cpu" else nowhere
        if request.speed == "off":
            off = "speed is left out"
            return {"device": placed, "training": trainer, "speed": off, "memory": off}
        stopwatch = Stopwatch(oracle, sandbox, backend=backend)
        timed = explained(stopwatch, self.backends["torch"]) if request.speed == "explain" else stopwatch.time

        def alone(meter: Meter) -> Meter:
            def measure(task: Task, own: Submitted) -> Timing | Peak | Run | Curve:
                if isinstance(placed, Placed):
                    placed.rest()
                return meter(task, own)

            return measure

        memory = alone(lambda task, own: peak_of(stopwatch, task, own))
        return {"device": placed, "training": trainer, "speed": alone(timed), "memory": memory}

    def devices(self, asked: str, backends: Iterable[str]) -> dict[str, str]:
        """Return where each backend computes.

        Raises:
            UsageError: if an accelerator was asked for by name and is not there.
        """
        from grader.device import chosen
        from grader.errors import UsageError

        devices = {name: chosen(asked, self.backends[name]) for name in backends}
        if asked not in ("auto", "cpu", *devices.values()):
            raise UsageError(f"{' and '.join(devices)} code computes on the CPU: leave out --device {asked}")
        return devices

    def _blame(self, targets: Sequence[str]) -> None:
        """Say that a plugin is broken where the user asked for the exercise that it would have brought."""
        words = {Path(target).stem.partition(":")[0].partition(".")[0] for target in targets}
        names = words | {word.removesuffix(f"_{backend}") for word in words for backend in self.backends}
        for problem in self.registry.problems:
            if Path(problem.plugin).stem in names or problem.plugin.rpartition(".")[2] in names:
                raise PluginError(problem.sentence)


def make_app(course: Path | None = None, plugins: Sequence[Path] = (), *, installed: bool = True) -> App:
    """Load the built-in plugins, a course (default: the built-in one), installed plugins, and plugins by path.

    Raises:
        PluginError: if a plugin that was asked for by ``course`` or ``plugins`` is broken.
    """
    registry = Registry()
    registry.add_module(builtin, "builtin")
    registry.add_course(course or builtin_root(), asked=course is not None)
    if installed:
        registry.add_installed()
    for path in plugins:
        registry.add_file(path, asked=True)
    exercises = registry.exercises()
    return App(registry=registry, exercises=exercises, backends=registry.backends())


def environment(isolation: Isolation, device: str = "cpu") -> dict[str, str | None]:
    """Return what verdicts were made with."""
    from grader.distributions import version

    names = ("numpy", "torch", "hypothesis")
    versions: dict[str, str | None] = {name: version(name) for name in names}
    return {"python": platform.python_version(), **versions, "device": device, "isolation": str(isolation)}


def _first_name(jobs: Sequence[Job]) -> str:
    return jobs[0].loaded.stub_name(jobs[0].backend)

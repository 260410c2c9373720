"""Every hook is documented, and works from a plugin of a third party that is given by ``--plugin``."""

import inspect
import json

import pytest

from grader import builtin, hookspecs, limits
from tests.conftest import PLUGIN

HOOKS = {name: value for name, value in vars(hookspecs).items() if name.startswith("grader_")}
RIGHT = "def scale(x, factor):\n    return x * factor + 1\n"
WRONG = "def scale(x, factor):\n    return x * factor + 40 * x.size\n"
HEAD = "import json\nfrom pathlib import Path\n\nfrom grader import hookimpl\n\n"


@pytest.fixture
def run(course, cli, tmp_path):
    """Grade a learner's text with a third party's plugin; return the command's result and the JSON report."""
    numpy_only = PLUGIN.replace('gradient=("x",)', 'backends=("numpy",), drawn=10')
    made = course(plugin=numpy_only, torch="")

    def grade(plugin, text=RIGHT, *options, plugin_name="third.py", target="demo:numpy"):
        path = tmp_path / plugin_name
        path.write_text(HEAD + inspect.cleandoc(plugin), encoding="utf-8")
        learner = tmp_path / "demo_numpy.py"
        learner.write_text(text, encoding="utf-8")
        options = options or ("--format", "json")
        return cli(
            "grade", target, "--submission", str(learner), "--course", str(made.root), "--plugin", str(path), *options
        )

    grade.course = made
    grade.folder = tmp_path
    return grade


def checks_of(result):
    """Return the checks of the one task of a JSON report."""
    assert result.exit_code in (0, 1, 3), result.stderr
    (exercise,) = json.loads(result.stdout)["exercises"]
    return {check["name"]: check for check in exercise["tasks"][0]["checks"]}


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_every_hook_says_what_it_is_for_and_what_it_returns(name):
    text = inspect.getdoc(HOOKS[name]) or ""
    assert len(text) >= 20
    assert text.endswith(".")
    first = text.split()[0]
    assert first in ("Return", "Explain", "Be"), "as an order: what an implementation is to do"
    hints = inspect.signature(HOOKS[name])
    assert hints.return_annotation is not inspect.Signature.empty
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in hints.parameters.values())


def test_the_hooks_are_those_that_the_design_names():
    names = "exercises speeds backends checks reporters plan diagnose verdict report"
    assert set(HOOKS) == {f"grader_{name}" for name in names.split()}
    assert all(hasattr(hook, "gradlings_spec") for hook in HOOKS.values())


def test_the_built_in_things_come_through_the_same_hooks():
    own = {name for name in vars(builtin) if name.startswith("grader_")}
    assert own == {"grader_backends", "grader_checks", "grader_reporters"}
    assert all(hasattr(getattr(builtin, name), "gradlings_impl") for name in own)


PLAN = """
@hookimpl
def grader_plan(exercise, checks):
    if exercise.name == {name!r}:
        return [check for check in checks if check.name not in ("dtype", "repeatable")]
"""


def test_a_plan_changes_the_checks_of_its_exercise(run):
    assert not {"dtype", "repeatable"} & set(checks_of(run(PLAN.format(name="demo"))))
    assert {"dtype", "repeatable"} <= set(checks_of(run(PLAN.format(name="other"))))


SPEEDS = """
from grader import Speed

@hookimpl
def grader_speeds():
    inputs = lambda size, rng: (rng.standard_normal(size), 2.0)
    return {"demo.scale": Speed(inputs=inputs, size=5000, limit=9, reason="whole arrays", points=2)}
"""


def test_a_speed_is_given_to_the_task_of_another_plugin(run, monkeypatch):
    monkeypatch.setattr(limits, "TRANSFERS", 1.0)  # on a busy machine they may take most of the time
    speed = checks_of(run(SPEEDS))["speed"]
    assert speed["status"] == "passed"
    assert (speed["speed"]["limit"], speed["speed"]["size"]) == (9, 5000)
    result = run(SPEEDS, RIGHT, "--format", "json")
    assert json.loads(result.stdout)["max_score"] == 3.0
    result = run(SPEEDS, RIGHT, "--format", "json", "--no-speed")
    assert json.loads(result.stdout)["max_score"] == 1.0
    assert checks_of(result)["speed"]["reason"] == "speed is left out"


def test_a_plan_without_any_check_is_taken_at_its_word_and_nothing_passes(run):
    result = run("@hookimpl\ndef grader_plan(exercise, checks):\n    return []\n")
    assert (result.exit_code, checks_of(result)) == (1, {})


DIAGNOSE = """
from grader.verdict import Diagnosis

@hookimpl
def grader_diagnose(task, symptoms):
    if symptoms.check == "values" and task.name == "scale":
        return Diagnosis(kind="general", name="grows", text=f"Failing cases: {len(symptoms.failing)}.")
"""


def test_a_diagnosis_is_asked_for_where_nothing_else_explains(run):
    values = checks_of(run(DIAGNOSE, WRONG))["values"]
    assert (values["status"], values["diagnosis"]["name"]) == ("failed", "grows")
    assert values["diagnosis"]["text"] == "Failing cases: 11."


def test_a_declared_mistake_goes_before_a_plugins_diagnosis(run):
    values = checks_of(run(DIAGNOSE, "def scale(x, factor):\n    return x * factor\n"))["values"]
    assert values["diagnosis"]["name"] == "no_one"


def test_what_passes_is_not_diagnosed(run):
    assert all(check["diagnosis"] is None for check in checks_of(run(DIAGNOSE)).values())


VERDICT = """
LOG = Path(__file__).with_name("log.jsonl")

@hookimpl
def grader_verdict(verdict):
    told = [verdict.exercise, verdict.backend, verdict.task, verdict.check, verdict.status]
    with LOG.open("a") as file:
        file.write(json.dumps(told) + chr(10))

@hookimpl
def grader_report(report):
    with LOG.open("a") as file:
        file.write(json.dumps(["report", report.score, sorted(report.statuses)]) + chr(10))
"""


@pytest.mark.parametrize(("text", "score", "status"), [(RIGHT, 1.0, "passed"), (WRONG, 0.0, "failed")])
def test_each_verdict_is_told_once_and_then_the_report(run, text, score, status):
    checks = checks_of(run(VERDICT, text))
    told = [json.loads(line) for line in (run.folder / "log.jsonl").read_text().splitlines()]
    assert told[:-1] == [["demo", "numpy", "scale", name, check["status"]] for name, check in checks.items()]
    assert told[-1] == ["report", score, [status]]


CHECKS = """
from grader.checks import forward_probes
from grader.evidence import Finding
from grader.verdict import Check

def judge(evidence):
    sizes = [answer.value.size for run in evidence.runs.values() for answer in run.answers]
    return Finding(reason="an answer is huge") if max(sizes) > {limit} else None

@hookimpl
def grader_checks():
    return [Check(name="size", judge=judge, after=("values",), probes=forward_probes)]
"""


def test_a_check_of_a_plugin_passes_or_fails_the_task(run):
    passing, failing = run(CHECKS.format(limit=10_000)), run(CHECKS.format(limit=0))
    assert (passing.exit_code, failing.exit_code) == (0, 1)
    assert checks_of(passing)["size"]["status"] == "passed"
    size = checks_of(failing)["size"]
    assert (size["status"], size["reason"]) == ("failed", "an answer is huge")


def test_a_check_of_a_plugin_waits_for_those_it_comes_after(run):
    size = checks_of(run(CHECKS.format(limit=0), WRONG))["size"]
    assert (size["status"], size["reason"]) == ("skipped", "waits for values")


REPORTER = """
from grader.verdict import Reporter

def render(report, width, colour):
    return f"{report.score:g} of {report.max_score:g}, width {width}, colour {colour}" + chr(10)

@hookimpl
def grader_reporters():
    return [Reporter(name="short", render=render)]
"""


def test_a_report_format_of_a_plugin_is_written_where_the_others_are(run):
    assert run(REPORTER, RIGHT, "--format", "short").stdout == "1 of 1, width 80, colour False\n"
    output = run.folder / "report.txt"
    assert run(REPORTER, RIGHT, "--format", "short", "--output", str(output)).stdout == ""
    assert output.read_text().startswith("1 of 1")


def test_a_format_that_nobody_brings_is_told_with_those_that_there_are(run):
    result = run(REPORTER, RIGHT, "--format", "shorrt")
    assert (result.exit_code, result.stderr) == (
        2,
        "grader: no format is called 'shorrt'; there are table, json, short\n",
    )


BACKEND = """
from dataclasses import replace
from grader import builtin
from grader.verdict import Backend

@hookimpl
def grader_backends():
    return [replace(builtin.grader_backends()[0], name="lists", worker=Path(__file__).with_name("lists_worker.py"))]
"""
WORKER = """
from contextlib import nullcontext

import numpy as np


class ForbiddenCall(Exception):
    pass


def prepare(names):
    return []


def forbid(names):
    return nullcontext()


def native(array):
    return array.tolist()


def leaf(value):
    return np.array(value) if isinstance(value, list) else None


def describe(value):
    return None


def gradient(function, args, wrt, upstream):
    raise TypeError
"""
LISTS = '''
def scale(x, factor):
    """Return x times factor, with 1 added, on nested lists."""
    return [scale(item, factor) if isinstance(item, list) else item * factor + 1 for item in x]
'''


@pytest.fixture
def lists(run):
    """Make the course's task exist for plain lists as well, which a plugin's backend passes in and out."""
    run.course.write("plugins/demo.py", PLUGIN.replace('gradient=("x",)', 'backends=("lists",), dtypes=("float64",)'))
    run.course.write("solutions/demo/demo_lists.py", '"""Demo."""\n' + LISTS)
    (run.folder / "lists_worker.py").write_text(WORKER)

    def grade(text):
        (run.folder / "demo_lists.py").write_text(text)
        path = run.folder / "third.py"
        path.write_text(HEAD + BACKEND)
        return path, run.folder / "demo_lists.py"

    return grade


@pytest.mark.parametrize(("text", "code"), [(LISTS, 0), (LISTS.replace("+ 1", "+ 2"), 1), ("import numpy as np\n", 1)])
def test_a_backend_of_a_plugin_judges_code_in_its_own_terms(run, lists, cli, text, code):
    plugin, learner = lists(text)
    result = cli(
        *("grade", "demo:lists", "--submission", str(learner), "--format", "json"),
        *("--course", str(run.course.root), "--plugin", str(plugin)),
    )
    assert result.exit_code == code, result.stderr
    assert json.loads(result.stdout)["exercises"][0]["backend"] == "lists"

"""A plugin that breaks in one of its hooks is told in a sentence that names it; it is never the learner's fault."""

import pytest

from tests.test_hooks import REPORTER, RIGHT, WRONG
from tests.test_hooks import run as run  # a fixture


@pytest.mark.parametrize(
    "hook",
    ["grader_plan(exercise)", "grader_verdict(verdict)", "grader_report(report)", "grader_diagnose(task)"],
)
@pytest.mark.parametrize("error", ["ZeroDivisionError('oops')", "SystemExit('oops')"])
def test_a_plugin_that_crashes_in_a_hook_is_a_sentence_that_names_it(run, hook, error):
    result = run(f"@hookimpl\ndef {hook}:\n    raise {error}\n", WRONG)
    name = hook.partition("(")[0]
    assert result.exit_code == 3
    told = result.stderr + result.stdout
    assert name in told
    assert error.partition("(")[0] in told
    assert "third" in told.replace(str(run.folder / "third.py"), "third")
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("plugin", "says"),
    [
        ("judge=lambda evidence: 1 / 0", "ZeroDivisionError"),
        ("judge=lambda evidence: None, probes=lambda task, backend: 1 / 0", "ZeroDivisionError"),
        ("judge=lambda evidence: None, applies=lambda task, backend: 1 / 0", "ZeroDivisionError"),
        ("judge=lambda evidence: 'a text'", "str"),
        ("judge=lambda evidence: None, after=('valuess',)", "valuess"),
    ],
    ids=["judge", "probes", "applies", "wrong type", "after nothing"],
)
def test_a_broken_check_of_a_plugin_is_an_error_and_never_the_learners_fault(run, plugin, says):
    text = "from grader.verdict import Check\n\n@hookimpl\ndef grader_checks():\n    return [Check(name='own', {})]\n"
    result = run(text.format(plugin))
    assert result.exit_code == 3
    told = result.stderr + result.stdout
    assert says in told
    assert "own" in told
    assert "Traceback" not in told


def test_a_reporter_that_crashes_is_a_sentence(run):
    result = run(REPORTER.replace("{report.score:g}", "{1 / 0}"), RIGHT, "--format", "short")
    assert result.exit_code == 3
    assert "ZeroDivisionError" in result.stderr
    assert "short" in result.stderr


OWN = "from grader import builtin\n\n@hookimpl\ndef {hook}():\n    return {things}\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.format(hook="grader_backends", things="builtin.grader_backends()[:1]"), "backend 'numpy' exists already"),
        (OWN.format(hook="grader_checks", things="builtin.grader_checks()[:1]"), "check 'attempted' exists already"),
        (REPORTER.replace('"short"', '"json"'), "reporter 'json' exists already"),
    ],
    ids=["backend", "check", "reporter"],
)
def test_a_second_thing_of_one_name_is_the_later_plugins_fault(run, text, says):
    result = run(text, RIGHT)
    assert result.exit_code == 3
    assert result.stderr == f"grader: plugin plugins.third: {says}: choose another name\n"

"""Plugins of installed distributions (entry-point group ``gradlings``) are loaded, and broken ones are warnings."""

import importlib.metadata
import sys

import pytest

from grader.app import make_app
from tests.conftest import PLUGIN


def is_a_sentence(text):
    return "\n" not in text.strip() and "Traceback" not in text


class Entry:
    """An entry point of an installed distribution."""

    def __init__(self, name, load):
        self.name = name
        self.load = load


@pytest.fixture
def installed(monkeypatch):
    """Pretend that distributions with these entry points are installed."""

    def install(*entries, group="gradlings"):
        real = importlib.metadata.entry_points

        def entry_points(**wanted):
            return list(entries) if wanted.get("group") == group else real(**wanted)

        monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)

    return install


def crash():
    raise RuntimeError("out of order")


def leave():
    sys.exit("bye")


def third_party(tmp_path, monkeypatch, text=PLUGIN, name="stranger"):
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return Entry(name, lambda: __import__(name))


def test_plugins_of_installed_distributions_bring_their_exercises(installed, cli, tmp_path, monkeypatch):
    installed(third_party(tmp_path, monkeypatch))
    result = cli("list")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "demo.scale" in result.stdout
    assert "activation.relu" in result.stdout
    assert "demo" not in make_app(installed=False).exercises


@pytest.mark.parametrize(
    ("load", "sentence"),
    [
        (crash, "plugin stranger: cannot be imported: RuntimeError: out of order (test_plugins_installed.py, line "),
        (leave, "plugin stranger: cannot be imported: SystemExit: bye (test_plugins_installed.py, line "),
        (lambda: "no module", "plugin stranger: "),
    ],
    ids=["crash", "SystemExit", "no module"],
)
def test_a_broken_installed_plugin_is_a_warning_and_the_rest_works(installed, cli, load, sentence):
    installed(Entry("stranger", load))
    result = cli("list")
    assert result.exit_code == 0
    assert "activation.relu" in result.stdout
    assert result.stderr.startswith(f"warning: {sentence}")
    assert is_a_sentence(result.stderr)


def test_a_target_of_a_broken_installed_plugin_is_its_fault(installed, cli):
    installed(Entry("stranger", crash))
    result = cli("grade", "stranger.one")
    assert result.exit_code == 3
    assert result.stderr.startswith("grader: plugin stranger: cannot be imported: RuntimeError: out of order")


def test_a_broken_installed_plugin_does_not_end_what_asks_for_another_by_its_path(installed, cli, course):
    installed(Entry("stranger", crash))
    result = cli("list", "--plugin", str(course().root / "plugins" / "demo.py"))
    assert (result.exit_code, result.stderr.startswith("warning: plugin stranger: ")) == (0, True)
    assert "demo.scale" in result.stdout

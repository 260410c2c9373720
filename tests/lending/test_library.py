"""The published library: what it holds, and what it must not hold."""

import ast

import pytest

from grader.errors import CourseError, PluginError
from grader.library import make_library
from grader.source import functions


def test_it_holds_what_is_used_and_what_that_needs_and_nothing_else(built):
    text = built.app().exercises["top"].library_path("numpy").read_text()
    assert list(functions(ast.parse(text))) == ["double", "_two", "twice", "shift"]
    assert "ONE = 1.0" in text
    assert "import math" in text
    assert "UNUSED" not in text
    assert "partial" not in text
    assert "_library_" not in text


def test_its_imports_stand_in_blocks_as_in_a_tidy_file(built):
    path = built.root / "solutions" / "ground" / "ground_numpy.py"
    written = path.read_text().replace("import math", "from __future__ import annotations\n\nimport math", 1)
    path.write_text(written.replace("return x + ONE", "return numpy.add(x, ONE)"))
    text = make_library(built.app().exercises["top"], "numpy")
    assert '"""\n\nfrom __future__ import annotations\n\nimport math\n\nimport numpy\n\n\ndef' in text


def test_many_lenders_are_named_on_several_lines(built):
    lenders = [f"lender_number_{number}" for number in range(9)]
    uses = ", ".join(f'"{lender}.double"' for lender in lenders)
    more = "".join(f'        Exercise(name="{lender}", title="T", tasks=(task("double"),)),\n' for lender in lenders)
    plugin = built.root / "plugins" / "demo.py"
    text = plugin.read_text().replace('uses=("middle.twice", ', f'uses=("middle.twice", {uses}, ')
    plugin.write_text(text.replace("    return [\n", f"    return [\n{more}"))
    for lender in lenders:
        folder = built.root / "solutions" / lender
        folder.mkdir()
        for backend in ("numpy", "torch"):
            (folder / f"{lender}_{backend}.py").write_text(
                'def double(x):\n    """Return 2 x."""\n    return x * _two()\n'
            )
    made = make_library(built.app().exercises["top"], "numpy")
    assert max(map(len, made.splitlines())) <= 120
    assert "ground.\n\nMade from" in made


def test_it_is_formatted_as_ruff_does_a_constant_after_a_function_too(built):
    text = built.app().exercises["top"].library_path("numpy").read_text()
    assert "\n    return double(double(x))\n\n\nONE = 1.0\n\n\ndef shift" in text


def test_its_functions_work_without_a_grader(built):
    for backend in ("numpy", "torch"):
        namespace = {}
        exec(built.app().exercises["top"].library_path(backend).read_text(), namespace)
        assert namespace["shift"](namespace["twice"](3.0)) == 13.0


def test_an_exercise_that_uses_nothing_has_none(built):
    ground = built.app().exercises["ground"]
    assert ground.library("numpy") is None
    assert not ground.library_path("numpy").exists()


def test_the_stub_imports_from_it(built):
    assert "from top_library_torch import shift, twice" in built.app().exercises["top"].stub_path("torch").read_text()


@pytest.mark.parametrize("uses", ["ground.tripple", "top.half", "nothing.at_all", "double"])
def test_what_cannot_be_used_is_said(built, uses):
    path = built.root / "plugins" / "demo.py"
    path.write_text(path.read_text().replace("ground.shift", uses))
    sentence = f"exercise 'top' uses '{uses}', and no other exercise has such a task"
    with pytest.raises(PluginError, match=sentence):
        built.app()


def test_two_things_of_one_name_are_refused(built):
    path = built.root / "solutions" / "middle" / "middle_numpy.py"
    path.write_text(path.read_text() + "\n\ndef _two():\n    return 2\n")
    path.write_text(path.read_text().replace("double(double(x))", "double(double(x)) / _two() * 2"))
    with pytest.raises(CourseError, match="different things called _two"):
        make_library(built.app().exercises["top"], "numpy")


def test_a_task_of_its_own_in_it_is_refused(built):
    path = built.root / "plugins" / "demo.py"
    path.write_text(path.read_text().replace('task("half")', 'task("_two")'))
    with pytest.raises(CourseError, match="one of its own tasks"):
        make_library(built.app().exercises["top"], "numpy")


def test_a_missing_library_is_told_with_its_mend(built):
    top = built.app().exercises["top"]
    top.library_path("numpy").unlink()
    with pytest.raises(CourseError, match="run `grader plugin stubs top`"):
        top.reference("numpy")


def test_a_constant_is_as_far_from_a_function_as_in_a_tidy_file(built):
    path = built.root / "solutions" / "middle" / "middle_numpy.py"
    changed = path.read_text().replace("def twice", "FOUR = 4.0\n\n\ndef twice")
    path.write_text(changed.replace("double(double(x))", "FOUR * double(x)"))
    text = make_library(built.app().exercises["top"], "numpy")
    assert "\n\n\nFOUR = 4.0\n\n\ndef twice" in text
    assert "\n\nONE = 1.0\n\n\ndef shift" in text

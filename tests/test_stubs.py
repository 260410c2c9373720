"""Stubs are made from solutions: what stays, what goes, and that stale ones are told."""

import ast
import inspect

import pytest

from grader.course import Loaded
from grader.errors import CourseError
from grader.exercise import Exercise, Task
from grader.facts import source_facts
from grader.source import functions
from grader.stubs import forbidden_in, generated, make_stub, with_rules

SOLUTION = '''
"""Demo: scale and shift."""

from __future__ import annotations

import math

import numpy as np
from numpy import (
    ndarray,
)

SECRET = 1.5

# stub: keep
@np.vectorize
def erf(x):
    """Return the error function."""
    return math.erf(x)
# stub: end


def _helper(x):
    return x * SECRET


def scale(
    x: ndarray,
    factor: float = 2.0,  # the slope
    *,
    inplace: bool = False,
) -> ndarray:
    """Return x times factor.

    >>> scale(np.array([1.0]))
    array([2.])
    """
    # the secret
    return _helper(x) * factor


def extra(x):
    """Not a task."""
    return x


def shift(x):
    r"""Return \\alpha."""
    return x + SECRET


# stub: keep
LIMIT = 3
# stub: end
'''


@pytest.fixture
def loaded(tmp_path):
    def load(solution=SOLUTION, names=("scale", "shift"), lesson=None, **fields):
        tasks = tuple(Task(name=name, cases=lambda draw: (1,), backends=("numpy",), **fields) for name in names)
        made = Loaded(
            exercise=Exercise(name="demo", title="Demo", tasks=tasks),
            plugin="plugins.demo",
            root=tmp_path,
            module=tmp_path / "plugins" / "demo.py",
        )
        made.solution_path("numpy").parent.mkdir(parents=True)
        made.solution_path("numpy").write_text(solution.lstrip("\n"), encoding="utf-8")
        if lesson is not None:
            made.lesson_path().parent.mkdir(parents=True)
            made.lesson_path().write_text(lesson, encoding="utf-8")
        return made

    return load


def namespace(text):
    found = {"__name__": "demo_numpy"}
    exec(compile(text, "demo_numpy.py", "exec"), found)
    return found


def test_the_body_goes_and_nothing_of_it_is_left(loaded):
    text = make_stub(loaded(), "numpy")
    assert "secret" not in text.lower()
    assert "_helper" not in text
    assert text.count("    raise NotImplementedError\n") == 2
    with pytest.raises(NotImplementedError):
        namespace(text)["scale"](1.0)


def test_signature_and_docstring_stay_as_they_are(loaded):
    stub, solution = namespace(make_stub(loaded(), "numpy")), namespace(SOLUTION)
    for name in ("scale", "shift"):
        assert inspect.signature(stub[name]) == inspect.signature(solution[name])
        assert inspect.getdoc(stub[name]) == inspect.getdoc(solution[name])


def test_a_comment_in_the_signature_stays(loaded):
    assert "    factor: float = 2.0,  # the slope\n" in make_stub(loaded(), "numpy")


def test_module_docstring_and_imports_stay_in_their_groups(loaded):
    head = '"""Demo: scale and shift."""\n\nfrom __future__ import annotations\n\nimport math\n\n'
    head += "import numpy as np\nfrom numpy import (\n    ndarray,\n)\n"
    assert make_stub(loaded(), "numpy").startswith(head)


def test_kept_blocks_stay_word_for_word_and_work(loaded):
    text = make_stub(loaded(), "numpy")
    assert '@np.vectorize\ndef erf(x):\n    """Return the error function."""\n    return math.erf(x)\n' in text
    assert namespace(text)["LIMIT"] == 3
    assert namespace(text)["erf"](0.0) == 0.0
    assert "# stub:" not in text


def test_only_the_tasks_are_in_the_stub_in_the_order_of_the_plugin(loaded):
    made = loaded(names=("shift", "scale"))
    assert [name for name in functions(ast.parse(make_stub(made, "numpy"))) if name != "erf"] == ["shift", "scale"]


def test_a_stub_is_unattempted_python_that_ends_in_a_way_to_try_it(loaded):
    text = make_stub(loaded(), "numpy")
    found = functions(ast.parse(text))
    solution = functions(ast.parse(SOLUTION))
    for name in ("scale", "shift"):
        assert not source_facts(found[name], found[name]).attempted
        assert source_facts(solution[name], found[name]).attempted
    assert text.endswith("\n")
    assert 'if __name__ == "__main__":' in text
    assert "doctest" in text


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"forbid": ("numpy.tanh", "torch.tanh")}, "Not allowed here: numpy.tanh."),
        ({"allow": ("numpy.exp", "torch.exp", "numpy.log")}, "Welcome: numpy.exp, numpy.log."),
    ],
)
def test_rules_stand_in_the_docstring_for_the_stubs_own_backend(loaded, fields, line):
    text = make_stub(loaded(**fields), "numpy")
    assert line in inspect.getdoc(namespace(text)["scale"]).splitlines()
    assert "torch" not in text


def test_without_rules_no_line_speaks_of_them(loaded):
    text = make_stub(loaded(forbid=("torch.tanh",)), "numpy")
    assert "Not allowed" not in text
    assert "Welcome" not in text


def test_long_rules_are_wrapped(loaded):
    names = tuple(f"numpy.function_number_{i}" for i in range(12))
    text = make_stub(loaded(forbid=names), "numpy")
    assert all(name in text for name in names)
    assert max(map(len, text.splitlines())) <= 110


def test_forbidden_names_go_by_backend():
    task = Task(name="one", cases=lambda draw: (1,), forbid=("numpy.tanh", "torch.tanh", "numpyx.tanh"))
    assert forbidden_in(task, "numpy") == ("numpy.tanh",)
    assert forbidden_in(task, "torch") == ("torch.tanh",)


@pytest.mark.parametrize(
    ("solution", "sentence"),
    [
        ('def scale(x):\n    """Doc."""\n', r"demo_numpy.py defines no function shift"),
        (
            'def scale(x):\n    return x\ndef shift(x):\n    """Doc."""\n',
            r"scale has no docstring, which is what the learner reads",
        ),
        ("def scale(x:\n    pass\n", r"demo_numpy.py, line 1: "),
    ],
)
def test_a_solution_that_makes_no_stub_is_a_sentence(loaded, solution, sentence):
    with pytest.raises(CourseError, match=sentence):
        make_stub(loaded(solution), "numpy")


def test_a_missing_solution_is_a_sentence(loaded):
    made = loaded()
    made.solution_path("numpy").unlink()
    with pytest.raises(CourseError, match=r"demo: the reference .*demo_numpy.py cannot be read"):
        make_stub(made, "numpy")


LESSON = "# Demo\n\n<!-- rules: begin -->\nold\n<!-- rules: end -->\n\nmore\n"


def test_the_lesson_gets_its_table_of_rules_and_keeps_the_rest(loaded):
    made = loaded(lesson=LESSON, forbid=("numpy.tanh",), allow=("numpy.exp",))
    files = generated(made)
    assert list(files) == [made.stub_path("numpy"), made.lesson_path()]
    assert files[made.lesson_path()] == (
        "# Demo\n\n<!-- rules: begin -->\n| task | not allowed | welcome |\n| --- | --- | --- |\n"
        "| scale | `numpy.tanh` | `numpy.exp` |\n| shift | `numpy.tanh` | `numpy.exp` |\n<!-- rules: end -->\n\nmore\n"
    )


def test_making_a_lesson_again_changes_nothing(loaded):
    exercise = loaded(forbid=("numpy.tanh",)).exercise
    once = with_rules(LESSON, exercise)
    assert with_rules(once, exercise) == once != LESSON


def test_a_lesson_says_so_where_nothing_is_forbidden_and_one_without_marks_stays(loaded):
    exercise = loaded().exercise
    assert "begin -->\nNo call is forbidden.\n<!--" in with_rules(LESSON, exercise)
    assert with_rules("# Demo\n", exercise) == "# Demo\n"


def test_a_backslash_in_a_rule_is_no_pattern(loaded):
    exercise = loaded(forbid=(r"numpy.\1",)).exercise
    assert r"`numpy.\1`" in with_rules(LESSON, exercise)


@pytest.mark.parametrize(
    "docstring",
    [
        r'"""Split at \\n."""',
        r'r"""Split at \n and \alpha."""',
        r'"""A tab\there."""',
        r"""'''Say "hello" to x.'''""",
        r"""'''Say \"""hello\""" to x.'''""",
        r"""'''Say "hello"'''""",
        r"""r'''Say "\alpha"'''""",
    ],
)
def test_escapes_in_a_docstring_come_out_as_they_went_in(loaded, docstring):
    solution = f"def scale(x):\n    {docstring}\n    return x\n"
    stub = namespace(make_stub(loaded(solution, names=("scale",)), "numpy"))
    assert inspect.getdoc(stub["scale"]) == inspect.getdoc(namespace(solution)["scale"])


def test_the_built_in_course_is_up_to_date(cli):
    result = cli("plugin", "stubs", "--check")
    assert (result.exit_code, result.stdout) == (0, "all stubs are up to date\n")


def test_a_stale_stub_is_told_written_by_nobody_and_mended_by_the_command_it_names(course, cli):
    made = course()
    stub = made.root / "exercises" / "demo" / "demo_numpy.py"
    fresh = stub.read_text()
    stub.write_text(fresh.replace("with 1 added", "with 2 added"))
    stale = stub.read_text()
    arguments = ("--course", str(made.root))
    result = cli("plugin", "stubs", "--check", *arguments)
    assert result.exit_code == 1
    assert result.stdout == f"{stub} is stale: run `grader plugin stubs demo --course {made.root}`\n"
    assert stub.read_text() == stale != fresh
    mended = cli("plugin", "stubs", "demo", *arguments)
    assert (mended.exit_code, mended.stdout, stub.read_text()) == (0, f"wrote {stub}\n", fresh)
    assert cli("plugin", "stubs", "--check", *arguments).exit_code == 0


def test_missing_stubs_are_stale_and_are_written_with_their_folders(course, cli):
    made = course(stubs=False)
    made.root.joinpath("exercises/demo/README.md").unlink()
    made.root.joinpath("exercises/demo").rmdir()
    check = cli("plugin", "stubs", "--check", "--course", str(made.root))
    assert (check.exit_code, check.stdout.count("is stale")) == (1, 2)
    assert cli("plugin", "stubs", "--course", str(made.root)).exit_code == 0
    names = sorted(path.name for path in made.root.glob("exercises/demo/*"))
    assert names == ["demo_numpy.py", "demo_torch.py"]


def test_a_filled_in_stub_is_not_emptied_unless_it_is_forced(course, cli):
    made = course()
    stub = made.root / "exercises/demo/demo_numpy.py"
    work = stub.read_text().replace("raise NotImplementedError", "return x * factor + 1")
    stub.write_text(work)
    refused = cli("plugin", "stubs", "--course", str(made.root))
    assert refused.exit_code == 2
    assert "is filled in (scale)" in refused.stderr
    assert "--force" in refused.stderr
    assert stub.read_text() == work
    assert cli("plugin", "stubs", "--force", "--course", str(made.root)).exit_code == 0
    assert "raise NotImplementedError" in stub.read_text()


def test_a_stub_that_cannot_be_read_as_python_is_kept_too(course, cli):
    made = course()
    stub = made.root / "exercises/demo/demo_numpy.py"
    stub.write_text("def scale(x, factor:\n")
    assert cli("plugin", "stubs", "--course", str(made.root)).exit_code == 2
    assert stub.read_text() == "def scale(x, factor:\n"

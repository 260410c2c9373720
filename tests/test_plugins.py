"""A broken plugin is one sentence that names it and the mend, and takes nothing else down."""

import types

import pytest

from grader import builtin
from grader.app import make_app
from grader.errors import PluginError
from grader.exercise import Exercise, Task
from grader.hookspecs import hookimpl
from grader.plugins import Registry
from tests.conftest import PLUGIN

ONE = """
from grader import Exercise, Task, hookimpl

@hookimpl
def grader_exercises():
    return [Exercise(name="extra", title="Extra", tasks=({tasks},))]
"""
TASK = 'Task(name="one", cases=lambda draw: (1,), {})'


def one_task(fields):
    return ONE.format(tasks=TASK.format(fields))


# what is broken: (the plugin's text, what its sentence says)
BROKEN = {
    "duplicate exercise": (
        PLUGIN.replace('name="demo"', 'name="activation"'),
        "exercise 'activation' exists already, from plugins.activation: rename one",
    ),
    "duplicate task": (
        ONE.format(tasks=f"{TASK.format('')}, {TASK.format('')}"),
        "exercise 'extra' has two tasks of one name",
    ),
    "no task": (ONE.replace("({tasks},)", "()"), "exercise 'extra' has no tasks"),
    "exercise name": (
        one_task("").replace('name="extra"', 'name="my extra"'),
        "exercise name 'my extra' is no identifier",
    ),
    "task name": (
        one_task("").replace('name="one"', 'name="one__two"'),
        "exercise 'extra': task name 'one__two' is no identifier, or has two underscores in a row",
    ),
    "unknown backend": (
        one_task('backends=("numpy", "jax")'),
        "exercise 'extra': task 'one' is for numpy, jax backend; there are numpy, torch",
    ),
    "no backend": (one_task("backends=()"), "exercise 'extra': task 'one' is for no backend; there are numpy, torch"),
    "unknown dtype": (
        one_task('dtypes=("float64", "flaot32")'),
        "task 'one' has an unknown dtype in ('float64', 'flaot32'); there are float16, float32, float64",
    ),
    "no points": (one_task("points=0"), "exercise 'extra': task 'one' needs positive points and timeout"),
    "no time": (one_task("timeout=0.0"), "exercise 'extra': task 'one' needs positive points and timeout"),
    "fewer than no cases": (one_task("drawn=-1"), "exercise 'extra': task 'one' needs positive points and timeout"),
    **{
        f"a speed with {what}": (one_task(f"speed=__import__('grader').Speed({fields})"), says)
        for what, (fields, says) in {
            "a limit without inputs": (
                "inputs=None, size=3, limit=2, reason='r'",
                "the speed of 'one' has a limit but no inputs: give inputs=(size, rng) -> arguments",
            ),
            "no reason": (
                "inputs=print, size=3, limit=2, reason=''",
                "the speed of 'one' needs positive limits and points, and a reason for each limit",
            ),
            "a limit and nothing else": ("size=3, limit=2, reason='r'", "has a limit but no inputs"),
            "no size": ("inputs=print, size=0, limit=2, reason='r'", "needs sizes that are positive integers"),
            "a size in words": ("inputs=print, size='5', limit=2, reason='r'", "sizes that are positive integers"),
            "a size of nothing among others": (
                "inputs=print, size=3, limit=2, reason='r', sizes=(0, 5), exponent=1",
                "sizes that are positive integers",
            ),
            "a limit that is no number": (
                "inputs=print, size=3, limit=float('nan'), reason='r'",
                "needs positive limits and points",
            ),
            "one backend for a tuple": (
                "inputs=print, size=3, limit=2, reason='r', backends='numpy'",
                "backends must be a tuple, such as ('numpy',)",
            ),
            "an exponent of nothing": (
                "inputs=print, size=3, limit=2, reason='r', sizes=(1, 2), exponent=0",
                "needs a positive exponent",
            ),
            "an unknown dtype": (
                "inputs=print, size=3, limit=2, reason='r', dtype='half'",
                "the speed of 'one' has an unknown dtype 'half'",
            ),
            "another backend": (
                "inputs=print, size=3, limit=2, reason='r', backends=('jax',)",
                "the speed of 'one' is for jax",
            ),
            "falling sizes": ("inputs=print, size=3, limit=2, reason='r', sizes=(2, 1)", "needs rising sizes"),
            "an exponent without sizes": (
                "inputs=print, size=3, limit=2, reason='r', exponent=2",
                "two or more where it has an exponent",
            ),
        }.items()
    },
    "a speed of no task": (
        one_task("") + "\n@hookimpl\ndef grader_speeds():\n    from grader import Speed\n"
        "    return {'extra.ome': Speed(inputs=print, size=3, limit=2, reason='r')}\n",
        "grader_speeds names no task 'extra.ome'; did you mean 'extra.one'?",
    ),
    "a speed that is none": (
        one_task("") + "\n@hookimpl\ndef grader_speeds():\n    return {'extra.one': 3}\n",
        "grader_speeds must return Speed objects, not int for 'extra.one'",
    ),
    "a crash in its speeds": (
        one_task("") + "\n@hookimpl\ndef grader_speeds():\n    return 1 / 0\n",
        "crashed in grader_speeds: ZeroDivisionError",
    ),
    "a second speed": (
        one_task("speed=__import__('grader').Speed(inputs=print, size=3, limit=2, reason='r')")
        + "\n@hookimpl\ndef grader_speeds():\n    from grader import Speed\n"
        "    return {'extra.one': Speed(inputs=print, size=3, limit=2, reason='r')}\n",
        "extra.one has a speed already: drop one of them",
    ),
    "misspelt field": (one_task("forbidden=()"), "unexpected keyword argument 'forbidden' (broken.py, line 5)"),
    "misspelt hook": (
        one_task("").replace("grader_exercises", "grader_exercise"),
        "unknown hook 'grader_exercise'; the hooks are grader_exercises, grader_speeds, ",
    ),
    "wrong argument of a hook": (
        one_task("") + "\n@hookimpl\ndef grader_report(repport):\n    pass\n",
        "repport",
    ),
    "crashing hook": (
        one_task("").replace("    return", "    return 1 / 0\n    return"),
        "crashed in grader_exercises: ZeroDivisionError: division by zero (broken.py, line 5)",
    ),
    "crash at import": (
        "import math\nmath.sqrt(-1)\n",
        "cannot be imported: ValueError: math domain error (broken.py, line 2)",
    ),
    "no Python": ("def f(:\n    pass\n", "cannot be imported: SyntaxError: "),
    "missing library": ("import nowhere_to_be_found\n", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
    "SystemExit at import": (
        "import sys\nsys.exit('bye')\n",
        "cannot be imported: SystemExit: bye (broken.py, line 2)",
    ),
    "SystemExit in a hook": (
        one_task("").replace("    return", "    raise SystemExit('bye')\n    return"),
        "crashed in grader_exercises: SystemExit: bye (broken.py, line 5)",
    ),
    "wrong return type": (
        one_task("").replace("return [", "return ['text', "),
        "grader_exercises must return Exercise objects, not str",
    ),
    "an exercise without its list": (
        one_task("").replace("return [", "return (").replace(")]", "))"),
        "crashed in grader_exercises: TypeError: 'Exercise' object is not iterable",
    ),
    "nothing returned": (
        one_task("").replace("return [", "[").replace(")]", ")]\n"),
        "crashed in grader_exercises: TypeError: 'NoneType' object is not iterable",
    ),
    "tasks in no tuple": (
        ONE.replace("({tasks},)", TASK.format("")),
        "tasks must be a tuple",
    ),
    "a task that is none": (ONE.format(tasks="'relu'"), "must be Task objects, not str"),
    "one dtype in no tuple": (one_task('dtypes="float64"'), "dtypes must be a tuple"),
    "one backend in no tuple": (one_task('backends="numpy"'), "backends must be a tuple"),
    "one forbidden name in no tuple": (one_task('forbid=("numpy.tanh")'), "forbid must be a tuple"),
    "a hook that is not marked": (one_task("").replace("@hookimpl", ""), "hookimpl"),
}


@pytest.fixture
def broken(tmp_path, request):
    """Write the plugin that the test is parametrized with, and return its path."""
    path = tmp_path / "broken.py"
    path.write_text(BROKEN[request.param][0].lstrip("\n"), encoding="utf-8")
    return path


def sentence_of(what):
    return BROKEN[what][1]


def every_broken(test):
    ids = list(BROKEN)
    return pytest.mark.parametrize(("broken", "what"), [(i, i) for i in ids], ids=ids, indirect=["broken"])(test)


def is_a_sentence(text):
    return "\n" not in text.strip() and "Traceback" not in text


@every_broken
def test_a_broken_plugin_that_was_asked_for_ends_the_command_with_its_sentence(broken, what, cli):
    result = cli("list", "--plugin", str(broken))
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.startswith("grader: plugin plugins.broken: ")
    assert sentence_of(what) in result.stderr
    assert is_a_sentence(result.stderr)
    assert result.stderr.count("plugin plugins.broken") == 1


@pytest.mark.parametrize("name", ["none.py", "folder"])
def test_a_plugin_that_is_no_file_is_told(tmp_path, cli, name):
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    result = cli("list", "--plugin", str(path))
    assert (result.exit_code, result.stderr) == (3, f"grader: plugin {path}: there is no such file\n")


def test_a_file_that_is_no_python_file_is_told(tmp_path, cli):
    path = tmp_path / "notes.txt"
    path.write_text("no Python")
    result = cli("list", "--plugin", str(path))
    assert result.exit_code == 3
    assert str(path) in result.stderr
    assert is_a_sentence(result.stderr)


def test_a_folder_without_plugins_is_no_course(tmp_path, cli):
    result = cli("list", "--course", str(tmp_path))
    assert (result.exit_code, result.stderr) == (3, f"grader: {tmp_path} is no course: it has no folder plugins/\n")


@pytest.fixture
def half_broken(monkeypatch, course):
    """Make a course of a sound exercise and a broken plugin the built-in one, which nobody asks for by name."""
    made = course()
    made.write("plugins/broken.py", "1 / 0\n")
    monkeypatch.setattr("grader.app.builtin_root", lambda: made.root)
    return made


def test_a_broken_plugin_that_nobody_asked_for_is_a_warning_and_the_rest_works(half_broken, cli):
    result = cli("list")
    assert result.exit_code == 0
    assert "demo.scale" in result.stdout
    expected = "warning: plugin plugins.broken: cannot be imported: ZeroDivisionError: division by zero"
    assert result.stderr == f"{expected} (broken.py, line 1)\n"


def test_the_rest_is_graded_beside_a_broken_plugin(half_broken, cli, tmp_path):
    path = tmp_path / "demo_numpy.py"
    path.write_text("def scale(x, factor):\n    return x * factor + 1\n")
    result = cli("grade", str(path))
    assert (result.exit_code, result.stderr.count("warning: plugin plugins.broken")) == (0, 1)


@pytest.mark.parametrize("target", ["broken", "broken.task", "broken.task:torch", "broken:numpy", "broken_numpy.py"])
def test_a_target_that_the_broken_plugin_would_have_brought_is_its_fault(half_broken, cli, target):
    result = cli("grade", target)
    assert result.exit_code == 3
    assert result.stderr.startswith("grader: plugin plugins.broken: cannot be imported")
    assert is_a_sentence(result.stderr)


def test_another_target_that_is_not_there_is_not_its_fault(half_broken, cli):
    result = cli("grade", "brocken")
    assert (result.exit_code, result.stderr) == (
        2,
        "grader: brocken: no exercise is called 'brocken'; there are demo\n",
    )


def test_the_same_course_is_refused_where_it_was_asked_for(half_broken, cli):
    result = cli("list", "--course", str(half_broken.root))
    assert result.exit_code == 3
    assert result.stderr.startswith("grader: plugin plugins.broken: cannot be imported")


def test_of_two_exercises_of_one_name_the_first_stays(tmp_path):
    registry = Registry()
    registry.add_module(builtin, "builtin")
    for name in ("first", "second"):
        module = types.ModuleType(name)
        module.__file__ = str(tmp_path / f"{name}.py")
        task = Task(name=name, cases=lambda draw: (1,))
        exercise = Exercise(name="same", title="Same", tasks=(task,))
        module.grader_exercises = hookimpl(lambda exercise=exercise: [exercise], specname="grader_exercises")
        registry.add_module(module, name)
    assert registry.exercises()["same"].plugin == "first"
    (problem,) = registry.problems
    assert (problem.plugin, problem.sentence) == (
        "second",
        "plugin second: exercise 'same' exists already, from first: rename one",
    )


def test_two_plugins_of_one_file_name_are_both_loaded(tmp_path):
    registry = Registry()
    for folder, name in (("a", "extra"), ("b", "other")):
        path = tmp_path / folder / "extra.py"
        path.parent.mkdir()
        path.write_text(one_task("").replace('"extra"', f'"{name}"'))
        registry.add_file(path)
    registry.add_module(builtin, "builtin")
    assert (set(registry.exercises()), registry.problems) == ({"extra", "other"}, [])


def test_a_plugin_given_twice_is_told_once_in_a_sentence(course, cli):
    path = str(course().root / "plugins" / "demo.py")
    result = cli("list", "--plugin", path, "--plugin", path)
    assert result.exit_code == 3
    assert "exercise 'demo' exists already" in result.stderr
    assert is_a_sentence(result.stderr)


def test_helpers_of_a_course_are_no_plugins(course, cli):
    made = course()
    made.write("plugins/_helper.py", "1 / 0\n")
    made.write("plugins/notes.txt", "no plugin\n")
    assert cli("list", "--course", str(made.root)).exit_code == 0


def test_a_plugin_may_keep_dataclasses_and_types_of_its_own(course, cli):
    """Dataclasses with annotations as text look their module up by name."""
    text = "from __future__ import annotations\nfrom dataclasses import dataclass\n\n"
    text += "@dataclass\nclass Own:\n    size: int = 3\n\n" + PLUGIN
    made = course(plugin=text)
    result = cli("list", "--course", str(made.root))
    assert (result.exit_code, result.stderr) == (0, "")


def test_exercises_stand_behind_those_they_come_after(tmp_path):
    tasks = '(Task(name="one", cases=lambda draw: (1,)),)'
    rows = [("c", '("b",)'), ("a", "()"), ("b", '("a", "missing")'), ("x", '("y",)'), ("y", '("x",)')]
    rows = [("d", '("b",)'), ("alone", "()"), *rows, ("e", '("c", "a")'), ("f", '("a",)')]
    made = ", ".join(f'Exercise(name="{n}", title="T", tasks={tasks}, after={after})' for n, after in rows)
    path = tmp_path / "many.py"
    path.write_text(ONE.replace('[Exercise(name="extra", title="Extra", tasks=({tasks},))]', f"[{made}]"))
    names = [name for name, _ in rows]
    assert [name for name in make_app(plugins=[path]).exercises if name in names] == [*"abfdcexy", "alone"]


def test_make_app_raises_the_sentence_of_the_first_broken_plugin_that_was_asked_for(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("1 / 0\n")
    with pytest.raises(PluginError) as caught:
        make_app(plugins=[tmp_path / "one.py", tmp_path / "two.py"], installed=False)
    assert "plugin plugins.one: cannot be imported" in str(caught.value)
    assert "plugins.two" not in str(caught.value)
    assert caught.value.exit_code == 3

"""How a learner's function behaves beside its answer: state, aliases, inputs, output, exceptions."""

import pytest

from tests.conftest import first_failure, only_task

RELU = "activation.relu:numpy"
HEAD = "import numpy as np\n\n"

CAUGHT = {
    "one buffer for all answers": (
        "BUFFER = np.zeros(1000)\n"
        "def relu(x):\n    out = BUFFER[:x.size].reshape(x.shape).view(np.ndarray)\n"
        "    np.maximum(x, 0, out=out)\n    return out if x.dtype == float else out.astype(x.dtype)\n",
        "repeatable",
        "writes into the same memory",
    ),
    "a buffer for each shape": (
        "BUFFERS = {}\n"
        "def relu(x):\n    out = BUFFERS.setdefault((x.shape, x.dtype), np.empty_like(x))\n"
        "    np.maximum(x, 0, out=out)\n    return out\n",
        "repeatable",
        "writes into the same memory",
    ),
    "an answer remembered by shape": (
        "KNOWN = {}\n"
        "def relu(x):\n    key = x.shape, x.dtype\n    if key not in KNOWN:\n        KNOWN[key] = np.maximum(x, 0)\n"
        "    return KNOWN[key]\n",
        "values",
        "",
    ),
    "right only in the first calls": (
        "COUNT = []\ndef relu(x):\n    COUNT.append(1)\n    return np.maximum(x, 0) + (len(COUNT) > 100)\n",
        "values",
        "",
    ),
    "right only in the order that it knows": (
        "LAST = [0]\n"
        "def relu(x):\n    first = LAST[0] == 0 and x.size != 4\n    LAST[0] += 1\n"
        "    return np.maximum(x, 0) + first\n",
        "repeatable",
        "another order",
    ),
    "the argument is changed": (
        "def relu(x):\n    x[x < 0] = 0\n    return x.copy()\n",
        "inputs unchanged",
        "changes its argument x in place",
    ),
    "the argument's view is changed": (
        "def relu(x):\n    flat = x.reshape(-1)\n    np.maximum(flat, 0, out=flat)\n    return x + 0\n",
        "inputs unchanged",
        "changes its argument x in place",
    ),
}
LEFT_ALONE = {
    "a memory by content": (
        "KNOWN = {}\n"
        "def relu(x):\n    key = x.tobytes(), x.shape, x.dtype\n"
        "    if key not in KNOWN:\n        KNOWN[key] = np.maximum(x, 0)\n"
        "    return KNOWN[key]\n"
    ),
    "a counter that changes nothing": "COUNT = []\ndef relu(x):\n    COUNT.append(1)\n    return np.maximum(x, 0)\n",
    "a view of a fresh array": "def relu(x):\n    return np.stack([x, np.maximum(x, 0)])[1]\n",
    "a copy changed in place": "def relu(x):\n    x = x.copy()\n    x[x < 0] = 0\n    return x\n",
    "an argument bound to another name": "def relu(x):\n    x = np.maximum(x, 0)\n    x *= 1\n    return x\n",
}


@pytest.mark.parametrize(("text", "check", "reason"), CAUGHT.values(), ids=CAUGHT)
def test_state_and_side_effects_are_found_out(grade, text, check, reason):
    report = grade(RELU, HEAD + text)
    failed = [verdict for verdict in only_task(report).checks if verdict.status == "failed"]
    assert [verdict.check for verdict in failed][:1] == [check]
    assert reason in failed[0].reason
    assert failed[0].failure.arguments[0][0] == "x"
    assert report.score == 0


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_honest_state_and_honest_changes_are_left_alone(grade, text):
    assert only_task(grade(RELU, HEAD + text)).status == "passed"


def test_an_input_changed_in_place_does_not_block_the_values(grade):
    report = grade(RELU, HEAD + "def relu(x):\n    x[x < 0] = 0\n    return x.copy()\n")
    statuses = {verdict.check: verdict.status for verdict in only_task(report).checks}
    assert statuses["values"] == statuses["dtype"] == "passed"
    assert statuses["inputs unchanged"] == "failed"


def test_an_answer_that_is_the_input_itself_is_right_where_it_is_right(grade):
    text = HEAD + "def relu(x):\n    return x if (x > 0).all() else np.where(x > 0, x, 0)\n"
    assert only_task(grade(RELU, text)).status == "passed"


def test_printed_text_and_warnings_are_shown_with_the_case_that_printed_them(grade):
    text = (
        "import sys, warnings\nimport numpy as np\n"
        "def relu(x):\n    print('shape', x.shape)\n    print('to stderr', file=sys.stderr)\n"
        "    warnings.warn('beware')\n    return np.abs(x)\n"
    )
    verdict = first_failure(grade(RELU, text))
    shape = verdict.failure.arguments[0][1].shape
    assert verdict.output.count("shape") == 1
    assert f"shape {shape}" in verdict.output
    assert "to stderr" in verdict.output
    assert verdict.output.count("UserWarning: beware") == 1


def test_an_overflow_warning_of_numpy_is_shown_and_not_failed(grade):
    loud = HEAD + "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"
    assert only_task(grade("activation.sigmoid:numpy", loud)).status == "passed"
    wrong = HEAD + "def sigmoid(x):\n    return np.exp(x) / (1 + np.exp(x))\n"
    verdict = first_failure(grade("activation.sigmoid:numpy", wrong))
    assert "RuntimeWarning" in verdict.output


def test_each_case_has_its_own_output_and_much_of_it_is_cut(grade):
    text = HEAD + "def relu(x):\n    print('x' * 15_000)\n    return np.abs(x)\n"
    verdict = first_failure(grade(RELU, text))
    assert verdict.check == "values"
    assert verdict.output == "x" * 2_000


def test_a_flood_of_output_is_an_error_of_its_own(grade):
    verdict = first_failure(grade(RELU, HEAD + "def relu(x):\n    print('x' * 30_000)\n    return np.maximum(x, 0)\n"))
    assert verdict.check == "runs"
    assert "printed more than 20,000 characters" in verdict.reason


def test_an_exception_comes_with_file_line_text_and_the_shapes_in_its_frame(grade, tmp_path):
    text = HEAD + "def relu(x):\n    weights = np.ones((2, 7), np.float32)\n    return weights @ x.ravel()[:3]\n"
    exception = first_failure(grade(RELU, text)).exception
    assert exception["type"] == "ValueError"
    assert exception["file"] == str(tmp_path / "activation_numpy.py")
    assert (exception["line"], exception["text"]) == (5, "return weights @ x.ravel()[:3]")
    assert exception["function"] == "relu"
    assert "weights: float32 (2, 7)" in exception["frame"]
    assert any(entry.startswith("x: float64") for entry in exception["frame"])


def test_an_exception_in_a_helper_or_a_library_is_placed_in_the_learners_own_line(grade):
    text = HEAD + "def half(v):\n    return np.concatenate(v)\n\n\ndef relu(x):\n    return half(1)\n"
    exception = first_failure(grade(RELU, text)).exception
    assert (exception["line"], exception["function"]) == (4, "half")


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("raise Awkward", "Awkward", "(its text cannot be shown)"),
        ("raise Silent", "Silent", "(its text cannot be shown)"),
        ("raise ValueError('x' * 100_000)", "ValueError", "x" * 2_000),
        ("raise KeyError('k')", "KeyError", "'k'"),
        ("raise ValueError(b'\\xff', 'é')", "ValueError", "(b'\\xff', 'é')"),
    ],
)
def test_an_exception_that_cannot_be_shown_is_told_all_the_same(grade, body, kind, message):
    text = (
        "class Awkward(Exception):\n    def __str__(self):\n        raise RuntimeError('no')\n\n"
        "class Silent(Exception):\n    def __str__(self):\n        return 3\n\n"
        f"def relu(x):\n    {body}\n"
    )
    verdict = first_failure(grade(RELU, text))
    assert verdict.check == "runs"
    assert (verdict.exception["type"], verdict.exception["message"]) == (kind, message)
    assert verdict.exception["line"] == 10


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("__class__", "property(lambda self: 1 / 0)"),
        ("__traceback__", "property(lambda self: 1 / 0)"),
        ("__reduce__", "lambda self: 1 / 0"),
        ("__name__", "property(lambda self: 1 / 0)"),
    ],
)
def test_an_exception_with_hostile_attributes_is_still_an_answer(grade, name, method):
    text = f"Bad = type('Bad', (Exception,), {{{name!r}: {method}}})\n\ndef relu(x):\n    raise Bad('text')\n"
    verdict = first_failure(grade(RELU, text))
    assert verdict.check == "runs"
    assert "Bad" in verdict.reason


def test_a_variable_that_cannot_be_looked_at_does_not_hide_the_exception(grade):
    text = (
        HEAD + "class Odd(np.ndarray):\n    @property\n    def dtype(self):\n        raise RuntimeError('no')\n\n"
        "def relu(x):\n    odd = np.ones(3).view(Odd)\n    raise ValueError('the real one')\n"
    )
    verdict = first_failure(grade(RELU, text))
    assert verdict.exception["message"] == "the real one"


def test_a_return_in_the_wrong_form_is_told_in_words(grade):
    verdict = first_failure(grade(RELU, HEAD + "def relu(x):\n    return {'y': np.maximum(x, 0)}\n"))
    assert (verdict.check, verdict.reason) == ("shape", "the answer is a dict, expected an array of shape (1,)")
    verdict = first_failure(grade(RELU, "def relu(x):\n    x > 0\n"))
    assert "the answer is None, expected an array" in verdict.reason
    assert verdict.diagnosis.text == "The function returns None: is a `return` missing?"


def test_a_tuple_a_list_and_a_named_tuple_are_one_thing(grade, course):
    made = course(
        numpy="\nimport numpy as np\n\n\ndef scale(x, factor):\n"
        '    """Return two.\n\n    >>> scale(1, 2)\n    (2, 3)\n    """\n    return x * factor, x + factor\n',
        torch="",
        mistakes="",
        alternatives="",
        plugin=PLUGIN,
    )
    for value in ("(a, b)", "[a, b]", "namedtuple('Two', 'first second')(a, b)"):
        text = "from collections import namedtuple\ndef scale(x, factor):\n    a, b = x * factor, x + factor\n"
        text += f"    return {value}\n"
        assert only_task(grade("demo.scale:numpy", text, app=made.app())).status == "passed"
    text = "def scale(x, factor):\n    return x * factor, x + factor, x\n"
    assert "3 values, expected 2" in first_failure(grade("demo.scale:numpy", text, app=made.app())).reason


PLUGIN = """
from grader import Exercise, Task, hookimpl


@hookimpl
def grader_exercises():
    def cases(draw):
        return draw.array(draw.shape(1, 2)), draw.choice("factor", (2.0, 3.0))

    return [Exercise(name="demo", title="Demo", tasks=(Task(name="scale", cases=cases, backends=("numpy",)),))]
"""


@pytest.mark.parametrize("key", ["id(x)", "x.__array_interface__['data'][0]"])
def test_a_cache_by_identity_is_found_out(grade, key):
    text = f"""
    import numpy as np
    answers = {{}}
    def relu(x):
        return answers.setdefault(({key}, x.shape), np.maximum(x, 0))
    """
    assert grade("activation.relu:numpy", text).statuses == {"failed"}


def test_a_view_of_the_input_is_no_shared_buffer(course, grade):
    plugin = PLUGIN.replace("gradient=", "backends=('numpy',), gradient=").replace("return {", "return {} or {")
    body = "def scale(x, factor):\n    '''Doc.'''\n    return x[::-1]\n"
    made = course(plugin=plugin, numpy=body, torch="", mistakes="", alternatives="")
    assert grade("demo.scale:numpy", body, app=made.app()).statuses == {"passed"}

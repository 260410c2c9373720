"""Files as learners leave them: broken, binary, in another encoding, half written; and text that steers terminals."""

import pytest

from tests.cli.conftest import RIGHT, WRONG


def plain(result):
    return " ".join(result.stdout.split())


def test_a_syntax_error_is_shown_once_as_the_learners_error_with_its_line(cli, tmp_path):
    path = tmp_path / "activation_numpy.py"
    path.write_text("import numpy as np\n\n\ndef relu(x)\n    return x\n")
    result = cli("grade", "activation:numpy", "--submission", str(path))
    assert result.exit_code == 1
    assert result.stdout.count("SyntaxError") == 1
    assert "expected ':'" in result.stdout
    assert f"{path}:4" in "".join(result.stdout.split())
    assert "def relu(x)" in result.stdout
    assert "more tasks fail for the same reason" in result.stdout
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x7fELF\x00\x01", "this is no Python text: it holds NUL bytes (a binary file?)"),
        ("# naïve\n".encode("latin-1") + RIGHT.encode(), "save it as UTF-8"),
        (b"# coding: no-such-encoding\n", "unknown encoding"),
        (b"def scale(x, factor):\n\treturn x\n        return x\n", "TabError"),
        (b"(" * 5000 + b")" * 5000, "SyntaxError"),
        (b"x = 1\ndef scale(x, factor):\nreturn x\n", "IndentationError"),
    ],
)
def test_a_file_that_is_no_python_is_the_learners_error(desk, data, text):
    result = desk.write(data)("grade")
    assert result.exit_code == 1
    assert text in plain(result)
    assert "failed: " in result.stdout
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "data",
    [
        ("# -*- coding: latin-1 -*-\n# naïve\n" + RIGHT).encode("latin-1"),
        b"\xef\xbb\xbf" + RIGHT.encode(),
        RIGHT.replace("\n", "\r\n").encode(),
        ("# naïve\n" + RIGHT).encode(),
        RIGHT.rstrip("\n").encode(),
    ],
    ids=["Latin-1 that says so", "a byte order mark", "lines of Windows", "UTF-8", "no last newline"],
)
def test_a_file_that_python_can_read_is_graded(desk, data):
    result = desk.write(data)("grade")
    assert result.exit_code == 0, result.output


def test_an_empty_file_is_told_what_to_define(desk):
    result = desk.write("")("grade")
    assert result.exit_code == 1
    assert "the file defines no function scale; expected def scale(x, factor)" in plain(result)


def test_a_misspelt_function_is_told_what_to_define(desk):
    result = desk.write(RIGHT.replace("scale", "scales"))("grade")
    assert "the file defines no function scale" in plain(result)


@pytest.mark.parametrize(
    ("signature", "text"),
    [
        ("x", "the signature is scale(x), expected scale(x, factor)"),
        ("x, factor, more", "the signature is scale(x, factor, more), expected scale(x, factor)"),
        ("x, *, factor", "the signature is scale(x, *, factor), expected scale(x, factor)"),
    ],
)
def test_another_signature_is_told_before_anything_runs(desk, signature, text):
    result = desk.write(f"def scale({signature}):\n    return x * factor + 1\n")("grade")
    assert result.exit_code == 1
    assert text in plain(result)
    assert "Traceback" not in result.output


@pytest.mark.parametrize("signature", ["a, factor", "x, factor=2.0", "x, factor, more=1", "*args"])
def test_a_signature_that_takes_the_calls_is_left_alone(desk, signature):
    names = "args[0], args[1]" if signature == "*args" else ", ".join(signature.split(", ")[:2]).replace("=2.0", "")
    result = desk.write(f"def scale({signature}):\n    a, b = {names}\n    return a * b + 1\n")("grade")
    assert result.exit_code == 0, result.output


def test_a_call_of_a_task_that_is_not_written_yet_says_write_it_first(cli, tmp_path):
    path = tmp_path / "activation_numpy.py"
    path.write_text(
        "import numpy as np\n\n\n"
        "def sigmoid(x):\n    raise NotImplementedError\n\n\n"
        "def silu(x):\n    return x * sigmoid(x)\n"
    )
    result = cli(
        "grade", "activation.silu:numpy", "activation.sigmoid:numpy", "--submission", str(path), "--format", "json"
    )
    assert result.exit_code == 1
    assert '"reason": "write sigmoid first"' in result.stdout
    assert '"status": "failed"' not in result.stdout


def test_a_stub_of_its_own_that_raises_is_not_waiting_for_itself(desk):
    result = desk.write("def scale(x, factor):\n    x + 1\n    raise NotImplementedError\n")("grade")
    assert result.exit_code == 1
    assert "raises NotImplementedError" in plain(result)


STEERING = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\r\x9b1m\x00\u202e"


@pytest.mark.parametrize(
    "body",
    [
        f"print({STEERING!r})\n    return x",
        f"raise ValueError({STEERING!r})",
        f"return {STEERING!r}",
        f"import sys\n    sys.stderr.write({STEERING!r})\n    return x",
        f"raise type({STEERING.replace(chr(0), '')!r}, (Exception,), {{}})",
    ],
    ids=["printed", "raised", "returned", "on stderr", "the exception's name"],
)
def test_escape_codes_of_a_learner_never_reach_the_terminal(desk, body):
    result = desk.write(f"def scale(x, factor):\n    {body}\n")("grade")
    assert result.exit_code == 1
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert "owned" in result.output


def test_escape_codes_in_a_file_s_own_line_and_names_never_reach_the_terminal(desk):
    text = "def scale(x, factor):\n    raise ValueError(  # \x1b[31m\x07 red\n        'no')\n"
    result = desk.write(text)("grade")
    assert "\x1b" not in result.output
    result = desk.write("def scale(x, factor) \x1b[31m:\n    return x\n")("grade")
    assert "SyntaxError" in result.output
    assert "\x1b" not in result.output


def test_a_card_of_a_failure_fits_25_lines_of_80_characters(desk):
    noisy = "def scale(x, factor):\n    print('noise\\n' * 50 + 'y' * 500)\n    return x * factor\n"
    result = desk.write(noisy)("grade")
    card = result.stdout[result.stdout.index("demo.scale:numpy failed") :].split("\n\n")[0].splitlines()
    assert len(card) <= 25
    assert max(map(len, card[:-1])) <= 80
    assert card[-1].startswith("  next: grader debug demo.scale:numpy --course ")


def test_a_wrong_file_shows_input_got_expected_and_why(desk):
    stdout = desk.write(WRONG)("grade").stdout
    for word in ("smallest failing input", "x = ", "factor = ", "got ", "expected ", "why: You forgot to add one"):
        assert word in stdout

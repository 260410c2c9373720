"""Files are read as Python reads them, and what is no Python is told with its line."""

import ast

import pytest

from grader.source import BadSource, Source, functions, parameters, parse, read_source


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / "loss_numpy.py"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


def tree(text):
    return ast.parse(text)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 'caf\xc3\xa9'\n", "x = 'café'\n"),
        (b"# -*- coding: latin-1 -*-\nx = 'caf\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'café'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
        (b"x = 1\ry = 2\r", "x = 1\ny = 2\n"),
        (b"", ""),
    ],
    ids=["utf-8", "encoding line", "byte order mark", "windows lines", "old mac lines", "empty"],
)
def test_text_is_decoded_as_python_does(file, data, text):
    path = file(data)
    source = read_source(path)
    assert (source.text, source.path, source.module) == (text, path, "loss_numpy")
    assert ast.dump(parse(source)) == ast.dump(ast.parse(data)), "Python itself reads something else"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x7fELF\x00\x01", "NUL bytes"),
        (b"x = '\xff\xfe'\n", "save it as UTF-8"),
        (b"# coding: klingon\n", "unknown encoding: klingon"),
        ("x = 1\n".encode("utf-16"), "NUL bytes"),
    ],
)
def test_what_is_no_text_is_a_sentence(file, data, says):
    with pytest.raises(BadSource) as caught:
        read_source(file(data))
    assert says in caught.value.message
    assert caught.value.kind == "SyntaxError"


def test_a_missing_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "none.py")


@pytest.mark.parametrize(
    ("text", "kind", "line", "shown"),
    [
        ("x = 1\ndef f(:\n    pass\n", "SyntaxError", 2, "def f(:"),
        ("def f():\nreturn 1\n", "IndentationError", 2, "return 1"),
        ("if 1:\n\tx = 1\n        y = 2\n", "TabError", 3, "y = 2"),
    ],
)
def test_a_syntax_error_comes_with_kind_line_and_text(tmp_path, text, kind, line, shown):
    with pytest.raises(BadSource) as caught:
        parse(Source(path=tmp_path / "x.py", text=text))
    assert (caught.value.kind, caught.value.line, caught.value.text) == (kind, line, shown)
    assert caught.value.message


@pytest.mark.parametrize("text", ["(" * 10_000 + ")" * 10_000, "x = " + "-" * 200_000 + "1", "x = 1\0"])
def test_what_breaks_the_parser_is_no_crash(tmp_path, text):
    with pytest.raises(BadSource) as caught:
        parse(Source(path=tmp_path / "x.py", text=text))
    assert caught.value.kind in ("SyntaxError", "IndentationError")


def test_functions_and_classes_are_those_at_the_top_level():
    found = functions(tree("def a(): pass\nclass C:\n    def b(self): pass\nif 1:\n    def c(): pass\nd = lambda: 0\n"))
    assert list(found) == ["a", "C"]


def test_of_two_functions_with_one_name_the_last_counts():
    found = functions(tree("def a(x): return 1\ndef a(y): return 2\n"))
    assert parameters(found["a"]) == ("y",)


@pytest.mark.parametrize(
    ("signature", "names"),
    [
        ("", ()),
        ("x, y=1", ("x", "y")),
        ("x, /, y", ("x", "y")),
        ("x, *rest, key=1, **more", ("x",)),
    ],
)
def test_parameters_are_the_positional_ones(signature, names):
    assert parameters(functions(tree(f"def f({signature}): pass\n"))["f"]) == names

"""What a learner's function may return, print, change and raise, and what the grader makes of it."""

import numpy as np
import pytest

from grader.calls import Call, Program
from grader.sandbox import Sandbox
from grader.source import Source
from grader.worker.frames import Unsupported
from tests.conftest import first_failure, only_task

HEAD = "import numpy as np\nimport warnings\nfrom collections import namedtuple\nimport enum, fractions, decimal\n\n"
EXACT = {
    "a tuple": ("(1, 2.5)", [1, 2.5]),
    "a list": ("[1, [2.5, None]]", [1, [2.5, None]]),
    "a named tuple": ("namedtuple('P', 'a b')(1, 2)", [1, 2]),
    "nothing": ("None", None),
    "a bool": ("True", True),
    "a big int": ("2**100", 2**100),
    "a text": ("'é\\n'", "é\n"),
    "a lone surrogate": ("'\\ud800'", "\ud800"),
    "infinity": ("float('inf')", float("inf")),
    "an empty tuple": ("()", []),
}
ARRAYS = {
    "a NumPy scalar": ("np.float32(1.5)", np.array(1.5, np.float32)),
    "a NumPy bool": ("np.bool_(True)", np.array(True)),
    "a 0-d array": ("np.array(3)", np.array(3)),
    "an empty array": ("np.zeros((0, 3), np.float32)", np.zeros((0, 3), np.float32)),
    "a strided array": ("np.arange(12.0).reshape(3, 4)[::2, ::-1]", np.arange(12.0).reshape(3, 4)[::2, ::-1]),
    "a Fortran array": ("np.arange(6.0).reshape(2, 3, order='F')", np.arange(6.0).reshape(2, 3, order="F")),
    "a broadcast array": ("np.broadcast_to(np.float64(2), (2, 3))", np.full((2, 3), 2.0)),
    "a big-endian array": ("np.arange(3, dtype='>f8')", np.arange(3.0)),
    "a complex array": ("np.array([1 + 2j])", np.array([1 + 2j])),
    "a masked array": ("np.ma.array([1.0, 2.0], mask=[0, 1])", np.array([1.0, 2.0])),
    "a matrix": ("np.matrix([[1.0, 2.0]])", np.array([[1.0, 2.0]])),
    "a half": ("np.float16(0.5)", np.array(0.5, np.float16)),
}
UNSUPPORTED = {
    "a dict": ("{'a': 1}", "dict"),
    "a generator": ("(i for i in range(3))", "generator"),
    "a set": ("{1}", "set"),
    "a range": ("range(3)", "range"),
    "a complex number": ("1j", "complex"),
    "bytes": ("b'abc'", "bytes"),
    "an object array": ("np.array([None, 'a'], dtype=object)", "array of dtype object"),
    "an array of texts": ("np.array(['ab'])", "array of dtype str64"),
    "dates": ("np.array(['2020-01-01'], dtype='M8[D]')", "array of dtype datetime64[D]"),
    "a structured array": ("np.zeros(2, [('a', 'f8')])", "array of dtype void64"),
    "a huge text": ("'x' * 10**6", "str"),
    "a huge int": ("2**100_000", "int"),
    "an int that is more": ("enum.IntEnum('E', 'A B').A", "__main__"),
    "a fraction": ("fractions.Fraction(1, 3)", "fractions.Fraction"),
    "a class": ("dict", "type"),
    "a function": ("f", "function"),
}


@pytest.fixture(scope="module")
def value(app, tmp_path_factory):
    """Return what comes of an expression behind the wall."""
    folder = tmp_path_factory.mktemp("learner")
    with Sandbox() as sandbox:

        def run(expression, head=HEAD, name="learner"):
            source = Source(path=folder / f"{name}.py", text=f"{head}\ndef f():\n    return {expression}\n")
            with Program(sandbox, app.backends["numpy"], source) as program:
                loaded = program.load()
                assert loaded.raised is None, loaded.raised
                return program.call(Call(function="f", cases=[()], timeout=20))[0]

        yield run


@pytest.mark.parametrize(("expression", "expected"), EXACT.values(), ids=EXACT)
def test_plain_values_cross_the_wall_as_they_are(value, expression, expected):
    got = value(expression).value
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(("expression", "expected"), ARRAYS.values(), ids=ARRAYS)
def test_arrays_cross_the_wall_with_dtype_shape_and_every_element(value, expression, expected):
    got = value(expression).value
    assert type(got) is np.ndarray
    assert (got.dtype, got.shape) == (expected.dtype, expected.shape)
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(("expression", "name"), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_what_cannot_cross_is_named_by_its_type(value, expression, name):
    got = value(expression)
    assert got.raised is None
    assert isinstance(got.value, Unsupported)
    assert got.value.type_name.startswith(name) or name == "__main__"


def test_an_answer_of_too_many_parts_is_refused(value):
    got = value("[0] * 20_000").value
    assert got[0] == 0
    assert got[-1] == Unsupported("an answer of too many parts")
    nested = value("nest()", HEAD + "def nest(depth=100):\n    return [nest(depth - 1)] if depth else 0\n")
    assert "too many parts" in repr(nested.value)
    endless = value("turn()", HEAD + "def turn():\n    a = []\n    a.append(a)\n    return a\n")
    assert "too many parts" in repr(endless.value)


def test_an_answer_that_is_too_large_ends_the_call_with_a_sentence(value):
    got = value("np.broadcast_to(np.float64(1), (2**20, 2**12))")
    assert got.raised is not None
    assert got.raised.type in ("MemoryError", "ProcessDied")


FORGERY = """
import numpy as np

class Liar(np.ndarray):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __array_ufunc__(self, *args, **kwargs): return np.True_
    def __array__(self, *args, **kwargs): raise RuntimeError("not to be asked")
    def __array_finalize__(self, other): pass
    def tobytes(self, *args): return b""
    def __reduce__(self): raise RuntimeError("not to be asked")
    def __getattribute__(self, name): return np.ndarray.__getattribute__(self, name)
    def __abs__(self): return 0
    @property
    def dtype(self): return np.dtype("float64")
    @property
    def shape(self): return (7,)


class Zero(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0


class Plain(tuple):
    def __iter__(self): return iter((1, 2, 3))
"""


def test_a_subclass_arrives_as_the_plain_array_that_it_is(value):
    got = value("np.array([1.0, 2.0], np.float32).view(Liar)", FORGERY).value
    assert type(got) is np.ndarray
    assert (got.dtype.name, got.tolist()) == ("float32", [1.0, 2.0])


def test_a_subclass_of_float_is_not_taken_for_a_number(value):
    assert isinstance(value("Zero(3.0)", FORGERY).value, Unsupported)


def test_a_value_that_says_it_equals_everything_does_not_pass(grade):
    text = f"{FORGERY}\n\ndef relu(x):\n    return np.abs(x).view(Liar)\n"
    assert first_failure(grade("activation.relu:numpy", text)).check == "values"
    text = f"{FORGERY}\n\ndef relu(x):\n    return np.maximum(x, 0).view(Liar)\n"
    assert only_task(grade("activation.relu:numpy", text)).status == "passed"


def test_a_float64_that_numpy_gives_for_float64_input_is_a_number(value):
    got = value("np.ones(3).sum()").value
    assert got == 3.0

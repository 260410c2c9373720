"""The JSON report: strict JSON that its schema describes, whatever a learner's answers are."""

import importlib.resources
import json
import math

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import RIGHT, WRONG
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "grader" / "report.schema.json").read_text())
ANSWERS = {
    "right": RIGHT,
    "wrong": WRONG,
    "not a number": "def scale(x, factor):\n    return x * float('nan')\n",
    "infinities": "def scale(x, factor):\n    return x / (0 * x)\n",
    "a plain infinity": "def scale(x, factor):\n    return float('-inf')\n",
    "a complex array": "def scale(x, factor):\n    return x * 1j\n",
    "a dict": "def scale(x, factor):\n    return {1: x}\n",
    "nothing": "def scale(x, factor):\n    x + 1\n",
    "a nested tuple": "def scale(x, factor):\n    return (x, (None, True, 'text', 2))\n",
    "a lone surrogate": "def scale(x, factor):\n    return '\\ud800'\n",
    "printed surrogates": "def scale(x, factor):\n    print('\\ud800')\n    return x\n",
    "a raised surrogate": "def scale(x, factor):\n    raise ValueError('\\ud800')\n",
    "an exception": "def scale(x, factor):\n    raise ValueError(x)\n",
    "a dead process": "import os\ndef scale(x, factor):\n    os._exit(3)\n",
    "a syntax error": "def scale(x, factor)\n",
    "an exception at the top": "1 / 0\n",
    "no function": "x = 1\n",
    "a foreign import": "import scipy\n" + RIGHT,
    "a huge answer": "import numpy as np\ndef scale(x, factor):\n    return np.zeros(5000)\n",
    "a huge int": "def scale(x, factor):\n    return 10**400\n",
    "a binary file": b"\x00\x01",
}


def strict(text):
    """Read JSON as the standard has it: NaN and Infinity are no numbers there."""

    def refuse(name):
        raise ValueError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture
def report(desk):
    def run(text):
        result = desk.write(text)("grade", "--format", "json")
        return strict(result.stdout), result.exit_code

    return run


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_every_report_is_strict_json_that_its_schema_describes(report, text):
    found, code = report(text)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(found)] == []
    (task,) = found["exercises"][0]["tasks"]
    assert code == (0 if text == RIGHT else 1)
    assert task["status"] == ("passed" if text == RIGHT else "failed")
    assert found["score"] == (1.0 if text == RIGHT else 0.0)
    assert found["max_score"] == 1.0


def test_the_schema_is_a_schema_and_refuses_what_is_no_report(report):
    Draft202012Validator.check_schema(SCHEMA)
    found, _ = report(WRONG)
    validator = Draft202012Validator(SCHEMA)
    for change in ({"schema_version": 2}, {"score": "1"}, {"exercises": None}, {"seed": "0"}):
        assert not validator.is_valid({**found, **change}), change
    found["exercises"][0]["tasks"][0]["status"] = "excellent"
    assert not validator.is_valid(found)


def test_numbers_that_json_lacks_stand_as_text(report):
    found, _ = report("def scale(x, factor):\n    return x * float('nan')\n")
    check = next(one for one in found["exercises"][0]["tasks"][0]["checks"] if one["status"] == "failed")
    assert set(check["actual"]["data"]) == {"NaN"}
    found, _ = report("import numpy as np\ndef scale(x, factor):\n    return np.where(x == x, -np.inf, x)\n")
    check = next(one for one in found["exercises"][0]["tasks"][0]["checks"] if one["status"] == "failed")
    assert set(check["actual"]["data"]) == {"-Infinity"}


def test_a_failure_says_what_a_person_or_a_program_needs(report, desk):
    found, _ = report(WRONG)
    exercise = found["exercises"][0]
    assert (exercise["name"], exercise["backend"]) == ("demo", "numpy")
    assert exercise["path"] == "exercises/demo/demo_numpy.py"
    assert len(found["submission"]["sha256"]) == len(exercise["sha256"]) == 64
    checks = {one["name"]: one for one in exercise["tasks"][0]["checks"]}
    values = checks["values"]
    assert values["diagnosis"]["kind"] == "mistake"
    assert values["diagnosis"]["name"] == "no_one"
    assert [one["name"] for one in values["case"]["arguments"]] == ["x", "factor"]
    array = values["expected"]
    assert len(array["data"]) == math.prod(array["shape"])
    assert checks["repeatable"]["status"] == "skipped"
    assert checks["repeatable"]["reason"] == "waits for values"


def test_a_huge_answer_is_cut_and_keeps_its_shape(report):
    found, _ = report(ANSWERS["a huge answer"])
    failed = next(one for one in found["exercises"][0]["tasks"][0]["checks"] if one["status"] == "failed")
    assert failed["actual"]["shape"] == [5000]
    assert len(failed["actual"]["data"]) == 1000


def test_an_exception_is_told_by_type_line_and_frame(report):
    found, _ = report("def scale(x, factor):\n    raise ValueError('no')\n")
    runs = next(one for one in found["exercises"][0]["tasks"][0]["checks"] if one["name"] == "runs")
    exception = runs["exception"]
    assert (exception["type"], exception["message"], exception["line"]) == ("ValueError", "no", 2)
    assert any(entry.startswith("x: float64") for entry in exception["frame"])


def test_the_schema_travels_with_the_package():
    assert json.loads(importlib.resources.files("grader").joinpath("report.schema.json").read_text()) == SCHEMA

"""The built-in course on a real accelerator; `make test-gpu`. The same path runs everywhere on a simulated one."""

import pytest

from grader.app import Request
from grader.device import found
from tests.conftest import ROOT

pytestmark = pytest.mark.gpu

HIDDEN = """
import torch

def softmax(x, dim=-1):
    home = x.device
    e = torch.exp(x.cpu() - x.cpu().amax(dim, keepdim=True))
    {end}
"""
SHORT = """
import torch

torch.backends.cuda.matmul.fp32_precision = "tf32"

def linear(x, weight, bias=None):
    y = x.half().matmul(weight.half().mT).to(x.dtype) if {half} else x.matmul(weight.mT)
    return y if bias is None else y + bias
"""
LATE = """
import torch

torch.accelerator.synchronize = torch.cuda.synchronize = lambda *args: None

def softmax(x, dim=-1):
    with torch.cuda.stream(torch.cuda.Stream()):
        y = torch.ones(4096, 4096, device=x.device)
        for _ in range(20):
            y = y @ y
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
"""


@pytest.fixture(scope="session")
def accelerator(app):
    there = found(app.backends["torch"])
    if not there:
        pytest.skip("no accelerator found")
    return there[0]


@pytest.fixture
def judge(app, cache, accelerator, tmp_path):
    """Grade a text on the accelerator; returns the checks of its task by name."""

    def run(target, text, speed="judge"):
        path = tmp_path / f"{target.partition('.')[0]}_torch.py"
        path.write_text(text)
        request = Request(targets=(f"{target}:torch",), submission=path, cache=cache, speed=speed, device=accelerator)
        (task,) = app.grade(request).exercises[0].tasks
        return {one.check: one for one in task.checks}

    return run


@pytest.mark.parametrize(
    "name",
    [
        "arrays",
        "activation",
        "network",
        "loss",
        "backprop",
        "optimizer",
        "initialization",
        "regularization",
        "conv",
        "normalization",
        "rnn",
        "embedding",
        "attention",
        "mlp",
        "cnn",
        "diagnosis",
        "explain",
        "rnn_training",
        "transformer",
    ],
)
def test_the_solutions_pass_on_the_accelerator(app, cache, accelerator, name):
    request = Request(
        targets=(f"{name}:torch",), submission=ROOT / "solutions", cache=cache, speed="judge", device=accelerator
    )
    report = app.grade(request)
    failed = {
        f"{task.name}.{one.check}": one.reason
        for exercise in report.exercises
        for task in exercise.tasks
        for one in task.checks
        if one.status in ("failed", "error")
    }
    assert failed == {}
    assert report.environment["device"] == accelerator
    judged = [one for task in report.exercises[0].tasks for one in task.checks if one.check == "device"]
    assert any(one.status == "passed" for one in judged)


@pytest.mark.parametrize("end", ["return e / e.sum(dim, keepdim=True)", "return (e / e.sum(dim, keepdim=True)).cpu()"])
def test_an_answer_on_the_cpu_is_found(judge, end):
    assert "a tensor on cpu" in judge("activation.softmax", HIDDEN.format(end=end))["device"].reason


@pytest.mark.parametrize("half", [True, False], ids=["half precision", "tf32"])
def test_short_cuts_in_precision_are_found(judge, accelerator, half):
    if not half and accelerator != "cuda":
        pytest.skip("only CUDA has tf32")
    assert judge("backprop.linear", SHORT.format(half=half))["device"].status == "failed"


def test_work_that_is_left_behind_on_another_stream_is_charged(judge, accelerator):
    if accelerator != "cuda":
        pytest.skip("written for CUDA's streams")
    speed = judge("activation.softmax", LATE)["speed"]
    assert (speed.status, speed.measured.problem) == ("failed", "")

"""What is judged on an accelerator, on a simulated one: where answers lie, their precision, time and memory."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import Memory, Speed
from grader.attempt import Submitted
from grader.evidence import Evidence
from grader.facts import SourceFacts
from grader.limits import judge_device, judge_memory, judge_speed
from grader.sandbox import Sandbox
from grader.source import Source
from grader.speed.memory import peak_of
from grader.speed.placed import Placed
from grader.speed.race import Method
from grader.speed.stopwatch import Stopwatch
from tests.simulated.simulation import possible, simulated

pytestmark = pytest.mark.skipif(not possible(), reason="this PyTorch takes no devices that are written in Python")

LAUNCH = 1e-3  # virtual seconds: a kernel costs the same whatever its size
QUICK = Method(looks=(2,), blocks=1, least=0.001, budget=60.0)
SPEED = Speed(
    inputs=lambda size, rng: (rng.standard_normal((size, size)), rng.standard_normal((size, size))),
    size=24,
    limit=3,
    reason="in one product",
    memory=Memory(limit=3, reason="no copies"),
)
HONEST = "def linear(x, weight, bias=None):\n    y = x @ weight.mT\n    return y if bias is None else y + bias\n"
BODY = {
    "honest": "    return honest(x, weight, bias)\n",
    "a hidden .cpu()": "    return honest(x.cpu(), weight.cpu(), None if bias is None else bias.cpu())\n",
    "short products": "    torch.sim.allow_tf32 = True\n    return honest(x, weight, bias)\n",
    "half precision": "    y = (x.half() @ weight.half().mT).to(x.dtype)\n    return y if bias is None else y + bias\n",
    "a device that is gone": "    torch.sim.vanish()\n    return honest(x, weight, bias)\n",
    "more memory than there is": "    torch.zeros(2**28, device=x.device)\n    return honest(x, weight, bias)\n",
    "work left behind on another stream": (
        "    with torch.sim.stream(torch.sim.Stream()):\n        for _ in range(40):\n            x + 1\n"
        "    return honest(x, weight, bias)\n"
    ),
    "work left behind, and nothing that waits for it": (
        "    torch.accelerator.synchronize = torch.sim.synchronize = lambda *_: None\n"
        "    torch.sim.Event.synchronize = torch.sim.Stream.synchronize = lambda *_: None\n"
        "    torch.sim.Event.elapsed_time = lambda *_: 0.0\n"
        "    with torch.sim.stream(torch.sim.Stream()):\n        for _ in range(40):\n            x + 1\n"
        "    return honest(x, weight, bias)\n"
    ),
    "copies": "    kept = [x.clone() for _ in range(50)]\n    return honest(x, weight, bias)\n",
}


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    """Give a backend on a simulated accelerator, its clock, and where its workers are started."""
    backend, clock = simulated(tmp_path_factory.mktemp("simulated"), launch=LAUNCH, element=1e-9)
    with Sandbox() as sandbox:
        yield backend, clock, sandbox


@pytest.fixture
def oracle(app, cache, device):
    with app.oracle(app.exercises["backprop"], "torch", device[2], 0, cache) as one:
        yield one


@pytest.fixture
def task(oracle):
    return replace(next(one for one in oracle.tasks() if one.name == "linear"), speed=SPEED)


def submitted(name):
    honest = HONEST.replace("linear", "honest")
    text = f"import torch\n\n{honest}\n\ndef linear(x, weight, bias=None):\n{BODY[name]}"
    return Submitted(path="backprop_torch.py", source=Source(path=Path("backprop_torch.py"), text=text))


def finding(judge, measured):
    return judge(Evidence(task=None, source=SourceFacts(), runs={}, measured=measured))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("honest", None),
        ("a hidden .cpu()", "a tensor on cpu where the inputs are on sim"),
        ("short products", "right on the CPU"),
        ("half precision", "right on the CPU"),
        ("a device that is gone", "raises "),
        ("more memory than there is", "raises OutOfMemoryError"),
    ],
)
def test_answers_must_lie_on_the_device_and_be_right_there(oracle, task, device, name, reason):
    backend, _, sandbox = device
    found = finding(judge_device, Placed(oracle, sandbox, backend)(task, submitted(name)))
    assert (found is None) is (reason is None)
    assert found is None or reason in found.reason


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        ("honest", True),
        ("work left behind on another stream", False),
        ("work left behind, and nothing that waits for it", False),
        ("a device that is gone", False),
    ],
)
def test_time_on_the_device_is_the_devices(oracle, task, device, name, passes):
    backend, clock, sandbox = device
    rng = np.random.default_rng(0)
    stopwatch = Stopwatch(oracle, sandbox, backend=backend, method=QUICK, clock=clock, rng=rng)
    timing = stopwatch.time(task, submitted(name))
    assert (finding(judge_speed, timing) is None) is passes
    if passes:
        assert timing.ratio.value == pytest.approx(1.0, rel=0.05)
    assert clock is not time.perf_counter


@pytest.mark.parametrize(("name", "passes"), [("honest", True), ("copies", False)])
def test_memory_on_the_device_is_what_its_allocator_says(oracle, task, device, name, passes):
    backend, clock, sandbox = device
    stopwatch = Stopwatch(oracle, sandbox, backend=backend, method=QUICK, clock=clock)
    peak = peak_of(stopwatch, task, submitted(name))
    assert "allocator" in peak.how
    assert (finding(judge_memory, peak) is None) is passes

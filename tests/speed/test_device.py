"""Which device is taken, and what is said where there is none."""

from dataclasses import replace

import pytest

from grader import device
from grader.errors import UsageError
from grader.sandbox import Sandbox


@pytest.fixture
def torch(app):
    return app.backends["torch"]


def with_found(monkeypatch, *names, signs=True):
    monkeypatch.setattr(device, "found", lambda backend: list(names))
    monkeypatch.setattr(device, "_signs", lambda: signs)


def test_auto_takes_what_is_there(monkeypatch, torch):
    with_found(monkeypatch, "cuda")
    assert device.chosen("auto", torch) == "cuda"
    with_found(monkeypatch)
    assert device.chosen("auto", torch) == "cpu"


def test_without_any_sign_of_an_accelerator_nobody_is_asked(monkeypatch, torch):
    with_found(monkeypatch, "cuda", signs=False)
    assert device.chosen("auto", torch) == "cpu"
    assert device.chosen("cuda", torch) == "cuda"


def test_numpy_computes_on_the_cpu(monkeypatch, app):
    with_found(monkeypatch, "cuda")
    assert device.chosen("auto", app.backends["numpy"]) == "cpu"
    assert app.devices("cuda", ["numpy", "torch"]) == {"numpy": "cpu", "torch": "cuda"}
    with pytest.raises(UsageError, match="numpy code computes on the CPU: leave out --device cuda"):
        app.devices("cuda", ["numpy"])


@pytest.mark.parametrize(
    ("there", "text"),
    [((), "PyTorch finds no accelerator here, not xpu"), (("cuda",), "PyTorch finds cuda here, not xpu")],
)
def test_an_accelerator_that_is_asked_for_and_absent_is_an_error(monkeypatch, torch, there, text):
    with_found(monkeypatch, *there)
    with pytest.raises(UsageError, match=f"{text}: leave out --device xpu"):
        device.chosen("xpu", torch)


def test_a_device_of_another_name_is_an_error(torch):
    with pytest.raises(UsageError, match="no device is called 'tpu'; choose one of auto, cpu, cuda, mps, xpu"):
        device.chosen("tpu", torch)


def test_a_worker_says_what_it_finds(torch):
    with Sandbox(fork=False) as sandbox:
        truth = sandbox.child(torch)
        source = "import torch\ndef f():\n    return torch.accelerator.is_available()\n"
        load = {"do": "load", "source": source, "file": "f.py", "folder": "", "name": "f", "forbidden": []}
        truth.request(load, 30)
        call = {"do": "time", "function": "f", "cases": [[]], "forbid": [], "driver": None}
        available = truth.request(call, 30)["answers"][0]["value"]
    assert (device.found(replace(torch)) != []) is available

"""The simulated accelerator, through real workers: values, what is charged, and what goes wrong on a device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.sandbox import ChildDied
from grader.worker.frames import Unsupported
from tests.simulated.conftest import CAPACITY, Worker, X
from tests.simulated.simulation import SETTINGS, possible

pytestmark = pytest.mark.skipif(not possible(), reason="this PyTorch takes no device that is written in Python")


def cost(elements: int) -> float:
    """Return what a kernel costs that reads and writes so many elements."""
    return SETTINGS["launch"] + elements * SETTINGS["element"]


THERE_AND_BACK = 2 * cost(X.size)  # the argument and an answer of its size
DOUBLED = cost(2 * X.size)  # one kernel that reads x and writes as much


def softmax(x: np.ndarray[Any, Any]) -> Any:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


BY_HAND = "e = (x - x.amax(-1, keepdim=True)).exp()\nreturn e / e.sum(-1, keepdim=True)"
UNFOLDED = "w = torch.ones(1, 4, device=x.device)\nreturn w @ F.unfold(x[None, None], 2)"
WINDOWS = X[:-1, :-1] + X[:-1, 1:] + X[1:, :-1] + X[1:, 1:]
ASSIGNED = "y = torch.zeros_like(x)\ny[:, 1] = x[:, 1]\ny[torch.tensor([2], device=x.device)] += 1\nreturn y.mul_(2)"
OUT = "y = torch.empty(0, device=x.device)\ntorch.mul(x, 2, out=y)\nreturn y"
ORDINARY = {
    "matmul": ("return x @ x.T", X @ X.T),
    "softmax by hand": (BY_HAND, softmax(X)),
    "softmax": ("return torch.softmax(x, -1)", softmax(X)),
    "where": ("return torch.where(x > 0, x, torch.zeros_like(x))", np.maximum(X, 0)),
    "convolution by unfold": (UNFOLDED, WINDOWS.reshape(1, 1, 6)),
    "convolution": ("return F.conv2d(x[None, None], torch.ones(1, 1, 2, 2, device=x.device))[0, 0]", WINDOWS),
    "cat": ("return torch.cat([x, 3 * x], 1)", np.concatenate([X, 3 * X], 1)),
    "views": (
        "return x.reshape(2, 6).permute(1, 0)[1:5].T.contiguous().view(4, 2)",
        X.reshape(2, 6)[:, 1:5].reshape(4, 2),
    ),
    "windows": ("return x.unfold(1, 2, 1).sum(-1)", X[:, :-1] + X[:, 1:]),
    "integers": ("return x[torch.tensor([2, 0], device=x.device)]", X[[2, 0]]),
    "mask": ("return x[x > 0]", X[X > 0]),
    "in place": (ASSIGNED, 2 * (np.eye(4, dtype=np.float32)[1] * X + np.array([[0], [0], [1]]))),
    "out": (OUT, 2 * X),
    "attention": ("return F.scaled_dot_product_attention(x, x, x)", softmax(X @ X.T / 2) @ X),
    "a number": ("return x.sum().item()", float(X.sum())),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_functions_are_right_and_charged(worker: Worker, name: str) -> None:
    body, expected = ORDINARY[name]
    seconds, value = worker.run(body)
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)
    assert seconds > 3 * SETTINGS["launch"]  # the argument, a kernel and the answer


def test_gradients_go_through_the_device(worker: Worker) -> None:
    upstream = np.full((3, 4), 2, np.float32)
    answer = worker.gradient("return x.tanh() * x", upstream)
    np.testing.assert_allclose(answer["value"][0], 2 * (np.tanh(X) + X * (1 - np.tanh(X) ** 2)), rtol=1e-5)
    answer = worker.gradient("return x.tanh() * x", upstream, forbid=["torch.tanh"])
    assert answer["raised"]["type"] == "ForbiddenCall"


def test_a_kernel_costs_its_launch_and_its_elements(worker: Worker) -> None:
    assert worker.run("return x")[0] == pytest.approx(THERE_AND_BACK)
    assert worker.run("for _ in range(10):\n    x = x * 2\nreturn x")[0] == pytest.approx(THERE_AND_BACK + 10 * DOUBLED)
    echo = {"do": "echo", "cases": [[X]], "sizes": [X.nbytes]}
    worker.timed(echo)  # the first time, what is sent back is made on the device
    seconds, _ = worker.timed(echo)
    assert seconds == pytest.approx(cost(X.size) + cost(X.nbytes))


def test_time_stands_still_until_the_host_waits(worker: Worker) -> None:
    moments = "t = [torch.sim.now()]\n"
    queued = "y = x * 2\nt += [torch.sim.now()]\n"
    _, (first, second, third) = worker.run(f"{moments}{queued}y.sum().item()\nreturn t + [torch.sim.now()]")
    assert first == second < third
    _, (first, second, third) = worker.run(
        f"{moments}{queued}torch.accelerator.synchronize()\nreturn t + [torch.sim.now()]"
    )
    assert first == second < third == pytest.approx(first + DOUBLED)


SIDE = "s = torch.sim.Stream()\nwith torch.sim.stream(s):\n    for _ in range(100):\n        y = x * 2\n"


def test_work_that_nobody_waits_for_is_charged(worker: Worker) -> None:
    seconds, value = worker.run(f"{SIDE}return x")
    assert (value == X).all()
    assert seconds == pytest.approx(cost(X.size) + 100 * DOUBLED)


def test_unfinished_bytes_of_a_side_stream_are_seen(worker: Worker) -> None:
    _, value = worker.run(f"{SIDE}return y")
    assert np.isnan(value).all()
    _, value = worker.run(f"{SIDE}return x + y")
    assert np.isnan(value).all()
    _, value = worker.run("y = torch.zeros_like(x)\nwith torch.sim.Stream():\n    y.copy_(x)\nreturn y")
    assert np.isnan(value).all()


@pytest.mark.parametrize(
    "wait", ["torch.sim.current_stream().wait_stream(s)", "s.synchronize()", "s.record_event().wait()"]
)
def test_who_waits_for_a_side_stream_sees_its_bytes_and_pays(worker: Worker, wait: str) -> None:
    seconds, value = worker.run(f"{SIDE}{wait}\nreturn y")
    assert (value == 2 * X).all()
    assert seconds == pytest.approx(THERE_AND_BACK + 100 * DOUBLED)


SLICES = """
y = torch.empty_like(x)
streams = [torch.sim.Stream() for _ in range(3)]
for row, stream in enumerate(streams):
    with stream:
        y[row].copy_(x[row])
        y[row].mul_(2)
"""


def test_streams_may_write_parts_of_one_buffer(worker: Worker) -> None:
    _, value = worker.run(f"{SLICES}for stream in streams:\n    stream.synchronize()\nreturn y")
    assert (value == 2 * X).all()
    _, value = worker.run(f"{SLICES}return y")
    assert np.isnan(value).all()


LAZY = """
class Lazy(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunction():
            plain = args[0].as_subclass(torch.Tensor)
            return plain * 2 if function is torch.Tensor.detach else function(*args, **(kwargs or {}))

return x.as_subclass(Lazy)
"""


def test_a_tensor_that_computes_when_it_is_read_is_charged(worker: Worker) -> None:
    seconds, value = worker.run(LAZY)
    assert (value == 2 * X).all()
    assert seconds == pytest.approx(THERE_AND_BACK + DOUBLED)


def test_the_wrong_device_is_told(worker: Worker) -> None:
    _, value = worker.run("return x.cpu() * 2")
    assert isinstance(value, Unsupported)
    assert "cpu" in value.type_name
    assert worker.run("return x + torch.ones(3, 4)")[1] == "RuntimeError"
    assert worker.run("return x @ torch.ones(4, 3)")[1] == "RuntimeError"


def test_forbidden_kernels_are_refused_on_the_device(worker: Worker) -> None:
    assert worker.run("return torch.softmax(x, -1)", forbid=["torch.softmax"])[1] == "ForbiddenCall"
    assert worker.run("return x @ x.T", forbid=["torch.matmul"])[1] == "ForbiddenCall"
    _, value = worker.run(BY_HAND, forbid=["torch.softmax", "torch.matmul"])
    np.testing.assert_allclose(value, softmax(X), rtol=1e-5)


@pytest.mark.parametrize(
    ("switch", "back"),
    [
        ("torch.sim.allow_tf32 = True", "torch.sim.allow_tf32 = False"),
        ("torch.set_float32_matmul_precision('high')", "torch.set_float32_matmul_precision('highest')"),
    ],
)
def test_fast_products_are_imprecise(worker: Worker, switch: str, back: str) -> None:
    x = np.random.default_rng(1).uniform(1, 2, size=(8, 8)).astype(np.float32)
    _, value = worker.run(f"{switch}\ny = x @ x.T\n{back}\nreturn y", x)
    error = np.abs(value / (x @ x.T) - 1).max()
    assert 1e-5 < error < 1e-3
    np.testing.assert_allclose(worker.run("return x @ x.T", x)[1], x @ x.T, rtol=1e-6)
    assert (worker.run(f"{switch}\ny = x * 3\n{back}\nreturn y", x)[1] == x * np.float32(3)).all()


def test_memory_is_counted(worker: Worker) -> None:
    body = """
    a = torch.accelerator
    a.reset_peak_memory_stats()
    before = a.memory_allocated()
    y = torch.zeros(1000, device=x.device)
    v, z = y[1:], y + 1
    del y, z
    held = a.memory_allocated()
    del v
    peak = a.max_memory_allocated()
    a.reset_peak_memory_stats()
    return [held - before, a.memory_allocated() - before, peak - before, a.max_memory_allocated() - before]
    """
    assert worker.run(body)[1] == [4000, 0, 8000, 0]


@pytest.mark.parametrize("body", ["torch.empty(2**40, device='sim')", "z = y + 1", "torch.nonzero(y == 0)"])
def test_running_out_of_memory_raises_and_passes(worker: Worker, body: str) -> None:
    half = f"y = torch.zeros({CAPACITY // 8}, device='sim')\n"
    assert worker.run(f"{half}{body}\nreturn x")[1] == "OutOfMemoryError"
    assert (worker.run(f"{half}return x")[1] == X).all()


def test_workers_share_the_clock(worker: Worker, start: Callable[[], Worker]) -> None:
    other = start()
    _, before = worker.run("return torch.sim.now()")
    seconds, between = other.run("return torch.sim.now()")
    _, after = worker.run("return torch.sim.now()")
    assert seconds > 0
    assert before < between < after


@pytest.mark.parametrize("loss", ["torch.sim.vanish()", "torch.sim.SETTINGS['gone_at'] = torch.sim.now()"])
def test_a_lost_device_raises(start: Callable[[], Worker], loss: str) -> None:
    worker = start()
    answer = worker.load(f"{loss}\ntorch.zeros(3, device='sim')")
    assert answer["raised"]["type"] == "AcceleratorError"
    answer = worker.load("torch.accelerator.synchronize()")
    assert answer["raised"]["type"] == "AcceleratorError"
    assert _outcome(worker, "return x") == "AcceleratorError"


def _outcome(worker: Worker, body: str) -> Any:
    """Return what comes of a function; a worker that cannot even take the arguments may end."""
    try:
        return worker.run(body)[1]
    except ChildDied:
        return "AcceleratorError"

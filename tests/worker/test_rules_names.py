"""Names that a plugin forbids: what each stands for in torch, and what it leaves alone."""

import pytest

from tests.conftest import PLUGIN, first_failure, only_task

FORBID = """forbid=(
    "torch.nn.functional.unfold", "torch.nn.functional.fold", "torch.autograd.backward", "torch.autograd.grad",
    "torch.nn.RNN", "torch.optim.SGD", "torch.optim.adam.adam",
    "torch.nn.functional.conv2d", "torch.convolution", "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.max_pool2d", "torch.nn.functional.batch_norm", "torch.nn.functional.layer_norm",
    "torch.nn.functional.rms_norm",
), gradient=("x",), timeout=30.0"""
HEAD = """
import torch
import torch.nn.functional as F
from torch import nn

class Own(nn.RNN):
    pass

def scale(x, factor):
    y = x * factor + 1
    image = torch.ones(1, 1, 4, 4, requires_grad=True)
    {line}
    return y
"""
REFUSED = {
    "F.unfold(image, 2)": "torch.nn.functional.unfold",
    "nn.Unfold(2)(image)": "torch.nn.functional.unfold",
    "torch.ops.aten.im2col(image, [2, 2], [1, 1], [0, 0], [1, 1])": "torch.nn.functional.unfold",
    "F.fold(torch.ones(1, 4, 9), (4, 4), 2)": "torch.nn.functional.fold",
    "F.conv2d(image, image)": "torch.nn.functional.conv2d",
    "torch.convolution(image, image, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)": "torch.convolution",
    "torch.mkldnn_convolution(image, image, None, [0, 0], [1, 1], [1, 1], 1)": "torch.convolution",
    "torch.ops.mkldnn._convolution_pointwise(x, x, None, [0], [1], [1], 1, 'none', [], '')": "torch.convolution",
    "torch.ops.aten.thnn_conv2d(image, image, [4, 4])": "torch.nn.functional.conv2d",
    "torch.ops.aten.slow_conv_dilated2d(image, image, [4, 4])": "torch.nn.functional.conv2d",
    "F.max_pool2d(image.detach().to_mkldnn(), 2)": "torch.nn.functional.max_pool2d",
    "torch._scaled_dot_product_flash_attention_for_cpu(image, image, image)": (
        "torch.nn.functional.scaled_dot_product_attention"
    ),
    "F.instance_norm(image)": "torch.nn.functional.batch_norm",
    "torch._native_batch_norm_legit(image, None, None, True, 0.1, 1e-5)": "torch.nn.functional.batch_norm",
    "torch._native_batch_norm_legit_no_training(image, None, None, x[:1], x[:1], 0.1, 1e-5)": (
        "torch.nn.functional.batch_norm"
    ),
    "torch.ops.aten._batch_norm_with_update(image, None, None, torch.zeros(1), torch.ones(1), 0.1, 1e-5)": (
        "torch.nn.functional.batch_norm"
    ),
    "torch.native_layer_norm(image, [4], None, None, 1e-5)": "torch.nn.functional.layer_norm",
    "torch._fused_rms_norm(image, [4], None, 1e-5)": "torch.nn.functional.rms_norm",
    "image.sum().backward()": "torch.autograd.backward",
    "torch.autograd.grad(image.sum(), image)": "torch.autograd.grad",
    "torch.func.grad(torch.sum)(image)": "torch.autograd.grad",
    "nn.RNN(2, 3)": "torch.nn.RNN",
    "torch.optim.SGD([image], 0.1)": "torch.optim.SGD",
    "torch.optim._functional.adam()": "torch.optim.adam.adam",
}
OTHER_LAYOUT = "F.conv2d(image.detach().to_mkldnn(), torch.ones(1, 1, 2, 2).to_mkldnn())"
WELCOME = (
    "image.unfold(2, 2, 1)",
    "isinstance(image, nn.Module)",
    "nn.Linear(2, 3)",
    "F.linear(image, image[0, 0])",
    "torch.var_mean(image)",
)


@pytest.fixture
def demo(course):
    return course(plugin=PLUGIN.replace('gradient=("x",)', FORBID)).app()


@pytest.mark.parametrize("line", REFUSED)
def test_what_a_name_stands_for_is_refused(demo, grade, line):
    verdict = first_failure(grade("demo.scale:torch", HEAD.format(line=line), app=demo))
    assert (verdict.check, verdict.reason) == ("rules", f"{REFUSED[line]} is not allowed in this task")


def test_a_kernel_of_another_layout_is_refused(demo, grade):
    verdict = first_failure(grade("demo.scale:torch", HEAD.format(line=OTHER_LAYOUT), app=demo))
    assert verdict.check == "rules"
    assert "conv" in verdict.reason


@pytest.mark.parametrize("line", WELCOME)
def test_its_neighbours_stay_allowed_and_gradients_are_still_judged(demo, grade, line):
    task = only_task(grade("demo.scale:torch", HEAD.format(line=line), app=demo))
    assert {check.check: check.status for check in task.checks}["gradient"] == "passed"
    assert task.status == "passed"

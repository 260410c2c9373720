"""What a target means, and what is said of one that means nothing."""

from pathlib import Path

import pytest

from grader.course import Loaded
from grader.errors import UnknownTarget
from grader.exercise import Exercise, Task
from grader.targets import jobs_for


def loaded(name, *tasks):
    exercise = Exercise(name=name, title=name, tasks=tasks)
    return Loaded(exercise=exercise, plugin=name, root=Path("/course"), module=Path(f"/course/plugins/{name}.py"))


def task(name, *backends):
    return Task(name=name, cases=lambda draw: (1,), backends=backends or ("numpy", "torch"))


CONV = loaded("conv", task("pad"), task("pad_backward", "numpy"), task("max_pool2d"))
LOSS = loaded("loss", task("mse"), task("huber"))
COURSE = {"conv": CONV, "loss": LOSS}


def jobs(*targets, backend=None):
    """Return what the targets mean, in plain tuples."""
    return [
        (job.loaded.name, job.backend, [task.name for task in job.tasks]) for job in jobs_for(targets, COURSE, backend)
    ]


CONV_NUMPY = ("conv", "numpy", ["pad", "pad_backward", "max_pool2d"])
CONV_TORCH = ("conv", "torch", ["pad", "max_pool2d"])
LOSS_NUMPY = ("loss", "numpy", ["mse", "huber"])
LOSS_TORCH = ("loss", "torch", ["mse", "huber"])


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([], [CONV_NUMPY, CONV_TORCH, LOSS_NUMPY, LOSS_TORCH]),
        (["conv"], [CONV_NUMPY, CONV_TORCH]),
        (["conv:torch"], [CONV_TORCH]),
        (["conv.max_pool2d"], [("conv", "numpy", ["max_pool2d"]), ("conv", "torch", ["max_pool2d"])]),
        (["conv.max_pool2d:torch"], [("conv", "torch", ["max_pool2d"])]),
        (["conv.pad_backward"], [("conv", "numpy", ["pad_backward"])]),
        (["loss", "conv:numpy"], [LOSS_NUMPY, LOSS_TORCH, CONV_NUMPY]),
        (["conv_torch.py"], [CONV_TORCH]),
        (["some/where/loss_numpy.py"], [LOSS_NUMPY]),
        (["./loss_torch.py"], [LOSS_TORCH]),
    ],
)
def test_every_form_of_target_means_its_tasks(targets, found):
    assert jobs(*targets) == found


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([], [CONV_TORCH, LOSS_TORCH]),
        (["conv"], [CONV_TORCH]),
        (["conv.pad:torch"], [("conv", "torch", ["pad"])]),
    ],
)
def test_a_backend_asked_for_leaves_out_the_others(targets, found):
    assert jobs(*targets, backend="torch") == found


@pytest.mark.parametrize(
    ("targets", "tasks"),
    [
        (["loss.huber:numpy", "loss.mse:numpy"], ["mse", "huber"]),
        (["loss.mse:numpy", "loss:numpy"], ["mse", "huber"]),
        (["loss.huber:numpy", "loss.huber:numpy"], ["huber"]),
    ],
)
def test_tasks_of_one_file_are_one_job_each_task_once_in_the_plugins_order(targets, tasks):
    assert jobs(*targets) == [("loss", "numpy", tasks)]


def test_a_path_is_graded_itself_and_is_not_merged_with_the_workspaces_file():
    found = jobs_for(["loss:numpy", "other/loss_numpy.py"], COURSE, None)
    assert [job.path for job in found] == [None, Path("other/loss_numpy.py")]


def test_only_what_was_named_counts_as_asked_for():
    assert all(job.asked for job in jobs_for(["conv"], COURSE, None))
    assert not any(job.asked for job in jobs_for([], COURSE, None))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("convv", "convv: no exercise is called 'convv'; did you mean conv?"),
        ("zzz", "zzz: no exercise is called 'zzz'; there are conv, loss"),
        ("conv.max_pool", "conv.max_pool: no task of conv is called 'max_pool'; did you mean max_pool2d?"),
        ("loss.q", "loss.q: no task of loss is called 'q'; there are mse, huber"),
        ("conv:tourch", "conv:tourch: no backend is called 'tourch'; did you mean torch?"),
        ("loss.mse:jax", "loss.mse:jax: no backend is called 'jax'; there are numpy, torch"),
        ("conv.pad_backward:torch", "conv.pad_backward exists only in numpy, not in torch"),
        (
            "a/conv_nunpy.py",
            "a/conv_nunpy.py: no exercise's file is called 'conv_nunpy.py'; did you mean conv_numpy.py",
        ),
        ("", ": no exercise is called ''; there are conv, loss"),
    ],
)
def test_a_target_that_means_nothing_is_told_with_the_nearest_names(target, sentence):
    with pytest.raises(UnknownTarget) as caught:
        jobs(target)
    assert str(caught.value).startswith(sentence)
    assert caught.value.exit_code == 2


def test_one_wrong_target_among_right_ones_is_told():
    with pytest.raises(UnknownTarget, match="no exercise is called 'los'; did you mean loss"):
        jobs("conv", "los")


@pytest.mark.parametrize("target", ["conv.pad_backward", "conv:numpy", "conv.pad:numpy"])
def test_a_target_that_the_asked_backend_leaves_empty_is_told(target):
    with pytest.raises(UnknownTarget, match="torch"):
        jobs(target, backend="torch")


def test_a_path_that_the_asked_backend_contradicts_is_told():
    with pytest.raises(UnknownTarget, match="torch"):
        jobs("loss_numpy.py", backend="torch")


def test_the_command_tells_a_wrong_target_in_one_sentence(cli):
    result = cli("grade", "activation.rellu")
    assert result.exit_code == 2
    expected = "grader: activation.rellu: no task of activation is called 'rellu'; did you mean relu"
    assert result.stderr.startswith(expected)
    assert result.stderr.count("\n") == 1

"""Makes runs that go wrong and names what is wrong with them, with the functions of the exercise ``diagnosis``.

It prints the figures of the lesson, and draws a range test beside what its rate does for the training.
"""

from __future__ import annotations

from itertools import repeat

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from grader.app import make_app
from grader.course import builtin_root
from solutions import solution

FIXED = 1e-4
VALIDATION = 300  # of the training images, for the runs that are diagnosed
GOAL = 0.25
# name: rate, epochs, images, hidden units
RUNS = {
    "a rate of 1e-4": (1e-4, 10, 1138, 32),
    "a rate of 0.2": (0.2, 10, 1138, 32),
    "a rate of 1": (1.0, 10, 1138, 32),
    "a rate of 100": (100.0, 10, 1138, 32),
    "40 images": (0.2, 100, 40, 32),
    "2 hidden units": (0.02, 60, 1138, 2),
}


def main() -> None:
    np.seterr(all="ignore")  # of runs that diverge
    diagnosis = solution("diagnosis")
    tasks = make_app(installed=False).exercises["diagnosis"].exercise.tasks
    training = next(task.training for task in tasks if task.training is not None)
    x, target, params, order, batch_size, lrs = training.inputs()
    tested = diagnosis.lr_range_test(x, target, params, order, batch_size, lrs)
    found = diagnosis.suggest_lr(lrs, tested)
    curves, runs = {}, {}
    for lr in (FIXED, found):
        curves[lr], last = diagnosis._descend(x, target, params, order, batch_size, repeat(lr))
        score = diagnosis.balanced_accuracy(*training.held_out(last))
        print(
            f"rate {lr:.4g}: balanced accuracy {score:.3f}, mean loss of the last epoch {curves[lr][-45:].mean():.3f}"
        )
    for name, (lr, epochs, images, hidden) in RUNS.items():
        runs[name] = run(diagnosis, x, target, first(hidden), lr, epochs, images)
        print(name, *told(diagnosis, x, target, images, *runs[name]), sep=" | ")
    w1, b1, *rest = runs["a rate of 1"][-1]
    dead = diagnosis.dead_units(x @ w1.T + b1)
    revived = *diagnosis.revive(w1, b1, dead, first(32)[0]), *rest
    cured = run(diagnosis, x, target, revived, 0.2, 10, 1138)
    print("revived", *told(diagnosis, x, target, 1138, *cured), sep=" | ")
    draw(diagnosis, lrs, tested, found, curves, builtin_root() / "exercises" / "diagnosis" / "range_test.png")


def first(hidden: int, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Return first weights as those of the training, but for another number of hidden units."""
    rng = np.random.default_rng(seed)
    w1 = rng.standard_normal((hidden, 784)) * np.sqrt(2 / 784)
    w2 = rng.standard_normal((10, hidden)) * np.sqrt(2 / (hidden + 10))
    return tuple(one.astype(np.float32) for one in (w1, np.zeros(hidden), w2, np.zeros(10)))


def run(diagnosis, x, target, params, lr, epochs, images):
    """Train on some of the images; return the losses on these and on others before and after each epoch, and params."""
    rng, train, val = np.random.default_rng(2), [], []
    for epoch in range(epochs + 1):
        if epoch:
            order = rng.permutation(images)[None]
            params = diagnosis._descend(x[:images], target[:images], params, order, 32, repeat(lr))[1]
        train.append(diagnosis.loss_and_grads(x[:images], target[:images], params)[0])
        val.append(diagnosis.loss_and_grads(x[-VALIDATION:], target[-VALIDATION:], params)[0])
    return np.array(train), np.array(val), params


def told(diagnosis, x, target, images, train, val, params) -> tuple[str, ...]:
    """Return what the losses, the gradients and the units of a run are, and what that means."""
    grads = diagnosis.loss_and_grads(x[:images], target[:images], params)[1]
    norms = diagnosis.gradient_norms(grads[::2])
    dead = float(diagnosis.dead_units(x @ params[0].T + params[1]).mean())
    since = diagnosis.overfitting_from(train, val, 3) if np.isfinite(val).all() else None
    accuracy = diagnosis.balanced_accuracy(x[-VALIDATION:], target[-VALIDATION:], params)
    figures = f"{train[0]:.3g} to {train[-1]:.3g}", f"{val[-1]:.3g}", f"{norms[0]:.2g} {norms[-1]:.2g}", f"{dead:.2f}"
    name = diagnosis.diagnose(train, val, norms, dead, GOAL)
    return *figures, f"{accuracy:.3f}", f"best epoch {since}", name


def draw(diagnosis, lrs, tested, found, curves, path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
    finite = np.isfinite(tested)
    left.plot(np.array(lrs)[finite], tested[finite], color="0.75", label="loss before each step")
    left.plot(np.array(lrs)[finite], diagnosis.smoothed(tested[finite]), color="C0", label="smoothed")
    left.axvline(found, color="C3", label=f"steepest fall: {found:.2g}")
    left.set(xscale="log", xlabel="learning rate", ylabel="loss", ylim=(0, 4), title="a range test")
    for (lr, losses), colour in zip(curves.items(), ("C1", "C3"), strict=True):
        right.plot(diagnosis.smoothed(losses), color=colour, label=f"rate {lr:.2g}")
    right.set(xlabel="step", ylabel="smoothed loss", ylim=(0, 3), title="trainings from the same weights")
    for axis in (left, right):
        axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    main()

"""Draws held-out digits and what the functions of the exercise ``explain`` say about them, by a trained ``mlp``.

The picture goes into the exercise's folder, or into the one that is named.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from grader.app import make_app
from grader.course import builtin_root
from grader.datasets import digits
from solutions import solution

SHOWN = (3, 5, 8)
STEPS = 64
PATCH, STRIDE = (4, 4), (2, 2)


def main(folder: Path) -> None:
    explain, params = solution("explain"), trained()
    examples = digits().held_out
    rows = [int(np.flatnonzero(examples.target == digit)[0]) for digit in SHOWN]
    x, target = examples.x[rows], examples.target[rows]
    black = np.zeros_like(x[0])
    attributions = explain.integrated_gradients(x, black, target, params, STEPS)
    maps = {
        "image": (x[:, 0], "gray_r"),
        "saliency": (explain.saliency(x, target, params), "magma"),
        "integrated gradients": (attributions.sum(axis=1), "bwr"),
        "occlusion": (explain.occlusion(x, target, params, PATCH, STRIDE), "bwr"),
    }
    gap = np.abs(explain.completeness_gap(attributions, x, black, target, params)).max()
    print(f"the largest completeness gap of {STEPS} steps is {gap:.2g}")
    draw(maps, target, folder / "explanations.png")


def trained() -> tuple[np.ndarray, ...]:
    """Train the network of the exercise ``mlp`` as its recorded training does."""
    tasks = make_app(installed=False).exercises["mlp"].exercise.tasks
    training = next(task.training for task in tasks if task.training is not None)
    return solution("mlp").train(*training.inputs())[1]


def draw(maps, target, path) -> None:
    figure, axes = plt.subplots(len(target), len(maps), figsize=(1.7 * len(maps), 1.7 * len(target)), squeeze=False)
    for column, (name, (values, colours)) in enumerate(maps.items()):
        for row, value in enumerate(values):
            axis, limit = axes[row, column], np.abs(value).max()
            low = -limit if colours == "bwr" else 0
            axis.imshow(value, cmap=colours, vmin=low, vmax=limit)
            axis.set_xticks([])
            axis.set_yticks([])
            if row == 0:
                axis.set_title(name, fontsize=9)
            if column == 0:
                axis.set_ylabel(f"for class {target[row]}", fontsize=9)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else builtin_root() / "exercises" / "explain")

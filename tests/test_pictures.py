"""Pictures of lessons can be drawn again, and the ones that are there are those that are drawn."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.conftest import ROOT

PICTURES = {"explanations": "exercises/explain/explanations.png"}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_drawn_again(name, tmp_path):
    image = pytest.importorskip("matplotlib.image")
    kept = ROOT / PICTURES[name]
    before = kept.read_bytes()
    environment = {key: value for key, value in os.environ.items() if key != "GRADLINGS_MNIST"}
    command = [sys.executable, str(ROOT / "docs" / "pictures" / f"{name}.py"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True)
    assert kept.read_bytes() == before
    drawn, there = image.imread(tmp_path / kept.name), image.imread(kept)
    assert drawn.shape == there.shape
    assert drawn.std() > 0.1, "it is empty"
    assert np.abs(drawn - there).mean() < 0.01, "run `make pictures`"

"""A desk to work at: a throw-away course, a workspace beside it, and the command run there."""

import pytest

from tests.conftest import PLUGIN

RIGHT = "def scale(x, factor):\n    return factor * x + 1\n"
WRONG = "def scale(x, factor):\n    return factor * x\n"


class Desk:
    """A throw-away course, a workspace beside it, and the command run there."""

    def __init__(self, made, workspace, cli):
        self.root = made.root
        self.workspace = workspace
        self.file = workspace / "exercises" / "demo" / "demo_numpy.py"
        self._made, self._cli = made, cli

    def write(self, text):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        self.file.write_bytes(data)
        return self

    def __call__(self, *args):
        return self._cli(*map(str, args), "--course", str(self.root), cwd=self.workspace)


@pytest.fixture
def desk(course, cli, tmp_path):
    made = course(torch="", plugin=PLUGIN.replace("edges=edges", 'edges=edges, backends=("numpy",)'))
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    return Desk(made, workspace, cli)

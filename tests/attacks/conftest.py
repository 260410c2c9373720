"""The ground on which attacks are judged: what they are after lies in folders and processes of the test's own."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from grader.attempt import Submitted
from grader.course import Loaded
from grader.launch import Zygote
from grader.sandbox import Sandbox
from grader.source import Source
from grader.verdict import TaskResult
from tests.attacks.catalogue import Attack
from tests.attacks.prey import ANSWER, Prey
from tests.attacks.setting import SECRET_SEED, Setting

CANARY = "the canary of the reference"  # in this process, and in the reference
HONEST = {
    "numpy": "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n",
    "torch": "def relu(x):\n    return x.clamp(min=0)\n",
}


class Marked(Loaded):
    """An exercise whose reference holds a canary."""

    def reference(self, backend: str) -> Source:
        source = super().reference(backend)
        return replace(source, text=f"{source.text}\n\nCANARY = {CANARY!r}\n")


class Ground:
    """Sandboxes and what the course knows, kept from one attack to the next as in a class that is graded."""

    def __init__(self, app, cache) -> None:
        self._app = app
        self._cache = cache
        self._kept = contextlib.ExitStack()
        self._sandboxes: dict[frozenset[str], Sandbox] = {}
        self._oracles: dict[object, object] = {}

    def close(self) -> None:
        self._kept.close()
        self._sandboxes.clear()
        self._oracles.clear()

    def sandbox(self, without: frozenset[str] = frozenset()) -> Sandbox:
        if without not in self._sandboxes:
            self._sandboxes[without] = self._kept.enter_context(Sandbox(without=without))
        return self._sandboxes[without]

    def judge(self, text: str, backend: str, setting: Setting) -> TaskResult:
        """Grade a text as relu, by a session as every front makes one."""
        if setting.fresh:
            other = Ground(self._app, None)
            with contextlib.closing(other):
                return other.judge(text, backend, replace(setting, fresh=False))
        sandbox = self.sandbox(setting.without)
        key = (setting.without, setting.seed, backend)
        if key not in self._oracles:
            cache = self._cache if setting.without else None  # so that the reference has been run beside the attacks
            made = self._app.oracle(self._loaded(), backend, sandbox, setting.seed, cache)
            self._oracles[key] = self._kept.enter_context(made)
        tasks = [replace(one, timeout=setting.timeout) for one in self._loaded().exercise.tasks if one.name == "relu"]
        source = Source(path=setting.folder / f"activation_{backend}.py", text=text)
        source.path.write_text(text, encoding="utf-8")
        session = self._app.session(self._oracles[key], sandbox, smaller=False)
        (task,) = session.grade(Submitted(path=str(source.path), source=source), tasks).tasks
        return task

    def parent(self, setting: Setting, backend: str) -> int:
        """Return the process that starts the workers."""
        launcher = self.sandbox(setting.without).start(self._app.backends[backend])
        return launcher._program.pid if isinstance(launcher, Zygote) else 0

    def cases(self, seed: int, *, edges: bool = False) -> list[tuple[object, ...]]:
        with self._app.oracle(self._loaded(), "numpy", self.sandbox(), seed, self._cache) as oracle:
            (task,) = [one for one in oracle.tasks() if one.name == "relu"]
            return [case.args for case in oracle.cases(task) if case.name or not edges]

    @property
    def reference(self) -> str:
        return self._loaded().reference("numpy").text

    def _loaded(self) -> Loaded:
        return Marked(**vars(self._app.exercises["activation"]))


@pytest.fixture(scope="session")
def secret() -> Iterator[None]:
    """Put a secret into the environment of the grader, before it starts anything."""
    patch = pytest.MonkeyPatch()
    patch.setenv("GRADLINGS_TEST_SECRET", ANSWER.decode())
    yield
    patch.undo()


@pytest.fixture(scope="session")
def ground(app, cache, secret) -> Iterator[Ground]:
    with contextlib.closing(Ground(app, cache)) as made:
        yield made


@pytest.fixture(scope="session")
def accomplice(tmp_path_factory) -> Iterator[dict[str, object]]:
    """Serve the answer on loopback addresses and sockets of the test's own, to whoever asks."""
    folder = tmp_path_factory.mktemp("accomplice")
    names = {"UNIX": str(folder / "socket"), "ABSTRACT": f"gradlings-{os.getpid()}"}
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        serving = [tcp]
        for address in (names["UNIX"], "\0" + names["ABSTRACT"]) if sys.platform == "linux" else ():
            serving.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            serving[-1].bind(address)
            serving[-1].listen()
        for one in serving:
            threading.Thread(target=_serve, args=(one,), daemon=True).start()
        threading.Thread(target=_answer, args=(udp,), daemon=True).start()
        yield {**names, "TCP": tcp.getsockname()[1], "UDP": udp.getsockname()[1]}


def _serve(listening: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            line, _ = listening.accept()
            with line:
                line.sendall(ANSWER)


def _answer(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            question, address = line.recvfrom(512)
            line.sendto((question + b"\0" if len(question) > 10 else b"") + ANSWER, address)


@pytest.fixture(scope="session")
def tables(ground) -> dict[str, object]:
    """Return the right answers to public cases, as a learner could have worked them out at home."""
    return {
        "PUBLIC": _table(ground.cases(SECRET_SEED, edges=True)),
        "DRAWN": _table(ground.cases(0)),
    }


def _table(cases: list[tuple[object, ...]]) -> dict[tuple[object, ...], bytes]:
    rounded = [np.asarray(x).astype(kind).astype(float) for (x,) in cases for kind in (np.float64, np.float32)]
    return {(x.shape, x.tobytes()): np.maximum(x, 0).tobytes() for x in rounded}


@pytest.fixture
def prey(tmp_path, accomplice, tables) -> Iterator[Prey]:
    made = Prey(tmp_path, accomplice | tables)
    yield made
    made.close()


@pytest.fixture
def setting(ground, prey, tmp_path) -> Setting:
    (tmp_path / "control").mkdir()
    return Setting(folder=prey.submission, temporary=tmp_path / "control", reference=ground.reference)


@pytest.fixture
def attacked(ground, prey, setting, app, capfd) -> Callable[[Attack], tuple[TaskResult, bool]]:
    """Grade an attack; return the result and whether the attack has brought about what it tries."""
    from tests.attacks.effects import EFFECTS

    def run(attack: Attack) -> tuple[TaskResult, bool]:
        if "STRANGER" in attack.text:
            prey.start()
        sandbox = ground.sandbox(setting.without)
        with contextlib.ExitStack() as stack:
            if "SIBLING" in attack.text:
                child = sandbox.child(app.backends["numpy"])
                stack.callback(child.close)
                prey.sibling = child.pid
            prey.write(attack, setting)
            before = ground.parent(setting, attack.backend)
            for _ in range(attack.runs):
                result = ground.judge(attack.text, attack.backend, setting)
            prey.parents = before, ground.parent(setting, attack.backend)
            prey.printed = "".join(capfd.readouterr())
            return result, EFFECTS[attack.effect](result, prey)

    return run

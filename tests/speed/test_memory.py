"""Peak memory is read from outside, and tells blocks from a whole table."""

import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import Memory, Speed
from grader.attempt import Submitted
from grader.evidence import Evidence
from grader.facts import SourceFacts
from grader.limits import judge_memory
from grader.source import Source
from grader.speed.memory import peak_of
from grader.speed.stopwatch import Stopwatch

pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is read in /proc")

LENGTH = 1024
SPEED = Speed(
    inputs=lambda size, rng: tuple(rng.standard_normal((size, 8)) for _ in range(3)),
    size=LENGTH,
    limit=3,
    reason="whole arrays",
    memory=Memory(limit=2, reason="never hold all scores at once"),
)
IMPORT = {"numpy": "import numpy as np\n", "torch": "import torch\n"}
PLAIN = {
    "numpy": """
        def blockwise_attention(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
            scores = query @ key.T / query.shape[-1] ** 0.5
            powers = np.exp(scores - scores.max(-1, keepdims=True))
            return powers / powers.sum(-1, keepdims=True) @ value
        """,
    "torch": """
        def blockwise_attention(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
            return torch.softmax(query @ key.mT / query.shape[-1] ** 0.5, -1) @ value
        """,
}
WRONG = "def blockwise_attention(query, key, value, *_):\n    return value\n"
DEAD = "def blockwise_attention(query, key, value, *_):\n    import os\n    os._exit(0)\n"


@pytest.fixture
def peak(app, cache, sandbox):
    def run(text, backend):
        source = Source(path=Path(f"attention_{backend}.py"), text=IMPORT[backend] + textwrap.dedent(text))
        with app.oracle(app.exercises["attention"], backend, sandbox, 0, cache) as oracle:
            task = next(one for one in oracle.tasks() if one.name == "blockwise_attention")
            stopwatch = Stopwatch(oracle, sandbox, rng=np.random.default_rng(0))
            return peak_of(stopwatch, replace(task, speed=SPEED), Submitted(path="x", source=source))

    return run


def reason(measured):
    finding = judge_memory(Evidence(task=None, source=SourceFacts(), runs={}, measured=measured))
    return None if finding is None else finding.reason


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_whole_table_of_scores_is_seen(peak, backend):
    measured = peak(PLAIN[backend], backend)
    assert measured.own > 4 * LENGTH**2
    assert measured.own > 2 * measured.reference
    assert "never hold all scores at once" in reason(measured)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_the_reference_takes_what_it_takes(peak, app, backend):
    text = app.exercises["attention"].reference(backend).text
    measured = peak(text, backend)
    assert measured.reference < 4 * LENGTH**2
    assert measured.own == pytest.approx(measured.reference, rel=0.5)
    assert reason(measured) is None


def test_a_wrong_answer_has_no_memory(peak):
    assert reason(peak(WRONG, "numpy")).startswith("while its memory was measured: answer[")
    assert "the process ended itself" in reason(peak(DEAD, "numpy"))

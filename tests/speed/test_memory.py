"""Peak memory is read from outside, and tells blocks from a whole table."""

import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import Memory, Speed
from grader.attempt import Submitted
from grader.evidence import Evidence, Peak
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


# A whole table of scores, and what is done so that it is not seen.
HIDING = {
    "by a mark that it resets itself": """
        def hide(call):
            answer = call()
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")
            return answer
        """,
    "in memory that it held before": f"""
        HELD = np.ones((2, {LENGTH}, {LENGTH}))
        def hide(call):
            return call()
        """,
    "in another process": """
        import mmap, os
        def hide(call):
            place = np.frombuffer(mmap.mmap(-1, 2**20))
            process = os.fork()
            if process == 0:
                answer = call()
                place[:answer.size] = answer.ravel()
                os._exit(0)
            os.waitpid(process, 0)
            return place[:LENGTH[0] * 8].reshape(LENGTH[0], 8)
        """,
}
HIDDEN = """
def blockwise_attention(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    LENGTH[0] = len(query)
    return hide(lambda: attention(query, key, value))

LENGTH = [0]
HELD = None

def attention(query, key, value):
    scores, powers = np.empty((2, len(query), len(key))) if HELD is None else HELD[:, :len(query), :len(key)]
    np.matmul(query, key.T, out=scores)
    scores /= query.shape[-1] ** 0.5
    np.exp(scores, out=powers)
    powers /= powers.sum(-1, keepdims=True)
    return powers @ value

"""


@pytest.fixture
def peak(app, cache, loose):
    def run(text, backend):
        source = Source(path=Path(f"attention_{backend}.py"), text=IMPORT[backend] + textwrap.dedent(text))
        with app.oracle(app.exercises["attention"], backend, loose, 0, cache) as oracle:
            task = next(one for one in oracle.tasks() if one.name == "blockwise_attention")
            stopwatch = Stopwatch(oracle, loose, rng=np.random.default_rng(0))
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
    assert measured.own == pytest.approx(measured.reference, rel=0.5, abs=2**20)  # pages come and go
    assert reason(measured) is None


@pytest.mark.parametrize("way", HIDING)
def test_a_table_cannot_be_hidden(peak, way):
    measured = peak(HIDDEN + textwrap.dedent(HIDING[way]), "numpy")
    if way == "in another process":
        assert "starts another process" in reason(measured)
    else:
        assert "never hold all scores at once" in reason(measured)


def test_a_table_that_is_not_hidden_is_what_the_others_hide(peak):
    measured = peak(HIDDEN + "def hide(call):\n    return call()\n", "numpy")
    assert measured.problem == ""
    assert measured.own > 8 * LENGTH**2


def test_little_more_than_the_reference_is_no_failure():
    few = Peak(limit=2, reason="blocks", how="resident", untold=2**20, own=1_000_000, reference=10_000)
    assert reason(few) is None
    assert reason(replace(few, own=2_000_000)) is not None


def test_a_wrong_answer_has_no_memory(peak):
    assert reason(peak(WRONG, "numpy")).startswith("while its memory was measured: answer[")
    assert "the process ended itself" in reason(peak(DEAD, "numpy"))

"""Whether the limits of the course part loops from code that takes whole arrays at once.

Every alternative of every timed task races against the reference, and so does the reference itself; where memory is
limited, peaks are compared too. Prints one JSON row a line. What is listed in OVER must come out over its limit, and
everything else must not; the exit code is 1 if anything differs. Takes minutes: name exercises to look at some only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from grader.app import App, make_app
from grader.attempt import Submitted
from grader.course import Loaded
from grader.errors import WorkerError
from grader.evidence import Peak
from grader.exercise import Task
from grader.sandbox import Sandbox
from grader.source import Source
from grader.speed.memory import peak_of
from grader.speed.race import Outcome
from grader.speed.runner import Side
from grader.speed.stopwatch import Stopwatch, speed_of

REFERENCE = "the reference"
ON_THE_LINE = "on the line"
ATTEMPTS = 3
# More right answers, one row, series or query at a time, by the reference behind whose file they are put; in NumPy's
# words, which PyTorch knows as well.
ONE_AT_A_TIME = {
    "activation": """
def softmax__row_by_row(x):
    return np.stack([softmax(row) for row in x])

def log_softmax__row_by_row(x):
    return np.stack([log_softmax(row) for row in x])

def logsumexp__row_by_row(x):
    return np.stack([logsumexp(row) for row in x])

def softmax_backward__row_by_row(grad_output, x):
    return np.stack([softmax_backward(*one) for one in zip(grad_output, x)])
""",
    "loss": """
def cross_entropy__row_by_row(x, target):
    return sum(cross_entropy(x[n : n + 1], target[n : n + 1]) for n in range(len(x))) / len(x)
""",
    "backprop": """
def linear_backward__row_by_row(grad_output, x, weight, bias):
    parts = [linear_backward(g[None], row[None], weight, bias) for g, row in zip(grad_output, x)]
    grad_x, grad_weight, grad_bias = zip(*parts)
    return np.concatenate(grad_x), sum(grad_weight), sum(grad_bias)
""",
    "network": """
def forward__one_row_at_a_time(x, weights, biases):
    return np.stack([forward(row, weights, biases) for row in x])
""",
    "rnn": """
def rnn__one_by_one(x, h0, *weights):
    outputs, last = zip(*(rnn(x[:, n : n + 1], h0[n : n + 1], *weights) for n in range(len(h0))))
    return np.concatenate(outputs, 1), np.concatenate(last, 0)

def lstm__one_by_one(x, h0, c0, *weights):
    batch = range(len(h0))
    outputs, *last = zip(*(lstm(x[:, n : n + 1], h0[n : n + 1], c0[n : n + 1], *weights) for n in batch))
    return np.concatenate(outputs, 1), *(np.concatenate(one, 0) for one in last)
""",
    "attention": """
def scaled_dot_product_attention__query_by_query(query, key, value):
    places = range(query.shape[-2])
    return np.concatenate([scaled_dot_product_attention(query[..., l : l + 1, :], key, value) for l in places], -2)

def rotary_embedding__row_by_row(x, positions):
    rows = range(len(positions))
    return np.concatenate([rotary_embedding(x[..., l : l + 1, :], positions[l : l + 1]) for l in rows], -2)

def blockwise_attention__plain(query, key, value, attn_mask=None, is_causal=False, scale=None, block_size=16):
    return scaled_dot_product_attention(query, key, value, attn_mask, is_causal, scale)
""",
}
# Loops in Python over elements, rows, places or series, and forms whose work grows faster than the reference's.
OVER = {
    "arrays.pairwise_dot": {"loop"},
    "activation.softmax": {"loop", "pairwise_differences"},
    "activation.log_softmax": {"loop"},
    "activation.logsumexp": {"loop", "running"},
    "activation.softmax_backward": {"jacobian"},
    "network.forward:numpy": {"row_by_row"},
    "loss.cross_entropy": {"loop"},
    "loss.cross_entropy_backward": {"loop"},
    "backprop.linear_backward": {"loop"},
    "backprop.mlp_loss_and_grads": {"row_by_row"},
    "optimizer.adam": {"loop"},
    "regularization.dropout": {"loop"},
    "regularization.max_norm": {"loop", "selected_rows"},
    "embedding.embedding_backward": {"loop", "one_hot", "symbol_by_symbol"},
    "conv.im2col": {"loop_over_places", "filled_in_place"},
    "conv.conv2d": {"loops", "pixel_by_pixel"},
    "conv.conv2d_backward": {"loops", "full_convolution"},
    "conv.max_pool2d": {"loops", "without_padding"},
    "conv.max_pool2d_backward": {"loops"},
    "conv.avg_pool2d": {"loops", "mean_of_what_is_there"},
    "normalization.batch_norm": {"one_feature_at_a_time"},
    "normalization.batch_norm_backward": {"jacobian"},
    "normalization.layer_norm": {"one_example_at_a_time"},
    "normalization.layer_norm_backward": {"one_example_at_a_time"},
    "rnn.rnn": {"series_by_series"},
    "rnn.rnn_backward": {"each_output_alone"},
    "rnn.lstm": {"series_by_series"},
    "attention.scaled_dot_product_attention": {"loop"},
    "attention.scaled_dot_product_attention_backward": {"loop", "jacobian"},
    "attention.multi_head_attention:numpy": {"einsum"},  # in PyTorch it multiplies two at a time
}
LOOPS = {"row_by_row", "one_row_at_a_time", "one_by_one", "query_by_query"}  # those above
# Forms that hold several arrays of the scores of all keys.
OVER_MEMORY = {"attention.blockwise_attention": {"plain"}}


def main() -> int:
    options = arguments()
    app = make_app(installed=False)
    expected = True
    with Sandbox() as sandbox:
        for name in options.exercise or app.exercises:
            for row in rows_of(app, app.exercises[name], sandbox, options):
                print(json.dumps(row), flush=True)
                expected = expected and bool(row["as_expected"])
    return 0 if expected else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercise", nargs="*", help="names of exercises; all by default")
    parser.add_argument("--backend", action="append", help="numpy or torch; both by default")
    parser.add_argument("--task", action="append", help="names of tasks; all by default")
    return parser.parse_args()


def rows_of(app: App, loaded: Loaded, sandbox: Sandbox, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    for backend in options.backend or loaded.backends():
        sandbox.start(app.backends[backend])
        with app.oracle(loaded, backend, sandbox, 0, None) as oracle:
            stopwatch = Stopwatch(oracle, sandbox)
            for task in oracle.tasks():
                if task.timed_in(backend) and task.name in (options.task or [task.name]):
                    yield from races(stopwatch, task, list(entrants(loaded, task, backend)))


def entrants(loaded: Loaded, task: Task, backend: str) -> Iterator[tuple[str, Source, str]]:
    """Return names, files and functions of what can be told to answer a task."""
    reference = loaded.reference(backend)
    yield REFERENCE, reference, task.name
    own = ONE_AT_A_TIME.get(loaded.name, "")
    here = replace(reference, text=reference.text + (own if backend == "numpy" else own.replace("np.", "torch.")))
    for name in re.findall(rf"def {task.name}__(\w+)", own):
        yield name, here, f"{task.name}__{name}"
    for one in loaded.alternatives(backend):
        if one.task == task.name:
            yield one.name, one.source, one.function


def races(stopwatch: Stopwatch, task: Task, entrants: Iterable[tuple[str, Source, str]]) -> Iterator[dict[str, object]]:
    backend, full = stopwatch.backend.name, f"{stopwatch.oracle.loaded.name}.{task.name}"
    speed = speed_of(task, backend)
    for name, source, function in entrants:
        row = {"task": full, "backend": backend, "alternative": name}
        over = LOOPS | among(OVER, full, backend)
        try:
            yield {**row, **raced(stopwatch, task, stopwatch.side(task, source, function), name in over)}
            if speed.memory is not None:
                submitted = Submitted(path=source.path.name, source=source, functions={task.name: function})
                over = among(OVER_MEMORY, full, backend)
                yield {**row, **weighed(peak_of(stopwatch, task, submitted), name in over)}
        except WorkerError as error:
            yield {**row, "verdict": str(error), "as_expected": False}


def raced(stopwatch: Stopwatch, task: Task, side: Side, over: bool) -> dict[str, object]:
    """Race until it is known on which side of the limit a time lies, a few times at most."""
    limit = speed_of(task, stopwatch.backend.name).limit
    rows = (timed(stopwatch.race(task, side).run(limit), limit, over) for _ in range(ATTEMPTS))
    row: dict[str, object] = {}
    for row in rows:
        if row["verdict"] != ON_THE_LINE:
            break
    return row


def among(listed: Mapping[str, set[str]], task: str, backend: str) -> set[str]:
    """Return what is listed for a task, or for a task in one backend."""
    return listed.get(f"{task}:{backend}", listed.get(task, set()))


def timed(outcome: Outcome, limit: float, over: bool) -> dict[str, object]:
    ratio = outcome.ratio
    verdict = spoken(outcome, limit)
    return {
        "ratio": round(ratio.value, 2) if ratio else outcome.at_least and round(outcome.at_least),
        "interval": [round(ratio.low, 2), round(ratio.high, 2)] if ratio else None,
        "limit": limit,
        "verdict": verdict,
        "as_expected": verdict == "over" if over else verdict in ("under", ON_THE_LINE),
        "reference_ms": round(1000 * outcome.seconds, 3) if ratio else None,
        "transfers": round(outcome.share, 2),
    }


def spoken(outcome: Outcome, limit: float) -> str:
    """Say on which side of the limit a time lies, as far as that is known, or what went wrong."""
    if outcome.problem:
        return outcome.problem
    ratio = outcome.ratio
    if ratio is None or ratio.low > limit:
        return "over"
    return "under" if ratio.high <= limit else ON_THE_LINE


def weighed(peak: Peak, over: bool) -> dict[str, object]:
    verdict = peak.problem or ("over" if peak.ratio > peak.limit else "under")
    return {
        "memory": round(peak.ratio, 2),
        "limit": peak.limit,
        "verdict": verdict,
        "as_expected": verdict == ("over" if over else "under"),
        "megabytes": [round(peak.own / 1e6, 2), round(peak.reference / 1e6, 2)],
    }


if __name__ == "__main__":
    sys.exit(main())

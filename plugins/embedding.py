"""Embeddings: a table of vectors, one a symbol; how it learns from what was looked up, and how it is used twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Edge, Exercise, Task, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Cases = Callable[["Draw"], Arguments]
Edges = Mapping[str, Edge | Arguments]
LEFT_OUT = "left out"


def symbols(draw: Draw, vocabulary: int, *sizes: int) -> tuple[Any, Arguments]:
    """Draw indices, some of them usually equal, and which of them is padding, if any is.

    Padding occurs among the indices, unless they are all one: if everything were padding, nothing would be left to
    learn from. As a negative number it counts from the end.
    """
    indices = draw.indices(sizes, vocabulary)
    draw.label("an index occurs twice", "yes" if len({*indices.flat}) < indices.size else "no")
    kind = draw.choice("padding_idx", (LEFT_OUT, "None", "from 0", "from the end"))
    padding = int(draw.rng().choice(indices.ravel()))
    if (indices == padding).all():
        padding = (padding + 1) % vocabulary
    if kind == "from the end":
        padding -= vocabulary
    return indices, {LEFT_OUT: (), "None": (None,)}.get(kind, (padding,))


def sizes_of(draw: Draw, name: str, low: int) -> tuple[int, ...]:
    """Draw the vocabulary, two symbols or more, the width, and up to two sizes more; all differ."""
    axes = draw.integer(name, low, 2)
    vocabulary, width, *sizes = draw.sizes("vocabulary", "width", *"??"[:axes], high=6)
    return (vocabulary, width, *sizes) if vocabulary > 1 else (width, vocabulary, *sizes)


def table_cases(draw: Draw) -> Arguments:
    vocabulary, width, *sizes = sizes_of(draw, "dimensions of indices", 1)
    indices, padding = symbols(draw, vocabulary, *sizes)
    return indices, draw.array((vocabulary, width)), *padding


def table() -> Any:
    import numpy as np

    return np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 3.0, 1.0], [0.75, -0.5, 4.0]])


def rows(*indices: int) -> Any:
    import numpy as np

    return np.array(indices, dtype=np.int64)


def nothing(*args: Any) -> Edge:
    """Return an edge with an empty batch; a loop over nothing has no graph for autograd, and needs none."""
    return Edge(args=args, smooth=False)


def table_edges() -> Edges:
    import numpy as np

    return {
        "one index, without dimensions": (np.array(2), table()),
        "no indices": nothing(rows(), table()),
        "as many indices as symbols": (rows(3, 0, 2, 0), table(), 2),
        "padding_idx 0": (rows(3, 0, 1), table(), 0),
        "padding_idx -1": (rows(3, 0, 1), table(), -1),
    }


def table_backward_edges() -> Edges:
    edges = {
        **table_edges(),
        "one symbol three times": (rows(1, 3, 1, 1), table()),
        "nothing but padding": (rows(1, 1), table(), 1),
    }
    return with_upstream(edges, lambda indices, weight, *_: (*indices.shape, weight.shape[1]))


def with_upstream(edges: Edges, shape: Callable[..., tuple[int, ...]]) -> Edges:
    """Put an upstream gradient of the forward's output shape before the arguments of each edge."""
    import numpy as np

    def upstream(args: Arguments) -> Any:
        size = shape(*args)
        return np.zeros(size) if 0 in size else np.resize(np.array([-0.5, 1.25, 2.0, -0.75, 0.3]), size)

    forward = {name: edge.args if isinstance(edge, Edge) else edge for name, edge in edges.items()}
    return {name: (upstream(args), *args) for name, args in forward.items()}


def table_backward_cases(draw: Draw) -> Arguments:
    indices, weight, *padding = table_cases(draw)
    return draw.array((*indices.shape, weight.shape[1])), indices, weight, *padding


def logit_cases(draw: Draw) -> Arguments:
    vocabulary, width, *sizes = sizes_of(draw, "axes before the features", 0)
    return draw.array((*sizes, width)), draw.array((vocabulary, width))


def logit_edges() -> Edges:
    import numpy as np

    square, x = table()[:3], np.array([[1.0, -0.5, 0.25], [2.0, 1.5, -3.0]])
    return {
        "as many symbols as features": (x, square),
        "everything of one size": (table()[1:], square),
        "an empty batch": nothing(np.zeros((0, 3)), table()),
    }


def logit_backward_edges() -> Edges:
    return with_upstream(logit_edges(), lambda x, weight: (*x.shape[:-1], len(weight)))


def logit_backward_cases(draw: Draw) -> Arguments:
    x, weight = logit_cases(draw)
    return draw.array((*x.shape[:-1], len(weight))), x, weight


def model_cases(draw: Draw) -> Arguments:
    vocabulary, width, *sizes = sizes_of(draw, "dimensions of indices", 1)
    indices, padding = symbols(draw, vocabulary, *sizes)
    return indices, draw.array((vocabulary, width)), draw.array((width, width)), *padding


def model_edges() -> Edges:
    import numpy as np

    projection = np.array([[1.0, 0.5, -2.0], [0.25, -1.0, 1.5], [3.0, 0.75, 0.5]])
    return {
        "no indices": nothing(rows(), table(), projection),
        "as many symbols as features": (rows(2, 0, 1), table()[:3], projection),
        "padding_idx 0": (rows(3, 0, 1), table(), projection, 0),
        "padding_idx -1": (rows(3, 0, 1), table(), projection, -1),
    }


def model_backward_edges() -> Edges:
    projection = model_edges()["padding_idx 0"][2]
    edges = {
        **model_edges(),
        "one symbol three times": (rows(1, 3, 1, 1), table(), projection),
        "nothing but padding": (rows(1, 1), table(), projection, 1),
    }
    return with_upstream(edges, lambda indices, weight, *_: (*indices.shape, len(weight)))


def model_backward_cases(draw: Draw) -> Arguments:
    indices, weight, *others = model_cases(draw)
    return draw.array((*indices.shape, len(weight))), indices, weight, *others


LOOK_UP = ("torch.nn.functional.embedding", "torch.nn.functional.embedding_bag")
WELCOME = ("torch.nn.functional.embedding", "torch.nn.functional.linear")


def backward(of: str, cases: Cases, edges: Callable[[], Edges], **options: Any) -> Task:
    return Task(name=f"{of}_backward", cases=cases, edges=edges, backends=("numpy",), **options)


@hookimpl
def grader_exercises() -> list[Exercise]:
    return [
        Exercise(
            name="embedding",
            title="Embeddings",
            after=("rnn",),
            tasks=(
                Task(
                    name="embedding",
                    cases=table_cases,
                    edges=table_edges,
                    gradient=("weight",),
                    forbid=LOOK_UP,
                    minutes=8,
                ),
                backward("embedding", table_backward_cases, table_backward_edges, points=2, minutes=12),
                Task(
                    name="tied_logits",
                    cases=logit_cases,
                    edges=logit_edges,
                    gradient=("x", "weight"),
                    allow=WELCOME[1:],
                    minutes=4,
                ),
                backward("tied_logits", logit_backward_cases, logit_backward_edges, minutes=8),
                Task(
                    name="tied_model",
                    cases=model_cases,
                    edges=model_edges,
                    gradient=("weight", "projection"),
                    allow=WELCOME,
                    minutes=8,
                ),
                backward("tied_model", model_backward_cases, model_backward_edges, points=3, minutes=20),
            ),
        )
    ]

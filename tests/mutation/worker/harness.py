"""What runs in a worker: the reference and its mutants side by side, on draws that the plugin has not made.

The worker gets the text of this file and, below it, a call of ``prepare``; it can import NumPy, the backend, and what
lies beside this file. Comparing there spares sending some hundred thousand answers through the wall; nobody's honesty
is at stake.
"""

import warnings
from functools import cached_property

import numpy as np
from leaves import cast, coarse, copied, dtype_difference, flat, is_float, kind, leaf_difference, leaves, same

# An answer differs in float64 if it is off by more than this many times what the grader allows, so that the grader's
# own tolerance explains no difference that is found.
BEYOND_TOLERANCE = 10.0
# The first question, values in float64, is asked on every draw; the others, in float32 and of gradients, on every
# fourth: what differs there alone differs nearly everywhere, in its dtype, its graph or where it overflows.
OTHERS_EVERY = 4


class Program:
    """One text, run; calling it gives its leaves, its exception's class, and its arguments as they are afterwards."""

    def __init__(self, text, task, driver):
        self.function = run(text)[task]
        if driver:
            apply = list(run(driver, np=np).values())[-1]
            target = self.function
            self.function = lambda *args: apply(target, *args)

    def answer(self, args, call):
        args = copied(args)
        try:
            value = leaves(call(self.function, args))
        except Exception as error:
            return None, type(error), args
        return value, None, args


class Truth:
    """What the reference says to one call; how much error is allowed is worked out only if a mutant is off at all."""

    def __init__(self, work, args, mode, dtype):
        self.work, self.args, self.dtype = work, args, dtype
        self.call = work.gradient if mode == "gradient" else forward
        self.value, self.error, self.after = work.reference.answer(args, self.call)

    @cached_property
    def bounds(self):
        """Return the truth and the allowed error of each leaf, None where it must be equal."""
        if self.dtype != "float32":
            return [(leaf, self.work.allowed(leaf)) for leaf in self.value]
        truth = self.work.reference.answer(cast(self.args, "float64"), self.call)[0]
        return [(leaf, coarse(leaf, own)) for leaf, own in zip(truth, self.value, strict=True)]


class Work:
    """A reference and mutants of it, and how to tell them apart."""

    def __init__(self, settings):
        task, driver = settings["task"], settings["driver"]
        self.generator = run(settings["generator"])[task]
        self.reference = Program(settings["reference"], task, driver)
        self.mutants = {i: Program(text, task, driver) for i, text in enumerate(settings["mutants"])}
        self.questions = settings["questions"]
        self.wrt = settings["wrt"]
        self.changeable = settings["changeable"]
        self.rtol, self.atol = settings["tolerance"]

    def look(self, first, count):
        """Return, for each mutant that differs on one of the draws, its number, the draw, and how it differs."""
        found = []
        for number in range(first, first + count if self.mutants else first):
            args = self.generator(np.random.default_rng([20, number]))
            for question in self.questions if number % OTHERS_EVERY == 0 else self.questions[:1]:
                found.extend([i, number, text] for i, text in self.asked(args, *question))
        return found

    def asked(self, args, mode, dtype):
        """Ask the reference and every mutant that is left; one that differs is not asked again."""
        truth = Truth(self, cast(args, dtype), mode, dtype)
        for number, mutant in list(self.mutants.items()):
            text = self.difference(mutant.answer(truth.args, truth.call), truth)
            if text:
                del self.mutants[number]
                yield number, f"{text} ({mode}, {dtype})"

    def allowed(self, leaf):
        return BEYOND_TOLERANCE * (self.atol + self.rtol * np.abs(leaf)) if is_float(leaf) else None

    def difference(self, got, truth):
        """Return how a mutant's answer differs from the reference's, or nothing."""
        value, raised, after = got
        if raised or truth.error:
            alike = raised and truth.error and issubclass(raised, truth.error)
            return "" if alike else f"raises {name(raised)}, not {name(truth.error)}"
        if not all(same(a, b) for i, (a, b) in enumerate(zip(after, truth.after, strict=True)) if self.judged(i)):
            return "changes its arguments"
        if len(value) == len(truth.value) and all(map(same, value, truth.value)):
            return ""
        return leaf_by_leaf(value, truth)

    def judged(self, position):
        return position not in self.changeable

    def gradient(self, function, args):
        """Differentiate, with random gradients from above; of one sum, since torch checks given ones at great cost."""
        import torch

        inputs = [tracked(one) if i in self.wrt else native(one) for i, one in enumerate(args)]
        outputs = [one for one in flat(function(*inputs)) if isinstance(one, torch.Tensor) and one.is_floating_point()]
        rng = np.random.default_rng(7)
        given = [torch.as_tensor(rng.standard_normal(tuple(one.shape)), dtype=one.dtype) for one in outputs]
        total = sum((output * grad).sum() for output, grad in zip(outputs, given, strict=True))
        wanted = [one for i in self.wrt for one in flat(inputs[i : i + 1]) if isinstance(one, torch.Tensor)]
        found = torch.autograd.grad(total, wanted, allow_unused=True)
        return tuple(torch.zeros_like(x) if g is None else g for g, x in zip(found, wanted, strict=True))


def leaf_by_leaf(value, truth):
    if [kind(one) for one in value] != [kind(one) for one in truth.value]:
        return "another structure or shape"
    for got, own, (right, bound) in zip(value, truth.value, truth.bounds, strict=True):
        text = leaf_difference(got, own, right, bound) or (truth.dtype and dtype_difference(got, own))
        if text:
            return text
    return ""


def run(text, **names):
    namespace = {"__name__": "mutation", **names}
    exec(compile(text, "mutation", "exec"), namespace)
    return namespace


def forward(function, args):
    return function(*map(native, args))


def native(value):
    if isinstance(value, tuple):
        return tuple(map(native, value))
    return from_array(value) if isinstance(value, np.ndarray) else value


def tracked(value):
    """Return what will be differentiated with respect to: a tensor, a tuple of them, or None for an absent one."""
    if isinstance(value, tuple):
        return tuple(map(tracked, value))
    value = native(value)
    return value.requires_grad_(True) if hasattr(value, "requires_grad_") and value.is_floating_point() else value


def name(error):
    return error.__name__ if error else "nothing"


def prepare(settings):
    global look, from_array
    np.seterr(all="ignore")
    warnings.simplefilter("ignore")
    from_array = np.asarray
    if settings["backend"] == "torch":
        import torch

        from_array = torch.from_numpy
    look = Work(settings).look

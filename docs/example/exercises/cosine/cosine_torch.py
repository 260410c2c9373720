"""Cosine similarity in PyTorch."""

import torch


def cosine_similarity(a, b, eps=1e-8):
    """Return the cosine of the angle between each row of a and each row of b.

    A length below eps counts as eps, so that a row of zeros is similar to nothing: a·b / (max(|a|, eps) max(|b|, eps)).

    Args:
        a: (N, D).
        b: (M, D).

    Returns:
        (N, M), in the dtype of a.

    >>> cosine_similarity(torch.tensor([[3.0, 4.0]]), torch.tensor([[4.0, 3.0], [0.0, 2.0]]))
    tensor([[0.9600, 0.8000]])

    Not allowed here: torch.nn.functional.cosine_similarity, torch.nn.functional.normalize.
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)

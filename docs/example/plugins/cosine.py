"""An example of a whole plugin: one exercise with one task."""

from grader import Draw, Exercise, Task, hookimpl


def cases(draw: Draw):
    n, m, features = draw.sizes("n", "m", "features", low=1, high=5)
    kind = draw.choice("values", ("normal", "large"))
    return draw.array((n, features), kind), draw.array((m, features), kind)


def edges():
    import numpy as np

    return {"a row of zeros": (np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[1.0, 2.0]]))}


@hookimpl
def grader_exercises():
    task = Task(
        name="cosine_similarity",
        cases=cases,
        edges=edges,
        gradient=("a", "b"),
        forbid=("torch.nn.functional.cosine_similarity", "torch.nn.functional.normalize"),
        minutes=10,
    )
    return [Exercise(name="cosine", title="Cosine similarity", tasks=(task,))]

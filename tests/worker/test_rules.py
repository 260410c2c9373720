"""What a task forbids: met however it is called, for as long as the task runs, and nothing else."""

import pytest

from tests.conftest import first_failure, only_task

TANH = "activation.tanh:numpy"
SOFTMAX = "activation.softmax:torch"

NUMPY_FORMS = {
    "an attribute": "import numpy as np\ndef tanh(x):\n    return np.tanh(x)\n",
    "another name for NumPy": "import numpy\ndef tanh(x):\n    return numpy.tanh(x)\n",
    "imported by name": "from numpy import tanh as t\ndef tanh(x):\n    return t(x)\n",
    "imported late": "def tanh(x):\n    from numpy import tanh as t\n    return t(x)\n",
    "all names": "from numpy import *\nfrom numpy import tanh as t\ndef tanh(x):\n    return t(x)\n",
    "getattr": "import numpy as np\ndef tanh(x):\n    return getattr(np, 'ta' + 'nh')(x)\n",
    "the module's dict": "import numpy as np\ndef tanh(x):\n    return vars(np)['tanh'](x)\n",
    "sys.modules": "import sys\ndef tanh(x):\n    return sys.modules['numpy'].tanh(x)\n",
    "importlib": "import importlib\ndef tanh(x):\n    return importlib.import_module('numpy').tanh(x)\n",
    "an alias made at the top": "import numpy as np\nT = np.tanh\ndef tanh(x):\n    return T(x)\n",
    "a default argument": "import numpy as np\ndef tanh(x, f=np.tanh):\n    return f(x)\n",
    "an out argument": "import numpy as np\ndef tanh(x):\n    y = x.copy()\n    np.tanh(x, out=y)\n    return y\n",
    "its method": "import numpy as np\ndef tanh(x):\n    y = x.copy()\n    np.tanh.at(y, ...)\n    return y\n",
    "vectorize": "import numpy as np\ndef tanh(x):\n    return np.vectorize(np.tanh)(x).astype(x.dtype)\n",
    "map": "import numpy as np\ndef tanh(x):\n    return np.array(list(map(np.tanh, x.ravel()))).reshape(x.shape)\n",
    "a thread": (
        "import numpy as np\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "def tanh(x):\n    return ThreadPoolExecutor(1).submit(np.tanh, x).result()\n"
    ),
    "eval": "import numpy as np\ndef tanh(x):\n    return eval('np.tanh(x)')\n",
}
TORCH_FORMS = {
    "torch": "torch.softmax(x, dim)",
    "functional": "F.softmax(x, dim)",
    "a method": "x.softmax(dim)",
    "special": "torch.special.softmax(x, dim)",
    "a module": "nn.Softmax(dim)(x)",
    "softmin": "F.softmin(-x, dim)",
    "the underscore operator": "torch._softmax(x, dim, False)",
    "torch.ops": "torch.ops.aten._softmax(x, dim, False)",
    "log_softmax": "torch.log_softmax(x, dim).exp()",
    "a module for log_softmax": "nn.LogSoftmax(dim)(x).exp()",
    "logsumexp": "torch.exp(x - x.logsumexp(dim, keepdim=True))",
    "special logsumexp": "torch.exp(x - torch.special.logsumexp(x, dim, keepdim=True))",
    "getattr": "getattr(torch, 'soft' + 'max')(x, dim)",
    "a thread": "ThreadPoolExecutor(1).submit(torch.softmax, x, dim).result()",
    "TorchScript": "scripted(x, dim)",
    "gumbel_softmax": "F.gumbel_softmax(x, dim=dim)",
    "without gradients": "quiet(x, dim)",
    "in inference mode": "inferred(x, dim)",
    "vmap": "torch.vmap(lambda row: torch.softmax(row, 0))(x.movedim(dim, -1).reshape(-1, x.shape[dim]))",
    "out": "torch.softmax(x, dim, out=torch.empty_like(x))",
}
TORCH_HEAD = """
import torch
from torch import nn
import torch.nn.functional as F
from concurrent.futures import ThreadPoolExecutor


@torch.jit.script
def scripted(x: torch.Tensor, dim: int) -> torch.Tensor:
    return torch.softmax(x, dim)


@torch.no_grad()
def quiet(x, dim):
    return torch.softmax(x, dim)


@torch.inference_mode()
def inferred(x, dim):
    return torch.softmax(x, dim)


def softmax(x, dim=-1):
    return """


@pytest.mark.parametrize("text", NUMPY_FORMS.values(), ids=NUMPY_FORMS)
def test_a_forbidden_function_of_numpy_is_met_in_every_form(grade, text):
    report = grade(TANH, text)
    verdict = first_failure(report)
    assert (verdict.check, verdict.reason) == ("rules", "numpy.tanh is not allowed in this task")
    assert report.score == 0
    others = {one.check: one.status for one in only_task(report).checks}
    assert others["values"] == "skipped"


def test_the_line_of_the_forbidden_call_is_told(grade):
    exception = first_failure(grade(TANH, NUMPY_FORMS["getattr"])).exception
    assert (exception["line"], exception["function"]) == (3, "tanh")


def test_what_does_the_work_by_other_means_stays_allowed(grade):
    text = (
        "import numpy as np\ndef tanh(x):\n    e = np.exp(-2 * np.abs(x))\n    return np.sign(x) * (1 - e) / (1 + e)\n"
    )
    assert only_task(grade(TANH, text)).status == "passed"
    text = "import numpy as np\nimport math\ndef tanh(x):\n    return np.vectorize(math.tanh, otypes=[x.dtype])(x)\n"
    assert only_task(grade(TANH, text)).status == "passed"


def test_a_ban_ends_with_its_task_and_another_task_of_the_file_may_call_it(grade):
    text = (
        "import numpy as np\nT = np.tanh\n\n\ndef tanh(x):\n    return np.tanh(x)\n\n\n"
        "def sigmoid(x):\n    return 0.5 * (1 + T(0.5 * x))\n\n\n"
        "def tanh_backward(grad_output, x):\n    return grad_output * (1 - np.tanh(x) ** 2)\n"
    )
    report = grade("activation:numpy", text)
    status = {task.name: (task.status, task.checks[1].status) for task in report.exercises[0].tasks}
    assert status["tanh"] == status["tanh_backward"] == ("failed", "failed")
    assert status["sigmoid"] == ("passed", "passed")


def test_the_file_may_use_a_forbidden_function_while_it_loads(grade):
    text = "import numpy as np\nTABLE = np.tanh(np.zeros(3))\ndef tanh(x):\n    return 2 / (1 + np.exp(-2 * x)) - 1\n"
    assert only_task(grade(TANH, text)).status == "passed"


def test_a_guarded_function_still_behaves_like_the_ufunc_where_it_is_allowed(grade):
    text = (
        "import numpy as np\n"
        "def sigmoid(x):\n"
        "    assert np.tanh.nin == 1 and np.tanh.__name__ == 'tanh' and callable(np.logaddexp.reduce)\n"
        ""
        "    return np.exp(-np.logaddexp(0, -x))\n"
    )
    assert only_task(grade("activation.sigmoid:numpy", text)).status == "passed"


@pytest.fixture(scope="module")
def torch_reports(app, cache, tmp_path_factory):
    """Grade every form in one sandbox."""
    from grader.attempt import Submitted
    from grader.sandbox import Sandbox
    from grader.source import Source

    loaded = app.exercises["activation"]
    with Sandbox() as sandbox, app.oracle(loaded, "torch", sandbox, 0, cache) as oracle:

        def run(text, *names):
            path = tmp_path_factory.mktemp("rules") / "activation_torch.py"
            path.write_text(text)
            source = Source(path=path, text=text)
            session = app.session(oracle, sandbox, smaller=False)
            tasks = [task for task in oracle.tasks() if task.name in names]
            results = session.grade(Submitted(path=str(path), source=source), tasks).tasks
            return {task.name: {verdict.check: verdict for verdict in task.checks} for task in results}

        yield run


@pytest.mark.parametrize("expression", TORCH_FORMS.values(), ids=TORCH_FORMS)
def test_a_forbidden_kernel_of_torch_is_met_in_every_form(torch_reports, expression):
    rules = torch_reports(TORCH_HEAD + expression + "\n", "softmax")["softmax"]["rules"]
    assert rules.status == "failed"
    assert "is not allowed in this task" in rules.reason
    assert "max" in rules.reason or "logsumexp" in rules.reason


ALLOWED = {
    "exp and sum": "(lambda e: e / e.sum(dim, keepdim=True))((x - x.amax(dim, keepdim=True)).exp())",
    "loops in Python": (
        "torch.stack([r.exp() / r.exp().sum() for r in (x - x.amax(dim, keepdim=True)).movedim(dim, -1)"
        ".reshape(-1, x.shape[dim])]).reshape(x.movedim(dim, -1).shape).movedim(-1, dim)"
    ),
}


@pytest.mark.parametrize("expression", ALLOWED.values(), ids=ALLOWED)
def test_honest_torch_passes_the_rules_and_all_the_rest(torch_reports, expression):
    checks = torch_reports(TORCH_HEAD + expression + "\n", "softmax")["softmax"]
    assert {verdict.status for verdict in checks.values() if verdict.wanted} == {"passed"}


def test_a_kernel_that_one_task_forbids_serves_another_before_and_after(torch_reports):
    text = (
        "import torch\n\ndef sigmoid(x):\n    return torch.sigmoid(x)\n\n"
        "def silu(x):\n    return x * torch.sigmoid(x)\n\n"
        "def tanh(x):\n    return 2 * torch.sigmoid(2 * x) - 1\n"
    )
    checks = torch_reports(text, "sigmoid", "tanh", "silu")
    assert checks["sigmoid"]["rules"].status == "failed"
    assert {verdict.status for verdict in checks["tanh"].values() if verdict.wanted} == {"passed"}
    assert {verdict.status for verdict in checks["silu"].values() if verdict.wanted} == {"passed"}


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import scipy.special", "scipy.special"),
        ("from scipy.special import expit", "scipy.special"),
        ("import grader", "grader"),
        ("import jax.numpy as jnp", "jax.numpy"),
    ],
)
def test_a_foreign_import_is_refused_with_its_line_and_nothing_runs(grade, line, module):
    text = f"import numpy as np\n{line}\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n"
    verdict = first_failure(grade("activation.relu:numpy", text))
    assert (verdict.check, verdict.reason) == ("rules", f"line 2 imports {module}, which is not allowed here")


def test_a_foreign_import_inside_a_function_is_refused_too(grade):
    text = "def relu(x):\n    import scipy\n    return x * (x > 0)\n"
    verdict = first_failure(grade("activation.relu:numpy", text))
    assert verdict.reason == "line 2 imports scipy, which is not allowed here"


def test_torch_is_foreign_in_numpy_and_numpy_is_at_home_in_torch(grade):
    text = "import torch\ndef relu(x):\n    return x * (x > 0)\n"
    verdict = first_failure(grade("activation.relu:numpy", text))
    assert verdict.reason == "line 1 imports torch, which is not allowed here"
    text = "import numpy as np\nimport torch\ndef relu(x):\n    return torch.where(x > np.float64(0), x, 0 * x)\n"
    assert only_task(grade("activation.relu:torch", text)).status == "passed"


@pytest.mark.parametrize("line", ["import math", "import statistics", "from collections import abc", "import typing"])
def test_the_standard_library_is_welcome(grade, line):
    assert (
        only_task(grade("activation.relu:numpy", f"{line}\ndef relu(x):\n    return x * (x > 0)\n")).status == "passed"
    )


def test_a_helper_file_beside_the_submission_may_be_imported(grade, tmp_path):
    (tmp_path / "my_helper.py").write_text("def positive(x):\n    return x > 0\n")
    text = "from my_helper import positive\ndef relu(x):\n    return x * positive(x)\n"
    assert only_task(grade("activation.relu:numpy", text)).status == "passed"


def test_a_helper_folder_beside_the_submission_may_be_imported(grade, tmp_path):
    (tmp_path / "my_tools").mkdir()
    (tmp_path / "my_tools" / "__init__.py").write_text("def positive(x):\n    return x > 0\n")
    text = "from my_tools import positive\ndef relu(x):\n    return x * positive(x)\n"
    assert only_task(grade("activation.relu:numpy", text)).status == "passed"


def test_a_forbidden_function_called_by_a_helper_file_is_met(grade, tmp_path):
    (tmp_path / "my_helper.py").write_text("from numpy import tanh as hidden\n")
    text = "from my_helper import hidden\ndef tanh(x):\n    return hidden(x)\n"
    assert first_failure(grade(TANH, text)).check == "rules"

"""Start a worker: ``python -I -S worker KIND DESCRIPTOR MEMORY BACKEND MODULES FOLDERS DEVICE``.

KIND is ``zygote`` (imports the backend and forks children on command), ``bare`` (forks children that import the backend
themselves, since no process that uses an accelerator can be forked) or ``single`` (is the one child itself, where there
is no fork). BACKEND is the path of a backend's worker file; MODULES and FOLDERS say what may be imported from where;
DEVICE is ``cpu`` or an accelerator.
"""

import importlib
import importlib.util
import os
import socket
import sys
from types import ModuleType

HERE = os.path.dirname(os.path.abspath(__file__))


def load(name: str, file: str, folder: str | None = None) -> ModuleType:
    """Import a file under a name of our choice, without putting its folder on the path."""
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[folder] if folder else None)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(kind: str, descriptor: str, memory: str, backend: str, modules: str, folders: str, device: str) -> None:
    """Import what the children need, then serve."""
    del sys.path[0]
    load("worker", os.path.join(HERE, "__init__.py"), HERE)
    importlib.import_module("worker.imports").confine(modules.split(","), folders.split(os.pathsep))
    zygote = importlib.import_module("worker.zygote")
    serve = importlib.import_module("worker.serve")
    sys.argv = [""]
    channel = socket.socket(fileno=int(descriptor))
    if kind == "bare":
        zygote.run(channel, lambda: prepared(backend, device), int(memory))
        return
    module = prepared(backend, device)
    if kind == "zygote":
        zygote.run(channel, lambda: module, int(memory))
    else:
        channel.sendall(zygote.REPLY.pack(os.getpid()))
        serve.serve(channel, module, int(memory))


def prepared(backend: str, device: str) -> ModuleType:
    """Import the backend; afterwards nothing can import this program any more."""
    module = load("worker.backend", backend)
    if device != "cpu":
        module.use(device)
    # The learner's own helper may be called `worker`; and this program is nobody's to import.
    for name in [name for name in sys.modules if name.partition(".")[0] == "worker"]:
        del sys.modules[name]
    return module


if __name__ == "__main__":
    main(*sys.argv[1:])

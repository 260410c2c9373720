"""Right answers that were computed from other data are not taken from the cache."""

from grader.cache import Cache
from grader.oracle import Oracle
from grader.sandbox import Sandbox
from tests.conftest import ROOT


def test_data_and_what_reads_it_belong_to_the_key_of_the_cache(app, monkeypatch):
    seen = []
    monkeypatch.setattr("grader.oracle.digest_files", lambda files: seen.extend(files) or "")
    with Sandbox() as sandbox, Oracle(app.exercises["loss"], app.backends["numpy"], sandbox, Cache(None)) as oracle:
        assert oracle._fingerprint
    found = {path.resolve() for path in seen}
    assert (ROOT / "exercises" / "data" / "digits.npz").resolve() in found
    assert (ROOT / "grader" / "datasets" / "images.py").resolve() in found
    assert (ROOT / "grader" / "oracle.py").resolve() in found

"""What the mutation tests share: one sandbox for all of them."""

import pytest

from grader.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as started:
        yield started

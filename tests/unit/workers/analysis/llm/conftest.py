"""A model server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.model import FakeModel
from tests.unit.workers.analysis.llm.questions import Asker


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture
def asker(model: FakeModel) -> Asker:
    return Asker(model)

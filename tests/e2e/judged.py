"""A digest that a model judged, read again."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.conftest import Ended
from workers.model import Digest, Entry

Judged = Callable[..., Ended]
"""Reports a repository, judged by the fake model with a script."""


def told(ended: Ended) -> Digest:
    return Digest.model_validate_json(ended.out)


def entries(ended: Ended) -> list[Entry]:
    return [entry for part in told(ended).repositories for entry in part.commits]


def newest(ended: Ended) -> Entry:
    return entries(ended)[0]


def texts(entry: Entry) -> list[str]:
    return [statement.text for statement in entry.analysis.statements()]

"""What stands beside a digest in a chat: its report's link, and its last days where they are known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import fakeredis
import pytest
from redis import Redis

from chatbot.beside import Beside, open_beside
from tests import samples
from workers.model import Digest
from workers.request import DigestRequest, Query
from workers.settings import Settings
from workers.sources.window import days_window
from workers.store.history import Day, HistoryStore, Piece
from workers.store.runs import RunStore

NOW = datetime(2026, 2, 22, 8, 30, tzinfo=UTC)
RUN = "run1"
SHANGHAI = "Asia/Shanghai"
DAYS = [Day(day=date(2026, 2, 20), low=3), Day(day=date(2026, 2, 21), high=1)]


def whole(day: Day) -> Piece:
    window = days_window(day.day, day.day, SHANGHAI)
    return Piece(**day.model_dump(), start=int(window.start.timestamp()), end=int(window.end.timestamp()))


@pytest.fixture
def digest() -> Digest:
    window = days_window(date(2026, 2, 21), date(2026, 2, 21), SHANGHAI)
    return samples.busy().model_copy(update={"window": window})


def beside(redis: Redis, **settings: str) -> Beside:
    return open_beside(Settings(**settings), redis, lambda: NOW)  # type: ignore[arg-type]


def ran(redis: Redis, *sources: str, **query: object) -> None:
    """As if the run had been made, after which two days are known."""
    wanted = Query(timezone=SHANGHAI, **query)  # type: ignore[arg-type]
    request = DigestRequest(asked_at=NOW, sources=sources or ("Acme/Engine",), query=wanted, language="en")
    RunStore(redis, timedelta(days=2)).create(RUN, request)
    HistoryStore(redis, timedelta(days=90)).put("github:acme/engine", SHANGHAI, map(whole, DAYS))


def test_the_days_of_a_digest_are_those_up_to_its_last_one(redis: Redis, digest: Digest) -> None:
    ran(redis)
    assert beside(redis).days(digest, RUN) == DAYS


def test_beside_a_digest_of_a_part_of_its_days_none_are_told(redis: Redis, digest: Digest) -> None:
    ran(redis, paths=("src",))
    assert beside(redis).days(digest, RUN) == ()


def test_beside_a_digest_of_several_repositories_only_days_of_all_are_told(redis: Redis, digest: Digest) -> None:
    ran(redis, "acme/engine", "acme/unknown")
    assert beside(redis).days(digest, RUN) == []


def test_a_digest_is_whole_without_days_that_cannot_be_had(digest: Digest) -> None:
    server = fakeredis.FakeServer()
    with fakeredis.FakeStrictRedis(server=server, version=7) as redis:
        assert beside(redis).days(digest, "a run that is forgotten") == ()
        server.connected = False
        assert beside(redis).days(digest, RUN) == ()


def test_there_is_a_link_where_there_is_an_address_and_a_key(redis: Redis, digest: Digest) -> None:
    assert beside(redis).report_url(digest, RUN) is None
    url = beside(redis, public_url="https://bot.test", secret_key="k").report_url(digest, RUN)
    assert url is not None
    assert url.startswith("https://bot.test/reports/")

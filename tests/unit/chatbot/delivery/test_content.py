"""What is delivered of a digest has beside it what the installation knows: its report, and its last days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from redis import Redis

from chatbot.beside import Beside, open_beside
from chatbot.delivery.content import ordered_view, scheduled_view
from chatbot.orders import Order
from chatbot.views.view import Actions, Chart, View, walk
from tests import samples
from tests.unit.chatbot.rooms import CHANNEL
from workers.cadence import Due
from workers.days import DayTally
from workers.model import Digest, Tier
from workers.request import DigestRequest, Query
from workers.settings import Settings
from workers.sources.window import days_window
from workers.store.history import HistoryStore
from workers.store.runs import RunStore
from workers.subscription import Running

RUN, ZONE, LAST = "run1", "UTC", date(2026, 2, 21)
NOW = datetime(2026, 2, 22, 9, tzinfo=UTC)
ORDER = Order(channel=CHANNEL, language="en", sources=("acme/engine",), public_only=True)
WINDOW = days_window(LAST, LAST, ZONE)
RUNNING = Running(run_id=RUN, window=Due(start=WINDOW.start, end=WINDOW.end, is_catch_up=False), begun_at=NOW)
DIGEST = samples.busy("en").model_copy(update={"window": WINDOW})


@pytest.fixture
def beside(redis: Redis) -> Beside:
    request = DigestRequest(asked_at=NOW, sources=ORDER.sources, query=Query(timezone=ZONE), language="en")
    RunStore(redis, timedelta(days=2)).create(RUN, request)
    tally = DayTally(days_window(LAST - timedelta(days=2), LAST, ZONE), NOW)
    tally.count(WINDOW.start, Tier.HIGH)
    HistoryStore(redis, timedelta(days=90)).put("github:acme/engine", ZONE, tally.pieces())
    settings = Settings(public_url="https://bot.test", secret_key="k")  # type: ignore[arg-type]
    return open_beside(settings, redis, lambda: NOW)


def found(view: View) -> tuple[int, list[str]]:
    """How many days its chart has, and where its report stands."""
    blocks = list(walk(view.blocks))
    charts = [len(block.labels) for block in blocks if isinstance(block, Chart)]
    pressed = (action for block in blocks if isinstance(block, Actions) for action in block.actions)
    return sum(charts), [action.url for action in pressed if action.kind == "report"]


def views(digest: Digest, beside: Beside | None) -> list[View]:
    return [ordered_view(digest, RUN, ORDER, beside), scheduled_view(digest, RUNNING, beside)]


def test_a_digest_that_was_ordered_or_due_has_its_report_and_its_days_beside_it(beside: Beside) -> None:
    for view in views(DIGEST, beside):
        days, (url,) = found(view)
        assert days == 3
        assert url.startswith("https://bot.test/reports/")


def test_with_nothing_to_stand_beside_it_a_digest_stands_alone() -> None:
    assert [found(view) for view in views(DIGEST, None)] == [(0, []), (0, [])]

"""Subscriptions for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from workers.cadence import Cadence
from workers.subscription import Place, Subscriber, Wish

NOW = datetime(2026, 2, 21, 8, 30, tzinfo=UTC)
"""Half an hour before the time at which `wish` is due."""


def wish(channel: str = "C1", source: str = "acme/engine", **fields: object) -> Wish:
    """A wish for a digest every day at 09:00 UTC."""
    given = {
        "place": Place(platform="memory", workspace="T1", channel=channel),
        "by": Subscriber(id="U1", name="Ada"),
        "created_at": NOW,
        "sources": (source,),
        "cadence": Cadence(rhythm="daily", clock="09:00", timezone="UTC"),
    }
    return Wish.model_validate({**given, **fields})

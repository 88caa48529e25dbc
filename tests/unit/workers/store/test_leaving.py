"""A workspace that has left leaves nothing behind, and takes nothing of others with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from redis import Redis

from workers.cadence import Cadence
from workers.store import keys
from workers.store.channels import ChannelStore
from workers.store.feedback import FeedbackStore
from workers.store.leaving import forget_workspace
from workers.store.notes import Notes
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Place, Subscriber, Wish

NOW = datetime(2026, 2, 21, 8, tzinfo=UTC)
LIFE = timedelta(days=1)


def settle(redis: Redis, team: str) -> None:
    """What is kept of a workspace after some days."""
    channel = f"slack:{team}:C1"
    ChannelStore(redis).put(channel, "zh")
    FeedbackStore(redis, LIFE).put("name", "abc", f"slack:{team}:U1", helped=True)
    Notes(redis).put("secret", None, "slack", team, "installation")
    redis.hset(keys.orders("d1"), channel, "order")
    redis.hset(keys.delivery(f"d1/{channel}"), "part:0", "row")
    wish = Wish(
        place=Place(platform="slack", workspace=team, channel="C1"),
        by=Subscriber(id="U1", name="Ada"),
        created_at=NOW,
        sources=("acme/api",),
        cadence=Cadence(rhythm="daily", clock="09:00", timezone="UTC"),
    )
    subscription, _ = SubscriptionStore(redis).add(wish, NOW)
    redis.hset(keys.delivery(f"{subscription.id}-1-2"), "part:0", "row")


def names(redis: Redis) -> str:
    """Every key, and every field of every hash."""
    fields = [name for key in redis.scan_iter() if redis.type(key) == b"hash" for name in redis.hkeys(key)]
    return str(sorted([*redis.keys(), *fields]))


def test_all_of_it_goes_and_nothing_else(redis: Redis) -> None:
    settle(redis, "T2")
    before = names(redis)
    settle(redis, "T1")
    assert "T1" in names(redis)
    forget_workspace(redis, "slack", "T1")
    assert names(redis) == before
    assert SubscriptionStore(redis).all()[0].wish.place.workspace == "T2"

"""A workspace or a channel that has left leaves nothing behind, and takes nothing of others with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from workers.cadence import Cadence
from workers.store import keys
from workers.store.channels import ChannelStore
from workers.store.feedback import FeedbackStore
from workers.store.leaving import forget, forget_workspace, kept_of
from workers.store.notes import Notes
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Place, Subscriber, Wish

NOW = datetime(2026, 2, 21, 8, tzinfo=UTC)
LIFE = timedelta(days=1)


def settle(redis: Redis, team: str, room: str = "C1") -> None:
    """What is kept of a channel after some days."""
    channel = f"slack:{team}:{room}"
    ChannelStore(redis).put(channel, "zh")
    Notes(redis).put("general", None, "slack", team, "chat", room)
    redis.hset(keys.orders("shared"), channel, "order")
    redis.hset(keys.delivery(f"shared/{channel}"), "part:0", "row")
    redis.hset(keys.orders(f"own{team}{room}"), channel, "order")
    redis.set(keys.digest(f"own{team}{room}"), "digest")
    redis.hset(keys.digest_commits(f"own{team}{room}", "d", 0), "sha", "entry")
    redis.hset(keys.run(f"own{team}{room}"), "request", "{}")
    redis.hset(keys.delivery(f"own{team}{room}-0-sha/{channel}/1.2"), "part:0", "row")
    redis.hset(keys.told("github:acme/api", "abc"), f"{channel} own-delivery", "told")
    redis.set(keys.thread(channel, "1.2"), "topic")
    redis.rpush(keys.thread_turns(channel, "1.2"), "turn")
    wish = Wish(
        place=Place(platform="slack", workspace=team, channel=room),
        by=Subscriber(id="U1", name="Ada"),
        created_at=NOW,
        sources=("acme/api",),
        cadence=Cadence(rhythm="daily", clock="09:00", timezone="UTC"),
    )
    subscription, _ = SubscriptionStore(redis).add(wish, NOW)
    redis.hset(keys.delivery(f"{subscription.id}-1-2"), "part:0", "row")
    redis.rpush(keys.delivery_parts(f"{subscription.id}-1-2"), "part")
    redis.hset(keys.run(f"{subscription.id}-2-1"), "request", "{}")
    redis.set(keys.digest(f"{subscription.id}-2-1"), "digest")


def settle_people(redis: Redis, team: str) -> None:
    """What is kept of a workspace and of its people."""
    FeedbackStore(redis, LIFE).put("name", "abc", f"slack:{team}:U1", helped=True)
    Notes(redis).put("secret", None, "slack", team, "installation")


def names(redis: Redis) -> list[str]:
    """Every key, and every field of every hash."""
    fields = [key + b" " + name for key in redis.scan_iter() if redis.type(key) == b"hash" for name in redis.hkeys(key)]
    return sorted(name.decode() for name in [*redis.keys(), *fields])


def test_all_of_a_workspace_goes_and_nothing_else(redis: Redis) -> None:
    settle(redis, "T2")
    settle_people(redis, "T2")
    before = names(redis)
    settle(redis, "T1")
    settle(redis, "T1", "C2")
    settle_people(redis, "T1")
    assert any("T1" in name for name in names(redis))
    forget_workspace(redis, "slack", "T1")
    assert names(redis) == before
    assert SubscriptionStore(redis).all()[0].wish.place.workspace == "T2"


@pytest.mark.parametrize("room", ["C1", "C 1*", "oc:1/2"])
def test_all_of_a_channel_goes_and_nothing_else(redis: Redis, room: str) -> None:
    settle(redis, "T1", "C11")
    settle_people(redis, "T1")
    before = names(redis)
    settle_channel = {"team": "T1", "room": room}
    if room == "C1":
        settle(redis, **settle_channel)
    else:
        ChannelStore(redis).put(Place(platform="slack", workspace="T1", channel=room).key, "zh")
    assert names(redis) != before
    forget(redis, kept_of(redis, "slack", "T1", room))
    assert names(redis) == before


def test_what_is_found_is_counted_and_stays_until_it_is_forgotten(redis: Redis) -> None:
    settle(redis, "T1")
    before = names(redis)
    found = kept_of(redis, "slack", "T1", "C1")
    assert (len(found.subscriptions), [*found.fields]) == (1, [keys.told("github:acme/api", "abc")])
    assert found.count > 10
    assert names(redis) == before
    assert kept_of(redis, "slack", "T9").count == 0

"""A workspace that has left: everything that was kept of it is deleted. What it wrote on elsewhere stays there."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from redis import Redis

from workers.store import keys
from workers.store.faults import translated
from workers.store.notes import Notes
from workers.store.subscriptions import SubscriptionStore


@translated()
def forget_workspace(redis: Redis, platform: str, workspace: str) -> None:
    """Deletes settings, subscriptions, orders, deliveries, votes and notes of all channels and people of a workspace.

    Digests and analyses are of repositories, not of workspaces: they die by their lives.
    """
    place = f"{quote(platform, safe='')}:{quote(workspace, safe='')}:"
    store = SubscriptionStore(redis)
    for subscription in store.all():
        if subscription.wish.place.key.startswith(place):
            store.remove(subscription)
            _delete(redis, [f"{keys.delivery(f'{subscription.id}-')}*"])
    _delete(redis, [keys.channel(f"{place}*"), keys.subscriptions_of(f"{place}*")])
    _delete(redis, [f"{keys.delivery('')}*/{quote(place, safe='')}*"])
    for pattern in (keys.orders("") + "*", f"{keys.PREFIX}:feedback:*"):
        _delete_fields(redis, pattern, place.encode())
    Notes(redis).forget_all(platform, workspace)


def _delete(redis: Redis, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        if found := list(redis.scan_iter(match=pattern, count=1000)):
            redis.delete(*found)


def _delete_fields(redis: Redis, pattern: str, beginning: bytes) -> None:
    for key in redis.scan_iter(match=pattern, count=1000):
        names: list[bytes] = redis.hkeys(key)  # type: ignore[assignment]  # we do not decode
        if fields := [name for name in names if name.startswith(beginning)]:
            redis.hdel(key, *fields)

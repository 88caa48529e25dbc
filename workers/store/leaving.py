"""A workspace or a channel that has left: everything that is kept of it is found, and deleted.

What was written into the platform stays there. Analyses and commits are of repositories: they die by their lives, as
do jobs (two days) and marks of what came in, which are hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from redis import Redis

from workers.store import keys
from workers.store.faults import translated
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Subscription

PAGE = 1000
"""Keys that are asked for, or deleted, in one round trip."""


@dataclass
class Kept:
    """What is kept of a place: its subscriptions, whole keys, and fields of hashes that others have a part in."""

    subscriptions: list[Subscription] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many pieces that is."""
        return len(self.subscriptions) + len(self.keys) + sum(map(len, self.fields.values()))


def forget_workspace(redis: Redis, platform: str, workspace: str) -> None:
    """Deletes what is kept of all channels and people of a workspace."""
    forget(redis, kept_of(redis, platform, workspace))


@translated()
def kept_of(redis: Redis, platform: str, workspace: str, channel: str | None = None) -> Kept:
    """What is kept of a channel; None: of all channels and people of a workspace.

    Settings, subscriptions, orders, deliveries, what was told where, notes, threads, and the digests that nobody else
    ordered; votes are of people, and so of a workspace.
    """
    names = (platform, workspace) if channel is None else (platform, workspace, channel)
    place = _Place(tuple(quote(name, safe="") for name in names))
    subscriptions = [one for one in SubscriptionStore(redis).all() if place.has(one.wish.place.key)]
    found = Kept(subscriptions=subscriptions)
    digests = _orders(redis, place, found)
    _told(redis, place, found)
    _shares(redis, place, f"{keys.PREFIX}:told:*", found)
    if channel is None:
        _shares(redis, place, f"{keys.PREFIX}:feedback:*", found)
    former = {run.partition("-")[0] for run in digests if "-" in run}
    known = _Known(place, {one.id for one in subscriptions} | former, digests)
    found.keys += sorted(filter(known.is_kept, _keys(redis, f"{keys.PREFIX}:*")))
    return found


@translated()
def forget(redis: Redis, kept: Kept) -> None:
    """Deletes it."""
    store = SubscriptionStore(redis)
    for subscription in kept.subscriptions:
        store.remove(subscription)
    for key, names in kept.fields.items():
        redis.hdel(key, *names)
    for first in range(0, len(kept.keys), PAGE):
        redis.unlink(*kept.keys[first : first + PAGE])


@dataclass(frozen=True)
class _Place:
    """Platform, workspace and perhaps channel, each percent-encoded."""

    parts: tuple[str, ...]

    def has(self, channel: str) -> bool:
        """Whether a channel, or a person, by `platform:workspace:id` is of the place."""
        return self.begins(channel.split(":"))

    def begins(self, parts: Sequence[str]) -> bool:
        return tuple(parts[: len(self.parts)]) == self.parts

    def has_note(self, parts: Sequence[str]) -> bool:
        """A note names its platform and its workspace first, and a channel somewhere after them."""
        owner, channel = self.parts[:2], self.parts[2:]
        return tuple(parts[:2]) == owner and (not channel or channel[0] in parts[2:])


@dataclass(frozen=True)
class _Known:
    """What belongs to a place: its subscriptions by id, former ones too, and digests that only it ordered."""

    place: _Place
    subscriptions: set[str]
    digests: set[str]

    def is_kept(self, key: str) -> bool:
        _, _, kind, *parts = key.split(":")
        if kind in ("channel", "numbers", "thread"):
            return self.place.begins(parts)
        if kind == "note":
            return self.place.has_note(parts)
        return kind in ("delivery", "digest", "run", "orders") and self._is_of_run(unquote(parts[0]))

    def _is_of_run(self, name: str) -> bool:
        """A run, the digest that it made, and what was delivered of it to a channel, are named after it."""
        run, _, rest = name.partition("/")
        is_delivered_here = self.place.has(rest.partition("/")[0])
        return is_delivered_here or run in self.digests or run.partition("-")[0] in self.subscriptions


def _orders(redis: Redis, place: _Place, found: Kept) -> set[str]:
    """The digests that nobody but the place ordered; of others its orders are added to what was found."""
    digests = set()
    for key in _keys(redis, keys.orders("") + "*"):
        names = _fields(redis, key)
        own = [name for name in names if place.has(name)]
        if own and len(own) == len(names):
            digests.add(unquote(key.removeprefix(keys.orders(""))))
        elif own:
            found.fields[key] = own
    return digests


def _told(redis: Redis, place: _Place, found: Kept) -> None:
    """Where commits were told: fields that begin with a channel."""
    for key in _keys(redis, f"{keys.PREFIX}:told:*"):
        if own := [name for name in _fields(redis, key) if place.has(name.partition(" ")[0])]:
            found.fields[key] = own


def _shares(redis: Redis, place: _Place, pattern: str, found: Kept) -> None:
    """The fields of a channel or person of the place: it stands first in their names."""
    for key in _keys(redis, pattern):
        if own := [name for name in _fields(redis, key) if place.has(name.partition(" ")[0])]:
            found.fields[key] = own


def _keys(redis: Redis, pattern: str) -> Iterable[str]:
    return (key.decode() for key in redis.scan_iter(match=pattern, count=PAGE))


def _fields(redis: Redis, key: str) -> list[str]:
    names: list[bytes] = redis.hkeys(key)  # type: ignore[assignment]  # we do not decode
    return [name.decode() for name in names]

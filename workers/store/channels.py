"""What a channel has set for itself, by the channel's name (`platform:workspace:id`)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from pydantic import ValidationError
from redis import Redis

from workers.model import Language, Value
from workers.store import keys
from workers.store.faults import translated

log = logging.getLogger(__name__)

_GRANT = "repository:"
"""Before the name of a granted repository, in the fields of a channel's hash."""


class ChannelSettings(Value):
    """None: not set, the settings of the installation hold. `repositories`: private ones granted to the channel.

    Names of repositories are case folded and stand in order.
    """

    language: Language | None = None
    timezone: str | None = None
    repositories: tuple[str, ...] = ()


class ChannelStore:
    """Settings by channel. They live until they are deleted."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @translated()
    def get(self, channel: str) -> ChannelSettings:
        """What is set; nothing, where nothing ever was or another version wrote it."""
        found: Mapping[bytes, bytes] = self._redis.hgetall(keys.channel(channel))  # type: ignore[assignment]
        fields = {name.decode(): value.decode() for name, value in found.items()}
        granted = sorted(name.removeprefix(_GRANT) for name in fields if name.startswith(_GRANT))
        told = {name: fields[name] for name in ("language", "timezone") if name in fields}
        try:
            return ChannelSettings.model_validate({**told, "repositories": tuple(granted)})
        except ValidationError:
            log.warning("%s is not of this version: taken as not set", keys.channel(channel))
            return ChannelSettings(repositories=tuple(granted))

    @translated()
    def put(self, channel: str, language: Language | None = None, timezone: str | None = None) -> None:
        """Sets what is not None and leaves the rest as it is."""
        for name, value in (("language", language), ("timezone", timezone)):
            if value is not None:
                self._redis.hset(keys.channel(channel), name, value)

    @translated()
    def grant(self, channel: str, repository: str, by: str) -> None:
        """Lets a channel see a private repository; `by` says who granted it."""
        self._redis.hset(keys.channel(channel), _GRANT + repository.casefold(), by)

    @translated()
    def revoke(self, channel: str, repository: str) -> bool:
        """Takes a grant back; whether there was one."""
        return bool(self._redis.hdel(keys.channel(channel), _GRANT + repository.casefold()))

    @translated()
    def delete(self, channel: str) -> None:
        """Deletes everything a channel has set."""
        self._redis.delete(keys.channel(channel))

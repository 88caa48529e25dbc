"""Short texts by name that live for a while: what a platform is asked often, or hands out once."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from redis import Redis

from workers.store import keys
from workers.store.faults import translated


class Notes:
    """Texts by a name of several parts, such as a platform, a workspace and what it is about."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @translated()
    def get(self, *name: str) -> str | None:
        """The text; None where there is none, or no longer."""
        found = self._redis.get(_key(name))
        return found.decode() if isinstance(found, bytes) else None

    @translated()
    def put(self, text: str, life: timedelta | None, *name: str) -> None:
        """Keeps a text for `life` from now (None: until it is taken), in place of another of the name."""
        self._redis.set(_key(name), text.encode("utf-8", "replace"), px=life)

    @translated()
    def take(self, *name: str) -> str | None:
        """The text, which nobody gets after this; None where there is none. Atomic."""
        found = self._redis.getdel(_key(name))
        return found.decode() if isinstance(found, bytes) else None

    @translated()
    def forget_all(self, *beginning: str) -> None:
        """Forgets every text whose name begins with these parts."""
        found = list(self._redis.scan_iter(match=_literal(_key(beginning)) + ":*", count=1000))
        if found:
            self._redis.delete(*found)


def _key(name: tuple[str, ...]) -> str:
    return keys.note(":".join(quote(part, safe="") for part in name))


def _literal(text: str) -> str:
    """A text as a pattern of Redis that matches nothing else."""
    return "".join(f"\\{character}" if character in "*?[]^\\" else character for character in text)

"""What has come in before, so that what a platform delivers twice is handled once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from redis import Redis

from workers.store import keys
from workers.store.faults import translated

_FIRST = """
local first = 1
for _, key in ipairs(KEYS) do
    if not redis.call('SET', key, '1', 'NX', 'PX', ARGV[1]) then first = 0 end
end
return first
"""


class Seen:
    """Names of things that came in. Whoever asks first, of all processes, is told that it is the first."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._first = redis.register_script(_FIRST)

    def first(self, name: str, life: timedelta) -> bool:
        """Whether this name is new; from now on, for `life`, it is not."""
        return self.first_of([name], life)

    @translated()
    def first_of(self, names: Sequence[str], life: timedelta) -> bool:
        """Whether all of these names of one thing are new; from now on none of them is. Atomic."""
        return bool(self._first([keys.seen(name) for name in names], [_milliseconds(life)]))

    @translated()
    def keep(self, names: Sequence[str], life: timedelta) -> None:
        """Remembers names for `life` from now, in place of the life they had."""
        pipeline = self._redis.pipeline()
        for name in names:
            pipeline.set(keys.seen(name), "1", px=_milliseconds(life))
        pipeline.execute()

    @translated()
    def forget(self, names: Sequence[str]) -> None:
        """Makes names new again: what they stand for could not be handled, and may be delivered again."""
        self._redis.delete(*(keys.seen(name) for name in names))


def _milliseconds(life: timedelta) -> int:
    return int(life.total_seconds() * 1000)

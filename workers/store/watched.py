"""The runs whose progress is shown in chats, and which process shows it: one for all of them, at any time."""

from __future__ import annotations

from redis import Redis

from workers.store import keys
from workers.store.faults import translated

HOLD_MILLISECONDS = 15_000
"""After how long without a word from it another process may take the place of the watcher."""

_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_LEAVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 1 end
if redis.call('SCARD', KEYS[2]) > 0 and ARGV[2] == '0' then return 0 end
redis.call('DEL', KEYS[1])
return 1
"""


class Watched:
    """Runs that are watched. A run that is added is noticed by the watcher, or whoever added it becomes the watcher."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._hold = redis.register_script(_HOLD)
        self._leave = redis.register_script(_LEAVE)

    @translated()
    def add(self, run_id: str) -> None:
        """Has a run watched."""
        self._redis.sadd(keys.WATCHED, run_id)

    @translated()
    def remove(self, run_id: str) -> None:
        """A run that needs no watching any more."""
        self._redis.srem(keys.WATCHED, run_id)

    @translated()
    def all(self) -> list[str]:
        """The runs, in the order of their names."""
        return sorted(member.decode() for member in self._redis.smembers(keys.WATCHED))  # type: ignore[union-attr]

    @translated()
    def hold(self, watcher: str) -> bool:
        """Whether this one is the watcher, for some seconds from now; to be asked again before they are over."""
        return bool(self._hold([keys.WATCHER], [watcher, HOLD_MILLISECONDS]))

    @translated()
    def leave(self, watcher: str, whatever_is_left: bool = False) -> bool:
        """Gives the place up; False, and nothing is given up, where a run has been added meanwhile."""
        return bool(self._leave([keys.WATCHER, keys.WATCHED], [watcher, int(whatever_is_left)]))

"""The store of highlights that a model found: they are paid for once for the same commits judged in the same way."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.model import Highlight, Highlighting, Language, Value
from workers.store import keys
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated


class HighlightsKey(Value):
    """What highlights depend on: prompts, models, language, and the commits that were told, most important first."""

    prompt: str
    model: str
    language: Language
    commits: tuple[str, ...]

    @property
    def name(self) -> str:
        """All of it as one short text."""
        return keys.highlights(self.model_dump_json())


class Highlights(Value):
    """Highlights, the gravest first, and how they came about; none where nothing that the model said held."""

    highlights: tuple[Highlight, ...]
    highlighting: Highlighting | None = None


class HighlightStore:
    """Highlights by key. `life` is how long they are kept after they were put."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life

    @translated()
    def get(self, key: HighlightsKey) -> Highlights | None:
        """The highlights; None when they are not here."""
        place = key.name
        return decode_or_none(Highlights, self._redis.get(place), place)

    @translated()
    def put(self, key: HighlightsKey, highlights: Highlights) -> None:
        """Keeps highlights."""
        self._redis.set(key.name, encode(highlights), ex=self._life)

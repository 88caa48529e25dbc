"""What a chat shows beside a digest: where the whole report stands, and how many commits its last days had."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from redis import Redis

from chatbot.links import Links, links_of
from workers.days import tells_days
from workers.errors import DigestError
from workers.model import Digest
from workers.settings import Settings
from workers.sources.window import day_of
from workers.store.history import Day, HistoryStore
from workers.store.runs import RunStore
from workers.wiring import repository_key

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Beside:
    """Finds it. `links` None: there is no address at which reports stand. `now` gives the time (aware)."""

    links: Links | None
    runs: RunStore
    history: HistoryStore
    now: Callable[[], datetime]

    def report_url(self, digest: Digest, digest_id: str) -> str | None:
        """Where the whole report stands; None where there is no address for it."""
        return self.links.link(digest_id, digest.language, self.now()) if self.links else None

    def days(self, digest: Digest, digest_id: str) -> Sequence[Day]:
        """The days up to the digest's last one, as far as they are known; none beside a digest of a part of them.

        A digest is whole without them: where they cannot be had, that is logged, and there are none.
        """
        try:
            request = self.runs.request(digest_id)
            if not tells_days(request):
                return ()
            last = day_of(digest.window.end.astimezone(UTC) - timedelta(microseconds=1), digest.window.timezone)
            return self.history.until([*map(repository_key, request.sources)], digest.window.timezone, last)
        except DigestError as error:
            log.info("no days beside digest %s: %s", digest_id, error)
            return ()


def open_beside(settings: Settings, redis: Redis, now: Callable[[], datetime]) -> Beside:
    """What this installation shows beside its digests."""
    runs, history = RunStore(redis, settings.run_life), HistoryStore(redis, settings.digest_life)
    return Beside(links_of(settings), runs, history, now)

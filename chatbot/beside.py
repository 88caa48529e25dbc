"""What a chat shows beside a digest: where the whole report stands, and how many commits its last days had."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from redis import Redis

from chatbot.links import Links, links_of
from workers.days import days_until, tells_days
from workers.errors import DigestError
from workers.model import Digest
from workers.settings import Settings
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
        """The days that were over when the digest's window was, as far as they are known.

        Beside a digest of a part of what they had, none: they would seem to be of that part. A digest is whole
        without them: where they cannot be had, that is logged, and there are none.
        """
        try:
            request = self.runs.request(digest_id)
            if not tells_days(request):
                return ()
            repositories = [repository_key(source) for source in request.sources]
            return days_until(self.history, repositories, digest.window.timezone, digest.window.end)
        except DigestError as error:
            log.info("no days beside digest %s: %s", digest_id, error)
            return ()


def open_beside(settings: Settings, redis: Redis, now: Callable[[], datetime]) -> Beside:
    """What this installation shows beside its digests."""
    runs, history = RunStore(redis, settings.run_life), HistoryStore(redis, settings.digest_life)
    return Beside(links_of(settings), runs, history, now)

"""`commit-digest schedule`: begins what is due, until the process is stopped. Several may run, on several machines."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from chatbot.delivery.posting import DELIVER, TELL
from chatbot.logs import log_to_stderr
from workers.connection import connect
from workers.scheduling import FollowUps, Scheduler
from workers.settings import load_settings
from workers.store.runs import RunStore
from workers.store.schedules import Schedule
from workers.wiring import redis_address

FOLLOW_UPS = FollowUps(deliver=DELIVER, tell=TELL)


def schedule() -> int:
    """Schedules until SIGTERM or SIGINT, which ends it at once wherever it is: every step of it is one transaction."""
    log_to_stderr()
    settings = load_settings()
    with redis_address(settings) as url, connect(url) as redis:
        timetable = Schedule(redis)

        def now() -> datetime:
            """Due is what is due by our clock and by that of Redis: one that is ahead skips nothing."""
            return min(datetime.now(UTC), timetable.server_time())

        scheduler = Scheduler(redis, timetable, RunStore(redis, settings.run_life), FOLLOW_UPS, settings.warm_every)
        try:
            scheduler.run(now, time.sleep)
        except KeyboardInterrupt:
            return 0

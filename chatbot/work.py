"""`commit-digest worker`: worker processes for digests that others ask for, until the process is stopped."""

from __future__ import annotations

from functools import partial

from chatbot.logs import log_to_stderr
from workers.jobs import preload
from workers.queues import DIGESTS
from workers.serve import Supervisor
from workers.settings import load_settings
from workers.wiring import redis_address


def work(processes: int | None) -> int:
    """Runs `processes` workers (None: as the settings say) and returns 0 when they have been stopped in order."""
    log_to_stderr()
    settings = load_settings()
    with redis_address(settings) as url:
        imports = partial(preload, github=True, model=settings.has_model)
        Supervisor(url, DIGESTS, processes or settings.worker_processes, imports).run()
    return 0

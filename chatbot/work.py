"""`commit-digest worker`: worker processes for digests and chats, until the process is stopped."""

from __future__ import annotations

from importlib import import_module

from chatbot.doors import PLATFORMS
from chatbot.logs import log_to_stderr
from workers import queues
from workers.jobs import preload
from workers.serve import Supervisor
from workers.settings import Settings, load_settings
from workers.wiring import redis_address

CHAT_PROCESSES = 2
"""Processes for what people wait for: one may be busy with showing how far digests are."""


QUESTION_PROCESSES = 2
"""Processes for answers to questions: those of two threads are made at the same time."""


def work(processes: int | None) -> int:
    """Runs `processes` workers on digests (None: as the settings say), and those of the other queues.

    Returns 0 when they have been stopped in order.
    """
    log_to_stderr()
    settings = load_settings()
    with redis_address(settings) as url:
        places = queues_of(processes or settings.worker_processes)
        Supervisor(url, places, 1, lambda: import_for_jobs(settings)).run()
    return 0


def queues_of(digests: int) -> list[str]:
    """The queue of each process, with so many for digests that people asked for."""
    waited_for = [*[queues.CHAT] * CHAT_PROCESSES, *[queues.QUESTIONS] * QUESTION_PROCESSES]
    return [*waited_for, *[queues.DIGESTS] * digests, queues.SCHEDULED, queues.POSTS, queues.WARM]


def import_for_jobs(settings: Settings) -> None:
    """What jobs need, in the process that theirs are forked from."""
    preload(github=True, model=settings.has_model)
    for name in ("chatbot.chat_jobs.questions", "chatbot.delivery.jobs", *queues.NEEDS.values()):
        import_module(name)
    for name in PLATFORMS:
        if getattr(settings, f"has_{name}", False):
            import_module(f"chatbot.platforms.{name}.jobs")

"""RQ entry points of questions, apart from the others: what answers takes long to import. Each may run twice."""

from __future__ import annotations

import time
from collections.abc import Container, Iterator
from functools import partial

from redis import Redis

from chatbot.chat_jobs.asking import CLAIM_LIFE, Asking
from chatbot.chat_jobs.jobs import around, clock, opener
from chatbot.chat_jobs.names import ANSWER
from chatbot.chat_jobs.several import Several, Waiting
from chatbot.delivery.ledger import Ledger
from chatbot.questions import Threads
from workers import queues
from workers.questions.answer import answer as events_of
from workers.settings import Settings
from workers.store.answers import AnswerCounts
from workers.store.claims import Claims
from workers.store.digests import DigestStore
from workers.wiring import build_tools


def answer(channel: str, root: str, question_id: str) -> None:
    """Sees to it that a question is answered, and those of other threads that wait meanwhile."""
    redis, settings, holder = around()
    own = Waiting(channel, root, question_id)

    def answer_one(asked: Waiting) -> None:
        _asking(redis, settings, holder).answer(*asked, waits=asked == own)

    Several(answer_one, partial(_waiting, redis), time.monotonic).answer(own)


def after_answer(channel: str, root: str, question_id: str) -> None:
    """Tells who asked, where the job that was to answer has died."""
    _asking(*around()).tell_unanswered(channel, root, question_id)


def _waiting(redis: Redis, known: Container[str]) -> Iterator[tuple[str, Waiting]]:
    """The questions whose jobs are not begun, by the ids of these, without those that are known."""
    for job_id in queues.waiting_ids(redis, queues.QUESTIONS):
        if job_id not in known and (arguments := queues.arguments_of(redis, job_id, ANSWER)) is not None:
            yield job_id, Waiting(*map(str, arguments))


def _asking(redis: Redis, settings: Settings, holder: str) -> Asking:
    """What answers in one thread of a chat; nothing but Redis is shared with those that answer in others."""
    return Asking(
        threads=Threads(redis, settings),
        claims=Claims(redis, CLAIM_LIFE),
        digests=DigestStore(redis, settings.digest_life),
        counts=AnswerCounts(redis),
        ledger=Ledger(redis, settings.digest_life),
        open_platform=opener(redis, settings),
        answerer=partial(events_of, build_tools(redis, settings, holder)),
        clock=clock(),
        holder=holder,
    )

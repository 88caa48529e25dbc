"""RQ entry points of questions, apart from the others: what answers takes long to import. Each may run twice."""

from __future__ import annotations

from functools import partial

from chatbot.chat_jobs.asking import CLAIM_LIFE, Asking
from chatbot.chat_jobs.jobs import around, clock, opener
from chatbot.delivery.ledger import Ledger
from chatbot.questions import Threads
from workers.questions.answer import answer as events_of
from workers.store.answers import AnswerCounts
from workers.store.claims import Claims
from workers.store.digests import DigestStore
from workers.wiring import build_tools


def answer(channel: str, root: str) -> None:
    """Answers what waits in a thread."""
    _asking().answer_all(channel, root)


def after_answer(channel: str, root: str, question_id: str) -> None:
    """Tells who asked, where the job that was to answer has died."""
    _asking().tell_unanswered(channel, root, question_id)


def _asking() -> Asking:
    redis, settings, holder = around()
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

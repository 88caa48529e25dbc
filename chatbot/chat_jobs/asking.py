"""Answering the questions of a thread one after the other, and showing each answer as it grows."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from chatbot.delivery.delivering import PATIENCE, Clock, Delivering
from chatbot.delivery.ledger import HeldElsewhereError, Ledger
from chatbot.messaging import Platform, Stream, UnknownOutcomeError
from chatbot.questions import Threads, WaitingQuestion
from chatbot.views.answer import Draft, answer_view, grown_text, looked_text, opening_text
from chatbot.views.chat_thread import failure_view
from chatbot.views.view import View
from workers.errors import BrokenError, DigestError, RefusedError, TransientError
from workers.questions.values import Asked, CommitRef, Event, Turn
from workers.store.answers import AnswerCounts, Answers
from workers.store.claims import Claim, Claims
from workers.store.digests import DigestStore
from workers.words import Words, load_words

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often an answer is begun whose worker died in it; then it is told that there is none."""
SHOW_EVERY = timedelta(seconds=1.2)
"""Between two changes of a growing answer: platforms allow about one a second in a channel."""
STREAM_EVERY = timedelta(milliseconds=400)
"""Between two additions to a message that grows: Slack allows some hundred a minute, Feishu ten a second."""
LOOK_EVERY = timedelta(milliseconds=100)
"""How often it is looked whether somebody had the answer end, and whether there is more to show."""
CLAIM_LIFE = timedelta(seconds=30)
"""After how long without a sign of life another may answer in a dead worker's place."""

Answerer = Callable[[Asked, Callable[[str], bool]], AsyncIterator[Event]]
"""The events of an answering: `workers.questions.answer.answer` with its tools."""


@dataclass
class Asking:
    """Answers. `open_platform` opens the platform of a name; `holder` is in whose name, such as a job's id."""

    threads: Threads
    claims: Claims
    digests: DigestStore
    counts: AnswerCounts
    ledger: Ledger
    open_platform: Callable[[str], Platform]
    answerer: Answerer
    clock: Clock
    holder: str

    def answer(self, channel: str, root: str, question_id: str, waits: bool = True) -> None:
        """Sees to it that a question of a thread is answered: in its turn, so those before it are answered too.

        While another process answers in the thread, it `waits`: should that one die, it goes on in its place.
        """
        while (first := self._before(channel, root, question_id)) is not None:
            claim = self.claims.take(_claim_name(channel, root), self.holder)
            if claim is None and not waits:
                return
            if claim is None:
                self.clock.pause(LOOK_EVERY.total_seconds())
                continue
            attempts = claim.number
            while first is not None:
                self._answer(first, claim, attempts)
                self.threads.line.leave(channel, root, first)
                first, attempts = self._before(channel, root, question_id), 1
            self.claims.release(claim)

    def _before(self, channel: str, root: str, question_id: str) -> WaitingQuestion | None:
        """The first of the line, as long as the question is in it."""
        line = self.threads.line.all(channel, root)
        return line[0] if any(one.id == question_id for one in line) else None

    def tell_unanswered(self, channel: str, root: str, question_id: str) -> None:
        """After the job of a question has ended in whatever way: who still waits for its answer is told why."""
        line = self.threads.line.all(channel, root)
        question = next((one for one in line if one.id == question_id), None)
        if question is None:
            return
        claim = self.claims.take(_claim_name(channel, root), self.holder)
        if claim is None and question == line[0]:
            return  # it is being answered, on the way to one behind it
        self._tell_why(question, BrokenError("answer_lost"), claim)
        self.threads.line.leave(channel, root, question)
        if claim is not None:
            self.claims.release(claim)

    # --- one question -------------------------------------------------------------------------------------------------

    def _answer(self, question: WaitingQuestion, claim: Claim, attempts: int) -> None:
        name = delivery_name(question)
        if self.ledger.is_finished(name):
            return
        if attempts > ATTEMPTS:
            self._tell_why(question, BrokenError("answer_lost"), claim)
            return
        try:
            self._deliver(question, self._made(question, claim), claim)
        except HeldElsewhereError as error:
            log.warning("an answer in %s is given by another: %s", question.channel.key, error)
        except DigestError as error:
            self._tell_why(question, error, claim)
        except Exception:
            log.exception("a question in %s could not be answered", question.channel.key)
            self._tell_why(question, BrokenError("internal"), claim)

    def _made(self, question: WaitingQuestion, claim: Claim) -> View:
        digest = self.digests.get(question.topic.digest_id)
        if digest is None:
            raise RefusedError("thread_expired")
        draft = asyncio.run(self._grown(question, Draft(question.sources, digest), claim))
        self._remember(question, draft)
        return answer_view(draft, question.id, _words(question))

    async def _grown(self, question: WaitingQuestion, draft: Draft, claim: Claim) -> Draft:
        """The answer, shown while it grows; what there is of it when somebody has it end."""
        growing = _Growing(draft)
        asked = self._asked(question)
        await asyncio.to_thread(self._look_on, question, growing, claim)  # a sign first, however many begin just now
        if growing.is_stopped:
            return draft.stopped()
        making = asyncio.create_task(growing.follow(self.answerer(asked, question.sources.__contains__)))
        try:
            while not making.done():
                await asyncio.to_thread(self._look_on, question, growing, claim)
                await asyncio.wait([making], timeout=LOOK_EVERY.total_seconds())
                if growing.is_stopped:
                    await _ended(making)
                    return growing.draft.stopped()
            making.result()
            return growing.draft
        finally:
            await _ended(making)
            if growing.stream is not None:
                await asyncio.to_thread(growing.stream.end)

    def _look_on(self, question: WaitingQuestion, growing: _Growing, claim: Claim) -> None:
        """Shows what is new of an answer that is being made, if it is time; sees whether it is to end."""
        now = self.clock.now()
        line = self.threads.line
        growing.is_stopped |= line.take_stop(question.channel.key, question.root.id, question.asked_at)
        if growing.renewed_at is None or now - growing.renewed_at > CLAIM_LIFE / 3:
            self.claims.renew_many([claim])
            growing.renewed_at = now
        every = STREAM_EVERY if growing.stream else SHOW_EVERY
        if growing.draft == growing.shown or (growing.shown_at and now - growing.shown_at < every):
            return
        draft, growing.shown_at = growing.draft, now
        try:
            self._show(question, growing, draft)
            growing.shown = draft
        except (RefusedError, TransientError) as error:
            log.info("a growing answer in %s could not be shown: %s", question.channel.key, error)

    def _show(self, question: WaitingQuestion, growing: _Growing, draft: Draft) -> None:
        """At the end of a message that grows; where there is none, or no longer, by editing one again and again."""
        words, name = _words(question), delivery_name(question)
        delivering = self._delivering(question, self.clock, patience=0)
        if not growing.has_begun:
            growing.has_begun = True
            growing.stream = delivering.begin(name, question.channel, partial(self._stream, question), question.root)
        if growing.stream is not None:
            try:
                if text := grown_text(growing.shown, draft, words) + looked_text(growing.shown, draft, words):
                    growing.stream.add(text)
                return
            except (RefusedError, UnknownOutcomeError) as error:
                log.info("an answer in %s grows no more: %s", question.channel.key, error)
                growing.stream.end()
                growing.stream = None
        view = answer_view(draft, question.id, words)
        delivering.announce(name, question.channel, view, question.root)

    def _stream(self, question: WaitingQuestion, key: str) -> Stream | None:
        platform = self.open_platform(question.channel.platform)
        opening = opening_text(_words(question))
        return platform.stream(question.channel, question.person, opening, key, question.root)

    def _asked(self, question: WaitingQuestion) -> Asked:
        topic = question.topic
        focus = None
        if topic.repository is not None and topic.sha is not None:
            focus = CommitRef(source=question.sources[topic.repository], sha=topic.sha)
        return Asked(
            text=question.text,
            language=question.language,
            digest_id=topic.digest_id,
            sources=question.sources,
            focus=focus,
            turns=self.threads.turns.all(question.channel.key, question.root.id),
        )

    # --- what becomes of it -------------------------------------------------------------------------------------------

    def _deliver(self, question: WaitingQuestion, view: View, claim: Claim | None) -> None:
        name, clock = delivery_name(question), Clock(self.clock.now, partial(self._pause, claim))
        delivering = self._delivering(question, clock)
        delivered = delivering.deliver(name, question.channel, lambda: view, question.root)
        if not delivered.is_done:
            raise delivered.error or BrokenError("internal")

    def _pause(self, claim: Claim | None, seconds: float) -> None:
        """Waits for a platform, and keeps the thread meanwhile: else another would answer in it once more."""
        while seconds > 0:
            if claim is not None:
                self.claims.renew_many([claim])
            part = min(seconds, CLAIM_LIFE.total_seconds() / 3)
            self.clock.pause(part)
            seconds -= part

    def _delivering(self, question: WaitingQuestion, clock: Clock, patience: float = PATIENCE) -> Delivering:
        platform = self.open_platform(question.channel.platform)
        return Delivering(self.ledger, platform, clock, self.holder, patience)

    def _remember(self, question: WaitingQuestion, draft: Draft) -> None:
        """What was said is the context of the next question; what it cost is told in the status."""
        spent = draft.spent
        cost = Answers(count=1, input_tokens=spent.input_tokens, output_tokens=spent.output_tokens, cost=spent.cost)
        self.counts.add(self.clock.now().date(), cost)
        commits, rivals = (tuple(ref.sha for ref in refs) for refs in (draft.about.commits, draft.asked_back))
        turn = Turn(question=question.text, answer=draft.text, commits=commits, rivals=rivals)
        self.threads.turns.add(question.channel.key, question.root.id, question.id, turn)

    def _tell_why(self, question: WaitingQuestion, error: DigestError, claim: Claim | None) -> None:
        """In the place of the answer; to who asked alone, where that cannot be."""
        reference = secrets.token_hex(4)
        log.warning("reference %s: a question in %s: %s", reference, question.channel.key, error)
        view = failure_view(error.code, error.details, _words(question), reference)
        try:
            self._deliver(question, view, claim)
        except DigestError as second:
            log.warning("reference %s: nothing can be said in the thread: %s", reference, second)
            self._tell_privately(question, view, reference)

    def _tell_privately(self, question: WaitingQuestion, view: View, reference: str) -> None:
        try:
            platform = self.open_platform(question.channel.platform)
            platform.tell(question.channel, question.person, platform.render(view, reference, question.channel)[0])
        except DigestError as error:
            log.warning("reference %s: nobody could be told: %s", reference, error)


@dataclass
class _Growing:
    """An answer that is being made; what of it stands in the thread, and when it was tried last to show more."""

    draft: Draft
    shown: Draft | None = None
    shown_at: datetime | None = None
    stream: Stream | None = None
    renewed_at: datetime | None = None
    has_begun: bool = False
    is_stopped: bool = False

    async def follow(self, events: AsyncIterator[Event]) -> None:
        """Takes in event after event, until the last."""
        async for event in events:
            self.draft = self.draft.with_event(event)


async def _ended(making: asyncio.Task[None]) -> None:
    """Has a task end, and waits for it: its last event says what it cost."""
    making.cancel()
    with suppress(asyncio.CancelledError):
        await making


def delivery_name(question: WaitingQuestion) -> str:
    """The name of an answer's delivery: begun again, it is the same."""
    return f"answer-{question.id}/{question.channel.key}"


def _claim_name(channel: str, root: str) -> str:
    return f"thread {channel} {root}"


def _words(question: WaitingQuestion) -> Words:
    return load_words("chatbot.views", question.language)

"""One question until it has its reply, or there is no use in asking on."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic

from workers.analysis.llm.dialect import Dialect, Dialects, Rung
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.faults import CallFault
from workers.analysis.llm.holds import Holds
from workers.analysis.llm.ratio import TokenRatio
from workers.analysis.llm.requests import body_of, texts_of
from workers.analysis.llm.slots import Outcome, Slots
from workers.analysis.llm.values import ModelFault, Question, Reader, ReplyFault, T, Told, Usage
from workers.analysis.llm.wire import Reply, Wire
from workers.errors import Detail

CALLS = 6
"""Calls of one question that may fail by time-outs, broken connections, 429 and 5xx, without steps of the ladder."""
REPLIES = 3
"""Replies of one question that may be of no use to its reader: asked, and twice again."""
REFUSALS = 2
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
"""Seconds between two calls: they double from the first to the longest, and each is shortened by up to a half by
chance, so that those who failed together do not come back together."""
SLOT_PATIENCE = 1200.0
"""Seconds that a slot is waited for: less than a job's time-out. They are not of the budget: the server has no part."""
MORE_ROOM = 4
"""A model that spent its whole limit and said nothing was thinking: it is asked again with so many times as much."""


@dataclass(frozen=True)
class Means:
    """What questions to one endpoint share."""

    endpoint: Endpoint
    wire: Wire
    slots: Slots
    dialects: Dialects
    holds: Holds
    estimate: Callable[[str], int]
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Asking(Generic[T]):
    """The asking of one question: what was tried, what it cost, and how much of the budget is left."""

    def __init__(self, means: Means, ratio: TokenRatio, question: Question, read: Reader[T]) -> None:
        self._means = means
        self._ratio = ratio
        self._question = question
        self._read = read
        self._model = means.endpoint.model_of(question.deep)
        self._dialect = means.dialects.of(self._model)
        self._trial: Dialect | None = None
        self._tried: set[Dialect] = set()
        self._since = means.clock()
        self._left = means.endpoint.budget
        self._most = question.max_output
        self._calls = self._replies = self._refusals = self._broken = 0
        self._fault: ReplyFault | None = None
        self.usage = Usage()

    async def told(self) -> Told[T]:
        """The reply. ModelFault when there is none."""
        while True:
            try:
                return self._value(await self._call())
            except CallFault as fault:
                await self._go_on_after(fault)
            except ReplyFault as fault:
                self._ask_again(fault)

    # --- one call -------------------------------------------------------------------------------------------------

    async def _call(self) -> Reply:
        """One call in a slot, which is free again the instant that the reply is here."""
        give_back = await self._slot()
        outcome: Outcome = "failed"
        begun = self._means.clock()
        try:
            self._means.holds.check(self._model)
            body = self._body()
            reply = await self._means.wire.complete(body, min(self._means.endpoint.timeout, self._left))
            outcome = "served"
        except CallFault as fault:
            outcome = "overloaded" if fault.code in ("busy", "timeout") else "failed"
            if fault.again:
                self._means.holds.failed(fault, self._model, self._since, begun)
            raise
        finally:
            give_back(outcome)
            self._left -= self._means.clock() - begun
        await asyncio.sleep(0)  # who waits for the slot sends its question before we look at our reply
        self._count(body, reply)
        return reply

    async def _slot(self) -> Callable[[Outcome], None]:
        try:
            async with asyncio.timeout(SLOT_PATIENCE):
                return await self._means.slots.take()
        except TimeoutError:
            raise ModelFault("busy", self.usage, model=self._model) from None

    def _body(self) -> dict[str, Any]:
        """The request. While it waited, others may have found out what the server understands."""
        known = self._means.dialects.of(self._model)
        found = known not in self._tried and self._means.dialects.is_proven(self._model, known)
        self._dialect = known if self._trial is None or found else self._trial
        return body_of(self._question, self._model, self._dialect, self._most, self._fault)

    def _count(self, body: dict[str, Any], reply: Reply) -> None:
        """A reply shows that the server is there, and how it counts."""
        self._means.holds.answered(self._model)
        estimated = self._means.estimate(texts_of(body))
        read = reply.input_tokens
        if read:
            self._ratio.observe(read, estimated)
        written = reply.output_tokens
        self.usage += self._means.endpoint.usage_of(
            read if read is not None else round(estimated * self._ratio.value),
            written if written is not None else self._means.estimate(reply.text),
        )

    # --- what came of it ------------------------------------------------------------------------------------------

    def _value(self, reply: Reply) -> Told[T]:
        cut = reply.finish == "length"
        if reply.refused:
            raise CallFault("refused", again=True)
        if not reply.text.strip():
            self._most *= MORE_ROOM if cut else 1
            raise ReplyFault("empty")
        value = self._read(reply.text, cut)
        self._means.dialects.worked(self._model, self._dialect)
        return Told(value, self.usage, self._model, cut)

    def _ask_again(self, fault: ReplyFault) -> None:
        """Puts the question anew; lower where the server may have overlooked the schema, as some do without a word."""
        self._replies += 1
        self._fault = fault
        overlooked = fault.code != "empty" and self._dialect.rung is Rung.SCHEMA
        if overlooked and not self._means.dialects.is_proven(self._model, self._dialect):
            self._tried.add(self._dialect)
            self._trial = self._dialect.without("rung")
        if self._replies >= REPLIES or self._left <= 0:
            raise ModelFault(fault.code, self.usage, model=self._model) from fault

    async def _go_on_after(self, fault: CallFault) -> None:
        """Steps down, or pauses; ModelFault where neither can help."""
        if self._step_down(fault):
            return
        if fault.code == "refused":
            self._refusals += 1
            if self._refusals < REFUSALS and self._left > 0:
                return
        elif fault.again:
            self._calls += 1
            pause = self._pause_after(fault)
            if self._calls < CALLS and pause < self._left:
                self._left -= pause
                await self._means.pause(pause)
                return
        self._means.holds.learn(fault, self._model, self._since)
        raise self._fault_of(fault) from fault

    def _step_down(self, fault: CallFault) -> bool:
        """Whether there is another way to put the question to a server that complains of this one.

        A 500 may be the server's trouble of the moment: only the second one is taken for a complaint, and none from a
        server that has answered to this way of asking before.
        """
        if fault.blame is None:
            return False
        if fault.status == 500:
            self._broken += 1
            if self._broken < 2 or self._means.dialects.is_proven(self._model, self._dialect):
                return False
        self._tried.add(self._dialect)
        lower = self._dialect.without(fault.blame)
        if lower is None or lower in self._tried:
            lower = self._dialect.without("rung")
        if lower is None:
            return False
        self._trial, self._broken = lower, 0
        return True

    def _fault_of(self, fault: CallFault) -> ModelFault:
        details: dict[str, Detail] = {"model": self._model}
        details |= {"status": fault.status} if fault.status is not None else {}
        details |= {"said": fault.said} if fault.said else {}
        return ModelFault(fault.code, self.usage, **details)

    def _pause_after(self, fault: CallFault) -> float:
        """Seconds: at least what the server asks for."""
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self._calls - 1))
        pause = longest * (1 - self._means.chance() / 2)
        return pause if fault.retry_after is None else max(pause, fault.retry_after * (1 + self._means.chance() / 10))

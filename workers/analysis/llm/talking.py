"""A conversation with a model, turn by turn: streamed, with tools where the server has them, within its budget."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from workers.analysis.llm.asking import CALLS, FIRST_PAUSE, LONGEST_PAUSE, MORE_ROOM, REFUSALS, REPLIES, Means
from workers.analysis.llm.deltas import Delta, Gathered
from workers.analysis.llm.faults import CallFault
from workers.analysis.llm.ratio import TokenRatio
from workers.analysis.llm.requests import body_of, texts_of, writable
from workers.analysis.llm.slots import GiveBack, Outcome
from workers.analysis.llm.speech import Speech, Speeches, is_named, lacks
from workers.analysis.llm.talk import Again, Call, Opening, Piece, Turned, Words
from workers.analysis.llm.values import ModelFault, Question, Usage
from workers.errors import Detail

STALL = 30.0
"""Seconds between two pieces of a stream after which it is taken for dead."""
CHARACTERS_A_TOKEN = 8
"""Of a reply at most: a server that does not keep to its limit of tokens is not listened to for longer."""


class Talk:
    """One conversation. `usage` is what it cost up to now; `model` is the name that is asked.

    A server that lacks tools, streams, or counting in streams, is stepped down to what it has. What dies in the middle
    is said again within the budget. ModelFault (`broke_off` besides the others) where a turn comes to no end.
    """

    def __init__(self, means: Means, speeches: Speeches, ratio: TokenRatio, opening: Opening) -> None:
        self._means = means
        self._speeches = speeches
        self._ratio = ratio
        self._opening = opening
        self.model = means.endpoint.model_of(opening.deep)
        self._speech = speeches.of(self.model)
        self._tried: set[Speech] = set()
        self._is_guess = False
        self._later: list[dict[str, Any]] = []
        self._since = means.clock()
        self._left = min(opening.seconds, means.endpoint.budget)
        self._most = opening.max_output
        self._calls = self._refusals = self._empty = self._broken = 0
        self.usage = Usage()

    @property
    def has_tools(self) -> bool:
        """Whether the model is offered tools, as far as is known of its server."""
        return bool(self._opening.tools) and self._speech.tools

    @property
    def left(self) -> float:
        """Seconds of the budget that are left."""
        return self._left

    def say(self, text: str, by_model: bool = False) -> None:
        """Adds a message of the person, or one that is the model's own."""
        self._later.append({"role": "assistant" if by_model else "user", "content": writable(text)})

    def answer(self, call: Call, text: str) -> None:
        """Adds what a tool gave."""
        self._later.append({"role": "tool", "tool_call_id": call.id, "content": writable(text)})

    async def turn(self, with_tools: bool = True) -> AsyncGenerator[Piece, None]:
        """What the model says next, as it says it; Turned is the last piece. Calls of tools are to be answered then.

        `with_tools` False: it is to say its last word now. To be closed by whoever leaves early.
        """
        while True:
            said = Gathered()
            try:
                async with aclosing(self._call(said, with_tools)) as deltas:
                    async for delta in deltas:
                        if delta.text:
                            yield Words(text=delta.text)
                self._check(said)
            except CallFault as fault:
                await self._go_on_after(fault, said)
                if said.text:
                    yield Again()
                continue
            yield self._turned(said, with_tools)
            return

    # --- one call -------------------------------------------------------------------------------------------------

    async def _call(self, said: Gathered, with_tools: bool) -> AsyncGenerator[Delta, None]:
        """One call in a slot, which it holds until all is said."""
        give_back = await self._slot()
        outcome: Outcome = "failed"
        body = self._body(with_tools)
        try:
            self._means.holds.check(self.model)
            first, stall = min(self._means.endpoint.timeout, self._left), min(STALL, self._left)
            async with aclosing(self._means.wire.pieces(body, first, stall)) as deltas:
                while (delta := await self._next(deltas)) is not None:
                    said.add(delta)
                    yield delta
                    if len(said.text) > CHARACTERS_A_TOKEN * self._most:
                        said.finish = "length"
                        break
            if said.finish is None and "stream" in body:
                raise CallFault("broke_off", again=True)
            outcome = "served"
        except CallFault as fault:
            outcome = "overloaded" if fault.code in ("busy", "timeout") else "failed"
            raise
        finally:
            give_back(outcome)
            self._count(body, said, outcome)

    async def _next(self, deltas: AsyncGenerator[Delta, None]) -> Delta | None:
        """The next piece; only the time that it is waited for is of the budget."""
        begun = self._means.clock()
        try:
            return await anext(deltas, None)
        finally:
            self._left -= self._means.clock() - begun

    async def _slot(self) -> GiveBack:

        try:
            async with asyncio.timeout(self._opening.patience):
                return await self._means.slots.take()
        except TimeoutError:
            raise ModelFault("busy", self.usage, model=self.model) from None

    def _body(self, with_tools: bool) -> dict[str, Any]:
        """The request. What the server may keep in its cache stands first and stays the same."""
        opening, speech = self._opening, self._speech
        tools = opening.tools if speech.tools else ()
        dialect = speech.dialect.model_copy(update={"rung": speech.rung(bool(tools))})
        question = Question(
            name=opening.name,
            system=opening.system,
            content=opening.content,
            json_schema=opening.json_schema,
            max_output=opening.max_output,
        )
        body = body_of(question, self.model, dialect, self._most, None)
        body["messages"] += self._later
        if tools:
            body["tools"] = [{"type": "function", "function": tool.model_dump()} for tool in tools]
            body["tool_choice"] = "auto" if with_tools else "none"
        if speech.stream:
            body["stream"] = True
            body |= {"stream_options": {"include_usage": True}} if speech.counts else {}
        return body

    def _count(self, body: dict[str, Any], said: Gathered, outcome: Outcome) -> None:
        """A call that brought anything counts, also one that died."""
        calls = "".join(call.arguments for call in said.calls())
        if outcome != "served" and not said.text and not calls:
            return
        self._means.holds.answered(self.model)
        estimated = self._means.estimate(texts_of(body) + json.dumps(body.get("tools", "")))
        if said.input_tokens:
            self._ratio.observe(said.input_tokens, estimated)
        read, written = said.input_tokens, said.output_tokens
        self.usage += self._means.endpoint.usage_of(
            read if read is not None else round(estimated * self._ratio.value),
            written if written is not None else self._means.estimate(said.text + calls),
        )

    # --- what came of it ------------------------------------------------------------------------------------------

    def _check(self, said: Gathered) -> None:
        """CallFault where nothing was said, or the model would not say it."""
        if said.refused:
            raise CallFault("refused", again=True)
        if not said.text.strip() and not said.calls():
            self._most *= MORE_ROOM if said.finish == "length" else 1
            raise CallFault("empty", again=True)

    def _turned(self, said: Gathered, with_tools: bool) -> Turned:
        if not self._is_guess:
            self._speeches.worked(self.model, self._speech)
        self._broken = 0
        calls = said.calls() if with_tools and self.has_tools else ()
        if calls:
            told = [_told(call) for call in calls]
            self._later.append({"role": "assistant", "content": writable(said.text), "tool_calls": told})
        return Turned(calls=calls, cut=said.finish == "length" and not calls)

    async def _go_on_after(self, fault: CallFault, said: Gathered) -> None:
        """Steps down, or pauses; ModelFault where neither can help."""
        if said.text and fault.again and fault.code in ("unreachable", "server"):
            fault.code = "broke_off"
        if not said.text and self._step_down(fault):
            return
        if self._may_ask_again(fault):
            pause = self._pause_after(fault)
            if pause < self._left:
                self._left -= pause
                await self._means.pause(pause)
                return
        self._means.holds.learn(fault, self.model, self._since)
        details: dict[str, Detail] = {"model": self.model}
        details |= {"status": fault.status} if fault.status is not None else {}
        details |= {"said": fault.said} if fault.said else {}
        raise ModelFault(fault.code, self.usage, **details) from fault

    def _may_ask_again(self, fault: CallFault) -> bool:
        self._refusals += fault.code == "refused"
        self._empty += fault.code == "empty"
        self._calls += fault.again
        within = self._refusals < REFUSALS and self._empty < REPLIES and self._calls < CALLS
        return fault.again and within and self._left > 0

    def _step_down(self, fault: CallFault) -> bool:
        """Whether there is another way to talk to a server that complains of this one.

        A 500 that names nothing may be the trouble of the moment: only the second one is taken for a complaint, and
        what was left out for it is not remembered.
        """
        if self._speeches.is_proven(self.model, self._speech) and not is_named(fault):
            return False
        found = lacks(fault, self._speech, with_tools=bool(self._opening.tools))
        if fault.status == 500 and found and not is_named(fault):
            self._broken += 1
            if self._broken < 2:
                return False
            self._is_guess = True
        self._tried.add(self._speech)
        for lack in found:
            lower = self._speech.without(lack)
            if lower is not None and lower not in self._tried:
                self._speech, self._broken = lower, 0
                return True
        return False

    def _pause_after(self, fault: CallFault) -> float:
        """Seconds: at least what the server asks for. None where another try, and no time, is what is needed."""
        if fault.code in ("refused", "empty"):
            return 0.0
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self._calls - 1))
        pause = longest * (1 - self._means.chance() / 2)
        return pause if fault.retry_after is None else max(pause, fault.retry_after * (1 + self._means.chance() / 10))


def _told(call: Call) -> dict[str, Any]:
    """A call as the model is reminded of it. Servers refuse arguments that are no JSON."""
    try:
        json.loads(call.arguments)
        arguments = call.arguments
    except (ValueError, RecursionError):
        arguments = "{}"
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": writable(arguments)}}

"""The model's answer: it looks with tools, speaks, and every sentence is checked before anybody sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from prompts.prompts import load
from workers.analysis.grounding.fault import told_with_faults
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.talk import Again, Call, Opening, Piece, Tool, Words
from workers.analysis.llm.talking import Talk
from workers.analysis.llm.values import ModelFault, Question, ReplyFault, Usage
from workers.analysis.packing.tokens import estimate
from workers.analysis.replies.answers import SAID_MOST, Answered, AnswerReader, answers_schema
from workers.analysis.replies.repairs import repairs_reader, repairs_schema
from workers.model import Language
from workers.questions.briefing import Brief
from workers.questions.checking import Checker, Verdict
from workers.questions.offers import OFFERED
from workers.questions.sources import Citations
from workers.questions.tools import Toolbox
from workers.questions.values import Event, Said, Told

STEPS = 6
"""Turns in which the model may look with tools; after them it has to answer."""
CALLS_A_STEP = 4
SHOWN_MOST = 14_000
"""Tokens that tools may show in all."""
TOOL_SECONDS = 15.0
"""What one tool may take; then the model goes on without it."""
ANSWER_SECONDS = 120.0
"""What all calls of an answer may take together: nobody waits for longer in a thread."""
SLOT_SECONDS = 30.0
OUTPUT, REPAIR_OUTPUT = 1_400, 1_000
"""Tokens of one turn, and of the corrections."""
TELLS_MOST = 2
"""How often the model is told to go on, or to answer as it should."""

_NO_MORE = "There is no room for more. Answer now with what you have seen."
_GO_ON = (
    "What you said broke off after these statements. Reply with one JSON object of the same form that has only what is "
    "still to be said, an empty list where that is nothing."
)
_FORM = 'Reply now with one JSON object and nothing else: {"answer": [{"text", "commits", "evidence", "proposed"}]}'


class Answering:
    """One answer by a model. After `events` has ended: what was said, what was not, and what it cost."""

    def __init__(self, llm: Llm, language: Language, toolbox: Toolbox, checker: Checker, citations: Citations) -> None:
        self._llm = llm
        self._language: Language = language
        self._toolbox = toolbox
        self._checker = checker
        self._citations = citations
        self._answered: list[Answered] = []
        self._failed: list[tuple[Answered, Verdict]] = []
        self._room = SHOWN_MOST
        self.said: list[Said] = []
        self.removed = 0
        self.cut = False
        self.usage = Usage()

    async def events(self, brief: Brief) -> AsyncGenerator[Event, None]:
        """Looking and Told as they come. ModelFault where the model gives up in the middle; what was told stands.

        What is too long for the model is asked once more without tools, about half of what was shown.
        """
        try:
            async with aclosing(self._talk(self._opening(brief, OFFERED))) as talked:
                async for event in talked:
                    yield event
        except ModelFault as fault:
            if fault.code != "too_long":
                raise
            async with aclosing(self._talk(self._opening(brief.halved(), ()))) as talked:
                async for event in talked:
                    yield event
        async with aclosing(self._repair(brief)) as repaired:
            async for event in repaired:
                yield event

    async def _talk(self, opening: Opening) -> AsyncGenerator[Event, None]:
        async with self._llm.talk(opening) as talk:
            self._remind(talk)
            try:
                async with aclosing(self._speak(talk)) as spoken:
                    async for event in spoken:
                        yield event
            finally:
                self.usage += talk.usage

    def _opening(self, brief: Brief, tools: tuple[Tool, ...]) -> Opening:
        prompt = load("question")
        return Opening(
            name="answer",
            system=prompt.system(self._language),
            content=prompt.content(**brief._asdict()),
            json_schema=answers_schema(),
            tools=tools,
            max_output=OUTPUT,
            seconds=ANSWER_SECONDS,
            patience=SLOT_SECONDS,
        )

    # --- turns ----------------------------------------------------------------------------------------------------

    async def _speak(self, talk: Talk) -> AsyncGenerator[Event, None]:
        steps, tells = 0, 0
        while True:
            turn = _Turn()
            async with aclosing(self._listen(talk, turn, steps < STEPS and self._room > 0)) as heard:
                async for event in heard:
                    yield event
            if turn.calls:
                steps += 1
                async with aclosing(self._look(talk, turn.calls)) as looked:
                    async for event in looked:
                        yield event
                continue
            if turn.is_whole or len(self._answered) >= SAID_MOST:
                return
            tells += 1
            if tells > TELLS_MOST:
                if not self._answered:
                    raise ModelFault(turn.fault or "empty", model=talk.model)
                self.cut = True
                return
            self._tell(talk, turn)

    async def _listen(self, talk: Talk, turn: _Turn, with_tools: bool) -> AsyncGenerator[Event, None]:
        """One turn: each statement is checked, and told, as soon as it is whole."""
        async with aclosing(talk.turn(with_tools)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Again):
                    turn.reader = AnswerReader()
                    self._remind(talk)
                for answered in turn.take(piece):
                    if told := await self._judge(answered):
                        yield told
                if len(self._answered) >= SAID_MOST:
                    return

    async def _look(self, talk: Talk, calls: Sequence[Call]) -> AsyncGenerator[Event, None]:
        """Runs the tools that were called; every call is answered."""
        for number, call in enumerate(calls):
            if number >= CALLS_A_STEP or self._room <= 0:
                talk.answer(call, _NO_MORE)
                continue
            yield self._toolbox.looking(call)
            talk.answer(call, await self._run(call))

    async def _run(self, call: Call) -> str:
        try:
            async with asyncio.timeout(TOOL_SECONDS):
                result = await asyncio.to_thread(self._toolbox.run, call)
        except TimeoutError:
            return "That took too long. Go on without it."
        self._room -= estimate(result.text)
        self._checker.show(result.seen)
        return result.text

    def _tell(self, talk: Talk, turn: _Turn) -> None:
        """Asks for what is missing: the rest of a reply that was cut, or an answer in the right form."""
        if turn.is_cut and self._answered:
            self._remind(talk)
            return
        talk.say(turn.reader.text[:2_000] or "…", by_model=True)
        talk.say(_FORM)

    def _remind(self, talk: Talk) -> None:
        """Tells the model what it has said already, and asks for the rest."""
        if not self._answered:
            return
        said = [{"text": one.statement.text, "commits": one.commits} for one in self._answered]
        talk.say(json.dumps({"answer": said}, ensure_ascii=False), by_model=True)
        talk.say(_GO_ON)

    # --- statements -----------------------------------------------------------------------------------------------

    async def _judge(self, answered: Answered) -> Told | None:
        """The statement as it may be shown, if it holds. What was said before is not said twice."""
        if any(one.statement.text == answered.statement.text for one in self._answered):
            return None
        self._answered.append(answered)
        verdict = await asyncio.to_thread(self._checker.check, answered)
        if verdict.faults:
            self._failed.append((answered, verdict))
            return None
        return self._tell_it(verdict)

    def _tell_it(self, verdict: Verdict) -> Told:
        numbers, new = self._citations.cite(verdict.sources)
        said = Said(text=verdict.statement.text, citations=numbers, proposed=verdict.statement.proposed)
        self.said.append(said)
        return Told(said=said, citations=new)

    async def _repair(self, brief: Brief) -> AsyncGenerator[Event, None]:
        """What did not hold goes back once with the reasons. What is not corrected, or fails again, is removed."""
        failed, self._failed = self._failed, []
        self.removed = len(failed)
        if not failed:
            return
        prompt = load("repair")
        faulty = ((number, verdict.statement.text, verdict.faults) for number, (_, verdict) in enumerate(failed, 1))
        question = Question(
            name="repairs",
            system=prompt.system(self._language),
            content=prompt.content(statements=told_with_faults(faulty), commit=brief.commits),
            json_schema=repairs_schema(),
            max_output=REPAIR_OUTPUT,
            deep=True,
        )
        try:
            told = await self._llm.ask(question, repairs_reader())
        except ModelFault as fault:
            self.usage += fault.usage
            return
        self.usage += told.usage
        for number, (answered, _) in enumerate(failed, 1):
            statement = told.value.get(number)
            if statement is not None:
                verdict = await asyncio.to_thread(
                    self._checker.check, answered.model_copy(update={"statement": statement})
                )
                if not verdict.faults:
                    self.removed -= 1
                    yield self._tell_it(verdict)


class _Turn:
    """What one turn of the model came to."""

    def __init__(self) -> None:
        self.reader = AnswerReader()
        self.calls: tuple[Call, ...] = ()
        self.is_cut = False
        self.fault = ""

    @property
    def is_whole(self) -> bool:
        """Whether the model said all that it meant to say, in the form that was asked for."""
        return not self.is_cut and not self.fault

    def take(self, piece: Piece) -> tuple[Answered, ...]:
        """The statements that a piece makes whole."""
        if isinstance(piece, Words):
            return self.reader.feed(piece.text)
        if isinstance(piece, Again):
            return ()
        self.calls, self.is_cut = piece.calls, piece.cut
        return () if piece.calls else self._last()

    def _last(self) -> tuple[Answered, ...]:
        try:
            return self.reader.finish(self.is_cut)
        except ReplyFault as fault:
            self.fault = fault.code
            return ()

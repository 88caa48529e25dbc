"""A conversation: streamed, with tools where the server has them, and never ended without a word on why."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import Asked, Said
from tests.fakes.model_troubles import (
    BROKEN,
    BUSY,
    EMPTY,
    EXPIRED_KEY,
    OVERLOADED,
    REFUSAL,
    TOO_LONG,
    Broken,
    Failure,
    Hang,
    Reset,
    Trouble,
)
from tests.unit.workers.analysis.llm.questions import SCHEMA, Asker
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.slots import LocalSlots
from workers.analysis.llm.talk import Again, Opening, Piece, Tool, Turned, Words
from workers.analysis.llm.talking import Talk
from workers.analysis.llm.values import ModelFault, Usage

TOOL = Tool(
    name="read_file",
    description="A file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)
OPENING = Opening(
    name="verdict",
    system="You answer.",
    content="What is it?",
    json_schema=SCHEMA,
    tools=(TOOL,),
    max_output=500,
    deep=False,
    seconds=20.0,
)
REPLY = json.dumps({"verdict": "A fix of the cache, told at some length."})


class Kept(dict[str, bytes]):
    """A memory."""

    def set(self, key: str, value: bytes) -> None:
        self[key] = value


@dataclass
class Heard:
    """What a talk gave: its pieces by turn, what it cost, and what the tools were asked."""

    pieces: list[Piece] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words since the last that died."""
        last = max((at for at, one in enumerate(self.pieces) if isinstance(one, Again)), default=-1)
        return "".join(one.text for one in self.pieces[last + 1 :] if isinstance(one, Words))

    @property
    def end(self) -> Turned:
        found = self.pieces[-1]
        assert isinstance(found, Turned)
        return found


async def converse(llm: Llm, opening: Opening = OPENING, given: str = "x = 1") -> Heard:
    """Talks until the model has said its last word; every tool gives the same."""
    heard = Heard()
    async with llm.talk(opening) as talk:
        while not heard.pieces or heard.end.calls:
            await hear(talk, heard)
            for call in heard.end.calls:
                heard.asked.append((call.name, call.arguments))
                talk.answer(call, given)
        heard.usage = talk.usage
    return heard


async def hear(talk: Talk, heard: Heard) -> None:
    async with aclosing(talk.turn()) as pieces:
        async for piece in pieces:
            heard.pieces.append(piece)


def talked(asker: Asker, opening: Opening = OPENING) -> Heard:
    async def run() -> Heard:
        async with asker.llm() as llm:
            return await converse(llm, opening)

    return asyncio.run(run())


def fault_of_talk(asker: Asker, opening: Opening = OPENING) -> ModelFault:
    with pytest.raises(ModelFault) as caught:
        talked(asker, opening)
    return caught.value


def calling(asked: Asked) -> Trouble | str:
    """Calls a tool while it may, and answers when it has been given something."""
    if asked.tools and not asked.results:
        return Said("", calls=(("read_file", '{"path": "a/long/path/of/a/file.py"}'),))
    return json.dumps({"verdict": "".join(asked.results) or "nothing was read"})


def test_words_come_as_they_are_said(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: REPLY
    heard = talked(asker)
    assert heard.text == REPLY
    assert sum(isinstance(piece, Words) for piece in heard.pieces) > 3
    assert not heard.end.cut


def test_the_first_words_are_heard_while_the_rest_is_not_said_yet() -> None:
    with FakeModel(lambda _: REPLY, pace=0.03) as model:
        first: list[float] = []

        async def run() -> float:
            async with Asker(model).llm() as llm, llm.talk(OPENING) as talk, aclosing(talk.turn()) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Words) and not first:
                        first.append(time.monotonic())
            return time.monotonic()

        end = asyncio.run(run())
        assert first[0] - model.begun[0] < end - first[0]


def test_a_tool_is_called_and_what_it_gave_is_read(asker: Asker, model: FakeModel) -> None:
    model.script = calling
    heard = talked(asker)
    assert heard.asked == [("read_file", '{"path": "a/long/path/of/a/file.py"}')]
    assert json.loads(heard.text) == {"verdict": "x = 1"}
    assert model.requests[0].tools == ("read_file",)
    assert model.requests[0].rung == "text"  # a format would keep some servers from calling


def test_several_tools_may_be_called_in_one_turn(asker: Asker, model: FakeModel) -> None:
    def script(asked: Asked) -> Trouble | str:
        return REPLY if asked.results else Said("", calls=(("read_file", "{}"), ("read_file", '{"path": "b"}')))

    model.script = script
    assert talked(asker).asked == [("read_file", "{}"), ("read_file", '{"path": "b"}')]


@pytest.mark.parametrize("arguments", ['{"path": ', "[" * 5_000])
def test_arguments_that_are_no_json_do_not_break_the_talk(asker: Asker, model: FakeModel, arguments: str) -> None:
    def script(asked: Asked) -> Trouble | str:
        return REPLY if asked.results else Said("", calls=(("read_file", arguments),))

    model.script = script
    heard = talked(asker)
    assert heard.asked == [("read_file", arguments)]
    assert heard.text == REPLY


def test_usage_is_what_the_server_counts_over_all_turns(asker: Asker, model: FakeModel) -> None:
    def script(asked: Asked) -> Trouble | str:
        counts = {"prompt_tokens": 100, "completion_tokens": 7}
        return Said(REPLY, **counts) if asked.results else Said("", calls=(("read_file", "{}"),), **counts)

    model.script = script
    assert talked(asker).usage == Usage(calls=2, input_tokens=200, output_tokens=14)


def test_usage_is_estimated_where_the_server_does_not_count(asker: Asker, model: FakeModel) -> None:
    model.script, model.lacks = (lambda _: REPLY), ("stream_options",)
    usage = talked(asker).usage
    assert usage.calls == 1
    assert usage.input_tokens > 0
    assert usage.output_tokens > 0


def test_usage_is_kept_when_the_talk_ends(asker: Asker, model: FakeModel) -> None:
    kept: list[tuple[str, Usage]] = []
    asker.record = lambda name, usage: kept.append((name, usage))
    model.script = lambda _: REPLY
    usage = talked(asker).usage
    assert kept == [("small", usage)]


@pytest.mark.parametrize("lack", ["tools", "stream_options", "stream", "temperature", "max_tokens"])
def test_what_a_server_lacks_is_left_out_and_remembered(asker: Asker, model: FakeModel, lack: str) -> None:
    asker.memory = Kept()
    model.script, model.lacks = calling, (lack,)
    heard = talked(asker)
    assert bool(heard.asked) == (lack != "tools")
    assert json.loads(heard.text)
    model.calm()
    talked(asker)  # another process
    assert all(lack not in request.body for request in model.requests)


def test_a_server_without_tools_is_asked_for_structure_by_its_own_means(asker: Asker, model: FakeModel) -> None:
    model.script, model.lacks = calling, ("tools",)
    talked(asker)
    assert model.requests[-1].rung == "json_schema"


def test_a_server_without_tools_and_without_schemas_is_asked_in_words(asker: Asker, model: FakeModel) -> None:
    model.script, model.lacks = calling, ("tools",)
    model.refuses = {"json_schema": 400, "json_object": 400}
    assert json.loads(talked(asker).text) == {"verdict": "nothing was read"}
    assert model.requests[-1].rung == "text"


def test_a_500_that_names_tools_is_taken_for_a_complaint_at_once(asker: Asker, model: FakeModel) -> None:
    model.script = calling
    words = {"error": {"message": "tools param requires --jinja flag", "code": 500}}
    model.trouble(Failure(500, words), times=None, on=lambda asked: "tools" in asked.body)
    assert json.loads(talked(asker).text) == {"verdict": "nothing was read"}
    assert len(model.requests) == 2


def test_what_was_left_out_for_a_500_that_names_nothing_is_not_remembered(asker: Asker, model: FakeModel) -> None:
    asker.memory = Kept()
    model.script = calling
    model.trouble(BROKEN, times=2)
    assert json.loads(talked(asker).text) == {"verdict": "nothing was read"}
    model.calm()
    assert json.loads(talked(asker).text) == {"verdict": "x = 1"}


def test_a_server_that_gives_no_stream_though_asked_is_not_asked_again(model: FakeModel, asker: Asker) -> None:
    model.script, model.streams = calling, False
    heard = talked(asker)
    assert heard.asked
    assert json.loads(heard.text) == {"verdict": "x = 1"}
    assert "stream" not in model.requests[-1].body


@pytest.mark.parametrize("broken", [Broken(3), Broken(3, error=True)], ids=["cut off", "an error in it"])
def test_a_stream_that_dies_is_said_again_and_the_listener_is_told(
    asker: Asker, model: FakeModel, broken: Broken
) -> None:
    model.script = lambda _: Said(REPLY)
    model.trouble(broken)
    heard = talked(asker)
    assert sum(isinstance(piece, Again) for piece in heard.pieces) == 1
    assert heard.text == REPLY
    assert heard.usage.calls == 2


def test_what_is_said_when_a_stream_dies_is_in_the_next_request(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: Said(REPLY)
    model.trouble(Broken(3))

    async def run() -> None:
        async with asker.llm() as llm, llm.talk(OPENING) as talk, aclosing(talk.turn()) as pieces:
            async for piece in pieces:
                if isinstance(piece, Again):
                    talk.say("Go on.")

    asyncio.run(run())
    assert model.requests[-1].content.endswith("Go on.")


def test_a_stream_that_always_dies_ends_in_a_named_fault(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: Said(REPLY)
    model.trouble(Broken(3), times=None)
    fault = fault_of_talk(asker)
    assert fault.code == "broke_off"
    assert fault.usage.calls > 1


def test_a_stream_that_stops_without_an_end_is_taken_for_dead(
    asker: Asker, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.analysis.llm.talking.STALL", 0.2)
    model.script = lambda _: Said(REPLY)
    model.trouble(Broken(3, hang=True))
    heard = talked(asker)
    assert heard.text == REPLY


def test_a_server_that_never_says_a_word_is_left_within_the_budget(asker: Asker, model: FakeModel) -> None:
    model.trouble(Hang(), times=None)
    begun = time.monotonic()
    assert fault_of_talk(asker, OPENING.model_copy(update={"seconds": 0.5})).code == "timeout"
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("trouble", [BUSY, BROKEN, OVERLOADED, Reset(), EMPTY, REFUSAL])
def test_what_may_pass_is_asked_again(asker: Asker, model: FakeModel, trouble: Trouble) -> None:
    model.script = lambda _: REPLY
    model.trouble(trouble)
    assert talked(asker).text == REPLY


def test_the_server_is_given_the_time_that_it_asks_for(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: REPLY
    model.trouble(BUSY.after(3))
    talked(asker)
    assert asker.pauses[0] >= 3


def test_a_wait_beyond_the_budget_is_not_made(asker: Asker, model: FakeModel) -> None:
    model.trouble(BUSY.after(300))
    assert fault_of_talk(asker).code == "busy"
    assert not asker.pauses


@pytest.mark.parametrize(
    ("trouble", "code"), [(EXPIRED_KEY, "key_refused"), (TOO_LONG["openai"], "too_long"), (REFUSAL, "refused")]
)
def test_what_does_not_pass_is_named(asker: Asker, model: FakeModel, trouble: Trouble, code: str) -> None:
    model.trouble(trouble, times=None)
    assert fault_of_talk(asker).code == code


def test_a_reply_that_ends_at_its_limit_is_told_to_be_cut(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: Said(REPLY[:20], finish="length")
    assert talked(asker).end.cut


def test_a_server_that_keeps_to_no_limit_is_not_listened_to_for_ever(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: "x" * 60_000
    heard = talked(asker)
    assert heard.end.cut
    assert len(heard.text) < 5_000


def test_whoever_stops_listening_frees_the_slot(asker: Asker, model: FakeModel) -> None:
    asker.slots = LocalSlots(1)
    model.script = lambda _: REPLY

    async def run() -> Heard:
        async with asker.llm() as llm:
            async with llm.talk(OPENING) as talk, aclosing(talk.turn()) as pieces:
                await anext(pieces)
            return await converse(llm)

    assert asyncio.run(run()).text == REPLY


def test_a_question_waits_for_a_slot_no_longer_than_its_patience(asker: Asker, model: FakeModel) -> None:
    async def run() -> None:
        async with asker.llm() as llm:
            await asker.slots.take()
            await converse(llm, OPENING.model_copy(update={"patience": 0.05}))

    asker.slots = LocalSlots(1)
    with pytest.raises(ModelFault) as caught:
        asyncio.run(run())
    assert caught.value.code == "busy"


def test_the_last_word_is_asked_for_without_calling(asker: Asker, model: FakeModel) -> None:
    model.script = calling

    async def run() -> Turned:
        async with asker.llm() as llm, llm.talk(OPENING) as talk:
            heard = Heard()
            async with aclosing(talk.turn(with_tools=False)) as pieces:
                async for piece in pieces:
                    heard.pieces.append(piece)
            return heard.end

    assert asyncio.run(run()) == Turned()
    assert model.requests[0].tools == ()

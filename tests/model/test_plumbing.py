"""The real Llm against a real model: its protocol is real, what it says is poor."""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import SecretStr

from tests.model.server import CONTEXT, KEY
from workers.analysis.llm.dialect import Dialect, Rung
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.probe import probe
from workers.analysis.llm.slots import LocalSlots
from workers.analysis.llm.values import ModelFault, Question, ReplyFault, Told

SCHEMA = {
    "type": "object",
    "properties": {
        "tier": {"type": "string", "enum": ["high", "medium", "low"]},
        "breaking": {"type": "boolean"},
    },
    "required": ["tier", "breaking"],
    "additionalProperties": False,
}
QUESTION = Question(
    name="verdict",
    system="You judge commits for a team. Be brief.",
    content="fix: close the file after reading\n-    data = open(path).read()\n+    data = Path(path).read_text()",
    json_schema=SCHEMA,
    max_output=64,
)


class Remembered:
    """A memory in which the rung to begin at stands already."""

    def __init__(self, rung: Rung) -> None:
        self._kept = Dialect(rung=rung).model_dump_json().encode()

    def get(self, key: str) -> bytes:
        return self._kept

    def set(self, key: str, value: bytes) -> None:
        raise AssertionError(f"the server was asked in another way: {value!r}")


def estimate(text: str) -> int:
    return round(sum(1 / 3 if mark.isascii() else 1 / 1.4 for mark in text))


def endpoint(url: str, key: str = KEY) -> Endpoint:
    return Endpoint(base_url=url, key=SecretStr(key), model="smollm2", timeout=60, budget=90, input_price=1.0)


def told(url: str, rung: Rung, question: Question = QUESTION) -> Told[str]:
    async def ask() -> Told[str]:
        async with Llm(endpoint(url), LocalSlots(2), estimate, Remembered(rung)) as llm:
            return await llm.ask(question, lambda text, cut: f"{text}{' …' if cut else ''}")

    return asyncio.run(ask())


def test_with_a_schema_the_reply_obeys_it(small_model: str) -> None:
    value = json.loads(told(small_model, Rung.SCHEMA).value)
    assert set(value) == {"tier", "breaking"}
    assert value["tier"] in ("high", "medium", "low")


def test_as_json_the_reply_is_json_as_far_as_it_goes(small_model: str) -> None:
    reply = told(small_model, Rung.OBJECT)
    assert reply.value.lstrip().startswith("{")
    assert reply.cut or isinstance(json.loads(reply.value), dict)


def test_by_words_alone_there_is_a_reply(small_model: str) -> None:
    assert told(small_model, Rung.PROMPT).value


def test_the_server_counts_what_was_read_and_written(small_model: str) -> None:
    usage = told(small_model, Rung.SCHEMA).usage
    assert usage.calls == 1
    assert 40 < usage.input_tokens < 90
    assert 5 < usage.output_tokens <= QUESTION.max_output
    assert usage.cost == pytest.approx(usage.input_tokens / 1_000_000)


def test_our_estimate_of_tokens_is_near_what_the_server_counts(small_model: str) -> None:
    async def ask() -> float:
        async with Llm(endpoint(small_model), LocalSlots(2), estimate) as llm:
            await llm.ask(QUESTION.model_copy(update={"content": QUESTION.content * 10}), lambda text, cut: text)
            return llm.ratio()

    assert 0.6 < asyncio.run(ask()) < 1.4


def test_a_reply_at_its_limit_is_told_to_be_cut(small_model: str) -> None:
    short = told(small_model, Rung.SCHEMA, QUESTION.model_copy(update={"max_output": 4}))
    assert short.cut
    assert short.value.endswith("…")


def test_a_reply_of_no_use_is_asked_for_again(small_model: str) -> None:
    seen: list[str] = []

    def read(text: str, cut: bool) -> str:
        seen.append(text)
        if len(seen) == 1:
            raise ReplyFault("wrong_schema", "breaking is wrong")
        return text

    async def ask() -> Told[str]:
        async with Llm(endpoint(small_model), LocalSlots(2), estimate) as llm:
            return await llm.ask(QUESTION, read)

    assert asyncio.run(ask()).usage.calls == 2


@pytest.mark.parametrize(
    ("question", "key", "code"),
    [
        (QUESTION.model_copy(update={"content": "word " * CONTEXT}), KEY, "too_long"),
        (QUESTION, "sk-another", "key_refused"),
    ],
)
def test_what_the_server_refuses_is_understood(small_model: str, question: Question, key: str, code: str) -> None:
    async def ask() -> None:
        async with Llm(endpoint(small_model, key), LocalSlots(2), estimate) as llm:
            await llm.ask(question, lambda text, cut: text)

    with pytest.raises(ModelFault) as refused:
        asyncio.run(ask())
    assert refused.value.code == code


def test_several_questions_are_answered_at_once(small_model: str) -> None:
    async def ask() -> list[Told[str]]:
        async with Llm(endpoint(small_model), LocalSlots(4), estimate) as llm:
            return await asyncio.gather(*(llm.ask(QUESTION, lambda text, cut: text) for _ in range(6)))

    assert [set(json.loads(one.value)) for one in asyncio.run(ask())] == [{"tier", "breaking"}] * 6


def test_the_doctor_finds_the_surest_way(small_model: str) -> None:
    assert asyncio.run(probe(endpoint(small_model))) is Rung.SCHEMA

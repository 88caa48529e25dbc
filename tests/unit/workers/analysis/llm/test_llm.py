"""Asking a model: what is sent, what comes back, and what it is remembered to have cost."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import Said
from tests.fakes.model_troubles import CUT, EXPIRED_KEY
from tests.processes import line_of, program
from tests.unit.workers.analysis.llm.questions import QUESTION, Asker, fault_of, verdict
from workers.analysis.llm.dialect import Rung
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.slots import LocalSlots
from workers.analysis.llm.values import Told, Usage
from workers.errors import TransientError

SECRET = "sk-secret-0123456789abcdef"


def test_a_question_gets_its_reply_with_what_it_cost(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: Said('{"verdict": "A fix."}', prompt_tokens=900, completion_tokens=40)
    asker.changes = {"input_price": 2.0, "output_price": 10.0}
    told = asker.ask()
    assert told == Told("A fix.", told.usage, "small", cut=False)
    assert told.usage == Usage(calls=1, input_tokens=900, output_tokens=40, cost=0.0022)


def test_the_best_structure_is_asked_for_with_a_low_temperature(asker: Asker, model: FakeModel) -> None:
    asker.ask()
    (asked,) = model.requests
    assert asked.rung == "json_schema"
    assert asked.body["response_format"]["json_schema"]["name"] == "verdict"
    assert asked.body["max_tokens"] == 500
    assert asked.body["temperature"] <= 0.2
    assert (asked.system, asked.content) == ("You judge commits.", "A commit.")


def test_a_deep_question_goes_to_the_deep_model_where_there_is_one(asker: Asker, model: FakeModel) -> None:
    deep = QUESTION.model_copy(update={"deep": True})
    assert asker.ask(deep).model == "small"
    asker.changes = {"model_deep": "deep"}
    assert asker.ask(deep).model == "deep"
    assert [asked.model for asked in model.requests] == ["small", "deep"]


def test_no_key_is_sent_where_there_is_none(asker: Asker, model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    model.key = None
    asker.changes = {"key": None}
    asker.ask()
    assert model.requests[0].key is None


def test_a_key_that_no_header_can_hold_is_refused_without_a_call(asker: Asker, model: FakeModel) -> None:
    asker.changes = {"key": SecretStr("sk-钥匙")}
    assert fault_of(asker.ask).code == "key_refused"
    assert not model.requests


def test_text_that_is_no_unicode_is_sent_all_the_same(asker: Asker, model: FakeModel) -> None:
    asker.ask(QUESTION.model_copy(update={"content": "a lone \ud800 surrogate"}))
    assert model.requests[0].content == "a lone ? surrogate"


def test_a_reply_cut_at_its_limit_says_so(asker: Asker, model: FakeModel) -> None:
    model.trouble(CUT)
    told = asker.ask()
    assert told.cut
    assert told.value.endswith(" …")
    assert len(model.requests) == 1


def test_a_models_thoughts_are_no_part_of_its_reply(asker: Asker, model: FakeModel) -> None:
    model.script = lambda _: '<think>{"verdict": "a draft"}\nno</think>\n{"verdict": "the reply"}'
    assert asker.ask().value == "the reply"


def test_thoughts_without_an_end_get_more_room(asker: Asker, model: FakeModel) -> None:
    model.trouble(Said("<think>I wonder whether", finish="length"))
    asker.ask()
    assert [asked.body["max_tokens"] for asked in model.requests] == [500, 2000]


def test_tokens_that_the_server_does_not_count_are_estimated(asker: Asker, model: FakeModel) -> None:
    model.trouble(Said('{"verdict": "x"}', prompt_tokens=-1, completion_tokens=-1))
    usage = asker.ask().usage
    assert usage.input_tokens == (len("You judge commits.") + len("A commit.") + 1) // 4
    assert usage.output_tokens == 4


def test_the_ratio_of_tokens_follows_the_server_within_its_bounds(asker: Asker, model: FakeModel) -> None:
    long = QUESTION.model_copy(update={"content": "word " * 10_000})

    async def ratios(llm: Llm) -> list[float]:
        found = [llm.ratio(deep=False)]
        for _ in range(3):
            await llm.ask(long, verdict)
            found.append(llm.ratio(deep=False))
        return [*found, llm.ratio(deep=True)]

    model.script = lambda _: Said('{"verdict": "x"}', prompt_tokens=15_000)
    first, *later, deep = asker.with_llm(ratios)
    assert (first, deep) == (1.0, 1.0)
    assert later == sorted(later)
    assert 1.1 < later[-1] < 1.2
    model.script = lambda _: Said('{"verdict": "x"}', prompt_tokens=1_000_000)
    assert asker.with_llm(ratios)[3] == 2.0


def test_what_a_question_cost_is_recorded_once(asker: Asker, model: FakeModel) -> None:
    kept: list[tuple[str, Usage]] = []
    asker.record = lambda name, usage: kept.append((name, usage))
    model.trouble(Said(""))
    told = asker.ask()
    assert kept == [("small", told.usage)]
    assert told.usage.calls == 2


def test_a_reply_is_not_lost_when_its_cost_cannot_be_kept(asker: Asker) -> None:
    def fail(name: str, usage: Usage) -> None:
        raise TransientError("redis_unreachable")

    asker.record = fail
    assert asker.ask().value == "One sentence."


def test_many_questions_run_at_once_and_no_more_than_the_slots(asker: Asker, model: FakeModel) -> None:
    asker.slots = LocalSlots(4)
    model.latency = 0.02
    assert len(asker.ask_all([QUESTION] * 12)) == 12
    assert model.most_at_once == 4


def test_a_slot_is_free_before_the_reply_is_read(asker: Asker, model: FakeModel) -> None:
    """With one slot, the next question is sent while the reader of the first has not begun."""
    asker.slots = LocalSlots(1)
    waiting: list[int] = []

    def read(text: str, cut: bool) -> str:
        waiting.append(asker.slots._limiter.statistics().tasks_waiting)  # type: ignore[attr-defined]
        return verdict(text, cut)

    asker.ask_all([QUESTION] * 3, read)
    assert waiting == [1, 0, 0]


def test_an_llm_serves_one_event_loop_after_another(asker: Asker) -> None:
    llm = asker.llm()

    async def once() -> str:
        async with llm:
            return (await llm.ask(QUESTION, verdict)).value

    assert [asyncio.run(once()) for _ in range(2)] == ["One sentence."] * 2


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_the_key_is_in_no_error_and_no_log(
    asker: Asker, model: FakeModel, everything_logged: pytest.LogCaptureFixture
) -> None:
    asker.changes = {"key": SecretStr(SECRET)}
    model.trouble(EXPIRED_KEY.__class__(401, {"error": {"message": f"The key {SECRET} has expired"}}))
    fault = fault_of(asker.ask)
    assert fault.details["said"] == "The key *** has expired"
    assert SECRET not in repr(fault) + repr(asker.endpoint())
    assert SECRET not in everything_logged.text
    assert fault.__cause__ is not None
    assert SECRET not in repr(fault.__cause__)


def test_words_that_quote_the_prompt_are_not_repeated(asker: Asker, model: FakeModel) -> None:
    secret = QUESTION.model_copy(update={"content": "the password of the harbour is swordfish"})
    model.trouble(EXPIRED_KEY.__class__(404, {"detail": f"no model for {secret.content}\n\x1b[31m"}))
    assert "said" not in fault_of(lambda: asker.ask(secret)).details


def test_what_works_is_known_to_other_processes(asker: Asker, model: FakeModel) -> None:
    kept: dict[str, bytes] = {}

    class Kept:
        get = staticmethod(kept.get)
        set = staticmethod(kept.__setitem__)

    asker.memory = Kept()
    model.refuses = {"json_schema": 400}
    asker.ask()
    assert [asked.rung for asked in model.requests] == ["json_schema", "json_object"]
    model.calm()
    asker.ask()
    assert [asked.rung for asked in model.requests] == ["json_object"]
    assert "sk-" not in json.dumps([*kept, *map(str, kept.values())])


def test_a_memory_that_fails_or_lies_only_costs_the_learning(asker: Asker, model: FakeModel) -> None:
    class Lost:
        def get(self, key: str) -> bytes | None:
            return b"{"

        def set(self, key: str, value: bytes) -> None:
            raise TransientError("redis_unreachable")

    asker.memory = Lost()
    model.refuses = {"json_schema": 400}
    assert asker.ask().value == "One sentence."


def test_how_structure_is_asked_for_is_told(asker: Asker, model: FakeModel) -> None:
    async def rung(llm: Llm) -> tuple[Rung, Rung]:
        before = llm.rung()
        await llm.ask(QUESTION, verdict)
        return before, llm.rung()

    model.refuses = {"json_schema": 422}
    assert asker.with_llm(rung) == (Rung.SCHEMA, Rung.OBJECT)


def test_openai_is_imported_by_the_first_call_alone() -> None:
    code = """
        import sys
        from workers.analysis.llm.llm import Llm
        from workers.analysis.llm.probe import probe
        print("openai" in sys.modules or "aiohttp" in sys.modules, flush=True)
        from workers.analysis.llm.wire import preload
        preload()
        print("openai" in sys.modules, flush=True)
    """
    with program(code) as process:
        assert [line_of(process), line_of(process)] == ["False", "True"]

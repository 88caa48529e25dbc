"""What goes wrong with a call, forced: each passes within the budget, or ends in a named fault."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import Said
from tests.fakes.model_troubles import (
    BROKEN,
    BUSY,
    EMPTY,
    EXPIRED_KEY,
    FILTERED,
    FORBIDDEN,
    NO_CREDIT,
    NOT_JSON,
    NULL,
    OVERLOADED,
    REFUSAL,
    Failure,
    Half,
    Hang,
    Reset,
    Trouble,
    fenced,
    filtered_prompt,
)
from tests.unit.workers.analysis.llm.questions import QUESTION, Asker, fault_of, verdict
from workers.analysis.llm.asking import CALLS, REPLIES
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.slots import LocalSlots

PASSING: dict[str, tuple[Trouble, str]] = {
    "429": (BUSY, "busy"),
    "500": (BROKEN, "server"),
    "503": (OVERLOADED, "server"),
    "504": (Failure(504, "Gateway Time-out"), "timeout"),
    "529": (Failure(529, {"error": {"message": "Overloaded"}}), "busy"),
    "reset": (Reset(), "unreachable"),
    "half a body": (Half(), "unreachable"),
    "half a body told to be all": (Half(told=False), "server"),
    "an error with status 200": (Failure(200, {"error": {"message": "upstream died"}}), "server"),
    "a page with status 200": (Failure(200, "<html>Welcome</html>"), "server"),
    "JSON of another kind": (Failure(200, [1, 2]), "server"),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_may_pass_is_asked_again(asker: Asker, model: FakeModel, name: str) -> None:
    model.trouble(PASSING[name][0])
    assert asker.ask().value == "One sentence."
    assert len(model.requests) == 2
    assert len(asker.pauses) == 1


@pytest.mark.parametrize("name", PASSING)
def test_what_does_not_pass_ends_in_its_name_after_so_many_calls(asker: Asker, model: FakeModel, name: str) -> None:
    trouble, code = PASSING[name]
    model.trouble(trouble, times=None)
    assert fault_of(asker.ask).code == code
    ladder = 4 if name == "500" else 0
    assert CALLS <= len(model.requests) <= CALLS + ladder


def test_pauses_grow_and_differ(asker: Asker, model: FakeModel) -> None:
    model.trouble(OVERLOADED, times=None)
    for _ in range(3):
        fault_of(asker.ask)
    first, last = asker.pauses[:: CALLS - 1], asker.pauses[CALLS - 2 :: CALLS - 1]
    assert all(0.25 <= pause <= 0.5 for pause in first)
    assert all(4.0 <= pause <= 8.0 for pause in last)
    assert len(set(first)) == 3


def test_a_server_that_hangs_is_given_up_after_its_time(asker: Asker, model: FakeModel) -> None:
    asker.changes = {"timeout": 0.3, "budget": 600}
    model.trouble(Hang())
    assert asker.ask().value == "One sentence."
    assert len(model.requests) == 2


def test_all_tries_together_keep_to_the_budget(asker: Asker, model: FakeModel) -> None:
    asker.changes = {"budget": 2.0}
    model.trouble(OVERLOADED, times=None)
    assert fault_of(asker.ask).code == "server"
    assert sum(asker.pauses) < 2.0
    assert len(model.requests) < CALLS


def test_a_call_takes_no_more_than_what_is_left_of_the_budget(asker: Asker, model: FakeModel) -> None:
    asker.changes = {"budget": 0.3}
    model.trouble(Hang(), times=None)
    assert fault_of(asker.ask).code == "timeout"
    assert len(model.requests) == 1


def test_a_server_that_says_when_is_asked_then(asker: Asker, model: FakeModel) -> None:
    model.trouble(BUSY.after(7))
    model.trouble(BUSY.after(format_datetime(datetime.now(UTC) + timedelta(seconds=9), usegmt=True)))
    model.trouble(Failure(429, BUSY.body, {"retry-after-ms": "3500"}))
    asker.ask()
    seconds, date, milliseconds = asker.pauses
    assert 7 <= seconds <= 7.7
    assert 7.5 <= date <= 9.9
    assert 3.5 <= milliseconds <= 3.85


def test_a_server_that_wants_more_time_than_there_is_gets_none(asker: Asker, model: FakeModel) -> None:
    model.trouble(BUSY.after(3600))
    assert fault_of(asker.ask).code == "busy"
    assert asker.pauses == []


def test_a_server_that_is_not_there_is_unreachable(asker: Asker) -> None:
    asker.changes = {"base_url": "http://127.0.0.1:9/v1"}
    assert fault_of(asker.ask).code == "unreachable"
    assert len(asker.pauses) == CALLS - 1


LASTING: dict[str, tuple[Trouble, str]] = {
    "an expired key": (EXPIRED_KEY, "key_refused"),
    "a forbidden country": (FORBIDDEN, "key_refused"),
    "no credit": (NO_CREDIT, "no_credit"),
    "no balance": (Failure(402, {"error": {"message": "Insufficient Balance"}}), "no_credit"),
    "a model that OpenAI does not know": (Failure(404, {"error": {"code": "model_not_found"}}), "unknown_model"),
    "a model that DeepSeek does not know": (Failure(400, {"error": {"message": "Model Not Exist"}}), "unknown_model"),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_asked_once_and_logged_once(
    asker: Asker, model: FakeModel, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    trouble, code = LASTING[name]
    model.trouble(trouble, times=None)
    asker.slots = LocalSlots(1)

    async def codes(llm: Llm) -> list[str]:
        found = []
        for _ in range(5):
            try:
                await llm.ask(QUESTION, verdict)
            except Exception as fault:
                found.append(fault.code)  # type: ignore[attr-defined]
        return found

    with caplog.at_level(logging.ERROR):
        assert asker.with_llm(codes) == [code] * 5
    assert len(model.requests) == 1
    assert len(caplog.records) == 1
    assert asker.pauses == []


def test_of_questions_that_wait_for_a_slot_none_is_asked_with_a_key_that_was_refused(
    asker: Asker, model: FakeModel
) -> None:
    model.trouble(EXPIRED_KEY, times=None)
    asker.slots = LocalSlots(2)
    assert fault_of(lambda: asker.ask_all([QUESTION] * 20)).code == "key_refused"
    assert len(model.requests) <= 2


SILENT: dict[str, tuple[Trouble, str]] = {
    "hangs": (Hang(), "timeout"),
    "is overloaded": (OVERLOADED, "server"),
    "is busy": (BUSY, "busy"),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_server_that_answered_none_of_several_is_asked_by_no_other(asker: Asker, model: FakeModel, name: str) -> None:
    trouble, code = SILENT[name]
    model.trouble(trouble, times=None)
    if name == "hangs":
        asker.changes = {"timeout": 0.1, "budget": 0.2}

    async def some_and_then_others(llm: Llm) -> tuple[list[str], int, list[str]]:
        return await codes_of(llm, 4), len(model.requests), await codes_of(llm, 40)

    some, asked, others = asker.with_llm(some_and_then_others)
    assert (some, others) == ([code] * 4, [code] * 40)
    assert len(model.requests) == asked


def test_a_server_that_hangs_holds_up_those_who_wait_for_a_slot_no_longer_than_one(
    asker: Asker, model: FakeModel
) -> None:
    model.trouble(Hang(), times=None)
    asker.slots, asker.changes = LocalSlots(2), {"timeout": 0.2, "budget": 0.4}
    assert asker.with_llm(lambda llm: codes_of(llm, 40)) == ["timeout"] * 40
    assert len(model.requests) <= 6


def test_a_server_that_answers_again_is_asked_again(asker: Asker, model: FakeModel) -> None:
    async def before_and_after(llm: Llm) -> tuple[list[str], list[str]]:
        model.trouble(OVERLOADED, times=None)
        before = await codes_of(llm, 2)
        model.calm()
        llm._means.holds.answered("small")  # a reply that was still under way
        return before, await codes_of(llm, 2)

    assert asker.with_llm(before_and_after) == (["server"] * 2, [""] * 2)


def test_one_question_that_breaks_the_server_is_no_reason_to_ask_no_other(asker: Asker, model: FakeModel) -> None:
    async def one_and_another(llm: Llm) -> tuple[list[str], list[str]]:
        model.trouble(OVERLOADED, times=None)
        before = await codes_of(llm, 1)
        model.calm()
        return before, await codes_of(llm, 1)

    assert asker.with_llm(one_and_another) == (["server"], [""])


@pytest.mark.parametrize("trouble", [REFUSAL, FILTERED, filtered_prompt()], ids=["refusal", "filter", "prompt filter"])
def test_a_refusal_is_asked_once_more(asker: Asker, model: FakeModel, trouble: Trouble) -> None:
    model.trouble(trouble)
    assert asker.ask().value == "One sentence."
    model.calm()
    model.trouble(trouble, times=None)
    assert fault_of(asker.ask).code == "refused"
    assert len(model.requests) == 2


USELESS: dict[str, tuple[Said, str]] = {
    "empty": (EMPTY, "empty"),
    "blank": (Said(" \n"), "empty"),
    "null": (NULL, "empty"),
    "words": (NOT_JSON, "not_json"),
    "another schema": (Said('{"answer": 42}'), "wrong_schema"),
    "fenced for a reader that takes no fences": (fenced({"verdict": "x"}), "not_json"),
}


@pytest.mark.parametrize("name", USELESS)
def test_a_reply_of_no_use_is_asked_for_again_saying_why(asker: Asker, model: FakeModel, name: str) -> None:
    said, code = USELESS[name]
    model.trouble(said)
    assert asker.ask().value == "One sentence."
    first, second = model.requests
    assert second.system.startswith(first.system)
    assert second.content.startswith(first.content)
    assert {"empty": "empty", "not_json": "JSON", "wrong_schema": "no verdict"}[code] in second.content


@pytest.mark.parametrize("name", USELESS)
def test_replies_of_no_use_come_to_an_end(asker: Asker, model: FakeModel, name: str) -> None:
    said, code = USELESS[name]
    model.trouble(said, times=None)
    fault = fault_of(asker.ask)
    assert fault.code == code
    assert fault.usage.calls == len(model.requests) == REPLIES


def test_a_fault_tells_what_was_paid_before_it(asker: Asker, model: FakeModel) -> None:
    model.trouble(EMPTY)
    model.trouble(EXPIRED_KEY)
    fault = fault_of(asker.ask)
    assert (fault.code, fault.usage.calls) == ("key_refused", 1)


def test_busy_answers_make_the_calls_fewer(asker: Asker, model: FakeModel) -> None:
    slots = LocalSlots(8)
    asker.slots = slots
    model.lanes, model.latency = 3, 0.005
    assert len(asker.ask_all([QUESTION] * 40)) == 40
    assert slots.limit < 8


async def codes_of(llm: Llm, count: int) -> list[str]:
    """How so many questions at once end: the fault's code, "" with a reply."""
    found = await asyncio.gather(*(llm.ask(QUESTION, verdict) for _ in range(count)), return_exceptions=True)
    return [getattr(one, "code", "") for one in found]


class JobTimeOut(Exception):
    """What a signal raises in the middle of a call, as RQ does when a job has taken too long."""


def test_a_job_that_is_ended_ends_though_a_call_is_under_way(
    asker: Asker, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ring(*_: object, **__: object) -> None:
        raise JobTimeOut

    monkeypatch.setattr("aiohttp.ClientSession.request", ring)
    with pytest.raises(JobTimeOut):
        asker.ask()

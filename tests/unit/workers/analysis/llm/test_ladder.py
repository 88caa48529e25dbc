"""The ladder: what a server does not understand is left out, and left out from then on."""

from __future__ import annotations

import pytest

from tests.fakes.model import FakeModel, plausible
from tests.fakes.model_protocol import failure_body
from tests.fakes.model_troubles import BROKEN, NOT_JSON, TOO_LONG, WORDY, Failure
from tests.unit.workers.analysis.llm.questions import QUESTION, Asker, fault_of, verdict
from workers.analysis.llm.llm import Llm

SCHEMA, OBJECT, TEXT = "json_schema", "json_object", "text"


def rungs(model: FakeModel) -> list[str]:
    return [asked.rung for asked in model.requests]


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_without_schemas_is_asked_for_json_with_the_schema_in_its_words(
    asker: Asker, model: FakeModel, status: int
) -> None:
    model.refuses = {SCHEMA: status}
    assert asker.ask().value == "One sentence."
    assert rungs(model) == [SCHEMA, OBJECT]
    assert '"verdict"' in model.requests[1].system
    assert model.requests[1].system.startswith(QUESTION.system)
    assert asker.pauses == []


def test_a_server_with_neither_is_asked_in_words(asker: Asker, model: FakeModel) -> None:
    model.refuses = {SCHEMA: 400, OBJECT: 400}
    assert asker.ask().value == "One sentence."
    assert rungs(model) == [SCHEMA, OBJECT, TEXT]
    assert "response_format" not in model.requests[2].body


def test_a_server_that_breaks_on_a_schema_twice_is_asked_without(asker: Asker, model: FakeModel) -> None:
    model.refuses = {SCHEMA: 500}
    assert asker.ask().value == "One sentence."
    assert rungs(model) == [SCHEMA, SCHEMA, OBJECT]
    assert len(asker.pauses) == 1


def test_a_server_that_breaks_once_is_asked_again_in_the_same_way(asker: Asker, model: FakeModel) -> None:
    model.trouble(BROKEN)
    asker.ask()
    assert rungs(model) == [SCHEMA, SCHEMA]


def in_turn(asker: Asker, count: int) -> None:
    """Asks one question after another by the same Llm."""

    async def ask(llm: Llm) -> None:
        for _ in range(count):
            await llm.ask(QUESTION, verdict)

    asker.with_llm(ask)


def test_what_was_learnt_is_not_learnt_again(asker: Asker, model: FakeModel) -> None:
    model.refuses = {SCHEMA: 400}
    in_turn(asker, 3)
    assert rungs(model) == [SCHEMA, OBJECT, OBJECT, OBJECT]


def test_questions_at_once_learn_at_once(asker: Asker, model: FakeModel) -> None:
    model.refuses = {SCHEMA: 400}
    asker.ask_all([QUESTION] * 8)
    assert len(model.requests) == 16


def test_one_question_that_a_schema_does_not_suit_lowers_no_other(asker: Asker, model: FakeModel) -> None:
    numbers = iter(range(9))
    model.trouble(WORDY, times=None, on=lambda asked: asked.rung == SCHEMA and next(numbers) == 1)
    in_turn(asker, 3)
    assert rungs(model) == [SCHEMA, SCHEMA, OBJECT, SCHEMA]


def test_a_server_that_has_answered_is_not_lowered_by_breaking(asker: Asker, model: FakeModel) -> None:
    numbers = iter(range(9))
    model.trouble(BROKEN, times=None, on=lambda _: 1 <= next(numbers) <= 3)
    in_turn(asker, 2)
    assert set(rungs(model)) == {SCHEMA}


def test_a_server_that_overlooks_the_schema_is_asked_in_words_from_then_on(asker: Asker, model: FakeModel) -> None:
    model.script = lambda asked: NOT_JSON if asked.rung == SCHEMA else plausible(asked)
    in_turn(asker, 2)
    assert rungs(model) == [SCHEMA, OBJECT, OBJECT]


def test_a_poor_reply_lowers_no_server_that_keeps_to_schemas(asker: Asker, model: FakeModel) -> None:
    numbers = iter(range(9))
    model.trouble(NOT_JSON, times=None, on=lambda _: next(numbers) == 1)
    in_turn(asker, 2)
    assert rungs(model) == [SCHEMA, SCHEMA, SCHEMA]


def test_the_other_name_of_the_limit_is_tried(asker: Asker, model: FakeModel) -> None:
    model.lacks = ("max_tokens",)
    in_turn(asker, 2)
    assert [("max_completion_tokens" in asked.body, asked.rung) for asked in model.requests] == [
        (False, SCHEMA),
        (True, SCHEMA),
        (True, SCHEMA),
    ]


def test_a_model_that_refuses_a_temperature_gets_none(asker: Asker, model: FakeModel) -> None:
    model.lacks = ("temperature",)
    in_turn(asker, 2)
    assert [("temperature" in asked.body) for asked in model.requests] == [True, False, False]


def test_a_server_that_lacks_everything_is_asked_all_the_same(asker: Asker, model: FakeModel) -> None:
    model.lacks = ("temperature", "max_tokens")
    model.refuses = {SCHEMA: 400, OBJECT: 400}
    in_turn(asker, 2)
    assert len(model.requests) == 6
    last = model.requests[-1].body
    assert set(last) == {"model", "messages", "max_completion_tokens"}


def test_a_server_that_refuses_everything_is_given_up_without_learning_anything(asker: Asker, model: FakeModel) -> None:
    model.trouble(Failure(400, failure_body("I do not like this")), times=None)
    fault = fault_of(asker.ask)
    assert (fault.code, fault.details["status"], fault.details["said"]) == ("server", 400, "I do not like this")
    assert rungs(model) == [SCHEMA, OBJECT, TEXT]


@pytest.mark.parametrize("server", TOO_LONG)
def test_a_question_that_is_too_long_lowers_nothing(asker: Asker, model: FakeModel, server: str) -> None:
    model.trouble(TOO_LONG[server])
    assert fault_of(asker.ask).code == "too_long"
    assert len(model.requests) == 1


def test_others_do_not_repeat_what_one_has_found_out(asker: Asker, model: FakeModel) -> None:
    """While a question waits for a slot, the first finds out that schemas are unknown."""
    model.refuses = {SCHEMA: 400}

    async def ask(llm: Llm) -> None:
        await llm.ask(QUESTION, verdict)
        model.refuses |= {OBJECT: 400}
        await llm.ask(QUESTION, verdict)
        await llm.ask(QUESTION, verdict)

    asker.with_llm(ask)
    assert rungs(model) == [SCHEMA, OBJECT, OBJECT, TEXT, OBJECT, TEXT]


def test_the_fake_refuses_a_schema_that_openai_would_refuse(asker: Asker, model: FakeModel) -> None:
    schema = {"type": "object", "properties": {"verdict": {"type": "string"}}}
    asker.ask(QUESTION.model_copy(update={"json_schema": schema}))
    assert rungs(model) == [SCHEMA, OBJECT]
    assert model.wrong == [": additionalProperties is not false", ": not every property is required"]
    model.wrong.clear()

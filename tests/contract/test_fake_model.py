"""The fake model server holds the protocol that it is to stand for, so that tests against it mean something."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import httpx2
import pytest

from tests.fakes.model import RIGHT_KEY, FakeModel
from tests.fakes.model_protocol import wrong_with
from tests.fakes.model_schema import example, faults_of
from tests.fakes.model_troubles import BUSY
from tests.processes import ROOT

MESSAGES = [{"role": "system", "content": "Judge."}, {"role": "user", "content": "This."}]
LEAF = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def schema(**properties: Any) -> dict[str, Any]:
    return {**LEAF, "properties": properties, "required": list(properties)}


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({**schema(a={"type": "string"}), "required": []}, ": not every property is required"),
        (schema(a={"type": "object", "properties": {}}), "/a: additionalProperties is not false"),
        (schema(a={"type": "string", "minLength": 3}), "/a: minLength is not supported"),
        (schema(a={"type": "array"}), "/a: an array without items"),
        (schema(a={"type": "text"}), "/a: there is no type text"),
        (schema(a={"oneOf": []}), "/a: oneOf is not supported"),
        ({"type": "array", "items": LEAF}, "the root is no object"),
    ],
)
def test_schemas_that_strict_mode_refuses_are_refused(wrong: dict[str, Any], fault: str) -> None:
    assert fault in faults_of(wrong)


def test_schemas_that_strict_mode_takes_are_taken_and_filled() -> None:
    right = {
        **schema(
            tier={"type": "string", "enum": ["high", "low"]},
            risks={"type": "array", "items": {"$ref": "#/$defs/risk"}},
            note={"anyOf": [{"type": "string"}, {"type": "null"}]},
            lines={"type": ["integer", "null"]},
        ),
        "$defs": {"risk": schema(text={"type": "string"}, line={"type": "integer", "minimum": 7})},
    }
    assert faults_of(right) == []
    assert example({**right, "properties": {**right["properties"], "lines": {"type": "integer"}}}) == {
        "tier": "high",
        "risks": [{"text": "One sentence.", "line": 7}],
        "note": "One sentence.",
        "lines": 1,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"messages": MESSAGES},
        {"model": "small", "messages": []},
        {"model": "small", "messages": [{"role": "user", "content": None}]},
        {"model": "small", "messages": MESSAGES[:1]},
        {"model": "small", "messages": MESSAGES, "num_ctx": 5},
        {"model": "small", "messages": MESSAGES, "max_tokens": 5, "max_completion_tokens": 5},
        {"model": "small", "messages": MESSAGES, "response_format": {"type": "json_object"}},
        {"model": "small", "messages": MESSAGES, "response_format": {"type": "json_schema"}},
        {"model": "small", "messages": MESSAGES, "response_format": {"type": "yaml"}},
    ],
)
def test_requests_that_the_protocol_does_not_know_are_wrong(body: dict[str, Any]) -> None:
    assert list(wrong_with(body))


def asked(url: str, key: str | None = RIGHT_KEY, **changes: Any) -> httpx2.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    body = {"model": "small", "messages": MESSAGES, **changes}
    return httpx2.post(f"{url}/chat/completions", headers=headers, json=body)


def test_answers_look_like_openais() -> None:
    with FakeModel() as model:
        right = asked(model.url).json()
        assert right["choices"][0]["message"]["role"] == "assistant"
        assert right["choices"][0]["finish_reason"] == "stop"
        assert set(right["usage"]) == {"prompt_tokens", "completion_tokens", "total_tokens"}
        assert asked(model.url, key=None).status_code == 401
        assert asked(model.url, model="huge").json()["error"]["code"] == "model_not_found"
        model.trouble(BUSY.after(3))
        assert asked(model.url).headers["retry-after"] == "3"


def test_a_wrong_request_fails_the_test_that_made_it() -> None:
    with pytest.raises(AssertionError, match="unknown parameter num_ctx"), FakeModel() as model:
        assert asked(model.url, num_ctx=5).status_code == 400


def test_it_runs_as_a_process_of_its_own_and_tells_what_it_was_asked() -> None:
    command = [sys.executable, "-m", "tests.fakes.model", "--key", "k", "--refuse", "json_schema=400"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert asked(url, "k").status_code == 200
            form = {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": LEAF}}
            assert asked(url, "k", response_format=form).status_code == 400
            told = json.loads(httpx2.get(f"{url.removesuffix('/v1')}/told").text)
        finally:
            process.kill()
    assert told == {"requests": 2, "most_at_once": 1, "wrong": []}

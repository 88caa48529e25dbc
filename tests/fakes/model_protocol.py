"""The chat completions protocol: a request as it came, what in it is wrong, and the bodies of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.model_schema import faults_of

ROLES = ("system", "developer", "user", "assistant", "tool")
PARAMETERS = frozenset(
    [
        "model",
        "messages",
        "response_format",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "n",
        "stop",
        "seed",
        "stream",
        "stream_options",
        "user",
        "metadata",
        "store",
        "service_tier",
        "reasoning_effort",
        "presence_penalty",
        "frequency_penalty",
        "logprobs",
        "top_logprobs",
        "logit_bias",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "prompt_cache_key",
        "safety_identifier",
        "verbosity",
    ]
)


@dataclass(frozen=True)
class Asked:
    """A request as it came. `at` is monotonic seconds of its arrival; `key` None where none was given."""

    at: float
    body: dict[str, Any]
    key: str | None

    @property
    def model(self) -> str:
        return str(self.body.get("model"))

    @property
    def rung(self) -> str:
        """The structure that is asked for: `json_schema`, `json_object` or `text`."""
        return str((self.body.get("response_format") or {}).get("type", "text"))

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of a request of the highest rung."""
        found: dict[str, Any] = self.body["response_format"]["json_schema"]["schema"]
        return found

    @property
    def system(self) -> str:
        return "\n".join(one["content"] for one in self.body["messages"] if one["role"] in ("system", "developer"))

    @property
    def content(self) -> str:
        """What the person says, all of it."""
        return "\n".join(one["content"] for one in self.body["messages"] if one["role"] == "user")


@dataclass(frozen=True)
class Said:
    """A reply of the model. Token counts that are None are counted from the texts, four bytes a token."""

    text: str | None
    finish: str | None = "stop"
    refusal: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


def wrong_with(body: Any) -> Iterator[str]:
    """What a request does that the protocol does not know."""
    if not isinstance(body, dict):
        yield "the body is no object"
        return
    yield from (f"unknown parameter {name}" for name in body if name not in PARAMETERS)
    messages = body.get("messages")
    if not isinstance(body.get("model"), str) or not isinstance(messages, list) or not messages:
        yield "model or messages are missing"
        return
    for message in messages:
        if message.get("role") not in ROLES or not isinstance(message.get("content"), str):
            yield f"a message is malformed: {sorted(message)}"
    if messages[-1].get("role") != "user":
        yield "the last message is not the user's"
    if "max_tokens" in body and "max_completion_tokens" in body:
        yield "max_tokens and max_completion_tokens exclude each other"
    yield from _wrong_format(body.get("response_format"), "\n".join(str(one.get("content")) for one in messages))


def _wrong_format(form: Any, texts: str) -> Iterator[str]:
    if form is None:
        return
    if form.get("type") == "json_object":
        if "json" not in texts.casefold():
            yield "'messages' must contain the word 'json' in some form"
    elif form.get("type") == "json_schema":
        described = form.get("json_schema") or {}
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(described.get("name", ""))):
            yield "the schema has no proper name"
        if described.get("strict") is True:
            yield from faults_of(described.get("schema") or {})
    elif form.get("type") != "text":
        yield f"there is no response_format {form.get('type')}"


def completion(asked: Asked, said: Said, number: int) -> dict[str, Any]:
    """The body of a right answer."""
    read = _tokens(asked.system + asked.content) if said.prompt_tokens is None else said.prompt_tokens
    written = _tokens(said.text or "") if said.completion_tokens is None else said.completion_tokens
    message = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish, "logprobs": None}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


def _tokens(text: str) -> int:
    return len(text.encode()) // 4


def failure_body(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    """The body of an error, as OpenAI writes it."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}

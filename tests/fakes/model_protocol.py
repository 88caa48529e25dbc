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
    def tools(self) -> tuple[str, ...]:
        """The names of the tools that may be called; () also where none may be called any more."""
        if self.body.get("tool_choice") == "none":
            return ()
        return tuple(tool["function"]["name"] for tool in self.body.get("tools", ()))

    @property
    def results(self) -> tuple[str, ...]:
        """What tools gave, oldest first."""
        return tuple(one["content"] for one in self.body["messages"] if one["role"] == "tool")

    @property
    def content(self) -> str:
        """What the person says, all of it."""
        return "\n".join(one["content"] for one in self.body["messages"] if one["role"] == "user")


@dataclass(frozen=True)
class Said:
    """A reply of the model. Token counts that are None are counted from the texts, four bytes a token.

    `calls` are tools that it calls, by name and arguments as JSON.
    """

    text: str | None
    finish: str | None = "stop"
    refusal: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    calls: tuple[tuple[str, str], ...] = ()


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
    if messages[-1].get("role") not in ("user", "tool"):
        yield "the last message is neither the user's nor a tool's"
    yield from _wrong_calls(messages)
    if "stream_options" in body and not body.get("stream"):
        yield "stream_options without stream"
    if "max_tokens" in body and "max_completion_tokens" in body:
        yield "max_tokens and max_completion_tokens exclude each other"
    yield from _wrong_format(body.get("response_format"), "\n".join(str(one.get("content")) for one in messages))


def _wrong_calls(messages: list[Any]) -> Iterator[str]:
    """Every call is answered at once, and nothing else is."""
    open_calls: list[str] = []
    for message in messages:
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in open_calls:
                yield "a tool's message answers no call"
            else:
                open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            yield "a call of a tool is not answered"
        open_calls = [call["id"] for call in message.get("tool_calls", ())]
    if open_calls:
        yield "a call of a tool is not answered"


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
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    finish = said.finish
    if said.calls:
        message["tool_calls"] = [_call(number, *call) for number, call in enumerate(said.calls)]
        finish = "tool_calls"
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


def _call(number: int, name: str, arguments: str) -> dict[str, Any]:
    return {"id": f"call-{number}", "type": "function", "function": {"name": name, "arguments": arguments}}


PIECE = 12
"""Characters of a piece of a stream."""


def chunks(asked: Asked, said: Said, number: int) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed answer: the role, the words, the calls piece by piece, the end, and what it cost."""
    whole = completion(asked, said, number)
    yield _chunk(whole, {"role": "assistant", "content": ""})
    for piece in _cut(said.text or ""):
        yield _chunk(whole, {"content": piece})
    if said.refusal:
        yield _chunk(whole, {"refusal": said.refusal})
    for index, (name, arguments) in enumerate(said.calls):
        call = _call(index, name, "")
        yield _chunk(whole, {"tool_calls": [{"index": index, **call}]})
        for piece in _cut(arguments):
            yield _chunk(whole, {"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield _chunk(whole, {}, whole["choices"][0]["finish_reason"])
    if (asked.body.get("stream_options") or {}).get("include_usage"):
        yield {**_chunk(whole, {}), "choices": [], "usage": whole["usage"]}


def _cut(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(0, len(text), PIECE))


def _chunk(whole: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    head = {name: whole[name] for name in ("id", "created", "model")}
    return {**head, "object": "chat.completion.chunk", "choices": [choice], "usage": None}


def _tokens(text: str) -> int:
    return len(text.encode()) // 4


def failure_body(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    """The body of an error, as OpenAI writes it."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}

"""The one user of `openai`: a request out, a reply or a CallFault in.

The SDK's own retries are off: they would multiply our time-outs and know nothing of slots and budgets.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from workers.analysis.llm.deltas import Delta, delta_of
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.faults import CallFault, cleaned, fault_of_status
from workers.analysis.llm.requests import texts_of, writable

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

CONNECT_SECONDS = 10.0
"""A server that cannot be connected to within this is not there."""

_THOUGHTS = re.compile(r"\s*<think>.*?(</think>\s*|\Z)", re.DOTALL)
"""What some servers leave of a model's reasoning before its reply; without an end, there is no reply."""


@dataclass(frozen=True)
class Reply:
    """What a model said. `text` "" where it said nothing. Tokens None where the server does not count them."""

    text: str
    finish: str | None
    refused: bool
    input_tokens: int | None
    output_tokens: int | None


def preload() -> None:
    """Imports what the first call needs, half a second: for a process that is to be forked into many."""
    import openai.resources.chat.completions  # noqa: F401, PLC0415


class Wire:
    """The connection to an endpoint. It belongs to the event loop of its first call until it is closed."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._key = endpoint.key.get_secret_value().strip() if endpoint.key else None
        self._client: AsyncOpenAI | None = None

    async def complete(self, body: dict[str, Any], seconds: float) -> Reply:
        """One call that may take so many seconds in all. CallFault for every way of having no reply."""
        self._check_key()
        try:
            client = self._open()
            async with asyncio.timeout(seconds):
                return _reply_of(await self._send(client, body))
        except TimeoutError:
            raise CallFault("timeout", again=True) from None
        except CallFault as fault:
            raise self._cleaned(fault, body) from None
        except Exception as error:
            raise self._cleaned(_fault_of(error), body) from None

    async def pieces(self, body: dict[str, Any], first: float, stall: float) -> AsyncGenerator[Delta, None]:
        """One call as it is said, or in one piece where the body asks for no stream. CallFault as `complete` has it.

        `first` is seconds until the first piece, `stall` those between two. Whoever leaves early closes the generator.
        """
        self._check_key()
        stream: AsyncStream[ChatCompletionChunk] | None = None
        try:
            client = self._open()
            async with asyncio.timeout(first):
                if "stream" not in body:
                    whole = await self._send(client, body)
                    _reply_of(whole)
                else:
                    stream = await self._send_for_stream(client, body)
                    chunk = await _next(stream)
            if stream is None:
                yield delta_of(whole)
                return
            while chunk is not None:
                yield delta_of(chunk)
                async with asyncio.timeout(stall):
                    chunk = await _next(stream)
        except TimeoutError:
            raise CallFault("timeout", again=True) from None
        except CallFault as fault:
            raise self._cleaned(fault, body) from None
        except Exception as error:
            raise self._cleaned(_fault_of(error), body) from None
        finally:
            if stream is not None:
                await stream.close()

    async def aclose(self) -> None:
        """Closes the connections. A later call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _check_key(self) -> None:
        if self._key is not None and not (self._key.isascii() and self._key.isprintable()):
            raise CallFault("key_refused")

    def _cleaned(self, fault: CallFault, body: dict[str, Any]) -> CallFault:
        fault.said = cleaned(fault.said, self._key, texts_of(body))
        return fault

    def _open(self) -> AsyncOpenAI:
        if self._client is None:
            self._client = _client(self._endpoint, self._key)
        return self._client

    async def _send(self, client: AsyncOpenAI, body: dict[str, Any]) -> ChatCompletion:
        """What is in `extra_body` is sent as it is: the SDK would walk through every node of the schema at each call.

        It wants a key in any case; where there is none, its header is left out.
        """
        return await client.chat.completions.create(
            model=body["model"], messages=body["messages"], extra_body=_rest(body), extra_headers=self._headers()
        )

    async def _send_for_stream(self, client: AsyncOpenAI, body: dict[str, Any]) -> AsyncStream[ChatCompletionChunk]:
        stream = await client.chat.completions.create(
            model=body["model"],
            messages=body["messages"],
            stream=True,
            extra_body=_rest(body),
            extra_headers=self._headers(),
        )
        if not stream.response.headers.get("content-type", "").startswith("text/event-stream"):
            await stream.close()
            raise CallFault("server", 200, "the server does not stream", again=True, blame="rung")
        return stream

    def _headers(self) -> dict[str, Any] | None:
        from openai import Omit  # noqa: PLC0415

        return None if self._key else {"Authorization": Omit()}


def _rest(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("model", "messages", "stream")}


async def _next(stream: AsyncStream[ChatCompletionChunk]) -> ChatCompletionChunk | None:
    """The next chunk; None at the end."""
    try:
        return await stream.__anext__()
    except StopAsyncIteration:
        return None


def _client(endpoint: Endpoint, key: str | None) -> AsyncOpenAI:
    """openai costs half a second to import: only who asks a model pays it."""
    from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout  # noqa: PLC0415

    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells every request at INFO
    parts = urlsplit(endpoint.base_url)
    to_azure = key and (parts.hostname or "").endswith(".azure.com")
    return AsyncOpenAI(
        api_key=key or "none",
        base_url=urlunsplit(parts._replace(query="")),
        default_query=dict(parse_qsl(parts.query)),
        default_headers={"api-key": str(key)} if to_azure else None,
        max_retries=0,
        timeout=Timeout(endpoint.timeout, connect=CONNECT_SECONDS),
        http_client=DefaultAioHttpClient(),
    )


def _reply_of(completion: ChatCompletion) -> Reply:
    """The reply in a body of status 200, which nobody has validated: it may be anything."""
    try:
        choice = completion.choices[0]
        message = choice.message
        text, refusal = message.content, message.refusal
    except (AttributeError, TypeError, IndexError):
        raise CallFault("server", 200, _said(completion), again=True) from None
    usage = completion.usage
    return Reply(
        text=_THOUGHTS.sub("", writable(text), count=1) if isinstance(text, str) else "",
        finish=choice.finish_reason,
        refused=bool(refusal) or choice.finish_reason == "content_filter",
        input_tokens=_count(getattr(usage, "prompt_tokens", None)),
        output_tokens=_count(getattr(usage, "completion_tokens", None)),
    )


def _count(told: object) -> int | None:
    return told if isinstance(told, int) and told >= 0 else None


def _said(completion: object) -> str:
    """What stands where a completion should: an error that came with status 200, or something else altogether."""
    body = completion if isinstance(completion, str) else getattr(completion, "model_extra", None)
    return fault_of_status(200, body, {}, datetime.now(UTC)).said


def _fault_of(error: Exception) -> CallFault:
    """What an error of the SDK, or of a layer below it, means."""
    from aiohttp import ClientError  # noqa: PLC0415
    from httpx2 import HTTPError  # noqa: PLC0415
    from openai import APIConnectionError, APIError, APIStatusError  # noqa: PLC0415

    if isinstance(error, APIStatusError):
        headers = error.response.headers
        return fault_of_status(error.status_code, error.body, headers, datetime.now(UTC))
    if isinstance(error, APIConnectionError):
        if not isinstance(error.__cause__, OSError | HTTPError | ClientError):
            raise error.__cause__ or error  # the SDK wraps whatever it meets, such as a signal that ends a job
        return CallFault("timeout" if _timed_out(error) else "unreachable", again=True)
    if isinstance(error, json.JSONDecodeError):
        return CallFault("server", 200, "the reply is not JSON", again=True)
    if isinstance(error, APIError):  # what a server says in the middle of a stream
        return CallFault("server", 200, fault_of_status(200, error.body, {}, datetime.now(UTC)).said, again=True)
    raise error


def _timed_out(error: BaseException) -> bool:
    """Whether time ran out: the transport calls a connection that was reset a time-out too, so its cause decides."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return True
        cause = cause.__cause__
    return False

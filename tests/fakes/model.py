"""A model server on loopback: OpenAI's chat completions, with its rules, scripted replies, and faults on demand.

`python -m tests.fakes.model --port 8080` serves it as a process of its own and prints the OPENAI_BASE_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.model_protocol import Asked, Said, chunks, completion, failure_body, wrong_with
from tests.fakes.model_schema import example
from tests.fakes.model_troubles import Broken, Failure, Half, Hang, Reset, Trouble

RIGHT_KEY = "sk-right-0123456789abcdef"
MODELS = ("small", "deep")

Script = Callable[[Asked], Trouble | str | Awaitable[Trouble | str]]
"""What the model says to a request: its text, or anything that a trouble may be."""


@dataclass
class _Plan:
    trouble: Trouble
    on: Callable[[Asked], bool]
    times: int | None


def plausible(asked: Asked) -> str:
    """A value of the schema that the request gives, be it in its format or in its system text."""
    schema = asked.schema if asked.rung == "json_schema" else _schema_in(asked.system)
    return json.dumps(example(schema), ensure_ascii=False)


def _schema_in(text: str) -> dict[str, Any]:
    """The schema that stands in a text among other things."""
    decoder = json.JSONDecoder()
    for place in re.finditer(r"\{", text):
        with suppress(ValueError):
            value: dict[str, Any] = decoder.raw_decode(text, place.start())[0]
            if "properties" in value:
                return value
    return {"type": "object"}


class FakeModel:
    """Serves while the context lasts.

    `key`: the one that is accepted; None: none is needed. `models`: those that are known. `refuses`: the status that a
    rung (`json_schema`, `json_object`) is answered with. `lacks`: parameters that are refused, as OpenAI refuses them.
    `latency`: seconds that every reply takes; of a stream, until its first piece. `pace`: seconds between two pieces.
    `streams` False: it does not know what a stream is, and gives its reply as a whole. `lanes`: how many it works on at
    once; more are answered with 429.
    """

    def __init__(
        self,
        script: Script = plausible,
        *,
        key: str | None = RIGHT_KEY,
        refuses: Mapping[str, int] | None = None,
        lacks: tuple[str, ...] = (),
        latency: float = 0.0,
        lanes: int | None = None,
        pace: float = 0.0,
        streams: bool = True,
    ) -> None:
        self.pace, self.streams = pace, streams
        self.begun: list[float] = []
        self.script, self.key, self.latency, self.lanes = script, key, latency, lanes
        self.refuses, self.lacks, self.models = dict(refuses or {}), lacks, MODELS
        self.requests: list[Asked] = []
        self.wrong: list[str] = []
        self.at_once = self.most_at_once = 0
        self._plans: list[_Plan] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        """The OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert error is not None or not self.wrong, self.wrong

    def trouble(self, trouble: Trouble, times: int | None = 1, on: Callable[[Asked], bool] = lambda _: True) -> None:
        """Lets `trouble` befall the next `times` requests (None: all) for which `on` holds."""
        self._plans.append(_Plan(trouble, on, times))

    def calm(self) -> None:
        """Forgets the troubles that are still to come, and the requests that have been."""
        self._plans.clear()
        self.requests.clear()

    # --- one request ----------------------------------------------------------------------------------------------

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            key = request.headers.get("authorization", "").removeprefix("Bearer ") or None
            asked = Asked(time.monotonic(), await request.json(), key)
            self.requests.append(asked)
            return await self._send(request, asked, await self._answer(asked))
        except Exception as fault:
            self.wrong.append(repr(fault))
            raise
        finally:
            self.at_once -= 1

    async def _answer(self, asked: Asked) -> Trouble:
        for plan in self._plans:
            if plan.times != 0 and plan.on(asked):
                plan.times = None if plan.times is None else plan.times - 1
                return plan.trouble
        refusal = self._refusal(asked)
        if refusal is not None:
            return refusal
        await asyncio.sleep(self.latency)
        return await self._said(asked)

    async def _said(self, asked: Asked) -> Trouble:
        said = self.script(asked)
        answer = await said if inspect.isawaitable(said) else said
        return Said(answer) if isinstance(answer, str) else answer

    def _refusal(self, asked: Asked) -> Failure | None:
        if self.key is not None and asked.key != self.key:
            return Failure(401, failure_body("Incorrect API key provided.", "invalid_api_key"))
        if asked.model not in self.models:
            return Failure(404, failure_body(f"The model `{asked.model}` does not exist", "model_not_found", "model"))
        if self.lanes is not None and self.at_once > self.lanes:
            return Failure(429, failure_body("Too many requests at once", "rate_limit_exceeded"))
        if asked.rung in self.refuses:
            return _unavailable(self.refuses[asked.rung])
        for name in self.lacks:
            if name in asked.body:
                message = f"Unsupported parameter: '{name}' is not supported with this model."
                return Failure(400, failure_body(message, "unsupported_parameter", name))
        wrong = list(wrong_with(asked.body))
        self.wrong += wrong
        return Failure(400, failure_body("; ".join(wrong))) if wrong else None

    async def _send(self, request: web.Request, asked: Asked, answer: Trouble) -> web.StreamResponse:
        match answer:
            case Failure(status, body, headers):
                text = body if isinstance(body, str) else json.dumps(body)
                kind = "text/html" if isinstance(body, str) else "application/json"
                return web.Response(status=status, headers=headers, content_type=kind, text=text)
            case Hang():
                await self._stop.wait()
                return _aborted(request)
            case Reset():
                return _aborted(request)
            case Half(told):
                return await _half(request, completion(asked, Said(plausible(asked)), len(self.requests)), told)
        return await self._speak(request, asked, answer)

    async def _speak(self, request: web.Request, asked: Asked, answer: Said | Broken) -> web.StreamResponse:
        if isinstance(answer, Broken):
            said = answer.said or await self._said(asked)
            assert isinstance(said, Said)
            return await self._stream(request, asked, said, answer)
        if asked.body.get("stream") and self.streams:
            return await self._stream(request, asked, answer, None)
        return web.json_response(completion(asked, answer, len(self.requests)))

    async def _stream(
        self, request: web.Request, asked: Asked, said: Said, broken: Broken | None
    ) -> web.StreamResponse:
        """Server-sent events; `begun` keeps when the first of each stream that has words was sent."""
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for number, chunk in enumerate(chunks(asked, said, len(self.requests))):
            if broken is not None and number >= broken.after:
                return await self._break(request, response, broken)
            if number == 1:
                self.begun.append(time.monotonic())
            with suppress(ConnectionResetError):  # whoever listened may leave
                await response.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
            await asyncio.sleep(self.pace)
        with suppress(ConnectionResetError):
            await response.write(b"data: [DONE]\n\n")
        return response

    async def _break(self, request: web.Request, response: web.StreamResponse, broken: Broken) -> web.StreamResponse:
        if broken.hang:
            await self._stop.wait()
        elif broken.error:
            await response.write(b'data: {"error": {"message": "the engine died", "code": 500}}\n\n')
            return response
        if request.transport is not None:
            request.transport.abort()
        return response

    async def _tell(self, request: web.Request) -> web.Response:
        """What a process of its own is asked for: how much was asked of it."""
        del request
        return web.json_response(
            {"requests": len(self.requests), "most_at_once": self.most_at_once, "wrong": self.wrong}
        )

    # --- the server -----------------------------------------------------------------------------------------------

    async def serve(self, port: int = 0) -> None:
        """Serves until it is told to stop."""
        self._loop = asyncio.get_running_loop()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/told", self._tell)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        self.port = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()


def _unavailable(status: int) -> Failure:
    """A rung that the server does not have: as DeepSeek says it (400), and as llama-cpp-python does (500)."""
    if status == 500:
        return Failure(500, failure_body("Internal Server Error", "internal_server_error"))
    return Failure(status, failure_body("This response_format type is unavailable now"))


def _aborted(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, body: dict[str, Any], told: bool) -> web.StreamResponse:
    """What was told to come never does; where nothing was told, JSON ends in the middle."""
    text = json.dumps(body).encode()
    if not told:
        return web.Response(body=text[: len(text) // 2], content_type="application/json")
    response = web.StreamResponse(headers={"content-length": str(len(text)), "content-type": "application/json"})
    await response.prepare(request)
    await response.write(text[: len(text) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.fakes.model")
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--latency", type=float, default=0.0)
    words.add_argument("--key", default=None)
    words.add_argument("--lanes", type=int, default=None)
    words.add_argument("--refuse", action="append", default=[], metavar="RUNG=STATUS")
    words.add_argument("--judging", action="store_true", help="replies that hold against the commits that are shown")
    given = words.parse_args()
    refuses = {rung: int(status) for rung, _, status in (one.partition("=") for one in given.refuse)}
    asyncio.run(_serve_and_say(given, refuses))


async def _serve_and_say(given: argparse.Namespace, refuses: Mapping[str, int]) -> None:
    from tests.strong_model import judging  # noqa: PLC0415 - it uses these modules

    script = judging() if given.judging else plausible
    model = FakeModel(script, key=given.key, latency=given.latency, lanes=given.lanes, refuses=refuses)
    serving = asyncio.create_task(model.serve(given.port))
    while not model.port:
        await asyncio.sleep(0.01)
    sys.stdout.write(f"{model.url}\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    main()

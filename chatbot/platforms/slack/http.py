"""Slack's requests over HTTP: checked by us, then heard by Bolt in a thread."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from slack_bolt import App, BoltRequest, BoltResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chatbot.platforms.slack.signature import BODY_MOST, SignatureError, check
from workers.errors import DigestError
from workers.store.seen import Seen

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"


def http_routes(app: App, signing_secret: str, seen: Seen) -> list[Route]:
    """The one address for commands, events and presses."""

    def heard(body: bytes, request: Request) -> Response:
        try:
            name = check(body, request.headers, signing_secret, datetime.now(UTC), seen.first)
        except SignatureError as error:
            log.warning("a request to Slack's address was refused: %s", error.reason)
            return PlainTextResponse("", 401)
        answer = app.dispatch(BoltRequest(body=_text(body), headers=headers_of(request)))
        if answer.status >= 400:
            seen.forget([name])
        return response_of(answer)

    async def events(request: Request) -> Response:
        body = await _body(request)
        try:
            return await run_in_threadpool(heard, body, request)
        except DigestError as error:
            log.warning("a request could not be heard: %s", error)
            return PlainTextResponse("", 503)

    return [Route(EVENTS_PATH, events, methods=["POST"])]


def response_of(answer: BoltResponse) -> Response:
    """Bolt's answer as Starlette's."""
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        for value in values:
            response.headers.append(name, value)
    return response


async def _body(request: Request) -> bytes:
    """The body, or of one that is too long as much as shows it."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > BODY_MOST:
            break
    return bytes(found)


def headers_of(request: Request) -> dict[str, str | Sequence[str]]:
    """The headers as Bolt has them."""
    return {name: request.headers.getlist(name) for name in request.headers}


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")

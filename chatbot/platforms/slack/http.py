"""Slack's requests over HTTP: checked by us, then heard by Bolt in a thread."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chatbot.platforms.slack.calls import Json
from chatbot.platforms.slack.signature import BODY_MOST, SignatureError, check
from workers.errors import DigestError
from workers.store.seen import Seen

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"


Excuse = Callable[[Exception, Json], BoltResponse]
"""What Slack is answered to a body that could not be heard."""


def http_routes(app: App, signing_secret: str, seen: Seen, excuse: Excuse) -> list[Route]:
    """The one address for commands, events and presses.

    `excuse` answers what Slack sent where the store, without which nothing is heard, is out of reach.
    """

    def heard(body: bytes, request: Request) -> Response:
        try:
            name = check(body, request.headers, signing_secret, datetime.now(UTC), seen.first)
        except SignatureError as error:
            log.warning("a request to Slack's address was refused: %s", error.reason)
            return PlainTextResponse("", 401)
        except DigestError as error:  # it is Slack's: that is checked first
            return response_of(excuse(error, _parsed(body, request)))
        answer = app.dispatch(BoltRequest(body=_text(body), headers=headers_of(request)))
        if answer.status >= 400:
            with suppress(DigestError):
                seen.forget([name])
        return response_of(answer)

    async def events(request: Request) -> Response:
        return await run_in_threadpool(heard, await _body(request), request)

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


def _parsed(body: bytes, request: Request) -> Json:
    """A body of Slack's: commands are forms, presses a form around JSON, events JSON, of which nothing is needed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        return {}
    form = dict(parse_qsl(_text(body)))
    found: Json = json.loads(form["payload"]) if "payload" in form else form
    return found


def headers_of(request: Request) -> dict[str, str | Sequence[str]]:
    """The headers as Bolt has them."""
    return {name: request.headers.getlist(name) for name in request.headers}


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")

"""Feishu's callbacks over HTTP: checked by us, then heard in a thread."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from chatbot.platforms.feishu.callbacks import BODY_MOST, CallbackError, Challenge, Keys, read
from chatbot.platforms.feishu.events import Hearing
from workers.errors import DigestError
from workers.store.seen import Seen

log = logging.getLogger(__name__)

EVENTS_PATH = "/feishu/events"


def http_routes(hearing: Hearing, keys: Keys, seen: Seen) -> list[Route]:
    """The one address for events and for presses on cards."""

    def heard(body: bytes, request: Request) -> Response:
        names: list[tuple[str, timedelta]] = []

        def later(name: str, life: timedelta) -> bool:
            """Whether it is a repetition is asked with the hearing: a press is answered even if the store hangs."""
            names.append((name, life))
            return True

        try:
            said = read(body, request.headers, keys, datetime.now(UTC), later)
            if isinstance(said, Challenge):
                return JSONResponse({"challenge": said.text})
            return JSONResponse(hearing.hear(said, lambda: all(seen.first(*name) for name in names)))
        except CallbackError as error:
            log.warning("a request to Feishu's address was refused: %s", error.reason)
            return PlainTextResponse("", 401)

    async def events(request: Request) -> Response:
        body = await _body(request)
        try:
            return await run_in_threadpool(heard, body, request)
        except DigestError as error:
            log.warning("a request could not be heard: %s", error)
            return PlainTextResponse("", 503)

    return [Route(EVENTS_PATH, events, methods=["POST"])]


async def _body(request: Request) -> bytes:
    """The body, or of one that is too long as much as shows it."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > BODY_MOST:
            break
    return bytes(found)

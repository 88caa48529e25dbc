"""The web server's application: where platforms reach us, and whether we are well."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from redis import Redis
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chatbot.doors import Door
from workers.errors import DigestError
from workers.store.faults import translated


def web_app(redis: Redis, doors: Sequence[Door], more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application over the doors, with `more` addresses of our own."""
    routes: list[BaseRoute] = [Route("/health", _health(redis, doors), methods=["GET"]), *more]
    for door in doors:
        routes += door.routes
    return Starlette(routes=routes)


def health(redis: Redis, doors: Sequence[Door]) -> dict[str, bool]:
    """What we need, and whether it is well: Redis, and every platform."""
    return {"redis": _answers(redis), **{door.name: door.is_well() for door in doors}}


def _health(redis: Redis, doors: Sequence[Door]) -> Callable[[Request], object]:
    async def show(request: Request) -> Response:
        """200 where all is well, else 503; which of it is not says the body."""
        del request
        found = await run_in_threadpool(health, redis, doors)
        return JSONResponse({"well": all(found.values()), **found}, 200 if all(found.values()) else 503)

    return show


def _answers(redis: Redis) -> bool:
    try:
        with translated():
            return bool(redis.ping())
    except DigestError:
        return False

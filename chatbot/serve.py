"""`commit-digest serve`: hears every platform that has keys, and the web, until the process is stopped."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from redis import Redis
from starlette.routing import BaseRoute

from chatbot.app import QUEUES, new_conversation
from chatbot.commands.status import Overview
from chatbot.doors import Door, House, open_doors, posts_only
from chatbot.github_hooks import GitHubHooks, github_route
from chatbot.logs import log_to_stderr
from chatbot.metrics import Scrape, metrics_route
from chatbot.pages import report_routes
from chatbot.web import web_app
from workers.connection import connect
from workers.errors import RefusedError
from workers.settings import Settings, load_settings
from workers.store.faults import ensure_usable
from workers.store.usage import UsageStore
from workers.wiring import redis_address

log = logging.getLogger(__name__)

GRACE_SECONDS = 10
"""How long requests in hand may take when we are stopped."""
BACKLOG = 512


def serve() -> int:
    """Hears until SIGTERM or SIGINT; returns 0 then. RefusedError("no_doors") where no platform's keys are set.

    Where there are only platforms that hear nothing, the web is served all the same.
    """
    log_to_stderr()
    settings = load_settings()
    with redis_address(settings) as url, connect(url, in_haste=True) as redis:
        ensure_usable(redis)
        with _opened(settings, redis) as doors, _listening(settings) as listener:
            config = uvicorn.Config(
                web_app(redis, doors, own_routes(settings, redis, doors)),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
            log.info("listening on http://%s:%s", *listener.getsockname()[:2])
            try:
                uvicorn.Server(config).run(sockets=[listener])
            except KeyboardInterrupt:
                log.info("stopped")
    return 0


def own_routes(settings: Settings, redis: Redis, doors: Sequence[Door]) -> list[BaseRoute]:
    """The addresses that belong to no chat platform: metrics, reports, GitHub's webhooks where their secret is set."""
    token, secret = settings.metrics_token, settings.github_webhook_secret
    overview = Overview(redis, QUEUES, UsageStore(redis))
    routes: list[BaseRoute] = [
        metrics_route(Scrape(redis, doors, overview), token.get_secret_value() if token else None),
        *report_routes(settings, redis),
    ]
    if secret is not None:
        routes.append(github_route(GitHubHooks(redis, secret.get_secret_value())))
    return routes


@contextmanager
def _opened(settings: Settings, redis: Redis) -> Iterator[Sequence[Door]]:
    doors = open_doors(House(settings, redis, new_conversation(settings, redis)))
    if not doors and not posts_only(settings):
        raise RefusedError("no_doors")
    opened: list[Door] = []
    try:
        for door in doors:
            door.open()
            opened.append(door)
        yield doors
    finally:
        for door in reversed(opened):
            door.close()


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The web server's socket. RefusedError("port_taken") where it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.web_host, settings.web_port))
        except OSError as error:
            problem = error.strerror or str(error)
            raise RefusedError("port_taken", host=settings.web_host, port=settings.web_port, problem=problem) from None
        listener.listen(BACKLOG)
        yield listener

"""GitHub's webhooks: a push to a subscribed branch has its commits fetched and judged ahead at once.

GitHub signs the body alone, not its headers: a request is remembered by its delivery and by its signature, so that
nobody who has overheard one can send it again under another name.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError
from redis import Redis
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from workers.errors import DigestError
from workers.store.schedules import Schedule
from workers.store.seen import Seen
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Wish

log = logging.getLogger(__name__)

PATH = "/github/events"
BODY_MOST = 5 << 20
"""Bytes of a request. GitHub sends up to 25 MB, for pushes of thousands of commits: those wait for the next hour."""
SEEN_LIFE = timedelta(days=3)
"""How long a delivery is remembered: GitHub lets people have one delivered again within three days."""

_BRANCH = "refs/heads/"


class _Repository(BaseModel):
    model_config = ConfigDict(frozen=True)
    full_name: str
    default_branch: str


class Push(BaseModel):
    """What we read of a push event."""

    model_config = ConfigDict(frozen=True)
    ref: str
    repository: _Repository
    deleted: bool = False

    @property
    def branch(self) -> str | None:
        """The branch that has something new; None for a tag, and for a branch that is gone."""
        is_news = self.ref.startswith(_BRANCH) and not self.deleted
        return self.ref.removeprefix(_BRANCH) if is_news else None


class GitHubHooks:
    """Hears GitHub. `secret` is the one that the webhook was set up with; `now` tells the time (aware)."""

    def __init__(self, redis: Redis, secret: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._secret = secret.encode()
        self._now = now
        self._seen = Seen(redis)
        self._schedule = Schedule(redis)
        self._subscriptions = SubscriptionStore(redis)

    def heard(self, body: bytes, event: str, delivery: str, signature: str) -> int:
        """The status to answer with. TransientError where the store cannot be reached.

        401: not from GitHub; 400: a push that cannot be read; 200: a ping; 202: a push that somebody waits for; 204:
        anything else.
        """
        right = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
            log.warning("a request to GitHub's address was refused: its signature is wrong")
            return 401
        if event != "push":
            return 200 if event == "ping" else 204
        try:
            push = Push.model_validate_json(body)
        except ValidationError as error:
            log.warning("a push of GitHub could not be read: %d faults", error.error_count())
            return 400
        names = [f"github:delivery:{delivery}", f"github:signature:{right}"]
        if not self._seen.first_of(names, SEEN_LIFE):
            return 204
        try:
            return 202 if self._warm_up(push) else 204
        except DigestError:
            self._seen.forget(names)
            raise

    def _warm_up(self, push: Push) -> bool:
        wanted = any(map(push_is_wanted(push), self._wishes(push.repository.full_name)))
        return wanted and self._schedule.warm_soon(push.repository.full_name, self._now())

    def _wishes(self, source: str) -> Iterable[Wish]:
        return (one.wish for one in self._subscriptions.to(source) if one.paused is None)


def push_is_wanted(push: Push) -> Callable[[Wish], bool]:
    """Whether a push brings something for a wish: to one of its branches, or to the default one where it has none."""

    def is_wanted(wish: Wish) -> bool:
        names = [name.strip().removeprefix(_BRANCH) for name in wish.branches]
        return push.branch in (names or [push.repository.default_branch])

    return is_wanted


def github_route(hooks: GitHubHooks) -> Route:
    """The address that a webhook of GitHub is given. Its content type is to be `application/json`."""

    async def events(request: Request) -> Response:
        """413 for too long a body, 415 for another type, 503 where the store cannot be reached."""
        signature = request.headers.get("x-hub-signature-256", "")
        if not signature:
            return PlainTextResponse("", 401)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return PlainTextResponse("set the webhook's content type to application/json", 415)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("", 413)
        event, delivery = request.headers.get("x-github-event", ""), request.headers.get("x-github-delivery", "")
        try:
            return Response(status_code=await run_in_threadpool(hooks.heard, body, event, delivery, signature))
        except DigestError as error:
            log.warning("a request could not be heard: %s", error)
            return PlainTextResponse("", 503)

    return Route(PATH, events, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """The body; None for one that is too long, of which no more is kept than shows it."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > BODY_MOST:
            return None
    return bytes(found)

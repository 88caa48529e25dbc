"""Report pages: a digest as a whole, for whoever has its link. No cookie, no script, nothing that others keep."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from redis import Redis
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from chatbot.links import REPORTS_PATH, Links, links_of
from chatbot.render.html import broken_off, html, html_pieces, page_policy
from chatbot.views.digest import digest_view
from chatbot.views.pages import lost_view, unready_view
from chatbot.views.view import View
from workers.errors import DigestError
from workers.model import Language
from workers.settings import Settings
from workers.store.digests import DigestStore
from workers.words import LANGUAGES, load_words

log = logging.getLogger(__name__)

CHUNK = 32_768
"""Characters that are sent at once, at least: a page has thousands of pieces of a line each."""
HEADERS = {
    "Content-Security-Policy": f"{page_policy()}; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
}
"""With every page: the link is the key to it, so no other site, search engine or cache is to learn or keep it."""
_HTML = "text/html; charset=utf-8"


class Reports:
    """Shows digests by their links. `life` is how long a link is good; `language` where a reader prefers none of ours.

    A wrong link, one that is too old and one of a digest that is gone get the same answer.
    """

    def __init__(
        self,
        digests: DigestStore,
        links: Links,
        life: timedelta,
        language: Language,
        now: Callable[[], datetime],
    ) -> None:
        self._digests = digests
        self._links = links
        self._life = life
        self._language: Language = language
        self._now = now

    def route(self) -> Route:
        """Where they stand."""

        async def report(request: Request) -> Response:
            preferred = request.headers.get("accept-language", "")
            return await run_in_threadpool(self.answer, request.path_params["token"], preferred)

        return Route(REPORTS_PATH + "/{token}", report, methods=["GET"])

    def answer(self, token: str, preferred: str) -> Response:
        """The page of a link's last part; `preferred` is the reader's Accept-Language."""
        opened = self._links.open(token, self._now())
        language = opened.language if opened else preferred_language(preferred) or self._language
        words = load_words("chatbot.views", language)
        try:
            digest = self._digests.get(opened.digest_id) if opened and not opened.is_expired else None
            if digest is None:
                return _page(lost_view(self._life, words), 404)
            pieces = html_pieces(digest_view(digest, words))
            first = next(pieces)
        except DigestError as error:
            reference = _noted(error)
            return _page(unready_view(error, reference, words), 503)
        body = _chunks(_unbroken(first, pieces, words("page.cut")))
        return StreamingResponse(body, headers=HEADERS, media_type=_HTML)


def report_routes(settings: Settings, redis: Redis) -> list[Route]:
    """Where the reports of this installation stand; nowhere without a public address and a key for their links."""
    links = links_of(settings)
    if links is None:
        return []
    digests, life = DigestStore(redis, settings.digest_life), settings.digest_life
    return [Reports(digests, links, life, settings.chat_language, lambda: datetime.now(UTC)).route()]


def preferred_language(header: str) -> Language | None:
    """Of our languages the one that an Accept-Language header likes best; None where it names none of them."""
    best: tuple[float, Language] | None = None
    for wish in header.split(",")[:20]:
        name, _, parameter = wish.strip().casefold().partition(";")
        language = next((one for one in LANGUAGES if name.partition("-")[0].strip() == one), None)
        weight = _weight(parameter)
        if language and weight and (best is None or weight > best[0]):
            best = weight, language
    return best[1] if best else None


def _weight(parameter: str) -> float:
    """Of `q=0.8`; 1 where none is named, 0 for what is no number."""
    name, equals, value = parameter.partition("=")
    if not equals or name.strip() != "q":
        return 1.0
    return float(value) if value.strip().replace(".", "", 1).isdecimal() else 0.0


def _page(view: View, status: int) -> Response:
    return Response(html(view), status, HEADERS, _HTML)


def _unbroken(first: str, rest: Iterator[str], sorry: str) -> Iterator[str]:
    """The page, in pieces; whatever goes wrong once it has begun is said at its end and logged."""
    yield first
    try:
        yield from rest
    except Exception as error:
        yield broken_off(f"{sorry} ({_noted(error)})")


def _chunks(pieces: Iterator[str]) -> Iterator[bytes]:
    gathered: list[str] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(gathered).encode("utf-8", "replace")
            gathered, size = [], 0
    yield "".join(gathered).encode("utf-8", "replace")


def _noted(error: Exception) -> str:
    """The reference under which the log has it."""
    reference = secrets.token_hex(4)
    if isinstance(error, DigestError):
        log.warning("reference %s: a report: %s", reference, error)
    else:
        log.error("reference %s: a report", reference, exc_info=error)
    return reference

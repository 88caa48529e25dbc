"""Report pages over HTTP: the whole digest for who has its link, and the same words for all who have not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from starlette.routing import Route
from starlette.testclient import TestClient

from chatbot.links import Links
from chatbot.pages import CHUNK, Reports, preferred_language, report_routes
from chatbot.render.html import html, page_policy
from chatbot.views.digest import digest_view
from chatbot.web import web_app
from tests import samples, samples_chat
from workers.connection import connect
from workers.model import Digest, Language
from workers.settings import Settings
from workers.store import keys
from workers.store.digests import DigestStore
from workers.words import LANGUAGES, load_words

LIFE = timedelta(days=90)
ID = "0123456789abcdef"


class Site:
    """Our web application with reports, at a time that a test sets."""

    def __init__(self, redis: Redis) -> None:
        self.at = datetime(2026, 2, 21, 8, 30, tzinfo=UTC)
        self.redis, self.digests = redis, DigestStore(redis, LIFE)
        self.links = Links("https://bot.test", "a long random text", LIFE)
        reports = Reports(self.digests, self.links, LIFE, "en", lambda: self.at)
        self.web = TestClient(web_app(redis, (), [reports.route()]), "https://bot.test")

    def link(self, digest: Digest) -> str:
        self.digests.put(ID, digest)
        return self.links.link(ID, digest.language, self.at)


@pytest.fixture
def site(redis: Redis) -> Site:
    return Site(redis)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_shows_the_whole_digest_as_its_page(site: Site, language: Language) -> None:
    digest = samples.busy(language)
    answer = site.web.get(site.link(digest))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text == html(digest_view(digest, load_words("chatbot.views", language)))
    for entry in digest.repositories[0].commits:
        assert f'id="commit-{entry.sha[:12]}"' in answer.text


def test_a_page_of_many_commits_comes_in_pieces(site: Site) -> None:
    with site.web.stream("GET", site.link(samples_chat.many())) as answer:
        sizes = [len(piece) for piece in answer.iter_raw()]
    assert len(sizes) > 1
    assert min(sizes[:-1]) >= CHUNK


def test_a_page_runs_and_loads_nothing_and_leaves_no_trace(site: Site) -> None:
    answer = site.web.get(site.link(samples.hostile()))
    assert answer.headers["content-security-policy"] == f"{page_policy()}; frame-ancestors 'none'"
    assert "default-src 'none'" in page_policy()
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "no-store" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text


def test_every_link_that_opens_nothing_gets_the_same_answer(site: Site, redis: Redis) -> None:
    link = site.link(samples.busy())
    site.digests.put("other", samples.busy())
    forged = [link[:-4] + "AAAA", f"https://bot.test/reports/{ID}", "https://bot.test/reports/x"]
    answers = [site.web.get(one) for one in forged]
    redis.delete(keys.digest(ID))
    answers.append(site.web.get(link))
    site.digests.put(ID, samples.busy())
    site.at += LIFE
    answers.append(site.web.get(link))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "noindex" in answers[0].headers["x-robots-tag"]


def test_a_lost_report_is_told_in_the_digests_language_else_in_the_readers(site: Site) -> None:
    link = site.link(samples.busy("zh"))
    site.at += LIFE
    assert "无法打开这份报告" in site.web.get(link, headers={"Accept-Language": "en"}).text
    wrong = "https://bot.test/reports/x"
    assert "90" in site.web.get(wrong).text
    assert 'lang="en"' in site.web.get(wrong, headers={"Accept-Language": "fr, *;q=0.1"}).text
    assert "无法打开这份报告" in site.web.get(wrong, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-TW", "zh"),
        ("EN-gb;q=0.5, zh;q=0.4", "en"),
        ("en;q=0.2, zh-Hans-CN;q=0.9", "zh"),
        ("fr, en;q=0", None),
        ("zh;q=high", None),
        ("", None),
        ("," * 5000, None),
    ],
)
def test_the_readers_language_is_the_one_of_ours_that_is_liked_best(header: str, language: Language | None) -> None:
    assert preferred_language(header) == language


def test_a_store_out_of_reach_is_told_with_a_reference_and_is_no_lost_report(caplog: pytest.LogCaptureFixture) -> None:
    links = Links("https://bot.test", "a long random text", LIFE)
    now = datetime(2026, 2, 21, tzinfo=UTC)
    with connect("redis://127.0.0.1:9", in_haste=True) as redis:
        reports = Reports(DigestStore(redis, LIFE), links, LIFE, "en", lambda: now)
        with TestClient(web_app(redis, (), [reports.route()]), "https://bot.test") as web:
            answer = web.get(links.link(ID, "en", now))
    assert answer.status_code == 503
    found = re.search(r"[Rr]eference:? ([0-9a-f]{8})", answer.text)
    assert found
    assert f"reference {found[1]}" in caplog.text


def test_a_page_whose_rest_is_lost_says_so_at_its_end(
    site: Site, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = site.link(samples_chat.many())
    pieces = html_pieces_until(100)
    monkeypatch.setattr("chatbot.pages.html_pieces", pieces)
    answer = site.web.get(link)
    assert answer.status_code == 200
    assert "The page ends here" in answer.text
    assert answer.text.endswith("</html>\n")


def html_pieces_until(count: int):
    """The pieces of a page, and after so many of them a defect."""
    from chatbot.render.html import html_pieces  # noqa: PLC0415

    def pieces(view: object) -> Iterator[str]:
        for number, piece in enumerate(html_pieces(view)):  # type: ignore[arg-type]
            if number == count:
                raise KeyError("a defect")
            yield piece

    return pieces


def test_reports_stand_only_where_they_have_an_address_and_a_key(redis: Redis) -> None:
    assert report_routes(Settings(secret_key="k"), redis) == []  # type: ignore[arg-type]
    (route,) = report_routes(Settings(public_url="https://bot.test", secret_key="k"), redis)  # type: ignore[arg-type]
    assert isinstance(route, Route)
    assert route.path == "/reports/{token}"
